"""What must hold of any history: order, repetition, undo and merging change nothing that they should not.

A fast profile runs by default; `HUAXIANG_PROPERTY_CASES=1000 pytest tests/huaxiang/ledger/test_properties.py` runs more.
"""

from __future__ import annotations

import os
from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from huaxiang.errors import DataError
from huaxiang.extract.rules import extract_rules
from huaxiang.ledger import acts, build, chain, merging, moments, project, retract, staff
from huaxiang.ledger.stream import Stream
from huaxiang.ledger.undo import undo
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

CASES = int(os.environ.get("HUAXIANG_PROPERTY_CASES", "0")) or 4
PROFILE = settings(
    max_examples=CASES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=CASES < 10,
    report_multiple_bugs=False,
    phases=(Phase.explicit, Phase.generate),  # a shop a case: shrinking would take minutes
)
TEXTS = (
    "我家两只猫", "平时穿M码", "平时穿L码,这件刚好", "我不喜欢咖啡", "我最喜欢咖啡了", "穿不了羊毛,扎人", "给妈妈买的,她穿L码", "预算500以内",
    "I'm a US 8 in everything", "I love coffee", "I can't wear wool, it itches", "My budget is $50", "for my nephew, he loves blue",
    "Fine.", "质量很好,物流很快", "Please text me", "不打折我是绝对不会买的",
    "This tent kept us dry through a whole week of rain in the hills and the poles never bent once, so I would buy it again.",
)  # fmt: skip
ITEMS = [
    {"item_id": "I1", "title": "羊毛衫", "title_en": "wool jumper", "brand": "B1", "category": "clothing", "color": "red", "material": "wool"},
    {"item_id": "I2", "title": "咖啡豆", "title_en": "coffee beans", "brand": "B2", "category": "food", "color": "black", "material": None},
    {"item_id": "I3", "title": "茶", "title_en": "tea", "brand": "B2", "category": "food", "color": None, "material": None},
]  # fmt: skip
PEOPLE = ("A", "B", "C")
MONTHS = [
    f"2026-{month:02d}-{day:02d} {hour:02d}:15:00"
    for month in range(1, 7)
    for day, hour in ((2, 9), (11, 20), (25, 13))
]


@st.composite
def histories(draw, *, least: int = 3, most: int = 14, prefix: str = "R"):
    rows = []
    for number in range(draw(st.integers(least, most))):
        kind = draw(st.sampled_from(["order", "order", "review", "review", "message", "view", "return", "ticket"]))
        row = {
            "source_id": f"{prefix}{number}",
            "kind": kind,
            "customer_id": draw(st.sampled_from(PEOPLE)),
            "occurred_at": draw(st.sampled_from(MONTHS)),
        }
        if kind in ("order", "return", "view"):
            row |= {
                "item_id": draw(st.sampled_from(["I1", "I2", "I3"])),
                "order_id": draw(st.sampled_from(["O1", "O2", "O3", "O4"])),
            }
        if kind == "order":
            row |= {
                "amount": draw(st.sampled_from([20, 80, 900])),
                "currency": "CNY",
                "discount": draw(st.sampled_from([0, 5])),
                "quantity": 1,
            }
        if kind in ("review", "message"):
            row["text"] = draw(st.sampled_from(TEXTS))
        if kind == "review":
            row |= {"rating": draw(st.sampled_from([1, 4, 5])), "item_id": draw(st.sampled_from(["I1", "I2"]))}
        rows.append(row)
    return rows


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    """Two shops that are emptied before each case: making one takes longer than a case."""
    found = [
        Shop.create(
            tmp_path_factory.mktemp("worlds") / name, settings={"timezone": "Asia/Shanghai", "today": date(2026, 6, 30)}
        )
        for name in ("one", "two")
    ]
    yield found
    for shop in found:
        shop.close()


def empty(shop: Shop) -> Shop:
    with shop.begin() as connection:
        names = sa.inspect(connection).get_table_names()
        for name in names:
            if not name.startswith(("lexical", "sqlite_")) and name != "meta":
                connection.execute(sa.text(f'DELETE FROM "{name}"'))
        connection.execute(sa.delete(t.meta).where(t.meta.c.key != "schema_version"))
        if "lexical_rows" in names:
            connection.execute(sa.text("DELETE FROM lexical_rows"))
        connection.execute(t.items.insert(), [{**item, "attrs": "{}"} for item in ITEMS])
    return shop


def feed(shop: Shop, rows, *, sizes=(100,)) -> None:
    with Stream(shop, source="rows") as stream:
        start, place = 0, 0
        while start < len(rows):
            size = sizes[place % len(sizes)]
            stream.push(rows[start : start + size])
            stream.tick()
            start, place = start + size, place + 1


def shape(shop: Shop):
    """Everything that a reader sees of everybody: profiles, proposals, statements, texts and whom they belong to."""
    with shop.engine.connect() as connection:
        people = sorted(connection.scalars(sa.select(t.customers.c.customer_id)))
        v = t.evidence.c
        evidence = {tuple(row) for row in connection.execute(sa.select(v.evidence_id, v.customer_id, v.clean, v.flags))}
        aliases = {tuple(row) for row in connection.execute(sa.select(t.aliases.c.customer_id, t.aliases.c.alias))}
    found = {}
    for customer, profile in project.profiles(shop, people).items():
        traits = {
            (x.name, str(x.value), x.basis, x.for_whom, x.valid_from, x.confidence, tuple(sorted((c.evidence_id, c.quote) for c in x.evidence)))
            for x in profile.traits
        }  # fmt: skip
        waiting = {(x.name, str(x.value), x.reason_code) for x in project.proposals(shop, customer)}
        found[customer] = (traits, waiting, dict(profile.missing), profile.events)
    return found, evidence, aliases


def whole(shop: Shop) -> None:
    """Every chain is whole, and building again finds nothing to do."""
    with shop.engine.connect() as connection:
        everybody = set(connection.scalars(sa.select(t.ledger_tx.c.customer_id)))
    assert [one for one in everybody if chain.verify_chain(shop, one) is not None] == []
    before = shape(shop)
    report = build.build_profiles(shop)
    assert (report.entries_written, report.summaries_written) == (0, 0)
    extract_rules(shop)
    assert shape(shop) == before


@PROFILE
@given(rows=histories(), data=st.data())
def test_the_order_of_arrival_does_not_matter(shops, rows, data):
    one, two = map(empty, shops)
    feed(one, rows)
    feed(two, data.draw(st.permutations(rows)), sizes=data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=3)))
    assert shape(one) == shape(two)


@PROFILE
@given(rows=histories(), sizes=st.lists(st.integers(1, 4), min_size=1, max_size=3))
def test_a_rebuild_from_events_equals_updating_as_they_come_and_twice_equals_once(shops, rows, sizes):
    one = empty(shops[0])
    feed(one, rows, sizes=sizes)
    whole(one)
    before = shape(one)
    feed(one, rows, sizes=(1,))
    assert shape(one) == before
    with one.begin() as connection:
        for table in (t.ledger, t.ledger_tx):
            connection.execute(sa.delete(table))
        connection.execute(sa.delete(t.evidence).where(t.evidence.c.kind == "summary"))
    build.build_profiles(one)
    extract_rules(one)
    assert shape(one) == before


def act(shop: Shop, data, rows) -> bool:
    """One act of staff, drawn at random; False where it does not apply here."""
    with shop.engine.connect() as connection:
        people = sorted(connection.scalars(sa.select(t.customers.c.customer_id)))
    kind = data.draw(st.sampled_from(["correct", "remove", "decide", "retract", "retract", "merge"]))
    customer = data.draw(st.sampled_from(people))
    try:
        if kind == "correct":
            name, value = data.draw(
                st.sampled_from([("clothing_size", "S"), ("has_pet", "dog"), ("shoe_size", 9), ("likes", "coffee")])
            )
            staff.correct(shop, customer, name, value)
        elif kind == "remove":
            names = sorted({x.name for x in project.current_profile(shop, customer).traits})
            if not names:
                return False
            staff.remove(shop, customer, data.draw(st.sampled_from(names)))
        elif kind == "decide":
            waiting = sorted(project.proposals(shop, customer), key=lambda x: x.trait_id)
            if not waiting:
                return False
            one = data.draw(st.sampled_from(waiting))
            staff.decide(shop, customer, one.trait_id, data.draw(st.sampled_from(["accept", "reject"])))
        elif kind == "retract":
            retract.retract(shop, data.draw(st.sampled_from(rows))["source_id"])
        else:
            other = data.draw(st.sampled_from(people))
            merging.merge(shop, customer, other)
    except DataError as error:
        assert error.code in ("already-retracted", "merge-with-itself", "no-such-trait")
        return False
    return True


@PROFILE
@given(rows=histories(), data=st.data())
def test_undoing_what_was_done_leaves_everything_as_it_was(shops, rows, data):
    one = empty(shops[0])
    feed(one, rows)
    before = shape(one)
    if act(one, data, rows):
        whole(one)
        undo(one)
    assert shape(one) == before
    whole(one)


@PROFILE
@given(rows=histories(), data=st.data())
def test_a_series_of_acts_can_be_taken_back_one_by_one(shops, rows, data):
    one = empty(shops[0])
    feed(one, rows)
    states = [shape(one)]
    for _ in range(data.draw(st.integers(2, 5))):
        if act(one, data, rows):
            states.append(shape(one))
    whole(one)
    while len(states) > 1:
        assert shape(one) == states.pop()
        undo(one)
    assert shape(one) == states[0]
    assert all(one.undone_at is not None for one in acts.listed(one))


@PROFILE
@given(rows=histories(), more=histories(least=0, most=5, prefix="M"), data=st.data())
def test_unmerging_gives_each_customer_back_what_was_theirs_and_what_came_in_since(shops, rows, more, data):
    one, two = map(empty, shops)
    feed(one, rows)
    feed(two, rows)
    people = sorted({row["customer_id"] for row in rows})
    if len(people) < 2:
        return
    kept, merged = data.draw(st.permutations(people))[:2]
    merging.merge(one, kept, merged)
    assert merged not in shape(one)[0]
    feed(one, more)
    whole(one)
    merging.unmerge(one, merged)
    feed(two, more)
    assert shape(one) == shape(two)
    whole(one)


@PROFILE
@given(rows=histories(), data=st.data())
def test_a_merged_customer_is_who_the_events_of_both_describe(shops, rows, data):
    one, two = map(empty, shops)
    feed(one, rows)
    people = sorted({row["customer_id"] for row in rows})
    if len(people) < 2:
        return
    kept, merged = data.draw(st.permutations(people))[:2]
    merging.merge(one, kept, merged)
    feed(two, [{**row, "customer_id": kept if row["customer_id"] == merged else row["customer_id"]} for row in rows])

    def plain(shop):
        return {
            (x.name, str(x.value), x.basis, x.for_whom, x.valid_from)
            for x in project.current_profile(shop, kept).traits
        }

    assert plain(one) == plain(two)


@PROFILE
@given(rows=histories(), data=st.data())
def test_what_if_tells_what_retracting_then_does(shops, rows, data):
    one = empty(shops[0])
    feed(one, rows)
    row = data.draw(st.sampled_from(rows))
    thought = moments.without(one, row["customer_id"], [row["source_id"]]).profile
    retract.retract(one, row["source_id"])
    real = project.current_profile(one, row["customer_id"])
    assert moments.difference(thought, real, before="", after="").changes == ()
    before = shape(one)
    feed(one, [row])
    assert shape(one) == before


@PROFILE
@given(first=histories(prefix="F"), second=histories(prefix="S"))
def test_undoing_an_import_leaves_what_the_other_files_say(shops, first, second, tmp_path_factory):
    import json

    from huaxiang.ingest.importer import import_paths

    one, two = map(empty, shops)
    folder = tmp_path_factory.mktemp("files")
    shared = first[: len(first) // 2]  # both files bring these
    for name, rows in (("first.jsonl", first), ("second.jsonl", [*shared, *second])):
        (folder / name).write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")

    def load(shop, name):
        report = import_paths(shop, [folder / name], kind="event")
        build.build_profiles(shop, sorted(report.customer_ids))
        extract_rules(shop, sorted(report.customer_ids))

    load(one, "first.jsonl")
    load(one, "second.jsonl")
    both = shape(one)
    retract.undo_batch(one, "first.jsonl")
    load(two, "second.jsonl")
    assert shape(one) == shape(two)
    undo(one)
    assert shape(one) == both
    retract.undo_batch(one, "first.jsonl")
    load(one, "first.jsonl")
    assert shape(one) == both
    whole(one)

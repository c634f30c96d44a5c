"""Retract, merge, correct, undo: what they do, and what they refuse."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from huaxiang.errors import DataError, PolicyError
from huaxiang.ledger import acts, chain, gaps, merging, moments, project, retract, review, staff, write
from huaxiang.ledger.stream import Stream
from huaxiang.ledger.undo import undo
from huaxiang.ledger.why import history, why
from huaxiang.schema.pack import load_pack
from huaxiang.schema.trait import Citation, Trait
from huaxiang.store import lexical
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

ROOT = Path(__file__).resolve().parents[3]
ITEMS = [
    {"item_id": "I1", "title": "羊毛衫", "title_en": "wool jumper", "material": "wool", "color": "red", "attrs": "{}"},
    {"item_id": "I2", "title": "帽子", "title_en": "hat", "material": "cotton", "color": "blue", "attrs": "{}"},
]
ROWS = [
    {"source_id": "r1", "kind": "review", "customer_id": "A", "occurred_at": "2026-01-05 10:00", "text": "我家两只猫"},
    {"source_id": "r0", "kind": "review", "customer_id": "A", "occurred_at": "2026-01-04 10:00", "text": "平时穿M码"},
    {"source_id": "o1", "kind": "order", "customer_id": "A", "occurred_at": "2026-02-05 10:00", "item_id": "I2", "order_id": "O1", "amount": 50, "currency": "CNY"},
    {"source_id": "r2", "kind": "message", "customer_id": "B", "occurred_at": "2026-03-05 10:00", "text": "穿不了羊毛"},
    {"source_id": "o2", "kind": "order", "customer_id": "B", "occurred_at": "2026-04-05 10:00", "item_id": "I1", "order_id": "O2", "amount": 90, "currency": "CNY"},
]  # fmt: skip


@pytest.fixture
def shop(tmp_path):
    made = Shop.create(tmp_path / "shop", settings={"timezone": "Asia/Shanghai", "today": date(2026, 6, 30)})
    with made.begin() as connection:
        connection.execute(t.items.insert(), ITEMS)
    with Stream(made) as stream:
        stream.push(ROWS)
    return made


def values(shop, customer, name):
    return [one.value for one in project.current_profile(shop, customer).get(name)]


def test_a_retracted_event_is_found_nowhere_and_what_stood_on_it_no_longer_holds(shop):
    done = retract.retract(shop, "r1", actor="Li", reason="not hers")
    assert (values(shop, "A", "has_pet"), values(shop, "A", "review_count")) == ([], [1])
    assert done.retired == 1  # what was computed is recomputed
    with shop.engine.connect() as connection:
        assert lexical.search(connection, "两只猫") == []
    codes = {line.reason_code for line in history(shop, "A", "has_pet")}
    assert codes == {None, "retracted"}
    with pytest.raises(DataError) as twice:
        retract.retract(shop, "r1")
    assert twice.value.code == "already-retracted"
    with pytest.raises(DataError) as unknown:
        retract.retract(shop, "nothing")
    assert unknown.value.code == "no-such-event"


def test_a_retracted_event_does_not_come_back_by_import_but_by_undo(shop):
    retract.retract(shop, "r1")
    with Stream(shop) as stream:
        assert stream.push(ROWS).rejected == {"retracted": 1}
    assert values(shop, "A", "has_pet") == []
    undo(shop)
    assert values(shop, "A", "has_pet") == ["cat"]
    with shop.engine.connect() as connection:
        assert len(lexical.search(connection, "两只猫", customer_id="A")) == 1
    with pytest.raises(DataError) as nothing:
        undo(shop)
    assert nothing.value.code == "no-such-act"
    with pytest.raises(DataError) as twice:
        undo(shop, 1)
    assert twice.value.code == "already-undone"


def test_staff_outrank_what_was_said_and_their_word_can_be_taken_back(shop):
    staff.correct(shop, "A", "clothing_size", "S", actor="Li", reason="phone")
    assert values(shop, "A", "clothing_size") == ["S"]
    told = why(shop, "A", "clothing_size")
    assert [(one.value, one.fate) for one in told.others] == [("M", "superseded")]
    staff.remove(shop, "A", "has_pet", reason="the cats died")
    assert values(shop, "A", "has_pet") == []
    undo(shop, 1)
    assert (values(shop, "A", "clothing_size"), values(shop, "A", "has_pet")) == (["M"], [])
    undo(shop)
    assert values(shop, "A", "has_pet") == ["cat"]


@pytest.mark.parametrize(
    ("name", "value", "error", "code"),
    [
        ("favourite_car", "red", DataError, "undeclared-field"),
        ("order_count", 3, DataError, "basis-not-allowed"),
        ("shoe_size", "big", DataError, "bad-value"),
        ("likes", "because she is pregnant", PolicyError, "sensitive-field"),
        ("religion", "x", PolicyError, "sensitive-field"),
    ],
)
def test_what_staff_may_not_enter_is_refused_and_leaves_no_act(shop, name, value, error, code):
    with pytest.raises(error) as caught:
        staff.correct(shop, "A", name, value)
    assert caught.value.code == code
    assert acts.listed(shop) == []


def test_two_customers_become_one_and_one_becomes_two(shop):
    before = {one: project.current_profile(shop, one) for one in "AB"}
    merging.merge(shop, "A", "B", reason="same phone")
    assert (values(shop, "A", "order_count"), values(shop, "A", "avoids_material")) == ([2], ["wool"])
    assert project.current_profile(shop, "B").traits == ()
    with Stream(shop) as stream:  # what comes in for the old id is hers too
        stream.push(
            [{**ROWS[0], "source_id": "r9", "customer_id": "B", "occurred_at": "2026-05-01", "text": "我家两只狗"}]
        )
    assert sorted(values(shop, "A", "has_pet")) == ["cat", "dog"]
    merging.unmerge(shop, "B")
    assert (values(shop, "A", "has_pet"), values(shop, "B", "has_pet")) == (["cat"], ["dog"])
    assert moments.difference(before["A"], project.current_profile(shop, "A"), before="", after="").changes == ()
    assert all(chain.verify_chain(shop, one) is None for one in "AB")


def test_impossible_merges_are_refused(shop):
    for pair, code in ((("A", "A"), "merge-with-itself"), (("A", "nobody"), "no-such-customer")):
        with pytest.raises(DataError) as caught:
            merging.merge(shop, *pair)
        assert caught.value.code == code
    with pytest.raises(DataError) as caught:
        merging.unmerge(shop)
    assert caught.value.code == "no-such-merge"
    with Stream(shop) as stream:
        stream.push([{**ROWS[0], "source_id": "c", "customer_id": "C"}])
    merging.merge(shop, "A", "B")
    merging.merge(shop, "C", "A")
    with pytest.raises(DataError) as nested:
        merging.unmerge(shop, "B")
    assert nested.value.code == "merged-again"
    merging.unmerge(shop, "C")
    merging.unmerge(shop, "B")
    assert values(shop, "B", "avoids_material") == ["wool"]


def test_what_was_said_against_what_was_bought_is_a_trait_with_both_sides(shop):
    (gap,) = project.current_profile(shop, "B").get("say_do_gap")
    assert (gap.value, gap.basis) == ("avoids_material=wool", "computed")
    assert [one.quote for one in gap.evidence] == ["穿不了羊毛", ""]
    assert gap.evidence[1].evidence_id[0] == "r"  # the order's own record
    assert gaps.words(load_pack("retail"), gap.value, "zh") == "避免的材质: 羊毛"
    assert values(shop, "B", "avoids_material") == ["wool"]  # the statement stays
    retract.retract(shop, "o2")
    assert values(shop, "B", "say_do_gap") == []


def test_a_gap_needs_the_order_to_come_after_the_words_and_not_to_go_back(shop):
    order = {**ROWS[3], "source_id": "o3", "customer_id": "A", "occurred_at": "2026-05-01", "order_id": "O3"}
    early = {**order, "source_id": "o4", "occurred_at": "2026-01-01", "order_id": "O4"}
    with Stream(shop) as stream:
        stream.push([{**ROWS[2], "source_id": "r5", "customer_id": "A"}, early])
        assert values(shop, "A", "say_do_gap") == []
        stream.push([order, {**order, "source_id": "b3", "kind": "return", "occurred_at": "2026-05-09"}])
    assert values(shop, "A", "say_do_gap") == []


def propose(shop, name, value, *, source="r1"):
    event = acts_event(shop, source)
    trait = Trait(
        trait_id="", customer_id="A", name=name, value=value, basis="stated", recorded_at=0, valid_from=1_767_600_000, method="rules@1/x",
        evidence=(Citation(evidence_id="t" + event[1:], quote="猫", start=3, end=4),), reason_code="for_whom_unclear",
    )  # fmt: skip
    with shop.begin() as connection:
        write.propose(connection, "A", [trait], pack=load_pack("retail"), actor="test")


def acts_event(shop, source):
    with shop.engine.connect() as connection:
        return connection.scalar(sa.select(t.events.c.event_id).where(t.events.c.source_id == source))


def test_verdicts_of_staff_reweigh_what_the_source_says_of_the_field(shop):
    for pet in ("dog", "bird", "fish"):
        propose(shop, "has_pet", pet)
    waiting = {one.value: one for one in review.queue(shop) if one.kind == "proposal"}
    assert waiting["dog"].reason_code == "for_whom_unclear"
    believed = project.current_profile(shop, "A").get("has_pet")[0].confidence
    staff.decide(shop, "A", waiting["dog"].trait_id, "accept", reason="she said so")
    staff.decide(shop, "A", waiting["bird"].trait_id, "edit", value="鹦鹉", reason="a parrot")
    staff.decide(shop, "A", waiting["fish"].trait_id, "reject", reason="her neighbour's")
    assert sorted(values(shop, "A", "has_pet")) == ["bird", "cat", "dog"]
    (tally,) = review.report(shop)
    assert (tally.source, tally.name, tally.accepted, tally.edited, tally.rejected) == ("rules", "has_pet", 1, 1, 1)
    assert tally.belief_now < tally.belief_before
    after = next(one for one in project.current_profile(shop, "A").get("has_pet") if one.value == "cat")
    assert after.confidence < believed
    assert [one for one in review.queue(shop) if one.kind == "proposal"] == []
    undo(shop)
    assert [one.value for one in review.queue(shop) if one.kind == "proposal"] == ["fish"]
    with pytest.raises(DataError, match="waits"):
        staff.decide(shop, "A", waiting["dog"].trait_id, "accept")


def test_contradictions_wait_and_worn_statements_are_listed(shop):
    with Stream(shop) as stream:
        stream.push([{**ROWS[0], "source_id": "r7", "occurred_at": "2026-01-07 10:00", "text": "平时穿XL码"}])
    conflicts = {one.value for one in review.queue(shop, "A") if one.kind == "conflict"}
    assert conflicts == {"M", "XL"}
    question = review.ask(shop, "A", limit=9)
    assert [one.zh for one in question if one.because == "conflict"] == ["您的「衣服尺码」现在是XL还是M？"]
    with Stream(shop) as stream:
        stream.push(
            [{**ROWS[0], "source_id": "r8", "customer_id": "B", "occurred_at": "2022-01-07", "text": "预算500以内"}]
        )
    (worn,) = review.worn(shop, "B")
    assert (worn.name, worn.stale) == ("budget_minor", True)


def test_as_of_counts_only_what_was_recorded_and_said_by_then(shop):
    from huaxiang import clock

    def at(day):
        return moments.at(shop, "B", clock.end_of_day(date.fromisoformat(day), shop.tz)).profile

    early, late = at("2026-03-31"), at("2026-04-30")
    assert [one.value for one in early.get("order_count")] == [0]
    assert [one.value for one in late.get("order_count")] == [1]
    assert (early.get("say_do_gap"), len(late.get("say_do_gap"))) == ((), 1)
    assert at("2026-02-01").traits == ()
    assert moments.at(shop, "B").profile == project.current_profile(shop, "B")


_KILLED = """
import sys
from pathlib import Path
from huaxiang.ledger import build, merging
from huaxiang.store.shop import Shop
shop = Shop.open(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    merging.merge(shop, "A", "B")
    merging.unmerge(shop, "B")
    build.build_profiles(shop)
"""


def test_killed_in_the_middle_of_merging_and_building_the_shop_is_whole(shop):
    def people():
        with shop.engine.connect() as connection:
            return set(connection.scalars(sa.select(t.customers.c.customer_id)))

    together = {one: project.current_profile(shop, one).traits for one in "AB"}
    for delay in (0.07, 0.3):
        child = subprocess.Popen(
            [sys.executable, "-c", _KILLED, str(shop.folder)], stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )  # fmt: skip
        assert child.stdout is not None and child.stdout.readline() == b"ready\n"
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert people() in ({"A"}, {"A", "B"})
        assert all(chain.verify_chain(shop, one) is None for one in "AB")
        if people() == {"A"}:
            merging.unmerge(shop)
        now = {one: project.current_profile(shop, one).traits for one in "AB"}
        assert {k: [(x.name, x.value) for x in v] for k, v in now.items()} == {
            k: [(x.name, x.value) for x in v] for k, v in together.items()
        }

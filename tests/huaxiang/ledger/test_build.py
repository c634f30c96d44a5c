from __future__ import annotations

import sqlalchemy as sa

from huaxiang import ids
from huaxiang.ledger import build, chain, project
from huaxiang.ledger.candidate import Candidate
from huaxiang.store import evidence
from huaxiang.store import tables as t

ITEMS = [{"item_id": "tea", "category": "food", "brand": "禾下"}]
FIRST = [
    {"kind": "order", "order_id": "O1", "item_id": "tea", "amount_minor": 9000, "discount_minor": 1000, "currency": "CNY",
     "occurred_at": "2026-01-05 20:00:00"},
    {"kind": "order", "order_id": "O2", "item_id": "tea", "amount_minor": 500, "currency": "USD", "occurred_at": "2026-02-05 20:00:00"},
    {"kind": "review", "rating": 4.0, "occurred_at": "2026-02-09 20:00:00", "text": "我家两只猫都爱闻。平时穿M码。"},
]  # fmt: skip
MORE = [
    {
        "kind": "order",
        "order_id": "O3",
        "item_id": "tea",
        "amount_minor": 100,
        "currency": "CNY",
        "occurred_at": "2026-03-05 20:00:00",
    }
]


def plain(shop):
    profile = project.current_profile(shop, "C1")
    return {
        (one.name, str(one.value), one.basis, one.valid_from, tuple(sorted(c.evidence_id for c in one.evidence)))
        for one in profile.traits
    }


def test_computed_and_observed_traits_need_no_model_and_cite_summaries_that_exist(make_shop):
    shop = make_shop(FIRST, ITEMS)
    report = build.build_profiles(shop)
    profile = project.current_profile(shop, "C1")
    got = {one.name: one.value for one in profile.traits}
    assert got["order_count"] == 2
    assert got["spend_minor"] == {"CNY": 9000, "USD": 500}
    assert got["discount_share"] == 0.1
    assert (got["first_order_on"], got["last_order_on"]) == ("2026-01-05", "2026-02-05")
    assert (got["top_category"], got["avg_rating"]) == ("food", 4.0)
    assert "return_count" not in got  # this shop records no returns: unknown, not 0
    assert profile.missing["return_count"] == "no_evidence"
    cited = [c.evidence_id for one in profile.traits for c in one.evidence]
    assert set(evidence.get(shop, cited)) == set(cited)
    assert (report.customers, report.changed) == (1, 1)


def test_building_twice_changes_nothing(make_shop):
    shop = make_shop(FIRST, ITEMS)
    build.build_profiles(shop)
    again = build.build_profiles(shop)
    assert (again.changed, again.entries_written, again.summaries_written) == (0, 0, 0)


def test_a_rebuild_from_events_equals_updating_as_they_come(make_shop, add_events, tmp_path):
    shop = make_shop(FIRST, ITEMS)
    build.build_profiles(shop)
    add_events(shop, MORE)
    report = build.build_profiles(shop, ["C1"])
    assert report.changed == 1
    updated = plain(shop)
    with shop.begin() as connection:
        for table in (t.ledger, t.ledger_tx, t.evidence):
            connection.execute(
                sa.delete(table) if table is not t.evidence else sa.delete(table).where(table.c.kind == "summary")
            )
    build.build_profiles(shop)
    assert plain(shop) == updated
    assert chain.verify_chain(shop, "C1") is None


def test_a_fact_whose_events_are_gone_is_retired(make_shop):
    shop = make_shop(FIRST, ITEMS)
    build.build_profiles(shop)
    with shop.begin() as connection:
        connection.execute(sa.delete(t.events).where(t.events.c.kind == "order"))
    build.build_profiles(shop)
    assert {one.name for one in project.current_profile(shop, "C1").traits} == {
        "review_count", "avg_rating", "first_seen_on", "last_seen_on",
    }  # fmt: skip
    codes = {entry.reason_code for entry in project.history(shop, "C1", "order_count") if entry.op == "retire"}
    assert codes == {"no_longer_supported"}


def test_candidates_are_verified_before_they_hold(make_shop):
    shop = make_shop([*FIRST, {"kind": "review", "customer_id": "C2", "text": "我家两只猫"}], ITEMS)
    mine, theirs = (ids.text_evidence_id(ids.event_id(n)) for n in (3, 4))
    candidates = [
        Candidate(name="has_pet", value="猫", evidence_id=mine, quote="我家两只猫"),
        Candidate(name="clothing_size", value="M", evidence_id=mine, quote="平时穿M码", polarity=1),
        Candidate(name="has_pet", value="狗", evidence_id=mine, quote="我家两只猫"),
        Candidate(name="has_pet", value="猫", evidence_id=theirs, quote="我家两只猫"),
        Candidate(name="likes", value="猫粮", evidence_id="t-none", quote="猫粮"),
        Candidate(name="hobby", value="yoga", evidence_id=mine, quote="都爱闻"),
    ]
    assert build.apply_candidates(shop, "C1", candidates, "test@1") == (2, 0, 4)
    profile = project.current_profile(shop, "C1")
    assert {(one.name, one.value) for one in profile.traits} == {("has_pet", "cat"), ("clothing_size", "M")}
    (cat,) = profile.get("has_pet")
    text = evidence.get(shop, [mine])[mine].clean
    assert text[cat.evidence[0].start : cat.evidence[0].end] == cat.evidence[0].quote == "我家两只猫"
    assert build.apply_candidates(shop, "C1", candidates, "test@1") == (2, 0, 4)
    assert len(project.history(shop, "C1")) == 2

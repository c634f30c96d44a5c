from __future__ import annotations

import sqlalchemy as sa

from huaxiang import ids
from huaxiang.features import summary
from huaxiang.store import tables as t

ROWS = [
    {"kind": "order", "order_id": "O1", "item_id": "tea", "amount_minor": 9900, "discount_minor": 100, "currency": "CNY",
     "occurred_at": "2026-01-05 20:00:00"},
    {"kind": "order", "order_id": "O2", "item_id": "tent", "amount_minor": 50000, "discount_minor": 0, "currency": "CNY",
     "occurred_at": "2026-03-01 21:00:00"},
    {"kind": "return", "order_id": "O2", "item_id": "tent", "occurred_at": "2026-03-09 08:00:00"},
    {"kind": "review", "item_id": "tea", "rating": 5.0, "occurred_at": "2026-01-09 08:00:00", "text": "好喝"},
]  # fmt: skip
ITEMS = [{"item_id": "tea", "title": "龙井", "title_en": "Longjing", "category": "food"},
         {"item_id": "tent", "title": "帐篷", "title_en": "Tent", "category": "outdoor"}]  # fmt: skip


def said(shop, rule):
    return [e for e in summary.summary_statements(shop, "C1") if e.rule == rule]


def test_one_sentence_says_one_fact_in_both_languages(make_shop):
    shop = make_shop(ROWS, ITEMS)
    summary.build_summaries(shop)
    (last,) = said(shop, "orders.last@1")
    assert last.clean == "最近一次下单在 2026-03-01（订单 O2）：帐篷，500.00 CNY。"
    assert last.clean_en == "Last order on 2026-03-01 (order O2): Tent, 500.00 CNY."
    (returned,) = said(shop, "returns.count@1")
    assert returned.clean_en == "Returned 1 item: Tent; 50% of 2 order lines."
    assert said(shop, "orders.count@1")[0].clean == "累计下单 2 次。"


def test_every_summary_opens_to_the_very_events_it_was_computed_from(make_shop):
    shop = make_shop(ROWS, ITEMS)
    summary.build_summaries(shop)
    statements = summary.summary_statements(shop, "C1")
    assert len(statements) >= 10
    for one in statements:
        events = summary.expand(shop, one)
        assert (len(events), ids.range_hash(events)) == (one.event_count, one.range_hash), one.rule
    assert statements[-1].rule == "behaviour@1"


def test_building_twice_writes_nothing(make_shop):
    shop = make_shop(ROWS, ITEMS)
    assert summary.build_summaries(shop) > 0
    assert summary.build_summaries(shop) == 0


def test_a_new_event_replaces_the_stale_summaries_of_its_customer_only(make_shop, add_events):
    shop = make_shop([*ROWS, {**ROWS[0], "customer_id": "C2"}], ITEMS)
    summary.build_summaries(shop)
    (stale,) = said(shop, "orders.count@1")
    with shop.begin() as connection:
        connection.execute(t.vectors.insert().values(
            evidence_id=stale.evidence_id, customer_id="C1", encoder="x", content_hash="h", vector=b"\0"
        ))  # fmt: skip
    other = [e.evidence_id for e in summary.summary_statements(shop, "C2")]
    add_events(shop, [{**ROWS[1], "order_id": "O3", "occurred_at": "2026-04-01 10:00:00"}])
    assert "changed since" in summary.describe(shop, stale, "en")
    summary.build_summaries(shop, ["C1"])
    assert said(shop, "orders.count@1")[0].clean_en == "Placed 3 orders in all."
    assert [e.evidence_id for e in summary.summary_statements(shop, "C2")] == other
    with shop.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.vectors)) == 0
        gone = t.evidence.c.evidence_id == stale.evidence_id
        assert connection.execute(sa.select(t.evidence).where(gone)).first() is None


def test_a_shop_that_records_no_returns_says_nothing_about_them(make_shop):
    shop = make_shop(ROWS[:2], ITEMS)
    summary.build_summaries(shop)
    assert said(shop, "returns.count@1") == []


def test_a_shop_with_reviews_alone_gives_statements_about_reviews(make_shop):
    shop = make_shop(
        [{"kind": "review", "rating": r, "occurred_at": "2014-01-01 08:00:00", "item_id": "x"} for r in (5.0, 2.0)]
    )
    summary.build_summaries(shop)
    rules = {e.rule for e in summary.summary_statements(shop, "C1")}
    assert rules == {"reviews.count@1", "ratings.low@1", "activity.first@1", "activity.last@1", "behaviour@1"}
    assert said(shop, "reviews.count@1")[0].clean_en == "Wrote 2 reviews, mean rating 3.5 of 5."


def test_in_a_shop_with_orders_a_customer_without_any_is_known_to_have_none(make_shop):
    shop = make_shop([*ROWS, {"kind": "view", "customer_id": "C2", "occurred_at": "2026-01-09 08:00:00"}], ITEMS)
    summary.build_summaries(shop)
    (none,) = [e for e in summary.summary_statements(shop, "C2") if e.rule == "orders.count@1"]
    assert (none.clean, none.clean_en, none.event_count) == ("没有下过单。", "Never ordered.", 1)

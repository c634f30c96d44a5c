from __future__ import annotations

import polars as pl
import pytest

from huaxiang.errors import MissingColumns
from huaxiang.features import frames, habits, orders, selector, tastes

ITEMS = [
    {"item_id": "tea", "title": "龙井", "category": "food", "brand": "禾下"},
    {"item_id": "tent", "title": "帐篷", "category": "outdoor", "brand": "云脊"},
    {"item_id": "plain"},
]


def order(day: str, order_id: str | None, amount: int | None, **more: object) -> dict[str, object]:
    row = {
        "kind": "order",
        "occurred_at": f"{day} 10:30:00",
        "order_id": order_id,
        "amount_minor": amount,
        "currency": "CNY",
    }
    return {**row, **more}


def test_lines_of_one_order_count_once_and_currencies_are_never_added(make_shop):
    shop = make_shop([
        order("2026-01-01", "O1", 1000), order("2026-01-01", "O1", 500), order("2026-02-01", "O2", 300, currency="USD"),
    ])  # fmt: skip
    frame = selector.load(shop)
    row = orders.rfm(frame, as_of=shop.now()).row(0, named=True)
    assert (row["order_count"], row["line_count"]) == (2, 3)
    assert row["recency_days"] == pytest.approx(149.56, abs=0.01)
    money = orders.spend(frame)
    assert dict(money.select("currency", "spend_minor").iter_rows()) == {"CNY": 1500, "USD": 300}
    assert money.filter(currency="CNY").item(0, "average_order_minor") == 1500


def test_an_order_without_an_amount_or_with_an_outlier_price_is_no_money_but_is_an_order(make_shop):
    shop = make_shop([order("2026-01-01", None, None), order("2026-01-02", None, -1, flags="outlier-price")])
    frame = selector.load(shop)
    assert orders.spend(frame).is_empty()
    assert orders.rfm(frame, as_of=shop.now()).item(0, "order_count") == 2


def test_a_shop_without_orders_has_no_order_features_rather_than_zeros(make_shop):
    shop = make_shop([{"kind": "review", "rating": 5.0, "occurred_at": "2026-01-01 00:00:00"}])
    frame = selector.load(shop)
    for table in (
        orders.rfm(frame, as_of=shop.now()),
        orders.spend(frame),
        orders.cadence(frame),
        orders.returns(frame),
    ):
        assert table.is_empty()


def test_the_discount_share_is_unknown_where_no_line_names_a_discount(make_shop):
    shop = make_shop(
        [order("2026-01-01", "O1", 900), order("2026-01-02", "O2", 750, customer_id="C2", discount_minor=250)]
    )
    shares = dict(orders.spend(selector.load(shop)).select("customer_id", "discount_share").iter_rows())
    assert shares == {"C1": None, "C2": 0.25}


def test_cadence_is_the_median_gap_and_equal_gaps_are_fully_regular(make_shop):
    shop = make_shop([order(day, None, 1) for day in ("2026-01-01", "2026-01-11", "2026-01-21", "2026-01-21")])
    row = orders.cadence(selector.load(shop)).row(0, named=True)
    assert (row["gap_days"], row["regularity"], row["order_days"]) == (10.0, 1.0, 3)


def test_affinities_count_orders_first_and_views_only_where_there_is_nothing_better(make_shop):
    shop = make_shop(
        [order("2026-01-01", "O1", 1, item_id="tea"), order("2026-06-01", "O2", 1, item_id="tea"),
         order("2026-06-02", "O3", 1, item_id="tent"), order("2026-06-02", "O3", 1, item_id="plain"),
         {"kind": "view", "item_id": "tent", "customer_id": "C2", "occurred_at": "2026-01-01 09:00:00"}],
        ITEMS,
    )  # fmt: skip
    table = tastes.affinities(selector.load(shop), by="category", as_of=shop.now())
    first = table.filter(customer_id="C1").row(0, named=True)
    assert (first["value"], first["basis"], first["lines"], first["total"]) == ("food", "order", 2, 3)
    assert first["share"] == pytest.approx(2 / 3)
    assert first["trend"] == pytest.approx(0.5 - 1.0)
    assert table.filter(customer_id="C2").item(0, "basis") == "view"


def test_drift_is_half_the_distance_between_recent_and_earlier_shares(make_shop):
    rows = [order(f"2025-01-0{n}", None, 1, item_id="tea") for n in (1, 2, 3)]
    rows += [order(f"2026-06-0{n}", None, 1, item_id="tent") for n in (1, 2, 3)]
    shop = make_shop(rows, ITEMS)
    row = tastes.drift(selector.load(shop), by="category", as_of=shop.now()).row(0, named=True)
    assert (row["drift"], row["rising"], row["falling"]) == (1.0, "outdoor", "food")


def test_times_that_are_all_midnight_are_dates_and_give_no_active_hours(make_shop):
    shop = make_shop([{"kind": "view", "occurred_at": f"2026-01-0{n} 00:00:00"} for n in range(1, 8)])
    assert habits.active_times(selector.load(shop)).is_empty()


def test_a_ticket_thread_is_open_until_its_last_event_solves_it(make_shop):
    shop = make_shop([
        {"kind": "ticket", "order_id": "O1", "status": "open", "occurred_at": "2026-01-01 09:00:00"},
        {"kind": "ticket", "order_id": "O1", "status": "solved", "speaker": "staff", "occurred_at": "2026-01-02 09:00:00"},
        {"kind": "ticket", "order_id": "O2", "status": "open", "occurred_at": "2026-01-03 09:00:00"},
    ])  # fmt: skip
    table = habits.tickets(selector.load(shop))
    assert dict(table.select("thread", "is_open").iter_rows()) == {"O1": False, "O2": True}


def test_ratings_leave_surveys_out_and_compare_with_the_shop(make_shop):
    shop = make_shop([
        {"kind": "review", "rating": 5.0}, {"kind": "review", "rating": 2.0}, {"kind": "review"}, {"kind": "survey", "rating": 9.0},
    ])  # fmt: skip
    row = habits.ratings(selector.load(shop), shop_mean=4.0).row(0, named=True)
    assert (row["review_count"], row["rated"], row["mean_rating"], row["low_share"], row["above_shop"]) == (
        3,
        2,
        3.5,
        0.5,
        -0.5,
    )


def test_events_after_as_of_are_not_known_yet(make_shop):
    shop = make_shop([order("2026-01-01", "O1", 1), order("2026-03-01", "O2", 1)])
    before = orders.rfm(selector.load(shop, as_of=shop.now() - 150 * 86_400), as_of=0)
    assert before.item(0, "order_count") == 1


def test_a_frame_that_lacks_columns_names_all_of_them():
    with pytest.raises(MissingColumns, match=r"'kind'.*'occurred_at'"):
        frames.prepare(pl.DataFrame({"event_id": ["e1"]}), as_of=0, tz=__import__("zoneinfo").ZoneInfo("UTC"))

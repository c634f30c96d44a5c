"""Figures over the whole shop against the raw files: totals under conditions, stars, one best a currency, true zeros."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.question import bounds, unread
from agent.runtime import Runtime

SAMPLE = Path(__file__).resolve().parents[3] / "sample"


def rows(kind: str) -> Iterator[dict[str, Any]]:
    for name in ("events-zh.jsonl", "events-en.jsonl"):
        for line in (SAMPLE / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["kind"] == kind:
                yield row


def test_a_total_keeps_to_the_conditions_asked(runtime: Runtime) -> None:
    paid: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows("order"):
        paid[row["order_id"], row["currency"]] += float(row["amount"])
    large = sum(amount > 500 for (_, currency), amount in paid.items() if currency == "CNY")
    cut = {row["order_id"] for row in rows("order") if float(row.get("discount") or 0) > 0}
    whole = {row["order_id"] for row in rows("order")} - cut
    may = sum(row["occurred_at"].startswith("2026-05") for row in rows("return"))
    for question, count in (
        ("how many orders over 500 CNY", large),
        ("超过500元的订单有多少", large),
        ("how many orders with a discount", len(cut)),
        ("多少订单没用优惠", len(whole)),
        ("returns in May", may),
        ("5月有多少退货", may),
    ):
        answer = runtime.answer(question)
        assert f" {count} " in answer.answer, question
        assert answer.evidence


def test_a_total_cites_the_records_it_counts(runtime: Runtime) -> None:
    answer = runtime.answer("how many orders of outdoor gear last year")
    kinds = [one.kind for one in answer.evidence]
    days = {str(one.occurred_at)[:4] for one in answer.evidence[1:]}
    assert kinds[0] == "total"  # the computed record, then records to look at
    assert (set(kinds[1:]), days) == ({"order"}, {"2025"})
    assert " 8 orders of outdoor items" in answer.answer


def test_tickets_are_counted_not_what_was_written_in_them(runtime: Runtime) -> None:
    opened = sum(row["speaker"] == "customer" for row in rows("ticket"))
    assert f" {opened} tickets" in runtime.answer("how many tickets did we get in total").answer


def test_a_condition_that_is_not_understood_is_named_and_no_figure_given(runtime: Runtime) -> None:
    for question, word in (("how many orders from left-handed people", "left-handed"), ("端午有多少退货", "端午")):
        answer = runtime.answer(question)
        assert answer.abstained
        assert word in answer.answer


def test_no_record_in_a_time_on_record_is_zero_and_a_time_before_it_is_unknown(runtime: Runtime) -> None:
    assert " 0 returns" in runtime.answer("how many returns in August 2024").answer
    assert runtime.answer("how many returns in August 2020").abstained


def test_the_stars_of_a_product_are_the_mean_of_its_reviews(runtime: Runtime) -> None:
    products = (SAMPLE / "products.csv").read_text(encoding="utf-8").splitlines()
    item = next(line.split(",")[0] for line in products if "GaN" in line)
    stars = [row["rating"] for row in rows("review") if row.get("item_id") == item]
    mean = f"{sum(stars) / len(stars):.2f}"
    for question in ("what rating does the GaN charger have", "氮化镓充电器评分多少"):
        answer = runtime.answer(question)
        assert mean in answer.answer
        assert {one.kind for one in answer.evidence} == {"total", "review"}


def test_the_shops_rating_has_a_direction(runtime: Runtime) -> None:
    for question in ("is our average rating going up or down?", "全店评分是上升还是下降"):
        answer = runtime.answer(question).answer
        assert "2024-07" in answer
        assert "2026-06" in answer


def test_who_spent_most_is_told_once_a_currency(runtime: Runtime) -> None:
    answer = runtime.answer("who spent most")
    assert ["CNY" in one.text for one in answer.sentences] == [True, False]
    assert "USD" in answer.sentences[1].text


def test_nothing_on_record_of_a_kind_that_the_shop_keeps_is_zero(runtime: Runtime) -> None:
    ordered = {row["customer_id"] for row in rows("order")}
    viewed = {row["customer_id"] for row in rows("view")} - ordered
    one = sorted(viewed)[0]
    for question in (f"how many orders has {one} placed", f"{one} 下过几单", f"how many returns has {one} made"):
        answer = runtime.answer(question)
        assert not answer.abstained, question
        assert " 0 " in answer.answer
        assert {found.customer_id for found in answer.evidence} == {one}
    assert runtime.answer(f"why did {one} send the tent back").abstained


def test_a_family_nobody_spoke_of_is_not_read_out_of_near_words(runtime: Runtime) -> None:
    choir = runtime.answer("does Marcus Bell have children")
    assert choir.abstained
    assert "daughter" in runtime.answer("does Rosa Delgado have kids").answer


def test_two_figures_in_one_question_are_both_told(runtime: Runtime) -> None:
    answer = runtime.answer("how many orders has Linda Park placed and how much did she spend")
    assert "20 orders" in answer.answer
    assert "725.22 USD" in answer.answer
    both = runtime.answer("郑凯总共下了几单,头一单和最近一单各是哪天").answer
    assert all(one in both for one in ("11", "2024-08-19", "2026-05-11"))


def test_two_things_named_without_a_joining_word_are_told_apart(runtime: Runtime) -> None:
    answer = runtime.answer("郑凯白T和黑T各买过几件").answer
    assert "白色 5 件" in answer
    assert "黑色 8 件" in answer


def test_a_comparison_takes_the_other_customer_from_the_talk(runtime: Runtime) -> None:
    for first, second in (("郑凯一共花了多少", "和李静比谁花得多"), ("how much did 郑凯 spend", "more than 李静?")):
        runtime.answer(first, thread_id=first)
        assert runtime.answer(second, thread_id=first).customers == ("C010", "C001")


def test_what_depends_on_today_names_the_shops_day(runtime: Runtime) -> None:
    for question in (
        "李静多久没下单了",
        "how long has Linda Park been a customer",
        "is Grace Lindqvist likely to leave",
    ):
        assert "2026-06-30" in runtime.answer(question).answer


@pytest.mark.parametrize(
    ("text", "low", "high", "strict", "currency"),
    [
        ("orders over 500 CNY", 500, None, True, "CNY"),
        ("orders of at least $40", 40, None, False, "USD"),
        ("200到500元的订单", 200, 500, False, "CNY"),
        ("不到1,000块的", None, 1000, True, "CNY"),
        ("50美元以上", 50, None, False, "USD"),
    ],
)
def test_amounts_are_read_as_bounds(
    text: str, low: float | None, high: float | None, strict: bool, currency: str
) -> None:
    assert bounds.read(text) == bounds.Bounds(low, high, strict, currency)


@pytest.mark.parametrize(
    "text", ["more than 3 orders", "超过3次", "at least 2 reviews", "orders over 30 days old", "5星"]
)
def test_counts_and_days_are_no_amounts(text: str) -> None:
    assert bounds.read(text) is None


def test_one_is_singular() -> None:
    from agent.answer.context import one_of

    assert one_of("1 customers have 1 orders, 11 orders, 2.1 orders") == "1 customer has 1 order, 11 orders, 2.1 orders"


def test_words_of_days_that_no_rule_reads_are_found() -> None:
    assert unread.date_words("how many orders on Easter", None) == ["Easter"]
    assert unread.date_words("上半年几单", None) == []


def test_figures_are_taken_apart_by_month_as_a_share_and_year_by_year(runtime: Runtime) -> None:
    months: dict[str, float] = defaultdict(float)
    for row in rows("order"):
        if row["currency"] == "USD" and row["occurred_at"].startswith("2025"):
            months[row["occurred_at"][:7]] += float(row["amount"])
    answer = runtime.answer("revenue by month in 2025").answer
    assert all(f"{month}: {paid:.2f} USD" in answer for month, paid in months.items())
    lines, back = len(list(rows("order"))), len(list(rows("return")))
    for question in ("what's our return rate", "退货率多少"):
        assert f"{100 * back / lines:.1f}%" in runtime.answer(question).answer
    later = runtime.answer("did sales go up or down from 2025 to 2026")
    assert f"{sum(months.values()):.2f}" in later.answer
    assert "2026-06-30" in later.answer  # the running year ends at the shop's own day


def test_a_ranking_of_months_is_no_ranking_of_customers(runtime: Runtime) -> None:
    assert "2025-06: 16" in runtime.answer("which month had the most orders in 2025").answer
    assert "Linda Park" in runtime.answer("top 3 customers by number of orders").answer
    assert "exactly one order" in runtime.answer("how many customers ordered only once").answer


def test_half_of_a_question_is_not_answered_for_the_whole(runtime: Runtime) -> None:
    assert (
        " 0 位" in runtime.answer("谁买过帐篷又退了").answer
    )  # the boots that one of them sent back are another matter
    assert "(1 each)" in runtime.answer("which city has the most customers").answer  # not the city with the most orders
    told = runtime.answer("Megan Whitfield: total spend, last order and average rating").answer
    assert all(one in told for one in ("515.86 USD", "2026-05-22", "stars on average"))


def test_money_back_without_a_return_is_told_from_the_ticket(runtime: Runtime) -> None:
    answer = runtime.answer("徐峰24年那次鞋子开胶最后给他退了多少")
    assert "100元" in answer.answer
    assert "ticket" in {one.kind for one in answer.evidence}

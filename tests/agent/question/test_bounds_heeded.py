"""A figure answers only the question that was asked: what bounds it is heeded, or it is not told."""

import pytest


@pytest.mark.parametrize(
    "question",
    [
        "How many orders did Linda Park place apart from cat food?", "Megan Whitfield 2025年2月和4月一共花了多少", "What is the average rating from customers in Boston?",
        "How much did we sell in 2025 other than gift cards?", "How many orders from left-handed customers in 2025?", "新加坡的顾客下了多少单",
    ],
)  # fmt: skip
def test_a_figure_whose_bounds_are_not_read_is_not_told(runtime, question):
    assert runtime.answer(question).abstained


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How much did we sell in 2025 other than books?", "23466.00 CNY and 3154.43 USD"), ("2025年除了鞋子以外卖了多少钱", "21144.00 CNY"),
        ("orders in the last three months of 2025", "between 2025-10-01 and 2025-12-31"), ("上半年销售额", "2026-01-01 至 2026-06-30"),
        ("第四季度订单数", "2025-10-01 至 2025-12-31"), ("how much have customers spent this year", "between 2026-01-01 and 2026-06-30"),
        ("How many orders did Linda Park place in the last quarter of 2025?", "between 2025-10-01 and 2025-12-31"),
    ],
)  # fmt: skip
def test_the_sentence_names_what_the_figure_was_computed_under(runtime, question, told):
    assert told in runtime.answer(question).answer


def test_ratings_of_a_city_are_of_its_customers_and_say_so(runtime):
    answer = runtime.answer("北京顾客的平均评分是多少").answer
    assert "北京" in answer and "5 条" in answer and "4.00" in answer


def test_units_sold_in_a_city_are_its_customers_and_say_so(runtime):
    answer = runtime.answer("How many bags of coffee beans did we sell in Austin?").answer
    assert "Austin" in answer and "10 sold" in answer


def test_sums_in_different_currencies_are_not_ranked(runtime):
    assert "not comparable" in runtime.answer("Who spent more, 林子轩 or Priya Raman?").answer


def test_who_never_complained_has_no_ticket(runtime):
    answer = runtime.answer("Who has never complained?")
    assert "never opened a ticket" in answer.answer


@pytest.mark.parametrize(
    "question",
    ["Who hasn't written a review in the last 6 months?", "Which customers never returned anything in 2025?"],
)
def test_a_list_over_days_is_not_told_for_all_days_or_other_deeds(runtime, question):
    answer = runtime.answer(question)
    assert "nothing since" not in answer.answer and "never returned anything" not in answer.answer

"""Wordings that mean the same, and the language a question is in."""

from __future__ import annotations

import pytest

from agent.question import query
from agent.question.plain import language_of, plain


@pytest.mark.parametrize(
    "question",
    [
        "Please check who tops the list for number of orders, and what that number is?",
        "Identify the customer with the greatest number of orders, and state that number.",
        "订单数第一的客户 及单数",
        "请查出累计订单数量居首的顾客及其订单数。",
        "订购次数最多的客人是哪位?总共几笔",
    ],
)
def test_whoever_leads_a_count_is_ranked_among_customers_by_orders(question: str) -> None:
    asked = query.parse(plain(question))
    assert asked is not None
    assert (asked.group_by, asked.measure, asked.descending) == ("customer", "orders", True)


@pytest.mark.parametrize("question", ["第一单是什么时候", "Please state what goods she bought", "他第一次下单买了什么"])
def test_what_only_looks_like_such_a_wording_stays_as_it_is(question: str) -> None:
    assert plain(question) == question


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("秦晚晴 2025 spend total", "en"),
        ("李静 iPhone", "zh"),
        ("iPhone 15 李静 买了吗", "zh"),
        ("how many orders has 周子涵 placed", "en"),
    ],
)
def test_a_chinese_name_among_english_words_makes_no_chinese_question(question: str, language: str) -> None:
    assert language_of(question) == language

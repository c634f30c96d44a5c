"""Questions that look like easier ones are told as they were asked, or not at all."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("question", "absent"),
    [("Who has a dog?", "Rosa"), ("谁养狗", "Rosa"), ("谁养猫", "Alex"), ("Who has a cat?", "Alex")],
)
def test_a_pet_of_somebody_else_makes_nobody_its_owner(runtime_once, question, absent):
    answer = runtime_once.answer(question)
    assert not answer.abstained
    assert absent not in answer.answer


@pytest.mark.parametrize("question", ["Which customers returned more than one item?", "哪些客户退货超过一次"])
def test_more_than_one_is_two_or_more(runtime_once, question):
    answer = runtime_once.answer(question)
    assert "C107" in answer.answer
    assert "C005" in answer.answer
    assert "C012" not in answer.answer


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Which products were returned more than once?", "4 products have at least 2 returns"),
        ("哪些商品被退过不止一次", "不少于 2 条的商品有 4 种"),
        ("How many customers wrote both a review and a ticket?", "19 customers have both"),
        ("How many messages did our staff send to Linda Park?", "1 message and wrote 1 ticket reply"),
        ("What did our staff write to Megan Whitfield?", "replacement left our warehouse"),
        ("How much did Linda Park save through discounts in 2025?", "23.54 USD"),
        ("林子轩2025年省了多少钱", "优惠共"),
        ("Which product has the lowest average rating?", "of those with at least 2 reviews"),
    ],
)
def test_what_was_asked_is_what_is_counted(runtime_once, question, said):
    assert said in runtime_once.answer(question).answer


@pytest.mark.parametrize("question", ["客服给徐峰回复过什么", "客服给赵敏发过什么"])
def test_staffs_words_are_staffs_alone(runtime_once, question):
    lines = runtime_once.answer(question).answer.splitlines()
    assert lines
    assert all("客服在" in line for line in lines)


@pytest.mark.parametrize("question", ["What did Tom Okafor view but never buy?", "林子轩看过但没买什么"])
def test_what_was_only_looked_at_holds_nothing_bought(runtime_once, question):
    answer = runtime_once.answer(question)
    assert not answer.abstained
    assert "Storage Rack" not in answer.answer
    assert "咖啡豆" not in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "How many customers gave 1 star and never came back?",
        "Which city spends most on average per customer?",
        "哪个城市人均消费最高",
        "Which customers complained about the same product twice?",
    ],
)
def test_what_nothing_counts_is_refused(runtime_once, question):
    assert runtime_once.answer(question).abstained


def test_complaints_of_packaging_name_the_packaging(runtime_once):
    answer = runtime_once.answer("哪些客户抱怨过包装")
    assert "C122" not in answer.answer
    assert "C114" not in answer.answer

"""A figure asked of one sort of thing is told of that sort, as zero, or not at all: never that of everything bought."""

from __future__ import annotations

import pytest

from agent.runtime import Runtime


@pytest.mark.parametrize(
    "question",
    [
        "How much did Linda Park spend on electronics in 2025?",
        "李静买电子产品花了多少钱",
        "How often does Linda Park buy dog food?",
    ],
)
def test_a_sort_of_thing_never_bought_is_zero(runtime: Runtime, question: str) -> None:
    answer = runtime.answer(question)
    assert not answer.abstained
    assert "never bought" in answer.answer or "没有买过" in answer.answer
    assert answer.sentences[0].evidence


@pytest.mark.parametrize(
    "question",
    [
        "How much did Priya Raman spend on toys?",
        "How many orders did Linda Park cancel?",
        "李静在玩具上花了多少",
    ],
)
def test_what_the_shop_does_not_know_is_named_and_no_figure_told(runtime: Runtime, question: str) -> None:
    answer = runtime.answer(question)
    assert answer.abstained
    assert any(word in answer.answer for word in ("toys", "cancel", "玩具"))


def test_a_sort_that_was_bought_is_counted_alone(runtime: Runtime) -> None:
    told = runtime.answer("how many bags of cat food did Linda Park buy?").answer
    assert "Litter" not in told and "Cat Food" in told

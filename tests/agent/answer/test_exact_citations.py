"""An answer cites what it stands on and no more; a follow-up on an order is about that order."""

from __future__ import annotations

import pytest

from agent.question import asking
from agent.question.scope import resolve
from agent.runtime import Runtime


def kinds_cited(answer: object) -> set[str]:
    return {one.kind for one in answer.evidence}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("when did Marcus Bell last place an order", "and how much was it?"),
        ("when did Marcus Bell last place an order", "how much did that order come to"),
        ("Marcus Bell最近一次下单是什么时候", "付了多少"),
        ("Marcus Bell最近一次下单是什么时候", "那單一共多少錢"),
    ],
)
def test_the_amount_after_an_orders_day_is_of_that_order(runtime: Runtime, first: str, second: str) -> None:
    day = runtime.answer(first, thread_id="one")
    amount = runtime.answer(second, thread_id="one")
    assert {one.id for one in amount.evidence} == {one.id for one in day.evidence}
    assert not amount.abstained


@pytest.mark.parametrize("total", ["how much has she spent in total", "他一共花了多少钱"])
def test_a_total_after_an_order_is_over_all_orders(runtime: Runtime, total: str) -> None:
    runtime.answer("when did Marcus Bell last place an order", thread_id="all")
    answer = runtime.answer(total, thread_id="all")
    assert "458.94" in answer.answer


def test_the_largest_order_is_told_without_reviews_that_speak_of_prices(runtime: Runtime) -> None:
    assert kinds_cited(runtime.answer("陈志远最贵的一单多少钱")) == {"order"}


@pytest.mark.parametrize(
    ("question", "lead", "is_purpose"),
    [
        ("doing a loyalty card, when did Ann first order", "doing a loyalty card", True),
        ("客人在线等，小王的下单日期查一下", "客人在线等", True),
        ("the kettle, when did Ann buy it", "the kettle", False),
        ("when did Ann buy the kettle, and why", None, False),
        ("Ann's last order", None, False),
    ],
)
def test_what_is_said_before_a_question_is_told_from_it(question: str, lead: str | None, is_purpose: bool) -> None:
    found = asking.lead_of(question)
    assert (found[0], found[2]) == (lead, is_purpose) if found else lead is None


@pytest.mark.parametrize(("simple", "traditional"), [("陈志远最近一次下单是什么时候", "陳志遠最近一次下單是什麼時候")])
def test_traditional_characters_ask_the_same(runtime: Runtime, simple: str, traditional: str) -> None:
    first, second = runtime.answer(simple), runtime.answer(traditional)
    assert first.answer == second.answer
    assert second.question == traditional


@pytest.mark.parametrize("question", ["司徒半夏买了什么", "what did 司徒半夏 buy"])
def test_a_double_surname_that_nobody_bears_is_a_stranger(runtime: Runtime, question: str) -> None:
    found = resolve(question, runtime.deps, language="zh")
    assert [one[:2] for one in found.unknown] == ["司徒"]
    assert not found.customers

from __future__ import annotations

import pytest

from agent.question import finder, scope
from agent.question.plain import language_of
from agent.runtime import Runtime


def _scope(runtime: Runtime, question: str, **more: object) -> scope.Scope:
    found = scope.resolve(question, runtime.deps, language=language_of(question), **more)  # type: ignore[arg-type]
    return scope.narrowed(found, question, runtime.deps)


@pytest.mark.parametrize(
    ("question", "customer"),
    [
        ("李静最近买了什么", "C001"),
        ("C001 花了多少钱", "C001"),
        ("罗一明穿多大码的鞋", "C021"),  # written with a character that sounds alike
        ("199-0000-0015 这位投诉过吗", "C015"),
        ("what did megan whitfield buy", "C101"),
        ("what did Megan Whitfeld buy", "C101"),
        ("hannah.cole@example.com, when was her first purchase", "C109"),
        ("does Hannah complain a lot?", "C109"),
        ("the Alex Morgan in Denver: last order?", "C102"),
        ("成都那个王芳（C002）喜欢什么", "C002"),
    ],
)
def test_a_customer_is_found_by_name_id_contact_or_misspelling(runtime: Runtime, question: str, customer: str) -> None:
    assert _scope(runtime, question).customers == (customer,)


def test_two_customers_of_one_name_are_both_listed(runtime: Runtime) -> None:
    found = _scope(runtime, "王芳最近一次下单是哪天")
    assert found.customers == ()
    assert set(found.ambiguous[0].customers) == {"C002", "C003"}


@pytest.mark.parametrize(
    "question",
    [
        "慕容紫英喜欢什么颜色",
        "what did Gerald Pinkerton order last?",
        "C099 退过几次货",
        "tilda.voss@example.com complained?",
    ],
)
def test_a_customer_nobody_knows_is_unknown_and_never_guessed(runtime: Runtime, question: str) -> None:
    found = _scope(runtime, question)
    assert found.customers == ()
    assert found.unknown


def test_a_pronoun_means_the_threads_customer(runtime: Runtime) -> None:
    found = _scope(runtime, "那她最近一次呢", thread_customers=("C001",))
    assert (found.customers, found.from_thread) == (("C001",), True)


def test_a_named_customer_wins_over_the_one_picked_on_the_desk(runtime: Runtime) -> None:
    assert _scope(runtime, "李静花了多少钱", picked="C101").customers == ("C001",)


def test_who_questions_are_about_everyone(runtime: Runtime) -> None:
    assert _scope(runtime, "哪位客户花钱最多").everyone
    assert _scope(runtime, "which customers returned the most?").everyone


@pytest.mark.parametrize("alias", ["what does", "complain", "什么", "谁"])
def test_an_alias_made_of_question_words_captures_no_question(alias: str) -> None:
    assert finder.plain(alias)


def test_names_of_people_are_no_question_words() -> None:
    assert not any(finder.plain(name) for name in ("Linda Park", "李静", "The Kitchen Grump", "Jo", "静静"))

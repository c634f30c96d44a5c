"""Exact checks: each says what was wrong, and only what the case asks for is checked."""

from __future__ import annotations

from typing import Any

import pytest

from evaluation.scorers import Score, overlap, score
from evaluation.suite import Case
from huaxiang.schema.answer import Answer, CitedEvidence, LlmUse, Sentence, Step


def judge(expect: dict[str, Any], text: str = "Ann ordered on 2026-05-03, 4 pieces.", **more: Any) -> Score:
    case = Case.model_validate({"id": "a", "question": "?", "category": "date", "expect": expect})
    refused = more.get("abstained", False)
    answer = Answer(
        question="?", language="en", answer=text, sentences=() if refused else (Sentence(text=text, evidence=("t1",)),),
        evidence=(CitedEvidence(id="t1", customer_id="C1", kind="order", quote="x"),),
        customers=("C1",), steps=(Step(tool="timeline", args={"customer_id": "C1", "kinds": ["order", "return"]}),), **more,
    )  # fmt: skip
    return score(case, answer, cited_sources={"E1", "E2"}, bad_citations=0)


@pytest.mark.parametrize(
    "expect",
    [
        {"dates": ["2026-05-03"], "numbers": [4]},
        {"members": {"are": ["Ann"], "among": ["Ann", "Bob"]}},
        {"scope": ["C1"], "cites": ["E2"]},
        {"tools": [{"tool": ["search", "timeline"], "args": {"customer_id": "C1", "kinds": ["return", "order"]}}]},
        {"language": "en", "max_calls": 0},
        {"abstained": None},
    ],
)
def test_an_answer_that_holds_what_is_asked_is_right(expect: dict[str, Any]) -> None:
    found = judge(expect)
    assert (found.right, found.why) == (True, ())


@pytest.mark.parametrize(
    ("expect", "check"),
    [
        ({"dates": ["2026-05-04"]}, "dates"),
        ({"numbers": [5]}, "numbers"),
        ({"members": {"are": ["Ann", "Bob"]}}, "members"),
        ({"members": {"are": ["Bob"], "among": ["Ann", "Bob"]}}, "members"),
        ({"scope": ["C1", "C2"]}, "customers"),
        ({"cites": ["E9"]}, "cites"),
        ({"none": ["ordered"]}, "forbidden"),
        ({"language": "zh"}, "language"),
        ({"abstained": True}, "abstention"),
    ],
)
def test_an_answer_that_lacks_it_is_wrong_and_the_check_has_a_name(expect: dict[str, Any], check: str) -> None:
    found = judge(expect)
    assert not found.right
    assert found.checks[check] is False


@pytest.mark.parametrize(
    ("expect", "check"),
    [
        ({"tools": [{"tool": "search"}]}, "tools"),
        ({"tools": [{"tool": "timeline", "args": {"customer_id": "C2"}}]}, "arguments"),
        ({"max_seconds": -1}, "budget"),
    ],
)
def test_the_way_to_an_answer_is_checked_beside_it(expect: dict[str, Any], check: str) -> None:
    found = judge(expect)
    assert found.right
    assert found.checks[check] is False
    assert len(found.why) >= 1


def test_a_refusal_for_the_wrong_reason_is_wrong() -> None:
    assert judge({"abstained": True, "reasons": ["ambiguous"]}, abstained=True, reason="ambiguous").right
    assert not judge({"abstained": True, "reasons": ["ambiguous"]}, abstained=True, reason="no_evidence").right


def test_what_must_never_be_said_is_looked_for_in_refusals_too() -> None:
    secret = {"abstained": None, "none": ["bonjour"], "none_ever": True}
    assert judge(secret, "I do not know", abstained=True).right
    assert not judge(secret, "Bonjour, I do not know", abstained=True).right


def test_tokens_over_the_budget_are_a_fault() -> None:
    found = judge({"max_tokens": 10}, llm=LlmUse(calls=1, prompt_tokens=9, completion_tokens=2))
    assert found.checks["budget"] is False


@pytest.mark.parametrize(
    ("gold", "cited", "expected"),
    [
        (["a", "b"], ["a", "c"], (0.5, 0.5)),
        (["a"], [], (None, 0.0)),
        ([], ["a"], (None, None)),
    ],
)
def test_precision_and_recall_of_what_was_cited(gold: list[str], cited: list[str], expected: tuple[Any, Any]) -> None:
    assert overlap(gold, cited) == expected

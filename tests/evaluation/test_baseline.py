"""The baseline reads what a model writes as it is meant."""

from __future__ import annotations

import pytest

from evaluation.baseline import _refusal, written_call


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "timeline", "arguments": {"customer_id": "C1"}}',
        '{{"name": "timeline", "arguments": {"customer_id": "C1"}}}',
        '{{"name": "timeline", "arguments": {"customer_id": "C1"}}}}',
        '```json\n{"name": "timeline", "arguments": {"customer_id": "C1"}}\n```',
    ],
)
def test_a_call_written_as_text_is_a_call(text: str) -> None:
    found = written_call(text)
    assert found is not None
    assert (found["name"], found["args"]) == ("timeline", {"customer_id": "C1"})


@pytest.mark.parametrize("text", ["4 orders", "{not json}", '{"name": "timeline"}'])
def test_other_text_is_none(text: str) -> None:
    assert written_call(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no_evidence"),
        ("I do not know.", "no_evidence"),
        ("没有找到这位顾客", "no_such_customer"),
        ("4 orders", None),
    ],
)
def test_a_refusal_is_any_usual_wording_of_one(text: str, reason: str | None) -> None:
    assert _refusal(text) == reason

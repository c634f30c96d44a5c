"""What a question takes for granted and the records deny is said, in both languages, and stays a refusal."""

import pytest


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("why did Ivan Petrov return the tent", "no return of it is on record"),
        ("Ivan Petrov为什么退了双人帐篷", "没有它的退货"),
    ],
)
def test_a_return_that_never_was_is_denied(runtime_once, question, said):
    answer = runtime_once.answer(question)
    assert answer.abstained and answer.reason == "no_evidence"
    assert said in answer.answer

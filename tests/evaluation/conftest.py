"""A suite of three cases and an agent of fixed answers: a whole run without a shop or a model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from evaluation import cases, session
from huaxiang.schema.answer import Answer, LlmUse, Sentence

SUITE = """suite: toy
version: 1
language: en
shop: sample
thresholds: {answerable_right: {min: 0.9}}
cases:
- {id: toy-1, question: "how many orders?", category: count, pair: p, expect: {numbers: [4]}}
- {id: toy-2, question: "and the secret?", category: trait, turns: ["how many orders?"], expect: {abstained: true}}
- {id: toy-3, question: "几单？", category: count, language: zh, about: en, pair: p, expect: {numbers: [4]}}
"""
ANSWERS = {"how many orders?": "4 orders", "几单？": "共 4 单", "and the secret?": "I do not know"}


class Fixed:
    """Answers from a table, in order; counts what it was asked, and stops where it is told to."""

    def __init__(self, answers: dict[str, str], stop_after: int | None = None) -> None:
        self.answers, self.stop_after = answers, stop_after
        self.asked: list[str] = []

    def ask(self, question: str, thread_id: str) -> tuple[Answer, list[dict[str, Any]]]:
        if self.stop_after is not None and len(self.asked) >= self.stop_after:
            raise KeyboardInterrupt
        self.asked.append(question)
        text = self.answers[question]
        refused = "not know" in text
        sentences = () if refused else (Sentence(text=text, evidence=("t1",)),)
        llm = LlmUse(calls=1, prompt_tokens=10, completion_tokens=2)
        answer = Answer(
            question=question, language="en", answer=text, abstained=refused, sentences=sentences, llm=llm, seconds=0.5
        )
        return answer, [{"type": "note", "code": "x", "text": "y"}]


class Toy:
    """`toy(answers, stop_after, **plan)` runs the suite and returns its summary; `asked` is what the last run asked."""

    def __init__(self, path: Path, out: Path, patch: pytest.MonkeyPatch) -> None:
        self.path, self.out, self._patch = path, out, patch
        self.asked: list[str] = []

    def __call__(
        self, answers: dict[str, str] | None = None, stop_after: int | None = None, **plan: Any
    ) -> dict[str, Any]:
        agent = Fixed(ANSWERS | (answers or {}), stop_after)
        self.asked = agent.asked

        @contextmanager
        def asker(*_: object) -> Iterator[tuple[Any, Fixed]]:
            yield SimpleNamespace(llm=None), agent

        self._patch.setattr(session, "_asker", asker)
        return session.run(session.Plan(suite=str(self.path), out=self.out, shop=self.out.parent, llm="none", **plan))


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Toy:
    path = tmp_path / "toy.en.yaml"
    path.write_text(SUITE, encoding="utf-8")
    monkeypatch.setattr(cases, "cited", lambda runtime, answer: ({"E1"}, 0))
    return Toy(path, tmp_path / "runs", monkeypatch)

"""A model for tests: it answers from a list, in order, and remembers what it was asked."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from agent.llm import json_value
from agent.llm.base import Generation, Message, OnToken, Schema, ShouldStop
from huaxiang.errors import ModelError

Scripted = Any
"""A string or JSON value to answer with, an exception to raise, or a function of (messages, schema) giving one."""


class ScriptedLlm:
    """Answers from `answers`; when they are used up, ModelError (`script-ended`), or `then` for ever if given."""

    def __init__(self, answers: Iterable[Scripted] = (), *, then: Scripted = None, name: str = "scripted") -> None:
        self._answers = list(answers)
        self._then = then
        self._name = name
        self.asked: list[tuple[list[Message], Schema | None]] = []

    @property
    def name(self) -> str:
        """`scripted`, or the name given."""
        return self._name

    def generate_json(
        self, messages: Sequence[Message], schema: Schema, *, max_tokens: int, on_token: OnToken | None = None,
        should_stop: ShouldStop | None = None, slot: int | None = None,
    ) -> Generation:  # fmt: skip
        """The next answer, checked against `schema` as a real one would be."""
        generation = self._next(messages, schema, on_token, should_stop)
        if generation.stopped:
            return generation
        try:
            value = json_value.parse(generation.text, schema)
        except ValueError as error:
            raise ModelError(
                f"the script's answer does not fit ({error})", hint="correct it", code="model-nonsense"
            ) from error
        return Generation(**{**vars(generation), "value": value})

    def generate_text(
        self, messages: Sequence[Message], *, max_tokens: int, on_token: OnToken | None = None,
        should_stop: ShouldStop | None = None, slot: int | None = None,
    ) -> Generation:  # fmt: skip
        """The next answer as text."""
        return self._next(messages, None, on_token, should_stop)

    def ready(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Nothing to close."""

    def _next(
        self, messages: Sequence[Message], schema: Schema | None, on_token: OnToken | None, should_stop: ShouldStop | None
    ) -> Generation:  # fmt: skip
        started = time.monotonic()
        self.asked.append((list(messages), schema))
        if not self._answers and self._then is None:
            raise ModelError("the script has no answer left", hint="give it more", code="script-ended")
        answer = self._answers.pop(0) if self._answers else self._then
        if isinstance(answer, Callable):  # type: ignore[arg-type]
            answer = answer(list(messages), schema)
        if isinstance(answer, Exception):
            raise answer
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        given = ""
        for piece in text:
            if should_stop is not None and should_stop():
                return Generation(text=given, seconds=time.monotonic() - started, stopped=True)
            given += piece
            if on_token:
                on_token(piece)
        prompt = sum(len(message["content"]) for message in messages)
        return Generation(
            text=text, prompt_tokens=prompt // 3, completion_tokens=len(text), seconds=time.monotonic() - started
        )

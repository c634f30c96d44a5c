"""The one thing a small model is asked to do: choose, by letters, from what code has prepared.

It neither words nor decides whether there is an answer (DESIGN.md, "The agent"): both are code's.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.llm.base import Generation, Llm, Message, Schema, ShouldStop
from agent.llm.slots import QUESTIONS
from prompts import load

LETTERS = string.ascii_uppercase
MAX_OPTIONS = 20
_LETTER = re.compile(r'"([A-Z])"')

OnPick = Callable[[int], None]


@dataclass(frozen=True)
class Choice:
    """What was chosen: `indices` into the options, best first, no index twice. Empty only when `stopped`."""

    indices: tuple[int, ...]
    prompt_id: str
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    seconds: float = 0.0
    first_seconds: float | None = None
    stopped: bool = False

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters that the model saw."""
        return tuple(LETTERS[index] for index in self.indices)


def choose(
    llm: Llm,
    *,
    question: str,
    language: str,
    statements: Sequence[str],
    max_pick: int = 3,
    on_pick: OnPick | None = None,
    should_stop: ShouldStop | None = None,
) -> Choice:
    """Which of `statements` answer `question`, best first: at least one, at most `max_pick`.

    Args:
        llm: the model.
        question: as staff asked it, follow-ups already made complete.
        language: `zh` or `en`: of the prompt; the statements should be in it too.
        statements: one to twenty sentences (six are plenty); what customers wrote in them should be fenced.
        max_pick: at most this many.
        on_pick: called with each index as soon as its letter has come, while the model still writes the next.
        should_stop: True ends the call; what was picked by then is returned.

    Raises:
        ModelError: the model failed; the caller shows the top statements without it.
        ValueError: no statement, or more than twenty.
    """
    prompt = load("choose_statements", language=_known(language))
    messages = prompt.messages(question=question, statements=_lettered(statements))
    return _choose(
        llm, messages, prompt_id=prompt.id, count=len(statements), max_pick=max_pick, on_pick=on_pick,
        should_stop=should_stop,
    )  # fmt: skip


def choose_tools(
    llm: Llm,
    *,
    question: str,
    language: str,
    tools: Sequence[tuple[str, str]],
    max_pick: int = 2,
    on_pick: OnPick | None = None,
    should_stop: ShouldStop | None = None,
) -> Choice:
    """Which of `tools` (name, one line on what it finds) answer `question`, best first. As `choose` otherwise."""
    prompt = load("choose_tools", language=_known(language))
    listed = _lettered([f"{name}: {description}" for name, description in tools])
    messages = prompt.messages(question=question, tools=listed)
    return _choose(
        llm, messages, prompt_id=prompt.id, count=len(tools), max_pick=max_pick, on_pick=on_pick,
        should_stop=should_stop,
    )  # fmt: skip


def _choose(
    llm: Llm, messages: list[Message], *, prompt_id: str, count: int, max_pick: int, on_pick: OnPick | None,
    should_stop: ShouldStop | None,
) -> Choice:  # fmt: skip
    if not 1 <= count <= MAX_OPTIONS:
        raise ValueError(f"{count} options: 1 to {MAX_OPTIONS} can be chosen from")
    limit = max(1, min(max_pick, count))
    picked: list[int] = []
    seen = ""

    def take(text: str) -> None:
        for index in _indices(text, count):
            if index not in picked and len(picked) < limit:
                picked.append(index)
                if on_pick:
                    on_pick(index)

    def on_token(piece: str) -> None:
        nonlocal seen
        seen += piece
        take(seen)

    generation: Generation = llm.generate_json(
        messages, _schema(count, limit), max_tokens=8 + 6 * limit, on_token=on_token, should_stop=should_stop,
        slot=QUESTIONS,
    )  # fmt: skip
    take(generation.text)
    return Choice(
        indices=tuple(picked),
        prompt_id=prompt_id,
        calls=generation.calls,
        prompt_tokens=generation.prompt_tokens,
        completion_tokens=generation.completion_tokens,
        cached_tokens=generation.cached_tokens,
        seconds=generation.seconds,
        first_seconds=generation.first_token_seconds,
        stopped=generation.stopped,
    )


def _schema(count: int, limit: int) -> Schema:
    return {
        "type": "array",
        "items": {"type": "string", "enum": list(LETTERS[:count])},
        "minItems": 1,
        "maxItems": limit,
    }


def _indices(text: str, count: int) -> list[int]:
    return [LETTERS.index(letter) for letter in _LETTER.findall(text) if LETTERS.index(letter) < count]


def _lettered(options: Sequence[str]) -> str:
    return "\n".join(f"{letter}. {' '.join(text.split())}" for letter, text in zip(LETTERS, options, strict=False))


def _known(language: str) -> str:
    return "zh" if language == "zh" else "en"

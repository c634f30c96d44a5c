"""The one thing a small model is asked to do: choose from what code has prepared.

It neither words nor decides whether there is an answer (DESIGN.md, "The agent"): both are code's. A model that can say
how sure it is (`YesNo`: the local one) judges the statements one at a time; any other answers with letters. Measured
with the 1.5B model: letters pick too many (precision 0.58), judging one at a time does not (docs/models-llm.md).
"""

from __future__ import annotations

import re
import string
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.llm.base import Generation, Llm, Message, Schema, ShouldStop, YesNo
from agent.llm.slots import QUESTIONS
from prompts import load

LETTERS = string.ascii_uppercase
MAX_OPTIONS = 20
_LETTER = re.compile(r'"([A-Z])"')
FITS = 0.0
"""Log-odds of "yes" from which a statement is taken to answer (best on the `dev` cases of benchmarks/llm_cases.yaml)."""

OnPick = Callable[[int], None]


@dataclass(frozen=True)
class Choice:
    """What was chosen: `indices` into the options, best first, no index twice. Empty only when `stopped`.

    `scores` are the log-odds of the options judged (None: not judged), where the model gives them.
    """

    indices: tuple[int, ...]
    prompt_id: str
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    seconds: float = 0.0
    first_seconds: float | None = None
    stopped: bool = False
    scores: tuple[float | None, ...] = ()

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
        on_pick: called with each index as soon as it is chosen, while the model still works on the next; in order of
            arrival, which need not be the order of `indices`.
        should_stop: True ends the call; what was picked by then is returned.

    Raises:
        ModelError: the model failed; the caller shows the top statements without it.
        ValueError: no statement, or more than twenty.
    """
    if isinstance(llm, YesNo):
        _check_count(len(statements))
        judging = _Judging(llm, question, _known(language), statements, max(1, max_pick))
        return judging.run(on_pick, should_stop)
    prompt = load("choose_statements", language=_known(language))
    messages = prompt.messages(question=question, statements=_lettered(statements))
    return _choose(
        llm, messages, prompt_id=prompt.id, count=len(statements), max_pick=max_pick, on_pick=on_pick,
        should_stop=should_stop, slot=QUESTIONS[prompt.language],
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
        should_stop=should_stop, slot=QUESTIONS[prompt.language],
    )  # fmt: skip


def _choose(
    llm: Llm, messages: list[Message], *, prompt_id: str, count: int, max_pick: int, on_pick: OnPick | None,
    should_stop: ShouldStop | None, slot: int,
) -> Choice:  # fmt: skip
    _check_count(count)
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
        slot=slot,
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


class _Judging:
    """Yes or no for one statement after the other, in the order given, until enough fit."""

    def __init__(self, llm: YesNo, question: str, language: str, statements: Sequence[str], max_pick: int) -> None:
        self.llm, self.question, self.language = llm, question, language
        self.statements, self.max_pick = statements, max_pick
        self.prompt = load("judge_statement", language=language)
        self.scores: dict[int, float] = {}
        self.spent: list[Generation] = []
        self.first_seconds: float | None = None

    def run(self, on_pick: OnPick | None, should_stop: ShouldStop | None) -> Choice:
        started = time.monotonic()
        picked: list[int] = []
        stopped = False
        for index in range(len(self.statements)):
            if len(picked) >= self.max_pick:
                break
            if self._judge(index, should_stop):
                stopped = True
                break
            if self.scores[index] > FITS:
                self._take(index, picked, started, on_pick)
        if not picked and not stopped:
            self._take(max(self.scores, key=lambda index: self.scores[index]), picked, started, on_pick)
        return Choice(
            indices=tuple(sorted(picked, key=lambda index: -self.scores[index])),
            prompt_id=self.prompt.id,
            calls=len(self.spent),
            prompt_tokens=sum(one.prompt_tokens for one in self.spent),
            completion_tokens=sum(one.completion_tokens for one in self.spent),
            cached_tokens=sum(one.cached_tokens for one in self.spent),
            seconds=time.monotonic() - started,
            first_seconds=self.first_seconds,
            stopped=stopped,
            scores=tuple(self.scores.get(index) for index in range(len(self.statements))),
        )

    def _judge(self, index: int, should_stop: ShouldStop | None) -> bool:
        """Score one statement; True when stopped meanwhile."""
        statement = " ".join(self.statements[index].split())
        messages = self.prompt.messages(question=self.question, statement=statement)
        score, spent = self.llm.yes_or_no(messages, should_stop=should_stop, slot=QUESTIONS[self.language])
        self.spent.append(spent)
        if not spent.stopped:
            self.scores[index] = score
        return spent.stopped

    def _take(self, index: int, picked: list[int], started: float, on_pick: OnPick | None) -> None:
        picked.append(index)
        if self.first_seconds is None:
            self.first_seconds = time.monotonic() - started
        if on_pick:
            on_pick(index)


def _check_count(count: int) -> None:
    if not 1 <= count <= MAX_OPTIONS:
        raise ValueError(f"{count} options: 1 to {MAX_OPTIONS} can be chosen from")


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

"""Which candidate statements make the answer: a language model chooses by letters where there is a choice, else the order decides."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from agent.answer.check import quoted_words
from agent.answer.context import Statement
from agent.llm.base import Llm, YesNo
from agent.llm.choose import Choice, choose
from huaxiang.errors import ModelError
from huaxiang.schema.answer import LlmUse

_LOG = logging.getLogger(__name__)
CANDIDATES = 4
SHOWN = 3
DOUBT, MARGIN = -1.5, 0.8
"""Log-odds under which a statement is left out, absolutely and against the best other one (development questions)."""
BRIEF = {"zh": 60, "en": 150}
"""Characters of a candidate that the model reads; at 55 tokens a second every 50 tokens cost a second."""


@dataclass
class Cost:
    """What the choosing cost, and whether the model had to be left out."""

    model: str | None = None
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    failed: str | None = None
    choices: list[Choice] = field(default_factory=list)

    def add(self, choice: Choice) -> None:
        """Count a call."""
        self.calls += choice.calls
        self.prompt_tokens += choice.prompt_tokens
        self.completion_tokens += choice.completion_tokens
        self.cached_tokens += choice.cached_tokens
        self.choices.append(choice)

    def use(self) -> LlmUse:
        """As it stands in the answer."""
        return LlmUse(
            model=self.model,
            calls=self.calls,
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.completion_tokens,
            cached_tokens=self.cached_tokens,
        )


def pick(
    statements: list[Statement],
    *,
    question: str,
    language: str,
    llm: Llm | None,
    cost: Cost,
    should_stop: Callable[[], bool] | None = None,
) -> Iterator[Statement]:
    """Yield the statements to show, in order, each as soon as it is chosen.

    Direct statements (exact figures) need no choosing. Among the others the model picks; without one, or when it fails,
    the best-scored ones are shown.
    """
    direct = [one for one in statements if one.direct]
    open_ones = sorted((one for one in statements if not one.direct), key=lambda one: -one.score)
    if direct and not any(one.kind in ("trait", "quote") and one.score >= 1.0 for one in open_ones):
        yield from direct[:5]
        yield from open_ones[:4]
        return
    yield from direct[:2]
    few = open_ones[:CANDIDATES]
    if llm is None or len(few) < 2:
        yield from few[:SHOWN]
        return
    cost.model = llm.name
    if isinstance(llm, YesNo):
        yield few[0]
        yield from _judged(few[1:], question=question, language=language, llm=llm, cost=cost, should_stop=should_stop)
    else:
        yield from _chosen(few, question=question, language=language, llm=llm, cost=cost, should_stop=should_stop)


def _judged(
    rest: list[Statement], *, question: str, language: str, llm: Llm, cost: Cost, should_stop: Callable[[], bool] | None
) -> Iterator[Statement]:
    """A small model says of each further statement how surely it answers; the first stands by code's own order.

    Letting the model drop code's first statement made 39 of 43 development questions right instead of 43
    (`benchmarks/questions.py --llm local`, before and after).
    """
    picks: queue.Queue[int | Choice | ModelError] = queue.Queue()
    _start(picks, llm, rest, question=question, language=language, limit=SHOWN - 1, should_stop=should_stop)
    shown: list[int] = []
    while isinstance(result := picks.get(), int):
        shown.append(result)
        yield rest[result]
    if isinstance(result, ModelError):
        cost.failed = result.code
        cost.calls += 1
        yield from (rest[index] for index in range(min(len(rest), SHOWN - 1)) if index not in shown)
        return
    cost.add(result)
    known = {index: score for index, score in enumerate(result.scores) if score is not None}
    best = max(known.values(), default=0.0)
    for index in sorted(known, key=lambda one: -known[one]):
        if (
            index not in shown
            and len(shown) < SHOWN - 1
            and known[index] > max(DOUBT, best - MARGIN)
            and not result.stopped
        ):
            shown.append(index)
            yield rest[index]


def _chosen(
    few: list[Statement], *, question: str, language: str, llm: Llm, cost: Cost, should_stop: Callable[[], bool] | None
) -> Iterator[Statement]:
    """A model that answers with letters chooses freely; a failing one costs the choice, not the answer."""
    picks: queue.Queue[int | Choice | ModelError] = queue.Queue()
    _start(picks, llm, few, question=question, language=language, limit=SHOWN, should_stop=should_stop)
    shown: list[int] = []
    while isinstance(result := picks.get(), int):
        if result not in shown:
            shown.append(result)
            yield few[result]
    if isinstance(result, ModelError):
        cost.failed = result.code
        cost.calls += 1
    else:
        cost.add(result)
    if not shown and not (isinstance(result, Choice) and result.stopped):
        yield from few[:SHOWN]


def _start(
    picks: queue.Queue[int | Choice | ModelError], llm: Llm, few: list[Statement], *, question: str, language: str, limit: int,
    should_stop: Callable[[], bool] | None,
) -> None:  # fmt: skip
    """Run the model in a thread, so that each pick can be shown while it works on the next; its last word is the result."""

    def work() -> None:
        """Ask the model and hand on what it picked, or why it could not."""
        try:
            picks.put(
                choose(
                    llm, question=question, language=language, statements=[brief(one, language) for one in few],
                    max_pick=min(limit, len(few)), on_pick=picks.put, should_stop=should_stop,
                )
            )  # fmt: skip
        except ModelError as error:
            picks.put(error)
        except Exception as error:  # a defect of ours must not leave the reader waiting for ever
            _LOG.exception("choosing failed")
            picks.put(ModelError(f"choosing failed ({type(error).__name__})", hint="see the log", code="choosing"))

    threading.Thread(target=work, daemon=True, name="choose").start()


def brief(statement: Statement, language: str) -> str:
    """What the model reads of a statement: the quoted words, or the sentence, cut to a few."""
    text = statement.text
    words = quoted_words(text)
    if words is not None:
        head = text.split("“")[0]
        text = f"{head[:34]}“{words}”" if statement.kind == "quote" else f"{head[:60]}“{words}”"
    limit = BRIEF.get(language, 150)
    return text if len(text) <= limit else text[:limit] + "…"

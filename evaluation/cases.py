"""One case asked, judged, and written down so that it can be judged again without a model."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from agent.runtime import Runtime
from agent.threads import new_id
from evaluation.rows import Row
from evaluation.runner import cited
from evaluation.scorers import VERSION, Score, score
from evaluation.suite import Case, Suite
from huaxiang.errors import HuaxiangError
from huaxiang.schema.answer import Answer

_LOG = logging.getLogger(__name__)
_PLAIN = {
    "tools": "right_tool", "arguments": "exact_arguments", "customers": "right_customers", "facts": "facts_right",
    "numbers": "numbers_right", "dates": "dates_right", "members": "sets_right", "language": "right_language",
    "schema": "schema_valid", "forbidden": "nothing_forbidden", "budget": "within_budget",
}  # fmt: skip


class Asker(Protocol):
    """Whatever answers questions: the agent, or the baseline."""

    def ask(self, question: str, thread_id: str) -> tuple[Answer, list[dict[str, Any]]]:
        """The answer, and what else happened on the way (events but the last), as plain data."""
        ...


class Record(BaseModel):
    """What is kept of one attempt at a case. A hidden case keeps its figures only."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    attempt: int = 0
    row: dict[str, Any]
    scorer: int = VERSION
    why: tuple[str, ...] = ()
    answer: dict[str, Any] | None = None
    events: tuple[dict[str, Any], ...] = ()
    cited: tuple[str, ...] = ()
    bad_citations: int = 0
    error: str | None = None

    def to_row(self) -> Row:
        """Its figures."""
        return Row(**self.row)


class Agent:
    """The product's agent as an `Asker`."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    def ask(self, question: str, thread_id: str) -> tuple[Answer, list[dict[str, Any]]]:
        """Ask in the thread; every event but the last is kept."""
        from agent.events import Done

        events: list[dict[str, Any]] = []
        for event in self.runtime.ask(question, thread_id=thread_id):
            if isinstance(event, Done):
                return event.answer, events
            if event.type in ("card", "note"):
                events.append(event.model_dump(mode="json", exclude={"run_id"}))
        raise AssertionError("a run always ends with Done")


def attempt(runtime: Runtime, asker: Asker, suite: Suite, case: Case, number: int, *, hide: bool = False) -> Record:
    """Ask the case in a thread of its own and judge it. A failure of ours is recorded as a wrong answer, never raised."""
    thread = new_id()
    try:
        for turn in case.turns:
            asker.ask(turn, thread)
        answer, events = asker.ask(case.question, thread)
    except Exception as error:  # the run goes on; the case is wrong, and the report says why
        _LOG.exception("case %s failed", case.id)
        code = error.code if isinstance(error, HuaxiangError) else type(error).__name__
        row = Row(case.id, case.category, suite.language_of(case), {"right": 0.0, "crashed": 1.0}, {}, number)
        return Record(id=case.id, attempt=number, row=row.__dict__, why=(f"crashed: {code}",), error=code)
    sources, bad = cited(runtime, answer)
    return judge(suite, case, answer, sorted(sources), bad, number, events=events, hide=hide)


def judge(
    suite: Suite, case: Case, answer: Answer, sources: Sequence[str], bad: int, number: int, *,
    events: Sequence[dict[str, Any]] = (), hide: bool = False,
) -> Record:  # fmt: skip
    """The record of an answer that is there: used on a fresh one, and on a recorded one by `--replay`."""
    language = suite.language_of(case) if case.expect.language is None else None
    verdict = score(case, answer, cited_sources=sources, bad_citations=bad, language=language)
    row = row_of(suite, case, answer, verdict, number)
    if hide:
        return Record(id=case.id, attempt=number, row=row.__dict__)
    return Record(
        id=case.id, attempt=number, row=row.__dict__, why=verdict.why, answer=answer.model_dump(mode="json"),
        events=tuple(events), cited=tuple(sources), bad_citations=bad,
    )  # fmt: skip


def row_of(suite: Suite, case: Case, answer: Answer, verdict: Score, number: int) -> Row:
    """The figures of one judged answer."""
    refused, right = float(answer.abstained), float(verdict.right)
    values: dict[str, float | None] = {"right": right, "crashed": 0.0}
    if case.expect.abstained:
        values |= {"unanswerable_refused": refused, "unanswerable_right_reason": right}
    elif case.expect.abstained is None:
        values["refused_or_put_right"] = right
    else:
        values |= {"answerable_right": right, "answerable_refused": refused}
        values |= {"citation_precision": verdict.precision, "citation_recall": verdict.recall}
        if not answer.abstained:
            values["right_when_answered"] = right
    values |= {_PLAIN[name]: float(verdict.checks[name]) for name in _PLAIN if name in verdict.checks}
    if not answer.abstained:
        exact = [verdict.checks[name] for name in ("numbers", "dates") if name in verdict.checks]
        values["exact_when_answered"] = float(all(exact)) if exact else None
    if case.turns:
        values["follow_up_right"] = right
    about = case.about or suite.language_of(case)
    if about != suite.language_of(case):
        values["crosswise_right"] = right
    if case.category.startswith("injection"):
        held = (verdict.checks.get(name, True) for name in ("forbidden", "abstention", "language"))
        values["injection_obeyed"] = float(not all(held))
    values |= {"bad_citations": float(verdict.bad_citations), "unsupported_sentences": float(verdict.unsupported)}
    asked = answer.llm.calls > 0
    costs: dict[str, float | None] = {
        "seconds": answer.seconds,
        "first_sentence_seconds": None if answer.abstained else answer.first_sentence_seconds,
        "card_seconds": answer.card_seconds,
        "model_calls": float(answer.llm.calls),
        "prompt_tokens": float(answer.llm.prompt_tokens) if asked else None,
        "completion_tokens": float(answer.llm.completion_tokens) if asked else None,
        "uncached_prompt_tokens": float(answer.llm.new_tokens) if asked else None,
    }
    return Row(
        case.id, case.category, suite.language_of(case), values, costs, number,
        group="crosswise" if about != suite.language_of(case) else "same language", pair=case.pair,
    )  # fmt: skip

"""Run a suite against a shop and sum it up. Nothing here judges by a model."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.runtime import Runtime
from agent.threads import new_id
from evaluation.scorers import Score, score
from evaluation.suite import Case, Suite
from huaxiang import ids
from huaxiang.features.summary import expand
from huaxiang.schema.answer import Answer
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Outcome:
    """One case with its answer and score."""

    case: Case
    answer: Answer
    score: Score


def run(runtime: Runtime, suite: Suite, *, progress: Progress | None = None, only: Sequence[str] = ()) -> list[Outcome]:
    """Ask every case of the suite, in order, each in a thread of its own."""
    cases = [case for case in suite.cases if not only or case.id in only]
    outcomes = []
    for number, case in enumerate(cases, start=1):
        thread = new_id()
        for turn in case.turns:
            runtime.answer(turn, thread_id=thread)
        answer = runtime.answer(case.question, thread_id=thread)
        sources, bad = cited(runtime, answer)
        outcomes.append(Outcome(case, answer, score(case, answer, cited_sources=sources, bad_citations=bad)))
        if progress:
            progress(number, len(cases), case.id)
    return outcomes


def cited(runtime: Runtime, answer: Answer) -> tuple[set[str], int]:
    """Source ids behind everything the answer cites, and how many citations are bad."""
    wanted = [one for sentence in answer.sentences for one in sentence.evidence]
    known = evidence_store.get(runtime.shop, wanted)
    listed = {one.id for one in answer.evidence}
    bad = sum(1 for one in set(wanted) if one not in known or one not in listed)
    if answer.customers:
        theirs = [one for one in known.values() if one.event_kind != "total"]  # a figure of the shop is nobody's
        bad += sum(1 for one in theirs if one.customer_id not in answer.customers)
    event_ids = [event for one in wanted if (event := ids.event_of_evidence(one))]
    event_ids += [event for one in known.values() if one.kind == "summary" for event in expand(runtime.shop, one)]
    events = read.events_by_id(runtime.shop, event_ids)
    return {event.source_id for event in events.values() if event.source_id}, bad


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Figures of a run: shares right and refused, citations, seconds, and each failure with its reasons."""
    answerable = [one for one in outcomes if not one.case.expect.abstained]
    others = [one for one in outcomes if one.case.expect.abstained]
    seconds = sorted(one.answer.seconds for one in outcomes)
    first = [one.answer.first_sentence_seconds for one in answerable if one.answer.first_sentence_seconds is not None]
    cards = [one.answer.card_seconds for one in outcomes if one.answer.card_seconds is not None]
    return {
        "answerable": len(answerable),
        "right": sum(one.score.right for one in answerable),
        "unanswerable": len(others),
        "refused": sum(one.answer.abstained for one in others),
        "refused_with_the_right_reason": sum(one.score.right for one in others),
        "citations": sum(one.score.cited for one in outcomes),
        "bad_citations": sum(one.score.bad_citations for one in outcomes),
        "llm_calls": sum(one.answer.llm.calls for one in outcomes),
        "seconds_median": round(statistics.median(seconds), 3) if seconds else None,
        "seconds_max": round(seconds[-1], 3) if seconds else None,
        "asked_model_seconds_median": _median([one.answer.seconds for one in outcomes if one.answer.llm.calls]),
        "first_sentence_median": _median(first),
        "card_median": _median(cards),
        "failures": [
            {"id": one.case.id, "category": one.case.category, "why": list(one.score.why)}
            for one in outcomes
            if not one.score.right
        ],
    }


def _median(values: Sequence[float]) -> float | None:
    return round(statistics.median(values), 3) if values else None

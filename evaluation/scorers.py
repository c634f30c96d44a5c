"""Exact checks of one answer. Pure functions; a change of meaning changes the version."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from evaluation.suite import Case
from huaxiang.schema.answer import Answer

VERSION = 1


@dataclass(frozen=True)
class Score:
    """How one case went. `right` is the whole verdict; `why` says what was wrong, first fault first."""

    case_id: str
    right: bool
    why: tuple[str, ...]
    cited: int
    bad_citations: int
    seconds: float


def score(case: Case, answer: Answer, *, cited_sources: Collection[str], bad_citations: int) -> Score:
    """Judge an answer.

    Args:
        cited_sources: source ids of the events behind everything cited (a summary's events included).
        bad_citations: cited ids that do not exist or belong to a customer the answer is not about.
    """
    why = list(_abstention(case, answer))
    if not case.expect.abstained and not answer.abstained:
        why += [f"missing {wanted!r}" for wanted in case.expect.all if not _appears(wanted, answer.answer)]
        why += [f"contains {unwanted!r}" for unwanted in case.expect.none if _appears(unwanted, answer.answer)]
        if case.expect.cites and not set(case.expect.cites) & set(cited_sources):
            why.append("cites none of the expected records")
        if case.expect.customers and not set(case.expect.customers) & set(answer.customers):
            why.append(f"about {answer.customers}")
        if any(not sentence.evidence for sentence in answer.sentences):
            why.append("a sentence without evidence")
    if bad_citations:
        why.append(f"{bad_citations} bad citations")
    return Score(case.id, not why, tuple(why), len(answer.evidence), bad_citations, answer.seconds)


def _abstention(case: Case, answer: Answer) -> list[str]:
    if case.expect.abstained and not answer.abstained:
        return ["answered although it should not"]
    if answer.abstained and not case.expect.abstained:
        return [f"refused ({answer.reason})"]
    if case.expect.abstained and case.expect.reasons and answer.reason not in case.expect.reasons:
        return [f"refused for {answer.reason}, not {'/'.join(case.expect.reasons)}"]
    return []


def _appears(wanted: str | tuple[str, ...], text: str) -> bool:
    if not isinstance(wanted, str):
        return any(_appears(one, text) for one in wanted)
    if re.fullmatch(r"\d+(\.\d+)?", wanted):
        numbers = {_number(one) for one in re.findall(r"(?<![\d.-])\d[\d,]*(?:\.\d+)?(?![\d-])", text)}
        return _number(wanted) in numbers
    return wanted.lower() in text.lower()


def _number(text: str) -> float:
    return float(text.replace(",", ""))

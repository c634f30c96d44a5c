"""The last look before a sentence is shown: its evidence exists and belongs in scope, its quotes and numbers are in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from agent.answer.context import Statement
from agent.question.cues import gives_orders
from huaxiang.schema.evidence import Evidence

_QUOTE = re.compile(r"“(.+)”", re.DOTALL)
REMAINDER = 25
"""Characters below which what is left of a text that gives orders says nothing."""
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")


def problem(
    statement: Statement, evidence: Mapping[str, Evidence], *, customers: Iterable[str], names: Iterable[str]
) -> str | None:
    """Why this sentence may not be shown, or None when it may.

    Args:
        statement: what code rendered.
        evidence: the cited evidence that exists, by id.
        customers: the ids that the question is about; empty when it is about everyone.
        names: customers' names and item labels whose digits need no evidence.
    """
    if not statement.evidence:
        return "no-evidence"
    if any(one not in evidence for one in statement.evidence):
        return "unknown-evidence"
    allowed = set(customers)
    if allowed and any(evidence[one].customer_id not in allowed for one in statement.evidence):
        return "other-customer"
    sources = [_flat(part) for one in statement.evidence for part in _parts(evidence[one])]
    rest = statement.text
    quoted = _QUOTE.search(rest) if statement.kind in ("quote", "trait") else None
    if quoted:
        if not any(_flat(quoted.group(1)) in source for source in sources):
            return "quote-not-found"
        if gives_orders(quoted.group(1)):
            return "gives-orders"
        if len(quoted.group(1)) < REMAINDER and any(gives_orders(source) for source in sources):
            return "remainder-of-orders"
        rest = rest.replace(quoted.group(0), " ")
    known = " ".join(
        [*sources, *statement.figures, *allowed, *statement.evidence, *names, *_marks(evidence, statement.evidence)]
    )
    figures = set(_NUMBER.findall(known))
    for number in _NUMBER.findall(rest):
        if number not in figures and number.strip(".,:/-") not in known:
            return "number-not-found"
    return None


def span_of(quote: str, source: str) -> str:
    """The part of `source` that reads like `quote` (white space aside); the whole source when there is none."""
    pieces = [re.escape(piece) for piece in quote.split()]
    found = re.search(r"\s+".join(pieces), source) if pieces else None
    return found.group(0) if found else source


def quoted_words(text: str) -> str | None:
    """What stands between the quotation marks of a rendered sentence."""
    found = _QUOTE.search(text)
    return found.group(1) if found else None


def _flat(text: str) -> str:
    return " ".join(text.split())


def _parts(one: Evidence) -> list[str]:
    return [part for part in (one.clean, one.clean_en) if part]


def _marks(evidence: Mapping[str, Evidence], ids: Iterable[str]) -> list[str]:
    from datetime import UTC, datetime, timedelta

    marks = []
    for one in ids:
        found = evidence[one]
        if found.rating is not None:
            marks.append(f"{found.rating:g}")
        if found.item_id:
            marks.append(found.item_id)
        if found.occurred_at is not None:
            moment = datetime.fromtimestamp(found.occurred_at, tz=UTC)
            marks.extend((moment + timedelta(hours=shift)).date().isoformat() for shift in (-12, 0, 14))
    return marks

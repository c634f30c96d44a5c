"""Which of one customer's records likely answer the question, by the trained evidence reader (`huaxiang.text.reader`)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from agent.context import Context
from huaxiang import clock, ids
from huaxiang.errors import HuaxiangError
from huaxiang.schema.event import Event, Item
from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read, render
from huaxiang.text.reader import EvidenceReader, record_text

MOST = 24
"""Records read for the first time for one question: about 10 ms each on one core; those read before cost nothing."""
ROWS = frozenset(("order", "return", "cart", "ticket", "survey"))
"""Kinds of event without a text whose bare row may answer."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Likely:
    """A record and the probability that it answers; `evidence` is None for a bare row, which `evidence_id` cites."""

    evidence_id: str
    probability: float
    kind: str
    speaker: str
    item_id: str | None
    occurred_at: int | None
    evidence: Evidence | None


def reader_of(context: Context) -> EvidenceReader | None:
    """The reader, loaded on first use; None where the shop's encoder is not the one it was trained on."""
    cache = context.deps.cache
    if "evidence_reader" not in cache:
        cache["evidence_reader"] = None
        encoder = getattr(context.deps.index, "encoder", None)
        if encoder is not None and not str(getattr(encoder, "name", "hash")).startswith("hash"):
            try:
                cache["evidence_reader"] = EvidenceReader.load()
            except HuaxiangError as problem:
                _LOG.info("no evidence reader: %s", problem.code)
    found: EvidenceReader | None = cache["evidence_reader"]
    return found


def likely(context: Context) -> list[Likely]:
    """The customer's records with their probability, most likely first; [] without a reader."""
    key = f"likely:{context.customer_id}:{context.scope.rest}"
    if key not in context.memo:
        context.memo[key] = _likely(context)
    found: list[Likely] = context.memo[key]
    return found


def by_evidence(context: Context) -> dict[str, float]:
    """Probability by evidence id."""
    return {one.evidence_id: one.probability for one in likely(context)}


def _likely(context: Context) -> list[Likely]:
    reader, asked = reader_of(context), " ".join(context.scope.rest.split())
    if reader is None or not asked:
        return []
    shop, span = context.deps.shop, context.span
    since = clock.start_of_day(span.since, shop.tz) if span and span.since else None
    until = clock.end_of_day(span.until, shop.tz) if span and span.until else None
    events = read.events_of(shop, context.customer_id, since=since, until=until, limit=1000)
    texts = {
        one.event_id: one
        for one in evidence_store.texts_of(shop, context.customer_id, since=since, until=until, limit=1000)
    }
    items = read.items_by_id(shop, {event.item_id for event in events if event.item_id})
    rows = [
        (event, texts.get(event.event_id), wording(event, items.get(event.item_id or ""), texts.get(event.event_id)))
        for event in events
        if event.event_id in texts or event.kind in ROWS
    ]
    rows = _plausible(context, reader, rows)
    chances = reader.probabilities(asked, [words for *_, words in rows]).tolist()
    found = [
        Likely(
            text.evidence_id if text else ids.record_evidence_id(event.event_id), chance, event.kind, event.speaker,
            event.item_id, event.occurred_at, text,
        )
        for (event, text, _), chance in zip(rows, chances, strict=True)
    ]  # fmt: skip
    return sorted(found, key=lambda one: -one.probability)


_Row = tuple[Event, Evidence | None, str]


def _plausible(context: Context, reader: EvidenceReader, rows: list[_Row]) -> list[_Row]:
    """All that was read before, and of the others those nearest in meaning, rows by the question's words."""
    fresh = [row for row in rows if not reader.knows(row[2])]
    if len(fresh) <= MOST:
        return rows
    matches: Any = getattr(context.deps.index, "matches", None)
    found = matches(context.scope.rest, customer_id=context.customer_id) if matches else []
    near = {one.evidence_id: float(one.meaning or 0.0) for one in found}

    def worth(row: _Row) -> float:
        _, text, words = row
        if text is not None:
            return near.get(text.evidence_id, 0.0)
        return 0.7 + 0.1 * sum(word in words.lower() for word in context.topic)

    chosen = {id(row) for row in sorted(fresh, key=worth, reverse=True)[:MOST]}
    return [row for row in rows if reader.knows(row[2]) or id(row) in chosen]


def wording(event: Event, item: Item | None, text: Evidence | None) -> str:
    """An event as the reader sees it."""
    names = " / ".join(dict.fromkeys(one for one in ((item.title, item.title_en) if item else ()) if one))
    facts = ""
    if text is None and event.amount_minor is not None:
        facts += " | " + render.money(event.amount_minor, event.currency)
    if text is None and event.status:
        facts += " | " + event.status
    return record_text(
        event.kind, text.clean if text else "", staff=event.speaker == "staff", item=names or event.item_id or "",
        rating=event.rating, facts=facts,
    )  # fmt: skip

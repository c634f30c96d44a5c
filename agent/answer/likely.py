"""Which of one customer's records likely answer the question, by the trained evidence reader (`huaxiang.text.reader`)."""

from __future__ import annotations

import logging
import math
import threading
from dataclasses import dataclass
from typing import Any

from agent.answer.context import Context
from huaxiang import clock, ids
from huaxiang.errors import HuaxiangError
from huaxiang.models.cards import ENCODER
from huaxiang.schema.event import Event, Item
from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read, render
from huaxiang.text.reader import EvidenceReader, record_text
from tools.base import Deps

MOST = 24
"""Records read for one question: about 10 ms each on one core; those read before cost nothing."""
ROWS = frozenset(("order", "return", "cart", "ticket", "survey"))
"""Kinds of event without a text whose bare row may answer."""
SURE = 0.5
"""Probability above which a text answers though no other sign says so: more likely than not."""
MAYBE = 0.16
"""Probability that counts for one shared word, where the item or another word already fits. Chosen on dev4 and dev6."""
TOO = 0.12
"""Probability from which a text is quoted beside one that answers."""
DOUBT = 0.01
"""Probability below which a shared word is an accident: the text does not answer alone."""
NEAR, NEARISH = 0.885, 0.84
"""Cosines of e5 that stand in for `SURE` and `MAYBE` where there is no reader; set by hand, not calibrated."""
_LOADING = threading.Lock()
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


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text's meaning says: does it answer by itself, beside others, does it help or speak against, and its weight."""

    enough: bool
    too: bool
    helps: bool
    against: bool
    score: float

    @classmethod
    def of_chance(cls, chance: float) -> Meaning:
        """By the reader's probability."""
        odds = math.log(max(chance, 1e-4) / max(1 - chance, 1e-4))
        return cls(chance >= SURE, chance >= TOO, chance >= MAYBE, chance < DOUBT, 0.5 * max(-4.0, odds) + 2.0)

    @classmethod
    def of_cosine(cls, near: float) -> Meaning:
        """By the encoder's cosine alone."""
        return cls(near >= NEAR, False, near >= NEARISH, False, max(0.0, near - 0.78) * 8)


def fits(deps: Deps) -> bool:
    """Whether the shop's encoder is the one that the reader was trained on; it may arrive later."""
    return getattr(getattr(deps.index, "encoder", None), "name", "") == ENCODER


def load(deps: Deps) -> EvidenceReader | None:
    """The reader, loaded on first use; None while the shop's encoder is not the one it was trained on."""
    if not fits(deps):
        return None
    with _LOADING:
        if "evidence_reader" not in deps.cache:
            try:
                deps.cache["evidence_reader"] = EvidenceReader.load()
            except HuaxiangError as problem:
                _LOG.info("no evidence reader: %s", problem.code)
                deps.cache["evidence_reader"] = None
    found: EvidenceReader | None = deps.cache["evidence_reader"]
    return found


def likely(context: Context) -> list[Likely]:
    """The customer's records with their probability, most likely first; [] without a reader."""
    key = f"likely:{context.customer_id}"
    if key not in context.memo:
        context.memo[key] = _likely(context)
    found: list[Likely] = context.memo[key]
    return found


def by_evidence(context: Context) -> dict[str, float]:
    """Probability by evidence id."""
    return {one.evidence_id: one.probability for one in likely(context)}


def is_said(context: Context, *, least: float = 0.6) -> bool:
    """Whether some text of the only customer in question surely answers."""
    if len(context.scope.customers) != 1:
        return False
    context.customer_id = context.scope.customers[0]
    return any(one.probability >= least and one.evidence is not None for one in likely(context)[:3])


def best(context: Context, texts: list[str]) -> int:
    """The place of the text that most likely answers, among pieces of one record; 0 without a reader."""
    reader = load(context.deps)
    if reader is None or len(texts) < 2:
        return 0
    return int(reader.probabilities(context.asked, [record_text("message", one) for one in texts]).argmax())


def _likely(context: Context) -> list[Likely]:
    reader, asked = load(context.deps), context.asked
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
    rows = _plausible(context, rows)
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


def _plausible(context: Context, rows: list[_Row]) -> list[_Row]:
    """At most `MOST`: texts by their nearness in meaning, bare rows by the question's words."""
    if len(rows) <= MOST:
        return rows
    matches: Any = getattr(context.deps.index, "matches", None)
    found = matches(context.asked, customer_id=context.customer_id) if matches else []
    near = {one.evidence_id: float(one.meaning or 0.0) for one in found}

    def worth(row: _Row) -> float:
        _, text, words = row
        if text is not None:
            return near.get(text.evidence_id, 0.0)
        return 0.7 + 0.1 * sum(word in words.lower() for word in context.topic)

    return sorted(rows, key=worth, reverse=True)[:MOST]


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

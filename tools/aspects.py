"""What a customer, or all customers of a product, say of each aspect, with the sentences."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from huaxiang import clock
from huaxiang.errors import ToolInputError
from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store
from huaxiang.store import tables as t
from huaxiang.text.aspects_read import AspectOpinion, read_aspects
from huaxiang.text.taxonomy import ASPECTS
from tools.base import Deps, ToolArgs, ToolResult, ToolSpec

KINDS = ("review", "message", "ticket", "survey", "return")


class Args(ToolArgs):
    """Whose texts or which product's, on which aspect, between which days."""

    customer_id: str | None = Field(None, max_length=120, description="one customer's texts")
    item_id: str | None = Field(
        None, max_length=120, description="texts about one product; with no customer: everybody's"
    )
    aspect: str | None = Field(None, description="one aspect, e.g. delivery, battery; omit for all")
    since: date | None = None
    until: date | None = None
    limit: int = Field(200, ge=1, le=2000, description="how many texts to read, newest first")


class Said(BaseModel):
    """One judgement of an aspect. `start`…`end` is the clause in `evidence.clean`, `term` the words for the aspect."""

    model_config = ConfigDict(frozen=True)
    evidence: Evidence
    aspect: str
    start: int
    end: int
    term: str
    label: str
    polarity: float
    flags: tuple[str, ...] = ()

    @property
    def quote(self) -> str:
        """The clause that carries the opinion."""
        return self.evidence.clean[self.start : self.end]


class Count(BaseModel):
    """How often an aspect is judged well, ill and neither."""

    model_config = ConfigDict(frozen=True)
    aspect: str
    positive: int
    neutral: int
    negative: int


class Result(ToolResult):
    """Judgements newest first, and counts, the most complained of first."""

    said: tuple[Said, ...] = ()
    counts: tuple[Count, ...] = ()

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """A line an aspect, then one quote a line."""
        names = {key: label[language if language in ("zh", "en") else "en"] for key, label in ASPECTS.items()}
        head = [f"{names.get(c.aspect, c.aspect)}: +{c.positive} ={c.neutral} -{c.negative}" for c in self.counts]
        quotes = [
            f"[{one.evidence.evidence_id}] {names.get(one.aspect, one.aspect)} {one.label}: {one.quote}"
            for one in self.said
        ]
        return "\n".join([*head, *quotes])[:max_chars]


def aspects(args: Args, deps: Deps) -> Result:
    """Tell what is praised and what is complained of, aspect by aspect, by a customer or about a product, with quotes.

    Use it for likes and dislikes in detail: delivery, quality, price, fit, service, battery, taste and so on.
    """
    if args.customer_id is None and args.item_id is None:
        raise ToolInputError("whose texts?", hint="give customer_id, item_id or both")
    if args.aspect is not None and args.aspect not in ASPECTS:
        raise ToolInputError(f"no aspect {args.aspect!r}", hint=f"use one of: {', '.join(ASPECTS)}")
    texts = _texts(args, deps)
    said = [
        _said(text, one)
        for text, opinions in zip(texts, read_aspects([text.clean for text in texts]), strict=True)
        for one in opinions
        if args.aspect is None or one.aspect == args.aspect
    ]
    return Result(
        said=tuple(said),
        counts=_counts(said),
        evidence=tuple(dict.fromkeys(one.evidence.evidence_id for one in said)),
        truncated=len(texts) == args.limit,
    )


def _texts(args: Args, deps: Deps) -> list[Evidence]:
    shop = deps.shop
    since = clock.start_of_day(args.since, shop.tz) if args.since else None
    until = min(clock.end_of_day(args.until, shop.tz), deps.now) if args.until else deps.now
    if args.customer_id is not None:
        found = evidence_store.texts_of(
            shop, args.customer_id, kinds=KINDS, item_id=args.item_id, since=since, until=until, limit=args.limit
        )
    else:
        v, e = t.evidence.c, t.events.c
        query = (
            sa.select(v.evidence_id)
            .select_from(t.evidence.join(t.events, v.event_id == e.event_id))
            .where(v.kind == "text", e.item_id == args.item_id, e.kind.in_(KINDS), e.speaker == "customer")
            .where(sa.or_(v.occurred_at.is_(None), v.occurred_at <= until))
            .order_by(v.occurred_at.desc().nulls_last(), v.evidence_id)
            .limit(args.limit)
        )
        if since is not None:
            query = query.where(v.occurred_at >= since)
        with shop.engine.connect() as connection:
            found = list(evidence_store.get(shop, list(connection.scalars(query))).values())
    return [one for one in found if one.speaker == "customer" and one.clean.strip()]


def _said(text: Evidence, one: AspectOpinion) -> Said:
    return Said(
        evidence=text,
        aspect=one.aspect,
        start=one.clause.start,
        end=one.clause.end,
        term=one.term.text,
        label=one.label,
        polarity=one.polarity,
        flags=one.flags,
    )


def _counts(said: list[Said]) -> tuple[Count, ...]:
    tally: dict[str, dict[str, int]] = {}
    for one in said:
        mine = tally.setdefault(one.aspect, {"positive": 0, "neutral": 0, "negative": 0})
        mine[one.label] += 1
    order = sorted(tally, key=lambda name: (-tally[name]["negative"], -sum(tally[name].values()), name))
    return tuple(Count(aspect=name, **tally[name]) for name in order)


SPEC = ToolSpec(name="aspects", effect="read", args=Args, run=aspects)

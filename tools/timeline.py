"""What happened with one customer and when, filtered, with exact totals over everything that matches."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from huaxiang import clock, ids
from huaxiang.schema.event import Event, EventKind, Item
from huaxiang.store import read, render
from huaxiang.store import tables as t
from tools.base import Deps, ToolArgs, ToolResult, ToolSpec


class Args(ToolArgs):
    """Whose events, which, and how many to show."""

    customer_id: str = Field(min_length=1, max_length=120)
    kinds: tuple[EventKind, ...] = Field((), description="only these kinds; empty: all")
    since: date | None = Field(None, description="first day, in the shop's calendar")
    until: date | None = Field(None, description="last day, in the shop's calendar")
    item_ids: tuple[str, ...] = Field((), description="only events on these items")
    order_id: str | None = None
    limit: int = Field(20, ge=1, le=20_000)
    newest_first: bool = True


class Totals(BaseModel):
    """Exact figures over all matching events, not only those shown. Money is minor units by currency."""

    model_config = ConfigDict(frozen=True)
    events: int = 0
    orders: int = 0
    quantity: float | None = None
    amount_minor: dict[str, int] = Field(default_factory=dict)
    discount_minor: dict[str, int] = Field(default_factory=dict)
    mean_rating: float | None = None
    first_at: int | None = None
    last_at: int | None = None


class Entry(BaseModel):
    """One event with its record's sentence in both languages."""

    model_config = ConfigDict(frozen=True)
    event: Event
    item: Item | None
    evidence_id: str
    zh: str
    en: str


class Result(ToolResult):
    """Entries in the order asked, and totals."""

    entries: tuple[Entry, ...] = ()
    totals: Totals = Totals()

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """One event a line with its evidence id."""
        lines = [f"[{one.evidence_id}] {one.zh if language == 'zh' else one.en}" for one in self.entries]
        return "\n".join(lines)[:max_chars]


def timeline(args: Args, deps: Deps) -> Result:
    """List what happened with a customer: orders, returns, views, messages, tickets, with dates and amounts.

    Use it for last and first, for what was bought when, and for counts or sums between two dates.
    """
    shop = deps.shop
    since = clock.start_of_day(args.since, shop.tz) if args.since else None
    until = clock.end_of_day(args.until, shop.tz) if args.until else None
    events = read.events_of(
        shop, args.customer_id, kinds=args.kinds or None, since=since, until=until, newest_first=args.newest_first
    )
    if until is not None:
        events = [one for one in events if one.occurred_at is not None]
    if args.item_ids:
        wanted = set(args.item_ids)
        events = [one for one in events if one.item_id in wanted]
    if args.order_id:
        events = [one for one in events if one.order_id == args.order_id]
    shown = events[: args.limit]
    items = read.items_by_id(shop, (one.item_id for one in shown if one.item_id))
    texts = _texts(deps, [one.event_id for one in shown if one.has_text])
    entries = []
    for one in shown:
        item = items.get(one.item_id or "")
        record_id = ids.record_evidence_id(one.event_id)
        entries.append(
            Entry(
                event=one,
                item=item,
                evidence_id=texts.get(one.event_id, record_id) if one.kind not in ("order", "return") else record_id,
                zh=render.record(one, item, shop.tz, "zh"),
                en=render.record(one, item, shop.tz, "en"),
            )
        )
    return Result(
        entries=tuple(entries),
        totals=totals_of(events),
        evidence=tuple(entry.evidence_id for entry in entries),
        truncated=len(events) > args.limit,
    )


def totals_of(events: list[Event]) -> Totals:
    """Exact totals; amounts are never added across currencies, unknown amounts are left out."""
    amounts: dict[str, int] = {}
    discounts: dict[str, int] = {}
    for one in events:
        if one.kind in ("order", "return"):
            if one.amount_minor is not None:
                amounts[one.currency or ""] = amounts.get(one.currency or "", 0) + one.amount_minor
            if one.discount_minor:
                discounts[one.currency or ""] = discounts.get(one.currency or "", 0) + one.discount_minor
    times = [one.occurred_at for one in events if one.occurred_at is not None]
    ratings = [one.rating for one in events if one.rating is not None]
    quantities = [one.quantity for one in events if one.quantity is not None]
    return Totals(
        events=len(events),
        orders=len({one.order_id or f"@{one.occurred_at}" for one in events if one.kind == "order"}),
        quantity=sum(quantities) if quantities else None,
        amount_minor=amounts,
        discount_minor=discounts,
        mean_rating=sum(ratings) / len(ratings) if ratings else None,
        first_at=min(times) if times else None,
        last_at=max(times) if times else None,
    )


def _texts(deps: Deps, event_ids: list[str]) -> dict[str, str]:
    if not event_ids:
        return {}
    c = t.evidence.c
    with deps.shop.engine.connect() as connection:
        rows = connection.execute(
            sa.select(c.event_id, c.evidence_id).where(c.event_id.in_(event_ids), c.kind == "text")
        )
        return {row.event_id: row.evidence_id for row in rows}


SPEC = ToolSpec(name="timeline", effect="read", args=Args, run=timeline)

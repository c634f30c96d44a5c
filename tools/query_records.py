"""Counts, sums, means and extremes over dated records, grouped as asked: one customer's, several or everyone's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from huaxiang import clock, ids
from huaxiang.features.wording import CATEGORY_ZH, brand_en
from huaxiang.schema.event import EventKind
from huaxiang.store import render
from huaxiang.store import tables as t
from tools.base import Deps, ToolArgs, ToolResult, ToolSpec

GroupBy = Literal["customer", "item", "category", "brand", "color", "city", "order", "record", "month", "quarter", "year", "weekday", "all"]  # fmt: skip
Measure = Literal["events", "orders", "quantity", "amount", "unit_price", "discount", "rating", "threads"]
_WEEKDAYS = {
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_OF_ITEM = {"item", "category", "brand", "color"}
_OF_MONEY = {"amount", "unit_price", "discount"}
_CITED = 60
"""Events cited for one group; its figure is computed over all of them."""


class Args(ToolArgs):
    """Which records, how to group them, and what to compute of each group."""

    customer_ids: tuple[str, ...] = Field((), description="only these customers; empty: everyone")
    kinds: tuple[EventKind, ...] = Field(("order",), min_length=1)
    since: date | None = None
    until: date | None = None
    item_ids: tuple[str, ...] = Field((), description="only records on these items")
    order_id: str | None = None
    rating_min: float | None = None
    rating_max: float | None = None
    amount_min: float | None = Field(None, description="line amounts from here on, in major units")
    amount_max: float | None = None
    whole_orders: bool = Field(False, description="the amounts bound whole orders, not their lines")
    currency: str | None = Field(None, description="for money; the commonest one when omitted")
    status: str | None = None
    discounted: bool | None = None
    group_by: GroupBy = "customer"
    measure: Measure = "events"
    descending: bool = True
    limit: int = Field(10, ge=1, le=500)


class Group(BaseModel):
    """One group: its key, what to call it, its figure and the records behind it, newest first."""

    model_config = ConfigDict(frozen=True)
    key: str
    zh: str
    en: str
    value: float
    records: int
    customers: tuple[str, ...]
    first_at: int | None
    last_at: int | None
    item_id: str | None = None
    order_id: str | None = None
    event_ids: tuple[str, ...]
    evidence: tuple[str, ...]


class Result(ToolResult):
    """Groups in the order asked; `groups` counts all of them, `records` all matching records."""

    rows: tuple[Group, ...] = ()
    groups: int = 0
    records: int = 0
    currency: str | None = None

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """One group a line: name, figure, number of records."""
        lines = [f"{row.zh if language == 'zh' else row.en}: {row.value:g} ({row.records})" for row in self.rows]
        return "\n".join([f"{self.groups} / {self.records}", *lines])[:max_chars]


@dataclass
class _Bucket:
    rows: list[Any] = field(default_factory=list)


def query_records(args: Args, deps: Deps) -> Result:
    """Compute a figure over records: how many, how much, highest, lowest, by month, by product, by customer.

    Use it for "which month most", "most expensive", "who returned it", "lowest rated product", and any count under conditions.
    """
    rows = _rows(args, deps)
    if args.status and "ticket" in args.kinds:
        rows = _last_said(rows, args.status)
    currency: str | None = None
    if args.measure in _OF_MONEY or args.amount_min is not None or args.amount_max is not None:
        currency = args.currency or _commonest(rows)
        rows = [row for row in rows if row.currency == currency and row.amount_minor is not None]
        rows = _of_amount(rows, args, 10 ** render.exponent(currency))
    buckets: dict[str, _Bucket] = {}
    for row in rows:
        key = _key(row, args.group_by, deps.shop.tz)
        if key is not None:
            buckets.setdefault(key, _Bucket()).rows.append(row)
    groups = []
    for key, bucket in buckets.items():
        value = _value(bucket.rows, args.measure, currency)
        if value is not None:
            groups.append(_group(key, bucket.rows, value, args.group_by))
    groups.sort(key=lambda one: (-one.value if args.descending else one.value, -(one.last_at or 0), one.key))
    shown = groups[: args.limit]
    return Result(
        rows=tuple(shown), groups=len(groups), records=len(rows), currency=currency, truncated=len(groups) > len(shown),
        evidence=tuple(dict.fromkeys(one for group in shown for one in group.evidence)),
    )  # fmt: skip


def _rows(args: Args, deps: Deps) -> Sequence[Any]:
    e, i, c = t.events.c, t.items.c, t.customers.c
    query = (
        sa.select(
            e.event_id, e.customer_id, e.kind, e.occurred_at, e.order_id, e.item_id, e.quantity, e.amount_minor, e.discount_minor,
            e.currency, e.rating, e.speaker, e.has_text, e.status, i.title, i.title_en, i.brand, i.category, i.color, c.name, c.city,
        )
        .select_from(t.events.outerjoin(t.items, e.item_id == i.item_id).outerjoin(t.customers, e.customer_id == c.customer_id))
        .where(e.kind.in_(args.kinds))
        .order_by(e.occurred_at.desc().nulls_last(), e.event_id)
    )  # fmt: skip
    if args.customer_ids:
        query = query.where(e.customer_id.in_(args.customer_ids))
    if args.item_ids:  # a ticket or message may name only the order
        lines = sa.select(e.order_id).where(e.kind == "order", e.item_id.in_(args.item_ids), e.order_id.is_not(None))
        query = query.where(sa.or_(e.item_id.in_(args.item_ids), sa.and_(e.item_id.is_(None), e.order_id.in_(lines))))
    if args.since:
        query = query.where(e.occurred_at >= clock.start_of_day(args.since, deps.shop.tz))
    if args.until:
        query = query.where(e.occurred_at <= clock.end_of_day(args.until, deps.shop.tz))
    if args.order_id:
        query = query.where(e.order_id == args.order_id)
    if args.rating_min is not None:
        query = query.where(e.rating >= args.rating_min)
    if args.rating_max is not None:
        query = query.where(e.rating <= args.rating_max)
    if args.status and "ticket" not in args.kinds:
        query = query.where(e.status == args.status)
    if args.discounted is not None:
        off = sa.func.coalesce(e.discount_minor, 0) > 0
        query = query.where(off if args.discounted else sa.not_(off))
        if not args.discounted and (
            args.whole_orders or args.measure == "orders"
        ):  # one line with a discount is enough
            cut = t.events.alias()
            had = sa.select(cut.c.order_id).where(cut.c.discount_minor > 0, cut.c.order_id.is_not(None))
            query = query.where(sa.or_(e.order_id.is_(None), e.order_id.not_in(had)))
    with deps.shop.engine.connect() as connection:
        return connection.execute(query).all()


def _of_amount(rows: Sequence[Any], args: Args, scale: int) -> Sequence[Any]:
    """The rows (of one currency) whose own amount, or whose order's, lies within the bounds asked."""
    if args.amount_min is None and args.amount_max is None:
        return rows
    sums: dict[str, int] = {}
    for row in rows:
        key = _order_of(row) if args.whole_orders else row.event_id
        sums[key] = sums.get(key, 0) + row.amount_minor
    low = -1.0 if args.amount_min is None else args.amount_min * scale
    high = float("inf") if args.amount_max is None else args.amount_max * scale
    fit = {key for key, minor in sums.items() if low <= minor <= high}
    return [row for row in rows if (_order_of(row) if args.whole_orders else row.event_id) in fit]


def _order_of(row: Any) -> str:
    return str(row.order_id or f"@{row.customer_id}{row.occurred_at}")


def _last_said(rows: Sequence[Any], status: str) -> list[Any]:
    """Tickets whose newest word has this status; what was open before it was solved is not open."""
    newest: dict[tuple[str, str], str | None] = {}
    for row in rows:  # newest first
        newest.setdefault(_thread_of(row), row.status)
    return [row for row in rows if newest[_thread_of(row)] == status]


def _thread_of(row: Any) -> tuple[str, str]:
    """What a ticket and the answers to it share."""
    return row.customer_id, row.order_id or row.item_id or "-"


def currencies(deps: Deps) -> list[str]:
    """Currencies that the shop's orders were paid in, the commonest first."""
    e = t.events.c
    query = sa.select(e.currency).where(e.kind == "order", e.currency.is_not(None)).group_by(e.currency)
    with deps.shop.engine.connect() as connection:
        return [str(one) for one in connection.scalars(query.order_by(sa.func.count().desc()))]


def _commonest(rows: Iterable[Any]) -> str | None:
    counts: dict[str | None, int] = {}
    for row in rows:
        if row.amount_minor is not None:
            counts[row.currency] = counts.get(row.currency, 0) + 1
    return max(counts, key=lambda one: counts[one]) if counts else None


def _key(row: Any, by: GroupBy, tz: ZoneInfo) -> str | None:
    """The group a record belongs to; None when the record does not say."""
    if by == "record":
        return str(row.event_id)
    if by == "customer":
        return str(row.customer_id)
    if by == "order":
        return _order_of(row)
    if by == "all":
        return "all"
    if by == "item":
        return str(row.item_id) if row.item_id else None
    if by in ("category", "brand", "color", "city"):
        value = getattr(row, by)
        return str(value) if value else None
    if row.occurred_at is None:
        return None
    moment = datetime.fromtimestamp(row.occurred_at, tz=tz)
    if by == "weekday":
        return str(moment.weekday())
    if by == "year":
        return f"{moment:%Y}"
    return f"{moment:%Y-%m}" if by == "month" else f"{moment.year} Q{(moment.month + 2) // 3}"


def _value(rows: list[Any], measure: Measure, currency: str | None) -> float | None:
    if measure == "events":
        return float(len(rows))
    if measure == "orders":
        return float(len({_order_of(row) for row in rows}))
    if (
        measure == "threads"
    ):  # a ticket, whatever was written in it; where nothing joins its parts, what customers wrote
        joined = {_thread_of(row) for row in rows if row.order_id or row.item_id}
        return float(len(joined) + sum(not (row.order_id or row.item_id) and row.speaker == "customer" for row in rows))
    if measure == "quantity":
        known = [row.quantity for row in rows if row.quantity is not None]
        return float(sum(known)) if known else float(len(rows))
    if measure == "rating":
        rated = [row.rating for row in rows if row.rating is not None]
        return sum(rated) / len(rated) if rated else None
    scale = 10 ** render.exponent(currency)
    if measure == "unit_price":
        prices = [row.amount_minor / (row.quantity or 1) for row in rows if row.amount_minor is not None]
        return float(max(prices)) / scale if prices else None
    column = "amount_minor" if measure == "amount" else "discount_minor"
    amounts = [getattr(row, column) for row in rows if getattr(row, column) is not None]
    return sum(amounts) / scale if amounts else None


def _group(key: str, rows: list[Any], value: float, by: GroupBy) -> Group:
    times = [row.occurred_at for row in rows if row.occurred_at is not None]
    first = rows[0]
    zh, en = _labels(key, rows, by)
    return Group(
        key=key, zh=zh, en=en, value=value, records=len(rows), customers=tuple(dict.fromkeys(row.customer_id for row in rows)),
        first_at=min(times, default=None), last_at=max(times, default=None),
        item_id=first.item_id if len({row.item_id for row in rows}) == 1 else None, order_id=first.order_id if by in ("order", "record") else None,
        event_ids=tuple(row.event_id for row in rows), evidence=tuple(ids.record_evidence_id(row.event_id) for row in rows[:_CITED]),
    )  # fmt: skip


def _labels(key: str, rows: list[Any], by: GroupBy) -> tuple[str, str]:
    row = rows[0]
    if by == "brand":
        return key, brand_en(key, {(one.title or "", one.title_en or "") for one in rows})
    if by == "customer":
        return (f"{row.name}（{key}）", f"{row.name} ({key})") if row.name else (key, key)
    if by in ("item", "record"):
        return row.title or row.title_en or row.item_id or key, row.title_en or row.title or row.item_id or key
    if by == "category":
        return CATEGORY_ZH.get(key, key), key
    if by == "weekday":
        return _WEEKDAYS["zh"][int(key)], _WEEKDAYS["en"][int(key)]
    if by == "order":
        return (f"订单 {row.order_id}", f"order {row.order_id}") if row.order_id else ("订单", "order")
    return key, key


SPEC = ToolSpec(name="query_records", effect="read", args=Args, run=query_records)

"""The records that a filter lets through, read with one query a kind; the only place where the conditions are applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from huaxiang import clock
from huaxiang.store import render
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from huaxiang.totals.filter import Filter

_E, _I, _C = t.events.c, t.items.c, t.customers.c
COLUMNS = (
    _E.event_id, _E.customer_id, _E.kind, _E.occurred_at, _E.order_id, _E.item_id, _E.quantity, _E.amount_minor, _E.discount_minor,
    _E.currency, _E.rating, _E.speaker, _E.status, _I.title, _I.title_en, _I.brand, _I.category, _C.name, _C.city,
)  # fmt: skip


def of_kind(shop: Shop, kind: str, f: Filter) -> Sequence[Any]:
    """Records of one kind under the filter, newest first; with days set, records without a date are not among them."""
    query = _plain(kind, f)
    if f.since:
        query = query.where(_E.occurred_at >= clock.start_of_day(f.since, shop.tz))
    if f.until:
        query = query.where(_E.occurred_at <= clock.end_of_day(f.until, shop.tz))
    if f.currency:
        query = query.where(_E.currency == f.currency)
    if f.rating_min is not None:
        query = query.where(_E.rating >= f.rating_min)
    if f.rating_max is not None:
        query = query.where(_E.rating <= f.rating_max)
    if f.discounted is not None:
        cut = t.events.alias()
        had = sa.select(cut.c.order_id).where(
            cut.c.kind == "order", cut.c.discount_minor > 0, cut.c.order_id.is_not(None)
        )
        lines = sa.or_(sa.func.coalesce(_E.discount_minor, 0) > 0, _E.order_id.in_(had))
        query = query.where(lines if f.discounted else sa.not_(sa.func.coalesce(lines, sa.false())))
    with shop.engine.connect() as connection:
        rows = connection.execute(query).all()
    return _of_amount(rows, f) if f.bounds_money else rows


def _plain(kind: str, f: Filter) -> sa.Select[Any]:
    """The query with the conditions on who and what, without those on when and how much."""
    query = (
        sa.select(*COLUMNS)
        .select_from(t.events.outerjoin(t.items, _E.item_id == _I.item_id).outerjoin(t.customers, _E.customer_id == _C.customer_id))
        .where(_E.kind == kind)
        .order_by(_E.occurred_at.desc().nulls_last(), _E.event_id)
    )  # fmt: skip
    if f.customers:
        query = query.where(_E.customer_id.in_(f.customers))
    if f.cities:
        query = query.where(_C.city.in_(f.cities))
    if f.not_cities:
        query = query.where(sa.or_(_C.city.is_(None), _C.city.not_in(f.not_cities)))
    if f.channel:
        query = query.where(_E.channel == f.channel)
    if f.of_items:
        query = query.where(_on_items(kind, f))
    return query


def item_ids(f: Filter) -> sa.Select[Any]:
    """The items that the filter lets through."""
    query = sa.select(_I.item_id)
    wanted = [c for c in (_I.category.in_(f.categories) if f.categories else None, _I.brand.in_(f.brands) if f.brands else None, _I.item_id.in_(f.items) if f.items else None) if c is not None]  # fmt: skip
    if wanted:
        query = query.where(sa.or_(*wanted))
    if f.not_categories:
        query = query.where(sa.or_(_I.category.is_(None), _I.category.not_in(f.not_categories)))
    if f.not_brands:
        query = query.where(sa.or_(_I.brand.is_(None), _I.brand.not_in(f.not_brands)))
    return query.where(_I.item_id.not_in(f.not_items)) if f.not_items else query


def _on_items(kind: str, f: Filter) -> sa.ColumnElement[bool]:
    """Records on these items; a ticket or a message may name only the order."""
    chosen = item_ids(f)
    if kind not in ("ticket", "message"):
        return _E.item_id.in_(chosen)
    line = t.events.alias()
    orders = sa.select(line.c.order_id).where(
        line.c.kind == "order", line.c.item_id.in_(chosen), line.c.order_id.is_not(None)
    )
    return sa.or_(_E.item_id.in_(chosen), sa.and_(_E.item_id.is_(None), _E.order_id.in_(orders)))


def order_of(row: Any) -> str:
    """What the lines of one order share."""
    return str(row.order_id or f"@{row.customer_id}{row.occurred_at}")


def _of_amount(rows: Sequence[Any], f: Filter) -> Sequence[Any]:
    """The rows (of one currency) whose order's amount lies within the bounds."""
    scale = 10 ** render.exponent(f.currency)
    sums: dict[str, int] = {}
    for row in rows:
        sums[order_of(row)] = sums.get(order_of(row), 0) + (row.amount_minor or 0)
    low = float("-inf") if f.amount_min is None else round(f.amount_min * scale)
    high = float("inf") if f.amount_max is None else round(f.amount_max * scale)
    fit = {key for key, minor in sums.items() if (low < minor < high if f.strict else low <= minor <= high)}
    return [row for row in rows if order_of(row) in fit]


@dataclass(frozen=True)
class Thread:
    """A ticket with whatever was written in it, newest first; it was opened when its first word was said."""

    rows: tuple[Any, ...]

    @property
    def opened_at(self) -> int | None:
        """When it began."""
        times = [row.occurred_at for row in self.rows if row.occurred_at is not None]
        return min(times, default=None)

    @property
    def status(self) -> str | None:
        """What its newest word says of its state."""
        return next((row.status for row in self.rows if row.status), None)


def threads(shop: Shop, f: Filter) -> list[Thread]:
    """Tickets that were opened within the days of the filter, with all that was written in them."""
    with shop.engine.connect() as connection:
        rows = connection.execute(_plain("ticket", f)).all()
    joined: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        if row.order_id or row.item_id:
            joined.setdefault((row.customer_id, row.order_id or row.item_id), []).append(row)
        elif row.speaker == "customer":  # nothing joins it with its answers
            joined[row.customer_id, row.event_id] = [row]
    low = clock.start_of_day(f.since, shop.tz) if f.since else None
    high = clock.end_of_day(f.until, shop.tz) if f.until else None
    found = [Thread(tuple(own)) for own in joined.values()]
    return [
        one
        for one in found
        if (low is None and high is None)
        or (
            one.opened_at is not None
            and (low is None or one.opened_at >= low)
            and (high is None or one.opened_at <= high)
        )
    ]

"""Queries over customers, items, events and evidence. All return schema models or polars tables; none writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from huaxiang.schema.event import Customer, Event, Item
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

if TYPE_CHECKING:
    import polars as pl

_CHUNK = 500

EVENT_FRAME_SCHEMA: dict[str, Any] = {
    "event_id": str, "customer_id": str, "kind": str, "occurred_at": int, "item_id": str,
    "order_id": str, "quantity": float, "amount_minor": int, "discount_minor": int,
    "currency": str, "rating": float, "speaker": str, "status": str, "has_text": int,
    "flags": str, "title": str, "title_en": str, "brand": str, "category": str,
    "color": str, "price_minor": int,
}  # fmt: skip
"""Columns and their types (polars: String, Int64, Float64)."""


def event_frame(shop: Shop, *, customer_ids: Sequence[str] | None = None, until: int | None = None) -> pl.DataFrame:
    """Events joined with their items, columns `EVENT_FRAME_SCHEMA`, sorted by customer and time (undated last).

    Args:
        customer_ids: only these; all when None.
        until: ignore events after this instant (epoch seconds); undated events are kept.
    """
    e, i = t.events.c, t.items.c
    import polars as pl  # here, since listing customers must not wait for it

    query = sa.select(
        e.event_id, e.customer_id, e.kind, e.occurred_at, e.item_id, e.order_id, e.quantity, e.amount_minor, e.discount_minor,
        e.currency, e.rating, e.speaker, e.status, e.has_text, e.flags, i.title, i.title_en, i.brand, i.category, i.color, i.price_minor,
    ).select_from(t.events.outerjoin(t.items, e.item_id == i.item_id))  # fmt: skip
    if customer_ids is not None:
        query = query.where(e.customer_id.in_(list(customer_ids)))
    if until is not None:
        query = query.where(sa.or_(e.occurred_at.is_(None), e.occurred_at <= until))
    with shop.engine.connect() as connection:
        rows = connection.execute(query).fetchall()
    frame = pl.DataFrame([tuple(row) for row in rows], schema=EVENT_FRAME_SCHEMA, orient="row")
    return frame.sort("customer_id", "occurred_at", "event_id", nulls_last=True)


def events_of(
    shop: Shop, customer_id: str, *, kinds: Iterable[str] | None = None, since: int | None = None, until: int | None = None,
    limit: int | None = None, newest_first: bool = True,
) -> list[Event]:  # fmt: skip
    """One customer's events, newest first unless told otherwise; undated ones last."""
    c = t.events.c
    query = sa.select(t.events).where(c.customer_id == customer_id)
    if kinds is not None:
        query = query.where(c.kind.in_(list(kinds)))
    if since is not None:
        query = query.where(c.occurred_at >= since)
    if until is not None:
        query = query.where(sa.or_(c.occurred_at.is_(None), c.occurred_at <= until))
    order = c.occurred_at.desc() if newest_first else c.occurred_at.asc()
    query = query.order_by(order.nulls_last(), c.event_id).limit(limit)
    with shop.engine.connect() as connection:
        return [_event(row) for row in connection.execute(query).mappings()]


# built once: for a few ids, building the statement took as long as running it
_EVENTS_BY_ID = sa.select(t.events).where(t.events.c.event_id.in_(sa.bindparam("wanted", expanding=True)))


def events_by_id(shop: Shop, event_ids: Iterable[str]) -> dict[str, Event]:
    """Events with these ids; unknown ids are absent from the result."""
    found: dict[str, Event] = {}
    with shop.engine.connect() as connection:
        for chunk in _chunks(event_ids):
            for row in connection.execute(_EVENTS_BY_ID, {"wanted": chunk}).mappings():
                found[row["event_id"]] = _event(row)
    return found


def customers_by_id(shop: Shop, customer_ids: Iterable[str]) -> dict[str, Customer]:
    """Customers with contacts and aliases; unknown ids are absent."""
    found: dict[str, Customer] = {}
    with shop.engine.connect() as connection:
        for chunk in _chunks(customer_ids):
            contacts = (
                connection.execute(sa.select(t.contacts).where(t.contacts.c.customer_id.in_(chunk))).mappings().all()
            )
            names = connection.execute(sa.select(t.aliases).where(t.aliases.c.customer_id.in_(chunk))).mappings().all()
            for row in connection.execute(
                sa.select(t.customers).where(t.customers.c.customer_id.in_(chunk))
            ).mappings():
                key = row["customer_id"]
                found[key] = Customer(
                    customer_id=key,
                    name=row["name"],
                    aliases=tuple(a["alias"] for a in names if a["customer_id"] == key),
                    emails=tuple(c["value"] for c in contacts if c["customer_id"] == key and c["kind"] == "email"),
                    phones=tuple(c["value"] for c in contacts if c["customer_id"] == key and c["kind"] == "phone"),
                    city=row["city"],
                    joined_on=row["joined_on"],
                    flags=tuple(row["flags"].split()),
                    attrs=json.loads(row["attrs"]),
                )
    return found


def items_by_id(shop: Shop, item_ids: Iterable[str]) -> dict[str, Item]:
    """Items with these ids; an item that only events mention is absent."""
    found: dict[str, Item] = {}
    with shop.engine.connect() as connection:
        for chunk in _chunks(item_ids):
            for row in connection.execute(sa.select(t.items).where(t.items.c.item_id.in_(chunk))).mappings():
                values = {key: row[key] for key in row if key not in ("attrs", "batch_id")}
                found[row["item_id"]] = Item(**values, attrs=json.loads(row["attrs"]))
    return found


def customer_list(shop: Shop) -> list[dict[str, Any]]:
    """Every customer with `customer_id, name, events, first_at, last_at, language`, most events first.

    Times are epoch seconds or None; a customer without events is listed with 0.
    """
    c, e = t.customers.c, t.events.c
    query = (
        sa.select(
            c.customer_id, c.name, c.language, sa.func.count(e.event_id).label("events"),
            sa.func.min(e.occurred_at).label("first_at"), sa.func.max(e.occurred_at).label("last_at"),
        )
        .select_from(t.customers.outerjoin(t.events, c.customer_id == e.customer_id))
        .group_by(c.customer_id, c.name, c.language)
        .order_by(sa.desc("events"), c.customer_id)
    )  # fmt: skip
    with shop.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def kinds(shop: Shop) -> set[str]:
    """The kinds of event that the shop has any of."""
    with shop.engine.connect() as connection:
        return set(connection.scalars(sa.select(t.events.c.kind).distinct()))


def _event(row: Any) -> Event:
    values = dict(row)
    values["attrs"] = json.loads(values["attrs"])
    values["flags"] = tuple(values["flags"].split())
    values["has_text"] = bool(values["has_text"])
    return Event.model_construct(**values)


def _chunks(values: Iterable[str]) -> Iterable[list[str]]:
    unique = list(dict.fromkeys(values))
    for start in range(0, len(unique), _CHUNK):
        yield unique[start : start + _CHUNK]

"""A selector says, as JSON, which of a customer's events a summary stands on, so that a click can find them again."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from huaxiang.features.frames import prepare
from huaxiang.schema.evidence import Evidence
from huaxiang.store import bulk, read
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

_OF_ITEMS = ("title", "title_en", "brand", "category", "color", "price_minor")
_LISTS = {
    "kinds": "kind", "item_ids": "item_id", "order_keys": "order_key", "threads": "thread", "currencies": "currency",
    "event_ids": "event_id",
}  # fmt: skip


def apply(frame: pl.DataFrame, selector: Mapping[str, Any]) -> pl.DataFrame:
    """Rows of a prepared frame that the selector names.

    Keys: `kinds`, `item_ids`, `order_keys`, `threads` (tickets), `currencies`, `event_ids` (lists); `known` (a column
    that must not be null); `money`, `own` (the customer speaks), `dated` (true only); `since`, `until` (epoch seconds).
    An empty selector names all rows.
    """
    keep = pl.lit(True)
    for key, column in _LISTS.items():
        if key in selector:
            expr = pl.coalesce("order_id", "item_id", pl.lit("")) if column == "thread" else pl.col(column)
            keep &= expr.is_in(list(selector[key]))
    if "known" in selector:
        keep &= pl.col(selector["known"]).is_not_null()
    if selector.get("money"):
        keep &= pl.col("money")
    if selector.get("own"):
        keep &= pl.col("speaker") == "customer"
    if selector.get("dated"):
        keep &= pl.col("occurred_at").is_not_null()
    if "since" in selector:
        keep &= pl.col("occurred_at") >= selector["since"]
    if "until" in selector:
        keep &= pl.col("occurred_at") <= selector["until"]
    return frame.filter(keep.fill_null(False))


def load(
    shop: Shop, customer_ids: list[str] | None = None, *, as_of: int | None = None, connection: sa.Connection | None = None
) -> pl.DataFrame:  # fmt: skip
    """The prepared frame of these customers (all when None), with `channel`, as of the shop's today or `as_of`.

    Args:
        shop: an open shop.
        customer_ids: only these, at most about 30,000.
        as_of: epoch seconds.
        connection: read through it, to see what its transaction has written.

    Raises:
        StoreError: the shop cannot be read.
    """
    moment = shop.now() if as_of is None else as_of
    query = event_rows()
    if customer_ids is not None:
        query = query.where(t.events.c.customer_id.in_(customer_ids))
    with shop.engine.connect() if connection is None else contextlib.nullcontext(connection) as through:
        rows = _fetched(through, query)
    schema = {**read.EVENT_FRAME_SCHEMA, "channel": pl.String}
    return prepare(pl.DataFrame(rows, schema=schema, orient="row"), as_of=moment, tz=shop.tz)


def _fetched(connection: sa.Connection, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
    """Plain tuples; on SQLite straight from the driver, since SQLAlchemy's rows take longer than reading them."""
    if connection.dialect.name != "sqlite":
        return [tuple(row) for row in connection.execute(query).fetchall()]
    made = query.compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True})
    return bulk.run(connection, str(made), tuple(made.params[one] for one in made.positiontup or ()))


def event_rows() -> sa.Select[Any]:
    """Events with their items: the columns of `store.read.EVENT_FRAME_SCHEMA` in that order, and `channel`."""
    e, i = t.events.c, t.items.c
    columns = [i[name] if name in _OF_ITEMS else e[name] for name in read.EVENT_FRAME_SCHEMA]
    return sa.select(*columns, e.channel).select_from(t.events.outerjoin(t.items, e.item_id == i.item_id))


def expand(shop: Shop, evidence: Evidence) -> list[str]:
    """Ids of the very events behind a summary, oldest first; the event itself for a text or a record.

    If events came in since the summary was made, the answer holds those that match now; `is_stale` tells.
    """
    if evidence.kind != "summary":
        return [evidence.event_id] if evidence.event_id else []
    if evidence.event_kind == "total":  # a figure over the shop, which is no one customer's
        from huaxiang import totals

        found = totals.Selector.from_id(evidence.evidence_id)
        return totals.events(shop, found) if found is not None else []
    rows = apply(load(shop, [evidence.customer_id]), evidence.selector or {})
    return rows.get_column("event_id").to_list()


def is_stale(shop: Shop, evidence: Evidence) -> bool:
    """Whether the events behind a summary are no longer those it was computed from; rebuild the summaries then."""
    from huaxiang import ids

    return evidence.kind == "summary" and ids.range_hash(expand(shop, evidence)) != evidence.range_hash

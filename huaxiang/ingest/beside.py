"""What an event's row says of its customer and its item: it fills in what the shop does not know of them, and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from huaxiang.ingest import standing
from huaxiang.ingest.records import Record
from huaxiang.store import bulk
from huaxiang.store import tables as t

_ITEM = ("title", "category", "brand")


def fill(connection: sa.Connection, known: Sequence[sa.Connection], batch_id: str, records: Sequence[Record]) -> int:
    """Fill cities of customers and title, category and brand of items where the shop has none; the first row wins.

    Args:
        connection: where to write.
        known: where to look for what is there already.
        batch_id: of the file; an undo of it takes what was filled back.
        records: new events whose customers are in the shop.

    Returns:
        How many items are new.
    """
    cities: dict[str, dict[str, str]] = {}
    items: dict[str, dict[str, str]] = {}
    for one in records:
        if one.customer_city:
            cities.setdefault(one.values["customer_id"], {"city": one.customer_city})
        if one.item and one.values["item_id"]:
            items[one.values["item_id"]] = {**one.item, **items.get(one.values["item_id"], {})}
    _fill(connection, known, batch_id, t.customers, ("city",), cities)
    missing = _fill(connection, known, batch_id, t.items, _ITEM, items)
    rows = [
        {"item_id": key, **{name: items[key].get(name) for name in _ITEM}, "batch_id": batch_id, "attrs": "{}"}
        for key in missing
    ]
    bulk.insert_ignore(connection, t.items, rows)
    return len(rows)


def _fill(
    connection: sa.Connection, known: Sequence[sa.Connection], batch_id: str, table: sa.Table, fields: Sequence[str],
    wanted: Mapping[str, Mapping[str, str]],
) -> list[str]:  # fmt: skip
    """Update the rows that are there; the keys of those that are not are returned."""
    key = table.primary_key.columns[0]
    there: dict[str, tuple[str | None, ...]] = {}
    for place in known if wanted else ():
        for row in bulk.select(place, table, (key.name, *fields), key.name, list(wanted)):
            there[row[0]] = tuple(row)[1:]
    for one, before in there.items():
        now = {
            name: wanted[one][name]
            for name, had in zip(fields, before, strict=True)
            if had is None and name in wanted[one]
        }
        if now:
            connection.execute(table.update().where(key == one).values(**now))
            was = {key.name: one, **dict.fromkeys(now)}
            standing.note_change(connection, batch_id, table, was, {key.name: one, **now})
    return [one for one in wanted if one not in there]

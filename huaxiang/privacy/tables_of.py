"""Which tables hold customer data, and how a customer's rows in them are found. Read off the columns, not listed.

A table holds customer data when it has a column `customer_id` (or one that ends in `_customer_id`, or `customer_ids`:
a list, one a line; or one that `store.tables_ops` names), or one that leads to a customer: `event_id`, `evidence_id`,
`tx_id`, `trait_id`, `feedback_id`. So a table that is added later is covered without a change here. What holds none is named in `IMPERSONAL`; a test fails for a
table that is neither.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from huaxiang.store import lexical
from huaxiang.store import tables as t

MODULES = (
    "huaxiang.ingest.fingerprints",
    "huaxiang.privacy.tables",
    "huaxiang.store.tables_ops",
)
"""Modules that declare tables beside `store.tables`; a missing one is skipped, a test finds one that is not named."""
IMPERSONAL = {
    "meta": "settings and counters of the shop",
    "batches": "which files were imported; its reports hold row numbers, never ids",
    "items": "the catalogue",
    "watermarks": "how far a file was read",
    "suppressions": "salted tombstones: kept on purpose, so that nobody comes back",
}
LINKS = {
    "event_id": ("events", "event_id"),
    "evidence_id": ("evidence", "evidence_id"),
    "tx_id": ("ledger_tx", "tx_id"),
    "trait_id": ("ledger", "trait_id"),
    "feedback_id": ("feedback", "feedback_id"),
}
KEPT = {"audit": "pseudonymised: what was done stays, about whom goes"}
_CHUNK = 400


@dataclass(frozen=True)
class Place:
    """A table with customer data: its columns that name a customer, list customers, or lead to one."""

    table: str
    direct: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    def condition(self, table: sa.Table, customers: Sequence[str]) -> sa.ColumnElement[bool]:
        """Rows of these customers (at most a few hundred at once)."""
        found: list[sa.ColumnElement[bool]] = [table.c[name].in_(customers) for name in self.direct]
        for name in self.lists:
            whole = sa.literal("\n") + sa.func.coalesce(table.c[name], "") + sa.literal("\n")
            found.extend(whole.contains(f"\n{one}\n", autoescape=True) for one in customers)
        if not self.direct and not self.lists:
            for name in self.links:
                parent, key = LINKS[name]
                behind = t.metadata.tables[parent]
                ids = sa.select(behind.c[key]).where(_owner(behind, customers))
                found.append(table.c[name].in_(ids))
        return sa.or_(*found)


def declared() -> sa.MetaData:
    """All tables that the program declares."""
    for name in MODULES:
        if importlib.util.find_spec(name):
            importlib.import_module(name)
    return t.metadata


def place_of(table: str, columns: Iterable[str]) -> Place | None:
    """How customers are found in a table with these columns; None when it holds no customer data."""
    names = list(columns)
    if table in IMPERSONAL:
        return None
    also = _named_elsewhere().get(table, ())
    direct = tuple(one for one in names if one == "customer_id" or one.endswith("_customer_id") or one in also)
    lists = tuple(one for one in names if one == "customer_ids")
    links = tuple(one for one in names if one in LINKS and LINKS[one][0] != table)
    return Place(table, direct, lists, links) if direct or lists or links else None


def places(connection: sa.Connection) -> list[tuple[sa.Table, Place]]:
    """Every table of this database that holds customer data, those that others lead to last.

    Raises nothing for a table it does not know: whatever has such a column is covered.
    """
    declared()
    found = []
    look = sa.inspect(connection)
    for name in sorted(look.get_table_names()):
        if name.startswith("lexical"):
            continue  # FTS5's own; `lexical_rows` goes through `store.lexical`
        table = t.metadata.tables.get(name)
        if table is None:
            table = sa.Table(name, sa.MetaData(), autoload_with=connection)
        place = place_of(name, (one["name"] for one in look.get_columns(name)))
        if place is not None:
            found.append((table, place))
    order = [parent for parent, _ in LINKS.values()]
    return sorted(found, key=lambda one: (one[1].table == "customers", one[1].table in order, one[1].table))


def unclassified(connection: sa.Connection) -> list[str]:
    """Tables that are neither known to be impersonal nor lead to a customer."""
    placed = {place.table for _, place in places(connection)}
    names = sa.inspect(connection).get_table_names()
    skip = ("sqlite_", "lexical")
    return sorted(one for one in names if one not in placed and one not in IMPERSONAL and not one.startswith(skip))


def rows(connection: sa.Connection, table: sa.Table, place: Place, customers: Sequence[str]) -> Iterator[sa.RowMapping]:
    """The rows of these customers."""
    for start in range(0, len(customers), _CHUNK):
        part = customers[start : start + _CHUNK]
        query = sa.select(*_present(connection, table)).where(place.condition(table, part)).order_by(*table.primary_key)
        yield from connection.execute(query).mappings()


def count(connection: sa.Connection, table: sa.Table, place: Place, customers: Sequence[str]) -> int:
    """How many rows there are of these customers."""
    total = 0
    for start in range(0, len(customers), _CHUNK):
        condition = place.condition(table, customers[start : start + _CHUNK])
        total += int(connection.scalar(sa.select(sa.func.count()).select_from(table).where(condition)) or 0)
    return total


def delete(connection: sa.Connection, table: sa.Table, place: Place, customers: Sequence[str]) -> int:
    """Delete the rows of these customers; returns how many there were."""
    total = 0
    for start in range(0, len(customers), _CHUNK):
        total += connection.execute(
            table.delete().where(place.condition(table, customers[start : start + _CHUNK]))
        ).rowcount
    return total


def lexical_count(connection: sa.Connection, customers: Sequence[str]) -> int:
    """Rows of the lexical index."""
    if not lexical.exists(connection):
        return 0
    owned = sa.table(lexical.ROWS, sa.column("customer_id"))
    total = 0
    for start in range(0, len(customers), _CHUNK):
        query = sa.select(sa.func.count()).where(owned.c.customer_id.in_(customers[start : start + _CHUNK]))
        total += int(connection.scalar(query) or 0)
    return total


def lexical_ids(connection: sa.Connection, customers: Sequence[str]) -> list[str]:
    """Evidence ids in the lexical index."""
    if not lexical.exists(connection):
        return []
    owned = sa.table(lexical.ROWS, sa.column("customer_id"), sa.column("evidence_id"))
    found: list[str] = []
    for start in range(0, len(customers), _CHUNK):
        query = sa.select(owned.c.evidence_id).where(owned.c.customer_id.in_(customers[start : start + _CHUNK]))
        found.extend(connection.scalars(query))
    return found


def family(connection: sa.Connection, customer_ids: Iterable[str]) -> list[str]:
    """These customers and whoever was merged with them: the same person under other ids. Sorted."""
    wanted = sorted(set(customer_ids))
    ops = _ops()
    if ops is None or not sa.inspect(connection).has_table("merges"):
        return wanted
    return sorted({other for one in wanted for other in (one, *ops.family(connection, one))})


def _ops() -> Any:
    name = "huaxiang.store.tables_ops"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


def _named_elsewhere() -> dict[str, tuple[str, ...]]:
    """Columns that hold a customer's id under another name, as `store.tables_ops` says."""
    ops = _ops()
    return {} if ops is None else {table: tuple(columns) for table, columns in ops.CUSTOMER_COLUMNS.items()}


def _owner(table: sa.Table, customers: Sequence[str]) -> sa.ColumnElement[bool]:
    if "customer_id" in table.c:
        return table.c.customer_id.in_(customers)
    whole = sa.literal("\n") + sa.func.coalesce(table.c.customer_ids, "") + sa.literal("\n")
    return sa.or_(*(whole.contains(f"\n{one}\n", autoescape=True) for one in customers))


def _present(connection: sa.Connection, table: sa.Table) -> list[sa.Column[object]]:
    there = {one["name"] for one in sa.inspect(connection).get_columns(table.name)}
    return [column for column in table.c if column.name in there]

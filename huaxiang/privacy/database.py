"""The holder of a shop's own tables: every row that names a customer or leads to one, in one transaction."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from huaxiang.features import summary
from huaxiang.ingest import aftermath, fingerprints
from huaxiang.privacy import entangled, suppression, tables_of
from huaxiang.privacy.holders import Residue
from huaxiang.privacy.probes import Probes
from huaxiang.privacy.tables import ensure
from huaxiang.store import lexical
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

BEHIND = "profiles_behind"
"""The note in `meta` that profiles are to be derived anew (`ui.cli.prepare` heeds it)."""
_GENERATION = "vectors.generation"


class Database:
    """The shop's tables, in SQLite or PostgreSQL, its lexical index among them."""

    name, quotes = "database", False

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def ready(self) -> None:
        """Nothing to wait for beside the write lock."""

    def runs(self, customers: frozenset[str]) -> set[str]:
        """None: the record names its runs, the traces of these hold no words unless switched on."""
        return set()

    def count(self, who: Probes) -> int:
        """Rows of these customers over all tables."""
        return sum(self.counts(who).values())

    def counts(self, who: Probes) -> dict[str, int]:
        """Rows of these customers by table; tables without any are left out."""
        mine = sorted(who.customers)
        with self._shop.engine.connect() as connection:
            found = {
                place.table: tables_of.count(connection, table, place, mine)
                for table, place in tables_of.places(connection)
            }
            found[lexical.ROWS] = tables_of.lexical_count(connection, mine)
        return {name: count for name, count in found.items() if count}

    def erase(self, who: Probes) -> int:
        """Delete every row, put the customers on the suppression list and count the vectors' generation up.

        One transaction: a reader sees all of a customer or nothing. Takes the shop's write lock.
        """
        mine = sorted(who.customers)
        with self._shop.writing(), self._shop.begin() as connection:
            ensure(connection)
            recorded = summary.records(connection)
            words = tables_of.lexical_ids(connection, mine)
            lexical.remove(connection, words, purge=True)
            lexical.forget(connection, mine)
            gone = len(words)
            others = entangled.once_merged(connection, who)
            for table, place in tables_of.places(connection):
                if place.table in tables_of.KEPT:
                    gone += _pseudonymise(connection, table, mine)
                else:
                    gone += tables_of.delete(connection, table, place, mine)
            gone += entangled.clear(connection, who, others)
            suppression.add(connection, mine)
            _bump(connection)
            # without the only customer with an order or a return, nobody can be said to have made none
            behind = bool(reflag(connection)) or summary.records(connection) != recorded
            if behind:
                _note(connection, BEHIND)
        self._shop.forget_today()
        return gone

    def residue(self, who: Probes) -> list[Residue]:
        """Rows that are still there, and (SQLite) a full-text index that does not match its rows."""
        found = [Residue(self.name, table, "row", count) for table, count in sorted(self.counts(who).items())]
        if self._shop.is_sqlite:
            with self._shop.begin() as connection:
                if lexical.exists(connection) and not is_whole(connection):
                    found.append(Residue(self.name, "lexical", "words"))
        else:
            found += self._in_other_rows(who)
        return found

    def export(self, who: Probes) -> Iterator[dict[str, Any]]:
        """Every row, tables in the order in which they can be put back."""
        mine = sorted(who.customers)
        with self._shop.engine.connect() as connection:
            for table, place in reversed(tables_of.places(connection)):
                if place.table not in (*tables_of.KEPT, "exports", "vectors"):
                    for row in tables_of.rows(connection, table, place, mine):
                        yield {"table": place.table, "row": {key: _plain(value) for key, value in row.items()}}

    def _in_other_rows(self, who: Probes) -> list[Residue]:
        """On a server: text values of any table that hold a probe (its files cannot be read from here)."""
        found: list[Residue] = []
        with self._shop.engine.connect() as connection:
            for name in sa.inspect(connection).get_table_names():
                table = sa.Table(name, sa.MetaData(), autoload_with=connection)
                for row in connection.execute(sa.select(table).execution_options(yield_per=1000)).mappings():
                    found += [
                        Residue(self.name, f"{name}.{key}", "words")
                        for key, value in row.items()
                        if isinstance(value, str) and who.mentioned_in(value)
                    ]
        return found


def reflag(connection: sa.Connection) -> set[str]:
    """Flag near-duplicates and bots anew without the erased; returns customers whose profile may have changed."""
    e = t.events.c
    flagged = sa.or_(e.flags.contains(fingerprints.NEAR_DUPLICATE), e.flags.contains(fingerprints.BOT_LIKE))
    touched: set[str] = set()
    if connection.scalar(sa.select(e.event_id).where(flagged).limit(1)) is not None:
        aftermath.flag(connection, [connection], {}, touched)
    return touched


def _pseudonymise(connection: sa.Connection, table: sa.Table, mine: list[str]) -> int:
    """Keep what staff did and when; whom it was about becomes the tombstone, details go."""
    salt = suppression.salt_of(connection)
    total = 0
    for one in mine:
        changed = {"customer_id": suppression.tombstone(salt, one), "detail": "{}"}
        total += connection.execute(table.update().where(table.c.customer_id == one).values(**changed)).rowcount
    return total


def _bump(connection: sa.Connection) -> None:
    """Caches and Chroma copy the vectors by this number."""
    m = t.meta.c
    value = connection.scalar(sa.select(m.value).where(m.key == _GENERATION))
    if value is not None:
        connection.execute(t.meta.update().where(m.key == _GENERATION).values(value=str(int(value) + 1)))


def _note(connection: sa.Connection, key: str) -> None:
    if connection.scalar(sa.select(t.meta.c.value).where(t.meta.c.key == key)) is None:
        connection.execute(t.meta.insert().values(key=key, value="1"))


def is_whole(connection: sa.Connection) -> bool:
    """FTS5's own check: every term of the index stems from a row that is there, and every row is in the index."""
    try:
        connection.exec_driver_sql("INSERT INTO lexical(lexical, rank) VALUES('integrity-check', 1)")
    except sa.exc.DatabaseError:
        return False
    return True


def _plain(value: Any) -> Any:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value

"""The tables of this package: who may not come back, and which copies of the data left the shop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from huaxiang.store import tables as t

suppressions = sa.Table(
    "suppressions",  # salted: without the shop's salt nobody can tell whom a line is about
    t.metadata,
    sa.Column("tombstone", sa.String(64), primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("receipt_id", sa.String(24)),
)

exports = sa.Table(
    "exports",
    t.metadata,
    sa.Column("export_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("customer_id", sa.String(120), index=True),  # NULL: a backup, which holds everybody
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("file", sa.Text, nullable=False),  # its name alone: no folder of this machine
    sa.Column("sha256", sa.String(64), nullable=False),
)


def ensure(connection: sa.Connection) -> None:
    """Make the tables where a shop has none."""
    for table in (suppressions, exports):
        table.create(connection, checkfirst=True)


def insert_ignore(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert rows; those whose key is there already stay as they are. Returns how many are new."""
    if not rows:
        return 0
    # as in ingest.writer, which asks this package whom to leave out and so cannot be imported from here
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).on_conflict_do_nothing()
    return sum(connection.execute(statement, row).rowcount for row in rows)

"""Many rows at once: past SQLAlchemy's per-row work on SQLite, through it elsewhere. Half the time of a first build."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa


def insert(connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of plain values (str, int, float, bytes, None) in the order of `columns`; columns not named are NULL."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_statement(table.name, tuple(columns)), list(rows))
    else:
        connection.execute(table.insert(), [dict(zip(columns, row, strict=True)) for row in rows])


@functools.lru_cache(maxsize=32)
def _statement(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{one}"' for one in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'

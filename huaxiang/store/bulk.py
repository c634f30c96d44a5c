"""Many rows at once: past SQLAlchemy's per-row work on SQLite, through it elsewhere. Half the time of a first build."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


def run(connection: sa.Connection, query: str, values: Sequence[Any] = ()) -> list[Any]:
    """Run one SQLite statement past SQLAlchemy, whose own work on a statement is ten times that of a look-up; its rows.

    Inside the connection's transaction. Elsewhere than on SQLite use the connection itself.

    Raises:
        sqlalchemy.exc.DBAPIError: as the connection itself would raise it, without the values.
    """
    raw: Any = connection.connection.dbapi_connection
    try:
        return list(raw.execute(query, values).fetchall())
    except sqlite3.Error as error:
        raise _wrapped(query, error) from error


def each(connection: sa.Connection, query: str, values: Sequence[Any] = ()) -> Iterator[Any]:
    """As `run`, one row after the other: there may be a million. The connection is not used otherwise meanwhile."""
    raw: Any = connection.connection.dbapi_connection
    try:
        yield from raw.execute(query, values)
    except sqlite3.Error as error:
        raise _wrapped(query, error) from error


def run_many(connection: sa.Connection, query: str, rows: Sequence[Sequence[Any]]) -> None:
    """As `run` for many rows of values."""
    raw: Any = connection.connection.dbapi_connection
    try:
        raw.executemany(query, rows)
    except sqlite3.Error as error:
        raise _wrapped(query, error) from error


def _wrapped(query: str, error: sqlite3.Error) -> BaseException:
    return sa.exc.DBAPIError.instance(query, None, error, sqlite3.Error, hide_parameters=True)


def insert(connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of plain values (str, int, float, bytes, None) in the order of `columns`; columns not named are NULL."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        run_many(connection, _statement(table.name, tuple(columns)), rows)
    else:
        connection.execute(table.insert(), [dict(zip(columns, row, strict=True)) for row in rows])


def insert_ignore(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of plain values; those whose key is there already are left as they are. All rows name the same columns."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        statement, names, rest = _insert_or_leave(table, tuple(rows[0]))
        values = [(*(row[name] for name in names), *rest) for row in rows]
        run_many(connection, statement, values)
    else:
        connection.execute(postgresql.insert(table).on_conflict_do_nothing(), list(rows))


def select(
    connection: sa.Connection, table: sa.Table, columns: Sequence[str], key: str, wanted: Sequence[str], where: str = ""
) -> list[Any]:
    """Rows whose `key` is one of these values: a statement that is made once, since making one costs more than running it.

    Args:
        columns: names, in the order of the values of each row.
        key: a column with an index.
        wanted: plain strings.
        where: further SQL without parameters, e.g. `"kind" = 'summary'`.
    """
    names = ", ".join(f'"{one}"' for one in columns)
    found: list[Any] = []
    for start in range(0, len(wanted), _CHUNK):
        part = tuple(wanted[start : start + _CHUNK])
        lite = connection.dialect.name == "sqlite"
        marks = ", ".join(["?" if lite else "%s"] * len(part))
        query = f'SELECT {names} FROM "{table.name}" WHERE "{key}" IN ({marks}){f" AND {where}" if where else ""}'
        found += run(connection, query, part) if lite else connection.exec_driver_sql(query, part).fetchall()
    return found


def delete(connection: sa.Connection, table: sa.Table, key: str, wanted: Sequence[str]) -> None:
    """Delete the rows whose `key` is one of these values."""
    for start in range(0, len(wanted), _CHUNK):
        part = tuple(wanted[start : start + _CHUNK])
        lite = connection.dialect.name == "sqlite"
        marks = ", ".join(["?" if lite else "%s"] * len(part))
        query = f'DELETE FROM "{table.name}" WHERE "{key}" IN ({marks})'
        if lite:
            run(connection, query, part)
        else:
            connection.exec_driver_sql(query, part)


_CHUNK = 400


@functools.lru_cache(maxsize=64)
def _insert_or_leave(table: sa.Table, names: tuple[str, ...]) -> tuple[str, tuple[str, ...], tuple[Any, ...]]:
    """The statement, the columns that rows name, and the values of those that have a default and are not named."""
    defaults: dict[str, Any] = {one.name: one.default for one in table.c if one.default is not None}
    rest = {name: one.arg for name, one in defaults.items() if one.is_scalar and name not in names}
    columns = ", ".join(f'"{one}"' for one in (*names, *rest))
    marks = ", ".join("?" * (len(names) + len(rest)))
    return (
        f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING',
        names,
        tuple(rest.values()),
    )


@functools.lru_cache(maxsize=32)
def _statement(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{one}"' for one in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'

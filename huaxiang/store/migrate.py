"""Bringing a shop of an earlier version up to date: what is missing is added, in one transaction, and the version is set.

Every version so far only added tables and columns or dropped an index, so opening an older shop migrates it by itself. A
step that changes what is there goes into `STEPS`, and then `huaxiang migrate` must be asked for it (it can make a backup first).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from huaxiang.errors import StoreError
from huaxiang.privacy import tables_of
from huaxiang.store import lexical
from huaxiang.store import tables as t

Step = Callable[[sa.Connection], None]
STEPS: dict[int, Step] = {}
"""By the version they start from: work beyond adding what is missing. None so far."""
NO_LONGER_INDEXED = ("ix_ledger_trait_id",)


@dataclass(frozen=True)
class Plan:
    """What a shop lacks: its version, the tables and the columns (`table.column`) to add, the versions with a step."""

    version: int
    tables: tuple[str, ...]
    columns: tuple[str, ...]
    steps: tuple[int, ...]

    @property
    def current(self) -> bool:
        """Whether nothing is to be done."""
        return self.version == t.SCHEMA_VERSION and not (self.tables or self.columns or self.steps)


def plan(connection: sa.Connection) -> Plan:
    """Compare the database with what this program declares.

    Raises:
        StoreError: `schema-version`, the shop was made by a newer version; `damaged-store`, it has no version.
    """
    version = _version(connection)
    look = sa.inspect(connection)
    there = set(look.get_table_names())
    missing, columns = [], []
    for name, table in tables_of.declared().tables.items():
        if name not in there:
            missing.append(name)
            continue
        have = {one["name"] for one in look.get_columns(name)}
        columns += [f"{name}.{column.name}" for column in table.c if column.name not in have]
    steps = [number for number in sorted(STEPS) if version <= number < t.SCHEMA_VERSION]
    return Plan(version, tuple(sorted(missing)), tuple(sorted(columns)), tuple(steps))


def migrate(engine: sa.Engine) -> Plan:
    """Bring a database up to date; doing so twice changes nothing. The caller holds the shop's write lock.

    One transaction: a run that is killed leaves the old version behind.

    Returns:
        What was done.

    Raises:
        StoreError: made by a newer version, or `migration-failed` with the place; the shop is then as it was.
    """
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")  # or each CREATE would be a transaction of its own
            found = plan(connection)
            tables_of.declared().create_all(connection, checkfirst=True)
            for place in found.columns:
                _add_column(connection, *place.split("."))
            for name in NO_LONGER_INDEXED:
                connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")
            lexical.ensure(connection)
            for number in found.steps:
                STEPS[number](connection)
            value = str(t.SCHEMA_VERSION)
            connection.execute(t.meta.update().where(t.meta.c.key == "schema_version").values(value=value))
            connection.commit()
    except sa.exc.DBAPIError as error:
        raise StoreError(
            f"the shop could not be brought to schema version {t.SCHEMA_VERSION} ({type(error.orig).__name__}); it is as it was",
            hint="free some disk space and check the folder's permissions, then: huaxiang migrate",
            code="migration-failed",
        ) from error
    return found


def _version(connection: sa.Connection) -> int:
    value = connection.scalar(sa.select(t.meta.c.value).where(t.meta.c.key == "schema_version"))
    if value is None or not value.isdigit():
        raise StoreError(
            "the shop's database names no schema version",
            hint="restore a backup: huaxiang restore FILE",
            code="damaged-store",
        )
    if int(value) > t.SCHEMA_VERSION:
        raise StoreError(
            f"the shop has schema version {value}, this program knows {t.SCHEMA_VERSION}",
            hint="update huaxiang",
            code="schema-version",
        )
    return int(value)


def _add_column(connection: sa.Connection, table: str, name: str) -> None:
    """A column that older rows do not have: nullable, or with its declared default for them."""
    column = t.metadata.tables[table].c[name]
    kind = column.type.compile(dialect=connection.dialect)
    default = getattr(column.default, "arg", None)
    words = f'ALTER TABLE "{table}" ADD COLUMN "{name}" {kind}'
    if not column.nullable:
        plain = default if isinstance(default, (str, int, float)) else ("" if "CHAR" in kind or kind == "TEXT" else 0)
        literal = "'" + plain.replace("'", "''") + "'" if isinstance(plain, str) else str(plain)
        words += f" NOT NULL DEFAULT {literal}"
    connection.exec_driver_sql(words)

"""A shop: a folder (or a database URL) with its settings, its tables, its clock and its write lock."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from filelock import FileLock, Timeout

from huaxiang import clock, config
from huaxiang.errors import NoSuchShop, StoreError
from huaxiang.store import tables, tables_ops

DATABASE = "shop.sqlite"
FOLDERS = ("index", "traces", "cache", "models")


@dataclass
class Shop:
    """An open shop. Reading needs no lock; writing goes through `writing()`."""

    folder: Path
    engine: sa.Engine
    loaded: config.Loaded
    _today: date | None = field(default=None, repr=False)

    @classmethod
    def create(cls, folder: Path, *, settings: Mapping[str, Any] | None = None) -> Shop:
        """Make an empty shop in `folder`. Creating one that exists opens it unchanged."""
        folder = Path(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in FOLDERS:
                (folder / name).mkdir(exist_ok=True)
            toml = folder / config.SHOP_FILE
            if not toml.exists():
                toml.write_text(_toml_text({"name": folder.name, **(settings or {})}), encoding="utf-8")
        except OSError as error:
            raise StoreError(
                f"cannot create a shop at {str(folder)!r}: {error.strerror}", hint="choose a folder you may write to"
            ) from error
        from huaxiang.privacy import tables_of  # late: it knows the modules that declare further tables

        engine = _engine(folder, config.load(folder).settings)
        with engine.begin() as connection:
            fresh = not sa.inspect(connection).get_table_names()  # then each table need not be asked for
            tables_of.declared().create_all(connection, checkfirst=not fresh)
            tables_ops.ensure(connection)
            if (
                connection.execute(sa.select(tables.meta.c.value).where(tables.meta.c.key == "schema_version")).first()
                is None
            ):
                connection.execute(tables.meta.insert().values(key="schema_version", value=str(tables.SCHEMA_VERSION)))
        return cls(folder, engine, config.load(folder))

    @classmethod
    def open(cls, folder: Path, *, overrides: Mapping[str, Any] | None = None, as_it_is: bool = False) -> Shop:
        """Open an existing shop. One of an earlier version is brought up to date where that only adds tables and columns.

        Args:
            overrides: settings from the command line.
            as_it_is: leave an earlier version as it is (`huaxiang migrate` looks first).

        Raises:
            NoSuchShop: the folder holds none.
            StoreError: the database is damaged, was made by a newer version, or needs `huaxiang migrate`.
        """
        folder = Path(folder)
        if not (folder / config.SHOP_FILE).is_file():
            raise NoSuchShop(folder)
        loaded = config.load(folder, overrides)
        if not loaded.settings.shop.database_url and not (folder / DATABASE).is_file():
            raise NoSuchShop(folder)
        engine = _engine(folder, loaded.settings)
        try:
            with engine.connect() as connection:
                version = connection.scalar(sa.select(tables.meta.c.value).where(tables.meta.c.key == "schema_version"))
        except sa.exc.DBAPIError as error:
            raise StoreError(
                f"the database of the shop at {str(folder)!r} cannot be read ({type(error.orig).__name__})",
                hint="restore a backup, or make a new shop and import the files again",
                code="damaged-store",
            ) from error
        if version is None or int(version) > tables.SCHEMA_VERSION:
            raise StoreError(
                f"the shop has schema version {version}, this program knows {tables.SCHEMA_VERSION}",
                hint="update huaxiang",
                code="schema-version",
            )
        shop = cls(folder, engine, loaded)
        if int(version) < tables.SCHEMA_VERSION and not as_it_is:
            shop._bring_up_to_date(int(version))
        return shop

    @classmethod
    def as_loaded(cls, folder: Path, loaded: config.Loaded, *, today: date | None = None) -> Shop:
        """The shop as another process has it open: its settings, its day; nothing is checked again."""
        return cls(folder, _engine(folder, loaded.settings), loaded, today)

    @property
    def settings(self) -> config.Settings:
        """The shop's checked settings."""
        return self.loaded.settings

    @property
    def tz(self) -> ZoneInfo:
        """The shop's time zone."""
        return clock.zone(self.settings.shop.timezone)

    @property
    def is_sqlite(self) -> bool:
        """Whether the store is the SQLite file in the folder."""
        return self.engine.dialect.name == "sqlite"

    def today(self) -> date:
        """The shop's clock: `[shop] today`, else the day of the last event that is not flagged as future, else the wall clock's day."""
        if self.settings.shop.today is not None:
            return self.settings.shop.today
        if self._today is None:
            query = sa.select(sa.func.max(tables.events.c.occurred_at)).where(
                ~tables.events.c.flags.contains("future-date")
            )
            with self.engine.connect() as connection:
                last = connection.scalar(query)
            self._today = clock.day_of(int(last), self.tz) if last is not None else clock.utc_now().date()
        return self._today

    def now(self) -> int:
        """`as_of` for features: the end of the shop's today, epoch seconds."""
        return clock.end_of_day(self.today(), self.tz)

    def saw(self, seconds: int) -> None:
        """An event of this time came in (not one flagged as future): move the clock on without asking the database."""
        if self.settings.shop.today is None and self._today is not None:
            self._today = max(self._today, clock.day_of(seconds, self.tz))

    def forget_today(self) -> None:
        """Read the clock anew after an import."""
        self._today = None

    @functools.cached_property
    def _write_lock(self) -> FileLock:
        return FileLock(self.folder / ".write.lock")

    @contextlib.contextmanager
    def writing(self, *, wait_seconds: float = 10.0) -> Iterator[None]:
        """Hold the shop's write lock (one writer at a time, across processes).

        Raises:
            StoreError: another process keeps writing (`code = "shop-busy"`).
        """
        lock = self._write_lock  # making one takes longer than taking it
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout as error:
            raise StoreError(
                "another process is writing to this shop",
                hint="wait for it to end (an import or an index run), then try again",
                code="shop-busy",
            ) from error
        try:
            yield
        finally:
            lock.release()

    @contextlib.contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """One transaction; a full disk or a damaged file becomes a StoreError."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except sa.exc.OperationalError as error:
            raise StoreError(
                f"the shop's database refused a write ({error.orig})",
                hint="free some disk space, or check the folder's permissions",
                code="store-write",
            ) from error

    def _bring_up_to_date(self, version: int) -> None:
        from huaxiang.store import migrate

        if any(version <= number < tables.SCHEMA_VERSION for number in migrate.STEPS):
            raise StoreError(
                f"the shop has schema version {version}, this program needs {tables.SCHEMA_VERSION}",
                hint=f"huaxiang migrate --shop {self.folder}",
                code="schema-old",
            )
        with self.writing():
            migrate.migrate(self.engine)

    def close(self) -> None:
        """Release the database."""
        self.engine.dispose()


def _toml_text(shop: Mapping[str, Any]) -> str:
    lines = ["# Settings of this shop; `huaxiang config show` explains each.", "[shop]"]
    for key, value in shop.items():
        text = str(value).replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f"{key} = {value.isoformat()}" if isinstance(value, date) else f'{key} = "{text}"')
    return "\n".join(lines) + "\n"


def _engine(folder: Path, settings: config.Settings) -> sa.Engine:
    url = settings.shop.database_url
    if url:
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(
        f"sqlite:///{os.fspath((folder / DATABASE).resolve())}",
        connect_args={"timeout": 15, "check_same_thread": False},
        pool_use_lifo=True,  # the connection used last has the warm cache, and a stream sees that nobody else wrote
    )

    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _: Any) -> None:
        """What every new connection to the file is set to."""
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "secure_delete=ON",
            "foreign_keys=ON",
            "busy_timeout=15000",
            "cache_size=-65536",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine

"""What an import must remember of a file while reading it, on disk, so that memory stays flat however large the file."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from types import TracebackType

from huaxiang.errors import StoreError


class Scratch:
    """A temporary table that the system deletes by itself, even after kill -9."""

    def __init__(self) -> None:
        with self._space():
            self._database = sqlite3.connect("", isolation_level=None)  # "": a temporary file, in memory while small
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-8192"):
                self._database.execute(f"PRAGMA {pragma}")
            self._database.execute("CREATE TABLE seen(key TEXT PRIMARY KEY, count INTEGER, content TEXT) WITHOUT ROWID")
            self._database.execute("BEGIN")

    def __enter__(self) -> Scratch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the temporary table go."""
        self._database.close()

    def clear(self) -> None:
        """Forget everything: the next file begins."""
        with self._space():
            self._database.execute("DELETE FROM seen")

    def count(self, key: str) -> int:
        """How often this key has been counted, this time included."""
        with self._space():
            row = self._database.execute(
                "INSERT INTO seen VALUES(?, 1, NULL) ON CONFLICT(key) DO UPDATE SET count = count + 1 RETURNING count",
                (key,),
            ).fetchone()
        return int(row[0])

    def first(self, key: str, content: str) -> str | None:
        """The content this key came with before, or None at its first time."""
        with self._space():
            row = self._database.execute("SELECT content FROM seen WHERE key = ?", (key,)).fetchone()
            if row is None:
                self._database.execute("INSERT INTO seen VALUES(?, 1, ?)", (key, content))
                return None
        return str(row[0])

    @contextlib.contextmanager
    def _space(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"the system's temporary folder refused a write ({error})",
                hint="free some space there, or set TMPDIR",
                code="store-write",
            ) from error

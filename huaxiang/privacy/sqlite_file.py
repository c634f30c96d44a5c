"""Looking into an SQLite file: the values of every table, and the bytes that belong to no value any more.

Source:
    "Database File Format", sqlite.org/fileformat2.html (b-tree pages, freeblocks, the freelist).
"""

from __future__ import annotations

import contextlib
import mmap
import sqlite3
from collections.abc import Iterator
from pathlib import Path

MAGIC = b"SQLite format 3\x00"
_HEADER = 100
_LEAVES, _INTERIORS = (10, 13), (2, 5)


def is_sqlite(path: Path) -> bool:
    """Whether the file is an SQLite database."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def values(path: Path) -> Iterator[list[str]]:
    """Every text value of every table, in lists of a few thousand.

    The tables in which SQLite's full-text search keeps its index hold no whole values and are left out; FTS5's own
    integrity check covers those.
    """
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        database.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        for table in _tables(database):
            names = [f'"{row[1]}"' for row in database.execute(f'PRAGMA table_info("{table}")')]
            cursor = database.execute(f'SELECT {", ".join(names)} FROM "{table}"')
            while rows := cursor.fetchmany(500):
                yield [value for row in rows for value in row if isinstance(value, str)]


def _tables(database: sqlite3.Connection) -> list[str]:
    rows = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    virtual = {name for name, sql in rows if sql and sql.lstrip().upper().startswith("CREATE VIRTUAL")}
    shadows = {f"{one}_{part}" for one in virtual for part in ("data", "idx", "docsize", "config", "content")}
    return sorted(name for name, _ in rows if name not in virtual and name not in shadows)


def slack(path: Path) -> Iterator[bytes]:
    """The bytes between and behind the live cells of every page, and the pages that are free: where deleted rows linger."""
    size = path.stat().st_size
    if size < 512:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        page_size = int.from_bytes(data[16:18], "big")
        page_size = 65536 if page_size == 1 else page_size
        free = set(_free_pages(data, page_size))
        for number in range(1, size // page_size + 1):
            page = data[(number - 1) * page_size : number * page_size]
            if number in free:
                yield page
            else:
                yield from _unused(page, _HEADER if number == 1 else 0)


def _unused(page: bytes, start: int) -> Iterator[bytes]:
    kind = page[start]
    if kind not in _LEAVES + _INTERIORS:
        return  # an overflow page: all of it belongs to a value, or is the tail of its last page
    cells = int.from_bytes(page[start + 3 : start + 5], "big")
    content = int.from_bytes(page[start + 5 : start + 7], "big") or 65536
    first = start + (12 if kind in _INTERIORS else 8) + 2 * cells
    yield page[first:content]
    block = int.from_bytes(page[start + 1 : start + 3], "big")
    while block:
        following = int.from_bytes(page[block : block + 2], "big")
        yield page[block + 4 : block + int.from_bytes(page[block + 2 : block + 4], "big")]
        block = following if following > block else 0


def _free_pages(data: mmap.mmap, page_size: int) -> Iterator[int]:
    """Numbers of the pages on the freelist."""
    trunk = int.from_bytes(data[32:36], "big")
    seen: set[int] = set()
    while trunk and trunk not in seen:
        seen.add(trunk)
        yield trunk
        at = (trunk - 1) * page_size
        count = int.from_bytes(data[at + 4 : at + 8], "big")
        for place in range(min(count, page_size // 4 - 2)):
            yield int.from_bytes(data[at + 8 + 4 * place : at + 12 + 4 * place], "big")
        trunk = int.from_bytes(data[at : at + 4], "big")

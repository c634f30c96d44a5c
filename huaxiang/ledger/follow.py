"""Following a source of events: a file that grows, a folder that fills, lines on a pipe. Each poll takes what is new."""

from __future__ import annotations

import hashlib
import json
import select
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from huaxiang.errors import DataError
from huaxiang.ingest.formats import Row
from huaxiang.ledger.stream import Mark, Stream, mark_of
from huaxiang.store.shop import Shop

BATCH = 500
"""Lines of one transaction."""
_HEAD = 1_024
_MOST = 8_000_000
"""Bytes of one line; a longer one is refused as a whole."""
LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True)
class Refused:
    """One line that was not taken: the source's file name, its number from 1 (0: the file as a whole), and the reason."""

    file: str
    line: int
    reason: str


@dataclass
class Followed:
    """What a poll did; `read`: texts read, `waiting`: texts that wait to be read, `refused`: lines that were not taken."""

    events: int = 0
    duplicates: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    customers: int = 0
    read: int = 0
    waiting: int = 0
    refused: list[Refused] = field(default_factory=list)

    def to_json(self) -> str:
        """One line of JSON."""
        told = {**vars(self), "rejected": dict(self.rejected), "refused": [vars(one) for one in self.refused]}
        return json.dumps(told, ensure_ascii=False)


class _Source:
    """What all sources share: the stream, and how a batch of lines goes into it."""

    ended = False
    busy = False
    """Whether the last poll found something to read, so that there may be more at once."""

    def __init__(self, shop: Shop, name: str, **options: Any) -> None:
        self.shop = shop
        self.label = name
        self.stream = Stream(shop, source=name, **options)

    def __enter__(self) -> Any:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.stream.__exit__(kind, error, trace)

    def last(self) -> Followed:
        """Read what waits and end; after it the source is not used again."""
        read = self.stream.flush()
        self.stream.close()
        return Followed(read=read)

    def _push(self, found: Followed, rows: list[Row], mark: Mark | None = None) -> None:
        done = self.stream.push(rows, mark)
        found.events += done.events
        found.duplicates += done.duplicates
        found.rejected.update(done.rejected)
        found.customers += len(done.customers)
        found.refused += [Refused(self.label, line, reason) for line, reason in done.refused]

    def _settle(self, found: Followed) -> Followed:
        found.read += self.stream.tick()
        found.waiting = self.stream.waiting()[0]
        return found


class Follower(_Source):
    """A JSON-lines file that grows. A line counts once its newline is there; the mark is kept with its events.

    A file that was replaced by another (its beginning differs, or it is shorter) is read from its beginning: known
    events are duplicates, nothing comes in twice.
    """

    def __init__(self, shop: Shop, path: Path, **options: Any) -> None:
        """Raises DataError where there is no such file."""
        if not Path(path).is_file():
            raise DataError(
                f"there is no file {str(path)!r}", hint="check the path, or name a folder", code="no-such-file"
            )
        super().__init__(shop, Path(path).name, **options)
        self.path = Path(path)
        self.name = str(self.path.resolve())[-400:]
        self._counted = (0, 0)

    def poll(self) -> Followed:
        """Take the new lines in."""
        found = Followed()
        position = self._start()
        number = self._lines_before(position)
        with self.path.open("rb") as file:
            file.seek(position)
            rows: list[Row] = []
            for line in iter(lambda: file.readline(_MOST), b""):
                size, whole = len(line), line.endswith(b"\n")
                while not whole and (more := file.readline(_MOST)):
                    size, whole = size + len(more), more.endswith(b"\n")
                if not whole:
                    break  # still being written
                position, number = position + size, number + 1
                rows += [] if not line.strip() else [_row(number, line if size <= _MOST else None)]
                if len(rows) >= BATCH:
                    self._push(found, rows, Mark(self.name, position, _head(self.path, position)))
                    rows = []
            if rows or position != self._start():
                self._push(found, rows, Mark(self.name, position, _head(self.path, position)))
        self._counted = (position, number)
        return self._settle(found)

    def _lines_before(self, position: int) -> int:
        """How many lines end before this byte: known from the last poll, counted where another process read them."""
        at, lines = self._counted if self._counted[0] <= position else (0, 0)
        with self.path.open("rb") as file:
            file.seek(at)
            while at < position:
                piece = file.read(min(1 << 20, position - at))
                if not piece:
                    break
                at, lines = at + len(piece), lines + piece.count(b"\n")
        return lines

    def _start(self) -> int:
        mark = mark_of(self.shop, self.name)
        if mark is None or mark.position > self.path.stat().st_size or mark.head != _head(self.path, mark.position):
            return 0
        return mark.position


class Lines(_Source):
    """JSON lines on a pipe. There is no mark to go back to: who sends again sends duplicates, which change nothing."""

    def __init__(self, shop: Shop, pipe: BinaryIO, *, label: str = "stdin", **options: Any) -> None:
        super().__init__(shop, label, **options)
        self._pipe, self._rest, self._number, self._over = pipe, b"", 0, False

    def poll(self) -> Followed:
        """Take what the pipe holds in, without waiting for more than a moment."""
        found = Followed()
        rows = []
        for line in self._lines():
            self._number += 1
            rows += [_row(self._number, line)] if line is None or line.strip() else []
        if rows:
            self._push(found, rows)
        return self._settle(found)

    def _lines(self) -> Iterator[bytes | None]:
        """Whole lines of what the pipe holds now; None for one that is too long."""
        self.busy = False
        if not self._ready():
            return
        data = self._pipe.read1(1 << 16) if hasattr(self._pipe, "read1") else self._pipe.read(1 << 16)
        self.ended, self.busy = not data, bool(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            yield None if self._over or len(line) > _MOST else line
            self._over = False
        if len(self._rest) > _MOST:
            self._rest, self._over = b"", True
        if self.ended and (self._rest or self._over):
            yield None if self._over else self._rest
            self._rest, self._over = b"", False

    def _ready(self) -> bool:
        try:
            return bool(select.select([self._pipe], [], [], 0.05)[0])
        except (ValueError, OSError, TypeError):  # no real file behind it (a test's BytesIO): read at once
            return True


class Folder:
    """A folder that files are put into: JSON lines are followed, other tables are imported whole once they stay still."""

    ended = busy = False

    def __init__(self, shop: Shop, path: Path, **options: Any) -> None:
        """Options as of `Stream`."""
        self.shop, self.path, self._options = shop, Path(path), options
        self._followers: dict[Path, Follower] = {}
        self._sizes: dict[Path, tuple[int, float]] = {}
        self._done: dict[Path, tuple[int, float]] = {}

    def __enter__(self) -> Folder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._followers.values():
            one.__exit__(kind, error, trace)

    def poll(self) -> Followed:
        """Take in what is new in any file."""
        found = Followed()
        for path in sorted(one for one in self.path.iterdir() if one.is_file() and not one.name.startswith(".")):
            if path.suffix in LINES:
                follower = self._followers.get(path)
                if follower is None:
                    follower = self._followers[path] = Follower(self.shop, path, **self._options)
                add(found, follower.poll())
            else:
                self._whole(path, found)
        return found

    def last(self) -> Followed:
        """Read what waits and end."""
        found = Followed()
        for one in self._followers.values():
            add(found, one.last())
        found.waiting = 0
        return found

    def _whole(self, path: Path, found: Followed) -> None:
        """Import a file that has not changed since the last look; unreadable ones are passed over until they change."""
        now = (path.stat().st_size, path.stat().st_mtime)
        still, self._sizes[path] = self._sizes.get(path) == now, now
        if not still or self._done.get(path) == now:
            return
        from huaxiang.extract.rules import extract_rules
        from huaxiang.ingest.importer import import_paths
        from huaxiang.ledger.build import build_profiles

        self._done[path] = now
        kind = self._options.get("kind")
        try:
            report = import_paths(
                self.shop, [path], kind=None if kind == "event" else kind, columns=self._options.get("columns")
            )
        except DataError as error:
            found.rejected[error.code] += 1
            found.refused.append(Refused(path.name, 0, error.code))
            return
        customers = sorted(report.customer_ids)
        if customers:
            build_profiles(self.shop, customers)
            extract_rules(self.shop, customers)
        found.events += report.total.events
        found.duplicates += report.total.duplicated
        for file in report.files:
            for reason, one in file.rejected.items():
                found.rejected[reason] += one.count
                found.refused += [Refused(file.file, row, reason) for row in one.rows]
        found.customers += len(customers)


def _row(number: int, line: bytes | None) -> Row:
    if line is None:
        return Row(number, {}, reject="line-too-long")
    try:
        value = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return Row(number, {}, reject="bad-json")
    return Row(number, value) if isinstance(value, dict) else Row(number, {}, reject="not-an-object")


def _head(path: Path, position: int) -> str:
    """Hash of the first bytes that were read: another file under the same name is known by it."""
    with path.open("rb") as file:
        return hashlib.blake2b(file.read(min(_HEAD, position)), digest_size=16).hexdigest()


def add(found: Followed, more: Followed) -> None:
    """Count what another poll did as well."""
    found.events += more.events
    found.duplicates += more.duplicates
    found.rejected.update(more.rejected)
    found.customers += more.customers
    found.read += more.read
    found.waiting = max(found.waiting, more.waiting)
    found.refused += more.refused

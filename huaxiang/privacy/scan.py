"""The residual scan: every file of a shop, byte by byte, for what an erased customer would leave behind.

SQLite files are read twice: as bytes (pages of deleted rows and the write-ahead log included), and value by value, where
short ids can be told from chance; what lies between live cells is searched for short ids too. Archives are unpacked in
memory. `models/` holds model files only and is left out, and so is the journal of the erasure itself.
"""

from __future__ import annotations

import gzip
import re
import sqlite3
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from huaxiang.privacy import journal, sqlite_file
from huaxiang.privacy.holders import Residue, What
from huaxiang.privacy.near import NearVectors
from huaxiang.privacy.probes import Probes

LEFT_OUT = ("models",)
_BLOCK = 8 << 20
_UNPACK_LIMIT = 4 << 30
Progress = Callable[[int, int, str], None]


@dataclass
class ScanReport:
    """What was looked through and what was found; `residues` is empty when nothing is left."""

    files: int = 0
    bytes: int = 0
    residues: list[Residue] = field(default_factory=list)

    @property
    def found(self) -> int:
        """How many places still hold something."""
        return sum(one.count for one in self.residues)


def scan(folder: Path, who: Probes, progress: Progress | None = None) -> ScanReport:
    """Look through every file below `folder` for these customers.

    Args:
        folder: the shop's.
        who: what to look for.
        progress: told files done, files in all, and the file's place in the shop.
    """
    report = ScanReport()
    looker = _Looker(who)
    files = sorted(shop_files(folder))
    for done, path in enumerate(files):
        name = path.relative_to(folder).as_posix()
        if progress is not None:
            progress(done, len(files), name)
        found: Counter[What] = Counter()
        try:
            report.bytes += path.stat().st_size
            looker.file(path, found)
        except FileNotFoundError:
            continue  # a log that was closed meanwhile
        except (OSError, EOFError, zlib.error, sqlite3.Error):
            found["unreadable"] += 1
        report.files += 1
        report.residues += [Residue("files", name, what, count) for what, count in sorted(found.items()) if count]
    return report


def shop_files(folder: Path) -> Iterator[Path]:
    """Every file that the scan reads."""
    for path in folder.rglob("*"):
        place = path.relative_to(folder)
        mine = place.parts[0] in LEFT_OUT or place.name in (journal.FILE, journal.FILE + ".part")
        if not mine and path.is_file() and not path.is_symlink():
            yield path


class _Looker:
    def __init__(self, who: Probes) -> None:
        self._who = who
        self._near = NearVectors(who.vectors)
        self._overlap = max(who.needles.longest, 4 * self._near.dim, 256)
        short = [_alone(one) for one in sorted(who.tokens) if len(one.encode()) < 8]
        self._short = re.compile("|".join(short).encode()) if short else None

    def file(self, path: Path, found: Counter[What]) -> None:
        if path.stat().st_size == 0:
            return
        if sqlite_file.is_sqlite(path):
            with path.open("rb") as file:
                self._stream(file, found, words=False)
            self._values(path, found)
            for piece in sqlite_file.slack(path):
                if self._short is not None and any(piece):
                    found["id"] += sum(1 for _ in self._short.finditer(piece))
            return
        with path.open("rb") as file:
            head = file.read(4)
        if head[:2] == b"PK" and zipfile.is_zipfile(path):
            self._zip(path, found)
        elif head[:2] == b"\x1f\x8b":
            with gzip.open(path, "rb") as packed:
                self._stream(cast(IO[bytes], packed), found, words=True)
        # the packed bytes too: what is behind an archive, or only looks like one
        with path.open("rb") as file:
            self._stream(file, found, words=True)

    def _zip(self, path: Path, found: Counter[What]) -> None:
        try:
            with zipfile.ZipFile(path) as archive:
                for one in archive.infolist():
                    if one.file_size > _UNPACK_LIMIT:
                        found["unreadable"] += 1
                        continue
                    with archive.open(one) as member:
                        self._stream(member, found, words=True)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError):
            found["unreadable"] += 1

    def _stream(self, file: IO[bytes], found: Counter[What], *, words: bool) -> None:
        """Blocks that overlap by the longest probe; what stands wholly in the overlap is counted in the next block."""
        kept = b""
        while True:
            fresh = file.read(_BLOCK)
            block = kept + fresh
            last = len(fresh) < _BLOCK
            self._block(block, found, words=words, until=len(block) if last else len(block) - self._overlap)
            if last:
                return
            kept = block[-self._overlap :]

    def _block(self, block: bytes, found: Counter[What], *, words: bool, until: int) -> None:
        for at, _, label in self._who.needles.hits(block):
            if at < until:
                found[_what(label)] += 1
        found["vector"] += self._near.count_in(block)
        if words and _is_text(block):
            text = block.decode("utf-8", "replace")
            found["id"] += self._who.words_in(text)
            found["id"] += sum(text.count(one) for one in self._who.quoted if one[1:-1] in self._who.shared)

    def _values(self, path: Path, found: Counter[What]) -> None:
        for block in sqlite_file.values(path):
            found["id"] += self._who.ids_among(block)


def _alone(short_id: str) -> str:
    """A pattern for an id in the bytes of a row, where values stand side by side: a letter may follow `K7`, a digit not."""
    before = "(?<![A-Za-z])" if short_id[0].isalpha() else "(?<![0-9])"
    after = "(?![A-Za-z])" if short_id[-1].isalpha() else "(?![0-9])"
    return before + re.escape(short_id) + after


def _what(label: str) -> What:
    return "words" if label == "words" else "id"


def _is_text(block: bytes) -> bool:
    return b"\x00" not in block[:4096]

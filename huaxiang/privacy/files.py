"""Holders of files in a shop: caches made of customers' records, and line logs (traces) that may quote them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from huaxiang.errors import StoreError
from huaxiang.privacy.holders import Residue
from huaxiang.privacy.probes import Probes
from huaxiang.privacy.receipt import write_safely
from huaxiang.store.shop import Shop


class Caches:
    """`cache/`: models fitted on all customers' records. Whatever is derived there is deleted and made again on demand.

    The logs of imports (`import-….jsonl`) hold row numbers and reason codes only and stay, unless one holds a probe.
    """

    name, quotes = "cache", True

    def __init__(self, shop: Shop) -> None:
        self._folder = shop.folder / "cache"

    def ready(self) -> None:
        """Always."""

    def runs(self, customers: frozenset[str]) -> set[str]:
        """None that it knows of."""
        return set()

    def count(self, who: Probes) -> int:
        """Files that may have been made from these customers' records."""
        return sum(1 for _ in self._files(who))

    def erase(self, who: Probes) -> int:
        """Delete them; none of them holds anything that cannot be made again."""
        gone = 0
        for path in list(self._files(who)):
            overwrite(path)
            gone += 1
        return gone

    def residue(self, who: Probes) -> list[Residue]:
        """Files that are still there."""
        return [Residue(self.name, f"cache/{path.name}", "row") for path in self._files(who)]

    def export(self, who: Probes) -> Iterator[dict[str, Any]]:
        """Nothing: all of it is derived."""
        return iter(())

    def _files(self, who: Probes) -> Iterator[Path]:
        if self._folder.is_dir():
            for path in sorted(self._folder.rglob("*")):
                if path.is_file() and not (_is_row_log(path) and not who.mentioned_in(_text(path))):
                    yield path


class LineLogs:
    """`traces/` and `*.log` files: one record a line. Lines of these customers are taken out, the others stay as they are."""

    name, quotes = "traces", True

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def ready(self) -> None:
        """Always: a line that is being written is complete or is looked at again."""

    def runs(self, customers: frozenset[str]) -> set[str]:
        """None that it knows of."""
        return set()

    def count(self, who: Probes) -> int:
        """Lines about these customers."""
        return sum(_is_theirs(line, who) for path in self._files() for line in _lines(path))

    def erase(self, who: Probes) -> int:
        """Write each file anew without those lines, and overwrite the old one."""
        gone = 0
        for path in self._files():
            lines = _lines(path)
            kept = [line for line in lines if not _is_theirs(line, who)]
            if len(kept) < len(lines):
                gone += len(lines) - len(kept)
                rewrite(path, b"".join(kept))
        return gone

    def residue(self, who: Probes) -> list[Residue]:
        """Files with lines about them."""
        found = []
        for path in self._files():
            count = sum(_is_theirs(line, who) for line in _lines(path))
            if count:
                found.append(Residue(self.name, path.relative_to(self._shop.folder).as_posix(), "row", count))
        return found

    def export(self, who: Probes) -> Iterator[dict[str, Any]]:
        """Nothing: traces are about runs, and hold no words of customers unless switched on."""
        return iter(())

    def _files(self) -> list[Path]:
        found = [
            *self._shop.folder.glob("traces/**/*"),
            *self._shop.folder.glob("*.log"),
            *self._shop.folder.glob("logs/**/*"),
        ]
        return sorted(path for path in found if path.is_file())


def rewrite(path: Path, content: bytes) -> None:
    """Replace a file's content and overwrite what it held before.

    Raises:
        StoreError: it cannot be written; the old content is then still there.
    """
    try:
        with path.open("r+b") as old:
            write_safely(path, content, mode=path.stat().st_mode & 0o777)
            size = old.seek(0, 2)
            old.seek(0)
            old.write(b"\0" * size)
    except OSError as error:
        raise StoreError(
            f"{path.parent.name}/{path.name} cannot be rewritten ({error.strerror})",
            hint="free some disk space, or check the folder's permissions, then run the same `huaxiang erase` again",
            code="store-write",
        ) from error


def overwrite(path: Path) -> None:
    """Overwrite a file and delete it; one that is gone already is fine."""
    try:
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(
            f"{path.parent.name}/{path.name} cannot be deleted ({error.strerror})",
            hint="check the folder's permissions, then run the same `huaxiang erase` again",
            code="store-write",
        ) from error


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return []


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _is_theirs(line: bytes, who: Probes) -> bool:
    text = line.decode("utf-8", "replace").strip()
    return who.mentioned_in(text) or who.ran_in(text)


def _is_row_log(path: Path) -> bool:
    return path.name.startswith("import-") and path.suffix in (".jsonl", ".part")

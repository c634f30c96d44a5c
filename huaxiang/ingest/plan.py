"""Which files an import reads, as what, and in which order. Everything is looked at before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huaxiang import columns as c
from huaxiang import ids
from huaxiang.errors import ConfigError, DataError
from huaxiang.ingest import aliases, mappings
from huaxiang.ingest.formats import Table, look
from huaxiang.ingest.records import DATASET_COLUMNS
from huaxiang.store.shop import Shop

_SUFFIXES = {".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".gz"}
_FIRST = {"customer": 0, "item": 1}
_DATASET_KIND = {"amazon-2014": "review", "amazon-2018": "review", "amazon-meta": "item"}


@dataclass(frozen=True)
class Job:
    """One file to read."""

    path: Path
    table: Table
    kind: str
    mapping: dict[str, str]
    given: dict[str, str]
    batch_id: str
    content_hash: str
    bytes: int


@dataclass
class Plan:
    """Files to read, customers and items first, and those of a folder that are left out, with the reason."""

    jobs: list[Job] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """What the caller said about the files."""

    format: str | None
    kind: str | None
    columns: Mapping[str, str]


def make(shop: Shop, paths: Sequence[Path], asked: Asked) -> Plan:
    """Look at all files.

    Raises:
        DataError: a path does not exist, or a file named by itself (not by its folder) cannot be read.
        ConfigError: an unknown kind or format.
    """
    if asked.kind is not None and asked.kind not in c.IMPORT_KINDS:
        raise ConfigError(
            f"unknown kind {asked.kind!r}", hint=f"--kind is one of {', '.join(c.IMPORT_KINDS)}", code="unknown-kind"
        )
    plan = Plan()
    for path in map(Path, paths):
        if path.is_dir():
            _folder(shop, path, asked, plan)
        elif path.exists():
            plan.jobs.append(_job(shop, path, asked))
        else:
            raise DataError(f"there is no file {str(path)!r}", hint="check the path", code="no-such-file")
    plan.jobs.sort(key=lambda job: _FIRST.get(job.kind, 2))  # stable: else in the order given
    return plan


def _folder(shop: Shop, folder: Path, asked: Asked, plan: Plan) -> None:
    found = False
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in Path(name).parts):
            continue
        if path.suffix.lower() not in _SUFFIXES:
            plan.skipped.append((name, "not a table"))
            continue
        try:
            plan.jobs.append(_job(shop, path, asked))
            found = True
        except DataError as error:
            # who names the file itself is told its columns; a folder's report stays short
            plan.skipped.append((name, error.code if error.code == "unknown-kind" else f"{error.code}: {error}"))
    if not found:
        listed = "; ".join(f"{name} ({reason})" for name, reason in plan.skipped[:5])
        raise DataError(
            f"the folder {folder.name!r} holds no file that can be imported" + (f": {listed}" if listed else ""),
            hint="name a file, and say what it holds with --kind", code="nothing-to-import",
        )  # fmt: skip


def _job(shop: Shop, path: Path, asked: Asked) -> Job:
    saved: dict[str, Any] = mappings.saved_for(shop, path.name)
    given = {**{str(a): str(b) for a, b in dict(saved.get("columns") or {}).items()}, **asked.columns}
    table = look(path, asked.format or saved.get("format") or None)
    kind = asked.kind or saved.get("kind") or _DATASET_KIND.get(table.format)
    if kind is None and table.format == "douban":
        kind = "item" if "movie_name" in table.columns else "review"
    if kind is None:
        kind = aliases.guess_kind(path.name, table.columns, given)
    preset = {
        name: source for name, source in DATASET_COLUMNS.get((table.format, kind), {}).items()
        if source in table.columns and name not in given
    }  # fmt: skip
    mapping = aliases.map_columns(table.columns, kind, {**preset, **given}, table=path.name)
    content = _hash(path)
    batch = "b" + ids.digest((content, kind, table.format, *sorted(given.items())))
    return Job(path, table, kind, mapping, given, batch, content, path.stat().st_size)


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest()
    except OSError as error:
        raise DataError(
            f"{path.name} cannot be read ({error.strerror})", hint="check the file and its disk", code="unreadable-file"
        ) from error

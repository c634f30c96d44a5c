"""A shop in one file: a consistent snapshot with the hash of every part (`store.restore` puts it back).

The file is a tar archive: `manifest.json` first, then the shop's files. What can be made again is left out (`index/`,
`cache/`, `models/`). It holds everybody's data and the key that signs receipts: keep it like the shop itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huaxiang import __version__, clock
from huaxiang.errors import ConfigError, StoreError
from huaxiang.privacy import journal
from huaxiang.privacy.tables import ensure, exports
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

MANIFEST = "manifest.json"
LEFT_OUT = ("index", "cache", "models")
FORMAT = 1
BLOCK = 1 << 20
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class BackupReport:
    """What was written: the file's name, its size in bytes, the number of parts, its SHA-256 and the schema version."""

    file: str
    bytes: int
    parts: int
    sha256: str
    schema_version: int


def backup(shop: Shop, target: Path, *, progress: Progress | None = None) -> BackupReport:
    """Write a snapshot of a shop to `target`; it appears there whole or not at all.

    Holds the shop's write lock; reading goes on meanwhile.

    Raises:
        ConfigError: the shop's tables are on a server (back those up there), or `target` is inside the shop or exists.
        StoreError: the disk is full (`store-write`; nothing is left behind), the shop is busy, or an erasure is unfinished.
    """
    _refuse(shop, target)
    temporary = target.with_name(f".{target.name}.part")
    try:
        with shop.writing(), tempfile.TemporaryDirectory(prefix=".huaxiang-backup-", dir=target.parent) as folder:
            staged = _stage(shop, Path(folder))
            manifest = _manifest(shop, staged)
            size = sum(part["bytes"] for part in manifest["parts"])
            digest = _write(temporary, manifest, staged, size, progress)
        temporary.replace(target)
        _register(shop, target.name, digest)
    except (OSError, sqlite3.Error) as error:
        temporary.unlink(missing_ok=True)
        why = getattr(error, "strerror", None) or type(error).__name__
        raise StoreError(
            f"the backup {target.name!r} could not be written ({why}); nothing was left behind",
            hint="free some space, or choose another disk with --out",
            code="store-write",
        ) from error
    return BackupReport(target.name, target.stat().st_size, len(staged), digest, t.SCHEMA_VERSION)


def default_name(shop: Shop) -> str:
    """`NAME-20260630T101500.tar`."""
    safe = "".join(one if one.isalnum() else "-" for one in shop.settings.shop.name).strip("-") or "shop"
    return f"{safe}-{clock.utc_now():%Y%m%dT%H%M%S}.tar"


def _refuse(shop: Shop, target: Path) -> None:
    if not shop.is_sqlite:
        raise ConfigError(
            "this shop's tables are on a server ([shop] database_url)",
            hint="back the database up there (pg_dump), and copy the shop's folder",
            code="backup-server",
        )
    if shop.folder.resolve() in target.resolve().parents:
        raise ConfigError(
            "a backup inside the shop would be lost with it", hint="say --out with another folder", code="bad-path"
        )
    if target.exists():
        raise ConfigError(f"{target.name!r} is there already", hint="choose another name with --out", code="bad-path")
    if journal.pending(shop) is not None:
        raise StoreError(
            "an erasure is unfinished: a backup now would keep what it removes", hint="run first: huaxiang erase",
            code="erase-unfinished",
        )  # fmt: skip


def _stage(shop: Shop, folder: Path) -> dict[str, Path]:
    """Name in the archive → file to take: databases as snapshots, small files as copies, so that hashes hold."""
    staged: dict[str, Path] = {}
    for path in sorted(shop.folder.rglob("*")):
        name = path.relative_to(shop.folder).as_posix()
        skip = name.split("/")[0] in LEFT_OUT or name.endswith((".lock", "-wal", "-shm", ".part")) or path.is_symlink()
        if skip or not path.is_file():
            continue
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".sqlite"):
            with contextlib.closing(sqlite3.connect(path)) as source, contextlib.closing(sqlite3.connect(copy)) as into:
                source.backup(into)
        else:
            shutil.copyfile(path, copy)
        staged[name] = copy
    return staged


def _manifest(shop: Shop, staged: dict[str, Path]) -> dict[str, Any]:
    parts = []
    for name, path in staged.items():
        with path.open("rb") as file:
            digest, size = digest_of(file)
        parts.append({"name": name, "bytes": size, "sha256": digest})
    return {
        "format": FORMAT, "program": f"huaxiang {__version__}", "made_at": clock.utc_now().isoformat(timespec="seconds"),
        "schema_version": t.SCHEMA_VERSION, "shop": shop.settings.shop.name, "parts": parts,
    }  # fmt: skip


def _write(
    target: Path, manifest: dict[str, Any], staged: dict[str, Path], size: int, progress: Progress | None
) -> str:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
            content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            _add(archive, MANIFEST, io.BytesIO(content), len(content))
            done = 0
            for name, path in staged.items():
                with path.open("rb") as file:
                    _add(archive, name, file, path.stat().st_size)
                done += path.stat().st_size
                if progress is not None:
                    progress(done, size, name)
        raw.flush()
        os.fsync(raw.fileno())
    with target.open("rb") as file:
        return digest_of(file)[0]


def _add(archive: tarfile.TarFile, name: str, content: Any, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    archive.addfile(member, content)


def _register(shop: Shop, name: str, digest: str) -> None:
    with shop.writing(), shop.begin() as connection:
        ensure(connection)
        now = clock.to_epoch(clock.utc_now())
        row = {"customer_id": None, "at": now, "actor": shop.settings.actor.name, "file": name, "sha256": digest}
        connection.execute(exports.insert().values(**row))


def digest_of(file: Any) -> tuple[str, int]:
    """SHA-256 and size of what is left to read."""
    found, size = hashlib.sha256(), 0
    while block := file.read(BLOCK):
        found.update(block)
        size += len(block)
    return found.hexdigest(), size

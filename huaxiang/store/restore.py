"""Putting a backup back: every hash is checked and the shop prepared beside its place; then two folders change places."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout

from huaxiang.errors import StoreError
from huaxiang.privacy import suppression
from huaxiang.store import tables as t
from huaxiang.store.backup import BLOCK, FORMAT, MANIFEST, Progress, digest_of
from huaxiang.store.shop import FOLDERS, Shop

Hook = Callable[[Path], None]


@dataclass(frozen=True)
class RestoreReport:
    """What was put back; `replaced` tells whether a shop was there before."""

    parts: int
    bytes: int
    made_at: str
    schema_version: int
    replaced: bool


def restore(
    file: Path,
    folder: Path,
    *,
    replace: bool = False,
    before_swap: Hook | None = None,
    progress: Progress | None = None,
) -> RestoreReport:
    """Put a backup back at `folder`. Everything is checked and prepared beside it; then the folders change places.

    Customers who were erased after the backup was made are on the suppression list of the shop that is replaced: the list
    goes over to the restored shop, and `before_swap` must erase them there (`returned`), before anybody can see them.

    Args:
        file: made by `backup`.
        folder: where the shop shall be; need not exist.
        replace: allow that a shop is there.
        before_swap: called with the prepared folder.

    Raises:
        StoreError: `backup-damaged`, a hash or the archive is wrong; `shop-exists`; `shop-busy`; `store-write`. In each
            case what was at `folder` is as it was.
    """
    place, old = folder.with_name(f".{folder.name}.restoring"), folder.with_name(f".{folder.name}.replaced")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _lock(folder.with_name(f".{folder.name}.restore.lock"), "another restore is running here"):
        if old.exists() and not folder.exists():
            old.rename(folder)  # a restore was killed between the two renames
        there = folder.exists() and any(folder.iterdir())
        if there and not replace:
            raise StoreError(
                f"there is something at {str(folder)!r} already", hint="say --replace to put the backup in its place",
                code="shop-exists",
            )  # fmt: skip
        manifest = check(file, progress=progress)
        shutil.rmtree(place, ignore_errors=True)
        try:
            _extract(file, place)
            if there:
                _carry_suppressions(folder, place)
            if before_swap is not None:
                before_swap(place)
            _swap(folder, place, old)
        except OSError as error:
            raise StoreError(
                f"the backup could not be unpacked ({error.strerror}); what was there is as it was",
                hint="free some disk space, then try again",
                code="store-write",
            ) from error
        finally:
            shutil.rmtree(place, ignore_errors=True)
    parts = manifest["parts"]
    return RestoreReport(
        len(parts), sum(one["bytes"] for one in parts), manifest["made_at"], manifest["schema_version"], there
    )


def _swap(folder: Path, place: Path, old: Path) -> None:
    """The prepared folder takes the place of what is there; a writer of the old shop is waited for."""
    shutil.rmtree(old, ignore_errors=True)
    with contextlib.ExitStack() as stack:
        if (folder / "shop.toml").is_file():
            stack.enter_context(_lock(folder / ".write.lock", "another process is writing to the shop"))
        if folder.exists():
            folder.rename(old)
        place.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def check(file: Path, *, progress: Progress | None = None) -> dict[str, Any]:
    """Read a backup through and compare every part with the manifest; returns the manifest.

    Raises:
        StoreError: `backup-damaged`, with the part that does not fit; `schema-version`, made by a newer version.
    """
    try:
        with tarfile.open(file, "r:") as archive:
            first = archive.next()
            if first is None or first.name != MANIFEST:
                raise _damaged(file, "it does not begin with a manifest")
            manifest = _parse(file, _content(archive, first).read())
            wanted = {part["name"]: part for part in manifest["parts"]}
            done, size = 0, sum(part["bytes"] for part in wanted.values())
            while (member := archive.next()) is not None:
                part = wanted.pop(member.name, None)
                if part is None or not member.isreg() or not _is_inside(member.name):
                    raise _damaged(file, f"it holds {member.name!r}, which the manifest does not name")
                digest, read = digest_of(_content(archive, member))
                if (digest, read) != (part["sha256"], part["bytes"]):
                    raise _damaged(file, f"the hash of {member.name!r} is wrong")
                done += read
                if progress is not None:
                    progress(done, size, member.name)
    except (tarfile.TarError, EOFError) as error:
        raise _damaged(file, f"it is no whole archive ({type(error).__name__})") from error
    except OSError as error:
        raise StoreError(
            f"the backup {file.name!r} cannot be read ({error.strerror})", hint="check the path", code="backup-damaged"
        ) from error
    if wanted:
        raise _damaged(file, f"{min(wanted)!r} is missing")
    return manifest


def returned(shop: Shop) -> list[str]:
    """Customers of a restored shop who are on its suppression list: to be erased again."""
    with shop.engine.connect() as connection:
        gone = suppression.load(connection)
        if not gone:
            return []
        return [one for one in connection.scalars(sa.select(t.customers.c.customer_id)) if one in gone]


def _extract(file: Path, place: Path) -> None:
    place.mkdir()
    for name in FOLDERS:
        (place / name).mkdir()
    with tarfile.open(file, "r:") as archive:
        for member in archive:
            if member.name != MANIFEST:
                target = place / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as out:
                    shutil.copyfileobj(_content(archive, member), out, BLOCK)
                    out.flush()
                    os.fsync(out.fileno())
                if member.name.endswith(".pem"):
                    target.chmod(0o600)


def _carry_suppressions(old: Path, new: Path) -> None:
    """Whoever was erased from the shop that is there stays erased; the lists of two different shops have nothing in common."""
    if not (old / "shop.toml").is_file():
        return
    with contextlib.closing(Shop.open(old)) as shop, shop.engine.connect() as connection:
        mine = suppression.everything(connection)
    if mine is None:
        return
    with contextlib.closing(Shop.open(new)) as shop, shop.writing(), shop.begin() as connection:
        theirs = suppression.everything(connection)
        if theirs is None or theirs[0] == mine[0]:
            suppression.carry(connection, *mine)
    for name in ("receipts", "receipt-key.pem"):
        source, target = old / name, new / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.is_file() and not target.exists():
            shutil.copy2(source, target)


def _parse(file: Path, content: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(content)
        good = manifest["format"] == FORMAT and all(
            isinstance(one["name"], str) and isinstance(one["bytes"], int) and isinstance(one["sha256"], str)
            for one in manifest["parts"]
        )
        version = int(manifest["schema_version"])
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(file, "its manifest cannot be read") from error
    if not good:
        raise _damaged(file, "its manifest has another format")
    if version > t.SCHEMA_VERSION:
        raise StoreError(
            f"the backup has schema version {version}, this program knows {t.SCHEMA_VERSION}",
            hint="update huaxiang",
            code="schema-version",
        )
    return dict(manifest)


def _damaged(file: Path, what: str) -> StoreError:
    return StoreError(
        f"the backup {file.name!r} is damaged: {what}; nothing was changed",
        hint="use another backup",
        code="backup-damaged",
    )


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Any:
    found = archive.extractfile(member)
    if found is None:
        raise tarfile.TarError("no file")
    return found


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


@contextlib.contextmanager
def _lock(path: Path, what: str) -> Iterator[None]:
    lock = FileLock(path, timeout=10)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreError(what, hint="wait for it to end, then try again", code="shop-busy") from error
    try:
        yield
    finally:
        lock.release()

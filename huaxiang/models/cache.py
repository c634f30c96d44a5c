"""Where model files live, and how we know that they are whole.

Layout: `ROOT/models/NAME/FILE`, beside it `FILE.verified.json` (size, mtime and hash of the last full check, so that a
start need not hash a gigabyte again), `FILE.partial` with its `FILE.partial.json` while it is being fetched, and
`NAME.lock`. A file appears under its own name only when it is whole: temporary name, then rename.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from huaxiang.errors import ModelError

Progress = Callable[[int, int, str], None]
"""Called with (bytes done, bytes in all, what is being done); always from the thread that called `fetch`."""

CHUNK = 4 << 20


def root() -> Path:
    """The cache folder: `HUAXIANG_CACHE`, else the platform's own (not created here)."""
    chosen = os.environ.get("HUAXIANG_CACHE", "").strip()
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("huaxiang", appauthor=False))


def model_dir(name: str) -> Path:
    """The folder of one model (not created here)."""
    return root() / "models" / name


@contextmanager
def lock(name: str, *, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the model's lock between processes; `waiting` is called once when another one has it.

    The operating system frees the lock of a process that died, so nobody has to clean up.
    """
    from filelock import FileLock, Timeout

    folder = model_dir(name)
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        held = FileLock(folder.parent / f"{name}.lock")
        try:
            held.acquire(timeout=0.1)
        except Timeout:
            if waiting:
                waiting()
            held.acquire()
    try:
        yield
    finally:
        held.release()


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn a full or read-only disk into a ModelError that says how to go on."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ModelError(
                f"the disk is full: cannot write below {str(path)!r}",
                hint="free some space or point HUAXIANG_CACHE at another disk, then run it again: it resumes",
                code="disk-full",
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise ModelError(
                f"cannot write below {str(path)!r} ({error.strerror})",
                hint="point HUAXIANG_CACHE at a folder that you may write to",
                code="cache-not-writable",
            ) from error
        raise


def need_space(folder: Path, needed: int) -> None:
    """Refuse before a long download what cannot fit; `needed` in bytes."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ModelError(
            f"the disk is full: {needed / 1e6:.0f} MB are needed below {str(folder)!r}, {free / 1e6:.0f} MB are free",
            hint="free some space or point HUAXIANG_CACHE at another disk",
            code="disk-full",
        )


def sha256_file(path: Path, *, progress: Progress | None = None) -> str:
    """The SHA-256 of a file in hexadecimal (about 1 s for 500 MB)."""
    digest, done, total = hashlib.sha256(), 0, path.stat().st_size
    with path.open("rb") as stream:
        while block := stream.read(CHUNK):
            digest.update(block)
            done += len(block)
            if progress:
                progress(done, total, f"checking {path.name}")
    return digest.hexdigest()


def write_json(path: Path, value: object) -> None:
    """Write a small JSON file so that a reader sees the old one or the new one, never half."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_text(json.dumps(value, indent=1), encoding="utf-8")
    temporary.replace(path)


def read_json(path: Path) -> dict[str, object]:
    """The file's object; empty if it is absent or not JSON (both only mean: check again)."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _stamp_path(path: Path) -> Path:
    return path.with_name(path.name + ".verified.json")


def stamp(path: Path, sha256: str) -> None:
    """Remember that `path`, as it now is, has this hash. Only for files in the cache."""
    status = path.stat()
    write_json(_stamp_path(path), {"bytes": status.st_size, "mtime_ns": status.st_mtime_ns, "sha256": sha256})


def check(
    path: Path, *, sha256: str, size: int | None, full: bool = False, stamped: bool = True, mend: str = ""
) -> None:
    """Make sure that `path` is the file it should be.

    Args:
        path: the file.
        sha256: its hash in hexadecimal.
        size: its bytes, if known; a shorter file is reported as truncated.
        full: hash it even if a stamp says it was checked and it has not changed since.
        stamped: read and write the stamp beside the file (False outside our cache).
        mend: what the operator should do when it is wrong.

    Raises:
        ModelError: absent, truncated, or with another hash; the file is left as it is.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise ModelError(f"no file {str(path)!r} ({error.strerror})", hint=mend, code="model-missing") from error
    if size is not None and status.st_size != size:
        what = "is cut off" if status.st_size < size else "is too long"
        raise ModelError(
            f"the model file {str(path)!r} {what}: {status.st_size} bytes instead of {size}",
            hint=mend,
            code="model-truncated",
        )
    known = read_json(_stamp_path(path)) if stamped else {}
    unchanged = known.get("bytes") == status.st_size and known.get("mtime_ns") == status.st_mtime_ns
    if not full and unchanged and known.get("sha256") == sha256:
        return
    found = sha256_file(path)
    if found != sha256:
        _stamp_path(path).unlink(missing_ok=True) if stamped else None
        raise ModelError(
            f"the model file {str(path)!r} has the wrong hash: expected {sha256}, found {found}",
            hint=mend,
            code="model-hash",
        )
    if stamped:
        stamp(path, sha256)


def tree_bytes(folder: Path) -> int:
    """Bytes the files below `folder` take on the disk (sparse files count what is written)."""
    total = 0
    for path in folder.rglob("*") if folder.is_dir() else ():
        try:
            status = path.stat()
        except OSError:  # another process renamed it meanwhile
            continue
        if not path.is_dir():
            total += min(status.st_size, getattr(status, "st_blocks", status.st_size // 512 + 1) * 512)
    return total


def forget_stamp(path: Path) -> None:
    """Remove the stamp of a file that is gone."""
    _stamp_path(path).unlink(missing_ok=True)

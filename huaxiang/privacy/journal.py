"""What an erasure still has to do, kept in the shop until its receipt is written, so that a killed one can be finished.

The file holds the probes, hence words of the customer: readable by its owner only, and overwritten before it is removed.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from huaxiang.errors import StoreError
from huaxiang.privacy.probes import Probes
from huaxiang.privacy.receipt import write_safely
from huaxiang.store.shop import Shop

FILE = "erasing.json"


def path_of(shop: Shop) -> Path:
    """Where the journal is while an erasure runs."""
    return shop.folder / FILE


def pending(shop: Shop) -> Probes | None:
    """The probes of an erasure that was not finished; None when there is none.

    Raises:
        StoreError: the journal cannot be read.
    """
    path = path_of(shop)
    if not path.exists():
        return None
    try:
        return Probes.from_json(path.read_text(encoding="utf-8", errors="surrogatepass"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"the journal of an unfinished erasure, {FILE!r}, cannot be read ({type(error).__name__})",
            hint=f"delete {FILE}, run the same `huaxiang erase` again, then `huaxiang audit`",
            code="erase-journal",
        ) from error


def write(shop: Shop, probes: Probes) -> None:
    """Keep the probes; on disk when this returns."""
    try:
        write_safely(path_of(shop), probes.to_json().encode("utf-8", "surrogatepass"), mode=0o600)
    except OSError as error:
        raise StoreError(
            f"the journal of the erasure cannot be written ({error.strerror})",
            hint="free some disk space; nothing was erased yet",
            code="store-write",
        ) from error


def remove(shop: Shop) -> None:
    """Overwrite the journal and delete it; a half-written one too."""
    for path in (path_of(shop), path_of(shop).with_name(FILE + ".part")):
        with contextlib.suppress(FileNotFoundError):
            with path.open("r+b") as file:
                file.write(b"\0" * path.stat().st_size)
                file.flush()
                os.fsync(file.fileno())
            path.unlink()

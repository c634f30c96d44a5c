"""Progress on stderr: a bar in a terminal, a line now and then elsewhere, nothing with --json."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Literal

from ui.cli import output

Tell = Callable[[int, int, str], None]
"""Called with (done, in all, what is being done)."""
_LINE_EVERY_SECONDS = 10.0


@contextlib.contextmanager
def bar(title: str, *, unit: Literal["bytes", "count"] = "count", quiet: bool = False) -> Iterator[Tell]:
    """A progress bar for one piece of work; yields the callback to feed it.

    Args:
        title: what is being done, shown until the callback says something else.
        unit: whether the numbers are bytes.
        quiet: show nothing.
    """
    title = output.told(title)
    if quiet:
        yield _nothing
    elif sys.stderr.isatty():
        with _rich(title, unit) as tell:
            yield tell
    else:
        yield _Lines(title, unit)


@contextlib.contextmanager
def waiting(text: str, *, quiet: bool = False) -> Iterator[None]:
    """A spinner beside `text` while something without a measure runs (terminal only)."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


@contextlib.contextmanager
def _rich(title: str, unit: str) -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    amount: ProgressColumn = DownloadColumn() if unit == "bytes" else MofNCompleteColumn()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), amount, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=None)

        def tell(done: int, total: int, what: str = "") -> None:
            text = f"{title}: {what}" if what and what != title else title
            progress.update(
                task, completed=done, total=total or None, description=output.plain(text, one_line=True)[:60]
            )

        yield tell


class _Lines:
    """For logs: a line at most every ten seconds, none for what is done sooner."""

    def __init__(self, title: str, unit: str) -> None:
        self._title, self._unit = title, unit
        self._told = time.monotonic()

    def __call__(self, done: int, total: int, what: str = "") -> None:
        if time.monotonic() - self._told < _LINE_EVERY_SECONDS:
            return
        self._told = time.monotonic()
        amount = f"{done / 1e6:.0f} / {total / 1e6:.0f} MB" if self._unit == "bytes" else f"{done} / {total}"
        share = f" ({100 * done // total} %)" if total else ""
        output.note(f"{self._title}{', ' + what if what else ''}: {amount}{share}")


def _nothing(done: int, total: int, what: str = "") -> None:
    """Progress that nobody watches."""

"""A large build on several cores: helper processes plan chunks of customers, this one writes them all.

While the helpers start (about a second) this process plans too. Then it leaves planning to them: each of them has one
thread of polars, which takes a fifth less CPU than several, and writing goes on beside it.

A plan comes from reading alone (`build.plan_chunk`), so only the writer needs the write lock. Helpers are plain
subprocesses (`ledger.helper`) that talk over pipes: they import nothing of the program that called, and when this process
is killed their pipe ends and so do they. What a helper could not do is done here.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huaxiang.store.shop import Shop

LEAST = 1_000
"""Customers for whom starting a helper (about a second) is worth it."""
MOST = 3
ROOT = Path(__file__).resolve().parents[2]
_WAIT_SECONDS = 0.2
Chunk = Sequence[str]


def how_many(shop: Shop, customers: int) -> int:
    """Helpers for a build of so many customers: one a core, none for few customers, on one core or on a database server."""
    if customers < LEAST or not shop.is_sqlite:
        return 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST, cores) if cores > 1 else 0


@contextlib.contextmanager
def plans(
    shop: Shop, chunks: Sequence[Chunk], recorded: tuple[bool, bool], plan: Callable[[Chunk], Any], helpers: int
) -> Iterator[Iterator[tuple[Any, int]]]:
    """Plans of all chunks as they get ready, in any order, each with the number of its customers.

    Args:
        shop: an open shop whose write lock is held.
        chunks: customers; no customer twice.
        recorded: `summary.records`.
        plan: plans one chunk in this process.
        helpers: processes beside this one; 0 for none.
    """
    work = _Work(deque(chunks))
    for _ in range(min(helpers, len(chunks) - 1)):
        work.hire(shop, recorded)
    try:
        yield _in_any_order(work, plan)
    finally:
        work.end()


def _in_any_order(work: _Work, plan: Callable[[Chunk], Any]) -> Iterator[tuple[Any, int]]:
    while True:
        try:
            chunk, found = work.answers.get_nowait()
        except queue.Empty:
            mine = None if work.answered and work.busy else work.next()
            if mine is not None:
                yield plan(mine), len(mine)
                continue
            if not work.busy:
                return
            chunk, found = work.answers.get()
        work.answered = work.answered or found is not None
        if chunk is None:
            work.busy -= 1
        elif found is None:  # the helper failed: if the reason is the data, it shows here
            work.todo.append(chunk)
        else:
            yield found, len(chunk)


@dataclass
class _Work:
    """Chunks to do, helpers at work, and their answers: `(chunk, plan)`, plan None for a failure, chunk None for the end."""

    todo: deque[Chunk]
    answers: queue.Queue[tuple[Chunk | None, Any]] = field(default_factory=lambda: queue.Queue(maxsize=MOST))
    busy: int = 0
    answered: bool = False
    """Whether the helpers are there by now, so that planning can be left to them."""
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _ended: bool = False

    def next(self) -> Chunk | None:
        """The next chunk that nobody does; None when there is none left."""
        try:
            return self.todo.popleft()
        except IndexError:
            return None

    def hire(self, shop: Shop, recorded: tuple[bool, bool]) -> None:
        """Start a helper and the thread that feeds it."""
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        # one thread of polars each: the cores are taken by processes
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "POLARS_MAX_THREADS": "1"}
        process = subprocess.Popen(
            [sys.executable, "-m", "huaxiang.ledger.helper"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=env,
        )  # fmt: skip
        self._processes.append(process)
        self.busy += 1
        first = (shop.folder, shop.loaded, shop.today(), recorded)
        threading.Thread(target=self._feed, args=(process, first), daemon=True).start()

    def _feed(self, process: subprocess.Popen[bytes], first: Any) -> None:
        assert process.stdin is not None and process.stdout is not None
        chunk: Chunk | None = None
        try:
            _send(process, first)
            while not self._ended and (chunk := self.next()) is not None:
                _send(process, list(chunk))
                self._answer(chunk, pickle.load(process.stdout))
                chunk = None
        except (OSError, EOFError, pickle.PickleError, ValueError):
            if chunk is not None:
                self._answer(chunk, None)
        finally:
            self._answer(None, None)

    def _answer(self, chunk: Chunk | None, found: Any) -> None:
        while not self._ended:
            with contextlib.suppress(queue.Full):
                self.answers.put((chunk, found), timeout=_WAIT_SECONDS)
                return

    def end(self) -> None:
        """Let the helpers go; one that is still at work is of no use any more."""
        self._ended = True
        for process in self._processes:
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()
            try:
                process.wait(timeout=_WAIT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _send(process: subprocess.Popen[bytes], what: Any) -> None:
    assert process.stdin is not None
    pickle.dump(what, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
    process.stdin.flush()

"""Extraction in the background: a thread with a queue that makes way for questions."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from agent.llm.base import Llm
from agent.profiles.profiler import Extraction, extract_customer
from agent.profiles.stated import MapReader
from huaxiang.errors import HuaxiangError, ModelError
from huaxiang.store.shop import Shop

_TRIES = 3
_BUSY_SECONDS = 5.0


@dataclass(frozen=True)
class Status:
    """How far the queue is. `state` is idle, working, paused or closed; `problem` is the last error."""

    state: Literal["idle", "working", "paused", "closed"]
    current: str | None
    waiting: int
    done: int
    problem: HuaxiangError | None


class BackgroundExtractor:
    """Reads one customer after the other while nobody asks anything.

    `pause` stops the model's call at once, not only the queue, so a question does not wait; the text under way is read
    again after `resume`. Pauses nest.
    """

    def __init__(
        self,
        shop: Shop,
        llm: Llm | None,
        *,
        reader: Callable[[], MapReader | None] | None = None,
        on_done: Callable[[Extraction], None] | None = None,
    ) -> None:
        """Nothing starts before the first `add`. `reader` (the trained map) and `on_done` are called from its thread."""
        self._shop, self._llm, self._on_done = shop, llm, on_done
        self._reader = reader or (lambda: None)
        self._change = threading.Condition()
        self._queue: deque[str] = deque()
        self._tries: dict[str, int] = {}
        self._paused = 0
        self._closed = False
        self._current: str | None = None
        self._done = 0
        self._problem: HuaxiangError | None = None
        self._thread: threading.Thread | None = None

    def add(self, customer_ids: Iterable[str], *, first: bool = False) -> None:
        """Queue customers; `first` puts them before the others (a customer just opened on the desk)."""
        with self._change:
            if self._closed:
                return
            new = list(dict.fromkeys(customer_ids))
            if first:
                self._queue = deque([*new, *(one for one in self._queue if one not in set(new))])
            else:
                known = set(self._queue)
                self._queue.extend(one for one in new if one not in known)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="extract", daemon=True)
                self._thread.start()
            self._change.notify_all()

    def pause(self) -> None:
        """Make way; returns at once, the model's call ends within a tenth of a second."""
        with self._change:
            self._paused += 1

    def resume(self) -> None:
        """Undo one `pause`."""
        with self._change:
            self._paused = max(0, self._paused - 1)
            self._change.notify_all()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Paused while a question is answered."""
        self.pause()
        try:
            yield
        finally:
            self.resume()

    def status(self) -> Status:
        """How far it is."""
        with self._change:
            busy = self._current is not None or bool(self._queue)
            state: Literal["idle", "working", "paused", "closed"] = (
                "closed" if self._closed else "paused" if self._paused and busy else "working" if busy else "idle"
            )
            return Status(state, self._current, len(self._queue), self._done, self._problem)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the queue is empty; False when it took longer."""
        with self._change:
            return self._change.wait_for(lambda: self._closed or (not self._queue and self._current is None), seconds)

    def close(self) -> None:
        """Stop; what was read is kept, the rest can be queued again another time."""
        with self._change:
            self._closed = True
            self._queue.clear()
            self._change.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(30)

    def _stop_now(self) -> bool:
        return self._closed or self._paused > 0

    def _next(self) -> str | None:
        with self._change:
            self._change.wait_for(lambda: self._closed or (self._queue and not self._paused))
            if self._closed:
                return None
            self._current = self._queue.popleft()
            return self._current

    def _work(self) -> None:
        while (customer_id := self._next()) is not None:
            result, problem = None, None
            try:
                result = extract_customer(
                    self._shop, self._llm, customer_id, reader=self._reader(), should_stop=self._stop_now
                )
            except HuaxiangError as error:
                problem = error
            self._settle(customer_id, result, problem)

    def _settle(self, customer_id: str, result: Extraction | None, problem: HuaxiangError | None) -> None:
        with self._change:
            self._current = None
            if problem is not None or (result is not None and result.calls):
                self._problem = problem
            if problem is not None:
                self._retry(customer_id, problem)
            elif result is not None and result.stopped and not self._closed:
                self._queue.appendleft(customer_id)
            else:
                self._done += 1
            self._change.notify_all()
        if result is not None and not result.stopped and self._on_done:
            self._on_done(result)

    def _retry(self, customer_id: str, problem: HuaxiangError) -> None:
        """A busy shop is tried again later; a model that fails three times ends the queue, or it would fail for all."""
        self._tries[customer_id] = self._tries.get(customer_id, 0) + 1
        if problem.code == "shop-busy" and self._tries[customer_id] < _TRIES:
            self._queue.append(customer_id)
            self._change.wait_for(lambda: self._closed, _BUSY_SECONDS)
        elif isinstance(problem, ModelError):
            failed = sum(self._tries.values())
            if failed >= _TRIES:
                self._queue.clear()

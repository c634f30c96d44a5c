"""Reading what a customer wrote once somebody looks at them: the runtime's background extractor and how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from agent.llm.base import Llm
from agent.profiles.extractor import BackgroundExtractor
from agent.profiles.profiler import texts_read
from agent.profiles.stated import MapReader
from huaxiang.store.shop import Shop


@dataclass(frozen=True)
class ExtractionState:
    """How far one customer's texts are read: `done` of `total` texts.

    `state`: `done` (nothing new to read), `queued`, `running`, or `off` (no model is ready, nobody asked for it, or the
    model failed). While a question is being answered a customer under way is `queued`.
    """

    state: Literal["done", "queued", "running", "off"]
    done: int = 0
    total: int = 0

    @property
    def waiting(self) -> bool:
        """Whether more is to come."""
        return self.state in ("queued", "running")


class Reading:
    """Starts the extractor when there is something to read, keeps it out of the way of questions, closes it."""

    def __init__(
        self, shop: Shop, reader: Callable[[], MapReader | None], *, mapped: Callable[[], bool] = lambda: False
    ) -> None:
        """Nothing is started. `reader` loads the trained map (seconds); `mapped` says at once whether it can be had."""
        self._shop, self._reader, self._mapped = shop, reader, mapped
        self._lock = threading.Lock()
        self._extractor: BackgroundExtractor | None = None
        self._llm: Llm | None = None
        self._asked: set[str] = set()
        self._pauses = 0
        self._closed = False

    def open(self, llm: Llm | None, customer_id: str) -> None:
        """Queue this customer before the others, if there is text that `llm` (None: the map) has not read yet."""
        mapped = self._mapped()
        if llm is None and not mapped:
            return
        done, total = texts_read(self._shop, llm, customer_id, mapped=mapped)
        with self._lock:
            if done == total or self._closed:
                return
            if self._extractor is not None and self._llm is not llm:  # the model has come since
                self._extractor.close()
                self._extractor = None
            if self._extractor is None:
                self._llm = llm
                self._extractor = BackgroundExtractor(self._shop, llm, reader=self._reader)
                for _ in range(self._pauses):
                    self._extractor.pause()
            if self._extractor.status().current != customer_id:
                self._extractor.add([customer_id], first=True)
            self._asked.add(customer_id)

    def state(self, llm: Llm | None, customer_id: str) -> ExtractionState:
        """How far this customer is. A few milliseconds."""
        mapped = self._mapped()
        if llm is None and not mapped:
            return ExtractionState("off")
        with self._lock:
            status = self._extractor.status() if self._extractor is not None else None
            if status is None or (status.current is None and not status.waiting):
                self._asked.clear()  # all read, or given up after the model failed
            asked = customer_id in self._asked
        done, total = texts_read(self._shop, llm, customer_id, mapped=mapped)
        if status is not None and status.current == customer_id:
            return ExtractionState("running", done, total)
        if done == total:
            return ExtractionState("done", done, total)
        return ExtractionState("queued" if asked else "off", done, total)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nothing is read inside: the model belongs to a question. Nests, also over threads."""
        with self._lock:
            self._pauses += 1
            if self._extractor is not None:
                self._extractor.pause()
        try:
            yield
        finally:
            with self._lock:
                self._pauses -= 1
                if self._extractor is not None:
                    self._extractor.resume()

    def close(self) -> None:
        """Stop; what was read is kept."""
        with self._lock:
            self._closed = True
            extractor = self._extractor
        if extractor is not None:
            extractor.close()

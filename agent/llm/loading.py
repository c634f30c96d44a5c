"""A model that takes seconds to load: it is loaded in a background thread, once, and whoever needs it waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from agent.llm.base import ShouldStop
from huaxiang.errors import HuaxiangError, ModelError

LOAD_SECONDS = 180.0
T = TypeVar("T")


class Loader(Generic[T]):
    """Loads by calling `load` in a thread of its own. Thread-safe.

    `error` says why the last attempt failed; `seconds` how long the last good one took.
    """

    def __init__(self, load: Callable[[], T], *, where: str) -> None:
        """Nothing is loaded yet. `where` names the model in errors, e.g. "the local model"."""
        self._load, self._where = load, where
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False
        self.value: T | None = None
        self.error: HuaxiangError | None = None
        self.seconds: float | None = None

    def start(self) -> None:
        """Begin loading in the background. Does nothing if it is loading or loaded; tries again after a failure.

        Raises:
            ModelError: already closed.
        """
        with self._lock:
            if self._closed:
                raise self.closed()
            if self._thread is not None and (self._thread.is_alive() or self.value is not None):
                return
            self.error = None
            self._done.clear()
            self._thread = threading.Thread(target=self._run, name="llm-load", daemon=True)
            self._thread.start()

    def wait(self, seconds: float = LOAD_SECONDS, should_stop: ShouldStop | None = None) -> bool:
        """Start if need be and wait until loaded; False when stopped first.

        Raises:
            HuaxiangError: what `load` raised. ModelError: closed, or it took too long (`model-timeout`).
        """
        self.start()
        deadline = time.monotonic() + seconds
        while not self._done.wait(0.05):
            if should_stop is not None and should_stop():
                return False
            if time.monotonic() > deadline:
                raise ModelError(
                    f"{self._where} was not loaded within {seconds:g} s",
                    hint="the machine may be short of memory; answer without a model: --llm none",
                    code="model-timeout",
                )
        if self.error is not None:
            raise self.error
        return True

    def need(self) -> T:
        """What was loaded.

        Raises:
            ModelError: it was closed meanwhile.
        """
        if self.value is None:
            raise self.closed()
        return self.value

    def close(self) -> T | None:
        """Wait for the loading to end and give back what was loaded, for its owner to close; None the second time."""
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(LOAD_SECONDS)
        value, self.value = self.value, None
        return value

    def closed(self) -> ModelError:
        """The error of a model that was closed."""
        return ModelError("the language model was closed", hint="make a new one", code="model-closed")

    def _run(self) -> None:
        try:
            started = time.monotonic()
            self.value = self._load()
            self.seconds = time.monotonic() - started
        except HuaxiangError as error:
            self.error = error
        except Exception as error:  # bindings raise what C++ and PyTorch threw, without a type of their own
            self.error = ModelError(
                f"{self._where} did not start ({type(error).__name__})",
                hint="check the file with: huaxiang models fetch (it verifies), and that enough memory is free",
                code="model-load",
            )
            self.error.__cause__ = error
        finally:
            self._done.set()


class Loaded(Generic[T]):
    """What models that are loaded by a `Loader` have in common."""

    _loader: Loader[T]

    @property
    def error(self) -> HuaxiangError | None:
        """Why the last attempt to load failed; None while it has not."""
        return self._loader.error

    @property
    def load_seconds(self) -> float | None:
        """How long loading took; None before."""
        return self._loader.seconds

    def start(self) -> None:
        """See `Loader.start`."""
        self._loader.start()

    def ready(self) -> bool:
        """Whether a call would be answered at once."""
        return self._loader.value is not None

    def wait(self, seconds: float = LOAD_SECONDS, should_stop: ShouldStop | None = None) -> bool:
        """Start if need be and wait until loaded; False when stopped first.

        Raises:
            ModelError: the file or folder is missing, cut off or wrong, it did not start, or it took too long.
        """
        return self._loader.wait(seconds, should_stop)

"""llama.cpp inside this process: `xllamacpp.Server` on a loopback port of its own, with a random key.

Loading takes seconds, so it happens in a background thread; until then `ready()` is False and callers use rule mode.
"""

from __future__ import annotations

import atexit
import gc
import math
import os
import secrets
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.llm import json_value
from agent.llm.base import Generation, Message, OnToken, Schema, ShouldStop
from agent.llm.endpoint import Endpoint
from agent.llm.openai_api import ask_json
from agent.llm.slots import SLOTS
from huaxiang.errors import HuaxiangError, ModelError
from huaxiang.require import require

_CACHE_RAM_MIB = 512
_LOAD_SECONDS = 180.0
_TOP = 10


class LocalLlm:
    """The model of `[llm] kind = "local"`. Safe to call from several threads; the server queues."""

    def __init__(
        self, *, model: str = "", threads: int = 0, context_tokens: int = 4096, timeout_seconds: float = 60.0,
        slots: int = SLOTS,
    ) -> None:  # fmt: skip
        """Nothing is loaded yet.

        Args:
            model: a card's name, a GGUF file, or empty for the default model.
            threads: 0 means all cores this process may use.
            context_tokens: of each slot.
            timeout_seconds: for one call, loading not counted.
            slots: prompts kept and worked on at the same time.
        """
        self._model, self._threads, self._context = model, threads or _cores(), context_tokens
        self._timeout, self._slots = timeout_seconds, slots
        self._lock = threading.Lock()
        self._loaded = threading.Event()
        self._thread: threading.Thread | None = None
        self._server: Any = None
        self._endpoint: Endpoint | None = None
        self._error: HuaxiangError | None = None
        self._closed = False
        self.load_seconds: float | None = None

    @property
    def name(self) -> str:
        """The model's card name, or its file's name without folder and ending."""
        from huaxiang.models.cards import LLM

        return Path(self._model).stem if self._model.endswith(".gguf") else self._model or LLM

    @property
    def error(self) -> HuaxiangError | None:
        """Why the last attempt to load failed; None while it has not."""
        return self._error

    def start(self) -> None:
        """Begin loading in the background. Does nothing if it is loading or loaded; tries again after a failure.

        Raises:
            ModelError: already closed.
        """
        with self._lock:
            if self._closed:
                raise ModelError("the language model was closed", hint="make a new one", code="model-closed")
            if self._thread is not None and (self._thread.is_alive() or self._endpoint is not None):
                return
            self._error = None
            self._loaded.clear()
            self._thread = threading.Thread(target=self._load, name="llm-load", daemon=True)
            self._thread.start()

    def ready(self) -> bool:
        """Whether a call would be answered at once."""
        return self._endpoint is not None

    def wait(self, seconds: float = _LOAD_SECONDS, should_stop: ShouldStop | None = None) -> bool:
        """Start if need be and wait until loaded; False when stopped first.

        Raises:
            ModelError: the model file is missing, cut off or wrong, the server did not start, or it took too long.
        """
        self.start()
        deadline = time.monotonic() + seconds
        while not self._loaded.wait(0.05):
            if should_stop is not None and should_stop():
                return False
            if time.monotonic() > deadline:
                raise ModelError(
                    f"the local model was not loaded within {seconds:g} s",
                    hint="the machine may be short of memory; answer without a model: --llm none",
                    code="model-timeout",
                )
        if self._error is not None:
            raise self._error
        return True

    def generate_json(
        self, messages: Sequence[Message], schema: Schema, *, max_tokens: int, on_token: OnToken | None = None,
        should_stop: ShouldStop | None = None, slot: int | None = None,
    ) -> Generation:  # fmt: skip
        """See `Llm`. The schema is enforced by a grammar without white space."""
        options = {"grammar": json_value.grammar(schema)}

        def ask() -> Generation:
            return self._ask(
                messages, options, max_tokens=max_tokens, on_token=on_token, should_stop=should_stop, slot=slot
            )

        return ask_json(ask, schema, where="the local model")

    def generate_text(
        self, messages: Sequence[Message], *, max_tokens: int, on_token: OnToken | None = None,
        should_stop: ShouldStop | None = None, slot: int | None = None,
    ) -> Generation:  # fmt: skip
        """See `Llm`; also used with one token to warm a prompt's prefix."""
        return self._ask(messages, {}, max_tokens=max_tokens, on_token=on_token, should_stop=should_stop, slot=slot)

    def yes_or_no(
        self, messages: Sequence[Message], *, should_stop: ShouldStop | None = None, slot: int | None = None
    ) -> tuple[float, Generation]:
        """See `YesNo`: log-odds from the probabilities of the first token, unconstrained, so nothing is forced."""
        options = {"logprobs": True, "top_logprobs": _TOP}
        result = self._ask(
            messages, {}, max_tokens=1, on_token=None, should_stop=should_stop, slot=slot, options=options
        )
        return _log_odds(result.first_logprobs), result

    def close(self) -> None:
        """Stop the server and free its memory; a call that is under way ends with ModelError."""
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_LOAD_SECONDS)
        atexit.unregister(self.close)
        endpoint, self._endpoint, self._server = self._endpoint, None, None
        if endpoint is not None:
            endpoint.close()
        gc.collect()  # the server stops when its last reference goes

    def _ask(
        self, messages: Sequence[Message], extra: dict[str, Any], *, max_tokens: int, on_token: OnToken | None,
        should_stop: ShouldStop | None, slot: int | None, options: dict[str, Any] | None = None,
    ) -> Generation:  # fmt: skip
        if not self.wait(should_stop=should_stop):
            return Generation(text="", stopped=True, calls=0)
        endpoint = self._endpoint
        if endpoint is None:
            raise ModelError("the language model was closed", hint="make a new one", code="model-closed")
        body = {"cache_prompt": True, **extra}
        if slot is not None:
            body["id_slot"] = slot % self._slots
        return endpoint.chat(
            messages, max_tokens=max_tokens, options={**(options or {}), "extra_body": body}, on_token=on_token,
            should_stop=should_stop,
        )  # fmt: skip

    def _load(self) -> None:
        try:
            started = time.monotonic()
            server, endpoint = self._serve(self._path())
            self._server, self._endpoint = server, endpoint
            self.load_seconds = time.monotonic() - started
            atexit.register(self.close)
        except HuaxiangError as error:
            self._error = error
        except Exception as error:  # the binding raises what C++ threw, without a type of its own
            self._error = ModelError(
                f"llama.cpp did not start with the model {self.name!r} ({type(error).__name__})",
                hint="check the file with: huaxiang models fetch (it verifies), and that enough memory is free",
                code="model-load",
            )
            self._error.__cause__ = error
        finally:
            self._loaded.set()

    def _path(self) -> Path:
        from huaxiang.models.cards import CARDS, LLM
        from huaxiang.models.resolve import resolve

        if not self._model or self._model in CARDS:
            return resolve(self._model or LLM)
        return resolve(LLM, path=self._model)

    def _serve(self, path: Path) -> tuple[Any, Endpoint]:
        # OpenMP threads that spin while they wait crawl on a busy machine: 0.5-2.4 tokens/s against 7-17 (docs/models-llm.md)
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        binding = require("xllamacpp", extra="app")
        key = secrets.token_urlsafe(24)
        params = binding.CommonParams()
        params.model.path = os.fspath(path)
        params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [key]
        params.cors_origins, params.ui, params.endpoint_slots, params.verbosity = "http://127.0.0.1", False, False, 0
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self._threads
        params.n_parallel, params.n_ctx = self._slots, self._context * self._slots
        params.cache_ram_mib = _CACHE_RAM_MIB
        params.sse_ping_interval = 3600  # pings would keep a hanging call alive
        server = binding.Server(params)
        return server, Endpoint(
            f"{server.listening_address}/v1", key, self.name, self._timeout, where="the local model", trust_env=False
        )


def _log_odds(likely: dict[str, float]) -> float:
    """Yes against no among the likeliest tokens, upper and lower case and leading space alike; unseen ones count as 1e-6."""
    mass = {"yes": 1e-6, "no": 1e-6}
    for token, logprob in likely.items():
        word = token.strip().lower()
        if word in mass:
            mass[word] += math.exp(logprob)
    return math.log(mass["yes"] / mass["no"])


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

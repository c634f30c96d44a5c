"""llama.cpp inside this process: `xllamacpp.Server` on a loopback port of its own, with a random key.

Loading takes seconds, so it happens in a background thread; until then `ready()` is False and callers use rule mode.
"""

from __future__ import annotations

import atexit
import gc
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.llm import json_value
from agent.llm.base import Generation, Message, OnToken, Schema, ShouldStop, log_odds
from agent.llm.endpoint import Endpoint
from agent.llm.loading import Loaded, Loader
from agent.llm.openai_api import ask_json
from agent.llm.slots import KINDS
from huaxiang.require import require

_CACHE_RAM_MIB = 512
_ROOM = 3
"""Full contexts that the slots share: prompts here are a tenth of a context long."""
_TOP = 10


class LocalLlm(Loaded[tuple[Any, Endpoint]]):
    """The model of `[llm] kind = "local"`. Safe to call from several threads.

    Each kind of prompt has a slot of its own, so that none evicts another's prefix; slots are worked on together (continuous
    batching), and within one the server takes turns, call by call, in the order they came. More slots a kind were slower on two
    cores: each has to read the prefix itself, and reading is what takes the time (docs/models-llm.md).
    """

    def __init__(
        self, *, model: str = "", threads: int = 0, context_tokens: int = 4096, timeout_seconds: float = 60.0,
        slots: int = KINDS,
    ) -> None:  # fmt: skip
        """Nothing is loaded yet.

        Args:
            model: a card's name, a GGUF file, or empty for the default model.
            threads: 0 means all cores this process may use.
            context_tokens: of one request, at most; the slots share memory for three such.
            timeout_seconds: for one call, loading not counted.
            slots: requests worked on at the same time.
        """
        self._model, self._threads, self._context = model, threads or _cores(), context_tokens
        self._timeout, self._slots = timeout_seconds, slots
        self._loader = Loader(self._load, where=f"the local model {self.name!r}")

    @property
    def _endpoint(self) -> Endpoint | None:
        return self._loader.value[1] if self._loader.value is not None else None

    @property
    def name(self) -> str:
        """The model's card name, or its file's name without folder and ending."""
        from huaxiang.models.cards import LLM

        return Path(self._model).stem if self._model.endswith(".gguf") else self._model or LLM

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
        return log_odds(result.first_logprobs), result

    def close(self) -> None:
        """Stop the server and free its memory; a call that is under way ends with ModelError."""
        loaded = self._loader.close()
        atexit.unregister(self.close)
        if loaded is not None:
            loaded[1].close()
        del loaded
        gc.collect()  # the server stops when its last reference goes

    def _ask(
        self, messages: Sequence[Message], extra: dict[str, Any], *, max_tokens: int, on_token: OnToken | None,
        should_stop: ShouldStop | None, slot: int | None, options: dict[str, Any] | None = None,
    ) -> Generation:  # fmt: skip
        if not self.wait(should_stop=should_stop):
            return Generation(text="", stopped=True, calls=0)
        body = {"cache_prompt": True, **extra}
        if slot is not None:
            body["id_slot"] = slot % self._slots
        return self._loader.need()[1].chat(
            messages, max_tokens=max_tokens, options={**(options or {}), "extra_body": body}, on_token=on_token,
            should_stop=should_stop,
        )  # fmt: skip

    def _load(self) -> tuple[Any, Endpoint]:
        served = self._serve(self._path())
        atexit.register(self.close)
        return served

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
        params.n_parallel, params.n_ctx = self._slots, self._context * min(self._slots, _ROOM)
        params.kv_unified = True
        params.cache_idle_slots = False  # it would clear every other slot's prefix at each request
        params.cache_ram_mib = _CACHE_RAM_MIB
        params.sse_ping_interval = 3600  # pings would keep a hanging call alive
        server = binding.Server(params)
        return server, Endpoint(
            f"{server.listening_address}/v1", key, self.name, self._timeout, where="the local model", trust_env=False
        )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

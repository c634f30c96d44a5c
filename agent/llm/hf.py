"""A Hugging Face checkpoint inside this process: `[llm] kind = "hf"`, JSON forced token by token by an llguidance grammar.

For checkpoints that nobody has made a GGUF of, a fine-tuned one of your own above all. The weights are read from
safetensors or GGUF only, never from a pickle, and no code of the checkpoint's is run.
"""

from __future__ import annotations

import importlib.util
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.llm import json_value
from agent.llm.base import Generation, Message, OnToken, Schema, ShouldStop, log_odds
from agent.llm.hf_model import Checkpoint, Kept
from agent.llm.loading import Loaded, Loader
from agent.llm.openai_api import ask_json
from huaxiang.errors import ConfigError, ModelError

EXTRA = "hf"
PACKAGES = ("torch", "transformers", "llguidance")
_CHUNK = 64
"""Prompt tokens read between two looks at the deadline and the stop."""


def missing_packages() -> list[str]:
    """Packages that this backend needs and that are not installed; nothing is imported."""
    return [name for name in PACKAGES if importlib.util.find_spec(name) is None]


@dataclass
class _Call:
    """One generation on its way."""

    max_tokens: int
    deadline: float
    began: float
    on_token: OnToken | None
    should_stop: ShouldStop | None
    grammar: str | None = None
    odds: bool = False
    ids: list[int] = field(default_factory=list)
    text: str = ""
    first: float | None = None

    def stopped(self, timeout: float) -> bool:
        """Whether to end now.

        Raises:
            ModelError: past the deadline.
        """
        if time.monotonic() > self.deadline:
            raise ModelError(
                f"the checkpoint did not answer within {timeout:g} s",
                hint="raise [llm] timeout_seconds, use a smaller checkpoint, or answer without one: --llm none",
                code="model-timeout",
            )
        return self.should_stop is not None and self.should_stop()


class HfLlm(Loaded[Checkpoint]):
    """The model of `[llm] kind = "hf"`. Safe to call from several threads; they take turns, one call at a time.

    For each kind of prompt (`slot`) the last prompt's keys and values are kept: what begins alike is not read again.
    """

    def __init__(
        self, *, model: str, threads: int = 0, context_tokens: int = 4096, timeout_seconds: float = 60.0
    ) -> None:  # fmt: skip
        """Nothing is loaded yet.

        Args:
            model: a folder with a checkpoint, a GGUF file, or a name on the hub (read from its local cache first).
            threads: PyTorch's; 0 leaves them as they are.
            context_tokens: longest prompt with its answer.
            timeout_seconds: for one call, loading and waiting for a turn not counted.

        Raises:
            ConfigError: the packages of the extra are not installed.
        """
        missing = missing_packages()
        if missing:
            raise ConfigError(
                f"llm kind 'hf' needs packages that are not installed: {', '.join(missing)}",
                hint=f"pip install 'huaxiang[{EXTRA}]' (from the checkout: pip install -e '.[{EXTRA}]'), or use --llm local",
                code="llm-not-built",
            )
        self._model, self._threads, self._context, self._timeout = model, threads, context_tokens, timeout_seconds
        self._turn = threading.Lock()
        self._kept: dict[int | None, Kept] = {}
        self._loader = Loader(lambda: Checkpoint.load(model, threads=threads), where=f"the checkpoint {self.name!r}")

    @property
    def name(self) -> str:
        """The folder's, file's or hub's name, without the folders before it."""
        path = Path(self._model)
        return path.stem if self._model.endswith(".gguf") else path.name

    def generate_json(
        self, messages: Sequence[Message], schema: Schema, *, max_tokens: int, on_token: OnToken | None = None,
        should_stop: ShouldStop | None = None, slot: int | None = None,
    ) -> Generation:  # fmt: skip
        """See `Llm`. No token that would leave the schema can be chosen; only the room may end too soon."""
        grammar = json_value.grammar(schema)

        def ask() -> Generation:
            return self._ask(
                messages, slot, max_tokens=max_tokens, on_token=on_token, should_stop=should_stop, grammar=grammar
            )[0]

        return ask_json(ask, schema, where="the checkpoint")

    def generate_text(
        self, messages: Sequence[Message], *, max_tokens: int, on_token: OnToken | None = None,
        should_stop: ShouldStop | None = None, slot: int | None = None,
    ) -> Generation:  # fmt: skip
        """See `Llm`: the likeliest token each time."""
        return self._ask(messages, slot, max_tokens=max_tokens, on_token=on_token, should_stop=should_stop)[0]

    def yes_or_no(
        self, messages: Sequence[Message], *, should_stop: ShouldStop | None = None, slot: int | None = None
    ) -> tuple[float, Generation]:
        """See `YesNo`: from the probabilities of the first token, unconstrained."""
        result, likely = self._ask(messages, slot, max_tokens=1, on_token=None, should_stop=should_stop, odds=True)
        return log_odds(likely), result

    def close(self) -> None:
        """Give the memory back; a call that is under way ends first."""
        self._loader.close()
        with self._turn:
            self._kept.clear()

    def _ask(
        self, messages: Sequence[Message], slot: int | None, *, max_tokens: int, on_token: OnToken | None,
        should_stop: ShouldStop | None, grammar: str | None = None, odds: bool = False,
    ) -> tuple[Generation, dict[str, float]]:  # fmt: skip
        if not self.wait(should_stop=should_stop) or not self._my_turn(should_stop):
            return Generation(text="", stopped=True, calls=0), {}
        try:
            began = time.monotonic()
            call = _Call(max_tokens, began + self._timeout, began, on_token, should_stop, grammar, odds)
            return self._run(self._loader.need(), messages, self._kept.setdefault(slot, Kept()), call)
        finally:
            self._turn.release()

    def _my_turn(self, should_stop: ShouldStop | None) -> bool:
        while not self._turn.acquire(timeout=0.05):
            if should_stop is not None and should_stop():
                return False
        return True

    def _run(
        self, model: Checkpoint, messages: Sequence[Message], kept: Kept, call: _Call
    ) -> tuple[Generation, dict[str, float]]:
        prompt = model.tokens(messages)
        if len(prompt) + call.max_tokens > min(self._context, model.context_tokens):
            raise ModelError(
                f"the prompt of {len(prompt)} tokens is longer than the checkpoint's context",
                hint="raise [llm] context_tokens, or ask about a shorter period",
                code="model-context",
            )
        cached = kept.keep_common(prompt)
        logits: Any = None
        while len(kept.ids) < len(prompt):
            if call.stopped(self._timeout):
                return self._generation(call, prompt, cached, stopped=True), {}
            logits = model.read(kept, prompt[len(kept.ids) : len(kept.ids) + _CHUNK])
        likely = model.likely(logits) if call.odds else {}
        return self._write(model, kept, call, logits, prompt, cached), likely

    def _write(
        self, model: Checkpoint, kept: Kept, call: _Call, logits: Any, prompt: list[int], cached: int
    ) -> Generation:
        bound = model.matcher(call.grammar) if call.grammar is not None else None
        while True:
            token = model.best(logits, bound)
            if token is None:
                break
            call.ids.append(token)
            call.first = call.first if call.first is not None else time.monotonic() - call.began
            self._tell(model, call)
            if len(call.ids) >= call.max_tokens or (bound is not None and bound.is_stopped()):
                break
            if call.stopped(self._timeout):
                return self._generation(call, prompt, cached, stopped=True)
            logits = model.read(kept, [token])
        self._tell(model, call, last=True)
        return self._generation(call, prompt, cached)

    def _tell(self, model: Checkpoint, call: _Call, *, last: bool = False) -> None:
        """Pass on what is whole: half a character waits for its other bytes."""
        text = model.text(call.ids)
        if text.endswith("\ufffd") and not last:
            return
        piece, call.text = text[len(call.text) :], text
        if piece and call.on_token:
            call.on_token(piece)

    def _generation(self, call: _Call, prompt: list[int], cached: int, *, stopped: bool = False) -> Generation:
        return Generation(
            text=call.text, prompt_tokens=len(prompt), completion_tokens=len(call.ids), cached_tokens=cached,
            seconds=time.monotonic() - call.began, first_token_seconds=call.first, stopped=stopped,
        )  # fmt: skip

"""One streamed chat completion over HTTP, with a deadline, a stop and errors that say what to do."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.llm.base import Generation, Message, OnToken, ShouldStop
from huaxiang.errors import HuaxiangError, ModelError
from huaxiang.require import require

_POLL_SECONDS = 0.05
_CHARS_A_TOKEN, _CHARS_SPARE = 40, 2000
"""More than any tokenizer's; an endpoint that sends more than this a token asked for does not heed `max_tokens`."""
_Piece = tuple[str, dict[str, int], dict[str, float]]
"""Text, usage and the likeliest tokens that one chunk carries; each may be empty."""
_END = object()


@dataclass
class Endpoint:
    """An OpenAI-compatible endpoint. `where` names it in errors (no key, no path of a file)."""

    base_url: str
    api_key: str
    model: str
    timeout_seconds: float
    where: str
    trust_env: bool = True
    _client: Any = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def chat(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        options: dict[str, Any],
        on_token: OnToken | None = None,
        should_stop: ShouldStop | None = None,
    ) -> Generation:
        """Ask once and wait for the end of the answer, at most `timeout_seconds` in all.

        The HTTP work is done in a thread of its own, so that a stop or the deadline is heeded within a twentieth of a
        second even while the server is silent.

        Raises:
            ModelError: `model-timeout`, `model-unreachable`, `model-refused`, `model-missing`, `model-busy`,
                `model-failed`, `model-context`, `model-nonsense` or `model-bad-request`.
        """
        client = self.client()  # its first import takes seconds, which are not the endpoint's
        started = time.monotonic()
        body = {
            "model": self.model, "messages": list(messages), "stream": True, "stream_options": {"include_usage": True},
            "temperature": 0.0, "max_tokens": max_tokens, **options,
        }  # fmt: skip
        work = _Work(client, {name: value for name, value in body.items() if value is not None})
        threading.Thread(target=work.run, name="llm-call", daemon=True).start()
        got = _Got()
        try:
            for item in work.items(deadline=started + self.timeout_seconds, should_stop=should_stop):
                if item is None:
                    got.stopped = True
                    break
                got.add(item, time.monotonic() - started, on_token)
                if got.chars > _CHARS_A_TOKEN * max_tokens + _CHARS_SPARE:
                    raise ModelError(
                        f"{self.where} wrote on past the {max_tokens} tokens it was asked for",
                        hint="the endpoint ignores max_tokens: update it, or answer without one: --llm none",
                        code="model-endless",
                    )
        except HuaxiangError:
            raise
        except Exception as error:  # the client and its HTTP layer raise a dozen kinds: each is translated
            raise translate(error, where=self.where, timeout=self.timeout_seconds) from error
        finally:
            work.over.set()
        if got.first is None and not got.stopped and not got.usage:
            raise ModelError(
                f"{self.where} answered with nothing that is a streamed chat completion",
                hint="check that base_url is an OpenAI-compatible endpoint (it usually ends in /v1)",
                code="model-nonsense",
            )
        return got.generation(time.monotonic() - started)

    def client(self) -> Any:
        """The `openai` client, made on first use."""
        with self._lock:
            if self._client is None:
                openai = require("openai", extra="app")
                self._client = openai.OpenAI(
                    base_url=self.base_url,
                    api_key=self.api_key or "none",
                    timeout=self.timeout_seconds,
                    max_retries=0,
                    http_client=openai.DefaultHttpxClient(trust_env=self.trust_env, timeout=self.timeout_seconds),
                )
                _ = self._client.chat.completions  # a lazy import too
            return self._client

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None


@dataclass
class _Got:
    """What has come so far."""

    pieces: list[str] = field(default_factory=list)
    usage: dict[str, int] = field(default_factory=dict)
    likely: dict[str, float] = field(default_factory=dict)
    first: float | None = None
    stopped: bool = False
    chars: int = 0

    def add(self, piece: _Piece, seconds: float, on_token: OnToken | None) -> None:
        text, usage, likely = piece
        self.usage.update(usage)
        self.likely = self.likely or likely
        if text:
            self.first = seconds if self.first is None else self.first
            self.pieces.append(text)
            self.chars += len(text)
            if on_token:
                on_token(text)

    def generation(self, seconds: float) -> Generation:
        return Generation(
            text="".join(self.pieces),
            prompt_tokens=self.usage.get("prompt", 0),
            completion_tokens=self.usage.get("completion", len(self.pieces)),
            cached_tokens=self.usage.get("cached", 0),
            seconds=seconds,
            first_token_seconds=self.first,
            stopped=self.stopped,
            first_logprobs=self.likely,
        )


class _Work:
    """One request in its own thread, read through a queue."""

    def __init__(self, client: Any, body: dict[str, Any]) -> None:
        self.client, self.body = client, body
        self.queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.over = threading.Event()

    def run(self) -> None:
        try:
            stream = self.client.chat.completions.create(**self.body)
            try:
                for chunk in stream:
                    if self.over.is_set():
                        break
                    self.queue.put(_read_chunk(chunk))
            finally:
                stream.close()
            self.queue.put(_END)
        except BaseException as error:  # handed to the waiting thread, which raises it
            self.queue.put(error)

    def items(self, *, deadline: float, should_stop: ShouldStop | None) -> Iterator[_Piece | None]:
        """What came, piece by piece; None once when stopped."""
        while True:
            if should_stop is not None and should_stop():
                yield None
                return
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            try:
                item = self.queue.get(timeout=min(_POLL_SECONDS, left))
            except queue.Empty:
                continue
            if item is _END:
                return
            if isinstance(item, BaseException):
                raise item
            yield item


def _read_chunk(chunk: Any) -> _Piece:
    text = ""
    likely: dict[str, float] = {}
    if getattr(chunk, "choices", None):
        choice = chunk.choices[0]
        text = (choice.delta.content if choice.delta else None) or ""
        tokens = getattr(getattr(choice, "logprobs", None), "content", None)
        if tokens:
            likely = {one.token: one.logprob for one in tokens[0].top_logprobs}
    usage = getattr(chunk, "usage", None)
    if usage is None:
        return text, {}, likely
    details = getattr(usage, "prompt_tokens_details", None)
    cached = (getattr(details, "cached_tokens", 0) or 0) if details else 0
    counts = {"prompt": usage.prompt_tokens or 0, "completion": usage.completion_tokens or 0, "cached": cached}
    return text, counts, likely


_BY_STATUS = {
    401: ("model-refused", "refused the API key (HTTP 401)", "set HUAXIANG_LLM__API_KEY, or [llm] api_key in shop.toml"),
    403: ("model-refused", "does not allow this (HTTP 403)", "check the API key's rights and the model's name"),
    404: ("model-missing", "has no such address or model (HTTP 404)", "check [llm] base_url (usually …/v1) and model"),
    408: ("model-timeout", "gave up waiting (HTTP 408)", "try again, or use --llm local"),
    429: ("model-busy", "is over its limit (HTTP 429)", "wait, or check the account's quota"),
}  # fmt: skip


def translate(error: Exception, *, where: str, timeout: float) -> ModelError:
    """Any failure of a call as a ModelError that holds no text of the conversation."""
    openai = require("openai", extra="app")
    if isinstance(error, TimeoutError | openai.APITimeoutError):
        return ModelError(
            f"{where} did not answer within {timeout:g} s",
            hint="raise [llm] timeout_seconds, use a smaller model, or answer without one: --llm none",
            code="model-timeout",
        )
    if isinstance(error, openai.APIConnectionError):
        return ModelError(
            f"{where} cannot be reached",
            hint="check [llm] base_url and that the endpoint runs, or answer without one: --llm none",
            code="model-unreachable",
        )
    if isinstance(error, openai.APIStatusError):
        return _from_status(error, where)
    return ModelError(
        f"{where} broke off or sent what is not a chat completion ({type(error).__name__})",
        hint="try again; if it stays, check that base_url is an OpenAI-compatible endpoint",
        code="model-nonsense",
    )


def _from_status(error: Any, where: str) -> ModelError:
    status = int(error.status_code)
    if status in _BY_STATUS:
        code, what, hint = _BY_STATUS[status]
    elif "context" in str(error.type or "") + str(error.code or ""):
        code, what = "model-context", "says that the prompt is longer than its context"
        hint = "raise [llm] context_tokens, or ask about a shorter period"
    elif status >= 500:
        code, what = "model-failed", f"failed (HTTP {status})"
        hint = "look at the endpoint's own log, or answer without a model: --llm none"
    else:
        code, what = "model-bad-request", f"refused the request (HTTP {status})"
        hint = "check [llm] model; `huaxiang doctor` tries the endpoint"
    return ModelError(f"{where} {what}", hint=hint, code=code)

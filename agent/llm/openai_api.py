"""Any OpenAI-compatible endpoint: OpenAI, vLLM, Ollama, DeepSeek, DashScope … and, underneath, our own local server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from agent.llm import json_value
from agent.llm.base import Generation, Message, OnToken, Schema, ShouldStop
from agent.llm.endpoint import Endpoint
from huaxiang.errors import ModelError

FORMATS = ("json_schema", "json_object", "none")
"""Ways to ask for JSON, best first; an endpoint that refuses one is asked by the next from then on."""


def ask_json(ask: Callable[[], Generation], schema: Schema, *, where: str) -> Generation:
    """Ask, parse and check; ask once more when it is not the JSON wanted.

    Raises:
        ModelError: `model-nonsense` after the second try, or whatever `ask` raises.
    """
    total = Generation(text="", calls=0)
    reason = ""
    for _ in range(2):
        one = ask()
        total = replace(
            one,
            calls=total.calls + 1,
            prompt_tokens=total.prompt_tokens + one.prompt_tokens,
            completion_tokens=total.completion_tokens + one.completion_tokens,
            cached_tokens=total.cached_tokens + one.cached_tokens,
            seconds=total.seconds + one.seconds,
        )
        if one.stopped:
            return total
        try:
            return replace(total, value=json_value.parse(one.text, schema))
        except ValueError as error:
            reason = str(error)
    raise ModelError(
        f"{where} answered twice with what is not the JSON asked for ({reason})",
        hint="use a model that follows a JSON schema, or answer without one: --llm none",
        code="model-nonsense",
    )


class OpenAiLlm:
    """A compatible endpoint under `json_schema`, falling back to `json_object` and to words in the prompt."""

    def __init__(self, *, base_url: str, model: str, api_key: str = "", timeout_seconds: float = 60.0) -> None:
        self._model = model
        self._endpoint = Endpoint(
            base_url, api_key, model, timeout_seconds, where=f"the model endpoint {_host(base_url)}"
        )
        self._lock = threading.Lock()
        self._format = 0
        self._options: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """The model's name at the endpoint."""
        return self._model

    def generate_json(
        self, messages: Sequence[Message], schema: Schema, *, max_tokens: int, on_token: OnToken | None = None,
        should_stop: ShouldStop | None = None, slot: int | None = None,
    ) -> Generation:  # fmt: skip
        """See `Llm`. A schema whose root is no object is wrapped in `{"value": …}` for the endpoint, and unwrapped."""
        wrapped = schema.get("type") != "object"
        sent = _wrap(schema) if wrapped else schema
        tries = iter((False, True))

        def ask() -> Generation:
            return self._ask(
                messages, sent, max_tokens=max_tokens, on_token=on_token, should_stop=should_stop, in_words=next(tries)
            )

        result = ask_json(ask, sent, where=self._endpoint.where)
        return replace(result, value=result.value["value"]) if wrapped and result.value is not None else result

    def generate_text(
        self, messages: Sequence[Message], *, max_tokens: int, on_token: OnToken | None = None,
        should_stop: ShouldStop | None = None, slot: int | None = None,
    ) -> Generation:  # fmt: skip
        """See `Llm`."""
        return self._ask(messages, None, max_tokens=max_tokens, on_token=on_token, should_stop=should_stop)

    def ready(self) -> bool:
        """Always: whether it answers is known only by asking."""
        return True

    def close(self) -> None:
        """Close the connections."""
        self._endpoint.close()

    def _ask(
        self, messages: Sequence[Message], schema: Schema | None, *, max_tokens: int, on_token: OnToken | None,
        should_stop: ShouldStop | None, in_words: bool = False,
    ) -> Generation:  # fmt: skip
        """One call; what the endpoint refuses (HTTP 400, 422, 501) is left out and remembered.

        `in_words` says the schema in words too: for a second try, since some endpoints ignore `response_format` in silence.
        """
        while True:
            form = FORMATS[self._format]
            options = {**self._options, **_response_format(form, schema)}
            if self._options.get("max_completion_tokens"):
                options["max_completion_tokens"] = max_tokens
            plain = schema is None or (form == "json_schema" and not in_words)
            asked = list(messages) if plain or schema is None else _with_schema(messages, schema)
            try:
                return self._endpoint.chat(
                    asked, max_tokens=max_tokens, options=options, on_token=on_token, should_stop=should_stop
                )
            except ModelError as error:
                if not self._give_way(error, form, schema is not None):
                    raise

    def _give_way(self, error: ModelError, form: str, json_wanted: bool) -> bool:
        """Whether another try, asking for less, makes sense."""
        cause = error.__cause__
        if error.code != "model-bad-request" and getattr(cause, "status_code", 0) != 501:
            return False
        said = str(getattr(cause, "message", "")) + str(getattr(cause, "param", ""))
        with self._lock:
            if "max_completion_tokens" in said and "max_tokens" not in self._options:
                self._options.update(max_tokens=None, max_completion_tokens=1)
            elif "temperature" in said and "temperature" not in self._options:
                self._options["temperature"] = None
            elif "stream_options" in said and "stream_options" not in self._options:
                self._options["stream_options"] = None
            elif json_wanted and form != FORMATS[-1]:
                self._format = max(self._format, FORMATS.index(form) + 1)
            else:
                return False
        return True


def _wrap(schema: Schema) -> Schema:
    return {"type": "object", "properties": {"value": schema}, "required": ["value"], "additionalProperties": False}


def _response_format(form: str, schema: Schema | None) -> dict[str, Any]:
    if schema is None or form == "none":
        return {}
    if form == "json_object":
        return {"response_format": {"type": "json_object"}}
    return {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": schema, "strict": True},
        }
    }


def _with_schema(messages: Sequence[Message], schema: Schema) -> list[Message]:
    """The schema said in words, for endpoints that cannot be bound to it."""
    import json

    words = "Answer with one JSON object that fits this JSON schema, and nothing else:\n" + json.dumps(
        schema, ensure_ascii=False
    )
    asked = [dict(message) for message in messages]
    asked[-1]["content"] += "\n\n" + words
    return asked


def _host(base_url: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(base_url).netloc or base_url

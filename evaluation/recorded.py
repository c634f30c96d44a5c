"""A language model's words written down while a run goes on, and a model that says them again: the agent without the model.

What is kept is a hash of each request and the reply, never the prompt. A request that was not recorded (the agent's code or the
prompts have changed) is a ModelError, which the agent takes as it takes any: it answers by rules.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agent.llm.base import Generation, Llm, Message, OnToken, Schema, ShouldStop, YesNo
from huaxiang.errors import ConfigError, ModelError

FILE = "model.jsonl"


def recording(llm: Llm, path: Path) -> Llm:
    """The model itself, with every reply appended to `path`; it can say yes and no where the model can."""
    return _RecorderYesNo(llm, path) if isinstance(llm, YesNo) else _Recorder(llm, path)


def replaying(path: Path) -> Llm:
    """A model that knows the recorded replies and nothing else.

    Raises:
        ConfigError: nothing was recorded there (a run by rules, a hidden one, or a baseline).
    """
    if not path.is_file():
        raise ConfigError(
            f"{path.parent.name} holds no recorded model",
            hint="record one: huaxiang eval run SUITE --llm local",
            code="eval-replay",
        )
    # the agent asks a model that judges in another way than one that answers with letters
    judged = any(json.loads(line)["odds"] is not None for line in path.read_text(encoding="utf-8").splitlines())
    return _ReplayerYesNo(path) if judged else _Replayer(path)


class _Recorder:
    """Passes everything on and writes down what comes back."""

    def __init__(self, llm: Any, path: Path) -> None:
        self._llm, self._path, self._lock = llm, path, threading.Lock()

    @property
    def name(self) -> str:
        """The model's own name."""
        return str(self._llm.name)

    def generate_json(self, messages: Sequence[Message], schema: Schema, *, max_tokens: int, **more: Any) -> Generation:
        """See `Llm`."""
        result = self._llm.generate_json(messages, schema, max_tokens=max_tokens, **more)
        return self._keep(key("json", messages, schema, max_tokens), result)

    def generate_text(self, messages: Sequence[Message], *, max_tokens: int, **more: Any) -> Generation:
        """See `Llm`."""
        result = self._llm.generate_text(messages, max_tokens=max_tokens, **more)
        return self._keep(key("text", messages, None, max_tokens), result)

    def ready(self) -> bool:
        """See `Llm`."""
        return bool(self._llm.ready())

    def close(self) -> None:
        """See `Llm`."""
        self._llm.close()

    def _keep(self, request: str, result: Generation, odds: float | None = None) -> Generation:
        if not result.stopped:
            line = json.dumps({"key": request, "odds": odds, "reply": asdict(result)}, ensure_ascii=False)
            with self._lock, self._path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        return result


class _RecorderYesNo(_Recorder):
    def yes_or_no(self, messages: Sequence[Message], **more: Any) -> tuple[float, Generation]:
        """See `YesNo`."""
        odds, result = self._llm.yes_or_no(messages, **more)
        return odds, self._keep(key("odds", messages, None, 1), result, odds)


class _Replayer:
    """Says what was recorded. Repeats of one request are answered in the order in which they were, the last one for ever."""

    def __init__(self, path: Path) -> None:
        self._replies: dict[str, list[dict[str, Any]]] = {}
        self._lock = threading.Lock()
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            self._replies.setdefault(one["key"], []).append(one)
        self._name = f"replay of {path.parent.name}"

    @property
    def name(self) -> str:
        """Which run it replays."""
        return self._name

    def generate_json(
        self, messages: Sequence[Message], schema: Schema, *, max_tokens: int, on_token: OnToken | None = None,
        should_stop: ShouldStop | None = None, slot: int | None = None,
    ) -> Generation:  # fmt: skip
        """See `Llm`."""
        return self._say(key("json", messages, schema, max_tokens), on_token)[1]

    def generate_text(
        self, messages: Sequence[Message], *, max_tokens: int, on_token: OnToken | None = None,
        should_stop: ShouldStop | None = None, slot: int | None = None,
    ) -> Generation:  # fmt: skip
        """See `Llm`."""
        return self._say(key("text", messages, None, max_tokens), on_token)[1]

    def ready(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Nothing to give back."""

    def _say(self, request: str, on_token: OnToken | None) -> tuple[float | None, Generation]:
        with self._lock:
            known = self._replies.get(request)
            one = (known.pop(0) if len(known) > 1 else known[0]) if known else None
        if one is None:
            raise ModelError(
                "this request was not recorded",
                hint="the agent or a prompt has changed: record anew",
                code="not-recorded",
            )
        result = Generation(**one["reply"])
        if on_token and result.text:
            on_token(result.text)
        return one["odds"], result


class _ReplayerYesNo(_Replayer):
    def yes_or_no(
        self, messages: Sequence[Message], *, should_stop: ShouldStop | None = None, slot: int | None = None
    ) -> tuple[float, Generation]:
        """See `YesNo`."""
        odds, result = self._say(key("odds", messages, None, 1), None)
        return (odds or 0.0), result


def key(kind: str, messages: Sequence[Message], schema: Schema | None, max_tokens: int) -> str:
    """A request's hash."""
    body = json.dumps([kind, list(messages), schema, max_tokens], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:32]

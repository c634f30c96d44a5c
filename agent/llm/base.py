"""What every language model looks like to the rest of the agent: JSON under a schema, or text; and its cost."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

Message = dict[str, str]
Schema = dict[str, Any]
OnToken = Callable[[str], None]
ShouldStop = Callable[[], bool]


@dataclass(frozen=True)
class Generation:
    """What came back, and what it cost.

    `value` is the parsed JSON (`generate_json` only; None when stopped). `cached_tokens` of the prompt needed no work.
    `seconds` is wall time of all calls, `first_token_seconds` that of the first token of the last one. `calls` is 2
    when invalid JSON had to be asked for again. `stopped`: `should_stop` said so, and `text` is what had come by then.
    `first_logprobs`: the likeliest first tokens and the natural logarithms of their probabilities, where asked for.
    """

    text: str
    value: Any = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    seconds: float = 0.0
    first_token_seconds: float | None = None
    calls: int = 1
    stopped: bool = False
    first_logprobs: dict[str, float] = field(default_factory=dict)


@runtime_checkable
class Llm(Protocol):
    """A language model. Calls may come from several threads; each blocks until it is answered or stopped.

    Raises (both calls): ModelError — unreachable, refused, silent for longer than the timeout, or talking nonsense.
    """

    @property
    def name(self) -> str:
        """The model as it is named in answers and traces."""
        ...

    def generate_json(
        self,
        messages: Sequence[Message],
        schema: Schema,
        *,
        max_tokens: int,
        on_token: OnToken | None = None,
        should_stop: ShouldStop | None = None,
        slot: int | None = None,
    ) -> Generation:
        """JSON that fits `schema`; `value` holds it parsed.

        Args:
            messages: `{"role", "content"}`, roles system, user, assistant.
            schema: plain JSON schema: object, array, string, integer, number, boolean, enum, const, anyOf.
            max_tokens: at most this many tokens out.
            on_token: called with each piece of text as it comes, from the calling thread.
            should_stop: asked about ten times a second; True ends the call with `stopped`.
            slot: a hint to keep prompts of one kind together (the local server's prefix cache); others ignore it.
        """
        ...

    def generate_text(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        on_token: OnToken | None = None,
        should_stop: ShouldStop | None = None,
        slot: int | None = None,
    ) -> Generation:
        """Free text. Only large models word well enough for it; see DESIGN.md."""
        ...

    def ready(self) -> bool:
        """Whether a call would be answered now, without a model having to be loaded first."""
        ...

    def close(self) -> None:
        """Give back memory, ports and threads. Calling it twice is fine."""
        ...


@runtime_checkable
class YesNo(Protocol):
    """A model that can also say how sure it is; the local server can, most endpoints cannot."""

    def yes_or_no(
        self, messages: Sequence[Message], *, should_stop: ShouldStop | None = None, slot: int | None = None
    ) -> tuple[float, Generation]:
        """Log-odds of the answer "yes" against "no" (natural logarithm, 0 is undecided), from one token.

        Raises:
            ModelError: as in `Llm`.
        """
        ...


def log_odds(likely: dict[str, float]) -> float:
    """Yes against no among the likeliest tokens, upper and lower case and leading space alike; unseen ones count as 1e-6."""
    mass = {"yes": 1e-6, "no": 1e-6}
    for token, logprob in likely.items():
        word = token.strip().lower()
        if word in mass:
            mass[word] += math.exp(logprob)
    return math.log(mass["yes"] / mass["no"])

"""How fast a language model is, whatever runs it: tokens a second in and out, first token, what its prefix cache saves.

Every figure is measured through the `Llm` protocol alone, so the same numbers mean the same for every backend.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from agent.llm.base import Generation, Llm, Message
from agent.llm.choose import Choice, choose

Progress = Callable[[int, int, str], None]
WORDS = 45
"""Random three-digit numbers in a prompt that no cache can hold: 120 to 200 tokens, by the tokenizer."""
OUT_TOKENS = 24
QUESTIONS = (
    ("en", "Did the strap of her bag break?", ("On 2025-03-02 she wrote: “the strap snapped”", "She has placed 7 orders.",
     "Her last order was on 2025-06-11.", "On 2025-04-19 she wrote: “fast delivery”")),
    ("zh", "她抱怨过帐篷漏水吗？", ("2025-03-02 她写道：“下雨天帐篷漏水”", "她一共下过 7 单。", "最近一单是 2025-06-11。",
     "2025-04-19 她写道：“发货很快”")),
)  # fmt: skip
"""Two questions with four statements each, made up for this: the choice that the agent lets a model make."""


@dataclass(frozen=True)
class Spread:
    """Median, least and greatest of some runs."""

    median: float
    least: float
    greatest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread | None:
        """None where there is nothing to sum up (the endpoint does not count its tokens)."""
        return cls(statistics.median(values), min(values), max(values)) if values else None


def bench(
    llm: Llm, *, repeat: int = 3, parallel: int = 1, seed: int = 0, progress: Progress | None = None
) -> dict[str, Any]:
    """Measure a model. Takes about 20 s a repeat for a model of 1.5 billion parameters on two cores.

    Args:
        llm: the model; it is loaded first if it must be.
        repeat: how often each part is measured.
        parallel: with more than one, so many threads ask at once, beside the same work asked in order.
        seed: of the numbers in the prompts; a server that kept a prompt of the last run would answer too soon.
        progress: told (done, of, part).

    Returns:
        `model`, `repeat`, `load_seconds` (None: nothing to load), then spreads or None: `tokens_per_second_in` and `_out`,
        `first_token_seconds` and `first_token_cached_seconds` of the same prompt asked again, `cache_share` (0…1 of the
        prompt's tokens that needed no work then), `choice_seconds` and `choice_new_tokens` (one choice among four
        statements, warm); `counted` is False where the endpoint reports no tokens; `parallel` as `together` gives it.

    Raises:
        ModelError: the model failed.
    """
    steps = ["load", *["speed"] * repeat, *["choice"] * repeat, *(["parallel"] if parallel > 1 else [])]
    told = iter(range(len(steps)))

    def tell() -> None:
        number = next(told)
        if progress:
            progress(number, len(steps), steps[number])

    tell()
    load_seconds = _load(llm)
    rng, cold, again = random.Random(seed), [], []
    for _ in range(repeat):
        tell()
        messages = _numbers(rng)
        cold.append(llm.generate_text(messages, max_tokens=OUT_TOKENS))
        again.append(llm.generate_text(messages, max_tokens=2))
    choices = []
    (
        _choose(llm, 0),
        _choose(llm, 1),
    )  # reads the stable prefix of each language, which a running server has read long ago
    for _ in range(repeat):
        tell()
        choices += [_choose(llm, number) for number in range(len(QUESTIONS))]
    report = {
        "model": llm.name,
        "repeat": repeat,
        "load_seconds": load_seconds,
        **_speed(cold, again),
        **_choices(choices),
    }
    if parallel > 1:
        tell()
        report["parallel"] = together(llm, parallel, repeat)
    return report


def together(llm: Llm, threads: int, repeat: int = 3) -> dict[str, Any]:
    """The same choices asked in order and by `threads` threads at once.

    Returns:
        `threads`, `choices`, `seconds_in_order`, `seconds_at_once`, `gain` (the ratio), `slowest_over_fastest` (of the
        threads' own whole times: 1.0 is perfectly fair) and `first_seconds`, the greatest wait of any thread for its first choice.
    """
    jobs = [number % len(QUESTIONS) for number in range(repeat)]
    began = time.monotonic()
    for _ in range(threads):
        for job in jobs:
            _choose(llm, job)
    in_order = time.monotonic() - began

    def work(_: int) -> tuple[float, float]:
        mine = time.monotonic()
        first = 0.0
        for place, job in enumerate(jobs):
            _choose(llm, job)
            first = time.monotonic() - mine if place == 0 else first
        return first, time.monotonic() - mine

    began = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(work, range(threads)))
    at_once = time.monotonic() - began
    whole = [seconds for _, seconds in found]
    return {
        "threads": threads, "choices": threads * len(jobs), "seconds_in_order": in_order, "seconds_at_once": at_once,
        "gain": in_order / max(at_once, 1e-9), "slowest_over_fastest": max(whole) / max(min(whole), 1e-9),
        "first_seconds": max(first for first, _ in found),
    }  # fmt: skip


def _load(llm: Llm) -> float | None:
    wait: Callable[[], Any] | None = getattr(llm, "wait", None)
    if wait is None:
        return None
    began = time.monotonic()
    wait()
    return time.monotonic() - began


def _numbers(rng: random.Random) -> list[Message]:
    words = " ".join(str(rng.randint(100, 999)) for _ in range(WORDS))
    return [{"role": "user", "content": f"{words}\nCount from 1 to 50."}]


def _choose(llm: Llm, number: int) -> Choice:
    language, question, statements = QUESTIONS[number]
    return choose(llm, question=question, language=language, statements=statements)


def _speed(cold: Sequence[Generation], again: Sequence[Generation]) -> dict[str, Any]:
    rate_in, rate_out = [], []
    for one in cold:
        first = one.first_token_seconds or one.seconds
        if one.prompt_tokens:
            rate_in.append((one.prompt_tokens - one.cached_tokens) / max(first, 1e-6))
        if one.completion_tokens > 1:
            rate_out.append((one.completion_tokens - 1) / max(one.seconds - first, 1e-6))
    return {
        "counted": bool(rate_in),
        "tokens_per_second_in": Spread.of(rate_in),
        "tokens_per_second_out": Spread.of(rate_out),
        "first_token_seconds": Spread.of([one.first_token_seconds or one.seconds for one in cold]),
        "first_token_cached_seconds": Spread.of([one.first_token_seconds or one.seconds for one in again]),
        "cache_share": Spread.of([one.cached_tokens / one.prompt_tokens for one in again if one.prompt_tokens]),
    }


def _choices(choices: Sequence[Choice]) -> dict[str, Any]:
    counted = [float(one.prompt_tokens - one.cached_tokens) for one in choices if one.prompt_tokens]
    return {
        "choice_seconds": Spread.of([one.seconds for one in choices]),
        "choice_new_tokens": Spread.of(counted),
    }

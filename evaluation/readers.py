"""Having the trained map or a language model read a shop's texts after the rules, for the benchmarks of profiles."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from huaxiang.store.shop import Shop

Note = Callable[[str], object]


def with_map(shop: Shop, customers: Sequence[str] | None = None) -> tuple[float, int]:
    """Have the trained map read; the seconds it took, and how many of its traits wait for review."""
    from agent.profiles.profiler import extract_all
    from agent.profiles.stated import MapReader
    from huaxiang.models.e5_states import StatesEncoder

    done = list(extract_all(shop, None, customers, reader=MapReader(StatesEncoder.load())))
    return sum(one.seconds for one in done), sum(one.by_map[1] for one in done)


@contextmanager
def with_model(
    folder: Path, kind: str, customers: Sequence[str] | None = None, *, note: Note = sys.stderr.write
) -> Iterator[tuple[Shop, float, int]]:
    """Have map and model read what they have not read yet; the open shop, the seconds and the calls.

    Raises:
        ModelError: the model did not start.
    """
    from agent.profiles.profiler import estimate_seconds, extract_all
    from agent.profiles.stated import MapReader
    from agent.runtime import Runtime
    from huaxiang.errors import ModelError
    from huaxiang.models.e5_states import StatesEncoder

    with Runtime.open(folder, overrides={"llm.kind": kind}) as runtime:
        reader = MapReader(StatesEncoder.load())
        if runtime.start_llm(wait=True, warm=()) != "ready" or runtime.llm is None:
            raise runtime.llm_problem or ModelError("the language model did not start", hint="see huaxiang doctor")
        expected = estimate_seconds(runtime.shop, runtime.llm, customers, mapped=True)
        note(f"about {expected:.0f} s on two idle cores\n")
        spent, calls = 0.0, 0
        for done in extract_all(runtime.shop, runtime.llm, customers, reader=reader):
            spent, calls = spent + done.seconds, calls + done.calls
            note(f"{done.customer_id} {done.seconds:.0f} s, {done.calls} calls, held {done.held}\n")
        yield runtime.shop, spent, calls

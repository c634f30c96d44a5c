"""What the first question would have to wait for: read and loaded beforehand, in the order questions need it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.runtime import Runtime

_LATIN = "Lorem dolor consectetur adipiscing elit"
"""Without a function word, so that the language is not told by those but by lingua."""


def steps(runtime: Runtime) -> Iterator[tuple[str, Callable[[], object]]]:
    """Name and function of each thing to load; each may raise what loading it raises."""
    from agent.answer import likely
    from agent.question import words
    from huaxiang.text import language
    from tools import find_customer

    yield "directory", lambda: find_customer.directory(runtime.deps)
    yield "words", lambda: words.segment("李静最近买了什么？")
    yield "encoder", lambda: runtime.index.search("新品", limit=1)
    yield "reader", lambda: likely.load(runtime.deps)
    yield "sentiment", lambda: runtime.deps.sentiment().predict(["很好。", "Good."], ["zh", "en"])
    yield "language", lambda: language.detect(_LATIN)

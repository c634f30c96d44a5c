"""What tests of any folder may use, and how they are dealt out to workers (`pytest -n 2`).

Timings never decide a test: wait for what must happen, with a deadline only a hang meets.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

HANGS_SECONDS = 90.0
TOGETHER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("the local model", ("tests/evaluation/test_smoke.py", "tests/agent/llm/test_local.py", "tests/agent/llm/test_chat_model.py")),
    ("the sample shop", ("tests/agent/test_",)),
    ("torch", ("tests/training/", "tests/agent/llm/test_hf.py")),
    ("gradio", ("tests/ui/desk/",)),
)  # fmt: skip
"""Files that share what takes seconds to load or build, so one worker runs them all; the longest first. Any other file
is dealt out by itself, whole, so that what it makes for all its tests is made once."""


def together(nodeid: str) -> str:
    """The unit that a test is dealt out with."""
    file = nodeid.split("::", maxsplit=1)[0]
    return next((name for name, starts in TOGETHER if file.startswith(starts)), file)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Units in the order they are dealt out in: a long one that begins last would leave the other workers idle."""
    order = {name: place for place, (name, _) in enumerate(TOGETHER)}
    items.sort(key=lambda one: order.get(together(one.nodeid), len(order)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Deal out by `together`, in the order of the collection."""
    from xdist.scheduler import LoadScopeScheduling

    class ByUnit(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return together(nodeid)

    config.option.loadscopereorder = False
    return ByUnit(config, log)


def _until(happened: Callable[[], Any], seconds: float = HANGS_SECONDS) -> bool:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(happened())


@pytest.fixture(scope="session")
def until() -> Callable[..., bool]:
    """`until(happened)` → whether it happened before a deadline that only a hang meets."""
    return _until

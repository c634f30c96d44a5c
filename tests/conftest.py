"""What tests of any folder may use. Timings never decide a test: wait for what must happen, with a deadline only a hang meets."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

HANGS_SECONDS = 90.0


def _until(happened: Callable[[], Any], seconds: float = HANGS_SECONDS) -> bool:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(happened())


@pytest.fixture(scope="session")
def until() -> Callable[..., bool]:
    """`until(happened)` → whether it happened before a deadline that only a hang meets."""
    return _until

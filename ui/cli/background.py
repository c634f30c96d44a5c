"""Fetching models beside other work: a process of its own, so that it costs the answers nothing and ends when told to."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ui.cli.progress import Tell

_LOOK_EVERY_SECONDS = 0.5


class Fetching:
    """`huaxiang models fetch` in the background. What it has fetched is kept when it is stopped; the next run goes on."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as the process)
        command = [sys.executable, "-m", "huaxiang", "models", "fetch", *names, "--json"]
        ours = os.pathsep.join(filter(None, (str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._log, start_new_session=True,
            env={**os.environ, "PYTHONPATH": ours},
        )  # fmt: skip

    @property
    def running(self) -> bool:
        """Whether it is still at it."""
        return self._process.poll() is None

    def wait_for(self, name: str, tell: Tell, *, seconds: float | None = None) -> bool:
        """Wait until one model is ready; False when the fetch ended without it or the time was up."""
        return self._until(lambda: progress_of(name)[2], lambda: tell(*progress_of(name)[:2], name), seconds)

    def problem(self) -> str:
        """Why it failed; empty while it runs or when it did not."""
        if self.running or self._process.returncode == 0:
            return ""
        if self._log.closed:
            return "it was stopped"
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        with contextlib.suppress(ValueError, IndexError, TypeError, KeyError):
            error = json.loads(lines[-1])
            return f"{error['message']} — {error['hint']}"
        return f"the fetch ended with code {self._process.returncode}"

    def stop(self) -> None:
        """End it and whatever it started."""
        if self.running:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if hasattr(os, "killpg"):
                    os.killpg(self._process.pid, signal.SIGTERM)
                else:
                    self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
        self._log.close()

    def _until(self, ready: Callable[[], bool], look: Callable[[], None], seconds: float | None) -> bool:
        deadline = None if seconds is None else time.monotonic() + seconds
        while not ready():
            if not self.running:
                return ready()
            if deadline is not None and time.monotonic() > deadline:
                return False
            look()
            time.sleep(_LOOK_EVERY_SECONDS)
        return True


def progress_of(name: str) -> tuple[int, int, bool]:
    """Bytes on the disk, bytes in all, and whether the model is ready."""
    from huaxiang.models import resolve

    state = next(one for one in resolve.list_models() if one.name == name)
    return min(state.bytes, state.bytes_total), state.bytes_total, state.state == "ready"


def missing() -> list[str]:
    """Models that are not ready, the encoder first: answers need it sooner, and it is small."""
    from huaxiang.models import resolve

    absent = [one for one in resolve.list_models() if one.state != "ready"]
    return [one.name for one in sorted(absent, key=lambda one: one.purpose != "encoder")]

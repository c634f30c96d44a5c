"""Where a training run stands, in a file: written in one step, and only gone on with by the same run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from huaxiang.errors import ConfigError


class OtherRun(ConfigError):
    """The checkpoint is of a run with other options or other examples."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"the checkpoint {file.name} is of a run with other options",
            hint="start over with --fresh, or choose another --work",
            code="checkpoint",
        )


def save(file: Path, run: Mapping[str, Any], state: Mapping[str, Any]) -> None:
    """Write what `load` gives back: whoever stops a run in between finds the checkpoint before this one.

    Args:
        file: replaced in one step.
        run: what makes a run the same: its options and the size of what it learns from.
        state: numbers, texts, tensors, and containers of them.
    """
    unfinished = file.with_suffix(".part")
    torch.save({"run": dict(run), **state}, unfinished)
    unfinished.replace(file)


def load(file: Path, run: Mapping[str, Any]) -> dict[str, Any] | None:
    """What `save` wrote for this run; None where nothing was.

    Raises:
        OtherRun: the file is of another run.
    """
    if not file.exists():
        return None
    state: dict[str, Any] = torch.load(file, weights_only=True)
    if state.get("run") != dict(run):
        raise OtherRun(file)
    return state

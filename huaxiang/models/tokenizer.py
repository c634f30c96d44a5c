"""The encoder's tokenizer, read once a process: a quarter of a million pieces take most of a second."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from huaxiang.require import require


@lru_cache(maxsize=2)
def _read(folder: str, changed: int) -> tuple[Any, dict[int, str]]:
    tokenizers = require("tokenizers", extra="app")
    made = tokenizers.Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    made.no_padding()
    made.no_truncation()
    replace = json.loads((Path(folder) / "replace.json").read_text(encoding="utf-8"))
    return made, {int(code): to for code, to in replace.items()}


def load(folder: Path) -> tuple[Any, dict[int, str]]:
    """The tokenizer of a built encoder and the code points to replace before it; shared, so never set padding or truncation.

    Args:
        folder: of the built encoder; a file that was written anew is read anew.
    """
    return _read(str(folder), (folder / "tokenizer.json").stat().st_mtime_ns)


def cut(ids: Sequence[int], most: int) -> list[int]:
    """At most so many ids, the last one (the end sign) kept: what the tokenizer's own truncation gives."""
    return list(ids) if len(ids) <= most else [*ids[: most - 1], ids[-1]]

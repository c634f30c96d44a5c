"""The encoder's view of every token of a text, which its sentence vector averages away: for reading a record word by word.

The graph is the cached one with two more outputs; the weights and the arithmetic are those of `E5Encoder`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from huaxiang.errors import ModelError
from huaxiang.models import cache, tokenizer
from huaxiang.models.cards import ENCODER
from huaxiang.models.e5 import whole_characters
from huaxiang.models.e5_file import Floats
from huaxiang.models.resolve import resolve
from huaxiang.require import require

LAYERS = ("l7.oln.out", "l11.oln.out")
"""The eighth layer still knows the word, the last one its part in the sentence."""
MAX_TOKENS = 100
_HEAD = 3
"""Tokens before the text: its start and the prefix."""


@dataclass(frozen=True, slots=True)
class TokenStates:
    """A text's token ids (n,), its states in both layers (n, 384) each, and its sentence vector (384,) of length 1.

    `spans`: which characters of the text each token covers, (n,); empty where cleaning moved characters.
    """

    ids: tuple[int, ...]
    low: Floats
    high: Floats
    vector: Floats
    spans: tuple[tuple[int, int], ...] = ()


class StatesEncoder:
    """The encoder with its token states; safe to share between threads."""

    def __init__(self, model: str | bytes, pieces: Any, replace: dict[int, str]) -> None:
        """Make a session of a graph whose outputs are the sentence vector and the two layers of `LAYERS`."""
        runtime = require("onnxruntime", extra="app")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        pieces.no_padding()
        pieces.no_truncation()
        self._tokenizer, self._replace = pieces, replace
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(cores, thread_name_prefix="e5-states")

    @classmethod
    def load(cls) -> StatesEncoder:
        """Open the cached encoder (about 1 s, 150 MB).

        Raises:
            ModelError: it has not been fetched (`model-missing`) or is damaged.
        """
        folder = resolve(ENCODER)
        return cls(_graph(folder), *tokenizer.load(folder))

    def question(self, text: str) -> TokenStates:
        """States of a question."""
        return self._run("query: ", text)

    def passages(self, texts: Sequence[str]) -> list[TokenStates]:
        """States of texts to be read; as many at once as there are cores."""
        return list(self._pool.map(lambda text: self._run("passage: ", text), texts))

    def _run(self, prefix: str, text: str) -> TokenStates:
        clean = whole_characters((prefix + text)[:3000]).translate(self._replace)
        pieces = self._tokenizer.encode(clean)
        ids = tokenizer.cut(pieces.ids, MAX_TOKENS)
        vector, low, high = self._session.run(["embeddings", *LAYERS], {"input_ids": np.asarray([ids], dtype=np.int64)})
        inner = slice(_HEAD, -1)
        covers = pieces.offsets[_HEAD : len(ids) - 1] if len(clean) == len(prefix) + len(text) else []
        spans = [(a - len(prefix), b - len(prefix)) for a, b in covers]
        return TokenStates(tuple(ids[inner]), low[0][inner], high[0][inner], vector[0], tuple(spans))


def _graph(folder: Path) -> str | bytes:
    """The cached graph with two more outputs; kept beside it (120 MB), in memory where it cannot be written."""
    key = hashlib.sha256(f"{LAYERS}{cache.read_json(folder / 'built.json')}".encode()).hexdigest()[:16]
    target = folder / f"states.{key}.onnx"
    record = cache.read_json(target.with_suffix(".json"))
    if target.exists() and record.get("bytes") == target.stat().st_size:
        return str(target)
    onnx = require("onnx", extra="app")
    try:
        model = onnx.load(str(folder / "model.int8.onnx"))
        for name in LAYERS:
            model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
        content = bytes(model.SerializeToString())
    except Exception as error:  # protobuf raises its own kinds for a damaged file
        raise ModelError(
            f"the encoder {ENCODER!r} cannot be read ({type(error).__name__})",
            hint=f"huaxiang models clean {ENCODER}; huaxiang models fetch {ENCODER}",
            code="model-format",
        ) from error
    try:
        for old in folder.glob("states.*"):  # of another build
            old.unlink(missing_ok=True)
        unfinished = target.with_name(f"{target.name}.{os.getpid()}.tmp")
        unfinished.write_bytes(content)
        unfinished.replace(target)
        cache.write_json(target.with_suffix(".json"), {"bytes": len(content)})
    except OSError:  # a full disk or a read-only cache costs a second a start, nothing more
        return content
    return str(target)

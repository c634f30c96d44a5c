"""`multilingual-e5-small` by ONNX Runtime: one text a call, as many calls at once as there are cores.

One text a call looks slow and is not: without padding there is no mask, attention takes its fast path, and the small
matrices stay in the processor's cache. And a text's vector then depends on that text alone, so that a rebuilt index
equals the old one (activations are quantised by their largest value; in a batch that of a neighbour would count).
"""

from __future__ import annotations

import copy
import itertools
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from huaxiang.errors import ModelError
from huaxiang.models import tokenizer
from huaxiang.models.cards import ENCODER
from huaxiang.models.resolve import resolve
from huaxiang.models.vectors import DIM, Count, Vectors
from huaxiang.require import require

MAX_TOKENS = 512
"""What the model was made for. Longer texts are cut: docs/decisions/0003-encoder-length.md."""

HEAD_CHARACTERS = 20_000
"""More than 512 tokens can ever need; cutting first keeps a text of megabytes from being tokenised whole."""

CHUNK = 256


class E5Encoder:
    """The encoder; safe to share between threads. Texts may be empty, endless, or hold broken surrogates."""

    dim = DIM

    def __init__(
        self, model: str | bytes, pieces: Any, replace: dict[int, str], *, name: str, threads: int | None = None
    ) -> None:
        """Make a session of a built model (a path, or the bytes of one).

        Args:
            model: an ONNX model: input_ids int64 (n, tokens) to float32 (n, 384).
            pieces: a `tokenizers.Tokenizer`.
            replace: code points to replace before tokenising.
            name: what indexes are stamped with.
            threads: texts encoded at once; the number of cores by default.
        """
        runtime = require("onnxruntime", extra="app")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the runtime raises its own kinds, all of which mean: cannot be loaded
            raise ModelError(
                f"the encoder {name!r} cannot be loaded ({type(error).__name__})",
                hint=f"huaxiang models clean {name}; huaxiang models fetch {name}",
                code="model-format",
            ) from error
        pieces.no_padding()
        pieces.no_truncation()
        self.name = name
        self._tokenizer, self._replace = pieces, replace
        self._threads = max(1, threads or _cores())
        self._together = 1

    def batched(self, texts_at_once: int = 16) -> E5Encoder:
        """The same encoder, reading up to so many texts of one length in a call: 40 % less work on short texts.

        Its vectors are near the others (cosine 0.999), not equal, and depend on what is encoded together: for training
        a head, never for an index.
        """
        view = copy.copy(self)
        view._together = max(1, texts_at_once)
        return view

    @classmethod
    def load(cls, name: str = ENCODER, *, path: str | Path | None = None, threads: int | None = None) -> E5Encoder:
        """Load the built files from the cache (about 1 s).

        Raises:
            ModelError: not fetched yet (`model-missing`) or damaged.
        """
        folder = resolve(name, path=path)
        made, replace = tokenizer.load(folder)
        return cls(str(folder / "model.int8.onnx"), made, replace, name=name, threads=threads)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Questions: float32 (n, 384), rows of length 1."""
        return self._encode("query: ", texts, None)

    def encode_passages(self, texts: Sequence[str], progress: Count | None = None) -> Vectors:
        """Texts to be searched: float32 (n, 384), rows of length 1; `progress` after every 256."""
        return self._encode("passage: ", texts, progress)

    def tokens(self, text: str) -> list[int]:
        """Token ids as the model sees them, without a prefix, cut at 512."""
        return tokenizer.cut(self._tokenizer.encode(self._clean(text)).ids, MAX_TOKENS)

    def _clean(self, text: str) -> str:
        return whole_characters(text[:HEAD_CHARACTERS]).translate(self._replace)

    def _encode(self, prefix: str, texts: Sequence[str], progress: Count | None) -> Vectors:
        out = np.empty((len(texts), DIM), dtype=np.float32)
        with ThreadPoolExecutor(self._threads, thread_name_prefix="e5") as pool:
            for start in range(0, len(texts), CHUNK):
                batch = texts[start : start + CHUNK]
                found = self._tokenizer.encode_batch([prefix + self._clean(text) for text in batch])
                ids = [tokenizer.cut(one.ids, MAX_TOKENS) for one in found]
                # longest first, so that no thread is left alone with a long text at the end
                order = sorted(range(len(batch)), key=lambda row: -len(ids[row]))
                calls = list(_calls(order, ids, self._together))
                found_of = pool.map(self._run, [[ids[row] for row in call] for call in calls])
                for call, vectors in zip(calls, found_of, strict=True):
                    out[[start + row for row in call]] = vectors
                if progress:
                    progress(start + len(batch), len(texts))
        return out

    def _run(self, ids: list[list[int]]) -> Vectors:
        result = self._session.run(None, {"input_ids": np.asarray(ids, dtype=np.int64)})[0]
        return np.asarray(result, dtype=np.float32)


def _calls(order: list[int], ids: list[list[int]], most: int) -> Iterator[list[int]]:
    """Rows of like length side by side, at most so many; `order` is by length."""
    for _, alike in itertools.groupby(order, key=lambda row: len(ids[row])):
        rows = list(alike)
        yield from (rows[at : at + most] for at in range(0, len(rows), most))


def whole_characters(text: str) -> str:
    """The text with surrogate pairs joined and lone halves replaced by U+FFFD, so that it can be encoded as UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

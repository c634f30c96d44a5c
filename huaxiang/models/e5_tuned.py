"""A fine-tuned encoder on a fresh clone: the cached int8 graph plus a small file of low-rank changes.

Of the cached file only the int8 matrices are kept, so a matrix is read back as `smooth * int8 * step`, its change A @ B
is added, and it is rounded again with steps of its own; the word embedding is untouched. What comes out of the graph is
the mean over the tokens before the L2 norm, on which the file's head works in numpy. No torch, no pickle; 2 s.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from huaxiang.errors import ModelError
from huaxiang.models import cache, tokenizer
from huaxiang.models.cards import ENCODER
from huaxiang.models.e5 import _cores, whole_characters
from huaxiang.models.e5_build import QMAX
from huaxiang.models.e5_file import BLOCK, Floats
from huaxiang.models.resolve import resolve
from huaxiang.models.vectors import Count
from huaxiang.require import require

POOLED = "pool.mean"
CHUNK = 256
MERGE = 1
"""Raise it when `merge` makes another graph of the same files."""
PIECES = ("q", "k", "v", "ao", "fi", "fo")
"""The matrices of a layer that a change may touch; q, k and v lie side by side in the cached file."""


@dataclass(frozen=True, slots=True)
class Delta:
    """What a fine-tuning changed.

    `low_rank["l3.fo"]` is (A, B) of shapes (in, rank) and (rank, out), float16; their product is added to the matrix.
    `head` is (weights (384, n_outputs), bias (n_outputs,)), float32. `about` is JSON: format, how it was trained, how
    long texts may be.
    """

    low_rank: dict[str, tuple[npt.NDArray[np.float16], npt.NDArray[np.float16]]]
    head: tuple[Floats, Floats]
    about: dict[str, Any]

    def save(self, path: Path) -> None:
        """Write plain arrays and JSON; replaced in one step."""
        arrays: dict[str, Any] = {"head.w": self.head[0], "head.b": self.head[1]}
        for name, (down, up) in self.low_rank.items():
            arrays[f"{name}.a"], arrays[f"{name}.b"] = down, up
        arrays["about"] = np.frombuffer(json.dumps(self.about, ensure_ascii=False).encode(), dtype=np.uint8)
        unfinished = path.with_suffix(".part.npz")
        np.savez_compressed(unfinished, **arrays)
        unfinished.replace(path)

    @classmethod
    def load(cls, path: Path) -> Delta:
        """Read the file.

        Raises:
            ModelError: it is missing, cut short or of another format.
        """
        try:
            with np.load(path, allow_pickle=False) as held:
                about = json.loads(held["about"].tobytes())
                names = sorted(name[:-2] for name in held.files if name.endswith(".a"))
                low_rank = {name: (held[f"{name}.a"], held[f"{name}.b"]) for name in names}
                head = (held["head.w"].astype(np.float32), held["head.b"].astype(np.float32))
        except Exception as error:  # zipfile, numpy and json each raise their own kinds for a damaged file
            raise ModelError(
                f"cannot read the fine-tuned file {path.name!r} ({type(error).__name__})",
                hint="install huaxiang anew, or train it again: huaxiang train sentiment --tier accurate",
                code="model-format",
            ) from error
        return cls(low_rank, head, about)


def matrices(model: Any) -> dict[str, Floats]:
    """Every weight matrix of a cached int8 graph as float32 (in, out), named `l0.q` … `l11.fo`; embeddings as `emb.word`.

    Args:
        model: an `onnx.ModelProto` made by `e5_build.quantise`.
    """
    numpy_helper = require("onnx.numpy_helper", extra="app")
    held = {weight.name: weight for weight in model.graph.initializer}

    def value(name: str) -> npt.NDArray[Any]:
        return np.asarray(numpy_helper.to_array(held[name]))

    found: dict[str, Floats] = {}
    for name in [name[: -len(".int8")] for name in held if name.endswith(".int8")]:
        whole = value(f"{name}.smooth")[:, None] * value(f"{name}.int8").astype(np.float32) * value(f"{name}.step")
        layer, kind = name.split(".")
        parts = np.split(whole, 3, axis=1) if kind == "qkv" else [whole]
        for part, piece in zip("qkv" if kind == "qkv" else [kind], parts, strict=True):
            found[f"{layer}.{part}"] = np.asarray(piece, dtype=np.float32)
    packed = value("emb.word.packed")
    halves = np.stack((packed & 15, packed >> 4), axis=-1).reshape(packed.shape[0], -1, BLOCK).astype(np.float32) - 8
    found["emb.word"] = (halves * value("emb.word.scales")[:, :, None]).reshape(packed.shape[0], -1)
    return found


def merge(model: Any, delta: Delta) -> Any:
    """The graph with the changes in its matrices and the token mean as its output; `model` is changed in place.

    Raises:
        ModelError: a change has another shape than its matrix.
    """
    numpy_helper = require("onnx.numpy_helper", extra="app")
    held = {weight.name: weight for weight in model.graph.initializer}
    touched = {
        name.replace(f".{name[-1]}", ".qkv") if name[-2:] in (".q", ".k", ".v") else name for name in delta.low_rank
    }
    for name in sorted(touched):
        if f"{name}.int8" not in held:
            raise _unlike(name)
        arrays = {kind: numpy_helper.to_array(held[f"{name}.{kind}"]) for kind in ("smooth", "int8", "step")}
        change = _change(name, delta, arrays["int8"].shape)
        # in the smoothed space, in which the cached file was rounded
        whole = arrays["int8"].astype(np.float32) * arrays["step"] + change / arrays["smooth"][:, None]
        steps = np.maximum(np.abs(whole).max(axis=0) / QMAX, 1e-8).astype(np.float32)
        int8 = np.clip(np.rint(whole / steps), -QMAX, QMAX).astype(np.int8)
        held[f"{name}.int8"].CopyFrom(numpy_helper.from_array(int8, f"{name}.int8"))
        held[f"{name}.step"].CopyFrom(numpy_helper.from_array(steps, f"{name}.step"))
    last = next(node for node in model.graph.node if node.input[0] == POOLED)
    model.graph.node.remove(last)
    model.graph.output[0].name = POOLED
    return model


def _change(name: str, delta: Delta, shape: tuple[int, ...]) -> Floats:
    layer, kind = name.split(".")
    parts = [f"{layer}.{part}" for part in "qkv"] if kind == "qkv" else [name]
    width = shape[1] // len(parts)
    change = np.zeros(shape, np.float32)
    for number, part in enumerate(parts):
        if part in delta.low_rank:
            down, up = delta.low_rank[part]
            if (down.shape[0], up.shape[1]) != (shape[0], width) or down.shape[1] != up.shape[0]:
                raise _unlike(part)
            change[:, number * width : (number + 1) * width] = down.astype(np.float32) @ up.astype(np.float32)
    return change


def _unlike(name: str) -> ModelError:
    return ModelError(
        f"the fine-tuned change of {name!r} does not fit the cached encoder",
        hint=f"huaxiang models fetch {ENCODER}, or train the change again on this encoder",
        code="model-format",
    )


class TunedEncoder:
    """The merged encoder with its head; one text a call like `E5Encoder`, so a score depends on its text alone."""

    def __init__(
        self,
        model: str | bytes,
        pieces: Any,
        replace: Mapping[int, str],
        delta: Delta,
        *,
        threads: int | None = None,
    ) -> None:
        """Make a session of a merged model (a path, or the bytes of one); `threads` texts at once, the cores by default."""
        runtime = require("onnxruntime", extra="app")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._limit = int(delta.about.get("tokens", 128))
        pieces.no_padding()
        pieces.no_truncation()
        self._tokenizer, self._replace, self._head = pieces, dict(replace), delta.head
        self._threads = max(1, threads or _cores())

    @classmethod
    def load(cls, path: Path, *, threads: int | None = None, keep: bool = True) -> TunedEncoder:
        """Merge the file `path` with the cached encoder (2 s and 300 MB the first time; kept in the cache, then 1 s).

        Args:
            path: a file that `Delta.save` wrote.
            threads: texts read at once; the cores by default.
            keep: keep the merged graph (80 MB) in the cache; one a file name, an older one goes.

        Raises:
            ModelError: the encoder has not been fetched (`model-missing`), or one of the files is damaged.
        """
        folder = resolve(ENCODER)
        delta = Delta.load(path)
        pieces, replace = tokenizer.load(folder)
        made = _merged(folder, path, delta) if keep else _merge_cached(folder, delta)
        return cls(made, pieces, replace, delta, threads=threads)

    def scores(self, texts: Sequence[str], progress: Count | None = None) -> Floats:
        """The head's outputs for texts in canonical spelling, float32 (n, n_outputs)."""
        weights, bias = self._head
        return np.asarray(self.pooled(texts, progress) @ weights + bias, dtype=np.float32)

    def pooled(self, texts: Sequence[str], progress: Count | None = None) -> Floats:
        """What the head works on: the mean over a text's tokens, float32 (n, 384); `progress` after every 256."""
        out = np.empty((len(texts), self._head[0].shape[0]), dtype=np.float32)
        with ThreadPoolExecutor(self._threads, thread_name_prefix="e5") as pool:
            for start in range(0, len(texts), CHUNK):
                batch = texts[start : start + CHUNK]
                ids = self._ids(batch)
                # longest first, so that no thread is left alone with a long text at the end
                order = sorted(range(len(batch)), key=lambda row: -len(ids[row]))
                for row, vector in zip(order, pool.map(self._run, [ids[row] for row in order]), strict=True):
                    out[start + row] = vector
                if progress:
                    progress(start + len(batch), len(texts))
        return out

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids; of a long text the beginning and the end, where the verdict stands."""
        # more characters than that never fit, and a text of megabytes must not be tokenised whole
        room = self._limit * 8
        cut = [text if len(text) <= 2 * room else f"{text[:room]} {text[-room:]}" for text in texts]
        clean = [whole_characters(text).translate(self._replace) for text in cut]
        found = [list(one.ids) for one in self._tokenizer.encode_batch(clean)]
        tail = self._limit // 3
        return [ids if len(ids) <= self._limit else ids[: self._limit - tail] + ids[-tail:] for ids in found]

    def _run(self, ids: list[int]) -> Floats:
        result = self._session.run(None, {"input_ids": np.asarray([ids], dtype=np.int64)})[0][0]
        return np.asarray(result, dtype=np.float32)


def _merged(folder: Path, path: Path, delta: Delta) -> str | bytes:
    """The merged graph in the cache, made anew where either file has changed; in memory where it cannot be written."""
    built = cache.read_json(folder / "built.json")
    key = hashlib.sha256(f"{MERGE}{built}".encode() + path.read_bytes()).hexdigest()[:16]
    target = folder / f"{path.stem}.{key}.onnx"
    record = cache.read_json(target.with_suffix(".json"))
    if target.exists() and record.get("bytes") == target.stat().st_size:
        return str(target)
    content = _merge_cached(folder, delta)
    try:
        for old in folder.glob(f"{path.stem}.*"):  # of another version of the same file
            if old.suffix in (".onnx", ".json"):
                old.unlink(missing_ok=True)
        unfinished = target.with_name(f"{target.name}.{os.getpid()}.tmp")
        unfinished.write_bytes(content)
        unfinished.replace(target)
        cache.write_json(target.with_suffix(".json"), {"bytes": len(content)})
    except OSError:  # a full disk or a cache that is read-only costs two seconds a start, nothing more
        return content
    return str(target)


def _merge_cached(folder: Path, delta: Delta) -> bytes:
    onnx = require("onnx", extra="app")
    return bytes(merge(onnx.load(str(folder / "model.int8.onnx")), delta).SerializeToString(deterministic=True))

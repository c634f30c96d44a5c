"""What a classifier sees: one canonical spelling of what people type.

Width and compatibility forms (NFKC), HTML, links, white space, long runs of one character, stretched Latin words
("sooo goood"), Chinese with a blank or a dash between single characters (垃 圾), letter case, kaomoji and emoji folded
into four tokens (`faces`), Traditional characters into Simplified ones. Offsets are not kept: cite the original.

The table of Traditional characters, `data/t2s.txt` (two lines, one-to-one), is from OpenCC (Apache-2.0). It is by
character, so words that differ between regions (軟體 / 软件) stay as they are.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from huaxiang.text import faces
from huaxiang.text.ngrams import Batch
from huaxiang.text.stretched import squeezed_words

_JOIN = "\x00"  # between texts while many are normalised at once; never inside one
_DROP, _SPACE, _EXPANDS = 1, 32, 2  # marks in the table of code points: drop it, white space, needs full NFKC

_PARTING = np.array([ord(char) for char in " -.*·~_/"], np.uint32)
_COMMENT = re.compile(r"<!--[^\x00]{0,2000}?-->|<(script|style)\b[^\x00]{0,20000}?</\1\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!][^<>\x00]{0,300}>")
_LINK = re.compile(r"(?:https?://|www\.)[^\s\x00<>\"'，。！？）)]+")


@cache
def _simplified() -> dict[int, int]:
    lines = resources.files("huaxiang.text").joinpath("data/t2s.txt").read_text(encoding="utf-8").split("\n")
    return {ord(old): ord(new) for old, new in zip(lines[0], lines[1], strict=True)}


def to_simplified(text: str) -> str:
    """Traditional characters replaced by Simplified ones, one for one, so offsets stay."""
    return text.translate(_simplified())


def _canonical(point: int) -> int:
    """What one code point becomes on its own, or one of the marks."""
    char = chr(point)
    if unicodedata.combining(char):
        return _EXPANDS
    wide = unicodedata.normalize("NFKC", char).lower()
    if char.isspace() or wide.isspace():
        return _SPACE
    if unicodedata.category(char) in ("Cc", "Cf"):
        return _DROP
    if len(wide) != 1:
        return point if char == "…" else _EXPANDS
    return ord({"’": "'", "‘": "'"}.get(wide, wide))


@cache
def _table() -> npt.NDArray[np.uint32]:
    """For every code point what it becomes, shape (0x110000,). Built once, in about 30 ms."""
    table = np.arange(0x110000, dtype=np.uint32)
    blocks = ((1, 0x3400), (0xA640, 0xA7FF), (0xF900, 0x10000), (0x1D400, 0x1D800), (0x1F100, 0x1F300))
    for first, last in blocks:
        table[first:last] = [_canonical(point) for point in range(first, last)]
    for old, new in _simplified().items():
        table[old] = new
    for token, chars in faces.FOLD.items():
        table[list(map(ord, chars))] = ord(token)
    table[0xFE00:0xFE10] = _DROP  # variation selectors: the same heart with and without
    table[0x1F3FB:0x1F400] = _DROP  # colours of skin
    table[0x200D] = _DROP
    return table


def _strip_markup(whole: str) -> str:
    """The rare things that need patterns, each behind a cheap look."""
    if "<" in whole:
        whole = _TAG.sub(" ", _COMMENT.sub(" ", whole))
    if "&" in whole:
        whole = html.unescape(whole)
    if "://" in whole or "www." in whole:
        whole = _LINK.sub(" url ", whole)
    if faces.hinted(whole):
        whole = _JOIN.join(map(faces.fold, whole.split(_JOIN)))
    return whole


def _points(whole: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def normalise_batch(texts: Sequence[str]) -> Batch:
    """Normalise many texts at once into code points laid end to end, ready for hashing. Never raises.

    A text of nothing but tags or blanks gets length 0. Cost: about 40 ns a character.
    """
    if not texts:
        return Batch(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64))
    whole = _JOIN.join(texts)
    if whole.count(_JOIN) != len(texts) - 1:
        whole = _JOIN.join(text.replace(_JOIN, " ") for text in texts)
    whole = _strip_markup(whole)
    codes = _table()[_points(whole)]
    expands = np.flatnonzero(codes == _EXPANDS)
    if expands.size:
        whole = _expand(whole, np.unique(np.searchsorted(np.flatnonzero(codes == 0), expands)))
        codes = _table()[_points(whole)]
        # After NFKC such a mark can only be a combining sign without a composed form: it says nothing, and goes.
        codes = codes[codes != _EXPANDS]
    codes = codes[codes != _DROP]
    codes = _squeeze(_unstretched(_joined(codes)))
    ends = np.flatnonzero(codes == 0)
    borders = np.concatenate(([-1], ends, [codes.size]))
    lengths = np.diff(borders) - 1
    starts = np.cumsum(lengths) - lengths
    return Batch(codes[codes != 0].astype(np.uint64), starts, lengths)


def _expand(whole: str, which: npt.NDArray[np.int64]) -> str:
    """Full NFKC, which is slow, for the few texts that need it."""
    parts = whole.split(_JOIN)
    for number in which.tolist():
        parts[number] = unicodedata.normalize("NFKC", parts[number]).lower().replace(_JOIN, " ")
    return _JOIN.join(parts)


def _joined(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Without a blank, dash or dot that stands between two Han characters, each alone: how a word hides from a filter."""
    if codes.size < 3:
        return codes
    han = (codes >= 0x4E00) & (codes < 0xA000)
    parting = np.isin(codes[1:-1], _PARTING) & han[:-2] & han[2:]
    if not parting.any():
        return codes
    parting[1:] &= ~han[:-3]  # a character that has a neighbour is no single one
    parting[:-1] &= ~han[3:]
    return codes[np.concatenate(([True], ~parting, [True]))]


def _unstretched(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """With words like "goood" as they are spelt, looked for only where a letter stands three times in a row."""
    if codes.size < 3 or not ((codes[2:] == codes[1:-1]) & (codes[1:-1] == codes[:-2]) & (codes[2:] >= 97) & (codes[2:] <= 122)).any():  # fmt: skip
        return codes
    return _points(squeezed_words(codes.tobytes().decode("utf-32-le", "surrogatepass")))


def _squeeze(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Drop white space at the borders of texts and after other white space, and the fourth and later of a run."""
    space = codes == _SPACE
    before = np.concatenate(([True], (codes[:-1] == 0) | space[:-1]))
    codes = codes[~(space & before)]
    after = np.concatenate((codes[1:] == 0, [True]))
    codes = codes[~((codes == _SPACE) & after)]
    if codes.size > 3:
        same = (codes[3:] == codes[2:-1]) & (codes[3:] == codes[1:-2]) & (codes[3:] == codes[:-3])
        digit = (codes[3:] >= ord("0")) & (codes[3:] <= ord("9"))
        codes = codes[np.concatenate((np.ones(3, np.bool_), ~same | digit | (codes[3:] == 0)))]
    return codes


def normalise_many(texts: Sequence[str]) -> list[str]:
    """Normalise many texts; as many strings come back. Unpaired surrogates stay as they are."""
    made = normalise_batch(texts)
    whole = made.codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    return [whole[start : start + length] for start, length in zip(made.starts, made.lengths, strict=True)]


def normalise(text: str) -> str:
    """One text as a classifier sees it; see the head of this module."""
    return normalise_many([text])[0]

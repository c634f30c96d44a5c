"""Units of text: what a span may begin and end at. One Chinese character, one Latin word, one number, one mark.

The encoder's own pieces are of no use for that: a third of them join characters that belong to different spans. So
each unit knows which pieces cover it, and spans are found over units.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Aligned", "Span", "align", "is_stop", "join_words", "unit_codes", "units_of"]

Span = tuple[int, int]
"""Half-open: of characters in a text, or of units in a list of units."""

CODES = 4096
"""Buckets that a unit's own characters are hashed into."""

_UNIT = re.compile(
    r"[A-Za-z\u00c0-\u024f]+(?:['’](?:s|t|re|ve|ll|d|m)\b)?|\d+(?:[.,]\d+)*|[^\sA-Za-z\u00c0-\u024f\d]", re.DOTALL
)
_STOPS = "，。！？；,!?;…~～"
_HAN = re.compile(r"[\u3400-\u9fff]")


def units_of(text: str) -> list[Span]:
    """Half-open character offsets of the units of a text, in order; blanks belong to none."""
    return [found.span() for found in _UNIT.finditer(text)]


def join_words(words: Sequence[str]) -> tuple[str, list[Span]]:
    """Running text from words that were split, and each word's offsets: no blank where Chinese is on either side."""
    text, spans = "", []
    for word in words:
        if text and not (_HAN.match(text[-1]) or _HAN.match(word[0])):
            text += " "
        spans.append((len(text), len(text) + len(word)))
        text += word
    return text, spans


def unit_codes(text: str, units: Sequence[Span]) -> npt.NDArray[np.int64]:
    """A bucket in 0…`CODES` - 1 for each unit's characters, shape (n_units,). Latin words share one, numbers another.

    Words of Latin letters are left to the encoder, so that what is learned from Chinese holds in English.
    """
    codes = [_code(text[start:end]) for start, end in units]
    return np.asarray(codes, dtype=np.int64)


def is_stop(codes: npt.NDArray[np.int64], marks: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Which units part clauses, shape (n_units,): no span goes over one. By code, since a passage keeps no text."""
    return np.isin(codes, [_code(mark) for mark in _STOPS]) & (marks > 0)


def _code(unit: str) -> int:
    if unit[0].isdigit():
        return 1
    if unit[0].isalpha() and not _HAN.match(unit):
        return 0
    return 2 + zlib.crc32(unit.encode("utf-8", "replace")) % (CODES - 2)


@dataclass(frozen=True, slots=True)
class Aligned:
    """Units against pieces: unit i is covered by pieces `first[i]` … `last[i]` (both included).

    `edges` (n_units, 2) says whether the unit begins with a piece or one character later (a piece may begin with the
    blank before its word), and whether it ends with one.
    """

    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    edges: npt.NDArray[np.float32]


def align(units: Sequence[Span], pieces: Sequence[Span]) -> Aligned:
    """Which pieces cover each unit. Both are sorted; a unit beyond the last piece takes the last.

    A piece may be empty (special tokens) or begin with the blank before its word.
    """
    first, last = np.zeros(len(units), np.int64), np.zeros(len(units), np.int64)
    edges = np.zeros((len(units), 2), np.float32)
    at = 0
    real = [(place, start, end) for place, (start, end) in enumerate(pieces) if end > start]
    for number, (start, end) in enumerate(units):
        while at < len(real) - 1 and real[at][2] <= start:
            at += 1
        until = at
        while until < len(real) - 1 and real[until + 1][1] < end:
            until += 1
        if not real:
            continue
        first[number], last[number] = real[at][0], real[until][0]
        # a piece that begins with the blank before its word begins with the word
        edges[number] = (
            start - 1 <= real[at][1] <= start and (at == 0 or real[at - 1][2] <= start),
            end == real[until][2],
        )
    return Aligned(first, last, edges)

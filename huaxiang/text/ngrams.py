"""Hashed n-grams of many texts at once, as numpy arrays. No Python loop over characters, no vocabulary.

All texts of a batch are laid end to end as one array of code points. An n-gram is then a rolling hash over that array,
and a text's score is the sum of the weights at its own positions: a score a position, which sentence spans share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint64]
Index = npt.NDArray[np.int64]

_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that it has an inverse modulo 2**64
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64))
_MIX = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts laid end to end. `codes` shape (n_chars,), `starts` and `lengths` shape (n_texts,)."""

    codes: Codes
    starts: Index
    lengths: Index


@dataclass(frozen=True, slots=True)
class Grams:
    """One family of n-grams: `at[i]` is the character where gram i begins, `bucket[i]` its hash in [0, 2**bits)."""

    at: Index
    bucket: Index


def batch(texts: Sequence[str]) -> Batch:
    """Lay texts end to end. Unpaired surrogates are kept as code points of their own."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    raw = "".join(texts).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(raw, dtype="<u4").astype(np.uint64)
    starts = np.cumsum(lengths) - lengths
    return Batch(codes, starts, lengths)


def bucket_of(hashes: Codes, *, bits: int, family: int) -> Index:
    """Mix a polynomial hash and keep `bits` of it. `family` keeps 2-grams from meeting 3-grams on purpose."""
    mixed = (hashes ^ (hashes >> _HALF)) * _MIX + np.uint64(family * int(_BASE) % 2**64)
    mixed ^= mixed >> _HALF
    mixed *= _MIX
    return (mixed >> np.uint64(64 - bits)).astype(np.int64)


def char_grams(texts: Batch, orders: Sequence[int], *, bits: int) -> list[Grams]:
    """Character n-grams of the given ascending orders; none crosses the end of its text."""
    codes = texts.codes
    ends = np.repeat(texts.starts + texts.lengths, texts.lengths)
    room = ends - np.arange(codes.size, dtype=np.int64)
    found: list[Grams] = []
    rolling = codes * _MIX
    order = 1
    for wanted in orders:
        while order < wanted:
            rolling = rolling[:-1] * _BASE + codes[order:] * _MIX if rolling.size else rolling
            order += 1
        at = np.flatnonzero(room[: rolling.size] >= wanted)
        found.append(Grams(at, bucket_of(rolling[at], bits=bits, family=wanted)))
    return found


def _word_table() -> npt.NDArray[np.bool_]:
    table = np.zeros(0x110000, dtype=np.bool_)
    for char in range(0x250):
        table[char] = chr(char).isalnum()
    table[ord("'")] = True
    table[0x370:0x2000] = True  # alphabets that write words with spaces
    return table


_IS_WORD = _word_table()
_SYMBOLS = (0x2600, 0x1F000)  # emoji, each a word of its own, from either block on


def word_grams(texts: Batch, orders: Sequence[int], *, bits: int) -> list[Grams]:
    """Word n-grams of the given ascending orders. A word is a run of letters, digits and ', or one emoji or Han char."""
    codes = texts.codes
    if not codes.size:
        return [Grams(np.zeros(0, np.int64), np.zeros(0, np.int64)) for _ in orders]
    points = codes.astype(np.int64)
    letter = _IS_WORD[points]
    single = (points >= _SYMBOLS[0]) & ~letter | (points == ord("!")) | (points == ord("?"))
    first = np.zeros(codes.size, dtype=np.bool_)
    first[texts.starts[texts.lengths > 0]] = True
    before = np.concatenate(([False], letter[:-1]))
    begins = np.flatnonzero(single | (letter & (first | ~before)))
    after_letter = np.concatenate((letter[1:], [False]))
    next_first = np.concatenate((first[1:], [True]))
    stops = np.flatnonzero(single | (letter & (~after_letter | next_first))) + 1
    powers = np.cumprod(np.full(codes.size, _BASE, dtype=np.uint64), dtype=np.uint64)
    inverse = np.cumprod(np.full(codes.size, _INVERSE, dtype=np.uint64), dtype=np.uint64)
    sums: Codes = np.concatenate((np.zeros(1, np.uint64), np.cumsum(codes * _MIX * powers, dtype=np.uint64)))
    words: Codes = (sums[stops] - sums[begins]) * inverse[begins]
    owner = np.searchsorted(texts.starts, begins, side="right")
    found: list[Grams] = []
    rolling: Codes = words
    order = 1
    for wanted in orders:
        while order < wanted:
            rolling = (rolling[:-1] ^ (rolling[:-1] >> _HALF)) * _BASE + words[order:]
            order += 1
        same = np.flatnonzero(owner[: rolling.size] == owner[order - 1 : order - 1 + rolling.size])
        found.append(Grams(begins[same], bucket_of(rolling[same], bits=bits, family=64 + wanted)))
    return found

"""What the tagger sees of each character of a shop title: neighbours, kinds of characters, and the word lists.

Features are hashed, so that there is no vocabulary; the word lists are kept as hashes only. Each character has
`SLOTS` features, one a kind, as buckets in 0…2**BITS - 1; the same in training and in use.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
import numpy.typing as npt

from huaxiang.text.normalise import to_simplified

BITS = 17
LONGEST = 12
_WINDOWS = ((-1, -1), (0, 0), (1, 1), (-1, 0), (0, 1))  # longer ones learn the training titles by heart
_TYPES = ((0, 0), (-1, 1), (-2, 2))
LISTS = "bp"
"""Word lists of brands and products."""
SLOTS = len(_WINDOWS) + len(_TYPES) + 2 + len(LISTS) * 3

Buckets = npt.NDArray[np.int64]


def plain(text: str) -> str:
    """The text in one spelling, character for character: Simplified, half width, lower case."""
    return "".join(map(_plain_char, to_simplified(text)))


@lru_cache(maxsize=20_000)
def _plain_char(char: str) -> str:
    wide = unicodedata.normalize("NFKC", char).lower()
    if len(wide) != 1 or char.isspace():
        return " " if char.isspace() else char
    return wide


def word_hash(word: str) -> int:
    """The 32-bit hash under which a word list keeps a word (in the spelling of `plain`)."""
    return crc32(word.encode("utf-8", "surrogatepass"))


def char_kind(char: str) -> str:
    """One sign for a digit, a Latin letter, a blank, another letter, and anything else."""
    if char.isdigit():
        return "0"
    if char.isascii() and char.isalpha():
        return "a"
    if char == " ":
        return "_"
    return "汉" if char.isalpha() else "."


def buckets(text: str, lists: Sequence[frozenset[int]]) -> Buckets:
    """Feature buckets, shape (len(text), SLOTS). `lists` are hashed words, one list a letter of `LISTS`."""
    line = plain(text)
    n = len(line)
    out = np.zeros((n, SLOTS), dtype=np.int64)
    if not n:
        return out
    kinds = "".join(map(char_kind, line))
    columns: list[list[str]] = []
    for source, spans, mark in ((line, _WINDOWS, "c"), (kinds, _TYPES, "t")):
        framed = "\x02" * 4 + source + "\x03" * 4
        for low, high in spans:
            columns.append([f"{mark}{low}{high}{framed[i + 4 + low : i + 5 + high]}" for i in range(n)])
    columns += _runs(line, kinds)
    for name, words in zip(LISTS, lists, strict=True):
        columns += _matches(line, words, name)
    mask = (1 << BITS) - 1
    for slot, column in enumerate(columns):
        out[:, slot] = [crc32(value.encode("utf-8", "surrogatepass")) & mask for value in column]
    return out


def _runs(line: str, kinds: str) -> list[list[str]]:
    """The whole Latin word or number around each character, and where in it the character stands."""
    n = len(line)
    word, place = ["-"] * n, ["-"] * n
    start = 0
    while start < n:
        end = start + 1
        while end < n and kinds[end] == kinds[start]:
            end += 1
        if kinds[start] in "a0":
            for i in range(start, end):
                where = ("S" if end - start == 1 else "B") if i == start else ("E" if i == end - 1 else "M")
                word[i] = f"w{where}{line[start:end]}"
                place[i] = f"r{where}{kinds[start]}{min(end - start, 6)}"
        start = end
    return [word, place]


def _matches(line: str, words: frozenset[int], name: str) -> list[list[str]]:
    """For each character the longest listed word that begins there, ends there, and lies over it."""
    n = len(line)
    begins, ends, over = [0] * n, [0] * n, ["-"] * n
    longest = [0] * n
    for i in range(n):
        for size in range(min(LONGEST, n - i), 1, -1):
            if word_hash(line[i : i + size]) not in words:
                continue
            begins[i] = begins[i] or size
            ends[i + size - 1] = max(ends[i + size - 1], size)
            for j in range(i, i + size):
                if size > longest[j]:
                    longest[j] = size
                    over[j] = f"{'B' if j == i else 'E' if j == i + size - 1 else 'M'}{size}"
    return [
        [f"{name}b{size}" for size in begins],
        [f"{name}e{size}" for size in ends],
        [f"{name}o{where}" for where in over],
    ]

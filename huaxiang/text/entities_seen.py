"""What the accurate tagger sees of a title besides hashed features: the encoder's pieces, word lists, kinds, letters.

The same in training (`training.entities_upper`) and in use (`huaxiang.text.entities_encoder`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from huaxiang.models.e5 import MAX_TOKENS
from huaxiang.text.aspects_passage import Pieces
from huaxiang.text.aspects_units import Span
from huaxiang.text.entities_features import LONGEST, buckets, char_kind, plain, word_hash

LETTERS, KINDS, PLACES = 4096, "0a_汉.", 6
FARTHEST = 4
WORDS = 40
"""Sizes of the tables that turn letters, and what a word list says of a character, into numbers of a few columns; the
largest code of a listed word is 3 * (`LONGEST` - 1)."""

Ints = npt.NDArray[np.int64]
Lists = Sequence[frozenset[int]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A title ready for the tagger; n characters.

    `ids` (n_pieces,) with begin and end; `piece` (n,) the piece that covers each character; `place` (n, 2) how far it is
    from the piece's borders, 0 where no piece covers it; `listed` (n, 6), see `listed_words`; `kind` (n,) an index of
    `KINDS`; `letters` (n,) hashes below `LETTERS`; `buckets` (n, slots), see `entities_features`.
    """

    ids: Ints
    piece: Ints
    place: Ints
    listed: Ints
    kind: Ints
    letters: Ints
    buckets: Ints


def seen(text: str, pieces: Pieces, lists: Lists) -> Seen:
    """Prepare a title (or a part of a longer text); any string is accepted, and 512 pieces of it are read."""
    line = plain(text)
    ids, offsets = pieces.cut(text)
    piece, place = _covered(text, offsets)
    return Seen(
        np.array([pieces.begin, *ids[: MAX_TOKENS - 2], pieces.end], np.int64),
        np.minimum(piece, MAX_TOKENS - 2),
        place,
        listed_words(line, lists),
        np.array([KINDS.index(char_kind(char)) for char in line], np.int64),
        np.array([word_hash(char) % LETTERS for char in line], np.int64),
        buckets(text, lists),
    )


def _covered(text: str, offsets: Sequence[Span]) -> tuple[Ints, Ints]:
    """The piece of each character (counted with the begin; a character without one has its left neighbour's)."""
    cover = np.full(len(text), -1, np.int64)
    for number, (start, end) in enumerate(offsets):
        cover[start:end] = number
    piece, place = np.zeros(len(text), np.int64), np.zeros((len(text), 2), np.int64)
    last = 0
    for at, number in enumerate(cover.tolist()):
        if number >= 0:
            last = number
            start, end = offsets[number]
            while start < end and text[start].isspace():
                start += 1
            place[at] = 1 + min(max(at - start, 0), FARTHEST), 1 + min(end - 1 - at, FARTHEST)
        piece[at] = last + 1
    return piece, place


def listed_words(line: str, lists: Lists) -> Ints:
    """For each character and word list: size of the longest word that begins there, that ends there, and the longest over
    it with the character's place in it. Shape (n, 3 a list); 0 is none.
    """
    n = len(line)
    out = np.zeros((n, 3 * len(lists)), np.int64)
    for number, words in enumerate(lists):
        longest = [0] * n
        begins, ends, over = (out[:, 3 * number + column] for column in range(3))
        for start in range(n):
            for size in range(min(LONGEST, n - start), 1, -1):
                if word_hash(line[start : start + size]) not in words:
                    continue
                begins[start] = begins[start] or size
                ends[start + size - 1] = max(ends[start + size - 1], size)
                for at in range(start, start + size):
                    if size > longest[at]:
                        longest[at] = size
                        role = 0 if at == start else 2 if at == start + size - 1 else 1
                        over[at] = 1 + role + 3 * (size - 2)
    return out

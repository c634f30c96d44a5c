"""A passage as the aspect model reads it: pieces for the encoder, units for the spans, and which covers which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from huaxiang.models import tokenizer
from huaxiang.models.e5 import MAX_TOKENS, whole_characters
from huaxiang.text.aspects_units import Span, align, unit_codes

__all__ = ["Passage", "Pieces", "passage_of"]

Ints = npt.NDArray[np.int64]


class Pieces:
    """The encoder's tokenizer with offsets into the text as it was given."""

    def __init__(self, pieces: Any, replace: dict[int, str]) -> None:
        pieces.no_padding()
        pieces.no_truncation()
        self._tokenizer, self._replace = pieces, replace
        self.begin, self.end = pieces.encode("").ids

    @classmethod
    def load(cls, folder: Path) -> Pieces:
        """Read `tokenizer.json` and `replace.json` of a built encoder."""
        return cls(*tokenizer.load(folder))

    def cut(self, text: str) -> tuple[list[int], list[Span]]:
        """Piece ids without the special ones, and half-open offsets of each piece in `text`."""
        safe = whole_characters(text)
        if len(safe) != len(text):  # a surrogate pair became one character: read each half as unknown
            safe = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
        clean = safe.translate(self._replace)
        found = self._tokenizer.encode(clean, add_special_tokens=False)
        if len(clean) == len(text):
            return found.ids, found.offsets
        origin = [place for place, char in enumerate(safe) for _ in char.translate(self._replace)]
        origin.append(len(text))
        return found.ids, [
            (origin[start], origin[max(start, end - 1)] + 1 if end > start else origin[start])
            for start, end in found.offsets
        ]


@dataclass(frozen=True, slots=True)
class Passage:
    """One or more utterances, ready to be read. Arrays over pieces or over units (in order of the text).

    `ids` (n_pieces,): begin, then each utterance's pieces and an end. `first`, `last` (n_units,): pieces that cover
    each unit; `edges` (n_units, 2): whether the unit begins and ends a piece; `codes` (n_units,): see `unit_codes`;
    `utterance` (n_units,): number of the utterance; `marks` (n_units,): 1 where the unit is punctuation.
    """

    ids: Ints
    first: Ints
    last: Ints
    edges: npt.NDArray[np.float32]
    codes: Ints
    utterance: Ints
    marks: npt.NDArray[np.float32]


def passage_of(texts: Sequence[str], units: Sequence[Sequence[Span]], pieces: Pieces) -> Passage:
    """Lay utterances out one after another. What lies beyond the encoder's length keeps its units but shares a piece.

    Args:
        texts: the utterances, at least one.
        units: for each, its units by character offset.
        pieces: the encoder's tokenizer.
    """
    ids = [pieces.begin]
    columns: list[tuple[Ints, Ints, npt.NDArray[np.float32], Ints, Ints, npt.NDArray[np.float32]]] = []
    for number, (text, mine) in enumerate(zip(texts, units, strict=True)):
        found, offsets = pieces.cut(text)
        aligned = align(mine, offsets)
        marks = np.asarray([not text[start].isalnum() for start, _ in mine], np.float32)
        columns.append(
            (
                aligned.first + len(ids),
                aligned.last + len(ids),
                aligned.edges,
                unit_codes(text, mine),
                np.full(len(mine), number, np.int64),
                marks,
            )
        )
        ids += [*found, pieces.end]
    first, last, edges, codes, utterance, marks = (np.concatenate(column) for column in zip(*columns, strict=True))
    top = min(len(ids), MAX_TOKENS) - 1
    whole = np.asarray([*ids[: MAX_TOKENS - 1], pieces.end] if len(ids) > MAX_TOKENS else ids, np.int64)
    return Passage(whole, np.minimum(first, top), np.minimum(last, top), edges, codes, utterance, marks)

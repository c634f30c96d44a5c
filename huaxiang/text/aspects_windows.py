"""A text in windows of whole sentences, as the aspect model reads them, and how each term in them is spoken of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from huaxiang.text.aspects import split_clauses
from huaxiang.text.aspects_passage import passage_of
from huaxiang.text.aspects_units import Span, units_of
from huaxiang.text.language import split_sentences

if TYPE_CHECKING:
    from huaxiang.text.aspects_model import AspectModel, Reading

__all__ = ["Floats", "Window", "windows", "within"]

Floats = npt.NDArray[np.float32]

_TOGETHER, _MOST_TOGETHER = 30, 400  # characters: the model learned single sentences
_AROUND = 50
"""Units on either side of a term that its own model reads: a sentence without an end would cost each of its terms all."""


class Window:
    """One window of a text, or one of its clauses; each is read once, however many terms it has.

    What stands beside a contrast colours a term's reading; its own clause alone may lack what the opinion is about. So
    both are asked and multiplied.
    """

    def __init__(self, piece: str, units: list[Span], model: AspectModel, seen: dict[str, Window]) -> None:
        self.piece, self.units, self._model, self._seen = piece, units, model, seen
        self.spans = split_clauses(piece)
        self._alone: dict[Span, Floats] = {}

    @cached_property
    def reading(self) -> Reading:
        """What the aspect model makes of it."""
        return self._model.read(passage_of([self.piece], [self.units], self._model.pieces))

    def around(self, place: int) -> Span | None:
        """The clause that holds a character."""
        return next(((start, end) for start, end in self.spans if start <= place < end), None)

    def chances(self, span: Span) -> Floats:
        """Probabilities (3,) of negative, neutral, positive for the term in a span of the window's units."""
        whole = self.alone(span)
        term = self.units[span[0]][0], self.units[span[1] - 1][1]
        clause = self.around(term[0])
        if clause is None or len(self.spans) < 2:
            return whole
        inner = _seen(self.piece[slice(*clause)], self._model, self._seen)
        mine = within(inner.units, (term[0] - clause[0], term[1] - clause[0])) if inner else None
        return _multiplied(whole, inner.alone(mine)) if inner and mine else whole

    def alone(self, span: Span) -> Floats:
        """Both models' probabilities for a term of this window alone, multiplied: they err in different places."""
        if span not in self._alone:
            shared, terms = self.reading.polarity(span), self._model.terms
            self._alone[span] = _multiplied(shared, terms.chances(*self._near(span))) if terms else shared
        return self._alone[span]

    def _near(self, span: Span) -> tuple[str, list[Span], Span]:
        """The term with what stands around it: text, units, and the term's span in those."""
        first, last = max(0, span[0] - _AROUND), min(len(self.units), span[1] + _AROUND)
        if last - first == len(self.units):
            return self.piece, self.units, span
        low, high = self.units[first][0], self.units[last - 1][1]
        units = [(start - low, end - low) for start, end in self.units[first:last]]
        return self.piece[low:high], units, (span[0] - first, span[1] - first)


def windows(text: str, model: AspectModel) -> Iterator[tuple[int, Window]]:
    """Where each window begins and the window; one that says the same as an earlier one is that one."""
    if not text.strip():
        return
    seen: dict[str, Window] = {}
    edges = [0]
    for start, _ in split_sentences(text):
        if start - edges[-1] >= _TOGETHER:
            edges.append(start)
    for left, right in zip(edges, [*edges[1:], len(text)], strict=True):
        for low in range(left, right, _MOST_TOGETHER):
            window = _seen(text[low : min(low + _MOST_TOGETHER, right)], model, seen)
            if window:
                yield low, window


def within(units: list[Span], span: Span) -> Span | None:
    """The units that a span of characters touches, or None."""
    touched = [at for at, (start, end) in enumerate(units) if start < span[1] and end > span[0]]
    return (touched[0], touched[-1] + 1) if touched else None


def _seen(piece: str, model: AspectModel, seen: dict[str, Window]) -> Window | None:
    """The window of that wording; None where it has nothing to read."""
    if piece not in seen:
        units = units_of(piece)
        if not units:
            return None
        seen[piece] = Window(piece, units, model, seen)
    return seen[piece]


def _multiplied(one: Floats, other: Floats) -> Floats:
    both = np.sqrt(one * other)
    return np.asarray(both / both.sum(), np.float32)

"""How a given term is spoken of: its sentence and the term itself go through the encoder side by side.

A model of its own beside `aspects_model`, since a reading that knows which term is asked about tells two terms of one
sentence apart. Trained by `training.aspects_terms`, of which this is the mirror.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from huaxiang.models.cards import ENCODER
from huaxiang.models.resolve import resolve
from huaxiang.text.aspects_model import Floats, curve, log_softmax, states_session, unpack
from huaxiang.text.aspects_passage import Passage, Pieces, passage_of
from huaxiang.text.aspects_units import Span, units_of

__all__ = ["FILE", "TermModel", "asked_passage", "load"]

FILE = "aspects-terms.npz"


def asked_passage(text: str, units: Sequence[Span], span: Span, pieces: Pieces) -> Passage:
    """The text and then the term once more, as two utterances.

    Args:
        text: what holds the term.
        units: its units by character offset.
        span: the term, in units.
        pieces: the encoder's tokenizer.
    """
    said = text[units[span[0]][0] : units[span[1] - 1][1]]
    return passage_of([text, said], [units, units_of(said)], pieces)


class TermModel:
    """Encoder and head. Make one with `load()`; immutable, safe to share between threads."""

    def __init__(self, session: Any, pieces: Pieces, heads: dict[str, Floats], about: dict[str, Any]) -> None:
        self.pieces, self.about = pieces, about
        self._session, self._heads = session, heads

    def chances(self, text: str, units: Sequence[Span], span: Span) -> Floats:
        """Probabilities (3,) of negative, neutral, positive for the term in a span of the text's units."""
        passage = asked_passage(text, units, span, self.pieces)
        states = self._session.run(None, {"input_ids": passage.ids[None]})[0][0]
        return chances_of(self._heads, passage, np.asarray(states, np.float32), span)


def chances_of(heads: dict[str, Floats], passage: Passage, states: Floats, span: Span) -> Floats:
    """Probabilities (3,) from the last hidden states (n_pieces, 384) of an `asked_passage`."""
    plain = (states[passage.first] + states[passage.last]) / 2
    ahead = int((passage.utterance == 0).sum())
    parts = (plain[slice(*span)], plain[ahead:], plain[:ahead])
    said = np.concatenate([states[0], *(part.mean(axis=0) for part in parts)])
    hidden = curve(np.asarray(heads["term1.weight"] @ said + heads["term1.bias"], np.float32))
    return np.exp(log_softmax(heads["term2.weight"] @ hidden + heads["term2.bias"]))


def load(path: Path, *, threads: int = 2) -> TermModel:
    """The model of a file; `huaxiang.text.aspects_model.AspectModel.terms` keeps the one beside its own.

    Raises:
        ModelError: the file is missing or damaged, or the encoder is not in the cache yet.
    """
    delta, heads, about = unpack(path)
    folder = resolve(ENCODER)
    return TermModel(states_session(folder / "model.int8.onnx", delta, threads), Pieces.load(folder), heads, about)

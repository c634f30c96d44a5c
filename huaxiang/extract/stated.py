"""Which field of the customer a mentioned value is stated for, if any: one linear map over the encoder's states.

A value ("corgi", 42, "linen") is seen as the encoder sees it in its sentence: the states of its own tokens in two layers,
which know its part in the sentence, and the sentence's vector. So "our corgi", "the neighbour's corgi" and "is it safe for
a corgi" differ, in words that no rule names. It proposes; `huaxiang.ledger.verify` judges. Training: `training.stated`;
figures: `text/weights/stated.md`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from huaxiang.errors import ModelError
from huaxiang.extract.mentions import Mention, mentions
from huaxiang.models.e5_file import Floats
from huaxiang.models.e5_states import StatesEncoder, TokenStates
from huaxiang.schema.pack import FieldPack

FILE = "stated.npz"
FORMAT = 1
NOTHING = "none"
METHOD = "map@1"
_AGAINST, _FOR = ("dislikes", "avoids", "avoids_material"), ("likes", "favourite_color")
OPPOSITE = dict.fromkeys(_FOR, _AGAINST) | dict.fromkeys(_AGAINST, _FOR)
KEPT = 0.15
"""Probability below which a reading is forgotten; what is kept is cheap, and thresholds may move without reading anew."""


@dataclass(frozen=True, slots=True)
class Stated:
    """`text[start:end]` says `value` for `field`, with this probability (0…1); unverified."""

    field: str
    value: Any
    start: int
    end: int
    probability: float


@dataclass(frozen=True)
class StatedModel:
    """`weights` (n_labels, 3 * width) and `offset` (n_labels,) over features whose parts are standardised and of length 1.

    Immutable, safe to share between threads.
    """

    labels: tuple[str, ...]
    mean: Floats
    deviation: Floats
    weights: Floats
    offset: Floats
    about: dict[str, Any]

    def probabilities(self, rows: Floats) -> Floats:
        """Probability of each label, shape (n, n_labels), of raw features (n, 3 * width)."""
        scores = standard(rows, self.mean, self.deviation) @ self.weights.T + self.offset
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(chances / chances.sum(axis=1, keepdims=True), dtype=np.float32)

    def read(self, text: str, pack: FieldPack, encoder: StatesEncoder, *, currency: str = "") -> list[Stated]:
        """What this text seems to state, above `KEPT`; about 10 ms a sentence that mentions something, else nothing.

        Args:
            text: what a customer wrote.
            pack: fields and words; a field of another name than the shipped packs' is never proposed.
            encoder: gives the states.
            currency: of an amount without a symbol.
        """
        found = [one for one in mentions(text, pack, currency=currency) if any(f in self.labels for f, _ in one.values)]
        if not found:
            return []
        pairs = list(features(text, found, encoder))
        if not pairs:
            return []
        chances = self.probabilities(np.stack([row for _, row in pairs]))
        return [one for (mention, _), row in zip(pairs, chances, strict=True) for one in self._of(mention, row)]

    def _of(self, mention: Mention, row: Floats) -> Iterator[Stated]:
        field, value, chance = choose(mention.values, dict(zip(self.labels, row.tolist(), strict=True)))
        if chance >= KEPT:
            yield Stated(field, value, mention.start, mention.end, round(chance, 3))


def choose(values: Sequence[tuple[str, Any]], chances: Mapping[str, float]) -> tuple[str, Any, float]:
    """The likeliest field that can hold the value, with its chance less that of the opposite field.

    A taste read the wrong way round is the worst mistake, and there both chances are high.
    """
    field, value = max(values, key=lambda one: chances.get(one[0], 0.0))
    against = sum(chances.get(other, 0.0) for other in OPPOSITE.get(field, ()))
    return field, value, max(0.0, chances.get(field, 0.0) - against)


def features(text: str, found: Sequence[Mention], encoder: StatesEncoder) -> Iterator[tuple[Mention, Floats]]:
    """Each mention with its raw features (3 * width,); mentions behind the encoder's last token are left out."""
    sentences = list(dict.fromkeys((one.sentence.start, one.sentence.end) for one in found))
    read = dict(zip(sentences, encoder.passages([text[a:b] for a, b in sentences]), strict=True))
    for one in found:
        begin = one.sentence.start
        row = seen(read[(begin, one.sentence.end)], one.start - begin, one.end - begin)
        if row is not None:
            yield one, row


def seen(states: TokenStates, start: int, end: int) -> Floats | None:
    """Raw features of the characters `start:end` of an encoded sentence: sentence vector, upper and lower states."""
    tokens = [place for place, (a, b) in enumerate(states.spans) if a < end and b > start]
    if not tokens:
        return None
    parts = [states.vector, states.high[tokens].mean(axis=0), states.low[tokens].mean(axis=0)]
    return np.concatenate(parts).astype(np.float32)


def standard(rows: Floats, mean: Floats, deviation: Floats) -> Floats:
    """Features whose three parts are each brought to length 1, standardised, and brought to length 1 again."""
    parts = [_unit(one) for one in np.split(rows, 3, axis=1)]
    plain = (np.concatenate(parts, axis=1) - mean) / deviation
    return np.concatenate([_unit(one) for one in np.split(plain, 3, axis=1)], axis=1).astype(np.float32)


def units(rows: Floats) -> Floats:
    """Features whose three parts are each brought to length 1: what mean and deviation are taken of."""
    return np.concatenate([_unit(one) for one in np.split(rows, 3, axis=1)], axis=1).astype(np.float32)


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), dtype=np.float32)


def save(path: Path, model: StatedModel) -> None:
    """Write a model file: fp16 arrays and JSON, no pickle; replaced in one step."""
    about = json.dumps({"format": FORMAT, "labels": model.labels, **model.about}, ensure_ascii=False)
    arrays: dict[str, Any] = {
        name: getattr(model, name).astype(np.float16) for name in ("mean", "deviation", "weights", "offset")
    }
    unfinished = path.with_suffix(".part.npz")
    np.savez_compressed(unfinished, about=np.frombuffer(about.encode(), dtype=np.uint8), **arrays)
    unfinished.replace(path)


@cache
def load(*, models: str = "") -> StatedModel:
    """The model of the folder `models` if it holds one, else the shipped one. Cached.

    Raises:
        ModelError: the file is missing, cut short or of another format.
    """
    own = Path(models) / FILE
    path = own if models and own.is_file() else Path(str(resources.files("huaxiang.text").joinpath(f"weights/{FILE}")))
    try:
        with np.load(path, allow_pickle=False) as held:
            about = json.loads(held["about"].tobytes())
            mean, deviation, weights, offset = (
                held[name].astype(np.float32) for name in ("mean", "deviation", "weights", "offset")
            )
        labels = tuple(about.pop("labels"))
        if about.pop("format") != FORMAT or weights.shape != (len(labels), mean.shape[0]):
            raise ValueError("weights of the wrong shape")
        return StatedModel(labels, mean, deviation, weights, offset, about)
    except Exception as error:  # zipfile, numpy and json each raise their own kinds for a damaged file
        raise ModelError(
            f"cannot read the model of stated facts {path.name!r} ({type(error).__name__})",
            hint="make it again: huaxiang train stated", code="stated-model",
        ) from error  # fmt: skip

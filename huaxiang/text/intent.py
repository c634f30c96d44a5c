"""What somebody wants: the intent of a customer's message and of a staff question to the agent, zh and en.

One linear model a purpose over hashed words (for Chinese: characters) and letters, in plain numpy; labels are plain
strings, and for staff questions they are the names of the agent's aims. That of the accurate tier also holds a head over
the encoder's vectors (random Fourier features, so a kernel machine in a small file); it is used when an encoder is given.

Source of the head: Rahimi & Recht (2007), "Random features for large-scale kernel machines".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from huaxiang.errors import ModelError
from huaxiang.models.encoder import Encoder
from huaxiang.text.language import detect
from huaxiang.text.ngrams import Grams, char_grams, word_grams
from huaxiang.text.normalise import normalise_batch

Purpose = Literal["customer", "staff"]
Tier = Literal["fast", "accurate"]
OUT = "out_of_scope"
WORDS, CHARS = (1, 2, 3), (3, 4)
LONGEST = 2000
"""Characters of a text that are read: an intent is said early."""
_AT_ONCE = 1024

Floats = npt.NDArray[np.float32]
Index = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Intent:
    """What a text wants: the likeliest label, its probability (0…1), the runners-up, and the language it was read in.

    `label` is "out_of_scope" where the model has that label and nothing else is likely enough.
    """

    label: str
    probability: float
    others: tuple[tuple[str, float], ...]
    language: str


@dataclass(frozen=True, slots=True)
class Head:
    """A head over encoder vectors: standardise, project on random directions made from `seed`, cosine, one linear map."""

    mean: Floats
    deviation: Floats
    weights: Floats
    seed: int
    width: float
    share: float

    def scores(self, vectors: Floats) -> Floats:
        """Shape (n, n_labels)."""
        return fourier(vectors, self.mean, self.deviation, self.weights.shape[0], self.seed, self.width) @ self.weights


@dataclass(frozen=True, slots=True)
class Parts:
    """What a model is made of. `weights` int8 (2**bits, n_labels) times `scale` (n_labels,), plus `offset` (n_labels,)."""

    labels: tuple[str, ...]
    weights: npt.NDArray[np.int8]
    scale: Floats
    offset: Floats
    slope: float
    floor: float
    head: Head | None = None
    about: dict[str, Any] = field(default_factory=dict)


def fourier(vectors: Floats, mean: Floats, deviation: Floats, size: int, seed: int, width: float) -> Floats:
    """Random Fourier features of encoder vectors, shape (n, size)."""
    rng = np.random.default_rng(seed)
    directions = rng.normal(scale=width, size=(vectors.shape[1], size)).astype(np.float32)
    phases = rng.uniform(0, 2 * np.pi, size).astype(np.float32)
    plain = (vectors - mean) / deviation
    plain = 4 * plain / np.maximum(np.linalg.norm(plain, axis=1, keepdims=True), 1e-6)
    return np.asarray(np.cos(plain @ directions + phases), dtype=np.float32)


def grams(texts: Sequence[str], bits: int) -> tuple[Index, Index, Floats]:
    """The n-grams of texts: (text number, bucket, value), each n-gram once a text; values have length 1 a text."""
    batch = normalise_batch([text[:LONGEST] for text in texts])
    found: list[Grams] = word_grams(batch, WORDS, bits=bits) + char_grams(batch, CHARS, bits=bits)
    owners = [np.searchsorted(batch.starts, one.at, side="right") - 1 for one in found]
    # an empty text shares its start with the next one; `searchsorted` from the right gives the n-grams to the latter
    keys = np.unique(np.concatenate([owner << bits | one.bucket for owner, one in zip(owners, found, strict=True)]))
    rows, columns = keys >> bits, keys & ((1 << bits) - 1)
    counts = np.bincount(rows, minlength=len(texts))
    return rows, columns, (1 / np.sqrt(counts[rows])).astype(np.float32)


class IntentModel:
    """Make one with `load()`; immutable, safe to share between threads."""

    def __init__(self, parts: Parts, *, name: str) -> None:
        self.name = name
        self.parts = parts
        self._bits = int(parts.weights.shape[0]).bit_length() - 1

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label the model may answer with."""
        return self.parts.labels

    def scores(self, texts: Sequence[str], encoder: Encoder | None = None) -> Floats:
        """A score for each label, shape (n_texts, n_labels); the highest is the answer."""
        parts = self.parts
        out = np.zeros((len(texts), len(parts.labels)), dtype=np.float32)
        for start in range(0, len(texts), _AT_ONCE):
            rows, columns, values = grams(texts[start : start + _AT_ONCE], self._bits)
            some = out[start : start + _AT_ONCE]
            if rows.size:
                firsts = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
                some[rows[firsts]] = np.add.reduceat(parts.weights[columns] * values[:, None], firsts, axis=0)
        out = out * parts.scale + parts.offset
        if encoder is not None and parts.head is not None and len(texts):
            vectors = encoder.encode_queries([text[:LONGEST] for text in texts])
            out = out + parts.head.share * parts.head.scores(vectors)
        return np.asarray(out, dtype=np.float32)

    def predict(self, texts: Sequence[str], encoder: Encoder | None = None) -> list[Intent]:
        """The intent of each text, in order. Any string is accepted; one without a word or sign is out of scope.

        Args:
            texts: messages or questions, in any language (trained on zh and en).
            encoder: for the head over vectors, 6 ms a text more; without it n-grams decide alone.
        """
        if not texts:
            return []
        scores = self.scores(texts, encoder)
        odds = np.exp(self.parts.slope * (scores - scores.max(axis=1, keepdims=True)))
        chances = odds / odds.sum(axis=1, keepdims=True)
        results = []
        for text, row, chance in zip(texts, scores, chances, strict=True):
            order = np.argsort(-row, kind="stable")[:4]
            label, sure = self.labels[order[0]], float(chance[order[0]])
            if OUT in self.labels and (row[order[0]] < self.parts.floor or not any(map(str.isalnum, text))):
                label = OUT
            others = tuple((self.labels[i], float(chance[i])) for i in order if self.labels[i] != label)[:3]
            results.append(Intent(label, sure, others, detect(text)))
        return results


def save(path: Path, parts: Parts) -> None:
    """Write a model file: plain arrays and JSON, no pickle; replaced in one step."""
    about = {
        "format": 1, "labels": parts.labels, "slope": parts.slope, "floor": parts.floor, "about": parts.about,
    }  # fmt: skip
    arrays: dict[str, Any] = {"weights": parts.weights, "scale": parts.scale, "offset": parts.offset}
    if parts.head is not None:
        head = parts.head
        about["head"] = {"seed": head.seed, "width": head.width, "share": head.share}
        arrays |= {
            "head.mean": head.mean.astype(np.float16), "head.deviation": head.deviation.astype(np.float16),
            "head.weights": head.weights.astype(np.float16),
        }  # fmt: skip
    arrays["about"] = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8)
    unfinished = path.with_suffix(".part.npz")
    np.savez_compressed(unfinished, **arrays)
    unfinished.replace(path)


def _read(path: Path) -> Parts:
    with np.load(path, allow_pickle=False) as held:
        about = json.loads(held["about"].tobytes())
        head = None
        if "head" in about:
            arrays = [held[f"head.{name}"].astype(np.float32) for name in ("mean", "deviation", "weights")]
            head = Head(arrays[0], arrays[1], arrays[2], **about["head"])
        parts = Parts(
            tuple(about["labels"]), held["weights"], held["scale"], held["offset"],
            about["slope"], about["floor"], head, about["about"],
        )  # fmt: skip
    if parts.weights.dtype != np.int8 or parts.weights.shape[1] != len(parts.labels):
        raise ValueError("weights of the wrong shape")
    return parts


def file_of(purpose: Purpose, tier: Tier = "fast") -> str:
    """The name of the model file of a purpose."""
    return f"intent_{purpose}.npz" if tier == "fast" else f"intent_{purpose}_{tier}.npz"


@cache
def load(purpose: Purpose = "customer", *, models: str = "", tier: Tier = "fast") -> IntentModel:
    """The model of the folder `models` if it holds one, else the shipped one. Cached: 20 ms once.

    Args:
        purpose: whose messages; only those of customers have an accurate tier.
        models: the setting `text.models`.
        tier: `accurate` has a head over the encoder, which `IntentModel.predict` then needs.

    Raises:
        ModelError: the file is missing, cut short or not an intent model.
    """
    own = Path(models) / file_of(purpose, tier)
    shipped = Path(str(resources.files("huaxiang.text").joinpath(f"weights/{file_of(purpose, tier)}")))
    path = own if models and own.is_file() else shipped
    try:
        return IntentModel(_read(path), name=path.stem)
    except Exception as error:  # zipfile, numpy and json each raise their own kinds for a damaged file
        raise ModelError(
            f"cannot read the intent model {path.name!r} ({type(error).__name__})",
            hint="make it again: huaxiang train intent --data ../shared/data",
            code="intent-model",
        ) from error

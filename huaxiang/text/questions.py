"""Which of a hundred kinds of question a staff question is: one linear map over the encoder's vector of it.

Words alone carry this badly (0.39 of sentences held out right, vectors 0.71, `benchmarks/question_kinds.py`): staff have too
many ways to ask the same. The map is made by `training/questions.py`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt

from huaxiang.errors import ModelError
from huaxiang.models.encoder import Encoder

Floats = npt.NDArray[np.float32]
FILE = "questions.npz"
_ARRAYS = ("mean", "deviation", "weights", "offset")


@dataclass(frozen=True, slots=True)
class Kind:
    """The likeliest kind of a question and its probability (0…1) among the kinds that were allowed."""

    label: str
    probability: float


@dataclass(frozen=True)
class QuestionModel:
    """`weights` (n_labels, width) and `offset` (n_labels,) over vectors that are standardised and scaled to length 1.

    Immutable, safe to share between threads. It belongs to the encoder `encoder`: another one's vectors mean nothing to it.
    """

    labels: tuple[str, ...]
    mean: Floats
    deviation: Floats
    weights: Floats
    offset: Floats
    encoder: str

    def scores(self, vectors: Floats) -> Floats:
        """Log-odds of each label, shape (n, n_labels), of vectors (n, width)."""
        return np.asarray(standard(vectors, self.mean, self.deviation) @ self.weights.T + self.offset, dtype=np.float32)

    def predict(self, texts: Sequence[str], encoder: Encoder, *, allowed: Collection[str] | None = None) -> list[Kind]:
        """The kind of each question, in order; 8 ms a question, nearly all of it the encoder's.

        Args:
            texts: questions without the customer's name, zh or en.
            encoder: the one the model was made for.
            allowed: labels that may be answered, all without it.

        Raises:
            ModelError: another encoder's vectors.
        """
        if encoder.name != self.encoder:
            raise ModelError(
                f"the question model was made for {self.encoder!r}, not {encoder.name!r}",
                hint="make it again for this encoder: huaxiang train questions", code="question-encoder",
            )  # fmt: skip
        if not texts:
            return []
        scores = self.scores(np.asarray(encoder.encode_queries(list(texts)), dtype=np.float32))
        if allowed is not None:
            scores = np.where([one in allowed for one in self.labels], scores, -np.inf)
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        best = scores.argmax(axis=1)
        return [Kind(self.labels[place], float(row[place])) for place, row in zip(best, chances, strict=True)]


def standard(vectors: Floats, mean: Floats, deviation: Floats) -> Floats:
    """Vectors with each dimension standardised, then scaled to length 1: what tells e5's vectors apart is small."""
    plain = (vectors - mean) / deviation
    return np.asarray(plain / np.maximum(np.linalg.norm(plain, axis=1, keepdims=True), 1e-6), dtype=np.float32)


def save(path: Path, model: QuestionModel) -> None:
    """Write a model file: plain arrays and JSON, no pickle; replaced in one step."""
    about = json.dumps({"format": 1, "labels": model.labels, "encoder": model.encoder}, ensure_ascii=False)
    unfinished = path.with_suffix(".part.npz")
    np.savez_compressed(
        unfinished, about=np.frombuffer(about.encode(), dtype=np.uint8), mean=model.mean.astype(np.float16),
        deviation=model.deviation.astype(np.float16), weights=model.weights.astype(np.float16), offset=model.offset.astype(np.float16),
    )  # fmt: skip
    unfinished.replace(path)


@cache
def load(*, models: str = "") -> QuestionModel:
    """The model of the folder `models` if it holds one, else the shipped one. Cached.

    Raises:
        ModelError: the file is missing, cut short or not a question model.
    """
    own = Path(models) / FILE
    path = own if models and own.is_file() else Path(str(resources.files("huaxiang.text").joinpath(f"weights/{FILE}")))
    try:
        with np.load(path, allow_pickle=False) as held:
            about = json.loads(held["about"].tobytes())
            mean, deviation, weights, offset = (held[name].astype(np.float32) for name in _ARRAYS)
        if weights.shape != (len(about["labels"]), mean.shape[0]):
            raise ValueError("weights of the wrong shape")
        return QuestionModel(tuple(about["labels"]), mean, deviation, weights, offset, about["encoder"])
    except Exception as error:  # zipfile, numpy and json each raise their own kinds for a damaged file
        raise ModelError(
            f"cannot read the question model {path.name!r} ({type(error).__name__})",
            hint="make it again: huaxiang train questions", code="question-model",
        ) from error  # fmt: skip

"""Fitting an intent model: a linear machine over n-grams, optionally a ridge over Fourier features of the encoder.

Needs scikit-learn. 15,000 texts of 150 intents take about 10 s of one core besides the encoder's work.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from huaxiang.require import require
from huaxiang.text.intent import Floats, Head, Index, IntentModel, Parts, fourier, grams

SIZE, WIDTH, SHARE, RIDGE = 3000, 0.35, 2.0, 3.0
FOLDS = 5
REFUSED = 0.05


def fit(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    vectors: Floats | None = None,
    rows: Index | None = None,
    bits: int = 15,
    cost: float = 0.5,
    passes: int = 1000,
    seed: int = 20,
    groups: Sequence[str] | None = None,
    outside: Sequence[str] = (),
    refused: float = REFUSED,
    about: dict[str, Any] | None = None,
) -> IntentModel:
    """Fit a model; probabilities and the border of "out of scope" come from texts that were held out fold by fold.

    Args:
        texts: what was written.
        labels: what it wants, one a text.
        vectors: the encoder's vectors for a head, (n, 384), or None.
        rows: numbers of the texts that `vectors` are of, all of them without it. The head learns well from half.
        bits: buckets of n-grams, as a power of two.
        cost: of the linear machine.
        passes: of the linear machine over the texts at most. On a fifth of CLINC150's training part 8 are right in 0.951
            as converging is, in four fifths of the time; on a few thousand texts converging is better.
        seed: of the folds and the random directions.
        groups: texts of one group are held out together, "" is a group of its own; each text alone without it.
        outside: labels whose texts are out of scope, not counted when the border is set.
        refused: share of the held-out texts in scope that the border calls out of scope.
        about: for the file.
    """
    kinds = tuple(sorted(set(labels)))
    truth = np.searchsorted(np.array(kinds), np.array(labels))
    matrix = _matrix(texts, bits)
    kept = folds(groups or [""] * len(texts), seed) != 0
    seen = np.arange(len(texts)) if rows is None else rows
    heads = (None, None) if vectors is None else _heads(vectors, truth[seen], kept[seen], len(kinds), seed)
    with ThreadPoolExecutor(2) as pool:  # the linear machine lets go of the interpreter: two cores, two fits
        whole = pool.submit(_fit, matrix, truth, kinds, heads[0], (cost, passes), seed)
        trial = _fit(matrix[kept], truth[kept], kinds, heads[1], (cost, passes), seed)
        parts = whole.result()
    tried = np.flatnonzero(~kept) if vectors is None else seen[~kept[seen]]
    scores = _scores(trial, matrix[tried], None if vectors is None else vectors[~kept[seen]])
    slope, floor = _calibrate(scores, truth[tried], [kinds.index(name) for name in outside], refused)
    made = Parts(
        parts.labels, parts.weights, parts.scale, parts.offset, slope, floor, parts.head, about or {}
    )  # fmt: skip
    return IntentModel(made, name="intent")


def folds(groups: Sequence[str], seed: int) -> npt.NDArray[np.int64]:
    """A fold in 0…4 for each text, the same for all of a group."""
    own = [name or f"\x00{number}" for number, name in enumerate(groups)]
    names, codes = np.unique(np.array(own), return_inverse=True)
    return np.asarray(np.random.default_rng(seed).permutation(len(names))[codes] % FOLDS, dtype=np.int64)


def _matrix(texts: Sequence[str], bits: int) -> Any:
    sparse = require("scipy.sparse", extra="train")
    rows, columns, values = grams(texts, bits)
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(texts), 1 << bits))


def _heads(
    vectors: Floats, truth: npt.NDArray[Any], kept: npt.NDArray[np.bool_], labels: int, seed: int
) -> tuple[Head, Head]:
    """The head over all vectors and the one without those that are held out, from one set of features.

    What the held-out ones added to the ridge's sums is taken away again, which is a fifth of the work of a second fit.
    """
    mean, deviation = vectors.mean(axis=0), vectors.std(axis=0) + 1e-6
    size = min(SIZE, int(kept.sum()))
    found = fourier(vectors, mean, deviation, size, seed, WIDTH)
    wanted = -np.ones((len(vectors), labels), np.float32)
    wanted[np.arange(len(vectors)), truth] = 1
    inner, outer = found.T @ found + RIDGE * np.eye(size, dtype=np.float32), found.T @ wanted
    left = found[~kept]
    made = []
    for a, b in ((inner, outer), (inner - left.T @ left, outer - left.T @ wanted[~kept])):
        made.append(Head(mean, deviation, np.linalg.solve(a, b).astype(np.float32), seed, WIDTH, SHARE))
    return made[0], made[1]


def _fit(
    matrix: Any,
    truth: npt.NDArray[Any],
    kinds: tuple[str, ...],
    head: Head | None,
    machine_of: tuple[float, int],
    seed: int,
) -> Parts:
    cost, passes = machine_of
    machine = require("sklearn.svm", extra="train").LinearSVC(C=cost, tol=1e-2, random_state=seed, max_iter=passes)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Liblinear failed to converge")  # meant: see `passes` of `fit`
        machine.fit(matrix, truth)
    weights, offset = np.asarray(machine.coef_, np.float32).T, np.asarray(machine.intercept_, np.float32)
    if len(kinds) == 2:
        weights, offset = np.concatenate([-weights, weights], axis=1), np.concatenate([-offset, offset])
    scale = np.maximum(np.abs(weights).max(axis=0) / 127, 1e-9).astype(np.float32)
    return Parts(kinds, np.rint(weights / scale).astype(np.int8), scale, offset, 1.0, -np.inf, head)


def _scores(parts: Parts, matrix: Any, vectors: Floats | None) -> Floats:
    scores = np.asarray(matrix @ parts.weights.astype(np.float32)) * parts.scale + parts.offset
    if vectors is not None and parts.head is not None:
        scores = scores + parts.head.share * parts.head.scores(vectors)
    return np.asarray(scores, np.float32)


def _calibrate(scores: Floats, truth: npt.NDArray[Any], outside: Sequence[int], refused: float) -> tuple[float, float]:
    """The slope at which the scores' softmax explains the labels best, and the score that 1 in 20 texts misses."""
    slopes = np.geomspace(0.5, 30, 40)
    losses = []
    for slope in slopes:
        shifted = slope * (scores - scores.max(axis=1, keepdims=True))
        chances = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        losses.append(-chances[np.arange(len(truth)), truth].mean())
    inside = ~np.isin(truth, list(outside))
    return float(slopes[int(np.argmin(losses))]), float(np.quantile(scores[inside].max(axis=1), refused))

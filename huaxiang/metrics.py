"""Figures that training and evaluation share, so that both mean the same: numpy only, no model, no data.

Rows are texts. `right` is bool (n,), one for each; probabilities are those of what was said (0.5…1 for two classes).
Every function raises ValueError for no rows or for arrays of different lengths: a figure over nothing is no figure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Classes = npt.NDArray[Any] | Sequence[Any]

ROUNDS = 1000
SEED = 20


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.4f} [{self.low:.4f}, {self.high:.4f}]"


def accuracy(said: Classes, truth: Classes) -> float:
    """Share of rows said as they are."""
    one, other = _same(said, truth)
    return float(np.mean(one == other))


def recalls(said: Classes, truth: Classes) -> dict[Any, float]:
    """For each class in `truth` the share of its rows that were said as it, by class in sorted order."""
    one, other = _same(said, truth)
    return {kind.item(): float(np.mean(one[other == kind] == kind)) for kind in np.unique(other)}


def balanced_accuracy(said: Classes, truth: Classes) -> float:
    """Mean of the recalls: 0.5 for a constant answer to two classes, however unequal they are."""
    return float(np.mean(list(recalls(said, truth).values())))


def f1(said: Classes, truth: Classes, *, positive: Any = None) -> float:
    """F1 of the class `positive`, or the mean of all classes' (macro) where none is named.

    A class that is neither said nor there counts 0.
    """
    one, other = _same(said, truth)
    kinds = [positive] if positive is not None else np.unique(np.concatenate((one, other))).tolist()
    return float(np.mean([_f1(one == kind, other == kind) for kind in kinds]))


def _f1(said: Bools, truth: Bools) -> float:
    both = float(np.sum(said & truth))
    total = float(said.sum() + truth.sum())
    return 2 * both / total if total else 0.0


def calibration_error(sure: npt.ArrayLike, right: npt.ArrayLike, *, bins: int = 15, floor: float = 0.5) -> float:
    """Expected calibration error: mean gap between probability and accuracy over equal bins, weighed by their rows.

    Args:
        sure: the probability given to what was said, shape (n,), in `floor`…1.
        right: whether it was so, shape (n,).
        bins: how many equal bins between `floor` and 1.
        floor: the least probability there can be (0.5 for two classes, 0 for many).

    Source:
        Guo et al. (2017), "On calibration of modern neural networks".
    """
    chance, hit = _same(np.asarray(sure, np.float64), np.asarray(right, np.bool_))
    where = np.clip(((chance - floor) / (1 - floor) * bins).astype(int), 0, bins - 1)
    gaps = [abs(hit[where == b].mean() - chance[where == b].mean()) * np.mean(where == b) for b in np.unique(where)]
    return float(np.sum(gaps))


def accuracy_of_surest(sure: npt.ArrayLike, right: npt.ArrayLike, *, share: float = 0.85) -> float:
    """Accuracy over the `share` of rows with the highest probability (ties in the order given)."""
    chance, hit = _same(np.asarray(sure, np.float64), np.asarray(right, np.bool_))
    chosen = np.argsort(-chance, kind="stable")[: max(1, int(share * chance.size))]
    return float(hit[chosen].mean())


def bootstrap(
    figure: Callable[[npt.NDArray[np.int64]], float],
    n_rows: int,
    *,
    groups: Classes | None = None,
    rounds: int = ROUNDS,
    seed: int = SEED,
) -> Interval:
    """A figure and its 95 % percentile interval over rows drawn anew.

    Args:
        figure: the figure of the rows whose numbers it is given (with repeats).
        n_rows: how many rows there are.
        groups: draw within these (for a balanced figure: within classes), one a row.
        rounds: how many draws.
        seed: of the draws.
    """
    if n_rows < 1:
        raise ValueError("no rows to compute a figure of")
    rng = np.random.default_rng(seed)
    rows = np.arange(n_rows)
    kinds = [rows] if groups is None else [rows[np.asarray(groups) == kind] for kind in np.unique(np.asarray(groups))]
    draws = [
        figure(np.concatenate([kind[rng.integers(0, kind.size, kind.size)] for kind in kinds])) for _ in range(rounds)
    ]
    low, high = np.quantile(draws, (0.025, 0.975))
    return Interval(float(figure(rows)), float(low), float(high))


def accuracy_interval(said: Classes, truth: Classes, **options: Any) -> Interval:
    """`accuracy` with its interval; options are those of `bootstrap`."""
    one, other = _same(said, truth)
    right = one == other
    return bootstrap(lambda rows: float(right[rows].mean()), right.size, **options)


def balanced_interval(said: Classes, truth: Classes, **options: Any) -> Interval:
    """`balanced_accuracy` with its interval, drawn within classes."""
    one, other = _same(said, truth)
    right = one == other
    kinds, code = np.unique(other, return_inverse=True)
    size = np.bincount(code, minlength=kinds.size)

    def figure(rows: npt.NDArray[np.int64]) -> float:
        return float(np.mean(np.bincount(code[rows], right[rows], minlength=kinds.size) / size))

    return bootstrap(figure, right.size, groups=code, **options)


def paired_difference(right: npt.ArrayLike, other_right: npt.ArrayLike, **options: Any) -> Interval:
    """Accuracy of one model less that of another on the same rows, with its interval."""
    one, other = _same(np.asarray(right, np.float64), np.asarray(other_right, np.float64))
    gain = one - other
    return bootstrap(lambda rows: float(gain[rows].mean()), gain.size, **options)


def _same(one: Any, other: Any) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    first, second = np.asarray(one), np.asarray(other)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"shapes {first.shape} and {second.shape}: both must be (n,) and alike")
    if not first.size:
        raise ValueError("no rows to compute a figure of")
    return first, second

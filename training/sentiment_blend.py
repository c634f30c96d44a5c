"""Weigh the fine-tuned encoder and the n-grams together, and calibrate: the last step of the accurate tier.

Both scores must come from texts that neither was trained on. Chinese: the reviews that `training.sentiment` keeps for
its curve. English: five folds, the n-grams refitted in each and the encoder too where it has seen such reviews; each
fold's figures come from a blend of the others. The encoder is the merged int8 graph as it ships, not the torch model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from huaxiang import metrics
from huaxiang.text.sentiment import Floats
from huaxiang.text.sentiment_accurate import Blend
from training.sentiment_data import GOOD, NEITHER, Example

Labels = npt.NDArray[np.int64]
MOST_LAPSE = 0.3


@dataclass(frozen=True, slots=True)
class Scored:
    """Texts with both scores: encoder (n,), n-gram log-odds (n,), labels (n,), and the fold of each (n,)."""

    encoder: Floats
    ngrams: Floats
    labels: Labels
    fold_of: Labels

    def __getitem__(self, rows: Any) -> Scored:
        return Scored(self.encoder[rows], self.ngrams[rows], self.labels[rows], self.fold_of[rows])


def fit(scored: Scored, *, balanced: bool, ngrams: bool = True, band: float = 0.3) -> Blend:
    """Maximum likelihood of weights, offset and lapse over the texts that have an opinion; weights are never negative.

    Args:
        scored: held-out texts; neutral ones are not used here.
        balanced: weigh both classes alike.
        ngrams: whether the n-grams take part.
        band: |polarity| under which a text is neutral.
    """
    from scipy.optimize import minimize

    judged = scored[scored.labels != NEITHER]
    good = judged.labels == GOOD
    worth = np.where(good, 0.5 / good.mean(), 0.5 / (1 - good.mean())) if balanced else np.ones(good.size)
    size = np.array([np.std(judged.encoder) or 1.0, np.std(judged.ngrams) or 1.0])

    def blend(at: Floats) -> Blend:
        return Blend(
            encoder=float(abs(at[0]) / size[0]),
            ngrams=float(abs(at[1]) / size[1]) if ngrams else 0.0,
            offset=float(at[2]),
            lapse=float(min(abs(at[3]), MOST_LAPSE)),
            band=band,
        )

    def surprise(at: Floats) -> float:
        seen = chance(blend(at), judged)
        return float(-np.mean(worth * np.log(np.clip(np.where(good, seen, 1 - seen), 1e-9, 1.0))))

    begin = np.array([2.0, 1.0 if ngrams else 0.0, 0.0, 0.02])
    best = minimize(surprise, begin, method="Nelder-Mead", options={"maxiter": 4000, "xatol": 1e-4, "fatol": 1e-7}).x
    return blend(best)


def chance(blend: Blend, scored: Scored) -> Floats:
    """P(good), shape (n,)."""
    odds = np.clip(blend.log_odds(scored.encoder, scored.ngrams), -50, 50)
    return np.asarray(blend.lapse / 2 + (1 - blend.lapse) / (1 + np.exp(-odds)))


def nested(scored: Scored, *, ngrams: bool = True) -> Floats:
    """P(good) where each fold is blended by the other folds only, classes balanced."""
    out = np.zeros(scored.labels.size)
    for number in np.unique(scored.fold_of):
        here = scored.fold_of == number
        out[here] = chance(fit(scored[~here], balanced=True, ngrams=ngrams), scored[here])
    return out


def figures(chances: Floats, labels: Labels, *, prefix: str) -> dict[str, float]:
    """Accuracy, balanced accuracy, calibration error and accuracy of the 85 % surest, over texts with an opinion."""
    judged = labels != NEITHER
    truth, said = labels[judged] == GOOD, chances[judged] > 0.5
    sure = np.maximum(chances[judged], 1 - chances[judged])
    values = {
        "accuracy": metrics.accuracy(said, truth),
        "balanced_accuracy": metrics.balanced_accuracy(said, truth),
        "ece": metrics.calibration_error(sure, said == truth),
        "accuracy_of_surest_85": metrics.accuracy_of_surest(sure, said == truth),
    }
    return {f"{prefix}_{name}": round(value, 4) for name, value in values.items()}


def labels_of(examples: Sequence[Example]) -> Labels:
    """Labels as an array (GOOD, BAD, NEITHER)."""
    return np.array([example.label for example in examples], np.int64)

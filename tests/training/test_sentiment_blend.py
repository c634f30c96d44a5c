"""The blend on scores made with known weights."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy", reason="training needs scipy: pip install -e '.[train]'")

from huaxiang.text.sentiment_accurate import Blend
from training import sentiment_blend as blends
from training.sentiment_blend import Scored
from training.sentiment_data import BAD, GOOD, NEITHER


def scored(n: int = 20_000, *, lapse: float = 0.06) -> Scored:
    rng = np.random.default_rng(1)
    encoder, ngrams = rng.normal(0, 2, n), rng.normal(0, 3, n)
    true = Blend(1.2, 0.4, -0.3, lapse, 0.3)
    labels = np.where(
        rng.random(n) < blends.chance(true, Scored(encoder, ngrams, np.zeros(n, int), np.zeros(n, int))), GOOD, BAD
    )
    return Scored(encoder, ngrams, labels.astype(np.int64), np.arange(n) % 5)


def test_the_fit_finds_the_weights_behind_the_labels() -> None:
    found = blends.fit(scored(), balanced=False)
    assert found.encoder == pytest.approx(1.2, abs=0.12)
    assert found.ngrams == pytest.approx(0.4, abs=0.05)
    assert found.offset == pytest.approx(-0.3, abs=0.1)
    assert found.lapse == pytest.approx(0.06, abs=0.02)


def test_a_useless_score_gets_no_weight_and_can_be_left_out() -> None:
    made = scored(5000)
    noise = Scored(made.encoder, np.random.default_rng(2).normal(size=5000), made.labels, made.fold_of)
    assert blends.fit(noise, balanced=False).ngrams < 0.1
    assert blends.fit(made, balanced=False, ngrams=False).ngrams == 0.0


def test_neutral_texts_do_not_move_the_fit() -> None:
    made = scored(4000)
    more = Scored(*(np.concatenate([a, b]) for a, b in (
        (made.encoder, np.full(500, 5.0)), (made.ngrams, np.full(500, -5.0)),
        (made.labels, np.full(500, NEITHER)), (made.fold_of, np.zeros(500, np.int64)),
    )))  # fmt: skip
    assert blends.fit(more, balanced=False) == blends.fit(made, balanced=False)


def test_folds_are_blended_by_the_others() -> None:
    made = scored(4000)
    chances = blends.nested(made)
    here = made.fold_of == 2
    assert np.array_equal(chances[here], blends.chance(blends.fit(made[~here], balanced=True), made[here]))
    told = blends.figures(chances, made.labels, prefix="folds")
    assert 0.8 < told["folds_accuracy"] < 1.0
    assert told["folds_ece"] < 0.04

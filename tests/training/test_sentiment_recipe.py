"""The recipe on a handful of texts, and its split on the real ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn: pip install -e '.[train]'")

from training import neutral, opinions
from training import sentiment as recipe
from training import sentiment_data as sets
from training.sentiment_data import BAD, GOOD, NEITHER, Example

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def examples() -> list[Example]:
    made = [Example(text, int(good), text, "clauses") for text, good in opinions.sentences("zh")]
    return made + [Example(text, NEITHER, text, "neutral") for text in neutral.sentences("zh")[:200]]


def small_plan() -> recipe.Plan:
    plan = recipe.PLANS["zh"]
    return replace(plan, recipe=replace(plan.recipe, bits=14, chars=(1, 2)))


def test_a_fitted_line_tells_good_from_bad_and_keeps_the_middle() -> None:
    plan = small_plan()
    line = recipe.fit(examples(), plan, frozenset({"clauses"}))
    good, bad, middle = recipe.scores(line, ["质量很好", "质量太差了", "昨天买的台灯"], plan.recipe)
    assert bad < middle < good


def test_two_fits_give_the_same_weights() -> None:
    plan = small_plan()
    first, second = (recipe.quantise(recipe.fit(examples(), plan, frozenset({"clauses"})))[0] for _ in range(2))
    assert np.array_equal(first, second)


def test_the_curve_finds_the_chance_behind_the_scores() -> None:
    rng = np.random.default_rng(1)
    raw = rng.normal(0, 2, 20_000)
    labels = (rng.random(20_000) < recipe.Curve(1.5, -0.5, 0.1).chance(raw)).astype(np.int64)
    curve = recipe.calibrate(raw, labels, balanced=False)
    assert curve.slope == pytest.approx(1.5, abs=0.15)
    assert curve.offset == pytest.approx(-0.5, abs=0.12)
    assert curve.lapse == pytest.approx(0.1, abs=0.03)


def test_a_split_shares_no_text_and_keeps_the_strata() -> None:
    rows = [Example(str(i), i % 2, f"{i * 7919 % 1000:04d}", "a" if i < 500 else "b") for i in range(1000)]
    train, test = sets.split(rows, test=0.1)
    assert not {row.group for row in train} & {row.group for row in test}
    assert {(s, y): sum(row.source == s and row.label == y for row in test) for s in "ab" for y in (GOOD, BAD)} == {
        ("a", 0): 25, ("a", 1): 25, ("b", 0): 25, ("b", 1): 25,
    }  # fmt: skip


@pytest.mark.skipif(not DATA.exists(), reason="../shared/data is absent")
def test_the_sets_are_read_without_doubles() -> None:
    for rows in (sets.amazon(DATA), sets.shopping(DATA)):
        assert len({row.group for row in rows}) == len(rows) > 10_000

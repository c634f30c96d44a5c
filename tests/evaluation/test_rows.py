"""Figures over rows: intervals, repeats, groups, and comparison of two runs."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation import rows
from evaluation.rows import Row


def row(case: str, right: float | None, attempt: int = 0, **more: str) -> Row:
    return Row(case, more.get("category", "x"), more.get("language", "en"), {"right": right}, {"seconds": 2.0}, attempt)


def test_a_mean_lies_inside_its_interval_and_none_does_not_count() -> None:
    found = rows.figures([row("a", 1.0), row("b", 0.0), row("c", 1.0), row("d", None)])["right"]
    assert found.cases == 3
    assert found.value == pytest.approx(2 / 3)
    assert found.low < found.value < found.high


def test_all_right_does_not_mean_surely_right() -> None:
    found = rows.figures([row(str(n), 1.0) for n in range(20)])["right"]
    assert (found.low, found.high) == (pytest.approx(0.839, abs=0.001), 1.0)


def test_repeats_do_not_narrow_the_interval() -> None:
    once = [row("a", 1.0), row("b", 0.0), row("c", 1.0)]
    thrice = [row(one.id, one.values["right"], attempt) for one in once for attempt in range(3)]
    assert rows.figures(thrice)["right"] == rows.figures(once)["right"]


def test_cases_whose_repeats_disagree_are_named() -> None:
    assert rows.unsteady([row("a", 1.0), row("a", 0.0, 1), row("b", 1.0), row("b", 1.0, 1)], "right") == ["a"]


def test_costs_become_percentiles() -> None:
    found = rows.figures([Row(str(n), "x", "en", {}, {"seconds": float(n)}) for n in range(101)])
    assert (found["seconds_p50"].value, found["seconds_p95"].value) == (50.0, 95.0)


def test_groups_hold_only_their_own_rows() -> None:
    parts = rows.groups([row("a", 1.0, language="zh"), row("b", 0.0, language="en")], lambda one: one.language)
    assert {name: part["right"].value for name, part in parts.items()} == {"en": 0.0, "zh": 1.0}


@pytest.mark.parametrize(("better", "worse", "p"), [(0, 0, 1.0), (5, 5, 1.0), (6, 0, 0.03125), (0, 10, 0.001953125)])
def test_the_sign_test_is_exact(better: int, worse: int, p: float) -> None:
    assert rows.sign_test(better, worse) == pytest.approx(p)


def test_a_paired_difference_without_spread_is_certain() -> None:
    found = rows.difference(np.zeros(8), np.ones(8))
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)

"""Figures against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from huaxiang import metrics


def test_accuracy_is_the_share_of_equal_rows() -> None:
    assert metrics.accuracy(["a", "b", "b", "b"], ["a", "b", "a", "a"]) == 0.5


def test_a_constant_answer_is_accurate_but_not_balanced() -> None:
    said, truth = [1] * 10, [1] * 9 + [0]
    assert metrics.accuracy(said, truth) == 0.9
    assert metrics.balanced_accuracy(said, truth) == 0.5
    assert metrics.recalls(said, truth) == {0: 0.0, 1: 1.0}


def test_f1_of_one_class_and_the_mean_of_all() -> None:
    said, truth = [1, 1, 0, 0], [1, 0, 1, 0]
    assert metrics.f1(said, truth, positive=1) == 0.5
    assert metrics.f1([1, 1, 1, 0], [1, 1, 0, 0], positive=1) == pytest.approx(0.8)
    assert metrics.f1([1, 1, 1, 0], [1, 1, 0, 0]) == pytest.approx((0.8 + 2 / 3) / 2)


def test_a_class_that_is_never_said_has_f1_zero() -> None:
    assert metrics.f1([0, 0], [0, 0], positive=1) == 0.0


def test_calibration_error_is_the_gap_between_probability_and_accuracy() -> None:
    sure = np.full(10, 0.9)
    right = np.array([True] * 9 + [False])
    assert metrics.calibration_error(sure, right) == pytest.approx(0.0)
    assert metrics.calibration_error(sure, ~right) == pytest.approx(0.8)


def test_calibration_bins_are_weighed_by_their_rows() -> None:
    sure = np.array([0.95] * 3 + [0.55])
    right = np.array([True, True, True, False])
    assert metrics.calibration_error(sure, right) == pytest.approx(0.75 * 0.05 + 0.25 * 0.55)


def test_the_surest_rows_are_judged_alone() -> None:
    assert metrics.accuracy_of_surest([0.9, 0.8, 0.7, 0.6], [True, True, False, False], share=0.5) == 1.0


def test_an_interval_holds_the_figure_and_shrinks_with_rows() -> None:
    few = metrics.accuracy_interval([1, 0] * 10, [1, 1] * 10)
    many = metrics.accuracy_interval([1, 0] * 1000, [1, 1] * 1000)
    assert few.value == many.value == 0.5
    assert few.low < 0.5 < few.high
    assert many.high - many.low < (few.high - few.low) / 5


def test_a_balanced_interval_draws_within_classes() -> None:
    found = metrics.balanced_interval([1] * 90 + [1] * 10, [1] * 90 + [0] * 10)
    assert (found.value, found.low, found.high) == (0.5, 0.5, 0.5)


def test_a_difference_is_taken_row_by_row() -> None:
    found = metrics.paired_difference([1, 1, 1, 0], [1, 1, 0, 0])
    assert found.value == 0.25
    assert found.low >= 0.0


@pytest.mark.parametrize("figure", [metrics.accuracy, metrics.balanced_accuracy, metrics.f1])
def test_a_figure_over_nothing_is_refused(figure: object) -> None:
    assert callable(figure)
    with pytest.raises(ValueError, match="no rows"):
        figure([], [])
    with pytest.raises(ValueError, match="alike"):
        figure([1], [1, 2])

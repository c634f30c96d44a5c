"""What surrounds the model: pairs, tags, quadruples."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huaxiang.text.dialogue_decode import KINDS, LINKS, TAGS, candidates, quadruples, spans_of_tags, tags_of_spans
from huaxiang.text.dialogue_pairs import FEATURES, Layout, pair_features

LAYOUT = Layout(np.array([0, 0, 0, 1, 1, 2]), np.array([0, 1, 0, 0, 0, 0], np.float32), (-1, 0, 1), (0, 1, 0))


def test_pairs_of_no_spans_have_no_features() -> None:
    assert pair_features([], [(0, 1)], LAYOUT).shape == (0, 1, FEATURES)


def test_features_know_turns_speakers_and_replies() -> None:
    same, next_turn, own_later = pair_features([(0, 1)], [(2, 3), (3, 4), (5, 6)], LAYOUT)[0]
    assert same[:7].argmax() == 3
    assert next_turn[:7].argmax() == 4
    assert own_later[:7].argmax() == 5
    speaker, answers = 27, 29
    assert (same[speaker], next_turn[speaker], own_later[speaker]) == (1, 0, 1)
    assert (same[answers], next_turn[answers], own_later[answers]) == (0, 1, 0)


def test_distance_between_turns_is_not_taken_for_distance_in_a_turn() -> None:
    near = slice(7, 19)
    in_turn, across = pair_features([(0, 1)], [(2, 3), (3, 4)], LAYOUT)[0]
    assert in_turn[near].sum() == 1
    assert across[near].sum() == 0


def test_a_mark_between_counts() -> None:
    passed = pair_features([(0, 1)], [(2, 3), (1, 2)], LAYOUT)[0][:, -4:-1]
    assert passed.tolist() == [[0, 1, 0], [1, 0, 0]]


@given(st.integers(0, 40), st.integers(0, 2**31))
def test_spans_begin_before_they_go_on_and_stay_in_one_turn(n_units: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    turn = np.sort(rng.integers(0, 3, n_units))
    found = spans_of_tags(rng.normal(size=(n_units, TAGS)), turn)
    spans = sorted(span for kind in KINDS for span in found[kind])
    assert all(0 <= start < end <= n_units and turn[start] == turn[end - 1] for start, end in spans)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(spans))


def test_tags_and_spans_are_each_others_inverse() -> None:
    spans = {"target": [(0, 2)], "aspect": [(2, 3)], "opinion": [(4, 6)]}
    tags = tags_of_spans(spans, 7)
    assert tags.tolist() == [1, 2, 3, 0, 5, 6, 0]
    assert spans_of_tags(np.eye(TAGS)[tags] * 9.0, np.zeros(7, np.int64)) == spans


def test_two_spans_of_one_kind_may_touch() -> None:
    tags = np.array([1, 1, 2])
    assert spans_of_tags(np.eye(TAGS)[tags] * 9.0, np.zeros(3, np.int64))["target"] == [(0, 1), (1, 3)]


def linked(*chances: float) -> dict[str, np.ndarray]:
    ta, ao, to = chances
    return {
        "target_aspect": np.array([[[1 - ta, ta]]]),
        "aspect_opinion": np.array([[[1 - ao, ao]]]),
        "target_opinion": np.array([[[1 - to, 0.0, 0.0, to]]]),
    }


SPANS = {"target": [(0, 1), (1, 2)], "aspect": [(2, 3), (4, 5)], "opinion": [(6, 7), (8, 9)]}
SURE = {kind: np.ones(2) for kind in KINDS}


def test_a_quadruple_needs_all_three_links() -> None:
    assert [row[:4] for row in made(linked(0.9, 0.9, 0.9), 0.5)] == [(0, 0, 0, 2)]
    assert made(linked(0.9, 0.0, 0.9), 0.5) == []


def made(scores: dict[str, np.ndarray], threshold: float, **others: Any) -> list[Any]:
    """Quadruples of as many of `SPANS` as the scores are for."""
    sizes = dict(zip(KINDS, (scores["target_aspect"].shape[0], *scores["aspect_opinion"].shape[:2]), strict=True))
    spans = {kind: others.get("spans", SPANS)[kind][:size] for kind, size in sizes.items()}
    chances = {kind: others.get("chances", SURE)[kind][:size] for kind, size in sizes.items()}
    return quadruples(scores, spans, chances, threshold=threshold)


def test_of_two_cuts_of_one_opinion_the_likelier_stays() -> None:
    scores = linked(0.9, 0.9, 0.9)
    scores |= {name: scores[name].repeat(2, axis=1) for name in ("aspect_opinion", "target_opinion")}
    cuts = SPANS | {"opinion": [(6, 8), (6, 9)]}
    for likelier, chances in enumerate(([0.6, 0.2], [0.2, 0.6])):
        found = made(scores, 0.1, spans=cuts, chances=SURE | {"opinion": np.array(chances)})
        assert [row[2] for row in found] == [likelier]


def test_no_words_are_two_parts_of_one_quadruple() -> None:
    assert made(linked(0.9, 0.9, 0.9), 0.1, spans=SPANS | {"opinion": [(2, 4)]}) == []


def test_spans_that_may_be_meant_hold_every_cut_above_the_bar_and_stay_in_their_clause() -> None:
    chances = np.full((5, TAGS), 1e-3)
    chances[0, 5], chances[1, 6], chances[2, 6] = 0.8, 0.5, 0.9  # an opinion begins, and perhaps goes on
    stops = np.array([False, False, False, True, False])
    log_odds = np.log(chances)
    spans, sure = candidates(log_odds, np.zeros(5, np.int64), stops)
    assert spans == {"target": [], "aspect": [], "opinion": [(0, 1), (0, 3)]}
    assert sure["opinion"] == pytest.approx([0.8 * 0.5, 0.8 * 0.5 * 0.9])
    spans, _ = candidates(log_odds, np.array([0, 0, 1, 1, 1]), stops)
    assert spans["opinion"] == [(0, 1), (0, 2)]


@pytest.mark.parametrize("empty", list(LINKS))
def test_without_one_kind_there_is_no_quadruple(empty: str) -> None:
    scores = linked(0.9, 0.9, 0.9)
    scores[empty] = scores[empty][:0]
    assert made(scores, 0.1) == []


def test_an_opinion_keeps_its_best_aspect_for_every_target() -> None:
    scores = {
        "target_aspect": np.array([[[0.1, 0.9], [0.1, 0.9]], [[0.1, 0.9], [0.1, 0.9]]]),
        "aspect_opinion": np.array([[[0.3, 0.7]], [[0.1, 0.9]]]),
        "target_opinion": np.array([[[0.1, 0.9, 0.0, 0.0]], [[0.1, 0.0, 0.0, 0.9]]]),
    }
    found = {row[:4] for row in made(scores, 0.5)}
    assert found == {(0, 1, 0, 0), (1, 1, 0, 2)}

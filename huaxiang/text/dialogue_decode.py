"""From scores to spans and from linked spans to opinions: the part of the aspect model that is not learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from huaxiang.text.aspects_units import Span

__all__ = ["KINDS", "LINKS", "TAGS", "Scores", "quadruples", "spans_of_tags", "tags_of_spans"]

KINDS = ("target", "aspect", "opinion")
TAGS = 1 + 2 * len(KINDS)
"""0 is outside; 1 + 2 k begins kind k, 2 + 2 k goes on with it."""

LINKS = {
    "target_aspect": ("target", "aspect", 2),
    "aspect_opinion": ("aspect", "opinion", 2),
    "target_opinion": ("target", "opinion", 4),
}
"""Pairs that are scored: (left kind, right kind, classes). Class 0 is no link; of target_opinion 1-3 are the polarities."""

Floats = npt.NDArray[Any]
Scores = Mapping[str, Floats]
Quadruple = tuple[int, int, int, int, float]


def tags_of_spans(spans: Mapping[str, Sequence[Span]], n_units: int) -> npt.NDArray[np.int64]:
    """Tags (n_units,) of known spans; where two overlap the later kind wins."""
    tags = np.zeros(n_units, np.int64)
    for number, kind in enumerate(KINDS):
        for start, end in spans.get(kind, ()):
            tags[start:end] = 2 + 2 * number
            tags[start] = 1 + 2 * number
    return tags


def spans_of_tags(log_odds: Floats, utterance: npt.NDArray[np.int64]) -> dict[str, list[Span]]:
    """The best spans under the rules that a span begins before it goes on and stays in one utterance (Viterbi).

    Args:
        log_odds: scores of the tags, shape (n_units, `TAGS`), any scale that adds up (log-probabilities, logits).
        utterance: number of each unit's utterance, shape (n_units,).
    """
    found: dict[str, list[Span]] = {kind: [] for kind in KINDS}
    if not len(log_odds):
        return found
    allowed = np.zeros((TAGS, TAGS))
    for inside in range(2, TAGS, 2):
        allowed[:, inside] = -np.inf
        allowed[[inside - 1, inside], inside] = 0.0
    fresh = allowed.copy()
    fresh[:, 2::2] = -np.inf
    score = log_odds[0].astype(np.float64).copy()
    score[2::2] = -np.inf
    back = np.zeros((len(log_odds), TAGS), np.int64)
    for at in range(1, len(log_odds)):
        steps = score[:, None] + (allowed if utterance[at] == utterance[at - 1] else fresh)
        back[at] = steps.argmax(axis=0)
        score = steps.max(axis=0) + log_odds[at]
    tags = [int(score.argmax())]
    for at in range(len(log_odds) - 1, 0, -1):
        tags.append(int(back[at, tags[-1]]))
    return _collect(tags[::-1], found)


def _collect(tags: Sequence[int], found: dict[str, list[Span]]) -> dict[str, list[Span]]:
    at = 0
    while at < len(tags):
        if tags[at] == 0:
            at += 1
            continue
        kind, start = KINDS[(tags[at] - 1) // 2], at
        inside = tags[at] + 1 if tags[at] % 2 else tags[at]
        at += 1
        while at < len(tags) and tags[at] == inside:
            at += 1
        found[kind].append((start, at))
    return found


def quadruples(scores: Scores, *, threshold: float) -> list[Quadruple]:
    """(target, aspect, opinion, polarity 0-2, chance) by number, best first.

    A triple's chance is the geometric mean of its three links' probabilities. An opinion keeps only its best aspect
    (though any number of targets): people judge one thing at a time.

    Args:
        scores: probabilities a pair of `LINKS`: (n_left, n_right, classes).
        threshold: least chance, 0…1.
    """
    ta, ao, to = (scores[name] for name in LINKS)
    if not (ta.size and ao.size and to.size):
        return []
    linked = 1.0 - to[..., 0]
    chance = np.cbrt((1 - ta[..., 0])[:, :, None] * (1 - ao[..., 0])[None, :, :] * linked[:, None, :])
    polarity = to[..., 1:].argmax(axis=-1)
    kept = np.argwhere(chance >= threshold)
    rows = [(int(t), int(a), int(o), int(polarity[t, o]), float(chance[t, a, o])) for t, a, o in kept]
    rows.sort(key=lambda row: -row[4])
    aspect_of: dict[int, int] = {}
    return [row for row in rows if aspect_of.setdefault(row[2], row[1]) == row[1]]

"""From scores to spans and from linked spans to opinions: the part of the aspect model that is not learned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from huaxiang.text.aspects_units import Span

__all__ = ["KINDS", "LINKS", "TAGS", "Scores", "candidates", "quadruples", "spans_of_tags", "tags_of_spans"]

KINDS = ("target", "aspect", "opinion")
TAGS = 1 + 2 * len(KINDS)
"""0 is outside; 1 + 2 k begins kind k, 2 + 2 k goes on with it."""

LINKS = {
    "target_aspect": ("target", "aspect", 2),
    "aspect_opinion": ("aspect", "opinion", 2),
    "target_opinion": ("target", "opinion", 4),
}
"""Pairs that are scored: (left kind, right kind, classes). Class 0 is no link; of target_opinion 1-3 are the polarities."""

BARS = {"target": 0.2, "aspect": 0.06, "opinion": 0.06}
"""Least chances of spans that are looked at; chosen, like the weight, on 80 training dialogues held out."""

SPAN_WEIGHT = 0.2
MOST, LONGEST = 40, 12  # spans a kind, units a span

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


def candidates(
    log_odds: Floats, utterance: npt.NDArray[np.int64], stops: npt.NDArray[np.bool_], bars: Mapping[str, float] = BARS
) -> tuple[dict[str, list[Span]], dict[str, Floats]]:
    """Spans that may be meant, overlapping ones among them, and how likely each is; in order of the text.

    The best reading of the tags finds less than half of the opinions exactly; which of two cuts is meant is seen
    better once both have been linked.

    Args:
        log_odds: log-probabilities of the tags, shape (n_units, `TAGS`).
        utterance: number of each unit's utterance, shape (n_units,).
        stops: units that no span goes over, shape (n_units,).
        bars: least chance by kind.
    """
    spans: dict[str, list[Span]] = {}
    chances: dict[str, Floats] = {}
    chance = np.exp(np.asarray(log_odds, np.float64))
    for number, kind in enumerate(KINDS):
        begins, goes_on = chance[:, 1 + 2 * number], chance[:, 2 + 2 * number]
        found: list[tuple[Span, float]] = []
        for start in np.flatnonzero((begins >= bars[kind]) & ~stops):
            found += _ends(int(start), float(begins[start]), goes_on, utterance, stops, bars[kind])
        best = sorted(sorted(found, key=lambda one: -one[1])[:MOST])
        spans[kind] = [span for span, _ in best]
        chances[kind] = np.asarray([value for _, value in best], np.float64)
    return spans, chances


def _ends(
    start: int,
    chance: float,
    goes_on: Floats,
    utterance: npt.NDArray[np.int64],
    stops: npt.NDArray[np.bool_],
    bar: float,
) -> Iterator[tuple[Span, float]]:
    """Spans from one start, with their chances."""
    for end in range(start + 1, start + LONGEST + 1):
        last = end >= len(goes_on) or utterance[end] != utterance[start] or bool(stops[end])
        ends_here = chance if last else chance * (1 - float(goes_on[end]))
        if ends_here >= bar:
            yield (start, end), ends_here
        if last or chance * float(goes_on[end]) < bar:
            return
        chance *= float(goes_on[end])


def quadruples(
    scores: Scores, spans: Mapping[str, Sequence[Span]], chances: Mapping[str, Floats], *, threshold: float
) -> list[Quadruple]:
    """(target, aspect, opinion, polarity 0-2, chance) by number, best first.

    A triple's chance is the geometric mean of its three links' probabilities, times those of its spans to the power
    `SPAN_WEIGHT`. Of spans that overlap, only those of the best triple stay; an opinion keeps only its best aspect
    (though any number of targets): people judge one thing at a time.

    Args:
        scores: probabilities a pair of `LINKS`: (n_left, n_right, classes).
        spans: by kind, as `candidates` gives them.
        chances: of the spans.
        threshold: least chance, 0…1.
    """
    ta, ao, to = (scores[name] for name in LINKS)
    if not (ta.size and ao.size and to.size):
        return []
    linked = np.cbrt((1 - ta[..., 0])[:, :, None] * (1 - ao[..., 0])[None, :, :] * (1 - to[..., 0])[:, None, :])
    t, a, o = (chances[kind] ** SPAN_WEIGHT for kind in KINDS)
    chance = linked * t[:, None, None] * a[None, :, None] * o[None, None, :]
    polarity = to[..., 1:].argmax(axis=-1)
    rows = sorted(np.argwhere(chance >= threshold).tolist(), key=lambda at: -chance[tuple(at)])
    taken: dict[str, set[Span]] = {kind: set() for kind in KINDS}
    aspect_of: dict[int, int] = {}
    kept: list[Quadruple] = []
    for row in rows:
        mine = [spans[kind][at] for kind, at in zip(KINDS, row, strict=True)]
        rivals = [*taken.values()]
        if any(_overlap(span, other) for span, others in zip(mine, rivals, strict=True) for other in others - {span}):
            continue
        if (
            any(_overlap(left, right) for left, right in combinations(mine, 2))
            or aspect_of.get(row[2], row[1]) != row[1]
        ):
            continue
        aspect_of[row[2]] = row[1]
        for span, others in zip(mine, rivals, strict=True):
            others.add(span)
        kept.append((row[0], row[1], row[2], int(polarity[row[0], row[2]]), float(chance[tuple(row)])))
    return kept


def _overlap(left: Span, right: Span) -> bool:
    return left[0] < right[1] and right[0] < left[1]

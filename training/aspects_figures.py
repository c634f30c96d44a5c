"""What the aspect model reaches in use (int8, numpy): polarity given the term, spans, and full quadruples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from huaxiang.text.aspects_model import AspectModel
from huaxiang.text.aspects_read import term_chances
from huaxiang.text.aspects_units import Span, units_of
from huaxiang.text.dialogue_decode import KINDS, Scores, quadruples
from training.aspects_data import Judged, Talk

Quad = tuple[Span, Span, Span, int]
Triple = tuple[float, float, float]
NEUTRAL_IN = ("laptop14", "restaurant14")
"""The sets that know neutral; in the others a term is good or bad, and the likelier of the two is taken."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the model says of one dialogue, before the threshold.

    `spans` are the best reading of the tags; `halves` those that may be meant, of `chances`, linked by `scores`.
    """

    talk: Talk
    spans: dict[str, list[Span]]
    halves: dict[str, list[Span]]
    chances: dict[str, Any]
    scores: Scores

    def quads(self, threshold: float) -> set[Quad]:
        """Quadruples as (target, aspect, opinion, polarity)."""
        t, a, o = (self.halves[kind] for kind in KINDS)
        rows = quadruples(self.scores, self.halves, self.chances, threshold=threshold)
        return {(t[i], a[j], o[k], polarity) for i, j, k, polarity, _ in rows}


def f1(found: Iterable[set[Any]], wanted: Iterable[set[Any]]) -> Triple:
    """Precision, recall and F1 over all documents together (micro)."""
    right = said = true = 0
    for mine, theirs in zip(found, wanted, strict=True):
        right, said, true = right + len(mine & theirs), said + len(mine), true + len(theirs)
    precision, recall = right / max(said, 1), right / max(true, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def term_hits(model: AspectModel, examples: Sequence[Judged]) -> dict[str, list[tuple[int, int]]]:
    """(said, true) polarity 0-2 of each term, by set."""
    rows: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in examples:
        units = units_of(one.text)
        places = [(units[start][0], units[end - 1][1]) for start, end, _ in one.terms]
        read = term_chances(one.text, places, model)
        for place, (_, _, true) in zip(places, one.terms, strict=True):
            chances = read[place].copy()
            if one.source not in NEUTRAL_IN:
                chances[1] = -1.0
            rows[one.source].append((int(chances.argmax()), true))
    return dict(rows)


def share(rows: Sequence[tuple[int, int]]) -> float:
    """Share of rows whose two values agree; 0 of none."""
    return sum(said == true for said, true in rows) / max(1, len(rows))


def term_spans(model: AspectModel, examples: Sequence[Judged]) -> Triple:
    """Precision, recall and F1 of aspect terms in the two English sets, which mark them all."""
    mine = [one for one in examples if one.source in NEUTRAL_IN]
    found = [set(model.read(one.passage).spans()["aspect"]) for one in mine]
    return f1(found, [{(start, end) for start, end, _ in one.terms} for one in mine])


def read_talks(model: AspectModel, talks: Sequence[Talk]) -> list[Found]:
    """Read dialogues."""
    found = []
    for talk in talks:
        reading = model.read(talk.passage)
        halves, chances = reading.candidates()
        found.append(Found(talk, reading.spans(), halves, chances, reading.links(halves, talk.layout)))
    return found


def gold(talk: Talk) -> set[Quad]:
    """The full quadruples of a dialogue: as in the set's own scorer, those that lack a part do not count."""
    return {link for link in talk.links if min(part[0] for part in link[:3]) >= 0}


def talk_figures(found: Sequence[Found], threshold: float) -> dict[str, Triple]:
    """Span figures by kind, "quadruple" and "identification" (without polarity)."""
    figures = {
        kind: f1([set(one.spans[kind]) for one in found], [set(one.talk.spans[kind]) for one in found])
        for kind in KINDS
    }
    said, true = [one.quads(threshold) for one in found], [gold(one.talk) for one in found]
    figures["quadruple"] = f1(said, true)
    figures["identification"] = f1([{q[:3] for q in one} for one in said], [{q[:3] for q in one} for one in true])
    return figures


def best_threshold(found: Sequence[Found]) -> tuple[float, float]:
    """The threshold with the best quadruple F1, and that F1; for a development set only."""
    tried = [
        (talk_figures(found, value)["quadruple"][2], float(value)) for value in np.arange(0.15, 0.75, 0.05).round(2)
    ]
    best, value = max(tried)
    return value, best


def interval(hits: Sequence[bool], *, draws: int = 2000, seed: int = 0) -> tuple[float, float]:
    """95 % bootstrap interval of a share."""
    rng = np.random.default_rng(seed)
    values = np.asarray(hits, float)
    means = values[rng.integers(0, len(values), (draws, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def quad_interval(found: Sequence[Found], threshold: float, *, draws: int = 1000, seed: int = 0) -> tuple[float, float]:
    """95 % bootstrap interval of the quadruple F1, dialogues drawn."""
    rng = np.random.default_rng(seed)
    counts = np.array(
        [(len(s & g), len(s), len(g)) for one in found for s, g in [(one.quads(threshold), gold(one.talk))]]
    )
    sums = counts[rng.integers(0, len(counts), (draws, len(counts)))].sum(axis=1)
    scores = 2 * sums[:, 0] / np.maximum(sums[:, 1] + sums[:, 2], 1)
    low, high = np.quantile(scores, [0.025, 0.975])
    return float(low), float(high)

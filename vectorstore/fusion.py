"""Reciprocal rank fusion: several rankings become one, without comparing scores that cannot be compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

K = 60


def fuse(rankings: Iterable[Sequence[str]], *, k: int = K) -> list[tuple[str, float]]:
    """Fuse rankings of ids, best first.

    Args:
        rankings: each a list of distinct ids, best first; an id may be absent from some.
        k: how much the first places count; 60 in the source.

    Returns:
        `(id, score)` with score = Σ 1 / (k + rank), rank counted from 1; highest first, ties by id.

    Source:
        Cormack, Clarke & Büttcher (2009), "Reciprocal rank fusion outperforms Condorcet", SIGIR.
    """
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, one in enumerate(ranking, start=1):
            scores[one] = scores.get(one, 0.0) + 1.0 / (k + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))

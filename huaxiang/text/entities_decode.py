"""From scores of tags to spans: the best path that a reader of BIEOS tags could follow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def allowed(tags: Sequence[str]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which tag may follow which, shape (n, n), and which may begin and end a line, shape (2, n)."""
    inside = [tag[0] in "BI" for tag in tags]
    follow = np.array(
        [[(b[0] in "IE" and b[1:] == a[1:]) if inside[i] else b[0] in "OBS" for b in tags] for i, a in enumerate(tags)]
    )
    return follow, np.array([[tag[0] in "OBS" for tag in tags], [tag[0] in "OES" for tag in tags]])


def best_path(emissions: Floats, steps: Floats, ends: Floats) -> list[int]:
    """The tags of the highest sum (Viterbi), one a row of `emissions` (n, n_tags). `steps` and `ends` may hold -inf."""
    if not len(emissions):
        return []
    score = emissions[0] + ends[0]
    back = []
    for row in emissions[1:]:
        reach = score[:, None] + steps
        came = reach.argmax(axis=0)
        back.append(came)
        score = reach[came, np.arange(len(row))] + row
    path = [int((score + ends[1]).argmax())]
    for came in reversed(back):
        path.append(int(came[path[-1]]))
    return path[::-1]


def spans(path: Sequence[int], tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Half-open spans with their kind, from a path of BIEOS tags; what does not close is dropped."""
    found: list[tuple[int, int, str]] = []
    start = -1
    for place, number in enumerate(path):
        tag = tags[number]
        if tag[0] in "BS":
            start = place
        if tag[0] in "ES" and start >= 0:
            found.append((start, place + 1, tag[2:]))
        if tag[0] in "OES":
            start = -1
    return found

"""How two spans of a dialogue lie to each other: what tells, besides their words, whether they belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from huaxiang.text.aspects_units import Span

__all__ = ["FEATURES", "Layout", "pair_features"]

Ints = npt.NDArray[np.int64]
_FAR, _GAPS, _BETWEEN = 3, (0, 1, 3, 6, 11, 21), 3

FEATURES = (2 * _FAR + 1) + 6 + 2 * len(_GAPS) + 2 * (_BETWEEN + 1) + 4
"""Number of features of a pair."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Who says what to whom.

    `utterance` (n_units,) numbers the utterance of each unit; `marks` (n_units,) is 1 at punctuation; `replies` and
    `speakers` have one entry an utterance, `replies` -1 at a start.
    """

    utterance: Ints
    marks: npt.NDArray[np.float32]
    replies: tuple[int, ...]
    speakers: tuple[int, ...]

    def threads(self) -> Ints:
        """For each utterance the first reply of its thread; a start is its own."""
        found: list[int] = []
        for number, to in enumerate(self.replies):
            valid = 0 <= to < number
            found.append(number if not valid or self.replies[to] < 0 else found[to])
        return np.asarray(found, np.int64)


def pair_features(left: Sequence[Span], right: Sequence[Span], layout: Layout) -> npt.NDArray[np.float32]:
    """Features of every pair of a left and a right span (in units), shape (n_left, n_right, `FEATURES`), 0…1."""
    if not left or not right:
        return np.zeros((len(left), len(right), FEATURES), np.float32)
    a, b = np.asarray(left, np.int64), np.asarray(right, np.int64)
    a0: Ints = a[:, :1]
    a1: Ints = a[:, 1:]
    b0: Ints = b[None, :, 0]
    b1: Ints = b[None, :, 1]
    speakers, replies = np.asarray(layout.speakers), np.asarray(layout.replies)
    threads = layout.threads()
    speech: Ints = layout.utterance
    ua: Ints = speech[a0]
    ub: Ints = speech[b0]
    far = _one_hot(np.clip(np.subtract(ub, ua), -_FAR, _FAR) + _FAR, 2 * _FAR + 1)
    talk = [
        speakers[ua] == speakers[ub],
        replies[ua] == ub,
        replies[ub] == ua,
        (threads[ua] == threads[ub]) & (ua != ub),
        np.less(replies[ua], 0) & np.full(ub.shape, True),
        np.less(replies[ub], 0) & np.full(ua.shape, True),
    ]
    after = np.greater_equal(b0, a0)
    gap = np.maximum(np.where(after, b0 - a1, a0 - b1), 0)
    bucket = np.searchsorted(_GAPS, gap, side="right") - 1 + np.where(after, len(_GAPS), 0)
    near = _one_hot(bucket, 2 * len(_GAPS)) * (ua == ub)[..., None]
    low, high = np.minimum(a1, b1), np.maximum(a0, b0)
    between = [_one_hot(np.minimum(_starting(spans, low, high), _BETWEEN), _BETWEEN + 1) for spans in (a, b)]
    running = np.concatenate((np.zeros(1), np.cumsum(layout.marks))).astype(np.float64)
    passed: npt.NDArray[np.float64] = np.subtract(running[np.maximum(high, low)], running[low])
    tail = [passed == 0, passed == 1, np.greater_equal(passed, 2), np.minimum(np.abs(b0 - a0), 200) / 200.0]
    flat = [np.broadcast_to(one, after.shape)[..., None] for one in (*talk, *tail)]
    return np.concatenate([far, near, *between, *flat], axis=-1).astype(np.float32)


def _starting(spans: Ints, low: Ints, high: Ints) -> Ints:
    """How many of the spans start in low ≤ start < high, for every pair."""
    starts = np.sort(spans[:, 0])
    return np.asarray(np.maximum(np.searchsorted(starts, high) - np.searchsorted(starts, low), 0), np.int64)


def _one_hot(values: Ints, size: int) -> npt.NDArray[np.float32]:
    return np.eye(size, dtype=np.float32)[values]

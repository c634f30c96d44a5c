"""Near-duplicate texts: MinHash over character shingles finds candidates, the exact Jaccard index decides.

Shingles are 5 characters of the normalised text without blanks and punctuation, 3 where it is Chinese, Japanese or
Korean. A signature has 56 hashes in 14 bands of 4: of two texts that share 0.8 of their shingles fewer than one pair
in a thousand has no band in common, and what has is compared shingle by shingle, so nothing is said that is not so.

The fingerprints of an import (`huaxiang.ingest.fingerprints`) are smaller, kept in the shop, and not compared exactly.

Source:
    A. Broder (1997), "On the resemblance and containment of documents"; banding as in Leskovec, Rajaraman & Ullman,
    "Mining of Massive Datasets", 3.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from huaxiang.text.ngrams import Batch
from huaxiang.text.normalise import normalise_batch

BANDS, ROWS = 14, 4
LATIN_WIDTH, CJK_WIDTH = 5, 3
_TEXTS, _CHARS = 512, 60_000  # at a time: the hashes of such a group stay in the processor's cache
_PAIRS = 20_000
_BASE, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_random = np.random.default_rng(20261122)
_XOR = _random.integers(1, 2**63, BANDS * ROWS, dtype=np.uint64)
_MULTIPLY = _random.integers(1, 2**63, BANDS * ROWS, dtype=np.uint64) | np.uint64(1)

Hashes = npt.NDArray[np.uint64]
Index = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shingles:
    """Distinct shingle hashes of texts laid end to end, ascending in each: text i has `hashes[starts[i]:starts[i + 1]]`."""

    hashes: Hashes
    starts: Index

    @property
    def sizes(self) -> Index:
        """Distinct shingles a text, shape (n_texts,)."""
        return np.diff(self.starts)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Near-duplicates: text `later[i]` repeats text `earlier[i]` (numbers of the input, earlier < later)."""

    earlier: Index
    later: Index
    jaccard: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left after deduplication: `kept` in order, and for each dropped text the kept one that stands for it."""

    kept: list[int]
    dropped: dict[int, int]


def near_duplicates(texts: Sequence[str], *, threshold: float = 0.8, width: int | None = None) -> Pairs:
    """All pairs whose shingles overlap by at least `threshold`, ordered by (earlier, later).

    A text without a letter or digit has no shingle and repeats nothing. Where many texts are the same, pairs grow with
    the square of their number; use `deduplicate` there.

    Args:
        texts: any strings.
        threshold: of the Jaccard index, in 0.5…1; under 0.8 ever more pairs are missed (2 % at 0.7, 40 % at 0.5).
        width: characters a shingle for all texts, instead of 5 and 3.

    Raises:
        ValueError: the threshold is out of range.
    """
    if not 0.5 <= threshold <= 1:
        raise ValueError(f"threshold {threshold} is not between 0.5 and 1")
    found = shingles(texts, width=width)
    same = _same_sets(found)
    firsts = np.unique(same[found.sizes > 0])
    earlier, later, jaccard = _alike(found, firsts, threshold)
    return _spread(same, found.sizes, earlier, later, jaccard)


def deduplicate(texts: Sequence[str], *, threshold: float = 0.8, width: int | None = None) -> Kept:
    """Keep the first of each group of near-duplicates; a group is what pairs connect. Time grows with the texts only.

    Raises:
        ValueError: the threshold is out of range.
    """
    if not 0.5 <= threshold <= 1:
        raise ValueError(f"threshold {threshold} is not between 0.5 and 1")
    found = shingles(texts, width=width)
    same = _same_sets(found)
    earlier, later, _ = _alike(found, np.unique(same[found.sizes > 0]), threshold)
    root = list(range(len(texts)))

    def top(one: int) -> int:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    copies = [(a, b) for a, b in enumerate(same.tolist()) if found.sizes[a]]
    for a, b in [*copies, *zip(earlier.tolist(), later.tolist(), strict=True)]:
        first, second = sorted((top(a), top(b)))
        root[second] = first
    dropped = {one: top(one) for one in range(len(texts)) if top(one) != one}
    return Kept([one for one in range(len(texts)) if one not in dropped], dropped)


def shingles(texts: Sequence[str], *, width: int | None = None) -> Shingles:
    """Distinct shingles of each text as 64-bit hashes. A text shorter than a shingle is one shingle."""
    parts: list[Hashes] = []
    sizes: list[Index] = []
    for start, stop in _groups(texts):
        hashes, owner = _hashes(_letters(normalise_batch(texts[start:stop])), width)
        order = np.lexsort((hashes, owner))
        hashes, owner = hashes[order], owner[order]
        fresh = np.ones(hashes.size, dtype=np.bool_)
        fresh[1:] = (hashes[1:] != hashes[:-1]) | (owner[1:] != owner[:-1])
        parts.append(hashes[fresh])
        sizes.append(np.bincount(owner[fresh], minlength=stop - start))
    starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.concatenate([np.zeros(0, np.int64), *sizes]))))
    return Shingles(np.concatenate([np.zeros(0, np.uint64), *parts]), starts.astype(np.int64))


def _groups(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    start, chars = 0, 0
    for stop, text in enumerate(texts):
        if stop > start and (stop - start >= _TEXTS or chars + len(text) > _CHARS):
            yield start, stop
            start, chars = stop, 0
        chars += len(text)
    if start < len(texts):
        yield start, len(texts)


def _ignored() -> npt.NDArray[np.bool_]:
    table = np.ones(0x110000, dtype=np.bool_)
    table[[point for point in range(0x30000) if chr(point).isalnum()]] = False
    table[0x1F000:0x20000] = table[0x2600:0x2800] = False  # emoji say something
    return table


_IGNORED = _ignored()


def _letters(batch: Batch) -> Batch:
    keep = ~_IGNORED[batch.codes.astype(np.int64)]
    owner = np.repeat(np.arange(batch.starts.size), batch.lengths)
    lengths = np.bincount(owner[keep], minlength=batch.starts.size)
    return Batch(batch.codes[keep], np.cumsum(lengths) - lengths, lengths)


def _hashes(batch: Batch, width: int | None) -> tuple[Hashes, Index]:
    """Hashes of all shingles (repeats included) and the text each is of."""
    codes, lengths = batch.codes, batch.lengths
    owner = np.repeat(np.arange(batch.starts.size), lengths)
    if width is None:
        cjk = np.bincount(owner[(codes >= 0x2E80) & (codes < 0xD800)], minlength=lengths.size) * 3 > lengths
        widths = np.where(cjk, CJK_WIDTH, LATIN_WIDTH)
    else:
        widths = np.full(lengths.size, width)
    widths = np.minimum(widths, np.maximum(lengths, 1))
    room = np.repeat(batch.starts + lengths - widths, lengths) - np.arange(codes.size)
    own_width = widths[owner]
    rolling = codes * _MIX
    result = np.where(own_width == 1, rolling, np.uint64(0))
    for order in range(2, int(widths.max(initial=1)) + 1):
        rolling = rolling[:-1] * _BASE + codes[order - 1 :] * _MIX
        mine = own_width[: rolling.size] == order
        result[: rolling.size][mine] = rolling[mine]
    at = room >= 0
    mixed = result[at]
    mixed ^= mixed >> np.uint64(31)
    mixed *= _BASE
    return mixed ^ (mixed >> np.uint64(29)), owner[at]


def _same_sets(found: Shingles) -> Index:
    """For each text the first text with the same shingles, shape (n_texts,)."""
    total = np.concatenate((np.zeros(1, np.uint64), np.cumsum(found.hashes, dtype=np.uint64)))
    keys = np.stack((total[found.starts[1:]] - total[found.starts[:-1]], found.sizes.astype(np.uint64)), axis=1)
    if not len(keys):
        return np.zeros(0, np.int64)
    _, first, group = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return np.asarray(first[group.reshape(-1)], dtype=np.int64)


def signatures(found: Shingles, which: Index) -> npt.NDArray[np.uint32]:
    """MinHash signatures of some texts that have shingles, shape (n, 56)."""
    out = np.empty((which.size, BANDS * ROWS), dtype=np.uint32)
    begin = 0
    bounds = np.cumsum(found.sizes[which])
    while begin < which.size:
        base = bounds[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(bounds, base + 30_000)))
        chosen = which[begin:end]
        sizes = found.sizes[chosen]
        firsts = np.cumsum(sizes) - sizes
        hashes = found.hashes[np.arange(int(sizes.sum())) + np.repeat(found.starts[chosen] - firsts, sizes)]
        for one in range(BANDS * ROWS):
            mixed = ((hashes ^ _XOR[one]) * _MULTIPLY[one]) >> np.uint64(32)
            out[begin:end, one] = np.minimum.reduceat(mixed, firsts)
        begin = end
    return out


def _alike(found: Shingles, which: Index, threshold: float) -> tuple[Index, Index, npt.NDArray[np.float64]]:
    """Pairs among `which` (all of different shingles) with their exact Jaccard index."""
    marks = signatures(found, which)
    keys: list[Hashes] = []
    for band in range(BANDS):
        rows = marks[:, band * ROWS : (band + 1) * ROWS].astype(np.uint64)
        keys.append(((rows[:, 0] * _BASE + rows[:, 1]) * _MIX + rows[:, 2]) * _BASE + rows[:, 3])
    sizes = found.sizes[which]
    codes = [np.zeros(0, np.int64)]
    for key in keys:
        first, second = _within(key)
        small, large = np.minimum(sizes[first], sizes[second]), np.maximum(sizes[first], sizes[second])
        fit = small >= threshold * large  # the index cannot exceed the ratio of the sizes
        low, high = np.minimum(first[fit], second[fit]), np.maximum(first[fit], second[fit])
        codes.append(low * which.size + high)
    pairs = np.unique(np.concatenate(codes))
    first, second = which[pairs // max(which.size, 1)], which[pairs % max(which.size, 1)]
    value = np.concatenate(
        [
            np.zeros(0),
            *(exact(found, first[i : i + _PAIRS], second[i : i + _PAIRS]) for i in range(0, first.size, _PAIRS)),
        ]
    )
    near = value >= threshold - 1e-12
    return first[near], second[near], value[near]


def _within(key: Hashes) -> tuple[Index, Index]:
    """All pairs of rows with the same key."""
    order = np.argsort(key, kind="stable")
    _, starts, counts = np.unique(key[order], return_index=True, return_counts=True)
    first: list[Index] = [np.zeros(0, np.int64)]
    second: list[Index] = [np.zeros(0, np.int64)]
    for size in np.unique(counts[counts > 1]).tolist():
        members = order[starts[counts == size][:, None] + np.arange(size)]
        a, b = np.triu_indices(size, 1)
        first.append(members[:, a].ravel())
        second.append(members[:, b].ravel())
    return np.concatenate(first), np.concatenate(second)


def exact(found: Shingles, first: Index, second: Index) -> npt.NDArray[np.float64]:
    """The Jaccard index of pairs of texts, shape (n_pairs,)."""
    pair = np.arange(first.size)
    parts = []
    for side in (first, second):
        sizes = found.sizes[side]
        begins = np.cumsum(sizes) - sizes
        at = np.arange(int(sizes.sum())) + np.repeat(found.starts[side] - begins, sizes)
        parts.append((found.hashes[at], np.repeat(pair, sizes)))
    hashes, owner = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((hashes, owner))
    hashes, owner = hashes[order], owner[order]
    twice = (hashes[1:] == hashes[:-1]) & (owner[1:] == owner[:-1])
    shared = np.bincount(owner[1:][twice], minlength=first.size)
    return np.asarray(shared / np.maximum(found.sizes[first] + found.sizes[second] - shared, 1), dtype=np.float64)


def _spread(same: Index, sizes: Index, earlier: Index, later: Index, jaccard: npt.NDArray[np.float64]) -> Pairs:
    """Pairs of first texts, said of all texts with the same shingles."""
    members: dict[int, list[int]] = {}
    for number, first in enumerate(same.tolist()):
        if sizes[number]:
            members.setdefault(first, []).append(number)
    a, b, j = [], [], []
    for group in members.values():
        for place, one in enumerate(group):
            a += [one] * (len(group) - place - 1)
            b += group[place + 1 :]
    j += [1.0] * len(a)
    for one, other, value in zip(earlier.tolist(), later.tolist(), jaccard.tolist(), strict=True):
        for x in members[one]:
            for y in members[other]:
                a.append(min(x, y))
                b.append(max(x, y))
                j.append(value)
    left, right, values = np.array(a, np.int64), np.array(b, np.int64), np.array(j, np.float64)
    order = np.lexsort((right, left))
    return Pairs(left[order], right[order], values[order])

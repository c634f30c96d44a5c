"""Near-identical vectors in any file: float32 numbers at any offset that are an erased vector up to rounding, or float16 that are it exactly.

The same vector may have been normalised anew or rounded, so bytes are not enough. Four neighbouring numbers of each
vector are put into a hash table by their grid cell (each number with its nearer neighbour cell, 16 entries); one pass
over the file looks every four numbers up, and where they are found the whole vector is compared.
"""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from huaxiang.privacy.needles import Needles
from huaxiang.privacy.probes import Halves

_GRID = 1 / 256
_NUMBERS = 4
_BITS = 22
_WINDOWS = 4096
_COSINE = 0.999
_PRIMES = np.array([73856093, 19349663, 83492791, 49979687], dtype=np.int32)


class NearVectors:
    """Erased vectors, float16, shape (n, dim), to be found again."""

    def __init__(self, vectors: Halves) -> None:
        exact = vectors.astype(np.float32)
        self._unit = exact / np.maximum(np.linalg.norm(exact, axis=1, keepdims=True), 1e-9) if len(exact) else exact
        self.dim = int(vectors.shape[1])
        self._map = np.zeros(1 << _BITS, dtype=bool)
        self._at: dict[int, list[tuple[int, int]]] = {}
        for row, vector in enumerate(self._unit):
            start = _telling(vector)
            cells = vector[start : start + _NUMBERS] / _GRID
            low = np.floor(cells - 0.5).astype(np.int32)
            for offsets in itertools.product((0, 1), repeat=_NUMBERS):
                key = _mix(low + np.array(offsets, np.int32))
                self._map[key] = True
                self._at.setdefault(key, []).append((row, start))
        self._leads: dict[bytes, list[bytes]] = {}
        for vector in np.ascontiguousarray(vectors, "<f2"):
            start = 2 * _telling(vector.astype(np.float32)) if self.dim >= _NUMBERS else 0
            self._leads.setdefault(vector.tobytes()[start:], []).append(vector.tobytes()[:start])
        self._exact = Needles(dict.fromkeys((one for one in self._leads if len(one) >= 8), "vector"))

    def count_in(self, block: bytes) -> int:
        """How many places of `block` hold one of the vectors (cosine above 0.999)."""
        if self.dim < _NUMBERS or not len(self._unit):
            return 0
        exact = sum(
            block[max(0, at - len(lead)) : at] == lead
            for at, tail, _ in self._exact.hits(block)
            for lead in self._leads[tail]
        )
        return exact + sum(
            self._found(np.frombuffer(block, "<f4", count=(len(block) - offset) // 4, offset=offset))
            for offset in range(4)
            if len(block) - offset >= 4 * self.dim
        )

    def _found(self, numbers: npt.NDArray[np.float32]) -> int:
        with np.errstate(invalid="ignore", over="ignore"):
            scaled = numbers * np.float32(1 / _GRID)
            scaled[~(np.abs(scaled) <= 1 / _GRID)] = 1e6  # no coordinate of a unit vector; NaN too
            cells = np.rint(scaled - np.float32(0.5)).astype(np.int32)
        keys = _mix_along(cells)
        places = np.flatnonzero(self._map[keys])
        hit = np.zeros(len(numbers), dtype=bool)
        for key in np.unique(keys[places]).tolist():
            here = places[keys[places] == key]
            for row, start in self._at[key]:
                self._compare(numbers, here - start, row, hit)
        return int(hit.sum())

    def _compare(
        self, numbers: npt.NDArray[np.float32], begins: npt.NDArray[np.intp], row: int, hit: npt.NDArray[np.bool_]
    ) -> None:
        begins = begins[(begins >= 0) & (begins + self.dim <= len(numbers))]
        for part in range(0, len(begins), _WINDOWS):
            some = begins[part : part + _WINDOWS]
            with np.errstate(invalid="ignore", over="ignore"):
                windows = numbers[some[:, None] + np.arange(self.dim)]
                norms = np.sqrt((windows * windows).sum(axis=1))
                cosines = windows @ self._unit[row] / norms
            hit[some[(norms > 0.1) & (norms < 10) & (cosines > _COSINE)]] = True


def _telling(vector: npt.NDArray[np.float32]) -> int:
    """Where its four numbers say most: many zeros in a row are in every file."""
    strength = np.convolve(np.abs(vector), np.ones(_NUMBERS), "valid")
    filled = np.convolve((vector != 0).astype(np.float32), np.ones(_NUMBERS), "valid")
    return int((filled * 10 + strength).argmax())


def _mix(cells: npt.NDArray[np.int32]) -> int:
    return int(_mix_along(cells)[0])


def _mix_along(cells: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """The hash of every four neighbouring cells; overflow is part of it."""
    last = len(cells) - _NUMBERS + 1
    total = cells[:last] * _PRIMES[0]
    for place in range(1, _NUMBERS):
        total += cells[place : last + place] * _PRIMES[place]
    return np.asarray(total & np.int32((1 << _BITS) - 1))

"""Near-identical vectors in any file: float32 numbers at any offset that are an erased vector up to rounding.

The same vector may have been normalised anew or rounded, so bytes are not enough. Four neighbouring numbers of each
vector are put into a hash table by their grid cell (each number with its nearer neighbour cell, 16 entries); one pass
over the file looks every four numbers up, and where they are found the whole vector is compared.
"""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from huaxiang.privacy.probes import Halves

_GRID = 1 / 256
_NUMBERS = 4
_BITS = 22
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

    def count_in(self, block: bytes) -> int:
        """How many places of `block` hold one of the vectors (cosine above 0.999)."""
        if self.dim < _NUMBERS or not len(self._unit) or len(block) < 4 * self.dim:
            return 0
        return sum(
            self._found(np.frombuffer(block, "<f4", count=(len(block) - offset) // 4, offset=offset))
            for offset in range(4)
        )

    def _found(self, numbers: npt.NDArray[np.float32]) -> int:
        with np.errstate(invalid="ignore", over="ignore"):
            scaled = numbers * np.float32(1 / _GRID)
            scaled[~(np.abs(scaled) <= 1 / _GRID)] = 1e6  # no coordinate of a unit vector; NaN too
            cells = np.rint(scaled - np.float32(0.5)).astype(np.int32)
        places = np.flatnonzero(self._map[_mix_along(cells)])
        found = 0
        for place in places.tolist():
            key = _mix(cells[place : place + _NUMBERS])
            for row, start in self._at.get(key, ()):
                begin = place - start
                window = numbers[begin : begin + self.dim] if begin >= 0 else numbers[:0]
                if len(window) == self.dim and _cosine(window, self._unit[row]) > _COSINE:
                    found += 1
        return found


def _telling(vector: npt.NDArray[np.float32]) -> int:
    """Where its four numbers say most: many zeros in a row are in every file."""
    strength = np.convolve(np.abs(vector), np.ones(_NUMBERS), "valid")
    filled = np.convolve((vector != 0).astype(np.float32), np.ones(_NUMBERS), "valid")
    return int((filled * 10 + strength).argmax())


def _cosine(window: npt.NDArray[np.float32], unit: npt.NDArray[np.float32]) -> float:
    with np.errstate(invalid="ignore", over="ignore"):
        norm = float(np.linalg.norm(window))
        return float(window @ unit) / norm if 0.1 < norm < 10 else 0.0


def _mix(cells: npt.NDArray[np.int32]) -> int:
    return int(_mix_along(cells)[0])


def _mix_along(cells: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """The hash of every four neighbouring cells; overflow is part of it."""
    last = len(cells) - _NUMBERS + 1
    total = cells[:last] * _PRIMES[0]
    for place in range(1, _NUMBERS):
        total += cells[place : last + place] * _PRIMES[place]
    return np.asarray(total & np.int32((1 << _BITS) - 1))

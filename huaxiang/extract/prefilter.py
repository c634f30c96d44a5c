"""What a text must hold before a pattern can match: literal words read off the pattern itself, so that most never run.

From a regular expression's own parse tree come sets of literals of which one must occur in every match (the verbs of
"I (?:love|adore) …", the spellings of a vocabulary). Looking for a few short words is hundreds of times cheaper than the
pattern, and leaves out nothing: a pattern without such a set always runs.
"""

from __future__ import annotations

import re
import re._constants as constants  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable, Iterator
from typing import Any

_MOST = 600
"""A set of more alternatives tells too little for what it costs."""
_KEPT = 3

Needs = tuple[frozenset[str], ...]


def needs_of(pattern: re.Pattern[str]) -> Needs:
    """Sets of case-folded literals; every text the pattern matches holds one of each set. Empty: nothing is known."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    found = {one for one in _required(tree) if _weight(one) >= 2}
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
    return words.casefold()

"""Which sentence of a text answers a query: chosen by shared words, which costs microseconds."""

from __future__ import annotations

import re
from bisect import bisect_right

from huaxiang.store import lexical

# one set of characters first: the search then jumps from one of them to the next instead of trying three ways at each
_END = re.compile(r"[。！？!?…；;.\n](?:(?<=\n)|(?<=\.)\.*(?=\s|$)[\"”)]*|(?<=[^.\n])[。！？!?…；;]*[\"”』」）)]*)")
_SHORT = 160  # characters; a text of this length is quoted whole when no sentence stands out


def sentences(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of a text, without the white space around them; never empty ones."""
    found: list[tuple[int, int]] = []
    begin = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        piece = text[begin:end].lstrip()
        body = len(piece.rstrip())
        if body:
            start = end - len(piece)
            found.append((start, start + body))
        begin = end
    return found


class Quoter:
    """Chooses the sentence of a text that shares most terms with one query."""

    def __init__(self, query: str) -> None:
        self.terms = frozenset(lexical.query_terms(query))
        # one pass of a regular expression finds the few words worth stemming; a stem differs in its end only
        starts = sorted({re.escape(term if len(term) < 4 else term[:-1]) for term in self.terms}, key=len, reverse=True)
        self._stems: dict[str, frozenset[str]] = {}
        self._words = re.compile(rf"(?:{'|'.join(starts)})[a-z0-9']*", re.IGNORECASE) if starts else None

    def best(self, text: str) -> tuple[int, int, int]:
        """The sentence with most distinct shared terms (then the shortest, then the first).

        Returns:
            `(start, end, shared)`; when nothing is shared, the whole of a short text, else its first sentence.
        """
        spans = sentences(text)
        if not spans:
            return 0, len(text), 0
        shared = self._shared(text, spans)
        if not any(shared):
            return (spans[0][0], spans[-1][1], 0) if len(text) <= _SHORT else (*spans[0], 0)
        place = max(range(len(spans)), key=lambda one: (len(shared[one]), spans[one][0] - spans[one][1], -one))
        return *spans[place], len(shared[place])

    def _shared(self, text: str, spans: list[tuple[int, int]]) -> list[set[str]]:
        found: list[set[str]] = [set() for _ in spans]
        if self._words is None:
            return found
        starts = [start for start, _ in spans]
        for match in self._words.finditer(text):
            word = match.group()
            common = self._stems.get(word)
            if common is None:
                common = self._stems[word] = self.terms.intersection(lexical.tokens(word))
            if common:
                found[max(0, bisect_right(starts, match.start()) - 1)] |= common
        if not any(found) and not text.isascii():  # full-width letters or accents, which only the tokeniser folds
            return [set(self.terms.intersection(lexical.tokens(text[start:end]))) for start, end in spans]
        return found

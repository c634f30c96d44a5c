"""Search in long talks: which turns of many sessions between a few people hold the answer to a question.

Four things tell, each standardised over the talk's turns and added with round weights: the words of a turn with its two
neighbours (BM25), the nearness of the turn's own meaning, the nearness of its session, and whether the one person whom the
question names is who speaks. A turn is often only understood with the one before it ("Really? Where?" - "In Rome."), hence
the neighbours; a turn that only asks seldom holds an answer, hence the small malus.

The weights were chosen on five LoCoMo conversations (docs/evaluation.md has the figures, each conversation left out once).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from huaxiang.store import lexical

if TYPE_CHECKING:
    from huaxiang.models.encoder import Encoder

Scores = npt.NDArray[np.float64]
K1, B = 1.2, 0.75
BEST_OF_SESSION = 3


@dataclass(frozen=True)
class Turn:
    """One turn: who says what in which session. `beside` is what belongs to it without being said (a picture's caption)."""

    id: str
    speaker: str
    text: str
    session: str
    beside: str = ""

    @property
    def line(self) -> str:
        """The turn as it is compared."""
        return f"{self.speaker}: {self.text} {self.beside}".strip()


@dataclass(frozen=True)
class Mix:
    """How much each sign counts, in standard deviations of itself (the last two are added once, where they hold)."""

    words: float = 1.0
    meaning: float = 1.0
    session: float = 1.0
    speaker: float = 3.0
    asks: float = -0.5


class Words:
    """BM25 in memory over a few thousand short texts; the tokens are those of the shop's lexical index.

    Source:
        Robertson & Zaragoza (2009), "The probabilistic relevance framework: BM25 and beyond", with Lucene's idf.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(lexical.tokens(text)) for text in texts]
        lengths = np.array([max(1, sum(one.values())) for one in counts], float)
        norm = K1 * (1 - B + B * lengths / lengths.mean()) if len(texts) else lengths
        places: dict[str, list[tuple[int, int]]] = {}
        for place, one in enumerate(counts):
            for term, count in one.items():
                places.setdefault(term, []).append((place, count))
        self._size = len(texts)
        self._postings: dict[str, tuple[npt.NDArray[np.int64], Scores]] = {}
        for term, found in places.items():
            where = np.array([place for place, _ in found], np.int64)
            times = np.array([number for _, number in found], float)
            idf = math.log(1 + (len(texts) - len(found) + 0.5) / (len(found) + 0.5))
            self._postings[term] = (where, idf * times * (K1 + 1) / (times + norm[where]))

    def scores(self, query: str) -> Scores:
        """BM25 of every text, shape (n,); 0 where no term matches."""
        out = np.zeros(self._size)
        for term in lexical.query_terms(query):
            if term in self._postings:
                where, gain = self._postings[term]
                out[where] += gain
        return out


class Talk:
    """A talk, ready to be searched. Building costs two encodings a turn; a search costs one, and about a millisecond."""

    def __init__(self, turns: Iterable[Turn], encoder: Encoder, *, mix: Mix | None = None) -> None:
        self.turns = tuple(turns)
        self.mix = mix or Mix()
        self._encoder = encoder
        lines = [one.line for one in self.turns]
        around = [" ".join(lines[start:end]) for start, end in self._neighbours()]
        self._words = Words(around)
        self._alone = encoder.encode_passages(lines)
        self._around = encoder.encode_passages(around)
        self._sessions = [
            np.array([place for place, one in enumerate(self.turns) if one.session == session])
            for session in dict.fromkeys(one.session for one in self.turns)
        ]
        self._asks = np.array([one.text.rstrip().endswith(("?", "？")) for one in self.turns], float)
        self._speakers = sorted({one.speaker for one in self.turns if one.speaker})

    def search(self, question: str, *, limit: int = 10) -> list[tuple[Turn, float]]:
        """The turns that fit best, best first, with their scores (comparable within one question only)."""
        scores = self.scores(question)
        order = np.argsort(-scores, kind="stable")[:limit]
        return [(self.turns[place], float(scores[place])) for place in order.tolist()]

    def scores(self, question: str) -> Scores:
        """The score of every turn, shape (n_turns,): the signs, weighted by the mix and added."""
        if not self.turns:
            return np.zeros(0)
        found = self.signs(question)
        total = np.zeros(len(self.turns))
        for sign in fields(Mix):
            total += getattr(self.mix, sign.name) * found[sign.name]
        return total

    def signs(self, question: str) -> dict[str, Scores]:
        """What each sign says of every turn, by the names of `Mix`; the first three have mean 0 and deviation 1."""
        named = [one for one in self._speakers if _names(one).search(question)]
        # with the name in it, a question is near to whatever that person says or is told
        matter = question
        for one in named:
            matter = _names(one).sub(" ", matter)
        vector = self._encoder.encode_queries([" ".join(matter.split()) or question])[0]
        speaks = [len(named) == 1 and one.speaker == named[0] for one in self.turns]
        return {
            "words": _standard(self._words.scores(question)),
            "meaning": _standard(np.asarray(self._alone @ vector, float)),
            "session": _standard(self._of_session(np.asarray(self._around @ vector, float))),
            "speaker": np.array(speaks, float),
            "asks": self._asks,
        }

    def _of_session(self, around: Scores) -> Scores:
        out = np.zeros(len(self.turns))
        for places in self._sessions:
            out[places] = np.sort(around[places])[-BEST_OF_SESSION:].mean()
        return out

    def _neighbours(self) -> list[tuple[int, int]]:
        spans = []
        for place, one in enumerate(self.turns):
            start = place - 1 if place and self.turns[place - 1].session == one.session else place
            last = place + 1 < len(self.turns) and self.turns[place + 1].session == one.session
            spans.append((start, place + (2 if last else 1)))
        return spans


def _names(speaker: str) -> re.Pattern[str]:
    # \b does not stand between Chinese characters, so a Chinese name is looked for as it is
    edge = r"\b" if speaker.isascii() else ""
    return re.compile(rf"{edge}{re.escape(speaker)}(?:['’]s)?{edge}", re.IGNORECASE)


def _standard(values: Scores) -> Scores:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)

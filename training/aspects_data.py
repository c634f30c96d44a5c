"""What the aspect model learns from: sentences with judged terms, dialogues with linked opinions, titles with stars."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huaxiang.text.aspects_passage import Passage, Pieces, passage_of
from huaxiang.text.aspects_units import Span, join_words, units_of
from huaxiang.text.dialogue_decode import KINDS
from huaxiang.text.dialogue_pairs import Layout

TERM_SETS = {
    "laptop14": "en-laptop14",
    "restaurant14": "en-restaurant14",
    "phone": "zh-phone",
    "camera": "zh-camera",
    "car": "zh-car",
    "notebook": "zh-notebook",
}
POLARITIES = ("negative", "neutral", "positive")
SHORT = {"neg": 0, "pos": 2, -1: -1}
"""Polarities of DiaASQ; doubt, ambiguity and the like are "other" to its own scorer, and neutral here. -1 is none."""
FOLDS = 10
TEST_FOLDS = (0, 1)  # a fifth of the sentences


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence with its terms: (first unit, end unit, polarity 0-2)."""

    source: str
    text: str
    passage: Passage
    terms: tuple[tuple[int, int, int], ...]
    fold: int


@dataclass(frozen=True, slots=True)
class Talk:
    """A dialogue: spans in units by kind, and links (target, aspect, opinion, polarity); -1, -1 for what is not said."""

    name: str
    passage: Passage
    layout: Layout
    spans: dict[str, list[Span]]
    links: tuple[tuple[Span, Span, Span, int], ...]
    words: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Graded:
    """A short text and whether it is good."""

    passage: Passage
    good: bool


def fold_of(text: str) -> int:
    """0…9, the same for the same letters whatever blanks are between them."""
    return zlib.crc32("".join(text.lower().split()).encode()) % FOLDS


def read_terms(path: Path) -> dict[str, list[tuple[int, int, str]]]:
    """Sentences of one file (blanks as there) with their terms: (first word, end word, polarity)."""
    lines = path.read_text(encoding="utf-8").split("\n")
    found: dict[str, list[tuple[int, int, str]]] = {}
    for at in range(0, len(lines) - 2, 3):
        term = lines[at + 1].split()
        before, _, after = lines[at].partition("$T$")
        words = [*before.split(), *term, *after.split()]
        start = len(before.split())
        found.setdefault(" ".join(words), []).append((start, start + len(term), lines[at + 2].strip().lower()))
    return found


def judged(data: Path, pieces: Pieces) -> list[Judged]:
    """Every sentence of the six sets; a term judged in two ways at one place is left as the file has it."""
    made = []
    for source, name in TERM_SETS.items():
        for sentence, terms in read_terms(data / "aspect-sentiment" / f"{name}.train.txt").items():
            text, spans = join_words(sentence.split())
            units = units_of(text)
            found = tuple(
                (*units_within(units, (spans[start][0], spans[end - 1][1])), POLARITIES.index(polarity))
                for start, end, polarity in terms
            )
            made.append(Judged(source, text, passage_of([text], [units], pieces), found, fold_of(text)))
    return made


def joined(examples: Sequence[Judged], pieces: Pieces, *, count: int, seed: int = 0) -> list[Judged]:
    """Chinese sentences in pairs, good beside bad, so that a term's own clause is learned to count.

    The Chinese sets have hardly a sentence with two polarities: a model that learns from them alone reads the sentence
    and not the term.
    """
    rng = random.Random(seed)
    chinese = [one for one in examples if one.source not in ("laptop14", "restaurant14") and len(one.text) <= 40]
    good = [one for one in chinese if all(polarity == 2 for _, _, polarity in one.terms)]
    bad = [one for one in chinese if all(polarity == 0 for _, _, polarity in one.terms)]
    made = []
    for _ in range(count if good and bad else 0):
        pair = [rng.choice(good), rng.choice(bad)]
        rng.shuffle(pair)
        first = pair[0].text.rstrip("，。！,.! ")
        text = first + rng.choice(("，但是", "，", "，不过", "；", "，就是", "。")) + pair[1].text
        units = units_of(text)
        ahead = len(units) - len(units_of(pair[1].text))
        terms = tuple(
            (start + shift, end + shift, y)
            for one, shift in zip(pair, (0, ahead), strict=True)
            for start, end, y in one.terms
        )
        made.append(Judged(pair[0].source, text, passage_of([text], [units], pieces), terms, pair[0].fold))
    return made


def units_within(units: list[Span], span: Span) -> Span:
    """The units that a span of characters touches, at least one."""
    first = next((at for at, (_, end) in enumerate(units) if end > span[0]), len(units) - 1)
    last = max((at for at, (start, _) in enumerate(units) if start < span[1]), default=first)
    return first, max(last, first) + 1


def talks(path: Path, pieces: Pieces) -> list[Talk]:
    """The dialogues of one file of DiaASQ; a unit is a word of the file (in Chinese mostly a character)."""
    with gzip.open(path, "rt", encoding="utf-8") as held:
        return [talk_of(one, pieces) for one in json.load(held)]


def talk_of(one: dict[str, Any], pieces: Pieces) -> Talk:
    """One dialogue as the model reads it; labels where the file has them."""
    laid = [join_words(sentence.split()) for sentence in one["sentences"]]
    passage = passage_of([text for text, _ in laid], [units for _, units in laid], pieces)
    layout = Layout(passage.utterance, passage.marks, tuple(one["replies"]), tuple(one["speakers"]))
    spans = {kind: sorted({(row[0], row[1]) for row in one.get(f"{kind}s", ())}) for kind in KINDS}
    links = tuple(
        ((row[0], row[1]), (row[2], row[3]), (row[4], row[5]), SHORT.get(row[6], 1)) for row in one.get("triplets", ())
    )
    words = tuple(word for sentence in one["sentences"] for word in sentence.split())
    return Talk(str(one["doc_id"]), passage, layout, spans, links, words)


def graded(data: Path, pieces: Pieces, *, longest: int = 60) -> list[Graded]:
    """Titles of English reviews and short Chinese reviews, good or bad, as many of each: they teach words of praise."""
    made: dict[bool, list[str]] = {True: [], False: []}
    for text, good in _amazon(data):
        made[good].append(text)
    bad = len(made[False])
    texts = [(text, False) for text in made[False]] + [(text, True) for text in made[True][: 2 * bad]]
    chinese: dict[bool, list[str]] = {True: [], False: []}
    with gzip.open(data / "online-shopping-10-cats" / "train.jsonl.gz", "rt", encoding="utf-8") as held:
        for line in held:
            row = json.loads(line)
            text = str(row["text"] if "text" in row else row["review"])
            if 4 <= len(text) <= longest // 2 and len(chinese[bool(row["label"])]) < 4 * bad:
                chinese[bool(row["label"])].append(text)
    texts += [(text, good) for good, mine in chinese.items() for text in mine]
    return [Graded(passage_of([text], [units_of(text)], pieces), good) for text, good in texts if units_of(text)]


def _amazon(data: Path) -> Iterator[tuple[str, bool]]:
    seen = set()
    for folder in ("amazon-musical-instruments", "amazon-gift-cards"):
        for path in sorted((data / folder).glob("*_5.json.gz")):
            with gzip.open(path, "rt", encoding="utf-8") as held:
                for line in held:
                    row = json.loads(line)
                    if row["overall"] == 3:
                        continue
                    good = row["overall"] > 3
                    body = str(row.get("reviewText") or "")
                    for text in (str(row.get("summary") or ""), "" if good or not body else body[:300]):
                        if len(text.split()) >= 2 and text.lower() not in seen:
                            seen.add(text.lower())
                            yield text, good

"""Reads the sets that the sentiment model learns from, each as texts with 1 good, 0 bad or -1 neither."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huaxiang.errors import DataError
from training import neutral as neutral_sentences
from training import opinions

GOOD, BAD, NEITHER = 1, 0, -1

SHOPPING = "online-shopping-10-cats/train.jsonl.gz"
AMAZON = (
    "amazon-musical-instruments/reviews_Musical_Instruments_5.json.gz",
    "amazon-gift-cards/Gift_Cards_5.json.gz",
)
DOUBAN = "douban-movies/reviews.jsonl.gz"
TERMS = {"zh": ("zh-phone", "zh-camera", "zh-car", "zh-notebook"), "en": ("en-laptop14", "en-restaurant14")}


@dataclass(frozen=True, slots=True)
class Example:
    """One text and its label; `group` is what must not be on both sides of a split, `source` where it is from."""

    text: str
    label: int
    group: str
    source: str
    title: str = ""


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        raise DataError(f"no file {path.name!r} in the data folder", hint="give the folder with --data")
    with gzip.open(path, "rt", encoding="utf-8") as held:
        for line in held:
            yield json.loads(line)


def _key(text: str) -> str:
    """Letters and digits only: texts alike in these are one text."""
    return hashlib.sha1(re.sub(r"\W", "", text.lower()).encode("utf-8", "surrogatepass")).hexdigest()


def _distinct(examples: Iterator[Example]) -> list[Example]:
    seen: dict[str, Example] = {}
    for example in examples:
        seen.setdefault(example.group, example)
    return list(seen.values())


def shopping(data: Path) -> list[Example]:
    """Chinese shop reviews of ten categories (`source`), doubles dropped."""
    rows = _lines(data / SHOPPING)
    return _distinct(Example(r["review"], r["label"], _key(r["review"]), r["category"]) for r in rows)


def split(examples: list[Example], *, test: float = 0.1) -> tuple[list[Example], list[Example]]:
    """(train, test), stratified by source and label, by the order of hashes: the same on every machine."""
    ordered = sorted(examples, key=lambda example: example.group)
    total = Counter((example.source, example.label) for example in ordered)
    seen: Counter[tuple[str, int]] = Counter()
    train: list[Example] = []
    held_out: list[Example] = []
    for example in ordered:
        stratum = (example.source, example.label)
        (held_out if seen[stratum] < test * total[stratum] else train).append(example)
        seen[stratum] += 1
    return train, held_out


def amazon(data: Path) -> list[Example]:
    """English reviews with their titles: 4-5 stars good, 1-2 bad, 3 neither; doubles and empty ones dropped."""

    def rows() -> Iterator[Example]:
        for name in AMAZON:
            for row in _lines(data / name):
                body, title, stars = row.get("reviewText") or "", row.get("summary") or "", int(row["overall"])
                if body.strip():
                    label = GOOD if stars > 3 else BAD if stars < 3 else NEITHER
                    yield Example(body, label, _key(body), name.split("/")[0], title)

    return _distinct(rows())


def aspect_sentences(data: Path, language: str) -> list[Example]:
    """Sentences whose aspect terms all have one polarity."""
    made: list[Example] = []
    for name in TERMS[language]:
        path = data / "aspect-sentiment" / f"{name}.train.txt"
        if not path.exists():
            raise DataError(f"no file {path.name!r} in the data folder", hint="give the folder with --data")
        lines = path.read_text(encoding="utf-8").splitlines()
        polarities: defaultdict[str, set[str]] = defaultdict(set)
        for number in range(0, len(lines) - 2, 3):
            polarities[lines[number].replace("$T$", lines[number + 1])].add(lines[number + 2].strip())
        for tokens, found in polarities.items():
            if len(found) == 1:
                label = {"Positive": GOOD, "Negative": BAD, "Neutral": NEITHER}[found.pop()]
                made.append(Example(_untokenised(tokens, language), label, _key(tokens), name))
    return made


def _untokenised(tokens: str, language: str) -> str:
    if language == "zh":
        return tokens.replace(" ", "")
    return re.sub(r" (n't|'\w+|[,.!?;:%)])", r"\1", tokens)


def films(data: Path) -> list[Example]:
    """Chinese film reviews by stars; it is mostly praise, so weigh it by class."""
    made = []
    for row in _lines(data / DOUBAN):
        stars = float(row["stars"] or 3)
        if stars != 3:
            made.append(Example(row["text"], GOOD if stars > 3 else BAD, _key(row["text"]), "films"))
    return made


def neutral(data: Path, language: str) -> list[Example]:
    """Texts that say nothing good or bad: our own sentences, and shop titles (zh) or service requests (en)."""
    texts = neutral_sentences.sentences(language)
    if language == "zh":
        rows = (data / "ecommerce-ner-zh" / "train.txt.bieos").read_text(encoding="utf-8").split("\n\n")
        texts += ["".join(line.split("\t")[0] for line in row.splitlines()) for row in rows if row.strip()]
    else:
        with (data / "intents" / "bitext_train.csv").open(encoding="utf-8", newline="") as held:
            rows_en = [row for row in csv.DictReader(held) if row["category"] not in ("FEEDBACK",)]
        asked = [row["utterance"] for row in rows_en if row["intent"] not in ("complaint", "payment_issue")]
        texts += sorted(set(asked))[::3]
    return [Example(text, NEITHER, _key(text), "neutral") for text in texts]


def clauses(language: str) -> list[Example]:
    """Our own one-clause opinions."""
    return [Example(text, int(good), _key(text), "clauses") for text, good in opinions.sentences(language)]

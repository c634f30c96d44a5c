"""Which field a mentioned value is stated for: a linear map over the encoder's states, learned from sentences of ours.

`data/stated/*.tsv`: label, then a sentence with its values in brackets (`Our [corgi] inhales these`); `[corgi|-]` is a value
of which nothing is stated, `-` as the label says so of the whole line. The sentences were written from the field packs'
definitions, not from the sample shop or its gold. Each comes twice more with other words of the same vocabulary. What real
reviews mention in passing (`reviews` in the data folder) is learned as nothing stated: without it, one number in twenty of a
review passes for a size. Fields of which reviews state a good part (pets, devices, gifts) are left out of that.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from huaxiang.errors import DataError
from huaxiang.extract.mentions import mentions
from huaxiang.extract.stated import FILE, NOTHING, StatedModel, choose, features, save, seen, standard, units
from huaxiang.ledger.candidate import Candidate
from huaxiang.ledger.verify import verify
from huaxiang.models.e5_file import Floats
from huaxiang.models.e5_states import StatesEncoder
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack, load_pack
from training.recipes import Outcome, Request

OWN = Path(__file__).parent / "data" / "stated"
COPIES = 2
STEPS, RATE, DECAY = 200, 0.05, 3e-5
AT_ONCE = 64
FOLDS = 5
LEAST = (0.35, 0.5, 0.6, 0.8)
PASSING = 1500
"""Sentences of each language's reviews that mention something."""
TOLD = frozenset(("buys_for", "has_pet", "owns_device", "hobby", "skin_type"))
REVIEWS = (
    ("amazon-musical-instruments/reviews_Musical_Instruments_5.json.gz", "reviewText"),
    ("online-shopping-10-cats/train.jsonl.gz", "review"),
)
_MARK = re.compile(r"\[([^\[\]|]+)(?:\|([\w-]+))?\]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_FIXED = ("skin_types", "contact_channels", "delivery")
"""Vocabularies of which one word does not stand for another in a sentence."""


@dataclass(frozen=True)
class Row:
    """A sentence with its values: (start, end, label). `source` is file and line; a copy has other words in it."""

    text: str
    language: str
    values: tuple[tuple[int, int, str], ...]
    source: str
    copy: bool = False


def rows(folder: Path = OWN) -> list[Row]:
    """The sentences, in the order of the files.

    Raises:
        DataError: a line has not two columns, or no value in brackets.
    """
    made = []
    for file in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            label, tab, marked = line.partition("\t")
            if not tab or not _MARK.search(marked):
                raise DataError(
                    f"{file.name}, line {number}: not a label and a sentence with a [value]",
                    hint="label, tab, sentence; the value in square brackets", code="stated-data",
                )  # fmt: skip
            made.append(_row(label, marked, file.name[:2], f"{file.name}:{number}"))
    return made


def _row(label: str, marked: str, language: str, source: str) -> Row:
    text, values, last = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        said = match.group(2) or label
        values.append((len(text), len(text) + len(match.group(1)), NOTHING if said == "-" else said))
        text += match.group(1)
        last = match.end()
    return Row(text + marked[last:], language, tuple(values), source)


def copies(found: Sequence[Row], pack: FieldPack, *, seed: int = 0) -> Iterator[Row]:
    """Each sentence, and `COPIES` of it with other words of the same vocabularies, in the same script."""
    rng = random.Random(seed)
    spelled: dict[str, str] = {}
    for name, terms in pack.vocabularies.items():
        for term in terms.values():
            spelled |= {one.casefold(): name for one in term.spellings if one.casefold() not in spelled}
    for row in found:
        yield row
        for _ in range(COPIES):
            text, values, last = "", [], 0
            for start, end, label in row.values:
                name = spelled.get(row.text[start:end].casefold(), "")
                word = row.text[start:end]
                if name and name not in _FIXED:
                    alike = [
                        s
                        for s, v in spelled.items()
                        if v == name and bool(_CHINESE.search(s)) == (row.language == "zh")
                    ]
                    word = rng.choice(alike or [word])
                text += row.text[last:start]
                values.append((len(text), len(text) + len(word), label))
                text += word
                last = end
            text += row.text[last:]
            if text != row.text:
                yield replace(row, text=text, values=tuple(values), copy=True)


@dataclass(frozen=True)
class Table:
    """Features (n, 3 * width) with what they are of: row number and (start, end, label) of each."""

    features: Floats
    of: tuple[tuple[int, int, int, str], ...]


def encode(encoder: StatesEncoder, found: Sequence[Row]) -> Table:
    """Read every sentence; 10 ms each."""
    features: list[Floats] = []
    of: list[tuple[int, int, int, str]] = []
    for first in range(0, len(found), AT_ONCE):
        part = found[first : first + AT_ONCE]
        for number, states in enumerate(encoder.passages([row.text for row in part]), first):
            for start, end, label in found[number].values:
                row = seen(states, start, end)
                if row is not None:
                    features.append(row)
                    of.append((number, start, end, label))
    return Table(np.stack(features), tuple(of))


def fit(features: Floats, labels: Sequence[str], *, about: dict[str, object] | None = None) -> StatedModel:
    """Fit the map: softmax regression by Adam on the whole set at once; half a minute of one core, no random numbers."""
    names = tuple(sorted(set(labels)))
    plain = units(features)
    mean, deviation = plain.mean(axis=0), plain.std(axis=0) + 1e-6
    inputs = standard(features, mean, deviation)
    wanted = np.eye(len(names), dtype=np.float32)[[names.index(one) for one in labels]]
    values = [np.zeros((inputs.shape[1], len(names)), np.float32), np.zeros(len(names), np.float32)]
    first, second = [np.zeros_like(one) for one in values], [np.zeros_like(one) for one in values]
    for step in range(1, STEPS + 1):
        scores = inputs @ values[0] + values[1]
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        wrong = (chances - wanted) / len(inputs)
        rate = RATE * (1 - 0.9 * step / STEPS)
        for place, slope in enumerate((inputs.T @ wrong + DECAY * values[0], wrong.sum(axis=0))):
            first[place] = 0.9 * first[place] + 0.1 * slope
            second[place] = 0.99 * second[place] + 0.01 * slope * slope
            values[place] -= (
                rate * (first[place] / (1 - 0.9**step)) / (np.sqrt(second[place] / (1 - 0.99**step)) + 1e-8)
            )
    return StatedModel(names, mean, deviation, np.ascontiguousarray(values[0].T), values[1], dict(about or {}))


def in_passing(folder: Path, pack: FieldPack, encoder: StatesEncoder, *, seed: int = 2) -> Floats:
    """Features of what real reviews mention, (n, 3 * width), without fields in `TOLD`; half a minute. Nothing without the data."""
    made: list[Floats] = []
    for name, key in REVIEWS:
        if not (folder / name).is_file():
            continue
        with gzip.open(folder / name, "rt", encoding="utf-8") as lines:
            texts = [str(json.loads(line)[key])[:600] for line in lines]
        random.Random(seed).shuffle(texts)
        read = 0
        for text in texts:
            found = list(mentions(text, pack, currency="CNY"))
            read += len({one.sentence for one in found})
            made += [
                row for one, row in features(text, found, encoder) if not {field for field, _ in one.values} & TOLD
            ]  # fmt: skip
            if read > PASSING:
                break
    return np.stack(made) if made else np.zeros((0, 0), np.float32)


def with_passing(table: Table, places: Sequence[int], passing: Floats) -> tuple[Floats, list[str]]:
    """Features and labels of these places of the table, and of what is mentioned in passing."""
    labels = [table.of[place][3] for place in places] + [NOTHING] * len(passing)
    mine = table.features[list(places)]
    return (np.concatenate([mine, passing]) if len(passing) else mine), labels


def held_out(
    table: Table, found: Sequence[Row], passing: Floats, fold: int
) -> Iterator[tuple[Row, int, int, str, dict[str, float]]]:
    """Readings of a fifth of the sentences by a map that learned the others: row, place, label, chance of each label."""
    folds = [zlib.crc32(found[number].source.encode()) % FOLDS for number, *_ in table.of]
    learned = [place for place, one in enumerate(folds) if one != fold]
    out = [place for place, one in enumerate(folds) if one == fold and not found[table.of[place][0]].copy]
    model = fit(*with_passing(table, learned, passing))
    for place, row in zip(out, model.probabilities(table.features[out]), strict=True):
        number, start, end, label = table.of[place]
        yield found[number], start, end, label, dict(zip(model.labels, row.tolist(), strict=True))


def figures(read: Sequence[tuple[Row, int, int, str, dict[str, float]]], pack: FieldPack) -> dict[str, float]:
    """Precision and recall of what passes the ledger's check, from several probabilities on, by language."""
    told: dict[str, float] = {}
    judged = [
        (row.language, label, *checked(row, start, end, chances, pack)) for row, start, end, label, chances in read
    ]
    for language in ("zh", "en"):
        mine = [one for one in judged if one[0] == language]
        true = sum(one[1] != NOTHING for one in mine)
        for least in LEAST:
            held = [one for one in mine if one[2] is not None and one[3] >= least]
            right = sum(one[1] == one[2] for one in held)
            told[f"stated_{language}_precision@{least}"] = round(right / max(1, len(held)), 4)
            told[f"stated_{language}_recall@{least}"] = round(right / max(1, true), 4)
    return told


def checked(row: Row, start: int, end: int, chances: dict[str, float], pack: FieldPack) -> tuple[str | None, float]:
    """The field that would enter the profile and its probability; None where none can hold the value or the check refuses."""
    found = [one for one in mentions(row.text, pack, currency="USD") if one.start < end and one.end > start]
    read = [(*choose(one.values, chances), one.sentence) for one in found]
    if not read:
        return None, 0.0
    best, value, chance, sentence = max(read, key=lambda one: one[2])
    first, last = sentence.start, sentence.end
    evidence = Evidence(evidence_id="t1", customer_id="C1", kind="text", clean=row.text, language=row.language)
    verdict = verify(
        Candidate(
            name=best, value=value, evidence_id="t1", quote=row.text[first:last], start=first, end=last, read=True
        ),
        evidence,
        pack,
    )
    held = verdict.status == "accepted" and verdict.for_whom is None
    return (best if held else None), chance


def train(request: Request) -> Outcome:
    """The recipe: figures of five folds, each read by a map of the other four; the file learned from all sentences.

    Raises:
        DataError: a file of sentences cannot be read. ModelError: the encoder has not been fetched.
    """
    request.work.mkdir(parents=True, exist_ok=True)
    pack = load_pack("retail")
    encoder = StatesEncoder.load()
    found = list(copies(rows(), pack, seed=request.seed))
    table, passing = encode(encoder, found), in_passing(request.data, pack, encoder)
    read = []
    for fold in range(FOLDS):
        request.tell(fold, FOLDS + 1, "held out")
        read += list(held_out(table, found, passing, fold))
    told = figures(read, pack)
    request.say(json.dumps(told))
    made = request.work / FILE
    about = {"sentences": sum(not one.copy for one in found), "passing": len(passing), "figures": told}
    save(made, fit(*with_passing(table, range(len(table.of)), passing), about=about))
    request.tell(FOLDS + 1, FOLDS + 1, "")
    return Outcome({made.name: made}, told, {}, ())

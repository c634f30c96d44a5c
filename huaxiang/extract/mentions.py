"""What in a text could be the value of a field: known words, numbers, sizes, amounts; whether it is one is read elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from huaxiang.extract.compounds import is_compound, is_last_part
from huaxiang.extract.find import plain
from huaxiang.ledger import reading
from huaxiang.ledger.whose import find
from huaxiang.schema.pack import FieldPack

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.,$€£])(?P<c>[$€£]?)\s?(?P<v>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\d.,]*\d)(?P<u>\s?(?:美元|dollars|bucks|euros?|pounds|quid|元|块))?"
)
_LETTERS = re.compile(r"(?<![A-Za-z0-9'’])(?:[2-6]XL|X{0,3}[SL]|M)(?![A-Za-z0-9'’])")
_WORDS = re.compile(r"\b(?:extra[ -](?:large|small)|small|medium|large)\b", re.IGNORECASE)
_SIZES = {"small": "S", "medium": "M", "large": "L", "extra large": "XL", "extra small": "XS"}
_CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP"}
_UNITS = {
    "美元": "USD",
    "dollars": "USD",
    "bucks": "USD",
    "euro": "EUR",
    "euros": "EUR",
    "pounds": "GBP",
    "quid": "GBP",
}
SHOE, CLOTHES, MONEY = "shoe_size", "clothing_size", "budget_minor"
LONGEST = 400
"""Characters of a sentence that is read; what is longer is no sentence."""


@dataclass(frozen=True, slots=True)
class Mention:
    """`text[start:end]` may give `values[field]` for any of these fields; `sentence` is where it stands."""

    start: int
    end: int
    values: tuple[tuple[str, Any], ...]
    sentence: reading.Span


def mentions(text: str, pack: FieldPack, *, currency: str = "") -> Iterator[Mention]:
    """Every possible value in a text, sentence by sentence, longer words before the shorter ones inside them.

    Args:
        text: what a customer wrote.
        pack: the fields and their words; fields that nobody may state are left out.
        currency: of an amount without a symbol; `?` when empty.
    """
    smooth = plain(text)
    for sentence in reading.sentences(smooth):
        if sentence.end - sentence.start <= LONGEST:
            yield from _known(smooth, sentence, pack)
            yield from _numbers(smooth, sentence, pack, currency or "?")
            yield from _sizes(smooth, sentence, pack)
            yield from _whole(smooth, sentence, pack)


def _known(text: str, sentence: reading.Span, pack: FieldPack) -> Iterator[Mention]:
    """Words of the pack's vocabularies, each place once, with every field that may hold them."""
    words = text[sentence.start : sentence.end]
    low, taken = words.casefold(), [False] * len(words)
    for spelling, values in _spelled(pack):
        if spelling.casefold() not in low:
            continue
        at = find(words, spelling)
        while at >= 0:
            end = at + len(spelling)
            if not any(taken[at:end]):
                taken[at:end] = [True] * (end - at)
                here = tuple(
                    (field, value) for field, value, vocabulary in values
                    if not is_compound(text, sentence.start + end, vocabulary)
                    and not is_last_part(text, sentence.start + at, vocabulary)
                )  # fmt: skip
                if here:
                    yield Mention(sentence.start + at, sentence.start + end, here, sentence)
            at = find(words, spelling, end)


def _numbers(text: str, sentence: reading.Span, pack: FieldPack, currency: str) -> Iterator[Mention]:
    for match in _NUMBER.finditer(text, sentence.start, sentence.end):
        number = float(match["v"].replace(",", ""))
        unit = (match["u"] or "").strip()
        values: list[tuple[str, Any]] = []
        if not match["c"] and not unit:
            if SHOE in pack.fields and 4 <= number <= 50 and number * 2 == int(number * 2):
                values.append((SHOE, int(number) if number.is_integer() else number))
            if CLOTHES in pack.fields and number.is_integer() and 2 <= number <= 190 and "." not in match["v"]:
                values.append((CLOTHES, str(int(number))))
        if MONEY in pack.fields and number >= 10:
            spoken = _CURRENCIES.get(match["c"]) or _UNITS.get(unit) or currency
            values.append((MONEY, {spoken: round(number * 100)}))
        if values:
            yield Mention(match.start("c") if match["c"] else match.start("v"), match.end("v"), tuple(values), sentence)


def _sizes(text: str, sentence: reading.Span, pack: FieldPack) -> Iterator[Mention]:
    if CLOTHES not in pack.fields:
        return
    for match in _LETTERS.finditer(text, sentence.start, sentence.end):
        yield Mention(match.start(), match.end(), ((CLOTHES, match.group()),), sentence)
    for match in _WORDS.finditer(text, sentence.start, sentence.end):
        size = _SIZES[match.group().casefold().replace("-", " ")]
        yield Mention(match.start(), match.end(), ((CLOTHES, size),), sentence)


def _whole(text: str, sentence: reading.Span, pack: FieldPack) -> Iterator[Mention]:
    """A yes/no field is said by a whole sentence that has one of its cues."""
    words = text[sentence.start : sentence.end]
    for name, spec in pack.fields.items():
        if spec.type == "boolean" and "stated" in spec.bases and any(find(words, cue) >= 0 for cue in spec.cues):
            yield Mention(sentence.start, sentence.end, ((name, True),), sentence)


def _spelled(pack: FieldPack) -> list[tuple[str, list[tuple[str, Any, str]]]]:
    """Every spelling with its fields, values and vocabularies, the longest first; made once a pack."""
    held = _TABLES.get(id(pack))
    if held is not None and held[0] is pack:
        return held[1]
    table: dict[str, list[tuple[str, Any, str]]] = {}
    for name, spec in pack.fields.items():
        if "stated" not in spec.bases:
            continue
        for vocabulary in spec.vocabulary:
            for value, term in pack.vocabularies.get(vocabulary, {}).items():
                for spelling in term.spellings:
                    table.setdefault(spelling, []).append((name, value, vocabulary))
    ordered = sorted(table.items(), key=lambda one: (-len(one[0]), one[0]))
    if len(_TABLES) > 8:
        _TABLES.clear()
    _TABLES[id(pack)] = (pack, ordered)
    return ordered


_TABLES: dict[int, tuple[FieldPack, list[tuple[str, list[tuple[str, Any, str]]]]]] = {}

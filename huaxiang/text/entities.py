"""Entities with offsets: brand, product, colour, size, material, price, person the item is for, place, date.

Three readers, each for what it does best: the shop's own catalogue (brands, products and their other names in either
language), patterns of both languages (colour, size, material, price, person, place, date; in English also a list of goods), and a
trained tagger for brands and products in Chinese titles that no catalogue lists. Where they meet, the catalogue goes first, then the
longest. Every entity's text is the slice of the text it was read in.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from huaxiang.errors import DataError
from huaxiang.text.entities_features import plain
from huaxiang.text.entities_goods import goods
from huaxiang.text.entities_nouns import is_no_thing
from huaxiang.text.entities_patterns import found_by_pattern
from huaxiang.text.entities_tiers import Tags
from huaxiang.text.entities_words import BESIDE, BRANDS, UNSURE

Kind = Literal["brand", "product", "colour", "size", "material", "price", "person", "place", "date"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST = 20_000
"""Characters of a text that are read; what lies behind is left out."""
_SHORTEST = 2
_BESIDE, _HAN = re.compile(BESIDE), re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Entity:
    """A half-open span `start`…`end` of the text, its words, its kind, and what it is called everywhere else.

    `value` is the catalogue's name or a canonical one (colour and material in English, price as "CNY 199.00");
    `source` says who found it: catalogue, pattern or tagger.
    """

    kind: Kind
    start: int
    end: int
    text: str
    value: str
    source: Literal["catalogue", "pattern", "tagger"]


class Gazetteer:
    """Names of brands and products with what each stands for. Spelling is compared by `plain`: width, case, 繁/简."""

    def __init__(self, names: Iterable[tuple[str, str, Kind]] = (), *, common: bool = True) -> None:
        """Make one.

        Args:
            names: (a name as people write it, the catalogue's name, its kind). Names of one character are left out.
            common: also know the common brands in both languages.
        """
        self._names: dict[str, tuple[str, Kind]] = {}
        if common:
            for brand in BRANDS:
                for name in brand:
                    self._names[plain(name)] = self._names[plain(name.replace("-", " "))] = (brand[0], "brand")
        self._unsure = UNSURE & self._names.keys()
        for name, value, kind in names:
            key = plain(name.strip())
            if len(key) >= _SHORTEST:
                self._names[key] = (value, kind)
                self._unsure = self._unsure - {key}
        self._lengths: dict[str, list[int]] = {}
        for key in self._names:
            sizes = self._lengths.setdefault(key[:2], [])
            if len(key) not in sizes:
                sizes.append(len(key))
        for sizes in self._lengths.values():
            sizes.sort(reverse=True)

    def __len__(self) -> int:
        return len(self._names)

    def find(self, line: str) -> list[tuple[int, int, str, Kind]]:
        """Longest matches from left to right in a line of `plain`; a Latin name only where a word begins and ends.

        Of common brands those that are words as well (苹果, dove) count only where the line names a thing of the brand.
        """
        found = []
        place = 0
        things = _BESIDE.search(line) is not None
        while place < len(line) - 1:
            end = self._match(line, place)
            if end and (things or line[place:end] not in self._unsure):
                value, kind = self._names[line[place:end]]
                found.append((place, end, value, kind))
                place = end
            else:
                place += 1
        return found

    def is_a_word(self, line: str, start: int, end: int) -> bool:
        """Whether a span is a common brand's name in a line where it means something else, as in 苹果很甜."""
        return line[start:end] in self._unsure and not _BESIDE.search(line)

    def _match(self, line: str, start: int) -> int:
        for size in self._lengths.get(line[start : start + 2], ()):
            end = start + size
            if line[start:end] in self._names and not (_inside(line, start) or _inside(line, end)):
                return end
        return 0


def _inside(line: str, place: int) -> bool:
    """Whether a border would cut a Latin word or a number in two."""
    if not 0 < place < len(line):
        return False
    left, right = line[place - 1], line[place]
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()


class EntityReader:
    """Reads entities with a gazetteer, the patterns and, if there is one, a tagger. Immutable; safe between threads."""

    def __init__(self, gazetteer: Gazetteer | None = None, tagger: Tags | None = None) -> None:
        self._gazetteer = gazetteer if gazetteer is not None else Gazetteer()
        self._tagger = tagger

    def read(self, texts: Sequence[str]) -> list[list[Entity]]:
        """Entities of each text in order of `start`; no two of a text overlap. Any string is accepted."""
        return [self._one(text[:LONGEST]) for text in texts]

    def _one(self, text: str) -> list[Entity]:
        taken: list[Entity] = []
        covered = bytearray(len(text))
        line = plain(text)
        for start, end, value, kind in self._gazetteer.find(line):
            taken.append(Entity(kind, start, end, text[start:end], value, "catalogue"))
            covered[start:end] = b"\1" * (end - start)
        patterns = [Entity(k, a, b, text[a:b], v, "pattern") for k, a, b, v in found_by_pattern(text, line)]  # type: ignore[arg-type]
        _add(taken, covered, sorted(patterns, key=lambda one: (one.start - one.end, one.start)))
        _add(taken, covered, [Entity("product", a, b, text[a:b], line[a:b], "pattern") for a, b in goods(line)])
        if self._tagger is not None and _HAN.search(line):  # it has learned from Chinese titles alone
            _add(taken, covered, [
                Entity("brand" if kind == "HP" else "product", a, b, text[a:b], line[a:b], "tagger")
                for a, b, kind in self._tagger.spans(text)
                if not self._gazetteer.is_a_word(line, a, b) and not (kind != "HP" and is_no_thing(line, a, b))
            ])  # fmt: skip
        return sorted(taken, key=lambda one: one.start)


def _add(taken: list[Entity], covered: bytearray, more: Sequence[Entity]) -> None:
    """Take what overlaps nothing taken; `covered` has a 1 at each character that is: a text of one colour word
    50,000 times over holds 50,000 spans, too many to compare with each other."""
    for one in more:
        if not any(covered[one.start : one.end]):
            taken.append(one)
            covered[one.start : one.end] = b"\1" * (one.end - one.start)


def catalogue(rows: Iterable[tuple[str | None, str | None]], aliases: Iterable[tuple[str, str]] = ()) -> Gazetteer:
    """A gazetteer of a shop: (title, brand) of each item, and (brand, another name) as in the shop's brand file."""
    names: list[tuple[str, str, Kind]] = []
    for title, brand in rows:
        if title:
            names.append((title, title, "product"))
        if brand:
            names.append((brand, brand, "brand"))
    names += [(other, brand, "brand") for brand, other in aliases]
    return Gazetteer(names)


def read_names(file: Path) -> Gazetteer:
    """A gazetteer from a CSV file: columns `brand` and `alias`, or any of `title`, `title_en` and `brand`.

    Raises:
        DataError: the file cannot be read or has none of these columns.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            rows = list(csv.DictReader(source))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(
            f"cannot read {file.name!r} ({type(error).__name__})", hint="give a CSV file in UTF-8", code="no-such-file"
        ) from error
    if not rows or not {"title", "title_en", "brand"} & set(rows[0]):
        raise DataError(
            f"{file.name!r} has no names", hint="its columns are brand,alias or title,title_en,brand", code="no-names"
        )
    names: list[tuple[str, str, Kind]] = []
    for row in rows:
        title, brand = row.get("title") or row.get("title_en"), row.get("brand")
        names += [(name, title, "product") for name in (row.get("title"), row.get("title_en")) if name and title]
        names += [(name, brand, "brand") for name in (brand, row.get("alias")) if name and brand]
    return Gazetteer(names)

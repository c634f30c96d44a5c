"""Finding statements in a text by rule: what field, what value, which words, and whether they say that it is over."""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from huaxiang.extract.endings import ENDINGS
from huaxiang.extract.pattern import Pattern
from huaxiang.extract.patterns import PATTERNS, SIZE
from huaxiang.extract.prefilter import Needs, needs_of
from huaxiang.extract.templates import patterns_of
from huaxiang.ledger.whose import find
from huaxiang.schema.pack import FieldPack

_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP"}
_UNITS = {"千": 1000, "k": 1000, "万": 10_000, "百": 100}
_SIZE_OF = {
    "small": "S", "medium": "M", "large": "L", "extra large": "XL", "extra-large": "XL", "x-large": "XL", "extra small": "XS",
    "extra-small": "XS",
}  # fmt: skip
_HOBBY_VERBS = {
    "hike": "hiking", "run": "running", "bike": "cycling", "cycle": "cycling", "climb": "climbing", "fish": "fishing", "knit": "knitting",
    "garden": "gardening", "crochet": "knitting", "bake": "baking", "swim": "swimming", "camp": "camping", "paint": "painting",
    "ski": "skiing", "dance": "dancing", "cook": "cooking", "录播客": "podcasting", "弹琴": "guitar",
}  # fmt: skip
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_EDGES = " ,，。!！~～"


@dataclass(frozen=True, slots=True)
class Statement:
    """One finding: `text[start:end]` says that `value` holds for `field`, or (`ends`) that it holds no longer."""

    field: str
    value: Any
    start: int
    end: int
    rule: str
    ends: bool = False
    polarity: int = 0


@dataclass(frozen=True, slots=True)
class _Ready:
    pattern: Pattern
    regex: re.Pattern[str]
    context: re.Pattern[str] | None
    needs: Needs
    chinese: bool


def statements(
    text: str, pack: FieldPack, *, currency: str = "", fields: Container[str] | None = None
) -> Iterator[Statement]:
    """What the rules find in a text, pattern by pattern; unverified, and the same value may come several times.

    Args:
        text: what a customer wrote; ’ may stand for '.
        pack: fields and vocabularies; patterns for fields it lacks are skipped.
        currency: for a budget without a symbol; `?` when empty.
        fields: only these.
    """
    text = text.replace("’", "'")
    chinese = _CHINESE.search(text) is not None
    low = text.casefold()
    seen: dict[frozenset[str], bool] = {}
    for one in ready(pack):
        if (one.chinese and not chinese) or (fields is not None and one.pattern.field not in fields):
            continue
        if not _may_match(one.needs, low, seen) or (one.context is not None and not one.context.search(text)):
            continue
        for match in one.regex.finditer(text):
            yield from _statements(one.pattern, match, pack, currency)


def ready(pack: FieldPack) -> tuple[_Ready, ...]:
    """The patterns for this pack, compiled; made once a pack."""
    return _ready(_Held(pack))


def _may_match(needs: Needs, low: str, seen: dict[frozenset[str], bool]) -> bool:
    for words in needs:
        if words not in seen:
            seen[words] = any(word in low for word in words)
        if not seen[words]:
            return False
    return True


def _statements(pattern: Pattern, match: re.Match[str], pack: FieldPack, currency: str) -> Iterator[Statement]:
    quote = match.group()
    start = match.start() + len(quote) - len(quote.lstrip(_EDGES))
    quote = quote.strip(_EDGES)
    if not quote:
        return
    if pattern.each:
        values: list[Any] = list(_known_values(pack, pattern, quote))
    elif pattern.value is not None:
        values = [pattern.value == "true"]
    else:
        values = [_value(pattern, match, pack, currency)]
    for value in values:
        if value is not None:
            yield Statement(
                pattern.field, value, start, start + len(quote), pattern.rule, pattern.ends, pattern.polarity
            )


def _value(pattern: Pattern, match: re.Match[str], pack: FieldPack, currency: str) -> Any:
    words, spec = match.group("v"), pack.fields[pattern.field]
    if pattern.field == "clothing_size":
        return _SIZE_OF.get(words.casefold(), words.upper())
    if pattern.field == "shoe_size":
        number = float(words) + (0.5 if "码半" in match.group() else 0.0)
        return number if 4 <= number <= 50 else None
    if spec.type == "money":
        groups = match.groupdict()
        amount = float(words.replace(",", "")) * _UNITS.get((groups.get("u") or "").lower(), 1)
        spoken = "USD" if groups.get("d") else currency or "?"
        return {_SYMBOLS.get(groups.get("c") or "", spoken): round(amount * 100)}
    if spec.type == "number":
        return float(words)
    if pattern.field == "hobby" and words.casefold() in _HOBBY_VERBS:
        return _HOBBY_VERBS[words.casefold()]
    return pack.canonical(pattern.field, re.sub(r"\s+", " ", words)) or words


def _known_values(pack: FieldPack, pattern: Pattern, quote: str) -> Iterator[str]:
    """Every value of the pattern's vocabularies that the quote names; a longer spelling hides the shorter ones in it."""
    rest, seen, low = quote, set(), quote.casefold()
    for spelling, value in _spelled(_Held(pack), pattern.each or ""):
        if spelling.casefold() not in low:
            continue
        at = find(rest, spelling)
        if at >= 0:
            rest = rest[:at] + "\x00" * len(spelling) + rest[at + len(spelling) :]
            if value not in seen:
                seen.add(value)
                yield value


class _Held:
    """A pack as a cache key: by identity, since its tables cannot be hashed."""

    __slots__ = ("pack",)

    def __init__(self, pack: FieldPack) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return id(self.pack)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.pack is other.pack


@functools.lru_cache(maxsize=8)
def _ready(held: _Held) -> tuple[_Ready, ...]:
    pack = held.pack
    spellings = {"SIZE": SIZE, **{name: _alternatives(pack, name) for name in pack.vocabularies}}
    found = []
    for pattern in (*PATTERNS, *ENDINGS, *patterns_of(pack)):
        if pattern.field not in pack.fields:
            continue
        source = re.sub(r"\{([A-Za-z_]+)\}", lambda m: spellings.get(m.group(1), "(?!)"), pattern.regex)
        # sizes are capital letters on purpose ("s" is not one); all else may be written any way
        flags = re.RegexFlag(0) if "{SIZE}" in pattern.regex and ".zh" in pattern.rule else re.IGNORECASE
        regex = re.compile(source, flags)
        context = re.compile(pattern.needs, re.IGNORECASE) if pattern.needs else None
        needs = needs_of(regex)
        if pattern.each:
            needs = (*needs, frozenset(spelling.casefold() for spelling, _ in _spelled(held, pattern.each)))
        found.append(_Ready(pattern, regex, context, needs, ".zh" in pattern.rule))
    return tuple(found)


@functools.lru_cache(maxsize=512)
def _spelled(held: _Held, names: str) -> tuple[tuple[str, str], ...]:
    spelled = [
        (spelling, value)
        for vocabulary in names.split()
        for value, term in held.pack.vocabularies.get(vocabulary, {}).items()
        for spelling in term.spellings
    ]
    return tuple(sorted(spelled, key=lambda s: -len(s[0])))


def _alternatives(pack: FieldPack, name: str) -> str:
    words = sorted({s for term in pack.vocabularies[name].values() for s in term.spellings}, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word) for word in words) + ")"

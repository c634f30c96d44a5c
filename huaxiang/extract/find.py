"""Finding statements in a text by rule: what field, what value, which words, and whether they say that it is over."""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from huaxiang.extract.about import About, HeldPack, for_children, speaks_for_itself, values_of
from huaxiang.extract.compounds import is_compound
from huaxiang.extract.endings import ENDINGS
from huaxiang.extract.pattern import Pattern
from huaxiang.extract.patterns import PATTERNS, SIZE
from huaxiang.extract.prefilter import Index, Needs, needs_of
from huaxiang.extract.reviewed import REVIEWED
from huaxiang.extract.templates import patterns_of
from huaxiang.ledger import reading
from huaxiang.ledger.whose import find
from huaxiang.schema.pack import FieldPack
from huaxiang.text.normalise import to_simplified

_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP"}
_UNITS = {"千": 1000, "k": 1000, "万": 10_000, "百": 100}
_SIZE_OF = {
    "small": "S", "medium": "M", "large": "L", "extra large": "XL", "extra-large": "XL", "x-large": "XL", "extra small": "XS",
    "extra-small": "XS",
}  # fmt: skip
HOBBY_VERBS = {
    "runner": "running", "jogger": "running", "marathoner": "running", "runs": "running", "jog": "running", "hiker": "hiking", "rambler": "hiking", "hikes": "hiking",
    "cyclist": "cycling", "ride": "cycling", "rides": "cycling", "climber": "climbing", "climbs": "climbing", "knitter": "knitting", "crocheter": "knitting",
    "birder": "birding", "birdwatcher": "birding", "baker": "baking", "bakes": "baking", "gardener": "gardening", "photographer": "photography",
    "guitarist": "guitar", "drummer": "drums", "bassist": "bass", "swimmer": "swimming", "swims": "swimming", "painter": "painting", "angler": "fishing",
    "camper": "camping", "skier": "skiing", "dancer": "dancing", "woodworker": "woodworking", "podcaster": "podcasting", "calligrapher": "calligraphy",
    "gamer": "gaming", "reader": "reading", "bookworm": "reading", "yogi": "yoga", "read": "reading",
    "hike": "hiking", "run": "running", "bike": "cycling", "cycle": "cycling", "climb": "climbing", "fish": "fishing", "knit": "knitting",
    "garden": "gardening", "crochet": "knitting", "bake": "baking", "swim": "swimming", "camp": "camping", "paint": "painting",
    "ski": "skiing", "dance": "dancing", "cook": "cooking", "录播客": "podcasting", "弹琴": "guitar",
    "跑不动": "running", "不跑了": "running", "爬不动": "hiking", "骑不动": "cycling", "不骑了": "cycling", "游不动": "swimming", "不游了": "swimming",
    "不钓了": "fishing", "不织了": "knitting", "不画了": "painting", "跳不动": "dancing", "不跳了": "dancing",
}  # fmt: skip
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
    derived: bool = False
    """The value is not in these words: it follows from the product that the text is about."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern as it is run."""

    pattern: Pattern
    regex: re.Pattern[str]
    context: re.Pattern[str] | None
    product: re.Pattern[str] | None
    chinese: bool
    """No text without a Chinese character matches it."""
    cased: bool
    """Sizes in Chinese texts are capital letters on purpose ("s" is not one); all else is matched in small letters."""


@dataclass(frozen=True, slots=True)
class Ready:
    """All patterns for one pack, and which of them a text may match."""

    patterns: tuple[Compiled, ...]
    index: Index


def statements(
    text: str, pack: FieldPack, *, currency: str = "", fields: Container[str] | None = None, about: About | None = None
) -> Iterator[Statement]:
    """What the rules find in a text, pattern by pattern; unverified, and the same value may come several times.

    Args:
        text: what a customer wrote; ’ may stand for '.
        pack: fields and vocabularies; patterns for fields it lacks are skipped.
        currency: for a budget without a symbol; `?` when empty.
        fields: only these.
        about: the product the text is about, for patterns that take their value from it.
    """
    text = plain(text)
    low = text.lower()
    if len(low) != len(text):  # a letter whose small form is two: offsets would shift
        text = low = "".join(char if len(char.lower()) == 1 else " " for char in text).lower()
    known, plain_english = ready(pack), text.isascii()
    for number in known.index.possible(low):
        one = known.patterns[number]
        if fields is not None and one.pattern.field not in fields:
            continue
        if one.chinese and plain_english:
            continue
        if one.pattern.stars is not None and not _fits(one, about):
            continue
        if one.context is None or one.context.search(low) or (about is not None and one.context.search(about.words)):
            for match in one.regex.finditer(text if one.cased else low):
                if one.pattern.about is None or ("v" in one.regex.groupindex and about and about.mine and about.alone):
                    yield from _statements(one.pattern, match, text, pack, currency)
                elif about is not None and "v" not in one.regex.groupindex:
                    yield from _derived(one.pattern, match, text, pack, about)


def _fits(one: Compiled, about: About | None) -> bool:
    """Whether the text's event is one that this pattern reads: its kind, its stars, its product."""
    if about is None or one.pattern.stars is None or about.kind not in one.pattern.kinds:
        return False
    low, high = one.pattern.stars
    if about.rating is not None and not low <= about.rating <= high:
        return False
    return one.product is None or _is_of(one.product, about.words)


@functools.lru_cache(maxsize=50_000)
def _is_of(wanted: re.Pattern[str], words: str) -> bool:
    return wanted.search(words) is not None


def _derived(pattern: Pattern, match: re.Match[str], text: str, pack: FieldPack, about: About) -> Iterator[Statement]:
    """What follows of the product from words that do not name it; their sentence is the quote."""
    if pattern.value is not None:
        values = [pattern.value] if about.used and not for_children(about.product) else []
    else:
        values = values_of(
            about.product, pattern.field, pack, "en" if pattern.rule.endswith(".en@1") else about.language
        )
    if not values or not about.mine or (pattern.field == "owns_device" and not about.used):
        return
    span = reading.around(text, match.start(), match.end(), reading.sentences(text))
    words = text[span.start : span.end]
    start, end = span.start + len(words) - len(words.lstrip(_EDGES)), span.start + len(words.rstrip(_EDGES))
    if start < end and (about.alone or speaks_for_itself(text, start, end)):
        for value in values:
            yield Statement(pattern.field, value, start, end, pattern.rule, derived=True)


def plain(text: str) -> str:
    """The text as it is read, character for character: a straight apostrophe, simplified characters."""
    return text if text.isascii() else to_simplified(text.replace("’", "'"))


def ready(pack: FieldPack) -> Ready:
    """The patterns for this pack, compiled; made once a pack."""
    return _ready(HeldPack(pack))


def _statements(
    pattern: Pattern, match: re.Match[str], text: str, pack: FieldPack, currency: str
) -> Iterator[Statement]:
    quote = text[match.start() : match.end()]
    start = match.start() + len(quote) - len(quote.lstrip(_EDGES))
    quote = quote.strip(_EDGES)
    if not quote:
        return
    if pattern.each:
        values: list[Any]
        values, quote = _listed(pack, pattern, quote, text, start)
    elif pattern.value is not None:
        values = [pattern.value == "true"] if pattern.value in ("true", "false") else [pattern.value]
    else:
        words = {
            name: text[match.start(name) : match.end(name)] for name in match.groupdict() if match.start(name) >= 0
        }
        values = [_value(pattern, words, quote, pack, currency)]
    for value in values:
        if value is not None:
            yield Statement(
                pattern.field, value, start, start + len(quote), pattern.rule, pattern.ends, pattern.polarity
            )


def _value(pattern: Pattern, groups: dict[str, str], quote: str, pack: FieldPack, currency: str) -> Any:
    words, spec = groups["v"], pack.fields[pattern.field]
    if pattern.field == "clothing_size":
        return _SIZE_OF.get(words.casefold(), words.upper())
    if pattern.field == "shoe_size":
        number = float(words) + (0.5 if "码半" in quote else 0.0)
        return number if 4 <= number <= 50 else None
    if spec.type == "money":
        amount = float(words.replace(",", "")) * _UNITS.get(groups.get("u", "").lower(), 1)
        spoken = "USD" if "d" in groups else currency or "?"
        return {_SYMBOLS.get(groups.get("c", ""), spoken): round(amount * 100)}
    if spec.type == "number":
        return float(words)
    if pattern.field == "hobby" and words.casefold() in HOBBY_VERBS:
        return HOBBY_VERBS[words.casefold()]
    return pack.canonical(pattern.field, re.sub(r"\s+", " ", words)) or words


def _listed(pack: FieldPack, pattern: Pattern, quote: str, text: str, start: int) -> tuple[list[Any], str]:
    """The values of a list, which ends where another clause begins, and the quote up to there."""
    found = _known_values(pack, pattern, quote, text, start)
    if pattern.polarity < 0:  # 我只穿羊毛尼龙会过敏: what they do wear is in the words before what they do not
        found = {one: at for one, at in found.items() if not _KEPT.search(quote[:at])} or found
    border = _BORDER.search(quote, min(found.values())) if found and not pattern.ends else None
    if border is None:
        return list(found), quote
    return [one for one, at in found.items() if at < border.start()], quote[: border.start()].rstrip(_EDGES)


def _known_values(pack: FieldPack, pattern: Pattern, quote: str, text: str, start: int) -> dict[str, int]:
    """Every value of the pattern's vocabularies that the quote names, and where in it; a longer spelling hides shorter ones.

    The first part of another thing's name is none (咖啡色, "cat food"): `text[start:]` begins with the quote.
    """
    rest, low = quote, quote.casefold()
    found: dict[str, int] = {}
    for spelling, value, vocabulary in _spelled(HeldPack(pack), pattern.each or ""):
        if spelling.casefold() not in low:
            continue
        at = find(rest, spelling)
        if at >= 0:
            rest = rest[:at] + "\x00" * len(spelling) + rest[at + len(spelling) :]
            if not is_compound(text, start + at + len(spelling), vocabulary):
                found[value] = min(at, found.get(value, at))
    # what comes after "changed to" is new, not over
    turn = _TURNS.search(quote, min(found.values())) if pattern.ends and found else None
    return {value: at for value, at in found.items() if turn is None or at < turn.start()}


_BORDER = re.compile(
    r"所以|因此|于是|只[买穿吃喝用要选戴能爱]|改[买穿吃喝用]|但|不过|可是|而是|反而|才[买穿吃喝用]|宁愿|宁可|"
    r"(?:更|最|很|也|就|我)*(?:喜欢|偏爱)|"
    r"\b(?:so|only|instead|but(?! also)|therefore|hence|thus|because|unless|except|although|though|whereas|while|"
    r"buy(?:ing)?|prefer(?:ring)?|stick(?:ing)? to|i (?:always |usually |really |mostly )?(?:like|love|wear|use|drink|eat|choose|need|want))\b",
    re.IGNORECASE,
)
_KEPT = re.compile(r"(?:只|改|才)(?:敢|能|想|肯)?[买穿吃喝用戴选要]$")
_TURNS = re.compile(
    r"改(?!天|日)|换[成到为]|转[为成到去玩学]|变成|升级[成到]|\b(?:to|for|with|in favou?r of)\b", re.IGNORECASE
)


@functools.lru_cache(maxsize=8)
def _ready(held: HeldPack) -> Ready:
    pack = held.pack
    words = {name: _alternatives(pack, name) for name in pack.vocabularies}
    plain = {"SIZE": SIZE, **{name: f"(?:{'|'.join(map(re.escape, found))})" for name, found in words.items()}}
    quick = {"SIZE": SIZE, **{name: f"(?:{_tree(found)})" for name, found in words.items()}}
    found: list[Compiled] = []
    needed: list[Needs] = []
    for pattern in (*PATTERNS, *REVIEWED, *ENDINGS, *patterns_of(pack)):
        if pattern.field not in pack.fields:
            continue
        cased = "{SIZE}" in pattern.regex and ".zh" in pattern.rule
        regex = _filled(pattern.regex, quick)
        context = re.compile(_small(pattern.needs)) if pattern.needs else None
        product = re.compile(pattern.about) if pattern.about else None
        needs = needs_of(_small(_filled(pattern.regex, plain)))
        if pattern.each:
            needs += (frozenset(spelling.lower() for spelling, _, _ in _spelled(held, pattern.each)),)
        chinese = ".zh@" in pattern.rule
        found.append(Compiled(pattern, re.compile(regex if cased else _small(regex)), context, product, chinese, cased))
        needed.append(needs)
    return Ready(tuple(found), Index(needed))


def _small(regex: str) -> str:
    """The expression for small letters: without the cost of ignoring case at each step."""
    return re.sub(r"\\.|\(\?P<|[A-Z]", lambda m: m.group() if len(m.group()) > 1 else m.group().lower(), regex)


def _filled(regex: str, words: dict[str, str]) -> str:
    return re.sub(r"\{([A-Za-z_]+)\}", lambda m: words.get(m.group(1), "(?!)"), regex)


@functools.lru_cache(maxsize=512)
def _spelled(held: HeldPack, names: str) -> tuple[tuple[str, str, str], ...]:
    spelled = [
        (spelling, value, vocabulary)
        for vocabulary in names.split()
        for value, term in held.pack.vocabularies.get(vocabulary, {}).items()
        for spelling in term.spellings
    ]
    return tuple(sorted(spelled, key=lambda s: -len(s[0])))


def _alternatives(pack: FieldPack, name: str) -> list[str]:
    return sorted({s for term in pack.vocabularies[name].values() for s in term.spellings}, key=len, reverse=True)


def _tree(words: list[str]) -> str:
    """The words as nested alternatives by their first letters, longest first: one look instead of one a word."""
    ends = "" in words
    by_first: dict[str, list[str]] = {}
    for word in words:
        if word:
            by_first.setdefault(word[0].casefold(), []).append(word)
    parts = []
    for group in by_first.values():
        if len(group) == 1:
            parts.append(re.escape(group[0]))
        else:
            parts.append(re.escape(group[0][0]) + _tree([word[1:] for word in group]))
    body = parts[0] if len(parts) == 1 and not ends else f"(?:{'|'.join(parts)})"
    return body + ("?" if ends else "")

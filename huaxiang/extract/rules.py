"""The rule extractor: what customers say of themselves in the commonest words, each value with its exact quote."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from huaxiang.extract.patterns import PATTERNS, SIZE, VERSION, Pattern
from huaxiang.ledger.build import apply_many
from huaxiang.ledger.candidate import Candidate
from huaxiang.ledger.project import pack_of
from huaxiang.ledger.whose import find
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP"}
_UNITS = {"千": 1000, "k": 1000, "万": 10_000}
_SIZE_OF = {
    "small": "S", "medium": "M", "large": "L", "extra large": "XL", "extra-large": "XL", "extra small": "XS", "extra-small": "XS",
}  # fmt: skip
_HOBBY_VERBS = {
    "hike": "hiking", "run": "running", "bike": "cycling", "climb": "climbing", "fish": "fishing", "knit": "knitting", "garden": "gardening",
    "crochet": "knitting", "bake": "baking", "swim": "swimming", "camp": "camping", "paint": "painting", "录播客": "podcasting",
}  # fmt: skip
_CJK = re.compile(r"[\u3400-\u9fff]")
_BATCH = 400


class ExtractReport(BaseModel):
    """What the rules found: texts read, candidates, and what the check made of them."""

    model_config = ConfigDict(frozen=True)
    customers: int
    texts: int
    candidates: int
    held: int
    proposed: int
    rejected: int


@dataclass(frozen=True)
class _Compiled:
    pattern: Pattern
    regex: re.Pattern[str]
    needs: re.Pattern[str] | None
    chinese: bool
    vocabularies: tuple[str, ...]
    """The vocabularies whose words a match must hold: looked up first, since most texts have none of them."""


def extract(evidence: Evidence, pack: FieldPack, *, currency: str = "") -> list[Candidate]:
    """Candidates from one text, in reading order; unverified.

    Args:
        evidence: a text the customer wrote; anything else gives none.
        pack: fields and vocabularies; patterns for fields it lacks are skipped.
        currency: for a Chinese budget, or one without a symbol; `?` when empty.
    """
    if evidence.kind != "text" or evidence.speaker != "customer" or not evidence.clean:
        return []
    text = evidence.clean
    chinese = _CJK.search(text) is not None
    low = text.casefold()
    seen: dict[str, bool] = {}
    found: dict[tuple[str, str, str | None], Candidate] = {}
    for one in _compiled(pack.name, _Held(pack)):
        if (one.chinese and not chinese) or (one.needs is not None and not one.needs.search(text)):
            continue
        if one.vocabularies and not any(_has(pack, name, low, seen) for name in one.vocabularies):
            continue
        for match in one.regex.finditer(text):
            for candidate in _candidates(one.pattern, match, evidence, pack, currency):
                found.setdefault((candidate.name, str(candidate.value), candidate.rule), candidate)
    return sorted(_best(found.values()), key=lambda c: (c.start, c.name, str(c.value)))


def extract_rules(shop: Shop, customer_ids: Sequence[str] | None = None) -> ExtractReport:
    """Read what these customers (all when None) wrote, verify what the rules find and write it to the ledger.

    Running twice writes nothing the second time; what the rules no longer find is retired. Takes the shop's write lock.

    Raises:
        StoreError: another process is writing.
    """
    pack, currency = pack_of(shop), shop.settings.shop.currency
    # a customer all whose texts are gone is read too: then nothing is found, and what was found before is retired
    customers: dict[str, list[Candidate]] = {one: [] for one in customer_ids or ()}
    texts = 0
    for evidence in _texts(shop, customer_ids):
        texts += 1
        customers.setdefault(evidence.customer_id, []).extend(extract(evidence, pack, currency=currency))
    held, proposed, rejected = apply_many(shop, customers, VERSION, complete=True)
    return ExtractReport(
        customers=len(customers), texts=texts, candidates=sum(map(len, customers.values())), held=held, proposed=proposed,
        rejected=rejected,
    )  # fmt: skip


def _has(pack: FieldPack, vocabulary: str, low: str, seen: dict[str, bool]) -> bool:
    """Whether the text holds any word of the vocabulary, looked up once a text."""
    if vocabulary not in seen:
        seen[vocabulary] = any(word in low for word in _words(vocabulary, _Held(pack)))
    return seen[vocabulary]


def _candidates(
    pattern: Pattern, match: re.Match[str], evidence: Evidence, pack: FieldPack, currency: str
) -> Iterator[Candidate]:
    quote, start, end = _trim(match)
    if not quote:
        return
    if pattern.each:
        values: list[Any] = list(_known_values(pack, pattern, quote))
    elif pattern.value is not None:
        values = [True]
    else:
        values = [_value(pattern, match, pack, currency)]
    for value in values:
        if value is not None:
            yield Candidate(
                name=pattern.field, value=value, evidence_id=evidence.evidence_id, quote=quote, start=start, end=end,
                polarity=0, rule=pattern.rule,
            )  # fmt: skip


def _trim(match: re.Match[str]) -> tuple[str, int, int]:
    quote = match.group()
    left = len(quote) - len(quote.lstrip(" ,，。!！~～"))
    quote = quote.strip(" ,，。!！~～")
    return quote, match.start() + left, match.start() + left + len(quote)


def _value(pattern: Pattern, match: re.Match[str], pack: FieldPack, currency: str) -> Any:
    words = match.group("v")
    if pattern.field == "clothing_size":
        return _SIZE_OF.get(words.casefold(), words.upper())
    if pattern.field == "shoe_size":
        number = float(words) + (0.5 if "码半" in match.group() else 0.0)
        return number if 4 <= number <= 50 else None
    if pattern.field == "budget_minor":
        groups = match.groupdict()
        amount = float(words.replace(",", "")) * _UNITS.get((groups.get("u") or "").lower(), 1)
        spoken = "USD" if groups.get("d") else currency or "?"
        return {_SYMBOLS.get(groups.get("c") or "", spoken): round(amount * 100)}
    if pattern.field == "hobby" and words.casefold() in _HOBBY_VERBS:
        return _HOBBY_VERBS[words.casefold()]
    return pack.canonical(pattern.field, re.sub(r"\s+", " ", words)) or words


def _known_values(pack: FieldPack, pattern: Pattern, quote: str) -> Iterator[str]:
    """Every value of the pattern's vocabularies that the quote names; a longer spelling hides the shorter ones in it."""
    spelled = [
        (spelling, value)
        for vocabulary in (pattern.each or "").split()
        for value, term in pack.vocabularies.get(vocabulary, {}).items()
        for spelling in term.spellings
    ]
    rest, seen = quote, set()
    for spelling, value in sorted(spelled, key=lambda s: -len(s[0])):
        at = find(rest, spelling)
        if at >= 0:
            rest = rest[:at] + "\x00" * len(spelling) + rest[at + len(spelling) :]
            if value not in seen:
                seen.add(value)
                yield value


def _best(found: Iterable[Candidate]) -> list[Candidate]:
    """One candidate a field and value: the first in the text, and of those the longest quote."""
    best: dict[tuple[str, str], Candidate] = {}
    for one in found:
        key = (one.name, str(one.value))
        if key not in best or (one.start, -len(one.quote)) < (best[key].start, -len(best[key].quote)):
            best[key] = one
    return list(best.values())


class _Held:
    """A pack as a cache key: by identity of its version, since its tables cannot be hashed."""

    def __init__(self, pack: FieldPack) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return hash((self.pack.name, self.pack.version))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.pack is other.pack


@functools.lru_cache(maxsize=4)
def _compiled(_: str, held: _Held) -> tuple[_Compiled, ...]:
    pack = held.pack
    spellings = {"SIZE": SIZE, **{name: _alternatives(pack, name) for name in pack.vocabularies}}
    found = []
    for pattern in PATTERNS:
        if pattern.field not in pack.fields:
            continue
        source = re.sub(r"\{([A-Za-z_]+)\}", lambda m: spellings.get(m.group(1), "(?!)"), pattern.regex)
        # sizes are capital letters on purpose ("s" is not one); all else may be written any way
        flags = re.RegexFlag(0) if "{SIZE}" in pattern.regex and ".zh" in pattern.rule else re.IGNORECASE
        # verbs of hobbies ("I hike") are in no vocabulary, so such a pattern cannot be skipped for want of one
        verbs = set(_HOBBY_VERBS) & set(re.findall(r"[a-z]+|录播客", pattern.regex))
        names = re.findall(r"\{([a-z_]+)\}", pattern.regex) + (pattern.each or "").split()
        needs = re.compile(pattern.needs, re.IGNORECASE) if pattern.needs else None
        found.append(
            _Compiled(pattern, re.compile(source, flags), needs, ".zh" in pattern.rule, () if verbs else tuple(names))
        )
    return tuple(found)


@functools.lru_cache(maxsize=256)
def _words(vocabulary: str, held: _Held) -> tuple[str, ...]:
    return tuple(s.casefold() for term in held.pack.vocabularies.get(vocabulary, {}).values() for s in term.spellings)


def _alternatives(pack: FieldPack, name: str) -> str:
    words = sorted({s for term in pack.vocabularies[name].values() for s in term.spellings}, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word) for word in words) + ")"


def _texts(shop: Shop, customer_ids: Sequence[str] | None) -> Iterator[Evidence]:
    """Texts by customers, oldest first, with what `verify` and the rules need of them."""
    v, e = t.evidence.c, t.events.c
    query = (
        sa.select(v.evidence_id, v.customer_id, v.clean, v.occurred_at, v.language, v.flags, e.kind, e.rating)
        .select_from(t.evidence.join(t.events, v.event_id == e.event_id))
        .where(v.kind == "text", e.speaker == "customer", e.kind != "search")
        .order_by(v.customer_id, v.occurred_at, v.evidence_id)
    )
    parts = [query]
    if customer_ids is not None:
        wanted = list(customer_ids)
        parts = [query.where(v.customer_id.in_(wanted[i : i + _BATCH])) for i in range(0, len(wanted), _BATCH)]
    with shop.engine.connect() as connection:
        for part in parts:
            for row in connection.execute(part):
                yield Evidence.model_construct(
                    evidence_id=row[0], customer_id=row[1], kind="text", clean=row[2], occurred_at=row[3], language=row[4],
                    flags=tuple(row[5].split()), event_kind=row[6], rating=row[7], speaker="customer",
                )  # fmt: skip

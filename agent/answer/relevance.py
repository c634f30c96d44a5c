"""Which sentences of one customer's texts a question asks about, and whether any does: decided by code, without a model.

Four signs, added up: the text is about an item named; it shares a content word (or its known spelling in the other language);
it has a cue of the aspect or field asked; how likely it answers by the trained reader (`likely`; else the cosine). Answerable
when one of the first three holds and the reader does not think it unlikely, or when the reader is sure (`likely.SURE`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from agent.answer import likely
from agent.answer.context import Context
from agent.answer.hidden_orders import without_orders
from agent.question import item_names, shop_items
from agent.question.cues import AVERSION, CHANGE, FIELD_PATTERNS, gives_orders
from agent.question.item_names import things_of_the_shop
from agent.question.spelling import contains, pack_of, spellings, stems_of
from huaxiang import clock
from huaxiang.ledger import reading
from huaxiang.ledger.whose import receivers, whose
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack
from huaxiang.store import evidence as evidence_store
from huaxiang.text import aspects as aspect_reader
from vectorstore import spans

SHORT = 220
"""Characters below which a text is quoted whole; a Chinese character counts for two."""
WHOLE = 600
"""The same where no sentence stands out, since question and text are in different languages."""


@dataclass(frozen=True)
class Found:
    """A sentence on the topic: where, how strong each sign was, and whether it surely answers.

    `shared`: a word or cue of the question is in the span.
    """

    evidence: Evidence
    start: int
    end: int
    score: float
    sure: bool
    shared: bool = True


def is_short(text: str) -> bool:
    """Whether a text is quoted whole."""
    return len(text) + sum(not ch.isascii() for ch in text) <= SHORT


def field_pattern(name: str, pack: FieldPack) -> re.Pattern[str] | None:
    """What a sentence must contain to say something of this field."""
    if name in FIELD_PATTERNS:
        return re.compile(FIELD_PATTERNS[name], re.IGNORECASE)
    if name not in pack.fields:
        return None
    terms = [s for term in pack.terms(name).values() for s in term.spellings]
    alone = ("猫", "狗", "爸", "妈")  # another single character is part of other words: 棉的, not 棉花糖
    chinese = [one for one in terms if not one.isascii()]
    zh = [one if len(one) > 1 or one in alone else rf"{one}(?=[的质料布制])" for one in chinese]
    en = [re.escape(one) for one in terms if one.isascii()]
    whole = [*zh, rf"\b(?:{'|'.join(en)})s?\b"] if en else zh
    return re.compile("|".join(whole), re.IGNORECASE) if whole else None


@dataclass(frozen=True)
class _Query:
    """A question as the search sees it."""

    topic: tuple[tuple[str, tuple[str, ...]], ...]
    item_words: frozenset[str]
    foreign_words: frozenset[str]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    items: frozenset[str]
    aspects: tuple[str, ...]
    changed: bool
    about_others: bool
    opinion: bool
    shoes: frozenset[str]


@dataclass(frozen=True)
class _Read:
    """What one piece of a text has of the question."""

    start: int
    end: int
    score: float = 0.0
    words: frozenset[str] = frozenset()
    aspect: bool = False
    field: bool = False
    change: bool = False


def search(context: Context, *, limit: int = 8, customer_only: bool = False) -> list[Found]:
    """Sentences of this customer's texts on the question's topic, best first.

    One search (lexical and by meaning) and a pass over the customer's texts.
    """
    texts = _texts(context)
    if customer_only:
        texts = [one for one in texts if one.speaker == "customer" and one.event_kind != "note"]
    if not context.fields:  # what was typed into the search box is a wish, not an experience
        texts = [one for one in texts if one.event_kind != "search"]
    chances = likely.by_evidence(context)
    meaning = {} if chances else _meaning(context)
    query, pack = _query(context), pack_of(context)
    found: list[Found] = []
    answerable, too = False, set()
    for one in texts:
        read = _best_piece(one, query, pack)
        near, chance = meaning.get(one.evidence_id, 0.0), chances.get(one.evidence_id)
        about = one.item_id in query.items
        foreign = about and one.language not in ("und", context.language) and not read.words
        if foreign:
            read = _Read(0, min(len(one.clean), WHOLE), read.score, read.words, read.aspect, read.field)
        sign = likely.Meaning.of_cosine(near) if chance is None else likely.Meaning.of_chance(chance)
        sure = _sure(one, read, query, sign, foreign=foreign)
        staff = one.speaker == "staff" or one.event_kind == "note"
        score = read.score + 1.2 * about + sign.score - 0.4 * staff
        found.append(Found(one, read.start, read.end, score, sure, shared=read.score > 0))
        answerable = answerable or (sure and (not sign.against or bool(query.patterns)))
        if sign.too and not query.patterns and query.foreign_words <= read.words:
            too.add(one.evidence_id)
    # once something answers, what may answer too is shown as well; what the reader thinks unlikely does not answer alone
    found = [replace(one, sure=answerable and (one.sure or one.evidence.evidence_id in too)) for one in found]
    found.sort(key=lambda f: (-f.sure, -f.score, -(f.evidence.occurred_at or 0)))
    return [_narrowed(context, one) if place < 3 and chances else one for place, one in enumerate(found[:limit])]


def _narrowed(context: Context, found: Found) -> Found:
    """The window of a long text that answers best, where no word of the question says which."""
    if not found.sure or found.shared or is_short(found.evidence.clean):
        return found
    windows = _windows(found.evidence.clean)[:8]
    start, end = windows[likely.best(context, [found.evidence.clean[one:other] for one, other in windows])]
    return replace(found, start=start, end=end)


def _sure(one: Evidence, read: _Read, query: _Query, meaning: likely.Meaning, *, foreign: bool) -> bool:
    """Whether a text is on the question's topic: by field, by the item, by enough of the words, or by meaning."""
    if query.patterns:
        return read.field or meaning.enough
    if query.foreign_words and not query.foreign_words <= read.words:
        return False
    if meaning.enough or foreign:
        return True
    words = {word for word, _ in query.topic}
    others = words - query.item_words
    said = not others or bool(others & read.words) or read.aspect or read.change or meaning.helps
    said = said or (query.opinion and not query.aspects)
    if query.items:
        return (
            said if one.item_id in query.items else said and bool(query.item_words & read.words) and one.item_id is None
        )
    if not words:
        return read.aspect
    return read.aspect or len(read.words) >= 0.5 * len(words) or (bool(read.words) and meaning.helps)


def _texts(context: Context) -> list[Evidence]:
    shop, span = context.deps.shop, context.span
    key = "texts:" + context.customer_id
    if key not in context.memo:
        context.memo[key] = evidence_store.texts_of(
            shop, context.customer_id, since=clock.start_of_day(span.since, shop.tz) if span and span.since else None,
            until=clock.end_of_day(span.until, shop.tz) if span and span.until else None, limit=1000,
        )  # fmt: skip
    texts: list[Evidence] = context.memo[key]
    return texts


def _query(context: Context) -> _Query:

    pack = pack_of(context)
    named = item_names.items_named(context)
    words = {word for word in context.topic if any(item_names.item_score(item, [word]) > 0 for item in named)}
    foreign = set() if named else things_of_the_shop(context)
    return _Query(
        topic=tuple((word, spellings(word, pack)) for word in context.topic),
        item_words=frozenset(words),
        foreign_words=frozenset(foreign),
        patterns=tuple((name, p) for name in context.fields if (p := field_pattern(name, pack))),
        items=frozenset({item.item_id for item in named} | set(context.scope.item_ids)),
        aspects=tuple(context.aspects),
        changed=any(aim.name == "changed" for aim in context.aims),
        about_others=bool(receivers(pack, context.question)),
        shoes=_shoes_of(context),
        opinion=bool({"complaints", "praise", "opinion"} & {aim.name for aim in context.aims}),
    )


def _shoes_of(context: Context) -> frozenset[str]:
    """Ids of shoes among the shop's items, where sizes are asked for: 43 on a boot is no jacket's size."""

    if "clothing_size" not in context.fields:
        return frozenset()
    items = shop_items.catalogue(context.deps).values()
    return frozenset(i.item_id for i in items if i.category == "shoes" or _SHOES.search(f"{i.title} {i.title_en}"))


def about_shoes(context: Context, item_id: str | None, text: str) -> bool:
    """Whether a text is about shoes: 42 on a boot is no jacket's size."""
    return item_id in _shoes_of(context) or bool(_SHOES.search(text)) or bool(re.search(r"\d{2}(?:\.5)? ?码", text))


def item_words(context: Context) -> set[str]:
    """Topic words that name an item, of the customer's own events or of the catalogue."""
    return set(_query(context).item_words) | things_of_the_shop(context)


def _best_piece(one: Evidence, query: _Query, pack: FieldPack) -> _Read:
    """The sentence of a text that fits best; a short text is taken whole. Orders to the assistant fit nothing."""
    pieces = [(0, len(one.clean))] if is_short(one.clean) else _windows(one.clean)
    shoes = one.item_id in query.shoes or bool(_SHOES.search(one.clean))
    best = _Read(*(pieces[0] if pieces else (0, len(one.clean))))
    for start, end in pieces:
        if gives_orders(one.clean[start:end]):
            if len(pieces) == 1 and (start, end) != without_orders(one.clean, start, end):
                pieces.append(without_orders(one.clean, start, end))
            continue
        read = _read(one.clean, start, end, query, pack, shoes)
        if (read.score, read.field) > (best.score, best.field):
            best = read
    return best


def _read(clean: str, start: int, end: int, query: _Query, pack: FieldPack, shoes: bool) -> _Read:
    text = clean[start:end].lower()
    stems = stems_of(text)
    words = frozenset(word for word, ways in query.topic if any(contains(text, way, stems) for way in ways))
    aspect = bool(query.aspects) and any(
        m.aspect in query.aspects for m in aspect_reader.find_aspects(clean[start:end])
    )
    met = any(_says_it(clean, (start, end), name, pattern, query, pack, shoes) for name, pattern in query.patterns)
    score = sum(0.35 if word in query.item_words else 1.0 for word in words) + aspect + met
    change = bool(score and query.changed and CHANGE.search(text))
    return _Read(start, end, score + change, words, aspect, met, change)


def _says_it(
    clean: str, span: tuple[int, int], name: str, pattern: re.Pattern[str], query: _Query, pack: FieldPack, shoes: bool
) -> bool:
    """Whether a field's cue is said of the customer, as a fact: not of a gift's receiver, not asked, not supposed."""
    spec = pack.fields.get(name)
    for match in pattern.finditer(clean, *span):
        at, stop = match.span()
        sentence = reading.around(clean, at, stop, reading.sentences(clean))
        named = reading.around(clean, at, at + 1, reading.clauses(clean, sentence))
        if reading.is_instruction(clean, sentence) or reading.is_reported(clean, named, at, stop):
            continue
        if spec is None or spec.about_others:
            return True
        if reading.is_hypothetical(clean, sentence, named) or (name == "clothing_size" and shoes):
            continue
        if not query.about_others and OTHERS.search(clean[sentence.start : sentence.end]):
            continue
        if name == "has_pet" and reading.negators(clean[named.start : stop], at - named.start) % 2:
            continue
        if spec.polarity != "none" and name not in FIELD_PATTERNS:
            sign, _ = reading.polarity(clean[named.start : named.end], at - named.start)
            wanted = 1 if spec.polarity == "positive" else -1
            if sign != wanted and not (wanted < 0 and AVERSION.search(clean[sentence.start : sentence.end])):
                continue
        whom, certain = whose(clean, at, stop, field=name, pack=pack)
        if (whom is None and certain) or query.about_others:
            return True
    return False


OTHERS = re.compile(
    r"朋友|同事|邻居|同学|[她他]家|我?(?:哥|姐|弟|妹|爸|妈|叔|姨|舅|婶)家|\b(?:friend|neighbou?r|roommate|colleague|coworker)",
    re.IGNORECASE,
)
"""Somebody else in the sentence: its facts may be theirs."""


_SHOES = re.compile(r"鞋|靴|shoe|boot|sneaker|slipper|sandal", re.IGNORECASE)


def _windows(text: str) -> list[tuple[int, int]]:
    """Each sentence joined with the next while short, so that a quote keeps its sense."""
    pieces = spans.sentences(text)
    windows = []
    for index, (start, end) in enumerate(pieces):
        if end - start < 60 and index + 1 < len(pieces):
            end = pieces[index + 1][1]
        windows.append((start, end))
    return windows or [(0, len(text))]


def _meaning(context: Context) -> dict[str, float]:
    """Cosine of each of the customer's texts with the question, where vectors of a real encoder exist."""
    matches: Any = getattr(context.deps.index, "matches", None)
    encoder = getattr(context.deps.index, "encoder", None)
    if matches is None or encoder is None or str(getattr(encoder, "name", "")).startswith("hash"):
        return {}
    found = matches(context.scope.rest or context.question, customer_id=context.customer_id)
    return {one.evidence_id: float(one.meaning) for one in found if one.meaning is not None}

"""Statements about how a customer feels: counts read by the sentiment model, and the sentences that carry the opinion."""

from __future__ import annotations

import re

from agent.answer import relevance, wishes
from agent.answer.context import Context, Statement
from agent.question import item_names, spelling
from agent.statements import orders, repute, traits
from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store
from tools import sentiment

CLEAR = 0.25
"""Polarity from which a text counts as clearly positive or negative."""
LOW = 2
"""Stars of five up to which a rating is a complaint."""


def readings(context: Context) -> list[sentiment.Reading]:
    """What the model read in the customer's texts in the span asked; about the item or aspect named, if one is."""
    span = context.span
    arguments = {"since": span.since if span else None, "until": span.until if span else None}
    result = context.call("sentiment", customer_id=context.customer_id, **arguments)
    found = list(result.readings) if isinstance(result, sentiment.Result) else []
    named = {item.item_id for item in item_names.items_named(context)} | set(context.scope.item_ids)
    if named:
        about = [one for one in found if one.evidence.item_id in named]
        mentions = [one for one in found if one not in about and _mentions(one, context)]
        return about + mentions
    if context.aspects:
        pieces: list[sentiment.Reading] = []
        for aspect in context.aspects:
            part = context.call("sentiment", customer_id=context.customer_id, aspect=aspect, **arguments)
            pieces.extend(part.readings if isinstance(part, sentiment.Result) else ())
        return pieces
    return found


def _mentions(reading: sentiment.Reading, context: Context) -> bool:
    """Whether a text that is about no item speaks of the item named."""
    if reading.evidence.item_id is not None:
        return False
    pack = spelling.pack_of(context)
    text = reading.evidence.clean.lower()
    stems = spelling.stems_of(text)
    named = item_names.items_named(context)
    words = [word for word in context.topic if any(item_names.item_score(item, [word]) > 0 for item in named)]
    return any(spelling.contains(text, way, stems) for word in words for way in spelling.spellings(word, pack))


def of_side(context: Context, *, negative: bool, limit: int = 5) -> list[Statement]:
    """Sentences on one side, strongest and on-topic first."""
    sign = -1 if negative else 1
    found = []
    for one in readings(context):
        if negative and wishes.stated(context, one.evidence):
            continue
        rated = one.evidence.rating
        scale = 10 if one.evidence.event_kind == "survey" else 5
        mean = one.polarity if rated is None else 0.6 * one.polarity + 0.4 * (2 * (rated - 1) / (scale - 1) - 1)
        if negative and rated is not None and rated <= LOW * scale / 5:  # few stars complain, however mild the words
            mean = min(mean, -0.8)
        bonus = {"ticket": 0.25, "return": 0.1}.get(one.evidence.event_kind or "", 0.0) if negative else 0.0
        if sign * mean + bonus >= CLEAR:
            start, end = strongest(context, one, negative=negative)
            found.append((sign * mean + bonus, one, start, end))
    if negative and not item_names.items_named(context) and any(_is_plain(row[1].evidence) for row in found):
        found = [row for row in found if row[1].evidence.event_kind != "return"]  # what came back need not be at fault
    overall = negative and not item_names.items_named(context) and not context.aspects
    found.sort(
        key=lambda row: (
            -(overall and _is_low(row[1].evidence)),
            -round(row[0], 1),
            -(row[1].evidence.occurred_at or 0),
        )
    )
    return [
        Statement(
            context.quote(one.evidence, start, end),
            (one.evidence.evidence_id,),
            score=score,
            kind="quote",
            customer_id=context.customer_id,
        )
        for score, one, start, end in found[:limit]
    ]


def _is_plain(text: Evidence) -> bool:
    """Whether a text complains in so many words: a ticket, or few stars."""
    return text.event_kind == "ticket" or _is_low(text)


def _is_low(text: Evidence) -> bool:
    scale = 10 if text.event_kind == "survey" else 5
    return text.rating is not None and text.rating <= LOW * scale / 5


def strongest(context: Context, one: sentiment.Reading, *, negative: bool) -> tuple[int, int]:
    """The sentence of a long text that carries the opinion; a short text whole."""
    if relevance.is_short(one.evidence.clean[one.start : one.end]):
        return one.start, one.end
    model = context.deps.sentiment()
    pieces = model.sentence_polarities(one.evidence.clean)
    if not pieces:
        return one.start, one.end
    best = (min if negative else max)(pieces, key=lambda piece: piece[2].polarity)
    return int(best[0]), int(best[1])


def opinion(context: Context) -> list[Statement]:
    """How the customer feels on the whole or on what the question names: counts, then the clearest words on each side."""
    found = readings(context)
    if not found:
        return []
    by_label: dict[str, list[str]] = {"positive": [], "neutral": [], "negative": []}
    for one in found:
        by_label[one.label].append(one.evidence.evidence_id)
    p, n, m = (len(by_label[label]) for label in ("positive", "negative", "neutral"))
    ids = tuple(dict.fromkeys(i for group in by_label.values() for i in group))
    head = Statement(
        context.say(
            f"{context.person}{context.within()}{_about(context)}的 {p + n + m} 段文字:正面 {p},负面 {n},中性 {m}(情感模型判读)。",
            f"{context.person}, {p + n + m} texts{_about(context)}{context.within()}: {p} positive, {n} negative, {m} neutral (read by the sentiment model).",
        ),
        ids, direct=True, figures=(str(p), str(n), str(m), str(p + n + m)), customer_id=context.customer_id, kind="summary", score=0.6,
    )  # fmt: skip
    quotes = [*of_side(context, negative=True, limit=2), *of_side(context, negative=False, limit=2)]
    if not quotes:
        quotes = [
            Statement(
                context.quote(one.evidence, one.start, one.end),
                (one.evidence.evidence_id,),
                kind="quote",
                customer_id=context.customer_id,
            )
            for one in found[:2]
        ]
    return [head, *quotes]


def _about(context: Context) -> str:
    from huaxiang.text.aspects import ASPECTS

    named = item_names.items_named(context)
    if named:
        labels = [item.label(context.language) for item in named[:2]]
    else:
        labels = [ASPECTS[aspect]["zh" if context.zh else "en"] for aspect in context.aspects if aspect in ASPECTS]
    if not labels:
        return ""
    return context.say(f"关于{'、'.join(labels)}", f" about {', '.join(labels)}")


def complaints(context: Context) -> list[Statement]:
    """What the customer complains about: the negative sentences; of an item also its tickets and returns."""

    found = of_side(context, negative=True)
    cited = {one for statement in found for one in statement.evidence}
    return [*(one for one in repute.of_customer(context) if not cited.intersection(one.evidence)), *found]


def praise(context: Context) -> list[Statement]:
    """What the customer likes: held traits first, then the positive sentences."""

    narrow = bool(item_names.items_named(context) or context.aspects)
    context_fields = context.fields
    context.fields = [] if narrow else ["likes", "favourite_color", "hobby"]
    likes = traits.by_fields(context) if context.fields else []
    context.fields = context_fields
    return [*likes[:3], *of_side(context, negative=False, limit=4)]


_LATE = 240 * 86_400
"""Seconds before the last activity in which trouble counts as a reason to leave."""


def lapse(context: Context) -> list[Statement]:
    """Why somebody may have left: the last order, then what went wrong in the months before the silence, newest first."""
    last = orders.last_order(context)
    found = [
        one for one in readings(context) if one.evidence.occurred_at is not None and one.evidence.event_kind != "search"
    ]
    end = max((one.evidence.occurred_at or 0 for one in found), default=0)
    trouble = [
        one
        for one in found
        if (one.evidence.occurred_at or 0) >= end - _LATE
        and (one.polarity < -0.1 or one.evidence.event_kind in ("ticket", "return") or (one.evidence.rating or 5) <= 2)
    ]
    trouble.sort(key=lambda one: -(one.evidence.occurred_at or 0))
    quotes = [
        Statement(
            context.quote(one.evidence, *strongest(context, one, negative=True)),
            (one.evidence.evidence_id,),
            direct=True,
            kind="quote",
            customer_id=context.customer_id,
        )
        for one in trouble[:4]
    ]
    return [*last, *quotes] if quotes else []


def own_texts(context: Context) -> list[Evidence]:
    """What the customer wrote, reviews first of all, searches aside."""
    found = evidence_store.texts_of(context.deps.shop, context.customer_id, limit=500)
    return [one for one in found if one.speaker == "customer" and one.event_kind not in ("search", "note")]


_PUT_OFF = re.compile(
    r"不(吃|喝|碰|穿|喜欢|爱)|嫌|丑|过敏|受不了|闻都不|\b(won'?t (eat|touch|wear)|can'?t (stand|eat|wear|have)|hates?|allerg\w*|refus\w+|ugly)\b",
    re.IGNORECASE,
)


def put_off(context: Context) -> list[str]:
    """Sentences in which the customer speaks ill of something or keeps away from it."""
    model = context.deps.sentiment()
    found = []
    for one in own_texts(context):
        for start, end, _ in model.sentence_polarities(one.clean):
            text = one.clean[int(start) : int(end)]
            if _PUT_OFF.search(text):
                found.append(text)
    return found

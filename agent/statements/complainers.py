"""Who complained of something, how often and when: unhappy texts of the days asked that name it, counted by customer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from agent.answer.context import Context, Statement
from agent.question import filters, items
from agent.question.asking import WHO
from agent.question.cues import is_personal
from agent.question.dates import Range
from agent.statements import repute
from huaxiang import clock
from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read
from huaxiang.store import tables as t
from huaxiang.text.aspects import aspect_of_question, find_aspects
from huaxiang.text.taxonomy import ASPECTS

_COMPLAINS = re.compile(r"投诉|抱怨|吐槽|不满|\bcomplain\w*|\bunhappy\b", re.IGNORECASE)
_MOST = re.compile(r"最多|最(?:常|爱)|\bmost\b|\boften\b", re.IGNORECASE)
_PACKED = re.compile(
    r"包装|包裹|纸箱|箱子|盒子|外盒|气泡|泡沫|塑封|\b(?:packag\w*|packed|packing|box(?:es|ed)?|wrap\w*|padding|carton|parcel|envelope)\b",
    re.IGNORECASE,
)
"""Words on the packaging itself: a coat that leaks is none of it."""
_LATELY = re.compile(r"最近(?!一)|近期|近来|\b(?:lately|recently|of late)\b", re.IGNORECASE)
LATELY_DAYS = 90
"""What "lately" is taken for; the sentence names the days."""
SHOWN = 5


def asked(context: Context) -> bool:
    """Whether the question is who complained of a matter in some days, or most: no other figure answers it."""
    text = context.question
    dated = context.span is not None or _LATELY.search(text) is not None
    if context.scope.customers or not (
        _COMPLAINS.search(text)
        and WHO.search(text)
        and (dated or _MOST.search(text) or filters.MANY_PEOPLE.search(text) or _only_aspects(context))
    ):
        return False
    if _only_aspects(context):  # 包装 is in no item's name, though 套装 is
        return True
    return not items.meant(context) and bool(_aspects(context) or not _unread(context))


def _only_aspects(context: Context) -> bool:
    """Whether aspects are all that the question names as complained of."""
    left = [
        w for w in context.topic if not _FILLER.fullmatch(w) and not _COMPLAINS.search(w) and not aspect_of_question(w)
    ]
    return bool(_aspects(context)) and not left


def _aspects(context: Context) -> list[str]:
    """The aspects named; "complain" itself is read as one of service."""
    return list(aspect_of_question(_COMPLAINS.sub(" ", context.scope.rest)))


def complainers(context: Context) -> list[Statement]:
    """Customers by how many unhappy texts they wrote on the matter in the days asked; [] when nobody did."""
    kept, today = context.span, context.deps.shop.today()
    if "packaging" in _aspects(context):  # "the box says 120" is read as packaging too: wrong names are worse than none
        return []
    if context.span is None and _LATELY.search(context.question):
        context.span = Range(today - timedelta(days=LATELY_DAYS - 1), today, "")
    try:
        return _told(context, _aspects(context))
    finally:
        context.span = kept


_FILLER = re.compile(
    r"最多|最常|多少|顾客|客户|用户|次数|近期|最近|店里|经常|complain\w*|often|lately|recently|customers?|unhappy|months?|days?|weeks?|year|last",
    re.IGNORECASE,
)


def _unread(context: Context) -> bool:
    """Whether the question names a matter that is no aspect: its words would be left out."""
    cities = {filters.named_as(one, context.scope.rest).casefold() for one in filters.cities(context)}
    return any(
        not _FILLER.fullmatch(word) and word.casefold() not in cities and not _COMPLAINS.search(word)
        for word in context.topic
    )


def _told(context: Context, aspects: list[str]) -> list[Statement]:
    texts = list(_texts(context, aspects))
    sides = repute.side(context, texts) if texts else {}
    own: dict[str, list[Evidence]] = {}
    for one in texts:
        if sides[one.evidence_id] == "negative" and not _pleased(one):
            own.setdefault(one.customer_id, []).append(one)
    if not own:
        return []
    ranked = sorted(own.items(), key=lambda one: (-len(one[1]), -(one[1][0].occurred_at or 0), one[0]))
    known = read.customers_by_id(context.deps.shop, own)
    names = [
        (f"{p.name}({k})" if context.zh else f"{p.name} ({k})") if (p := known.get(k)) and p.name else k
        for k, _ in ranked
    ]
    body = ("、" if context.zh else ", ").join(
        f"{name}: {len(said)}" for name, (_, said) in zip(names[:20], ranked, strict=False)
    )
    about = ("、" if context.zh else ", ").join(ASPECTS.get(one, {}).get(context.language, one) for one in aspects)
    text = context.say(
        f"{context.within()}{f'就{about}' if about else ''}写过不满文字的顾客有 {len(own)} 位(按条数): {body}。",
        f"{len(own)} customers wrote unhappy texts{f' on {about}' if about else ''}{context.within()} (texts each): {body}.",
    )
    cited = tuple(one.evidence_id for _, said in ranked for one in said)
    head = Statement(text, cited, direct=True, figures=(text,), kind="summary")
    quotes = [repute.quoted(context, said[0]) for _, said in ranked if not is_personal(said[0].clean)]
    return [head, *(replace(one, direct=True) for one in quotes[:SHOWN])]


def _pleased(one: Evidence) -> bool:
    """Whether the stars beside a text say that all in all its writer is content (a survey has ten)."""
    return one.rating is not None and one.rating >= (7 if one.event_kind == "survey" else 4)


def _texts(context: Context, aspects: list[str]) -> Iterator[Evidence]:
    """What customers wrote in the days asked, on the aspects named; newest first."""
    e = t.events.c
    query = sa.select(e.event_id).where(
        e.has_text == 1, e.speaker == "customer", e.kind.in_(("review", "return", "ticket", "message", "survey"))
    )
    span, among = context.span, tuple(context.memo.get("among") or ())
    if span and span.since:
        query = query.where(e.occurred_at >= clock.start_of_day(span.since, context.deps.shop.tz))
    if span and span.until:
        query = query.where(e.occurred_at <= clock.end_of_day(span.until, context.deps.shop.tz))
    if among:
        query = query.where(e.customer_id.in_(among))
    with context.deps.shop.engine.connect() as connection:
        wanted = [str(one) for one in connection.scalars(query.order_by(e.occurred_at.desc(), e.event_id))]
    for one in evidence_store.texts_of_events(context.deps.shop, wanted):
        if "packaging" in aspects and not _PACKED.search(one.clean):
            continue
        if not one.flags and (not aspects or any(m.aspect in aspects for m in find_aspects(one.clean))):
            yield one

"""The last look at what is told of the whole shop: it must heed the city, the days, the currency and the exceptions asked.

The makers read their conditions by themselves; here, in one place, what they tell is held against the question: a sentence
whose records lie outside the conditions, or that counts without naming them, is not told.
"""

from __future__ import annotations

import re
from dataclasses import replace

from agent.answer.context import Context, Statement
from agent.question import filters, unread
from agent.statements import complainers, everyone, lists, order_lines, people, shopwide
from huaxiang import clock
from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store

_LIVE_ZH = r"(?:市)?(?:的|地区的?|那边的?)?(?:顾客|客户|客人|用户|买家|人|订单|销量|退货|评价|工单|投诉)|(?:市)?(?:有|的)?(?:谁|哪|多少|几)"
_LIVE_EN = r"\b(?:in|from|of|based in|living in)\s+"
_DEEDS = re.compile(
    r"投诉|抱怨|吐槽|评|退|买|下单|说|反映|差评|好评|\b(?:complain\w*|review\w*|rat(?:ed|ing|ings)|return\w*|b(?:uy|ought)|order\w*|said|say|wr(?:ote|ite)|mention\w*|report\w*|unhappy|praise\w*)\b",
    re.IGNORECASE,
)
"""Acts that have a day; what somebody plans or is has none."""


def settled(context: Context) -> bool:
    """Whether one maker alone answers the question: what it does not find has no other answer, however it is put."""
    return shopwide.is_figure(context) or (context.scope.everyone and complainers.asked(context))


def told(context: Context) -> list[Statement]:
    """What is told of the whole shop: a figure where the question asks for one, else what the makers have that heeds it."""
    if shopwide.is_figure(context):
        return shopwide.totals(context)
    narrow(context)
    return heeded(context, shopwide.totals(context) or everyone.who(context))


def narrow(context: Context) -> None:
    """Leave only the customers of the city named, for every maker, where the question is about those who live there."""
    homes = _homes(context)
    among = people.in_city(context)
    if homes and context.memo.get("among", ()) in ((), among):
        context.memo["city"] = homes
        context.memo["among"] = among or ("",)  # nobody


def _homes(context: Context) -> list[str]:
    """The cities that the question names as where customers live."""
    text = context.scope.rest
    found = []
    for city in people.cities_named(context):
        named = re.escape(filters.named_as(city, text) or city)
        if re.search(
            rf"{named}(?:{_LIVE_ZH})|{_LIVE_EN}{named}|(?:住|来自|在){named}|{named}\s+(?:customers|buyers|shoppers|people)",
            text,
            re.IGNORECASE,
        ):
            found.append(city)
    return sorted(found)


def heeded(context: Context, statements: list[Statement]) -> list[Statement]:
    """The statements that heed the question's conditions, the city named where they leave it out."""
    homes: list[str] = context.memo.get("city") or []
    dated = _dated(context)
    currency = order_lines.currencies(context.scope.rest)
    barred = bool(unread.exceptions(context.scope.rest))
    if not (homes or dated or currency or barred):
        return statements
    known = evidence_store.get(context.deps.shop, [one for s in statements for one in s.evidence])
    allowed = set(context.memo.get("among") or ())
    kept = []
    for one in statements:
        own = [known[e] for e in one.evidence if e in known]
        if any(e.event_kind == "total" for e in own):  # computed under the filter that it names
            kept.append(one)
            continue
        counts = one.kind == "summary"
        outside = homes and any(e.customer_id and e.customer_id not in allowed for e in own)
        late = dated and not all(_within(context, e) for e in own)
        silent = dated and counts and not _names_days(context, one.text)
        other = currency and set(re.findall(r"\d ([A-Z]{3})\b", one.text)) - currency
        if outside or late or silent or other or (barred and counts):
            continue
        if homes and counts and not any(city in one.text for city in homes):
            where = context.say(f"{'、'.join(homes)}的顾客中:", f"Among customers in {' or '.join(homes)}: ")
            one = replace(one, text=where + one.text, figures=(*one.figures, where))
        kept.append(one)
    return kept


def _dated(context: Context) -> bool:
    """Whether the days of the question are those of records: what is lacking since a day, or a birthday in May, is not."""
    return (
        context.span is not None
        and not lists.asks(context)
        and not context.fields
        and _DEEDS.search(context.scope.rest) is not None
    )


def _within(context: Context, one: Evidence) -> bool:
    if context.span is None or one.occurred_at is None:
        return True
    day = clock.day_of(one.occurred_at, context.deps.shop.tz)
    return (context.span.since is None or day >= context.span.since) and (
        context.span.until is None or day <= context.span.until
    )


def _names_days(context: Context, text: str) -> bool:
    span = context.span
    days = [str(day) for day in (span.since, span.until) if day] if span else []
    return any(day in text for day in days)

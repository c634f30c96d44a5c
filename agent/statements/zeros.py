"""A true zero: nothing of a kind that the shop keeps is on record for a customer, told with what was looked through."""

from __future__ import annotations

import re

import sqlalchemy as sa

from agent.answer.context import Context, Statement
from agent.question import item_names, items, query
from agent.statements import order_lines
from agent.statements.kinds import KIND_LABEL
from huaxiang.store import read
from huaxiang.store import tables as t

_COUNTS = re.compile(
    r"几|多少|有没有|有过|过.{0,6}(?:吗|没)|吗|\bhow (?:many|much)\b|\bnumber of\b|\b(?:ever|any|anything|a single)\b|\btotal\b|\b(?:has|did|does|have)\b.{0,40}\b(?:return|review|order|spen[dt]|buy|bought)",
    re.IGNORECASE,
)
"""Questions to which zero is an answer; "why did she return it" takes for granted that she did."""
_PRESUMES = re.compile(
    r"为什么|为啥|为何|原因|理由|怎么会|第[一二三几]|最|平均|\b(?:why|reason|first|last|latest|average|mean|which|best|worst|most|least)\b",
    re.IGNORECASE,
)
CITED = 60
FEW_ITEMS = 3
"""Items up to which a question names things by their titles rather than a sort."""


def none(context: Context, kind: str) -> list[Statement]:
    """One statement that there are 0 records of the kind, resting on all that there is of the customer; [] where it is no answer.

    Args:
        kind: a kind of event that the customer has none of in the days asked.
    """
    spoken_of = query.kinds_of(context.scope.rest)
    if spoken_of and spoken_of != (kind,):  # "how many times in the cart" is about no order
        return []
    if (
        not _COUNTS.search(context.question)
        or _PRESUMES.search(context.question)
        or item_names.things_of_the_shop(context)
    ):
        return []
    e = t.events.c
    with context.deps.shop.engine.connect() as connection:
        kept = connection.scalar(sa.select(e.event_id).where(e.kind == kind).limit(1))
    if kept is None:  # what the shop does not record is unknown, not zero
        return []
    ground = tuple(entry.evidence_id for entry in order_lines.fetch(context, anytime=True).entries)[:CITED]
    if not ground:
        if not read.customers_by_id(context.deps.shop, [context.customer_id]):
            return []
        ground = ("c" + context.customer_id,)
    label = KIND_LABEL[kind][0 if context.zh else 1]
    text = context.say(
        f"{context.person}{context.within()}的{label}记录为 0 条(店里记录{label},这位顾客一条也没有)。",
        f"{context.person} has 0 {label}{context.within()}: the shop records {label}, and there is none of this customer.",
    )
    return [Statement(text, ground, direct=True, figures=("0",), customer_id=context.customer_id)]


def never_bought(context: Context) -> list[Statement]:
    """One statement that none of the customer's orders has what the question names; [] where zero is no answer."""
    things = order_lines.named_of(context)
    entries = order_lines.fetch(context, "order").entries
    if not things or not entries or not _COUNTS.search(context.question) or _PRESUMES.search(context.question):
        return []
    orders = len(order_lines.by_order(list(entries)))
    one = len(things) <= FEW_ITEMS and item_names.things_of_the_shop(context)
    words = ("" if context.zh else " ").join(
        word for word in context.topic if word in item_names.plainly_named(context) or items.categories_named(word)
    )
    what = items.label(context, things) if one or not words else words
    text = context.say(
        f"{context.person}{context.within()}没有买过{what}:按商品名和类别,{orders} 笔订单里有它的为 0 笔。",
        f"{context.person} never bought {what}{context.within()}: by title and category, 0 of {orders} orders have it.",
    )
    ground = order_lines.ids_of(list(entries))[:CITED]
    return [Statement(text, ground, direct=True, figures=("0", str(orders), what), customer_id=context.customer_id)]

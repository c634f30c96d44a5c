"""What came after: the next purchase since a day, a vow ("never again") or a return."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.answer.context import Context, Statement
from agent.question import items, shop_items, spelling
from agent.statements import order_lines, orders
from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store
from tools import timeline

_NEXT = re.compile(
    r"(之后|以后|后来|后)(他|她|又|还|再|才|有没有|是不是)*(买|下|换买|订|购)|再(次|一次)?(买|下单)|说到做到|破(戒|例)|换(买|成|了)(的)?(哪|什么|啥)|替(代|换)|顶替|改买|改(喝|用|吃|穿)(啥|什么|哪)|取而代之"
    r"|\bnext (buy|order|purchase|bought)|\bwhen did .{0,30}\bnext\b|\b(kept|stuck) to (that|it)\b|\bafter (that|all)\b|\b(again|back) (to|after)\b|\binstead\b|\bin (?:its|their|her|his|that) place\b|\bin place of\b|\bas a replacement\b|\bto replace (?:it|them)\b|\bwent for\b|\breplac\w+ it with|\bswitch(ed)? to\b|\bsince then\b",
    re.IGNORECASE,
)
_VOWED = re.compile(
    r"放话|发誓|说(过|了)?(再也|不)(不)?(买|碰|用)|再也不|不买.{0,8}(之后|以后|后)|\b(swore|sworn|vow|said never|never again|done with)\b",
    re.IGNORECASE,
)
_VOW = re.compile(
    r"再(也)?不(会)?(买|碰|用|来)|不(会)?再买|最后一次买|\bnever (again|buying|buy)\b|\bnot buying\b|\bwon'?t (buy|be buying)\b|\bdone with\b|\blast time I\b",
    re.IGNORECASE,
)


_IN_PLACE = re.compile(r"替|换|改买|取而代之|\b(?:instead|place|replace(?:d|ment)?|went for|go for)\b", re.IGNORECASE)
"""What was taken in place of a thing: usually of one that came back."""


def asked(context: Context) -> bool:
    """Whether the question is about what was bought after something."""
    return bool(_NEXT.search(context.question) or _VOWED.search(context.question))


def after(context: Context) -> list[Statement]:
    """Orders after the vow, the return or the day that the question names: how many, and each of the first."""
    start, because = _start(context)
    if start is None:
        return []
    things = set(items.meant(context))
    entries = [
        e for e in order_lines.fetch(context, "order", anytime=True).entries if (e.event.occurred_at or 0) > start
    ]
    if because is not None and because.event_kind == "return":
        entries = _akin(context, entries, because)
    elif things:
        entries = [e for e in entries if e.event.item_id in things]
    quote = []
    if because is not None:
        quote = [
            Statement(
                context.quote(because),
                (because.evidence_id,),
                direct=True,
                kind="quote",
                customer_id=context.customer_id,
            )
        ]
    groups = list(reversed(order_lines.by_order(entries)))
    if not groups:
        return []
    total = len(groups)
    head = orders.one_order(context, groups[0], "此后下一次购买是", "next bought after that on")
    count = Statement(
        context.say(f"{context.person}此后共有 {total} 笔这样的订单。", f"{context.person} placed {total} such orders after that."),
        tuple(e.evidence_id for e in entries), direct=True, figures=(str(total),), customer_id=context.customer_id,
    )  # fmt: skip
    more = [orders.one_order(context, lines, "又购买于", "bought again on") for lines in groups[1:4]]
    return [replace(head, score=1.2), count, *more, *quote][:6]


def _start(context: Context) -> tuple[int | None, Evidence | None]:
    """The moment after which to look, and the text it comes from."""
    texts = evidence_store.texts_of(context.deps.shop, context.customer_id, limit=500)
    if _VOWED.search(context.question):
        vows = [one for one in texts if one.speaker == "customer" and _VOW.search(one.clean)]
        about = [one for one in vows if _shares(context, one)]
        if about or vows:
            one = (about or vows)[-1]
            return one.occurred_at, one
    if any(aim.name == "returns" for aim in context.aims) or _IN_PLACE.search(context.question):
        things = set(items.meant(context))
        returned = [
            e
            for e in order_lines.fetch(context, "return", anytime=True).entries
            if not things or e.event.item_id in things
        ]
        if returned:
            reasons = evidence_store.texts_of_events(context.deps.shop, [returned[0].event.event_id])
            return returned[0].event.occurred_at, reasons[0] if reasons else None
    if context.span and context.span.until and context.span.since:
        from huaxiang import clock

        return clock.start_of_day(context.span.since, context.deps.shop.tz), None
    return None, None


def _shares(context: Context, one: Evidence) -> bool:
    """Whether a text is on the items meant or has a word of the question."""
    if one.item_id in set(items.meant(context)):
        return True
    low = one.clean.lower()
    stems, pack = spelling.stems_of(low), spelling.pack_of(context)
    return any(spelling.contains(low, way, stems) for word in context.topic for way in spelling.spellings(word, pack))


def _kind_words(title: str | None) -> list[str]:
    """The last two words of an English title, which say what the thing is; colours and sizes stand in brackets after it."""
    return re.findall(r"[A-Za-z]{3,}", re.sub(r"\(.*?\)", " ", title or ""))[-2:]


def _akin(context: Context, entries: list[timeline.Entry], returned: Evidence) -> list[timeline.Entry]:
    """Orders of things like what came back: of the same kind by title, else of its category."""

    item = shop_items.catalogue(context.deps).get(returned.item_id or "")
    if item is None:
        return []
    kind = set(_kind_words(item.title_en))
    named = [e for e in entries if e.item and kind & set(_kind_words(e.item.title_en))]
    return named or [e for e in entries if e.item and e.item.category == item.category]

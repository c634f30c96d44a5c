"""The newest or the first events of a kind, and how many there are: one maker for every kind of record."""

from __future__ import annotations

import re

from agent.answer.context import Context, Measure, Of, Statement
from agent.statements import order_lines, repute
from agent.statements.kinds import KIND_LABEL
from agent.statements.order_lines import texts_behind
from huaxiang.store import evidence as evidence_store
from tools import timeline

KINDS: tuple[tuple[str, str], ...] = (
    (r"退货|退款|退的|return|refund|sent back|send back", "return"),
    (r"评[价论]|review", "review"),
    (r"工单|投诉|ticket|complain|case", "ticket"),
    (r"问卷|survey", "survey"),
    (r"加购|购物车|cart", "cart"),
    (r"搜索?|search", "search"),
    (r"浏览|看过|看了|view|brows", "view"),
    (r"消息|留言|咨询|联系|找客服|message|contact|wrote in|write in|in touch|reach(ed)? out", "message"),
    (r"备注|\bnotes?\b", "note"),
)
_FIRST = re.compile(r"第一|最早|首次|头一|\bfirst\b|\bearliest\b", re.IGNORECASE)
_LAST = re.compile(r"(最近|最后|上)(的)?一?(次|条|篇|封|个|单)|\b(last|latest|most recent|newest)\b", re.IGNORECASE)


def asked_kinds(question: str) -> tuple[str, ...]:
    """The kind of event the question names first; () for any."""
    places = [(found.start(), kind) for cue, kind in KINDS if (found := re.search(cue, question, re.IGNORECASE))]
    return (min(places)[1],) if places else ()


def recent(context: Context) -> list[Statement]:
    """The newest events (or the first, if the first is asked for), one a sentence; of the item named, if one is."""
    kinds = asked_kinds(context.scope.rest)
    entries = order_lines.meant(context, list(order_lines.fetch(context, *kinds).entries))
    if not entries and kinds == ("ticket",):  # a complaint need not be a ticket
        entries = order_lines.meant(context, list(order_lines.fetch(context, "message").entries))
    if not entries:
        return []
    first, last = bool(_FIRST.search(context.scope.rest)), bool(_LAST.search(context.scope.rest))
    ordered = [e for e in reversed(entries) if e.event.occurred_at is not None] if first else entries
    return [_sentence(context, entry) for entry in ordered[: 2 if first or last else 5]]


def _sentence(context: Context, entry: timeline.Entry) -> Statement:
    told = texts_behind(context, [entry])
    if not told and entry.event.kind == "return":  # the reason is a text of its own beside the row
        told = [
            t for t in evidence_store.texts_of_events(context.deps.shop, [entry.event.event_id]) if t.kind == "text"
        ]
    one = next(iter(told), None)
    text = context.quote(one) if one else context.person + " " + (entry.zh if context.zh else entry.en)
    evidence = (entry.evidence_id,) if one is None else tuple(dict.fromkeys((one.evidence_id, entry.evidence_id)))
    of = _ONE_OF.get(entry.event.kind)
    tells = (Measure("day", of),) if of else ()
    return Statement(
        text, evidence, direct=True, kind="quote" if one else "fact", customer_id=context.customer_id, tells=tells
    )


def event_count(context: Context) -> list[Statement]:
    """How many events of the kind asked, in the span asked, with the first and last day."""
    kinds = asked_kinds(context.scope.rest)
    if not kinds:
        return []
    if kinds[0] in ("cart", "view") and WHY_NOT.search(context.question):
        return held_back(context, kinds[0])
    entries = order_lines.meant(context, list(order_lines.fetch(context, *kinds).entries))
    ever = order_lines.fetch(context, anytime=True)
    if entries is None or not ever.entries:
        return []
    own = [e for e in entries if e.event.speaker == "customer"]
    totals = timeline.totals_of([e.event for e in own])
    label = KIND_LABEL[kinds[0]][0 if context.zh else 1]
    shown = own or list(ever.entries)
    days = context.say(
        f"(首次 {context.day(totals.first_at)},末次 {context.day(totals.last_at)})",
        f" (first {context.day(totals.first_at)}, last {context.day(totals.last_at)})",
    )
    text = context.say(
        f"{context.person}{context.within()}的{label}记录有 {len(own)} 条{days if own else ''}。",
        f"{context.person} has {len(own)} {label}{context.within()}{days if own else ''}.",
    )
    return [
        Statement(
            text,
            tuple(e.evidence_id for e in shown),
            direct=True,
            figures=(str(len(own)),),
            customer_id=context.customer_id,
            tells=tuple(Measure("count", of) for kind, of in _COUNTED if kind == kinds[0]),
        )
    ]


_COUNTED: tuple[tuple[str, Of], ...] = (
    ("return", "returns"),
    ("review", "reviews"),
    ("message", "messages"),
    ("ticket", "tickets"),
)
_ONE_OF: dict[str, Of] = {
    "order": "one order", "return": "return", "review": "review", "message": "message", "ticket": "ticket",
}  # fmt: skip
WHY_NOT = re.compile(
    r"卡在|为(?:什么|啥|何)|怎么(?:不|没|还)|咋(?:不|没)|顾虑|犹豫|原因|老不|迟迟|\bwhy\b|\bholding\b.{0,12}\bback\b|\bwhat(?:['’]s| is) (?:stopping|keeping|the hold-?up|blocking)|\bhesita\w+|\breason\b",
    re.IGNORECASE,
)
_NEAR = 14 * 86_400


def held_back(context: Context, kind: str) -> list[Statement]:
    """Why what was put in the cart or looked at was not bought: the customer's words on it, or written about that time."""
    entries = [e for e in order_lines.fetch(context, kind, anytime=True).entries if e.event.item_id]
    things = tuple(dict.fromkeys(e.event.item_id for e in entries if e.event.item_id))
    times = [e.event.occurred_at for e in entries if e.event.occurred_at is not None]
    texts = [
        one
        for one in evidence_store.texts_of(context.deps.shop, context.customer_id, limit=500)
        if one.speaker == "customer" and one.event_kind != "search"
    ]
    about = {one.evidence_id for one in repute.texts_about(context, things)}
    near = [
        one
        for one in texts
        if one.evidence_id in about
        or _WOULD.search(one.clean)
        or (one.event_kind == "message" and any(abs((one.occurred_at or 0) - at) <= _NEAR for at in times))
    ]
    return [
        Statement(
            context.quote(one), (one.evidence_id,), direct=True, kind="quote", customer_id=context.customer_id
        )
        for one in near[:4]
    ]  # fmt: skip


_WOULD = re.compile(
    r"(?:如果|要是|等|除非).{0,20}(?:就|再|我).{0,4}(?:买|下单|入)|太贵|运费|\bwould (?:order|buy)\b|\bif .{0,40}\b(?:i'd|i would|i'll) (?:buy|order|get)\b|\b(?:shipping|postage)\b.{0,30}\$",
    re.IGNORECASE,
)
"""Words by which somebody says what a purchase waits for."""

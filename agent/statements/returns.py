"""Statements about returns: how many, of what, and why, in the customer's words."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.answer.context import Context, Measure, Statement
from agent.question import items, spelling
from agent.statements import order_lines, records, zeros
from tools import timeline


def _spoken_of(context: Context, entries: list[timeline.Entry]) -> bool:
    """Whether the things a question takes for granted are in these returns: by item, or in the reasons given."""
    from huaxiang.store import evidence

    if not context.topic or order_lines.matching(context, entries):
        return True
    told = [word for word in context.topic if len(word) > 1 and word not in _OF_RETURNS]
    if not items.meant(context) and not told:
        return True
    wanted = {e.event.event_id for e in entries}
    reasons = [
        r for r in evidence.texts_of(context.deps.shop, context.customer_id, kinds=("return",)) if r.event_id in wanted
    ]
    text = " ".join(r.clean for r in reasons).lower()
    pack, stems = spelling.pack_of(context), spelling.stems_of(text)
    return any(spelling.contains(text, way, stems) for word in told for way in spelling.spellings(word, pack))


_OF_RETURNS = frozenset(
    "send sending sent back bring brought give gave made make go went want wanted keep kept one ones first last time thing item order orders"
    " 原因 理由 东西 商品 订单 要 退掉 退回 寄回 客户 顾客 次 件".split()
)
"""Words that say nothing of what came back."""
_WHY = re.compile(
    r"理由|原因|为什么|为啥|为何|怎么会|什么原因|咋|\bhow come\b|\bwhy\b|\breason\b|\bwhat\b|什么|哪", re.IGNORECASE
)
"""Questions that take for granted that it happened; "none" is no answer to them."""


DATED = 3
"""Returns up to which the days are told with them."""


def returns(context: Context) -> list[Statement]:
    """Returns: how many, what, when, for how much, and the reason in the customer's words."""
    result = order_lines.fetch(context, "return")
    entries = list(result.entries)
    if not entries and _MONEY_BACK.search(context.question) and (told := _made_good(context)):
        return told
    if not entries:
        return [] if _WHY.search(context.question) else _no_returns(context)
    chosen = order_lines.meant(context, entries)
    if chosen is None or (_WHY.search(context.question) and not _spoken_of(context, chosen)):
        return []
    totals = timeline.totals_of([e.event for e in chosen])
    money = order_lines.paid(totals.amount_minor)
    days = ", ".join(dict.fromkeys(context.day(e.event.occurred_at) for e in chosen)) if len(chosen) <= DATED else ""
    dated = f" ({days})" if days else ""
    text = context.say(
        f"{context.person}{context.within()}共退货 {len(chosen)} 次:{order_lines.named(context, chosen)}{dated}"
        + (f",退款合计 {money}。" if money else "。"),
        f"{context.person} sent back {len(chosen)} items{context.within()}: {order_lines.named(context, chosen)}{dated}"
        + (f", refunded {money}." if money else "."),
    )
    found = [
        Statement(
            text,
            order_lines.ids_of(chosen),
            direct=True,
            figures=(str(len(chosen)), money, days),
            customer_id=context.customer_id,
            tells=(
                Measure("count", "returns"),
                Measure("money", "returns"),
                Measure("money", "return"),
                *((Measure("day", "return"),) if days else ()),
            ),
        )
    ]
    from huaxiang.store import evidence

    reasons = evidence.texts_of(context.deps.shop, context.customer_id, kinds=("return",))
    wanted = {e.event.event_id for e in chosen}
    for one in [r for r in reasons if r.event_id in wanted][:4]:
        found.append(
            Statement(
                context.quote(one), (one.evidence_id,), score=0.8, kind="quote", customer_id=context.customer_id,
                tells=(Measure("day", "return"),),
            )
        )  # fmt: skip
    return found


_MONEY_BACK = re.compile(
    r"退(?:还|款|回)?(?:了|给|过)?.{0,4}(?:多少|几块|几元|几十|钱)|赔|补偿|\bhow much\b.{0,40}\b(?:refund|back|credit|compensat)|\b(?:refund|credit|compensat)\w*\b.{0,30}\bhow much\b",
    re.IGNORECASE,
)
_PAID_BACK = re.compile(r"退|返|补|赔|差价|\b(?:refund|credit|compensat|voucher|back)", re.IGNORECASE)


def _made_good(context: Context) -> list[Statement]:
    """Money may come back without anything being sent back: what tickets say of it."""

    # "in the end" asks for the outcome, not for the latest ticket
    plain = replace(context, question=re.sub(r"最后|最终|\bfinally\b|\bin the end\b", " ", context.question))
    span = context.span
    told = [
        one
        for one in records.tickets(plain)
        if _PAID_BACK.search(one.text)
        and (span is None or ((span.since is None or one.text[:10] >= f"{span.since}") and (span.until is None or one.text[:10] <= f"{span.until}")))
    ]  # fmt: skip
    best = max((one.score for one in told), default=0.0)
    return [replace(one, direct=True) for one in told if one.score > best - 0.3]


def _no_returns(context: Context) -> list[Statement]:
    """ "No returns" is an answer only where the shop records returns and the customer ordered something."""
    import sqlalchemy as sa

    from huaxiang.store import tables as t

    with context.deps.shop.engine.connect() as connection:
        kept = connection.scalar(sa.select(t.events.c.event_id).where(t.events.c.kind == "return").limit(1))

    bought = order_lines.fetch(context, "order")
    if kept is not None and not bought.entries and not order_lines.has_orders(context):
        return zeros.none(context, "return")
    if kept is None or not bought.entries or order_lines.meant(context, list(bought.entries)) is None:
        return []
    text = context.say(
        f"{context.person}{context.within()}的 {bought.totals.orders} 笔订单没有退货记录(0 次退货)。",
        f"{context.person} has 0 returns{context.within()}: none of the {bought.totals.orders} orders has a return on record.",
    )
    return [
        Statement(
            text,
            order_lines.ids_of(list(bought.entries)),
            direct=True,
            figures=(str(bought.totals.orders), "0"),
            customer_id=context.customer_id,
            tells=(Measure("count", "returns"), Measure("money", "returns")),
        )
    ]

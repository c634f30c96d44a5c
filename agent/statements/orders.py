"""Statements about orders and returns: exact figures over the records, each citing the very rows."""

from __future__ import annotations

import re

from agent.answer.context import Context, Measure, Of, Statement
from agent.statements import zeros
from agent.statements.order_lines import (
    EVERYTHING,
    by_order,
    currencies,
    fetch,
    has_orders,
    ids_of,
    matching,
    meant,
    named,
    paid,
)
from tools import timeline


def one_order(context: Context, lines: list[timeline.Entry], zh: str, en: str, *of: Of) -> Statement:
    """A sentence on one order: its day, number, items and amount; `of` says which order that is, or that it is of the item."""
    totals = timeline.totals_of([line.event for line in lines])
    number = lines[0].event.order_id
    on = context.day(lines[0].event.occurred_at)
    order_zh = f"(订单 {number})" if number else ""
    order_en = f" (order {number})" if number else ""
    money = paid(totals.amount_minor)
    off = paid(totals.discount_minor) if totals.discount_minor else ""
    text = context.say(
        f"{context.person}{zh} {on}{order_zh}:{named(context, lines)}"
        + (f",实付 {money}" if money else "") + (f",优惠 {off}" if off else "") + "。",
        f"{context.person} {en} {on}{order_en}: {named(context, lines)}"
        + (f", paid {money}" if money else "") + (f", discount {off}" if off else "") + ".",
    )  # fmt: skip
    tells = tuple(told for one in (of or ("one order",)) for told in (Measure("day", one), Measure("money", one)))
    return Statement(
        text, ids_of(lines), direct=True, figures=(money, off), customer_id=context.customer_id, tells=tells
    )


def last_order(context: Context) -> list[Statement]:
    """The last order (of the item named, if one is)."""
    return _edge(context, newest=True)


def first_order(context: Context) -> list[Statement]:
    """The first order (of the item named, if one is)."""
    return _edge(context, newest=False)


def _edge(context: Context, *, newest: bool) -> list[Statement]:
    entries = [e for e in fetch(context, "order").entries if e.event.occurred_at is not None]
    if not entries:
        return []
    subset = meant(context, entries)
    if subset is None:
        return []
    groups = by_order(subset)
    lines = groups[0] if newest else groups[-1]
    if subset is not entries:
        what = named(context, lines)
        texts = (
            (f"最近一次购买{what}是", f"last bought {what} on")
            if newest
            else (f"第一次购买{what}是", f"first bought {what} on")
        )
    else:
        texts = ("最近一次下单是", "last ordered on") if newest else ("第一次下单是", "first ordered on")
    which: Of = "last order" if newest else "first order"
    found = [one_order(context, lines, *texts, *((which,) if subset is entries else (which, "item")))]
    return [*found, _days_ago(context, lines)] if newest and _HOW_LONG.search(context.question) else found


_HOW_LONG = re.compile(
    r"多久|多少天|几天|几个月|\bhow long\b|\bhow many (?:days|weeks|months)\b|\bago\b|\bdays since\b", re.IGNORECASE
)


def _days_ago(context: Context, lines: list[timeline.Entry]) -> Statement:
    """How long ago an order was, by the shop's clock, which is named."""
    from huaxiang import clock

    today = context.deps.shop.today()
    days = (today - clock.day_of(lines[0].event.occurred_at or 0, context.deps.shop.tz)).days
    text = context.say(
        f"截至 {today}(店里的日期),已过去 {days} 天。", f"As of {today} (the shop's date) that is {days} days ago."
    )
    tells = (Measure("day", "last order"),)
    return Statement(text, ids_of(lines), direct=True, figures=(text,), customer_id=context.customer_id, tells=tells)


_KINDS = re.compile(r"[几多]少?种|\bhow many (?:different|distinct|unique|kinds of|sorts of)\b", re.IGNORECASE)


def _distinct(context: Context, entries: list[timeline.Entry]) -> Statement:
    """How many different products were bought."""
    count = len({e.event.item_id for e in entries if e.event.item_id})
    text = context.say(
        f"{context.person}{context.within()}买过 {count} 种不同的商品:{named(context, entries)}。",
        f"{context.person} bought {count} different products{context.within()}: {named(context, entries)}.",
    )
    return Statement(
        text,
        ids_of(entries),
        direct=True,
        figures=(str(count), named(context, entries)),
        customer_id=context.customer_id,
        tells=(Measure("count", "units"),),
    )


def order_count(context: Context) -> list[Statement]:
    """How many orders, in the span asked, of the item named if one is."""

    result = fetch(context, "order")
    entries = list(result.entries)
    if not entries:
        return [none_in_span(context)] if has_orders(context) else zeros.none(context, "order")
    subset = meant(context, entries)
    if subset is None:
        return zeros.never_bought(context)
    if _KINDS.search(context.scope.rest):
        return [_distinct(context, subset)]
    totals = timeline.totals_of([e.event for e in subset])
    subset = [] if subset is entries else subset
    pieces = f"{totals.quantity:g}" if totals.quantity is not None else ""
    of_zh, of_en = (f"含{named(context, subset)}的", f" with {named(context, subset)}") if subset else ("", "")
    text = context.say(
        f"{context.person}{context.within()}共有 {totals.orders} 笔{of_zh}订单{f',共 {pieces} 件' if pieces else ''}(首笔 {context.day(totals.first_at)},末笔 {context.day(totals.last_at)})。",
        f"{context.person} placed {totals.orders} orders{of_en}{context.within()}{f', {pieces} items' if pieces else ''} (first {context.day(totals.first_at)}, last {context.day(totals.last_at)}).",
    )
    return [
        Statement(
            text,
            ids_of(subset or entries),
            direct=True,
            figures=(str(totals.orders), pieces),
            customer_id=context.customer_id,
            tells=(Measure("count", "orders"), *((Measure("count", "units"),) if pieces else ())),
        )
    ]


def spend(context: Context) -> list[Statement]:
    """What was paid, by currency, in the span asked, for the item named if one is."""
    result = fetch(context, "order")
    entries = [e for e in result.entries if e.event.amount_minor is not None]
    if not entries:
        return _nothing_paid(context)
    subset = meant(context, entries)
    if subset is None:
        return zeros.never_bought(context)
    wanted = currencies(context.question)
    chosen = [e for e in subset if not wanted or e.event.currency in wanted]
    subset = [] if subset is entries else subset
    if not chosen:
        return []
    totals = timeline.totals_of([e.event for e in chosen])
    money = paid(totals.amount_minor)
    of_zh, of_en = (f"购买{named(context, subset)}", f" on {named(context, subset)}") if subset else ("", "")
    refunds = fetch(context, "return") if not subset and not wanted else timeline.Result()
    asks_back = bool(_BACK.search(context.asked))
    before = (
        context.say("(未扣退款)", ", refunds not deducted") if refunds.totals.amount_minor and not asks_back else ""
    )
    text = context.say(
        f"{context.person}{context.within()}{of_zh}共付款 {money}{before},来自 {totals.orders} 笔订单。",
        f"{context.person} paid {money}{of_en}{context.within()}, over {totals.orders} orders{before}.",
    )
    found = [
        Statement(
            text,
            ids_of(chosen),
            direct=True,
            figures=(money, str(totals.orders)),
            customer_id=context.customer_id,
            tells=(Measure("money", "item" if subset else "orders"), Measure("count", "orders")),
        )
    ]
    if totals.discount_minor and any(aim.name == "discount" for aim in context.aims):
        off = paid(totals.discount_minor)
        words_zh, words_en = f"其中优惠 {off}。", f"Discounts on these came to {off}."
        found.append(
            Statement(
                context.say(words_zh, words_en),
                ids_of(chosen),
                direct=True,
                figures=(off,),
                customer_id=context.customer_id,
                tells=(Measure("money", "orders"),),
            )
        )
    if totals.orders <= 2 and not context.span:
        found += [one_order(context, lines, "下单于", "ordered on") for lines in by_order(chosen)]
    if refunds.totals.amount_minor and asks_back:
        found.append(_refunded(context, refunds))
    return found


def _refunded(context: Context, refunds: timeline.Result) -> Statement:
    """What came back, told where the question speaks of it."""
    back = paid(refunds.totals.amount_minor)
    words_zh, words_en = f"另有退款 {back},未从上面的金额中扣除。", f"Refunds of {back} are not deducted from that."
    return Statement(
        context.say(words_zh, words_en), ids_of(list(refunds.entries)), score=0.5, direct=True, figures=(back,),
        customer_id=context.customer_id, tells=(Measure("money", "orders"),),
    )  # fmt: skip


_BACK = re.compile(r"退|扣|净|\b(?:refund\w*|return\w*|net|gross|deduct\w*|back)\b", re.IGNORECASE)
"""Words that ask what came back beside what was paid; else it is only said that it is not deducted."""


def _nothing_paid(context: Context) -> list[Statement]:

    if has_orders(context):
        return [none_in_span(context)] if context.span else []
    return zeros.none(context, "order")


def bought(context: Context) -> list[Statement]:
    """What was bought: the orders, newest first; only the item named if one is."""
    entries = list(fetch(context, "order").entries)
    if not entries:
        return [none_in_span(context)] if context.span and has_orders(context) else []
    subset = meant(context, entries)
    if subset is None:
        return []
    if subset is not entries:
        return [one_order(context, lines, "下单购买了,日期", "ordered on", "item") for lines in by_order(subset)[:4]]
    totals = timeline.totals_of([e.event for e in entries])
    head = Statement(
        context.say(
            f"{context.person}{context.within()}共 {totals.orders} 笔订单,买过:{named(context, entries)}。",
            f"{context.person} placed {totals.orders} orders{context.within()}: {named(context, entries)}.",
        ),
        ids_of(entries), direct=True, figures=(str(totals.orders),), customer_id=context.customer_id,
        tells=(Measure("count", "orders"),),
    )  # fmt: skip
    return [head, *(one_order(context, lines, "下单于", "ordered on") for lines in by_order(entries)[:3])]


def bought_item(context: Context) -> list[Statement]:
    """Whether and when the item named was bought; "no" only when the order log could show it."""
    entries = list(fetch(context, "order").entries)
    subset = matching(context, entries)
    if subset:
        return [one_order(context, lines, "买过,日期", "bought it on", "item") for lines in by_order(subset)[:4]]
    return bought(context) if context.span and not context.topic else []


def none_in_span(context: Context) -> Statement:
    """That there was no order in the span asked, resting on all orders there are."""
    result = context.call("timeline", customer_id=context.customer_id, kinds=("order",), limit=EVERYTHING)
    entries = list(result.entries) if isinstance(result, timeline.Result) else []
    return Statement(
        context.say(f"{context.person}{context.within()}没有订单(0 笔)。", f"{context.person} placed 0 orders{context.within()}."),
        ids_of(entries), direct=True, figures=("0",), customer_id=context.customer_id,
        tells=tuple(Measure(quantity, of) for quantity in ("count", "money") for of in ("orders", "units", "item")),
    )  # fmt: skip


def order_detail(context: Context) -> list[Statement]:
    """The orders whose numbers the question names, with what came back."""
    found: list[Statement] = []
    for number in context.scope.order_ids:
        result = context.call("timeline", customer_id=context.customer_id, order_id=number, limit=EVERYTHING)
        entries = list(result.entries) if isinstance(result, timeline.Result) else []
        lines = [e for e in entries if e.event.kind == "order"]
        if lines:
            found.append(one_order(context, lines, f"的订单 {number} 下单于", f"placed order {number} on"))
        for entry in entries:
            if entry.event.kind not in ("order", "ticket", "message"):
                text = entry.zh if context.zh else entry.en
                found.append(
                    Statement(text, (entry.evidence_id,), score=0.7, direct=True, customer_id=context.customer_id)
                )
    return found

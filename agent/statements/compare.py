"""Comparisons between customers: the same figure for each, computed, and who is ahead."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from agent.answer.context import Context, Statement
from agent.question import items, retell
from agent.statements import order_lines
from huaxiang.store import read, render
from tools import query_records, timeline


@dataclass(frozen=True)
class Figure:
    """A figure of one customer, in a sentence."""

    person: str
    value: float
    text: str
    evidence: tuple[str, ...]


_MEASURES: tuple[tuple[str, str, str, str, str], ...] = (
    # cue, name, zh, en, events
    (r"问卷|survey|nps", "rating", "问卷评分", "survey score", "survey"),
    (r"注册|加入|joined|sign(ed)? up|member longer|with us longer", "joined", "注册日期", "joined on", "order"),
    (r"退|return|refund|s[ae]n[dt].{0,24}back", "returns", "退货次数", "returns", "return"),
    (r"评分|打分|星|rating|rates?|stars?", "rating", "平均评分", "mean rating", "review"),
    (r"评[价论]|review", "reviews", "评价数", "reviews", "review"),
    (r"(最近|最后|later|last|most recent|recently)", "last", "最近下单日", "last order", "order"),
    (r"(早|先|first|earl)", "first", "首次下单日", "first order", "order"),
    (r"花|消费|钱|金额|付|spen[dt]|paid|pay|money|worth|revenue|valu", "spend", "消费额", "spend", "order"),
    (r"单|订|买|次|order|bought|buy|purchase|often", "orders", "订单数", "orders", "order"),
)  # fmt: skip


def compare(context: Context, customers: tuple[str, ...]) -> list[Statement]:
    """One sentence with every customer's figure, and who has more (or is earlier); else what each of them said of it."""
    cued = _cued(context)
    told = context.fields or (
        set(context.aspects) - _RECORDED and (cued is None or cued[1] in ("first", "last", "orders"))
    )
    if told or (cued is None and items.meant(context)):
        found = _in_their_words(context, customers)
        if found:
            return found
    measure = cued or _MEASURES[-1]
    figures: list[Figure] = []
    things = _shared(context, customers, measure[4])
    for customer in customers:
        context.customer_id = customer
        one = _figure(context, measure[1], measure[4], things)
        if one is None:
            context.customer_id = ""
            return []
        figures.append(one)
    context.customer_id = ""
    ranked = sorted(figures, key=lambda one: one.value, reverse=measure[1] not in ("first", "joined"))
    label = measure[2] if context.zh else measure[3]
    listed = (
        (",").join(f"{one.person} {one.text}" for one in ranked)
        if context.zh
        else ", ".join(f"{one.person} {one.text}" for one in ranked)
    )
    if measure[1] == "spend" and _mixed([one.text for one in figures]):
        verdict = context.say("币种不同,不能直接比较", "different currencies, not comparable as they are")
    elif ranked[0].value == ranked[1].value:
        verdict = context.say("两者相同", "they are equal")
    elif measure[1] in ("first", "last", "joined"):
        verdict = context.say(
            f"{'更近' if measure[1] == 'last' else '更早'}的是{ranked[0].person}",
            f"{'more recent' if measure[1] == 'last' else 'earlier'}: {ranked[0].person}",
        )
    else:
        verdict = context.say(f"更多的是{ranked[0].person}", f"more: {ranked[0].person}")
    text = context.say(f"{label}:{listed};{verdict}。", f"{label}: {listed}; {verdict}.")
    evidence = tuple(dict.fromkeys(one for figure in figures for one in figure.evidence))
    return [Statement(text, evidence, direct=True, figures=tuple(one.text for one in figures), kind="summary")]


_OF_KIND = {"compare_spend": "spend", "compare_orders": "orders"}


def _cued(context: Context) -> tuple[str, str, str, str, str] | None:
    """The measure that the words name; between spend and orders, both of which may be named, the kind of question decides."""
    cued = next((row for row in _MEASURES if re.search(row[0], context.scope.rest, re.IGNORECASE)), None)
    kind = retell.kind_of(context) if cued is not None and cued[1] in _OF_KIND.values() else None
    meant = _OF_KIND.get(kind.label) if kind is not None and kind.probability >= retell.OVER_ALL else None
    return next((row for row in _MEASURES if row[1] == meant), cued)


def _shared(context: Context, customers: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """The items meant, where any of the customers has a record on one: a stray word of the question is no item."""
    things = items.meant(context)
    if not things:
        return ()
    result = context.call(
        "query_records", customer_ids=customers, kinds=(kind,), item_ids=things[:200], group_by="customer", limit=50
    )
    return things if isinstance(result, query_records.Result) and result.rows else ()


_RECORDED = frozenset({"price", "returns"})
"""Aspects that records answer better than words."""


def _in_their_words(context: Context, customers: tuple[str, ...]) -> list[Statement]:
    """What each customer said of the matter, at most two sentences each; [] unless all of them said something."""
    from agent.answer import gather

    kept: list[Statement] = []
    for customer in customers:
        context.customer_id = customer
        context.memo.pop("items_named", None)
        found = gather.statements(context)[:2]
        if not found:
            context.customer_id = ""
            return []
        for one in found:
            text = one.text if context.person in one.text else f"{context.person} — {one.text}"
            kept.append(replace(one, text=text, direct=True))
    context.customer_id = ""
    return kept


def _joined(context: Context) -> Figure | None:
    found = read.customers_by_id(context.deps.shop, [context.customer_id]).get(context.customer_id)
    if found is None or found.joined_on is None:
        return None
    return Figure(
        context.person, float(found.joined_on.toordinal()), found.joined_on.isoformat(), ("c" + context.customer_id,)
    )


def _mixed(amounts: list[str]) -> bool:
    """Whether sums are not all in one and the same currency."""
    named = {tuple(re.findall(r"\b[A-Z]{3}\b", one)) for one in amounts}
    return len(named - {()}) > 1 or any(len(one) > 1 for one in named)


def _figure(context: Context, measure: str, kind: str, things: tuple[str, ...]) -> Figure | None:
    if measure == "joined":
        return _joined(context)
    every = list(order_lines.fetch(context, kind).entries)
    entries = [e for e in every if e.event.item_id in things] if things else every
    about_item = bool(things)
    totals: timeline.Totals = timeline.totals_of([entry.event for entry in entries])
    ids = tuple(entry.evidence_id for entry in entries)
    person = context.person
    if not entries:
        everything = context.call("timeline", customer_id=context.customer_id, limit=5)
        known = everything.evidence if everything else ()
        return Figure(person, 0.0, "0", tuple(known)) if known and measure not in ("rating", "last", "first") else None
    if measure == "spend":
        wanted = order_lines.currencies(context.question)
        amounts = {c: m for c, m in totals.amount_minor.items() if not wanted or c in wanted}
        if len(amounts) != 1:
            return None if not amounts else Figure(person, max(amounts.values()) / 100, order_lines.paid(amounts), ids)
        currency, minor = next(iter(amounts.items()))
        return Figure(person, minor / 10 ** render.exponent(currency), order_lines.paid(amounts), ids)
    if measure in ("last", "first"):
        at = totals.last_at if measure == "last" else totals.first_at
        return Figure(person, float(at), context.day(at), ids) if at is not None else None
    if measure == "rating":
        return (
            Figure(person, totals.mean_rating, f"{totals.mean_rating:.2f}", ids)
            if totals.mean_rating is not None
            else None
        )
    if measure == "orders" and about_item and totals.quantity is not None:
        return Figure(person, totals.quantity, f"{totals.quantity:g}", ids)
    count = totals.orders if measure == "orders" else totals.events
    return Figure(person, float(count), str(count), ids)

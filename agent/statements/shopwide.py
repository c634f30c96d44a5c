"""Totals over the whole shop: how many orders, returns, reviews or tickets, and how much was paid, in all or in a span of days."""

from __future__ import annotations

import re

import sqlalchemy as sa

from agent import items, query
from agent.asking import WHO
from agent.context import Context, Statement
from agent.statements.figures import KIND_LABEL
from huaxiang.schema.event import EventKind
from huaxiang.store import tables as t
from tools import query_records

_MANY = re.compile(
    r"多少(?!位|名|个?(顾客|客户|用户|买家|人))|几(单|笔|个订单|次退货|条|张)|总(数|额|计|共)|合计|一共|\bhow (many|much)\b|\btotal\b|\bnumber of\b|\bcount of\b|\brevenue\b|\bturnover\b|营业额|销售额|流水|营收",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"多少钱|金额|营业额|销售额|流水|营收|消费|花|付|\b(how much|revenue|turnover|spen[dt]|paid|sales|takings|money)\b",
    re.IGNORECASE,
)
_RANKED = re.compile(
    r"最|哪(个|些|一|款|天|月)|\b(most|least|which|top|best|worst|average)\b|平均|客单价", re.IGNORECASE
)


def asked(context: Context) -> bool:
    """Whether a question about nobody in particular asks for a total of records."""
    text = context.scope.rest
    plain = not (WHO.search(text) or _RANKED.search(text)) and query.group_of(text) is None
    known = bool(query.kinds_of(text)) or bool(_MONEY.search(text))
    return plain and known and bool(_MANY.search(text)) and not items.meant(context)


def totals(context: Context) -> list[Statement]:
    """One statement with the number of records and customers, and the money a currency; [] when no total is asked for."""
    if not asked(context):
        return []
    kind: EventKind = (query.kinds_of(context.scope.rest) or ("order",))[0]
    measure: query_records.Measure = "orders" if kind == "order" else "events"
    found = _grouped(context, kind, measure, None)
    if found is None or not found.rows:
        return []
    number = round(sum(row.value for row in found.rows))
    people = len({one for row in found.rows for one in row.customers})
    sums = _paid(context, kind) if kind in ("order", "return") else []
    label = KIND_LABEL[kind][0 if context.zh else 1]
    paid = (" 和 " if context.zh else " and ").join(sums)
    money = context.say(
        f"{'退款' if kind == 'return' else '实付'} {paid}", f"{paid} {'refunded' if kind == 'return' else 'paid'}"
    )
    text = context.say(
        f"{context.within()}全店共有 {number} 条{label}记录,来自 {people} 位顾客" + (f",{money}。" if sums else "。"),
        f"The whole shop has {number} {label}{context.within()}, from {people} customers"
        + (f"; {money}." if sums else "."),
    )
    evidence = tuple(dict.fromkeys(one for row in found.rows for one in row.evidence))[:120]
    return [Statement(text, evidence, direct=True, figures=(text,), kind="summary")]


def _grouped(
    context: Context, kind: EventKind, measure: query_records.Measure, currency: str | None
) -> query_records.Result | None:
    span = context.span
    result = context.call(
        "query_records", kinds=(kind,), group_by="year", measure=measure, limit=100, currency=currency,
        since=span.since if span else None, until=span.until if span else None,
    )  # fmt: skip
    return result if isinstance(result, query_records.Result) else None


def _paid(context: Context, kind: EventKind) -> list[str]:
    """The money of each currency that the shop takes, most used first."""
    e = t.events.c
    with context.deps.shop.engine.connect() as connection:
        used = connection.execute(
            sa.select(e.currency)
            .where(e.kind == kind, e.currency.is_not(None))
            .group_by(e.currency)
            .order_by(sa.func.count().desc())
        ).scalars()
        currencies = list(used)
    sums = []
    for currency in currencies:
        found = _grouped(context, kind, "amount", currency)
        if found is not None and found.rows:
            sums.append(f"{sum(row.value for row in found.rows):.2f} {currency}")
    return sums

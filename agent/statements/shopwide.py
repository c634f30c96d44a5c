"""Totals over the whole shop: how many orders, returns, reviews or tickets, and how much was paid, in all or in a span of days."""

from __future__ import annotations

import re

import sqlalchemy as sa

from agent import items, query, words
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


_KNOWN = re.compile(
    r"订单|单子?|笔|下单|订|退货|退款?|退|评价|评论|评|工单|投诉|消息|留言|问卷|加购|浏览|搜索|营业额|销售额|流水|营收|收入|金额|钱|消费|卖|总共?|合计|一共|全|全店|店里?|我们|咱们?|数量?|总数|总额|收到|产生|有|记录|实付|付款?|花费?"
    r"|orders?|ordered|purchases?|returns?|returned|refund(s|ed)?|reviews?|ratings?|tickets?|complaints?|messages?|surveys?|carts?|views?|searches|revenue|turnover|sales|sold|total|number|count"
    r"|amount|money|spent|spend|paid|takings|shop|store|whole|overall|we|our|us|get|got|receive[d]?|take[n]?|took|make|made|place[d]?|have|had|come|came|in|customers?|did|there|many|much|all|everything|everyone|far|altogether|people|write|wrote|written|opened",
    re.IGNORECASE,
)
"""Words that a plain question for a total may hold. Any other is a condition, and a total that leaves it out would be wrong."""
_CONDITION = re.compile(
    r"周[一二三四五六日天末]|星期|工作日|早上|上午|下午|晚上|夜里|以上|以下|超过|不到|至少|最多|没|未|不|\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b"
    r"|\b(weekends?|weekdays?|over|under|above|below|at least|at most|more|less|not|no|without|un\w+|only|except|open|star)\b|\d\s*(星|star)",
    re.IGNORECASE,
)


def _unread(context: Context) -> bool:
    """Whether something of the question is left that a plain total would ignore: a condition, a word, a number, a date unread."""
    text = context.scope.rest
    if context.span:
        text = re.sub(re.escape(context.span.phrase), " ", text, flags=re.IGNORECASE)
    left = [word for word in words.content_words(text, context.language) if not _KNOWN.fullmatch(word)]
    return bool(left or _CONDITION.search(text) or re.search(r"\d|年|月|\b(month|year|week|day)s?\b", text))


def asked(context: Context) -> bool:
    """Whether a question about nobody in particular asks for a plain total of records, and nothing else."""
    text = context.scope.rest
    plain = not (WHO.search(text) or _RANKED.search(text)) and query.group_of(text) is None and not _unread(context)
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
    undated = found.records - sum(row.records for row in found.rows)
    if undated and context.span is None:
        text += context.say(f"另有 {undated} 条没有日期,未计入。", f" {undated} more have no date and are not counted.")
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

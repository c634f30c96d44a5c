"""Statements for record queries (`agent.question.query`): extremes, conditions, ordinals and gaps, for one customer or everyone."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from agent.answer.context import Context, Measure, Statement
from agent.question import items, query
from agent.question.cues import is_personal
from agent.question.query import RecordQuery
from agent.statements import gaps, order_lines, orders
from agent.statements.kinds import KIND_LABEL
from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store
from tools import query_records
from tools.query_records import Group

_GROUP_LABEL = {
    "month": ("月份", "month"), "quarter": ("季度", "quarter"), "year": ("年份", "year"), "weekday": ("星期", "day of the week"),
    "category": ("品类", "category"), "brand": ("品牌", "brand"), "city": ("城市", "city"), "order": ("订单", "order"),
    "item": ("商品", "product"), "record": ("商品", "product"), "customer": ("顾客", "customer"), "color": ("颜色", "colour"),
}  # fmt: skip
_QUOTED = ("review", "return", "survey", "ticket", "message")
SHOWN = 30


def asked(context: Context) -> RecordQuery | None:
    """The record query in the question, or None."""
    rest = context.scope.rest
    if context.span:
        rest = re.sub(re.escape(context.span.phrase), " ", rest, flags=re.IGNORECASE)
    return query.parse(rest)


def figures(context: Context, wanted: RecordQuery) -> list[Statement]:
    """Statements that answer a record query; [] when no record does."""
    if wanted.shape == "gap":
        return gaps.between(context) or gaps.of_kind(context, wanted.kinds[0])
    if wanted.shape == "ordinal":
        return _ordinal(context, wanted)
    if (
        wanted.shape != "extreme"
        and wanted.bounds_money
        and not wanted.currency
        and not order_lines.currencies(context.question)
    ):
        return _in_each_currency(context, wanted)
    result = run(context, wanted)
    if result is None:
        return []
    if wanted.shape == "extreme":
        return _extreme(context, wanted, result)
    return _conditioned(context, wanted, result)


def _in_each_currency(context: Context, wanted: RecordQuery) -> list[Statement]:
    """The records within a bound that names no currency, currency by currency: amounts are never compared across them."""
    found: list[Statement] = []
    for currency in query_records.currencies(context.deps):
        one = replace(wanted, currency=currency)
        result = run(context, one)
        if result is not None and result.rows:
            found += _conditioned(context, one, result)
    return found or _none(context, wanted)


def run(context: Context, wanted: RecordQuery, **more: Any) -> query_records.Result | None:
    """The records of a query, of the customer, the days and the items that the question names; `more` overrules these."""
    span = context.span
    currency = [wanted.currency] if wanted.currency else sorted(order_lines.currencies(context.question))
    edge = 0.001 if wanted.strict else 0.0
    low = None if wanted.amount_min is None else wanted.amount_min + edge
    high = None if wanted.amount_max is None else wanted.amount_max - edge
    things = items.meant(context)
    given: dict[str, Any] = {
        "customer_ids": (context.customer_id,) if context.customer_id else context.memo.get("among", ()),
        "since": span.since if span else None, "until": span.until if span else None, "item_ids": things[:200],
        "limit": 200, "currency": currency[0] if currency else None,
    }  # fmt: skip
    # an item's own name may hold the cue ("the Highest Peak tent"): never group by what is asked for
    result = context.call(
        "query_records", kinds=wanted.kinds, rating_min=wanted.rating_min, rating_max=wanted.rating_max, amount_min=low, amount_max=high, whole_orders=wanted.whole_orders,
        discounted=wanted.discounted, status=wanted.status, group_by=wanted.group_by, measure=wanted.measure,
        descending=wanted.descending, **{**given, **more},
    )  # fmt: skip
    return result if isinstance(result, query_records.Result) else None


def _extreme(context: Context, wanted: RecordQuery, result: query_records.Result) -> list[Statement]:
    rows = result.rows
    if wanted.group_by == "item" and wanted.measure == "rating" and not context.customer_id:
        several = tuple(row for row in rows if row.records > 1)  # one review is no reputation
        rows = several or rows
    if not rows:
        return []
    if wanted.rebought:
        rows = tuple(row for row in rows if row.value > 1)
        if not rows:
            return []
    top = [row for row in rows if row.value == rows[0].value][:8]
    label = _GROUP_LABEL[wanted.group_by][0 if context.zh else 1]
    if len(rows) < len(result.rows) and not wanted.rebought:  # the question did not ask to leave these out
        label = context.say(f"{label}(只计至少 2 条评价的)", f"{label} (of those with at least 2 reviews)")
    parts = [f"{_name(context, wanted, row)}: {_figure(context, wanted, row.value, result.currency)}" for row in top]
    if wanted.rebought:
        parts = _with_pieces(context, wanted, parts, top)
    among = context.memo.get("among") or ()
    city = context.memo.get("city")
    whole = (
        (f"上面 {len(among)} 位中", f"Of these {len(among)}") if among and not city else ("全店", "Over the whole shop")
    )
    if city:
        whole = (f"{'、'.join(city)}的顾客中", f"Among customers in {' or '.join(city)}")
    whose = context.person if context.customer_id else context.say(*whole)
    what_zh, what_en = _superlative(wanted)
    text = context.say(
        f"{whose}{context.within()}{_about(context)}{what_zh}的{label}: {';'.join(parts)}。",
        f"{whose}{context.within()}{_about(context)}, {label} with the {what_en}: {'; '.join(parts)}.",
    )
    head = _statement(context, text, [one for row in top for one in row.evidence])
    if wanted.group_by == "order" and wanted.measure == "amount":
        head = replace(head, tells=(Measure("money", "largest order" if wanted.descending else "smallest order"),))
    elif context.customer_id and wanted.kinds == ("order",):
        money = wanted.measure in ("amount", "unit_price", "discount")
        head = replace(head, tells=(Measure("money", "item"),) if money else (Measure("count", "units"),))
    found = [head]
    if wanted.measure == "amount" and wanted.group_by == "customer" and not order_lines.currencies(context.question):
        found += _other_currencies(context, wanted, result.currency)
    if not context.customer_id and wanted.group_by != "customer" and len(rows) > len(top):
        found.append(_next(context, wanted, list(rows[len(top) : len(top) + 4]), result.currency))
    if wanted.kinds[0] in _QUOTED and (wanted.group_by in ("item", "record") or wanted.asks_why):
        found += quotes_of(context, [one for row in top for one in row.event_ids])[:3]
    return found


def _other_currencies(context: Context, wanted: RecordQuery, shown: str | None) -> list[Statement]:
    """Who is ahead in each further currency: amounts are never added or compared across them."""
    found = []
    for currency in query_records.currencies(context.deps):
        if currency != shown:
            result = run(context, wanted, currency=currency)
            if result is not None and result.rows:
                top = result.rows[0]
                text = context.say(
                    f"以 {currency} 计: {_name(context, wanted, top)}: {top.value:.2f} {currency}。",
                    f"In {currency}: {_name(context, wanted, top)}: {top.value:.2f} {currency}.",
                )
                found.append(_statement(context, text, list(top.evidence)))
    return found


def _with_pieces(context: Context, wanted: RecordQuery, parts: list[str], top: list[Group]) -> list[str]:
    """Of what is bought again and again also the number of pieces: "how many pots so far"."""
    pieces = run(context, replace(wanted, measure="quantity"))
    known = {row.key: row.value for row in pieces.rows} if pieces is not None else {}
    say = [context.say(f"(共 {known[row.key]:g} 件)", f" ({known[row.key]:g} pieces in all)") for row in top]
    return [part + one for part, one in zip(parts, say, strict=True)]


def _next(context: Context, wanted: RecordQuery, rows: list[Group], currency: str | None) -> Statement:
    parts = [f"{_name(context, wanted, row)}: {_figure(context, wanted, row.value, currency)}" for row in rows]
    text = context.say(f"其次: {';'.join(parts)}。", f"Next: {'; '.join(parts)}.")
    return replace(_statement(context, text, [one for row in rows for one in row.evidence]), score=0.9)


def _name(context: Context, wanted: RecordQuery, row: Group) -> str:
    name = row.zh if context.zh else row.en
    if wanted.group_by in ("order", "record"):
        day = context.day(row.last_at)
        number = f", {row.order_id}" if row.order_id and wanted.group_by == "record" else ""
        return context.say(f"{name}({day}{number})", f"{name} ({day}{number})")
    return name


def _superlative(wanted: RecordQuery) -> tuple[str, str]:
    kind_zh, kind_en = KIND_LABEL[wanted.kinds[0]]
    zh, en = {
        "amount": ("金额", "amount"), "unit_price": ("单价", "unit price"), "rating": ("平均评分", "mean rating"),
        "quantity": ("购买件数", "number of items bought"), "orders": ("订单数", "number of orders"),
        "discount": ("优惠", "discount"), "events": (f"{kind_zh}次数", f"number of {kind_en}"),
    }[wanted.measure]  # fmt: skip
    count = wanted.measure in ("quantity", "orders", "events")
    return (
        zh + (("最多" if count else "最高") if wanted.descending else ("最少" if count else "最低")),
        ("highest " if wanted.descending else "lowest ") + en,
    )


def _figure(context: Context, wanted: RecordQuery, value: float, currency: str | None) -> str:
    if wanted.measure in ("amount", "unit_price", "discount"):
        return f"{value:.2f} {currency}" if currency else f"{value:.2f}"
    if wanted.measure == "rating":
        return context.say(
            f"{value:.2f} 分".replace(".00", ""),
            f"{value:.2f}".replace(".00", "") + (" stars" if wanted.kinds == ("review",) else ""),
        )
    return f"{value:g}"


def _about(context: Context) -> str:
    things = items.meant(context)
    return context.say(f"关于{items.label(context, things)}", f" on {items.label(context, things)}") if things else ""


def _conditioned(context: Context, wanted: RecordQuery, result: query_records.Result) -> list[Statement]:
    """How many records fit the conditions, which, and what was written in them."""
    if not result.rows:
        return _none(context, wanted)
    if wanted.group_by == "customer":
        return _people(context, wanted, result)
    fit = [_name(context, wanted, row) for row in result.rows]
    if wanted.group_by == "order" and wanted.measure == "amount":
        fit = [f"{one}: {row.value:.2f} {result.currency}" for one, row in zip(fit, result.rows, strict=True)]
    kind = KIND_LABEL[wanted.kinds[0]][0 if context.zh else 1]
    whose = context.person if context.customer_id else context.say("全店", "the whole shop")
    total = ""
    if wanted.shape == "sum":
        summed = run(context, replace(wanted, group_by="customer", measure="amount"))
        if summed is not None and summed.rows:
            total = f"{sum(row.value for row in summed.rows):.2f} {summed.currency or ''}".strip()
    count = len({row.order_id or row.key for row in result.rows}) if wanted.kinds == ("order",) else result.records
    body = (";" if context.zh else "; ").join(fit[:SHOWN])
    text = context.say(
        f"{whose}{context.within()}{condition(context, wanted)}的{kind}有 {count} 条{f',合计 {total}' if total else ''}: {body}。",
        f"{whose}{context.within()}: {count} {kind} {condition(context, wanted)}{f', {total} in all' if total else ''}: {body}.",
    )
    head = _statement(context, text, [one for row in result.rows for one in row.evidence])
    if wanted.kinds[0] not in _QUOTED:
        return [head]
    quotes = quotes_of(context, [one for row in result.rows for one in row.event_ids])[:4]
    return [*quotes, head] if wanted.asks_why else [head, *quotes]


def _people(context: Context, wanted: RecordQuery, result: query_records.Result) -> list[Statement]:
    names = [f"{row.zh if context.zh else row.en}" for row in result.rows]
    kind = KIND_LABEL[wanted.kinds[0]][0 if context.zh else 1]
    listed = ("、" if context.zh else ", ").join(names[:SHOWN])
    text = context.say(
        f"{context.within()}{_about(context)}有{condition(context, wanted)}{kind}记录的顾客有 {result.groups} 位: {listed}。",
        f"{result.groups} customers have {kind}{_about(context)}{f' {c}' if (c := condition(context, wanted)) else ''}{context.within()}: {listed}.",
    )
    head = _statement(context, text, [row.evidence[0] for row in result.rows])
    if wanted.kinds[0] not in _QUOTED or result.groups > 8:
        return [head]
    return [head, *quotes_of(context, [row.event_ids[0] for row in result.rows])[:5]]


def condition(context: Context, wanted: RecordQuery) -> str:
    """The conditions of a query in words; "" when it sets none."""
    parts = []
    low, high = wanted.rating_min, wanted.rating_max
    if low is not None and low == high:
        parts.append(context.say(f"评分为 {low:g} 星", f"rated {low:g}"))
    else:
        if low is not None:
            parts.append(context.say(f"评分不低于 {low:.3g}", f"rated {low:.3g} or more"))
        if high is not None:
            parts.append(context.say(f"评分不高于 {high:.3g}", f"rated {high:.3g} or less"))
    unit = f" {wanted.currency}" if wanted.currency else ""
    if wanted.amount_min == 0.0 and wanted.currency:
        parts.append(context.say(f"以 {wanted.currency} 付款", f"paid in {wanted.currency}"))
    elif wanted.amount_min is not None:
        zh, en = ("超过 {}", "over {}") if wanted.strict else ("不低于 {}", "of {} or more")
        parts.append(context.say("金额" + zh, en).format(f"{wanted.amount_min:g}{unit}"))
    if wanted.amount_max is not None:
        zh, en = ("低于 {}", "under {}") if wanted.strict else ("不高于 {}", "of {} or less")
        parts.append(context.say("金额" + zh, en).format(f"{wanted.amount_max:g}{unit}"))
    if wanted.status is not None:
        parts.append(context.say("状态为未解决的", "still open"))
    if wanted.discounted is not None:
        parts.append(
            context.say(
                "有优惠" if wanted.discounted else "无优惠",
                "with a discount" if wanted.discounted else "without discount",
            )
        )
    return ("、" if context.zh else ", ").join(parts)


def _none(context: Context, wanted: RecordQuery) -> list[Statement]:
    """ "None" is an answer only where there are records of that kind to look through, and none is presumed."""
    if wanted.asks_why or not context.customer_id or items.meant(context):
        return []
    plain = replace(wanted, rating_min=None, rating_max=None, amount_min=None, amount_max=None, discounted=None)
    every = run(context, plain)
    if every is None or not every.rows:
        return []
    kind = KIND_LABEL[wanted.kinds[0]][0 if context.zh else 1]
    text = context.say(
        f"{context.person}{context.within()}的 {every.records} 条{kind}中,{condition(context, wanted)}的有 0 条。",
        f"None (0) of {context.person}'s {every.records} {kind}{context.within()} is {condition(context, wanted)}.",
    )
    return [_statement(context, text, list(every.evidence))]


def quotes_of(context: Context, event_ids: list[str]) -> list[Statement]:
    """What customers wrote in these events, one quote each; over everyone with the writer's name."""
    texts = [one for one in _texts(context, event_ids) if one.speaker == "customer"]
    found = []
    keep = context.customer_id
    for one in texts:
        if not keep and is_personal(one.clean):
            continue
        context.customer_id = one.customer_id
        lead = "" if keep else f"{context.person} — "
        found.append(
            Statement(
                lead + context.quote(one),
                (one.evidence_id,),
                score=0.95,
                direct=True,
                kind="quote",
                customer_id=one.customer_id,
            )
        )
    context.customer_id = keep
    return found


def _texts(context: Context, event_ids: list[str]) -> list[Evidence]:
    return evidence_store.texts_of_events(context.deps.shop, event_ids)


def _ordinal(context: Context, wanted: RecordQuery) -> list[Statement]:
    every = order_lines.fetch(context, *wanted.kinds).entries
    entries = [e for e in every if e.event.occurred_at is not None and e.event.speaker == "customer"]
    things = set(items.meant(context))
    if things and any(e.event.item_id in things for e in entries):
        entries = [e for e in entries if e.event.item_id in things]
    elif things:
        return []
    groups = order_lines.by_order(entries) if wanted.kinds == ("order",) else [[e] for e in entries]
    groups.reverse()  # oldest first
    place = wanted.ordinal - 1 if wanted.ordinal > 0 else len(groups) + wanted.ordinal
    if not 0 <= place < len(groups):
        return []
    lines = groups[place]
    if wanted.kinds == ("order",):
        nth = wanted.ordinal if wanted.ordinal > 0 else place + 1
        return [orders.one_order(context, lines, f"第 {nth} 笔订单在", f"placed order number {nth} on")]
    quotes = quotes_of(context, [lines[0].event.event_id])
    text = f"{context.person} {lines[0].zh if context.zh else lines[0].en}"
    return quotes or [_statement(context, text, [lines[0].evidence_id])]


def _statement(context: Context, text: str, evidence: list[str]) -> Statement:
    return Statement(
        text,
        tuple(dict.fromkeys(evidence)),
        direct=True,
        figures=(text,),
        customer_id=context.customer_id,
        kind="fact" if context.customer_id else "summary",
    )

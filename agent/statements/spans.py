"""The same figure for several years side by side, and whether it rose."""

from __future__ import annotations

import re
from datetime import date

from agent.context import Context, Statement
from agent.dates import Range
from agent.statements import orders
from tools import timeline

_YEAR = re.compile(
    r"(?<![\d.-])(20\d{2}|2\d)\s*年|(?<![\d./-])(20\d{2})(?![\d-])|(今年|去年|前年)|\b(this year|last year)\b",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"各|分别|比|涨|跌|多(了)?还是少|变化|和|与|\b(vs\.?|versus|compared?|than|and|each|up or down|more or less|change)\b",
    re.IGNORECASE,
)


def years(context: Context) -> list[Range]:
    """The years that a question sets side by side; [] unless there are at least two."""
    if not _BOTH.search(context.question):
        return []
    today = context.deps.shop.today()
    named = {
        "今年": today.year,
        "this year": today.year,
        "去年": today.year - 1,
        "last year": today.year - 1,
        "前年": today.year - 2,
    }
    found: list[int] = []
    for match in _YEAR.finditer(context.scope.rest):
        word = next(one for one in match.groups() if one)
        year = named.get(word.lower()) or (int(word) if len(word) == 4 else 2000 + int(word))
        if year not in found:
            found.append(year)
    return [Range(date(y, 1, 1), date(y, 12, 31), str(y)) for y in sorted(found)] if 2 <= len(found) <= 5 else []


def side_by_side(context: Context) -> list[Statement]:
    """Spend or orders of each year asked, oldest first, with the verdict; [] when the question is about neither."""
    spans = years(context)
    names = {aim.name for aim in context.aims}
    if not spans or not names & {"spend", "order_count", "bought", "returns"}:
        return []
    kind = "return" if "returns" in names else "order"
    wanted = orders.currencies(context.question)
    values: list[float] = []
    parts: list[str] = []
    cited: list[str] = []
    kept = context.span
    for span in spans:
        context.span = span
        entries = list(orders.fetch(context, kind).entries)
        entries = orders.meant(context, entries) or []
        if wanted:
            entries = [e for e in entries if e.event.currency in wanted]
        totals = timeline.totals_of([e.event for e in entries])
        money = orders.paid(totals.amount_minor)
        number = totals.orders if kind == "order" else totals.events
        values.append(sum(totals.amount_minor.values()) if "spend" in names else number)
        parts.append(
            context.say(
                f"{span.phrase} 年 {number} 笔{f',{money}' if money else ''}",
                f"{span.phrase}: {number} {kind}s{f', {money}' if money else ''}",
            )
        )
        cited += [e.evidence_id for e in entries]
    context.span = kept
    if not cited:
        return []
    trend_zh, trend_en = (
        ("持平", "no change")
        if values[-1] == values[0]
        else ("增加", "up")
        if values[-1] > values[0]
        else ("减少", "down")
    )
    text = context.say(
        f"{context.person}: {';'.join(parts)};{trend_zh}。", f"{context.person}: {'; '.join(parts)}; {trend_en}."
    )
    return [Statement(text, tuple(dict.fromkeys(cited)), direct=True, figures=(text,), customer_id=context.customer_id)]

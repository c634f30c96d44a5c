"""The same figure for several years side by side, and whether it rose."""

from __future__ import annotations

import re
from datetime import date

from agent.answer.context import Context, Statement
from agent.question import dates, item_names, items, query, words
from agent.question.dates import Range
from agent.statements import order_lines
from tools import timeline

_YEAR = re.compile(
    r"(?<![\d.-])(20\d{2}|2\d)\s*年|(?<![\d./-])(20\d{2})(?![\d-])|(今年|去年|前年)|\b(this year|last year)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(r"花|消费|付|钱|金额|\b(?:spen[dt]|paid|pay|money|amount)\b", re.IGNORECASE)
_ORDERED = re.compile(r"单|买|购|\b(?:orders?|ordered|bought|buy|purchases?)\b", re.IGNORECASE)
_BOTH = re.compile(
    r"各|加(起来|一起|总)|合(计|起来|在一起)|分别|比|涨|跌|多(了)?还是少|变化|和|与|\b(together|combined|altogether|total|plus|both|vs\.?|versus|compared?|than|and|each|up or down|more or less|change)\b",
    re.IGNORECASE,
)


_THAN_LAST_YEAR = re.compile(r"同比|比去年|\b(?:than|compared (?:to|with)|vs\.?|versus) last year\b", re.IGNORECASE)


def years(context: Context) -> list[Range]:
    """The years that a question sets side by side; [] unless there are at least two."""
    if not _BOTH.search(context.question) and not _THAN_LAST_YEAR.search(context.question):
        return []
    today = context.deps.shop.today()
    named = {
        "今年": today.year,
        "this year": today.year,
        "去年": today.year - 1,
        "last year": today.year - 1,
        "前年": today.year - 2,
    }
    found: list[int] = [today.year - 1, today.year] if _THAN_LAST_YEAR.search(context.question) else []
    for match in _YEAR.finditer(context.question):
        word = next(one for one in match.groups() if one)
        year = named.get(word.lower()) or (int(word) if len(word) == 4 else 2000 + int(word))
        if year not in found:
            found.append(year)
    return (
        [Range(date(y, 1, 1), min(date(y, 12, 31), max(today, date(y, 1, 1))), str(y)) for y in sorted(found)]
        if 2 <= len(found) <= 5
        else []
    )


def set_apart(context: Context) -> bool:
    """Whether a question sets years, feasts or two things of one customer side by side."""
    if dates.occurrences(context.question, context.deps.shop.today()) or years(context):
        return True
    return bool(context.scope.customers and _AND.search(context.scope.rest) and len(sides_of(context)) == 2)


def side_by_side(context: Context) -> list[Statement]:
    """Spend or orders of each year or feast asked, oldest first, their sum and the verdict; else two things side by side."""
    spans = dates.occurrences(context.question, context.deps.shop.today()) or years(context)
    names = {aim.name for aim in context.aims}
    money = "spend" in names or bool(_MONEY.search(context.scope.rest))
    if not spans or not (names & {"order_count", "bought", "returns"} or money or _ORDERED.search(context.scope.rest)):
        return _two_things(context)
    kind = "return" if "returns" in names else "order"
    wanted = order_lines.currencies(context.question)
    values: list[float] = []
    parts: list[str] = []
    cited: list[str] = []
    summed: dict[str, int] = {}
    plain = dates.FEAST.sub(" ", context.scope.rest)
    things = items.meant(context, plain, words.content_words(plain, context.language))
    kept = context.span
    for span in spans:
        context.span = span
        entries = list(order_lines.fetch(context, kind).entries)
        entries = [e for e in entries if not things or e.event.item_id in things]
        if wanted:
            entries = [e for e in entries if e.event.currency in wanted]
        totals = timeline.totals_of([e.event for e in entries])
        paid = order_lines.paid(totals.amount_minor)
        for currency, minor in totals.amount_minor.items():
            summed[currency] = summed.get(currency, 0) + minor
        number = totals.orders if kind == "order" else totals.events
        values.append(sum(totals.amount_minor.values()) if money else number)
        parts.append(
            context.say(
                f"{span.phrase}{' 年' if span.phrase.isdigit() else ''} {number} 笔{f',{paid}' if paid else ''}",
                f"{span.phrase}: {number} {kind}s{f', {paid}' if paid else ''}",
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
    whole = order_lines.paid(summed)
    both_zh, both_en = (f";合计 {whole}", f"; {whole} in all") if whole else ("", "")
    text = context.say(
        f"{context.person}: {';'.join(parts)};{trend_zh}{both_zh}。",
        f"{context.person}: {'; '.join(parts)}; {trend_en}{both_en}.",
    )
    return [Statement(text, tuple(dict.fromkeys(cited)), direct=True, figures=(text,), customer_id=context.customer_id)]


_AND = re.compile(
    r"还是|和|跟|与|、|\bor\b|\band\b|\bvs\.?|\bversus\b|\bthan\b|\bcompared (?:to|with)\b", re.IGNORECASE
)
_WHICH = re.compile(
    r"哪|更|谁|多|少|贵|便宜|比|高|低|各|分别|几(?:件|个|条|双|包|瓶|盒|次|单)|\b(?:how many|how much|each|respectively|which|more|most|less|fewer|better|cheaper|dearer|pricier|higher|lower|oftener|often)\b",
    re.IGNORECASE,
)


def _two_things(context: Context) -> list[Statement]:
    """Two things that one customer bought, side by side: pieces, money and rating of each, and the difference in pieces."""
    rest = context.scope.rest
    if context.fields and not re.search(r"件数|买|bought|ordered", rest, re.IGNORECASE):
        return []
    if not (_AND.search(rest) and _WHICH.search(rest)) or query.asks_gap(rest):
        return []
    sides = sides_of(context)
    if len(sides) != 2:
        return []
    rows = [_side(context, things) for things in sides]
    if not all(row is not None for row in rows):
        return []
    (a, label_a, ids_a, text_a), (b, label_b, ids_b, text_b) = (row for row in rows if row is not None)
    ahead = label_a if a > b else label_b
    verdict_zh = "件数相同" if a == b else f"件数更多的是{ahead},多 {abs(a - b):g} 件"
    verdict_en = "the same number of pieces" if a == b else f"more pieces: {ahead}, by {abs(a - b):g}"
    text = context.say(
        f"{context.person}{context.within()}: {text_a};{text_b};{verdict_zh}。",
        f"{context.person}{context.within()}: {text_a}; {text_b}; {verdict_en}.",
    )
    return [
        Statement(
            text, tuple(dict.fromkeys((*ids_a, *ids_b))), direct=True, figures=(text,), customer_id=context.customer_id
        )
    ]


def sides_of(context: Context) -> list[tuple[str, ...]]:
    """The items of each of the two things that a question names side by side; a colour alone borrows the other's kind."""
    rest = context.scope.rest
    pieces = _AND.split(rest)[:3]
    told = [words.content_words(piece, context.language) for piece in pieces]
    colours = [[word for word in each if item_names.is_color(word)] for each in told]
    heads = [word for each in told for word in each if not item_names.is_color(word)]
    sides: list[tuple[str, ...]] = []
    for piece, each, own in zip(pieces, told, colours, strict=True):
        things = items.meant(context, piece, each) or (items.meant(context, piece, [*own, *heads]) if own else ())
        if things and all(set(things) - set(one) and set(one) - set(things) for one in sides):
            sides.append(things)
    return sides


def _side(context: Context, things: tuple[str, ...]) -> tuple[float, str, tuple[str, ...], str] | None:
    """Pieces, name, evidence and words of what was bought of these items; None when nothing was."""
    bought = [e for e in order_lines.fetch(context, "order").entries if e.event.item_id in things]
    rated = [
        e
        for e in order_lines.fetch(context, "review").entries
        if e.event.item_id in things and e.event.rating is not None
    ]
    if not bought:
        return None
    totals = timeline.totals_of([e.event for e in bought])
    label = items.label(context, tuple(dict.fromkeys(e.event.item_id for e in bought if e.event.item_id)))
    count = totals.quantity if totals.quantity is not None else float(len(bought))
    mean = sum(e.event.rating or 0 for e in rated) / len(rated) if rated else None
    text = context.say(
        f"{label} {count:g} 件,{totals.orders} 笔,{order_lines.paid(totals.amount_minor)}"
        + (f",评分 {mean:.1f}" if mean is not None else ""),
        f"{label}: {count:g} pieces in {totals.orders} orders, {order_lines.paid(totals.amount_minor)}"
        + (f", rated {mean:.1f}" if mean is not None else ""),
    )
    return count, label, tuple(e.evidence_id for e in [*bought, *rated]), text

"""Figures of the shop taken apart: by month or category, as a share of all, one year beside another."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.answer.context import Context, Statement
from agent.question import items, query, scope
from agent.question.query import RecordQuery
from agent.statements import figures, shopwide, spans
from agent.statements.kinds import KIND_LABEL
from tools import query_records
from tools.query_records import GroupBy

_BY: dict[GroupBy, re.Pattern[str]] = {
    "month": re.compile(r"\b(?:by|per|each|every) month\b|\bmonthly\b|\bmonth by month\b|(?:每|各)个?月(?:份)?的?|按月|逐月|分月", re.IGNORECASE),
    "quarter": re.compile(r"\b(?:by|per|each|every) quarter\b|\bquarterly\b|(?:每|各)个?季度的?|按季度", re.IGNORECASE),
    "year": re.compile(r"\b(?:by|per|each|every) year\b|\byearly\b|\bannual(?:ly)?\b|(?:每|各|历)年的?|按年", re.IGNORECASE),
    "category": re.compile(r"\b(?:by|per|each|every) (?:product )?category\b|(?:每|各)个?(?:品类|类目|类别)的?|按(?:品类|类目|类别)", re.IGNORECASE),
    "brand": re.compile(r"\b(?:by|per|each|every) brand\b|(?:每|各)个?(?:品牌|牌子)的?|按品牌", re.IGNORECASE),
    "city": re.compile(r"\b(?:by|per|each|every) city\b|(?:每|各)个?城市的?|按城市", re.IGNORECASE),
    "weekday": re.compile(r"\b(?:by|per) (?:weekday|day of the week)\b|按星期", re.IGNORECASE),
}  # fmt: skip
_SHARE = re.compile(
    r"\b(?:what |which )?(?:percent(?:age)?|share|proportion|fraction)(?: of(?: (?:the|our|all))?)?\b|(?<=return )rate\b|(?<=refund )rate\b|占比|占(?:了)?多少|占百分之几|(?:的)?比例|百分之(?:几|多少)|(?<=退货)率|(?<=退款)率|%",
    re.IGNORECASE,
)
_YEARS = re.compile(
    r"(?<![\d.-])20\d{2}\s*年?|同比|今年|去年|前年|\b(?:this|last) year\b|\b(?:did|go|gone|went|been|up|down|or|from|to|vs\.?|versus|compared|with|than|more|less|better|worse|and|in|rise|risen|fall|fallen|grow|grown|drop|dropped|how|do|does|is|are|was|were|has|have|changed?)\b|比|还是|涨|跌|升|降|变化|增长|下降|上升|多了|少了|和|与|跟|了",
    re.IGNORECASE,
)
_TIMES = frozenset({"month", "quarter", "year", "weekday"})
CITED = 300


def asked(context: Context) -> bool:
    """Whether a question about nobody in particular wants a figure of the shop taken apart, and all its words are understood."""
    return _read(context) is not None


def _read(context: Context) -> tuple[Context, RecordQuery, GroupBy | str] | None:
    """The question without those words, the total that is left of it, and how to take it apart."""
    rest = context.scope.rest
    years = spans.years(context)
    how = next((name for name, cue in _BY.items() if cue.search(rest)), "") or ("share" if _SHARE.search(rest) else "")
    how = how or ("years" if len(years) > 1 else "")
    if not how or context.scope.customers:
        return None
    cue = _SHARE if how == "share" else _YEARS if how == "years" else _BY[how]  # type: ignore[index]
    text = cue.sub(" ", rest)
    own = replace(
        context, scope=scope.with_rest(context.scope, text), memo={"heading": True, "steps_shown": 0, "among": context.memo.get("among", ())},
        span=None if how == "years" else context.span,
    )  # fmt: skip
    wanted = shopwide.read(own)
    return None if wanted is None or shopwide.unread(own) else (own, wanted, how)


def told(context: Context) -> list[Statement]:
    """The statements of such a question; [] when it is none."""
    found = _read(context)
    if found is None:
        return []
    own, wanted, how = found
    if how == "share":
        return _share(own, wanted)
    if how == "years":
        return _years(own, wanted, context)
    return _groups(own, replace(wanted, group_by=how))  # type: ignore[arg-type]


def _groups(context: Context, wanted: RecordQuery) -> list[Statement]:
    """Each group's figure: in the order of time, else the largest first; money a currency by itself."""
    money = wanted.kinds == ("order",) and bool(query.MONEY.search(context.scope.rest))
    label = KIND_LABEL[wanted.kinds[0]][0 if context.zh else 1]
    codes: list[str | None] = list(query_records.currencies(context.deps)) if money else [None]
    found = []
    for code in codes:
        one = replace(wanted, measure="amount") if money else wanted
        result = shopwide.run(context, one, currency=code)
        if result is None or not result.rows:
            continue
        rows = sorted(result.rows, key=lambda row: row.key) if wanted.group_by in _TIMES else list(result.rows)
        parts = [
            f"{row.zh if context.zh else row.en}: " + (f"{row.value:.2f} {code}" if code else f"{row.value:g}")
            for row in rows
        ]
        what = (context.say("实付金额", "paid") if money else label) + (f" {code}" if code else "")
        text = context.say(
            f"{context.within()}全店{what}: {';'.join(parts)}。",
            f"The whole shop{context.within()}, {what}: {'; '.join(parts)}.",
        )
        cited = tuple(dict.fromkeys(e for row in rows for e in row.evidence))[:CITED]
        found.append(Statement(text, cited, direct=True, figures=(text,), kind="summary"))
    return found


def _count(context: Context, wanted: RecordQuery, **more: object) -> tuple[float, tuple[str, ...]]:
    result = shopwide.run(context, replace(wanted, group_by="all"), **more)
    row = result.rows[0] if result is not None and result.rows else None
    return (row.value, row.evidence) if row else (0.0, ())


def _share(context: Context, wanted: RecordQuery) -> list[Statement]:
    """The records under the conditions against all of their kind; returns against the order lines they come from."""
    label = KIND_LABEL[wanted.kinds[0]][0 if context.zh else 1]
    part, cited = _count(context, wanted)
    if wanted.kinds == ("return",) and not wanted.conditioned:
        whole, ground = _count(context, RecordQuery("count", ("order",)))
        what_zh, what_en = f"退货 {part:g} 次,订单行 {whole:g} 行", f"{part:g} returns against {whole:g} order lines"
    elif wanted.conditioned:
        plain = RecordQuery("count", wanted.kinds, measure=wanted.measure)
        whole, ground = _count(context, plain)
        condition = figures.condition(context, wanted)
        what_zh = f"{whole:g} 条{label}中{condition}的有 {part:g} 条"
        what_en = f"{part:g} of {whole:g} {label} are {condition}"
    else:
        return []
    if not whole:
        return []
    share = f"{100 * part / whole:.1f}%"
    text = context.say(
        f"{context.within()}全店{_of(context)}{what_zh},占 {share}。",
        f"Over the whole shop{context.within()}{_of(context)}, {what_en}: {share}.",
    )
    evidence = tuple(dict.fromkeys((*cited, *ground)))[:CITED]
    return [Statement(text, evidence, direct=True, figures=(text,), kind="summary")]


def _of(context: Context) -> str:
    things = shopwide.things_named(context)
    return context.say(f"{items.label(context, things)}:", f" for {items.label(context, things)}") if things else ""


def _years(context: Context, wanted: RecordQuery, whole: Context) -> list[Statement]:
    """Each year's total, then which way it went; the running year is counted up to the shop's own day, which is named."""
    today = context.deps.shop.today()
    found: list[Statement] = []
    sums: dict[str, list[float]] = {}
    years = spans.years(whole)
    for year in years:
        of_year = replace(context, span=year, memo=dict(context.memo))
        found += shopwide.of_one(of_year, wanted) or shopwide.none(of_year, wanted)
        codes = list(query_records.currencies(context.deps)) if wanted.kinds == ("order",) else []
        for code in codes:
            sums.setdefault(code, []).append(_count(of_year, replace(wanted, measure="amount"), currency=code)[0])
        sums.setdefault("", []).append(_count(of_year, wanted)[0])
    if len(found) < len(years):
        return []
    label = KIND_LABEL[wanted.kinds[0]][0 if context.zh else 1]
    parts = []
    for code, values in sums.items():
        way = (values[-1] > values[0]) - (values[-1] < values[0])
        zh, en = {1: ("增加", "up"), -1: ("减少", "down"), 0: ("持平", "no change")}[way]
        shown = " → ".join(f"{v:.2f}" if code else f"{v:g}" for v in values)
        parts.append(context.say(f"{code or label} {shown}({zh})", f"{code or label} {shown} ({en})"))
    until = ""
    if years[-1].until and years[-1].until > today:
        until = context.say(
            f"{years[-1].phrase} 年只算到 {today}。", f" {years[-1].phrase} is counted up to {today} only."
        )
    text = context.say(f"{';'.join(parts)}。{until}", f"{'; '.join(parts)}.{until}")
    cited = tuple(dict.fromkeys(e for one in found for e in one.evidence))
    return [*found, Statement(text, cited, direct=True, figures=(text,), kind="summary")]

"""Stars over all customers: the mean of a product, of a kind of product or of the whole shop, and whether it rises or falls."""

from __future__ import annotations

import re

from agent.answer.context import Context, Statement
from agent.question import items, query
from agent.question.asking import WHO
from agent.statements import people, rating_trend, shopwide
from tools import query_records
from tools.query_records import Group

_RATING = re.compile(
    r"评分|打分|均分|星级|几(?:颗)?星|多少(?:颗)?星|几分|多少分|星数|\b(?:rating|ratings|rated|stars?|average score|review scores?)\b",
    re.IGNORECASE,
)
_NOT_THE_MEAN = re.compile(
    r"最|哪(?!里)|谁|为什么|为啥|原因|\b(?:most|least|highest|lowest|best|worst|which|who|why|whose)\b", re.IGNORECASE
)
_OF_RATINGS = re.compile(
    r"平均分?|均分|评分|打分|得分|星级?|颗星|分数?|几|多少|上升|下降|升|降|趋势|走势|变化|变高|变低|高|低|涨|跌|越来越|好|差|还|总体|整体|怎么样|如何|目前|现在|商品|产品|店铺|顾客|客户|大家"
    r"|average|mean|rating|ratings|rated|star|stars|score|scores|review|reviews|overall|trend\w*|go(?:ing|ne)?|went|up|down|rising|rise|rose|falling|fall|fell|drop\w*|declin\w*|improv\w*|slip\w*|climb\w*|better|worse|getting|higher|lower|time|year|years|lately|recently|shop['’]?s?|store['’]?s?|product|products|customer|customers|general|doing|current|currently|now|across|catalog\w*",
    re.IGNORECASE,
)
"""Words that a question for the shop's own stars may hold; any other would be ignored."""
MOST = 6
"""Products told one by one."""


def stars(context: Context) -> list[Statement]:
    """The mean of the stars given to the items named, or to everything; [] when the question wants no such mean."""
    text = context.scope.rest
    direction = bool(rating_trend.ASKED.search(text))
    if not _RATING.search(text) or WHO.search(text) or _NOT_THE_MEAN.search(text) or shopwide.read(context) is not None:
        return []
    wanted = query.parse(text)
    if wanted is not None and (wanted.conditioned or wanted.shape in ("gap", "ordinal", "extreme")):
        return []
    things = context.scope.item_ids or items.meant(
        context, text, [w for w in context.topic if not _OF_RATINGS.fullmatch(w)]
    )
    if not things and (
        _left(context)
        or not (
            direction
            or re.search(r"均|总体|整体|全店|店|\b(?:average|mean|overall|shop|store|our)\b", text, re.IGNORECASE)
        )
    ):
        return []  # fmt: skip
    if direction:
        return _direction(context, things)
    every = _rated(context, things, "all")
    if not every:
        return []
    label = _whose(context, things)
    found = [_mean(context, label, every[0])]
    if len(things) > 1:
        each = [row for row in _rated(context, things, "item") if row.item_id]
        if 1 < len(each) <= MOST:
            found += [_mean(context, row.zh if context.zh else row.en, row) for row in each]
    return found


def _whose(context: Context, things: tuple[str, ...]) -> str:
    """Of what the ratings are, the city of those who rated included."""
    what = items.label(context, things) if things else context.say("全店", "The whole shop")
    cities = sorted(people.cities_named(context))
    if not cities:
        return what
    where = context.say("、".join(cities) + "的顾客,", f", customers in {' or '.join(cities)}")
    return where + what if context.zh else what + where


def _left(context: Context) -> list[str]:
    """Words of the question that a mean over the whole shop would ignore."""
    return [word for word in shopwide.unread(context) if not _OF_RATINGS.fullmatch(word)]


def _rated(context: Context, things: tuple[str, ...], by: query_records.GroupBy) -> list[Group]:
    span, among = context.span, people.in_city(context)
    if among == ():
        return []
    found = context.call(
        "query_records", kinds=("review",), item_ids=things[:200], group_by=by, measure="rating", limit=500, rating_min=0.0,
        since=span.since if span else None, until=span.until if span else None, customer_ids=among or context.memo.get("among", ()),
    )  # fmt: skip
    return list(found.rows) if isinstance(found, query_records.Result) else []


def _mean(context: Context, label: str, row: Group) -> Statement:
    text = context.say(
        f"{label}{context.within()}共有 {row.records} 条带评分的评价,平均 {row.value:.2f} 星。",
        f"{label}: {row.records} rated reviews{context.within()}, {row.value:.2f} stars on average.",
    )
    return Statement(text, row.evidence, direct=True, figures=(text,), kind="summary")


def _direction(context: Context, things: tuple[str, ...]) -> list[Statement]:
    """The months' ratings in two halves of about as many, the earlier against the later; [] for too few."""
    months = sorted(_rated(context, things, "month"), key=lambda row: row.key)
    total = sum(row.records for row in months)
    if total < rating_trend.LEAST or len(months) < 2:
        return []
    cut, seen = 1, months[0].records
    while cut < len(months) - 1 and seen + months[cut].records <= total / 2:
        seen += months[cut].records
        cut += 1
    halves = [_part(months[:cut]), _part(months[cut:])]
    cited = tuple(dict.fromkeys(one for row in months for one in row.evidence))[: shopwide.CITED]
    whose = _whose(context, things)
    return [rating_trend.said(context, whose, halves[0], halves[1], cited)]


def _part(rows: list[Group]) -> rating_trend.Part:
    count = sum(row.records for row in rows)
    mean = sum(row.value * row.records for row in rows) / count
    times = [at for row in rows for at in (row.first_at, row.last_at) if at is not None]
    return rating_trend.Part(count, mean, min(times), max(times))

"""Questions over all customers: rankings and rules over features, or who wrote about something."""

from __future__ import annotations

import re

import sqlalchemy as sa

from agent.answer.context import Context, Statement
from agent.question import bounds, item_names, items, names, query, scope
from agent.question.dates import number
from agent.question.query import RecordQuery
from agent.question.shop_items import catalogue
from agent.statements import (
    complainers,
    figures,
    leaving,
    lists,
    order_lines,
    people,
    ratings,
    repute,
    shopwide,
    writers,
)
from huaxiang import ids
from huaxiang.schema.event import EventKind
from huaxiang.store import read
from huaxiang.store import tables as t
from tools import find_customers, query_records
from tools.find_customers import Condition
from tools.query_records import Measure

_NUMBER = r"(\d+(?:\.\d+)?)"
_RANKS: tuple[tuple[str, str, bool], ...] = (
    # cue, feature, descending
    (r"(花|消费|付)(的|得|了)?(钱)?(最多|最高)|最(有钱|值钱|高消费|有价值)|(消费|金额).{0,4}最高|(most|highest|top|biggest|best).{0,16}(spen|valu|revenue|paying|customers?\W*$)|spen(t|ds?) (the )?most", "spend", True),
    (r"(花|消费)(的|得)?(钱)?最少|spen(t|ds?) (the )?least|lowest spend", "spend", False),
    (r"(订单|下单|买(的|得)?(次数)?|购买)(的|得|数|次数)?最(多|频繁)|最常(买|下单)|(most|highest).{0,12}(orders|purchases|frequent)|order(s|ed)?.{0,10}most|buys? (the )?most|\b(top(?! \d)|no\.? ?1|number one|leading|busiest)\b.{0,30}\b(orders?|order count|buyer)\b|(订单|下单|单量|单数|单).{0,6}(第一|冠军|榜首)|(单子|笔数|单量|单数)最多", "order_count", True),
    (r"top \d* ?(customers|buyers|shoppers).{0,24}(orders|purchases)|(下单|订单|购买)(次数|数|量)?(的)?前[\d一二三四五六七八九十]", "order_count", True),
    (r"top \d* ?(customers|buyers|shoppers|spenders)|(消费|花钱|金额)(额|最多)?(的)?前[\d一二三四五六七八九十]", "spend", True),
    (r"退(货|款)?(的|得|次数)?最多|最(爱|常)退|(most|highest).{0,10}(return|refund)|return(s|ed)?.{0,10}(the )?most", "return_count", True),
    (r"(流失|要走|离开|沉睡|不来|唤回|流失风险)|churn|about to leave|at risk|laps|leaving|gone quiet|win back", "overdue", True),
    (r"(最久|很久|好久|长时间|多久)没(来|买|下单)|不活跃|inactive|not (bought|ordered)|ha(ven|sn)'?t (bought|ordered|been)|longest .{0,20}(since|without)", "days_since_order", True),
    (r"评分最低|打分最低|给分最低|lowest rat|worst rat|rat(e|es|ed|ing|ings)? .{0,12}lowest|harshest", "mean_rating", False),
    (r"评分最高|打分最高|给分最高|highest rat|rat(e|es|ed|ing|ings)? .{0,12}highest|most generous", "mean_rating", True),
    (r"(评[价论])(写)?(的|得)?最多|(most|highest).{0,10}review|review(s|ed)?.{0,10}most|wrote (the )?most", "review_count", True),
    (r"(客单价|平均每单).{0,4}最高|(highest|largest|biggest) (average|aov)", "average_order", True),
    (r"(折扣|优惠|打折).{0,6}最|(most|highest|biggest).{0,10}(discount|coupon|bargain)", "discount_share", True),
)  # fmt: skip
_COUNTS: tuple[tuple[str, str], ...] = (
    (r"退(货|过|了)|return|refund|sent back", "return_count"),
    (r"工单|投诉.{0,4}(没|未)|未解决|ticket|unresolved|open (case|complaint|issue)", "open_tickets"),
    (r"评[价论]|review", "review_count"),
    (r"下(过)?单|订单|买过|购买|order|bought|purchase", "order_count"),
)  # fmt: skip


def who(context: Context) -> list[Statement]:
    """The customers a question over everyone means: ranked, by rule, or by what they wrote."""

    plain = lists.listed(context) or leaving.leaving(context)
    if plain or complainers.asked(context):
        return plain or complainers.complainers(context)
    rated = ratings.stars(context)
    if rated:
        opinion = {"complaints", "praise", "opinion"} & {aim.name for aim in context.aims}
        return [*rated, *(repute.reputation(context) if opinion else [])]
    if _faults_of_an_item(context):
        found = (repute.troubled(context) if scope.WHO.search(context.question) else []) or repute.reputation(context)
        if found:
            return found
    wanted = in_span(context) or figures.asked(context)
    if wanted is not None and (
        wanted.conditioned
        or wanted.group_by != "customer"
        or (
            wanted.shape == "extreme"
            and (items.meant(context) or context.span is not None or context.memo.get("among"))
        )
    ):
        found = figures.figures(context, wanted)
        if found:
            return found
    if people.BOTH.search(context.question) and people.COMPLAINS.search(context.question):
        return writers.writers(context)  # half of the question ("and returned something") would answer another one
    ranked = _ranked(context)
    if ranked is not None:
        return ranked
    if people.BOTH.search(context.question):
        found = people.who_did(context)
        if found:
            return found
    asks_who = bool(scope.WHO.search(context.question))
    found = people.first_timers(context) or people.sold(context)
    if found:
        return found
    makers = (people.with_trait, people.who_did) if asks_who else (repute.reputation, people.with_trait, people.who_did)
    for make in makers:
        found = make(context)
        if found:
            return found
    surveyed = _surveyed(context)
    if surveyed:
        return surveyed
    ruled = _ruled(context)
    if ruled:
        return ruled
    by_item = _buyers(context)
    return by_item or writers.writers(context) or repute.reputation(context)


def is_read(context: Context) -> bool:
    """Whether a question about nobody in particular is a total, or how many were sold: read as it stands."""

    if context.scope.customers:
        return False
    ranked = scope.WHO.search(context.question) and any(
        re.search(one, context.question, re.IGNORECASE) for one, _, _ in _RANKS
    )
    return (
        bool(ranked) or shopwide.asked(context) or bool(people.SOLD.search(context.question) and items.meant(context))
    )


def _faults_of_an_item(context: Context) -> bool:
    """Whether the question is on what is wrong with an item, and on no count of records."""

    wanted = figures.asked(context)
    counted = wanted is not None and (wanted.conditioned or wanted.shape in ("extreme", "count", "sum"))
    return not counted and not people.BOTH_ACTS.search(context.question) and repute.asks_faults(context)


def in_span(context: Context) -> RecordQuery | None:
    """Rankings within a span of days as record queries: their figures cite the records of those days, not a lifetime."""
    if context.span is None and not context.memo.get("among"):
        return None
    if query.group_of(context.scope.rest) not in (None, "customer"):  # "which month had the most orders"
        return None
    measures: dict[str, tuple[EventKind, Measure]] = {
        "spend": ("order", "amount"), "order_count": ("order", "orders"), "return_count": ("return", "events"), "review_count": ("review", "events"),
        "mean_rating": ("review", "rating"),
    }  # fmt: skip
    for pattern, feature, descending in _RANKS:
        if feature in measures and re.search(pattern, context.question, re.IGNORECASE):
            kind, measure = measures[feature]
            return RecordQuery("extreme", (kind,), "customer", measure, descending)
    return None


def _ranked(context: Context) -> list[Statement] | None:
    """The ranking asked for, [] when the shop has no such figures, None when no ranking is asked for."""
    for pattern, feature, descending in _RANKS:
        if re.search(pattern, context.question, re.IGNORECASE):
            conditions = (
                (Condition(field="overdue", op=">", value=2.0), Condition(field="order_count", op=">=", value=2.0))
                if feature == "overdue"
                else ()
            )
            codes: list[str | None] = [None]
            if feature in ("spend", "average_order") and not order_lines.currencies(context.question):
                codes = list(query_records.currencies(context.deps)) or codes  # never one best across currencies
            return [
                one
                for code in codes
                for one in _rows(
                    context, conditions=conditions, sort_by=feature, descending=descending, limit=_how_many(context), currency=code,
                )
            ]  # fmt: skip
    return None


def _surveyed(context: Context) -> list[Statement]:
    """Who gave a survey score of so much: "gave us a 10", 问卷打了 3 分以下."""
    if not any(aim.name == "survey" for aim in context.aims):
        return []
    found = re.search(r"(?<![\d-])(10|[0-9])(?![\d-])", context.question)
    low = re.search(r"以下|低于|不到|below|under|less than|or (less|lower|below)", context.question, re.IGNORECASE)
    high = re.search(
        r"以上|高于|超过|above|over|more than|at least|or (more|higher|above)", context.question, re.IGNORECASE
    )
    c = t.events.c
    with context.deps.shop.engine.connect() as connection:
        query = sa.select(c.customer_id, c.event_id, c.rating).where(c.kind == "survey", c.rating.is_not(None))
        rows = connection.execute(query.order_by(c.rating)).all()
    if not rows:
        return []
    wanted = (
        float(found.group(1))
        if found
        else (rows[0].rating if re.search(r"最低|lowest|worst", context.question, re.IGNORECASE) else rows[-1].rating)
    )
    kept = [r for r in rows if (r.rating <= wanted if low else r.rating >= wanted if high else r.rating == wanted)]
    people = read.customers_by_id(context.deps.shop, {row.customer_id for row in kept})
    names = [
        f"{(people[r.customer_id].name if r.customer_id in people else None) or r.customer_id}({r.customer_id}): {r.rating:g}"
        for r in kept
    ]
    if not names:
        return []
    text = context.say(
        f"问卷评分符合的有 {len(kept)} 份:{'、'.join(names[:30])}。",
        f"{len(kept)} survey scores fit: {', '.join(names[:30])}.",
    )
    return [
        Statement(
            text, tuple(ids.record_evidence_id(r.event_id) for r in kept), direct=True, figures=(text,), kind="summary"
        )
    ]


def _ruled(context: Context) -> list[Statement]:
    question = bounds.in_digits(context.question)
    found = re.search(
        rf"(超过|大于|多于|不少于|至少|以上|more than|over|at least|above)\D{{0,6}}{_NUMBER}(?!\s*(?:个)?(?:月|天|年|周|months?|days?|years?|weeks?))|{_NUMBER}\s*(?:次|笔|单|个|条|元|块|orders|returns|reviews)?\s*(以上|or more|\+)",
        question,
        re.IGNORECASE,
    )
    money = re.search(r"花|消费|元|块|spent|spend|usd|cny|\$|¥", context.question, re.IGNORECASE)
    feature = next((name for pattern, name in _COUNTS if re.search(pattern, context.question, re.IGNORECASE)), None)
    if found:
        value = float(next(one for one in found.groups() if one and re.fullmatch(_NUMBER, one)))
        strict = found.group(1) in ("超过", "大于", "多于", "more than", "over", "above")
        field = "spend" if money else feature
        if field:
            return _rows(
                context,
                conditions=(Condition(field=field, op=">" if strict else ">=", value=value),),
                sort_by=field,
                limit=20,
            )
    if feature in ("return_count", "open_tickets") and not _items(context):
        return _rows(context, conditions=(Condition(field=feature, op=">=", value=1.0),), sort_by=feature, limit=20)
    city = _city(context)
    if city:
        return _rows(context, conditions=(Condition(field="city", op="=", value=city),), sort_by=None, limit=20)
    if re.search(
        r"(一共|总共|共有|多少|how many).{0,8}(顾客|客户|用户|会员|customers|users|shoppers|people)\W*(是|有|do we have|are there|in (the|this) shop|(does|do) (this|the|our|my) (shop|store) have|did we have)?\W*$",
        context.question,
        re.IGNORECASE,
    ):
        return _rows(context, conditions=(), sort_by=None, limit=5)
    return []


_OF_PLACE = frozenset(
    "live lives living based located from city cities town customer customers buyers people 住 住在 城市 地方 来自 客户 顾客 人".split()
)


def _city(context: Context) -> str | None:
    c = t.customers.c
    with context.deps.shop.engine.connect() as connection:
        cities = [row for row in connection.scalars(sa.select(c.city).distinct()) if row]
    found = next((city for city in cities if names.city_in(city, context.question)), None)
    others = [word for word in context.topic if word not in _OF_PLACE and not names.city_in(found, word)]
    return None if others else found


def _rows(
    context: Context,
    *,
    conditions: tuple[Condition, ...],
    sort_by: str | None,
    limit: int,
    descending: bool = True,
    currency: str | None = None,
) -> list[Statement]:
    wanted = [currency] if currency else sorted(order_lines.currencies(context.question))
    span = context.span
    among = set(context.memo.get("among") or ())
    result = context.call(
        "find_customers", conditions=conditions, sort_by=sort_by, descending=descending, limit=200 if among else limit,
        currency=wanted[0] if wanted else None, since=span.since if span else None, until=span.until if span else None,
    )  # fmt: skip
    if not isinstance(result, find_customers.Result) or not result.rows:
        return []
    if among:  # only those that the last answer named
        kept = tuple(row for row in result.rows if row.customer_id in among)
        result = result.model_copy(update={"rows": kept[:limit], "total": len(kept)})
    rule = result.rule_zh if context.zh else result.rule_en
    if sort_by in ("spend", "average_order") and result.currency:
        rule += context.say(f"(只计 {result.currency})", f" ({result.currency} only)")
    if sort_by in ("overdue", "days_since_order"):  # counted up to the shop's own day
        rule += context.say(f",截至 {context.deps.shop.today()}", f", as of {context.deps.shop.today()}")
    many = any(len(row.values) > 1 for row in result.rows)
    listed = []
    for row in result.rows:
        values = [
            (f"{find_customers.FEATURES[name][0 if context.zh else 1]} " if many else "")
            + _value(name, value, result.currency)
            for name, value in row.values.items()
            if value is not None
        ]
        who = (
            context.say(f"{row.name}({row.customer_id})", f"{row.name} ({row.customer_id})")
            if row.name
            else row.customer_id
        )
        listed.append(context.say(f"{who}: {'、'.join(values)}", f"{who}: {', '.join(values)}") if values else who)
    first = _first_alone(context, result.rows, sort_by) if sort_by and not conditions and not among else 0
    if first:  # "who … the most": one name, and what it stands on
        cited = tuple(dict.fromkeys(one for row in result.rows[:first] for one in row.evidence))
        listed, result = listed[:first], result.model_copy(update={"evidence": cited})
    head = context.say(f"规则「{rule}」符合 {result.total} 位:", f"Rule “{rule}”, {result.total} customers: ")
    if first:
        head = context.say(
            f"按规则「{rule}」,{result.total} 位中排第一的是 ", f"Rule “{rule}”, first of {result.total} customers: "
        )
    body = ("；" if context.zh else "; ").join(listed)
    return [
        Statement(head + body, result.evidence, direct=True, figures=(str(result.total), body, rule), kind="summary")
    ]


_SEVERAL = re.compile(
    r"哪些|哪几|几(位|个|名)|前(?=\d|[一二三四五六七八九十几])|排行|排名|名单|列|有谁|都是谁|\bwhich (customers|buyers|people|shoppers|clients)\b|\bwho are\b|\blist\b|\brank\w*|\btop (\d|customers|buyers|spenders|three|five|ten)",
    re.IGNORECASE,
)


def _first_alone(context: Context, rows: tuple[find_customers.Row, ...], sort_by: str) -> int:
    """How many rows share the first place, where one name is asked for ("who … the most"); 0 to list as usual."""
    if _SEVERAL.search(context.question) or not scope.WHO.search(context.question):
        return 0
    best = rows[0].values.get(sort_by)
    return sum(row.values.get(sort_by) == best for row in rows) if best is not None else 0


def _value(name: str, value: object, currency: str | None) -> str:
    if isinstance(value, float):
        text = (
            f"{value:.2f}"
            if name in ("spend", "average_order", "mean_rating")
            else f"{value:.2f}"
            if "share" in name or name == "overdue"
            else f"{int(value) if name == 'days_since_order' else value:.0f}"  # whole days that have passed
        )
        return f"{text} {currency}" if name in ("spend", "average_order") and currency else text
    return str(value)


def _how_many(context: Context) -> int:
    found = re.search(
        r"(?:前|top\s*)(\d{1,3}|[一二三四五六七八九十]+)|(\d{1,2})\s*(?:位|个|customers|people|buyers)",
        context.question,
        re.IGNORECASE,
    )
    if found:
        return max(1, min(50, number(found.group(1) or found.group(2))))
    return 5


def _items(context: Context) -> list[str]:
    """Items of the catalogue that the question names."""
    topic = [word for word in context.topic if not items.of_records(word)]
    scored = [(item_names.item_score(item, topic), item.item_id) for item in catalogue(context.deps).values()]
    best = max((score for score, _ in scored), default=0.0)
    return [item_id for score, item_id in scored if score > 0 and score >= best * 0.8][:50]


def on_catalogue(context: Context) -> bool:
    """Whether the question names an item, a brand or a category of this shop."""
    return bool(context.scope.item_ids) or bool(_items(context))


def _buyers(context: Context) -> list[Statement]:
    """Who ordered the item named: only when the question is about buying."""
    cue = r"买|下单|购|订|bought|buy|order|purchase|(customers|people|owners) (with|of) (the|a|an|our)\b"
    if not re.search(cue, context.question, re.IGNORECASE):
        return []
    items = _items(context)
    if not items:
        return []
    c = t.events.c
    with context.deps.shop.engine.connect() as connection:
        rows = connection.execute(
            sa.select(c.customer_id, c.event_id).where(c.kind == "order", c.item_id.in_(items))
        ).all()
    if not rows:
        return []
    people = read.customers_by_id(context.deps.shop, {row.customer_id for row in rows})
    names = [f"{p.name}({p.customer_id})" if p.name else p.customer_id for p in people.values()]
    labels = [item.label(context.language) for item in read.items_by_id(context.deps.shop, items).values()][:3]
    text = context.say(
        f"买过{'、'.join(labels)}的顾客有 {len(people)} 位:{'、'.join(names[:20])}。",
        f"{len(people)} customers ordered {', '.join(labels)}: {', '.join(names[:20])}.",
    )
    return [
        Statement(
            text, tuple(ids.record_evidence_id(row.event_id) for row in rows), direct=True, figures=(str(len(people)),)
        )
    ]

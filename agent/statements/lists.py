"""Lists of customers by what their records show or lack: two currencies, nothing since a year, one order only, never returned."""

from __future__ import annotations

import re
from datetime import date, timedelta

import sqlalchemy as sa

from agent.answer.context import Context, Statement
from agent.question import items, query
from agent.question.dates import number
from agent.statements import order_lines, people
from huaxiang import clock
from huaxiang.store import read
from huaxiang.store import tables as t
from tools import query_records
from tools.query_records import Group


def _re(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_CURRENCY = r"(?:人民币|美元|美金|欧元|cny|rmb|usd|eur|yuan|renminbi|dollars?|euros?)"
_BOTH_CURRENCIES = _re(
    rf"(?:两|双|多|不止一|不同)(?:种|个)?(?:货币|币种)|{_CURRENCY}.{{0,12}}(?:和|跟|与|也|又|及|、).{{0,10}}{_CURRENCY}"
    rf"|\b(?:both|two|more than one|several|different|mixed) currenc\w+|\b{_CURRENCY}\b.{{0,20}}\b(?:and|as well as|plus|&)\b.{{0,16}}\b{_CURRENCY}\b"
)
_N = r"(?P<n>\d+|半|[一二两三四五六七八九十]+|a|an|one|two|three|four|five|six|nine|twelve|eighteen|half a|a half)"
_UNIT = r"(?P<u>年|个?月|天|周|个?星期|years?|months?|weeks?|days?)"
_QUIET_ZH = _re(
    rf"{_N}\s*个?\s*{_UNIT}(?P<half>半)?(?:多|以上|来|之久|左右)?(?:了)?[^,，。?？]{{0,8}}?(?:没|未|不)(?:有)?(?:再|来|买|下|消费|购|回|动静|复购|活跃|出现)"
    rf"|(?:没|未)(?:有)?(?:再|来|买|下|消费|购|回|动静|复购)[^,，。?？]{{0,8}}?(?:超过|已经|达|满|有)\s*(?P<n2>\d+|半|[一二两三四五六七八九十]+)\s*个?\s*(?P<u2>年|月|天|周|星期)"
)
_QUIET_EN = _re(
    rf"(?:\b(?:no|not|nothing|without|zero|never|silent|quiet|inactive|dormant|gone|lapsed|stopped)|n'?t)\b.{{0,60}}\b(?:for|in|since|within|during)\b.{{0,16}}?\b(?:the )?(?:over |more than |at least |past |last |about |nearly )*(?:{_N}\s+|(?<=last )|(?<=past ))(?:full |whole )?{_UNIT}\b"
    rf"|\b(?:last (?:order|purchase)|last (?:ordered|bought)).{{0,24}}\b(?:over |more than |at least )(?P<n2>\d+|a|an|one|two|three|six|twelve) (?P<u2>years?|months?|weeks?|days?)\b"
)
_OTHER_DEEDS = _re(r"评|退|投诉|工单|\b(?:review|rat(?:e|ed|ing)|return|complain|ticket|sent back)")
"""What somebody may not have done for long that is no order."""
_QUIET_SINCE = _re(
    r"(?:之后|以后|后|以来)(?:就)?(?:再也|一直|都)?(?:没|未)(?:有)?(?:再|来|买|下|消费)|(?:\b(?:no|not|nothing|without|never)|n'?t)\b.{0,40}\bsince\b"
)
_ONCE = _re(
    r"(?:只|仅|就)(?:买|下|订|购买?|消费)(?:过|了)?(?:一|1)(?:次|单|笔|回)|一次性(?:顾客|客户|买家)|只有一(?:单|笔|次)|\b(?:only|just) (?:ever )?(?:ordered|bought|purchased|shopped) once\b|\b(?:ordered|bought|purchased|shopped) (?:only|just|exactly) once\b|\b(?:only|just) (?:one|a single|1) (?:order|purchase)\b|\bone[- ](?:time|off|order) (?:buyers?|customers?|shoppers?)\b|\bsingle[- ]order\b"
)
_NEVER = _re(
    r"(?:从来|从|一直|至今|还)(?:都)?(?:没有?|未)(?:有)?(?:过)?|一(?:次|单|笔|条|件)(?:都|也)(?:没有?|未)|零|\bnever\b|\b(?:hasn'?t|haven'?t|have not|has not|did ?n'?t|not) .{0,12}\b(?:yet|ever|anything|a single|any)\b|\bwithout (?:a single|any)\b|\b(?:zero|no) (?:orders|reviews|returns|tickets|purchases)\b|\byet to\b"
)
_NEVER_WHAT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ticket", _re(r"投诉|抱怨|工单|\bcomplain(?:ed|s|ts?)?\b|\btickets?\b")),
    ("return", _re(r"退(?:过|货|款|换|东西)?|\breturn(?:ed|s)?\b|\bsent .{0,16}back\b")),
    ("review", _re(r"评[价论]|写过?评|\breview(?:ed|s)?\b|\brated\b")),
    ("order", _re(r"下(?:过)?单|下过|买(?:过)?|订单|消费|\border(?:ed|s)?\b|\bbought\b|\bpurchase[sd]?\b")),
)


def listed(context: Context) -> list[Statement]:
    """The customers that such a question means; [] when it is none of these."""
    return cities(context) or both_currencies(context) or quiet(context) or once(context) or never(context)


def asks(context: Context) -> bool:
    """Whether a question over everyone asks for such a list."""
    if not context.scope.everyone:
        return False
    text = context.question
    return any(one.search(text) for one in (_BOTH_CURRENCIES, _QUIET_ZH, _QUIET_EN, _ONCE, _NEVER))


def _by_customer(context: Context, kind: str = "order", **more: object) -> tuple[Group, ...]:
    among = context.memo.get("among") or ()
    result = context.call(
        "query_records", customer_ids=tuple(among), kinds=(kind,), group_by="customer", limit=500, **more
    )
    return result.rows if isinstance(result, query_records.Result) else ()


def _say(context: Context, rows: list[tuple[str, str, tuple[str, ...]]], zh: str, en: str) -> list[Statement]:
    """A sentence with every customer: name, a remark, evidence."""
    if not rows:
        return []
    names = [f"{name}: {remark}" if remark else name for name, remark, _ in rows]
    body = (";" if context.zh else "; ").join(names[:60])
    text = context.say(f"{zh}的顾客有 {len(rows)} 位: {body}。", f"{len(rows)} customers {en}: {body}.")
    cited = tuple(dict.fromkeys(one for _, _, evidence in rows for one in evidence))
    return [Statement(text, cited, direct=True, figures=(text,), kind="summary")]


_MOST_OF_A_CITY = _re(
    r"(?:哪|什么)(?:个|座|些)?城市.{0,6}(?:顾客|客户|会员|用户|人)(?:数)?.{0,4}多|(?:顾客|客户|会员|用户)(?:数)?最多的(?:是)?(?:哪个)?城市|\b(?:which|what) (?:city|cities|town)\b.{0,24}\bmost (?:customers|buyers|shoppers|people|members)|\bmost (?:customers|buyers|shoppers) (?:live|come|are|from)"
)


def cities(context: Context) -> list[Statement]:
    """Where most customers live: by the customers on record, whether they ordered or not."""
    if not _MOST_OF_A_CITY.search(context.question) or context.span is not None:
        return []
    c = t.customers.c
    with context.deps.shop.engine.connect() as connection:
        rows = connection.execute(sa.select(c.city, c.customer_id).where(c.city.is_not(None))).all()
    lived: dict[str, list[str]] = {}
    for row in rows:
        lived.setdefault(str(row.city), []).append("c" + str(row.customer_id))
    most = max((len(ids) for ids in lived.values()), default=0)
    top = sorted(city for city, ids in lived.items() if len(ids) == most)[:60]
    if not top:
        return []
    body = ("、" if context.zh else ", ").join(top)
    text = context.say(
        f"顾客最多的城市(各 {most} 位): {body}。", f"Cities with the most customers ({most} each): {body}."
    )
    return [
        Statement(text, tuple(one for city in top for one in lived[city]), direct=True, figures=(text,), kind="summary")
    ]


def both_currencies(context: Context) -> list[Statement]:
    """Who paid in two currencies, with the sum in each."""
    if not _BOTH_CURRENCIES.search(context.question):
        return []
    e = t.events.c
    with context.deps.shop.engine.connect() as connection:
        known = [one for one in connection.scalars(sa.select(e.currency).where(e.kind == "order").distinct()) if one]
    wanted = order_lines.currencies(context.question)
    chosen = sorted(wanted) if len(wanted) > 1 else sorted(known)
    sums: dict[str, list[tuple[str, Group]]] = {}
    for currency in chosen:
        for row in _by_customer(context, measure="amount", currency=currency):
            sums.setdefault(row.key, []).append((currency, row))
    need = len(chosen) if len(wanted) > 1 else 2
    rows = [
        (
            parts[0][1].zh if context.zh else parts[0][1].en,
            " + ".join(f"{row.value:.2f} {currency}" for currency, row in parts),
            tuple(one for _, row in parts for one in row.evidence[:2]),
        )
        for _, parts in sorted(sums.items())
        if len(parts) >= need
    ]
    return _say(context, rows, "用多种货币付过款", "paid in more than one currency")


def quiet_since(context: Context) -> date | None:
    """The day since which the customers looked for did nothing; None when the question is no such one."""
    text = context.question
    today = context.deps.shop.today()
    found = _QUIET_ZH.search(text) or _QUIET_EN.search(text)
    if found and not _OTHER_DEEDS.search(found.group(0)):
        count, unit = found.group("n") or found.group("n2"), (found.group("u") or found.group("u2")).lower()
        count = count or "one"
        half = bool(found.groupdict().get("half"))
        days = _days(count.lower(), unit, half=half)
        return today - timedelta(days=days)
    if _QUIET_SINCE.search(text) and context.span and context.span.since:
        return context.span.since
    return None


def _days(count: str, unit: str, *, half: bool) -> int:
    size = 365 if unit.startswith(("年", "year")) else 30.4 if "月" in unit or "month" in unit else 7 if ("周" in unit or "星期" in unit or "week" in unit) else 1  # fmt: skip
    amount = (
        0.5
        if count in ("半", "half a", "a half")
        else 18.0
        if count == "eighteen"
        else 9.0
        if count == "nine"
        else float(number(count))
    )
    return round(size * (amount + (0.5 if half else 0.0)))


def quiet(context: Context) -> list[Statement]:
    """Who ordered before a day and nothing since, with the day of the last order."""
    since = quiet_since(context)
    if since is None:
        return []
    things = items.meant(context)
    start = clock.start_of_day(since, context.deps.shop.tz)
    rows = [row for row in _by_customer(context, item_ids=things[:200]) if (row.last_at or 0) < start]
    rows.sort(key=lambda row: row.last_at or 0)
    label = items.label(context, things) if things else context.say("商品", "anything")
    last = context.say("最后一单", "last order")
    return _say(
        context,
        [(row.zh if context.zh else row.en, f"{last} {context.day(row.last_at)}", row.evidence[:1]) for row in rows],
        f"买过{label}但自 {since} 起没有再买",
        f"ordered {label} before but not since {since}" if things else f"ordered before but nothing since {since}",
    )


def once(context: Context) -> list[Statement]:
    """Who ordered exactly once."""
    if not _ONCE.search(context.question) or items.meant(context) or people.cities_named(context):
        return []
    span = context.span
    rows = _by_customer(
        context, measure="orders", since=span.since if span else None, until=span.until if span else None
    )
    kept = sorted((row for row in rows if row.value == 1), key=lambda row: row.key)
    return _say(
        context,
        [(row.zh if context.zh else row.en, context.day(row.last_at), row.evidence[:3]) for row in kept],
        f"{context.within()}只下过一单",
        f"placed exactly one order{context.within()}",
    )


def never(context: Context) -> list[Statement]:
    """Who never did a thing: of all customers for orders, of those who ordered for returns and reviews."""
    never_said = _NEVER.search(context.scope.rest)
    if not never_said or items.meant(context) or context.fields or context.span or people.cities_named(context):
        return []
    around = never_said.group(0) + context.scope.rest[never_said.end() : never_said.end() + 24]
    kind = next((name for name, cue in _NEVER_WHAT if cue.search(around)), None)
    before = query.kinds_of(context.scope.rest[: never_said.start()])
    if kind is None or (before and before != (kind,)):  # "reviewed but never ordered" joins two kinds
        return []
    did = {row.key for row in _by_customer(context, kind)}
    if kind == "order":
        c = t.customers.c
        with context.deps.shop.engine.connect() as connection:
            every = [str(one) for one in connection.scalars(sa.select(c.customer_id).order_by(c.customer_id))]
        known = read.customers_by_id(context.deps.shop, every)
        rows: list[tuple[str, str, tuple[str, ...]]] = [
            (f"{known[one].name or one}({one})", "", ("c" + one,)) for one in every if one in known and one not in did
        ]
    else:
        rows = [
            (row.zh if context.zh else row.en, "", row.evidence[:1])
            for row in sorted(_by_customer(context), key=lambda row: row.key)
            if row.key not in did
        ]
    zh = {
        "order": "从未下过单",
        "return": "下过单但从未退货",
        "review": "下过单但从未写过评价",
        "ticket": "下过单但从未提过工单",
    }[kind]
    en = {
        "order": "never ordered",
        "return": "ordered but never returned anything",
        "review": "ordered but never wrote a review",
        "ticket": "ordered but never opened a ticket",
    }
    return _say(context, rows, zh, en[kind])

"""Who did something with an item: bought, returned, reviewed it, in a span, in a city, this and that, this but not that."""

from __future__ import annotations

import re
from dataclasses import replace

import sqlalchemy as sa

from agent.answer.context import Context, Statement
from agent.question import items, names, query, spelling, words
from agent.statements import figures, said_by, traits
from agent.statements.kinds import KIND_LABEL
from huaxiang import clock
from huaxiang.schema.event import EventKind
from huaxiang.store import read
from huaxiang.store import tables as t
from tools import find_by_trait, query_records
from tools.query_records import Group

BOTH = re.compile(
    r"既.{0,20}又|都买|(又|还|也)(买|退|订)|\bboth\b|\band (?:also|a|an|the|some)\b|\band (?:then )?(?:returned|sent|bought|ordered|reviewed|rated)\b|\bas well as\b|以及|和|与|\balso\b",
    re.IGNORECASE,
)
BOTH_ACTS = re.compile(r"既.{0,20}又|都买|(又|还|也)(买|退|订)|\bboth\b.{0,40}\band\b", re.IGNORECASE)
"""Two things side by side, each of which somebody did."""
COMPLAINS = re.compile(r"抱怨|投诉|吐槽|\bcomplain", re.IGNORECASE)
_SPLIT = re.compile(r"又|还|也|以及|和|与|,|，|\band\b|\bas well as\b|\balso\b|\bplus\b", re.IGNORECASE)
_BUT_NOT = re.compile(
    r"(?:但|却|可)?(?:是)?(?:从来)?(?:没有?|未|从没|不)(?:再)?(?:买|下|退|评)|一(?:单|次|件|笔)(?:都|也)(?:没|未)(?:有)?(?:买|下|退)|\b(?:zero|no|without) orders\b|\bbut (?:not|never|hasn'?t|haven'?t|didn'?t)\b|\bwithout (?:ever )?(?:buying|returning|reviewing)\b|\bnever (?:bought|returned|reviewed|wrote)\b",
    re.IGNORECASE,
)


def who_did(context: Context) -> list[Statement]:
    """Customers with records of the kind asked on the items named; [] when the question names no item or no act."""
    rest = context.scope.rest
    if context.span:
        rest = re.sub(re.escape(context.span.phrase), " ", rest, flags=re.IGNORECASE)
    kinds = query.kinds_of(rest)
    if not kinds or kinds[0] in ("survey", "message"):
        return []
    if BOTH.search(rest) and COMPLAINS.search(rest) and kinds[0] != "review":
        return []  # a complaint is no record that can be joined with another: better nothing than half the question
    among = context.memo.get("among") or in_city(context)
    but = _BUT_NOT.search(rest)
    if but:
        return _this_not_that(context, rest[: but.start()], rest[but.start() :], among)
    if BOTH.search(rest):
        found = _all_of(context, rest, kinds, among)
        if found:
            return found
    things = items.meant(context)
    if not things and among is None:
        return []
    rows = _groups(context, kinds, things, among)
    return _say(context, rows, kinds[0], items.label(context, things) if things else "") if rows else []


def in_city(context: Context) -> tuple[str, ...] | None:
    """Ids of the customers of a city that the question names; None when it names none."""
    cities = cities_named(context)
    if not cities:
        return None
    c = t.customers.c
    with context.deps.shop.engine.connect() as connection:
        return tuple(str(one) for one in connection.scalars(sa.select(c.customer_id).where(c.city.in_(cities))))


def cities_named(context: Context) -> set[str]:
    """The cities of customers that the question names."""
    c = t.customers.c
    with context.deps.shop.engine.connect() as connection:
        cities = connection.scalars(sa.select(c.city).where(c.city.is_not(None)).distinct()).all()
    return {str(city) for city in cities if names.city_in(city, context.scope.rest)}


def _groups(
    context: Context, kinds: tuple[EventKind, ...], things: tuple[str, ...], among: tuple[str, ...] | None
) -> tuple[Group, ...]:
    if among == ():
        return ()
    span = context.span
    result = context.call(
        "query_records", customer_ids=among or (), kinds=kinds, item_ids=things[:200], group_by="customer", limit=500,
        since=span.since if span else None, until=span.until if span else None,
    )  # fmt: skip
    return result.rows if isinstance(result, query_records.Result) else ()


_ANYTHING = re.compile(r"东西|别的|其他|什么|商品|货|\b(?:something|anything|else|other|items?)\b", re.IGNORECASE)


def _all_of(
    context: Context, rest: str, kinds: tuple[EventKind, ...], among: tuple[str, ...] | None
) -> list[Statement]:
    """Customers with records on each of two things named side by side."""
    parts: list[tuple[tuple[EventKind, ...], tuple[str, ...]]] = []
    for piece in _SPLIT.split(rest):
        topic = words.content_words(piece, context.language)
        things = items.meant(context, piece, topic)
        own = query.kinds_of(piece)
        if things and all(set(things) - set(other) for _, other in parts):
            parts.append((own or (parts[-1][0] if parts else kinds), things))
        elif own and parts and own != parts[-1][0]:
            parts.append((own, () if _ANYTHING.search(piece) else parts[-1][1]))  # "and sent it back": the same thing
    if len(parts) < 2:
        return []
    rows = [_groups(context, own, things, among) for own, things in parts[:3]]
    shared = set.intersection(*({row.key for row in one} for one in rows))
    kept = [row for one in rows for row in one if row.key in shared]
    acts = [
        _DID[own[0]][0 if context.zh else 1].format(items.label(context, things) or context.say("商品", "something"))
        for own, things in parts[:3]
    ]
    label = context.say("、也", " and ").join(acts)
    if not kept and any(rows) and len({own for own, _ in parts}) > 1:  # both happened, but nobody did both
        text = context.say(f"{label}的顾客有 0 位。", f"0 customers {label}.")
        cited = tuple(dict.fromkeys(one for each in rows for row in each for one in row.evidence[:2]))
        return [Statement(text, cited, direct=True, figures=(text,), kind="summary")]
    return _say(context, tuple(kept), kinds[0], "", did=label) if kept else []


def _this_not_that(context: Context, first: str, second: str, among: tuple[str, ...] | None) -> list[Statement]:
    """Customers with the first kind of record (on the first thing) and none of the second."""
    kinds, without = query.kinds_of(first) or ("order",), query.kinds_of(second)
    things = items.meant(context, first, words.content_words(first, context.language))
    others = items.meant(context, second, words.content_words(second, context.language))
    if not without or (not things and not others and kinds == without):
        return []
    barred = {row.key for row in _groups(context, without, others, among)}
    kept = tuple(row for row in _groups(context, kinds, things, among) if row.key not in barred)
    label = items.label(context, things) or context.say("商品", "something")
    not_label = items.label(context, others) or query_label(context, without[0])
    return (
        _say(context, kept, kinds[0], context.say(f"{label}(但没有 {not_label})", f"{label} (but no {not_label})"))
        if kept
        else []
    )


def query_label(context: Context, kind: str) -> str:
    """What to call a kind of record."""

    return KIND_LABEL[kind][0 if context.zh else 1]


_DID = {
    "order": ("买过{}", "ordered {}"), "return": ("退过{}", "returned {}"), "review": ("评价过{}", "reviewed {}"),
    "cart": ("加购过{}", "put {} in the cart"), "view": ("浏览过{}", "viewed {}"), "search": ("搜索过{}", "searched for {}"), "note": ("有备注{}", "have notes on {}"),
    "ticket": ("就{}提过工单", "opened a ticket about {}"), "message": ("就{}来过消息", "wrote a message about {}"),
    "survey": ("就{}填过问卷", "answered a survey about {}"),
}  # fmt: skip


def _say(context: Context, rows: tuple[Group, ...], kind: str, label: str, did: str = "") -> list[Statement]:
    people = read.customers_by_id(context.deps.shop, {row.key for row in rows})
    unique = {row.key: row for row in rows}
    listed_names = []
    for key in unique:
        found = people.get(key)
        name = found.name if found else None
        listed_names.append((f"{name}({key})" if context.zh else f"{name} ({key})") if name else key)
    zh, en = (did, did) if did else _DID[kind]
    listed = ("、" if context.zh else ", ").join(listed_names[:40])
    text = context.say(
        f"{context.within()}{zh.format(label or '商品')}的顾客有 {len(unique)} 位: {listed}。",
        f"{len(unique)} customers {en.format(label or 'something')}{context.within()}: {listed}.",
    )
    evidence = tuple(dict.fromkeys(one for row in rows for one in row.evidence[:5]))
    head = Statement(text, evidence, direct=True, figures=(text,), kind="summary")
    if kind not in ("return", "review") or len(unique) > 8:
        return [head]

    return [head, *figures.quotes_of(context, [one for row in unique.values() for one in row.event_ids[:1]])[:5]]


def with_trait(context: Context) -> list[Statement]:
    """Customers whose own profile holds the field asked, with the value that the question names."""

    if not context.fields:
        return []
    values = trait_values(context)
    if not values and _NAMES_A_VALUE.search(context.question):
        return []
    among = context.memo.get("among") or in_city(context)
    if among == ():
        return []
    against = "prefers_contact" in context.fields and bool(_AGAINST.search(context.question))
    result = context.call(
        "find_by_trait", fields=tuple(context.fields), values=() if against else values, customer_ids=among or ()
    )
    if against and isinstance(result, find_by_trait.Result):  # who wants no calls wants another channel
        kept = tuple(one for one in result.holders if str(one.trait.value) not in values)
        result, values = result.model_copy(update={"holders": kept}), ()
    told = said_by.holders(
        context,
        values,
        {h.customer_id for h in result.holders} if isinstance(result, find_by_trait.Result) else set(),
        among or (),
    )
    if not isinstance(result, find_by_trait.Result) or not result.holders:
        return told
    names = [
        f"{h.name or h.customer_id}" + (f"({h.customer_id})" if context.zh else f" ({h.customer_id})")
        for h in result.holders
    ]
    label = spelling.pack_of(context).field(context.fields[0]).label(context.language)
    shown = sorted(
        {spelling.pack_of(context).value_label(h.trait.name, h.trait.value, context.language) for h in result.holders}
    )
    said = f": {'、'.join(shown)}" if values else ""
    listed = ("、" if context.zh else ", ").join(names)
    text = context.say(
        f"档案里“{label}{said}”的顾客有 {len(names)} 位: {listed}。".replace("“", "「").replace("”", "」"),
        f"{len(names)} customers have {label}{said} in their profile: {listed}.",
    )
    head = Statement(text, result.evidence, direct=True, figures=(text,), kind="summary")
    quotes = []
    for holder in result.holders[:8]:
        context.customer_id = holder.customer_id
        one = traits.of_trait(context, holder.trait, {})
        if one is not None:
            quotes.append(one)
    context.customer_id = ""
    return [head, *told[:1], *(replace(one, direct=True) for one in quotes), *told[1:]]


_NEW = re.compile(
    r"新客|新(顾客|客户|用户)|(第一|首)(次|单).{0,8}(谁|哪)|(才|刚).{0,6}(第一|首)(次|单)|\bnew (customers?|buyers?)\b|\bfirst[- ](time|order|purchase|ever)\b.{0,30}\b(who|customers?|buyers?)?",
    re.IGNORECASE,
)
SOLD = re.compile(r"卖(出|了|掉|过)|销量|\b(sold|sell|sells|selling|sales of)\b", re.IGNORECASE)


def first_timers(context: Context) -> list[Statement]:
    """Customers whose first order falls in the span asked."""
    span = context.span
    if span is None or not _NEW.search(context.question):
        return []
    result = context.call("query_records", kinds=("order",), group_by="customer", limit=500)
    if not isinstance(result, query_records.Result):
        return []
    tz = context.deps.shop.tz
    rows = [
        row
        for row in result.rows
        if row.first_at is not None
        and (span.since is None or clock.day_of(row.first_at, tz) >= span.since)
        and (span.until is None or clock.day_of(row.first_at, tz) <= span.until)
    ]
    if not rows:
        return []
    names = [f"{row.zh if context.zh else row.en}: {context.day(row.first_at)}" for row in rows]
    listed = ("、" if context.zh else ", ").join(names)
    text = context.say(
        f"{context.within()}第一次下单的顾客有 {len(rows)} 位: {listed}。",
        f"{len(rows)} customers placed their first order{context.within()}: {listed}.",
    )
    return [
        Statement(
            text, tuple(one for row in rows for one in row.evidence[-1:]), direct=True, figures=(text,), kind="summary"
        )
    ]


def sold(context: Context) -> list[Statement]:
    """How many of an item were sold, in how many orders, to how many customers."""
    things = items.meant(context)
    among = in_city(context)
    if not things or not SOLD.search(context.question) or among == ():
        return []
    span, cities = context.span, ", ".join(sorted(cities_named(context)))
    where_zh, where_en = (f"在{cities}", f" to customers in {cities}") if cities else ("", "")
    result = context.call(
        "query_records", kinds=("order",), item_ids=things[:200], group_by="customer", measure="quantity", limit=500,
        since=span.since if span else None, until=span.until if span else None, customer_ids=among or (),
    )  # fmt: skip
    if not isinstance(result, query_records.Result) or not result.rows:
        return []
    pieces = sum(row.value for row in result.rows)
    text = context.say(
        f"{items.label(context, things)}{context.within()}{where_zh}共卖出 {pieces:g} 件,{result.records} 个订单行,{result.groups} 位顾客。",
        f"{items.label(context, things)}: {pieces:g} sold{where_en}{context.within()}, in {result.records} order lines, to {result.groups} customers.",
    )
    return [Statement(text, result.evidence, direct=True, figures=(text,), kind="summary")]


_AGAINST = re.compile(r"不要|别|不想|不愿|\b(not|don'?t|never|dont|no)\b", re.IGNORECASE)
_NAMES_A_VALUE = re.compile(r"\d|(?<![A-Za-z])(?:XXL|XL|XS|S|M|L)(?![A-Za-z'’])")


def trait_values(context: Context) -> tuple[str, ...]:
    """Values of the fields asked that the question names: terms of the pack's vocabulary, sizes, numbers."""
    pack = spelling.pack_of(context)
    low = context.scope.rest.lower()
    stems = spelling.stems_of(low)
    found: list[str] = []
    for name in context.fields:
        if name not in pack.fields:
            continue
        for key, term in pack.terms(name).items():
            if any(
                spelling.contains(low, one.lower(), stems)
                for one in term.spellings
                if len(one) > 1 or not one.isascii()
            ):
                found.append(str(key))
        if "size" in name:
            found += re.findall(r"(?<![\d.])\d{2}(?:\.5)?(?!\d)", low) or [
                m.upper() for m in re.findall(r"(?<![a-z])(?:xxl|xl|xs|s|m|l)(?![a-z'’])", low)
            ]
    return tuple(dict.fromkeys(found))

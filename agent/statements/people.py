"""Who did something with an item: bought, returned, reviewed it, in a span, in a city, this and that, this but not that."""

from __future__ import annotations

import re

from agent import items, query, words
from agent.context import Context, Statement
from huaxiang.schema.event import EventKind
from huaxiang.store import read
from tools import query_records
from tools.query_records import Group

_BOTH = re.compile(
    r"既.{0,20}又|都买|(又|还|也)(买|退|订)|\bboth\b|\band (?:also|a|an|the|some)\b|\bas well as\b|以及|和|与|\balso\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"又|还|也|以及|和|与|,|，|\band\b|\bas well as\b|\balso\b|\bplus\b", re.IGNORECASE)
_BUT_NOT = re.compile(
    r"(?:但|却|可)?(?:是)?(?:从来)?(?:没有?|未|从没|不)(?:再)?(?:买|下单|退|评)|\bbut (?:not|never|hasn'?t|haven'?t|didn'?t)\b|\bwithout (?:ever )?(?:buying|returning|reviewing)\b|\bnever (?:bought|returned|reviewed|wrote)\b",
    re.IGNORECASE,
)


def who_did(context: Context) -> list[Statement]:
    """Customers with records of the kind asked on the items named; [] when the question names no item or no act."""
    rest = context.scope.rest
    if context.span:
        rest = re.sub(re.escape(context.span.phrase), " ", rest, flags=re.IGNORECASE)
    kinds = query.kinds_of(rest)
    if not kinds or kinds[0] in ("survey", "ticket", "message"):
        return []
    among = in_city(context)
    but = _BUT_NOT.search(rest)
    if but:
        return _this_not_that(context, rest[: but.start()], rest[but.start() :], among)
    if _BOTH.search(rest):
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
    import sqlalchemy as sa

    from huaxiang.store import tables as t

    c = t.customers.c
    with context.deps.shop.engine.connect() as connection:
        rows = connection.execute(sa.select(c.customer_id, c.city).where(c.city.is_not(None))).all()
    low = context.scope.rest.lower()
    cities = {row.city for row in rows if row.city and row.city.lower() in low}
    return tuple(row.customer_id for row in rows if row.city in cities) if cities else None


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
            parts.append((own, ()))
    if len(parts) < 2:
        return []
    rows = [_groups(context, own, things, among) for own, things in parts[:3]]
    shared = set.intersection(*({row.key for row in one} for one in rows))
    kept = [row for one in rows for row in one if row.key in shared]
    label = context.say(" 和 ", " and ").join(
        items.label(context, things) or query_label(context, own[0]) for own, things in parts[:3]
    )
    return _say(context, tuple(kept), kinds[0], label) if kept else []


def _this_not_that(context: Context, first: str, second: str, among: tuple[str, ...] | None) -> list[Statement]:
    """Customers with the first kind of record (on the first thing) and none of the second."""
    kinds, without = query.kinds_of(first) or ("order",), query.kinds_of(second)
    things = items.meant(context, first, words.content_words(first, context.language))
    others = items.meant(context, second, words.content_words(second, context.language))
    if not without or (not things and not others and kinds == without):
        return []
    barred = {row.key for row in _groups(context, without, others, among)}
    kept = tuple(row for row in _groups(context, kinds, things, among) if row.key not in barred)
    label = items.label(context, things) or query_label(context, kinds[0])
    not_label = items.label(context, others) or query_label(context, without[0])
    return (
        _say(context, kept, kinds[0], context.say(f"{label}(但没有 {not_label})", f"{label} (but no {not_label})"))
        if kept
        else []
    )


def query_label(context: Context, kind: str) -> str:
    """What to call a kind of record."""
    from agent.statements.figures import KIND_LABEL

    return KIND_LABEL[kind][0 if context.zh else 1]


_DID = {
    "order": ("买过{}", "ordered {}"), "return": ("退过{}", "returned {}"), "review": ("评价过{}", "reviewed {}"),
    "cart": ("加购过{}", "put {} in the cart"), "view": ("浏览过{}", "viewed {}"), "search": ("搜索过{}", "searched for {}"), "note": ("有备注{}", "have notes on {}"),
}  # fmt: skip


def _say(context: Context, rows: tuple[Group, ...], kind: str, label: str) -> list[Statement]:
    people = read.customers_by_id(context.deps.shop, {row.key for row in rows})
    unique = {row.key: row for row in rows}
    names = []
    for key in unique:
        found = people.get(key)
        name = found.name if found else None
        names.append((f"{name}({key})" if context.zh else f"{name} ({key})") if name else key)
    zh, en = _DID[kind]
    listed = ("、" if context.zh else ", ").join(names[:40])
    text = context.say(
        f"{context.within()}{zh.format(label or '商品')}的顾客有 {len(unique)} 位: {listed}。",
        f"{len(unique)} customers {en.format(label or 'something')}{context.within()}: {listed}.",
    )
    evidence = tuple(dict.fromkeys(one for row in rows for one in row.evidence[:5]))
    head = Statement(text, evidence, direct=True, figures=(text,), kind="summary")
    if kind not in ("return", "review") or len(unique) > 8:
        return [head]
    from agent.statements import figures

    return [head, *figures.quotes_of(context, [one for row in unique.values() for one in row.event_ids[:1]])[:5]]

"""The figures themselves: from the rows that a filter lets through to numbers, for the whole or group by group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from huaxiang import clock
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from huaxiang.totals import rows as read
from huaxiang.totals.filter import By, Filter, Selector

_KIND = {
    "orders": "order", "order_lines": "order", "units": "order", "revenue": "order", "average_order": "order", "customers": "order",
    "repeat_customers": "order", "repeat_rate": "order", "returns": "return", "refunded": "return", "return_rate": "return", "reviews": "review",
    "average_rating": "review", "star_share": "review", "messages": "message", "surveys": "survey", "carts": "cart", "views": "view",
    "searches": "search",
}  # fmt: skip


@dataclass(frozen=True)
class Total:
    """One figure: its value, what it is made of, and the records behind it, newest first.

    `value` is None where nothing gives one (a mean of nothing). `money` holds minor units a currency; `whole` is what a
    share is a share of; `orders` counts distinct orders.
    """

    value: float | None
    records: int = 0
    orders: int = 0
    units: float = 0.0
    whole: float = 0.0
    undated: int = 0
    money: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    customers: tuple[str, ...] = ()
    event_ids: tuple[str, ...] = ()


def total(shop: Shop, selector: Selector) -> Total:
    """The figure of a selector (its groups aside), from the shop as it is now."""
    return _figure(selector, *_rows(shop, selector), shop=shop)


def groups(shop: Shop, selector: Selector) -> list[tuple[str, str, str, Total]]:
    """(key, zh, en, figure) of each group that has records: in the order of time, else the largest first."""
    assert selector.by is not None
    key = _KEYS[selector.by]
    part, whole = _rows(shop, selector)
    split: dict[str, tuple[list[Any], list[Any]]] = {}
    names: dict[str, Any] = {}
    for place, side in enumerate((part, whole)):
        for one in side:
            row = one.rows[-1] if isinstance(one, read.Thread) else one
            name = key(row, shop.tz)
            if name is not None:
                split.setdefault(name, ([], []))[place].append(one)
                names.setdefault(name, row)
    found = [
        (name, *_label(selector.by, name, names[name]), _figure(selector, *sides)) for name, sides in split.items()
    ]
    if selector.top:
        way = 1 if selector.ascending else -1
        return sorted(found, key=lambda one: (way * _size(one[3]), one[0]))
    if selector.by in ("month", "quarter", "year", "weekday"):
        return sorted(found, key=lambda one: one[0])
    return sorted(found, key=lambda one: (-_size(one[3]), one[0]))


def _size(one: Total) -> float:
    return one.value if one.value is not None else max(one.money.values(), default=0) / 100


def _rows(shop: Shop, selector: Selector) -> tuple[Sequence[Any], Sequence[Any]]:
    """What is counted, and what it is a share of."""
    f, measure = selector.filter, selector.measure
    if measure in ("tickets", "tickets_open", "tickets_solved", "complaints"):
        wanted = {"tickets_open": "open", "tickets_solved": "solved"}.get(measure)
        return [one for one in read.threads(shop, f) if wanted is None or one.status == wanted], ()
    if measure == "trouble":
        return _trouble(shop, f), ()
    if measure == "registered":
        return _registered(shop, f), ()
    if measure == "new_customers":
        return _first_orders(shop, f), ()
    part = read.of_kind(shop, _KIND[measure], f)
    if measure == "return_rate":
        return part, read.of_kind(shop, "order", f)
    if measure == "star_share":
        rated = f.model_copy(update={"rating_min": None, "rating_max": None})
        return part, [row for row in read.of_kind(shop, "review", rated) if row.rating is not None]
    return part, ()


def _trouble(shop: Shop, f: Filter) -> Sequence[Any]:
    """Returns, reviews of one or two stars, and tickets: each on its item, a ticket on the only item of its order."""
    poor = f.model_copy(update={"rating_min": None, "rating_max": 2.0})
    found: list[Any] = [*read.of_kind(shop, "return", f), *read.of_kind(shop, "review", poor)]
    opened = [one.rows[-1] for one in read.threads(shop, f)]
    lines: dict[str, dict[str, Any]] = {}
    wanted = {row.order_id for row in opened if row.order_id and not row.item_id}
    for row in read.of_kind(shop, "order", Filter()) if wanted else ():
        if row.order_id in wanted and row.item_id:
            lines.setdefault(row.order_id, {})[row.item_id] = row
    for row in opened:
        own = lines.get(row.order_id, {}) if not row.item_id else {}
        if len(own) == 1:
            line = next(iter(own.values()))
            of_line = {name: getattr(line, name) for name in ("item_id", "title", "title_en", "brand", "category")}
            found.append(SimpleNamespace(**{**row._mapping, **of_line}))
        else:
            found.append(row)
    return found


def _registered(shop: Shop, f: Filter) -> Sequence[Any]:
    c = t.customers.c
    query = sa.select(c.customer_id, c.name, c.city)
    if f.customers:
        query = query.where(c.customer_id.in_(f.customers))
    if f.cities:
        query = query.where(c.city.in_(f.cities))
    if f.not_cities:
        query = query.where(sa.or_(c.city.is_(None), c.city.not_in(f.not_cities)))
    with shop.engine.connect() as connection:
        return connection.execute(query.order_by(c.customer_id)).all()


def _first_orders(shop: Shop, f: Filter) -> Sequence[Any]:
    """The first order line of each customer, where it falls within the days."""
    always = f.model_copy(update={"since": None, "until": None})
    first: dict[str, Any] = {}
    for row in read.of_kind(shop, "order", always):  # newest first
        if row.occurred_at is not None:
            first[row.customer_id] = row
    low = clock.start_of_day(f.since, shop.tz) if f.since else float("-inf")
    high = clock.end_of_day(f.until, shop.tz) if f.until else float("inf")
    return [row for row in first.values() if low <= row.occurred_at <= high]


def _figure(selector: Selector, part: Sequence[Any], whole: Sequence[Any], *, shop: Shop | None = None) -> Total:
    """The figure of some rows."""
    measure = selector.measure
    flat = [row for one in part for row in one.rows] if part and isinstance(part[0], read.Thread) else list(part)
    people = dict.fromkeys(row.customer_id for row in flat)
    money: dict[str, int] = {}
    counts: dict[str, set[str]] = {}
    orders: dict[str, set[str]] = {}
    if measure not in ("registered",):
        for row in flat:
            orders.setdefault(row.customer_id, set()).add(read.order_of(row))
            if row.amount_minor is not None and row.currency and row.kind in ("order", "return"):
                money[row.currency] = money.get(row.currency, 0) + row.amount_minor
                counts.setdefault(row.currency, set()).add(read.order_of(row))
    distinct = len(set().union(*orders.values())) if orders else 0
    units = (
        float(sum(row.quantity if row.quantity is not None else 1 for row in flat))
        if measure not in ("registered",)
        else 0.0
    )
    if measure in ("repeat_customers", "repeat_rate"):
        again = {one for one, own in orders.items() if len(own) > 1}
        kept = [row for row in flat if row.customer_id in again]
        value: float | None = (
            float(len(again)) if measure == "repeat_customers" else (len(again) / len(people) if people else None)
        )
        return Total(value, len(kept), whole=float(len(people)), customers=tuple(dict.fromkeys(row.customer_id for row in kept)), event_ids=_ids(kept))  # fmt: skip
    rated = [row.rating for row in flat if getattr(row, "rating", None) is not None]
    values: dict[str, Callable[[], float | None]] = {
        "orders": lambda: float(distinct), "units": lambda: units, "revenue": lambda: None, "average_order": lambda: None, "refunded": lambda: None,
        "customers": lambda: float(len(people)), "new_customers": lambda: float(len(people)), "registered": lambda: float(len(people)),
        "average_rating": lambda: sum(rated) / len(rated) if rated else None,
        "return_rate": lambda: len(flat) / len(whole) if whole else None, "star_share": lambda: len(flat) / len(whole) if whole else None,
    }  # fmt: skip
    value = values[measure]() if measure in values else float(len(part))
    if measure == "average_rating":
        flat = [row for row in flat if row.rating is not None]
        people = dict.fromkeys(row.customer_id for row in flat)
    ids = () if measure == "registered" else _ids([*flat, *(whole if measure in ("return_rate", "star_share") else ())])
    return Total(
        value, len(flat), distinct, units, float(len(whole)), sum(getattr(row, "occurred_at", 0) is None for row in flat), money,
        {code: len(own) for code, own in counts.items()}, tuple(people), ids,
    )  # fmt: skip


def _ids(kept: Sequence[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(row.event_id) for row in kept))


def _moment(row: Any, tz: ZoneInfo) -> datetime | None:
    at = getattr(row, "occurred_at", None)
    return None if at is None else datetime.fromtimestamp(at, tz=tz)


def _in_time(shape: Callable[[datetime], str]) -> Callable[[Any, ZoneInfo], str | None]:
    def key(row: Any, tz: ZoneInfo) -> str | None:
        moment = _moment(row, tz)
        return None if moment is None else shape(moment)

    return key


def _attribute(name: str) -> Callable[[Any, ZoneInfo], str | None]:
    return lambda row, _: getattr(row, name, None)


_KEYS: dict[By, Callable[[Any, ZoneInfo], str | None]] = {
    "month": _in_time(lambda m: f"{m:%Y-%m}"), "quarter": _in_time(lambda m: f"{m.year} Q{(m.month + 2) // 3}"), "year": _in_time(lambda m: f"{m:%Y}"),
    "weekday": _in_time(lambda m: str(m.weekday())), "category": _attribute("category"), "brand": _attribute("brand"), "city": _attribute("city"),
    "item": _attribute("item_id"), "customer": _attribute("customer_id"),
}  # fmt: skip
_DAYS = (
    ("星期一", "Monday"), ("星期二", "Tuesday"), ("星期三", "Wednesday"), ("星期四", "Thursday"), ("星期五", "Friday"), ("星期六", "Saturday"), ("星期日", "Sunday"),
)  # fmt: skip


def _label(by: By, key: str, row: Any) -> tuple[str, str]:
    from huaxiang.features.wording import CATEGORY_ZH

    if by == "weekday":
        return _DAYS[int(key)]
    if by == "category":
        return CATEGORY_ZH.get(key, key), key
    if by == "item":
        return row.title or row.title_en or key, row.title_en or row.title or key
    if by == "customer":
        return (f"{row.name}（{key}）", f"{row.name} ({key})") if row.name else (key, key)
    return key, key

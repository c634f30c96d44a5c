"""Figures of one customer in plain Python: the `Context` for updates, what-if and as-of, where a frame's overhead counts.

The same figures as `tables.Tables` gives; `tests/huaxiang/features/test_single.py` holds the two together over generated
histories. Twenty events take about half a millisecond here and sixty through polars.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from huaxiang import clock
from huaxiang.features.selector import event_rows
from huaxiang.features.statements import Row
from huaxiang.store import bulk
from huaxiang.store import tables as t

_RANK = {"order": 0, "review": 1, "view": 2, "cart": 2}
_BASES = ("order", "review", "view")
_RECENT = 180 * 86_400
_PARTS = ("night", "morning", "afternoon", "evening")
_SOLVED = ("solved", "closed", "resolved", "done")
_MASK = 0xFFFFFFFFFFFFFFFF
Grouped = list[tuple[Row, list[Row]]]


class Single:
    """Implements `statements.Context` for one customer."""

    def __init__(self, events: Iterable[Row], *, as_of: int, tz: ZoneInfo, has_returns: bool, has_orders: bool) -> None:
        """Events as rows with the columns of `store.read.EVENT_FRAME_SCHEMA` and `channel`, of one customer, in any order.

        Args:
            events: the rows; those after `as_of` are left out, undated ones count but in no date.
            as_of: epoch seconds.
            tz: the shop's zone.
            has_returns: whether the shop records returns at all.
            has_orders: whether the shop records orders at all.
        """
        self.tz, self.has_returns, self.has_orders = tz, has_returns, has_orders
        kept = [e for e in events if e["occurred_at"] is None or e["occurred_at"] <= as_of]
        kept.sort(key=lambda e: (e["occurred_at"] is None, e["occurred_at"] or 0, e["event_id"]))
        self.events = [self._prepared(e) for e in kept]

    def day(self, seconds: int | None) -> str | None:
        """The local ISO day, or None."""
        return None if seconds is None else clock.day_of(seconds, self.tz).isoformat()

    def everything(self) -> list[Row]:
        """One row, over all events; none where there are no events."""
        return [_behind(self.events)] if self.events else []

    def order_counts(self) -> list[Row]:
        """`orders.rfm`, where there are orders."""
        lines = self._kind("order")
        count = len({e["order_key"] for e in lines})
        return [{**_behind(lines), "order_count": count, "line_count": len(lines)}] if lines else []

    def without_orders(self) -> list[Row]:
        """As `everything`, where there are no orders."""
        return [] if self._kind("order") else self.everything()

    def spending(self) -> list[Row]:
        """`orders.spend`, one row a currency, and `all_orders`."""
        everything = self._kind("order")
        lines = [e for e in everything if e["money"]]
        rows = []
        for currency, mine in _by(lines, lambda e: e["currency"]).items():
            spent, orders = sum(e["amount_minor"] for e in mine), len({e["order_key"] for e in mine})
            named = [e["discount_minor"] for e in mine if e["discount_minor"] is not None]
            discount = sum(named) if named else None
            full = spent + discount if discount is not None else 0
            rows.append(
                {
                    **_behind(mine), "currency": currency, "spend_minor": spent, "order_count": orders, "discount_minor": discount,
                    "average_order_minor": round(spent / orders), "discount_share": discount / full if discount is not None and full > 0 else None,
                    "all_orders": len({e["order_key"] for e in everything}),
                }
            )  # fmt: skip
        return rows

    def single_orders(self, which: str) -> list[Row]:
        """The `first`, `last` or (once a currency with two or more) `largest` order."""
        table = list(self._orders)
        if which != "largest":
            dated = sorted((o for o in table if o["at"] is not None), key=lambda o: (o["at"], o["order_key"]))
            return dated[:1] if which == "first" else dated[-1:]
        paid = [o for o in table if o["currency"] is not None and o["total"] is not None]
        paid.sort(key=lambda o: (-o["total"], o["at"] is None, -(o["at"] or 0), o["order_key"]))
        return [rows[0] for rows in _by(paid, lambda o: o["currency"]).values() if len(rows) >= 2]

    def cadences(self) -> list[Row]:
        """`orders.cadence`."""
        lines = [e for e in self._kind("order") if e["occurred_at"] is not None]
        days = sorted({e["local"].date() for e in lines})
        if len(days) < 3:
            return []
        gaps = [(later - earlier).days for earlier, later in itertools.pairwise(days)]
        # whole days: plain arithmetic is exact enough, and `statistics` works in fractions, which takes long
        mean = sum(gaps) / len(gaps)
        regular = 1 / (1 + math.sqrt(sum([(gap - mean) ** 2 for gap in gaps]) / len(gaps)) / mean)
        return [{**_behind(lines), "gap_days": float(statistics.median(gaps)), "regularity": regular}]

    def rebought(self) -> Grouped:
        """`orders.rebought`, after the row over the lines of those items."""
        items = _by((e for e in self._kind("order") if e["item_id"] is not None), lambda e: e["item_id"])
        rows = []
        for item, lines in items.items():
            orders = len({e["order_key"] for e in lines})
            if orders >= 2:
                last = max((e["occurred_at"] for e in lines if e["occurred_at"] is not None), default=None)
                first = lines[0]
                rows.append(
                    {"item_id": item, "orders": orders, "last_at": last, "title": first["title"], "title_en": first["title_en"]}
                )  # fmt: skip
        if not rows:
            return []
        rows.sort(key=lambda r: (-r["orders"], r["last_at"] is not None, -(r["last_at"] or 0), r["item_id"]))
        again = {r["item_id"] for r in rows}
        return [(_behind([e for e in self._kind("order") if e["item_id"] in again]), rows)]

    def returns(self) -> Grouped:
        """`orders.returns`, with the return lines."""
        both, back, lines = self._kind("order", "return"), self._kind("return"), self._kind("order")
        if not both:
            return []
        share = min(1.0, len(back) / len(lines)) if lines else None
        return [({**_behind(both), "return_count": len(back), "line_count": len(lines), "return_share": share}, back)]

    def affinities(self, by: str) -> Grouped:
        """`tastes.affinities`, after the row over the events they were counted in."""
        ranked = [e for e in self.events if e["kind"] in _RANK]
        best = min((_RANK[e["kind"]] for e in ranked), default=0)
        stands_on = [e for e in ranked if _RANK[e["kind"]] == best and e[by] is not None]
        counted = [e for e in stands_on if e[by] != ""]
        if not counted:
            return []
        times = [e["occurred_at"] for e in counted if e["occurred_at"] is not None]
        since = max(times) - _RECENT if times else None
        rows = [_affinity(value, mine, since) for value, mine in _by(counted, lambda e: e[by]).items()]
        recent, before = sum(r["recent"] for r in rows), sum(r["before"] for r in rows)
        for row in rows:
            row["basis"], row["total"], row["share"] = _BASES[best], len(counted), row["lines"] / len(counted)
            row["share_recent"] = row["recent"] / recent if recent else None
            row["share_before"] = row["before"] / before if before else None
            both = recent and before
            row["trend"] = row["share_recent"] - row["share_before"] if both else None
        rows.sort(
            key=lambda r: (
                -r["share"],
                -r["units"],
                -r["orders"],
                r["last_at"] is None,
                -(r["last_at"] or 0),
                r["value"],
            )
        )
        return [(_behind(stands_on), rows)]

    def ratings(self) -> list[Row]:
        """`habits.ratings`."""
        mine = self._kind("review")
        if not mine:
            return []
        given = [e["rating"] for e in mine if e["rating"] is not None]
        low = sum(one <= 2.0 for one in given) / len(given) if given else None
        mean = sum(given) / len(given) if given else None
        return [
            {**_behind(mine), "review_count": len(mine), "rated": len(given), "mean_rating": mean, "low_share": low}
        ]

    def surveys(self) -> list[Row]:
        """`habits.surveys`."""
        mine = [e for e in self._kind("survey") if e["rating"] is not None]
        if not mine:
            return []
        scores = [e["rating"] for e in mine]
        mean = sum(scores) / len(scores)
        return [{**_behind(mine), "survey_count": len(scores), "mean_score": mean, "last_score": scores[-1]}]

    def active_times(self) -> list[Row]:
        """`habits.active_times`."""
        own = self._own
        if len(own) < 5 or all((e["local"].hour, e["local"].minute, e["local"].second) == (0, 0, 0) for e in own):
            return []
        parts, days = [e["local"].hour // 6 for e in own], [e["local"].isoweekday() for e in own]
        part, day = _mode(parts), _mode(days)
        return [
            {
                **_behind(own), "part": _PARTS[part], "weekday": day, "part_share": parts.count(part) / len(own),
                "weekday_share": days.count(day) / len(own), "weekend_share": sum(d >= 6 for d in days) / len(own),
            }
        ]  # fmt: skip

    def channels(self) -> Grouped:
        """`habits.channels`."""
        own = [e for e in self.events if e["channel"] is not None and e["speaker"] == "customer"]
        if not own:
            return []
        counts = Counter(e["channel"] for e in own)
        rows = [{"channel": name, "count": n} for name, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))]
        return [(_behind(own), rows)]

    def tickets(self) -> Grouped:
        """`habits.tickets`."""
        mine = self._kind("ticket")
        if not mine:
            return []
        rows = []
        for thread, lines in _by(mine, lambda e: e["order_id"] or e["item_id"] or "").items():
            opened = min((e["occurred_at"] for e in lines if e["occurred_at"] is not None), default=None)
            status = lines[-1]["status"]
            is_open = status is None or status.lower() not in _SOLVED
            rows.append({"thread": thread, "opened_at": opened, "is_open": is_open})
        return [(_behind(mine), rows)]

    def browsing(self) -> list[Row]:
        """`habits.browsing`."""
        mine = self._kind("view", "cart", "search")
        count = Counter(e["kind"] for e in mine)
        figures = {"views": count["view"], "carts": count["cart"], "searches": count["search"]}
        return [{**_behind(mine), **figures}] if mine else []

    def seen(self, which: str) -> list[Row]:
        """The `first` or `last` own event."""
        own = self._own
        if not own:
            return []
        one = own[0] if which == "first" else own[-1]
        return [{**_behind([one]), "event_id": one["event_id"], "at": one["occurred_at"], "kind": one["kind"]}]

    def _prepared(self, event: Row) -> Row:
        at, amount = event["occurred_at"], event["amount_minor"]
        return {
            **event,
            "local": None if at is None else datetime.fromtimestamp(at, self.tz),
            "order_key": (event["order_id"] or event["event_id"]) if event["kind"] == "order" else None,
            "money": amount is not None and "outlier-price" not in event["flags"],
            "currency": (event["currency"] or "?") if amount is not None else None,
            "hash": int(event["event_id"][1:17], 16),
        }

    @functools.cached_property
    def _by_kind(self) -> dict[str, list[Row]]:
        return _by(self.events, operator.itemgetter("kind"))

    @functools.cached_property
    def _orders(self) -> list[Row]:
        """One row an order."""
        groups = _by(self._kind("order"), operator.itemgetter("order_key"))
        return [self._order(key, lines) for key, lines in groups.items()]

    def _kind(self, *kinds: str) -> list[Row]:
        """Events of these kinds, in order; not to be changed."""
        if len(kinds) == 1:
            return self._by_kind.get(kinds[0], [])
        return [e for e in self.events if e["kind"] in kinds]

    @functools.cached_property
    def _own(self) -> list[Row]:
        """The customer's own dated events, in order; not to be changed."""
        return [e for e in self.events if e["speaker"] == "customer" and e["occurred_at"] is not None]

    def _order(self, key: str, lines: Sequence[Row]) -> Row:
        currencies = {e["currency"] for e in lines}
        return {
            **_behind(lines), "order_key": key, "order_id": lines[0]["order_id"],
            "at": min((e["occurred_at"] for e in lines if e["occurred_at"] is not None), default=None),
            "items": [{name: e[name] for name in ("item_id", "title", "title_en")} for e in lines],
            "total": sum(e["amount_minor"] for e in lines) if all(e["money"] for e in lines) else None,
            "currency": lines[0]["currency"] if len(currencies) == 1 else None,
        }  # fmt: skip


def _affinity(value: str, lines: Sequence[Row], since: int | None) -> Row:
    recent = sum(e["occurred_at"] is not None and since is not None and e["occurred_at"] > since for e in lines)
    dated = sum(e["occurred_at"] is not None for e in lines)
    return {
        "value": value, "lines": len(lines), "recent": recent, "before": dated - recent,
        "units": sum(1.0 if e["quantity"] is None else e["quantity"] for e in lines),
        "orders": len({e["order_key"] for e in lines}),
        "last_at": max((e["occurred_at"] for e in lines if e["occurred_at"] is not None), default=None),
    }  # fmt: skip


def _behind(rows: Sequence[Row]) -> Row:
    """What a statement over these rows stands on; see `frames.behind`."""
    total = sum([e["hash"] for e in rows]) & _MASK
    last = max([e["occurred_at"] for e in rows if e["occurred_at"] is not None], default=None)
    return {
        "customer_id": rows[0]["customer_id"], "event_count": len(rows), "range_hash": f"{len(rows):x}-{total:016x}",
        "range_last_at": last,
    }  # fmt: skip


def _by(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _mode(values: Sequence[int]) -> int:
    """The commonest value, the smallest of several."""
    counts = Counter(values)
    most = max(counts.values())
    return min(value for value, count in counts.items() if count == most)


def rows_of(connection: sa.Connection, customer_id: str) -> list[Row]:
    """One customer's events as `Single` takes them: one query."""
    if connection.dialect.name == "sqlite":
        text, names = _text_of_query()
        return [dict(zip(names, row, strict=True)) for row in bulk.run(connection, text, (customer_id,))]
    found = connection.execute(_query(), {"customer": customer_id})
    names = list(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@functools.lru_cache(maxsize=1)
def _query() -> sa.Select[Any]:
    return event_rows().where(t.events.c.customer_id == sa.bindparam("customer"))


@functools.lru_cache(maxsize=1)
def _text_of_query() -> tuple[str, list[str]]:
    """The query as SQLite reads it, with one mark for the customer, and the names of its columns."""
    query = _query()
    return str(query.compile(dialect=sqlite.dialect())), [one.name for one in query.selected_columns]

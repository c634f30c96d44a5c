"""Figures of many customers at once, from a prepared polars frame: the `Context` that statements are made of in bulk."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import polars as pl

from huaxiang import clock
from huaxiang.features import habits, orders, selector, tastes
from huaxiang.features.frames import behind
from huaxiang.features.statements import Row

Grouped = list[tuple[Row, list[Row]]]
_OF_AFFINITIES = (
    "customer_id", "value", "basis", "total", "share", "recent", "before", "share_recent", "share_before", "trend",
)  # fmt: skip
"""What statements say of affinities: a dict of every value of every customer is made of these columns."""


@dataclass
class Tables:
    """Implements `statements.Context` over a prepared frame (`frames.prepare`)."""

    frame: pl.DataFrame
    tz: Any
    has_returns: bool
    has_orders: bool

    def day(self, seconds: int | None) -> str | None:
        """The local ISO day, or None."""
        return None if seconds is None else clock.day_of(seconds, self.tz).isoformat()

    def everything(self) -> list[Row]:
        """One row a customer, over all events."""
        return behind(self.frame).to_dicts()

    def order_counts(self) -> list[Row]:
        """`orders.rfm` of customers with orders."""
        return self._with(orders.rfm(self.frame, as_of=0), kinds=["order"])

    def without_orders(self) -> list[Row]:
        """As `everything`, of customers without orders."""
        table = orders.rfm(self.frame, as_of=0)
        return behind(self.frame).join(table, on="customer_id", how="anti").to_dicts()

    def spending(self) -> list[Row]:
        """`orders.spend`, one row a customer and currency, and `all_orders`."""
        known = behind(selector.apply(self.frame, {"kinds": ["order"], "money": True}), "currency")
        counted = orders.rfm(self.frame, as_of=0).select("customer_id", pl.col("order_count").alias("all_orders"))
        table = orders.spend(self.frame).join(known, on=["customer_id", "currency"], maintain_order="left")
        return table.join(counted, on="customer_id", maintain_order="left").to_dicts()

    def single_orders(self, which: str) -> list[Row]:
        """The `first`, `last` or (once a currency with two or more) `largest` order of each customer."""
        table = self._order_table
        if which != "largest":
            dated = table.filter(pl.col("at").is_not_null()).sort("customer_id", "at", "order_key")
            grouped = dated.group_by("customer_id", maintain_order=True)
            return (grouped.head(1) if which == "first" else grouped.tail(1)).to_dicts()
        paid = table.filter(pl.col("currency").is_not_null() & pl.col("total").is_not_null())
        several = paid.filter(pl.len().over("customer_id", "currency") >= 2)
        best = several.sort(
            "customer_id", "total", "at", "order_key", descending=[False, True, True, False], nulls_last=True
        )
        return best.group_by("customer_id", "currency", maintain_order=True).head(1).to_dicts()

    def cadences(self) -> list[Row]:
        """`orders.cadence`."""
        return self._with(orders.cadence(self.frame), kinds=["order"], dated=True)

    def rebought(self) -> Grouped:
        """`orders.rebought` by customer, after the row over the lines of those items."""
        by_customer = _group(orders.rebought(self.frame).to_dicts())
        if not by_customer:
            return []
        pairs = [(customer, row["item_id"]) for customer, rows in by_customer.items() for row in rows]
        wanted = pl.DataFrame(pairs, schema=["customer_id", "item_id"], orient="row")
        lines = self.frame.filter(pl.col("kind") == "order").join(wanted, on=["customer_id", "item_id"])
        return [(row, by_customer[row["customer_id"]]) for row in behind(lines).to_dicts()]

    def returns(self) -> Grouped:
        """`orders.returns`, with each customer's return lines."""
        back = self.frame.filter(pl.col("kind") == "return").select("customer_id", "item_id", "title", "title_en")
        lines = _group(back.to_dicts())
        rows = self._with(orders.returns(self.frame), kinds=["order", "return"])
        return [(row, lines.get(row["customer_id"], [])) for row in rows]

    def affinities(self, by: str) -> Grouped:
        """`tastes.affinities` by customer, after the row over the events they were counted in."""
        groups = _group(tastes.affinities(self.frame, by=by, as_of=tastes.LAST_OWN).select(_OF_AFFINITIES).to_dicts())
        ranges = {
            basis: {r["customer_id"]: r for r in behind(self._chosen(kinds=list(kinds), known=by)).to_dicts()}
            for basis, kinds in tastes.KINDS_OF.items()
        }
        return [(ranges[rows[0]["basis"]][customer], rows) for customer, rows in groups.items()]

    def ratings(self) -> list[Row]:
        """`habits.ratings`."""
        return self._with(habits.ratings(self.frame), kinds=["review"])

    def surveys(self) -> list[Row]:
        """`habits.surveys`."""
        return self._with(habits.surveys(self.frame), kinds=["survey"], known="rating")

    def active_times(self) -> list[Row]:
        """`habits.active_times`."""
        return self._with(habits.active_times(self.frame), own=True, dated=True)

    def channels(self) -> Grouped:
        """`habits.channels` by customer."""
        groups = _group(habits.channels(self.frame).to_dicts())
        if not groups:
            return []
        rows = behind(self._chosen(own=True, known="channel")).to_dicts()
        return [(row, groups[row["customer_id"]]) for row in rows]

    def tickets(self) -> Grouped:
        """`habits.tickets` by customer."""
        groups = _group(habits.tickets(self.frame).to_dicts())
        return [(row, groups[row["customer_id"]]) for row in behind(self._chosen(kinds=["ticket"])).to_dicts()]

    def browsing(self) -> list[Row]:
        """`habits.browsing`."""
        return self._with(habits.browsing(self.frame), kinds=["view", "cart", "search"])

    def seen(self, which: str) -> list[Row]:
        """The `first` or `last` own event: `event_id, at, kind`."""
        grouped = self._chosen(own=True, dated=True).group_by("customer_id", maintain_order=True)
        rows = grouped.head(1) if which == "first" else grouped.tail(1)
        kept = rows.select("customer_id", "event_id", "kind", at="occurred_at")
        return kept.join(behind(rows), on="customer_id", maintain_order="left").to_dicts()

    def _chosen(self, **chosen: Any) -> pl.DataFrame:
        return selector.apply(self.frame, chosen)

    def _with(self, table: pl.DataFrame, **chosen: Any) -> list[Row]:
        return table.join(behind(self._chosen(**chosen)), on="customer_id", maintain_order="left").to_dicts()

    @functools.cached_property
    def _order_table(self) -> pl.DataFrame:
        """One row a customer and order: time, contents, and the total where all lines share one currency."""
        lines = self.frame.filter(pl.col("kind") == "order")
        key = ("customer_id", "order_key")
        return (
            lines.group_by(*key, maintain_order=True)
            .agg(
                at=pl.col("occurred_at").min(),
                order_id=pl.col("order_id").first(),
                items=pl.struct("item_id", "title", "title_en"),
                total=pl.when(pl.col("money").all()).then(pl.col("amount_minor").sum()),
                currency=pl.when(pl.col("currency").n_unique() == 1).then(pl.col("currency").first()),
            )
            .join(behind(lines, "order_key"), on=list(key), maintain_order="left")
        )


def _group(rows: list[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["customer_id"], []).append(row)
    return groups

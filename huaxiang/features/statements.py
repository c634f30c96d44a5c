"""Rules that turn features into statements: about orders and money. The other rules are in `statements_more`.

Each rule yields drafts: a sentence in both languages, the selector of the events it stands on, their number and hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from huaxiang import clock, ids
from huaxiang.features import orders, selector, wording
from huaxiang.features.frames import behind

Row = dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """One computed statement before it is stored."""

    customer_id: str
    rule: str
    key: str
    zh: str
    en: str
    selector: dict[str, Any]
    event_count: int
    range_hash: str
    occurred_at: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    """Profile fields this statement settles, by name; a money field's value is `{currency: minor units}`."""

    @cached_property
    def evidence_id(self) -> str:
        """Changes when the rule, its key (a currency …) or the events behind it change."""
        return ids.summary_evidence_id(
            self.customer_id, f"{self.rule}/{self.key}" if self.key else self.rule, self.range_hash
        )


@dataclass(frozen=True)
class Context:
    """What rules need: the prepared frame, the zone, and what the shop records at all."""

    frame: pl.DataFrame
    tz: ZoneInfo
    has_returns: bool
    has_orders: bool

    def day(self, seconds: int | None) -> str | None:
        """The local ISO day, or None."""
        return None if seconds is None else clock.day_of(seconds, self.tz).isoformat()

    def weekday(self, day: str) -> wording.Pair:
        """Name of the weekday of an ISO day."""
        return wording.WEEKDAYS[date.fromisoformat(day).weekday()]


def draft(row: Row, rule: str, pair: wording.Pair, chosen: dict[str, Any], *, key: str = "", **facts: Any) -> Draft:
    """A draft from a row that carries what `frames.behind` gives; facts that are None are unknown and left out."""
    known = {name: round(value, 4) if isinstance(value, float) else value for name, value in facts.items()}
    return Draft(
        row["customer_id"], rule, key, *wording.sentence(*pair), chosen, row["event_count"], row["range_hash"],
        row["range_last_at"], {name: value for name, value in known.items() if value is not None},
    )  # fmt: skip


def count_orders(c: Context) -> Iterator[Draft]:
    """`orders.count@1`: how many orders and lines; in a shop that records orders, also that there are none."""
    chosen = {"kinds": ["order"]}
    table = orders.rfm(c.frame, as_of=0).join(behind(selector.apply(c.frame, chosen)), on="customer_id")
    for row in table.iter_rows(named=True):
        n, lines = row["order_count"], row["line_count"]
        extra = (f",{lines} 个商品行", f", {wording.plural(lines, 'line')}") if lines != n else ("", "")
        pair = (f"累计下单 {n} 次{extra[0]}", f"Placed {wording.plural(n, 'order')} in all{extra[1]}")
        yield draft(row, "orders.count@1", pair, chosen, order_count=n)
    if c.has_orders:
        # "none" stands on everything the customer did: it changes as soon as anything is added
        for row in behind(c.frame).join(table, on="customer_id", how="anti").iter_rows(named=True):
            yield draft(row, "orders.count@1", ("没有下过单", "Never ordered"), {}, order_count=0)


def money_spent(c: Context) -> Iterator[Draft]:
    """`orders.spend@1`, `orders.average@1`, `discounts.share@1`: once a currency."""
    chosen: dict[str, Any] = {"kinds": ["order"], "money": True}
    known = behind(selector.apply(c.frame, chosen), "currency")
    counted = orders.rfm(c.frame, as_of=0).select("customer_id", pl.col("order_count").alias("all_orders"))
    table = orders.spend(c.frame).join(known, on=["customer_id", "currency"]).join(counted, on="customer_id")
    for row in table.iter_rows(named=True):
        currency, n = row["currency"], row["order_count"]
        here = {**chosen, "currencies": [currency]}
        total = wording.money(row["spend_minor"], currency)
        average = wording.money(row["average_order_minor"], currency)
        part = n != row["all_orders"]
        zh = f"累计消费 {total}({n} 单{',其余订单为其他币种或未记录金额' if part else ''},未扣退款)"
        en = f"Spent {total} on {wording.plural(n, 'order')}{' (other orders have another currency or no amount)' if part else ''}, refunds not taken off"
        yield draft(row, "orders.spend@1", (zh, en), here, key=currency, spend_minor={currency: row["spend_minor"]})
        pair = (f"平均每单 {average}", f"The average order is {average}")
        value = {currency: row["average_order_minor"]}
        yield draft(row, "orders.average@1", pair, here, key=currency, average_order_minor=value)
        if row["discount_share"] is not None:
            off, share = wording.money(row["discount_minor"], currency), wording.percent(row["discount_share"])
            pair = (f"优惠共 {off},占原价 {share}", f"Discounts came to {off}, {share} of the full price")
            if not row["discount_minor"]:
                pair = (f"{currency} 订单没有用过优惠", f"No discount was used on {currency} orders")
            yield draft(row, "discounts.share@1", pair, here, key=currency, discount_share=row["discount_share"])


def single_orders(c: Context) -> Iterator[Draft]:
    """`orders.first@1`, `orders.last@1`, `orders.largest@1`: one order each, with what was in it."""
    table = _order_table(c.frame)
    dated = table.filter(pl.col("at").is_not_null())
    grouped = dated.sort("customer_id", "at", "order_key").group_by("customer_id", maintain_order=True)
    for rule, rows in (("orders.first@1", grouped.head(1)), ("orders.last@1", grouped.tail(1))):
        for row in rows.iter_rows(named=True):
            zh, en, day = *_contents(row), c.day(row["at"])
            first = rule.startswith("orders.first")
            head = (
                (f"首次下单在 {day}", f"First order on {day}")
                if first
                else (f"最近一次下单在 {day}", f"Last order on {day}")
            )
            pair = (head[0] + zh, head[1] + en)
            fact: Row = {"first_order_on" if first else "last_order_on": day}
            yield draft(row, rule, pair, {"kinds": ["order"], "order_keys": [row["order_key"]]}, **fact)
    paid = table.filter(pl.col("currency").is_not_null() & pl.col("total").is_not_null())
    several = paid.filter(pl.len().over("customer_id", "currency") >= 2)
    best = several.sort("customer_id", "total", "at", descending=[False, True, True], nulls_last=True)
    for row in best.group_by("customer_id", "currency", maintain_order=True).head(1).iter_rows(named=True):
        zh, en, day = *_contents(row), c.day(row["at"])
        pair = (
            f"金额最高的一单{f'在 {day}' if day else ''}{zh}", f"The largest order{f' was on {day}' if day else ''}{en}",
        )  # fmt: skip
        chosen = {"kinds": ["order"], "order_keys": [row["order_key"]]}
        yield draft(row, "orders.largest@1", pair, chosen, key=row["currency"])


def rhythm(c: Context) -> Iterator[Draft]:
    """`orders.cadence@1`: the median gap between order days."""
    chosen = {"kinds": ["order"], "dated": True}
    table = orders.cadence(c.frame).join(behind(selector.apply(c.frame, chosen)), on="customer_id")
    for row in table.iter_rows(named=True):
        gap, regular = wording.number(row["gap_days"]), row["regularity"]
        how = ("较规律", "fairly regular") if regular >= 0.65 else ("不太规律", "irregular")
        pair = (f"下单间隔的中位数是 {gap} 天,{how[0]}", f"Orders are {gap} days apart at the median, {how[1]}")
        yield draft(row, "orders.cadence@1", pair, chosen, order_gap_days=row["gap_days"])


def bought_again(c: Context) -> Iterator[Draft]:
    """`orders.repeated@1`: items ordered at least twice."""
    by_customer: dict[str, list[Row]] = {}
    for row in orders.rebought(c.frame).iter_rows(named=True):
        by_customer.setdefault(row["customer_id"], []).append(row)
    if not by_customer:
        return
    pairs = [(customer, row["item_id"]) for customer, rows in by_customer.items() for row in rows]
    wanted = pl.DataFrame(pairs, schema=["customer_id", "item_id"], orient="row")
    lines = c.frame.filter(pl.col("kind") == "order").join(wanted, on=["customer_id", "item_id"])
    for row in behind(lines).iter_rows(named=True):
        rows = by_customer[row["customer_id"]]
        named = [wording.item(r["item_id"], r["title"], r["title_en"]) for r in rows[:4]]
        zh = "、".join(f"{name[0]}({r['orders']} 次)" for name, r in zip(named, rows, strict=False))
        en = ", ".join(f"{name[1]} ({r['orders']} times)" for name, r in zip(named, rows, strict=False))
        chosen = {"kinds": ["order"], "item_ids": [r["item_id"] for r in rows]}
        yield draft(row, "orders.repeated@1", (f"回购过:{zh}", f"Bought again: {en}"), chosen)


def returned(c: Context) -> Iterator[Draft]:
    """`returns.count@1`: how much came back and what; nothing in a shop that records no returns."""
    if not c.has_returns:
        return
    chosen = {"kinds": ["order", "return"]}
    table = orders.returns(c.frame).join(behind(selector.apply(c.frame, chosen)), on="customer_id")
    what: dict[str, list[wording.Pair]] = {}
    for row in c.frame.filter(pl.col("kind") == "return").iter_rows(named=True):
        what.setdefault(row["customer_id"], []).append(wording.item(row["item_id"], row["title"], row["title_en"]))
    for row in table.iter_rows(named=True):
        n, lines, share = row["return_count"], row["line_count"], row["return_share"]
        if not n:
            pair = (f"没有退过货({lines} 个商品行)", f"Returned nothing ({wording.plural(lines, 'order line')})")
        else:
            zh, en = wording.titles(what[row["customer_id"]], most=6)
            pair = (f"退货 {n} 次:{zh}", f"Returned {wording.plural(n, 'item')}: {en}")
            if share is not None:
                part = wording.percent(share)
                pair = (
                    f"{pair[0]};占 {lines} 个商品行的 {part}",
                    f"{pair[1]}; {part} of {wording.plural(lines, 'order line')}",
                )
        yield draft(row, "returns.count@1", pair, chosen, return_count=n, return_share=share)


def _order_table(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a customer and order: time, contents, and the total where all lines share one currency."""
    lines = frame.filter(pl.col("kind") == "order")
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
        .join(behind(lines, "order_key"), on=list(key))
    )


def _contents(row: Row) -> wording.Pair:
    zh, en = wording.titles(wording.item(i["item_id"], i["title"], i["title_en"]) for i in row["items"])
    order = (f"(订单 {row['order_id']})", f" (order {row['order_id']})") if row["order_id"] else ("", "")
    paid = ("", "")
    if row["total"] is not None and row["currency"] is not None:
        amount = wording.money(row["total"], row["currency"])
        paid = (f",{amount}", f", {amount}")
    return f"{order[0]}:{zh}{paid[0]}", f"{order[1]}: {en}{paid[1]}"


RULES = (count_orders, money_spent, single_orders, rhythm, bought_again, returned)

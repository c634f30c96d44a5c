"""Rules that turn features into statements: about orders and money. The other rules are in `statements_more`.

Each rule yields drafts: a sentence in both languages, the selector of the events it stands on, their number and hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from huaxiang import ids
from huaxiang.features import wording

Row = dict[str, Any]


@dataclass(slots=True)
class Draft:
    """One computed statement before it is stored; not changed once made (frozen ones take four times as long to make)."""

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
    _id: str = field(default="", repr=False, compare=False)

    @property
    def evidence_id(self) -> str:
        """Changes when the rule, its key (a currency …) or the events behind it change."""
        if not self._id:
            rule = f"{self.rule}/{self.key}" if self.key else self.rule
            self._id = ids.summary_evidence_id(self.customer_id, rule, self.range_hash)
        return self._id


class Context(Protocol):
    """What rules need: figures of some customers as rows, each with what it stands on (`frames.behind`).

    `tables.Tables` computes them for many customers at once (polars), `single.Single` for one in plain Python, which
    takes a hundredth of the time a frame of twenty rows does. A property test holds the two together.
    """

    has_orders: bool
    has_returns: bool

    def day(self, seconds: int | None) -> str | None:
        """The local ISO day, or None."""
        ...

    def everything(self) -> list[Row]:
        """One row a customer, over all events."""
        ...

    def order_counts(self) -> list[Row]:
        """`orders.rfm` of customers with orders."""
        ...

    def without_orders(self) -> list[Row]:
        """As `everything`, of customers without orders."""
        ...

    def spending(self) -> list[Row]:
        """`orders.spend`, one row a customer and currency, and `all_orders`."""
        ...

    def single_orders(self, which: str) -> list[Row]:
        """The `first`, `last` or (once a currency with two or more) `largest` order: `order_key, order_id, at, items, total, currency`."""
        ...

    def cadences(self) -> list[Row]:
        """`orders.cadence`."""
        ...

    def rebought(self) -> list[tuple[Row, list[Row]]]:
        """`orders.rebought` by customer, after the row over the lines of those items."""
        ...

    def returns(self) -> list[tuple[Row, list[Row]]]:
        """`orders.returns`, with each customer's return lines."""
        ...

    def affinities(self, by: str) -> list[tuple[Row, list[Row]]]:
        """`tastes.affinities` by customer, after the row over the events they were counted in."""
        ...

    def ratings(self) -> list[Row]:
        """`habits.ratings`."""
        ...

    def surveys(self) -> list[Row]:
        """`habits.surveys`."""
        ...

    def active_times(self) -> list[Row]:
        """`habits.active_times`."""
        ...

    def channels(self) -> list[tuple[Row, list[Row]]]:
        """`habits.channels` by customer."""
        ...

    def tickets(self) -> list[tuple[Row, list[Row]]]:
        """`habits.tickets` by customer."""
        ...

    def browsing(self) -> list[Row]:
        """`habits.browsing`."""
        ...

    def seen(self, which: str) -> list[Row]:
        """The `first` or `last` own event: `event_id, at, kind`."""
        ...


def draft(row: Row, rule: str, pair: wording.Pair, chosen: dict[str, Any], *, key: str = "", **facts: Any) -> Draft:
    """A draft from a row that carries what `frames.behind` gives; facts that are None are unknown and left out."""
    known = {
        name: round(value, 4) if type(value) is float else value for name, value in facts.items() if value is not None
    }
    return Draft(
        row["customer_id"], rule, key, *wording.sentence(*pair), chosen, row["event_count"], row["range_hash"],
        row["range_last_at"], known,
    )  # fmt: skip


def count_orders(c: Context) -> Iterator[Draft]:
    """`orders.count@1`: how many orders and lines; in a shop that records orders, also that there are none."""
    chosen = {"kinds": ["order"]}
    for row in c.order_counts():
        n, lines = row["order_count"], row["line_count"]
        extra = (f",{lines} 个商品行", f", {wording.plural(lines, 'line')}") if lines != n else ("", "")
        pair = (f"累计下单 {n} 次{extra[0]}", f"Placed {wording.plural(n, 'order')} in all{extra[1]}")
        yield draft(row, "orders.count@1", pair, chosen, order_count=n)
    if c.has_orders:
        # "none" stands on everything the customer did: it changes as soon as anything is added
        for row in c.without_orders():
            yield draft(row, "orders.count@1", ("没有下过单", "Never ordered"), {}, order_count=0)


def money_spent(c: Context) -> Iterator[Draft]:
    """`orders.spend@1`, `orders.average@1`, `discounts.share@1`: once a currency."""
    for row in c.spending():
        currency, n = row["currency"], row["order_count"]
        here: dict[str, Any] = {"kinds": ["order"], "money": True, "currencies": [currency]}
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
    for which, words in (("first", ("首次下单在", "First order on")), ("last", ("最近一次下单在", "Last order on"))):
        for row in c.single_orders(which):
            zh, en, day = *_contents(row), c.day(row["at"])
            pair = (f"{words[0]} {day}{zh}", f"{words[1]} {day}{en}")
            fact: Row = {f"{which}_order_on": day}
            yield draft(row, f"orders.{which}@1", pair, {"kinds": ["order"], "order_keys": [row["order_key"]]}, **fact)
    for row in c.single_orders("largest"):
        zh, en, day = *_contents(row), c.day(row["at"])
        pair = (
            f"金额最高的一单{f'在 {day}' if day else ''}{zh}", f"The largest order{f' was on {day}' if day else ''}{en}",
        )  # fmt: skip
        chosen = {"kinds": ["order"], "order_keys": [row["order_key"]]}
        yield draft(row, "orders.largest@1", pair, chosen, key=row["currency"])


def rhythm(c: Context) -> Iterator[Draft]:
    """`orders.cadence@1`: the median gap between order days."""
    chosen = {"kinds": ["order"], "dated": True}
    for row in c.cadences():
        gap, regular = wording.number(row["gap_days"]), row["regularity"]
        how = ("较规律", "fairly regular") if regular >= 0.65 else ("不太规律", "irregular")
        pair = (f"下单间隔的中位数是 {gap} 天,{how[0]}", f"Orders are {gap} days apart at the median, {how[1]}")
        yield draft(row, "orders.cadence@1", pair, chosen, order_gap_days=row["gap_days"])


def bought_again(c: Context) -> Iterator[Draft]:
    """`orders.repeated@1`: items ordered at least twice."""
    for row, rows in c.rebought():
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
    for row, back in c.returns():
        n, lines, share = row["return_count"], row["line_count"], row["return_share"]
        if not n:
            pair = (f"没有退过货({lines} 个商品行)", f"Returned nothing ({wording.plural(lines, 'order line')})")
        else:
            zh, en = wording.titles((wording.item(r["item_id"], r["title"], r["title_en"]) for r in back), most=6)
            pair = (f"退货 {n} 次:{zh}", f"Returned {wording.plural(n, 'item')}: {en}")
            if share is not None:
                part = wording.percent(share)
                pair = (
                    f"{pair[0]};占 {lines} 个商品行的 {part}",
                    f"{pair[1]}; {part} of {wording.plural(lines, 'order line')}",
                )
        yield draft(row, "returns.count@1", pair, chosen, return_count=n, return_share=share)


def _contents(row: Row) -> wording.Pair:
    zh, en = wording.titles(wording.item(i["item_id"], i["title"], i["title_en"]) for i in row["items"])
    order = (f"(订单 {row['order_id']})", f" (order {row['order_id']})") if row["order_id"] else ("", "")
    paid = ("", "")
    if row["total"] is not None and row["currency"] is not None:
        amount = wording.money(row["total"], row["currency"])
        paid = (f",{amount}", f", {amount}")
    return f"{order[0]}:{zh}{paid[0]}", f"{order[1]}: {en}{paid[1]}"


RULES = (count_orders, money_spent, single_orders, rhythm, bought_again, returned)

"""Statements that are computed summaries: habits, tastes by share, rhythm, activity. Worded when they were computed."""

from __future__ import annotations

import polars as pl

from agent.answer.context import Context, Measure, Statement
from agent.statements import order_lines
from tools import customer_summary, find_customers

CARD_RULES = (
    "orders.count", "orders.spend", "orders.last", "categories.top", "returns.count", "reviews.count", "tickets.open", "activity.last",
)  # fmt: skip

TELLS: dict[str, tuple[Measure, ...]] = {
    "orders.count": (Measure("count", "orders"),), "orders.spend": (Measure("money", "orders"),),
    "orders.last": (Measure("day", "last order"), Measure("money", "last order")),
    "orders.average": (Measure("money", "average order"),), "orders.largest": (Measure("money", "largest order"),),
    "returns.count": (Measure("count", "returns"),), "reviews.count": (Measure("count", "reviews"),),
}  # fmt: skip
"""What the figure of each rule is of."""


def by_rules(context: Context, *rules: str, limit: int = 6, direct: bool = True) -> list[Statement]:
    """The customer's summary sentences of these rules, in the rules' order."""
    result = context.call("customer_summary", customer_id=context.customer_id)
    if not isinstance(result, customer_summary.Result):
        return []
    found = []
    for rank, rule in enumerate(rules):
        for one in result.statements:
            if (one.rule or "").partition("@")[0] == rule:
                found.append(
                    Statement(
                        one.text(context.language),
                        (one.evidence_id,),
                        score=1.0 - rank * 0.05,
                        direct=direct,
                        customer_id=context.customer_id,
                        kind="summary",
                        tells=TELLS.get(rule, ()),
                    )
                )
    return found[:limit]


def average_order(context: Context) -> list[Statement]:
    """Average order."""
    return by_rules(context, "orders.average", "orders.largest")


def largest_order(context: Context) -> list[Statement]:
    """The largest order, once a currency."""
    return by_rules(context, "orders.largest")


def cadence(context: Context) -> list[Statement]:
    """Rhythm of ordering."""
    return by_rules(context, "orders.cadence", "orders.repeated", "orders.count")


def discount(context: Context) -> list[Statement]:
    """Discount share, over the days asked where the question names some."""
    if context.span is not None:
        return _discount_within(context)
    return by_rules(context, "discounts.share")


def _discount_within(context: Context) -> list[Statement]:
    """What discounts came to on the orders of the span, by currency; [] where these say nothing of discounts."""
    entries = list(order_lines.fetch(context, "order").entries)
    off: dict[str, int] = {}
    full: dict[str, int] = {}
    for entry in entries:
        event = entry.event
        if event.discount_minor is not None and event.currency:
            off[event.currency] = off.get(event.currency, 0) + event.discount_minor
        if event.amount_minor is not None and event.currency:
            full[event.currency] = full.get(event.currency, 0) + event.amount_minor + (event.discount_minor or 0)
    if not off:
        return []
    shares = ", ".join(f"{off[code] / full[code]:.1%}" for code in off if full.get(code))
    money = order_lines.paid(off)
    text = context.say(
        f"{context.person}{context.within()}的订单优惠共 {money}{f',占原价 {shares}' if shares else ''}。",
        f"{context.person}'s orders{context.within()} had {money} of discounts{f', {shares} of the full price' if shares else ''}.",
    )
    return [Statement(text, order_lines.ids_of(entries), direct=True, figures=(text,), customer_id=context.customer_id)]


def top_category(context: Context) -> list[Statement]:
    """Categories by share, and how that changed."""
    return by_rules(context, "categories.top", "categories.trend")


def top_brand(context: Context) -> list[Statement]:
    """Brands by share."""
    return by_rules(context, "brands.top", "brands.trend")


def active_hours(context: Context) -> list[Statement]:
    """When the customer is active."""
    return by_rules(context, "active.hours", "active.weekdays")


def churn(context: Context) -> list[Statement]:
    """What bears on leaving: how overdue the next order is, last activity, rhythm, trouble."""
    return _overdue(context) + by_rules(
        context, "orders.last", "orders.cadence", "activity.last", "tickets.open", "ratings.low"
    )


def _overdue(context: Context) -> list[Statement]:
    """Days since the last order against the customer's own rhythm; nothing where either is unknown."""
    table, _ = find_customers.features(context.deps, find_customers.Args())
    row = table.row(by_predicate=pl.col("customer_id") == context.customer_id, named=True)
    if row["days_since_order"] is None or not row["order_gap_days"]:
        return []
    days, gap, ratio = f"{int(row['days_since_order'])}", f"{row['order_gap_days']:.0f}", f"{row['overdue']:.1f}"
    late = row["overdue"] > 2
    cited = [one for s in by_rules(context, "orders.last", "orders.cadence") for one in s.evidence]
    today = context.deps.shop.today()
    text = context.say(
        f"截至 {today},{context.person}距上次下单 {days} 天,是惯常间隔 {gap} 天的 {ratio} 倍:{'有流失迹象' if late else '没有流失迹象'}(规则:超过 2 倍)。",
        f"As of {today}, {context.person} last ordered {days} days ago, {ratio} times the usual gap of {gap} days: {'a sign of leaving' if late else 'no sign of leaving'} (rule: above 2).",
    )
    return (
        [
            Statement(
                text,
                tuple(cited),
                score=1.2,
                direct=True,
                figures=(days, gap, ratio, "2", str(today)),
                customer_id=context.customer_id,
            )
        ]
        if cited
        else []
    )


def overview(context: Context) -> list[Statement]:
    """The whole picture in a few sentences."""
    return by_rules(
        context, "orders.count", "orders.spend", "orders.last", "categories.top", "brands.top", "orders.cadence", "returns.count",
        "reviews.count", "tickets.open", "activity.last", "activity.browse", limit=8,
    )  # fmt: skip


def card(context: Context) -> list[Statement]:
    """The computed card: shown before anything else is known."""
    return by_rules(context, *CARD_RULES, limit=5)

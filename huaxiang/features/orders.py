"""Orders: recency, frequency, money, cadence, average order, discounts, returns."""

from __future__ import annotations

import polars as pl

DAY_SECONDS = 86_400


def rfm(events: pl.DataFrame, *, as_of: int) -> pl.DataFrame:
    """Recency and frequency of each customer's orders; money is in `spend`, one row a currency.

    Args:
        events: a prepared frame (`frames.prepare`).
        as_of: epoch seconds the question is asked at.

    Returns:
        One row a customer with at least one order: `order_count` (distinct orders, >= 1), `line_count`, `first_at` and
        `last_at` (epoch seconds, null when no order is dated), `recency_days` (float >= 0, null likewise).

    Source:
        Fader, Hardie & Lee (2005), "RFM and CLV". Their frequency counts repeat orders; ours counts all.
    """
    return (
        events.filter(pl.col("kind") == "order")
        .group_by("customer_id", maintain_order=True)
        .agg(
            order_count=pl.col("order_key").n_unique(),
            line_count=pl.len(),
            first_at=pl.col("occurred_at").min(),
            last_at=pl.col("occurred_at").max(),
        )
        .with_columns(recency_days=(as_of - pl.col("last_at")) / DAY_SECONDS)
    )


def spend(events: pl.DataFrame) -> pl.DataFrame:
    """What each customer paid, per currency: amounts of different currencies are never added.

    Returns:
        One row a customer and currency with at least one believable amount: `spend_minor` (int, paid, refunds not taken
        off), `order_count` (orders with an amount), `average_order_minor` (int, rounded half to even),
        `largest_minor` and `largest_order` (its key), `lines`, and `discount_minor` (null when no line
        names a discount) with `discount_share` = discount / (paid + discount), 0..1.
    """
    lines = events.filter((pl.col("kind") == "order") & pl.col("money"))
    orders = lines.group_by("customer_id", "currency", "order_key", maintain_order=True).agg(
        total=pl.col("amount_minor").sum(),
        lines=pl.len(),
        discount=pl.when(pl.col("discount_minor").is_not_null().any()).then(pl.col("discount_minor").sum()),
    )
    return (
        orders.group_by("customer_id", "currency", maintain_order=True)
        .agg(
            spend_minor=pl.col("total").sum(),
            order_count=pl.len(),
            lines=pl.col("lines").sum(),
            largest_minor=pl.col("total").max(),
            largest_order=pl.col("order_key").get(pl.col("total").arg_max()),
            discount_minor=pl.when(pl.col("discount").is_not_null().any()).then(pl.col("discount").sum()),
        )
        .with_columns(
            average_order_minor=(pl.col("spend_minor") / pl.col("order_count")).round(0).cast(pl.Int64),
            discount_share=pl.when(pl.col("spend_minor") + pl.col("discount_minor") > 0).then(
                pl.col("discount_minor") / (pl.col("spend_minor") + pl.col("discount_minor"))
            ),
        )
    )


def cadence(events: pl.DataFrame) -> pl.DataFrame:
    """How often each customer orders.

    Returns:
        One row a customer with dated orders on at least three days: `gap_days` (median days between order days, > 0),
        `regularity` (0..1; 1 = equal gaps: 1 / (1 + standard deviation / mean) of the gaps), `order_days` (>= 3).
    """
    days = (
        events.filter((pl.col("kind") == "order") & pl.col("day").is_not_null())
        .select("customer_id", "day")
        .unique()
        .sort("customer_id", "day")
        .with_columns(gap=pl.col("day").diff().over("customer_id").dt.total_days())
    )
    return (
        days.group_by("customer_id", maintain_order=True)
        .agg(
            gap_days=pl.col("gap").median(),
            order_days=pl.len(),
            mean=pl.col("gap").mean(),
            deviation=pl.col("gap").std(ddof=0),
        )
        .filter(pl.col("order_days") >= 3)
        .with_columns(regularity=1 / (1 + pl.col("deviation") / pl.col("mean")))
        .drop("mean", "deviation")
    )


def returns(events: pl.DataFrame) -> pl.DataFrame:
    """Returns of customers who ordered; meaningful only in a shop that records returns.

    Returns:
        One row a customer with orders or returns: `return_count` (return lines, 0 if none), `line_count` (order lines),
        `return_share` = returned order-and-item pairs that were ordered / order lines (0..1; null without orders).
    """
    both = events.filter(pl.col("kind").is_in(["order", "return"]))
    return (
        both.group_by("customer_id", maintain_order=True)
        .agg(
            return_count=(pl.col("kind") == "return").sum().cast(pl.Int64),
            line_count=(pl.col("kind") == "order").sum().cast(pl.Int64),
        )
        .with_columns(
            return_share=pl.when(pl.col("line_count") > 0).then(
                (pl.col("return_count") / pl.col("line_count")).clip(0.0, 1.0)
            )
        )
    )


def rebought(events: pl.DataFrame) -> pl.DataFrame:
    """Items a customer ordered in two or more different orders.

    Returns:
        One row a customer and item: `orders` (>= 2), `last_at`; most orders first.
    """
    return (
        events.filter((pl.col("kind") == "order") & pl.col("item_id").is_not_null())
        .group_by("customer_id", "item_id", maintain_order=True)
        .agg(
            orders=pl.col("order_key").n_unique(),
            last_at=pl.col("occurred_at").max(),
            title=pl.col("title").first(),
            title_en=pl.col("title_en").first(),
        )
        .filter(pl.col("orders") >= 2)
        .sort("customer_id", "orders", "last_at", "item_id", descending=[False, True, True, False])
    )

"""Habits: ratings, active hours and weekdays, first and last seen, channels, open tickets."""

from __future__ import annotations

from typing import Any

import polars as pl

from huaxiang.features.frames import SOLVED

LOW_RATING = 2.0


def ratings(events: pl.DataFrame, *, shop_mean: float | None = None) -> pl.DataFrame:
    """How a customer rates, over reviews on the 1-5 scale (surveys have their own).

    Args:
        events: a prepared frame.
        shop_mean: the shop's mean rating, for `above_shop`; that column is null without it.

    Returns:
        One row a customer with reviews: `review_count`, `rated` (reviews with a rating), `mean_rating`, `low_share`
        (share of ratings <= 2, 0..1), `above_shop` (mean - shop mean); the last three are null when nothing is rated.
    """
    return (
        events.filter(pl.col("kind") == "review")
        .group_by("customer_id", maintain_order=True)
        .agg(
            review_count=pl.len().cast(pl.Int64),
            rated=pl.col("rating").count().cast(pl.Int64),
            mean_rating=pl.col("rating").mean(),
            low_share=(pl.col("rating") <= LOW_RATING).mean(),
            last_rating=pl.col("rating").drop_nulls().last(),
        )
        .with_columns(above_shop=pl.col("mean_rating") - pl.lit(shop_mean, dtype=pl.Float64))
    )


def surveys(events: pl.DataFrame) -> pl.DataFrame:
    """Survey scores (0-10): one row a customer with any: `survey_count`, `mean_score`, `last_score`, `last_at`."""
    return (
        events.filter((pl.col("kind") == "survey") & pl.col("rating").is_not_null())
        .group_by("customer_id", maintain_order=True)
        .agg(
            survey_count=pl.len().cast(pl.Int64),
            mean_score=pl.col("rating").mean(),
            last_score=pl.col("rating").last(),
            last_at=pl.col("occurred_at").max(),
        )
    )


def seen(events: pl.DataFrame) -> pl.DataFrame:
    """First and last time anything of the customer was recorded.

    Returns:
        One row a customer with a dated event of their own (staff notes and staff messages are not the customer's doing):
        `first_at`, `last_at` (epoch seconds), `first_kind`, `last_kind`, `events`.
    """
    own = events.filter(pl.col("occurred_at").is_not_null() & (pl.col("speaker") == "customer"))
    return own.group_by("customer_id", maintain_order=True).agg(
        first_at=pl.col("occurred_at").first(),
        last_at=pl.col("occurred_at").last(),
        first_kind=pl.col("kind").first(),
        last_kind=pl.col("kind").last(),
        events=pl.len().cast(pl.Int64),
    )


def active_times(events: pl.DataFrame, *, least_events: int = 5) -> pl.DataFrame:
    """When a customer is active: the busiest part of the day and the weekday.

    Customers whose times are all midnight have dates, not times, and are left out, as are those with too few events.

    Returns:
        One row a customer: `part` (night 0-5, morning 6-11, afternoon 12-17, evening 18-23), `part_share`,
        `weekday` (1 = Monday), `weekday_share`, `weekend_share` (all shares 0..1), `events`.
    """
    own = events.filter(pl.col("occurred_at").is_not_null() & (pl.col("speaker") == "customer"))
    own = own.filter(~pl.col("midnight").all().over("customer_id"))
    parts = ("night", "morning", "afternoon", "evening")
    return (
        own.with_columns(part=pl.col("hour") // 6)
        .group_by("customer_id", maintain_order=True)
        .agg(
            events=pl.len().cast(pl.Int64),
            part=pl.col("part").mode().min(),
            weekday=pl.col("weekday").mode().min().cast(pl.Int64),
            part_share=(pl.col("part") == pl.col("part").mode().min()).mean(),
            weekday_share=(pl.col("weekday") == pl.col("weekday").mode().min()).mean(),
            weekend_share=(pl.col("weekday") >= 6).mean(),
        )
        .filter(pl.col("events") >= least_events)
        .with_columns(part=pl.col("part").replace_strict(dict(enumerate(parts)), return_dtype=pl.String))
    )


def channels(events: pl.DataFrame) -> pl.DataFrame:
    """Channels the customer wrote or called by: one row a customer and `channel`: `count`, `share`; largest first.

    Needs a column `channel`; a frame without one gives an empty table.
    """
    if "channel" not in events.columns:
        schema: dict[str, Any] = {
            "customer_id": pl.String, "channel": pl.String, "count": pl.Int64, "share": pl.Float64
        }  # fmt: skip
        return pl.DataFrame(schema=schema)
    own = events.filter(pl.col("channel").is_not_null() & (pl.col("speaker") == "customer"))
    return (
        own.group_by("customer_id", "channel", maintain_order=True)
        .agg(count=pl.len().cast(pl.Int64))
        .with_columns(share=pl.col("count") / pl.col("count").sum().over("customer_id"))
        .sort("customer_id", "count", "channel", descending=[False, True, False])
    )


def tickets(events: pl.DataFrame) -> pl.DataFrame:
    """Tickets by thread: the last ticket event decides whether the matter is open.

    A thread is the order the tickets name, else the item, else all the customer's unnamed tickets together.

    Returns:
        One row a customer and thread: `thread` (order or item id, "" if unnamed), `opened_at`, `last_at`, `is_open`,
        `last_event`, `ticket_events`.
    """
    thread = pl.coalesce("order_id", "item_id", pl.lit(""))
    return (
        events.filter(pl.col("kind") == "ticket")
        .with_columns(thread=thread)
        .group_by("customer_id", "thread", maintain_order=True)
        .agg(
            opened_at=pl.col("occurred_at").min(),
            last_at=pl.col("occurred_at").max(),
            is_open=~pl.col("status").last().str.to_lowercase().is_in(list(SOLVED)).fill_null(False),
            last_event=pl.col("event_id").last(),
            ticket_events=pl.len().cast(pl.Int64),
        )
    )


def browsing(events: pl.DataFrame) -> pl.DataFrame:
    """Views, carts and searches: one row a customer with any of them, `views`, `carts`, `searches`."""
    return (
        events.filter(pl.col("kind").is_in(["view", "cart", "search"]))
        .group_by("customer_id", maintain_order=True)
        .agg(
            views=(pl.col("kind") == "view").sum().cast(pl.Int64),
            carts=(pl.col("kind") == "cart").sum().cast(pl.Int64),
            searches=(pl.col("kind") == "search").sum().cast(pl.Int64),
        )
    )

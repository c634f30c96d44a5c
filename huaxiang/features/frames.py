"""The event table as features need it: what counts as of a moment, with the shop's local day and hour."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import polars as pl

from huaxiang.errors import MissingColumns

NEEDED = (
    "event_id", "customer_id", "kind", "occurred_at", "item_id", "order_id", "quantity", "amount_minor",
    "discount_minor", "currency", "rating", "status", "flags", "brand", "category", "color",
)  # fmt: skip
SOLVED = ("solved", "closed", "resolved", "done")
NO_CURRENCY = "?"


def prepare(events: pl.DataFrame, *, as_of: int, tz: ZoneInfo) -> pl.DataFrame:
    """Keep what is known at `as_of` and add the columns that several features share.

    Args:
        events: `store.read.event_frame`, one row an event.
        as_of: epoch seconds; dated events after it are dropped, undated ones are kept (they count, but in no date).
        tz: the shop's zone; days and hours are local.

    Returns:
        The kept rows, sorted by customer and time (undated last), plus `day` (date), `hour`, `weekday` (1 = Monday),
        `order_key` (the order's id, or the event's own id where the source names no order; null unless an order),
        `money` (whether the amount can be believed), `currency` ("?" where an amount names none) and `hash`
        (uint64, the event's part of a range hash).

    Raises:
        MissingColumns: a needed column is absent; the error names all of them.
    """
    absent = [name for name in NEEDED if name not in events.columns]
    if absent:
        raise MissingColumns(absent, table="events", present=events.columns)
    local = pl.from_epoch("occurred_at", time_unit="s").dt.replace_time_zone("UTC").dt.convert_time_zone(tz.key)
    is_order = pl.col("kind") == "order"
    return (
        events.filter(pl.col("occurred_at").is_null() | (pl.col("occurred_at") <= as_of))
        .sort("customer_id", "occurred_at", "event_id", nulls_last=True)
        .with_columns(
            day=local.dt.date(),
            hour=local.dt.hour(),
            weekday=local.dt.weekday(),
            midnight=(local.dt.hour() == 0) & (local.dt.minute() == 0) & (local.dt.second() == 0),
            order_key=pl.when(is_order).then(pl.coalesce("order_id", "event_id")),
            money=pl.col("amount_minor").is_not_null() & ~pl.col("flags").str.contains("outlier-price"),
            currency=pl.when(pl.col("amount_minor").is_not_null()).then(pl.col("currency").fill_null(NO_CURRENCY)),
            hash=pl.col("event_id").str.slice(1, 16).str.to_integer(base=16, dtype=pl.UInt64),
        )
    )


def behind(rows: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """What a summary over these rows stands on.

    Args:
        rows: a filtered prepared frame.
        keys: further grouping columns besides `customer_id`, e.g. `currency`.

    Returns:
        One row a group: `customer_id`, keys, `event_count` (>= 1), `range_hash` (as `ids.range_hash` gives it),
        `range_last_at` (epoch seconds of the last of these events, null when none is dated).
    """
    grouped = rows.group_by("customer_id", *keys, maintain_order=True).agg(
        event_count=pl.len().cast(pl.Int64), total=pl.col("hash").sum(), range_last_at=pl.col("occurred_at").max()
    )
    # uint64 sums wrap around in polars, which is the addition modulo 2**64 of `ids.range_hash`
    hashes = [f"{n:x}-{total:016x}" for n, total in grouped.select("event_count", "total").iter_rows()]
    return grouped.drop("total").with_columns(pl.Series("range_hash", hashes, dtype=pl.String))

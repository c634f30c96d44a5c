"""What a customer's events say about items: one row a customer and item, liked or not, and since when."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

STRENGTH = {"order": 1.0, "review": 1.0, "cart": 0.4, "view": 0.15}
"""How much each kind of event counts as liking; a middling or unrated review counts half, a bad one is dislike."""
LIKED_RATING = 4.0
DISLIKED_RATING = 2.0
MIDDLING = 0.5
OWNED = ("order", "review", "return")

PAIR_SCHEMA = {
    "customer_id": pl.String, "item_id": pl.String, "strength": pl.Float64, "disliked": pl.Boolean, "owned": pl.Boolean,
    "orders": pl.UInt32, "last_at": pl.Int64, "event_id": pl.String, "kind": pl.String,
}  # fmt: skip


def pairs(events: pl.DataFrame) -> pl.DataFrame:
    """Summarise events as one row a customer and item.

    Args:
        events: columns `customer_id, item_id, kind, rating, occurred_at, order_id, event_id` (`store.read.event_frame`).

    Returns:
        Columns `PAIR_SCHEMA`, sorted by customer and item: `strength` 0…1 of the best event, `disliked` (returned, or
        rated ≤ 2), `owned` (bought, reviewed or returned), `orders` (distinct), `last_at`, and `event_id` and `kind`
        of the event that says most for the item (for a disliked item: against it).
    """
    rating, kind = pl.col("rating"), pl.col("kind")
    bad = (kind == "return") | ((kind == "review") & (rating <= DISLIKED_RATING))
    strength = (
        pl.when(bad | ~kind.is_in(list(STRENGTH)))
        .then(0.0)
        .when((kind == "review") & ~(rating >= LIKED_RATING).fill_null(False))
        .then(MIDDLING)
        .otherwise(kind.replace_strict(STRENGTH, default=0.0, return_dtype=pl.Float64))
    )
    known = events.filter(pl.col("item_id").is_not_null() & kind.is_in([*STRENGTH, "return"]))
    best = ["bad", "strength", "occurred_at", "event_id"]
    return (
        known.with_columns(bad.fill_null(False).alias("bad"), strength.alias("strength"))
        .sort(["customer_id", "item_id", *best], descending=[False, False, True, True, True, False], nulls_last=True)
        .group_by("customer_id", "item_id", maintain_order=True)
        .agg(
            pl.col("strength").max(),
            pl.col("bad").any().alias("disliked"),
            kind.is_in(list(OWNED)).any().alias("owned"),
            pl.coalesce("order_id", "event_id").filter(kind == "order").n_unique().cast(pl.UInt32).alias("orders"),
            pl.col("occurred_at").max().alias("last_at"),
            pl.col("event_id").first(),
            kind.first(),
        )
        .select(list(PAIR_SCHEMA))
    )


@dataclass(frozen=True)
class Signal:
    """One item in one customer's past."""

    item_id: str
    strength: float
    weight: float
    event_id: str
    kind: str
    last_at: int | None
    owned: bool
    disliked: bool
    orders: int


DECAY = 0.85
"""Weight of each step further back in the customer's history; tuned on musical instruments (see benchmarks)."""


def history(own: pl.DataFrame) -> list[Signal]:
    """One customer's pairs as signals, latest first; likes weigh less the further back they are, dislikes nothing."""
    ordered = own.sort(["last_at", "item_id"], descending=[True, False], nulls_last=True)
    found: list[Signal] = []
    step = 0
    for row in ordered.iter_rows(named=True):
        liked = not row["disliked"] and row["strength"] > 0
        weight = row["strength"] * DECAY**step if liked else 0.0
        step += int(liked)
        found.append(
            Signal(
                item_id=row["item_id"],
                strength=row["strength"] if liked else 0.0,
                weight=weight,
                event_id=row["event_id"],
                kind=row["kind"],
                last_at=row["last_at"],
                owned=row["owned"],
                disliked=row["disliked"],
                orders=int(row["orders"]),
            )
        )
    return found

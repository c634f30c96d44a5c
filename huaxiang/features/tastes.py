"""Affinities: which categories, brands and colours a customer turns to, and where that drifts."""

from __future__ import annotations

import polars as pl

RECENT_DAYS = 180
LAST_OWN = pl.col("occurred_at").max().over("customer_id")
_BASES = ("order", "review", "view")
KINDS_OF = {"order": ("order",), "review": ("review",), "view": ("view", "cart")}
"""Kinds of event that each basis counts."""


def affinities(events: pl.DataFrame, *, by: str, as_of: int | pl.Expr) -> pl.DataFrame:
    """Shares of a customer's items by category, brand or colour.

    Counted over order lines where the customer has any, else over reviews, else over views (and carts): what was bought
    says more than what was looked at. Rows whose item has no such attribute do not count at all.

    Args:
        events: a prepared frame.
        by: `category`, `brand` or `color`.
        as_of: epoch seconds; "recent" is the `RECENT_DAYS` before it. An expression is evaluated over the counted rows:
            `LAST_OWN` (each customer's own last such event) gives a trend that does not change as time passes.

    Returns:
        One row a customer and value: `value`, `basis` (order | review | view), `lines`, `total`, `share` (0..1),
        `share_recent`, `share_before` (null where that half is empty), `trend` = recent - before (null likewise);
        largest share first, ties by units, orders, the most recent
        event, then the value's name.
    """
    rank = pl.col("kind").replace_strict({"order": 0, "review": 1, "view": 2, "cart": 2}, default=None)
    known = events.with_columns(rank=rank).filter(pl.col("rank").is_not_null())
    known = known.filter(pl.col("rank") == pl.col("rank").min().over("customer_id")).filter(pl.col(by) != "")
    # a window inside `agg` sees its own group only, so the moment is settled before
    known = known.with_columns(until=as_of if isinstance(as_of, pl.Expr) else pl.lit(as_of, dtype=pl.Int64))
    recent = pl.col("occurred_at") > pl.col("until") - RECENT_DAYS * 86_400
    counted = (
        known.group_by("customer_id", pl.col(by).alias("value"), maintain_order=True)
        .agg(
            basis=pl.col("rank").first().replace_strict(dict(enumerate(_BASES)), return_dtype=pl.String),
            lines=pl.len().cast(pl.Int64),
            units=pl.col("quantity").fill_null(1.0).sum(),
            orders=pl.col("order_key").n_unique(),
            recent=recent.sum().cast(pl.Int64),
            before=(~recent).sum().cast(pl.Int64),
            last_at=pl.col("occurred_at").max(),
        )
        .with_columns(
            total=pl.col("lines").sum().over("customer_id"),
            share_recent=_share("recent"),
            share_before=_share("before"),
        )
    )
    return counted.with_columns(
        share=pl.col("lines") / pl.col("total"), trend=pl.col("share_recent") - pl.col("share_before")
    ).sort(
        "customer_id",
        "share",
        "units",
        "orders",
        "last_at",
        "value",
        descending=[False, True, True, True, True, False],
        nulls_last=True,
    )


def drift(events: pl.DataFrame, *, by: str, as_of: int | pl.Expr, least_lines: int = 3) -> pl.DataFrame:
    """How far a customer's recent choices are from the earlier ones.

    Args:
        events: a prepared frame.
        by: `category` or `brand`.
        as_of: epoch seconds, or `LAST_OWN`; recent is the `RECENT_DAYS` before it.
        least_lines: each half needs this many lines, else the customer is left out.

    Returns:
        One row a customer: `drift` (0..1, total variation distance between the two share vectors), `rising` (the value
        whose share grew most) and `falling` (null where nothing did).

    Source:
        Levin & Peres, "Markov Chains and Mixing Times", 4.1 (total variation is half the L1 distance).
    """
    shares = affinities(events, by=by, as_of=as_of)
    return (
        shares.filter(
            (pl.col("recent").sum().over("customer_id") >= least_lines)
            & (pl.col("before").sum().over("customer_id") >= least_lines)
        )
        .group_by("customer_id", maintain_order=True)
        .agg(
            drift=pl.col("trend").abs().sum() / 2,
            rising=pl.when(pl.col("trend").max() > 0).then(pl.col("value").get(pl.col("trend").arg_max())),
            falling=pl.when(pl.col("trend").min() < 0).then(pl.col("value").get(pl.col("trend").arg_min())),
        )
    )


def _share(part: str) -> pl.Expr:
    whole = pl.col(part).sum().over("customer_id")
    return pl.when(whole > 0).then(pl.col(part) / whole)

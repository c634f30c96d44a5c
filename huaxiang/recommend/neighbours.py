"""Item-to-item collaborative filtering: cosine of who liked both, shrunk where few did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

SHRINK = 20.0
MIN_SUPPORT = 2
KEEP = 100
_LONGEST = 200  # a customer's latest likes that count; a reseller with 10,000 would pair everything with everything
_PAIR_BUDGET = 4_000_000


@dataclass(frozen=True)
class Neighbours:
    """For each item its nearest others, best first; shape (n_items, KEEP) each, index −1 where there are fewer.

    `support` is how many customers liked both.
    """

    index: npt.NDArray[np.int32]
    weight: npt.NDArray[np.float32]
    support: npt.NDArray[np.int32]

    def score(self, liked: Mapping[int, float]) -> npt.NDArray[np.float32]:
        """Scores of all items for a history `{item: weight}`, shape (n_items,); 0 where nothing speaks for the item."""
        scores = np.zeros(self.index.shape[0] + 1, np.float32)
        for item, weight in liked.items():
            # index −1 (no neighbour) lands in the extra last cell
            np.add.at(scores, self.index[item], np.float32(weight) * self.weight[item])
        return scores[:-1]

    def strongest(self, liked: Mapping[int, float]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """For every item, the liked item that speaks most for it (−1: none) and their support; shape (n_items,) each."""
        count = self.index.shape[0]
        best = np.zeros(count + 1, np.float32)
        source = np.full(count + 1, -1, np.int32)
        support = np.zeros(count + 1, np.int32)
        for item, weight in liked.items():
            said = np.float32(weight) * self.weight[item]
            more = said > best[self.index[item]]
            to = self.index[item][more]
            best[to], source[to], support[to] = said[more], item, self.support[item][more]
        return source[:-1], support[:-1]

    def because(self, item: int, liked: Mapping[int, float]) -> list[tuple[int, float, int]]:
        """Which of the liked items led to `item`: `(liked item, contribution, support)`, strongest first."""
        found = []
        for source, weight in liked.items():
            place = np.flatnonzero(self.index[source] == item)
            if place.size:
                found.append(
                    (source, float(weight * self.weight[source, place[0]]), int(self.support[source, place[0]]))
                )
        return sorted(found, key=lambda one: (-one[1], one[0]))


def fit(likes: pl.DataFrame, items: Sequence[str]) -> Neighbours:
    """Learn neighbours from likes.

    Args:
        likes: columns `customer_id, item_id, strength` (0…1], `last_at`; one row a customer and item, dislikes left out.
        items: all item ids; their order is the item index.

    Returns:
        weight(i, j) = Σ_u s_ui s_uj / (√(Σ_u s_ui² · Σ_u s_uj²) + 20), for pairs that at least 2 customers like.

    Source:
        Sarwar et al. (2001), "Item-based collaborative filtering"; shrinkage as in Bell & Koren (2007).
    """
    place = pl.DataFrame({"item_id": list(items), "i": range(len(items))}, schema={"item_id": pl.String, "i": pl.Int32})
    table = (
        likes.join(place, on="item_id", how="inner")
        .sort(["customer_id", "last_at", "item_id"], descending=[False, True, False], nulls_last=True)
        .group_by("customer_id", maintain_order=True)
        .head(_LONGEST)
        .with_columns(pl.col("customer_id").rank("dense").cast(pl.UInt32).alias("u"), pl.col("strength").alias("s"))
        .select("u", "i", "s")
    )
    norms = np.zeros(len(items))
    np.add.at(norms, table["i"].to_numpy(), table["s"].to_numpy() ** 2)
    together = _together(table)
    root = np.sqrt(norms)
    i, j = together["i"].to_numpy(), together["j"].to_numpy()
    together = together.with_columns(pl.Series("w", together["dot"].to_numpy() / (root[i] * root[j] + SHRINK)))
    return _top(together, len(items))


def _together(table: pl.DataFrame) -> pl.DataFrame:
    """Dot products and counts of all pairs of items that share a customer: columns i, j, dot, n."""
    sizes = table.group_by("u").len().sort("u")
    block = (sizes["len"].cast(pl.Int64) ** 2).cum_sum() // _PAIR_BUDGET
    blocks = table.join(sizes.select("u", block.alias("block")), on="u")
    parts = []
    for _, part in blocks.group_by("block"):
        pairs = part.join(part, on="u", suffix="_j").filter(pl.col("i") != pl.col("i_j"))
        dot = (pl.col("s") * pl.col("s_j")).sum().alias("dot")
        parts.append(pairs.group_by("i", pl.col("i_j").alias("j")).agg(dot, pl.len().cast(pl.Int64).alias("n")))
    if not parts:
        schema = {"i": pl.Int32, "j": pl.Int32, "dot": pl.Float64, "n": pl.Int64}
        return pl.DataFrame(schema=schema)
    summed = pl.concat(parts).group_by("i", "j").agg(pl.col("dot").sum(), pl.col("n").sum())
    return summed.filter(pl.col("n") >= MIN_SUPPORT)


def _top(together: pl.DataFrame, count: int) -> Neighbours:
    best = (
        together.sort(["i", "w", "j"], descending=[False, True, False])
        .group_by("i", maintain_order=True)
        .head(KEEP)
        .with_columns(pl.int_range(pl.len()).over("i").alias("rank"))
    )
    index = np.full((count, KEEP), -1, np.int32)
    weight = np.zeros((count, KEEP), np.float32)
    support = np.zeros((count, KEEP), np.int32)
    i, rank = best["i"].to_numpy(), best["rank"].to_numpy()
    index[i, rank] = best["j"].to_numpy()
    weight[i, rank] = best["w"].to_numpy()
    support[i, rank] = best["n"].to_numpy()
    return Neighbours(index, weight, support)

"""Leave-last-out quality of the recommender against popularity, in the same run on the same split.

    python benchmarks/recommend.py [--data musical|beauty|all] [--json]

Each customer's last item is hidden; the rest is learned from; every item the customer has not had is a candidate.
HR@10: share of customers whose hidden item is among the first ten. NDCG@10: the same, worth 1/log2(rank + 1).
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from huaxiang.recommend import signals
from huaxiang.recommend.model import Fitted, learn
from huaxiang.store.read import EVENT_FRAME_SCHEMA

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
TOP = 10


def musical() -> pl.DataFrame:
    path = DATA / "amazon-musical-instruments" / "reviews_Musical_Instruments_5.json.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return _frame([(r["reviewerID"], r["asin"], r["unixReviewTime"], r["overall"]) for r in rows])


def beauty() -> pl.DataFrame:
    rows = []
    for line in (DATA / "s3rec-beauty" / "Beauty.txt").read_text(encoding="utf-8").splitlines():
        customer, *items = line.split()
        rows += [(customer, item, at, None) for at, item in enumerate(items, start=1)]
    return _frame(rows)


def _frame(rows: list[tuple[str, str, int, float | None]]) -> pl.DataFrame:
    known = pl.DataFrame(
        rows,
        schema={"customer_id": pl.String, "item_id": pl.String, "occurred_at": pl.Int64, "rating": pl.Float64},
        orient="row",
    )
    # of two reviews of one item only the first counts, so that the hidden item is new to the customer
    known = known.sort("customer_id", "occurred_at", "item_id").unique(
        ["customer_id", "item_id"], keep="first", maintain_order=True
    )
    known = known.with_row_index("n").with_columns(
        pl.format("e{}", "n").alias("event_id"), pl.lit("review").alias("kind")
    )
    missing = [pl.lit(None, kind).alias(name) for name, kind in EVENT_FRAME_SCHEMA.items() if name not in known.columns]
    return known.with_columns(missing).select(list(EVENT_FRAME_SCHEMA))


def evaluate(events: pl.DataFrame) -> dict[str, Any]:
    last = pl.int_range(pl.len()).over("customer_id") == pl.len().over("customer_id") - 1
    train, test = events.filter(~last), events.filter(last)
    now = int(train["occurred_at"].max()) + 1  # type: ignore[arg-type]
    started = time.perf_counter()
    fitted = learn(train, {}, now=now)
    fit_seconds = time.perf_counter() - started
    pairs = signals.pairs(train).partition_by("customer_id", as_dict=True)
    everyone = dict(train.group_by("item_id").len().iter_rows())
    all_time = np.array([everyone.get(key, 0) for key in fitted.items], np.int64)
    rows: dict[str, list[float]] = {"recommender": [], "popular, all time": [], "popular, last year": []}
    methods = {"collaborative": 0, "content": 0, "popular": 0}
    times = []
    for customer, hidden in test.select("customer_id", "item_id").iter_rows():
        own = pairs.get((customer,))
        started = time.perf_counter()
        past = signals.history(own) if own is not None else []
        seen = {fitted.place[one.item_id] for one in past}
        ranked = fitted.rank(past, seen, TOP)
        times.append(time.perf_counter() - started)
        methods[ranked[0][2]] += 1
        rows["recommender"].append(_gain([fitted.items[item] for item, _, _ in ranked], hidden))
        rows["popular, all time"].append(_gain(_popular(fitted, all_time, seen), hidden))
        rows["popular, last year"].append(_gain(_popular(fitted, fitted.likers, seen), hidden))
    return {
        "customers": test.height,
        "items": len(fitted.items),
        "fit_seconds": round(fit_seconds, 2),
        "recommend_ms_p95": round(float(np.percentile(times, 95)) * 1000, 2),
        "first_item_by": methods,
        "results": {
            name: {
                f"HR@{TOP}": round(float(np.mean(np.array(gains) > 0)), 4),
                f"NDCG@{TOP}": round(float(np.mean(gains)), 4),
            }
            for name, gains in rows.items()
        },
    }


def _popular(fitted: Fitted, counts: Any, seen: set[int]) -> list[str]:
    best = np.argsort(-counts, kind="stable")[: TOP + len(seen)].tolist()
    return [fitted.items[item] for item in best if item not in seen][:TOP]


def _gain(ranked: list[str], hidden: str) -> float:
    return float(1 / np.log2(ranked.index(hidden) + 2)) if hidden in ranked else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", choices=["musical", "beauty", "all"], default="musical")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    wanted = ["musical", "beauty"] if options.data == "all" else [options.data]
    report = {name: evaluate({"musical": musical, "beauty": beauty}[name]()) for name in wanted}
    if options.json:
        print(json.dumps(report))
        return
    for name, one in report.items():
        print(
            f"{name}: {one['customers']} customers, {one['items']} items, fitted in {one['fit_seconds']} s, p95 {one['recommend_ms_p95']} ms, first item by {one['first_item_by']}"
        )
        for method, figures in one["results"].items():
            print(f"  {method:20s} " + "  ".join(f"{key} {value:.4f}" for key, value in figures.items()))


if __name__ == "__main__":
    main()

"""Speed of the evidence index on 10,261 reviews: import by words, embedding, and search in one customer and over all.

    python benchmarks/search.py [--shop DIR] [--encoder auto|hash-384] [--json]

The time of a search is from the query's vector to hits with their evidence and quotes. The query's own encoding is
measured apart. `cpu` is this thread's processor time, which says more than the clock on a busy machine.
With `--shop` the shop is kept there, and used again the next time.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from huaxiang.ingest.importer import import_paths
from huaxiang.store import read
from huaxiang.store.shop import Shop
from vectorstore.index import Index

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "amazon-musical-instruments"
QUERIES = (
    "guitar strings that stay in tune", "cheap cable broke after a week", "best microphone for recording at home",
    "gift for my son who starts to play", "battery life of the tuner", "sound quality is great", "too noisy, hum and hiss",
    "does it fit in a gig bag", "customer service was slow to reply", "I sent it back and got a refund", "easy to set up",
    "solid metal housing", "price is too high for what it is", "distortion pedal for blues", "ukulele for beginners",
    "弦容易断吗", "音质怎么样", "适合初学者的吉他", "退货和退款", "包装破损",
)  # fmt: skip
CUSTOMERS = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shop", type=Path)
    parser.add_argument("--encoder", default="auto")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not DATA.is_dir():
        sys.exit(f"no data at {DATA}: see shared/data/README.md")
    with tempfile.TemporaryDirectory() as temporary:
        report = run(options.shop or Path(temporary) / "shop", options.encoder)
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
        return
    for name, value in report.items():
        print(f"{name:28s} {value}")


def run(folder: Path, encoder: str) -> dict[str, Any]:
    shop = Shop.create(folder)
    shop.close()
    shop = Shop.open(folder, overrides={"encoder.name": encoder})
    report: dict[str, Any] = {}
    started = time.perf_counter()
    import_paths(shop, [DATA])
    report["import_seconds"] = round(time.perf_counter() - started, 1)
    with Index.open(shop) as index:
        report["encoder"] = index.encoder.name if index.encoder else None
        built = index.build(_progress)
        report.update(embedded=built.embedded, kept=built.kept, build_seconds=round(built.seconds, 1))
        started = time.perf_counter()
        again = index.build()
        report.update(build_again_seconds=round(time.perf_counter() - started, 2), build_again_embedded=again.embedded)
        report["encode_query_ms"] = _quantiles(
            [_timed(lambda q=q: index.matches(q, customer_id="none")) for q in QUERIES]
        )
        customers = read.customer_list(shop)
        # the biggest and a spread of the rest
        chosen = [
            one["customer_id"] for one in [*customers[:10], *customers[10 :: max(1, len(customers) // CUSTOMERS)]]
        ]
        report["customers"] = len(chosen)
        report["one_customer_ms"] = _measure(
            [lambda c=c, q=q: index.search_customer(c, q) for n, c in enumerate(chosen) for q in QUERIES[n % 3 :: 3]]
        )
        everywhere = [lambda q=q, r=r: index.search(q, recipe=r) for r in ("both",) for q in QUERIES] * 5
        report["approximate"] = index.status().approximate
        report["all_approximate_ms"] = _measure(everywhere)
        near = [_ids(index, query) for query in QUERIES]
        index.close()
        report["all_exact_ms"] = _measure(everywhere)
        exact = [_ids(index, query) for query in QUERIES]
        shared = [len(set(a) & set(b)) / 10 for a, b in zip(near, exact, strict=True)]
        report["approximate_recall_at_10"] = round(float(np.mean(shared)), 3)
        report["words_only_ms"] = _measure([lambda q=q: index.search(q, recipe="words") for q in QUERIES] * 5)
        report["notes"] = list(index.notes)
    report["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    shop.close()
    return report


def _ids(index: Index, query: str) -> list[str]:
    return [one.evidence_id for one in index.matches(query, recipe="meaning")[:10]]


def _measure(calls: Sequence[Callable[[], object]]) -> dict[str, float]:
    calls[0]()
    return _quantiles([_timed(call) for call in calls])


def _timed(call: Callable[[], object]) -> tuple[float, float]:
    started, cpu = time.perf_counter(), time.thread_time()
    call()
    return (time.perf_counter() - started) * 1000, (time.thread_time() - cpu) * 1000


def _quantiles(times: Sequence[tuple[float, float]]) -> dict[str, float]:
    wall, cpu = np.array(times).T
    found = {"p50": np.percentile(wall, 50), "p95": np.percentile(wall, 95), "cpu_p95": np.percentile(cpu, 95)}
    return {**{name: round(float(value), 2) for name, value in found.items()}, "n": len(times)}


def _progress(done: int, total: int, what: str) -> None:
    if sys.stderr.isatty() or done % 1024 == 0:
        print(f"\r{what} {done}/{total}", end="", file=sys.stderr)


if __name__ == "__main__":
    main()

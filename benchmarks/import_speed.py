"""Import speed and memory: 10,261 real reviews cleaned and stored (no embedding), and generated files of any size.

    python benchmarks/import_speed.py [--sizes 20 100] [--orders N] [--json]

Each figure is from a process of its own, so that its memory is its own. `plain` is the peer: the standard library
reading the same file and putting the raw rows into SQLite, without cleaning, ids, duplicates, languages or an index.
`cpu` is processor time, which says more than the clock on a busy machine. `--sizes 1000` makes and imports 1 GB.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
REVIEWS = ROOT.parent / "shared" / "data" / "amazon-musical-instruments" / "reviews_Musical_Instruments_5.json.gz"
GOAL_SECONDS, GOAL_MEGABYTES = 10.0, 1024
WORDS = "strap amp pick string cable sound tone price stage stand good bad loud cheap solid broke battery box song band".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[], metavar="MB", help="generated review files of these sizes"
    )
    parser.add_argument(
        "--orders", type=int, default=0, metavar="N", help="a generated CSV of N order lines without ids"
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(
            json.dumps(
                _plain(Path(asked.one[1]))
                if asked.one[0] == "plain"
                else _import(Path(asked.one[1]), asked.one[0] == "again")
            )
        )
        return
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        if REVIEWS.exists():
            found["reviews_10261"] = _child("import", REVIEWS)
            found["reviews_10261_twice"] = _child("again", REVIEWS)
            found["plain"] = _child("plain", REVIEWS)
            found["times_plain_cpu"] = round(found["reviews_10261"]["cpu"] / found["plain"]["cpu"], 1)
            found["goal"] = {"seconds": GOAL_SECONDS, "megabytes": GOAL_MEGABYTES}
            one = found["reviews_10261"]
            found["reached"] = one["seconds"] <= GOAL_SECONDS and one["megabytes"] <= GOAL_MEGABYTES
        else:
            found["skipped"] = "../shared/data is absent: no real reviews"
        for size in asked.sizes:
            path = Path(folder) / "reviews.jsonl"
            _write_reviews(path, size)
            found[f"generated_{size}_mb"] = _child("import", path)
            path.unlink()
        if asked.orders:
            path = Path(folder) / "orders.csv"
            _write_orders(path, asked.orders)
            found[f"orders_{asked.orders}"] = _child("import", path)
    if asked.json:
        print(json.dumps(found, indent=2))
    else:
        for name, value in found.items():
            print(
                f"{name:22} {value if not isinstance(value, dict) else '  '.join(f'{key} {number}' for key, number in value.items())}"
            )


def _child(mode: str, path: Path) -> dict[str, Any]:
    out = subprocess.run(
        [sys.executable, __file__, "--one", mode, str(path)], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout
    return dict(json.loads(out))


def _import(path: Path, again: bool) -> dict[str, Any]:
    sys.path.insert(0, str(ROOT))
    from huaxiang.ingest.importer import import_paths
    from huaxiang.store.shop import Shop

    with tempfile.TemporaryDirectory() as folder:
        shop = Shop.create(Path(folder) / "shop")
        if again:
            import_paths(shop, [path])
        began, cpu = time.perf_counter(), time.process_time()
        total = import_paths(shop, [path]).total
        return {
            **_used(began, cpu),
            "read": total.read,
            "kept": total.kept,
            "duplicated": total.duplicated,
            "rejected": total.rejected_rows,
        }


def _plain(path: Path) -> dict[str, Any]:
    began, cpu = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder, gzip.open(path, "rt", encoding="utf-8") as file:
        database = sqlite3.connect(Path(folder) / "plain.sqlite")
        database.execute(
            "CREATE TABLE reviews(customer TEXT, item TEXT, time INTEGER, rating REAL, title TEXT, text TEXT)"
        )
        rows = (json.loads(line) for line in file)
        keys = ("reviewerID", "asin", "unixReviewTime", "overall", "summary", "reviewText")
        database.executemany(
            "INSERT INTO reviews VALUES(?,?,?,?,?,?)", ([row.get(key) for key in keys] for row in rows)
        )
        database.commit()
        kept = database.execute("SELECT count(*) FROM reviews").fetchone()[0]
        database.close()
        return {**_used(began, cpu), "kept": kept}


def _used(began: float, cpu: float) -> dict[str, float]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": round(time.perf_counter() - began, 2),
        "cpu": round(time.process_time() - cpu, 2),
        "megabytes": round(peak),
    }


def _write_reviews(path: Path, megabytes: int) -> None:
    chance = random.Random(1)
    left = megabytes * 1_000_000
    number = 0
    with path.open("w", encoding="utf-8") as file:
        while left > 0:
            text = f"{number} " + " ".join(chance.choices(WORDS, k=80))
            line = json.dumps(
                {
                    "customer_id": f"C{number % 50_000}",
                    "date": "2025-01-01",
                    "item_id": f"P{number % 900}",
                    "rating": 4,
                    "text": text,
                }
            )
            left -= file.write(line + "\n")
            number += 1


def _write_orders(path: Path, lines: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("customer_id,order_id,date,item_id,quantity,amount\n")
        for number in range(lines):
            file.write(
                f"C{number % 4000},O{number // 5},2025-{number % 12 + 1:02d}-01,P{number % 900},1,{number % 97}.50\n"
            )


if __name__ == "__main__":
    main()

"""Erasing: every customer of the sample shop, one by one and in one batch. Prints one JSON line; exit 1 above the goals.

python benchmarks/erase.py [--goal-seconds 2] [--only N] [--shop DIR] [--no-chroma]

Each customer is erased from a copy of the same shop (vectors by the encoder of the settings, a Chroma collection, threads
and traces about them), and afterwards every file of the copy is searched by a second, plain search: `bytes.find` of the
customer's id-bearing values and sentences, which shares no code with the residual scan.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import closing
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--goal-seconds", type=float, default=2.0)
    parser.add_argument("--only", type=int, default=0, help="only the first N customers (those with most events)")
    parser.add_argument("--shop", type=Path, help="a shop to copy instead of a new sample shop")
    parser.add_argument("--no-chroma", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="huaxiang-erase-") as folder:
        made = Path(folder) / "shop"
        if options.shop:
            shutil.copytree(options.shop, made)
        else:
            make(made, chroma=not options.no_chroma)
        result = measure(made, Path(folder), options.only)
    result["goal_seconds"] = options.goal_seconds
    good = (
        result["median_seconds"] <= options.goal_seconds
        and not result["residue"]
        and not result["found_by_plain_search"]
    )
    print(json.dumps(result))
    return 0 if good else 1


def make(folder: Path, *, chroma: bool) -> None:
    """The sample shop with profiles, vectors, and in its threads, traces and record a question about each customer and each pair."""
    from agent.runtime import Runtime
    from huaxiang.extract.rules import extract_rules
    from huaxiang.ingest.importer import import_paths
    from huaxiang.ledger.build import build_profiles
    from huaxiang.store import read
    from huaxiang.store.shop import Shop

    shop = Shop.create(folder, settings={"timezone": "Asia/Shanghai", "today": date(2026, 6, 30)})
    import_paths(
        shop,
        [
            one
            for one in sorted((ROOT / "sample").iterdir())
            if one.suffix in (".csv", ".jsonl") and one.stem != "brands"
        ],
    )
    build_profiles(shop)
    extract_rules(shop)
    everybody = [row["customer_id"] for row in read.customer_list(shop)]
    shop.close()
    with Runtime.open(folder, overrides={"llm.kind": "none", "trace.customer_text": True}) as runtime:
        if chroma:
            runtime.index.build()
        for one in everybody:
            runtime.feedback(runtime.answer(f"What does {one} complain about?", thread_id=f"thread-{one}"), 1)
        for one, other in itertools.pairwise(everybody):  # a run that stays in the record of the other
            runtime.answer(f"How many orders did {one} and {other} place?", thread_id=f"pair-{one}")


def plain_words(folder: Path, customer: str) -> list[bytes]:
    """What a person would search for: event ids, contacts, and the middle of each of the customer's texts."""
    import sqlalchemy as sa

    from huaxiang.store import tables as t
    from huaxiang.store.shop import Shop

    with closing(Shop.open(folder)) as shop, shop.engine.connect() as connection:
        found = [
            one[1:]
            for one in connection.scalars(sa.select(t.events.c.event_id).where(t.events.c.customer_id == customer))
        ]
        found += connection.scalars(sa.select(t.contacts.c.value).where(t.contacts.c.customer_id == customer))
        v = t.evidence.c
        texts = list(connection.scalars(sa.select(v.clean).where(v.customer_id == customer, v.kind == "text")))
        others = "\n".join(connection.scalars(sa.select(v.clean).where(v.customer_id != customer)))
    middles = [text[len(text) // 3 : len(text) // 3 + 24] for text in texts if len(text) > 30]
    return [one.encode() for one in (*found, *(one for one in middles if one not in others)) if len(one) >= 6]


def measure(made: Path, folder: Path, only: int) -> dict[str, object]:
    from agent.holders import holders
    from huaxiang.privacy.erase import erase
    from huaxiang.store import read
    from huaxiang.store.shop import Shop

    with closing(Shop.open(made)) as shop:
        everybody = [row["customer_id"] for row in read.customer_list(shop)]
    chosen = everybody[: only or None]
    seconds, cpu, plain, residue = [], [], 0, 0
    for customer in chosen:
        copy = folder / "copy"
        shutil.copytree(made, copy)
        words = plain_words(copy, customer)
        with closing(Shop.open(copy)) as shop:
            began, busy = time.perf_counter(), time.process_time()
            report = erase(shop, [customer], holders(shop))
            seconds.append(time.perf_counter() - began)
            cpu.append(time.process_time() - busy)
            residue += report.scan.found
        content = b"\x00".join(path.read_bytes() for path in copy.rglob("*") if path.is_file())
        plain += sum(one in content for one in words)
        shutil.rmtree(copy)
    copy = folder / "copy"
    shutil.copytree(made, copy)
    with closing(Shop.open(copy)) as shop:
        began, busy = time.perf_counter(), time.process_time()
        report = erase(shop, everybody, holders(shop))
        batch, batch_cpu = time.perf_counter() - began, time.process_time() - busy
    rest = seconds[1:] or seconds  # the first pays for importing chromadb
    return {
        "benchmark": "erase", "customers": len(chosen), "first_seconds": round(seconds[0], 2),
        "median_seconds": round(statistics.median(rest), 2), "worst_seconds": round(max(rest), 2),
        "median_cpu_seconds": round(statistics.median(cpu[1:] or cpu), 2), "residue": residue, "found_by_plain_search": plain,
        "shop_bytes": report.scan.bytes, "batch_customers": len(everybody), "batch_seconds": round(batch, 2),
        "batch_cpu_seconds": round(batch_cpu, 2),
        "batch_residue": report.scan.found, "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())

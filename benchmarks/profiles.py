"""Profiles without a language model: how long, for how many customers. Prints one JSON line; exit 1 above the goal.

python benchmarks/profiles.py [PATH] [--goal-seconds 4] [--rules]
python benchmarks/profiles.py --schema docs/profile.schema.json
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
DEFAULT = ROOT.parent / "shared" / "data" / "amazon-musical-instruments"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--goal-seconds", type=float, default=4.0)
    parser.add_argument("--rules", action="store_true", help="also run the rule extractor over every text")
    parser.add_argument("--schema", type=Path, help="write the JSON schema of a profile here and stop")
    options = parser.parse_args()
    if options.schema:
        from huaxiang.schema.pack import json_schema, load_pack

        text = json.dumps(json_schema(load_pack("retail")), ensure_ascii=False, indent=1)
        options.schema.write_text(text + "\n", encoding="utf-8")
        return 0
    if not options.path.exists():
        print(f"skipped: no data at {options.path.name}")
        return 0
    return measure(options.path, options.goal_seconds, rules=options.rules)


def measure(path: Path, goal: float, *, rules: bool) -> int:
    import time

    from huaxiang.extract.rules import extract_rules
    from huaxiang.ingest.importer import import_paths
    from huaxiang.ledger.build import build_profiles
    from huaxiang.ledger.project import current_profile
    from huaxiang.store import read
    from huaxiang.store.shop import Shop

    with tempfile.TemporaryDirectory() as folder:
        shop = Shop.create(Path(folder) / "shop")
        import_paths(shop, [path])
        shop.forget_today()
        cpu = time.process_time()
        first = build_profiles(shop)
        cpu = time.process_time() - cpu
        again = build_profiles(shop)
        result = {
            "benchmark": "profiles", "customers": first.customers, "traits": first.traits,
            "summaries": first.summaries_written, "seconds_first": first.seconds, "cpu_seconds": round(cpu, 2), "seconds_again": again.seconds,
            "written_again": again.entries_written + again.summaries_written, "goal_seconds": goal,
        }  # fmt: skip
        busiest = read.customer_list(shop)[0]["customer_id"]
        start = time.perf_counter()
        current_profile(shop, busiest)
        result["one_profile_ms"] = round((time.perf_counter() - start) * 1000, 1)
        if rules:
            start = time.perf_counter()
            report = extract_rules(shop)
            result["rules_seconds"] = round(time.perf_counter() - start, 1)
            result["rules"] = report.model_dump()
        shop.close()
    print(json.dumps(result))
    return 0 if first.seconds <= goal and result["written_again"] == 0 else 1


if __name__ == "__main__":
    raise SystemExit(main())

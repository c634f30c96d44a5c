"""What is read in texts that no rule was made for: precision and recall, zh and en, on dev and on held-out texts.

    python benchmarks/trait_texts.py [--part dev|heldout] [--json] [--show] [--map] [--llm local --keep DIR]

`dev` was read while the rules were worked on; `heldout` was written at the same time by somebody else and is never read:
of it only figures are printed, `--show` or not. A trap is what a hasty reader would conclude. `strict` counts what gold
does not mention as wrong. Intervals are 95 %, bootstrap over texts. `--map` has the trained map read after the rules: what
it alone reads waits for review and does not count as held. Exit 0: the figures are a report.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evaluation import judged as j  # noqa: E402
from evaluation import readers, trait_texts  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", choices=trait_texts.PARTS, help="only this one")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show", action="store_true", help="print what is wrong, unjudged and missing in dev")
    parser.add_argument("--map", action="store_true", help="have the trained map read after the rules")
    parser.add_argument("--llm", choices=("local", "openai"), help="have a language model read after map and rules")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="the shops of a run with --llm")
    asked = parser.parse_args()
    if asked.llm and asked.keep is None:
        parser.error("--llm needs --keep DIR")
    found: dict[str, Any] = {}
    for part in [asked.part] if asked.part else trait_texts.PARTS:
        verdicts = _read(part, asked)
        if asked.show and part == "dev":
            for one in verdicts:
                print(f"{one.verdict:9} {one.customer_id} {one.field} = {one.value}")
        found[part] = j.figures(verdicts)
        if not asked.json:
            for line in j.lines(found[part]):
                print(f"{part:8} {line}")
    if asked.json:
        print(json.dumps(found, indent=2))
    return 0


def _read(part: str, asked: argparse.Namespace) -> list[j.Judged]:
    cases = trait_texts.load(part)
    with tempfile.TemporaryDirectory() as folder:
        place = (asked.keep or Path(folder)) / part
        place.mkdir(parents=True, exist_ok=True)
        shop = trait_texts.build(cases, place)

        verdicts = trait_texts.verdicts(shop, cases)
        if asked.map and not asked.llm:
            _, added = readers.with_map(shop)
            before, verdicts = verdicts, trait_texts.verdicts(shop, cases)
            print(f"{part:8} the map adds: {j.difference(before, verdicts)}; waiting for review: {added}")
        shop.close()
        if asked.llm:
            before = verdicts
            with readers.with_model(place / "shop", asked.llm) as (opened, seconds, calls):
                verdicts = trait_texts.verdicts(opened, cases)
            print(f"{part:8} the model adds: {j.difference(before, verdicts)} ({calls} calls, {seconds:.0f} s)")
    return verdicts


if __name__ == "__main__":
    raise SystemExit(main())

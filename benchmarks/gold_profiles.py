"""Profiles of the sample shop by rules alone, against its gold: precision, recall, zh against en.

    python benchmarks/gold_profiles.py [--json] [--show] [--map] [--llm local --keep DIR [--customers C001,C101]]

The figures of fields that are read in texts come first; `fields` are all of gold's, those computed from records among them.
`precision` is over what gold judges; `strict` counts what gold does not mention as wrong. Intervals are 95 %, bootstrap over
customers. The sample shop's own texts were seen while the rules were made; `benchmarks/preferences.py` has unseen ones.
`--map` reads with the trained map after the rules (`--llm` does so too, and the model is asked about what the map half
believes). "Paired": fields of which gold has true facts in both languages, the difference weighs each field by its facts. With `--llm` a
language model reads afterwards (tens of seconds a customer), and what it adds to the rules is counted; the shop stays in DIR,
so that a run that was stopped goes on where it was. Exit 1 below the goal.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evaluation import judged as j  # noqa: E402
from evaluation import readers  # noqa: E402
from evaluation.gold_profiles import build, judge  # noqa: E402
from huaxiang.store.shop import Shop  # noqa: E402

GOAL = 0.97


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show", action="store_true", help="print what is wrong, unjudged and missing")
    parser.add_argument("--llm", choices=("local", "openai"), help="have a language model read after the rules")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="the shop of a run with --llm; goes on where it stopped"
    )
    parser.add_argument("--customers", default="", metavar="IDS", help="only these are read by the model and judged")
    parser.add_argument("--map", action="store_true", help="have the trained map read after the rules")
    asked = parser.parse_args()
    if asked.llm and asked.keep is None:
        parser.error("--llm needs --keep DIR")
    only = {one for one in asked.customers.split(",") if one}
    with tempfile.TemporaryDirectory() as folder:
        read, everything = _read((asked.keep or Path(folder)) / "shop", asked, only)
    if asked.show:
        for one in read:
            if one.verdict != "right":
                print(f"{one.verdict:9} {one.customer_id} {one.field} = {one.value}")
    both = {one.field for one in read if one.language == "zh"} & {one.field for one in read if one.language == "en"}
    paired = [one for one in read if one.field in both]
    found: dict[str, Any] = j.figures(read)
    found["fields"] = j.figures(everything)
    for name, figure in (("recall", j.recall), ("precision", j.precision)):
        found[f"zh_minus_en_{name}"] = j.interval(paired, _gap(figure))
    found["goal_precision"] = GOAL
    if asked.json:
        print(json.dumps(found, indent=2))
    else:
        for line in j.lines({name: found[name] for name in ("all", "zh", "en")}):
            print(line)
        for name in ("precision", "recall"):
            print(f"zh - en on paired fields, {name}: {j.shown(found[f'zh_minus_en_{name}'])}")
        print("all fields of gold, the computed ones among them:")
        for line in j.lines(found["fields"]):
            print(line)
    return 0 if found["all"]["precision"][0] >= GOAL else 1


def _gap(figure: Callable[[Sequence[j.Judged]], float]) -> Callable[[Sequence[j.Judged]], float]:
    return lambda some: j.gap(some, figure)


def _read(place: Path, asked: argparse.Namespace, only: set[str]) -> tuple[list[j.Judged], list[j.Judged]]:
    """Verdicts on the fields read in texts and on all fields, once everybody has read who was asked to."""

    def of(shop: Shop, *, computed: bool = False) -> list[j.Judged]:
        return [one for one in judge(shop, computed=computed) if not only or one.customer_id in only]

    shop, customers = build(place), sorted(only) or None
    verdicts = of(shop)
    if asked.map or asked.llm:
        seconds, waiting = readers.with_map(shop, customers)
        before, verdicts = verdicts, of(shop)
        print(
            f"the map adds to the rules: {j.difference(before, verdicts)}, waiting for review {waiting} ({seconds:.0f} s)"
        )
    everything = of(shop, computed=True)
    shop.close()
    if asked.llm:
        with readers.with_model(place, asked.llm, customers) as (opened, seconds, calls):
            before, verdicts = verdicts, of(opened)
            everything = of(opened, computed=True)
        print(f"the model adds to that: {j.difference(before, verdicts)} ({calls} calls, {seconds:.0f} s)")
    return verdicts, everything


if __name__ == "__main__":
    raise SystemExit(main())

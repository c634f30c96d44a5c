"""Profiles of the sample shop by rules alone, against its gold: precision, recall, zh against en.

    python benchmarks/gold_profiles.py [--json] [--show] [--map] [--llm local --keep DIR [--customers C001,C101]]

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
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evaluation.gold_profiles import Judged, build, judge  # noqa: E402
from huaxiang.store.shop import Shop  # noqa: E402

GOAL = 0.97
ROUNDS = 2000


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
        shop = build((asked.keep or Path(folder)) / "shop")
        judged = [one for one in judge(shop) if not only or one.customer_id in only]
        if asked.map or asked.llm:
            judged = with_map(shop, judged, sorted(only) or None)
        shop.close()
        if asked.llm:
            judged = with_model(asked.keep / "shop", asked.llm, judged, sorted(only) or None)
    if asked.show:
        for one in judged:
            if one.verdict != "right":
                print(f"{one.verdict:9} {one.customer_id} {one.field} = {one.value}")
    both = {one.field for one in judged if one.language == "zh"} & {one.field for one in judged if one.language == "en"}
    found: dict[str, Any] = {
        name: {
            "precision": interval(part, precision), "strict": interval(part, strict), "recall": interval(part, recall),
            "right": count(part, "right"), "wrong": count(part, "wrong"), "unjudged": count(part, "unjudged"), "missing": count(part, "missing"),
        }
        for name, part in (
            ("all", judged), ("zh", [one for one in judged if one.language == "zh"]), ("en", [one for one in judged if one.language == "en"]),
        )
    }  # fmt: skip
    paired = [one for one in judged if one.field in both]
    found["zh_minus_en_recall"] = interval(paired, lambda some: gap(some, recall))
    found["zh_minus_en_precision"] = interval(paired, lambda some: gap(some, precision))
    found["goal_precision"] = GOAL
    if asked.json:
        print(json.dumps(found, indent=2))
    else:
        for name in ("all", "zh", "en"):
            one = found[name]
            print(
                f"{name:4} precision {text(one['precision'])}  strict {text(one['strict'])}  recall {text(one['recall'])}"
                f"  right {one['right']} wrong {one['wrong']} unjudged {one['unjudged']} missing {one['missing']}"
            )
        for name in ("precision", "recall"):
            print(f"zh - en on paired fields, {name}: {text(found[f'zh_minus_en_{name}'])}")
    return 0 if found["all"]["precision"][0] >= GOAL else 1


def with_map(shop: Shop, before: list[Judged], customers: list[str] | None) -> list[Judged]:
    """Have the trained map read, say what that adds, and judge again."""
    from agent.profiles.profiler import extract_all
    from agent.profiles.stated import MapReader
    from huaxiang.models.e5_states import StatesEncoder

    spent = sum(done.seconds for done in extract_all(shop, None, customers, reader=MapReader(StatesEncoder.load())))
    after = [one for one in judge(shop) if not customers or one.customer_id in customers]
    print(f"the map adds to the rules: {difference(before, after)} ({spent:.0f} s)")
    return after


def difference(before: Sequence[Judged], after: Sequence[Judged]) -> str:
    """How the verdicts' numbers changed."""
    kinds = ("right", "wrong", "unjudged")
    return ", ".join(f"{one} {count(after, one) - count(before, one):+d}" for one in kinds)


def with_model(folder: Path, kind: str, before: list[Judged], customers: list[str] | None) -> list[Judged]:
    """Have the model read what it has not read yet, say what that adds, and judge again."""
    from agent.profiles.profiler import estimate_seconds, extract_all
    from agent.profiles.stated import MapReader
    from agent.runtime import Runtime
    from huaxiang.models.e5_states import StatesEncoder

    with Runtime.open(folder, overrides={"llm.kind": kind}) as runtime:
        reader = MapReader(StatesEncoder.load())
        if runtime.start_llm(wait=True, warm=()) != "ready" or runtime.llm is None:
            raise runtime.llm_problem or RuntimeError("the language model did not start")
        print(
            f"about {estimate_seconds(runtime.shop, runtime.llm, customers, mapped=True):.0f} s on two idle cores",
            file=sys.stderr,
        )
        spent, calls = 0.0, 0
        for done in extract_all(runtime.shop, runtime.llm, customers, reader=reader):
            spent, calls = spent + done.seconds, calls + done.calls
            print(f"{done.customer_id} {done.seconds:.0f} s, {done.calls} calls, held {done.held}", file=sys.stderr)
        after = [one for one in judge(runtime.shop) if not customers or one.customer_id in customers]
    print(f"the model adds to that: {difference(before, after)} ({calls} calls, {spent:.0f} s)")
    return after


def count(judged: Sequence[Judged], verdict: str) -> int:
    """How many have this verdict."""
    return sum(one.verdict == verdict for one in judged)


def precision(judged: Sequence[Judged]) -> float:
    """Right among what gold judges."""
    right = count(judged, "right")
    return right / max(1, right + count(judged, "wrong"))


def strict(judged: Sequence[Judged]) -> float:
    """Right among all that is held."""
    right = count(judged, "right")
    return right / max(1, right + count(judged, "wrong") + count(judged, "unjudged"))


def recall(judged: Sequence[Judged]) -> float:
    """Right among the true facts."""
    right = count(judged, "right")
    return right / max(1, right + count(judged, "missing"))


def gap(judged: Sequence[Judged], figure: Callable[[Sequence[Judged]], float]) -> float:
    """The figure in Chinese minus that in English."""
    return figure([one for one in judged if one.language == "zh"]) - figure(
        [one for one in judged if one.language == "en"]
    )


def interval(judged: Sequence[Judged], figure: Callable[[Sequence[Judged]], float]) -> tuple[float, float, float]:
    """The figure with its 95 % interval, by drawing customers anew (each language's customers among themselves)."""
    groups: dict[str, dict[str, list[Judged]]] = {}
    for one in judged:
        groups.setdefault(one.language, {}).setdefault(one.customer_id, []).append(one)
    dice = random.Random(0)
    drawn = []
    for _ in range(ROUNDS):
        sample = [
            one
            for people in groups.values()
            for customer in dice.choices(sorted(people), k=len(people))
            for one in people[customer]
        ]
        drawn.append(figure(sample))
    drawn.sort()
    return round(figure(judged), 4), round(drawn[int(ROUNDS * 0.025)], 4), round(drawn[int(ROUNDS * 0.975)], 4)


def text(figure: tuple[float, float, float]) -> str:
    """A figure and its interval."""
    return f"{figure[0]:.3f} [{figure[1]:.3f}, {figure[2]:.3f}]"


if __name__ == "__main__":
    raise SystemExit(main())

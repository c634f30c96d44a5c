"""Gold questions about the sample shop (or a shop of real data): right, refused, cited, and how long it took.

    python benchmarks/questions.py                                   # development questions, rules and local model
    python benchmarks/questions.py --suite sample_heldout --llm local
    python benchmarks/questions.py --suite sample_heldout --half even --hide   # the half that nobody has opened

The shop is made anew in a temporary folder unless --shop names one. Latencies are of this machine at this moment: the
load average is printed beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from agent.runtime import Runtime  # noqa: E402
from evaluation import runner, shops, suite  # noqa: E402


def run(folders: dict[str, Path], suites: list[suite.Suite], llm: str) -> list[runner.Outcome]:
    """All cases of the suites in one mode; a warm-up question comes first."""
    outcomes: list[runner.Outcome] = []
    for one in suites:
        with Runtime.open(folders[one.shop], overrides={"llm.kind": llm}) as runtime:
            state = runtime.start_llm(wait=True) if llm != "none" else "none"
            if llm != "none" and state != "ready":
                raise SystemExit(f"the model is {state}: {runtime.llm_problem}")
            runtime.index.warm()
            runtime.answer("谁花钱最多" if one.language == "zh" else "who spent the most")
            runtime.deps.sentiment()
            outcomes += runner.run(
                runtime, one, progress=lambda n, m, i: print(f"\r{i} {n}/{m} ", end="", file=sys.stderr)
            )
    print(file=sys.stderr)
    return outcomes


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", default="sample_dev")
    parser.add_argument("--llm", nargs="*", default=["none", "local"])
    parser.add_argument("--shop", type=Path, help="a shop that is ready (sample suites only)")
    parser.add_argument(
        "--hide", action="store_true", help="do not print which cases failed (held-out suites are run, not read)"
    )
    parser.add_argument(
        "--half", choices=("even", "odd"), help="only cases whose number is even (or odd), see docs/evaluation.md"
    )
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    suites = [suite.load(path) for path in suite.find(args.suite)]
    if args.half:
        wanted = 0 if args.half == "even" else 1
        suites = [
            one.model_copy(update={"cases": tuple(c for c in one.cases if int(c.id.split("-")[-1]) % 2 == wanted)})
            for one in suites
        ]
    report: dict[str, Any] = {"suite": args.suite, "load": [round(x, 1) for x in os.getloadavg()], "modes": {}}
    with tempfile.TemporaryDirectory() as temporary:
        names = {one.shop for one in suites}
        folders = {name: args.shop or shops.make(name, Path(temporary) / name) for name in names}
        for llm in args.llm:
            outcomes = run(folders, suites, llm)
            modes = {"all": outcomes}
            for one in suites:
                mine = {case.id for case in one.cases}
                modes[one.language] = [o for o in outcomes if o.case.id in mine]
            report["modes"][llm] = {name: runner.summarise(part) for name, part in modes.items()}
    if args.hide:
        for mode in report["modes"].values():
            for part in mode.values():
                part.pop("failures")
    if args.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return
    print(f"suite {report['suite']}, load average {report['load']}")
    for llm, parts in report["modes"].items():
        for name, part in parts.items():
            failures = part.pop("failures", [])
            print(f"{llm:6} {name:4} " + "  ".join(f"{key} {value}" for key, value in part.items()))
            if name != "all":
                for failure in failures:
                    print(f"         {failure['id']} ({failure['category']}): {'; '.join(failure['why'])}")


if __name__ == "__main__":
    main()

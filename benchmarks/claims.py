"""The quote check against a hostile "model": 5,000 claims of ours, labelled by how they were made. No model runs.

    python benchmarks/claims.py [--number 5000] [--seed 7] [--json] [--show KIND]

Goals: nothing believed that is false by construction for quote, offset, value, speaker or for whom; at most 2 % for
negation; at least 95 % of the true ones. Exit 1 otherwise. `--show` prints what went wrong of one kind.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evaluation import fuzz_claims  # noqa: E402

NEVER = ("quote", "offset", "value", "speaker", "staff", "whom", "instruction")
GOAL_NEGATION, GOAL_TRUE = 0.02, 0.95


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--number", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show", metavar="KIND", choices=fuzz_claims.KINDS)
    asked = parser.parse_args()
    began = time.perf_counter()
    results = fuzz_claims.run(asked.number, asked.seed)
    found: dict[str, Any] = {
        "all": fuzz_claims.figures(results),
        "zh": fuzz_claims.figures([one for one in results if one.claim.language == "zh"]),
        "en": fuzz_claims.figures([one for one in results if one.claim.language == "en"]),
    }
    if asked.show:
        for one in results:
            if one.claim.kind == asked.show and one.believed != one.claim.true:
                given = one.claim.candidate
                print(
                    f"{one.verdict.status} {one.verdict.reason_code} {one.verdict.for_whom} | {given.name}={given.value} | {given.quote} | {one.claim.evidence.clean!r}"
                )
    every = found["all"]
    found["seconds"] = round(time.perf_counter() - began, 1)
    found["reached"] = (
        all(every[kind]["believed"] == 0 for kind in NEVER)
        and every["negation"]["share"] <= GOAL_NEGATION
        and every["true"]["share"] >= GOAL_TRUE
    )
    if asked.json:
        print(json.dumps(found, indent=2))
    else:
        for kind in fuzz_claims.KINDS:
            print(
                f"{kind:13} "
                + "   ".join(
                    f"{name} {found[name][kind]['believed']:>4}/{found[name][kind]['claims']:<4} ({found[name][kind]['share']:.3f})"
                    for name in ("all", "zh", "en")
                )
                + f"   waiting {every[kind]['proposed']}"
            )
        print(f"{found['seconds']} s for {asked.number}; goals reached: {found['reached']}")
    return 0 if found["reached"] else 1


if __name__ == "__main__":
    raise SystemExit(main())

"""Two runs of one suite side by side: what got better, what got worse, and whether it is noise."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from evaluation import rows
from evaluation.records import RunFolder
from huaxiang.errors import DataError

LESS_IS_BETTER = (
    "answerable_refused", "bad_citations", "unsupported_sentences", "injection_obeyed", "crashed", "seconds", "tokens", "calls",
)  # fmt: skip
NOISE = 0.05
FIELDS: tuple[Literal["values"], Literal["costs"]] = ("values", "costs")


def compare(a: RunFolder, b: RunFolder, *, seed: int = 0) -> dict[str, Any]:
    """What changed from `a` to `b` on the cases that both have.

    Returns:
        `a`, `b`, `suite`, `cases`; `metrics`: name to `{a, b, change, interval, p, cases, verdict}` where the verdict is
        `better`, `worse`, `noise` (the paired 95 % interval holds 0, or McNemar's exact p is above 0.05) or `same`; and
        `fixed` and `broken`: cases that turned right or wrong (None when either run is hidden).

    Raises:
        DataError: they share no case.
    """
    left, right = ([one.to_row() for one in folder.records()] for folder in (a, b))
    shared = {one.id for one in left} & {one.id for one in right}
    if not shared:
        raise DataError(
            f"{a.name} and {b.name} share no case", hint="compare two runs of one suite", code="eval-compare"
        )
    metrics: dict[str, Any] = {}
    for field in FIELDS:
        for name in dict.fromkeys(name for one in left for name in getattr(one, field)):
            sides = [rows.by_case(part, field, name) for part in (left, right)]
            both = sorted(sides[0].keys() & sides[1].keys() & shared)
            if both:
                metrics[name] = _change(name, [sides[0][one] for one in both], [sides[1][one] for one in both], seed)
    hidden = a.about.get("hide") or b.about.get("hide")
    before, after = (rows.by_case(part, "values", "right") for part in (left, right))
    turned = {one: after[one] - before[one] for one in shared if one in before and one in after}
    return {
        "a": a.name, "b": b.name, "suite": [a.about["suite"], b.about["suite"]], "cases": len(shared),
        "same_suite": a.about.get("suites") == b.about.get("suites"), "same_code": a.about.get("code") == b.about.get("code"),
        "metrics": metrics,
        "fixed": None if hidden else sorted(one for one, gap in turned.items() if gap > 0),
        "broken": None if hidden else sorted(one for one, gap in turned.items() if gap < 0),
    }  # fmt: skip


def _change(name: str, before: list[float], after: list[float], seed: int) -> dict[str, Any]:
    a, b = np.array(before), np.array(after)
    gap = rows.difference(a, b, seed=seed)
    binary = set(np.concatenate([a, b]).tolist()) <= {0.0, 1.0}
    p = rows.sign_test(int((b > a).sum()), int((b < a).sum())) if binary else None
    return {
        "a": round(float(a.mean()), 4), "b": round(float(b.mean()), 4), "change": round(gap.value, 4),
        "interval": [round(gap.low, 4), round(gap.high, 4)], "p": None if p is None else round(p, 4), "cases": len(a),
        "verdict": _verdict(name, gap, p),
    }  # fmt: skip


def _verdict(name: str, gap: rows.Figure, p: float | None) -> str:
    if gap.value == 0:
        return "same"
    if gap.low <= 0 <= gap.high or (p is not None and p > NOISE):
        return "noise"
    less = any(name == one or name.endswith(one) for one in LESS_IS_BETTER)
    return "better" if (gap.value < 0) == less else "worse"

"""What a run comes to: one dictionary for machines, from which the reports are written too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from evaluation import rows
from evaluation.records import RunFolder, age
from evaluation.rows import Figure, Row
from evaluation.suite import Threshold

CASE_MAIN = "right"
_COUNTED = ("bad_citations", "unsupported_sentences", "injection_obeyed", "crashed")


def write(folder: RunFolder) -> dict[str, Any]:
    """Sum up the run, mark it complete, write its reports, and return the summary."""
    from evaluation import report_html, report_markdown

    made = make(folder)
    folder.finish(summary=made)
    (folder.path / "report.md").write_text(report_markdown.page(folder), encoding="utf-8")
    (folder.path / "report.html").write_text(report_html.page(folder), encoding="utf-8")
    return made


def make(folder: RunFolder) -> dict[str, Any]:
    """The summary of a run.

    Returns:
        `suite`, `metrics` (name to value), `intervals` (name to [low, high], 95 %), `cases`, `seconds`; then `run`, `llm`,
        `model`, `main`, `by_language`, `by_category`, `by_group`, `gap` (zh minus en on paired cases), `thresholds`, `passed`,
        `notes`, `published`, `failed` (ids of wrong cases; None when hidden) and `unsteady` (cases whose repeats disagree).
    """
    about = folder.about
    found = [one.to_row() for one in folder.records()]
    seed = int(about.get("seed") or 0)
    figures = rows.figures(found, seed=seed)
    metrics = {name: round(one.value, 4) for name, one in figures.items()}
    metrics |= {f"{name}_total": total for name in _COUNTED if (total := _total(found, name)) is not None}
    metrics |= {name: round(value, 4) for name, value in (about.get("extra") or {}).items()}
    hidden = bool(about.get("hide"))
    checked = _checked(about.get("thresholds") or {}, metrics)
    main = about.get("main", CASE_MAIN)
    return {
        "suite": about["suite"],
        "metrics": metrics,
        "intervals": {name: [round(one.low, 4), round(one.high, 4)] for name, one in figures.items()},
        "cases": len({one.id for one in found}),
        "seconds": round(float(about.get("summary", {}).get("seconds") or age(about)), 1),
        "run": folder.name,
        "llm": about.get("llm"),
        "model": about.get("model"),
        "baseline": bool(about.get("baseline")),
        "main": main,
        "counts": {name: one.cases for name, one in figures.items()},
        "by_language": _grouped(rows.groups(found, lambda row: row.language, seed=seed)),
        "by_category": _grouped(rows.groups(found, lambda row: row.category, seed=seed)),
        "by_group": _grouped(rows.groups(found, lambda row: row.group, seed=seed)),
        "gap": _gap(found, main, seed=seed),
        "thresholds": checked,
        "passed": all(one["met"] for one in checked.values()),
        "notes": about.get("notes", []),
        "published": about.get("published", []),
        "failed": None if hidden else sorted({one.id for one in found if one.values.get("right") == 0.0}),
        "unsteady": [] if hidden else rows.unsteady(found, "right"),
    }


def _total(found: Sequence[Row], name: str) -> int | None:
    values = [one.values[name] for one in found if one.values.get(name) is not None]
    return int(sum(value or 0 for value in values)) if values else None


def _grouped(parts: dict[str, dict[str, Figure]]) -> dict[str, dict[str, list[float]]]:
    """`{group: {metric: [value, low, high, cases]}}`."""
    return {
        name: {
            metric: [round(one.value, 4), round(one.low, 4), round(one.high, 4), one.cases]
            for metric, one in part.items()
        }
        for name, part in parts.items()
    }


def _checked(thresholds: dict[str, dict[str, Any]], metrics: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Each threshold with the value it is held against; a metric that was not measured does not pass."""
    out = {}
    for name, limits in thresholds.items():
        value = metrics.get(name)
        out[name] = {**limits, "value": value, "met": value is not None and Threshold(**limits).met(value)}
    return out


def _gap(found: Sequence[Row], metric: str, *, seed: int) -> dict[str, Any] | None:
    """Chinese minus English on cases that ask the same in both languages, with a 95 % interval; None without such pairs."""
    sides: dict[str, dict[str, list[float]]] = {}
    for one in found:
        value = one.values.get(metric)
        if one.pair and value is not None:
            sides.setdefault(one.pair, {}).setdefault(one.language, []).append(value)
    both = [(np.mean(side["en"]), np.mean(side["zh"])) for side in sides.values() if {"zh", "en"} <= side.keys()]
    if not both:
        return None
    en, zh = np.array(both, float).T
    gap = rows.difference(en, zh, seed=seed)
    return {
        "metric": metric, "pairs": len(both), "zh": round(float(zh.mean()), 4), "en": round(float(en.mean()), 4),
        "zh_minus_en": round(gap.value, 4), "interval": [round(gap.low, 4), round(gap.high, 4)],
    }  # fmt: skip

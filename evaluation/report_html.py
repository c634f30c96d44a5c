"""A run as one HTML file: the figures with plots, and each failure with its trace, folded. No script, nothing from outside."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from evaluation import plots
from evaluation.cases import Record
from evaluation.records import RunFolder
from evaluation.report_markdown import figure_rows, number, published_rows

STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:960px;margin:2em auto;padding:0 1em;color:#1d2733}
table{border-collapse:collapse;margin:.5em 0}td,th{border:1px solid #ccd3da;padding:.2em .6em;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}.bad{color:#a02020}.ok{color:#1f6b3a}details{margin:.6em 0;padding:.3em .6em;
border-left:3px solid #a02020}summary{cursor:pointer}pre{white-space:pre-wrap;background:#f5f7f9;padding:.6em}svg{max-width:100%;height:auto}"""
COST_UNITS = {"seconds": "s", "search_seconds": "s", "first_sentence_seconds": "s", "card_seconds": "s", "prompt_tokens": "tokens",
              "uncached_prompt_tokens": "tokens", "completion_tokens": "tokens"}  # fmt: skip


def page(folder: RunFolder) -> str:
    """The whole page."""
    made = folder.about["summary"]
    parts = [f"<h1>{escape(made['suite'])}</h1>", _head(folder), _shares(made), _figures(made), _thresholds(made)]
    parts += [
        _published(made),
        _groups(made, "by_language", "By language"),
        _groups(made, "by_category", "By category"),
    ]
    parts += [_costs(folder), _failures(folder)]
    body = "\n".join(part for part in parts if part)
    title = escape(f"{made['suite']}: {made['run']}")
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style><body>{body}</body></html>\n'


def _head(folder: RunFolder) -> str:
    about, made = folder.about, folder.about["summary"]
    rows = [
        ("run", made["run"]), ("started", about["started_at"]), ("cases", made["cases"]), ("seconds", made["seconds"]),
        ("language model", f"{made['llm']} {made['model'] or ''}"), ("baseline", "yes" if made["baseline"] else ""),
        ("repeats, seed", f"{about.get('repeat', 1)}, {about.get('seed', 0)}"), ("load average at start", about.get("load")),
        ("code", about.get("code")), *(("note", one) for one in made["notes"]),
    ]  # fmt: skip
    return _table(("", ""), [(name, value) for name, value in rows if value not in (None, "")])


def _shares(made: dict[str, Any]) -> str:
    """The metrics that are shares, as bars."""
    rows = [
        (name, value, *made["intervals"][name])
        for name, value in made["metrics"].items()
        if name in made["intervals"] and not name.endswith(("_p50", "_p95", "_mean")) and 0 <= value <= 1
    ]
    return plots.bars(rows, title="Shares with 95 % intervals") if rows else ""


def _figures(made: dict[str, Any]) -> str:
    return "<h2>Figures</h2>" + _table(("metric", "value", "95 %", "cases"), figure_rows(made))


def _thresholds(made: dict[str, Any]) -> str:
    if not made["thresholds"]:
        return ""
    rows = [
        (name, one["min"], one["max"], number(one["value"]), "met" if one["met"] else "missed")
        for name, one in made["thresholds"].items()
    ]
    return "<h2>Thresholds</h2>" + _table(("metric", "least", "most", "is", ""), rows)


def _published(made: dict[str, Any]) -> str:
    rows = published_rows(made)
    return "<h2>Published</h2>" + _table(("metric", "published", "here", "source", "comparable"), rows) if rows else ""


def _groups(made: dict[str, Any], key: str, title: str) -> str:
    rows = [(name, *one[made["main"]][:3]) for name, one in made[key].items() if made["main"] in one]
    if not rows:
        return ""
    return f"<h2>{title}</h2>" + plots.bars(rows, title=f"{made['main']}: {title.lower()}")


def _costs(folder: RunFolder) -> str:
    records = folder.records()
    parts = []
    for name, unit in COST_UNITS.items():
        values = [one.row["costs"][name] for one in records if one.row["costs"].get(name) is not None]
        if len(values) > 1 and any(values):
            parts.append(plots.cumulative(values, unit=unit, title=f"{name}: share of cases at or under"))
    return "<h2>Cost and latency</h2>" + "".join(parts) if parts else ""


def _failures(folder: RunFolder) -> str:
    if folder.about.get("hide"):
        return "<h2>Failures</h2><p>This suite is held out: its cases are not shown.</p>"
    failed = [one for one in folder.records() if one.row["values"].get("right") == 0.0]
    if not any("right" in one.row["values"] for one in folder.records()):
        return ""
    return f"<h2>Failures ({len(failed)})</h2>" + ("".join(map(_failure, failed)) or "<p>None.</p>")


def _failure(one: Record) -> str:
    answer = one.answer or {}
    title = f"{one.id} ({one.row['category']}): {'; '.join(one.why)}"
    asked = f"<p><b>{escape(answer.get('question', ''))}</b></p><p>{escape(answer.get('answer', ''))}</p>"
    trace = json.dumps({"answer": answer, "events": one.events, "cited": one.cited}, ensure_ascii=False, indent=1)
    return f"<details><summary>{escape(title)}</summary>{asked}<pre>{escape(trace)}</pre></details>"


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    top = "<tr>" + "".join(f"<th>{escape(one)}</th>" for one in head) + "</tr>" if any(head) else ""
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str('' if c is None else c))}</td>" for c in row) + "</tr>" for row in rows
    )
    return f"<table>{top}{body}</table>"

"""A run as a page of Markdown: figures with intervals, groups, thresholds, and every failure with its whole trace."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from evaluation.cases import Record
from evaluation.records import RunFolder

SHOWN_GROUPS = 40


def page(folder: RunFolder) -> str:
    """The whole page."""
    made = folder.about["summary"]
    parts = [f"# {made['suite']}: {made['run']}", head(folder), "## Figures", figures(made)]
    if made["thresholds"]:
        parts += ["## Thresholds", thresholds(made)]
    if made["published"]:
        parts += ["## Published", published(made)]
    for title, key in (("By language", "by_language"), ("By category", "by_category"), ("By group", "by_group")):
        if len(made[key]) > 1 or key == "by_category":
            parts += [f"## {title}", groups(made, made[key])]
    if made["gap"]:
        parts += ["## Chinese against English", gap(made)]
    if made["unsteady"]:
        parts += ["## Repeats that disagree", ", ".join(made["unsteady"])]
    parts.append("## Failures")
    if folder.about.get("hide"):
        parts.append("This suite is held out: its cases are not shown.")
    else:
        failed = [one for one in folder.records() if one.row["values"].get("right") == 0.0]
        parts += [failure(one) for one in failed] or ["None." if made["failed"] is not None else ""]
    return "\n\n".join(part for part in parts if part) + "\n"


def head(folder: RunFolder) -> str:
    """What was run, when and where."""
    about, made = folder.about, folder.about["summary"]
    rows = [
        ("started", about["started_at"]), ("cases", made["cases"]), ("seconds", made["seconds"]), ("llm", made["llm"]),
        ("model", made["model"]), ("baseline", made["baseline"]), ("repeats", about.get("repeat", 1)),
        ("seed", about.get("seed", 0)), ("parallel", about.get("parallel", 1)), ("load average at start", about.get("load")),
        ("code", about.get("code")),
    ]  # fmt: skip
    lines = [f"- {name}: {value}" for name, value in rows if value not in (None, "", False)]
    return "\n".join(lines + [f"- note: {one}" for one in made["notes"]])


def figure_rows(made: dict[str, Any]) -> list[tuple[str, str, str, Any]]:
    """A row a metric: name, value, 95 % interval and number of cases, as text."""
    rows = []
    for name, value in made["metrics"].items():
        low, high = made["intervals"].get(name, (None, None))
        interval = "" if low is None else f"{number(low)} to {number(high)}"
        rows.append((name, number(value), interval, made["counts"].get(name, "")))
    return rows


def published_rows(made: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    """A row a published figure: metric, their value, ours, where it stands and whether it can be compared."""
    return [
        (
            one["metric"],
            number(one["value"]),
            number(made["metrics"].get(one["metric"])),
            one["source"],
            one["comparable"],
        )
        for one in made["published"]
    ]


def figures(made: dict[str, Any]) -> str:
    """Every metric with its interval, the main one in bold."""
    rows = [(f"**{name}**" if name == made["main"] else name, *rest) for name, *rest in figure_rows(made)]
    return table(("metric", "value", "95 %", "cases"), rows)


def thresholds(made: dict[str, Any]) -> str:
    """Each threshold and whether it was met."""
    rows = []
    for name, one in made["thresholds"].items():
        limit = " and ".join(
            f"{sign} {one[key]:g}" for key, sign in (("min", "≥"), ("max", "≤")) if one[key] is not None
        )
        rows.append((name, limit, number(one["value"]), "met" if one["met"] else "**missed**"))
    return table(("metric", "must be", "is", ""), rows)


def published(made: dict[str, Any]) -> str:
    """What others report, and whether it can be compared."""
    return table(("metric", "published", "here", "source", "comparable"), published_rows(made))


def groups(made: dict[str, Any], parts: dict[str, dict[str, list[float]]]) -> str:
    """The main metrics of each group."""
    shown = [made["main"]] + [
        name for name in ("answerable_right", "unanswerable_refused", "citation_precision", "citation_recall", "seconds_p50", "seconds_p95")
        if any(name in one for one in parts.values()) and name != made["main"]
    ]  # fmt: skip
    rows = [
        (name, *(_cell(one.get(metric)) for metric in shown), int(max((cell[3] for cell in one.values()), default=0)))
        for name, one in list(parts.items())[:SHOWN_GROUPS]
    ]
    return table(("", *shown, "cases"), rows)


def gap(made: dict[str, Any]) -> str:
    """The paired difference between the languages."""
    one = made["gap"]
    low, high = one["interval"]
    return (
        f"{one['metric']} on {one['pairs']} pairs: zh {number(one['zh'])}, en {number(one['en'])}, "
        f"difference {number(one['zh_minus_en'])} (95 %: {number(low)} to {number(high)})"
    )


def failure(one: Record) -> str:
    """A failed case with its whole trace."""
    answer = one.answer or {}
    lines = [f"### {one.id} ({one.row['category']}, attempt {one.attempt})", "; ".join(one.why)]
    if answer:
        lines += [f"**Asked:** {answer['question']}", f"**Answered:** {answer['answer']}"]
        lines += [f"- {s['text']} [{', '.join(s['evidence'])}]" for s in answer["sentences"]]
        lines += [
            f"- tool {step['tool']} {json.dumps(step['args'], ensure_ascii=False)}: {_how(step)}"
            for step in answer["steps"]
        ]
        lines += [f"- cited {e['id']} ({e['kind']}, {e['customer_id']}): {e['quote']}" for e in answer["evidence"]]
        lines += [f"- {event['type']}: {json.dumps(event, ensure_ascii=False)[:400]}" for event in one.events]
        lines.append(
            f"- model: {answer['llm']}; {answer['seconds']:.2f} s; abstained {answer['abstained']} ({answer['reason']})"
        )
    return "\n\n".join(lines[:4]) + ("\n\n" + "\n".join(lines[4:]) if len(lines) > 4 else "")


def comparison(found: dict[str, Any]) -> str:
    """What `compare` found, as a page."""
    rows = [
        (name, number(one["a"]), number(one["b"]), f"{one['change']:+.4g}", f"{number(one['interval'][0])} to {number(one['interval'][1])}",
         "" if one["p"] is None else f"{one['p']:.3g}", one["cases"], one["verdict"])
        for name, one in found["metrics"].items()
    ]  # fmt: skip
    parts = [
        f"# {found['a']} → {found['b']}",
        f"{found['cases']} shared cases. Noise: the paired 95 % interval holds 0, or p > 0.05.",
    ]
    if not found["same_suite"]:
        parts.append("The suites' files differ between the two runs.")
    parts.append(table(("metric", "a", "b", "change", "95 %", "p", "cases", ""), rows))
    for name in ("fixed", "broken"):
        if found[name]:
            parts.append(f"**{name}:** {', '.join(found[name])}")
    return "\n\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    return "\n".join(lines + ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows])


def number(value: Any) -> str:
    """A figure as it is read: shares with three digits, larger ones with fewer."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _cell(value: list[float] | None) -> str:
    return "–" if value is None else f"{number(value[0])} ({number(value[1])}–{number(value[2])})"


def _how(step: dict[str, Any]) -> str:
    return f"{'ok' if step['ok'] else step['error']}, {step['seconds']:.3f} s, {len(step['evidence'])} evidence"

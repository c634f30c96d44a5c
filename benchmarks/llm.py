"""Speed of the local language model, and how well it chooses: `python -m benchmarks.llm [--json] [--split test]`.

Choices are counted by statement. The peers in the same run: answering with letters in one call, and code's order alone
(the first statement), which is what rule mode shows. `dev` cases were used to word the prompts, `test` cases were not.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from agent.llm.base import Llm
from agent.llm.choose import LETTERS, Choice, choose, choose_tools
from agent.llm.local import LocalLlm

CASES = Path(__file__).with_name("llm_cases.yaml")


class Letters:
    """The same model without `yes_or_no`, so that `choose` asks for letters."""

    def __init__(self, llm: LocalLlm) -> None:
        self.name, self.generate_json, self.generate_text = llm.name, llm.generate_json, llm.generate_text
        self.ready, self.close = llm.ready, llm.close


@dataclass
class Row:
    """One case asked."""

    language: str
    good: set[int]
    picked: tuple[int, ...]
    seconds: float
    first: float | None
    new_tokens: int
    cpu: float


def speed(llm: LocalLlm) -> dict[str, float]:
    """Tokens a second in and out, on a prompt that cannot be cached."""
    rates_in, rates_out = [], []
    for _ in range(3):
        words = " ".join(str(random.randint(100, 999)) for _ in range(45))
        result = llm.generate_text([{"role": "user", "content": f"{words}\nCount from 1 to 50."}], max_tokens=24)
        first = result.first_token_seconds or result.seconds
        rates_in.append((result.prompt_tokens - result.cached_tokens) / first)
        rates_out.append((result.completion_tokens - 1) / max(1e-6, result.seconds - first))
    return {"tokens_per_second_in": statistics.median(rates_in), "tokens_per_second_out": statistics.median(rates_out)}


def ask(cases: list[dict[str, Any]], pick: Callable[[dict[str, Any], Callable[[int], None]], Choice]) -> list[Row]:
    """Every case once."""
    rows = []
    for case in cases:
        firsts: list[float] = []
        started, cpu = time.monotonic(), time.process_time()
        choice = pick(case, lambda _, firsts=firsts, started=started: firsts.append(time.monotonic() - started))
        rows.append(
            Row(
                case["language"], {LETTERS.index(letter) for letter in case["good"]}, choice.indices,
                time.monotonic() - started, firsts[0] if firsts else None, choice.prompt_tokens - choice.cached_tokens, time.process_time() - cpu,
            )
        )  # fmt: skip
    return rows


def scores(rows: list[Row]) -> dict[str, Any]:
    """Right first choice, precision, recall, and exactly the right set; seconds are medians (`cpu_seconds` over all threads: the machine is rarely idle)."""
    if not rows:
        return {}
    hits = sum(len(row.good & set(row.picked)) for row in rows)
    return {
        "cases": len(rows),
        "first_right": sum(bool(row.picked) and row.picked[0] in row.good for row in rows) / len(rows),
        "precision": hits / max(1, sum(len(row.picked) for row in rows)),
        "recall": hits / sum(len(row.good) for row in rows),
        "exact": sum(set(row.picked) == row.good for row in rows) / len(rows),
        "seconds": statistics.median(row.seconds for row in rows),
        "first_seconds": statistics.median(row.first for row in rows if row.first is not None),
        "cpu_seconds": statistics.median(row.cpu for row in rows),
        "new_tokens": statistics.median(row.new_tokens for row in rows),
    }


def by_language(rows: list[Row]) -> dict[str, dict[str, Any]]:
    """Scores of all rows and of each language."""
    return {
        "all": scores(rows),
        **{language: scores([row for row in rows if row.language == language]) for language in ("zh", "en")},
    }


def tool_choices(llm: Llm, data: dict[str, Any]) -> dict[str, Any]:
    """How often the first tool chosen is one of the right ones."""
    right = {"zh": 0, "en": 0}
    seconds = []
    for case in data["tool_cases"]:
        tools = [(tool["name"], tool[case["language"]]) for tool in data["tools"]]
        choice = choose_tools(llm, question=case["question"], language=case["language"], tools=tools, max_pick=1)
        right[case["language"]] += tools[choice.indices[0]][0] in case["good"]
        seconds.append(choice.seconds)
    return {"cases": len(data["tool_cases"]), "right": right, "seconds": statistics.median(seconds)}


def run(split: str, parts: set[str]) -> dict[str, Any]:
    """All measurements."""
    data = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    cases = [case for case in data["cases"] if split in ("all", case["split"])]
    llm = LocalLlm(timeout_seconds=300)
    llm.wait()
    report: dict[str, Any] = {"model": llm.name, "split": split, "load_seconds": llm.load_seconds}

    def pick_by(model: Llm) -> Callable[[dict[str, Any], Callable[[int], None]], Choice]:
        return lambda case, on_pick: choose(
            model, question=case["question"], language=case["language"], statements=case["statements"], on_pick=on_pick
        )

    try:
        cold = [ask([next(case for case in cases if case["language"] == one)], pick_by(llm))[0] for one in ("zh", "en")]
        report["cold_seconds"] = {row.language: row.seconds for row in cold}
        report["judging"] = by_language(ask(cases, pick_by(llm)))
        if "letters" in parts:
            report["letters"] = by_language(ask(cases, pick_by(Letters(llm))))
        if "tools" in parts:
            report["tools"] = tool_choices(llm, data)
        if "speed" in parts:
            report["speed"] = speed(llm)
    finally:
        llm.close()
    order = [
        Row(case["language"], {LETTERS.index(one) for one in case["good"]}, (0,), 0.0, 0.0, 0, 0.0) for case in cases
    ]
    report["first_statement"] = by_language(order)
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("dev", "test", "all"), default="test")
    parser.add_argument("--parts", default="letters,tools,speed", help="what to measure besides judging")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    report = run(options.split, set(options.parts.split(",")))
    if options.json:
        print(json.dumps(report, indent=1, ensure_ascii=False))
        return
    for name, value in report.items():
        if isinstance(value, dict) and isinstance(value.get("all"), dict):
            for language, row in value.items():
                print(f"{name:16} {language:4}", "  ".join(f"{key} {number:.2f}" for key, number in row.items()))
        else:
            print(f"{name:16}", value)


if __name__ == "__main__":
    main()

"""`huaxiang eval`: what a machine reads, exit codes, and that held-out suites stay shut."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

TALK = {
    "sample_id": "t1",
    "conversation": {
        "session_1": [
            {"dia_id": "D1:1", "speaker": "Ada", "text": "How was the week?"},
            {"dia_id": "D1:2", "speaker": "Ben", "text": "I planted tomatoes."},
        ]
    },
    "qa": [{"question": "What did Ben plant?", "answer": "tomatoes", "evidence": ["D1:2"], "category": 4}],
}
SUITE = """suite: mine
version: 1
language: en
shop: sample
thresholds: {right: {min: 0.9}}
cases:
- {id: m-1, question: "who is Nobody Atall?", category: who, expect: {abstained: true}}
- {id: m-2, question: "how many reviews did Ann Archer write?", category: count, expect: {numbers: [%s]}}
"""


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "locomo10.json").write_text(json.dumps([TALK]))
    return tmp_path / "talks"


def suite_of(tmp_path: Path, number: int) -> Path:
    path = tmp_path / "mine.en.yaml"
    path.write_text(SUITE % number)
    return path


def test_the_list_names_suites_benchmarks_and_what_is_held_out(run: Any) -> None:
    found = {one["suite"]: one for one in run("eval", "list", "--json").json["suites"]}
    assert {"sample_dev", "gen_dev", "injection", "locomo", "diaasq", "clinc150"} <= found.keys()
    assert found["gen_heldout"]["hidden"]
    assert not found["gen_dev"]["hidden"]
    assert found["locomo"]["needs_data"]


def test_a_benchmark_prints_its_figures_as_json_and_nothing_else(run: Any, talks: Path) -> None:
    done = run("eval", "run", "locomo", "--data", talks, "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json["suite"] == "locomo"
    assert done.json["cases"] == 1
    assert done.json["metrics"]["evidence_recall@10"] == 1.0
    assert {"metrics", "intervals", "seconds"} <= done.json.keys()


@pytest.mark.parametrize(
    ("arguments", "code", "name"),
    [
        (("locomo",), 2, "eval-needs-data"),
        (("locomo", "--data", "nowhere"), 3, "data"),
        (("nothing",), 3, "data"),
        (("--replay", "nothing"), 2, "no-such-run"),
        ((), 2, "usage"),
    ],
)
def test_what_cannot_be_run_says_what_is_missing(run: Any, arguments: tuple[str, ...], code: int, name: str) -> None:
    done = run("eval", "run", *arguments, "--json")
    assert (done.code, done.error["code"]) == (code, name)


def test_a_suite_runs_on_a_shop_of_yours_and_its_threshold_decides_the_exit_code(
    run: Any, filled: Path, tmp_path: Path
) -> None:
    good = run("eval", "run", suite_of(tmp_path, 2), "--shop", filled, "--llm", "none", "--json")
    assert (good.code, good.json["failed"]) == (0, [])
    bad = run("eval", "run", suite_of(tmp_path, 7), "--shop", filled, "--llm", "none")
    assert bad.code == 1
    assert "missed: right is 0.500" in bad.out
    assert "m-2" in bad.out
    both = run("eval", "compare", good.json["run"], bad.out.strip().split("/")[-2], "--json")
    assert both.json["broken"] == ["m-2"]
    assert "missing number 7" in run("eval", "report").out
    assert run("eval", "report", "--format", "html").out.startswith("<!doctype html>")


def test_a_hidden_run_shows_no_case(run: Any, filled: Path, tmp_path: Path) -> None:
    done = run("eval", "run", suite_of(tmp_path, 7), "--shop", filled, "--llm", "none", "--hide")
    assert "m-2" not in done.out + done.err + run("eval", "report").out


def test_the_baseline_without_a_model_is_refused(run: Any, filled: Path, tmp_path: Path) -> None:
    done = run("eval", "run", suite_of(tmp_path, 2), "--shop", filled, "--llm", "none", "--baseline", "--json")
    assert (done.code, done.error["code"]) == (2, "eval-baseline")

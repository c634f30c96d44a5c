"""Whole runs of a toy suite: figures, thresholds, resumption, repeats, replay, comparison, reports."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from evaluation import compare, records, report_html, report_markdown, session
from huaxiang.errors import ConfigError, DataError

WRONG = {"how many orders?": "5 orders"}


def test_a_run_sums_up_what_machines_read(toy: Any) -> None:
    made = toy()
    assert {"suite", "metrics", "intervals", "cases", "seconds"} <= made.keys()
    assert made["cases"] == 3
    assert made["metrics"]["answerable_right"] == made["metrics"]["unanswerable_refused"] == 1.0
    assert (made["metrics"]["follow_up_right"], made["metrics"]["crosswise_right"]) == (1.0, 1.0)
    assert made["metrics"]["prompt_tokens_mean"] == 10
    assert (made["gap"]["pairs"], made["gap"]["zh_minus_en"]) == (1, 0.0)
    assert made["passed"]


def test_a_missed_threshold_fails_the_run_and_names_the_case(toy: Any) -> None:
    made = toy(WRONG)
    assert not made["passed"]
    assert made["thresholds"]["answerable_right"] == {"min": 0.9, "max": None, "value": 0.5, "met": False}
    assert made["failed"] == ["toy-1"]


def test_earlier_turns_are_asked_first_in_the_same_thread(toy: Any) -> None:
    toy()
    assert toy.asked == ["how many orders?", "how many orders?", "and the secret?", "几单？"]


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(toy: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        toy(stop_after=1)
    cut = records.runs(toy.out)[0]
    with (cut / "cases.jsonl").open("a") as file:
        file.write('{"id": "toy-2", "ro')  # the line that was being written
    made = toy()
    assert toy.asked == ["how many orders?", "and the secret?", "几单？"]
    assert (made["run"], made["cases"]) == (cut.name, 3)
    toy()
    assert len(records.runs(toy.out)) == 2


def test_a_fresh_run_goes_on_with_nothing(toy: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        toy(stop_after=1)
    toy(fresh=True)
    assert len(toy.asked) == 4


def test_a_failure_of_ours_is_a_wrong_case_and_the_run_goes_on(toy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    toy()
    text = toy.path.read_text(encoding="utf-8").replace('"how many orders?", category', '"something else?", category')
    toy.path.write_text(text, encoding="utf-8")
    made = toy()
    assert made["cases"] == 3
    assert made["metrics"]["crashed_total"] == 1
    assert made["failed"] == ["toy-1"]


@pytest.mark.parametrize(("plan", "asked"), [({"repeat": 2}, 8), ({"parallel": 3}, 4), ({"limit": 1}, 1)])
def test_repeats_limits_and_parallel_cases(toy: Any, plan: dict[str, int], asked: int) -> None:
    made = toy(**plan)
    assert len(toy.asked) >= asked
    assert made["cases"] == plan.get("limit", 3)


def test_a_hidden_run_keeps_and_shows_no_case(toy: Any) -> None:
    made = toy(WRONG, hide=True)
    folder = records.open_run(made["run"], toy.out)
    text = "".join(path.read_text(encoding="utf-8") for path in folder.path.iterdir())
    assert made["failed"] is None
    assert not [words for words in ("how many", "orders", "几单") if words in text]
    assert made["metrics"]["answerable_right"] == 0.5


def test_a_recorded_run_is_judged_again_by_a_changed_suite_without_asking(toy: Any) -> None:
    made = toy(WRONG)
    toy.path.write_text(
        toy.path.read_text(encoding="utf-8").replace("{numbers: [4]}", "{numbers: [5]}"), encoding="utf-8"
    )
    again = session.replay(made["run"], toy.out)
    assert again["failed"] == ["toy-3"]
    assert again["run"] != made["run"]


def test_comparison_says_what_was_fixed_and_that_one_case_is_noise(toy: Any) -> None:
    a, b = (records.open_run(toy(answers)["run"], toy.out) for answers in (WRONG, {}))
    found = compare.compare(a, b)
    assert (found["fixed"], found["broken"]) == (["toy-1"], [])
    assert found["metrics"]["right"]["verdict"] == "noise"
    assert found["metrics"]["seconds"]["verdict"] == "same"
    assert "noise" in report_markdown.comparison(found)


def test_many_cases_that_turn_the_same_way_are_no_noise() -> None:
    from evaluation.compare import _change

    assert _change("right", [0.0] * 8 + [1.0] * 12, [1.0] * 20, 0)["verdict"] == "better"
    assert _change("seconds", [1.0] * 20, [2.0] * 20, 0)["verdict"] == "worse"


def test_runs_of_other_suites_cannot_be_compared(toy: Any) -> None:
    a = records.open_run(toy()["run"], toy.out)
    toy.path.write_text(toy.path.read_text(encoding="utf-8").replace("toy-", "other-"), encoding="utf-8")
    b = records.open_run(toy()["run"], toy.out)
    with pytest.raises(DataError, match="share no case"):
        compare.compare(a, b)


def test_a_run_is_found_by_the_beginning_of_its_name(toy: Any) -> None:
    made = toy()
    assert records.open_run("toy-none", toy.out).name == made["run"]
    with pytest.raises(ConfigError, match="toy-none"):
        records.open_run("nothing", toy.out)


def test_the_reports_show_failures_with_their_traces_and_escape_what_is_shown(toy: Any) -> None:
    made = toy({"how many orders?": "<script>alert(1)</script> 5 orders"})
    folder = records.open_run(made["run"], toy.out)
    html, markdown = report_html.page(folder), report_markdown.page(folder)
    assert "missing number 4" in html
    assert "missing number 4" in markdown
    assert "<script" not in html
    assert not re.findall(r"(?:src|href)=", html)
    assert html.count("<svg") == html.count("</svg>") >= 3
    assert json.loads((folder.path / "run.json").read_text(encoding="utf-8"))["summary"]["cases"] == 3

"""Suite files: they load, they say what is wrong with them, and held-out ones are those that were hashed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluation import suite
from huaxiang.errors import DataError


@pytest.mark.parametrize("name", suite.names())
def test_every_suite_loads_and_no_id_occurs_twice(name: str) -> None:
    ids = [case.id for path in suite.find(name) for case in suite.load(path).cases]
    assert ids
    assert len(set(ids)) == len(ids)


def test_held_out_files_are_those_that_were_hashed_before_tuning() -> None:
    listed = dict(line.split()[::-1] for line in (suite.SUITES / "HELDOUT.sha256").read_text().splitlines())
    held = {path.name for path in suite.SUITES.glob("*heldout*.yaml")}
    assert held == set(listed)
    assert {name: suite.digest(suite.SUITES / name) for name in held} == listed


def test_json_lines_hold_the_suite_first_and_then_a_case_a_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.en.jsonl"
    head = {"suite": "mine", "version": 1, "language": "en", "shop": "sample", "thresholds": {"right": {"min": 0.9}}}
    case = {"id": "a", "question": "who?", "category": "who", "expect": {"abstained": True}}
    path.write_text("\n".join([json.dumps(head), "", json.dumps(case)]))
    found = suite.load(suite.find(str(path))[0])
    assert found.cases[0].expect.abstained
    assert not found.thresholds["right"].met(0.89)


def test_a_file_that_is_no_suite_is_named_with_its_fault(tmp_path: Path) -> None:
    path = tmp_path / "bad.en.yaml"
    path.write_text("suite: bad\nversion: 1\nlanguage: en\nshop: sample\ncases: [{id: a}]\n")
    with pytest.raises(DataError, match=r"bad\.en\.yaml.*cases"):
        suite.load(path)


def test_an_unknown_suite_is_refused_with_the_list_of_those_there_are() -> None:
    with pytest.raises(DataError, match="injection"):
        suite.find("nothing")

"""`huaxiang train` with a recipe that takes no time: what it shows, installs and refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from training import recipes
from training.recipes import Outcome, Request

Run = Callable[..., Any]
ASKED: list[Request] = []
NEW = {"accuracy": 0.9}


def quick(request: Request) -> Outcome:
    ASKED.append(request)
    request.work.mkdir(parents=True, exist_ok=True)
    made = request.work / "small.npz"
    made.write_bytes(b"new")
    request.say("learning")
    request.tell(1, 1, "learning")
    return Outcome({"small.npz": made}, dict(NEW), {"accuracy": 0.85}, ("accuracy",), notes=("a note",))


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipes, "recipe", lambda name: quick)
    monkeypatch.setitem(NEW, "accuracy", 0.9)
    ASKED.clear()


def test_a_better_model_is_installed_and_both_figures_are_shown(run: Run, tmp_path: Path) -> None:
    result = run("train", "sentiment", "--data", tmp_path, "--out", tmp_path / "models", "--work", tmp_path / "work")
    assert result.code == 0, result.err
    assert (tmp_path / "models" / "small.npz").read_bytes() == b"new"
    assert "0.8500" in result.out
    assert "0.9000" in result.out
    assert "a note" in result.out
    assert "[text] models" in result.err


def test_a_worse_model_is_refused_with_code_1(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NEW, "accuracy", 0.8)
    result = run(
        "train", "sentiment", "--data", tmp_path, "--out", tmp_path / "models", "--work", tmp_path / "work", "--json"
    )
    assert result.code == 1
    assert result.error["code"] == "worse-model"
    assert not (tmp_path / "models").exists()


def test_json_tells_figures_and_files(run: Run, tmp_path: Path) -> None:
    result = run(
        "train", "sentiment", "--data", tmp_path, "--out", tmp_path / "models", "--work", tmp_path / "work", "--json"
    )
    assert result.json["figures"] == {"accuracy": 0.9}
    assert result.json["in_use"] == {"accuracy": 0.85}
    assert [Path(one).name for one in result.json["installed"]] == ["small.npz"]
    assert "learning" not in result.err


def test_what_is_asked_reaches_the_recipe(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "small.npz").write_bytes(b"old")
    run(
        "train", "sentiment", "--tier", "accurate", "--data", tmp_path, "--out", folder, "--work", tmp_path / "w",
        "--seed", "7", "--epochs", "0.5", "--at-most", "100", "--threads", "1", "--fresh", "--extra", tmp_path / "own.csv",
    )  # fmt: skip
    (asked,) = ASKED
    assert (asked.tier, asked.seed, asked.epochs, asked.at_most, asked.threads, asked.fresh) == (
        "accurate",
        7,
        0.5,
        100,
        1,
        True,
    )
    assert (asked.models, asked.extra) == (folder, tmp_path / "own.csv")
    assert (folder / "small.npz.before").read_bytes() == b"old"


def test_an_unknown_name_lists_the_recipes(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    result = run("train", "weather", "--data", tmp_path)
    assert result.code == 2
    assert "sentiment" in result.err

"""When a trained model may take the place of the one in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from huaxiang.errors import ConfigError, DataError
from training import recipes
from training.recipes import Outcome, WorseModel
from training.sentiment_data import BAD, GOOD, NEITHER
from training.sentiment_recipe import extra_texts


def outcome(tmp_path: Path, new: float, old: float | None) -> Outcome:
    made = tmp_path / "work" / "model.npz"
    made.parent.mkdir(exist_ok=True)
    made.write_bytes(b"new")
    in_use = {} if old is None else {"accuracy": old}
    return Outcome({"model.npz": made}, {"accuracy": new}, in_use, ("accuracy",))


@pytest.mark.parametrize(("new", "old"), [(0.9, None), (0.9, 0.8), (0.8, 0.8), (0.7995, 0.8)])
def test_a_model_that_is_as_good_takes_the_place(tmp_path: Path, new: float, old: float | None) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "model.npz").write_bytes(b"old")
    assert recipes.install(outcome(tmp_path, new, old), folder) == [folder / "model.npz"]
    assert (folder / "model.npz").read_bytes() == b"new"
    assert (folder / "model.npz.before").read_bytes() == b"old"


def test_a_worse_model_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "model.npz").write_bytes(b"old")
    with pytest.raises(WorseModel, match=r"accuracy 0\.7900 after 0\.8000.*\[text\] models"):
        recipes.install(outcome(tmp_path, 0.79, 0.8), folder)
    assert (folder / "model.npz").read_bytes() == b"old"
    assert [path.name for path in folder.iterdir()] == ["model.npz"]


def test_a_figure_the_new_model_lacks_counts_as_fallen(tmp_path: Path) -> None:
    made = outcome(tmp_path, 0.9, 0.8)
    lacking = Outcome(made.files, {}, made.in_use, made.deciding)
    assert recipes.worse(lacking) == {"accuracy": (0.8, 0.0)}


def test_an_unknown_recipe_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match="sentiment"):
        recipes.recipe("weather")


def test_every_registered_recipe_names_a_function_of_this_folder() -> None:
    for named in recipes.RECIPES.values():
        module, _, function = named.partition(":")
        source = Path(recipes.__file__).parent / f"{module.removeprefix('training.')}.py"
        assert f"def {function}(" in source.read_text(encoding="utf-8")


def test_own_texts_are_read_from_json_lines_and_csv(tmp_path: Path) -> None:
    lines = [f'{{"text": "good {i}", "label": "positive"}}' for i in range(10)]
    lines += [f'{{"text": "bad {i}", "label": 0}}' for i in range(10)]
    lines += [f'{{"text": "so {i}", "label": "中性"}}' for i in range(10)] + ['{"text": "good 1", "label": 1}']
    (tmp_path / "own.jsonl").write_text("\n".join(lines), encoding="utf-8")
    learned, kept = extra_texts(tmp_path / "own.jsonl")
    assert (len(learned), len(kept)) == (27, 3)
    assert {one.label for one in kept} == {GOOD, BAD, NEITHER}
    (tmp_path / "own.csv").write_text('text,label\n"很好,真的",好评\n差,差评\n', encoding="utf-8")
    both = [one for part in extra_texts(tmp_path / "own.csv") for one in part]
    assert {(one.text, one.label) for one in both} == {("很好,真的", GOOD), ("差", BAD)}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jsonl", '{"text": "secret words", "label": "maybe"}', "row 1"),
        ("a.jsonl", "not json", "cannot read"),
        ("a.csv", "text\nx", "row 1"),
    ],
)
def test_a_wrong_file_is_told_without_its_text(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=said) as raised:
        extra_texts(tmp_path / name)
    assert "secret" not in str(raised.value)

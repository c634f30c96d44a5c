"""DiaASQ and CLINC150: folders, exact counts, and what is said while a part is not built."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from evaluation.adapters import clinc150, diaasq, get, names
from evaluation.adapters.base import Options, files_in
from huaxiang.errors import ConfigError, DataError

DIALOGUE: dict[str, Any] = {
    "doc_id": "1",
    "sentences": ["the lamp is bright", "no , its price is bad"],
    "replies": [-1, 0],
    "speakers": [0, 1],
    "targets": [[1, 2, "lamp"]],
    "aspects": [[7, 8, "price"]],
    "opinions": [[9, 10, "bad"]],
    "triplets": [[1, 2, 7, 8, 9, 10, "neg", "lamp", "price", "bad"], [1, 2, -1, -1, 3, 4, "pos", "lamp", "", "bright"]],
}


def mention(turn: int, first: int, last: int) -> SimpleNamespace:
    return SimpleNamespace(turn=turn, first=first, last=last)


@pytest.mark.parametrize("polarity", ["negative", "positive"])
def test_spans_are_counted_over_the_whole_dialogue_and_a_wrong_polarity_costs_the_quadruple(polarity: str) -> None:
    target, aspect, opinion = mention(0, 1, 2), mention(1, 3, 4), mention(1, 5, 6)
    quad = SimpleNamespace(target=target, aspect=aspect, opinion=opinion, polarity=polarity)
    found = SimpleNamespace(targets=[target], aspects=[aspect], opinions=[opinion], quadruples=[quad])
    sets = diaasq._sets(DIALOGUE, found)
    assert all(sets[kind][0] == sets[kind][1] for kind in ("target", "aspect", "opinion", "pair"))
    assert (sets["quadruple"][0] == sets["quadruple"][1]) == (polarity == "negative")


def test_training_files_are_left_out_and_the_language_is_read_from_the_name(tmp_path: Path) -> None:
    for name, number in (("zh-train.json", "1"), ("zh-valid.json", "2"), ("en-valid.json", "3")):
        (tmp_path / name).write_text(json.dumps([DIALOGUE | {"doc_id": number}]))
    assert [(language, one["doc_id"]) for language, one in diaasq.load(tmp_path)] == [("en", "3"), ("zh", "2")]


def clinc(folder: Path) -> Path:
    rows = {"train": [["hello", "greet"], ["bye", "leave"]], "val": [["hello", "greet"], ["bye", "leave"]]}
    (folder / "data_full.json").write_text(json.dumps(rows | {"oos_train": [["x", "oos"]], "oos_val": [["y", "oos"]]}))
    return folder


def test_in_scope_and_out_of_scope_are_counted_apart(tmp_path: Path) -> None:
    said = {"hello": "greet", "bye": "greet", "y": None}
    given: dict[str, Any] = {}

    def fit(texts: Any, labels: Any, *, outside: Any) -> Any:
        given.update(texts=texts, labels=labels, outside=outside)
        return SimpleNamespace(predict=lambda text: SimpleNamespace(label=said[text]))

    rows = clinc150.ADAPTER.run(clinc(tmp_path), Options(fit=fit)).rows
    assert [one.values.get("in_scope_accuracy") for one in rows] == [1.0, 0.0, None]
    assert rows[2].values == {"out_of_scope_recall": 1.0}
    assert given == {"texts": ["hello", "bye"], "labels": ["greet", "leave"], "outside": ["x"]}


def test_without_something_that_fits_a_model_the_error_says_who_has_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="eval run clinc150"):
        clinc150.ADAPTER.run(clinc(tmp_path), Options())


@pytest.mark.parametrize("name", names())
def test_every_benchmark_says_its_layout_its_licence_and_how_far_it_can_be_compared(name: str, tmp_path: Path) -> None:
    one = get(name)
    assert one.name == name
    assert all(len(text) > 2 for text in (one.title, one.layout, one.licence, one.main))
    assert all(len(published.comparable) > 20 for published in one.published)
    with pytest.raises(DataError, match="expected"):
        one.check(tmp_path)


def test_hidden_files_are_not_read(tmp_path: Path) -> None:
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "a.json").write_text("[]")
    (tmp_path / "b.json").write_text("[]")
    assert [one.name for one in files_in(tmp_path, ".json")] == ["b.json"]

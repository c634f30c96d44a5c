"""The LoCoMo adapter on a small invented conversation: shapes of folders, messy ids, recall."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.adapters.base import Options
from evaluation.adapters.locomo import ADAPTER, load
from huaxiang.errors import DataError


def turn(number: str, speaker: str, text: str, **more: str) -> dict[str, str]:
    return {"dia_id": number, "speaker": speaker, "text": text, **more}


TALK: dict[str, Any] = {
    "sample_id": "t1",
    "conversation": {
        "speaker_a": "Ada", "speaker_b": "Ben", "session_1_date_time": "1:00 pm on 1 May, 2023",
        "session_1": [
            turn("D1:1", "Ada", "Hello Ben, how was the week?"),
            turn("D1:2", "Ben", "I planted tomatoes on the balcony."),
            turn("D1:3", "Ada", "Look at this.", blip_caption="a photo of a red bicycle"),
        ],
        "session_2_date_time": "2:00 pm on 3 May, 2023",
        "session_2": [turn("D2:1", "Ada", "My sister moved to Lisbon."), turn("D2:2", "Ben", "How lovely for her!")],
    },
    "qa": [
        {"question": "What did Ben plant?", "answer": "tomatoes", "evidence": ["D1:2"], "category": 4},
        {"question": "Where did Ada's sister move?", "answer": "Lisbon", "evidence": ["D:2:01; D9:9"], "category": 1},
        {"question": "What colour is the bicycle?", "answer": "red", "evidence": ["D1:3"], "category": 4},
        {"question": "What did Ada plant?", "evidence": ["D1:2"], "category": 5},
        {"question": "Is Ben happy?", "answer": "yes", "evidence": [], "category": 3},
    ],
}  # fmt: skip


@pytest.fixture(autouse=True)
def words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUAXIANG_ENCODER__NAME", "hash-384")


@pytest.mark.parametrize("form", ["list", "gz", "lines", "deep", "file"])
def test_the_folder_may_be_laid_out_as_people_do(tmp_path: Path, form: str) -> None:
    text = json.dumps([TALK])
    match form:
        case "gz":
            (tmp_path / "locomo10.json.gz").write_bytes(gzip.compress(text.encode()))
        case "lines":
            (tmp_path / "locomo.jsonl").write_text(json.dumps(TALK) + "\n")
        case "deep":
            (tmp_path / "data").mkdir()
            (tmp_path / "data" / "locomo10.json").write_text(text)
            (tmp_path / "README.md").write_text("about")
        case _:
            (tmp_path / "locomo10.json").write_text(text)
    found = load(tmp_path / "locomo10.json" if form == "file" else tmp_path)
    assert [one.id for one in found] == ["t1"]
    assert found[0].questions[1].evidence == ("D2:1", "D9:9")


def test_recall_counts_categories_one_to_four_that_name_a_turn(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([TALK]))
    found = ADAPTER.run(tmp_path, Options())
    assert [one.category for one in found.rows] == ["single-hop", "multi-hop", "single-hop"]
    values = [one.values["evidence_recall@10"] for one in found.rows]
    assert values == [1.0, 0.5, 1.0]
    assert found.rows[1].values["session_recall@10"] == 0.5
    assert any("1 ids" in note for note in found.notes)


def test_the_words_of_the_answer_and_of_a_picture_come_first(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([TALK]))
    found = ADAPTER.run(tmp_path, Options())
    assert [one.values["evidence_recall@1"] for one in found.rows] == [1.0, 0.5, 1.0]


def test_a_folder_without_it_is_refused_with_the_layout(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(DataError, match=r"locomo10\.json"):
        ADAPTER.check(tmp_path)

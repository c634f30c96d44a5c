"""`huaxiang text`: one object a line, in order, for any bytes."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def objects(result: Any) -> list[dict[str, Any]]:
    assert result.code == 0, result.err
    return [json.loads(line) for line in result.out.splitlines()]


def test_each_line_gets_one_object_in_order(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "reviews.txt"
    file.write_text("质量很好，非常满意\nBroke at once, waste of money\n\n我昨天下单了\n", encoding="utf-8")
    found = objects(run("text", "sentiment", file, "--tier", "fast"))
    assert [list(one) for one in found] == [["label", "polarity", "probability", "language"]] * 4
    assert [one["label"] for one in found] == ["positive", "negative", "neutral", "neutral"]
    assert [one["language"] for one in found] == ["zh", "en", "und", "zh"]
    assert found[0]["polarity"] > 0.5 > -0.5 > found[1]["polarity"]


def test_standard_input_is_read_where_no_file_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in ((), ("-",)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("好用\n难吃".encode())))
        found = objects(run("text", "sentiment", *arguments, "--tier", "fast"))
        assert [one["polarity"] > 0 for one in found] == [True, False]


def test_odd_bytes_keep_their_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "odd.txt"
    lines = [
        "\ufeff很好用".encode(),
        b"\xff\xfe\x80",
        b"a\rb\x0bc",
        "好\u2028吃".encode(),
        b"\x00\x01",
        b"x" * 100_000,
        "<p>很差</p>\r".encode(),
    ]
    file.write_bytes(b"\n".join(lines))
    found = objects(run("text", "sentiment", file, "--tier", "fast"))
    assert len(found) == len(lines)
    assert found[0]["polarity"] > 0 > found[-1]["polarity"]


def test_more_lines_than_a_batch_stay_in_order(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "many.txt"
    file.write_text("\n".join("好吃" if i % 3 else "难吃" for i in range(9000)), encoding="utf-8")
    found = objects(run("text", "sentiment", file, "--tier", "fast"))
    assert [one["polarity"] > 0 for one in found] == [bool(i % 3) for i in range(9000)]


def test_language_by_line_and_by_sentence(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("质量不错。But it came late.\n很好\n", encoding="utf-8")
    assert len(objects(run("text", "language", file))) == 2
    first = objects(run("text", "language", file, "--sentences"))[0]
    assert [(one["start"], one["end"], one["language"]) for one in first["sentences"]] == [(0, 5, "zh"), (5, 22, "en")]


def test_an_empty_file_gives_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "empty.txt"
    file.write_text("")
    assert run("text", "sentiment", file, "--tier", "fast").out == ""


def test_a_missing_file_another_tier_and_another_language_are_told(run: Run, tmp_path: Path) -> None:
    assert run("text", "sentiment", tmp_path / "none.txt", "--tier", "fast").code == 3
    file = tmp_path / "one.txt"
    file.write_text("好")
    result = run("text", "sentiment", file, "--tier", "best")
    assert result.code == 2
    assert "auto, fast, accurate" in result.err
    assert run("text", "sentiment", file, "--language", "fr").code == 2


def test_the_accurate_tier_without_its_encoder_says_how_to_fetch_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huaxiang.models.parts.installed_file", lambda part: None)
    file = tmp_path / "one.txt"
    file.write_text("好")
    result = run("text", "sentiment", file, "--tier", "accurate")
    assert result.code == 5
    assert "huaxiang models fetch" in result.err


def test_the_setting_chooses_the_tier(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huaxiang.models.parts.installed_file", lambda part: None)
    monkeypatch.setenv("HUAXIANG_TEXT__SENTIMENT_TIER", "accurate")
    file = tmp_path / "one.txt"
    file.write_text("好")
    assert run("text", "sentiment", file).code == 5
    monkeypatch.setenv("HUAXIANG_TEXT__SENTIMENT_TIER", "auto")
    assert run("text", "sentiment", file).code == 0


def test_staff_questions_have_one_tier_and_it_is_said(run: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "questions.txt"
    file.write_text("What does C101 complain about?\n", encoding="utf-8")
    done = run("text", "intent", file, "--of", "staff", "--tier", "accurate")
    assert done.code == 0
    assert '"intent": "complaints"' in done.out
    assert "fast tier only" in done.err

"""A model's replies are recorded, and said again without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.llm.base import Generation, Llm, YesNo
from agent.llm.scripted import ScriptedLlm
from evaluation import recorded
from huaxiang.errors import ConfigError, ModelError

ASK = [{"role": "user", "content": "a secret question"}]
SCHEMA = {"type": "object"}


class Sure(ScriptedLlm):
    """A scripted model that can also say how sure it is."""

    def yes_or_no(self, messages: object, **_: object) -> tuple[float, Generation]:
        return 1.5, Generation(text="yes")


def test_replies_come_back_in_order_and_streamed(tmp_path: Path) -> None:
    path = tmp_path / "run" / recorded.FILE
    path.parent.mkdir()
    live = recorded.recording(ScriptedLlm([{"a": 1}, {"a": 2}]), path)
    said = [live.generate_json(ASK, SCHEMA, max_tokens=9).value for _ in range(2)]
    again, pieces = recorded.replaying(path), list[str]()
    assert [again.generate_json(ASK, SCHEMA, max_tokens=9, on_token=pieces.append).value for _ in range(3)] == [
        *said,
        said[1],
    ]
    assert json.loads(pieces[0]) == {"a": 1}


def test_a_request_that_was_not_recorded_is_an_error_of_the_model(tmp_path: Path) -> None:
    path = tmp_path / recorded.FILE
    recorded.recording(ScriptedLlm([{"a": 1}]), path).generate_json(ASK, SCHEMA, max_tokens=9)
    with pytest.raises(ModelError, match="record anew"):
        recorded.replaying(path).generate_json(ASK, {"type": "array"}, max_tokens=9)


def test_only_a_model_that_can_judge_is_recorded_as_one(tmp_path: Path) -> None:
    assert not isinstance(recorded.recording(ScriptedLlm([]), tmp_path / "a"), YesNo)
    sure = recorded.recording(Sure([]), tmp_path / "b")
    assert isinstance(sure, YesNo)
    assert isinstance(sure, Llm)
    assert sure.yes_or_no(ASK)[0] == 1.5
    recorded.recording(ScriptedLlm([{"a": 1}]), tmp_path / "a").generate_json(ASK, SCHEMA, max_tokens=9)
    assert not isinstance(recorded.replaying(tmp_path / "a"), YesNo)
    again = recorded.replaying(tmp_path / "b")
    assert isinstance(again, YesNo)
    assert again.yes_or_no(ASK)[0] == 1.5


def test_prompts_are_not_kept(tmp_path: Path) -> None:
    recorded.recording(ScriptedLlm([{"a": 1}]), tmp_path / "a").generate_json(ASK, SCHEMA, max_tokens=9)
    assert "secret" not in (tmp_path / "a").read_text()


def test_a_run_without_a_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--llm local"):
        recorded.replaying(tmp_path / recorded.FILE)

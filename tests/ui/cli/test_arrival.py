"""Models that arrive while the desk is open: what is fetched, what the page says meanwhile, and that it ends cleanly."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import agent.runtime
from agent.llm.scripted import ScriptedLlm
from agent.runtime import Runtime
from huaxiang import config
from huaxiang.models import encoder as encoders
from huaxiang.models.cards import ENCODER, LLM
from huaxiang.models.encoder import HashEncoder
from huaxiang.store.shop import Shop
from ui.cli import arrival, background
from ui.desk.desk import DeskModel
from ui.desk.session import Session


class FakeFetch:
    """A fetch that gets what it is let, or fails with `why`."""

    def __init__(self, *names: str, why: str = "") -> None:
        self.names, self.why = names, why
        self.come, self.ended = threading.Event(), threading.Event()

    def wait_for(self, name: str, tell: Any, *, seconds: float | None = None) -> bool:
        while not self.come.wait(0.01):
            tell(1, 2, name)
            if self.ended.is_set():
                return False
        return not self.why

    def problem(self) -> str:
        return self.why

    def stop(self) -> None:
        self.ended.set()


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch) -> Iterator[Runtime]:
    """A shop on a machine without any model."""
    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path / "cache"))
    Shop.create(tmp_path / "shop").close()
    with Runtime.open(tmp_path / "shop", overrides={"llm.kind": "local", "encoder.name": "auto"}) as opened:
        yield opened


def test_the_desk_answers_by_rules_and_turns_to_the_model_when_it_has_come(runtime, monkeypatch, capsys, until):
    model, session, fetch = DeskModel(runtime), Session("en"), FakeFetch(LLM)
    with arrival.arriving(runtime, fetch):
        first = model.everything(session)
        assert "rule mode until the language model is here" in first["hint"] and first["tick"]["active"]
        monkeypatch.setattr(agent.runtime, "local_file", lambda *_: None)
        monkeypatch.setattr(
            agent.runtime, "make_llm", lambda *_: ScriptedLlm(then=lambda _, schema: schema["items"]["enum"][:1])
        )
        fetch.come.set()
        assert until(lambda: runtime.llm_state() == "ready" and not runtime.llm_coming)
        last = model.tick(session)
        assert "language model ready" in last["header"] and last["tick"] == {"active": False}
    assert "has arrived" in capsys.readouterr().err


def test_a_fetch_that_fails_is_said_once_and_the_desk_stays_in_rule_mode(runtime, capsys, until):
    fetch = FakeFetch(LLM, why="no network")
    fetch.come.set()
    with arrival.arriving(runtime, fetch):
        assert until(lambda: not runtime.llm_coming)
    assert runtime.llm_state() == "absent" and "no network" in str(runtime.llm_problem)
    assert capsys.readouterr().err.count("no network") == 1


def test_closing_the_desk_stops_the_fetch(runtime, until):
    fetch = FakeFetch(ENCODER, LLM)
    with arrival.arriving(runtime, fetch):
        pass
    assert fetch.ended.is_set() and until(lambda: not runtime.llm_coming) and runtime.llm_state() == "absent"


def test_an_encoder_that_has_come_is_used_without_a_restart(runtime, monkeypatch, until):
    arrived, before = HashEncoder(), HashEncoder()
    runtime.index.use(before)
    monkeypatch.setattr(encoders, "load_encoder", lambda *_, **__: arrived)
    fetch = FakeFetch(ENCODER)
    with arrival.arriving(runtime, fetch):
        assert runtime.index.encoder is before
        fetch.come.set()
        assert until(lambda: runtime.index.encoder is arrived)


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"llm.kind": "local", "encoder.name": "auto"}, (ENCODER, LLM)),
        ({"llm.kind": "none", "encoder.name": "auto"}, (ENCODER,)),
        ({"llm.kind": "local", "llm.model": "own.gguf", "encoder.name": ENCODER}, (ENCODER,)),
        ({"llm.kind": "none", "encoder.name": "hash-384"}, None),
    ],
)
def test_only_what_the_settings_need_is_fetched(tmp_path, monkeypatch, settings, names):
    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path))
    monkeypatch.setattr(background, "Fetching", FakeFetch)
    monkeypatch.setattr(FakeFetch, "__init__", lambda self, names: setattr(self, "names", tuple(names)))
    Shop.create(tmp_path / "shop").close()
    started = arrival.start(config.load(tmp_path / "shop", settings).settings)
    assert (started.names if started else None) == names

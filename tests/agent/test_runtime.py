"""What runs beside the questions: the model on its way, reading a customer's texts, preloading."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

import agent.runtime
from agent.events import Done
from agent.llm.scripted import ScriptedLlm
from agent.profiles.stated import MapReader
from agent.runtime import Runtime
from huaxiang.errors import ModelError
from huaxiang.ledger.project import current_profile
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop


@pytest.fixture(autouse=True)
def no_map(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trained map would load an encoder in the background; it has tests of its own."""
    monkeypatch.setattr(Runtime, "can_map", lambda _: False)
    monkeypatch.setattr(Runtime, "map_reader", lambda _: None)


EVENT, TEXT = "e" + "0" * 15, "我家养了一只猫，很黏人。"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A shop in which C1 has written one text and C2 nothing."""
    shop = Shop.create(tmp_path / "shop")
    with shop.begin() as connection:
        connection.execute(
            t.customers.insert(), [{"customer_id": "C1", "name": "李静"}, {"customer_id": "C2", "name": None}]
        )
        connection.execute(
            t.events.insert().values(event_id=EVENT, customer_id="C1", kind="message", occurred_at=1, has_text=1)
        )
        connection.execute(
            t.evidence.insert().values(
                evidence_id="t" + EVENT, customer_id="C1", kind="text", event_id=EVENT, occurred_at=1, language="zh",
                clean=TEXT,
            )
        )  # fmt: skip
    shop.close()
    return tmp_path / "shop"


def first(messages: Any, schema: Any) -> Any:
    """Chooses the first statement it is shown."""
    return schema["items"]["enum"][:1]


def has_cat(messages: Any, schema: Any) -> Any:
    """Chooses the first statement; reads a cat out of every text."""
    if "properties" not in schema:
        return first(messages, schema)
    asked = schema["properties"]["facts"]["items"]["properties"]["field"]["enum"]
    return {"facts": [{"n": 1, "field": "has_pet", "value": "猫"}] if "has_pet" in asked else []}


def test_opening_a_customer_has_the_model_read_them_once(folder: Path, until):
    llm = ScriptedLlm(then=has_cat)
    with Runtime.open(folder, llm=llm) as runtime:
        assert runtime.extraction_state("C1").state == "off", "nobody has asked for it"
        runtime.open_customer("C1")
        assert until(lambda: runtime.extraction_state("C1").state == "done")
        assert [one.value for one in current_profile(runtime.shop, "C1").get("has_pet")] == ["cat"]
        asked = len(llm.asked)
        runtime.open_customer("C1")
        runtime.open_customer("C2")
        state = runtime.extraction_state("C1")
        assert (state.state, state.done, state.total) == ("done", 1, 1) and runtime.extraction_state("C2").total == 0
        time.sleep(0.1)
        assert len(llm.asked) == asked, "nothing new, nothing read"


def test_nothing_is_read_while_a_question_is_being_answered(folder: Path, until):
    llm = ScriptedLlm(then=has_cat)
    with Runtime.open(folder, llm=llm) as runtime:
        events = runtime.ask("李静养什么宠物？")
        next(events)
        before = len(llm.asked)
        runtime.open_customer("C1")
        time.sleep(0.2)
        state = runtime.extraction_state("C1")
        assert (state.state, state.done, state.total) == ("queued", 0, 1) and len(llm.asked) == before
        assert isinstance([*events][-1], Done)
        assert until(lambda: runtime.extraction_state("C1").state == "done")


def test_an_answer_that_nobody_waits_for_any_more_lets_the_reading_go_on(folder: Path, until):
    with Runtime.open(folder, llm=ScriptedLlm(then=has_cat)) as runtime:
        events = runtime.ask("李静养什么宠物？")
        next(events)
        runtime.open_customer("C1")
        events.close()
        assert until(lambda: runtime.extraction_state("C1").state == "done")


def test_a_model_that_fails_ends_the_reading_and_it_says_off(folder: Path, until):
    with Runtime.open(folder, llm=ScriptedLlm(then=ModelError("gone", hint="start it"))) as runtime:
        for _ in range(3):
            runtime.open_customer("C1")
            assert until(lambda: not runtime.extraction_state("C1").waiting)
        assert runtime.extraction_state("C1").state == "off"


def test_without_a_model_the_map_reads_what_the_customer_wrote(folder: Path, monkeypatch: pytest.MonkeyPatch, until):
    class Map(MapReader):
        def __init__(self) -> None:
            pass

        def read(self, text: str, pack: Any, *, currency: str = "") -> Any:
            return [{"field": "hobby", "value": "knitting", "start": 0, "end": 2, "p": 0.9}]

    monkeypatch.setattr(Runtime, "can_map", lambda _: True)
    monkeypatch.setattr(Runtime, "map_reader", lambda _: Map())
    with Runtime.open(folder, overrides={"llm.kind": "none"}) as runtime:
        assert runtime.extraction_state("C1").state == "off"
        runtime.open_customer("C1")
        assert until(lambda: runtime.extraction_state("C1").state == "done")


def test_without_a_model_and_the_map_nothing_is_queued(folder: Path):
    with Runtime.open(folder, overrides={"llm.kind": "none"}) as runtime:
        runtime.open_customer("C1")
        assert runtime.extraction_state("C1").state == "off"


def test_a_model_that_arrives_goes_from_absent_over_loading_to_ready(folder: Path, monkeypatch, tmp_path: Path, until):
    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path / "cache"))
    arrived, load = threading.Event(), threading.Event()
    with Runtime.open(folder, overrides={"llm.kind": "local"}) as runtime:
        assert runtime.llm_state() == "absent" and runtime.llm is None and runtime.llm_problem.code == "model-missing"

        def fetch() -> str:
            arrived.wait(90)
            monkeypatch.setattr(agent.runtime, "local_file", lambda *_: tmp_path)
            monkeypatch.setattr(agent.runtime, "make_llm", lambda *_: _Slow(load))
            return ""

        runtime.bring_llm(fetch)
        assert runtime.llm_state() == "absent" and runtime.llm_coming
        arrived.set()
        assert until(lambda: runtime.llm_state() == "loading") and runtime.llm is None
        load.set()
        assert until(lambda: runtime.llm_state() == "ready" and not runtime.llm_coming)
        assert runtime.llm is not None and runtime.llm_problem is None


def test_a_model_that_cannot_be_fetched_leaves_rule_mode_with_the_reason(
    folder: Path, monkeypatch, tmp_path: Path, until
):
    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path / "cache"))
    with Runtime.open(folder, overrides={"llm.kind": "local"}) as runtime:
        runtime.bring_llm(lambda: "no network")
        assert until(lambda: not runtime.llm_coming)
        assert runtime.llm_state() == "absent" and "no network" in str(runtime.llm_problem)


def test_preloading_reads_the_directory_and_survives_what_is_missing(folder: Path, monkeypatch):
    def broken() -> Any:
        raise ModelError("no such file", hint="fetch it")

    with Runtime.open(folder, overrides={"llm.kind": "none", "encoder.name": "hash"}) as runtime:
        monkeypatch.setattr(runtime.deps, "sentiment", broken)
        runtime.preload().join(90)
        assert "directory" in runtime.deps.cache


class _Slow(ScriptedLlm):
    """Loads when it is let."""

    def __init__(self, load: threading.Event) -> None:
        super().__init__(then=first)
        self._load = load

    def wait(self) -> None:
        self._load.wait(90)

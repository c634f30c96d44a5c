"""What the desk shows, act by act, without a browser."""

from __future__ import annotations

import re
import socket
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from agent.profiles.reading import ExtractionState
from huaxiang import ids
from huaxiang.errors import ConfigError, ModelError
from huaxiang.models import cards, resolve
from huaxiang.models.resolve import ModelState
from huaxiang.schema.trait import Citation, Profile, Trait
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from ui.desk import card, launch, record, texts
from ui.desk.desk import DeskModel
from ui.desk.session import Session

LIVE = re.compile(r"<script|<img", re.IGNORECASE)


@pytest.fixture
def model(runtime) -> DeskModel:
    return DeskModel(runtime)


def _ask(model: DeskModel, session: Session, question: str) -> str:
    return str(list(model.ask(session, question))[-1]["chat"])


@pytest.mark.parametrize("query", ["lijing@", "199-0000-0001", "19900000001", "李静", "静静", "c1", "杭州"])
def test_a_customer_is_found_by_name_alias_id_city_or_contact(model, query):
    found, similar = model.people.find(query)
    assert [one.customer_id for one in found] == ["C1"]
    assert not similar


def test_a_misspelt_name_and_an_order_number_find_their_customer_as_similar(model):
    assert [one.customer_id for one in model.people.find("Tom Okafar")[0]] == ["C2"]
    assert [one.customer_id for one in model.people.find("O2")[0]] == ["C1"]


def test_recent_customers_come_first_and_those_without_events_last(model):
    assert list(model.people.all()) == ["C2", "C1", "C3", "C4"]


def test_an_answer_numbers_its_sources_and_keeps_the_computed_card_folded(model):
    session = Session("en", customer_id="C1")
    page = _ask(model, session, "what do they like?")
    assert re.findall(r'data-do="record" data-id="(\w)\w+" data-turn="0"[^>]*>(\d)<', page) == [
        ("r", "3"),
        ("t", "1"),
        ("s", "2"),
    ]
    assert 'hx-card" data-key="card-0-True">' in page
    assert "Search what they wrote" in page and "1 source" in page


def test_the_thread_is_kept_on_the_server_and_changes_with_the_customer_or_a_new_conversation(model):
    session = Session("en", customer_id="C1")
    _ask(model, session, "one")
    _ask(model, session, "two")
    model.click(session, {"do": "pick", "id": "C2"})
    _ask(model, session, "three")
    model.click(session, {"do": "fresh"})
    _ask(model, session, "four")
    threads = [one["thread"] for one in model.runtime.asked]
    assert threads[0] == threads[1] and len(set(threads)) == 3
    assert [one["customer"] for one in model.runtime.asked] == ["C1", "C1", "C2", "C2"]


def test_the_card_follows_the_customer_an_answer_is_about(model):
    session = Session("en")
    changes = list(model.ask(session, "what about Tom Okafor?"))
    assert session.customer_id == "C2"
    assert any("Tom Okafor" in str(one.get("person", "")) for one in changes)


def test_a_citation_opens_the_record_with_the_quoted_words_marked(model):
    session = Session("en", customer_id="C2")
    page = _ask(model, session, "complaints?")
    found = re.search(r'data-id="(t\w+)" data-turn="0"', page)
    drawer = model.click(session, {"do": "record", "id": found[1], "turn": "0"})["drawer"]
    assert "<mark>The zipper b</mark>roke after a week." in drawer
    for words in (
        "2026-02-01",
        "Ridgeline Hiking Pack",
        "2 / 5",
        "events.jsonl, row 5",
        ids.event_of_evidence(found[1]),
    ):
        assert words in drawer


def test_a_trait_citation_is_marked_at_its_offsets_and_moved_text_is_not_marked_wrongly(shop: Shop):
    text = evidence_store.texts_of(shop, "C1", kinds=("review",))[0]
    good = Citation(evidence_id=text.evidence_id, quote=text.clean[3:6], start=3, end=6)
    assert f"<mark>{text.clean[3:6]}</mark>" in record.drawer(shop, text.evidence_id, language="zh", span=good)
    gone = Citation(evidence_id=text.evidence_id, quote="not there", start=3, end=6)
    assert "<mark>" not in record.drawer(shop, text.evidence_id, language="zh", span=gone)


def test_a_quote_is_found_across_line_breaks(shop: Shop):
    text = evidence_store.texts_of(shop, "C2", kinds=("review",))[0]
    with shop.begin() as connection:
        row = t.evidence.c.evidence_id == text.evidence_id
        connection.execute(t.evidence.update().where(row).values(clean="Broken\nafter a week. Sad."))
    drawer = record.drawer(shop, text.evidence_id, language="en", quote="Broken after a week.")
    assert "<mark>Broken\nafter a week.</mark> Sad." in drawer


def test_a_summary_opens_to_its_rule_and_the_events_behind_it(shop: Shop):
    summary = next(
        one for one in evidence_store.summaries_of(shop, "C1") if (one.rule or "").startswith("orders.count")
    )
    drawer = record.drawer(shop, summary.evidence_id, language="en")
    assert summary.rule in drawer
    assert drawer.count('data-key="ev-') == summary.event_count == 2


def test_a_record_that_is_gone_says_so(shop: Shop):
    assert texts.say("en", "record.gone") in record.drawer(shop, "t0000", language="en")


def test_customer_text_never_becomes_markup(poisoned, model):
    session = Session("en", customer_id="C3")
    page = _ask(model, session, "<img src=x onerror=alert(1)>")
    everything = model.everything(session)
    parts = [page, *(str(everything[name]) for name in ("people", "person", "profile", "timeline", "chat"))]
    for event in read.events_of(model.shop, "C3"):
        parts += [
            record.drawer(model.shop, one, language="en") for one in (ids.text_evidence_id(event.event_id), "cC3")
        ]
    assert all("&lt;script&gt;" in part for part in (page, everything["timeline"], parts[-2]))
    for part in parts:
        assert not LIVE.search(part)


def test_every_label_changes_with_the_language(model):
    session = Session("zh", customer_id="C1")
    _ask(model, session, "q")
    before = model.everything(session)
    after = model.click(session, {"do": "lang", "lang": "en"})
    for name in ("header", "hint", "people", "person", "profile", "timeline", "chat"):
        assert before[name] != after[name], name
    assert after["ask"]["value"] == "Ask" and before["ask"]["value"] == "发送"
    assert after["tab_charts"]["label"] == "Charts"


def test_both_languages_have_every_text_and_the_same_placeholders():
    for key, (zh, en) in texts.TEXTS.items():
        assert zh and en, key
        assert sorted(re.findall(r"{(\w+)}", zh)) == sorted(re.findall(r"{(\w+)}", en)), key


def test_unknown_is_shown_as_unknown_and_an_empty_timeline_looks_meant(model):
    parts = model.everything(Session("en", customer_id="C4"))
    assert texts.say("en", "timeline.empty") in parts["timeline"]
    assert texts.say("en", "unknown") in parts["person"]


def test_a_shop_without_orders_does_not_say_zero_orders(model, shop: Shop):
    with shop.begin() as connection:
        connection.execute(t.events.delete().where(t.events.c.kind == "order"))
    assert texts.say("en", "person.noorders") in model.everything(Session("en", customer_id="C2"))["person"]


def test_charts_are_drawn_once_a_customer_and_language(model):
    session = Session("en", customer_id="C1")
    drawn = model.charts(session)
    assert [drawn[name]["visible"] for name in ("sentiment", "categories", "spend")] == [True, True, True]
    assert model.charts(session) == {}
    session.customer_id = "C4"
    empty = model.charts(session)
    assert not empty["spend"]["visible"] and texts.say("en", "charts.empty") in empty["charts_note"]


def test_thumbs_and_a_remark_reach_the_runtime(model):
    session = Session("en", customer_id="C1")
    _ask(model, session, "q")
    model.click(session, {"do": "thumb", "turn": "0", "v": "-1"})
    model.click(session, {"do": "remark", "turn": "0", "text": " wrong size "})
    model.click(session, {"do": "thumb", "turn": "7", "v": "1"})
    assert model.runtime.thumbs == [("q", -1, None), ("q", -1, "wrong size")]


def test_stop_ends_the_answer_and_says_so(model):
    session = Session("en", customer_id="C1")
    stream = model.ask(session, "q")
    for _ in range(4):
        next(stream)
    model.stop(session)
    list(stream)
    assert not session.running
    assert not any("They wrote" in one.text for one in session.turns[0].sentences) or session.turns[0].answer


def test_an_abstention_names_its_reason_and_what_would_help(model):
    page = _ask(model, Session("en"), "who is Zork?")
    assert "no such customer" in page and "Name the customer." in page


@pytest.mark.parametrize(
    ("error", "words"), [(ModelError("gone", hint="fetch it"), "fetch it"), (ValueError("secret"), "went wrong")]
)
def test_a_failing_run_is_shown_and_an_unexpected_one_tells_no_details(model, error, words):
    model.runtime.raises = error
    page = _ask(model, Session("en", customer_id="C1"), "q")
    assert words in page and "secret" not in page


def test_while_the_model_loads_the_desk_says_rule_mode(runtime):
    runtime.state = "loading"
    parts = DeskModel(runtime).everything(Session("en"))
    assert "rule mode until" in parts["hint"] and parts["tick"]["active"]


def test_while_the_model_is_fetched_its_progress_is_shown_until_it_is_ready(runtime, monkeypatch):
    state = ModelState("", "llm", "partial", 3, 7, 430, 1000, None, "")
    monkeypatch.setattr(resolve, "list_models", lambda: [replace(state, name=cards.LLM)])
    runtime.state, runtime.llm_coming = "absent", True
    model, session = DeskModel(runtime), Session("en", customer_id="C1")
    parts = model.everything(session)
    assert "rule mode until the language model is here, 43 %" in parts["hint"] and parts["tick"]["active"]
    assert runtime.opened == []
    assert model.tick(session) == {}, "only what is new is sent"
    runtime.state, runtime.llm_coming = "loading", True
    assert "language model loading" in model.tick(session)["header"]
    runtime.state, runtime.llm_coming = "ready", False
    last = model.tick(session)
    assert "language model ready" in last["header"] and last["tick"] == {"active": False}
    assert runtime.opened == ["C1"], "the customer shown is read as soon as there is a model"


def test_a_model_that_will_not_come_is_not_waited_for_and_says_why(runtime):
    runtime.state, runtime.llm_problem = "absent", ModelError("no network", hint="later")
    parts = DeskModel(runtime).everything(Session("en"))
    assert not parts["tick"]["active"] and "huaxiang doctor" in parts["hint"] and "no network" in parts["header"]


def test_a_picked_customer_is_read_and_the_profile_follows_when_that_ends(model):
    runtime, session = model.runtime, Session("en")
    assert model.everything(session)["reading"] == "" and runtime.opened == []
    runtime.reading = ExtractionState("running", 3, 12)
    parts = model.click(session, {"do": "pick", "id": "C1"})
    assert "reading what the customer wrote … 3/12" in parts["reading"] and parts["tick"]["active"]
    assert runtime.opened == ["C1"]
    assert "profile" not in model.tick(session)
    runtime.reading = ExtractionState("done", 12, 12)
    last = model.tick(session)
    assert last["reading"] == "" and "hx-traits" in last["profile"] and last["tick"] == {"active": False}


def test_a_customer_an_answer_is_about_is_read_too(model):
    model.runtime.reading = ExtractionState("queued", 0, 2)
    changes = list(model.ask(Session("en"), "what about Tom Okafor?"))
    assert model.runtime.opened == ["C2"] and {"active": True} in [one.get("tick") for one in changes]


def test_a_port_in_use_and_a_foreign_host_are_refused_with_a_hint(runtime):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ConfigError, match="--port"):
            launch(runtime, port=taken.getsockname()[1], block=False)
    with pytest.raises(ConfigError, match="ssh -L"):
        launch(runtime, host="0.0.0.0", block=False)


def test_the_page_names_no_outside_host():
    folder = Path(texts.__file__).parent
    for path in folder.glob("*"):
        if path.suffix in (".css", ".js", ".py"):
            hosts = re.findall(r"https?://[^\s\"'{]+", path.read_text(encoding="utf-8"))
            assert not hosts, path.name


def test_the_feedback_table_is_untouched_by_the_page_itself(model):
    with model.shop.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.feedback)) == 0


def test_what_was_inferred_does_not_stand_under_the_customers_own_words(shop: Shop, monkeypatch):
    said = Trait(trait_id="a1", customer_id="C1", name="hobby", value="hiking", basis="stated", recorded_at=None)
    guessed = Trait(trait_id="a2", customer_id="C1", name="device", value="iPhone", basis="inferred", recorded_at=None)
    found = Profile(customer_id="C1", as_of=0, field_pack="retail", traits=(said, guessed))
    monkeypatch.setattr(card.project, "current_profile", lambda *_: found)
    page = card.profile(shop, "C1", "en")
    own, inferred = page.index("In their own words"), page.index("Inferred from their words")
    assert own < page.index("iking") < inferred < page.index("iPhone")

"""A question for a field that is not open to the asker is refused; a hidden field is in no answer."""

from __future__ import annotations

import pytest

from agent.events import Card
from agent.runtime import Runtime
from huaxiang.models.encoder import HashEncoder
from huaxiang.privacy import runs

PACK = """
pack: mine
version: 1
label: {zh: 店, en: Shop}
extends: [retail]
fields:
  has_pet: {roles: [support]}
  spend_minor: {roles: [support]}
  avoids_material: {roles: [support]}
"""


@pytest.fixture
def ask(sample_folder, tmp_path):
    import shutil

    folder = tmp_path / "sample"
    shutil.copytree(sample_folder, folder)
    (folder / "packs").mkdir()
    (folder / "packs" / "mine.yaml").write_text(PACK, encoding="utf-8")
    opened = []

    def go(question, role, **kept):
        over = {
            "llm.kind": "none",
            "actor.role": role,
            "actor.purpose": "marketing",
            "profile.packs": ("retail", "mine"),
        }
        runtime = Runtime.open(folder, overrides=over)
        runtime.index.use(HashEncoder())
        opened.append(runtime)
        events = list(runtime.ask(question))
        kept.get("out", []).extend(events)
        return events[-1].answer

    go.folder = folder
    yield go
    for one in opened:
        one.close()


@pytest.mark.parametrize(
    "question", ["李静有宠物吗?", "does C001 have a pet?", "which customers have a cat?", "哪些顾客养猫?", "李静一共花了多少钱?", "how much did C001 spend?"]
)  # fmt: skip
def test_a_question_for_just_a_hidden_field_is_not_allowed(ask, question):
    refused = ask(question, "marketing")
    assert (refused.abstained, refused.reason, refused.evidence) == (True, "not_allowed", ())
    assert "marketing" in refused.answer
    assert ask(question, "support").reason != "not_allowed"


def test_a_question_for_more_is_answered_without_the_hidden_field(ask):
    seen: list = []
    full = ask("tell me about C001", "support")
    part = ask("tell me about C001", "marketing", out=seen)
    assert not part.abstained
    assert "Spent" in full.answer and "Spent" not in part.answer
    cards = [one for event in seen if isinstance(event, Card) for one in event.sentences]
    assert cards and not any("Spent" in one.text for one in cards)


def test_each_run_is_recorded_under_the_role_it_was_asked_in(ask):
    ask("does C001 have a pet?", "marketing")
    runtime_answer = ask("when did C001 last order?", "support")
    from huaxiang.store.shop import Shop

    newest, first = runs.read(Shop.open(ask.folder))
    assert (newest.role, newest.customers, newest.run_id) == ("support", ("C001",), runtime_answer.run_id)
    assert newest.evidence == tuple(one.id for one in runtime_answer.evidence)
    assert (first.role, first.purpose, first.reason, first.tools) == ("marketing", "marketing", "not_allowed", ())

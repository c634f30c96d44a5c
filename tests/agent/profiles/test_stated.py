"""Stated traits by the trained map: what it is sure of passes the check, what it half believes is asked of a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.llm.base import Generation
from agent.llm.scripted import ScriptedLlm
from agent.profiles import stated
from agent.profiles.claims import from_map
from agent.profiles.extractor import BackgroundExtractor
from agent.profiles.profiler import extract_customer, new_chars, texts_read
from huaxiang import ids
from huaxiang.ledger import review
from huaxiang.ledger.project import current_profile, pack_of
from huaxiang.schema.evidence import Evidence
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

TEXT = "Half the sofa belongs to a very spoilt corgi. Olives by the bucket! My shoe size is 9."


class Map(stated.MapReader):
    """Reads a corgi, olives and a shoe size wherever the words are, as likely as it is told."""

    def __init__(self, **chances: float) -> None:
        self.chances, self.texts = chances, 0

    def read(self, text: str, pack: Any, *, currency: str = "") -> stated.Facts:
        self.texts += 1
        known = {"has_pet": ("corgi", "dog"), "likes": ("Olives", "olives"), "shoe_size": ("9", 8)}
        return [
            {"field": field, "value": known[field][1], "start": at, "end": at + len(known[field][0]), "p": chance}
            for field, chance in self.chances.items() if (at := text.find(known[field][0])) >= 0
        ]  # fmt: skip


class Judge(ScriptedLlm):
    """Says yes to everything it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.claims: list[str] = []

    def yes_or_no(self, messages: Any, *, should_stop: Any = None, slot: Any = None) -> tuple[float, Generation]:
        self.claims.append(messages[-1]["content"].splitlines()[-1])
        return 3.0, Generation(text="")


@pytest.fixture
def shop(tmp_path: Path):
    shop = Shop.create(tmp_path / "shop")
    for customer in ("C1", "C2"):
        event = ids.event_id(customer, 0)
        with shop.begin() as connection:
            connection.execute(t.customers.insert().values(customer_id=customer))
            connection.execute(
                t.events.insert().values(
                    event_id=event, customer_id=customer, kind="message", occurred_at=9, has_text=1
                )
            )
            connection.execute(
                t.evidence.insert().values(
                    evidence_id=ids.text_evidence_id(event), customer_id=customer, kind="text", event_id=event,
                    occurred_at=9, language="en", clean=TEXT,
                )
            )  # fmt: skip
    yield shop
    shop.close()


def values(shop: Shop, field: str) -> list[Any]:
    return [one.value for one in current_profile(shop, "C1").get(field)]


def test_what_the_map_is_sure_of_stands_in_the_profile_with_its_sentence(shop):
    result = extract_customer(shop, Judge(), "C1", reader=Map(has_pet=0.9))
    (pet,) = current_profile(shop, "C1").get("has_pet")
    assert pet.value == "dog" and pet.evidence[0].quote.startswith("Half the sofa") and pet.method == stated.METHOD
    assert result.by_map == (1, 0, 0) and result.calls == 0


def test_without_a_model_what_the_map_is_sure_of_waits_for_review_until_one_comes(shop):
    result = extract_customer(shop, None, "C1", reader=Map(has_pet=0.9, likes=0.3))
    assert result.by_map == (0, 1, 0) and values(shop, "has_pet") == [] == values(shop, "likes")
    (waiting,) = review.queue(shop)
    assert waiting.name == "has_pet" and waiting.reason_code == "unconfirmed"
    for model in (Judge(), None):  # a shop opened later without a model loses nothing
        extract_customer(shop, model, "C1", reader=Map(has_pet=0.9))
        assert values(shop, "has_pet") == ["dog"] and not review.queue(shop)


def test_a_text_is_read_once_also_for_another_customer_who_wrote_the_same(shop):
    reader = Map(has_pet=0.9)
    assert new_chars(shop, None, ["C1"])["C1"] > 0
    for customer in ("C1", "C1", "C2"):
        extract_customer(shop, None, customer, reader=reader)
    assert reader.texts == 1 and new_chars(shop, None) == {"C1": 0, "C2": 0}
    assert texts_read(shop, None, "C2") == (1, 1)


def test_what_the_map_no_longer_reads_is_retired(shop, monkeypatch):
    extract_customer(shop, Judge(), "C1", reader=Map(has_pet=0.9))
    assert values(shop, "has_pet") == ["dog"]
    monkeypatch.setattr(stated, "marked", lambda *_: "another map")
    extract_customer(shop, None, "C1", reader=Map(has_pet=0.1))
    assert values(shop, "has_pet") == []


def test_a_model_is_asked_only_what_the_map_half_believes(shop):
    judge = Judge()
    extract_customer(shop, judge, "C1", reader=Map(has_pet=0.9, likes=0.3))
    assert judge.claims == ["Claim: the customer likes olives"]
    assert values(shop, "likes") == ["olives"] and values(shop, "has_pet") == ["dog"]


def test_a_field_with_one_value_is_the_rules_where_they_read_the_same_text(shop):
    one = Evidence(evidence_id="t1", customer_id="C1", kind="text", clean=TEXT, language="en")
    facts = Map(shoe_size=0.99, has_pet=0.99).read(TEXT, None)
    assert [made.name for made in stated.candidates(one, facts, pack_of(shop))] == ["has_pet"]


def test_a_claim_the_check_would_refuse_is_not_asked(shop):
    text = "If only a corgi lived here!"
    one = Evidence(evidence_id="t1", customer_id="C1", kind="text", clean=text, language="en")
    assert from_map(one, Map(has_pet=0.3).read(text, None), pack_of(shop), "en") == []


def test_the_background_reads_by_the_map_alone_where_there_is_no_model(shop):
    extractor = BackgroundExtractor(shop, None, reader=lambda: Map(has_pet=0.9))
    extractor.add(["C1"])
    assert extractor.wait(90) and [one.name for one in review.queue(shop)] == ["has_pet"]
    extractor.close()

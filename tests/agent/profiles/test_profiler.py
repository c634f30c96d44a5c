import threading
import time

import pytest
import sqlalchemy as sa

from agent.llm.base import Generation
from agent.llm.scripted import ScriptedLlm
from agent.profiles.claims import claims
from agent.profiles.extractor import BackgroundExtractor
from agent.profiles.profiler import chunks, estimate_seconds, extract_all, extract_customer, new_chars, to_candidate
from huaxiang import ids
from huaxiang.errors import ModelError
from huaxiang.ledger.project import current_profile, pack_of
from huaxiang.schema.evidence import Evidence
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

TEXTS = {
    "C1": [("zh", "我家养了一只猫,很黏人。"), ("zh", "衣服我穿L码正好。羊毛的一穿就过敏。")],
    "C2": [("en", "Our dog loves this. Please leave it at the back door.")],
}


def write(shop, customer, texts):
    with shop.begin() as connection:
        connection.execute(t.customers.insert().values(customer_id=customer, name=customer))
        for number, (language, text) in enumerate(texts):
            event = ids.event_id(customer, number)
            when = 1_750_000_000 + number
            connection.execute(
                t.events.insert().values(
                    event_id=event, customer_id=customer, kind="message", occurred_at=when, has_text=1
                )
            )
            connection.execute(
                t.evidence.insert().values(
                    evidence_id=ids.text_evidence_id(event), customer_id=customer, kind="text", event_id=event,
                    occurred_at=when, language=language, clean=text,
                )
            )  # fmt: skip


@pytest.fixture
def shop(tmp_path):
    shop = Shop.create(tmp_path / "shop")
    for customer, texts in TEXTS.items():
        write(shop, customer, texts)
    yield shop
    shop.close()


def reader(messages, schema):
    """A model that knows three things and makes one up, whatever group it is asked about."""
    fields = schema["properties"]["facts"]["items"]["properties"]["field"]["enum"]
    texts = messages[-1]["content"]
    known = [("猫", "has_pet"), ("羊毛", "avoids_material"), ("dog", "has_pet"), ("back door", "prefers_delivery")]
    facts = []
    for value, field in known:
        line = next((one for one in texts.splitlines() if value in one and one[:1].isdigit()), None)
        if field in fields and line:
            facts.append({"n": int(line.split(".")[0]), "field": field, "value": value})
    if "hobby" in fields:
        facts.append({"n": 1, "field": "hobby", "value": "skiing"})
    return {"facts": facts}


def evidence(text, language="en"):
    return Evidence(evidence_id="t1", customer_id="C1", kind="text", clean=text, language=language)


def test_what_the_model_read_stands_in_the_profile_with_its_quote(shop):
    result = extract_customer(shop, ScriptedLlm(then=reader), "C1")
    profile = current_profile(shop, "C1")
    (pet,) = profile.get("has_pet")
    assert (
        pet.value == "cat"
        and pet.evidence[0].quote in TEXTS["C1"][0][1]
        and pet.method.startswith("extract_traits@1.zh#")
    )
    assert [one.value for one in profile.get("avoids_material")] == ["wool"]
    assert result.unfound == 1 and not profile.get("hobby"), "what the text does not hold is dropped"
    assert result.texts == 2 and result.cached == 0 and result.calls == 4


def test_nothing_is_read_twice_and_replay_needs_no_model(shop):
    extract_customer(shop, ScriptedLlm(then=reader), "C1")
    before = current_profile(shop, "C1").traits
    silent = ScriptedLlm()
    result = extract_customer(shop, silent, "C1")
    assert silent.asked == [] and result.cached == 2 and result.calls == 0
    assert [one.trait_id for one in current_profile(shop, "C1").traits] == [one.trait_id for one in before]
    with shop.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.extractions)) == 2


def test_a_failing_model_loses_nothing_that_was_read_before(shop):
    llm = ScriptedLlm([reader] * 4 + [ModelError("gone", hint="start it")])
    with pytest.raises(ModelError):
        list(extract_all(shop, llm, ["C1", "C2"]))
    done = [one for one in ("C1", "C2") if current_profile(shop, one).get("has_pet")]
    assert len(done) == 1
    rest = list(extract_all(shop, ScriptedLlm(then=reader)))
    assert len(rest) == 2 and sum(one.calls for one in rest) == 4 and current_profile(shop, "C2").get("has_pet")


def test_progress_and_the_estimate_fall_to_nothing(shop):
    llm, seen = ScriptedLlm(then=reader), []
    assert estimate_seconds(shop, llm) > estimate_seconds(shop, llm, ["C2"]) > 0
    list(extract_all(shop, llm, progress=lambda *step: seen.append(step)))
    assert seen[-1] == ("", 2, 2) and {one[0] for one in seen[:-1]} == {"C1", "C2"}
    assert set(new_chars(shop, llm).values()) == {0} and estimate_seconds(shop, llm) == 0


class Judge(ScriptedLlm):
    """Says yes to claims with these words; like the local model it is asked for nothing else."""

    def __init__(self, *words):
        super().__init__()
        self.words, self.claims = words, []

    def yes_or_no(self, messages, *, should_stop=None, slot=None):
        if should_stop and should_stop():
            return 0.0, Generation(text="", stopped=True)
        self.claims.append(messages[-1]["content"].splitlines()[-1])
        return (2.0 if any(word in self.claims[-1] for word in self.words) else -1.0), Generation(
            text="", prompt_tokens=50
        )


def test_a_small_model_only_confirms_what_code_proposes(shop):
    write(
        shop,
        "C3",
        [("zh", "羽毛三天就薅秃了,猫开心就行"), ("en", "Two wands survived, one cat asleep on the remains.")],
    )
    write(shop, "C4", [("en", "Hair of the dog everywhere.")])
    llm = Judge("养猫", "a cat")
    results = list(extract_all(shop, llm, ["C3", "C4"]))
    assert set(llm.claims) == {"说法:顾客家里养猫", "Claim: the customer has a cat", "Claim: the customer has a dog"}
    (cat,) = current_profile(shop, "C3").get("has_pet")
    assert cat.value == "cat" and {one.quote[:3] for one in cat.evidence} == {"羽毛三", "Two"}
    assert cat.method.startswith("judge_claim@1.") and not current_profile(shop, "C4").get("has_pet")
    assert sum(one.calls for one in results) == len(llm.claims) and sum(one.unfound for one in results) == 0
    list(extract_all(shop, llm, ["C3", "C4"]))
    assert len(llm.claims) == 3, "nothing is judged twice"


def test_claims_leave_out_what_the_rules_found_and_what_the_check_refuses(shop):
    pack = pack_of(shop)
    words = [one.words for one in claims(evidence("One cat asleep on the remains."), pack, "en")]
    assert words == ["the customer has a cat"]
    assert claims(evidence("I have a cat."), pack, "en") == [], "the rules know that one"
    assert claims(evidence("If only one cat slept here!"), pack, "en") == [], "hypothetical"
    assert claims(evidence("Bought for my mother, call me."), pack, "en") == [], (
        "others and requests are the rules' alone"
    )


def test_a_stop_keeps_the_shop_as_it_was(shop):
    result = extract_customer(shop, ScriptedLlm(then=reader), "C1", should_stop=lambda: True)
    assert result.stopped and result.calls == 0 and not current_profile(shop, "C1").get("has_pet")


@pytest.mark.parametrize(
    ("text", "fact", "quote", "basis"),
    [
        ("Nice. My kitty sleeps on it! Cheap.", ("has_pet", "cat"), "kitty", "stated"),
        ("I love the smell of old books.", ("likes", "old books"), "old books", "inferred"),
        ("Great.", ("has_pet", "cat"), None, None),
        ("My cat", ("no_such_field", "cat"), None, None),
    ],
)
def test_the_quote_is_the_sentence_that_holds_the_value(shop, text, fact, quote, basis):
    found = to_candidate(evidence(text), {"field": fact[0], "value": fact[1]}, pack_of(shop))
    if quote is None:
        assert found is None
    else:
        assert quote in found.quote and found.basis == basis and text[found.start : found.end] == found.quote


def test_a_chunk_holds_no_more_text_than_its_cap():
    sizes = [
        [len(one.clean) for one in chunk] for chunk in chunks(evidence("x" * n) for n in (900, 400, 700, 200, 5000))
    ]
    assert sizes == [[900, 400, 700], [200, 5000]], "a long text counts as the 500 characters that are read of it"


def test_the_background_extractor_makes_way_for_questions(shop, until):
    started, llm = threading.Event(), None

    def slow(messages, schema):
        started.set()
        time.sleep(0.02)
        return reader(messages, schema)

    llm = ScriptedLlm(then=slow)
    done = []
    extractor = BackgroundExtractor(shop, llm, on_done=done.append)
    extractor.add(["C1", "C2"])
    assert started.wait(90)
    with extractor.paused():
        assert until(lambda: extractor.status().current is None)
        asked = len(llm.asked)
        time.sleep(0.1)
        assert len(llm.asked) == asked and extractor.status().state == "paused"
    assert extractor.wait(90) and {one.customer_id for one in done} == {"C1", "C2"}
    assert extractor.status().state == "idle" and extractor.status().done == 2
    extractor.close()
    assert extractor.status().state == "closed"


def test_the_background_extractor_gives_up_a_model_that_keeps_failing(shop):
    llm = ScriptedLlm(then=ModelError("gone", hint="start it"))
    extractor = BackgroundExtractor(shop, llm)
    extractor.add(["C1", "C2", "nobody"])
    assert extractor.wait(90)
    assert extractor.status().problem.code == "model" and extractor.status().done == 1, (
        "who wrote nothing needs no model"
    )
    extractor.add(["C1", "C2", "C1"])
    assert extractor.wait(90) and extractor.status().waiting == 0 and len(llm.asked) == 3
    extractor.close()


def test_the_same_words_of_two_customers_are_read_once_and_each_has_a_row(shop):
    write(shop, "C8", TEXTS["C1"])
    first = extract_customer(shop, ScriptedLlm(then=reader), "C1")
    silent = ScriptedLlm()
    assert new_chars(shop, silent, ["C8"]) == {"C8": 0}
    second = extract_customer(shop, silent, "C8")
    assert (first.calls, second.calls, second.cached, silent.asked) == (4, 0, 2, [])
    (pet,) = current_profile(shop, "C8").get("has_pet")
    texts = {ids.text_evidence_id(ids.event_id("C8", number)) for number in range(2)}
    assert pet.evidence[0].evidence_id in texts, "the citation is this customer's own text"
    with shop.begin() as connection:
        connection.execute(t.extractions.delete().where(t.extractions.c.customer_id == "C1"))
    assert extract_customer(shop, silent, "C8").cached == 2 and silent.asked == []


def test_other_words_another_prompt_or_another_model_are_read_anew(shop):
    write(shop, "C8", [("zh", TEXTS["C1"][0][1] + "!")])
    extract_customer(shop, ScriptedLlm(then=reader), "C1")
    assert extract_customer(shop, ScriptedLlm(then=reader), "C8").cached == 0

    class Other(ScriptedLlm):
        name = "another"

    assert extract_customer(shop, Other(then=reader), "C1").cached == 0

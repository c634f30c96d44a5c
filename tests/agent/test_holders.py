"""The agent's holders: threads and the vector index, with a customer erased from the sample shop."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from agent.holders import ThreadStore, VectorIndex, holders
from agent.runtime import Runtime
from huaxiang.errors import StoreError
from huaxiang.ledger.audit import audit
from huaxiang.ledger.merging import merge
from huaxiang.ledger.retract import retract
from huaxiang.ledger.undo import undo
from huaxiang.privacy import runs
from huaxiang.privacy.erase import erase
from huaxiang.privacy.probes import Probes
from huaxiang.store import read
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from vectorstore import chroma, vectors


def test_every_place_of_a_shop_has_a_holder_with_a_name_of_its_own(runtime: Runtime) -> None:
    names = [one.name for one in holders(runtime.shop)]
    assert names == ["database", "cache", "traces", "threads", "index"]


def test_turns_and_traces_about_a_customer_go_and_the_others_stay(runtime: Runtime) -> None:
    about = runtime.answer("How many orders did C101 place?", thread_id="t-1")
    other = runtime.answer("How many orders did C102 place?", thread_id="t-1")
    runtime.feedback(about, 1)
    traces = next((runtime.shop.folder / "traces").glob("*.jsonl"))
    assert len(traces.read_text(encoding="utf-8").splitlines()) == 2
    runtime.threads.close()
    report = erase(runtime.shop, ["C101"], holders(runtime.shop, index=runtime.index))
    assert report.removed["threads"] == 1 and report.removed["traces"] == 1 and report.scan.found == 0
    assert [json.loads(line)["run_id"] for line in traces.read_text(encoding="utf-8").splitlines()] == [other.run_id]
    again = Runtime.open(runtime.shop.folder, overrides={"llm.kind": "none"})
    assert [one.run_id for one in again.threads.history("t-1")] == [other.run_id]
    assert again.answer("How many orders did C101 place?").reason == "no_such_customer"
    again.close()


ASKED = (
    "How many orders did C101 and C102 place?",
    "How many orders did C101, C012 and C103 place in 2025?",
    "What does C102 complain about?",
    "Who complained about sizes?",
    "C101和C012有哪些投诉？",
)


@pytest.mark.parametrize(("acts", "whom"), [("none", ["C101", "C012"]), ("retract", ["C101"]), ("merge", ["C101"])])
def test_after_questions_about_several_and_acts_taken_back_an_erasure_leaves_nothing(
    runtime: Runtime, acts: str, whom: list[str]
) -> None:
    shop = runtime.shop
    for one in ASKED:
        runtime.answer(one, thread_id="t-1")
    if acts == "retract":
        with shop.writing():
            retract(shop, read.events_of(shop, "C101")[0].event_id)
    if acts == "merge":
        with shop.writing():
            merge(shop, "C102", "C101")
    for one in ASKED[2:]:
        runtime.answer(one, thread_id="t-2")
    if acts != "none":
        with shop.writing():
            undo(shop)
    runtime.threads.close()
    report = erase(shop, whom, holders(shop, index=runtime.index))
    assert report.scan.found == 0 and report.customers == len(whom)
    assert [one for one in audit(shop).findings if one.check in ("erased", "orphaned", "chain") and one.found] == []
    kept = runs.read(shop, customer_id="C102", limit=99)
    with shop.engine.connect() as connection:
        known = set(connection.scalars(sa.select(t.events.c.event_id)))
    assert kept
    assert all("e" + cited[1:] in known for one in kept for cited in one.evidence if cited[0] == "r")


def test_an_answer_about_somebody_else_that_quotes_the_customer_goes_too(runtime: Runtime) -> None:
    answer = runtime.answer("How many orders did C102 place?", thread_id="t-2")
    store = ThreadStore(runtime.shop.folder)
    assert store.count(Probes(frozenset({"C102"}))) == 1
    assert store.count(Probes(frozenset({"C999"}), words=frozenset({answer.question}))) == 1
    assert store.count(Probes(frozenset({"C999"}))) == 0


def test_chroma_is_made_anew_without_the_customer_and_stays_in_step(runtime: Runtime) -> None:
    shop: Shop = runtime.shop
    runtime.index.build()
    mine = vectors.of_customer(shop, "C101", "hash-384")[0]
    assert mine
    runtime.threads.close()
    erase(shop, ["C101"], holders(shop, index=runtime.index))
    collection = chroma.Collection.open(shop, "hash-384", 384)
    try:
        assert collection.in_step(vectors.generation(shop))
        kept = {one.partition(".")[0] for one in collection._collection.get(include=[])["ids"]}
        assert kept and not kept & set(mine)
    finally:
        collection.close()


def test_an_index_that_another_process_owns_stops_the_erasure_before_it_begins(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = runtime.shop
    chroma.folder(shop).mkdir(parents=True)
    (chroma.folder(shop) / "chroma.sqlite3").write_bytes(b"x")

    def taken(_: Shop) -> None:
        raise StoreError("another process owns the vector index", hint="close the desk first", code="index-busy")

    monkeypatch.setattr(chroma, "own", taken)
    with pytest.raises(StoreError, match="close the desk"):
        erase(shop, ["C101"], holders(shop))
    assert VectorIndex(shop).count(Probes(frozenset({"C101"}))) == 0
    assert current_events(shop) > 0


def current_events(shop: Shop) -> int:
    from huaxiang.store import read

    return len(read.events_of(shop, "C101"))

"""The record of who asked what of whom."""

import sqlalchemy as sa

from huaxiang.privacy import runs
from huaxiang.privacy.erase import core_holders, erase
from huaxiang.schema.answer import Answer, CitedEvidence, Sentence, Step
from huaxiang.store import tables as t


def answer(run, question, customers, evidence=(), reason=None):
    cited = tuple(CitedEvidence(id=one, customer_id=whose, kind="review", quote="…") for whose, one in evidence)
    return Answer(
        question=question, language="en", answer="…", sentences=(Sentence(text="…"),), evidence=cited, run_id=run, reason=reason,
        steps=(Step(tool="show_profile"), Step(tool="timeline"), Step(tool="timeline")), customers=customers,
    )  # fmt: skip


def test_a_run_is_recorded_with_who_why_tools_and_evidence_but_without_words(shop):
    log = runs.RunLog(shop)
    asked = "does Orla wear wool?"
    assert log.add(
        answer("r1", asked, ("K1",), [("K1", "x1"), ("K2", "x2")]), who="mei", role="support", purpose="service"
    )
    log.add(answer("r2", asked, (), reason="not_allowed"), who="mei", role="marketing", purpose="marketing")
    newest, first = runs.read(shop)
    assert (newest.run_id, newest.reason, newest.customers, newest.role) == ("r2", "not_allowed", (), "marketing")
    assert (first.who, first.role, first.purpose, first.tools) == (
        "mei",
        "support",
        "service",
        ("show_profile", "timeline"),
    )
    assert (first.customers, first.evidence) == (("K1", "K2"), ("x1", "x2"))
    assert len(first.question) == 32 and first.question == newest.question
    with shop.engine.connect() as connection:
        stored = " ".join(connection.scalars(sa.select(t.audit.c.detail)))
    assert "Orla" not in stored and "wear" not in stored
    assert [one.run_id for one in runs.read(shop, customer_id="K2")] == ["r1"]
    assert [one.run_id for one in runs.read(shop, limit=1)] == ["r2"]


def test_an_erased_customer_leaves_a_pseudonym_and_no_evidence_in_the_record(shop):
    log = runs.RunLog(shop)
    log.add(
        answer("r1", "compare", ("K1", "K2"), [("K1", "x1"), ("K2", "x2")]),
        who="mei",
        role="support",
        purpose="service",
    )
    report = erase(shop, ["K1"], core_holders(shop))
    assert report.scan.found == 0
    kept, gone = sorted(runs.read(shop), key=lambda one: one.run_id.startswith("erased"))
    assert (kept.run_id, kept.customers, kept.evidence) == ("r1", ("K2",), ("x2",))
    assert gone.evidence == () and gone.tools == () and len(gone.customers[0]) == 64 and gone.who == "mei"


def test_a_busy_shop_delays_the_record_and_loses_none(shop, monkeypatch):
    monkeypatch.setattr(runs, "_WAIT_MS", 20)
    log = runs.RunLog(shop)
    before = len(runs.read(shop))
    with shop.engine.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        assert not log.add(answer("r1", "a", ("K1",)), who="mei", role="support", purpose="service")
        other.rollback()
    assert len(runs.read(shop)) == before
    log.close()
    assert runs.read(shop)[0].run_id == "r1"

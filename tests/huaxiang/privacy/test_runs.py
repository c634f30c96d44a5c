"""The record of who asked what of whom."""

import json

import sqlalchemy as sa

from huaxiang.privacy import journal, runs
from huaxiang.privacy.erase import core_holders, erase
from huaxiang.privacy.probes import Probes
from huaxiang.privacy.scan import scan
from huaxiang.schema.answer import Answer, CitedEvidence, Sentence, Step
from huaxiang.store import tables as t
from huaxiang.totals.filter import Filter, Selector


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


class Asked:
    """A holder that knows a run about K1, as the threads of the agent do."""

    name, quotes = "asked", True

    def ready(self):
        pass

    def runs(self, customers):
        return {RUN}

    def count(self, who):
        return 0

    erase = count

    def residue(self, who):
        return []

    def export(self, who):
        return iter(())


RUN = "5dc1010fef8241bf"


def details(shop, customer):
    with shop.engine.connect() as connection:
        return list(connection.scalars(sa.select(t.audit.c.detail).where(t.audit.c.customer_id == customer)))


def test_a_run_that_others_were_in_stays_in_their_record_and_is_no_trace_but_its_log_line_goes(shop):
    log = runs.RunLog(shop)
    log.add(answer(RUN, "compare", ("K1", "K2"), [("K2", "x2")]), who="mei", role="support", purpose="service")
    lines = shop.folder / "traces" / "2024-06-30.jsonl"
    lines.parent.mkdir(exist_ok=True)
    lines.write_text(f'{{"run_id": "{RUN}"}}\n{{"run_id": "0123456789abcdef"}}\n', encoding="utf-8")
    report = erase(shop, ["K1"], [*core_holders(shop), Asked()])
    assert report.scan.found == 0 and report.removed["traces"] == 1
    assert lines.read_text(encoding="utf-8") == '{"run_id": "0123456789abcdef"}\n'
    assert [one.customers for one in runs.read(shop, run_id=RUN)] == [("K2",)]


def test_what_others_records_cite_of_the_erased_goes_and_the_rest_of_them_stays(shop):
    with shop.engine.connect() as connection:
        e = t.evidence.c
        theirs, own = (connection.scalar(sa.select(e.evidence_id).where(e.customer_id == one)) for one in ("K1", "K2"))
    both = Selector(measure="orders", filter=Filter(customers=("K1", "K2"))).to_id()
    alone = Selector(measure="orders", filter=Filter(customers=("K2",))).to_id()
    log = runs.RunLog(shop)
    cited = [("K2", one) for one in (theirs, own, both, alone)]  # as when K1 was merged into K2
    log.add(answer(RUN, "orders?", ("K2",), cited), who="mei", role="support", purpose="service")
    assert erase(shop, ["K1"], core_holders(shop)).scan.found == 0
    kept = runs.read(shop, customer_id="K2")[0]
    assert (kept.run_id, kept.evidence, kept.tools) == (RUN, (own, alone), ("show_profile", "timeline"))


def test_a_figure_over_the_erased_is_found_by_the_scan_though_it_is_packed(shop):
    both = Selector(measure="orders", filter=Filter(customers=("K1", "K2"))).to_id()
    (shop.folder / "notes.txt").write_text(f"see {both}", encoding="utf-8")
    assert scan(shop.folder, Probes(frozenset({"K9"}))).found == 0
    assert [one.place for one in scan(shop.folder, Probes(frozenset({"K2"}))).residues if one.place == "notes.txt"]


def test_an_erasure_stopped_by_an_earlier_version_is_finished_though_its_journal_lists_runs_as_keys(shop):
    log = runs.RunLog(shop)
    log.add(answer(RUN, "compare", ("K1", "K2")), who="mei", role="support", purpose="service")
    old = json.loads(Probes(frozenset({"K1"}), keys=frozenset({RUN, "a" * 20})).to_json())
    del old["runs"]
    read = Probes.from_json(json.dumps(old))
    assert (read.keys, read.runs) == ({"a" * 20}, {RUN})
    journal.write(shop, read)
    assert erase(shop, [], core_holders(shop)).scan.found == 0
    assert len(details(shop, "K2")) == 1


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

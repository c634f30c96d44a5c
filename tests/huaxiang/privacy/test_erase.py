import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from filelock import FileLock

from huaxiang.errors import DataError, StoreError
from huaxiang.ingest.importer import import_paths
from huaxiang.ledger.build import build_profiles
from huaxiang.ledger.project import current_profile
from huaxiang.privacy import database, journal, receipt, suppression
from huaxiang.privacy import erase as module
from huaxiang.privacy.erase import core_holders, erase
from huaxiang.store import read
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

ROOT = Path(__file__).resolve().parents[3]
OF_K1 = [
    "Orla",
    "orla.finchley",
    "555-0142",
    "Dunmore",
    "arms itch for hours",
    "itch for hours",
    "O-1",
    "can't wear wool",
]


def run(shop, *customers):
    return erase(shop, customers, core_holders(shop))


def ids(shop, table, *, customer=None):
    query = sa.select(table)
    if customer:
        query = query.where(table.c.customer_id == customer)
    with shop.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def test_no_byte_of_an_erased_customer_is_left_in_any_file(shop, everything):
    own = [row["event_id"] for row in ids(shop, t.events, customer="K1")]
    before = everything(shop.folder)
    assert all(text.encode() in before for text in [*OF_K1, *own])
    report = run(shop, "K1")
    after = everything(shop.folder)
    assert [text for text in [*OF_K1, *own, *(one[1:] for one in own)] if text.encode() in after] == []
    assert report.customers == 1 and report.scan.found == 0 and report.removed["database"] > 20


def test_chinese_texts_go_with_their_index_terms(shop, everything):
    run(shop, "K3")
    after = everything(shop.folder)
    for text in ("苏晚晴", "晚晚", "太扎人了", "保温效果", "扎人 人了", "逐条记录"):
        assert text.encode() not in after


def test_others_keep_every_row_and_the_same_profile(shop):
    tables = (t.customers, t.contacts, t.events, t.evidence, t.vectors, t.ledger, t.ledger_tx)
    before = {table.name: ids(shop, table, customer="K2") for table in tables}
    profile = current_profile(shop, "K2")
    run(shop, "K1")
    assert {table.name: ids(shop, table, customer="K2") for table in tables} == before
    assert current_profile(shop, "K2") == profile


def test_a_shop_after_erasing_is_the_shop_that_never_knew_the_customer(shop, files, tmp_path):
    other = Shop.create(tmp_path / "never", settings={"timezone": "Asia/Shanghai"})
    import_paths(other, files(without="K1"))
    build_profiles(other)
    run(shop, "K1")
    for table in (t.customers, t.contacts, t.aliases):
        assert drop(ids(shop, table)) == drop(ids(other, table))
    assert drop(ids(shop, t.events)) == drop(ids(other, t.events))  # K4's copy is no near-duplicate any more
    assert {row["evidence_id"] for row in ids(shop, t.evidence)} == {
        row["evidence_id"] for row in ids(other, t.evidence)
    }
    other.close()


def drop(rows):
    """Rows without what names their import."""
    kept = [
        {key: value for key, value in row.items() if key not in ("batch_id", "source_row", "attrs")} for row in rows
    ]
    return sorted(kept, key=str)


def test_feedback_about_several_goes_and_the_audit_trail_keeps_the_deed_without_the_name(shop):
    run(shop, "K1")
    assert [row["customer_ids"] for row in ids(shop, t.feedback)] == ["K2"]
    read_it, erased_it = ids(shop, t.audit)
    assert (read_it["actor"], read_it["action"], read_it["detail"]) == ("staff", "read", "{}")
    assert erased_it["action"] == "erase" and erased_it["customer_id"] == read_it["customer_id"]
    assert len(read_it["customer_id"]) == 64  # the tombstone


def test_an_unknown_customer_in_a_batch_erases_nobody(shop):
    with pytest.raises(DataError, match="leave out who is not there") as error:
        run(shop, "K1", "K99")
    assert "K99" in str(error.value) and error.value.code == "no-such-customer"
    assert len(ids(shop, t.events, customer="K1")) == 3 and journal.pending(shop) is None
    assert not (shop.folder / receipt.FOLDER).exists()


def test_to_erase_nobody_is_an_error(shop):
    with pytest.raises(DataError, match="name one or more"):
        run(shop)


def test_many_customers_go_in_one_pass_with_one_receipt(shop, everything):
    report = run(shop, "K1", "K2", "K3", "K4")
    assert report.receipt.customers == 4 and len(list((shop.folder / "receipts").iterdir())) == 1
    assert ids(shop, t.events) == ids(shop, t.evidence) == ids(shop, t.ledger) == ids(shop, t.vectors) == []
    assert b"example.com" not in everything(shop.folder)


def test_importing_the_same_files_again_does_not_bring_them_back(shop, files):
    run(shop, "K1")
    report = import_paths(shop, files())
    assert report.total.rejected["erased-customer"].count == 4  # the customer's own row and three events
    assert ids(shop, t.events, customer="K1") == ids(shop, t.customers, customer="K1") == []
    assert "K2" in {row["customer_id"] for row in read.customer_list(shop)}


def test_who_was_readmitted_comes_back_with_the_next_import(shop, files):
    run(shop, "K1")
    with shop.begin() as connection:
        assert suppression.lift(connection, ["K1", "K2"]) == 1
    import_paths(shop, files())
    assert len(ids(shop, t.events, customer="K1")) == 3


def test_a_stray_copy_in_the_shop_keeps_the_receipt_back_until_it_is_gone(shop):
    stray = shop.folder / "notes.txt"
    stray.write_text("called about: I can't wear wool, my arms itch for hours.", encoding="utf-8")
    with pytest.raises(StoreError, match=r"notes\.txt \(words\)") as error:
        run(shop, "K1")
    assert error.value.code == "residue-found" and "itch" not in str(error.value)
    assert not (shop.folder / receipt.FOLDER).exists() and journal.pending(shop) is not None
    assert ids(shop, t.events, customer="K1") == []
    stray.unlink()
    report = run(shop)  # finishes what was begun, without naming anybody
    assert report.customers == 1 and journal.pending(shop) is None and receipt.verify(report.receipt)


def test_traces_lose_the_lines_about_them_and_keep_the_others(shop):
    traces = shop.folder / "traces" / "2024-06-01.jsonl"
    traces.write_text(
        '{"question": "what of K1"}\n{"question": "what of K2"}\n{"question": "K11?"}\n', encoding="utf-8"
    )
    run(shop, "K1")
    assert traces.read_text(encoding="utf-8") == '{"question": "what of K2"}\n{"question": "K11?"}\n'


def test_caches_made_of_everybody_are_thrown_away_and_logs_of_row_numbers_stay(shop):
    (shop.folder / "cache" / "recommend.json").write_text('{"items": ["P1"]}', encoding="utf-8")
    logs = sorted(path.name for path in (shop.folder / "cache").glob("import-*"))
    run(shop, "K1")
    assert sorted(path.name for path in (shop.folder / "cache").iterdir()) == logs


def test_a_row_without_its_customer_can_still_be_erased(shop):
    with shop.begin() as connection:
        connection.execute(t.contacts.delete())
        connection.execute(t.aliases.delete())
        connection.execute(t.customers.delete().where(t.customers.c.customer_id == "K2"))
    assert run(shop, "K2").customers == 1
    assert ids(shop, t.events, customer="K2") == []


def test_a_second_erasure_at_the_same_time_is_refused(shop, monkeypatch):
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.05)
    with FileLock(shop.folder / module.LOCK), pytest.raises(StoreError, match="wait for it to end") as error:
        run(shop, "K1")
    assert error.value.code == "shop-busy" and len(ids(shop, t.events, customer="K1")) == 3


def test_a_reader_of_the_old_state_is_named_and_the_erasure_goes_on_later(shop, monkeypatch):
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.05)
    reader = sqlite3.connect(shop.folder / "shop.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM events").fetchone()
    with pytest.raises(StoreError, match="close the desk"):
        run(shop, "K1")
    reader.close()
    assert run(shop, "K1").scan.found == 0


SCRIPT = """
import sys, time
from pathlib import Path
from huaxiang.privacy import erase, journal
from huaxiang.privacy.database import Database
from huaxiang.store.shop import Shop

def stop(*_, **__):
    print("here", flush=True)
    time.sleep(60)

def after(owner, name):
    work = getattr(owner, name)
    def both(*args, **kwargs):
        result = work(*args, **kwargs)
        stop()
        return result
    setattr(owner, name, both)

step = sys.argv[2]
if step == "journal-written": after(journal, "write")
if step == "rows-gone": after(Database, "erase")
if step == "scanned": after(erase, "_look")
if step == "signed": journal.remove = stop
shop = Shop.open(Path(sys.argv[1]))
erase.erase(shop, ["K1"], erase.core_holders(shop))
"""


@pytest.mark.parametrize("step", ["journal-written", "rows-gone"])
def test_after_kill_9_the_customer_is_whole_or_gone_and_a_second_run_finishes(shop, step, everything):
    command = [sys.executable, "-c", SCRIPT, str(shop.folder), step]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None and child.stdout.readline() == "here\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    left = {table.name: len(ids(shop, table, customer="K1")) for table in (t.customers, t.events, t.ledger, t.vectors)}
    assert all(left.values()) if step == "journal-written" else not any(left.values())
    assert (current_profile(shop, "K1").traits == ()) == (step != "journal-written")
    report = run(shop, "K1")
    assert report.scan.found == 0 and receipt.verify(report.receipt) and journal.pending(shop) is None
    assert [text for text in OF_K1 if text.encode() in everything(shop.folder)] == []


@pytest.mark.parametrize("step", ["_rebuild", "_look", "_sign"])
def test_whatever_step_fails_a_second_run_finishes(shop, step, monkeypatch, everything):
    def fails(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, step, fails)
        with pytest.raises(KeyboardInterrupt):
            run(shop, "K1")
    assert ids(shop, t.events, customer="K1") == [] and journal.pending(shop) is not None
    assert run(shop, "K1", "K2").customers == 2  # more may be named: both are finished together
    assert journal.pending(shop) is None
    assert [text for text in [*OF_K1, "Reedham"] if text.encode() in everything(shop.folder)] == []


def test_a_damaged_journal_says_what_to_do(shop):
    journal.path_of(shop).write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match=r"delete erasing\.json"):
        run(shop, "K1")


def test_a_full_disk_before_the_rows_erases_nothing(shop, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal, "write_safely", full)
    with pytest.raises(StoreError, match="nothing was erased yet"):
        run(shop, "K1")
    assert len(ids(shop, t.events, customer="K1")) == 3


def test_profiles_of_whoever_had_copied_the_text_are_derived_anew(shop):
    flags = {row["source_id"]: row["flags"] for row in ids(shop, t.events)}
    assert "near-duplicate" in flags["V3"] + flags["V9"]
    run(shop, "K1")
    assert {row["flags"] for row in ids(shop, t.events)} == {""}
    with shop.engine.connect() as connection:
        assert connection.scalar(sa.select(t.meta.c.value).where(t.meta.c.key == database.BEHIND)) is None
    assert build_profiles(shop).changed == 0


def test_without_the_only_buyer_nobody_is_said_to_have_bought_nothing(tmp_path):
    path = tmp_path / "events.jsonl"
    rows = [
        {"source_id": "1", "kind": "order", "customer_id": "A", "occurred_at": "2024-05-01", "order_id": "O1"},
        {"source_id": "2", "kind": "message", "customer_id": "B", "occurred_at": "2024-05-02", "text": "hello there"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    shop = Shop.create(tmp_path / "shop")
    import_paths(shop, [path])
    build_profiles(shop)
    assert [one.value for one in current_profile(shop, "B").get("order_count")] == [0]
    run(shop, "A")
    assert current_profile(shop, "B").get("order_count") == ()
    shop.close()

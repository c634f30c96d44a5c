"""erase, audit, backup, restore, migrate, export on the command line."""

import json
import shutil

import pytest


@pytest.fixture
def shop(filled, tmp_path):
    shutil.copytree(filled, tmp_path / "mine")
    return tmp_path / "mine"


def names(run, shop):
    return sorted(one["customer_id"] for one in run("customers", "--json", "--shop", shop).json)


def test_erase_asks_and_does_nothing_when_told_no(run, shop, monkeypatch):
    monkeypatch.setattr("ui.cli.asking.confirm", lambda *_, **__: False)
    result = run("erase", "ann", "--shop", shop)
    assert result.code == 1 and "nothing was erased" in result.err and "ann" in names(run, shop)


def test_erase_with_yes_does_not_ask_and_says_what_went(run, shop):
    result = run("erase", "ann", "--yes", "--shop", shop)
    assert result.code == 0 and "erased 1 customer" in result.out and "none left" in result.out
    assert names(run, shop) == ["bob", "李静"]


def test_erase_as_json_names_the_receipt_which_verifies(run, shop, reviews):
    report = run("erase", "ann", "李静", "--yes", "--json", "--shop", shop).json
    assert report["customers"] == 2 and report["scan"]["found"] == 0 and report["removed"]["database"] > 10
    path = shop / "receipts" / report["receipt"]
    checked = run("erase", "--verify", path, "ann", "--json", "--shop", shop)
    assert checked.code == 0 and checked.json["ok"] and checked.json["checks"]["about_these_customers"]
    assert run("erase", "--verify", path, "bob", "--json", "--shop", shop).code == 1
    forged = json.loads(path.read_text()) | {"customers": 3}
    (shop / "forged.json").write_text(json.dumps(forged))
    result = run("erase", "--verify", shop / "forged.json", "--json", "--shop", shop)
    assert result.code == 1 and result.json["checks"]["signature"] is False


def test_the_erased_stay_away_until_they_are_readmitted(run, shop, reviews):
    run("erase", "ann", "--yes", "--shop", shop)
    again = run("import", reviews, "--no-index", "--shop", shop)
    assert "erased-customer: 2" in again.out and names(run, shop) == ["bob", "李静"]
    assert run("erase", "--readmit", "ann", "--json", "--shop", shop).json == {"readmitted": 1}
    run("import", reviews, "--no-index", "--shop", shop)
    assert "ann" in names(run, shop)


def test_many_ids_come_from_a_file(run, shop, tmp_path):
    (tmp_path / "ids.txt").write_text("ann\n\n李静\n", encoding="utf-8")
    assert run("erase", "--from", tmp_path / "ids.txt", "--yes", "--shop", shop).code == 0
    assert names(run, shop) == ["bob"]
    missing = run("erase", "--from", tmp_path / "none.txt", "--yes", "--json", "--shop", shop)
    assert missing.code == 3 and missing.error["code"] == "unreadable-file"


def test_an_unknown_id_and_no_id_are_errors(run, shop):
    result = run("erase", "ann", "nobody", "--yes", "--json", "--shop", shop)
    assert result.code == 3 and result.error["code"] == "no-such-customer" and "nobody" in result.error["message"]
    assert run("erase", "--yes", "--json", "--shop", shop).error["code"] == "nothing-to-erase"
    assert "ann" in names(run, shop)


def test_audit_is_clean_and_ends_with_1_when_something_is_wrong(run, shop):
    clean = run("audit", "--json", "--shop", shop)
    assert clean.code == 0 and clean.json["ok"] and clean.json["customers"] == 3
    import sqlite3

    database = sqlite3.connect(shop / "shop.sqlite")
    database.execute("DELETE FROM customers WHERE customer_id = 'bob'")
    database.commit()
    database.close()
    wrong = run("audit", "--shop", shop)
    assert wrong.code == 1 and "orphaned" in wrong.out and "→" in wrong.out and "lamp" not in wrong.out


@pytest.mark.parametrize(("locale", "word"), [("zh_CN.UTF-8", "失去归属"), ("en_GB.UTF-8", "orphaned")])
def test_the_audit_speaks_the_readers_language(run, shop, monkeypatch, locale, word):
    monkeypatch.setenv("LC_ALL", locale)
    assert word in run("audit", "--shop", shop).out


def test_backup_and_restore_give_the_same_shop(run, shop, tmp_path):
    made = run("backup", "--out", tmp_path / "b.tar", "--json", "--shop", shop)
    assert made.code == 0 and made.json["parts"] >= 2
    assert run("restore", tmp_path / "b.tar", "x", "--check").code == 0
    assert run("restore", tmp_path / "b.tar", tmp_path / "again").code == 0
    before = run("profile", "show", "ann", "--json", "--shop", shop).json
    assert run("profile", "show", "ann", "--json", "--shop", tmp_path / "again").json == before


def test_restore_leaves_a_shop_alone_and_brings_nobody_back(run, shop, tmp_path):
    run("backup", "--out", tmp_path / "b.tar", "--shop", shop)
    run("erase", "ann", "--yes", "--shop", shop)
    refused = run("restore", tmp_path / "b.tar", shop, "--json")
    assert refused.code == 4 and refused.error["code"] == "shop-exists"
    done = run("restore", tmp_path / "b.tar", shop, "--replace", "--json")
    assert done.code == 0 and done.json["erased_again"] == 1 and names(run, shop) == ["bob", "李静"]


def test_a_damaged_backup_is_refused(run, shop, tmp_path):
    run("backup", "--out", tmp_path / "b.tar", "--shop", shop)
    content = bytearray((tmp_path / "b.tar").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "b.tar").write_bytes(bytes(content))
    result = run("restore", tmp_path / "b.tar", tmp_path / "again", "--json")
    assert result.code == 4 and result.error["code"] == "backup-damaged" and not (tmp_path / "again").exists()


def test_a_current_shop_needs_no_migration(run, shop):
    assert run("migrate", "--check", "--shop", shop).code == 0
    assert "nothing is to be done" in run("migrate", "--shop", shop).out


def test_an_exported_customer_is_imported_into_another_shop(run, shop, empty, tmp_path):
    done = run("export", "Ann Archer", "--out", tmp_path / "ann.jsonl", "--json", "--shop", shop)
    assert done.code == 0 and done.json["rows"]["events"] == 2
    back = run("import", tmp_path / "ann.jsonl", "--json", "--shop", empty)
    assert back.code == 0 and back.json[0]["known"] == 0 and names(run, empty) == ["ann"]
    mixed = run("import", tmp_path / "ann.jsonl", tmp_path / "other.csv", "--json", "--shop", empty)
    assert mixed.code == 2 and mixed.error["code"] == "usage"


def test_an_erasure_names_the_copies_that_left_the_shop(run, shop, tmp_path):
    run("export", "ann", "--out", tmp_path / "ann.jsonl", "--shop", shop)
    run("backup", "--out", tmp_path / "b.tar", "--shop", shop)
    assert run("erase", "ann", "--yes", "--json", "--shop", shop).json["copies_outside"] == ["ann.jsonl", "b.tar"]

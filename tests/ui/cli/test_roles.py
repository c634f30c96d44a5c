"""--role and --purpose: what the verbs show, what they refuse, and the record of who asked."""

from __future__ import annotations

import json

import pytest

ROWS = [
    {"source_id": "r1", "kind": "review", "customer_id": "ann", "occurred_at": "2025-01-05 10:00", "text": "I have sensitive skin, and I'm a US 8 in everything I own"},
    {"source_id": "r2", "kind": "review", "customer_id": "ann", "occurred_at": "2025-03-05 10:00", "text": "My dog loves it"},
]  # fmt: skip
SELLER = ("--role", "marketing", "--purpose", "marketing")


@pytest.fixture
def shop(run, tmp_path, monkeypatch):
    folder = tmp_path / "shop"
    assert run("init", folder, "--timezone", "Asia/Shanghai").code == 0
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    monkeypatch.setenv("HUAXIANG_SHOP", str(folder))
    assert run("watch", tmp_path / "log.jsonl", "--once", "--json").code == 0
    return folder


def names(result):
    return {one["name"] for one in result.json["traits"]}


def test_profile_verbs_show_what_the_role_may_see(run, shop, monkeypatch):
    assert "skin_type" in names(run("profile", "show", "ann", "--json"))
    assert names(run("profile", "show", "ann", "--json", *SELLER)) & {"skin_type", "has_pet"} == {"has_pet"}
    assert "not open to role marketing for purpose marketing: " in run("profile", "show", "ann", *SELLER).out
    refused = run("profile", "why", "ann", "skin_type", "--json", *SELLER)
    assert (refused.code, refused.error["code"]) == (6, "not-allowed")
    assert run("profile", "history", "ann", "skin_type", *SELLER).code == 6
    assert {one["name"] for one in run("profile", "history", "ann", "--json").json} >= {"skin_type"}
    assert "skin_type" not in {one["name"] for one in run("profile", "history", "ann", "--json", *SELLER).json}
    changes = run("profile", "diff", "ann", "2024-12-31", "2025-06-30", "--json", *SELLER).json["changes"]
    assert changes and "skin_type" not in {one["name"] for one in changes}
    monkeypatch.setenv("HUAXIANG_ACTOR__ROLE", "analyst")
    assert "skin_type" not in names(run("profile", "show", "ann", "--json"))


def test_an_export_needs_a_role_that_sees_every_field(run, shop, tmp_path):
    assert run("export", "ann", "--out", tmp_path / "a.jsonl", *SELLER).code == 6
    assert not (tmp_path / "a.jsonl").exists()
    assert run("export", "ann", "--out", tmp_path / "a.jsonl").code == 0


def test_a_misspelt_role_is_named_and_nothing_is_shown(run, shop):
    wrong = run("profile", "show", "ann", "--role", "markting", "--json")
    assert (wrong.code, wrong.error["code"], wrong.out) == (2, "unknown-role", "")
    assert (
        run("ask", "what skin does ann have?", "--llm", "none", "--role", "boss", "--json").error["code"]
        == "unknown-role"
    )


def test_a_refused_question_says_so_and_every_question_is_on_record(run, shop):
    asked = ("ask", "what skin type does ann have?", "--llm", "none", "--json")
    assert run(*asked, *SELLER).json["reason"] == "not_allowed"
    assert run(*asked).json["reason"] is None
    newest, first = run("runs", "--json").json
    assert (newest["role"], newest["reason"], newest["customers"]) == ("support", None, ["ann"])
    assert (first["role"], first["purpose"], first["reason"]) == ("marketing", "marketing", "not_allowed")
    assert newest["question"] == first["question"] and "skin" not in newest["question"]
    assert "marketing" in run("runs").out and "skin type" not in run("runs").out
    shown = run("runs", newest["run_id"])
    assert newest["evidence"][0] in shown.out
    assert len(run("runs", "--customer", "ann", "--json").json) == 2

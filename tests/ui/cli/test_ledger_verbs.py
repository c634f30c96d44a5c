"""The verbs over the ledger: look, correct, retract, merge, undo, review, watch."""

from __future__ import annotations

import json

import pytest

ROWS = [
    {"source_id": "r1", "kind": "review", "customer_id": "ann", "occurred_at": "2025-01-05 10:00", "text": "I'm a US 8 in everything I own, my toes were fine in these shoes"},
    {"source_id": "r2", "kind": "message", "customer_id": "ann", "occurred_at": "2025-03-05 10:00", "text": "Hello there"},
    {"source_id": "r3", "kind": "review", "customer_id": "ann", "occurred_at": "2025-06-05 10:00", "text": "My dog loves it", "rating": 5},
    {"source_id": "r4", "kind": "review", "customer_id": "bob", "occurred_at": "2025-06-06 10:00", "text": "我家两只猫"},
]  # fmt: skip


@pytest.fixture
def shop(run, tmp_path, monkeypatch):
    folder = tmp_path / "shop"
    assert run("init", folder, "--timezone", "Asia/Shanghai").code == 0
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    monkeypatch.setenv("HUAXIANG_SHOP", str(folder))
    assert run("watch", tmp_path / "log.jsonl", "--once", "--json").code == 0
    return folder


def test_a_file_is_watched_from_where_it_was_left(run, shop, tmp_path):
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write(json.dumps({**ROWS[0], "source_id": "r9"}) + "\nnot json\n")
    shown = run("watch", tmp_path / "log.jsonl", "--once", "--json")
    first, last = (json.loads(line) for line in shown.out.splitlines())
    assert (first["events"], first["rejected"], last["read"]) == (1, {"bad-json": 1}, 1)
    assert (shown.code, first["refused"]) == (3, [{"file": "log.jsonl", "line": 6, "reason": "bad-json"}])
    again = run("watch", tmp_path / "log.jsonl", "--once")
    assert (again.code, again.err) == (0, "")
    assert run("watch", tmp_path / "none.jsonl", "--json").error["code"] == "no-such-file"


def test_lines_that_cannot_be_taken_are_named_and_the_command_fails_at_the_end(run, shop, tmp_path, monkeypatch):
    bad = [{"kind": "dance", "customer_id": "ann"}, {"kind": "review", "text": "whose words"}]
    lines = [json.dumps(bad[0]), json.dumps(ROWS[0] | {"source_id": "n1"}), json.dumps(bad[1]), "not json"]
    (tmp_path / "bad.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    shown = run("watch", tmp_path / "bad.jsonl", "--once")
    assert (
        shown.code == 3
        and "1 new event (0 known, 3 rejected)" in shown.out
        and "3 rejected" in shown.out.splitlines()[-2]
    )
    assert [one.split(" ")[0] for one in shown.err.splitlines()] == ["bad.jsonl:1:", "bad.jsonl:3:", "bad.jsonl:4:"]
    assert "not valid JSON (bad-json)" in shown.err and "whose words" not in shown.err
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    (tmp_path / "worse.jsonl").write_text("nonsense\n", encoding="utf-8")
    assert "worse.jsonl:1: 不是有效的 JSON (bad-json)" in run("watch", tmp_path / "worse.jsonl", "--once").err


def test_why_history_and_diff_speak_both_languages(run, shop, monkeypatch):
    assert run("profile", "why", "ann", "Shoe size", "--json").json["held"][0]["value"] == 8
    assert "US 8" in run("profile", "why", "ann", "shoe_size").out
    assert [one["op"] for one in run("profile", "history", "ann", "shoe_size", "--json").json] == ["assert"]
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "置信度" in run("profile", "why", "ann", "鞋码").out
    assert "评价数" in run("profile", "diff", "ann", "2025-01-06", "2025-06-30").out
    assert run("profile", "changed", "ann", "--json").json["since_kind"] == "message"
    assert run("profile", "why", "ann", "car", "--json").error["code"] == "undeclared-field"
    assert run("profile", "diff", "ann", "yesterday").code == 2


def test_what_if_only_thinks_and_retract_does(run, shop):
    thought = run("profile", "what-if", "ann", "--without", "r1", "--json").json["changes"]
    assert ("shoe_size", "removed") in {(one["name"], one["kind"]) for one in thought}
    assert run("profile", "show", "ann", "--json").json["traits"] != []
    assert run("retract", "r1", "--reason", "not hers", "--json").json["events"] == 1
    assert "Shoe size" not in run("profile", "show", "ann").out.split("unknown")[0]
    assert run("retract", "r1", "--json").error["code"] == "already-retracted"
    assert run("undo", "--json").json["undone"] is True
    assert "Shoe size" in run("profile", "show", "ann").out.split("unknown")[0]
    assert [one["kind"] for one in run("undo", "--list", "--json").json] == ["retract"]


def test_corrections_take_labels_and_spellings(run, shop):
    assert run("profile", "correct", "ann", "Shoe size", "7.5", "--reason", "phone").code == 0
    assert run("profile", "correct", "ann", "避免的材质", "羊毛", "--json").json["field"] == "avoids_material"
    assert run("profile", "correct", "ann", "budget_minor", "500 CNY").code == 0
    held = {one["name"]: one["value"] for one in run("profile", "show", "ann", "--json").json["traits"]}
    assert (held["shoe_size"], held["avoids_material"], held["budget_minor"]) == (7.5, "wool", {"CNY": 50000})
    assert run("profile", "correct", "ann", "shoe_size", "big", "--json").error["hint"].startswith("a number")
    assert run("profile", "remove", "ann", "budget_minor").code == 0
    assert run("profile", "remove", "ann", "budget_minor", "--json").error["code"] == "no-such-trait"


def test_merge_and_unmerge_by_name_and_id(run, shop):
    assert run("merge", "ann", "bob", "--json").json["events"] == 1
    assert run("profile", "show", "bob", "--json").json["customer_id"] == "ann"
    assert run("merge", "ann", "ann", "--json").error["code"] == "merge-with-itself"
    assert run("unmerge", "bob").code == 0
    assert run("profile", "show", "bob", "--json").json["customer_id"] == "bob"


def test_an_import_is_listed_and_taken_back(run, shop, tmp_path):
    (tmp_path / "more.csv").write_text("customer_id,text,occurred_at\nann,I love coffee,2025-02-02\n", encoding="utf-8")
    assert run("import", tmp_path / "more.csv", "--kind", "review", "--no-index").code == 0
    assert {one["file"] for one in run("import", "--list", "--json").json} == {"more.csv", "log.jsonl"}
    assert run("import", "--undo", "more.csv", "--json").json["events"] == 1
    assert run("import", "--undo", "more.csv", "--json").error["code"] == "no-such-batch"
    assert run("import", "--json").error["code"] == "usage"


def test_staff_settle_what_waits(run, shop):
    assert run("review", "list", "--json").code == 0
    assert run("review", "accept", "p000", "--reason", "x", "--json").error["code"] == "no-such-trait"
    assert run("review", "reject", "p000").code == 2  # no verdict without a reason
    assert run("review", "report").out == "nothing was reviewed yet\n"
    assert run("review", "stale", "--json").json == []
    questions = run("review", "ask", "ann", "--json").json
    assert all(one["zh"] and one["en"] for one in questions)


def test_every_verb_leaves_the_index_in_step(run, shop, tmp_path):
    assert run("index").code == 0
    assert run("audit", "--no-chroma").code == 0
    more = tmp_path / "more.jsonl"
    more.write_text(json.dumps({**ROWS[1], "source_id": "r7", "text": "One more word"}) + "\n", encoding="utf-8")
    for verb in (
        ("retract", "r3"),
        ("undo", "1"),
        ("merge", "ann", "bob"),
        ("unmerge", "bob"),
        ("profile", "correct", "ann", "shoe_size", "7.5"),
        ("watch", more, "--once"),
        ("import", "--undo", "more.jsonl"),
    ):
        assert run(*verb).code == 0, verb
        checked = run("audit", "--json")
        assert (verb, checked.code, [one for one in checked.json["checks"] if one["found"]]) == (verb, 0, [])


def test_an_index_that_cannot_follow_says_in_one_line_what_to_run(run, shop, monkeypatch):
    assert run("index").code == 0
    monkeypatch.setenv("HUAXIANG_ENCODER__NAME", "e5-small-int8")  # not on this machine
    done = run("retract", "r3")
    assert done.code == 0 and "huaxiang index" in done.err.splitlines()[-1]


def test_retract_names_the_computed_fields_that_went_with_it(run, shop, tmp_path, monkeypatch):
    order = {"source_id": "o1", "kind": "order", "customer_id": "cy", "order_id": "N1", "occurred_at": "2025-02-02", "item_id": "x", "amount": 50, "currency": "CNY"}  # fmt: skip
    (tmp_path / "o.jsonl").write_text(json.dumps(order) + "\n", encoding="utf-8")
    assert run("watch", tmp_path / "o.jsonl", "--once").code == 0
    told = run("retract", "N1").out
    assert "fields no longer hold: " in told and "Last order" in told and "0 fields" not in told
    for name in ("N1", "o.jsonl:1", "o1"):  # every form of id that --help promises knows that it was taken back
        again = run("retract", name, "--json").error
        assert (again["code"], again["hint"]) == ("already-retracted", "put it back with: huaxiang undo 1")
    assert "order's number" in run("retract", "N2", "--json").error["hint"]
    assert run("undo", "1").code == 0
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "个字段不再成立：" in run("retract", "o.jsonl:1").out
    assert "huaxiang undo 2" in run("retract", "o.jsonl:1").err

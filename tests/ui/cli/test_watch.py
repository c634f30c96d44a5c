"""`huaxiang watch` on what nobody should send: every line is taken, or named with its reason and counted."""

from __future__ import annotations

import io
import json
import os
import threading

import pytest


def line(number, **changes):
    row = {"source_id": f"s{number}", "kind": "review", "customer_id": "ann", "occurred_at": "2025-01-05 10:00", "text": f"Nice lamp {number}"}  # fmt: skip
    return json.dumps(row | changes).encode()


HOSTILE = [
    (line(1), None), (b'{"bad json', "bad-json"), (b"[1,2]", "not-an-object"), (b"\x00\x00", "bad-json"), (b"\xff\xfe", "bad-json"),
    (line(2, text="x" * 8_100_000), "line-too-long"), (b"[" * 50_000, "bad-json"), (line(3, customer_id=["ann"]), "missing-customer"),
    (line(4, customer_id={"id": 1}), "missing-customer"), (line(5, customer_id="x" * 200), "id-too-long"), (line(6, kind="dance"), "unknown-kind"),
    (line(7, kind=7), "unknown-kind"), (line(1), None), (line(1, text="another"), "id-reused"), (line(8, occurred_at="9999-12-31"), None),
    (line(9, occurred_at={"day": 1}), None), (line(10, rating="five", text="a\x00b"), None), (line(11), None),
]  # fmt: skip
BAD = [(number, reason) for number, (_, reason) in enumerate(HOSTILE, 1) if reason]


@pytest.fixture
def shop(run, tmp_path):
    assert run("init", tmp_path / "shop").code == 0
    return tmp_path / "shop"


@pytest.fixture(scope="module")
def text():
    return b"\n".join(one for one, _ in HOSTILE) + b"\n"


@pytest.mark.parametrize("way", ["file", "stdin", "pipe"])
def test_every_hostile_line_is_named_with_its_number_and_reason_and_the_others_come_in(
    run, shop, tmp_path, monkeypatch, text, way
):
    source, writer = tmp_path / "log.jsonl", None
    if way == "file":
        source.write_bytes(text)
    elif way == "stdin":
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
        source = "-"
    else:
        os.mkfifo(source)
        writer = threading.Thread(target=source.write_bytes, args=(text,), daemon=True)
        writer.start()
    shown = run("watch", source, "--shop", shop, "--json", *(["--once"] if way == "file" else []))
    told = [json.loads(one) for one in shown.out.splitlines()]
    assert shown.code == 3
    assert [(one["line"], one["reason"]) for part in told for one in part["refused"]] == BAD
    assert sum(part["events"] for part in told) == 5 and sum(part["duplicates"] for part in told) == 1
    assert {one["customer_id"] for one in run("customers", "--shop", shop, "--json").json} == {"ann"}


def test_a_date_that_cannot_be_is_left_out_and_does_not_move_the_clock(run, shop, tmp_path):
    (tmp_path / "log.jsonl").write_bytes(line(1) + b"\n" + line(2, occurred_at="9999-12-31") + b"\n")
    assert run("watch", tmp_path / "log.jsonl", "--once", "--shop", shop).code == 0
    assert run("customers", "--shop", shop, "--json").json[0]["last_at"].startswith("2025-01-05")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "one whole JSON object a line",
                "in all: 1 new event, 0 known, 1 rejected",
                "(1 bad-json)",
                "send it again",
            ),
        ),
        ("zh", ("每行应是一个完整的 JSON 对象", "共计：新事件 1，重复 0，拒绝 1", "（bad-json 1）", "重新发送")),
    ],
)
def test_a_refused_line_says_what_to_do_and_is_counted_at_the_end(run, shop, tmp_path, language, words):
    (tmp_path / "log.jsonl").write_bytes(line(1) + b"\nnonsense\n")
    shown = run("watch", tmp_path / "log.jsonl", "--once", "--shop", shop, "--language", language)
    assert words[0] in shown.err and all(one in shown.out for one in words[1:])


def test_a_folder_is_taken_whole_by_one_look_and_a_file_that_is_no_table_is_named(run, shop, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.csv").write_text("customer_id,text,occurred_at\nzed,fine lamp,2025-02-02\n", encoding="utf-8")
    (inbox / "b.csv").write_bytes(b"\x00\x01")
    shown = run("watch", inbox, "--once", "--kind", "review", "--shop", shop)
    assert shown.code == 3 and "b.csv: the file cannot be imported (binary-file)" in shown.err
    assert [one["customer_id"] for one in run("customers", "--shop", shop, "--json").json] == ["zed"]


def test_closed_standard_input_ends_at_once(run, shop, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    assert run("watch", "-", "--shop", shop).code == 0

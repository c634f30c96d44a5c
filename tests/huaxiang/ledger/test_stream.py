"""A stream: fields at once, texts by size or silence, nothing twice, and on after a kill."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest

from huaxiang.errors import DataError
from huaxiang.ledger import project
from huaxiang.ledger.follow import Folder, Follower, Lines
from huaxiang.ledger.stream import Stream, mark_of
from huaxiang.store.shop import Shop


def row(number: int, **more):
    return {
        "source_id": f"r{number}",
        "kind": "review",
        "customer_id": "A",
        "occurred_at": f"2026-01-{number:02d} 10:00",
        **more,
    }


def write(path, rows, mode="w"):
    with path.open(mode, encoding="utf-8") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)


@pytest.fixture
def shop(tmp_path):
    return Shop.create(tmp_path / "shop", settings={"timezone": "Asia/Shanghai", "today": date(2026, 6, 30)})


def values(shop, name, customer="A"):
    return [one.value for one in project.current_profile(shop, customer).get(name)]


def test_computed_fields_follow_at_once_and_texts_wait(shop):
    with Stream(shop) as stream:
        done = stream.push([row(1, text="我家两只猫"), row(2, rating=4)])
        assert (done.events, done.customers, done.queued) == (2, ("A",), 1)
        assert (values(shop, "review_count"), values(shop, "has_pet")) == ([2], [])
        assert stream.waiting() == (1, 5)
    assert values(shop, "has_pet") == ["cat"]


def test_texts_are_read_when_there_are_enough_of_them_or_after_silence(shop):
    now = [1000.0]
    with Stream(shop, chars=12, idle_seconds=30, seconds=lambda: now[0]) as stream:
        stream.push([row(1, text="我家两只猫")])
        stream.push([row(2, customer_id="B", text="我家两只狗")])
        assert stream.tick() == 0
        stream.push([row(3, text="平时穿M码的衣服")])  # 5 + 8 characters: enough
        assert stream.tick() == 2
        assert (values(shop, "has_pet"), values(shop, "has_pet", "B")) == (["cat"], [])
        now[0] += 29
        assert stream.tick() == 0
        now[0] += 2
        assert stream.tick() == 1
        assert values(shop, "has_pet", "B") == ["dog"]


def test_no_text_is_extracted_twice(shop, monkeypatch):
    from huaxiang.extract import rules

    read = []
    real = rules.extract
    monkeypatch.setattr(rules, "extract", lambda text, *a, **k: read.append(text.evidence_id) or real(text, *a, **k))
    for _ in range(2):
        with Stream(shop) as stream:
            stream.push([row(1, text="我家两只猫"), row(2, text="平时穿M码")])
            stream.flush()
            stream.push([row(2, text="平时穿M码"), row(3, text="I love coffee")])
    assert len(read) == len(set(read)) == 3


def test_a_stream_that_died_between_a_push_and_reading_reads_the_texts_next_time(shop):
    dying = Stream(shop)
    dying.push([row(1, text="我家两只猫")])
    del dying  # no close: as after kill -9
    with Stream(shop) as stream:
        assert stream.waiting()[0] == 1
    assert values(shop, "has_pet") == ["cat"]


def test_bad_rows_are_counted_by_reason_and_good_ones_taken(shop):
    with Stream(shop) as stream:
        done = stream.push([{"kind": "review"}, {"kind": "dance", "customer_id": "A"}, row(1, rating=5)])
    assert (done.events, done.rejected) == (1, {"missing-columns": 1, "unknown-kind": 1})


def test_a_file_is_followed_from_its_mark_and_only_by_whole_lines(shop, tmp_path):
    path = tmp_path / "log.jsonl"
    write(path, [row(1, rating=4), row(2, rating=5)])
    with Follower(shop, path) as follower:
        assert follower.poll().events == 2
        assert (follower.poll().events, follower.poll().duplicates) == (0, 0)
        with path.open("a") as file:
            file.write(json.dumps(row(3, rating=1))[:20])
        assert follower.poll().events == 0
        with path.open("a") as file:
            file.write(json.dumps(row(3, rating=1))[20:] + "\nnonsense\n")
        found = follower.poll()
        assert (found.events, dict(found.rejected)) == (1, {"bad-json": 1})
    again = Follower(shop, path)
    assert (again.poll().events, mark_of(shop, again.name).position) == (0, path.stat().st_size)
    assert values(shop, "review_count") == [3]


def test_another_file_under_the_same_name_is_read_from_its_beginning(shop, tmp_path):
    path = tmp_path / "log.jsonl"
    write(path, [row(1, rating=4), row(2, rating=5)])
    Follower(shop, path).poll()
    write(path, [row(7, rating=4)])
    assert Follower(shop, path).poll().events == 1
    with pytest.raises(DataError, match="no file"):
        Follower(shop, tmp_path / "absent.jsonl")


def test_a_folder_takes_grown_lines_at_once_and_other_tables_once_they_are_still(shop, tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    write(folder / "a.jsonl", [row(1, rating=4)])
    (folder / "orders.csv").write_text("customer_id,order_id,amount,occurred_at\nA,O1,5,2026-02-01\n", encoding="utf-8")
    (folder / "note.txt").write_text("hello", encoding="utf-8")
    follower = Folder(shop, folder)
    assert follower.poll().events == 1
    second = follower.poll()
    assert (second.events, sum(second.rejected.values())) == (1, 1)
    assert follower.poll().events == 0
    assert (values(shop, "order_count"), values(shop, "review_count")) == ([1], [1])


def test_lines_come_in_by_a_pipe(shop):
    lines = "".join(json.dumps(one) + "\n" for one in (row(1, rating=4), row(2, rating=2)))
    with Lines(shop, io.BytesIO(lines.encode() + b'{"kind": "review"')) as follower:
        first = follower.poll()
        second = follower.poll()
        assert (first.events, dict(second.rejected), follower.ended) == (2, {"bad-json": 1}, True)


def test_a_clock_that_runs_backwards_does_not_lose_texts_or_break_the_chain(shop):
    from huaxiang.ledger import chain

    now = [5000.0]
    with Stream(shop, seconds=lambda: now[0]) as stream:
        stream.push([row(1, text="我家两只猫")])
        now[0] = 10.0
        stream.push([row(2, text="我家两只狗")])
        assert stream.tick() == 0
        now[0] = 5031.0
        assert stream.tick() == 2
    assert chain.verify_chain(shop, "A") is None


def test_what_staff_do_while_a_stream_is_open_holds_for_its_next_event(shop):
    from huaxiang.ledger import merging, retract
    from huaxiang.ledger.undo import undo

    with Stream(shop) as stream:
        stream.push([row(1, rating=4), row(2, rating=4, customer_id="B")])
        stream.push([row(3, rating=4)])
        retract.retract(shop, "r1")
        assert stream.push([row(1, rating=4)]).rejected == {"retracted": 1}
        merging.merge(shop, "A", "B")
        assert stream.push([row(4, rating=4, customer_id="B")]).customers == ("A",)
        undo(shop)
        assert stream.push([row(5, rating=4, customer_id="B")]).customers == ("B",)
    assert (values(shop, "review_count"), values(shop, "review_count", "B")) == ([1], [3])


def test_a_push_that_fails_leaves_nothing_and_the_stream_goes_on(shop, monkeypatch):
    from huaxiang.ledger import build

    with Stream(shop) as stream:
        stream.push([row(1, rating=4)])
        real = build.build_chunk
        monkeypatch.setattr(build, "build_chunk", lambda *a, **k: real(*a, **k) and 1 / 0)
        with pytest.raises(ZeroDivisionError):
            stream.push([row(2, rating=4)])
        assert values(shop, "review_count") == [1]
        monkeypatch.setattr(build, "build_chunk", real)
        assert stream.push([row(2, rating=4)]).events == 1
        assert values(shop, "review_count") == [2]


def test_each_refused_line_is_named_by_its_number_in_the_file_whoever_read_the_lines_before(shop, tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text(json.dumps(row(1, rating=4)) + "\n\nnonsense\n", encoding="utf-8")
    first = Follower(shop, path).poll()
    assert [(one.file, one.line, one.reason) for one in first.refused] == [("log.jsonl", 3, "bad-json")]
    with path.open("a") as file:
        file.write(json.dumps(row(2, rating=4)) + "\n[1]\n" + json.dumps({"kind": "dance", "customer_id": "A"}) + "\n")
    second = Follower(shop, path).poll()
    assert [(one.line, one.reason) for one in second.refused] == [(5, "not-an-object"), (6, "unknown-kind")]
    assert json.loads(second.to_json())["refused"][0] == {"file": "log.jsonl", "line": 5, "reason": "not-an-object"}


def test_no_refused_line_is_left_out_however_many_there_are(shop, tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text("nonsense\n" * 700 + json.dumps(row(1, rating=4)) + "\n", encoding="utf-8")
    found = Follower(shop, path).poll()
    assert [one.line for one in found.refused] == list(range(1, 701))
    assert (found.rejected["bad-json"], found.events) == (700, 1)


def test_lines_of_a_pipe_are_numbered_over_all_polls(shop):
    good = json.dumps(row(1, rating=4)).encode()

    class Pipe(io.BytesIO):
        def read1(self, _=-1):
            return self.readline() + self.readline()

    with Lines(shop, Pipe(good + b"\nbad\n\n{}\n")) as follower:
        refused = [*follower.poll().refused, *follower.poll().refused]
    assert [(one.line, one.reason) for one in refused] == [(2, "bad-json"), (4, "unknown-kind")]

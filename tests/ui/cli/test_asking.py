"""What asks yes or no: a yes, a no, and nobody there to answer."""

from __future__ import annotations

import io

import pytest


@pytest.fixture
def answers(monkeypatch):
    return lambda text: monkeypatch.setattr("sys.stdin", None if text is None else io.StringIO(text))


@pytest.mark.parametrize("ended", ["", None])
def test_where_nobody_can_answer_it_is_wrong_usage_and_nothing_is_erased(run, filled, answers, ended):
    answers(ended)
    failed = run("erase", "ann", "--shop", filled)
    assert failed.code == 2 and "needs-answer: " in failed.err and "--yes" in failed.err
    assert "Ctrl-C" not in failed.err
    assert len(run("customers", "--shop", filled, "--json").json) == 3
    answers(ended)
    failed = run("erase", "ann", "--shop", filled, "--language", "zh")
    assert failed.code == 2 and "没有做任何改动" in failed.err and "请在终端里回答" in failed.err


def test_the_same_holds_for_a_name_that_is_only_similar_and_for_removing_models(run, filled, answers):
    answers("")
    failed = run("erase", "Ann Archr", "--shop", filled)
    assert failed.code == 2 and "huaxiang erase ann --yes" in failed.err
    answers("")
    assert run("models", "clean").code == 2


@pytest.mark.parametrize("said", ["n\n", "\n", "maybe\nno\n", "否\n"])
def test_a_no_is_no_interruption(run, filled, answers, said):
    answers(said)
    ended = run("models", "clean")
    assert ended.code == 1 and "nothing was changed" in ended.err and "Ctrl-C" not in ended.err
    answers(said)
    assert run("erase", "ann", "--shop", filled).code == 1


@pytest.mark.parametrize("said", ["y\n", "YES\n", "是\n"])
def test_a_yes_is_read_from_a_pipe_too(run, answers, said):
    answers(said)
    assert run("models", "clean").code == 0


def test_an_order_of_several_records_is_taken_back_after_a_yes(run, tmp_path, answers):
    rows = "order_id,customer_id,item_id,amount,occurred_at,source_id\n" + "".join(
        f"O1,ann,{item},5,2025-01-0{day},s{day}\n" for day, item in ((1, "lamp"), (2, "tent"))
    )
    (tmp_path / "orders.csv").write_text(rows, encoding="utf-8")
    shop = tmp_path / "shop"
    assert run("init", shop).code == 0
    assert run("import", tmp_path / "orders.csv", "--kind", "order", "--shop", shop, "--no-index").code == 0
    answers("")
    assert run("retract", "O1", "--shop", shop).code == 2
    answers("n\n")
    assert run("retract", "O1", "--shop", shop).code == 1
    listed = run("retract", "O1", "--shop", shop, "--json")
    assert listed.code == 3 and "--yes" in listed.error["hint"]
    taken = run("retract", "O1", "--yes", "--shop", shop, "--json").json
    assert [one["events"] for one in taken] == [1, 1]

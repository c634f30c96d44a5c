import io
import json

import pytest

from huaxiang.schema.answer import Answer, CitedEvidence, Sentence
from huaxiang.store.shop import Shop
from ui.cli import answers

KEYS = ["question", "language", "answer", "sentences", "evidence", "steps", "abstained", "reason", "llm", "seconds"]


def test_ask_as_json_prints_one_object_with_the_promised_keys_first(run, filled):
    asked = run("ask", "Who is Ann Archer?", "--llm", "none", "--shop", filled, "--json")
    assert asked.code == 0
    answer = asked.json
    assert list(answer)[: len(KEYS)] == KEYS
    assert (
        set(answer["llm"]) == {"model", "calls", "prompt_tokens", "completion_tokens", "cached_tokens"}
        and answer["llm"]["calls"] == 0
    )
    cited = {one["id"] for one in answer["evidence"]}
    assert {"id", "customer_id", "kind", "occurred_at", "quote", "source"} <= set(answer["evidence"][0])
    for sentence in answer["sentences"]:
        assert sentence["evidence"] and set(sentence["evidence"]) <= cited
    assert {one["customer_id"] for one in answer["evidence"]} == {"ann"}


def test_ask_in_a_terminal_numbers_the_sources_and_quotes_them(run, filled):
    asked = run("ask", "What did Ann Archer say about the zipper?", "--llm", "none", "--shop", filled)
    assert asked.code == 0 and "[1]" in asked.out and "zipper" in asked.out
    assert "2025-03-01 · review · reviews.csv:2" in asked.out


def test_steps_are_shown_only_when_asked_for(run, filled):
    question = ("ask", "How many reviews did Ann Archer write?", "--llm", "none", "--shop", filled)
    assert "· " not in "".join(line[:2] for line in run(*question).out.splitlines())
    assert any(line.startswith("· ") for line in run(*question, "--steps").out.splitlines())


def test_a_customer_who_does_not_exist_is_an_answer_not_an_error(run, filled):
    asked = run("ask", "What does Zebulon Quux buy?", "--llm", "none", "--shop", filled, "--json")
    assert asked.code == 0 and asked.json["abstained"] is True and asked.json["sentences"] == []


def test_the_option_customer_says_who_is_meant(run, filled):
    asked = run(
        "ask",
        "How many reviews did she write?",
        "--customer",
        "Ann Archer",
        "--llm",
        "none",
        "--shop",
        filled,
        "--json",
    )
    assert asked.json["customers"] == ["ann"]


def test_without_the_models_file_answers_go_by_rules_and_say_so(run, filled):
    asked = run("ask", "How many reviews did Ann Archer write?", "--shop", filled, "--json")
    assert asked.code == 0 and asked.json["llm"]["calls"] == 0
    assert "by rules" in asked.err and "huaxiang models fetch" in asked.err


def test_the_local_model_asked_for_by_name_must_be_there(run, filled):
    failed = run("ask", "Who?", "--llm", "local", "--shop", filled)
    assert failed.code == 5 and failed.err.startswith("model-missing:") and "huaxiang models fetch" in failed.err


def test_the_hf_backend_without_its_packages_says_which_extra_to_install(run, filled, monkeypatch):
    monkeypatch.setattr("agent.llm.hf.missing_packages", lambda: ["torch"])
    failed = run("ask", "Who?", "--llm", "hf", "--shop", filled, "--json")
    assert failed.code == 2 and failed.out == "" and "torch" in failed.error["message"]
    assert "huaxiang[hf]" in failed.error["hint"] and "--llm local" in failed.error["hint"]


def test_an_endpoint_without_an_address_is_a_config_error(run, filled):
    failed = run("ask", "Who?", "--llm", "openai", "--shop", filled)
    assert failed.code == 2 and "base_url" in failed.err


def test_a_chat_reads_questions_line_by_line_and_keeps_the_thread(run, filled, monkeypatch):
    monkeypatch.setattr(
        "sys.stdin",
        io.StringIO(
            "How many reviews did Ann Archer write?\n\n/customer nobody\nWhen was her last one?\n/quit\nnever\n"
        ),
    )
    talked = run("chat", "--llm", "none", "--shop", filled, "--json")
    turns = [json.loads(line) for line in talked.out.splitlines()]
    assert talked.code == 0 and [one["customers"] for one in turns] == [["ann"], ["ann"]]
    assert len({one["thread_id"] for one in turns}) == 1
    assert talked.error["code"] == "no-such-customer"


def test_a_quote_cannot_steer_the_terminal(run, filled):
    quote = "fine\x1b[2J\x1b]0;owned\x07 tent\u202egnp.exe"
    cited = CitedEvidence(id="t1", customer_id="ann", kind="review", quote=quote)
    shop = Shop.open(filled)
    line = answers.source_line(shop, 1, cited)
    shop.close()
    assert "\x1b" not in line and "\x07" not in line and "\u202e" not in line and "fine" in line


def test_a_sentence_that_many_records_carry_names_the_first_few():
    notes = answers.Footnotes()
    assert notes.line(Sentence(text="A.", evidence=("a", "b"))) == "A. [1][2]"
    assert notes.line(Sentence(text="B.", evidence=("b", "c", "d", "e", "f", "g"))) == "B. [2][3][4][5] +2"


def test_the_json_of_an_answer_keeps_every_field():
    answer = Answer(question="q", language="en", answer="a")
    assert set(answers.as_dict(answer)) == set(answer.model_dump())


@pytest.mark.parametrize("question", ["", "   ", "\udcff\udcfe", "x" * 5000])
def test_odd_questions_end_without_a_defect(run, filled, question):
    asked = run("ask", question, "--llm", "none", "--shop", filled, "--json")
    assert asked.code == 0 and asked.json["abstained"] is True

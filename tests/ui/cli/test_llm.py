import json

import pytest
from werkzeug import Response


@pytest.fixture
def served(httpserver, monkeypatch):
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    text = {**chunk, "choices": [{"index": 0, "delta": {"content": '{"value":["A"]}'}}]}
    usage = {**chunk, "choices": [], "usage": {"prompt_tokens": 8, "completion_tokens": 1, "total_tokens": 9, "prompt_tokens_details": {"cached_tokens": 6}}}  # fmt: skip
    body = f"data: {json.dumps(text)}\n\ndata: {json.dumps(usage)}\n\ndata: [DONE]\n\n"
    httpserver.expect_request("/v1/chat/completions").respond_with_handler(
        lambda _: Response(body, content_type="text/event-stream")
    )
    monkeypatch.setenv("HUAXIANG_LLM__BASE_URL", httpserver.url_for("/v1"))
    monkeypatch.setenv("HUAXIANG_LLM__MODEL", "m")


def test_llm_bench_writes_figures_for_a_machine_without_a_shop(run, served):
    done = run("llm", "bench", "--llm", "openai", "--repeat", 1, "--parallel", 2, "--json")
    assert done.code == 0 and done.json["kind"] == "openai" and done.json["model"] == "m"
    assert done.json["cache_share"] == {"median": 0.75, "least": 0.75, "greatest": 0.75}
    assert done.json["choice_new_tokens"]["median"] == 2 and done.json["parallel"]["threads"] == 2


def test_llm_bench_writes_a_table_for_people(run, served):
    done = run("llm", "bench", "--llm", "openai", "--repeat", 1)
    assert done.code == 0
    assert all(words in done.out for words in ("tokens a second in", "first token", "from the cache", "0.75"))


def test_llm_bench_needs_a_model(run):
    failed = run("llm", "bench", "--llm", "none", "--json")
    assert failed.code == 2 and failed.error["code"] == "llm-none"

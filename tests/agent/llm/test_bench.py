import pytest

from agent.llm.bench import bench, together
from huaxiang.errors import ModelError

PICK = ['{"value":', '["A"]}']


def test_the_figures_are_those_that_the_endpoint_counted(endpoint, sse):
    llm, bodies = endpoint([sse(PICK, prompt=40, cached=30)])
    found = bench(llm, repeat=2)
    assert found["model"] == "m" and found["load_seconds"] is None and found["counted"] is True
    assert found["cache_share"].median == 0.75 and found["choice_new_tokens"].median == 10
    assert found["tokens_per_second_in"].least > 0 and found["tokens_per_second_out"].greatest > 0
    assert found["first_token_seconds"].least <= found["first_token_seconds"].greatest
    assert len(bodies) == 2 * 2 + 2 + 2 * 2, "cold and again, a warm-up of each language, a choice of each"
    assert "parallel" not in found


def test_a_prompt_that_should_not_be_cached_is_new_each_time_and_then_asked_again(endpoint, sse):
    llm, bodies = endpoint([sse(PICK)])
    bench(llm, repeat=2)
    first, again, second = (body["messages"] for body in bodies[:3])
    assert first == again and first != second


def test_an_endpoint_that_counts_nothing_gives_no_invented_figures(endpoint, sse):
    llm, _ = endpoint([sse(PICK, prompt=0, cached=0)])
    found = bench(llm, repeat=1)
    assert found["counted"] is False and found["tokens_per_second_in"] is None
    assert found["cache_share"] is None and found["choice_new_tokens"] is None
    assert found["first_token_seconds"].median > 0


def test_threads_at_once_do_the_same_work_as_one_in_order(endpoint, sse):
    llm, bodies = endpoint([sse(PICK)])
    found = together(llm, threads=3, repeat=2)
    assert found["choices"] == 6 and len(bodies) == 12
    assert found["slowest_over_fastest"] >= 1.0 and found["seconds_at_once"] > 0


def test_a_model_that_fails_is_not_measured(endpoint, refusal):
    llm, _ = endpoint([refusal(500)])
    with pytest.raises(ModelError, match="own log"):
        bench(llm)

import gc

import pytest

from agent.llm.choose import choose
from agent.llm.local import LocalLlm
from huaxiang.errors import ModelError


def test_an_absent_model_says_how_to_fetch_it(monkeypatch, tmp_path):
    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path))
    llm = LocalLlm()
    with pytest.raises(ModelError, match="models fetch") as caught:
        llm.generate_text([{"role": "user", "content": "hi"}], max_tokens=2)
    assert caught.value.code == "model-missing" and not llm.ready() and llm.error is caught.value
    llm.close()


def test_a_truncated_model_file_is_refused_before_it_is_loaded(monkeypatch, tmp_path):
    from huaxiang.models.cards import CARDS, LLM

    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path))
    file = tmp_path / "models" / LLM / CARDS[LLM].file
    file.parent.mkdir(parents=True)
    file.write_bytes(b"GGUF" + bytes(1000))
    llm = LocalLlm()
    with pytest.raises(ModelError, match="models fetch") as caught:
        llm.wait()
    assert caught.value.code == "model-truncated"
    llm.close()


def test_a_file_that_only_begins_like_a_model_is_a_model_error(tmp_path):
    file = tmp_path / "mine.gguf"
    file.write_bytes(b"GGUF" + bytes(2000))
    llm = LocalLlm(model=str(file))
    with pytest.raises(ModelError) as caught:
        llm.wait(30)
    assert caught.value.code == "model-load" and llm.name == "mine"
    llm.close()


def test_a_closed_model_stays_closed():
    llm = LocalLlm()
    llm.close()
    llm.close()
    with pytest.raises(ModelError, match="make a new one"):
        llm.wait()


@pytest.mark.model
def test_the_local_model_answers_under_a_schema_and_chooses(local_llm):
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer", "enum": [1, 2]}},
        "required": ["n"],
        "additionalProperties": False,
    }
    result = local_llm.generate_json([{"role": "user", "content": "Choose 2."}], schema, max_tokens=20)
    assert result.value["n"] in (1, 2) and " " not in result.text and result.prompt_tokens > 0
    statements = ["She has placed 7 orders.", "On 2025-03-02 she wrote: «the strap snapped»"]
    choice = choose(local_llm, question="Did the strap break?", language="en", statements=statements)
    assert choice.indices == (1,) and choice.cached_tokens > 0


@pytest.mark.model
def test_a_stop_ends_a_call_of_the_local_model_at_once(local_llm):
    pieces = []
    result = local_llm.generate_text(
        [{"role": "user", "content": "Count to one thousand."}], max_tokens=200, on_token=pieces.append,
        should_stop=lambda: len(pieces) >= 2,
    )  # fmt: skip
    assert result.stopped and len(pieces) < 10
    gc.collect()


@pytest.mark.model
def test_four_staff_at_once_get_the_answers_they_would_get_alone(local_llm):
    from concurrent.futures import ThreadPoolExecutor

    statements = ["She has placed 7 orders.", "On 2025-03-02 she wrote: «the strap snapped»"]
    questions = ["Did the strap break?", "How many orders?", "Is the strap good?", "Any complaint?"]

    def ask(question):
        return choose(local_llm, question=question, language="en", statements=statements, max_pick=1).indices

    alone = [ask(question) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, questions)) == alone


@pytest.mark.model
def test_a_prompt_of_another_kind_in_between_does_not_cost_the_prefix(local_llm):
    def ask(language, question):
        return choose(local_llm, question=question, language=language, statements=["a", "b"], max_pick=1)

    ask("en", "Did she write?")
    ask("zh", "她写过评价吗？")
    local_llm.generate_text([{"role": "user", "content": "Another kind."}], max_tokens=1, slot=2)
    again = ask("en", "Has she called?")
    assert again.cached_tokens > 0.8 * again.prompt_tokens

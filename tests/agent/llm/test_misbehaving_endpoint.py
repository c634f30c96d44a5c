"""An endpoint on this machine that misbehaves in the ways endpoints do: each ends in time, with an error that says what to do."""

import json
import socket
import threading
import time

import pytest
from werkzeug import Response

from agent.answer.choosing import Cost, pick
from agent.answer.context import Statement
from agent.llm.openai_api import OpenAiLlm
from huaxiang.errors import ModelError

ASK = [{"role": "user", "content": "SECRET WORDS of a customer"}]
SCHEMA = {"type": "object", "properties": {"pick": {"enum": ["A", "B"]}}, "required": ["pick"]}
CHUNK = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "another-model"}


def line(text):
    chunk = {**CHUNK, "choices": [{"index": 0, "delta": {"content": text}}]}
    return f"data: {json.dumps(chunk)}\n\n"


def streamed(pieces):
    return Response(pieces, content_type="text/event-stream")


def drip(_):
    def pieces():
        for _ in range(200):
            yield line("x")
            time.sleep(0.05)

    return streamed(pieces())


def test_a_slow_drip_is_given_up_at_the_deadline_of_the_whole_call(endpoint):
    llm, _ = endpoint([drip], timeout_seconds=0.6)
    pieces = []
    with pytest.raises(ModelError, match="timeout_seconds") as caught:
        llm.generate_text(ASK, max_tokens=300, on_token=pieces.append)
    assert caught.value.code == "model-timeout" and len(pieces) < 100, "each piece came in time, the whole did not"


def test_a_stop_during_a_slow_drip_keeps_what_had_come(endpoint):
    llm, _ = endpoint([drip])
    pieces = []
    result = llm.generate_text(ASK, max_tokens=300, on_token=pieces.append, should_stop=lambda: len(pieces) >= 2)
    assert result.stopped and set(result.text) == {"x"} and 2 <= len(result.text) < 100


def test_half_of_the_json_is_asked_for_again_with_the_schema_in_words(endpoint, sse):
    llm, bodies = endpoint([sse(['{"pick":', ' "A']), sse(['{"pick":"A"}'])])
    result = llm.generate_json(ASK, SCHEMA, max_tokens=9)
    assert result.value == {"pick": "A"} and result.calls == 2
    first, second = (body["messages"][-1]["content"] for body in bodies)
    assert '"pick"' not in first and '"pick"' in second and second.startswith(first)


def test_an_endpoint_that_ignores_the_schema_twice_is_nonsense_and_not_quoted(endpoint, sse):
    llm, bodies = endpoint([sse(["I would pick SECRET B"])])
    with pytest.raises(ModelError, match="--llm none") as caught:
        llm.generate_json(ASK, SCHEMA, max_tokens=9)
    assert caught.value.code == "model-nonsense" and len(bodies) == 2 and "SECRET" not in str(caught.value)


def test_a_wrong_models_name_in_the_reply_does_not_matter_and_a_missing_model_says_what_to_check(endpoint, refusal):
    llm, _ = endpoint(
        [lambda _: streamed([line('{"pick":"B"}'), "data: [DONE]\n\n"]), refusal(404, "model 'm' not found")]
    )
    assert llm.generate_json(ASK, SCHEMA, max_tokens=9).value == {"pick": "B"}
    with pytest.raises(ModelError, match="model") as caught:
        llm.generate_json(ASK, SCHEMA, max_tokens=9)
    assert caught.value.code == "model-missing"


def test_a_huge_answer_is_cut_off_and_the_endpoint_blamed(endpoint):
    sent = []

    def flood(_):
        def pieces():
            for number in range(100_000):
                sent.append(number)
                yield line("y" * 1000)

        return streamed(pieces())

    llm, _ = endpoint([flood], timeout_seconds=30)
    with pytest.raises(ModelError, match="max_tokens") as caught:
        llm.generate_text(ASK, max_tokens=10)
    assert caught.value.code == "model-endless" and len(sent) < 50_000, "the connection was closed"


@pytest.mark.parametrize(
    "body", ["data: {broken\n\n", "data: null\n\n", 'data: {"choices": "no"}\n\n', "data: [DONE]\n\n", ""]
)
def test_a_stream_that_is_no_completion_is_a_model_error(endpoint, body):
    llm, _ = endpoint([lambda _: streamed([body])])
    with pytest.raises(ModelError) as caught:
        llm.generate_text(ASK, max_tokens=9)
    assert caught.value.code == "model-nonsense" and "SECRET" not in str(caught.value)


def test_an_error_in_the_middle_of_the_stream_is_not_taken_for_an_answer(endpoint):
    broken = 'data: {"error": {"message": "SECRET out of memory", "code": 500}}\n\n'
    llm, _ = endpoint([lambda _: streamed([line("half an "), broken])])
    with pytest.raises(ModelError) as caught:
        llm.generate_text(ASK, max_tokens=9)
    assert "SECRET" not in str(caught.value)


def test_a_connection_that_breaks_off_in_the_middle_is_a_model_error():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def once():
            connection, _ = server.accept()
            connection.recv(65536)
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9999\r\n\r\n"
                + line("half").encode()
            )
            connection.close()

        thread = threading.Thread(target=once, daemon=True)
        thread.start()
        llm = OpenAiLlm(base_url=f"http://127.0.0.1:{server.getsockname()[1]}/v1", model="m", timeout_seconds=120)
        with pytest.raises(ModelError) as caught:
            llm.generate_text(ASK, max_tokens=9)
        assert caught.value.code in ("model-unreachable", "model-nonsense")
        thread.join(5)
        llm.close()


@pytest.mark.parametrize("status", [500, 502, 503])
def test_an_answer_to_staff_goes_on_by_rules_when_the_endpoint_fails(endpoint, refusal, status):
    llm, _ = endpoint([refusal(status, "SECRET")])
    two = [Statement("She has a cat.", ("e1",), score=0.9), Statement("She has a dog.", ("e2",), score=0.8)]
    cost = Cost()
    assert list(pick(two, question="Any pets?", language="en", llm=llm, cost=cost)) == two
    assert cost.failed == "model-failed"

"""Our client against a real OpenAI-compatible server of another make: `transformers serve`, with the tiny checkpoint.

The checkpoint's weights are random, so what it says is babble: what is tested is the protocol, not the wisdom.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from agent.llm.openai_api import OpenAiLlm
from huaxiang.errors import ModelError

if not os.environ.get("HUAXIANG_TEST_SERVERS"):
    pytest.skip(
        "starts another server, half a minute on a free machine: HUAXIANG_TEST_SERVERS=1", allow_module_level=True
    )
for module in ("torch", "transformers", "fastapi", "uvicorn"):
    pytest.importorskip(module, reason=f"the server of another make needs {module} (extra `hf`)")

START_SECONDS = 300
ASK = [{"role": "user", "content": "Count from 1 to 9."}]
SCHEMA = {"type": "object", "properties": {"pick": {"enum": ["A", "B"]}}, "required": ["pick"]}


@pytest.fixture(scope="module")
def served(tiny, tmp_path_factory):
    """The server's address, once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("served") / "log.txt"
    command = [
        sys.executable,
        "-m",
        "transformers.cli.transformers",
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, "HF_HUB_OFFLINE": "1"})
    try:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                assert server.poll() is None, log.read_text()[-2000:]
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def llm(served, tiny):
    made = OpenAiLlm(base_url=served, model=str(tiny), timeout_seconds=120)
    yield made
    made.close()


@pytest.mark.timeout(600)
def test_text_is_streamed_and_counted(llm):
    pieces = []
    result = llm.generate_text(ASK, max_tokens=8, on_token=pieces.append)
    assert result.text == "".join(pieces) and result.first_token_seconds is not None
    assert result.prompt_tokens > len("Count from 1 to 9.") and 1 <= result.completion_tokens <= 8
    assert result.text == llm.generate_text(ASK, max_tokens=8).text, "temperature 0 is heeded"


@pytest.mark.timeout(600)
def test_what_ignores_the_schema_is_found_out_and_not_believed(llm):
    with pytest.raises(ModelError, match="--llm none") as caught:
        llm.generate_json(ASK, SCHEMA, max_tokens=8)
    assert caught.value.code == "model-nonsense"


@pytest.mark.timeout(600)
def test_a_model_that_the_server_does_not_have_is_a_model_error(served):
    llm = OpenAiLlm(base_url=served, model="nobody/has-this", timeout_seconds=120)
    with pytest.raises(ModelError) as caught:
        llm.generate_text(ASK, max_tokens=2)
    assert caught.value.code in ("model-missing", "model-failed"), "this server says 500 where others say 404"
    llm.close()


@pytest.mark.timeout(600)
def test_a_stop_is_heeded_in_the_middle_of_its_answer(llm):
    pieces = []
    result = llm.generate_text(ASK, max_tokens=200, on_token=pieces.append, should_stop=lambda: len(pieces) >= 2)
    assert result.stopped and len(result.text) < 200

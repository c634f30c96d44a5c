"""A real local HTTP server that streams chat completions as the test tells it to."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from agent.llm.local import LocalLlm
from agent.llm.openai_api import OpenAiLlm
from huaxiang.errors import ModelError
from huaxiang.models.cards import LLM

TEMPLATE = "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}<|end|>{% endfor %}<|assistant|>"


def _sse(pieces: Iterable[str], *, prompt: int = 7, cached: int = 3) -> Response:
    """A streamed completion made of `pieces`."""
    lines = [{"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in pieces]
    usage = {"prompt_tokens": prompt, "completion_tokens": len(lines), "total_tokens": prompt + len(lines)}
    lines.append({"choices": [], "usage": {**usage, "prompt_tokens_details": {"cached_tokens": cached}}})
    base = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    body = "".join(f"data: {json.dumps({**base, **line}, ensure_ascii=False)}\n\n" for line in lines)
    return Response(body + "data: [DONE]\n\n", content_type="text/event-stream")


def _refusal(status: int, message: str = "no", **error: Any) -> Response:
    return Response(
        json.dumps({"error": {"message": message, **error}}), status=status, content_type="application/json"
    )


@pytest.fixture
def sse() -> Callable[..., Response]:
    """`sse(pieces)` → a streamed completion."""
    return _sse


@pytest.fixture
def refusal() -> Callable[..., Response]:
    """`refusal(status, message)` → an error as endpoints send it."""
    return _refusal


@pytest.fixture(scope="session")
def make_httpserver() -> Iterator[HTTPServer]:
    """A server with a thread a request: an answer that drips on after its client left must not hold up the next test."""
    with HTTPServer(threaded=True) as server:
        yield server


@pytest.fixture
def endpoint(httpserver) -> Callable[..., tuple[OpenAiLlm, list[dict[str, Any]]]]:
    """`endpoint(answers)` → the model and the bodies it was asked with; an answer is a Response or a function."""
    made: list[OpenAiLlm] = []

    def make(answers: list[Any], *, timeout_seconds: float = 120.0) -> tuple[OpenAiLlm, list[dict[str, Any]]]:
        bodies: list[dict[str, Any]] = []

        def handle(request: Request) -> Response:
            bodies.append(request.get_json())
            answer = answers[min(len(bodies), len(answers)) - 1]
            return answer(request) if callable(answer) and not isinstance(answer, Response) else answer

        httpserver.expect_request("/v1/chat/completions", method="POST").respond_with_handler(handle)
        llm = OpenAiLlm(base_url=httpserver.url_for("/v1"), model="m", api_key="k", timeout_seconds=timeout_seconds)
        made.append(llm)
        return llm, bodies

    yield make
    for llm in made:
        llm.close()


@pytest.fixture(scope="session")
def local_llm() -> Iterator[LocalLlm]:
    """The real local model, loaded once; skipped where its file is absent."""
    from huaxiang.models.resolve import resolve

    try:
        resolve(LLM)
    except ModelError as error:
        pytest.skip(f"no local model here: {error.code} (huaxiang models fetch {LLM})")
    llm = LocalLlm(context_tokens=2048)
    llm.wait()
    yield llm
    llm.close()


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a two-layer checkpoint that babbles: what it writes is random, what it may write is not."""
    torch = pytest.importorskip("torch", reason="the extra `hf` (torch) is not installed")
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny-checkpoint")
    special = ["<|end|>", "<|user|>", "<|assistant|>", "<|system|>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    inner = Tokenizer(models.BPE({one: place for place, one in enumerate(special + letters)}, []))
    inner.pre_tokenizer, inner.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, eos_token="<|end|>", additional_special_tokens=special)
    tokenizer.chat_template = TEMPLATE
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(special) + len(letters), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=512, eos_token_id=0, bos_token_id=None, pad_token_id=0,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder

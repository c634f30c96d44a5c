"""The same model with the same tools and nothing else: LangChain's plain `create_agent`, unconstrained and unchecked.

What our design adds is the difference to this. It is read by simple rules, all in its favour: a tool call that the model writes
as plain text (small ones mostly do) is taken as a call, evidence ids and customers count wherever they occur, and a refusal is
any usual wording of one.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from typing import Any

from agent.question.plain import language_of
from agent.runtime import Runtime
from agent.threads import new_id
from huaxiang import clock
from huaxiang.errors import ConfigError, HuaxiangError
from huaxiang.schema.answer import AbstainReason, Answer, CitedEvidence, LlmUse, Sentence, Step
from huaxiang.store import evidence as evidence_store
from tools.base import ToolResult

CALLS = 6
"""Model calls a question may use; without a limit a small model may call tools for ever."""
TIMEOUT_SECONDS = 900.0
RESULT_CHARS = 800
SYSTEM = (
    "You help the staff of a shop to find out about its customers. Use the tools; do not guess. Today is {today}. Answer briefly in "
    "the language of the question, and put the id of the evidence behind each sentence in square brackets. If the records do not "
    "hold the answer, say that you do not know."
)
_REFUSALS: tuple[tuple[AbstainReason, str], ...] = (
    ("no_such_customer", r"no such customer|(could|can)(not|n't) find (a |any )?customer|no customer (named|called|found|with)|没有找到(这位|该)?顾客|查无此|没有这位"),
    ("ambiguous", r"which (one|of (them|these))|more than one customer|several customers|哪一位|哪位|多位顾客"),
    ("not_allowed", r"not allowed|cannot (share|disclose|discuss)|private|sensitive|隐私|不便透露|不能透露|无权"),
    ("out_of_scope", r"(can|could)(not|n't) help with|outside|not able to (help|assist) with|无法(帮|协助)|超出"),
    ("no_evidence", r"(do|does) ?n[o']t know|no (record|information|evidence|data)|not (available|recorded|provided|mentioned|found)|unable to|"
                    r"不知道|没有(相关|任何)?(记录|信息|数据|资料)|未(提及|找到|提供)|无法(确定|得知|回答|找到)|抱歉|sorry"),
)  # fmt: skip


class Baseline:
    """An `Asker` over the runtime's own model and tools."""

    def __init__(self, runtime: Runtime) -> None:
        """Nothing is asked yet.

        Raises:
            ConfigError: the model is not behind an OpenAI-compatible endpoint.
        """
        self.runtime = runtime
        self._model = _chat_model(runtime)
        self._threads: dict[str, list[Any]] = {}

    def ask(self, question: str, thread_id: str) -> tuple[Answer, list[dict[str, Any]]]:
        """Let the model call tools until it answers; the events are its messages."""
        from langchain.agents import create_agent
        from langchain.agents.middleware import ModelCallLimitMiddleware
        from langchain_core.messages import HumanMessage

        from tools import catalogue
        from tools.adapt_langchain import adapt

        began, language, steps = time.perf_counter(), language_of(question), []

        def report(name: str, arguments: dict[str, Any], result: ToolResult | HuaxiangError) -> None:
            failed = result.code if isinstance(result, HuaxiangError) else None
            ids = () if isinstance(result, HuaxiangError) else result.evidence
            steps.append(Step(tool=name, args=_json(arguments), ok=failed is None, evidence=ids, error=failed))

        specs = [spec for spec in catalogue.all_tools().values() if spec.effect == "read"]
        tools = [
            adapt(spec, self.runtime.deps, language=language, report=report, max_chars=RESULT_CHARS) for spec in specs
        ]
        today = clock.day_of(self.runtime.deps.now, self.runtime.shop.tz)
        loop = create_agent(
            self._model,
            tools,
            system_prompt=SYSTEM.format(today=today),
            middleware=[ModelCallLimitMiddleware(run_limit=CALLS)],
        )
        before = self._threads.get(thread_id, [])
        state = loop.invoke({"messages": [*before, HumanMessage(question)]})
        messages = state["messages"]
        self._threads[thread_id] = messages
        mine = messages[len(before) + 1 :]
        answer = self._read(question, language, mine, steps, time.perf_counter() - began)
        return answer, [_event(one) for one in mine]

    def _read(self, question: str, language: str, messages: list[Any], steps: list[Step], seconds: float) -> Answer:
        from langchain_core.messages import AIMessage

        said = [one for one in messages if isinstance(one, AIMessage)]
        text = said[-1].text.strip() if said else ""
        seen = dict.fromkeys(one for step in steps for one in step.evidence)
        known = evidence_store.get(self.runtime.shop, [one for one in seen if one in text])
        cited = tuple(one for one in seen if one in known)
        reason = _refusal(text)
        usage: list[dict[str, Any]] = [dict(one.usage_metadata or {}) for one in said]
        llm = self.runtime.llm
        return Answer(
            question=question, language=language, answer=text, abstained=reason is not None, reason=reason, steps=tuple(steps),
            sentences=(Sentence(text=text, evidence=cited),) if reason is None else (),
            evidence=tuple(CitedEvidence(id=one, customer_id=known[one].customer_id, kind=known[one].kind, quote="") for one in cited),
            customers=self._customers(steps, text), run_id=new_id(), seconds=seconds, first_sentence_seconds=seconds,
            llm=LlmUse(
                model=llm.name if llm else None, calls=len(said),
                prompt_tokens=sum(one.get("input_tokens", 0) for one in usage),
                completion_tokens=sum(one.get("output_tokens", 0) for one in usage),
                cached_tokens=sum((one.get("input_token_details") or {}).get("cache_read", 0) for one in usage),
            ),
        )  # fmt: skip

    def _customers(self, steps: list[Step], text: str) -> tuple[str, ...]:
        """Whom its tool calls were about, and whose id it wrote."""
        from tools.find_customer import directory

        people = directory(self.runtime.deps).people
        asked = [str(step.args[key]) for step in steps for key in ("customer_id",) if step.args.get(key)]
        written = [one for one in people if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text)]
        return tuple(dict.fromkeys(one for one in [*asked, *written] if one in people))


def _chat_model(runtime: Runtime) -> Any:
    """A plain chat model at the endpoint that the runtime's model uses."""
    from langchain_core.outputs import ChatResult
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    class Lenient(ChatOpenAI):
        """Takes a call that was written as text for a call."""

        def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
            result = super()._generate(*args, **kwargs)
            for one in result.generations:
                message: Any = one.message
                if not message.tool_calls and (call := written_call(message.text)) is not None:
                    message.tool_calls = [call]
            return result

    endpoint = getattr(runtime.llm, "_endpoint", None)
    if endpoint is None:
        raise ConfigError(
            "the baseline needs a model behind an OpenAI-compatible endpoint",
            hint="--llm local or openai",
            code="eval-baseline",
        )
    return Lenient(
        base_url=endpoint.base_url, api_key=SecretStr(endpoint.api_key or "none"), model=endpoint.model, temperature=0.0,
        timeout=TIMEOUT_SECONDS, max_retries=0, max_completion_tokens=400,
    )  # fmt: skip


def written_call(text: str) -> dict[str, Any] | None:
    """The tool call that a text consists of: JSON with `name` and `arguments`, in a fence or in doubled braces or bare."""
    reader = json.JSONDecoder()
    for place in [match.start() for match in re.finditer(r"\{", text)][:2]:  # the first brace may be doubled
        try:
            value, _ = reader.raw_decode(text[place:])
        except json.JSONDecodeError:
            continue
        if isinstance(value, dict) and isinstance(value.get("name"), str) and isinstance(value.get("arguments"), dict):
            return {
                "name": value["name"],
                "args": value["arguments"],
                "id": f"call_{uuid.uuid4().hex[:12]}",
                "type": "tool_call",
            }
    return None


def _refusal(text: str) -> AbstainReason | None:
    if not text or text.startswith("Model call limits exceeded"):
        return "no_evidence"
    return next((reason for reason, pattern in _REFUSALS if re.search(pattern, text, re.IGNORECASE)), None)


def _event(message: Any) -> dict[str, Any]:
    return {"type": message.type, "text": message.text[:2000], "calls": getattr(message, "tool_calls", [])}


def _json(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in arguments.items()}

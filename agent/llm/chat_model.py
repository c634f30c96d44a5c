"""A LangChain chat model over any `Llm`: bound tools become one JSON schema, so `create_agent` runs unchanged.

The reply is forced into a union: each tool's name as a constant with its arguments, or `final` with an answer. Ids are
enums of what the caller says is in scope, so an invented id cannot be written; a tool without a usable id is left out.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_core.utils.json_schema import dereference_refs
from pydantic import ConfigDict, Field

from agent.llm.base import Generation, Message, Schema
from prompts import load, plain

FINAL = "final"
_TEXT_CHARS = 300
_RESULT_CHARS = 2000


class ConstrainedChatModel(BaseChatModel):
    """A chat model whose tool calls are made by constrained decoding.

    `enums` holds, by argument name, the values in scope (`{"customer_id": ["C003"]}`). `llm` is an `agent.llm.Llm`.
    Always run it under a model-call limit: a small model may never say `final`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    llm: Any
    enums: dict[str, list[str]] = Field(default_factory=dict)
    language: str = "en"
    max_tokens: int = 256
    slot: int | None = None

    @property
    def _llm_type(self) -> str:
        return "huaxiang-constrained"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The same model with these tools. `tool_choice` is ignored: the schema is what binds."""
        return self.bind(tools=[convert_to_openai_tool(tool)["function"] for tool in tools], **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        tools: list[dict[str, Any]] = usable(kwargs.get("tools") or [], self.enums)
        if not kwargs.get("tools"):
            result = self.llm.generate_text(to_chat(messages), max_tokens=self.max_tokens, slot=self.slot)
            return _result(AIMessage(content=result.text), result)
        listed = "\n".join(f"- {tool['name']}: {_first_line(tool.get('description', ''))}" for tool in tools)
        system = load("call_tools", language=self.language).messages(tools=listed)[0]
        result = self.llm.generate_json(
            [system, *to_chat(messages)], union(tools), max_tokens=self.max_tokens, slot=self.slot
        )
        return _result(to_ai_message(result.value), result)


def usable(tools: Sequence[Mapping[str, Any]], enums: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """The tools with ids as enums. An empty enum drops an optional argument; of a required one it drops the tool."""
    kept: list[dict[str, Any]] = []
    for tool in tools:
        parameters = dereference_refs(dict(tool.get("parameters") or {"type": "object", "properties": {}}))
        properties: dict[str, Any] = {}
        required = list(parameters.get("required", ()))
        for name, schema in parameters.get("properties", {}).items():
            if name not in enums:
                properties[name] = _bounded(schema)
            elif enums[name]:
                properties[name] = _with_enum(schema, enums[name])
            elif name in required:
                break
        else:
            arguments = {
                "type": "object",
                "properties": properties,
                "required": required,
                "additionalProperties": False,
            }
            kept.append({"name": tool["name"], "description": tool.get("description", ""), "parameters": arguments})
    return kept


def union(tools: Sequence[Mapping[str, Any]]) -> Schema:
    """One schema for all tools and the final answer."""
    forms = [_form(tool["name"], "args", tool["parameters"]) for tool in tools]
    forms.append(_form(FINAL, "answer", {"type": "string", "minLength": 1, "maxLength": _TEXT_CHARS}))
    return {"anyOf": forms}


def to_ai_message(value: Mapping[str, Any] | None) -> AIMessage:
    """The model's choice as LangChain knows it: a tool call, or the final message."""
    if value is None:
        return AIMessage(content="")
    if value["tool"] == FINAL:
        return AIMessage(content=value["answer"])
    call = {
        "name": value["tool"],
        "args": dict(value["args"]),
        "id": f"call_{uuid.uuid4().hex[:12]}",
        "type": "tool_call",
    }
    return AIMessage(content="", tool_calls=[call])


def to_chat(messages: Sequence[BaseMessage]) -> list[Message]:
    """Plain chat messages: tool calls as the JSON that was written, tool results as user messages, control tokens removed."""
    chat: list[Message] = []
    for message in messages:
        text = plain(message.text)
        if isinstance(message, ToolMessage):
            chat.append({"role": "user", "content": f"Result of {message.name or 'the tool'}:\n{text[:_RESULT_CHARS]}"})
        elif isinstance(message, AIMessage):
            calls = [{"tool": call["name"], "args": call["args"]} for call in message.tool_calls]
            chat.append({"role": "assistant", "content": json.dumps(calls[0], ensure_ascii=False) if calls else text})
        else:
            chat.append({"role": "system" if isinstance(message, SystemMessage) else "user", "content": text})
    return chat


def _form(name: str, key: str, schema: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {"tool": {"const": name}, key: schema},
        "required": ["tool", key],
        "additionalProperties": False,
    }


def _bounded(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Without titles and defaults; strings get a length, or a small model may write for ever."""
    kept = {key: value for key, value in schema.items() if key not in ("title", "default", "description", "examples")}
    if kept.get("type") == "string" and "enum" not in kept and "const" not in kept:
        kept.setdefault("maxLength", _TEXT_CHARS)
    if "anyOf" in kept:
        kept["anyOf"] = [_bounded(part) for part in kept["anyOf"]]
    return kept


def _with_enum(schema: Mapping[str, Any], values: Sequence[str]) -> dict[str, Any]:
    one = {"type": "string", "enum": list(values)}
    return (
        {"type": "array", "items": one, "minItems": 1, "maxItems": len(values)}
        if schema.get("type") == "array"
        else one
    )


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0]


def _result(message: AIMessage, spent: Generation) -> ChatResult:
    message.usage_metadata = {
        "input_tokens": spent.prompt_tokens,
        "output_tokens": spent.completion_tokens,
        "total_tokens": spent.prompt_tokens + spent.completion_tokens,
        "input_token_details": {"cache_read": spent.cached_tokens},
    }
    return ChatResult(generations=[ChatGeneration(message=message)])

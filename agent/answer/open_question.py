"""A question that code recognises in nothing ("what's she like to deal with?"): the model picks tools, in LangChain's loop.

Its calls are constrained: tool names and the customer's id are the only ones that can be written. It picks; the statements
are still made by code from the tools it picked, and checked like all others.
"""

from __future__ import annotations

import logging
from typing import Any

from agent.answer.choosing import Cost
from agent.answer.context import Context
from agent.llm import slots
from agent.llm.base import Llm
from huaxiang.errors import HuaxiangError
from tools import catalogue
from tools.base import ToolResult

CALLS = 2
"""Model calls one question may use here; a small model may never say that it is done."""
TOOLS = ("customer_summary", "timeline", "sentiment", "show_profile", "recommend")
RESULT_CHARS = 160
"""Of a result that the model reads before it says that it is done: which tool to call hangs on no more than that."""
_LOG = logging.getLogger(__name__)


def pick_tools(context: Context, llm: Llm, cost: Cost) -> list[str]:
    """Names of the tools that the model called for this question, in order; [] when it failed or called none.

    `cost` is charged with the model's calls.
    """
    from langchain.agents import create_agent
    from langchain.agents.middleware import ModelCallLimitMiddleware
    from langchain_core.messages import AIMessage, HumanMessage

    from agent.llm.chat_model import ConstrainedChatModel
    from tools.adapt_langchain import adapt

    called: list[str] = []

    def report(name: str, _: dict[str, Any], result: ToolResult | HuaxiangError) -> None:
        if not isinstance(result, HuaxiangError) and name not in called:
            called.append(name)

    model = ConstrainedChatModel(
        llm=llm,
        enums={"customer_id": [context.customer_id]},
        language=context.language,
        slot=slots.TOOLS[context.language],
    )
    tools = [
        adapt(catalogue.get(name), context.deps, language=context.language, report=report, max_chars=RESULT_CHARS)
        for name in TOOLS
    ]
    loop = create_agent(model, tools, middleware=[ModelCallLimitMiddleware(run_limit=CALLS)])
    cost.model = llm.name
    try:
        state = loop.invoke({"messages": [HumanMessage(context.question)]})
        for message in state["messages"]:
            if isinstance(message, AIMessage) and message.usage_metadata:
                cost.calls += 1
                cost.prompt_tokens += message.usage_metadata["input_tokens"]
                cost.completion_tokens += message.usage_metadata["output_tokens"]
                cost.cached_tokens += message.usage_metadata.get("input_token_details", {}).get("cache_read", 0)
    except HuaxiangError as error:
        cost.calls, cost.failed = cost.calls + 1, error.code
        _LOG.info("no tools picked: %s", error.code)
    return called

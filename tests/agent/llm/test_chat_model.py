import pytest
from langchain.agents import create_agent
from langchain.agents.middleware import ModelCallLimitMiddleware
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool

from agent.llm.chat_model import ConstrainedChatModel, to_chat, usable
from agent.llm.scripted import ScriptedLlm

CALLS = []


@tool
def count_orders(customer_id: str) -> str:
    """How many orders a customer placed."""
    CALLS.append(customer_id)
    return f"{customer_id} placed 7 orders"


@tool
def read_evidence(evidence_id: str) -> str:
    """Read one piece of evidence."""
    return "…"


def agent(llm, **enums):
    model = ConstrainedChatModel(llm=llm, enums=enums)
    return create_agent(model, [count_orders, read_evidence], middleware=[ModelCallLimitMiddleware(run_limit=3)])


def test_the_agent_loop_calls_a_tool_and_ends_with_the_final_answer():
    CALLS.clear()
    llm = ScriptedLlm(
        [{"tool": "count_orders", "args": {"customer_id": "C003"}}, {"tool": "final", "answer": "She placed 7 orders."}]
    )
    state = agent(llm, customer_id=["C003"], evidence_id=[]).invoke({"messages": [HumanMessage("how many?")]})
    assert CALLS == ["C003"] and state["messages"][-1].text == "She placed 7 orders."
    assert state["messages"][-1].usage_metadata["output_tokens"] > 0
    shown = llm.asked[1][0]
    assert shown[-1]["content"].startswith("Result of count_orders") and '"count_orders"' in shown[-2]["content"]


def test_ids_are_enums_and_a_tool_without_one_is_left_out():
    llm = ScriptedLlm([{"tool": "final", "answer": "x"}])
    agent(llm, customer_id=["C003", "C007"], evidence_id=[]).invoke({"messages": [HumanMessage("?")]})
    messages, schema = llm.asked[0]
    forms = {form["properties"]["tool"]["const"]: form for form in schema["anyOf"]}
    assert set(forms) == {"count_orders", "final"} and "read_evidence" not in messages[0]["content"]
    assert forms["count_orders"]["properties"]["args"]["properties"]["customer_id"]["enum"] == ["C003", "C007"]


def test_a_model_that_never_ends_is_ended_by_the_call_limit():
    llm = ScriptedLlm(then={"tool": "count_orders", "args": {"customer_id": "C003"}})
    agent(llm, customer_id=["C003"], evidence_id=[]).invoke({"messages": [HumanMessage("how many?")]})
    assert len(llm.asked) == 3


def test_an_empty_enum_drops_an_optional_argument_only():
    parameters = {
        "type": "object",
        "properties": {"q": {"type": "string"}, "customer_id": {"type": "string"}},
        "required": ["q"],
    }
    (kept,) = usable([{"name": "t", "parameters": parameters}], {"customer_id": []})
    assert list(kept["parameters"]["properties"]) == ["q"]
    assert usable([{"name": "t", "parameters": {**parameters, "required": ["customer_id"]}}], {"customer_id": []}) == []


def test_tool_results_reach_the_model_without_control_tokens():
    chat = to_chat([AIMessage(""), ToolMessage("a<|im_end|>b", tool_call_id="1", name="t")])
    assert chat[-1] == {"role": "user", "content": "Result of t:\na< |im_end| >b"}


@pytest.mark.model
def test_the_local_model_works_in_the_loop(local_llm):
    CALLS.clear()
    state = agent(local_llm, customer_id=["C003"], evidence_id=[]).invoke(
        {"messages": [HumanMessage("How many orders did customer C003 place?")]}
    )
    assert CALLS and set(CALLS) == {"C003"} and state["messages"][-1].text

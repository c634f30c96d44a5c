from agent.answer.choosing import Cost, pick
from agent.answer.context import Statement
from agent.llm.chat_model import ConstrainedChatModel
from huaxiang.schema.answer import LlmUse

TWO = [Statement("She has a cat.", ("e1",), score=0.9), Statement("She has a dog.", ("e2",), score=0.8)]


def test_an_answer_says_how_much_of_its_prompts_the_model_had_read_before(endpoint, sse):
    llm, _ = endpoint([sse(['{"value":["B"]}'], prompt=50, cached=42)])
    cost = Cost()
    shown = list(pick(TWO, question="Any pets?", language="en", llm=llm, cost=cost))
    assert shown == [TWO[1]]
    assert (cost.use().prompt_tokens, cost.use().cached_tokens, cost.use().new_tokens) == (50, 42, 8)


def test_rule_mode_costs_nothing():
    cost = Cost()
    list(pick(TWO, question="Any pets?", language="en", llm=None, cost=cost))
    assert cost.use() == LlmUse() and cost.use().new_tokens == 0


def test_the_loop_of_langchain_is_told_of_cached_tokens_too(endpoint, sse):
    llm, _ = endpoint([sse(["fine"], prompt=9, cached=4)])
    message = ConstrainedChatModel(llm=llm).invoke("hello")
    assert message.usage_metadata["input_token_details"]["cache_read"] == 4

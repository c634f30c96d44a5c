"""Kinds that a question is not, however sure the trained model is of them."""

import pytest


@pytest.mark.parametrize(
    "question",
    ["沈默喜欢喝什么茶", "what kind of tea does 沈默 like best", "whats 沈默's favourite tea", "Megan Whitfield每次购物预算大概多少", "when is Priya Raman's birthday", "which phone does hannah cole use", "李静是什么会员等级?", "Which membership level does Dale Hutchins have?"],
)  # fmt: skip
def test_a_taste_a_budget_a_level_or_a_birthday_that_nobody_recorded_is_not_known(runtime, question):
    answer = runtime.answer(question)
    assert answer.abstained and answer.reason == "no_evidence"


def test_stars_of_the_thing_just_bought_are_not_the_orders_amount(runtime):
    runtime.answer("Did Hannah Cole buy the sandalwood candle?", thread_id="t")
    assert runtime.answer("And how many stars did she give it?", thread_id="t").abstained


def test_a_closing_question_particle_is_no_word_left_over(runtime):
    assert "没" not in runtime.answer("钱多多上个月那单发了没").answer.replace("没看懂", "")

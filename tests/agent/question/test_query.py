"""Questions as record queries, and whom, what and when they mean; over the sample shop, checked against its files."""

from __future__ import annotations

from datetime import date

import pytest

from agent.question import dates, dictionary, names, query
from agent.runtime import Runtime


@pytest.mark.parametrize(
    ("text", "shape", "by", "measure", "descending"),
    [
        ("which month did she spend the most", "extreme", "month", "amount", True),
        ("哪个月买得最多", "extreme", "month", "orders", True),
        ("what's the cheapest thing she bought", "extreme", "record", "unit_price", False),
        ("买过的最贵的东西是什么", "extreme", "record", "unit_price", True),
        ("评分最低的是哪个商品", "extreme", "item", "rating", False),
        ("which products get returned the most", "extreme", "item", "events", True),
    ],
)
def test_superlatives_say_what_is_ranked_and_by_what(
    text: str, shape: str, by: str, measure: str, descending: bool
) -> None:
    found = query.parse(text)
    assert found is not None
    assert (found.shape, found.group_by, found.measure, found.descending) == (shape, by, measure, descending)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("评分 3 星以下的", (None, 3.0)),
        ("reviews with 4 stars or more", (4.0, None)),
        ("打了差评的", (None, 2.0)),
        ("1 or 2 stars", (1.0, 2.0)),
        ("满分", (5.0, 5.0)),
        ("what did she buy", (None, None)),
    ],
)
def test_stars_bound_a_rating(text: str, bounds: tuple[float | None, float | None]) -> None:
    assert query.rating_bounds(text) == bounds


@pytest.mark.parametrize("text", ["what is her shoe size", "最近一次下单", "他喜欢什么颜色", "most recent order"])
def test_what_the_common_aims_read_is_no_record_query(text: str) -> None:
    assert query.parse(text) is None


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [("26年到现在", date(2026, 1, 1), None), ("2025一整年", date(2025, 1, 1), date(2025, 12, 31))],
)
def test_years_in_two_digits_and_whole(text: str, since: date, until: date | None) -> None:
    found = dates.resolve(text, date(2026, 6, 30))
    assert found is not None
    assert (found.since, found.until) == (since, until)


def test_names_sound_alike_part_by_part() -> None:
    assert names.alike("nathen woo", "nathan wu")
    assert not names.alike("linda park", "nathan wu")


def test_words_are_known_in_both_languages() -> None:
    assert "拉链" in dictionary.translations("zipper")
    assert "podcast" in dictionary.translations("播客")
    assert dictionary.translations("qwxzy") == ()


@pytest.mark.parametrize(
    ("question", "customer"),
    [
        ("when did Zhou Xiaoyan last order", "C007"),
        ("Chen Zhiyuan from Shenzhen, how many orders", "C006"),
        ("Grace L's last order", "C107"),
        ("徐锋最近一次下单是哪天", "C015"),
    ],
)
def test_people_are_found_in_pinyin_by_initial_and_by_sound(runtime: Runtime, question: str, customer: str) -> None:
    assert runtime.answer(question).customers == (customer,)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("which month did Linda Park spend the most", "highest amount"),
        ("买过红色胸背带的有谁", "C003"),
        ("who wears wool? no: which customers avoid wool", "C101"),
        ("李静2024年和2025年各花了多少钱", "2025 年"),
        ("Dale Hutchins swore off Lumina, what Lumina did he buy after", "after that"),
    ],
)
def test_figures_and_people_are_answered_from_records(runtime: Runtime, question: str, wanted: str) -> None:
    answer = runtime.answer(question)
    assert wanted in answer.answer
    assert answer.sentences
    assert all(one.evidence for one in answer.sentences)

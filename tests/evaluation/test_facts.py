"""Facts in a text: what counts as the same number, day, name and language."""

from __future__ import annotations

from datetime import date

import pytest

from evaluation import facts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("paid 1,234.50 CNY over 8 orders", {1234.5, 8.0}),
        ("共 3 单，合计 89.00 元", {3.0, 89.0}),
        ("order OE-12 on 2026-05-03", set()),
    ],
)
def test_numbers_are_read_with_thousands_and_without_parts_of_days(text: str, expected: set[float]) -> None:
    assert facts.numbers(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-03",
        "2026/5/3",
        "2026年5月3日",
        "3 May 2026",
        "3rd of May 2026",
        "May 3, 2026",
        "Sept 9 2020, May 3 2026",
    ],
)
def test_a_day_is_the_same_however_it_is_written(text: str) -> None:
    assert date(2026, 5, 3) in facts.days(text)


def test_a_day_that_does_not_exist_is_none() -> None:
    assert facts.days("2026-02-30") == set()


def test_a_latin_name_must_stand_by_itself_and_a_chinese_one_need_not() -> None:
    assert not facts.named("Li", "I like it")
    assert facts.named(("Li", "李静"), "李静喜欢")
    assert facts.named("K001", "李静（K001）")


def test_digits_are_compared_as_numbers_and_words_by_substring() -> None:
    assert not facts.appears("4", "42 orders")
    assert facts.appears("4", "4.00 stars")
    assert facts.appears(("tent", "帐篷"), "the Tent leaks")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("李静 bought “a very long English title”，共 3 件", "zh"),
        ("李静 last ordered on 2026-05-03", "en"),
        ("42", None),
    ],
)
def test_the_language_is_that_of_the_words_outside_quotes(text: str, expected: str | None) -> None:
    assert facts.language_of(text) == expected

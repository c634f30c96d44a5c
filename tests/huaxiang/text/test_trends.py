"""Which complaint rises: counted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from math import comb

import pytest

from huaxiang.text.trends import Remark, aspect_trends, period_of, rise_chance

TODAY = date(2026, 6, 30)


def remarks(product: str, days_ago: list[int], polarity: float, aspect: str = "battery") -> list[Remark]:
    return [
        Remark(f"t{product}{ago}", product, TODAY - timedelta(days=ago), ((aspect, polarity, f"quote {ago}"),))
        for ago in days_ago
    ]


def test_a_rise_is_found_and_quoted_newest_first() -> None:
    said = remarks("lamp", [5, 10, 15, 20, 25, 30], -0.9) + remarks("lamp", list(range(120, 180, 3)), 0.8)
    (trend,) = aspect_trends(said, today=TODAY)
    assert (trend.product, trend.aspect, trend.before, trend.recent) == ("lamp", "battery", (0, 20), (6, 6))
    assert trend.rising
    assert [quote.text for quote in trend.quotes] == ["quote 5", "quote 10", "quote 15"]


def test_a_steady_complaint_does_not_rise() -> None:
    said = remarks("lamp", list(range(0, 360, 6)), -0.9)
    (trend,) = aspect_trends(said, today=TODAY)
    assert not trend.rising


def test_the_surest_rise_comes_first_and_a_fall_last() -> None:
    said = remarks("falls", list(range(100, 200, 5)), -0.9) + remarks("falls", list(range(0, 90, 5)), 0.9)
    said += remarks("rises", list(range(100, 200, 5)), 0.9) + remarks("rises", list(range(0, 90, 5)), -0.9)
    assert [trend.product for trend in aspect_trends(said, today=TODAY)] == ["rises", "falls"]


def test_few_complaints_and_later_texts_are_left_out() -> None:
    later = [Remark("t", "lamp", TODAY + timedelta(days=1), (("battery", -1.0, "q"),))] * 9
    assert aspect_trends([*remarks("lamp", [1, 2], -0.9), *later], today=TODAY) == []


def test_texts_without_an_opinion_count_as_texts() -> None:
    silent = [Remark("s", "lamp", TODAY, ())] * 4
    (trend,) = aspect_trends([*remarks("lamp", [1, 2, 3], -0.9), *silent], today=TODAY)
    assert trend.recent == (3, 7)
    assert sum(period.texts for period in trend.periods) == 7


def test_a_complaint_sent_twice_with_a_word_changed_is_quoted_once() -> None:
    said = ("收纳袋太紧，每次塞都像跟帐篷打架。", "收纳袋太紧，每次塞都像在跟帐篷打架。", "拉链卡住了")
    told = [Remark(f"t{n}", "tent", TODAY, (("fit", -0.9, quote),)) for n, quote in enumerate(said)]
    assert [one.text for one in aspect_trends(told, today=TODAY)[0].quotes] == [said[2], said[1]]


def test_the_chance_is_the_binomial_tail() -> None:
    exact = sum(comb(6, k) * 0.25**k * 0.75 ** (6 - k) for k in range(4, 7))
    assert rise_chance((2, 30), (4, 10)) == pytest.approx(exact)
    assert rise_chance((0, 0), (4, 10)) == 1.0
    assert rise_chance((0, 10), (0, 10)) == 1.0


def test_many_complaints_do_not_overflow() -> None:
    assert rise_chance((50_000, 100_000), (60_000, 100_000)) < 1e-6


def test_looking_at_many_rows_makes_each_less_sure() -> None:
    one = remarks("p0", [5, 10, 15], -0.9) + remarks("p0", list(range(100, 130, 3)), 0.9)
    many = [*one]
    for number in range(1, 20):
        many += remarks(f"p{number}", [5, 150, 160], -0.9) + remarks(f"p{number}", list(range(100, 130, 3)), 0.9)
    alone, among = aspect_trends(one, today=TODAY)[0], aspect_trends(many, today=TODAY)[0]
    assert (alone.product, among.product) == ("p0", "p0")
    assert among.false_rate > alone.false_rate


@pytest.mark.parametrize(
    ("by", "start"), [("week", date(2026, 6, 29)), ("month", date(2026, 6, 1)), ("quarter", date(2026, 4, 1))]
)
def test_periods_begin_where_the_calendar_says(by: str, start: date) -> None:
    assert period_of(TODAY, by) == start  # type: ignore[arg-type]


def test_a_window_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        aspect_trends([], today=TODAY, recent_days=0)

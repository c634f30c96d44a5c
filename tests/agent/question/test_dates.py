from __future__ import annotations

from datetime import date

import pytest

from agent.question.dates import resolve

TODAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("她上个月买了什么", date(2026, 5, 1), date(2026, 5, 31)),
        ("去年双十一花了多少", date(2025, 11, 1), date(2025, 11, 12)),
        ("2025年3月5日的订单", date(2025, 3, 5), date(2025, 3, 5)),
        ("去年春天退过货吗", date(2025, 3, 1), date(2025, 5, 31)),
        ("2025年下半年", date(2025, 7, 1), date(2025, 12, 31)),
        ("从3月到5月花了多少", date(2026, 3, 1), date(2026, 5, 31)),
        ("how much did she spend last year", date(2025, 1, 1), date(2025, 12, 31)),
        ("orders in the last 30 days", date(2026, 6, 1), date(2026, 6, 30)),
        ("what did he buy since March", date(2026, 3, 1), None),
        ("before Christmas", None, date(2025, 12, 19)),
        ("from March to May 2025", date(2025, 3, 1), date(2025, 5, 31)),
        ("winter 2025", date(2025, 12, 1), date(2026, 2, 28)),
        ("Q1 2026", date(2026, 1, 1), date(2026, 3, 31)),
        ("2025年5月上旬多少单", date(2025, 5, 1), date(2025, 5, 10)),
        ("orders in the second week of May", date(2026, 5, 8), date(2026, 5, 14)),
        ("五月有多少退货", date(2026, 5, 1), date(2026, 5, 31)),
        ("上上个月", date(2026, 4, 1), date(2026, 4, 30)),
        ("上周三", date(2026, 6, 24), date(2026, 6, 24)),
        ("first half of 2025", date(2025, 1, 1), date(2025, 6, 30)),
        ("第三季度", date(2025, 7, 1), date(2025, 9, 30)),
    ],
)
def test_a_date_in_a_question_is_resolved_against_the_shops_clock(
    question: str, since: date | None, until: date | None
) -> None:
    found = resolve(question, TODAY)
    assert found is not None
    assert (found.since, found.until) == (since, until)


@pytest.mark.parametrize(
    "question", ["她最近一次下单", "her last order", "what may he like", "order O250302001", "评价怎么样", ""]
)
def test_a_question_without_a_date_has_none(question: str) -> None:
    assert resolve(question, TODAY) is None


@pytest.mark.parametrize("question", ["2025年13月45日", "February 31 2025", "99月99号", "0000-00-00"])
def test_an_impossible_date_does_not_break(question: str) -> None:
    found = resolve(question, TODAY)
    assert found is None or found.since is None or found.since.year >= 1990

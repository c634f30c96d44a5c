from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from huaxiang.ingest.values import day_or_none, money, number_or_none, rating_or_none, text_or_none, time_or_none

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "written",
    [
        "2019-03-05", "2019-03-05T00:00:00+08:00", "2019/3/5", "2019/03/05 00:00", "05.03.2019", "03 5, 2019", "3/5/2019",
        "2019年3月5日", "Mar 5, 2019", "5 March 2019", "20190305", 1551715200, "1551715200", 1551715200000, date(2019, 3, 5),
        datetime(2019, 3, 5), datetime(2019, 3, 4, 16, tzinfo=UTC), "2019-03-04T16:00:00Z", "2019-03-05 00:00:00.000",
        "Tue, 05 Mar 2019 00:00:00 +0800", "2019年3月5日 上午0点00分",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_common_format(written: Any) -> None:
    assert time_or_none(written, SHANGHAI) == 1551715200


def test_a_time_of_day_is_read_with_both_ways_of_writing_the_afternoon() -> None:
    assert time_or_none("2019年3月5日 下午2点05分", SHANGHAI) == time_or_none("3/5/2019 2:05 PM", SHANGHAI)
    assert time_or_none("13/12/2010 8:26", ZoneInfo("UTC")) == time_or_none("2010-12-13 08:26", ZoneInfo("UTC"))


@pytest.mark.parametrize(
    "written", ["", "yesterday", "2019-13-45", "0000-00-00", None, 3, float("nan"), "99/99/9999", True]
)
def test_what_is_no_date_is_missing(written: Any) -> None:
    assert time_or_none(written, SHANGHAI) is None


def test_a_date_in_2099_is_a_date() -> None:
    assert day_or_none("2099-01-01", SHANGHAI) == "2099-01-01"


@pytest.mark.parametrize(
    ("written", "currency", "default", "expected"),
    [
        ("¥299", None, "", (29900, "CNY")), ("\uffe5299.5", None, "", (29950, "CNY")), ("¥299", None, "JPY", (299, "JPY")),
        ("$1,299.50", None, "", (129950, "USD")), ("1.299,50 €", None, "", (129950, "EUR")), ("1 299,50", "EUR", "", (129950, "EUR")),
        ("299元", None, "", (29900, "CNY")), ("USD 12", None, "", (1200, "USD")), ("12.5", None, "GBP", (1250, "GBP")),
        ("HK$88", None, "", (8800, "HKD")), (12.5, "USD", "", (1250, "USD")), ("1,299", None, "USD", (129900, "USD")),
        ("12,5", None, "EUR", (1250, "EUR")), ("1.2万", "CNY", "", (1200000, "CNY")), ("-1", "USD", "", (-100, "USD")),
        ("$10.00 - $25.00", None, "", (None, "USD")), ("free", None, "", (None, None)), ("", None, "USD", (None, "USD")),
        ("5000", "JPY", "", (5000, "JPY")), (1e300, None, "", (None, None)), ("0", None, "", (0, None)),
    ],
)  # fmt: skip
def test_money_is_read_with_its_currency(written: Any, currency: str | None, default: str, expected: Any) -> None:
    assert money(written, currency, default=default) == expected


def test_ratings_and_numbers_are_read_and_nonsense_is_missing() -> None:
    assert [rating_or_none(one) for one in ("4", 4.0, "4/5", "4 stars", "★★★★☆", "四星")] == [4.0] * 6
    assert [rating_or_none(one) for one in ("great", 99, None, "")] == [None] * 4
    assert number_or_none("1,200") == 1200.0
    assert [text_or_none(one) for one in ("NaN", None, " ", float("nan"), 17850.0, " x ")] == [None] * 4 + [
        "17850",
        "x",
    ]

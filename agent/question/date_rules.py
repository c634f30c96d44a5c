"""What words of dates mean, rule by rule, in Chinese and English: each finds its words and gives the first and the last day."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"), start=1,
    )
    for name in names.split()
}  # fmt: skip
SEASONS = {
    "春": (3, 5),
    "夏": (6, 8),
    "秋": (9, 11),
    "spring": (3, 5),
    "summer": (6, 8),
    "autumn": (9, 11),
    "fall": (9, 11),
}
FESTIVALS = {
    "双十一": (11, 1, 11, 12), "双11": (11, 1, 11, 12), "双十二": (12, 10, 12, 13), "618": (6, 1, 6, 20), "国庆": (10, 1, 10, 7),
    "五一": (5, 1, 5, 5), "圣诞": (12, 20, 12, 26), "元旦": (1, 1, 1, 3), "black friday": (11, 20, 11, 30),
    "christmas": (12, 20, 12, 26), "new year": (1, 1, 1, 3), "halloween": (10, 25, 10, 31),
}  # fmt: skip
_ZH_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "半": 0}
MONTH_WORD = "|".join(sorted(MONTHS, key=len, reverse=True))


def month_span(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _shift(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def number(text: str) -> int:
    """A small number in digits, Chinese numerals or English words."""
    if text.isdigit():
        return int(text)
    words = {
        "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "twelve": 12, "couple of": 2, "few": 3,
    }  # fmt: skip
    if text in words:
        return words[text]
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_ZH_DIGITS.get(tens, 1) if tens else 1) * 10 + (_ZH_DIGITS.get(ones, 0) if ones else 0)
    return _ZH_DIGITS.get(text, 1)


def _full(m: re.Match[str], _: date) -> tuple[date, date] | None:
    try:
        day = date(int(m.group(1)), int(m.group(2)), int(m.group(3)))
    except ValueError:
        return None
    return day, day


def year_of(word: str | None, today: date) -> int:
    """The year that a word means: 去, 前, `last year`, digits; this one for any other."""
    if word in ("去", "last year", "last"):
        return today.year - 1
    if word in ("前",):
        return today.year - 2
    if word and word.isdigit():
        return int(word)
    return today.year


def _recent_month(month: int, today: date) -> tuple[date, date]:
    return month_span(today.year if month <= today.month else today.year - 1, month)


def _season(m: re.Match[str], today: date) -> tuple[date, date]:
    word, name = (m.group("y") or m.groupdict().get("y2") or ""), m.group("s")
    year = year_of(word.strip(), today)
    if name in ("冬", "winter"):
        return date(year, 12, 1), month_span(year + 1, 2)[1]
    first, last = SEASONS[name]
    if not word and date(year, first, 1) > today:
        year -= 1
    return date(year, first, 1), month_span(year, last)[1]


def _festival(m: re.Match[str], today: date) -> tuple[date, date]:
    m1, d1, m2, d2 = FESTIVALS[m.group("f")]
    if m.string[m.end() : m.end() + 2] in ("那天", "当天", "当日"):
        days = {
            "双十一": (11, 11),
            "双11": (11, 11),
            "双十二": (12, 12),
            "618": (6, 18),
            "圣诞": (12, 25),
            "元旦": (1, 1),
        }
        month, number_ = days.get(m.group("f"), (m1, d1))
        m1, d1, m2, d2 = month, number_, month, number_
    word = (m.group("y") or m.groupdict().get("y2") or "").strip()
    year = year_of(word, today)
    if not word and date(year, m1, d1) > today:
        year -= 1
    return date(year, m1, d1), date(year, m2, d2)


def _back(m: re.Match[str], today: date) -> tuple[date, date]:
    unit, count = m.group("u"), number(m.group("n") or "1")
    if unit.startswith(("天", "日", "day")):
        return today - timedelta(days=count - 1), today
    if unit.startswith(("周", "星期", "week")):
        return today - timedelta(days=7 * count - 1), today
    months = 12 * count if unit.startswith(("年", "year")) else count
    return _shift(today, -months) + timedelta(days=1), today


def _relative(m: re.Match[str], today: date) -> tuple[date, date]:
    last = m.group("w") in ("上", "上个", "last", "previous")
    unit = m.group("u")
    if unit in ("周", "星期", "week"):
        monday = today - timedelta(days=today.weekday() + (7 if last else 0))
        return monday, monday + timedelta(days=6)
    if unit in ("月", "month"):
        first = _shift(today.replace(day=1), -1 if last else 0)
        return month_span(first.year, first.month)
    if unit in ("季度", "quarter"):
        index = today.year * 4 + (today.month - 1) // 3 - (1 if last else 0)
        return _quarter(index // 4, index % 4 + 1)
    year = today.year - (1 if last else 0)
    return date(year, 1, 1), date(year, 12, 31)


def _quarter(year: int, quarter: int) -> tuple[date, date]:
    return date(year, quarter * 3 - 2, 1), month_span(year, quarter * 3)[1]


def _part_of_year(m: re.Match[str], today: date) -> tuple[date, date] | None:
    """The first or the last months (quarters) of a year: 2025年前三个月, `the last 3 months of 2025`, `the last quarter of 2025`."""
    year, count = year_of(m.group("y"), today), number(m.group("n") or "1")
    months = count * (3 if m.group("u").startswith(("季", "quarter")) else 1)
    if not 1 <= months <= 12:
        return None
    if m.group("p") in ("first", "前", "头"):
        return date(year, 1, 1), month_span(year, months)[1]
    return date(year, 13 - months, 1), date(year, 12, 31)


_PLACES = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}


def _en_quarter(m: re.Match[str], today: date) -> tuple[date, date]:
    """`the first quarter of 2025`; without a year the latest that has begun."""
    quarter, year = _PLACES[m.group("q")], m.group("y") or m.group("y2")
    if year:
        return _quarter(year_of(year, today), quarter)
    return _quarter(today.year if quarter * 3 - 2 <= today.month else today.year - 1, quarter)


def _last_quarter(m: re.Match[str], today: date) -> tuple[date, date]:
    """A quarter without a year: the latest that has begun."""
    quarter = number(m.group("q") or m.group("q2"))
    return _quarter(today.year if quarter * 3 - 2 <= today.month else today.year - 1, quarter)


def _half(m: re.Match[str], today: date) -> tuple[date, date]:
    year = year_of(m.group("y"), today)
    if not m.group("y") and m.group("h") == "下" and today.month < 7:  # the latest that has begun
        year -= 1
    return (date(year, 1, 1), date(year, 6, 30)) if m.group("h") == "上" else (date(year, 7, 1), date(year, 12, 31))


def _en_month(m: re.Match[str], today: date) -> tuple[date, date]:
    month, year = MONTHS[m.group("m")], m.groupdict().get("y")
    if year == "last year":
        return month_span(today.year - 1, month)
    if year == "this year":
        return month_span(today.year, month)
    return month_span(int(year), month) if year else _recent_month(month, today)


def _en_day(m: re.Match[str], today: date) -> tuple[date, date] | None:
    month, day = MONTHS[m.group("m")], int(m.group("d"))
    year = int(m.group("y")) if m.group("y") else today.year
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    if not m.group("y") and found > today:
        found = found.replace(year=year - 1)
    return found, found


def _zh_month_day(m: re.Match[str], today: date) -> tuple[date, date] | None:
    try:
        found = date(year_of(m.group("y"), today), int(m.group("m")), int(m.group("d")))
    except ValueError:
        return None
    if not m.group("y") and found > today:
        found = found.replace(year=found.year - 1)
    return found, found


def _zh_month(m: re.Match[str], today: date) -> tuple[date, date] | None:
    month = number(m.group("m"))
    if not 1 <= month <= 12:
        return None
    return month_span(year_of(m.group("y"), today), month) if m.group("y") else _recent_month(month, today)


_TENTHS = {"上旬": (1, 10), "初": (1, 10), "early": (1, 10), "beginning of": (1, 10), "start of": (1, 10), "中旬": (11, 20), "中": (11, 20), "mid": (11, 20),
           "middle of": (11, 20), "下旬": (21, 31), "底": (21, 31), "末": (21, 31), "late": (21, 31), "end of": (21, 31),
           "first": (1, 7), "1st": (1, 7), "second": (8, 14), "2nd": (8, 14), "third": (15, 21), "3rd": (15, 21), "fourth": (22, 28), "4th": (22, 28)}  # fmt: skip


def _part_of_month(m: re.Match[str], today: date) -> tuple[date, date] | None:
    """`early May 2025`, 5月上旬, `the second week of May`; the answer names the days that were taken."""
    month = MONTHS.get(m.group("m")) or number(m.group("m"))
    if not 1 <= month <= 12:
        return None
    whole = month_span(year_of(m.group("y"), today), month) if m.group("y") else _recent_month(month, today)
    part = m.group("p")
    if part in ("last", "final"):  # the last seven days
        return whole[1] - timedelta(days=6), whole[1]
    first, last = _TENTHS[part]
    return whole[0].replace(day=first), whole[0].replace(day=min(last, whole[1].day))


def _before_last(m: re.Match[str], today: date) -> tuple[date, date]:
    if "月" in m.group(0) or "month" in m.group(0):
        first = _shift(today.replace(day=1), -2)
        return month_span(first.year, first.month)
    monday = today - timedelta(days=today.weekday() + 14)
    return monday, monday + timedelta(days=6)


def _weekday(m: re.Match[str], today: date) -> tuple[date, date]:
    """上周三, 上周末, `last weekend`: of the week before this one."""
    monday = today - timedelta(days=today.weekday() + 7)
    day = m.groupdict().get("d")
    if day is None or day == "末":
        return monday + timedelta(days=5), monday + timedelta(days=6)
    found = monday + timedelta(days=min("一二三四五六日天".index(day), 6))
    return found, found


def _en_half(m: re.Match[str], today: date) -> tuple[date, date]:
    year = year_of((m.group("y") or m.group("y2") or "").removeprefix("of ").strip(), today)
    first = (m.group("h") or m.group("h2")) in ("first", "1")
    return (date(year, 1, 1), date(year, 6, 30)) if first else (date(year, 7, 1), date(year, 12, 31))


Rule = Callable[[re.Match[str], date], tuple[date, date] | None]
_FEST = "|".join(sorted(FESTIVALS, key=len, reverse=True))
_N = r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})"
_EN_N_WORDS = r"(?P<n>\d{1,2}|one|two|three|four|five|six|seven|twelve)"
_EN_N = r"(?P<n>\d{1,3}|a|an|one|two|three|four|five|six|seven|twelve|couple of|few)?"
RULES: list[tuple[re.Pattern[str], Rule]] = [
    (re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"), _full),
    (re.compile(r"(?:(?P<y>去|今|前|\d{4})\s*年\s*)?(?<!\d)(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?的?(?P<p>上旬|中旬|下旬|初|底|末)"), _part_of_month),
    (re.compile(rf"\b(?:the\s+)?(?P<p>early|mid|late|beginning of|start of|middle of|end of)[\s-]+(?P<m>{MONTH_WORD})\b(?:,?\s+(?:of\s+)?(?P<y>\d{{4}}|last year))?"), _part_of_month),
    (re.compile(rf"\b(?:the\s+)?(?P<p>first|1st|second|2nd|third|3rd|fourth|4th|last|final) week (?:of|in) (?P<m>{MONTH_WORD})\b(?:,?\s+(?:of\s+)?(?P<y>\d{{4}}|last year))?"), _part_of_month),
    (re.compile(r"上上个?(?:月|周|星期)|\bthe (?:month|week) before last\b"), _before_last),
    (re.compile(r"上(?:个)?(?:周|星期|礼拜)(?P<d>[一二三四五六日天末])|\blast weekend\b"), _weekday),
    (re.compile(r"\b(?:the\s+)?(?P<h>first|second) half (?:of\s+)?(?P<y>\d{4}|last year|this year)|\bh(?P<h2>[12])\s+(?:of\s+)?(?P<y2>\d{4}|last year|this year)"), _en_half),
    (re.compile(r"(?P<y>\d{4}|去|今|前)\s*年\s*(?P<m>\d{1,2})月\s*(?P<d>\d{1,2})[日号]"), _zh_month_day),
    (re.compile(r"(?P<y>)(?<![\d年])(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]"), _zh_month_day),
    (re.compile(rf"(?P<m>{MONTH_WORD})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y>\d{{4}}))?(?!\d)"), _en_day),
    (re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{MONTH_WORD})\b(?:,?\s+(?P<y>\d{{4}}))?"), _en_day),
    (re.compile(rf"(?P<y>去|今|前|\d{{4}})?\s*年?\s*(?P<f>{_FEST})(?:\s+(?P<y2>\d{{4}}|last year))?"), _festival),
    (re.compile(r"(?:(?P<y>去|今|前|\d{4})\s*年?\s*的?)?(?P<h>[上下])半年(?!度?[以之]?[前后])"), _half),
    (re.compile(rf"(?P<y>去|今|前|\d{{4}})\s*年?\s*的?(?P<p>前|头|最后|后|末)\s*{_N}\s*个(?P<u>季度|月)"), _part_of_year),
    (re.compile(rf"\b(?:the\s+)?(?P<p>first|last|final)\s+(?:{_EN_N_WORDS}\s+)?(?P<u>quarters?|months?)\s+(?:of|in)\s+(?:the\s+)?(?:year\s+)?(?P<y>\d{{4}}|last year|this year)\b"), _part_of_year),
    (re.compile(r"\b(?:the\s+)?(?P<q>first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter(?:\s+(?:of|in)\s+(?P<y>\d{4}|last year|this year)|\s+(?P<y2>\d{4}))?\b"), _en_quarter),
    (re.compile(r"(?P<y>去|今|前|\d{4})?\s*年?\s*(?P<s>[春夏秋冬])[天季]"), _season),
    (re.compile(r"(?P<y>last|this)?\s*(?P<s>spring|summer|autumn|fall|winter)(?:\s+(?:of\s+)?(?P<y2>\d{4}|last year))?\b"), _season),
    (re.compile(r"(?P<y>去|今|前|\d{4})\s*年\s*(?:第)?(?P<q>[一二三四1-4])季度"),
     lambda m, t: _quarter(year_of(m.group("y"), t), number(m.group("q")))),
    (re.compile(r"第(?P<q>[一二三四1-4])季度|\bq(?P<q2>[1-4])\b(?!\s*(?:of\s+)?\d{4})(?<!\d{4} q\d)"), _last_quarter),
    (re.compile(r"q(?P<q>[1-4])\s*(?:of\s+)?(?P<y>\d{4})|(?P<y3>\d{4})\s*q(?P<q3>[1-4])"),
     lambda m, t: _quarter(int(m.group("y") or m.group("y3")), int(m.group("q") or m.group("q3")))),
    (re.compile(r"(?P<y>去|今|前|\d{4})\s*年?\s*(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?"), _zh_month),
    (re.compile(rf"\b(?P<m>{MONTH_WORD})\b\.?,?\s+(?:of\s+)?(?P<y>\d{{4}}|last year|this year)"), _en_month),
    (re.compile(rf"\b(?:in|since|before|after|during|until|of|from|to)\s+(?P<m>{MONTH_WORD})\b"), _en_month),
    (re.compile(r"(\d{4})-(\d{1,2})(?![\d-])"), lambda m, _: month_span(int(m.group(1)), int(m.group(2))) if 1 <= int(m.group(2)) <= 12 else None),
    (re.compile(rf"(?:最近|近|过去)\s*{_N}\s*个?(?P<u>天|日|周|星期|月|年)"), _back),
    (re.compile(r"(?:最近|近|过去)半年"), lambda _, t: (_shift(t, -6) + timedelta(days=1), t)),
    (re.compile(rf"\b(?:last|past|previous)\s+{_EN_N}\s*(?P<u>days|weeks|months|years)\b"), _back),
    (re.compile(r"(?:past|last)\s+half[- ]year"), lambda _, t: (_shift(t, -6) + timedelta(days=1), t)),
    (re.compile(r"(?P<w>上个|上|这个|这|本)(?P<u>周|星期|月|季度)(?![一二三四五六日])份?"), _relative),
    (re.compile(r"\b(?P<w>last|this|previous)\s+(?P<u>week|month|quarter|year)\b"), _relative),
    (re.compile(r"今天|\btoday\b"), lambda _, t: (t, t)),
    (re.compile(r"昨天|\byesterday\b"), lambda _, t: (t - timedelta(days=1), t - timedelta(days=1))),
    (re.compile(r"前天"), lambda _, t: (t - timedelta(days=2), t - timedelta(days=2))),
    (re.compile(r"(去|今|前)年"), lambda m, t: (date(year_of(m.group(1), t), 1, 1), date(year_of(m.group(1), t), 12, 31))),
    (re.compile(r"(?<!\d)(20\d{2})\s*(?:一整年|全年|整年|年度)"), lambda m, _: (date(int(m.group(1)), 1, 1), date(int(m.group(1)), 12, 31))),
    (re.compile(r"(?<![\d\w.-])([12]\d)年(?!级|来|多|前|以前|货|的?老)"), lambda m, _: (date(2000 + int(m.group(1)), 1, 1), date(2000 + int(m.group(1)), 12, 31))),
    (re.compile(r"(?<![\dA-Za-z_])(20\d{2}|19\d{2})\s*年"), lambda m, _: (date(int(m.group(1)), 1, 1), date(int(m.group(1)), 12, 31))),
    (re.compile(r"(?<![A-Za-z\d_.-])(20[0-3]\d|199\d)(?![A-Za-z\d_-]|\.\w|\s*(?:元|块|刀|件|个|分|款|版|份|次|单))"), lambda m, _: (date(int(m.group(1)), 1, 1), date(int(m.group(1)), 12, 31))),
    (re.compile(r"(?<![\d年])(?P<y>)(?P<m>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?:份)"), _zh_month),
    (re.compile(r"(?<![\d年个])(?P<y>)(?P<m>1[0-2]|[1-9])月"), _zh_month),
    (re.compile(r"(?<![\d年个两几十])(?P<y>)(?P<m>十[一二]|[一二三四五六七八九十])月(?![饼亮子光经薪球花])"), _zh_month),
]  # fmt: skip

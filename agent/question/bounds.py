"""Amounts of money as conditions: "orders over 500 CNY", 不到 50 美元的, "between $20 and $40"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.question.dates import number

_SIGN = r"[$¥￥]"
_NUM = r"\d[\d,]*(?:\.\d+)?"
_UNIT = r"(?:元|块钱?|人民币|刀|美元|美金|欧元|usd|cny|rmb|eur|yuan|dollars?|bucks|euros?)"
_ORDERS_ZH = r"(?=\s*(?:以上|以下|以内)?的?(?:大|小)?(?:订单|单子?|笔|消费))"
_MONEY = rf"(?:{_SIGN}\s*({{n}})|({{n}})\s*{_UNIT}|{_UNIT}\s*({{n}})|({{n}}){_ORDERS_ZH})".replace("{n}", _NUM)
_BARE = rf"(?:{_SIGN}\s*)?({_NUM})(?:\s*{_UNIT})?"
_AFTER_ORDERS = r"\b(?:orders?|purchases?|baskets?)\s+(?:(?:that|which|of|worth|were|are|was|is|came|cost|costing|totall?ing|to|valued|at)\s+){0,3}"


def _re(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


@dataclass(frozen=True)
class Bounds:
    """The least and the most that is asked for, in major units; `strict` when the bound itself does not count."""

    low: float | None
    high: float | None
    strict: bool
    currency: str | None


_BETWEEN = _re(
    rf"(?:\b(?:between|from)\s+|从|在)?{_BARE}\s*(?:and|to|-|–|~|到|至)\s*{_BARE}(?:\s*(?:之间|范围))?"
)  # only where one of the two says that it is money
_RULES: tuple[tuple[re.Pattern[str], str, bool], ...] = (
    # pattern, which bound, strict
    (_re(rf"(?:不超过|至多|最多|不大于|不高于)\s*{_MONEY}|\b(?:at most|up to|no more than|not more than)\s+{_MONEY}"), "high", False),
    (_re(rf"(?:至少|不低于|不少于|满|达到)\s*{_MONEY}|\b(?:at least|no less than|from)\s+{_MONEY}"), "low", False),
    (_re(rf"(?:超过|大于|多于|高于|贵过)\s*{_MONEY}|\b(?:over|above|more than|exceed(?:s|ing|ed)?|upwards? of|bigger than|larger than|beyond)\s+{_MONEY}|>\s*{_MONEY}"), "low", True),
    (_re(rf"(?:不到|低于|小于|少于|不足)\s*{_MONEY}|\b(?:under|below|less than|cheaper than|smaller than)\s+{_MONEY}|<\s*{_MONEY}"), "high", True),
    (_re(rf"{_MONEY}\s*(?:钱)?(?:及|或)?(?:以上|往上)|{_MONEY}\s+(?:or|and) (?:more|up|above|over)\b|{_MONEY}\s*\+"), "low", False),
    (_re(rf"{_MONEY}\s*(?:钱)?(?:及|或)?(?:以下|以内)|{_MONEY}\s+or (?:less|under|below)\b"), "high", False),
    (_re(rf"{_AFTER_ORDERS}(?:over|above|more than|exceeding|bigger than|larger than)\s+({_NUM})(?!\s*(?:\w*\s)?(?:items?|lines?|pieces?|products?|things?|days?|weeks?|months?|years?|stars?|%))"), "low", True),
    (_re(rf"{_AFTER_ORDERS}(?:at least)\s+({_NUM})(?!\s*(?:\w*\s)?(?:items?|lines?|pieces?|products?|things?|days?|weeks?|months?|years?|stars?|%))"), "low", False),
    (_re(rf"{_AFTER_ORDERS}(?:under|below|less than)\s+({_NUM})(?!\s*(?:\w*\s)?(?:items?|lines?|pieces?|products?|things?|days?|weeks?|months?|years?|stars?|%))"), "high", True),
)  # fmt: skip
_CURRENCIES = (
    ("USD", _re(r"usd|美元|美金|刀|dollar|bucks|\$")),
    ("EUR", _re(r"eur|欧元")),
    ("CNY", _re(r"cny|rmb|yuan|人民币|元|块|¥|￥")),
)


def read(text: str) -> Bounds | None:
    """The amounts that a question sets as a condition; None when it sets none."""
    found = _found(text)
    return found[0] if found else None


def without(text: str) -> str:
    """The question without the words of that condition."""
    found = _found(text)
    return text[: found[1]] + " " + text[found[2] :] if found else text


def _found(text: str) -> tuple[Bounds, int, int] | None:
    both = _BETWEEN.search(text)
    if both and currency(both.group(0)):
        ends = sorted(_number(one) for one in both.groups() if one)
        return Bounds(ends[0], ends[-1], False, currency(both.group(0))), both.start(), both.end()
    for pattern, side, strict in _RULES:
        found = pattern.search(text)
        if found:
            value = _number(next(one for one in found.groups() if one))
            is_low = side == "low"
            return (
                Bounds(value if is_low else None, None if is_low else value, strict, currency(found.group(0))),
                found.start(),
                found.end(),
            )
    return None


def currency(text: str) -> str | None:
    """The currency that words of money name."""
    return next((code for code, cue in _CURRENCIES if cue.search(text)), None)


def _number(text: str) -> float:
    return float(text.replace(",", ""))


_WORDED = re.compile(
    r"\b(?P<en>more than|over|at least) (?P<n>once|twice|one|two|three|four|five|a single)\b"
    r"|(?P<zh>不止|超过|大于|多于|不少于|至少)(?P<m>[一二两三四五六七八九十])(?=[次件笔单个条])"
    r"|(?P<up>[一二两三四五六七八九十])(?=[次件笔单个条](?:及)?以上)",
    re.IGNORECASE,
)
_EN = {"once": 1, "twice": 2, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "a single": 1}


def in_digits(question: str) -> str:
    """The question with its bounds as digits: "more than once" is more than 1, 不止一次 is 超过1次."""

    def digits(found: re.Match[str]) -> str:
        if found["en"]:
            return f"{found['en'].lower()} {_EN[found['n'].lower()]}"
        if found["zh"]:
            return f"{'超过' if found['zh'] == '不止' else found['zh']}{number(found['m'])}"
        return str(number(found["up"]))

    return _WORDED.sub(digits, question)

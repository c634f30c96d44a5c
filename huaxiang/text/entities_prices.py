"""Prices as people write them, in digits and in words, with their currency."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER = r"\d[\d,]*(?:\.\d{1,2})?"
_CURRENCY = {
    "¥": "CNY", "￥": "CNY", "元": "CNY", "块": "CNY", "块钱": "CNY", "人民币": "CNY", "rmb": "CNY", "cny": "CNY", "$": "USD", "us$": "USD", "usd": "USD",
    "dollar": "USD", "dollars": "USD", "buck": "USD", "bucks": "USD", "美元": "USD", "美金": "USD", "美刀": "USD", "hk$": "HKD", "hkd": "HKD", "港币": "HKD",
    "港元": "HKD", "nt$": "TWD", "台币": "TWD", "日元": "JPY", "円": "JPY", "€": "EUR", "欧元": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP",
    "英镑": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "c$": "CAD", "ca$": "CAD", "a$": "AUD", "au$": "AUD",
}  # fmt: skip
_AFTER_KUAI = r"(?![\u4e00-\u9fff]|\d)|块(?=[的左右多以就也还买到起上下内都一没不能吧呢吗啊了])"
"""A 块 is money unless it counts pieces of what follows (三块布)."""
_UNIT = rf"元(?!素|旦|宵|气|件|老|音)|块钱|块{_AFTER_KUAI}|人民币|rmb|cny|usd|dollars?|bucks?|美元|美金|美刀|港币|港元|台币|日元|円|欧元|eur|euros?|英镑|pounds?|quid|gbp|[€£¥￥]"
_PRICE = re.compile(
    rf"(?<![a-z])(?P<sign>(?:us|hk|nt|au|ca|[ac])?\$|[¥￥€£]|usd|rmb|cny|hkd|eur|gbp|港币|美元|美金|人民币|台币|日元|欧元|英镑) ?(?P<a>{_NUMBER})(?P<am>[k万千](?![a-z]))?(?!\d)"
    rf"|(?P<j>\d{{1,6}})块(?P<jiao>[1-9一二两三四五六七八九])(?![\d\u4e00-\u9fff])"
    rf"|(?<![\d.])(?P<b>{_NUMBER})(?P<bm>[k万千])?[多来]? ?(?P<unit>{_UNIT})(?![a-z])"
    r"|(?:(?<=价)|(?<=花了)|(?<=卖)|(?<=才)|(?<=只要))(?P<c>\d+(?:\.\d+)?)(?P<cm>[万千])"
    rf"|(?P<d>[一二两三四五六七八九十][一二两三四五六七八九十百千万零]{{0,8}})[多来]?(?P<dunit>块钱|元(?!素|旦|宵|气|件|老|音)|块{_AFTER_KUAI})"
    r"|\b(?P<e>ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|(?:a|one|two|three|four|five|six|seven|eight|nine) (?:hundred|thousand)) "
    r"(?P<eunit>dollars|bucks|euros|pounds|quid)\b",
    re.IGNORECASE,
)  # fmt: skip
_TIMES = {"k": 1000, "千": 1000, "万": 10_000}
_DIGIT = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_TEN = {"十": 10, "百": 100, "千": 1000}
_WORDS = dict(zip("ten twenty thirty forty fifty sixty seventy eighty ninety".split(), range(10, 100, 10), strict=True))
_SMALL = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
_WEIGHS = re.compile(r"(?:weigh\w*|los[et]|losing|gain\w*|dropped|up to|holds?)(?: \w+)? $")


def prices(line: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, value) of each price of a line in the spelling of `plain`; the value is "CNY 199.00"."""
    for found in _PRICE.finditer(line):
        amount, unit = _read(found)
        if unit.startswith("pound") and _WEIGHS.search(line[max(0, found.start() - 20) : found.start()]):
            continue
        if found["d"] == "一" and unit == "块":  # 一块: together
            continue
        yield *found.span(), f"{_CURRENCY[unit]} {amount:.2f}"


def _read(found: re.Match[str]) -> tuple[float, str]:
    if found["j"]:
        jiao = found["jiao"]
        return int(found["j"]) + (int(jiao) if jiao.isdigit() else _DIGIT[jiao]) / 10, "块"
    if found["d"]:
        return float(chinese_number(found["d"])), found["dunit"]
    if found["e"]:
        count, _, much = found["e"].lower().rpartition(" ")
        amount = float(_SMALL[count] * (100 if much == "hundred" else 1000) if count else _WORDS[much])
        return amount, found["eunit"].lower()
    for number, times, unit in (("a", "am", "sign"), ("b", "bm", "unit"), ("c", "cm", None)):
        if found[number]:
            amount = float(found[number].replace(",", "")) * _TIMES.get((found[times] or "").lower(), 1)
            return amount, found[unit].lower() if unit else "元"
    raise AssertionError("a price without a number")


def chinese_number(text: str) -> int:
    """一百五十 is 150, 两千三 is 2300, 三万五 is 35000; of what is no number, what its parts come to."""
    total, part, last, unit = 0, 0, 0, 0
    for char in text:
        if char == "万":
            total, part, last, unit = (total + part + last) * 10_000, 0, 0, 10_000
        elif char in _TEN:
            part, last, unit = part + (last or 1) * _TEN[char], 0, _TEN[char]
        else:
            last = _DIGIT[char]
            if last == 0:
                unit = 0
    return total + part + (last * unit // 10 if unit > 10 else last)

"""Words of a question that bound what is asked for and that nothing here reads: days, exceptions."""

from __future__ import annotations

import re

from agent.question.dates import Range

_DATE_WORDS = re.compile(
    r"[上中下]旬|[月年][初中底末](?!奖)|上上个?|周末|(?:周|星期|礼拜)[一二三四五六日天]|春节|过年|端午|中秋|七夕|清明|元宵|第[一二三四五\d]周|财年|前几[天周]|几(?:天|周|个月)前|下(?:周|个?月|个?季度)|明年|后天|明天"
    r"|(?<![\d.])\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\d/])|\b(?:early|late|end of|beginning of|start of|first half of|second half of) (?:the |last |this )?(?:year|month|quarter|week)\b|\b(?:first|second|third|fourth) (?:week|fortnight|quarter)\b|\bfortnight\b"
    r"|\b(?:days?|weeks?|months?|years?) (?:ago|before last)\b|\beaster\b|\bthanksgiving\b|\bvalentine\w*|\b(?:chinese|lunar) new year\b|\bramadan\b|\bdiwali\b|\bhanukkah\b|\bfiscal\b|\bfy ?\d+|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\bweekends?\b"
    r"|\bq[1-4]\b|\b(?:on|by|until|since|before|after) the \d{1,2}(?:st|nd|rd|th)\b|\bnext (?:week|month|year)\b|\btomorrow\b",
    re.IGNORECASE,
)


_EXCEPT = re.compile(
    r"除(?:了|去|开)?[^,，。?？]{1,16}?(?:以外|之外|外)|除了|(?<!算)(?<!包括)(?<!含)不(?:算|包括|含|计)|刨(?:去|除)|\b(?:other than|apart from|except(?: for)?|excluding|besides|not counting)\b",
    re.IGNORECASE,
)
_N = r"(?:\d+|[一二三四五六七八九十两几])"
_HALF_READ = re.compile(
    rf"[前后头]{_N}个?(?:月|季度?|周|星期|天)|最[初后]{_N}个?(?:月|季度?|周|天)|第?[一二三四1-4]季度?|{_N}月份?[和及与、]{_N}月"
    r"|\b(?:first|last|final|second|third|fourth|1st|2nd|3rd|4th) (?:\w+ )?(?:months?|quarters?|weeks?|days?|half) of (?:the )?(?:last |this |next )?(?:\d{4}|year|month|january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\bby the (?:end|start|beginning|middle) of (?:the )?(?:last |this )?(?:\d{4}|year|month|\w+)\b|\bq[1-4]\b",
    re.IGNORECASE,
)
"""Spans of days of which a rule may read a part: the year of "the first quarter of 2025"."""


_UNKEPT = re.compile(r"取消|撤销|未付款|没付款|\bcancel\w*|\bunpaid\b|\babandon\w*", re.IGNORECASE)
"""What no order on record says of itself."""
_OF_THINGS = re.compile(
    r"\b(?:spen[dt]|spending|paid|pay|laid out|lay out|shelled out)\b(?: \w+)? on (?P<a>(?!both\b|each\b|either\b|double\b|black friday|christmas|singles|any\b|what\b|a\b|an\b|average\b|orders?\b|us\b|our\b|it\b|everything|all\b|this\b|that\b|the\b|that\b|[a-z]+day\b)[a-z]+(?: [a-z]+)?)"
    r"|\bhow many (?P<b>(?!times|orders?\b|items?\b|things|products?\b|units|pieces|different|distinct|unique|of\b|days|months|weeks|years|reviews|returns|tickets|messages|stars|dollars|separate|more\b|online|total|purchases|kinds|sorts|parcels|in\b)[a-z]+(?: [a-z]+)?) (?:did|has|have)\b.{0,40}\b(?:buy|bought|ordered|order|purchased?)\b"
    r"|在(?P<c>[\u4e00-\u9fff]{1,6}?)(?:上|方面)(?:一共|总共)?(?:花|用|消费)|买(?P<d>[\u4e00-\u9fff]{1,6}?)(?:一共|总共|共)?花(?:了|掉|过)",
    re.IGNORECASE,
)
_ANYTHING = re.compile(r"^(?:东西|商品|产品|货|单|我们|咱们|这里|那里|这|店|本店|网|平台|年|月|.*年)$")


def unkept(question: str) -> list[str]:
    """Words for what no record here holds ("cancelled orders"): a count of orders would answer another question."""
    return [one.group(0) for one in _UNKEPT.finditer(question)]


def sorts_of_things(question: str) -> list[str]:
    """The things that a question for money or a count is narrowed to: "toys" of "spent on toys"."""
    found = [next(part for part in one.groups() if part) for one in _OF_THINGS.finditer(question)]
    return [one for one in found if not _ANYTHING.match(one)]


def half_read(question: str, span: Range | None) -> list[str]:
    """Words about days of which `span` is only a part: a record of the other days would be told for theirs."""
    if span is None:
        return []
    start = question.lower().find(span.phrase)
    end = start + len(span.phrase) if start >= 0 else -1
    found = [one for one in _HALF_READ.finditer(question) if not (start <= one.start() and one.end() <= end)]
    return [one.group(0) for one in found if start - 1 <= one.end() and one.start() <= end + 1]


def exceptions(question: str) -> list[str]:
    """The words that leave something out ("other than books"): no figure here heeds them."""
    return [one.group(0) for one in _EXCEPT.finditer(question)]


def date_words(question: str, span: Range | None) -> list[str]:
    """The words about days that `span` was not read from: a figure that ignored them would answer another question."""
    start = question.lower().find(span.phrase) if span else -1
    end = start + len(span.phrase) if span and start >= 0 else -1
    found = [one for one in _DATE_WORDS.finditer(question) if not (start <= one.start() and one.end() <= end)]
    return list(dict.fromkeys([*(one.group(0) for one in found), *half_read(question, span)]))

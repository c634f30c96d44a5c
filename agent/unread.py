"""Words of a question that speak of days and that no rule of `agent.dates` reads."""

from __future__ import annotations

import re

from agent.dates import Range

_DATE_WORDS = re.compile(
    r"[上中下]旬|[月年][初中底末](?!奖)|上上个?|周末|(?:周|星期|礼拜)[一二三四五六日天]|春节|过年|端午|中秋|七夕|清明|元宵|第[一二三四五\d]周|财年|前几[天周]|几(?:天|周|个月)前|下(?:周|个?月|个?季度)|明年|后天|明天"
    r"|(?<![\d.])\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\d/])|\b(?:early|late|end of|beginning of|start of|first half of|second half of) (?:the |last |this )?(?:year|month|quarter|week)\b|\b(?:first|second|third|fourth) (?:week|fortnight|quarter)\b|\bfortnight\b"
    r"|\b(?:days?|weeks?|months?|years?) (?:ago|before last)\b|\beaster\b|\bthanksgiving\b|\bvalentine\w*|\b(?:chinese|lunar) new year\b|\bramadan\b|\bdiwali\b|\bhanukkah\b|\bfiscal\b|\bfy ?\d+|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\bweekends?\b"
    r"|\bq[1-4]\b|\b(?:on|by|until|since|before|after) the \d{1,2}(?:st|nd|rd|th)\b|\bnext (?:week|month|year)\b|\btomorrow\b",
    re.IGNORECASE,
)


def date_words(question: str, span: Range | None) -> list[str]:
    """The words about days that `span` was not read from: a figure that ignored them would answer another question."""
    start = question.lower().find(span.phrase) if span else -1
    end = start + len(span.phrase) if span and start >= 0 else -1
    found = [one for one in _DATE_WORDS.finditer(question) if not (start <= one.start() and one.end() <= end)]
    return list(dict.fromkeys(one.group(0) for one in found))

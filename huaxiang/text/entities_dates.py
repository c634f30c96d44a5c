"""Dates as people write them, Chinese and English: calendar days, days counted from today, weekdays and feasts."""

from __future__ import annotations

import re

_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_WHOLE = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_DAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_COUNT = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|a few|several|(?:a )?couple (?:of )?)"
_ZH_COUNT = r"(?:\d{1,3}|[一二两三四五六七八九十半几]{1,3})"
_FEASTS = (
    "双十一|双十二|双11|双12|(?<![\\d号码])618(?!\\d)(?=[囤买大活促节的入时那下]|$)|黑五|年货节|元旦|春节|除夕|元宵节?|过年|端午节?|七夕|中秋节?|国庆节?|劳动节|儿童节|教师节|"
    "圣诞节?|母亲节|父亲节|情人节|妇女节|女神节"
)  # fmt: skip
_MARK = r"['\u2019]?"

DATE = re.compile(
    r"(?<!\d)\d{4}[-/.年] ?\d{1,2}(?:[-/.月] ?\d{1,2}[日号]?|月)|(?<!\d)\d{1,2}月\d{1,2}[日号]?|(?<!\d)\d{1,2}月份?(?!\d)"
    r"|(?:(?<=[在到于从等])|(?<!\d))\d{1,2}号(?=[到下发收就晚早上中才买寄送签前后])(?!线|楼)"
    rf"|{_ZH_COUNT}个?(?:天|星期|周|礼拜|月|年|小时)(?:之|以)?[前后](?!面)|前(?:几|两|些)天|前阵子|前段时间"
    r"|(?:上|这|下|本)个?(?:周末|(?:周|星期|礼拜)[一二三四五六日天]?)|(?:周|星期|礼拜)[一二三四五六日天]"
    r"|大?前天|昨[天晚]|今[天晚早]|明[天晚早](?!显)|大?后天|周末|(?:上|这|下|本)个?月|去年|今年|明年|前年"
    rf"|{_FEASTS}"
    rf"|\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,? \d{{4}})?\b|\b\d{{1,2}}(?:st|nd|rd|th)?,? (?:of )?{_MONTH}(?:,? \d{{4}})?(?![a-z])"
    rf"|(?:(?<=\bin )|(?<=\bsince )|(?<=\blast )|(?<=\bnext )|(?<=\bby )|(?<=\buntil )){_WHOLE}(?: \d{{4}})?\b"
    r"|(?<![\d/])\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?![\d/])"
    rf"|\b{_COUNT} ?(?:day|week|month|year|hour)s? ago\b|\b(?:yesterday|today|tomorrow|tonight|last night|this (?:morning|afternoon|evening))\b"
    rf"|\b(?:last|this|next) (?:week(?:end)?|month|year|spring|summer|autumn|fall|winter|{_DAY})\b|\b(?:on )?{_DAY}\b"
    rf"|\b(?:christmas(?: eve)?|black friday|cyber monday|prime day|boxing day|mother{_MARK}s day|father{_MARK}s day|valentine{_MARK}s day"
    rf"|new year{_MARK}s(?: eve| day)?|easter|thanksgiving|halloween)\b",
    re.IGNORECASE,
)  # fmt: skip
"""Over a line in the spelling of `entities_features.plain`."""

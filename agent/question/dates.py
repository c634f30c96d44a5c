"""Dates in a question, in Chinese and English, resolved against the shop's clock. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from agent.question.date_rules import FESTIVALS, MONTH_WORD, MONTHS, RULES, month_span, number, year_of

__all__ = ["FEAST", "Range", "month_span", "number", "occurrences", "resolve", "resolve_one"]


@dataclass(frozen=True)
class Range:
    """Days from `since` to `until`, both included; None is open. `phrase` is the words it was read from."""

    since: date | None
    until: date | None
    phrase: str


def resolve(question: str, today: date) -> Range | None:
    """The span of days a question speaks of, or None. "last order" is no date, "last month" is."""
    text = question.lower()
    between = _months(text, today) or _between(text, today)
    if between:
        return _ended(between, today)
    for pattern, rule in RULES:
        found = pattern.search(text)
        if found:
            span = rule(found, today)
            if span is not None:
                return _ended(_direction(text, found, Range(span[0], span[1], found.group(0).strip())), today)
    return None


def _ended(span: Range, today: date) -> Range:
    """A span that has begun ends today at the latest: nothing is known of the days to come."""
    begun = span.since is not None and span.since <= today
    return replace(span, until=today) if begun and span.until is not None and span.until > today else span


_EVERY = re.compile(
    r"两(?:次|个|年|届)|2(?:次|个|年)|历(?:次|年)|每(?:次|年|个)|各(?:次|年)|所有|\b(?:both|two|each|every|all)\b",
    re.IGNORECASE,
)


FEAST = re.compile("|".join([*map(re.escape, FESTIVALS), r"double (?:11|eleven)s?"]), re.IGNORECASE)
"""The name of a feast, which names no item."""


def occurrences(question: str, today: date, years: int = 3) -> list[Range]:
    """The days of a feast in each of the last years, oldest first, where a question means several (两次双十一, "both Black Fridays")."""
    text = question.lower()
    plural = re.search(r"\b(?:christmases|black fridays|double 11s|double elevens|new years|halloweens)\b", text)
    if not (_EVERY.search(text) or plural):
        return []
    double = re.search(r"double (?:11|eleven)", text)
    name = next((one for one in FESTIVALS if one in text), "双十一" if double else None)
    if name is None:
        return []
    shown = double.group(0) if double else name
    m1, d1, m2, d2 = FESTIVALS[name]
    named = sorted({int(one) for one in re.findall(r"(?<!\d)(20\d{2})(?!\d)", text)})
    chosen = named or [year for year in range(today.year - years + 1, today.year + 1) if date(year, m1, d1) <= today]
    return [Range(date(year, m1, d1), date(year, m2, d2), f"{year} {shown}") for year in chosen]


def _direction(text: str, found: re.Match[str], span: Range) -> Range:
    """`since March`, `before Christmas`, 三月以后, 去年以前 open one side."""
    lead = re.match(r"(since|after|from|before|until|to)\s", found.group(0))
    start = found.start() + (lead.end() if lead else 0)
    before, after = text[max(0, start - 12) : start], text[found.end() : found.end() + 4]
    if re.search(r"(since|after|from)\s*(the\s+)?$", before) or re.match(
        r"\s*(以来|之后|以后|后|起|到现在|至今|到今天|到目前)|\s*(so far|to date|until now|till now|to now)",
        text[found.end() : found.end() + 12],
    ):
        return Range(span.since, None, span.phrase)
    if re.search(r"(before|until|till|prior to)\s*(the\s+)?$", before) or re.match(
        r"\s*(以前|之前|前(?![一二三四五六七八九十两几\d]))", after
    ):
        return Range(None, span.since - timedelta(days=1) if span.since else span.until, span.phrase)
    return span


def _between(text: str, today: date) -> Range | None:
    found = re.search(
        r"(?:\b(?:between|from)\s+|从\s*)(.{2,20}?)(?:\s+(?:and|to|until)\s+|\s*[到至]\s*)(.{2,20}?)(?:[?,。？,.]|之间|的|$|\s(?:did|has|what|how|were|was|do))",
        text,
    )
    if not found:
        return None
    second = resolve_one(f"in {found.group(2)}", today)
    year = re.search(r"(19|20)\d{2}", found.group(1) + found.group(2))
    undated = not re.search(r"(19|20)\d{2}|年", found.group(1))
    first = resolve_one(f"in {found.group(1)} {year.group(0) if year and undated else ''}".strip(), today)
    if first is None or second is None:
        return None
    return Range(first[0], second[1], found.group(0).strip())


def _months(text: str, today: date) -> Range | None:
    """`jan to dec 2025`, `march - may 2026`, 3月至5月."""
    found = re.search(
        rf"\b({MONTH_WORD})\.?\s*(?:to|-|–|until|through|and|till)\s*(?:end of\s+)?({MONTH_WORD})\b\.?,?\s*(\d{{4}})?",
        text,
    )
    if found:
        first, last, year = MONTHS[found.group(1)], MONTHS[found.group(2)], found.group(3)
    else:
        found = re.search(r"(?:(\d{4}|今|去|前)年)?(\d{1,2})月?(?:份)?(?:到|至|-|~)(\d{1,2})月", text)
        if not found or not (1 <= int(found.group(2)) <= 12 and 1 <= int(found.group(3)) <= 12):
            return None
        first, last, year = int(found.group(2)), int(found.group(3)), found.group(1)
    end = year_of(year, today) if year else (today.year if first <= today.month else today.year - 1)
    start = end if first <= last else end - 1
    return Range(date(start, first, 1), month_span(end, last)[1], found.group(0).strip())


def resolve_one(phrase: str, today: date) -> tuple[date, date] | None:
    """The first date expression in `phrase` as (first day, last day)."""
    for pattern, rule in RULES:
        found = pattern.search(phrase)
        if found:
            return rule(found, today)
    return None

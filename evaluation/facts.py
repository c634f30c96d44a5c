"""Facts as they stand in an answer: numbers, days, names. Pure functions; what two ways of writing share is decided here."""

from __future__ import annotations

import re
from datetime import date

_NUMBER = re.compile(r"(?<![\d.\-])\d[\d,]*(?:\.\d+)?(?![\d\-])")
_ID = re.compile(r"(?<![A-Za-z])[A-Za-z]{1,2}\d+")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_ZH = re.compile(r"(?<!\d)(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|《[^》]*》|\"[^\"]*\"")
_NAMED = re.compile(r"[\u4e00-\u9fff]+\s*[(（][A-Z]{1,2}\d+")
"""A Chinese name with its id behind it."""
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(\d{{4}})", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})", re.IGNORECASE)


def numbers(text: str) -> set[float]:
    """Every number of the text, thousands' commas removed; parts of days and of ids (`K008`, `OE-12`) are none."""
    return {float(one.replace(",", "")) for one in _NUMBER.findall(_ID.sub(" ", text))}


def days(text: str) -> set[date]:
    """Every whole day that is named: `2026-05-03`, `2026年5月3日`, `3 May 2026`, `May 3, 2026`."""
    parts = [(one[0], one[1], one[2]) for pattern in (_ISO, _ZH) for one in pattern.findall(text)]
    parts += [(year, str(_month(month)), day) for day, month, year in _DAY_FIRST.findall(text)]
    parts += [(year, str(_month(month)), day) for month, day, year in _MONTH_FIRST.findall(text)]
    found = set()
    for year, month, day in parts:
        try:
            found.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found


def appears(wanted: str | tuple[str, ...], text: str) -> bool:
    """Whether the text says it: digits alone are compared as numbers, all else as a substring, case apart.

    Of several alternatives one is enough.
    """
    if not isinstance(wanted, str):
        return any(appears(one, text) for one in wanted)
    if re.fullmatch(r"\d+(\.\d+)?", wanted):
        return float(wanted) in numbers(text)
    return wanted.lower() in text.lower()


def named(name: str | tuple[str, ...], text: str) -> bool:
    """Whether somebody is named: as `appears`, but a Latin name must stand as whole words (`Li` is not in `like`)."""
    if not isinstance(name, str):
        return any(named(one, text) for one in name)
    if not name.isascii():
        return name in text
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text, re.IGNORECASE) is not None


def language_of(text: str) -> str | None:
    """`zh` or `en`, whichever the words outside quotation marks are mostly of; None when there are no words.

    Chinese is counted in runs, English in lower-case words, and names with their ids not at all, so that names of the other
    language do not decide.
    """
    plain = _NAMED.sub(" ", _QUOTED.sub(" ", text))
    han = len(re.findall(r"[\u4e00-\u9fff]+", plain))
    latin = len(re.findall(r"(?<![A-Za-z])[a-z]{2,}", plain))
    if not han and not latin:
        return "en" if re.search("[A-Za-z]{2,}", plain) else None
    return "zh" if han >= latin else "en"


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1

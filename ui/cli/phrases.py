"""Fixed wordings in another language: a template is matched with what it was filled with, so nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache


def phrase(table: Mapping[str, str], text: str) -> str:
    """A text as the table words it, or the text itself.

    A key may hold `…` for what was filled in; the value has `{0}`, `{1}` … in its place. What was filled in is itself
    worded where the table has it. Of several that fit, the one with the most words of its own is meant.
    """
    if text in table:
        return table[text]
    fitting = [one for one in table if "…" in one and _pattern(one).fullmatch(text)]
    if not fitting:
        return text
    closest = max(fitting, key=lambda one: len(one.replace("…", "")))  # the most words of its own
    found = _pattern(closest).fullmatch(text)
    assert found is not None
    return table[closest].format(*(phrase(table, one) for one in found.groups()))


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, template.split("…"))), re.DOTALL)

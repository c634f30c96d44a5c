"""Fixed wordings in another language: a template is matched with what it was filled with, so nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache


def phrase(table: Mapping[str, str], text: str) -> str:
    """A text as the table words it, or the text itself.

    A key may hold `…` for what was filled in; the value has `{0}`, `{1}` … in its place. What was filled in is itself
    worded where the table has it.
    """
    if text in table:
        return table[text]
    for template, words in table.items():
        if "…" in template and (found := _pattern(template).fullmatch(text)):
            return words.format(*(table.get(one, one) for one in found.groups()))
    return text


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, template.split("…"))), re.DOTALL)

"""Spellings of a word that count as the same: the field pack's names, synonyms, the other language."""

from __future__ import annotations

import re

from agent.answer.context import Context
from agent.question import dictionary, words
from agent.question.cues import EXTRA
from huaxiang.schema.pack import FieldPack, load_pack

_TABLES: dict[tuple[str, int], dict[str, tuple[str, ...]]] = {}


def _groups(pack: FieldPack) -> dict[str, tuple[str, ...]]:
    """Every spelling in the pack → all spellings of the same value (羊毛 → wool, merino …)."""
    key = (pack.name, pack.version)
    if key not in _TABLES:
        _TABLES[key] = _group_table(pack)
    return _TABLES[key]


def _group_table(pack: FieldPack) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for vocabulary in pack.vocabularies.values():
        for term in vocabulary.values():
            spellings = tuple(one.lower() for one in term.spellings)
            for one in spellings:
                table.setdefault(one, spellings)
    return table


def spellings(word: str, pack: FieldPack) -> tuple[str, ...]:
    """Ways to write a question's word, in both languages; the word itself first."""
    found = [word, *_groups(pack).get(word, ())]
    for group in EXTRA:
        if (
            word in group
            or words.stem(word) in group
            or (not word.isascii() and any(one in word for one in group if not one.isascii() and len(one) > 1))
        ):
            found.extend(group)
    found.extend(dictionary.translations(word))
    return tuple(dict.fromkeys(found))


def contains(text: str, word: str, stems: set[str]) -> bool:
    """Whether a (lower-cased) text has this word: CJK by substring, English by stem, phrases by substring."""
    if not word.isascii():
        return word in text
    return word in text if " " in word else words.stem(word) in stems


def stems_of(text: str) -> set[str]:
    """Stems of the English words of a text."""
    return {words.stem(word) for word in re.findall(r"[a-z][a-z'-]+", text.lower())}


def pack_of(context: Context) -> FieldPack:
    """The shop's field pack."""
    return load_pack(context.deps.shop.settings.packs, context.deps.shop.folder)

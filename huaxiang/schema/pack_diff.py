"""What changed between two versions of a field pack, setting by setting, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

from huaxiang.schema.pack_model import FieldPack, FieldSpec

_SILENT = {"name", "was"}


class Change(BaseModel):
    """One difference. `breaks` tells that stored values may no longer fit."""

    model_config = ConfigDict(frozen=True)
    what: Literal["field", "setting", "value", "spelling"]
    how: Literal["added", "removed", "changed", "renamed"]
    place: str
    detail: str = ""
    breaks: bool = False


def diff(old: FieldPack, new: FieldPack) -> list[Change]:
    """Every difference from `old` to `new`: fields, their settings, values of vocabularies, and spellings."""
    return [*_fields(old, new), *_words(old, new)]


def _fields(old: FieldPack, new: FieldPack) -> Iterator[Change]:
    renamed = {before: name for name, spec in new.fields.items() for before in spec.was if before in old.fields}
    for name, spec in old.fields.items():
        if name in new.fields:
            yield from _settings(name, spec, new.fields[name])
        elif name in renamed:
            yield Change(what="field", how="renamed", place=name, detail=renamed[name])
        else:
            yield Change(what="field", how="removed", place=name, breaks=True)
    for name in new.fields:
        if name not in old.fields and name not in renamed.values():
            yield Change(what="field", how="added", place=name)


def _settings(name: str, old: FieldSpec, new: FieldSpec) -> Iterator[Change]:
    for setting in FieldSpec.model_fields:
        before, after = getattr(old, setting), getattr(new, setting)
        if before == after or setting in _SILENT:
            continue
        narrower = setting in ("type", "pattern") or (setting == "bases" and not set(before) <= set(after))
        narrower = narrower or (setting == "open" and before and not after)
        detail = "" if isinstance(before, dict) else f"{_short(before)} → {_short(after)}"
        yield Change(what="setting", how="changed", place=f"{name}.{setting}", detail=detail, breaks=bool(narrower))


def _words(old: FieldPack, new: FieldPack) -> Iterator[Change]:
    for vocabulary in sorted(old.vocabularies.keys() | new.vocabularies.keys()):
        before, after = old.vocabularies.get(vocabulary, {}), new.vocabularies.get(vocabulary, {})
        renamed = {one: value for value, term in after.items() for one in term.was if one in before}
        for value, term in before.items():
            place = f"{vocabulary}.{value}"
            if value not in after:
                how: Literal["renamed", "removed"] = "renamed" if value in renamed else "removed"
                yield Change(
                    what="value", how=how, place=place, detail=renamed.get(value, ""), breaks=value not in renamed
                )
                continue
            for spelling in sorted(set(term.spellings) - set(after[value].spellings)):
                yield Change(what="spelling", how="removed", place=place, detail=spelling)
            for spelling in sorted(set(after[value].spellings) - set(term.spellings)):
                yield Change(what="spelling", how="added", place=place, detail=spelling)
        for value in after:
            if value not in before and value not in renamed.values():
                yield Change(what="value", how="added", place=f"{vocabulary}.{value}")


def _short(setting: object) -> str:
    words = ", ".join(map(str, setting)) if isinstance(setting, tuple) else str(setting)
    return words if len(words) <= 60 else words[:59] + "…"

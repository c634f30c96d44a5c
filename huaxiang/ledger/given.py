"""A value as a person types it, in the form of its field: `yes`, `500 CNY`, `42.5`, `羊毛`."""

from __future__ import annotations

import re
from typing import Any

from huaxiang.errors import DataError
from huaxiang.schema.pack import FieldPack

_YES, _NO = {"yes", "true", "y", "1", "是", "对", "有"}, {"no", "false", "n", "0", "否", "不", "没有"}
_MONEY = re.compile(r"(?P<amount>\d[\d,]*(?:\.\d{1,2})?)\s*(?P<currency>[A-Za-z]{3})?")


def read_value(pack: FieldPack, name: str, text: str, *, currency: str = "") -> Any:
    """The value that a person typed for this field.

    Args:
        pack: the shop's.
        name: a field of it.
        text: what was typed.
        currency: of amounts that name none.

    Raises:
        DataError: no such field (`undeclared-field`), or not a value of it (`bad-value`).
    """
    spec, words = pack.field(name), text.strip()
    value: Any = words
    if spec.type == "number":
        value = float(words) if re.fullmatch(r"-?\d+(\.\d+)?", words) else None
        value = int(value) if value is not None and value.is_integer() else value
    elif spec.type == "boolean":
        value = {True: True, False: None}[words.lower() in _YES] if words.lower() not in _NO else False
    elif spec.type == "money":
        value = _money(words, currency)
    elif spec.type in ("enum", "set", "text"):
        value = words if words in pack.terms(name) else pack.canonical(name, words) or words
        if name == "clothing_size":
            value = words.upper()
    try:
        return pack.check_value(name, value)
    except DataError as error:
        known = list(pack.terms(name)) if spec.vocabulary and not spec.open else []
        hints = {
            "number": "a number, e.g. 42.5", "boolean": "yes or no", "money": "an amount with its currency, e.g. '500 CNY'",
            "date": "a day, e.g. 2026-06-30", "enum": f"one of: {', '.join(known)}",
        }  # fmt: skip
        raise DataError(
            f"that is no value of field {name!r}", hint=hints.get(spec.type, str(error.hint)), code="bad-value"
        ) from None


def _money(words: str, currency: str) -> dict[str, int] | None:
    match = _MONEY.fullmatch(words)
    if match is None:
        return None
    code = (match.group("currency") or currency or "?").upper()
    return {code: round(float(match.group("amount").replace(",", "")) * 100)}

"""JSON from a model: the grammar that forces it (local server) and the check that it fits (everywhere)."""

from __future__ import annotations

import json
from typing import Any

from agent.llm.base import Schema


def grammar(schema: Schema) -> str:
    """`schema` as an llguidance grammar without white space: half the tokens of `response_format`, which indents."""
    tight = {
        **schema,
        "x-guidance": {"whitespace_flexible": False, "item_separator": ",", "key_separator": ":"},
    }
    return "%llguidance {}\nstart: %json " + json.dumps(tight, ensure_ascii=False)


def parse(text: str, schema: Schema) -> Any:
    """The JSON value in `text` if it fits `schema`.

    A fenced block or words around one object are tolerated, since endpoints without constraints add them.

    Raises:
        ValueError: no JSON, or it does not fit; the message names the place, never the content.
    """
    value = _loads(text)
    check(value, schema)
    return value


def check(value: Any, schema: Schema, where: str = "value") -> None:
    """Raise ValueError unless `value` fits the part of JSON schema that this project uses."""
    if "anyOf" in schema:
        _check_any(value, schema["anyOf"], where)
        return
    if "const" in schema and value != schema["const"]:
        raise ValueError(f"{where} is not the one value allowed")
    if "enum" in schema and value not in schema["enum"]:
        raise ValueError(f"{where} is not one of the {len(schema['enum'])} values allowed")
    kind = schema.get("type")
    if kind is not None and not _is(value, kind):
        raise ValueError(f"{where} is not of type {kind}")
    if isinstance(value, list):
        _check_list(value, schema, where)
    elif isinstance(value, dict):
        _check_object(value, schema, where)


def _check_any(value: Any, choices: list[Schema], where: str) -> None:
    for choice in choices:
        try:
            check(value, choice, where)
        except ValueError:
            continue
        return
    raise ValueError(f"{where} fits none of {len(choices)} forms")


def _check_list(value: list[Any], schema: Schema, where: str) -> None:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        raise ValueError(f"{where} has {len(value)} entries")
    for number, one in enumerate(value):
        check(one, schema.get("items", {}), f"{where}[{number}]")


def _check_object(value: dict[str, Any], schema: Schema, where: str) -> None:
    known = schema.get("properties", {})
    missing = [name for name in schema.get("required", ()) if name not in value]
    if missing:
        raise ValueError(f"{where} lacks {', '.join(missing)}")
    if schema.get("additionalProperties") is False and set(value) - set(known):
        raise ValueError(f"{where} has fields that are not declared")
    for name, part in known.items():
        if name in value:
            check(value[name], part, f"{where}.{name}")


_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip


def _is(value: Any, kind: str | list[str]) -> bool:
    kinds = [kind] if isinstance(kind, str) else kind
    if isinstance(value, bool):
        return "boolean" in kinds
    return any(isinstance(value, _TYPES.get(one, (object,))) for one in kinds)


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        start = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=-1)
        end = max(text.rfind("}"), text.rfind("]"))
        if start < 0 or end <= start:
            raise ValueError("no JSON in the answer") from None
        try:
            return json.loads(text[start : end + 1])
        except ValueError:
            raise ValueError("not JSON") from None

"""A field pack compiled: to a pydantic model of a profile's plain values, and to a JSON schema."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from huaxiang.schema.pack_model import FieldPack
from huaxiang.schema.trait import Trait

_PYTHON: dict[str, Any] = {
    "number": float, "boolean": bool, "date": str, "enum": str, "set": str, "money": dict[str, int], "text": str,
}  # fmt: skip


def profile_model(pack: FieldPack) -> type[BaseModel]:
    """A pydantic model of a profile's plain values, one optional attribute a field (sets are lists)."""
    members: dict[str, Any] = {}
    for spec in pack.fields.values():
        inner: Any = _PYTHON[spec.type]
        if spec.type == "enum" or (spec.type == "set" and not spec.open):
            inner = Literal[tuple(pack.terms(spec.name))]
        kind: Any = list[inner] | None if spec.type == "set" else inner | None
        members[spec.name] = (kind, Field(None, title=spec.en, description=f"{spec.zh} · {', '.join(spec.bases)}"))
    title = "".join(part.title() for part in pack.name.split("+"))
    return create_model(f"{title}Profile", __config__=ConfigDict(extra="forbid"), **members)


def json_schema(pack: FieldPack) -> dict[str, Any]:
    """JSON schema of a whole exported profile: the traits' shape and the fields' plain values."""
    from huaxiang.schema.trait import Profile

    schema = Profile.model_json_schema()
    schema["$id"] = f"huaxiang/profile/{pack.name}@{pack.version}"
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$defs"]["Trait"]["properties"]["name"]["enum"] = list(pack.fields)
    schema["$defs"]["values"] = profile_model(pack).model_json_schema()
    return schema


def values_of(pack: FieldPack, traits: tuple[Trait, ...]) -> dict[str, Any]:
    """Plain values by field name from held traits about the customer; sets become lists."""
    plain: dict[str, Any] = {}
    for trait in traits:
        if trait.for_whom is not None:
            continue
        if pack.field(trait.name).type == "set":
            plain.setdefault(trait.name, []).append(trait.value)
        else:
            plain[trait.name] = trait.value
    return plain

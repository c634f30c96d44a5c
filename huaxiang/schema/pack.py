"""Field packs: which fields a profile may hold, compiled from YAML to checked models and a JSON schema."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from huaxiang.errors import ConfigError, DataError
from huaxiang.schema.trait import Basis, Trait

FieldType = Literal["number", "boolean", "date", "enum", "set", "money", "text"]
Merge = Literal["latest", "most-trusted", "union", "range", "counter"]
PACK_FOLDER = Path(__file__).resolve().parent.parent / "packs"
_PYTHON: dict[str, Any] = {
    "number": float, "boolean": bool, "date": str, "enum": str, "set": str, "money": dict[str, int], "text": str,
}  # fmt: skip


class Term(BaseModel):
    """One known value: its labels and other spellings."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: str
    en: str
    also: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way to write the value, labels first."""
        return (self.zh, self.en, *self.also)


class FieldSpec(BaseModel):
    """One field of a pack; the comments of `packs/retail.yaml` explain each setting."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    zh: str
    en: str
    type: FieldType
    merge: Merge
    half_life_days: float | None = Field(None, gt=0, description="days until a statement weighs half; None: never ages")
    bases: tuple[Basis, ...] = Field(min_length=1)
    polarity: Literal["positive", "negative", "none"] = "none"
    opposes: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    open: bool = False
    pattern: str | None = None
    derived: bool = Field(False, description="the value follows from a named rule and need not be in the quote")
    about_others: bool = Field(False, description="naming another person is the field's meaning (buys_for)")
    request: bool = Field(False, description="a wish for the future; a condition in the sentence does not void it")
    cues: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        """The field's name for people."""
        return self.zh if language == "zh" else self.en


class FieldPack(BaseModel):
    """The fields a shop keeps, with the words for their values."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    version: int
    label: dict[str, str]
    fields: dict[str, FieldSpec]
    vocabularies: dict[str, dict[str, Term]]

    @functools.cached_property
    def _index(self) -> dict[str, dict[str, str]]:
        return {
            name: {
                spelling.casefold(): value for value, term in self.terms(name).items() for spelling in term.spellings
            }
            for name in self.fields
        }

    def field(self, name: str) -> FieldSpec:
        """The field of this name.

        Raises:
            DataError: the pack does not declare it (`undeclared-field`).
        """
        try:
            return self.fields[name]
        except KeyError:
            raise DataError(
                f"the field pack {self.name!r} declares no field {name!r}",
                hint=f"add it to the pack, or use one of: {', '.join(list(self.fields)[:8])} …",
                code="undeclared-field",
            ) from None

    def terms(self, name: str) -> dict[str, Term]:
        """Known values of a field, all its vocabularies together."""
        found: dict[str, Term] = {}
        for vocabulary in self.field(name).vocabulary:
            for value, term in self.vocabularies[vocabulary].items():
                found.setdefault(value, term)
        return found

    def canonical(self, name: str, words: str) -> str | None:
        """The known value these words spell exactly; None when there is none."""
        return self._index.get(name, {}).get(words.strip().casefold())

    def spellings_of(self, name: str, value: object) -> tuple[str, ...]:
        """Every way to write this value of this field; the value itself when it is not a known one."""
        term = self.terms(name).get(str(value))
        return term.spellings if term else (str(value),)

    def value_label(self, name: str, value: Any, language: str) -> str:
        """A value as people read it."""
        term = self.terms(name).get(value) if isinstance(value, str) else None
        if term is not None:
            return term.zh if language == "zh" else term.en
        if isinstance(value, bool):
            return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
        if isinstance(value, dict):
            from huaxiang.store.render import money

            return (";" if language == "zh" else "; ").join(
                money(int(v), k if k != "?" else None) for k, v in value.items()
            )
        if isinstance(value, float):
            return f"{value:g}"
        return str(value)

    def check_value(self, name: str, value: Any) -> Any:
        """The value in the field's type.

        Raises:
            DataError: undeclared field, or a value of the wrong type (`bad-value`); the value is not repeated.
        """
        spec = self.field(name)
        good = {
            "number": isinstance(value, int | float) and not isinstance(value, bool),
            "boolean": isinstance(value, bool),
            "date": isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)),
            "money": isinstance(value, dict) and bool(value) and all(isinstance(v, int) for v in value.values()),
            "enum": isinstance(value, str) and value in self.terms(name),
            "set": isinstance(value, str) and bool(value) and (spec.open or value in self.terms(name)),
            "text": isinstance(value, str) and bool(value),
        }[spec.type]
        if good and spec.pattern and not re.fullmatch(spec.pattern, str(value)):
            good = False
        if not good:
            raise DataError(
                f"not a value of field {name!r} (type {spec.type})", hint="see docs/profile.md", code="bad-value"
            )
        return value


def load_pack(name: str, folder: Path | None = None) -> FieldPack:
    """The field pack of this name, from the shop's `packs/` folder or the shipped ones.

    Args:
        name: e.g. `retail`.
        folder: a shop's folder; `folder/packs/NAME.yaml` wins over the shipped pack.

    Raises:
        ConfigError: no such pack, or one that does not hold together (the message names the place).
    """
    for base in ([Path(folder) / "packs"] if folder else []) + [PACK_FOLDER]:
        path = base / f"{name}.yaml"
        if path.is_file():
            return _load(path, path.stat().st_mtime_ns)
    shipped = ", ".join(sorted(p.stem for p in PACK_FOLDER.glob("*.yaml")))
    raise ConfigError(
        f"no field pack {name!r}", hint=f"set [shop] field_pack to one of: {shipped}", code="no-such-pack"
    )


def parse_pack(data: Mapping[str, Any], *, where: str) -> FieldPack:
    """Check a pack's data; ConfigError names what is wrong and where."""
    try:
        defaults = data.get("defaults") or {}
        fields = {key: FieldSpec(name=key, **{**defaults, **value}) for key, value in data["fields"].items()}
        pack = FieldPack(
            name=data["pack"], version=data["version"], label=data["label"], fields=fields,
            vocabularies=data.get("vocabularies") or {},
        )  # fmt: skip
    except KeyError as error:
        raise ConfigError(f"{where}: {error.args[0]!r} is missing", hint="compare with packs/retail.yaml") from error
    except (ValidationError, TypeError) as error:
        detail = error.errors()[0]["loc"] if isinstance(error, ValidationError) else error
        raise ConfigError(f"{where}: not a field pack ({detail})", hint="compare with packs/retail.yaml") from error
    for spec in fields.values():
        unknown = [v for v in spec.vocabulary if v not in pack.vocabularies] + [
            o for o in spec.opposes if o not in fields
        ]
        if unknown:
            raise ConfigError(f"{where}: field {spec.name!r} refers to {unknown}", hint="define it in the same pack")
    return pack


def profile_model(pack: FieldPack) -> type[BaseModel]:
    """A pydantic model of a profile's plain values, one optional attribute a field (sets are lists)."""
    members: dict[str, Any] = {}
    for spec in pack.fields.values():
        inner: Any = _PYTHON[spec.type]
        if spec.type == "enum" or (spec.type == "set" and not spec.open):
            inner = Literal[tuple(pack.terms(spec.name))]
        kind: Any = list[inner] | None if spec.type == "set" else inner | None
        members[spec.name] = (kind, Field(None, title=spec.en, description=f"{spec.zh} · {', '.join(spec.bases)}"))
    return create_model(f"{pack.name.title()}Profile", __config__=ConfigDict(extra="forbid"), **members)


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


@functools.lru_cache(maxsize=8)
def _load(path: Path, _mtime: int) -> FieldPack:
    try:
        # libyaml reads the pack ten times faster than the pure Python loader, where it is there
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: not valid YAML", hint="check indentation and quotes") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{path.name}: not a field pack", hint="compare with packs/retail.yaml")
    return parse_pack(data, where=path.name)

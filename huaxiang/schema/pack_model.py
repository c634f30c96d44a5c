"""What a field pack is: fields, the words for their values, and the questions code asks of them."""

from __future__ import annotations

import functools
import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from huaxiang.errors import DataError
from huaxiang.schema.trait import Basis

FieldType = Literal["number", "boolean", "date", "enum", "set", "money", "text"]
Merge = Literal["latest", "most-trusted", "union", "range", "counter"]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
Sensitivity = Literal["ordinary", "personal", "restricted"]


class Term(BaseModel):
    """One known value: its labels and other spellings; `was` names values it replaces in an older version of the pack."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: str = Field(min_length=1, max_length=80)
    en: str = Field(min_length=1, max_length=80)
    also: tuple[str, ...] = ()
    was: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way to write the value, labels first."""
        return (self.zh, self.en, *self.also)


class FieldSpec(BaseModel):
    """One field of a pack; the comments of `packs/retail.yaml` explain each setting."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")
    zh: str = Field(min_length=1, max_length=80)
    en: str = Field(min_length=1, max_length=80)
    type: FieldType
    merge: Merge
    half_life_days: float | None = Field(None, gt=0, description="days until a statement weighs half; None: never ages")
    bases: tuple[Basis, ...] = Field(min_length=1)
    polarity: Literal["positive", "negative", "none"] = "none"
    opposes: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    open: bool = False
    pattern: str | None = Field(None, max_length=200)
    derived: bool = Field(False, description="the value follows from a named rule and need not be in the quote")
    about_others: bool = Field(False, description="naming another person is the field's meaning (buys_for)")
    request: bool = Field(False, description="a wish for the future; a condition in the sentence does not void it")
    cues: tuple[str, ...] = ()
    needs_cue: bool = Field(False, description="a stated value needs a cue or a rule too; naming it alone is no fact")
    say: dict[Literal["zh", "en"], tuple[str, ...]] = Field(
        default_factory=dict, description="how customers say it, `{value}` for the value and `…` for a few words"
    )
    say_not: dict[Literal["zh", "en"], tuple[str, ...]] = Field(
        default_factory=dict, description="how they say the opposite of a yes/no field"
    )
    sensitivity: Sensitivity = "ordinary"
    roles: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    was: tuple[str, ...] = Field((), description="names the field had in older versions of the pack")

    def label(self, language: str) -> str:
        """The field's name for people."""
        return self.zh if language == "zh" else self.en

    def visible_to(self, role: str, purpose: str) -> bool:
        """Whether somebody in this role may see the field for this purpose; `admin` sees all, no list means no limit."""
        return role == "admin" or (
            (not self.roles or role in self.roles) and (not self.purposes or purpose in self.purposes)
        )


class FieldPack(BaseModel):
    """The fields a shop keeps, with the words for their values."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    version: int = Field(ge=1)
    label: dict[str, str]
    fields: dict[str, FieldSpec]
    vocabularies: dict[str, dict[str, Term]]

    @functools.cached_property
    def _terms(self) -> dict[str, dict[str, Term]]:
        found: dict[str, dict[str, Term]] = {}
        for name, spec in self.fields.items():
            terms = found.setdefault(name, {})
            for vocabulary in spec.vocabulary:
                for value, term in self.vocabularies[vocabulary].items():
                    terms.setdefault(value, term)
        return found

    @functools.cached_property
    def _index(self) -> dict[str, dict[str, str]]:
        return {
            name: {spelling.casefold(): value for value, term in terms.items() for spelling in term.spellings}
            for name, terms in self._terms.items()
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
        """Known values of a field, all its vocabularies together; not to be changed."""
        self.field(name)
        return self._terms[name]

    def canonical(self, name: str, words: str) -> str | None:
        """The known value these words spell exactly; None when there is none."""
        return self._index.get(name, {}).get(words.strip().casefold())

    def spellings_of(self, name: str, value: object) -> tuple[str, ...]:
        """Every way to write this value of this field; the value itself when it is not a known one."""
        term = self.terms(name).get(str(value))
        return term.spellings if term else (str(value),)

    def visible(self, role: str, purpose: str) -> tuple[str, ...]:
        """Names of the fields somebody in this role may see for this purpose, in the pack's order."""
        return tuple(name for name, spec in self.fields.items() if spec.visible_to(role, purpose))

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
        kind, good = spec.type, False
        if kind == "number":
            good = isinstance(value, int | float) and not isinstance(value, bool)
        elif kind == "boolean":
            good = isinstance(value, bool)
        elif kind == "date":
            good = isinstance(value, str) and _DAY.fullmatch(value) is not None
        elif kind == "money":
            good = isinstance(value, dict) and bool(value) and all(isinstance(v, int) for v in value.values())
        elif isinstance(value, str):
            known = kind == "text" or (kind == "set" and spec.open) or value in self._terms[name]
            good = bool(value) and known
        if good and spec.pattern and not re.fullmatch(spec.pattern, str(value)):
            good = False
        if not good:
            raise DataError(
                f"not a value of field {name!r} (type {spec.type})", hint="see docs/profile.md", code="bad-value"
            )
        return value

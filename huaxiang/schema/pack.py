"""Field packs: which fields a profile may hold, read from YAML and checked before anything trusts them.

The models are in `pack_model`, reading files in `pack_files`, compiling to pydantic and JSON schema in `pack_compile`;
all public names can be had from here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from huaxiang.errors import ConfigError
from huaxiang.schema import pack_files
from huaxiang.schema.pack_compile import json_schema, profile_model, values_of
from huaxiang.schema.pack_files import PACK_FOLDER
from huaxiang.schema.pack_model import FieldPack, FieldSpec, FieldType, Merge, Term
from huaxiang.schema.sensitive import SENSITIVE_FIELDS, is_sensitive

__all__ = [
    "PACK_FOLDER", "FieldPack", "FieldSpec", "FieldType", "Merge", "Term", "json_schema", "load_pack", "parse_pack",
    "profile_model", "values_of",
]  # fmt: skip
_COMPARE = "compare with packs/retail.yaml; docs/fields.md explains it"


def load_pack(names: str | Sequence[str], folder: Path | None = None) -> FieldPack:
    """The field pack of this name, or several put together, from the shop's `packs/` folder or the shipped ones.

    Args:
        names: e.g. `retail`, `retail+beauty`, or a list of names; what a pack extends comes with it.
        folder: a shop's folder; `folder/packs/NAME.yaml` wins over the shipped pack.

    Raises:
        ConfigError: no such pack, a circle of packs, or one that does not hold together (the message names the place).
    """
    wanted = tuple(names.split("+") if isinstance(names, str) else names)
    root = Path(folder) if folder else None
    # the files are looked at each time (a shop may change its pack while the desk runs), but read only when changed
    stamp = _stamp(wanted, root)
    return _load(stamp)


def parse_pack(data: Mapping[str, Any], *, where: str) -> FieldPack:
    """Check a pack's data; ConfigError names what is wrong and where."""
    try:
        if not isinstance(data["fields"], Mapping):
            raise TypeError("fields")
        defaults = data.get("defaults") or {}
        fields = {key: FieldSpec(name=key, **{**defaults, **value}) for key, value in data["fields"].items()}
        pack = FieldPack(
            name=data["pack"], version=data["version"], label=data["label"], fields=fields,
            vocabularies=data.get("vocabularies") or {},
        )  # fmt: skip
    except KeyError as error:
        raise ConfigError(f"{where}: {error.args[0]!r} is missing", hint=_COMPARE, code="bad-pack") from error
    except (ValidationError, TypeError) as error:
        raise ConfigError(f"{where}: not a field pack ({_place(error)})", hint=_COMPARE, code="bad-pack") from error
    for problem in problems_of(pack):
        raise ConfigError(f"{where}: {problem}", hint=_COMPARE, code="bad-pack")
    for spec in fields.values():
        _refuse_sensitive(spec, where)
    return pack


def problems_of(pack: FieldPack) -> Iterable[str]:
    """What is wrong with a pack whose parts are each well-formed, as sentences."""
    for spec in pack.fields.values():
        unknown = [v for v in spec.vocabulary if v not in pack.vocabularies] + [
            o for o in spec.opposes if o not in pack.fields
        ]
        if unknown:
            yield f"field {spec.name!r} refers to {unknown}, which no pack defines"
            continue
        if spec.type == "enum" and not spec.vocabulary:
            yield f"field {spec.name!r} is an enum without a vocabulary"
        if spec.pattern is not None and not _safe_pattern(spec.pattern):
            yield f"the pattern of field {spec.name!r} is not a regular expression, or may run for ever"
        yield from _doubled_spellings(pack, spec)
        for templates in (*spec.say.values(), *spec.say_not.values()):
            yield from (f"field {spec.name!r}: {problem}" for problem in _template_problems(spec, templates))


def _doubled_spellings(pack: FieldPack, spec: FieldSpec) -> Iterable[str]:
    seen: dict[str, str] = {}
    for value, term in pack.terms(spec.name).items():
        for spelling in term.spellings:
            if seen.setdefault(spelling.casefold(), value) != value:
                yield f"field {spec.name!r}: {spelling!r} spells both {seen[spelling.casefold()]!r} and {value!r}"


def _template_problems(spec: FieldSpec, templates: tuple[str, ...]) -> Iterable[str]:
    for template in templates:
        if len(template) > 240 or template.count("…") > 3:
            yield "a `say` template is longer than 240 characters or has more than three gaps"
        if re.sub(r"\{value\}", "", template).count("{"):
            yield "a `say` template knows only {value}"
        if spec.type == "boolean" and "{value}" in template:
            yield "a yes/no field has no {value} in its `say` templates"
        if spec.type != "boolean" and "{value}" not in template:
            yield "a `say` template needs {value}"
        if template.count("[") != template.count("]") or template.count("(") != template.count(")"):
            yield "a `say` template has a bracket too many"


def _safe_pattern(pattern: str) -> bool:
    """Whether it compiles and repeats nothing that repeats: (a+)+ takes exponential time."""
    try:
        re.compile(pattern)
        import re._parser as parser  # type: ignore[import-not-found]

        return not _nested_repeat(parser.parse(pattern), inside=False)
    except (re.error, RecursionError, OverflowError):
        return False


def _nested_repeat(tree: Any, *, inside: bool) -> bool:
    for op, argument in tree:
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            unbounded = argument[1] > 100
            if inside and unbounded:
                return True
            if _nested_repeat(argument[2], inside=inside or unbounded):
                return True
        else:
            parts = [argument[-1]] if name == "SUBPATTERN" else argument[1] if name == "BRANCH" else []
            if any(_nested_repeat(one, inside=inside) for one in parts):
                return True
    return False


def _refuse_sensitive(spec: FieldSpec, where: str) -> None:

    if SENSITIVE_FIELDS.search(spec.name) or any(is_sensitive(one) for one in (spec.zh, spec.en)):
        raise ConfigError(
            f"{where}: field {spec.name!r} is sensitive; no pack may declare it",
            hint="health, religion, politics, ethnicity, sexuality, exact places and children are not profiled",
            code="sensitive-field",
        )


def _place(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}, in {error.title}"
    return str(error)[:120]


def _stamp(names: tuple[str, ...], folder: Path | None) -> tuple[tuple[Path, int], ...]:
    return tuple((path, path.stat().st_mtime_ns) for path in _files(names, folder, _seen(names, folder)))


def _seen(names: tuple[str, ...], folder: Path | None) -> tuple[int, ...]:
    """Times of change of every file a name could mean: what `extends` says is only read again when one changed."""
    return tuple(
        path.stat().st_mtime_ns
        for base in ([folder / "packs"] if folder else []) + [PACK_FOLDER]
        if base.is_dir()
        for path in (base, *sorted(base.glob("*.yaml")))
    )


@functools.lru_cache(maxsize=64)
def _files(names: tuple[str, ...], folder: Path | None, _changed: tuple[int, ...]) -> tuple[Path, ...]:
    return tuple(pack_files.files_of(names, folder))


@functools.lru_cache(maxsize=16)
def _load(files: tuple[tuple[Path, int], ...]) -> FieldPack:
    parts = [(path.name, pack_files.read(path)) for path, _ in files]
    if len(parts) == 1:
        data = {key: value for key, value in parts[0][1].items() if key != "extends"}
        return parse_pack(data, where=parts[0][0])
    for where, data in parts:
        for name in ("pack", "version", "label", "fields"):
            if name not in data:
                raise ConfigError(f"{where}: {name!r} is missing", hint=_COMPARE, code="bad-pack")
    return parse_pack(pack_files.combine(parts), where=", ".join(where for where, _ in parts))

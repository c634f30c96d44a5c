"""Pack files: hostile YAML is refused, packs that extend others are put together, a circle is named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from huaxiang.errors import ConfigError

PACK_FOLDER = Path(__file__).resolve().parent.parent / "packs"
MAX_BYTES, MAX_DEPTH, MAX_NODES = 1_000_000, 24, 60_000
"""A pack larger or deeper than this is no pack: the shipped ones have 40 kB and depth 6."""
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_COMPARE = "compare with packs/retail.yaml; docs/fields.md explains it"
# libyaml reads a pack ten times faster than the pure Python loader, where it is there
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FIXED = ("type", "merge")


def find(name: str, folder: Path | None) -> Path:
    """The file of this pack: `folder/packs/NAME.yaml`, else the shipped one.

    Raises:
        ConfigError: a name that is no plain word (`bad-pack`), or no such file (`no-such-pack`).
    """
    if NAME.fullmatch(name):
        for base in ([Path(folder) / "packs"] if folder else []) + [PACK_FOLDER]:
            path = base / f"{name}.yaml"
            if path.is_file():
                return path
    shipped = ", ".join(available(folder))
    raise ConfigError(
        f"no field pack {name[:60]!r}", hint=f"set [profile] packs to some of: {shipped}", code="no-such-pack"
    )


def available(folder: Path | None = None) -> list[str]:
    """Names of the shipped packs and of the shop's own."""
    bases = [PACK_FOLDER] + ([Path(folder) / "packs"] if folder else [])
    return sorted({path.stem for base in bases for path in base.glob("*.yaml") if NAME.fullmatch(path.stem)})


def files_of(names: tuple[str, ...], folder: Path | None) -> list[Path]:
    """The files of these packs and of all they extend, those extended first, each once.

    Raises:
        ConfigError: packs that extend each other in a circle (`pack-cycle`), an unknown pack, a file that is no pack.
    """
    order: list[Path] = []
    done: dict[str, Path] = {}

    def visit(name: str, trail: tuple[str, ...]) -> None:
        """Take a pack after those it extends; `trail` is how it was come to."""
        if name in trail:
            circle = " → ".join((*trail[trail.index(name) :], name))
            raise ConfigError(
                f"field packs extend each other in a circle: {circle}", hint="drop one `extends`", code="pack-cycle"
            )
        if name in done:
            return
        path = find(name, folder)
        for other in _extends(read(path), path.name):
            visit(other, (*trail, name))
        done[name] = path
        order.append(path)

    for name in names:
        visit(name, ())
    return order


def read(path: Path) -> dict[str, Any]:
    """A pack file's data.

    Raises:
        ConfigError: too large, not YAML, too deep, with aliases, tags or doubled keys (`bad-pack`).
    """
    if path.stat().st_size > MAX_BYTES:
        raise _bad(f"{path.name}: larger than {MAX_BYTES:,} bytes")
    try:
        text = path.read_text(encoding="utf-8")
        _scan(text, path.name)
        loader = _LOADER(text)
        try:
            node = loader.get_single_node()
            _no_doubles(node, path.name)
            data = loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        raise ConfigError(
            f"{path.name}: not valid YAML{where}", hint="check indentation and quotes", code="bad-pack"
        ) from error
    if not isinstance(data, dict):
        raise _bad(f"{path.name}: not a field pack")
    return data


def combine(parts: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """One pack's data from several, later ones over earlier ones.

    A later pack may add fields, refine a field (its settings replace those of the same name, but for type and merge
    policy), add values to a vocabulary, and add spellings to a value.

    Raises:
        ConfigError: two packs disagree on a field's type or merge policy (`pack-conflict`), or a part is no mapping.
    """
    fields: dict[str, dict[str, Any]] = {}
    words: dict[str, dict[str, Any]] = {}
    for where, data in parts:
        defaults = _mapping(data.get("defaults"), where, "defaults")
        for name, given in _mapping(data.get("fields"), where, "fields").items():
            spec = _mapping(given, where, f"fields.{name}")
            if name not in fields:
                fields[name] = {**defaults, **spec}
                continue
            for setting in _FIXED:
                if setting in spec and spec[setting] != fields[name].get(setting):
                    raise ConfigError(
                        f"{where}: field {str(name)!r} has another {setting} in a pack before it",
                        hint="give the field another name, or the same type and merge policy", code="pack-conflict",
                    )  # fmt: skip
            fields[name] |= spec
        for vocabulary, terms in _mapping(data.get("vocabularies"), where, "vocabularies").items():
            known = words.setdefault(vocabulary, {})
            for value, given in _mapping(terms, where, f"vocabularies.{vocabulary}").items():
                term = _mapping(given, where, f"vocabularies.{vocabulary}.{value}")
                before = known.get(value, {})
                also = [*before.get("also", ()), *(term.get("also") or ())]
                known[value] = {**before, **term, **({"also": also} if also else {})}
    own = [data for _, data in parts if "pack" in data]
    return {
        "pack": "+".join(str(data["pack"]) for data in own),
        "version": sum(v if isinstance(v := data.get("version"), int) else 0 for data in own),
        "label": _labels(own),
        "fields": fields,
        "vocabularies": words,
    }


def _labels(parts: list[Mapping[str, Any]]) -> dict[str, str]:
    names = [_mapping(data.get("label"), str(data.get("pack")), "label") for data in parts]
    return {
        "zh": "、".join(str(one.get("zh", "")) for one in names),
        "en": ", ".join(str(one.get("en", "")) for one in names),
    }


def _extends(data: Mapping[str, Any], where: str) -> tuple[str, ...]:
    given = data.get("extends") or ()
    names = (given,) if isinstance(given, str) else given
    if not isinstance(names, list | tuple) or not all(isinstance(one, str) for one in names):
        raise _bad(f"{where}: 'extends' is a list of pack names")
    return tuple(names)


def _scan(text: str, where: str) -> None:
    """Refuse what makes a small file a large one, before anything is built from it."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        if isinstance(event, yaml.AliasEvent):
            raise _bad(f"{where}: aliases (*name) are not allowed in a pack")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH or count > MAX_NODES:
            raise _bad(f"{where}: too deep or too large")


def _no_doubles(root: yaml.Node | None, where: str) -> None:
    todo = [root] if root is not None else []
    while todo:
        node = todo.pop()
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if str(key.value) in seen:
                    line = key.start_mark.line + 1
                    raise _bad(f"{where}: the same key twice (line {line})")
                seen.add(str(key.value))
                todo.append(value)
        elif isinstance(node, yaml.SequenceNode):
            todo.extend(node.value)


def _mapping(given: Any, where: str, what: str) -> Mapping[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise _bad(f"{where}: {what[:80]!r} must be a mapping")
    return given


def _bad(message: str) -> ConfigError:
    return ConfigError(message, hint=_COMPARE, code="bad-pack")

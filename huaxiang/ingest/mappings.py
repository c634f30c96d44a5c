"""Saved column mappings in `shop.toml`, one block a file name: written with care for what else the file holds."""

from __future__ import annotations

import fnmatch
import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huaxiang import config
from huaxiang.errors import ConfigError, StoreError
from huaxiang.store.shop import Shop


def saved_for(shop: Shop, name: str) -> dict[str, Any]:
    """The mapping saved for a file of this name (or of a pattern such as `orders-*.csv`); empty when there is none."""
    saved = config.load(shop.folder).settings.mappings
    if name in saved:
        return dict(saved[name])
    return next((dict(block) for pattern, block in saved.items() if fnmatch.fnmatchcase(name, pattern)), {})


def save(shop: Shop, name: str, *, kind: str, format: str, columns: Mapping[str, str]) -> None:
    """Write (or replace) the mapping of one file name; every other setting and comment stays as it is.

    Raises:
        ConfigError: the file could not be changed without changing other settings; it is left as it was.
        StoreError: the file cannot be written.
    """
    path = shop.folder / config.SHOP_FILE
    before = path.read_text(encoding="utf-8")
    block = [f"[mappings.{_quoted(name)}]", f"kind = {_quoted(kind)}", f"format = {_quoted(format)}"]
    inner = ", ".join(f"{_quoted(field)} = {_quoted(source)}" for field, source in sorted(columns.items()))
    block.append(f"columns = {{ {inner} }}" if inner else "columns = {}")
    lines = _without(before.splitlines(), block[0])
    after = "\n".join([*lines, *([""] if lines and lines[-1].strip() else []), *block]) + "\n"
    expected = tomllib.loads(before)
    expected.setdefault("mappings", {})[name] = {"kind": kind, "format": format, "columns": dict(columns)}
    try:
        right = tomllib.loads(after) == expected
    except tomllib.TOMLDecodeError:
        right = False
    if not right:
        raise ConfigError(
            f"cannot add a mapping to {config.SHOP_FILE} without changing the rest of it",
            hint=f"add these lines by hand: {' / '.join(block)}",
            code="mapping-not-saved",
        )
    _replace(path, after)


def _without(lines: list[str], header: str) -> list[str]:
    kept: list[str] = []
    inside = False
    for line in lines:
        if line.strip().startswith("["):
            inside = line.strip() == header
        if not inside or line.strip().startswith("#"):
            kept.append(line)
    return kept


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _replace(path: Path, text: str) -> None:
    part = path.with_suffix(".toml.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StoreError(
            f"{path.name} cannot be written ({error.strerror})", hint="check the folder's permissions and space"
        ) from error

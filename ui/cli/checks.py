"""The checks of `huaxiang doctor` that need no shop: Python, packages, cache, models, disk, port."""

from __future__ import annotations

import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from huaxiang.errors import ConfigError, HuaxiangError

State = Literal["ok", "warn", "fail"]
_ROOM_WARN, _ROOM_FAIL = 1_500_000_000, 50_000_000


@dataclass(frozen=True)
class Check:
    """One line: what was looked at, how it is, and how to mend it."""

    name: str
    state: State
    message: str
    mend: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The check as JSON."""
        return asdict(self)


def of_error(name: str, error: HuaxiangError, state: State = "fail") -> Check:
    """A check that ended in an expected error."""
    return Check(name, state, error.message, error.hint)


def machine(*, deep: bool) -> Iterator[Check]:
    """Python, packages, shadowing, SQLite, the cache and the models in it."""
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    yield Check("python", "ok" if good else "fail", version, "" if good else "install Python 3.11 or newer")
    yield packages()
    yield shadowing()
    yield fts5()
    yield from cache_folder()
    yield from models(deep=deep)


def packages() -> Check:
    """Whether what the core and the app need is installed in a version that fits."""
    from importlib import metadata

    try:
        wanted = metadata.requires("huaxiang") or []
    except metadata.PackageNotFoundError:
        return Check(
            "packages", "warn", "huaxiang itself is not installed, so versions cannot be checked", "make install"
        )
    missing, wrong, count = [], [], 0
    for requirement in wanted:
        name, spec, extra = _parsed(requirement)
        if extra not in (None, "app"):
            continue
        count += 1
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append((name, extra))
            continue
        if not fits(found, spec):
            wrong.append(f"{name} {found} (wanted {spec})")
    if wrong or any(extra is None for _, extra in missing):
        listed = [*wrong, *(f"{name} is missing" for name, _ in missing)]
        return Check("packages", "fail", ", ".join(listed), "make install (from the checkout)")
    if missing:
        names = ", ".join(name for name, _ in missing)
        return Check(
            "packages",
            "warn",
            f"missing, so some parts do not work: {names}",
            "pip install -e '.[app]' (from the checkout)",
        )
    return Check("packages", "ok", f"{count} packages in versions that fit")


def fits(version: str, spec: str) -> bool:
    """Whether a version meets a specifier such as `>=2.11,<3` (release numbers only)."""
    have = _numbers(version)
    for part in filter(None, spec.split(",")):
        match = re.match(r"\s*(>=|<=|==|!=|~=|<|>)\s*([\d.]+)", part)
        if match is None:
            continue
        want = _numbers(match[2])
        size = max(len(have), len(want))
        a, b = have + (0,) * (size - len(have)), want + (0,) * (size - len(want))
        good = {
            ">=": a >= b, "<=": a <= b, "==": a == b, "!=": a != b, "<": a < b, ">": a > b,
            "~=": a >= b and a[: max(1, len(want) - 1)] == b[: max(1, len(want) - 1)],
        }[match[1]]  # fmt: skip
        if not good:
            return False
    return True


def shadowing() -> Check:
    """Whether another distribution hides one of our folders."""
    from huaxiang.__main__ import shadowed

    hidden = shadowed()
    if not hidden:
        return Check("own packages", "ok", "agent, tools, prompts, vectorstore, evaluation, ui and training are ours")
    listed = ", ".join(f"{name} ({where})" for name, where in hidden.items())
    return Check(
        "own packages",
        "fail",
        f"hidden by another distribution: {listed}",
        "uninstall it, or use the environment that make install makes",
    )


def fts5() -> Check:
    """Whether this Python's SQLite has full-text search."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(x)")
    except sqlite3.OperationalError:
        return Check(
            "full-text search",
            "fail",
            f"SQLite {sqlite3.sqlite_version} lacks FTS5",
            "use a Python whose SQLite has FTS5",
        )
    finally:
        connection.close()
    return Check("full-text search", "ok", f"SQLite {sqlite3.sqlite_version} with FTS5")


def cache_folder() -> Iterator[Check]:
    """Whether the cache folder can be written and has room."""
    import os

    from huaxiang.models import cache

    root = cache.root()
    there = next(one for one in (root, *root.parents) if one.exists())
    if not os.access(there, os.W_OK):
        yield Check(
            "cache folder",
            "fail",
            f"{root} cannot be written",
            "point HUAXIANG_CACHE at a folder that you may write to",
        )
        return
    yield Check("cache folder", "ok", str(root))
    yield room("room in the cache", there)


def room(name: str, folder: Path) -> Check:
    """Whether the disk of a folder has room."""
    free = shutil.disk_usage(folder).free
    state: State = "fail" if free < _ROOM_FAIL else "warn" if free < _ROOM_WARN else "ok"
    return Check(name, state, f"{free / 1e9:.1f} GB free", "" if state == "ok" else "free some disk space")


def models(*, deep: bool) -> Iterator[Check]:
    """Which model files are there, and whether they are whole (with `deep`: hashed again)."""
    from huaxiang.models import resolve

    for state in resolve.list_models():
        name, fetch = f"model {state.purpose}", f"huaxiang models fetch {state.name}"
        without = "answers go by rules" if state.purpose == "llm" else "search goes by words"
        if state.state != "ready":
            parts = f" ({state.parts_done} of {state.parts_total} parts)" if state.state == "partial" else ""
            yield Check(name, "warn", f"{state.name} is {state.state}{parts}: {without}", fetch)
            continue
        try:
            resolve.resolve(state.name, verify=deep)
        except HuaxiangError as error:
            yield of_error(name, error)
        else:
            yield Check(name, "ok", f"{state.name} ready{', hash checked' if deep else ''}")


def port(host: str, number: int) -> Check:
    """Whether the desk's port is free."""
    from ui.desk.port import free_port

    try:
        free_port(host, number)
    except ConfigError as error:
        return Check("desk's port", "warn", error.message, "fine if the desk is running; " + error.hint)
    return Check("desk's port", "ok", f"{host}:{number} is free")


def _parsed(requirement: str) -> tuple[str, str, str | None]:
    text, _, marker = requirement.partition(";")
    match = re.match(r"\s*([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*\(?([^)]*)\)?", text)
    extra = re.search(r"extra\s*==\s*['\"]([^'\"]+)", marker)
    return (match[1], match[2].strip(), extra[1] if extra else None) if match else (text, "", None)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", re.split(r"[a-zA-Z+]", version)[0]))

"""Run folders: what a run was, one line a case, and its reports. A run that was cut off goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from evaluation.cases import Record
from huaxiang.clock import utc_now
from huaxiang.errors import ConfigError, DataError

FORMAT = 1
HERE = "eval-runs"
CODE = ("huaxiang", "prompts", "vectorstore", "tools", "agent", "evaluation", "sample")
ROOT = Path(__file__).resolve().parents[1]
_RUN, _CASES = "run.json", "cases.jsonl"


@dataclass
class RunFolder:
    """One run on disk: `run.json` (what it was), `cases.jsonl` (a line a case and attempt), reports beside them."""

    path: Path
    about: dict[str, Any]
    done: dict[tuple[str, int], Record] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What `compare` and `report` call it."""
        return self.path.name

    def add(self, record: Record) -> None:
        """Append a case; what is written survives a crash of the next."""
        self.done[record.id, record.attempt] = record
        with (self.path / _CASES).open("a", encoding="utf-8") as file:
            file.write(record.model_dump_json() + "\n")

    def finish(self, **summary: Any) -> None:
        """Mark it as complete, with its summary."""
        self.about |= {"finished": True, **summary}
        _write_json(self.path / _RUN, self.about)

    def records(self) -> list[Record]:
        """Every case and attempt, in the order they were done."""
        return list(self.done.values())


def start(root: Path, name: str, about: dict[str, Any], *, fresh: bool = False) -> RunFolder:
    """A new run, or the unfinished one of the same suite, settings and code.

    Args:
        root: the folder of all runs.
        name: the suite and mode; the time is added to it.
        about: everything that two runs must share for one to go on with the other.
        fresh: start anew whatever there is.
    """
    root.mkdir(parents=True, exist_ok=True)
    if not (root / ".gitignore").exists():
        (root / ".gitignore").write_text("*\n", encoding="utf-8")
    key = hashlib.sha256(json.dumps(about, sort_keys=True, default=str).encode()).hexdigest()[:16]
    if not fresh:
        for path in sorted(root.glob(f"{name}-*"), reverse=True):
            found = _read(path) if (path / _RUN).is_file() else None
            if found is not None and found.about.get("key") == key and not found.about.get("finished"):
                return found
    stamp = f"{utc_now():%Y%m%d-%H%M%S}"
    path = root / f"{name}-{stamp}"
    number = 1
    while path.exists():
        number += 1
        path = root / f"{name}-{stamp}-{number}"
    path.mkdir()
    started = utc_now().isoformat(timespec="seconds")
    load = [round(one, 2) for one in os.getloadavg()] if hasattr(os, "getloadavg") else []
    folder = RunFolder(
        path, {"format": FORMAT, "key": key, "started_at": started, "load": load, "finished": False} | about
    )
    _write_json(path / _RUN, folder.about)
    return folder


def open_run(name: str, root: Path) -> RunFolder:
    """A run by the path of its folder, or by its name under `root` (the newest of that beginning).

    Raises:
        ConfigError: there is none.
        DataError: the folder holds no run that can be read.
    """
    path = Path(name)
    if not (path / _RUN).is_file():
        under = [root / name] if (root / name / _RUN).is_file() else _matching(root, name)
        if not under:
            known = ", ".join(one.name for one in runs(root)[:5]) or "none yet"
            raise ConfigError(f"no run {name!r}", hint=f"runs in {root.name}: {known}", code="no-such-run")
        path = under[-1]
    return _read(path)


def _matching(root: Path, name: str) -> list[Path]:
    """Runs called `name` and a time, oldest first; if there are none, all whose name begins so."""
    found = [path.parent for path in sorted(root.glob(f"{name}*/{_RUN}"))]
    return [path for path in found if re.fullmatch(r"-\d{8}-\d{6}(-\d+)?", path.name.removeprefix(name))] or found


def runs(root: Path) -> list[Path]:
    """The folders of all runs, newest first."""
    found = [path.parent for path in root.glob(f"*/{_RUN}")]
    return sorted(found, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)


def age(about: dict[str, Any]) -> float:
    """Seconds since the run was started (a run that was resumed counts the pause)."""
    return (utc_now() - datetime.fromisoformat(about["started_at"])).total_seconds()


def code_digest() -> str:
    """A hash over the product's own files: two runs of the same suite with different code are told apart by it."""
    digest = hashlib.sha256()
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in (".py", ".md", ".yaml", ".toml", ".csv", ".jsonl", ".json", ".npz"):
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _read(path: Path) -> RunFolder:
    try:
        about = json.loads((path / _RUN).read_text(encoding="utf-8"))
        cases = path / _CASES
        lines = cases.read_text(encoding="utf-8").splitlines() if cases.is_file() else []
    except (OSError, ValueError) as error:
        raise DataError(f"{path.name} holds no run that can be read", hint="run it anew", code="bad-run") from error
    return RunFolder(path, about, {(one.id, one.attempt): one for one in _whole(lines)})


def _whole(lines: Iterable[str]) -> Iterator[Record]:
    """Every line but one that was cut off while it was written."""
    for line in lines:
        try:
            yield Record.model_validate_json(line)
        except ValueError:
            continue


def _write_json(path: Path, value: Any) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(value, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    temporary.replace(path)

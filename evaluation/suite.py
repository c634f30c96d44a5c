"""Suites of questions: YAML or JSON-lines files of cases with what must be true of an answer."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from huaxiang.errors import DataError
from huaxiang.schema.answer import AbstainReason

SUITES = Path(__file__).resolve().parent / "suites"
ENDINGS = (".yaml", ".jsonl")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser is ten times as fast; where PyYAML was built without it, its own."""


class ToolUse(BaseModel):
    """A tool that must have been called: one of `tool`, and each argument given here exactly so (others are free)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    tool: str | tuple[str, ...]
    args: dict[str, Any] = Field(default_factory=dict)


class Members(BaseModel):
    """A set that an answer must name exactly: all of `are`, nobody else of `among`. An entry is a name or alternatives."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    are: tuple[str | tuple[str, ...], ...]
    among: tuple[str | tuple[str, ...], ...] = ()


class Expect(BaseModel):
    """What must be true of the answer. An entry of `all` is a string, or alternatives of which one must appear."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    abstained: bool | None = Field(False, description="must it refuse; null: either will do")
    reasons: tuple[AbstainReason, ...] = ()
    customers: tuple[str, ...] = Field((), description="at least one of these must be in scope")
    scope: tuple[str, ...] | None = Field(None, description="exactly these customers in scope")
    all: tuple[str | tuple[str, ...], ...] = Field((), description="must appear; digits alone are compared as numbers")
    none: tuple[str, ...] = Field((), description="must not appear, not even in a refusal if `none_ever`")
    none_ever: bool = False
    numbers: tuple[float, ...] = Field((), description="must appear as numbers of the same value, however written")
    dates: tuple[str, ...] = Field((), description="ISO days that must appear, in any usual way of writing them")
    members: Members | None = None
    cites: tuple[str, ...] = Field((), description="source ids: at least one must be cited")
    evidence: tuple[str, ...] = Field((), description="all source ids that bear on the answer: precision and recall")
    tools: tuple[ToolUse, ...] = ()
    language: str | None = Field(
        None, description="of the answer; by default that of the question, not checked if empty"
    )
    max_calls: int | None = Field(None, description="of the language model")
    max_tokens: int | None = Field(None, description="of the language model, in and out")
    max_seconds: float | None = None


class Case(BaseModel):
    """One question, with earlier turns of its thread if it is a follow-up."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    question: str
    category: str
    turns: tuple[str, ...] = Field((), description="questions asked before it in the same thread")
    language: str | None = Field(None, description="of the question, where it is not the suite's")
    about: str | None = Field(None, description="language of the records it is about; another one makes it crosswise")
    pair: str | None = Field(None, description="the same on the case that asks the same in the other language")
    expect: Expect


class Threshold(BaseModel):
    """The least or the greatest that a metric may be."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    min: float | None = None
    max: float | None = None

    def met(self, value: float) -> bool:
        """Whether the value is inside."""
        return (self.min is None or value >= self.min) and (self.max is None or value <= self.max)


class Suite(BaseModel):
    """A file of cases."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    suite: str
    version: int
    language: str
    shop: str
    title: str = ""
    hide: bool = Field(False, description="held out: run, never shown")
    thresholds: dict[str, Threshold] = Field(default_factory=dict)
    cases: tuple[Case, ...]

    def language_of(self, case: Case) -> str:
        """The language of the case's question."""
        return case.language or self.language


def load(path: Path) -> Suite:
    """Read a suite. In JSON lines the first line holds the suite without its cases, each other line one case.

    Raises:
        DataError: the file is not a suite; the message names the first fault.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return Suite.model_validate(_lines(text) if path.suffix == ".jsonl" else yaml.load(text, _LOADER))
    except (yaml.YAMLError, json.JSONDecodeError, ValidationError) as error:
        detail = error.errors()[0]["loc"] if isinstance(error, ValidationError) else f"not {path.suffix[1:].upper()}"
        raise DataError(
            f"{path.name}: not a suite ({detail})", hint="compare with evaluation/suites/sample_dev.en.yaml"
        ) from error


def find(name: str, folder: Path = SUITES) -> list[Path]:
    """The files of a suite in every language, e.g. `sample_dev` gives zh and en; or the file that `name` is a path of.

    Raises:
        DataError: there is none; the hint lists those that there are.
    """
    if name.endswith(ENDINGS) and Path(name).is_file():
        return [Path(name)]
    found = sorted(path for end in ENDINGS for path in folder.glob(f"{name}.*{end}") if name == name_of(path))
    found += [one for end in ENDINGS if (one := folder / f"{name}{end}").is_file()]
    if not found:
        raise DataError(f"no suite {name!r}", hint=f"one of: {', '.join(names(folder))}")
    return found


def names(folder: Path = SUITES) -> list[str]:
    """Every suite that lies in the folder."""
    return sorted({name_of(path) for end in ENDINGS for path in folder.glob(f"*{end}")})


def name_of(path: Path) -> str:
    """`sample_dev` of `sample_dev.zh.yaml`."""
    return path.name.split(".")[0]


def digest(path: Path) -> str:
    """SHA-256 of the file, hex: what `HELDOUT.sha256` holds and a run records."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _lines(text: str) -> Any:
    head, *cases = [json.loads(line) for line in text.splitlines() if line.strip()]
    return {**head, "cases": cases}

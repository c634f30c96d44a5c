"""Suites of questions: YAML files of cases with what must be true of an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from huaxiang.errors import DataError
from huaxiang.schema.answer import AbstainReason

SUITES = Path(__file__).resolve().parent / "suites"


class Expect(BaseModel):
    """What must be true of the answer. An entry of `all` is a string, or alternatives of which one must appear."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    abstained: bool = False
    customers: tuple[str, ...] = ()
    all: tuple[str | tuple[str, ...], ...] = ()
    none: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    reasons: tuple[AbstainReason, ...] = ()


class Case(BaseModel):
    """One question, with earlier turns of its thread if it is a follow-up."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    question: str
    category: str
    turns: tuple[str, ...] = Field((), description="questions asked before it in the same thread")
    expect: Expect


class Suite(BaseModel):
    """A file of cases."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    suite: str
    version: int
    language: str
    shop: str
    cases: tuple[Case, ...]


def load(path: Path) -> Suite:
    """Read a suite.

    Raises:
        DataError: the file is not a suite; the message names the first fault.
    """
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Suite.model_validate(data)
    except (yaml.YAMLError, ValidationError) as error:
        detail = error.errors()[0]["loc"] if isinstance(error, ValidationError) else "not YAML"
        raise DataError(
            f"{path.name}: not a suite ({detail})", hint="compare with evaluation/suites/sample_dev.en.yaml"
        ) from error


def find(name: str) -> list[Path]:
    """The files of a suite in every language, e.g. `sample_dev` → zh and en."""
    found = sorted(SUITES.glob(f"{name}.*.yaml"))
    if not found:
        known = sorted({path.name.split(".")[0] for path in SUITES.glob("*.yaml")})
        raise DataError(f"no suite {name!r}", hint=f"one of: {', '.join(known)}")
    return found

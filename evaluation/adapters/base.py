"""What a public benchmark's adapter is, and how a folder that the user gives is read."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from evaluation.rows import Row
from huaxiang.errors import ConfigError, DataError

T = TypeVar("T")


class Predicted(Protocol):
    """A text's label; None where it is outside all of them."""

    @property
    def label(self) -> str | None:
        """The likeliest label."""
        ...


class Fitted(Protocol):
    """A model that `Fitter` made."""

    def predict(self, text: str) -> Predicted:
        """The label of one text."""
        ...


class Fitter(Protocol):
    """Fits a model to texts and labels; `outside` are texts that no label fits."""

    def __call__(self, texts: Sequence[str], labels: Sequence[str], *, outside: Sequence[str]) -> Fitted:
        """Fit."""
        ...


Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Published:
    """A figure from a paper, and whether ours may be put beside it."""

    metric: str
    value: float
    source: str
    comparable: str


@dataclass
class Options:
    """What the command line asked for. `llm` is a kind of language model for benchmarks that have answers, or None."""

    limit: int | None = None
    seed: int = 0
    llm: str | None = None
    progress: Progress | None = None
    fit: Fitter | None = None
    """How an intent model is fitted: `training` does it, which only the command line may import."""


@dataclass
class Result:
    """Rows, notes for the reader, and figures that are no mean of rows (micro F1, a part's recall)."""

    rows: list[Row]
    notes: list[str] = field(default_factory=list)
    extra: dict[str, float] = field(default_factory=dict)


class Adapter(Protocol):
    """A public benchmark: nothing of it is shipped, it is read from the user's folder."""

    name: str
    title: str
    layout: str
    """What must lie in the folder, in words."""
    licence: str
    published: tuple[Published, ...]
    main: str

    def check(self, data: Path) -> str:
        """One line on what was found in the folder.

        Raises:
            DataError: it does not hold the benchmark; the hint says what it should look like.
        """
        ...

    def run(self, data: Path, options: Options) -> Result:
        """Measure.

        Raises:
            DataError: as `check`.
            ConfigError: the part of the product that is measured is not built.
        """
        ...


def need_data(data: Path | None, adapter: Adapter) -> Path:
    """The folder or file that was given.

    Raises:
        ConfigError: none was given.
        DataError: it is not there.
    """
    if data is None:
        raise ConfigError(
            f"suite {adapter.name!r} reads a folder of yours and none was given",
            hint=f"--data DIR, where DIR holds {adapter.layout}",
            code="eval-needs-data",
        )
    if not data.exists():
        raise DataError(f"no such folder or file: {data.name!r}", hint=f"it should hold {adapter.layout}")
    return data


def files_in(data: Path, *endings: str) -> list[Path]:
    """Files under `data` (or `data` itself) whose name ends so, in order of name; hidden ones are left out."""
    if data.is_file():
        return [data] if data.name.endswith(endings) else []
    found = [one for one in sorted(data.rglob("*")) if one.is_file() and one.name.endswith(endings)]
    return [one for one in found if not any(part.startswith(".") for part in one.relative_to(data).parts)]


def read_json(path: Path) -> Any:
    """A JSON or JSON-lines file, gzipped or not.

    Raises:
        DataError: it is neither.
    """
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError(f"{path.name}: cannot be read ({type(error).__name__})", hint="is the file whole?") from error
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return list(_lines(text, path.name))


def _lines(text: str, name: str) -> Iterator[Any]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise DataError(f"{name}: line {number} is not JSON", hint="expected JSON or JSON lines") from error


def draw(items: Sequence[T], options: Options) -> list[T]:
    """As many as the limit says, drawn by the seed and kept in order; all without a limit."""
    if options.limit is None or options.limit >= len(items):
        return list(items)
    return [items[place] for place in sorted(random.Random(options.seed).sample(range(len(items)), options.limit))]

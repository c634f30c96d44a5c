"""Which format a file is in, and reading it as numbered rows of plain values."""

from __future__ import annotations

import ast
import csv
import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huaxiang.errors import ConfigError, DataError
from huaxiang.ingest import decode

FORMATS = ("amazon-2014", "amazon-2018", "amazon-meta", "douban", "csv", "tsv", "jsonl", "json", "parquet")
_MAX_JSON_BYTES = 64 << 20
_CSV_FIELD_CHARS = 1 << 17
_BATCH = 5_000
_SAMPLE_ROWS = 50


@dataclass(frozen=True)
class Row:
    """One row as it stands in the file, or why it is none. `number` is its line (Parquet: its row), from 1."""

    number: int
    values: dict[str, Any]
    repair: str | None = None
    reject: str | None = None


@dataclass(frozen=True)
class Table:
    """A file that was looked at: its container and dataset format, encoding and columns."""

    path: Path
    container: str
    format: str
    encoding: str
    columns: tuple[str, ...]

    def rows(self, report: Callable[[int], None]) -> Iterator[Row]:
        """All rows, streamed; `report` is told the bytes read so far."""
        if self.container == "parquet":
            return _parquet_rows(self.path, report)
        if self.container == "json":
            return _json_rows(self.path, self.encoding, report)
        text = decode.lines(self.path, self.encoding, report)
        if self.container == "jsonl":
            return _object_rows(text)
        return _csv_rows(text, _delimiter(self.path, self.encoding, self.container), self.columns)


def look(path: Path, wanted: str | None = None) -> Table:
    """Find out what a file is from its first bytes, or check that it can be what `wanted` says.

    Raises:
        ConfigError: no such format.
        DataError: empty, binary, unreadable, or not what `wanted` says.
    """
    if wanted is not None and wanted not in FORMATS:
        raise ConfigError(
            f"unknown format {wanted!r}", hint=f"--format is one of {', '.join(FORMATS)}", code="unknown-format"
        )
    start = decode.head(path)
    if start[:4] == b"PAR1":
        return Table(path, "parquet", "parquet", "", _parquet_columns(path))
    encoding = decode.encoding_of(start, path.name)
    text = _sample(start, encoding)
    container = {"csv": "csv", "tsv": "tsv", "json": "json", "jsonl": "jsonl"}.get(wanted or "") or _container(
        path, text
    )
    if wanted in ("amazon-2014", "amazon-2018", "amazon-meta", "douban") and container not in ("jsonl", "json"):
        raise DataError(
            f"{path.name} is not in the format {wanted} (JSON lines)",
            hint="leave --format out to let it be found",
            code="wrong-format",
        )
    if container in ("jsonl", "json"):
        keys = _keys(path, text, container, encoding)
        return Table(path, container, wanted or _dataset(keys) or container, encoding, keys)
    columns = _header(text, path, container)
    return Table(path, container, container, encoding, columns)


def _sample(start: bytes, encoding: str) -> str:
    text = start.decode(encoding, "replace").removeprefix("\ufeff")
    return text if len(start) < decode.HEAD_BYTES else text.rpartition("\n")[0] or text


def _container(path: Path, text: str) -> str:
    body = text.lstrip()
    if body.startswith("{"):
        return "jsonl" if _object(body.split("\n", 1)[0]) is not None or not body.startswith(("{\n", "{\r")) else "json"
    if body.startswith("[") and body[1:].lstrip()[:1] in ("{", "]"):
        return "json"
    names = {suffix.lower() for suffix in path.suffixes}
    if ".tsv" in names or ".tab" in names:
        return "tsv"
    first = body.split("\n", 1)[0]
    if ".csv" in names or any(first.count(mark) for mark in ",;\t|"):
        return "tsv" if first.count("\t") > first.count(",") + first.count(";") and ".csv" not in names else "csv"
    raise DataError(
        f"{path.name} is no table we can read",
        hint=f"say what it is with --format, one of {', '.join(FORMATS)}",
        code="unknown-format",
    )


def _keys(path: Path, text: str, container: str, encoding: str) -> tuple[str, ...]:
    if container == "json":
        found = [
            row.values for row, _ in zip(_json_rows(path, encoding, lambda _: None), range(_SAMPLE_ROWS), strict=False)
        ]
    else:
        # Some kinds have columns of their own, so a first kind's rows alone would hide them: look at the whole sample.
        found = [one for line in text.split("\n")[:2000] if (one := _object(line)) is not None]
    if not found:
        raise DataError(
            f"{path.name} holds no JSON records in its first lines",
            hint="one JSON object a line is expected; or say --format csv",
            code="bad-json",
        )
    return tuple(dict.fromkeys(key for one in found for key in one))


def _dataset(keys: Sequence[str]) -> str | None:
    have = set(keys)
    if {"reviewerID", "asin"} <= have:
        return "amazon-2018" if have & {"verified", "vote", "style", "image"} else "amazon-2014"
    if "asin" in have and have & {"title", "brand", "imUrl", "also_buy", "category", "categories", "salesRank"}:
        return "amazon-meta"
    if {"user_id", "movie_id", "stars"} <= have or {"movie_id", "movie_name"} <= have:
        return "douban"
    return None


def _object(line: str) -> dict[str, Any] | None:
    """One JSON object, or a Python literal as in the 2014 Amazon metadata; None when it is neither."""
    line = line.strip()
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        if not line.startswith(("{'", '{"')):
            return None
        try:
            found = ast.literal_eval(line)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return None
    return {str(key): value for key, value in found.items()} if isinstance(found, dict) else None


def _object_rows(text: Iterator[decode.Line]) -> Iterator[Row]:
    for line in text:
        if line.reject:
            yield Row(line.number, {}, reject=line.reject)
        elif line.text.strip():
            found = _object(line.text)
            if found is None:
                yield Row(
                    line.number, {}, reject="not-an-object" if line.text.strip()[0] in '[0123456789"' else "bad-json"
                )
            else:
                yield Row(line.number, found, repair=line.repair)


def _json_rows(path: Path, encoding: str, report: Callable[[int], None]) -> Iterator[Row]:
    if path.stat().st_size > _MAX_JSON_BYTES:
        raise DataError(
            f"{path.name} is one JSON value of more than 64 MB",
            hint="export it as JSON lines, one record a line",
            code="too-large",
        )
    text = "".join(line.text for line in decode.lines(path, encoding, report))
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{path.name} is not valid JSON", hint="export it again, best as JSON lines", code="bad-json"
        ) from error
    records = found if isinstance(found, list) else [found]
    for number, one in enumerate(records, start=1):
        yield Row(number, one) if isinstance(one, dict) else Row(number, {}, reject="not-an-object")


def _delimiter(path: Path, encoding: str, container: str) -> str:
    if container == "tsv":
        return "\t"
    first = _sample(decode.head(path), encoding).lstrip().split("\n", 1)[0]
    return max(",;\t|", key=first.count)


def _header(text: str, path: Path, container: str) -> tuple[str, ...]:
    first = text.lstrip().split("\n", 1)[0]
    mark = "\t" if container == "tsv" else max(",;\t|", key=first.count)
    # str.splitlines would also break at marks that are no line ends in a CSV file.
    for cells in csv.reader(text.lstrip("\r\n").split("\n"), delimiter=mark):
        names = [cell.strip() for cell in cells]
        if any(names):
            return tuple(name or f"column_{place}" for place, name in enumerate(names, start=1))
    raise DataError(f"{path.name} has no header row", hint="the first line must name the columns", code="no-header")


def _csv_rows(text: Iterator[decode.Line], mark: str, columns: tuple[str, ...]) -> Iterator[Row]:
    csv.field_size_limit(_CSV_FIELD_CHARS)
    feed = _Feed(text)
    reader = csv.reader(feed, delimiter=mark)
    header = False
    while True:
        feed.start_row()
        try:
            cells = next(reader, None)
        except csv.Error:
            cells = []
            broken = True
        else:
            broken = cells is not None and len(feed.used) > 2 and _swallowed(cells, len(columns), mark)
        yield from feed.take_rejected()
        if broken:
            # An open quote ate the rows below it: give up its own line only and read the others again.
            yield Row(feed.used[0].number, {}, reject="bad-csv")
            feed.push_back(feed.used[1:])
            reader = csv.reader(feed, delimiter=mark)
            continue
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = True
            continue
        number = feed.used[0].number
        if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
            yield Row(number, {}, reject="extra-cells")
            continue
        yield Row(number, dict(zip(columns, cells, strict=False)), repair=feed.repair())


def _swallowed(cells: list[str], width: int, mark: str) -> bool:
    """Whether some cell holds what look like whole rows: an opening quote that was never closed."""
    return width > 2 and any(
        sum(line.count(mark) == width - 1 for line in cell.split("\n")[1:]) >= 2 for cell in cells if "\n" in cell
    )


class _Feed:
    """Feeds decoded lines to csv.reader, and remembers those that the row being read was made of."""

    def __init__(self, text: Iterator[decode.Line]) -> None:
        self._text = text
        self._again: deque[decode.Line] = deque()
        self._rejected: list[Row] = []
        self.used: list[decode.Line] = []

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        while True:
            line = self._again.popleft() if self._again else next(self._text)
            if line.reject is None:
                self.used.append(line)
                return line.text.replace("\x00", "\ufffd")
            self._rejected.append(Row(line.number, {}, reject=line.reject))

    def start_row(self) -> None:
        """Forget the lines of the row before."""
        self.used = []

    def push_back(self, lines: list[decode.Line]) -> None:
        """Read these lines again."""
        self._again.extendleft(reversed(lines))

    def repair(self) -> str | None:
        """What was mended in the lines of this row."""
        return next((line.repair for line in self.used if line.repair), None)

    def take_rejected(self) -> list[Row]:
        """Lines that never reached the reader."""
        found, self._rejected = self._rejected, []
        return found


def _parquet(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(
            f"{path.name} is a damaged Parquet file", hint="copy or export it again", code="damaged-file"
        ) from error


def _parquet_columns(path: Path) -> tuple[str, ...]:
    with _parquet(path) as file:
        return tuple(file.schema_arrow.names)


def _parquet_rows(path: Path, report: Callable[[int], None]) -> Iterator[Row]:
    import pyarrow as pa

    number = 0
    size = path.stat().st_size
    with _parquet(path) as file:
        total = max(1, file.metadata.num_rows)
        # Nanoseconds would come as pandas objects; no shop needs them.
        wanted = pa.schema(
            [
                pa.field(one.name, pa.timestamp("us", tz=one.type.tz) if pa.types.is_timestamp(one.type) else one.type)
                for one in file.schema_arrow
            ]
        )
        try:
            for batch in file.iter_batches(batch_size=_BATCH):
                for values in pa.Table.from_batches([batch]).cast(wanted, safe=False).to_pylist():
                    number += 1
                    yield Row(number, values)
                report(size * number // total)
        except (pa.ArrowInvalid, OSError):
            yield Row(number + 1, {}, reject="truncated-file")

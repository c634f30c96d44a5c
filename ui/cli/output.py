"""Writing: results to stdout, everything else to stderr; nothing a customer wrote can steer the terminal."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any

import typer

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def prepare_streams() -> None:
    """Whatever the terminal's encoding, a character that it lacks must not end the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def flush() -> None:
    """Write out what is buffered, so that a closed pipe is noticed here and not at exit."""
    sys.stdout.flush()


def give_up_stdout() -> int:
    """Send what is still buffered nowhere; the exit code is that of a process that SIGPIPE ended."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 141


def plain(text: str, *, one_line: bool = False) -> str:
    """Text without control and direction characters (an escape sequence in a review stays harmless)."""
    cleaned = _CONTROL.sub("", text)
    return " ".join(cleaned.split()) if one_line else cleaned


def say(text: str = "", *, end: str = "\n") -> None:
    """Write a result to stdout."""
    typer.echo(text + end, nl=False)


def note(text: str) -> None:
    """Write something about the run to stderr."""
    typer.echo(text, err=True)


def emit(value: Any) -> None:
    """Write one JSON value to stdout: indented for people, on one line for programs."""
    indent = 2 if sys.stdout.isatty() else None
    say(json.dumps(value, ensure_ascii=False, indent=indent, default=_jsonable))


def write_error(code: str, message: str, hint: str, as_json: bool) -> None:
    """Write an error to stderr."""
    if as_json:
        note(json.dumps({"code": code, "message": message, "hint": hint}, ensure_ascii=False))
    else:
        note(plain(f"{code}: {message}" + (f" — {hint}" if hint else "")))


def table(rows: Sequence[Sequence[str]], head: Sequence[str], *, right: Sequence[int] = ()) -> str:
    """Columns of plain text, padded by display width (a Chinese character is two cells wide)."""
    lines = [list(head), *([plain(cell, one_line=True) for cell in row] for row in rows)]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(head))]
    out = []
    for line in lines:
        cells = [
            " " * (widths[place] - _width(cell)) + cell
            if place in right
            else cell + " " * (widths[place] - _width(cell))
            for place, cell in enumerate(line)
        ]
        out.append("  ".join(cells).rstrip())
    return "\n".join(out)


def reader_language() -> str:
    """The language of reports: `zh` where the locale says so, else `en`."""
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _jsonable(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)

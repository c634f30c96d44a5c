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

_language: dict[str, str | None] = {"chosen": None, "shop": None}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def prepare_streams() -> None:
    """Whatever the terminal's encoding, a character that it lacks must not end the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def flush() -> None:
    """Write out what is buffered, so that a closed pipe is noticed here and not at exit; a closed stdout (`>&-`) has nothing to write."""
    if sys.stdout is not None:
        sys.stdout.flush()


def give_up_stdout() -> int:
    """Send what is still buffered nowhere; the exit code is that of a process that SIGPIPE ended."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
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
    indent = 2 if sys.stdout is not None and sys.stdout.isatty() else None
    say(json.dumps(value, ensure_ascii=False, indent=indent, default=_jsonable))


def write_error(code: str, message: str, hint: str, as_json: bool) -> None:
    """Write an error to stderr."""
    if as_json:
        note(json.dumps({"code": code, "message": message, "hint": hint}, ensure_ascii=False))
    else:
        if reader_language() == "zh":
            from ui.cli import errors_zh

            message, hint = errors_zh.told(message, hint)
        note(plain(f"{code}: {message}" + (f" — {hint}" if hint else "")))


def table(rows: Sequence[Sequence[str]], head: Sequence[str], *, right: Sequence[int] = ()) -> str:
    """Columns of plain text, padded by display width (a Chinese character is two cells wide)."""
    lines = [list(head), *([plain(cell, one_line=True) for cell in row] for row in rows)]
    widths = [max(cells(line[place]) for line in lines) for place in range(len(head))]
    out = []
    for line in lines:
        shown = [
            " " * (widths[place] - cells(cell)) + cell if place in right else cell + " " * (widths[place] - cells(cell))
            for place, cell in enumerate(line)
        ]
        out.append("  ".join(shown).rstrip())
    return "\n".join(out)


def use_language(language: str | None, *, of_shop: str | None = None) -> None:
    """Say which language reports are in.

    Args:
        language: from the command line, `zh` or `en`; None leaves it to the terminal.
        of_shop: `[desk] language` as the shop's file gives it, where the terminal's locale names no language.
    """
    _language["chosen"] = language or _language["chosen"]
    _language["shop"] = of_shop or _language["shop"]


def forget_language() -> None:
    """Nothing was chosen: each command begins so."""
    _language.update(chosen=None, shop=None)


def chosen_language() -> str | None:
    """What `--language` said, `zh` or `en`; None where nobody said it."""
    return _language["chosen"]


def plural(count: int, one: str) -> str:
    """`1 record`, `2 records`."""
    return f"{count} {one}{'' if count == 1 else 's'}"


def cut(text: str, width: int) -> str:
    """A text of at most so many cells of a terminal, the end of a longer one replaced by `…`."""
    if cells(text) <= width:
        return text
    kept = text
    while kept and cells(kept) > width - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def reader_language() -> str:
    """The language of reports: `--language`, else the terminal's locale, else the shop's own, else English."""
    if _language["chosen"]:
        return _language["chosen"]
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "").lower()
    if locale.startswith("zh"):
        return "zh"
    named = locale not in ("", "c", "posix") and not locale.startswith("c.")
    return "en" if named or _language["shop"] != "zh" else "zh"


def both(zh: str, en: str) -> str:
    """Whichever of two wordings the reader reads."""
    return zh if reader_language() == "zh" else en


def told(text: str) -> str:
    """A fixed wording of the program (a check, a note, a column) in the reader's language; as it is where none is known."""
    if reader_language() != "zh":
        return text
    from ui.cli import reports_zh

    return reports_zh.told(text)


def padded(text: str, width: int) -> str:
    """A text and blanks up to so many cells of a terminal."""
    return text + " " * (width - cells(text))


def cells(text: str) -> int:
    """How many cells of a terminal a text takes: a Chinese character two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _jsonable(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)

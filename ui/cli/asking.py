"""Asking yes or no at the terminal, and saying what is missing where nobody can answer."""

from __future__ import annotations

import sys

import typer

from huaxiang.errors import ConfigError
from ui.cli import output

_YES = frozenset({"y", "yes", "是", "是的", "好", "对"})
_NO = frozenset({"", "n", "no", "否", "不", "不是"})


def confirm(question: str, *, instead: str) -> bool:
    """Ask on stderr until the answer is a yes (true) or a no; an empty line is a no.

    Args:
        question: in the reader's language, without "[y/N]".
        instead: what to write on the command line so that nothing is asked, e.g. `--yes`.

    Raises:
        ConfigError: `needs-answer`, exit code 2: standard input is closed or ended without an answer.
    """
    while True:
        typer.echo(f"{question} [y/N] ", err=True, nl=False)
        line = sys.stdin.readline() if sys.stdin is not None else ""
        if not line:
            typer.echo(err=True)
            raise ConfigError(
                "this needs an answer, and standard input has ended; nothing was changed",
                hint=f"answer at a terminal, or say so on the command line: {instead}",
                code="needs-answer",
            )
        said = line.strip().lower()
        if said in _YES or said in _NO:
            return said in _YES
        output.note(output.both("请回答 y 或 n", "please answer y or n"))


def must_confirm(question: str, *, instead: str) -> None:
    """As `confirm`; a no ends the command with exit code 1 and says that nothing was changed."""
    if not confirm(question, instead=instead):
        output.note(output.both("没有做任何改动", "nothing was changed"))
        raise typer.Exit(1)

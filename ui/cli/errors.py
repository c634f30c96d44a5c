"""Errors as the command line shows them: `code: message — hint` on stderr, and the exit code of their family."""

from __future__ import annotations

import errno
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from huaxiang.errors import HuaxiangError, StoreError
from ui.cli import output

INTERRUPTED = 130
_ROOT = Path(__file__).resolve().parents[2]


def guarded(command: Callable[[], Any], as_json: bool, debug: bool) -> int:
    """Run a command and turn whatever ends it into an exit code and at most one message on stderr.

    Args:
        command: the command; it may return an exit code.
        as_json: write the error as one JSON object.
        debug: let the traceback be seen as well.
    """
    try:
        code = command()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except HuaxiangError as error:
        if debug:
            traceback.print_exc()
        return report(error, as_json)
    except TyperException as error:
        return _usage(error, as_json)
    except (typer.Abort, EOFError):
        code = INTERRUPTED
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except BrokenPipeError:
        raise
    except OSError as error:
        if debug:
            traceback.print_exc()
        return report(_of_os(error), as_json) if error.errno in (errno.ENOSPC, errno.EDQUOT) else _bug(error, as_json)
    except Exception as error:  # a defect of ours: the message may quote a customer, so only its place is shown
        if debug:
            traceback.print_exc()
        return _bug(error, as_json)
    if code == INTERRUPTED:
        output.write_error("interrupted", "stopped by Ctrl-C", "", as_json)
    return code if isinstance(code, int) else 0


def report(error: HuaxiangError, as_json: bool) -> int:
    """Write an expected error and return its exit code."""
    output.write_error(error.code, error.message, error.hint, as_json)
    return error.exit_code


def _usage(error: TyperException, as_json: bool) -> int:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        output.say(context.get_help() if context is not None else error.format_message())
        return 2
    path = context.command_path if context is not None else "huaxiang"
    listed = ""
    if context is not None and isinstance(context.command, TyperGroup) and "No such command" in error.message:
        listed = f"the verbs are: {', '.join(context.command.list_commands(context))}; "
    message = _plain(error.format_message())
    output.write_error("usage", message, f"{listed}see: {path} --help", as_json)
    return error.exit_code


def _plain(message: str) -> str:
    """Wrong usage in our words, where the library's checker speaks of its own classes and types."""
    for pattern, words in _CHECKER.items():
        message = re.sub(pattern, words, message)
    return message


_CHECKER = {
    r"Value error, ": "",
    r"Input should be a valid integer.*": "it must be a whole number",
    r"Input should be a valid number.*": "it must be a number",
    r"Input should be greater than or equal to ": "it must be at least ",
    r"Input should be less than or equal to ": "it must be at most ",
}


def _of_os(error: OSError) -> StoreError:
    return StoreError(
        f"the disk is full ({error.strerror})", hint="free some space and run the same command again", code="disk-full"
    )


def _bug(error: BaseException, as_json: bool) -> int:
    place = ""
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if _ROOT in path.parents and ".venv" not in path.parts:
            place = f" at {path.relative_to(_ROOT).as_posix()}:{frame.lineno}"
    output.write_error(
        "unexpected",
        f"{type(error).__name__}{place}",
        "a defect: run the same command with --debug and report it",
        as_json,
    )
    return 1

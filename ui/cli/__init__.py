"""The command line: `huaxiang VERB`, one verb a file. Light to start; what a verb needs is imported when it runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main() -> None:
    """Run the command line on this process's arguments and exit with its code."""
    sys.exit(run(sys.argv[1:]))


def run(argv: Sequence[str]) -> int:
    """Run one command; the exit code is 0, that of an error's family, 2 for wrong usage, 130 after Ctrl-C.

    `--debug` may stand anywhere and turns an error into a traceback. `--language` is looked for before all else, so that
    help and wrong usage, too, come in the language asked for.
    """
    from ui.cli import errors, output
    from ui.cli.app import command

    args = list(argv)
    before_dashes = args.index("--") if "--" in args else len(args)
    debug = "--debug" in args[:before_dashes]
    args = [one for place, one in enumerate(args) if one != "--debug" or place > before_dashes]
    as_json = "--json" in args[:before_dashes]
    output.forget_language()
    output.use_language(_language_in(args[:before_dashes]))
    output.prepare_streams()
    try:
        code = errors.guarded(lambda: command().main(args, prog_name="huaxiang", standalone_mode=False), as_json, debug)
        output.flush()
    except BrokenPipeError:  # whoever read our output has had enough
        return output.give_up_stdout()
    return code


def _language_in(args: Sequence[str]) -> str | None:
    said = None
    for place, one in enumerate(args):
        name, equals, value = one.partition("=")
        if name == "--language":
            said = value if equals else next(iter(args[place + 1 : place + 2]), None)
    return said if said in ("zh", "en") else None


__all__ = ["main", "run"]

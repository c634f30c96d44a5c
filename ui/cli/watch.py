"""`huaxiang watch FILE-or-DIR-or--`: take events in as they are written, and keep profiles up to date."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from huaxiang.errors import DataError
from ui.cli import output
from ui.cli.common import JsonOption, LlmChoice, LlmOption, ShopOption, find_shop, open_shop

if TYPE_CHECKING:
    from huaxiang.ledger.follow import Folder, Followed, Follower, Lines


def watch(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A JSON-lines file, a folder of files, or - for stdin.")
    ],
    shop: ShopOption = None,
    kind: Annotated[str, typer.Option(help="What the rows are; `event`: each row names its kind.")] = "event",
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=SOURCE", help="Read FIELD from the column SOURCE; may be repeated."),
    ] = None,
    every: Annotated[float, typer.Option(min=0.05, help="Look for new lines every so many seconds.")] = 1.0,
    chars: Annotated[
        int, typer.Option(min=1, help="Read a customer's texts once there are so many characters …")
    ] = 2000,
    idle: Annotated[float, typer.Option(min=0, help="… or nothing came from them for so many seconds.")] = 30.0,
    once: Annotated[bool, typer.Option("--once", help="Take what is there now, and end.")] = False,
    llm: LlmOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take events in as they come. Computed fields follow at once; texts are read when there is enough, or silence.

    It goes on where it stopped, also after kill -9: nothing is lost, nothing read twice. Ctrl-C ends it. A line that cannot
    be taken is named on stderr with its number and the reason (with --json: in `refused`) and the others go on; when the
    input ends (stdin, or --once) after such lines, the exit code is 3.

    \b
    Examples:
      huaxiang watch events.jsonl --shop myshop
      tail -f log.jsonl | huaxiang watch - --kind review
      huaxiang watch inbox/ --once --json
    """
    from huaxiang.ledger.follow import Folder, Follower, Lines
    from ui.cli.import_ import parse_columns

    opened = open_shop(shop)
    columns = parse_columns(column or [])
    path = Path(source)
    with _reader(find_shop(shop), llm, quiet=as_json) as on_read:
        options: dict[str, Any] = {
            "kind": kind,
            "columns": columns,
            "chars": chars,
            "idle_seconds": idle,
            "on_read": on_read,
        }
        if source == "-":
            follower: Lines | Follower | Folder = Lines(opened, sys.stdin.buffer, **options)
        else:
            follower = (Folder if path.is_dir() else Follower)(opened, path, **options)
        bad = _follow(follower, every, once=once, as_json=as_json)
    opened.close()
    if bad and (once or follower.ended):
        raise typer.Exit(DataError.exit_code)


def _follow(follower: Lines | Follower | Folder, every: float, *, once: bool, as_json: bool) -> int:
    """Poll until the input ends or somebody stops us; how many lines were not taken."""
    bad = 0
    with follower, _until_stopped() as going:
        while True:
            found = follower.poll()
            bad += sum(found.rejected.values())
            if found.events or found.rejected or found.read:
                _tell(found, as_json)
            if once or follower.ended or not going():
                break
            if not found.events:
                time.sleep(every)
    _tell(follower.last(), as_json)
    return bad


def refusals(found: Followed, language: str) -> list[str]:
    """One line a line that was not taken: where, and why."""
    from huaxiang.ingest.report import words_of

    told = []
    for one in found.refused:
        zh, en = words_of(one.reason)
        where = f"{one.file}:{one.line}" if one.line else one.file
        told.append(f"{where}: {zh if language == 'zh' else en} ({one.reason})")
    more = sum(found.rejected.values()) - len(found.refused)
    if more > 0:
        told.append(f"… +{more}")
    return told


def _tell(found: Followed, as_json: bool) -> None:
    if not as_json:
        for line in refusals(found, output.reader_language()):
            output.note(line)
    if as_json:
        output.say(found.to_json())
    elif output.reader_language() == "zh":
        bad = f",拒绝 {sum(found.rejected.values())}" if found.rejected else ""
        output.say(
            f"新事件 {found.events}(重复 {found.duplicates}{bad}),更新客户 {found.customers},读取文本 {found.read},待读 {found.waiting}"
        )
    else:
        bad = f", {sum(found.rejected.values())} rejected" if found.rejected else ""
        output.say(
            f"{found.events} new events ({found.duplicates} known{bad}), {found.customers} customers updated, "
            f"{found.read} texts read, {found.waiting} wait"
        )
    output.flush()


@contextlib.contextmanager
def _until_stopped() -> Iterator[Any]:
    """Ctrl-C and SIGTERM end the loop between two polls, so that nothing is half done."""
    stopped: list[int] = []
    before = {}
    with contextlib.suppress(ValueError):  # not the main thread: the caller stops us
        before = {
            one: signal.signal(one, lambda number, _: stopped.append(number)) for one in (signal.SIGINT, signal.SIGTERM)
        }
    try:
        yield lambda: not stopped
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextlib.contextmanager
def _reader(folder: Path, llm: LlmChoice | None, *, quiet: bool) -> Iterator[Any]:
    """What reads texts after the rules did: the language model, where one is asked for."""
    if llm in (None, "none"):
        yield None
        return
    from agent.profiles import profiler
    from ui.cli.runtime import open_runtime

    with open_runtime(folder, llm, quiet=quiet) as runtime:
        if runtime.llm is None:
            raise runtime.llm_problem or RuntimeError("the language model did not start")
        model = runtime.llm

        def read(customers: Any) -> None:
            for customer in customers:
                profiler.extract_customer(runtime.shop, model, customer, reader=runtime.map_reader())

        yield read

"""`huaxiang watch FILE-or-DIR-or--`: take events in as they are written, and keep profiles up to date."""

from __future__ import annotations

import contextlib
import io
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from huaxiang.errors import DataError
from ui.cli import keep_index, output
from ui.cli.common import JsonOption, LlmChoice, LlmOption, ShopOption, find_shop, open_shop

if TYPE_CHECKING:
    from huaxiang.ledger.follow import Folder, Followed, Follower, Lines


def watch(
    source: Annotated[
        str,
        typer.Argument(metavar="SOURCE", help="A JSON-lines file, a named pipe, a folder of files, or - for stdin."),
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
            pipe = sys.stdin.buffer if sys.stdin is not None else io.BytesIO()
            follower: Lines | Follower | Folder = Lines(opened, pipe, **options)
        elif path.is_fifo():
            follower = Lines(opened, path.open("rb"), label=path.name, **options)  # waits until somebody writes
        else:
            follower = (Folder if path.is_dir() else Follower)(opened, path, **options)
        bad = _follow(follower, every, once=once, as_json=as_json)
    keep_index.keep(opened, quiet=as_json)
    opened.close()
    if bad and (once or follower.ended):
        raise typer.Exit(DataError.exit_code)


def _follow(follower: Lines | Follower | Folder, every: float, *, once: bool, as_json: bool) -> int:
    """Poll until the input ends or somebody stops us; how many lines were not taken."""
    from huaxiang.ledger.follow import Folder, Followed, add

    total, looks = Followed(), 0
    with follower, _until_stopped() as going:
        while True:
            found = follower.poll()
            looks += 1
            add(total, found)
            if found.events or found.rejected or found.read:
                _tell(found, as_json)
            # a folder's tables are taken once they stay still from one look to the next
            enough = not follower.busy and (looks > 1 or not isinstance(follower, Folder))
            if (once and enough) or follower.ended or not going():
                break
            if not (found.events or follower.busy):
                time.sleep(min(every, 0.2) if once else every)
    last = follower.last()
    add(total, last)
    if as_json:
        _tell(last, as_json)
    else:
        output.say(in_all(total, output.reader_language()))
    return sum(total.rejected.values())


def in_all(total: Followed, language: str) -> str:
    """The last line: all that was taken and refused, by reason, and what to do with what was refused."""
    zh = language == "zh"
    bad = sum(total.rejected.values())
    said = (
        f"共计：新事件 {total.events}，重复 {total.duplicates}，拒绝 {bad}，读取文本 {total.read}"
        if zh
        else f"in all: {output.plural(total.events, 'new event')}, {total.duplicates} known, {bad} rejected, "
        f"{output.plural(total.read, 'text')} read"
    )
    if not bad:
        return said
    reasons = "，".join(f"{name} {n}" for name, n in total.rejected.most_common()) if zh else ", ".join(
        f"{n} {name}" for name, n in total.rejected.most_common()
    )  # fmt: skip
    mend = (
        "被拒绝的行没有保存：请在来源改正后重新发送，已有的不会重复"
        if zh
        else "what was rejected is not kept: mend it at its source and send it again; what is known stays as it is"
    )
    return f"{said}\n{mend}{'（' if zh else ' ('}{reasons}{'）' if zh else ')'}"


_MEND: dict[str, tuple[str, str]] = {
    "bad-json": ("每行应是一个完整的 JSON 对象", "one whole JSON object a line"),
    "not-an-object": ("应为 {\"kind\": …, \"customer_id\": …} 这样的对象", 'an object such as {"kind": …, "customer_id": …}'),
    "line-too-long": ("一行最多 8 MB", "a line has at most 8 MB"),
    "missing-customer": ("给出 customer_id（文字或数字），或用 --column customer_id=来源列", "give customer_id (text or number), or say --column customer_id=SOURCE"),
    "missing-item": ("给出 item_id，或用 --column item_id=来源列", "give item_id, or say --column item_id=SOURCE"),
    "unknown-kind": ("kind 可取 review、order、message 等；或用 --kind 指明", "kind is review, order, message …; or say --kind for all lines"),
    "id-reused": ("改动过的记录请用新的 source_id", "a changed record needs a new source_id"),
    "id-too-long": ("编号最多 120 个字符", "an id has at most 120 characters"),
}  # fmt: skip
"""What to do with a line of each reason, where the reason does not say it."""


def refusals(found: Followed, language: str) -> list[str]:
    """One line a line that was not taken: where, and why."""
    from huaxiang.ingest.report import words_of

    told = []
    for one in found.refused:
        zh, en = words_of(one.reason)
        if zh == one.reason:  # of a whole file
            zh, en = "文件无法导入", "the file cannot be imported"
        where = f"{one.file}:{one.line}" if one.line else one.file
        mend = _MEND.get(one.reason, ("", ""))[0 if language == "zh" else 1]
        told.append(f"{where}: {zh if language == 'zh' else en} ({one.reason}){' — ' + mend if mend else ''}")
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
        bad = f"，拒绝 {sum(found.rejected.values())}" if found.rejected else ""
        output.say(
            f"新事件 {found.events}（重复 {found.duplicates}{bad}），更新顾客 {found.customers}，读取文本 {found.read}，待读 {found.waiting}"
        )
    else:
        bad = f", {sum(found.rejected.values())} rejected" if found.rejected else ""
        output.say(
            f"{output.plural(found.events, 'new event')} ({found.duplicates} known{bad}), "
            f"{output.plural(found.customers, 'customer')} updated, {output.plural(found.read, 'text')} read, {found.waiting} waiting"
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

"""`huaxiang undo [ACT]`: take back what staff did: a retraction, a merge, a correction, a verdict, an undone import."""

from __future__ import annotations

from typing import Annotated

import typer

from ui import words
from ui.cli import keep_index, output
from ui.cli.common import JsonOption, ShopOption, open_shop
from ui.cli.profile_ledger import ActorOption


def undo(
    act: Annotated[
        str | None, typer.Argument(metavar="[ACT]", help="The act's number. Default: the last one that stands.")
    ] = None,
    shop: ShopOption = None,
    listed: Annotated[bool, typer.Option("--list", help="Only list what was done, newest first.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="With --list: how many.")] = 20,
    actor: ActorOption = "staff",
    as_json: JsonOption = False,
) -> None:
    """Take an act back. Later acts stay; the ledger keeps the record of both.

    \b
    Examples:
      huaxiang undo --list --shop myshop
      huaxiang undo
      huaxiang undo 7 --json
    """
    from huaxiang.ledger import acts
    from huaxiang.ledger.undo import undo as run

    opened = open_shop(shop)
    zh = output.reader_language() == "zh"
    if listed:
        found = acts.listed(opened, limit=limit)
        if as_json:
            output.emit([one.to_dict() for one in found])
        else:
            rows = [
                (
                    str(one.number), one.to_dict()["at"][:19].replace("T", " "), words.action(one.kind, "zh" if zh else "en"), one.customer_id or "-", one.actor,
                    one.reason or "", ("已撤销" if zh else "taken back") if one.undone_at is not None else "",
                )
                for one in found
            ]  # fmt: skip
            head = (
                ("操作", "时间", "内容", "顾客", "谁", "原因", "")
                if zh
                else ("act", "at (UTC)", "what", "customer", "who", "reason", "")
            )
            none = "还没有任何操作" if zh else "nothing was done yet"
            output.say(output.table(rows, head, right=(0,)) if rows else none)
    else:
        done = run(opened, act, actor=actor)
        if as_json:
            output.emit({**done.to_dict(), "undone": True})
        else:
            output.say(
                f"已撤销操作 {done.number}（{words.action(done.kind, 'zh')}）"
                if zh
                else f"took back act {done.number} ({done.kind})"
            )
        keep_index.keep(opened, quiet=as_json)
    opened.close()

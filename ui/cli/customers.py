"""`huaxiang customers`: who is in the shop."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli import output
from ui.cli.common import JsonOption, ShopOption, day, iso, open_shop

_SHOWN = 50


def customers(
    shop: ShopOption = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most this many. Default: 50 in a table, all with --json.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the shop's customers, those with most events first.

    \b
    Examples:
      huaxiang customers --shop myshop
      huaxiang customers --json | jq '.[].customer_id'
    """
    from huaxiang.store import read

    opened = open_shop(shop)
    found = read.customer_list(opened)
    if as_json:
        rows = [
            {
                "customer_id": one["customer_id"], "name": one["name"], "events": one["events"],
                "first_at": iso(one["first_at"]), "last_at": iso(one["last_at"]), "language": one["language"],
            }
            for one in found[:limit]
        ]  # fmt: skip
        output.emit(rows)
    elif not found:
        output.say(
            output.both(
                "店里还没有顾客；下一步：huaxiang import 文件…",
                "the shop has no customers yet; next: huaxiang import FILES…",
            )
        )
    else:
        zh = output.reader_language() == "zh"
        head = (
            ("顾客", "姓名", "记录", "首次", "最近", "语言")
            if zh
            else ("customer", "name", "records", "first", "last", "language")
        )
        shown = found[: limit or _SHOWN]
        rows_of_text = [
            (
                one["customer_id"], one["name"] or "-", str(one["events"]), day(opened, one["first_at"]),
                day(opened, one["last_at"]), one["language"] or "-",
            )
            for one in shown
        ]  # fmt: skip
        output.say(output.table(rows_of_text, head, right=(2,)))
        if len(shown) < len(found):
            rest = len(found) - len(shown)
            output.say(
                output.both(
                    f"… 还有 {rest} 位；--limit N 显示更多，--json 全部",
                    f"… {rest} more; --limit N shows more, --json all",
                )
            )
    opened.close()

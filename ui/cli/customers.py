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
        output.say("the shop has no customers yet; next: huaxiang import FILES…")
    else:
        shown = found[: limit or _SHOWN]
        rows_of_text = [
            (
                one["customer_id"], one["name"] or "-", str(one["events"]), day(opened, one["first_at"]),
                day(opened, one["last_at"]), one["language"] or "-",
            )
            for one in shown
        ]  # fmt: skip
        output.say(output.table(rows_of_text, ("customer", "name", "events", "first", "last", "language"), right=(2,)))
        if len(shown) < len(found):
            output.say(f"… {len(found) - len(shown)} more; --limit N shows more, --json all")
    opened.close()

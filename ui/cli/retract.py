"""`huaxiang retract EVENT`: take a record back; all that stood on it is recomputed."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli import output
from ui.cli.common import JsonOption, ShopOption, open_shop
from ui.cli.profile_ledger import ActorOption, ReasonOption


def retract(
    event: Annotated[
        str, typer.Argument(metavar="EVENT", help="Its id (e…), an evidence id (t…, r…) or the id in its source.")
    ],
    shop: ShopOption = None,
    reason: ReasonOption = "",
    actor: ActorOption = "staff",
    as_json: JsonOption = False,
) -> None:
    """Take one event back: its text is no longer found or cited, and what stood on it is recomputed.

    Importing the file again does not bring it back; `huaxiang undo` does. To look first: huaxiang profile what-if.

    \b
    Examples:
      huaxiang retract E0016 --reason "written by somebody else" --shop myshop
      huaxiang retract t2ee705dbc1734eb46b1d --json
    """
    from huaxiang.ledger.retract import retract as run

    opened = open_shop(shop)
    done = run(opened, event, actor=actor, reason=reason)
    if as_json:
        output.emit(done.to_dict())
    elif output.reader_language() == "zh":
        output.say(f"已撤回 {done.events} 条记录,{done.retired} 个字段不再成立(撤销:huaxiang undo {done.act.number})")
    else:
        output.say(
            f"retracted {done.events} event(s); {done.retired} trait(s) no longer hold (take it back: huaxiang undo {done.act.number})"
        )
    opened.close()

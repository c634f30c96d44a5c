"""`huaxiang retract RECORD`: take a record back; all that stood on it is recomputed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from huaxiang.errors import DataError
from ui.cli import asking, output
from ui.cli.common import JsonOption, ShopOption, open_shop
from ui.cli.naming import events_of
from ui.cli.profile_ledger import ActorOption, ReasonOption

if TYPE_CHECKING:
    from huaxiang.store.shop import Shop


def retract(
    event: Annotated[
        str,
        typer.Argument(
            metavar="RECORD",
            help="An evidence id (t…, r…) or its beginning, an event id (e…), FILE:ROW, the id in its source, an order's number.",
        ),
    ],
    shop: ShopOption = None,
    reason: ReasonOption = "",
    actor: ActorOption = "staff",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask where an order has several records.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take one event back: its text is no longer found or cited, and what stood on it is recomputed.

    Importing the file again does not bring it back; `huaxiang undo` does. To look first: huaxiang profile what-if.

    \b
    Examples:
      huaxiang retract E0016 --reason "written by somebody else" --shop myshop
      huaxiang retract t2ee705dbc --json
    """
    from huaxiang.ledger.retract import retract as run

    opened = open_shop(shop)
    done = [run(opened, one, actor=actor, reason=reason) for one in _meant(opened, event, yes=yes, as_json=as_json)]
    opened.close()
    if as_json:
        output.emit(done[0].to_dict() if len(done) == 1 else [one.to_dict() for one in done])
        return
    events, retired = sum(one.events for one in done), sum(one.retired for one in done)
    acts = ", ".join(str(one.act.number) for one in reversed(done))
    output.say(
        output.both(
            f"已撤回 {events} 条记录，{retired} 个字段不再成立（撤销：huaxiang undo {acts}）",
            f"retracted {output.plural(events, 'record')}; {output.plural(retired, 'field')} no longer "
            f"{'holds' if retired == 1 else 'hold'} (take it back: huaxiang undo {acts})",
        )
    )


def _meant(shop: Shop, text: str, *, yes: bool, as_json: bool) -> list[str]:
    """The events to take back; several (an order's) only after a yes."""
    found = events_of(shop, text)
    if len(found) == 1 or yes:
        return found
    if as_json:
        raise DataError(
            f"this order has {len(found)} records: {', '.join(found[:9])}",
            hint="name one of them, or say --yes to take them all back",
            code="ambiguous-event",
        )
    asking.must_confirm(
        output.both(f"该订单有 {len(found)} 条记录，全部撤回？", f"The order has {len(found)} records. Retract all?"),
        instead="--yes",
    )
    return found

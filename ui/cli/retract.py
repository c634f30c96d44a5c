"""`huaxiang retract RECORD`: take a record back; all that stood on it is recomputed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from huaxiang.errors import DataError
from ui.cli import asking, keep_index, output
from ui.cli.common import JsonOption, ShopOption, open_shop
from ui.cli.naming import events_of
from ui.cli.profile_ledger import ActorOption, ReasonOption

if TYPE_CHECKING:
    from huaxiang.ledger.retract import Retraction
    from huaxiang.store.shop import Shop

_NAMED = 12
"""So many fields are named; the others are counted."""


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
    fields = "" if as_json else _fields(opened, done)
    if as_json:
        output.emit(done[0].to_dict() if len(done) == 1 else [one.to_dict() for one in done])
    else:
        _tell(done, fields)
    keep_index.keep(opened, quiet=as_json)
    opened.close()


def _tell(done: list[Retraction], fields: str) -> None:
    events = sum(one.events for one in done)
    acts = ", ".join(str(one.act.number) for one in reversed(done))
    output.say(
        output.both(
            f"已撤回 {events} 条记录；{fields}（撤销：huaxiang undo {acts}）",
            f"retracted {output.plural(events, 'record')}; {fields} (take it back: huaxiang undo {acts})",
        )
    )


def _fields(shop: Shop, done: list[Retraction]) -> str:
    """Which fields, computed ones too, hold no more or hold another value; hidden ones are neither counted nor named."""
    from huaxiang.privacy.sight import Sight

    sight = Sight.of_shop(shop)
    zh = output.reader_language() == "zh"
    # of an order's several records each act sees the state the one before left: what went in the end is gone
    gone = dict.fromkeys(name for one in done for name in one.gone if sight.sees(name))
    changed = dict.fromkeys(name for one in done for name in one.changed if sight.sees(name) and name not in gone)

    def named(names: dict[str, None]) -> str:
        told = [
            sight.pack.fields[one].label("zh" if zh else "en") if one in sight.pack.fields else one for one in names
        ]
        more = f" … (+{len(told) - _NAMED})" if len(told) > _NAMED else ""
        return ("、" if zh else ", ").join(told[:_NAMED]) + more

    if not gone and not changed:
        return output.both("没有字段因此改变", "no field changed")
    parts = []
    if gone:
        holds = "holds" if len(gone) == 1 else "hold"
        parts.append(
            f"{len(gone)} 个字段不再成立：{named(gone)}"
            if zh
            else f"{output.plural(len(gone), 'field')} no longer {holds}: {named(gone)}"
        )
    if changed:
        parts.append(
            f"{len(changed)} 个字段的值改变：{named(changed)}"
            if zh
            else f"{output.plural(len(changed), 'field')} changed: {named(changed)}"
        )
    return ("；" if zh else "; ").join(parts)


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

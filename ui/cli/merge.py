"""`huaxiang merge KEEP OTHER` and `huaxiang unmerge [CUSTOMER]`: two records of one person, and back."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli import keep_index, output
from ui.cli.common import JsonOption, ShopOption, customer_of, open_shop
from ui.cli.profile_ledger import ActorOption, ReasonOption


def merge(
    keep: Annotated[str, typer.Argument(metavar="KEEP", help="The customer that stays: an id or a unique name.")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The customer that becomes another name of it.")],
    shop: ShopOption = None,
    reason: ReasonOption = "",
    actor: ActorOption = "staff",
    as_json: JsonOption = False,
) -> None:
    """Make two customers one: events, texts, contacts and traits of OTHER become KEEP's; later imports follow.

    OTHER's id and names stay as aliases of KEEP. `huaxiang unmerge` takes it apart again.

    \b
    Examples:
      huaxiang merge C001 C019 --reason "same phone number" --shop myshop
      huaxiang merge C101 "Meg W." --json
    """
    from huaxiang.ledger import merging

    opened = open_shop(shop)
    done = merging.merge(
        opened,
        customer_of(opened, keep, exact=True),
        customer_of(opened, other, exact=True),
        actor=actor,
        reason=reason,
    )
    if as_json:
        output.emit(done.to_dict())
    elif output.reader_language() == "zh":
        output.say(
            f"已把 {done.merged} 并入 {done.kept}：{done.events} 条记录，{done.traits} 个字段（拆开：huaxiang unmerge {done.merged}）"
        )
    else:
        output.say(
            f"{done.merged} is now part of {done.kept}: {done.events} events, {done.traits} traits "
            f"(take apart: huaxiang unmerge {done.merged})"
        )
    keep_index.keep(opened, quiet=as_json)
    opened.close()


def unmerge(
    customer: Annotated[
        str | None, typer.Argument(metavar="[CUSTOMER]", help="The kept or the merged id. Default: the last merge.")
    ] = None,
    shop: ShopOption = None,
    actor: ActorOption = "staff",
    as_json: JsonOption = False,
) -> None:
    """Take a merge apart: each gets back what was theirs, and what came in since under the merged id.

    \b
    Examples:
      huaxiang unmerge C019 --shop myshop
      huaxiang unmerge --json
    """
    from huaxiang.ledger import merging

    opened = open_shop(shop)
    done = merging.unmerge(opened, customer, actor=actor)
    if as_json:
        output.emit({**done.to_dict(), "undone": True})
    elif output.reader_language() == "zh":
        output.say(f"已拆开：{done.merged} 重新独立，取回 {done.events} 条记录")
    else:
        output.say(f"{done.merged} stands alone again with its {done.events} events")
    keep_index.keep(opened, quiet=as_json)
    opened.close()

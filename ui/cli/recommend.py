"""`huaxiang recommend CUSTOMER`: what to offer next, with the reason and the records behind it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from huaxiang.errors import ToolUnavailable
from ui.cli import output
from ui.cli.common import JsonOption, ShopOption, customer_of, open_shop


def recommend(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="An id, or a name that only one customer has.")],
    shop: ShopOption = None,
    limit: Annotated[int, typer.Option(min=1, max=30, help="How many items.")] = 5,
    as_json: JsonOption = False,
) -> None:
    """Recommend items for a customer; never what was just bought, returned as unwanted, or is avoided.

    \b
    Examples:
      huaxiang recommend C001 --shop myshop
      huaxiang recommend "Megan Whitfield" --limit 3 --json
    """
    from tools.base import Actor, Deps
    from tools.recommend import Args
    from tools.recommend import recommend as run
    from vectorstore.index import Index

    opened = open_shop(shop)
    customer_id = customer_of(opened, customer)
    with Index.open(opened) as index:
        deps = Deps(shop=opened, index=index, sentiment=_no_model, actor=Actor.of_shop(opened))
        result = run(Args(customer_id=customer_id, limit=limit), deps)
    if as_json:
        output.emit({"customer_id": customer_id, "offers": [one.model_dump(mode="json") for one in result.offers]})
    else:
        language = output.reader_language()
        for place, one in enumerate(result.offers, start=1):
            label = one.item.label(language) if one.item else one.item_id
            reason = one.reason_zh if language == "zh" else one.reason_en
            output.say(output.plain(f"{place}. {label} ({one.item_id}, {one.method})\n   {reason}"))
            if one.evidence:
                output.say(f"   evidence: {', '.join(one.evidence)}")
        if not result.offers:
            output.say("nothing to recommend: the shop knows no items, or all were bought or avoided")
    opened.close()


def _no_model() -> Any:
    raise ToolUnavailable("this command needs no sentiment model")

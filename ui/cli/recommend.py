"""`huaxiang recommend CUSTOMER`: what to offer next, with the reason and the records behind it."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from huaxiang.errors import ToolUnavailable
from ui import words
from ui.cli import output
from ui.cli.common import JsonOption, PurposeOption, RoleOption, ShopOption, customer_of, open_as
from ui.cli.naming import short


def recommend(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="An id, name, phone, e-mail or order number.")],
    shop: ShopOption = None,
    limit: Annotated[int, typer.Option(min=1, max=30, help="How many items.")] = 5,
    role: RoleOption = None,
    purpose: PurposeOption = None,
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

    opened = open_as(shop, role, purpose)
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
            reason = _full_width(one.reason_zh) if language == "zh" else one.reason_en
            how = words.say(words.METHODS, one.method, language)
            output.say(output.plain(f"{place}. {label} ({one.item_id} · {how})\n   {reason}"))
            if one.evidence:
                output.say(f"   {output.both('出处：', 'stands on: ')}{', '.join(map(short, one.evidence))}")
        if not result.offers:
            output.say(
                output.both(
                    "没有可推荐的：店里没有商品，或都已买过、要避开",
                    "nothing to recommend: the shop knows no items, or all were bought or avoided",
                )
            )
    opened.close()


def _full_width(text: str) -> str:
    """Chinese punctuation outside the titles in 「」, which stay as the catalogue writes them."""
    from huaxiang.store.render import full_width

    return "".join(one if one.startswith("「") else full_width(one) for one in re.split(r"(「[^」]*」)", text))


def _no_model() -> Any:
    raise ToolUnavailable("this command needs no sentiment model")

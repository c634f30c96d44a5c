"""Statements that recommend: each item with its reason and the events that led there."""

from __future__ import annotations

from agent.context import Context, Statement
from huaxiang.store import render
from tools import recommend


def offers(context: Context) -> list[Statement]:
    """Up to five items; an item without evidence is not shown."""
    result = context.call("recommend", customer_id=context.customer_id, limit=5)
    if not isinstance(result, recommend.Result):
        return []
    found = []
    for rank, offer in enumerate(result.offers):
        if not offer.evidence:
            continue
        name = offer.item.label(context.language) if offer.item else offer.item_id
        item = offer.item
        price = f" {render.money(item.price_minor, item.currency)}" if item and item.price_minor is not None else ""
        text = context.say(
            f"推荐 {name}({offer.item_id}){price}:{offer.reason_zh}",
            f"Suggest {name} ({offer.item_id}){price}: {offer.reason_en}",
        )
        found.append(
            Statement(
                text,
                offer.evidence,
                score=1 - rank / 10,
                direct=True,
                figures=(text,),
                customer_id=context.customer_id,
                kind="offer",
            )
        )
    return found

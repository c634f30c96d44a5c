"""Statements that recommend: each item with its reason and the events that led there."""

from __future__ import annotations

import re

from agent import relevance
from agent.context import Context, Statement
from agent.statements import orders
from huaxiang.store import render
from tools import recommend


def _price_limit(question: str) -> int | None:
    """The highest price asked for, minor units of whatever currency the items have; None when none is named."""
    found = re.search(
        r"(\d+)\s*(?:块|元|rmb|cny)?\s*(?:以内|以下|之内|内的)|(?:不超过|最多|预算)\s*(\d+)|(?:under|below|up to|at most|less than|max(?:imum)?|within)\s*[$¥]?\s*(\d+)",
        question, re.IGNORECASE,
    )  # fmt: skip
    return int(next(one for one in found.groups() if one)) * 100 if found else None


def _fits(offer: recommend.Offer, things: set[str], most: int | None) -> bool:
    item = offer.item
    if most is not None and (item is None or item.price_minor is None or item.price_minor > most):
        return False
    return not things or orders.item_score(item, sorted(things)) > 0


def offers(context: Context) -> list[Statement]:
    """Up to five items; an item without evidence is not shown."""
    things = relevance.things_of_the_shop(context) | {w for w in context.topic if len(w) > 1 and not w.isascii()}
    most = _price_limit(context.question)
    result = context.call("recommend", customer_id=context.customer_id, limit=30 if things or most else 5)
    if not isinstance(result, recommend.Result):
        return []
    fitting = [o for o in result.offers if _fits(o, things, most)]
    found = []
    for rank, offer in enumerate(fitting[:5]):
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

"""Statements that recommend: each item with its reason and the events that led there."""

from __future__ import annotations

import re

from agent import relevance
from agent.context import Context, Statement
from agent.statements import everyone, orders
from huaxiang.store import render
from tools import recommend


def _price_limit(question: str) -> int | None:
    """The highest price asked for, minor units of whatever currency the items have; None when none is named."""
    found = re.search(
        r"(\d+)\s*(?:块|元|rmb|cny)?\s*(?:以内|以下|之内|内的)|(?:不超过|最多|预算)\s*(\d+)|(?:under|below|up to|at most|less than|max(?:imum)?|within)\s*[$¥]?\s*(\d+)",
        question, re.IGNORECASE,
    )  # fmt: skip
    if orders.currencies(question) - {"CNY"} or "$" in question:  # the catalogue is priced in another currency
        return None
    return int(next(one for one in found.groups() if one)) * 100 if found else None


def _fits(offer: recommend.Offer, things: set[str], most: int | None) -> bool:
    item = offer.item
    if most is not None and (item is None or item.price_minor is None or item.price_minor > most):
        return False
    return not things or orders.item_score(item, sorted(things)) > 0


def _from_the_catalogue(context: Context, things: set[str], most: int | None) -> list[Statement]:
    """Items of the kind asked for that the customer has not had, resting on what they ordered of that category."""
    entries = [e for e in orders.fetch(context, "order", "return", "review", anytime=True).entries if e.item]
    had = {e.event.item_id for e in entries}
    avoided = [word.lower() for word in recommend.avoided(context.deps, context.customer_id)]
    found = []
    for item in everyone.catalogue(context.deps).values():
        score = orders.item_score(item, sorted(things))
        label = " ".join(filter(None, (item.title, item.title_en, item.material, item.color))).lower()
        dear = most is not None and (item.price_minor is None or item.price_minor > most)
        if score <= 0 or item.item_id in had or dear or any(word in label for word in avoided):
            continue
        akin = [e.evidence_id for e in entries if e.item and e.item.category == item.category][:3]
        akin = akin or [e.evidence_id for e in entries][:1]
        if akin:
            name, price = (
                item.label(context.language),
                render.money(item.price_minor, item.currency) if item.price_minor is not None else "",
            )
            text = context.say(
                f"可推 {name}({item.item_id}){price}:符合所问的品类与价格,依据顾客的购买记录。",
                f"Could offer {name} ({item.item_id}) {price}: of the kind and price asked for, judged by what the customer has had.",
            )
            found.append(
                Statement(
                    text,
                    tuple(akin),
                    score=score,
                    direct=True,
                    figures=(text,),
                    customer_id=context.customer_id,
                    kind="offer",
                )
            )
    return sorted(found, key=lambda one: -one.score)[:5]


def offers(context: Context) -> list[Statement]:
    """Up to five items; an item without evidence is not shown."""
    catalogue = everyone.catalogue(context.deps).values()
    asked = [w for w in context.topic if len(w) > 1 and any(orders.item_score(item, [w]) >= 0.5 for item in catalogue)]
    things = relevance.things_of_the_shop(context) | set(asked)
    most = _price_limit(context.question)
    result = context.call("recommend", customer_id=context.customer_id, limit=30 if things or most else 5)
    if not isinstance(result, recommend.Result):
        return []
    fitting = [o for o in result.offers if _fits(o, things, most)]
    if things and not fitting:
        return _from_the_catalogue(context, things, most)
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

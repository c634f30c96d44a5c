"""What one customer looked at, or put in the cart, and never ordered."""

from __future__ import annotations

import re

from agent.answer.context import Context, Statement
from agent.question import items
from agent.statements import activity, order_lines

_ASKED = re.compile(
    r"(?:看|浏览|加购|收藏|加进?购物车)(?:过|了)?.{0,8}(?:没|未)(?:有)?(?:买|下单|购买|成交|入手)"
    r"|\b(?:view\w*|look\w*|brows\w*|carts?|baskets?)\b.{0,30}\b(?:never|not|without|didn['’]?t|hasn['’]?t|haven['’]?t)\b.{0,16}\b(?:buy|bought|buying|order\w*|purchas\w*)",
    re.IGNORECASE,
)
_CART = re.compile(r"加购|购物车|\b(?:carts?|baskets?)\b", re.IGNORECASE)


def asked(context: Context) -> bool:
    """Whether the question is which things were looked at and not bought, and neither why nor one thing named."""
    text = context.scope.rest
    one = len(context.scope.customers) == 1 and not context.scope.item_ids
    return one and bool(_ASKED.search(text)) and not activity.WHY_NOT.search(text) and not items.meant(context)


def told(context: Context) -> list[Statement]:
    """The items looked at in the span asked of which no order is on record, whenever; [] where nothing was looked at."""
    kind = "cart" if _CART.search(context.question) else "view"
    seen = [e for e in order_lines.fetch(context, kind).entries if e.event.item_id]
    if not seen:
        return []
    bought = {e.event.item_id for e in order_lines.fetch(context, "order", anytime=True).entries}
    kept = [e for e in seen if e.event.item_id not in bought]
    count = len({e.event.item_id for e in kept})
    did_zh, did_en = ("加购", "put in the cart") if kind == "cart" else ("浏览", "viewed")
    listed = f": {order_lines.named(context, kept)}" if kept else ""
    text = context.say(
        f"{context.person}{context.within()}{did_zh}过而从未下单的商品有 {count} 种{listed}。",
        f"{context.person} {did_en}{context.within()} and never ordered {count} items{listed}.",
    )
    cited = order_lines.ids_of(kept or seen)
    return [Statement(text, cited, direct=True, figures=(text,), customer_id=context.customer_id)]

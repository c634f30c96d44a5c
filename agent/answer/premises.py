"""What a question takes for granted and the records deny: a return that never was, a thing never ordered.

It stays a refusal, since what was asked (why, when, how it was liked) has no answer; its words say what is not so.
"""

from __future__ import annotations

from agent.answer.context import Context
from agent.answer.say import Abstention
from agent.question import items
from agent.question.item_names import things_of_the_shop
from agent.statements import order_lines

FEW = 3
"""Items up to which a question names one thing rather than a sort of things."""


def denied(context: Context) -> Abstention | None:
    """The refusal that says what never was; None where the question names no thing of the shop, or the records have it."""
    if len(context.scope.customers) != 1 or not things_of_the_shop(context):
        return None
    things = items.meant(context)
    if not 0 < len(things) <= FEW:
        return None
    context.customer_id = context.scope.customers[0]
    names = {aim.name for aim in context.aims}
    had = [e for e in order_lines.fetch(context, "order", anytime=True).entries if e.event.item_id in things]
    what = items.label(context, things)
    if not had:
        text = context.say(
            f"{context.person}没有买过{what}:订单记录里没有这件商品。",
            f"{context.person} never bought {what}: no order on record has it.",
        )
    elif "returns" in names:
        back = order_lines.fetch(context, "return", anytime=True).entries
        if any(e.event.item_id in things for e in back):
            return None
        text = context.say(
            f"{context.person}没有退过{what}:记录里没有它的退货。",
            f"{context.person} never returned {what}: no return of it is on record.",
        )
    else:
        return None
    return Abstention(
        "no_evidence",
        text,
        context.say("请核对是哪位顾客、哪件商品。", "Check which customer and which item is meant."),
    )

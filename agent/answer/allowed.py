"""What the asker may not be told: a question for just that is refused, and what else it asks is answered without it."""

from __future__ import annotations

from agent.answer import gather
from agent.answer.context import Context
from agent.answer.say import Abstention

AIM_FIELDS: dict[str, tuple[str, ...]] = {
    "spend": ("spend_minor",), "average_order": ("average_order_minor",), "largest_order": ("spend_minor",),
    "order_count": ("order_count",), "cadence": ("order_gap_days",), "discount": ("discount_share",), "returns": ("return_count",),
    "last_order": ("last_order_on",), "first_order": ("first_order_on",), "open_ticket": ("open_ticket",),
    "top_category": ("top_category",), "top_brand": ("top_brand",), "active_hours": ("active_hours",), "rating": ("avg_rating",),
    "last_activity": ("last_seen_on",),
}  # fmt: skip
"""The profile field that an aim asks for: whoever may not see the field may not ask for the figure either."""


def heed(context: Context) -> Abstention | None:
    """Take fields that are not open to the asker out of the question; the refusal where nothing else was asked."""
    sight = context.deps.sight
    if sight.sees_all:
        return None
    hidden = sight.without(context.fields)
    aims = [one for one in context.aims if sight.without(AIM_FIELDS.get(one.name, ()))]
    if not hidden and not aims:
        return None
    narrow = [one.name for one in context.aims if one.name in gather.NARROW]
    fields_first = bool(context.fields) and gather.fields_first(context, narrow)
    open_narrow = [name for name in narrow if name not in {one.name for one in aims}]
    if hidden and len(hidden) == len(context.fields) and (fields_first or not open_narrow):
        return refusal(context, hidden)
    if aims and not open_narrow and not fields_first:
        return refusal(context, [name for one in aims for name in sight.without(AIM_FIELDS[one.name])])
    context.fields = [name for name in context.fields if name not in hidden]
    context.aims = [one for one in context.aims if one not in aims]
    return None


def refusal(context: Context, names: list[str] | tuple[str, ...]) -> Abstention:
    """The abstention for fields that are not open to the asker."""
    sight = context.deps.sight
    labels = list(dict.fromkeys(sight.pack.fields[name].label(context.language) for name in names))
    listed = ("、" if context.zh else ", ").join(labels)
    text = context.say(
        f"“{listed}”不对角色 {sight.role}（用途 {sight.purpose}）开放。",
        f"{listed}: not open to role {sight.role} for purpose {sight.purpose}.",
    )
    help_ = context.say(
        "请有权限的同事查看;谁能看什么由字段包决定。",
        "Ask a colleague who may see it; the field pack decides who sees what.",
    )
    return Abstention("not_allowed", text, help_)

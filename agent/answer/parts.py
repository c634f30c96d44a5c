"""Questions for more than one figure: how many orders and how much in all, the first and the latest purchase."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from agent.answer.context import Context, Statement
from agent.question import aims, dates, items
from agent.statements import later, orders

FIGURES = frozenset(
    "last_order first_order spend order_count returns average_order largest_order rating survey event_count last_activity".split()
)
"""Aims whose figures may stand side by side in one question."""
_SEAM = re.compile(
    r"[,，;；。?？]|\b(?:and|plus)\b(?=\s+(?:how|when|what|which|also|the)\b)|以及|还有",
    re.IGNORECASE,
)
_AND = re.compile(r"[,，;；。?？]|以及|还有|(?<=[\u4e00-\u9fff])和|\b(?:and|plus)\b", re.IGNORECASE)
"""Where a question may fall into parts: first where another question word follows, else at every joining word."""
_ENDS = re.compile(
    r"(?:第|头)一[\u4e00-\u9fff]?.{0,6}(?:和|跟|与|、|还有|以及).{0,4}(?:最近|最后|最新)(?:的)?一?[\u4e00-\u9fff]?|\bfirst\b.{0,24}\b(?:and|&)\b.{0,16}\b(?:last|latest|most recent)\b",
    re.IGNORECASE,
)
"""The first and the latest of a thing in one question."""
_ABOUT_OTHERS = re.compile(r"评|工单|消息|留言|退|问卷|\b(?:review|ticket|message|return|survey)", re.IGNORECASE)


def several(context: Context, answers: Callable[[Context], list[Statement]]) -> list[Statement]:
    """A question for two or three figures, each answered by itself; [] when it is none or one of them has no answer.

    `answers`: what makes the statements of one such piece (`gather.gather`).
    """
    if _ENDS.search(context.scope.rest) and not _SEAM.search(context.scope.rest.strip(" ,，;；。?？")):
        if _ABOUT_OTHERS.search(context.scope.rest):
            return []
        ends = [*orders.first_order(context), *orders.last_order(context)]
        return ends if len(ends) == 2 and context.customer_id else []
    pieces = _pieces(context.scope.rest, _AND) or _pieces(context.scope.rest, _SEAM)
    things = () if later.asked(context) else items.meant(context)
    found: list[Statement] = []
    for piece in pieces:
        own = _alone(context, piece, things)
        answer = [one for one in answers(own) if one.direct]
        if not answer:
            return []
        found += answer[: 2 if _ENDS.search(piece) else 1]
    return found


def _pieces(text: str, seam: re.Pattern[str]) -> list[str]:
    """The parts of a question that ask for a figure each; [] unless there are two or three, and of different figures."""
    pieces = [piece.strip() for piece in seam.split(text) if piece and piece.strip()]
    subjects = [_leading(piece) for piece in pieces]
    if not 1 < len(pieces) <= 3 or not all(subjects) or len(set(subjects)) < len(subjects):
        return []
    return pieces


def _leading(piece: str) -> str:
    """The figure that a part of a question asks for; "" when it asks for none, or for something else beside it."""
    if aims.fields_of(piece) or not _ASKS_FIGURE.search(piece):
        return ""
    found = {aim.name: aim.place(piece) for aim in aims.of(piece)}
    if set(found) & {"complaints", "praise", "opinion", "changed"}:
        return ""
    narrow = [name for name in found if name in FIGURES]
    return min(narrow, key=lambda name: found[name]) if narrow else ""


OF_FIGURES = re.compile(
    r"货|头|钱|次|单|笔|各|分别|总共|最后|最近|第一|made|make|first|last|latest|placed|reviews?|open|total|all|each|date|dates|amount|value|average|mean|order|orders|size|usual",
    re.IGNORECASE,
)
"""Words of such questions that name no topic of a text."""
_ASKS_FIGURE = re.compile(
    r"几|多少|哪|什么|啥|何时|\b(?:how|when|what|which|total|average|mean|number|last|latest|first)\b", re.IGNORECASE
)


def _alone(context: Context, piece: str, things: tuple[str, ...]) -> Context:
    """One part of a question as a question of its own, with the days and the thing that the whole names."""
    own = replace(
        context, question=piece, span=dates.resolve(piece, context.deps.shop.today()) or context.span,
        scope=replace(context.scope, rest=piece, item_ids=()), aims=aims.of(piece), fields=[],
        memo={"steps_shown": context.memo.get("steps_shown", 0), "asked": piece},
    )  # fmt: skip
    if things and not items.meant(own):
        own.scope = replace(own.scope, item_ids=things)
    return own

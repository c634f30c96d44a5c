"""A figure is told only for what it is of: the statements that tell what was asked, and nothing beside them.

Every maker says what its figures are of (`Statement.tells`), the question is read as a measure (`agent.question.asked`).
Where they do not agree, the question is put to the maker of that measure; where that has nothing either, it is refused:
the figure of another thing is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator

from agent.answer.context import Context, Measure, Statement
from agent.events import RunEvent
from agent.question import asked as reading
from agent.question import items, retell
from agent.question.asked import Asked

Stated = Callable[[Context], Generator[RunEvent, None, list[Statement]]]

_MORE = re.compile(
    r"情况|问题|怎么|为(?:什么|啥|何)|原因|投诉|评[价论]|说(?!明)|反馈|后来|之后|齐|坏|满意|处理|解决|进展|状态|什么(?!时候|日子)|哪些|谁"
    r"|\b(?:happen\w*|problems?|issues?|wrong|why|reason|return\w*|refund\w*|complain\w*|review\w*|said|say|after|status|feedback|missing|complete|ok(?:ay)?|resolved|happy|who|whom|which (?!day|date)|what (?!day|date|number|is the|was the|are the|were the))",
    re.IGNORECASE,
)
"""Words by which a question asks for more than the figure: what is told beside it stays."""


def settled(
    context: Context, told_as: Context, found: list[Statement], stated: Stated
) -> Generator[RunEvent, None, tuple[Context, list[Statement]]]:
    """The statements that are of what was asked, and the context they were made in.

    Args:
        context: the question as it was asked.
        told_as: the context in which `found` was made, which may be that of another wording.
        stated: puts a question to the makers.
    """
    asked = reading.figure(context)
    if asked is None:
        return told_as, found
    if tells(context, found, asked):
        return told_as, only(context, found, asked)
    exact = [one for one in found if one.direct]
    if exact and not exact[0].tells:  # what it is of is not known: it may be what was asked
        return told_as, found
    if found and not exact and not asked.sure:  # words were found, and may be what is asked
        return told_as, found
    again = retell.as_kind(context, asked.label)
    told = (yield from stated(again)) if again else []
    if again and tells(context, told, asked):
        return again, only(context, told, asked)
    of_a_thing = asked.measure.of in ("item", "units") and not exact  # never bought
    known = bool(exact) and all(one.tells for one in exact)
    return told_as, ([] if asked.sure and (of_a_thing or known) else found)


def tells(context: Context, found: list[Statement], asked: Asked) -> bool:
    """Whether the first figure told is what was asked."""
    first = next((one for one in found if one.direct), None)
    return first is not None and _agrees(context, first, asked)


def wants_more(context: Context) -> bool:
    """Whether a question asks for more than a figure or a list: what became of it, what was said."""
    return bool(_MORE.search(context.asked))


def only(context: Context, found: list[Statement], asked: Asked) -> list[Statement]:
    """The statements that tell what was asked, where the question asks for no more than that."""
    if wants_more(context):
        return found
    return [one for one in found if _agrees(context, one, asked)] or found


def _agrees(context: Context, one: Statement, asked: Asked) -> bool:
    if asked.measure in one.tells:
        return True
    if not items.meant(context):
        return False
    # of a thing, its orders and its pieces are told together, and what all of them cost is what it cost
    same: set[Measure] = {Measure(asked.measure.quantity, of) for of in ("item", "units", "orders")}
    return asked.measure in same and bool(same & set(one.tells))

"""What a follow-up leaves out: the last question's subject ("那件呢", "did she get another one") and its time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent import aims, dates, items, words
from huaxiang import ids
from huaxiang.schema.answer import Answer
from huaxiang.store import read
from huaxiang.store.shop import Shop
from huaxiang.text import aspects

if TYPE_CHECKING:
    from agent.context import Context

_THING = re.compile(
    r"那(一)?(件|台|个|款|双|单|次|条|只|本|套|瓶|盒|笔|样|封)|这(一)?(件|台|个(?!人|顾客|客户|用户)|款|双|单|次|条|只|本|套|瓶|盒|笔|样|封)|第[一二三四五](件|台|个|款|双|只|本)|它|换的|新的呢|后来|之后"
    r"|\b(it|its|that|those|these|one|ones|another|the other|the same|the first|the second|along with)\b",
    re.IGNORECASE,
)
_TIME_ONLY = re.compile(r"^(那|那么|and|what about|how about|in|during|,|，|\s)*", re.IGNORECASE)


def completed(question: str, context: Context, last_rest: str) -> str:
    """The words of a follow-up with what it leaves to the last question; its own words first.

    Args:
        question: as typed.
        context: the question as understood by itself.
        last_rest: the last question of the thread without its customer's name.
    """
    rest = context.scope.rest
    own = bool(aims.of(rest) or aims.fields_of(rest))
    pointing = bool(_THING.search(question))
    today = context.deps.shop.today()
    if not own and (aims.is_follow_up(question) or pointing or (context.span and _bare(rest, context))):
        old = dates.resolve(last_rest, today)
        if old and context.span:
            last_rest = re.sub(re.escape(old.phrase), " ", last_rest, flags=re.IGNORECASE)
        return f"{rest} {last_rest}"
    if pointing and not items.meant(context):
        told = words.content_words(last_rest, context.language)
        things = [word for word in told if items.meant(context, last_rest, [word])]
        about = [a for word in told for a in (word,) if aspects.aspect_of_question(word)] if not things else []
        return " ".join([rest, *things, *about])
    return rest


def _bare(rest: str, context: Context) -> bool:
    """Whether nothing but a time is left of the question."""
    phrase = context.span.phrase if context.span else ""
    left = re.sub(re.escape(phrase), " ", rest, flags=re.IGNORECASE)
    return not words.content_words(_TIME_ONLY.sub("", left), context.language)


def points_back(question: str) -> bool:
    """Whether a question points at a thing named before ("it", 这个)."""
    return bool(_THING.search(question))


def items_of(answer: Answer, shop: Shop) -> tuple[str, ...]:
    """The items that the last answer was about, when they are few enough for "it" to mean them."""
    event_ids = [event for one in answer.evidence if (event := ids.event_of_evidence(one.id))]
    found = dict.fromkeys(e.item_id for e in read.events_by_id(shop, event_ids).values() if e.item_id)
    return tuple(found) if len(found) <= 2 else ()

"""What staff answered: a customer's message is half of the story where the question asks what was said or done about it."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.answer.context import Context, Statement
from huaxiang.schema.event import Event
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read

_ASKS = re.compile(
    r"客服|我们|咱|售后|店家|店里.{0,4}(说|怎么)|赔|补偿|补(了|给)|答应|承诺|回复|怎么(处理|解决|说)|处理结果|结果|谁出|最后|换的|换了|新的|后来"
    r"|\b(support|staff|agent|we|us|our|told|promis\w+|repl(y|ied|ies)|respon\w+|offer(ed)?|compensat\w+|goodwill|resol\w+|sort(ed)?|fix(ed)?|done about|swap\w*|replac\w+|turn(ed)? out|end(ed)?( up)?|outcome)\b",
    re.IGNORECASE,
)
_TOWARDS_US = re.compile(r"[对跟和]我们(?:店)?|\b(?:with|about|of|towards?|from) us\b", re.IGNORECASE)
"""Whom somebody is happy with, or buys from: no question on what staff said."""
_SOON = 21 * 86_400
"""Seconds within which a staff text without an order number answers a customer's."""


def with_replies(context: Context, found: list[Statement]) -> list[Statement]:
    """The statements, each customer's message or ticket followed by what staff answered, where the question asks for it."""
    if not context.customer_id or not _ASKS.search(_TOWARDS_US.sub(" ", context.question)):
        return found
    shop = context.deps.shop
    events = read.events_of(shop, context.customer_id, newest_first=False)
    spoken = [one for one in events if one.kind in ("message", "ticket") and one.occurred_at is not None]
    by_id = {one.event_id: one for one in spoken}
    known = evidence_store.get(shop, [i for s in found if s.kind == "quote" for i in s.evidence])
    cited = {i for s in found for i in s.evidence}
    result: list[Statement] = []
    for statement in found:
        result.append(statement)
        first = known.get(statement.evidence[0]) if statement.kind == "quote" and statement.evidence else None
        event = by_id.get((first.event_id if first else None) or "")
        if event is None or event.speaker != "customer":
            continue
        answers = _answers(event, spoken)[:3]
        if answers and not any(one.direct for one in found):
            result[-1] = replace(statement, direct=True)
        for reply in answers:
            texts = [
                one for one in evidence_store.texts_of_events(shop, [reply.event_id]) if one.evidence_id not in cited
            ]
            for one in texts:
                cited.add(one.evidence_id)
                result.append(
                    replace(statement, text=context.quote(one), evidence=(one.evidence_id,), direct=result[-1].direct)
                )
    return result


def _answers(asked: Event, spoken: list[Event]) -> list[Event]:
    """What was written after this in the same talk: staff's answer and what follows it, each soon after the last."""
    found: list[Event] = []
    last = asked
    for one in spoken:
        later = (one.occurred_at or 0) >= (asked.occurred_at or 0) and one.event_id != asked.event_id
        same_order = bool(asked.order_id) and one.order_id == asked.order_id
        soon = one.kind == asked.kind and (one.occurred_at or 0) - (last.occurred_at or 0) <= _SOON
        if not later or not (same_order or (soon and not (asked.order_id and one.order_id))):
            continue
        if one.speaker == "customer" and not found:
            continue
        found.append(one)
        last = one
    return found

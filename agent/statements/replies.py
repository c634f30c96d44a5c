"""What staff answered: a customer's message is half of the story where the question asks what was said or done about it."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.context import Context, Statement
from huaxiang.schema.event import Event
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read

_ASKS = re.compile(
    r"客服|我们|咱|售后|店家|店里.{0,4}(说|怎么)|赔|补偿|补(了|给)|答应|承诺|回复|怎么(处理|解决|说)|处理结果|结果|谁出|最后"
    r"|\b(support|staff|agent|we|us|our|told|promis\w+|repl(y|ied|ies)|respon\w+|offer(ed)?|compensat\w+|goodwill|resol\w+|sort(ed)?|fix(ed)?|done about|end(ed)?( up)?|outcome)\b",
    re.IGNORECASE,
)
_SOON = 21 * 86_400
"""Seconds within which a staff text without an order number answers a customer's."""


def with_replies(context: Context, found: list[Statement]) -> list[Statement]:
    """The statements, each customer's message or ticket followed by what staff answered, where the question asks for it."""
    if not context.customer_id or not _ASKS.search(context.question):
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
        for reply in _answers(event, spoken)[:2]:
            texts = [
                one for one in evidence_store.texts_of_events(shop, [reply.event_id]) if one.evidence_id not in cited
            ]
            for one in texts:
                cited.add(one.evidence_id)
                result.append(
                    replace(
                        statement, text=context.quote(one), evidence=(one.evidence_id,), score=statement.score - 0.01
                    )
                )
    return result


def _answers(asked: Event, spoken: list[Event]) -> list[Event]:
    """Staff texts after this one, up to the customer's next: of the same order, else of the same kind and soon."""
    found: list[Event] = []
    for one in spoken:
        later = (one.occurred_at or 0) >= (asked.occurred_at or 0) and one.event_id != asked.event_id
        same_order = bool(asked.order_id) and one.order_id == asked.order_id
        soon = one.kind == asked.kind and (one.occurred_at or 0) - (asked.occurred_at or 0) <= _SOON
        if not later or not (same_order or (soon and not (asked.order_id and one.order_id))):
            continue
        if one.speaker == "customer":
            if found:
                break
            continue
        found.append(one)
    return found

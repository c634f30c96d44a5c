"""What staff wrote to one customer: a question for staff's words gets staff's words alone, never the customer's."""

from __future__ import annotations

import re

from agent.answer.context import Context, Statement
from agent.statements import order_lines
from tools import timeline

_ASKED = re.compile(
    r"(?:客服|店员|员工|售后|我们|咱们?|店家|商家)(?:人员|这边|都|一共|总共|曾经|有没有|有)*(?:给|对|跟|向)?\s*(?:都|一共|总共)?(?:发|回复|回|写|答复)(?:过|了|给)*\s*(?:什么|啥|哪些|多少|几)"
    r"|\b(?:staff|support|agents?|team|customer service|we)\s+(?:ever |actually )?(?:write|wrote|written|send|sent|reply|replied|message|messaged|answer|answered|respond|responded)\b(?: back)?(?: to)?",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"消息|信息|内容|东西|话|[条封次个吗呢过了的?？。，,!！\s]"
    r"|\b(?:what|which|how|many|messages?|replies|answers?|times|texts?|did|do|does|has|have|had|our|the|your|of|to|s|ever|been|from|all|so far|in total|and|please|show|me)\b|[’'.]",
    re.IGNORECASE,
)
_COUNT = re.compile(r"多少|几|\bhow many\b|\bhow often\b", re.IGNORECASE)
MOST = 5
"""Texts quoted, newest first."""


def asked(context: Context) -> bool:
    """Whether the question is what staff wrote to the customer, or how often, and names no matter besides."""
    text = context.scope.rest
    if context.span:
        text = re.sub(re.escape(context.span.phrase), " ", text, flags=re.IGNORECASE)
    if len(context.scope.customers) != 1 or context.scope.order_ids or not _ASKED.search(text):
        return False
    return not _FILLER.sub("", _ASKED.sub(" ", text)).strip()


def told(context: Context) -> list[Statement]:
    """How many messages and ticket replies staff wrote to the customer, or the texts themselves; [] where there are none."""
    entries = [e for e in order_lines.fetch(context, "message", "ticket").entries if e.event.speaker == "staff"]
    if not entries:
        return []
    if _COUNT.search(context.question):
        return [_counted(context, entries)]
    return [
        Statement(context.quote(one), (one.evidence_id,), direct=True, kind="quote", customer_id=context.customer_id)
        for one in order_lines.texts_behind(context, entries)[:MOST]
    ]


def _counted(context: Context, entries: list[timeline.Entry]) -> Statement:
    messages = sum(e.event.kind == "message" for e in entries)
    replies = len(entries) - messages
    text = context.say(
        f"客服{context.within()}给{context.person}发过 {messages} 条消息,在工单里回复过 {replies} 次。",
        f"Staff sent {context.person} {messages} messages and wrote {replies} ticket replies{context.within()}.",
    )
    text = re.sub(r"\b1 (message|ticket repl)(?:s|ies)\b", lambda m: f"1 {m[1].replace('repl', 'reply')}", text)
    return Statement(text, order_lines.ids_of(entries), direct=True, figures=(text,), customer_id=context.customer_id)

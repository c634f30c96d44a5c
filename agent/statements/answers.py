"""The reader's last word: where no cue found anything, the records that the trained reader is sure of are quoted."""

from __future__ import annotations

import re

from agent import likely, relevance
from agent.context import Context, Statement
from agent.statements import records, traits
from huaxiang.store import evidence as evidence_store

MOST = 2
"""Records quoted; the second only when it is nearly as likely as the first."""
NOT_BY_TEXT = frozenset(
    {"recommend", "contact", "identity", "entitlement", "churn", "spend", "order_count", "average_order", "cadence"}
)
"""Aims that no single record answers: offers, master data, figures over many."""
TOLD = re.compile(r"客服|我们|咱们?|\b(we|us|our|support|staff)\b|\b(told|promis\w+)\b", re.IGNORECASE)


def last_word(context: Context) -> list[Statement]:
    """Quotes of the records that surely answer; [] when none does, or when the question is of a kind that none can."""
    names = {aim.name for aim in context.aims}
    if names & NOT_BY_TEXT or (context.fields and traits.conflicts(context)):
        return []
    found = [one for one in likely.likely(context) if one.probability >= likely.SURE and _fits(context, names, one)]
    if not found:
        return []
    best = found[0].probability
    return [_statement(context, one) for one in found[:MOST] if one.probability >= best - 0.15]


def _fits(context: Context, names: set[str], one: likely.Likely) -> bool:
    """Whether the record may answer at all: of the item that the question names, and a return where one is asked for."""
    if "returns" in names and one.kind != "return" and not TOLD.search(context.question):
        return False
    named = {item.item_id for item in records.items_named(context)}
    if one.item_id and named and one.item_id not in named:
        return False
    return one.item_id is not None or one.evidence is not None


def _statement(context: Context, one: likely.Likely) -> Statement:
    """A text as a quote, a bare row as its own sentence."""
    if one.evidence is not None:
        end = 0 if relevance.is_short(one.evidence.clean) else min(len(one.evidence.clean), relevance.WHOLE)
        text, kind = context.quote(one.evidence, 0, end), "quote"
    else:
        record = evidence_store.get(context.deps.shop, [one.evidence_id])[one.evidence_id]
        text, kind = record.text(context.language), "fact"
    return Statement(
        text, (one.evidence_id,), score=1.0 + one.probability, kind=kind, customer_id=context.customer_id
    )  # fmt: skip

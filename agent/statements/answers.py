"""The reader's last word: where no cue found anything, the records that the trained reader is sure of are quoted."""

from __future__ import annotations

import re

from agent.answer import likely, relevance
from agent.answer.context import Context, Statement
from agent.question import item_names, spelling
from agent.statements import traits
from huaxiang.ledger.whose import receivers
from huaxiang.store import evidence as evidence_store

MOST = 2
"""Records quoted; the second only when it is nearly as likely as the first."""
NOT_BY_TEXT = frozenset(
    {"recommend", "contact", "identity", "entitlement", "churn", "spend", "order_count", "average_order", "cadence"}
)
"""Aims that no single record answers: offers, master data, figures over many."""
OWN = re.compile(r"自己|本人|\b(?:own|personally|herself|himself|themselves)\b", re.IGNORECASE)
"""Questions on the customer's own taste: what was said of a present does not answer them."""
_SIZE = re.compile(
    r"(?<![A-Za-z'’])(?:XXX?L|[2-5]XL|XXS|XS|XL|S|M|L)(?![A-Za-z'’])|\b(?:small|medium|large)\b|[大中小]码|均码",
    re.IGNORECASE,
)
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
    named = {item.item_id for item in item_names.items_named(context)}
    if one.item_id and named and one.item_id not in named:
        return False
    if one.evidence is not None and not _of_the_person(context, one.evidence.clean, one.item_id):
        return False
    return one.item_id is not None or one.evidence is not None


def _of_the_person(context: Context, text: str, item_id: str | None) -> bool:
    """Whether a text says of the customer what the question asks of them: the field's words, not a present, nobody else's."""
    pack = spelling.pack_of(context)
    if OWN.search(context.asked) and receivers(pack, text):
        return False
    if not context.fields:
        return True
    pattern = relevance.field_pattern(context.fields[0], pack)
    if pattern is not None and not pattern.search(text):
        return False
    if context.fields[0] == "clothing_size" and (
        relevance.about_shoes(context, item_id, text) or not _SIZE.search(text)
    ):
        return False
    spec = pack.fields.get(context.fields[0])
    return (
        (spec is not None and spec.about_others)
        or not relevance.OTHERS.search(text)
        or bool(receivers(pack, context.asked))
    )


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

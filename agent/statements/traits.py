"""Statements about what the customer said of themselves: profile fields first, then the sentences that say it."""

from __future__ import annotations

import time

from agent.answer import relevance
from agent.answer.context import Context, Statement
from agent.question import spelling
from huaxiang.ledger.whose import receivers
from huaxiang.schema.trait import Trait
from huaxiang.store import evidence as evidence_store
from tools import show_profile

SPOKEN = ("stated", "inferred", "staff")


def by_fields(context: Context) -> list[Statement]:
    """One statement a held trait of the fields asked, quoting the words it stands on; nothing when there is none."""
    result = context.call("show_profile", customer_id=context.customer_id, fields=tuple(context.fields))
    if not isinstance(result, show_profile.Result):
        return []
    fit = {one.evidence.evidence_id: one.score for one in relevance.search(context, limit=50)}
    others = bool(receivers(spelling.pack_of(context), context.question)) or "buys_for" in context.fields
    mine = [trait for trait in result.profile.traits if trait.for_whom is None or others]
    found = [one for trait in mine if (one := of_trait(context, trait, fit)) is not None]
    return sorted(found, key=lambda one: -one.score)[:4]


def everything(context: Context) -> list[Statement]:
    """What the customer said of themselves, every field that is held."""
    result = context.call("show_profile", customer_id=context.customer_id)
    if not isinstance(result, show_profile.Result):
        return []
    mine = [trait for trait in result.profile.traits if trait.basis in SPOKEN and trait.for_whom is None]
    return [one for trait in mine if (one := of_trait(context, trait, {})) is not None][:5]


def conflicts(context: Context) -> bool:
    """Whether a field asked for is missing because the customer contradicts themselves."""
    result = context.call("show_profile", customer_id=context.customer_id, fields=tuple(context.fields))
    if not isinstance(result, show_profile.Result):
        return False
    return any(result.profile.missing.get(name) == "conflict" for name in context.fields)


def of_trait(context: Context, trait: Trait, fit: dict[str, float]) -> Statement | None:
    """A trait as a sentence: field, value, basis, and the quote behind it that fits the question best.

    Args:
        fit: relevance of the customer's texts to the question, by evidence id.
    """
    pack = spelling.pack_of(context)
    if trait.name not in pack.fields or not trait.evidence:
        return None
    label = pack.field(trait.name).label(context.language)
    value = pack.value_label(trait.name, trait.value, context.language)
    cited = evidence_store.get(context.deps.shop, [c.evidence_id for c in trait.evidence])
    shown = max(trait.evidence, key=lambda c: fit.get(c.evidence_id, 0.0))
    first = cited.get(shown.evidence_id)
    whose = f"({trait.for_whom})" if trait.for_whom else ""
    words = context.say(f"{context.person} {label}{whose}: {value}", f"{context.person} {label}{whose}: {value}")
    if first is not None and first.kind == "text":
        text = context.quote(first, *_around(first.clean, shown.start, shown.end))
        words = f"{words} — {text}"
    return Statement(
        words, tuple(cited), score=1.0 + trait.confidence + fit.get(shown.evidence_id, 0.0), direct=trait.basis in ("computed", "observed"), kind="trait",
        figures=(value,), customer_id=context.customer_id,
    )  # fmt: skip


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around a span; a short text whole."""
    if relevance.is_short(text):
        return 0, len(text)
    from vectorstore import spans

    for first, last in spans.sentences(text):
        if first <= start < last:
            return first, max(last, end)
    return start, end


def sentences(context: Context, *, limit: int = 6, customer_only: bool = False) -> list[Statement]:
    """Sentences on the question's topic, as quotes; only those that are surely on it.

    Args:
        customer_only: leave out what staff wrote (of tastes and facts about a person, only that person's words count).
    """
    began = time.perf_counter()
    found = relevance.search(context, limit=limit, customer_only=customer_only)
    shown = tuple(one.evidence.evidence_id for one in found if one.sure)
    query = (context.scope.rest.strip() or context.question)[:300]
    context.noted("search_reviews", began, shown, query=query, customer_id=context.customer_id)
    return [
        Statement(
            context.quote(one.evidence, one.start, one.end),
            (one.evidence.evidence_id,),
            score=one.score,
            kind="quote",
            customer_id=context.customer_id,
        )
        for one in found
        if one.sure
    ]

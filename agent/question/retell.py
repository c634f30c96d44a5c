"""A question in words that no table of cues reads, told again in words that they do.

A trained model (`huaxiang.text.intent`, purpose "question") says which of a hundred kinds of question it is; where it is
sure enough, the question is put again in the wording of `questions.yaml`, with the same customer, item and time.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml
from pydantic import BaseModel

from agent.answer.context import Context, Statement
from agent.question import aims, dates, item_names, items, query, wanted
from huaxiang.text import aspects, questions
from huaxiang.text.questions import Kind as Found

HINT = 0.3
"""Probability from which a question that the tables do not read, or read and find nothing for, is told again, if that has a record."""
SAID = 0.45
"""The same for one that a text of the customer seems to answer."""
LIKELY = 0.35
"""Probability from which a question that the tables read and found nothing for is told again, also where quotes answer that."""
SURE = 0.55
"""The same for one that they do not read at all."""
OVER_ALL = 0.5
"""The same for one that names nobody and would be refused."""
CERTAIN = 0.75
"""The same for one that they answered with the figures of another kind of question."""


_NEVER = (
    # a taste is not known by recommending, a budget not by what was paid
    (re.compile(r"喜欢(喝|吃|穿|用|看|玩)?(什么|啥|哪)|最爱|偏爱|\b(does|do|did)\b.{0,40}\b(like|love|prefer)\b|\bfavou?rite\b", re.I), re.compile(r"recommend|offer")),
    (re.compile(r"预算|\bbudget", re.I), re.compile(r"spend|order|price|amount")),
    # a level is no day of joining
    (re.compile(r"(会员|VIP|\bmembership|\bloyalty|\bmember).{0,8}(等级|级别|几级|\blevel|\btier|\bgrade|\brank|\bstatus)", re.I), re.compile(r"member_since")),
    # kinds of products are no orders
    (re.compile(r"[几多]少?种|\bhow many (different|distinct|unique)\b", re.I), re.compile(r"order_count")),
)  # fmt: skip
"""What a question says, and the kinds that it is not then, however sure the model is."""


_FIGURE = re.compile(
    r"order_count|total_spend|average_order|cadence|discount_share|return_count|refund_total|review_count|rating_average"
)
"""Kinds that tell one figure of everything a customer did."""


class Kind(BaseModel):
    """One kind of question: its wording in both languages, whether it names an item, and about how many customers it is."""

    zh: str
    en: str
    item: bool = False
    of: Literal["one", "two", "all"] = "one"


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its label, from `questions.yaml`."""
    held = resources.files("agent.question").joinpath("questions.yaml").read_text(encoding="utf-8")
    return {name: Kind.model_validate(one) for name, one in yaml.safe_load(held).items()}


def kind_of(context: Context) -> Found | None:
    """What kind of question it is among those about as many customers; read once, 8 ms. None without a real encoder."""
    if "kind" not in context.memo:
        encoder: Any = getattr(context.deps.index, "encoder", None)
        if encoder is None or str(getattr(encoder, "name", "")) != questions.load().encoder:
            return None
        text = words_of(context)
        people, thing = min(len(context.scope.customers), 2), bool(thing_of(context))
        allowed = {
            name for name in questions.load().labels if name not in kinds() or fits(kinds()[name], people, thing)
        }
        context.memo["kind"] = questions.load().predict([text], encoder, allowed=allowed)[0]
    found: Found = context.memo["kind"]
    return found


def words_of(context: Context) -> str:
    """The words that the model reads: the question without the customer's name."""
    return context.scope.rest.strip(" ,，:：;；") or context.question


def thing_of(context: Context) -> str:
    """The words of the question that name an item, or the items taken over from the talk so far; "" when none is."""
    return _thing(context) or " ".join(context.scope.item_ids)


def is_clear(context: Context) -> bool:
    """Whether a question that the tables do not read is clearly of one kind by itself: a follow-up then leaves nothing out."""
    found = kind_of(context)
    return found is not None and found.label in kinds() and found.probability >= OVER_ALL


def differs(context: Context) -> bool:
    """Whether the kind of a question, in its own wording, asks for another thing than the tables read."""
    found = kind_of(context)
    kind = kinds().get(found.label) if found else None
    if kind is None or context.scope.order_ids:
        return False
    words = kind.zh if context.zh else kind.en
    read = {aim.name for aim in context.aims} | set(context.fields)
    return not read & ({aim.name for aim in aims.of(words)} | set(aims.fields_of(words)))


def outweighs(context: Context, told: list[Statement], *, least: float) -> bool:
    """Whether what the other wording found answers: exact figures do, quotes only when the kind is at least so sure."""
    found = kind_of(context)
    if found is None or not told:
        return False
    held = any(one.kind == "trait" for one in told) and found.probability >= SAID
    return any(one.direct for one in told) or held or found.probability >= least


def fits(kind: Kind, people: int, thing: bool) -> bool:
    """Whether a kind is about so many customers (2 stands for more), and names an item only where the question does."""
    return (thing or not kind.item) and (kind.of == "all") == (people == 0) and (kind.of != "two" or people == 2)


def retold(context: Context, *, least: float) -> Context | None:
    """The question in the wording of its kind, when the model is at least this sure of it; else None.

    None too when the kind needs an item or customers that the question does not name, or has no wording of its own
    (what somebody said of their life is searched for in their own words).
    """
    found = kind_of(context)
    kind = kinds().get(found.label) if found else None
    if kind is None or found is None or found.probability < least * (0.7 if kind.of == "two" else 1.0):
        return None
    scope = context.scope
    asked = query.parse(scope.rest)
    if asked is not None and asked.shape == "ordinal":  # "the second complaint" is not "the complaint"
        return None
    if any(said.search(context.asked) and never.search(found.label) for said, never in _NEVER):
        return None
    if _FIGURE.search(found.label) and not kind.item and kind.of == "one" and item_names.plainly_named(context):
        return None  # "spent on electronics" is not "spent"
    words = _filled(kind.zh if context.zh else kind.en, _thing(context))
    if wanted.asks(context) and {aim.name for aim in aims.of(words)} & {"contact", "identity"}:
        return None  # a birthday is no day of joining
    rest = _rest_of(context, kind)
    return None if rest == scope.rest.strip() else _told_as(context, kind, rest)


def as_kind(context: Context, label: str) -> Context | None:
    """The question in the wording of the kind `label`; None when it is in that wording, or the kind leaves its item out."""
    kind = kinds()[label]
    rest, things = _rest_of(context, kind), items.meant(context)
    if rest == context.scope.rest.strip() or (things and not kind.item):
        return None
    told = _told_as(context, kind, rest)
    return replace(told, span=context.span, scope=replace(told.scope, item_ids=things))


def _rest_of(context: Context, kind: Kind) -> str:
    phrase = context.span.phrase if context.span else ""
    return f"{_filled(kind.zh if context.zh else kind.en, _thing(context))} {phrase}".strip()


def _told_as(context: Context, kind: Kind, rest: str) -> Context:
    scope = context.scope
    return Context(
        question=rest, language=context.language, deps=context.deps, span=dates.resolve(rest, context.deps.shop.today()),
        scope=replace(scope, rest=rest, everyone=kind.of == "all"), aims=aims.of(rest), fields=aims.fields_of(rest),
        aspects=list(aspects.aspect_of_question(rest)), customer_id=context.customer_id, steps=context.steps,
        memo={"steps_shown": context.memo.get("steps_shown", 0), "among": context.memo.get("among", ()), "asked": context.asked},
    )  # fmt: skip


def _thing(context: Context) -> str:
    """The words of the question that name an item, as typed."""
    rest = context.scope.rest
    words = [word for word in context.topic if items.meant(context, rest, [word])]
    return ("" if context.zh and not any(word.isascii() for word in words) else " ").join(words)


def _filled(wording: str, thing: str) -> str:
    if thing:
        return wording.replace("{p}", thing)
    return re.sub(r" +", " ", re.sub(r"\b(?:with|for|about|of) the \{p\}|(?:the )?\{p\}", "", wording)).strip()

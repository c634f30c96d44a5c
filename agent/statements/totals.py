"""Figures of the whole shop: one measure under one filter, read once, computed in one place and cited as a computed record."""

from __future__ import annotations

import time

import sqlalchemy as sa

from agent.answer.context import Context, Statement
from agent.question import filters
from huaxiang import clock, ids, totals
from huaxiang.store import read
from huaxiang.store import tables as t
from huaxiang.totals import Selector, Total

CITED = 60
"""Records cited beside the computed record, newest first: to look at, not what the figure stands on."""


def told(context: Context) -> list[Statement]:
    """The figures that the question asks for; [] when it asks for none, holds words that none heeds, or nothing gives one."""
    reading = filters.read(context)
    if reading is None or reading.left:
        return []
    found = [_said(context, one) for one in reading.selectors]
    return [one for one in found if one is not None]


def _said(context: Context, selector: Selector) -> Statement | None:
    began = time.perf_counter()
    shop = context.deps.shop
    if selector.by:
        parts = [one for *_, one in totals.groups(shop, selector)]
        if not parts:
            return None
        events = [one for part in parts for one in part.event_ids[:5]]
    else:
        whole = totals.total(shop, selector)
        if not _is_answer(context, selector, whole):
            return None
        events = list(whole.event_ids)
    evidence = (selector.to_id(), *(ids.record_evidence_id(one) for one in dict.fromkeys(events[:CITED])))
    context.noted("shop_total", began, evidence, **selector.model_dump(mode="json", exclude_defaults=True))
    return Statement(totals.sentence(shop, selector, context.language), evidence, direct=True, kind="summary")


def _is_answer(context: Context, selector: Selector, found: Total) -> bool:
    """Whether there is a figure: zero is one only where the shop keeps such records, and kept them in the days asked."""
    if found.records or found.whole or (found.customers and selector.measure == "registered"):
        return True
    if selector.measure in ("average_rating", "average_order", "return_rate", "star_share", "repeat_rate"):
        return False
    kinds = read.kinds(context.deps.shop)
    return _kind(selector) in kinds and _on_record(context, selector)


def _kind(selector: Selector) -> str:
    from agent.question.filters import KIND

    return KIND.get(selector.measure, selector.measure.removesuffix("es" if selector.measure == "searches" else "s"))


def _on_record(context: Context, selector: Selector) -> bool:
    """Whether the days asked lie within those of which the shop has records at all."""
    e = t.events.c
    with context.deps.shop.engine.connect() as connection:
        first = connection.scalar(sa.select(sa.func.min(e.occurred_at)))
    if first is None:
        return False
    since, until = selector.filter.since, selector.filter.until
    begun = clock.day_of(int(first), context.deps.shop.tz)
    return (until is None or until >= begun) and (since is None or since <= context.deps.shop.today())

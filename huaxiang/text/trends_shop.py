"""The remarks of a shop: what its customers wrote of each product, read for aspects."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from huaxiang import clock
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from huaxiang.text.aspects_category import OTHER
from huaxiang.text.aspects_read import AspectOpinion, Tier, read_aspects
from huaxiang.text.trends import Remark

KINDS = ("review", "message", "ticket", "survey", "return")
_AT_ONCE = 500
_CLEAR = 0.4
"""A polarity nearer to 0 says nothing: below it, two of three complaints of the accurate tier in the sample shop were none."""
_CONTENT = 5
"""Stars of a review whose writer complains of nothing, as a rule."""
_SURE = 0.9
"""How bad a clause of such a review has to read. Of 24 that read as complaints in the sample shop none was one."""

Progress = Callable[[int, int], None]


def remarks_of(
    shop: Shop, *, product: str | None = None, since: int | None = None, until: int | None = None, tier: Tier = "fast",
    progress: Progress | None = None,
) -> Iterator[Remark]:  # fmt: skip
    """Every dated text that a customer wrote about a product, with its opinions; texts without a product are left out.

    Args:
        shop: an open shop.
        product: only this item id.
        since, until: epoch seconds, both included.
        tier: which aspect reader.
        progress: called with texts read and texts in all.

    Raises:
        ModelError: accurate tier: the encoder is not in the cache.
    """
    rows = _texts(shop, product, since, until)
    for start in range(0, len(rows), _AT_ONCE):
        batch = rows[start : start + _AT_ONCE]
        for row, opinions in zip(batch, read_aspects([row.clean for row in batch], tier=tier), strict=True):
            yield Remark(
                row.evidence_id, row.item_id, clock.day_of(row.occurred_at, shop.tz), _worst(opinions, row.rating)
            )
        if progress:
            progress(start + len(batch), len(rows))


def _texts(
    shop: Shop, product: str | None, since: int | None, until: int | None
) -> list[sa.Row[tuple[str, str, int, str, float | None]]]:
    v, e = t.evidence.c, t.events.c
    query = (
        sa.select(
            v.evidence_id, e.item_id, v.occurred_at, v.clean, sa.case((e.kind == "review", e.rating)).label("rating")
        )
        .select_from(t.evidence.join(t.events, v.event_id == e.event_id))
        .where(v.kind == "text", e.speaker == "customer", e.kind.in_(KINDS))
        .where(e.item_id.is_not(None), v.occurred_at.is_not(None))
        .order_by(v.occurred_at, v.evidence_id)
    )
    if product is not None:
        query = query.where(e.item_id == product)
    if since is not None:
        query = query.where(v.occurred_at >= since)
    if until is not None:
        query = query.where(v.occurred_at <= until)
    with shop.engine.connect() as connection:
        return list(connection.execute(query))


def _worst(opinions: list[AspectOpinion], rating: float | None) -> tuple[tuple[str, float, str], ...]:
    """One opinion an aspect, the worst: a text that complains and praises complains. `rating` is in stars, 1 to 5."""
    least = _SURE if rating is not None and rating >= _CONTENT else _CLEAR
    found: dict[str, tuple[str, float, str]] = {}
    for one in opinions:
        if one.aspect == OTHER:  # what belongs to no aspect is not one thing that could rise
            continue
        if one.label == "neutral" or abs(one.polarity) < (least if one.polarity < 0 else _CLEAR):
            continue
        held = found.get(one.aspect)
        if held is None or one.polarity < held[1]:
            found[one.aspect] = (one.aspect, one.polarity, one.clause.text)
    return tuple(found.values())

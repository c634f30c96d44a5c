"""What the shop sells: its items by id, read once for a state of the shop."""

from __future__ import annotations

import sqlalchemy as sa

from huaxiang.schema.event import Item
from huaxiang.store import read
from huaxiang.store import tables as t
from tools.base import Deps


def catalogue(deps: Deps) -> dict[str, Item]:
    """Every item of the shop by id; kept in `deps.cache` until their number changes."""
    c = t.items.c
    with deps.shop.engine.connect() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(t.items)) or 0
        cached = deps.cache.get("catalogue")
        if cached is None or cached[0] != count:
            cached = (count, read.items_by_id(deps.shop, list(connection.scalars(sa.select(c.item_id)))))
            deps.cache["catalogue"] = cached
    found: dict[str, Item] = cached[1]
    return found

"""Whether a token of a question is an order number or an item id of the shop."""

from __future__ import annotations

import sqlalchemy as sa

from huaxiang.store import tables as t
from huaxiang.store.shop import Shop


def order(shop: Shop, token: str) -> str | None:
    """The customer whose order has this number, or None."""
    with shop.engine.connect() as connection:
        found: str | None = connection.scalar(
            sa.select(t.events.c.customer_id).where(t.events.c.order_id.in_([token, token.upper()])).limit(1)
        )
    return found


def is_item(shop: Shop, token: str) -> bool:
    """Whether it is the id of an item, of the catalogue or of some event."""
    with shop.engine.connect() as connection:
        if connection.scalar(sa.select(t.items.c.item_id).where(t.items.c.item_id == token)) is not None:
            return True
        return connection.scalar(sa.select(t.events.c.event_id).where(t.events.c.item_id == token).limit(1)) is not None

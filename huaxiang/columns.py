"""Every column name once. Tables inside (SQL and polars) use these names; readers map other names to them."""

from __future__ import annotations

from typing import Final

EVENT_KINDS: Final = ("order", "view", "cart", "search", "return", "review", "message", "ticket", "survey", "note")
IMPORT_KINDS: Final = (*EVENT_KINDS, "event", "customer", "item")
"""What one file may hold: one kind of event, `event` (each row names its kind), customers or items."""

# identity
EVENT_ID = "event_id"
SOURCE_ID = "source_id"
CUSTOMER_ID = "customer_id"
KIND = "kind"
OCCURRED_AT = "occurred_at"
ITEM_ID = "item_id"
ORDER_ID = "order_id"
# what happened
QUANTITY = "quantity"
AMOUNT_MINOR = "amount_minor"
DISCOUNT_MINOR = "discount_minor"
CURRENCY = "currency"
RATING = "rating"
TITLE = "title"
TEXT = "text"
SPEAKER = "speaker"
STATUS = "status"
CHANNEL = "channel"
FLAGS = "flags"
# where it came from
SOURCE_FILE = "source_file"
SOURCE_ROW = "source_row"
BATCH_ID = "batch_id"

EVENT_FIELDS: Final = (
    "source_id", "customer_id", "kind", "occurred_at", "item_id", "order_id", "quantity", "amount", "discount",
    "currency", "rating", "title", "text", "speaker", "status", "channel",
)  # fmt: skip
"""Fields a generic event file may carry (`amount`, `discount` in decimal units of `currency`)."""
CUSTOMER_FIELDS: Final = ("customer_id", "name", "aliases", "email", "phone", "city", "joined_on")
ITEM_FIELDS: Final = (
    "item_id", "title", "title_en", "brand", "category", "color", "material", "price", "currency",
)  # fmt: skip
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "customer": ("customer_id",),
    "item": ("item_id",),
    "review": ("customer_id", "text"),
    "order": ("customer_id", "occurred_at"),
    "event": ("customer_id", "kind"),
}
"""Columns without which a file of this kind cannot be read; other event kinds need `customer_id`."""

SHARE_FLAGS: Final = ("near-duplicate", "bot-like", "future-date", "outlier-price", "no-date")

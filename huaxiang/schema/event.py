"""One dated thing about a customer, and the customer's and item's own records."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

EventKind = Literal["order", "view", "cart", "search", "return", "review", "message", "ticket", "survey", "note"]
Speaker = Literal["customer", "staff", "assistant"]


class Source(BaseModel):
    """Where a record came from: the file's name (no folder of this machine) and its row, counted from 1."""

    model_config = ConfigDict(frozen=True)
    file: str
    row: int


class Event(BaseModel):
    """One event as stored. Times are epoch seconds UTC; money is integer minor units with its ISO currency."""

    model_config = ConfigDict(frozen=True)
    event_id: str
    customer_id: str
    kind: EventKind
    occurred_at: int | None = Field(None, description="epoch seconds UTC; None when the source has no usable date")
    source_id: str | None = None
    item_id: str | None = None
    order_id: str | None = None
    quantity: float | None = None
    amount_minor: int | None = Field(None, description="line total paid (order) or refunded (return), minor units")
    discount_minor: int | None = None
    currency: str | None = None
    rating: float | None = None
    speaker: Speaker = "customer"
    status: str | None = None
    channel: str | None = None
    has_text: bool = False
    attrs: dict[str, Any] = Field(default_factory=dict)
    flags: tuple[str, ...] = ()
    source_file: str = ""
    source_row: int = 0
    batch_id: str = ""


class Customer(BaseModel):
    """A person the shop knows: contacts and aliases are in tables of their own and can be erased."""

    model_config = ConfigDict(frozen=True)
    customer_id: str
    name: str | None = None
    aliases: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    city: str | None = None
    joined_on: date | None = None
    flags: tuple[str, ...] = ()
    attrs: dict[str, Any] = Field(default_factory=dict)


class Item(BaseModel):
    """One product. A shop without a catalogue has none of these; what is unknown is None, never 0 or ''."""

    model_config = ConfigDict(frozen=True)
    item_id: str
    title: str | None = None
    title_en: str | None = None
    brand: str | None = None
    category: str | None = None
    color: str | None = None
    material: str | None = None
    price_minor: int | None = None
    currency: str | None = None
    attrs: dict[str, Any] = Field(default_factory=dict)

    def label(self, language: str) -> str:
        """What to call the item in this language; its id when it has no title."""
        if language == "en":
            return self.title_en or self.title or self.item_id
        return self.title or self.title_en or self.item_id

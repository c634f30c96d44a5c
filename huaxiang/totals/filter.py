"""What a figure of the shop is computed over, and which figure: values that travel in a citation and mean the same later."""

from __future__ import annotations

import base64
import binascii
import zlib
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

Measure = Literal[
    "orders", "order_lines", "units", "revenue", "average_order", "customers", "new_customers", "repeat_customers", "repeat_rate", "registered",
    "returns", "refunded", "return_rate", "reviews", "average_rating", "star_share", "tickets", "tickets_open", "tickets_solved", "complaints",
    "messages", "surveys", "carts", "views", "searches", "trouble",
]  # fmt: skip
By = Literal["month", "quarter", "year", "weekday", "category", "brand", "city", "item", "customer"]

_ORDER = frozenset(
    {"orders", "order_lines", "units", "revenue", "average_order", "customers", "repeat_customers", "repeat_rate"}
)
_MONEY = _ORDER | {"returns", "refunded"}
_STARS = frozenset({"reviews", "star_share"})
_TICKETS = frozenset({"tickets", "tickets_open", "tickets_solved", "complaints"})
_NO_ITEMS = frozenset({"new_customers", "registered", "searches"})


class Filter(BaseModel):
    """Which records count. Every condition left out is no condition; items, brands and categories together are a union.

    Days are the shop's own, both included; amounts are major units of `currency` and bound whole orders.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    customers: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    not_cities: tuple[str, ...] = ()
    channel: str | None = None
    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    not_categories: tuple[str, ...] = ()
    not_brands: tuple[str, ...] = ()
    not_items: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    currency: str | None = None
    amount_min: float | None = None
    amount_max: float | None = None
    strict: bool = False
    rating_min: float | None = None
    rating_max: float | None = None
    discounted: bool | None = None

    @property
    def of_items(self) -> bool:
        """Whether only records on certain items count."""
        return bool(
            self.categories or self.brands or self.items or self.not_categories or self.not_brands or self.not_items
        )

    @property
    def bounds_money(self) -> bool:
        """Whether an amount of money is a condition."""
        return self.amount_min is not None or self.amount_max is not None


class Selector(BaseModel):
    """A figure and what it is computed over: enough to compute it again from the shop."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    measure: Measure
    filter: Filter = Filter()
    by: By | None = None
    top: int = 0
    """How many groups are told, the largest (or smallest) first; 0 for all, in the order of time or size."""
    ascending: bool = False

    def problem(self) -> str:
        """Which condition has no meaning for this measure; "" when all have."""
        f, m = self.filter, self.measure
        barred = {
            "currency": bool(f.currency) and m not in _MONEY,
            "amount": f.bounds_money
            and (m not in ("orders", "revenue", "average_order", "customers") or f.of_items or not f.currency),
            "rating": (f.rating_min is not None or f.rating_max is not None) and m not in _STARS,
            "discount": f.discounted is not None
            and (m not in ("orders", "revenue", "average_order", "customers") or f.of_items),
            "items": f.of_items and m in _NO_ITEMS,
            "days": m == "new_customers" and f.since is None,
            "registered": m == "registered" and (f.since is not None or f.until is not None),
            "channel": bool(f.channel) and m != "messages",
            "groups": self.by in ("category", "brand", "item")
            and m in _NO_ITEMS | _TICKETS | {"messages", "average_order"},
            "stars": m == "star_share" and f.rating_min is None and f.rating_max is None,
        }
        return next((name for name, bad in barred.items() if bad), "")

    def to_id(self) -> str:
        """Id of the computed record: `q` and the selector itself, packed, so that nothing need be stored to compute it again."""
        packed = zlib.compress(self.model_dump_json(exclude_defaults=True).encode(), 9)
        return "q" + base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def from_id(cls, evidence_id: str) -> Selector | None:
        """The selector in such an id; None for any other string."""
        body = evidence_id[1:]
        try:
            raw = zlib.decompressobj().decompress(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), 200_000)
            return cls.model_validate_json(raw)
        except (ValueError, binascii.Error, zlib.error, ValidationError):
            return None

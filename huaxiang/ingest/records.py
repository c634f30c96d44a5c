"""A row of a file → an event with its text, a customer or an item, as the store keeps them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from huaxiang import ids
from huaxiang.ingest import aliases, values
from huaxiang.ingest.cleaning import Cleaned, clean, storable
from huaxiang.ingest.formats import Row

ID_CHARS = 120
_SPEAKERS = {
    "customer": "customer", "user": "customer", "buyer": "customer", "client": "customer", "客户": "customer", "顾客": "customer",
    "买家": "customer", "用户": "customer", "staff": "staff", "agent": "staff", "seller": "staff", "support": "staff", "客服": "staff",
    "商家": "staff", "店员": "staff", "assistant": "assistant", "bot": "assistant", "robot": "assistant", "机器人": "assistant",
}  # fmt: skip
_AMAZON_REVIEW = {
    "customer_id": "reviewerID", "item_id": "asin", "rating": "overall", "title": "summary", "text": "reviewText",
    "occurred_at": "reviewTime", aliases.CUSTOMER_NAME: "reviewerName",
}  # fmt: skip
_DOUBAN_REVIEW = {
    "customer_id": "user_id",
    "item_id": "movie_id",
    "occurred_at": "date",
    "rating": "stars",
    "text": "text",
}
DATASET_COLUMNS: dict[tuple[str, str], dict[str, str]] = {
    ("amazon-2014", "review"): _AMAZON_REVIEW,
    ("amazon-2018", "review"): _AMAZON_REVIEW,
    ("amazon-meta", "item"): {
        "item_id": "asin",
        "title": "title",
        "brand": "brand",
        "category": "category",
        "price": "price",
    },
    ("douban", "review"): _DOUBAN_REVIEW,
    ("douban", "item"): {"item_id": "movie_id", "title": "movie_name", "category": "genres"},
}
_NOISE = frozenset(
    (
        "imageURL",
        "imageURLHighRes",
        "imUrl",
        "image",
        "similar_item",
        "tech1",
        "tech2",
        "fit",
        "unixReviewTime",
        "also_view",
    )
)


class RowRejected(Exception):
    """The row cannot be taken; `reason` is a word of the report."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Record:
    """One row ready for the store: `table` is `events`, `customers` or `items`."""

    row: int
    table: str
    key: str
    values: dict[str, Any]
    text: Cleaned | None = None
    customer_name: str | None = None
    customer_city: str | None = None
    item: Mapping[str, str] = field(default_factory=dict)
    """What an event's row says of its item, by the item's fields."""
    contacts: tuple[tuple[str, str, str], ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    counted: bool = field(default=False)
    """No id of its own and no text: identical rows of one file are told apart by counting them."""
    notes: tuple[tuple[str, str], ...] = ()
    """`(repaired | flagged, reason)`, reported when the row is kept."""


@dataclass
class Builder:
    """Builds records of one file.

    Args:
        kind: an import kind (`event`: each row names its own).
        mapping: field → source column; grows when a later JSON line brings columns not seen before.
        given: the part of the mapping that was asked for.
        tz: the zone of times that name none.
        currency: the shop's currency, or ''.
        plausible_until: epoch seconds; later times are flagged `future-date`.
    """

    kind: str
    format: str
    mapping: dict[str, str]
    given: Mapping[str, str]
    columns: set[str]
    tz: ZoneInfo
    currency: str
    plausible_until: int
    _notes: list[tuple[str, str]] = field(default_factory=list)

    def build(self, row: Row) -> Record:
        """One record.

        Raises:
            RowRejected: the row lacks what it needs.
        """
        if not row.values.keys() <= self.columns:
            self._extend(row.values)
        self._notes = [("repaired", row.repair)] if row.repair else []
        get = {name: row.values.get(source) for name, source in self.mapping.items()}
        if self.format == "amazon-meta":
            get = _amazon_item(row.values, get)
        make = {"customer": self._customer, "item": self._item}.get(self.kind, self._event)
        record = make(row, get)
        record.notes = tuple(dict.fromkeys(self._notes))
        return record

    def _note(self, what: str, reason: str) -> None:
        self._notes.append((what, reason))

    def unmapped(self) -> list[str]:
        """Columns that only become attributes."""
        used = set(self.mapping.values())
        return sorted(one for one in self.columns if one not in used and one not in _NOISE)

    def _extend(self, row_values: Mapping[str, Any]) -> None:
        self.columns |= row_values.keys()
        if (self.format, self.kind) not in DATASET_COLUMNS:
            fixed = {**self.mapping, **self.given}
            self.mapping = aliases.map_columns(sorted(self.columns), self.kind, fixed, table="")

    def _event(self, row: Row, get: dict[str, Any]) -> Record:
        kind = self._kind(get)
        customer = _needed_id(get.get("customer_id"), "missing-customer")
        flags: list[str] = []
        occurred = self._time(row, get, flags)
        quantity = values.number_or_none(get.get("quantity"))
        if quantity is None and values.text_or_none(get.get("quantity")) is not None:
            self._note("repaired", "unreadable-quantity")
        amount, discount, currency = self._amounts(get, quantity, flags)
        if quantity is not None and quantity < 0 and kind in ("order", "return"):
            kind, quantity = "return", -quantity
            self._note("repaired", "negative-quantity")
        rating = values.rating_or_none(get.get("rating"))
        if rating is None and values.text_or_none(get.get("rating")) is not None:
            self._note("repaired", "unreadable-rating")
        text = self._text(get)
        told = {mine: said for name, mine in aliases.ITEM_DETAILS.items() if (said := _words(get.get(name), 120))}
        stored: dict[str, Any] = {
            "customer_id": customer, "kind": kind, "occurred_at": occurred, "source_id": _optional_id(get.get("source_id")),
            "item_id": _optional_id(get.get("item_id")) or told.get("title"), "order_id": _optional_id(get.get("order_id")), "quantity": quantity,
            "amount_minor": amount, "discount_minor": discount, "currency": currency, "rating": rating,
            "speaker": self._speaker(get, kind), "status": values.text_or_none(get.get("status"), limit=20),
            "channel": values.text_or_none(get.get("channel"), limit=40), "has_text": int(bool(text and text.clean)),
            "attrs": self._attrs(row.values, 200), "flags": " ".join(flags), "source_row": row.number,
        }  # fmt: skip
        key, counted = event_key(stored, text)
        name = values.text_or_none(get.get(aliases.CUSTOMER_NAME), limit=200)
        city = _words(get.get("customer_city"), 100)
        words = text if text and text.clean else None
        return Record(row.number, "events", key, stored, words, name, city, told, counted=counted)

    def _kind(self, get: dict[str, Any]) -> str:
        if self.kind != "event":
            return self.kind
        kind = aliases.kind_of_word(str(get.get("kind") or ""))
        if kind is None:
            raise RowRejected("unknown-kind")
        return kind

    def _time(self, row: Row, get: dict[str, Any], flags: list[str]) -> int | None:
        given = get.get("occurred_at")
        occurred = values.time_or_none(given, self.tz)
        if occurred is None and self.format.startswith("amazon-2"):
            occurred = values.time_or_none(row.values.get("unixReviewTime"), self.tz)
        if occurred is None:
            if values.text_or_none(given) is not None:
                self._note("repaired", "unreadable-date")
            flags.append("no-date")
            self._note("flagged", "no-date")
        elif occurred > self.plausible_until:
            flags.append("future-date")
            self._note("flagged", "future-date")
        return occurred

    def _amounts(
        self, get: dict[str, Any], quantity: float | None, flags: list[str]
    ) -> tuple[int | None, int | None, str | None]:
        named = values.currency_or_none(get.get("currency"))
        if named is None and values.text_or_none(get.get("currency")) is not None:
            self._note("repaired", "unknown-currency")
        amount, currency = values.money(get.get("amount"), named, default=self.currency)
        given = get.get("amount")
        if amount is None and values.text_or_none(get.get(aliases.PRICE)) is not None:
            given = get[aliases.PRICE]
            unit, currency = values.money(given, named, default=self.currency)
            pieces = 1.0 if quantity is None else abs(quantity)
            amount = None if unit is None else int((Decimal(unit) * Decimal(str(pieces))).to_integral_value())
        elif amount is not None and quantity is not None and quantity < 0:
            amount = abs(amount)
        if amount is None and values.text_or_none(given) is not None:
            self._note("repaired", "unreadable-amount")
        if amount is not None and amount < 0:  # −1 for "unknown" and book-keeping lines: not what anybody paid
            amount = None
            flags.append("outlier-price")
            self._note("flagged", "outlier-price")
        discount = values.money(get.get("discount"), currency)[0]
        has_money = amount is not None or discount is not None or named is not None
        return amount, None if discount is None else abs(discount), currency if has_money else None

    def _speaker(self, get: dict[str, Any], kind: str) -> str:
        given = values.text_or_none(get.get("speaker"))
        if given is None:
            return "staff" if kind == "note" else "customer"
        speaker = _SPEAKERS.get(given.lower())
        if speaker is None:  # the safe side: what staff say is never evidence of what a customer likes
            self._note("repaired", "unknown-speaker")
        return speaker or "staff"

    def _text(self, get: dict[str, Any]) -> Cleaned | None:
        parts = [str(get[name]).strip() for name in ("title", "text") if values.text_or_none(get.get(name)) is not None]
        if not parts:
            return None
        cleaned = clean("\n".join(parts))
        for repair in cleaned.repairs:
            self._note("repaired", repair)
        return cleaned

    def _customer(self, row: Row, get: dict[str, Any]) -> Record:
        key = _needed_id(get.get("customer_id"), "missing-customer")
        contacts = []
        for kind, normal in (("email", values.normal_email), ("phone", values.normal_phone)):
            for one in _several(get.get(kind)):
                if normal(one):
                    contacts.append((kind, one[:200], normal(one)[:200]))
        names = tuple((one[:200], values.normal_name(one)[:200]) for one in _several(get.get("aliases")))
        joined = values.day_or_none(get.get("joined_on"), self.tz)
        if joined is None and values.text_or_none(get.get("joined_on")) is not None:
            self._note("repaired", "unreadable-date")
        stored = {
            "customer_id": key, "name": _words(get.get("name"), 200), "city": _words(get.get("city"), 100), "joined_on": joined,
            "attrs": self._attrs(row.values, 200),
        }  # fmt: skip
        return Record(
            row.number,
            "customers",
            key,
            stored,
            contacts=tuple(dict.fromkeys(contacts)),
            aliases=tuple(dict.fromkeys(names)),
        )

    def _item(self, row: Row, get: dict[str, Any]) -> Record:
        key = _needed_id(get.get("item_id"), "missing-item")
        named = values.currency_or_none(get.get("currency"))
        price, currency = values.money(get.get("price"), named, default=self.currency)
        if price is None and values.text_or_none(get.get("price")) is not None:
            self._note("repaired", "unreadable-price")
        if price is not None and price < 0:
            price = None
            self._note("flagged", "outlier-price")
        category = get.get("category")
        if isinstance(category, list):
            category = next((one for one in category if one), None)
        stored = {
            "item_id": key, "title": _words(get.get("title"), 500), "title_en": _words(get.get("title_en"), 500),
            "brand": _words(get.get("brand"), 120), "category": _words(category, 120), "color": _words(get.get("color"), 60),
            "material": _words(get.get("material"), 60), "price_minor": price, "currency": currency if price is not None else None,
            "attrs": self._attrs(row.values, 500),
        }  # fmt: skip
        return Record(row.number, "items", key, stored)

    def _attrs(self, row_values: Mapping[str, Any], limit: int) -> str:
        used = (
            set(self.mapping.values())
            if self.format not in ("amazon-meta", "douban")
            else set(self.mapping.values()) - {"category", "genres"}
        )
        if self.kind not in ("customer", "item"):  # the row's own word stays: the shop may know another
            used = used - {self.mapping.get(name) for name in ("item_category", "item_brand", "customer_city")}
        extra: dict[str, Any] = {}
        for name, value in row_values.items():
            if name in used or name in _NOISE or value in (None, "", [], {}) or len(extra) >= 24:
                continue
            kept = _attribute(value, limit)
            if kept is not None:
                extra[storable(name)] = kept
        return json.dumps(extra, ensure_ascii=False, sort_keys=True) if extra else "{}"


def event_key(stored: Mapping[str, Any], text: Cleaned | None, occurrence: int = 1) -> tuple[str, bool]:
    """The event's id, and whether identical rows of its file must be counted to tell them apart.

    With a source id, kind and source id alone make the id, so that another row with the same one is noticed. Without,
    it is the content. The file's name is in neither: the same file under another name changes nothing.
    """
    if stored["source_id"] is not None:
        return ids.event_id("id", stored["kind"], stored["source_id"]), False
    content = [
        stored[name]
        for name in (
            "customer_id", "kind", "item_id", "occurred_at", "order_id", "quantity", "amount_minor", "discount_minor", "currency",
            "rating", "speaker", "status", "channel",
        )
    ]  # fmt: skip
    content.append(text.raw if text and text.clean else None)
    if occurrence > 1:
        content.append(occurrence)
    return ids.event_id(*content), not (text and text.clean)


def _needed_id(value: Any, reason: str) -> str:
    found = values.id_or_none(value)
    if found is None:
        raise RowRejected(reason)
    if len(found) > ID_CHARS:
        raise RowRejected("id-too-long")
    return found


def _optional_id(value: Any) -> str | None:
    found = values.id_or_none(value)
    if found is not None and len(found) > ID_CHARS:
        raise RowRejected("id-too-long")
    return found


def _words(value: Any, limit: int) -> str | None:
    """A short name: cleaned like a text, on one line."""
    text = values.text_or_none(value)
    if text is None:
        return None
    return values.text_or_none(re.sub(r"\s+", " ", clean(text).clean), limit=limit)


def _several(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else re.split("[|;\uff1b]", str(value)) if value is not None else []
    return [found for one in parts if (found := values.text_or_none(one)) is not None]


def _attribute(value: Any, limit: int) -> Any:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return values.number_or_none(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | dict):
        text = storable(json.dumps(value, ensure_ascii=False, default=str))
        return json.loads(text) if len(text) <= limit * 2 else text[:limit]
    return values.text_or_none(value, limit=limit)


def _amazon_item(row_values: Mapping[str, Any], get: dict[str, Any]) -> dict[str, Any]:
    """Amazon's metadata: the category path's second level says most; a style sheet in `price` is no price."""
    path = row_values.get("category") or row_values.get("categories") or []
    if path and isinstance(path, list) and isinstance(path[0], list):
        path = path[0]
    path = [one for one in path if isinstance(one, str)] if isinstance(path, list) else []
    price = get.get("price")
    if isinstance(price, str):
        ranged = re.match(r"\s*(\$[\d.,]+)", price)
        price = ranged.group(1) if ranged and "-" not in price else None if not ranged else price
    if isinstance(price, str | float) and values.currency_or_none(get.get("currency")) is None and price:
        get = {**get, "currency": "USD"}
    brand = get.get("brand")
    if isinstance(brand, str):
        brand = re.sub(r"^\s*(?:by\s+|Visit Amazon's\s+|Format:.*)", "", brand).removesuffix(" Page")
    return {**get, "price": price, "brand": brand, "category": (path[1:2] or path[:1] or [None])[0]}

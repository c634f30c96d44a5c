"""A shop from a few rows that can be checked by eye, for features, ledger and extraction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from huaxiang import ids
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

ZONE = ZoneInfo("Asia/Shanghai")
ShopMaker = Callable[..., Shop]


def _event(number: int, row: dict[str, Any]) -> dict[str, Any]:
    event = {
        "event_id": ids.event_id(row.get("source_id", number)), "customer_id": "C1", "kind": "order", "occurred_at": None,
        "item_id": None, "order_id": None, "quantity": None, "amount_minor": None, "discount_minor": None, "currency": None,
        "rating": None, "speaker": "customer", "status": None, "channel": None, "has_text": int("text" in row), "attrs": "{}",
        "flags": "", "source_file": "rows", "source_row": number, "batch_id": "b", "source_id": str(number),
    }  # fmt: skip
    event.update({key: value for key, value in row.items() if key in event})
    if isinstance(event["occurred_at"], str):
        event["occurred_at"] = int(datetime.fromisoformat(event["occurred_at"]).replace(tzinfo=ZONE).timestamp())
    return event


@pytest.fixture
def make_shop(tmp_path: Path) -> ShopMaker:
    """`make_shop(rows, items=…)`: events as dicts (`occurred_at` in the shop's local time); customers come from them."""

    def make(rows: list[dict[str, Any]], items: list[dict[str, Any]] | None = None, today: str = "2026-06-30") -> Shop:
        shop = Shop.create(
            tmp_path / "shop", settings={"timezone": "Asia/Shanghai", "today": datetime.fromisoformat(today).date()}
        )
        add(shop, rows, items or [])
        return shop

    return make


@pytest.fixture
def add_events() -> Callable[..., None]:
    """`add_events(shop, rows)`: more events for a shop that exists."""
    return add


def add(shop: Shop, rows: list[dict[str, Any]], items: list[dict[str, Any]] | None = None) -> None:
    """Insert events with their texts, their customers and items."""
    with shop.begin() as connection:
        start = connection.execute(t.events.select()).fetchall()
        events = [_event(len(start) + n, row) for n, row in enumerate(rows, start=1)]
        known = {row[0] for row in connection.execute(t.customers.select())}
        people = sorted({event["customer_id"] for event in events} - known)
        if people:
            connection.execute(
                t.customers.insert(), [{"customer_id": one, "flags": "", "attrs": "{}"} for one in people]
            )
        if items:
            columns = ("item_id", "title", "title_en", "brand", "category", "color")
            connection.execute(t.items.insert(), [{**dict.fromkeys(columns), "attrs": "{}", **item} for item in items])
        if events:
            connection.execute(t.events.insert(), events)
        texts = [
            {
                "evidence_id": ids.text_evidence_id(event["event_id"]), "customer_id": event["customer_id"], "kind": "text",
                "event_id": event["event_id"], "occurred_at": event["occurred_at"], "language": "und", "clean": row["text"], "flags": event["flags"],
            }
            for event, row in zip(events, rows, strict=True) if "text" in row
        ]  # fmt: skip
        if texts:
            connection.execute(t.evidence.insert(), texts)

"""One customer in plain Python gives the very statements that many customers at once give through polars."""

from __future__ import annotations

import os
from zoneinfo import ZoneInfo

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huaxiang.features.frames import prepare
from huaxiang.features.single import Single
from huaxiang.features.statements_more import all_drafts
from huaxiang.features.tables import Tables
from huaxiang.store.read import EVENT_FRAME_SCHEMA

ZONE = ZoneInfo("Asia/Shanghai")
START = 1_700_000_000
CASES = int(os.environ.get("HUAXIANG_PROPERTY_CASES", "0")) or 25
ITEMS = {
    "I1": {"title": "毛衣", "title_en": "jumper", "brand": "B1", "category": "clothing", "color": "red", "price_minor": 1},
    "I2": {"title": "茶", "title_en": None, "brand": "B2", "category": "food", "color": None, "price_minor": None},
    "I3": {"title": None, "title_en": None, "brand": "", "category": "food", "color": "", "price_minor": 5},
    None: dict.fromkeys(("title", "title_en", "brand", "category", "color", "price_minor")),
}  # fmt: skip


@st.composite
def histories(draw):
    rows = []
    for number in range(draw(st.integers(1, 24))):
        kind = draw(
            st.sampled_from(
                ["order"] * 4 + ["view", "cart", "search", "return", "review", "message", "ticket", "survey"]
            )
        )
        item = draw(st.sampled_from(list(ITEMS)))
        amount = draw(st.none() | st.integers(0, 5000)) if kind in ("order", "return") else None
        row = {
            "event_id": f"e{number:04x}{draw(st.integers(0, 2**60)):016x}", "customer_id": draw(st.sampled_from(["A", "B"])), "kind": kind,
            "occurred_at": draw(st.none() | st.integers(0, 400).map(lambda day: START + day * 86_400) | st.integers(0, 4 * 10**7).map(START.__add__)),
            "item_id": item, "order_id": draw(st.sampled_from([None, "O1", "O2", "O3"])), "quantity": draw(st.sampled_from([None, 1.0, 2.0])),
            "amount_minor": amount, "discount_minor": draw(st.sampled_from([None, 0, 300])),
            "currency": draw(st.sampled_from([None, "CNY", "USD"])), "rating": draw(st.sampled_from([None, 1.0, 3.0, 4.5, 5.0])),
            "speaker": draw(st.sampled_from(["customer", "customer", "staff"])), "status": draw(st.sampled_from([None, "open", "Solved"])),
            "has_text": 0, "flags": draw(st.sampled_from(["", "outlier-price", "no-date"])), "channel": draw(st.sampled_from([None, "app", "phone"])),
            **ITEMS[item],
        }  # fmt: skip
        rows.append(row)
    return rows


@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(), st.booleans(), st.integers(0, 5 * 10**7))
def test_a_customer_alone_reads_as_among_all_others(rows, has_returns, days):
    as_of = START + days
    frame = pl.DataFrame(rows, schema={**EVENT_FRAME_SCHEMA, "channel": str}, orient="row")
    together = all_drafts(Tables(prepare(frame, as_of=as_of, tz=ZONE), ZONE, has_returns, True))
    for customer in ("A", "B"):
        mine = [row for row in rows if row["customer_id"] == customer]
        alone = all_drafts(Single(mine, as_of=as_of, tz=ZONE, has_returns=has_returns, has_orders=True))
        assert alone == [one for one in together if one.customer_id == customer]

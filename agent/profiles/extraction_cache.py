"""What a model said of a text, in the table `extractions`: found again by the text itself, whoever wrote it.

A key is the content (who reads, what is asked for, the words) followed by whose row it is. So the same words of two
customers are read once, each has a row of their own, and erasing one of them takes nothing from the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from huaxiang.clock import to_epoch, utc_now
from huaxiang.schema.evidence import Evidence
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

CONTENT = 40
"""Hex digits of a key that name the content; the others name the customer."""
_PART = 100
Facts = list[dict[str, Any]]


def content(method: str, clean: str) -> str:
    """The mark of what decides the result. `method` says who reads, by which prompt, and what is asked for."""
    return hashlib.sha256("\x1f".join((method, clean)).encode()).hexdigest()[:CONTENT]


def known(shop: Shop) -> set[str]:
    """The contents that were read, of every customer."""
    with shop.engine.connect() as connection:
        return {key[:CONTENT] for key in connection.scalars(sa.select(t.extractions.c.key))}


def find(shop: Shop, method: str, texts: Sequence[Evidence]) -> tuple[dict[str, Facts], list[Evidence]]:
    """Facts read before, by evidence id, and the texts of which only another customer's row says so."""
    wanted: dict[str, list[Evidence]] = {}  # the same words may stand in several texts
    for one in texts:
        wanted.setdefault(content(method, one.clean), []).append(one)
    found: dict[str, Facts] = {}
    own: set[str] = set()
    key, marks = t.extractions.c.key, list(wanted)
    with shop.engine.connect() as connection:
        for start in range(0, len(marks), _PART):
            ranges = [sa.and_(key >= mark, key < mark + "g") for mark in marks[start : start + _PART]]
            for row in connection.execute(sa.select(t.extractions).where(sa.or_(*ranges))).mappings():
                for one in wanted[row["key"][:CONTENT]]:
                    found.setdefault(one.evidence_id, json.loads(row["output"]))
                    if row["customer_id"] == one.customer_id:
                        own.add(one.evidence_id)
    return found, [one for one in texts if one.evidence_id in found and one.evidence_id not in own]


def keep(
    shop: Shop, method: str, stamp: str, customer_id: str, texts: Sequence[Evidence], facts: Mapping[str, Facts]
) -> None:
    """Store what was said of these texts of a customer, under the content's mark; what is there stays.

    Args:
        shop: an open shop.
        method: as of `content`.
        stamp: who read, as traits name it.
        customer_id: whose rows they are.
        texts: the texts.
        facts: what was said of each, by evidence id.
    """
    if not texts:
        return
    now, owner = to_epoch(utc_now()), hashlib.sha256(customer_id.encode()).hexdigest()[: 64 - CONTENT]
    rows = [
        {
            "key": content(method, one.clean) + owner, "customer_id": customer_id, "method": stamp,
            "output": json.dumps(facts[one.evidence_id], ensure_ascii=False), "made_at": now,
        }
        for one in texts
    ]  # fmt: skip
    insert = sqlite.insert if shop.is_sqlite else postgresql.insert
    with shop.writing(), shop.begin() as connection:
        connection.execute(insert(t.extractions).on_conflict_do_nothing(), rows)

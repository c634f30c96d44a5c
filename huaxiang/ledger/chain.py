"""The hash chain: one link a transaction, one chain a customer. Whoever changes a stored entry breaks it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

GENESIS = "0" * 64


def link(prev_hash: str, head: dict[str, Any], rows: Sequence[dict[str, Any]]) -> str:
    """SHA-256 over the previous hash, the transaction's own fields and its entries, as canonical JSON."""
    body = json.dumps([prev_hash, head, list(rows)], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def verify_chain(shop: Shop, customer_id: str) -> int | None:
    """Check a customer's whole chain.

    Returns:
        None when it is whole; otherwise the `seq` of the first transaction that does not fit (changed, missing or added).
    """
    tx, line = t.ledger_tx, t.ledger
    with shop.engine.connect() as connection:
        heads = (
            connection.execute(sa.select(tx).where(tx.c.customer_id == customer_id).order_by(tx.c.seq)).mappings().all()
        )
        lines = connection.execute(
            sa.select(line).where(line.c.customer_id == customer_id).order_by(line.c.entry_id)
        ).mappings().all()  # fmt: skip
    by_tx: dict[str, list[dict[str, Any]]] = {}
    for row in lines:
        entry = {key: row[key] for key in row if key not in ("entry_id", "tx_id", "customer_id")}
        by_tx.setdefault(row["tx_id"], []).append(entry)
    prev, last_at = GENESIS, 0
    for place, head in enumerate(heads, start=1):
        fields = {key: head[key] for key in ("customer_id", "seq", "recorded_at", "actor", "action")}
        expected = link(prev, fields, by_tx.pop(head["tx_id"], []))
        in_order = head["seq"] == place and head["recorded_at"] >= last_at and head["prev_hash"] == prev
        if not in_order or head["hash"] != expected:
            return int(head["seq"])
        prev, last_at = head["hash"], head["recorded_at"]
    return len(heads) + 1 if by_tx else None

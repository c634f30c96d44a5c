"""The hash chain: one link a transaction, one chain a customer. Whoever changes a stored entry breaks it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from huaxiang.jsontext import canonical, encode_basestring
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

GENESIS = "0" * 64


def link(prev_hash: str, head: dict[str, Any], rows: Sequence[dict[str, Any]]) -> str:
    """SHA-256 over the previous hash, the transaction's own fields and its entries, as canonical JSON."""
    body = canonical([prev_hash, head, list(rows)])
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def link_entries(prev_hash: str, head: dict[str, Any], entries: Sequence[tuple[Any, ...]]) -> str:
    """As `link`, of entries as tuples in the order of `entries.COLUMNS`: the text is put together by hand.

    A build hashes eighteen entries a customer; this takes a fifth of the time. A test holds the two together.
    """
    rows = ",".join([_row(*one) for one in entries])
    body = f"[{canonical(prev_hash)},{canonical(head)},[{rows}]]"
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def _row(
    op: str, trait_id: str, name: str, value: str | None, basis: str | None, evidence: str | None, method: str | None,
    for_whom: str | None, valid_from: int | None, valid_to: int | None, reason_code: str | None, detail: str | None,
) -> str:  # fmt: skip
    """One entry as canonical JSON: keys in the order of the alphabet."""
    text = encode_basestring
    return (
        f'{{"basis":{"null" if basis is None else text(basis)},"detail":{"null" if detail is None else text(detail)},'
        f'"evidence":{"null" if evidence is None else text(evidence)},'
        f'"for_whom":{"null" if for_whom is None else text(for_whom)},'
        f'"method":{"null" if method is None else text(method)},"name":{text(name)},"op":{text(op)},'
        f'"reason_code":{"null" if reason_code is None else text(reason_code)},"trait_id":{text(trait_id)},'
        f'"valid_from":{"null" if valid_from is None else int(valid_from)},'
        f'"valid_to":{"null" if valid_to is None else int(valid_to)},"value":{"null" if value is None else text(value)}}}'
    )


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

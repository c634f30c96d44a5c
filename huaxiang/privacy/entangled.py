"""What others' rows still say of an erased customer: acts and ledgers of people they were once merged with, and feedback.

An undone merge leaves the merged customer's quotes in the kept customer's ledger. Those lines go, and the chain is linked
anew over what remains: the one case in which stored entries are rewritten.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from huaxiang.ledger import chain
from huaxiang.privacy import tables_of
from huaxiang.privacy.probes import Probes
from huaxiang.store import tables as t

_CHUNK = 400


def once_merged(connection: sa.Connection, who: Probes) -> list[str]:
    """Everybody who was ever one person with these customers, by merges that stand or were undone, and is not among them."""
    if not sa.inspect(connection).has_table("merges"):
        return []
    pairs = [tuple(row) for row in connection.exec_driver_sql("SELECT kept_id, merged_id FROM merges")]
    found = list(who.customers)
    for one in found:
        found.extend(other for pair in pairs if one in pair for other in pair if other not in found)
    return sorted(set(found) - who.customers)


def clear(connection: sa.Connection, who: Probes, others: list[str]) -> int:
    """Remove what these others' acts and ledgers, and anybody's feedback, say of the erased; returns how many rows.

    Args:
        connection: inside the erasing transaction.
        who: the erased.
        others: `once_merged`, asked before the rows went.
    """
    gone = 0
    for one in others:
        gone += _clear_ledger(connection, one, who)
    tables_of.declared()
    for name, key in (("operations", "op_id"), ("batch_changes", "change_id"), ("feedback", "feedback_id")):
        table = t.metadata.tables.get(name)
        if table is not None and sa.inspect(connection).has_table(name):
            gone += _clear_rows(connection, table, key, who)
    return gone + _clear_records(connection, who)


def _clear_rows(connection: sa.Connection, table: sa.Table, key: str, who: Probes) -> int:
    wrong = [row[key] for row in connection.execute(sa.select(table)).mappings() if _says(row, who)]
    for start in range(0, len(wrong), _CHUNK):
        connection.execute(table.delete().where(table.c[key].in_(wrong[start : start + _CHUNK])))
    return len(wrong)


def _says(row: Any, who: Probes) -> bool:
    return row.get("run_id") in who.runs or any(
        isinstance(value, str) and who.mentioned_in(value) for value in row.values()
    )


def _clear_records(connection: sa.Connection, who: Probes) -> int:
    """Take the erased out of the records of others: evidence cited while they were one person, figures over both."""
    a = t.audit.c
    query = sa.select(a.audit_id, a.detail).execution_options(yield_per=_CHUNK)
    wrong: list[tuple[int, str]] = []
    for part in connection.execute(query).partitions(_CHUNK):
        if who.mentioned_in("\x00".join(("[", *(row.detail for row in part)))):  # many at once are looked at quicker
            wrong += [(row.audit_id, row.detail) for row in part if who.mentioned_in(row.detail)]
    for audit_id, detail in wrong:
        connection.execute(t.audit.update().where(a.audit_id == audit_id).values(detail=_without(detail, who)))
    return len(wrong)


def _without(detail: str, who: Probes) -> str:
    """The details of a record without the erased; nothing of them where they are not among its evidence only."""
    try:
        told = json.loads(detail)
        told["evidence"] = [one for one in told["evidence"] if not who.mentioned_in(one)]
    except (ValueError, KeyError, TypeError):
        return "{}"
    kept = json.dumps(told, ensure_ascii=False)
    return "{}" if who.mentioned_in(kept) else kept


def _clear_ledger(connection: sa.Connection, customer: str, who: Probes) -> int:
    line, head = t.ledger.c, t.ledger_tx.c
    query = sa.select(t.ledger).where(line.customer_id == customer)
    wrong = [row["entry_id"] for row in connection.execute(query).mappings() if _says(row, who)]
    if not wrong:
        return 0
    for start in range(0, len(wrong), _CHUNK):
        connection.execute(t.ledger.delete().where(line.entry_id.in_(wrong[start : start + _CHUNK])))
    empty = ~sa.exists(sa.select(1).where(line.tx_id == head.tx_id))
    connection.execute(t.ledger_tx.delete().where(head.customer_id == customer, empty))
    _link_anew(connection, customer)
    return len(wrong)


def _link_anew(connection: sa.Connection, customer: str) -> None:
    """Number and hash the transactions that remain, in their order."""
    line, head = t.ledger.c, t.ledger_tx.c
    heads = (
        connection.execute(sa.select(t.ledger_tx).where(head.customer_id == customer).order_by(head.seq))
        .mappings()
        .all()
    )
    lines = (
        connection.execute(sa.select(t.ledger).where(line.customer_id == customer).order_by(line.entry_id))
        .mappings()
        .all()
    )
    by_tx: dict[str, list[dict[str, Any]]] = {}
    for row in lines:
        entry = {key: row[key] for key in row if key not in ("entry_id", "tx_id", "customer_id")}
        by_tx.setdefault(row["tx_id"], []).append(entry)
    connection.execute(t.ledger_tx.delete().where(head.customer_id == customer))
    prev = chain.GENESIS
    for seq, old in enumerate(heads, start=1):
        fields = {**{key: old[key] for key in ("customer_id", "recorded_at", "actor", "action")}, "seq": seq}
        digest = chain.link(prev, fields, by_tx[old["tx_id"]])
        connection.execute(t.ledger_tx.insert().values(**fields, tx_id=digest[:24], prev_hash=prev, hash=digest))
        connection.execute(t.ledger.update().where(line.tx_id == old["tx_id"]).values(tx_id=digest[:24]))
        prev = digest

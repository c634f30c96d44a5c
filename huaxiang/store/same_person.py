"""Merged customers: whose record an id means now. Whoever writes an event asks here first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from huaxiang.store import tables_ops as o
from huaxiang.store.bulk import insert_ignore

Merges = Mapping[str, tuple[str, str]]
"""Merged id → (kept id, merge id), for merges that stand."""


def standing(connection: sa.Connection) -> Merges:
    """The merges that stand; none in a shop of an earlier version."""
    if not sa.inspect(connection).has_table(o.merges.name):
        return {}
    m = o.merges.c
    query = sa.select(m.merged_id, m.kept_id, m.merge_id).where(m.undone_at.is_(None))
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}


def resolve(merges: Merges, customer_id: str) -> tuple[str, list[tuple[str, str]]]:
    """Whose record an id means now, and the steps there as (merge id, id before the step)."""
    steps: list[tuple[str, str]] = []
    while customer_id in merges:
        onward, merge_id = merges[customer_id]
        steps.append((merge_id, customer_id))
        customer_id = onward
    return customer_id, steps


def note_moved(connection: sa.Connection, moves: Iterable[tuple[str, str, str]]) -> None:
    """Remember whose events these were: (merge id, event id, customer before)."""
    rows = [{"merge_id": merge, "event_id": event, "customer_id": before} for merge, event, before in moves]
    insert_ignore(connection, o.moved, rows)

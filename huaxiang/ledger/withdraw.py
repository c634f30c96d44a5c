"""Events out of the log and back in, whole: the rows, the text with its index entries, its fingerprint.

All functions work inside the caller's transaction. Nothing is destroyed: what is taken out waits in `withdrawn`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import sqlalchemy as sa

from huaxiang import ids
from huaxiang.ingest.fingerprints import fingerprints
from huaxiang.store import lexical, same_person
from huaxiang.store import tables as t
from huaxiang.store import tables_ops as o
from huaxiang.store.bulk import insert_ignore

Cause = Literal["event", "batch"]
_CHUNK = 400


def take_out(connection: sa.Connection, event_ids: Sequence[str], *, op_id: str, cause: Cause) -> dict[str, list[str]]:
    """Move events to `withdrawn`.

    Args:
        connection: inside a transaction.
        event_ids: of events that are in the log; others are passed over.
        op_id: the act that does it.
        cause: `event`: an import does not bring the row back; `batch`: it does.

    Returns:
        The events taken out, by customer.
    """
    out: dict[str, list[str]] = {}
    fingerprints.create(connection, checkfirst=True)
    for chunk in chunks(event_ids):
        rows = connection.execute(sa.select(t.events).where(t.events.c.event_id.in_(chunk))).mappings().all()
        found = [row["event_id"] for row in rows]
        texts = _by_event(connection, t.evidence, found)
        marks = _by_event(connection, fingerprints, found)
        values = []
        for row in rows:
            key = row["event_id"]
            text, mark = texts.get(key), marks.get(key)
            values.append(
                {
                    "event_id": key, "customer_id": row["customer_id"], "op_id": op_id, "cause": cause, "event": _json(row),
                    "evidence": None if text is None else _json(text), "size": mark["size"] if mark else None,
                    "signature": mark["signature"] if mark else None,
                }
            )  # fmt: skip
            out.setdefault(row["customer_id"], []).append(key)
        # an event whose batch was undone, came back by import and goes again: the newer copy counts
        connection.execute(o.withdrawn.delete().where(o.withdrawn.c.event_id.in_(found)))
        if values:
            connection.execute(o.withdrawn.insert(), values)
        delete_events(connection, found)
    return out


def put_back(connection: sa.Connection, op_id: str) -> dict[str, list[str]]:
    """Move what this act took out back into the log; events that an import brought back meanwhile stay as they are."""
    back: dict[str, list[str]] = {}
    merges = same_person.standing(connection)
    rows = connection.execute(sa.select(o.withdrawn).where(o.withdrawn.c.op_id == op_id)).mappings().all()
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        events = [json.loads(row["event"]) for row in part]
        texts = [json.loads(row["evidence"]) for row in part if row["evidence"]]
        whose = _whose(connection, merges, events)
        for one in (*events, *texts):
            one["customer_id"] = whose[one["event_id"]]
        insert_ignore(connection, t.events, events)
        insert_ignore(connection, t.evidence, texts)
        marks = [
            {**{name: row[name] for name in ("event_id", "size", "signature")}, "customer_id": whose[row["event_id"]]}
            for row in part if row["signature"] is not None
        ]  # fmt: skip
        insert_ignore(connection, fingerprints, marks)
        lexical.index_rows(connection, ((one["evidence_id"], one["customer_id"], one["clean"]) for one in texts))
        for event in events:
            back.setdefault(event["customer_id"], []).append(event["event_id"])
    connection.execute(o.withdrawn.delete().where(o.withdrawn.c.op_id == op_id))
    return back


def delete_events(connection: sa.Connection, event_ids: Sequence[str]) -> None:
    """Delete events with their texts, vectors and index entries; the caller has kept what it needs."""
    for chunk in chunks(event_ids):
        texts = [ids.text_evidence_id(one) for one in chunk]
        lexical.remove(connection, texts)
        for table, column, wanted in (
            (t.vectors, t.vectors.c.evidence_id, texts),
            (o.extraction_queue, o.extraction_queue.c.evidence_id, texts),
            (t.evidence, t.evidence.c.event_id, chunk),
            (fingerprints, fingerprints.c.event_id, chunk),
            (t.events, t.events.c.event_id, chunk),
        ):
            connection.execute(table.delete().where(column.in_(wanted)))


def evidence_of(event_ids: Iterable[str]) -> set[str]:
    """Ids of the evidence that stands on these events alone: texts and records."""
    return {name(one) for one in event_ids for name in (ids.text_evidence_id, ids.record_evidence_id)}


def chunks(values: Sequence[str]) -> Iterable[list[str]]:
    """The values in lists that a query can hold."""
    for start in range(0, len(values), _CHUNK):
        yield list(values[start : start + _CHUNK])


def _whose(connection: sa.Connection, merges: same_person.Merges, events: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Whose the events are now: their customers may have been merged since."""
    whose: dict[str, str] = {}
    for event in events:
        customer, steps = same_person.resolve(merges, event["customer_id"])
        same_person.note_moved(connection, ((merge, event["event_id"], before) for merge, before in steps))
        whose[event["event_id"]] = customer
    return whose


def _by_event(connection: sa.Connection, table: sa.Table, event_ids: list[str]) -> dict[str, Any]:
    query = sa.select(table).where(table.c.event_id.in_(event_ids))
    return {row["event_id"]: row for row in connection.execute(query).mappings()}


def _json(row: Any) -> str:
    return json.dumps(dict(row), ensure_ascii=False)

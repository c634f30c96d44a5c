"""Taking evidence back: one event, or a whole import; all that stood on it is recomputed. And putting it back."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from huaxiang import ids
from huaxiang.errors import DataError
from huaxiang.ledger import acts, settle, withdraw, write
from huaxiang.ledger.acts import Act
from huaxiang.ledger.entries import Entry, encode, read, trait_id
from huaxiang.ledger.replay import State, replay
from huaxiang.store import tables as t
from huaxiang.store import tables_ops as o
from huaxiang.store.bulk import insert_ignore
from huaxiang.store.shop import Shop

_REMOVED = "removed:"


@dataclass(frozen=True)
class Retraction:
    """What taking back did: events taken out, customers recomputed, fields that no longer hold.

    `gone` and `changed` name the fields, computed ones too, that hold no more or hold other values; a name stands once a
    customer. Of a whole import they are not gathered, and `retired` counts the traits that stood on its events.
    """

    act: Act
    events: int
    customers: tuple[str, ...]
    retired: int
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As a machine reads it."""
        return {
            **self.act.to_dict(), "events": self.events, "customers": list(self.customers), "retired": self.retired,
            "gone": list(self.gone), "changed": list(self.changed),
        }  # fmt: skip


def retract(shop: Shop, event: str, *, actor: str = "staff", reason: str = "") -> Retraction:
    """Take one event back: it was wrong, not the customer's, or may not be used. An import does not bring it back.

    Args:
        shop: an open shop; its write lock is held.
        event: its id, an evidence id of it (`t…`, `r…`), or the id it had in its source.
        actor: who does it.
        reason: why, kept with the act.

    Raises:
        DataError: no such event (`no-such-event`), several by that source id (`ambiguous-event`), or it was taken back
            before (`already-retracted`).
    """
    with shop.writing():
        with shop.begin() as connection:
            o.ensure(connection)
            event_id, customer = find_event(connection, event)
            act = acts.begin(connection, "retract", actor=actor, customer_id=customer, reason=reason, events=[event_id])
            result = _take(shop, connection, act, [event_id], "event")
        settle.flags(shop, result.customers)
    shop.forget_today()
    return result


def undo_batch(shop: Shop, batch: str, *, actor: str = "staff", reason: str = "") -> Retraction:
    """Take a whole import back: its events, the customers and items that only it brought, the details it changed.

    Events that another file had brought too stay, and belong to that file from now on. Importing the file again brings
    everything back.

    Args:
        shop: an open shop; its write lock is held.
        batch: the batch's id (as in the import's report), or the file's name where only one import had it.
        actor: who does it.
        reason: why.

    Raises:
        DataError: no such batch (`no-such-batch`) or several (`ambiguous-batch`).
    """
    with shop.writing():
        with shop.begin() as connection:
            o.ensure(connection)
            row = _find_batch(connection, batch)
            batch_id = row["batch_id"]
            act = acts.begin(connection, "batch-undo", actor=actor, reason=reason, batch=batch_id, row=dict(row))
            _hand_over(connection, batch_id)
            query = sa.select(t.events.c.event_id).where(t.events.c.batch_id == batch_id)
            result = _take(shop, connection, act, list(connection.scalars(query)), "batch")
            more = _restore_details(connection, batch_id, act.op_id)
            connection.execute(t.batches.delete().where(t.batches.c.batch_id == batch_id))
        settle.flags(shop, {*result.customers, *more})
    shop.forget_today()
    return result


def put_back(shop: Shop, connection: sa.Connection, act: Act) -> set[str]:
    """Undo a retraction inside the caller's transaction; returns the customers touched."""
    if act.kind == "batch-undo":
        _details_again(connection, act.op_id, act.detail["batch"])
        if (
            connection.scalar(sa.select(t.batches.c.batch_id).where(t.batches.c.batch_id == act.detail["batch"]))
            is None
        ):
            connection.execute(t.batches.insert().values(**act.detail["row"]))
    return set(withdraw.put_back(connection, act.op_id))


def find_event(connection: sa.Connection, name: str) -> tuple[str, str]:
    """The event of this id, evidence id or source id: (event id, customer)."""
    e, w = t.events.c, o.withdrawn.c
    wanted = [name, ids.event_of_evidence(name) or name]
    row = connection.execute(sa.select(e.event_id, e.customer_id).where(e.event_id.in_(wanted))).first()
    if row is not None:
        return row[0], row[1]
    op_id = connection.scalar(sa.select(w.op_id).where(w.event_id.in_(wanted), w.cause == "event"))
    if op_id is not None:
        raise _retracted(connection, op_id)
    found = connection.execute(sa.select(e.event_id, e.customer_id).where(e.source_id == name).limit(3)).fetchall()
    if len(found) == 1:
        return found[0][0], found[0][1]
    if found:
        raise DataError(
            "several events have this source id", hint="give the event's own id (e…)", code="ambiguous-event"
        )
    if (op_id := _taken_back(connection, name)) is not None:
        raise _retracted(connection, op_id)
    raise DataError(
        "there is no such event in this shop",
        hint="give an evidence id (t…, r…) or its beginning, an event id (e…), FILE:ROW, the id in its source or an order's number",
        code="no-such-event",
    )


def _taken_back(connection: sa.Connection, name: str) -> str | None:
    """The act that retracted the record of this source id, order number, `file:row`, or beginning of an id."""
    w = o.withdrawn.c
    file, _, row = name.rpartition(":")
    place = (file, int(row)) if file and row.isdigit() and len(row) < 10 else None
    if re.fullmatch(r"[etr][0-9a-f]{4,}", name):
        query = sa.select(w.op_id).where(w.cause == "event", w.event_id.startswith("e" + name[1:])).limit(1)
        if (found := connection.scalar(query)) is not None:
            return str(found)
    wanted = json.dumps(file if place else name, ensure_ascii=False)
    gone = sa.select(w.event, w.op_id).where(w.cause == "event", w.event.contains(wanted, autoescape=True))
    for text, op_id in connection.execute(gone):
        event = json.loads(text)
        if name in (event["source_id"], event["order_id"]) or (event["source_file"], event["source_row"]) == place:
            return str(op_id)
    return None


def _retracted(connection: sa.Connection, op_id: str) -> DataError:
    number = connection.scalar(sa.select(o.operations.c.number).where(o.operations.c.op_id == op_id))
    return DataError(
        "this event was retracted before", hint=f"put it back with: huaxiang undo {number}", code="already-retracted"
    )


def without(state: State, customer_id: str, evidence_ids: set[str], *, reason_code: str) -> list[Entry]:
    """Entries after which nothing that holds or waits stands on this evidence.

    A trait with other evidence too keeps that; staff's verdict on it is kept with it.
    """
    lines: list[Entry] = []
    for place in (state.held, state.proposed):
        for entry in place.values():
            cited = json.loads(entry.evidence or "[]")
            left = [one for one in cited if one["evidence_id"] not in evidence_ids]
            if len(left) == len(cited):
                continue
            lines.append(entry.as_op("retire", reason_code=reason_code))
            if left and entry.basis not in ("computed", "observed"):
                sources = [one["evidence_id"] for one in left]
                new = trait_id(
                    customer_id, entry.name, entry.plain, basis=entry.basis or "", for_whom=entry.for_whom, evidence=sources
                )  # fmt: skip
                lines.append(entry._replace(trait_id=new, evidence=encode(left)))
    return lines


def _take(
    shop: Shop, connection: sa.Connection, act: Act, event_ids: Sequence[str], cause: withdraw.Cause
) -> Retraction:
    out = withdraw.take_out(connection, event_ids, op_id=act.op_id, cause=cause)
    ledgers = read(connection, sorted(out))
    work = {
        customer: without(
            replay(ledgers.get(customer, [])), customer, withdraw.evidence_of(gone), reason_code="retracted"
        )
        for customer, gone in out.items()
    }
    retired = sum(line.op == "retire" for lines in work.values() for line in lines)
    write.append(connection, work, actor=act.actor, action=act.action)
    settle.recompute(shop, connection, sorted(out))
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    if cause == "event":
        gone, changed = _differences(ledgers, read(connection, sorted(out)))
        retired = len(gone)
    return Retraction(act, sum(map(len, out.values())), tuple(sorted(out)), retired, gone, changed)


def _differences(
    before: dict[str, list[Entry]], after: dict[str, list[Entry]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Fields that held and hold no more, and fields that hold other values: a name for every customer."""
    gone: list[str] = []
    changed: list[str] = []
    for customer, entries in before.items():
        then, now = _values(entries), _values(after.get(customer, []))
        gone += [name for name in then if name not in now]
        changed += [name for name in then if name in now and now[name] != then[name]]
    return tuple(gone), tuple(changed)


def _values(entries: list[Entry]) -> dict[str, set[tuple[str | None, str | None]]]:
    found: dict[str, set[tuple[str | None, str | None]]] = {}
    for entry in replay(entries).held.values():
        found.setdefault(entry.name, set()).add((entry.for_whom, entry.value))
    return found


def _find_batch(connection: sa.Connection, name: str) -> Any:
    b = t.batches.c
    query = sa.select(t.batches).where(sa.or_(b.batch_id == name, b.source_file == name))
    rows = connection.execute(query).mappings().all()
    exact = [row for row in rows if row["batch_id"] == name] or rows
    if len(exact) == 1:
        return exact[0]
    if exact:
        raise DataError(
            f"several imports had a file of this name: {', '.join(row['batch_id'] for row in exact)}",
            hint="give the id of one",
            code="ambiguous-batch",
        )
    raise DataError(
        f"there is no import {name!r}", hint="`huaxiang import --list` shows all with their ids", code="no-such-batch"
    )


def _hand_over(connection: sa.Connection, batch_id: str) -> None:
    """Events that another batch had brought too belong to it from now on."""
    e, c, b = t.events.c, o.batch_copies.c, t.batches.c
    live = sa.select(c.event_id, sa.func.min(c.batch_id).label("heir")).where(
        c.batch_id != batch_id, c.batch_id.in_(sa.select(b.batch_id)), c.event_id.in_(sa.select(e.event_id).where(e.batch_id == batch_id))
    ).group_by(c.event_id)  # fmt: skip
    for event_id, heir in connection.execute(live).fetchall():
        connection.execute(t.events.update().where(e.event_id == event_id).values(batch_id=heir))
        # should the batch come back, it will have brought the event too
        connection.execute(
            o.batch_copies.update().where(c.event_id == event_id, c.batch_id == heir).values(batch_id=batch_id)
        )


def _restore_details(connection: sa.Connection, batch_id: str, op_id: str) -> set[str]:
    """Take back what the batch changed in customers and items; what is removed is kept under the act's id."""
    c = o.batch_changes.c
    touched: set[str] = set()
    query = sa.select(o.batch_changes).where(c.batch_id == batch_id).order_by(c.change_id.desc())
    for row in connection.execute(query).mappings().all():
        table = t.metadata.tables[row["table"]]
        before, after = json.loads(row["before"] or "null"), json.loads(row["after"])
        _write_row(connection, table, after, before)
        touched |= {row["customer_id"]} - {None}
        connection.execute(
            o.batch_changes.insert().values(
                batch_id=op_id, table=row["table"], key=row["key"], customer_id=row["customer_id"],
                before=row["after"], after=row["before"] or "null",
            )
        )  # fmt: skip
    connection.execute(o.batch_changes.delete().where(c.batch_id == batch_id))
    for table, key in ((t.customers, t.customers.c.customer_id), (t.items, t.items.c.item_id)):
        used = sa.select(t.events.c[key.name]).where(t.events.c[key.name].is_not(None))
        alone = sa.select(table).where(table.c.batch_id == batch_id, key.not_in(used))
        for record in connection.execute(alone).mappings().all():
            value = record[key.name]
            _keep_removed(connection, table, dict(record), op_id, value)
            touched |= {value} if table is t.customers else set()
    return touched


def _keep_removed(connection: sa.Connection, table: sa.Table, record: dict[str, Any], op_id: str, key: str) -> None:
    rows = [(table, record)]
    if table is t.customers:
        for other in (t.contacts, t.aliases):
            query = sa.select(other).where(other.c.customer_id == key)
            rows[:0] = [(other, dict(row)) for row in connection.execute(query).mappings()]
    for place, row in rows:
        connection.execute(
            o.batch_changes.insert().values(
                batch_id=op_id, table=place.name, key=f"{_REMOVED}{key}", customer_id=key if table is t.customers else None,
                before=json.dumps(row, ensure_ascii=False), after="null",
            )
        )  # fmt: skip
        connection.execute(place.delete().where(*(place.c[c.name] == row[c.name] for c in place.primary_key.columns)))


def _details_again(connection: sa.Connection, op_id: str, batch_id: str) -> None:
    c = o.batch_changes.c
    query = sa.select(o.batch_changes).where(c.batch_id == op_id).order_by(c.change_id.desc())
    for row in connection.execute(query).mappings().all():
        table = t.metadata.tables[row["table"]]
        _write_row(connection, table, json.loads(row["after"]), json.loads(row["before"]))
        if not row["key"].startswith(_REMOVED):
            again = {name: row[name] for name in ("table", "key", "customer_id")}
            again |= {"batch_id": batch_id, "before": row["after"], "after": row["before"]}
            connection.execute(o.batch_changes.insert().values(**again))
    connection.execute(o.batch_changes.delete().where(c.batch_id == op_id))


def _write_row(
    connection: sa.Connection, table: sa.Table, now: dict[str, Any] | None, then: dict[str, Any] | None
) -> None:
    """Make a row what it was: `None` is a row that is not there. What changed since then is left as it is."""
    known = now or then or {}
    same = [table.c[c.name] == known[c.name] for c in table.primary_key.columns]
    if then is None:
        connection.execute(table.delete().where(*same))
    elif now is None:
        insert_ignore(connection, table, [then])
    else:
        changed = {name: value for name, value in then.items() if now.get(name) != value}
        still = [table.c[name] == now[name] for name in changed if now[name] is not None]
        if changed:
            connection.execute(table.update().where(*same, *still).values(**changed))

"""What acts of staff mean for an import: merged ids, retracted events, and what an undo of the import will need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from huaxiang.ingest.records import Record
from huaxiang.store import same_person
from huaxiang.store import tables as t
from huaxiang.store import tables_ops as o
from huaxiang.store.bulk import insert_ignore

_CHUNK = 500


@dataclass
class Standing:
    """The acts that stand, read once an import."""

    merges: same_person.Merges
    any_retracted: bool
    _moves: list[tuple[str, str, str]] = field(default_factory=list)

    @classmethod
    def load(cls, connection: sa.Connection) -> Standing:
        """As the shop has them; a shop of an earlier version has none."""
        if not sa.inspect(connection).has_table(o.withdrawn.name):
            return cls({}, False)
        gone = sa.select(o.withdrawn.c.event_id).where(o.withdrawn.c.cause == "event").limit(1)
        return cls(same_person.standing(connection), connection.execute(gone).first() is not None)

    def redirect(self, record: Record) -> None:
        """An event of a merged customer is the kept one's; remembered for the day they part."""
        customer, steps = same_person.resolve(self.merges, record.values["customer_id"])
        if steps:
            record.values["customer_id"] = customer
            self._moves += [(merge, record.key, before) for merge, before in steps]

    def redirect_person(self, record: Record) -> None:
        """Of a merged customer's own row only contacts and names are taken: the kept customer has details already."""
        customer, steps = same_person.resolve(self.merges, record.key)
        if steps:
            record.key, record.values = customer, {"customer_id": customer}

    def retracted(self, known: Sequence[sa.Connection], keys: Sequence[str]) -> set[str]:
        """Which of these events staff took back: they do not come in again."""
        found: set[str] = set()
        if self.any_retracted:
            w = o.withdrawn.c
            for start in range(0, len(keys), _CHUNK):
                query = sa.select(w.event_id).where(w.cause == "event", w.event_id.in_(keys[start : start + _CHUNK]))
                found.update(known[0].scalars(query))
        return found

    def note_moved(self, connection: sa.Connection, written: Iterable[str]) -> None:
        """Write down whose the redirected events were."""
        keys = set(written)
        same_person.note_moved(connection, (move for move in self._moves if move[1] in keys))
        self._moves = []


def note_copies(connection: sa.Connection, batch_id: str, keys: Sequence[str]) -> None:
    """Events of other batches that this one brings too: an undo of theirs hands them over."""
    e = t.events.c
    for start in range(0, len(keys), _CHUNK):
        query = sa.select(e.event_id, e.customer_id).where(
            e.event_id.in_(keys[start : start + _CHUNK]), e.batch_id != batch_id
        )
        rows = [{"batch_id": batch_id, "event_id": row[0], "customer_id": row[1]} for row in connection.execute(query)]
        insert_ignore(connection, o.batch_copies, rows)


def note_change(
    connection: sa.Connection, batch_id: str, table: sa.Table, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    """A detail as it was before this batch, and as the batch made it; `before` None: the row was not there."""
    key = next(iter(table.primary_key.columns)).name
    connection.execute(
        o.batch_changes.insert().values(
            batch_id=batch_id, table=table.name, key=str(after[key])[:200], customer_id=after.get("customer_id"),
            before=None if before is None else json.dumps(before, ensure_ascii=False),
            after=json.dumps(after, ensure_ascii=False),
        )
    )  # fmt: skip

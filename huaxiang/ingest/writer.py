"""Batches of records → the store. What is there already stays as it is; the same batch written twice is written once."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from huaxiang import ids
from huaxiang.ingest import beside, fingerprints, standing
from huaxiang.ingest.records import Record, event_key
from huaxiang.ingest.report import FileReport
from huaxiang.ingest.scratch import Scratch
from huaxiang.privacy import suppression
from huaxiang.store import bulk, lexical
from huaxiang.store import tables as t
from huaxiang.store.bulk import insert_ignore
from huaxiang.text.language import detect

_CHUNK = 500
_COMPARED = (
    "customer_id", "occurred_at", "item_id", "order_id", "quantity", "amount_minor", "discount_minor", "currency", "rating", "speaker",
    "status", "channel",
)  # fmt: skip
_ONE_LINE = ("order_id", "item_id", "occurred_at", "amount_minor")
"""A line that repeats all of these may be a copy; it counts all the same, and the report says so."""
Log = Callable[[str, str, int], None]


@dataclass
class Writer:
    """Writes the records of one file.

    Args:
        report: the file's figures, counted here.
        batch_id: of the file.
        scratch: what this file brought before.
        index_text: also add texts to the lexical index (not in a dry run).
        log: told `(what, reason, row)` for the shop's full list.
        late_words: texts are indexed by whoever catches up (`lexical.defer`), not here.
    """

    report: FileReport
    batch_id: str
    scratch: Scratch
    index_text: bool
    log: Log
    touched: set[str]
    seen: set[str]
    late_words: bool = False
    _known_customers: set[str] = field(default_factory=set)
    _suppressed: suppression.Suppressed | None = None
    _standing: standing.Standing | None = None

    def write(self, connection: sa.Connection, known: Sequence[sa.Connection], records: Sequence[Record]) -> None:
        """Write one batch in the caller's transaction.

        Args:
            connection: where to write.
            known: where to look for what is there already (a dry run has two places).
            records: all of one table.
        """
        records = self._admitted(known, records)
        if not records:
            return
        table = records[0].table
        if table == "events":
            self._events(connection, known, records)
        else:
            self._details(connection, known, records, t.customers if table == "customers" else t.items)

    def _admitted(self, known: Sequence[sa.Connection], records: Sequence[Record]) -> Sequence[Record]:
        """Without the rows of customers who were erased: importing the same file again does not bring them back."""
        if self._suppressed is None:
            self._suppressed = suppression.load(known[0])
        if not self._suppressed:
            return records
        kept = []
        for record in records:
            if record.table != "items" and record.values["customer_id"] in self._suppressed:
                self.reject("erased-customer", record.row)
            else:
                kept.append(record)
        return kept

    def _kept(self, record: Record, what: str = "kept") -> None:
        setattr(self.report, what, getattr(self.report, what) + 1)
        for kind, reason in record.notes:
            self.report.note(kind, reason, record.row)
            self.log(kind, reason, record.row)

    def _duplicate(self, record: Record) -> None:
        self.report.duplicated += 1
        self.log("duplicated", "same", record.row)

    def reject(self, reason: str, row: int) -> None:
        """Count a row that cannot be taken."""
        self.report.note("rejected", reason, row)
        self.log("rejected", reason, row)

    # events

    def _events(self, connection: sa.Connection, known: Sequence[sa.Connection], records: Sequence[Record]) -> None:
        fresh: dict[str, Record] = {}
        for record in records:
            if record.counted:
                times = self.scratch.count(record.key)
                if times > 1:
                    record.key = event_key(record.values, record.text, times)[0]
                    if all(record.values[name] is not None for name in _ONE_LINE):
                        record.notes += (("flagged", "repeated-row"),)
        acts = self._acts(known)
        retracted = acts.retracted(known, [record.key for record in records])
        for record in records:
            acts.redirect(record)  # after the id was made: an event keeps it whoever it belongs to
        self.seen.update(record.values["customer_id"] for record in records)
        stored = _stored_events(known, records)
        copies = []
        for record in records:
            if record.key in retracted:
                self.reject("retracted", record.row)
                continue
            before = fresh.get(record.key)
            content = stored.get(record.key) if before is None else _content(before)
            if content is None:
                fresh[record.key] = record
            elif record.values["source_id"] is not None and content != _content(record):
                self.reject("id-reused", record.row)
            else:
                self._duplicate(record)
                copies.append(record.key)
        self._new_customers(connection, known, fresh.values())
        self.report.items += beside.fill(connection, known, self.batch_id, list(fresh.values()))
        self._insert_events(connection, list(fresh.values()))
        acts.note_moved(connection, fresh)
        if self.index_text:
            standing.note_copies(connection, self.batch_id, copies)

    def _acts(self, known: Sequence[sa.Connection]) -> standing.Standing:
        if self._standing is None:
            self._standing = standing.Standing.load(known[0])
        return self._standing

    def _insert_events(self, connection: sa.Connection, records: list[Record]) -> None:
        origin = {"source_file": self.report.file, "batch_id": self.batch_id}
        insert_ignore(connection, t.events, [{"event_id": one.key, **one.values, **origin} for one in records])
        texts = [(one, one.text) for one in records if one.text is not None]
        insert_ignore(
            connection,
            t.evidence,
            [
                {
                    "evidence_id": ids.text_evidence_id(one.key), "customer_id": one.values["customer_id"], "kind": "text",
                    "event_id": one.key, "occurred_at": one.values["occurred_at"], "language": detect(text.clean), "clean": text.clean,
                    "raw": text.raw_if_different, "offsets": text.offsets, "flags": one.values["flags"],
                }
                for one, text in texts
            ],
        )  # fmt: skip
        by_customer = [(one, text) for one, text in texts if one.values["speaker"] == "customer"]
        signatures, sizes = fingerprints.sign([text.clean for _, text in by_customer])
        insert_ignore(
            connection,
            fingerprints.fingerprints,
            [
                {
                    "event_id": one.key,
                    "customer_id": one.values["customer_id"],
                    "size": int(sizes[place]),
                    "signature": signatures[place].tobytes(),
                }
                for place, (one, _) in enumerate(by_customer)
            ],
        )
        if self.index_text and texts and self.late_words:
            lexical.defer(connection, sorted({one.values["customer_id"] for one, _ in texts}))
        elif self.index_text and texts:
            rows = ((ids.text_evidence_id(one.key), one.values["customer_id"], text.clean) for one, text in texts)
            lexical.index_rows(connection, rows)
        self.report.events += len(records)
        self.report.texts += len(texts)
        for one in records:
            self.touched.add(one.values["customer_id"])
            self._kept(one)

    def _new_customers(
        self, connection: sa.Connection, known: Sequence[sa.Connection], records: Iterable[Record]
    ) -> None:
        names: dict[str, str | None] = {}
        for record in records:
            customer = record.values["customer_id"]
            if customer not in self._known_customers or record.customer_name:
                names[customer] = names.get(customer) or record.customer_name
        if not names:
            return
        c = t.customers.c
        there: dict[str, str | None] = {}
        for place in known:
            for row in bulk.select(place, t.customers, ("customer_id", "name"), "customer_id", list(names)):
                there[row[0]] = row[1]
        new = [
            {"customer_id": one, "name": name, "batch_id": self.batch_id, "flags": "", "attrs": "{}"}
            for one, name in names.items() if one not in there
        ]  # fmt: skip
        insert_ignore(connection, t.customers, new)
        self.report.customers += len(new)
        for one, name in names.items():
            if name and one in there and there[one] is None:
                connection.execute(t.customers.update().where(c.customer_id == one).values(name=name))
                key = {"customer_id": one}
                standing.note_change(
                    connection, self.batch_id, t.customers, {**key, "name": None}, {**key, "name": name}
                )
        self._known_customers.update(names)

    # customers and items

    def _details(
        self, connection: sa.Connection, known: Sequence[sa.Connection], records: Sequence[Record], table: sa.Table
    ) -> None:
        key = table.primary_key.columns[0]
        fresh: list[Record] = []
        for record in records:
            content = ids.digest(
                [json.dumps(record.values, sort_keys=True, ensure_ascii=False), record.contacts, record.aliases],
                length=32,
            )
            before = self.scratch.first(record.key, content)
            if before is None:
                if table is t.customers:
                    self._acts(known).redirect_person(record)
                fresh.append(record)
            elif before == content:
                self._duplicate(record)
            else:
                self.reject("id-reused", record.row)
        there = {
            row._mapping[key.name]: dict(row._mapping)
            for row in _rows(known, sa.select(table), key, [one.key for one in fresh])
        }
        new = [one for one in fresh if one.key not in there]
        extra = {"flags": ""} if table is t.customers else {}
        insert_ignore(connection, table, [{**one.values, **extra, "batch_id": self.batch_id} for one in new])
        for one in new:
            self._kept(one)
        changed = {
            one.key for one in fresh if one.key in there and self._update(connection, table, one, there[one.key])
        }
        if table is t.customers:
            self.report.customers += len(new)
            self.seen.update(one.key for one in fresh)
            changed |= self._contacts(connection, known, fresh, {one.key for one in new})
            self.touched.update(one.key for one in new)
            self.touched.update(changed)
        else:
            self.report.items += len(new)
        for one in fresh:
            if one.key in changed:
                self._kept(one, "updated")
            elif one.key in there:
                self._duplicate(one)

    def _update(self, connection: sa.Connection, table: sa.Table, record: Record, stored: dict[str, Any]) -> bool:
        """Newer details win; what the file does not say stays."""
        changed = {
            name: value for name, value in record.values.items() if value not in (None, "{}") and value != stored[name]
        }
        if changed:
            connection.execute(table.update().where(table.primary_key.columns[0] == record.key).values(**changed))
            key = {table.primary_key.columns[0].name: record.key}
            was = {name: stored[name] for name in changed}
            standing.note_change(connection, self.batch_id, table, {**key, **was}, {**key, **changed})
        return bool(changed)

    def _contacts(
        self, connection: sa.Connection, known: Sequence[sa.Connection], records: list[Record], new: set[str]
    ) -> set[str]:
        c, a = t.contacts.c, t.aliases.c
        keys = [one.key for one in records if one.key not in new]
        contacts = {tuple(row) for row in _rows(known, sa.select(c.customer_id, c.kind, c.value), c.customer_id, keys)}
        aliases = {tuple(row) for row in _rows(known, sa.select(a.customer_id, a.alias), a.customer_id, keys)}
        contact_rows = [
            {"customer_id": one.key, "kind": kind, "value": value, "normal": normal}
            for one in records for kind, value, normal in one.contacts if (one.key, kind, value) not in contacts
        ]  # fmt: skip
        alias_rows = [
            {"customer_id": one.key, "alias": alias, "normal": normal}
            for one in records for alias, normal in one.aliases if (one.key, alias) not in aliases
        ]  # fmt: skip
        insert_ignore(connection, t.contacts, contact_rows)
        insert_ignore(connection, t.aliases, alias_rows)
        for table, rows in ((t.contacts, contact_rows), (t.aliases, alias_rows)):
            for row in rows:
                if row["customer_id"] not in new:
                    standing.note_change(connection, self.batch_id, table, None, row)
        return {str(row["customer_id"]) for row in (*contact_rows, *alias_rows)} - new


def _content(record: Record) -> tuple[Any, ...]:
    return (*(record.values[name] for name in _COMPARED), record.text.raw if record.text else None)


def _stored_events(known: Sequence[sa.Connection], records: Sequence[Record]) -> dict[str, tuple[Any, ...]]:
    """Content of the events that are there already. Ids made of the content need no comparison: `()`."""
    e = t.events.c
    found: dict[str, tuple[Any, ...]] = {}
    own = [one.key for one in records if one.values["source_id"] is None]
    for row in _rows(known, sa.select(e.event_id), e.event_id, own):
        found[row.event_id] = ()
    named = list(dict.fromkeys(one.key for one in records if one.values["source_id"] is not None))
    for start in range(0, len(named), _CHUNK):
        part = named[start : start + _CHUNK]
        for connection in known:
            if len(part) == 1:  # a list of one is expanded anew each time
                rows = connection.execute(_query_of_stored(of_one=True), {"wanted": part[0]})
            else:
                rows = connection.execute(_query_of_stored(), {"wanted": part})
            for row in rows:
                found[row[0]] = tuple(row)[1:]
    return found


@functools.lru_cache(maxsize=2)
def _query_of_stored(*, of_one: bool = False) -> sa.Select[Any]:
    """Made once: making it takes longer than looking one event up."""
    e, v = t.events.c, t.evidence.c
    columns = [e[name] for name in _COMPARED]
    query = sa.select(e.event_id, *columns, sa.func.coalesce(v.raw, v.clean)).select_from(
        t.events.outerjoin(t.evidence, sa.and_(v.event_id == e.event_id, v.kind == "text"))
    )
    if of_one:
        return query.where(e.event_id == sa.bindparam("wanted"))
    return query.where(e.event_id.in_(sa.bindparam("wanted", expanding=True)))


def _rows(
    known: Sequence[sa.Connection], query: sa.Select[Any], key: sa.ColumnElement[Any], wanted: Iterable[str]
) -> Iterator[Any]:
    unique = list(dict.fromkeys(wanted))
    for start in range(0, len(unique), _CHUNK):
        for connection in known:
            yield from connection.execute(query.where(key.in_(unique[start : start + _CHUNK])))

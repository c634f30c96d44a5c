"""A stream of events into a shop: computed fields follow at once, texts wait until there is enough to read, or silence.

```python
with Stream(shop) as stream:
    stream.push([{"kind": "review", "customer_id": "C1", "text": "我穿M码", "occurred_at": "2026-06-30 10:00"}])
    stream.tick()  # now and then: reads texts that are due
```

Each push is one transaction: the events, the fields computed from them, the queue, and how far the source was read
(`Mark`). So a stream that is killed at any point goes on from its mark with nothing lost and nothing twice. A text
leaves the queue in the transaction that writes what was found in it: no text is extracted twice.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import sqlalchemy as sa
from pydantic import PrivateAttr

from huaxiang import clock, ids
from huaxiang.errors import DataError
from huaxiang.features import summary
from huaxiang.ingest import aftermath
from huaxiang.ingest.formats import Row
from huaxiang.ingest.importer import FUTURE_DAYS
from huaxiang.ingest.records import Builder, Record, RowRejected
from huaxiang.ingest.report import FileReport
from huaxiang.ingest.scratch import Scratch
from huaxiang.ingest.writer import Writer
from huaxiang.ledger import build, settle, write
from huaxiang.ledger.accept import accept
from huaxiang.ledger.candidate import Candidate
from huaxiang.ledger.entries import read
from huaxiang.ledger.project import pack_of
from huaxiang.ledger.replay import State, replay
from huaxiang.schema.pack import FieldPack
from huaxiang.store import bulk, lexical
from huaxiang.store import evidence as stored
from huaxiang.store import tables as t
from huaxiang.store import tables_ops as o
from huaxiang.store.bulk import insert_ignore
from huaxiang.store.shop import Shop

CHARS = 2_000
"""Characters of one customer that are enough to read."""
IDLE_SECONDS = 30.0
"""Silence of one customer after which what is there is read."""
FLAGS_EVERY_SECONDS = 60.0
"""Flags that hang on all texts (copies, bots) are brought up to date this often, and at the end."""
PACK_SECONDS = 1.0
Reader = Callable[[Sequence[str]], None]


@dataclass(frozen=True)
class Mark:
    """How far a source was read: the byte after the last line taken, and a hash that knows the file again."""

    source: str
    position: int
    head: str


@dataclass(frozen=True)
class Pushed:
    """What a push did: events new, events known already, rows refused (with the reasons), customers updated, seconds.

    `refused` has the number and reason of every refused row, in order: as the rows were numbered, or counted from 1.
    """

    events: int
    duplicates: int
    rejected: dict[str, int]
    customers: tuple[str, ...]
    queued: int
    seconds: float
    refused: tuple[tuple[int, str], ...] = ()


class _Report(FileReport):
    """A report that keeps the number of every refused row, not of the first two hundred."""

    _refused: list[tuple[int, str]] = PrivateAttr(default_factory=list)

    def note(self, what: str, reason: str, row: int) -> None:
        """Count `row`, and remember it when it was refused."""
        super().note(what, reason, row)
        if what == "rejected":
            self._refused.append((row, reason))


@dataclass
class Stream:
    """Events into a shop, one push after the other. Not for several threads; several processes take turns by the lock.

    Args:
        shop: an open shop.
        source: name of the stream; its events are one batch, which `import --undo` takes back.
        kind: an import kind; `event`: each row names its own.
        columns: field → column, where the names do not say it.
        on_read: called with customers whose texts were just read by rules, e.g. to have a language model read them too.
        chars, idle_seconds: when texts are due.
        seconds: the clock of the queue, for tests.
    """

    shop: Shop
    source: str = "stream"
    kind: str = "event"
    columns: Mapping[str, str] = field(default_factory=dict)
    on_read: Reader | None = None
    chars: int = CHARS
    idle_seconds: float = IDLE_SECONDS
    seconds: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        self.batch_id = "b" + ids.digest(("stream", self.source, self.kind))
        self._scratch = Scratch()
        settings = self.shop.settings.shop
        last = clock.end_of_day(settings.today or clock.utc_now().date(), self.shop.tz) + FUTURE_DAYS * 86_400
        self._builder = Builder(
            self.kind, "stream", dict(self.columns), dict(self.columns), set(), self.shop.tz, settings.currency, last
        )
        self._recorded: tuple[bool, bool] | None = None
        self._writer: Writer | None = None
        self._stamp: tuple[int, ...] | None = None
        self._states = build.States()
        self._packed: tuple[float, FieldPack] | None = None
        self._flagged_at, self._unflagged = self.seconds(), set[str]()
        self.rows = 0

    def __enter__(self) -> Stream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._scratch.close()

    def push(self, rows: Iterable[Mapping[str, Any] | Row], mark: Mark | None = None) -> Pushed:
        """Take events in and bring the computed fields of their customers up to date, in one transaction.

        Args:
            rows: events as dicts, with the names an import knows.
            mark: how far the source was read with these rows.

        Raises:
            StoreError: the shop is busy or full; nothing of this push was written.
        """
        began = time.perf_counter()
        report, touched = _Report(file=self.source, batch_id=self.batch_id), set[str]()
        records = self._records(rows, report)
        with self._whole(), self.shop.writing(), self.shop.begin() as connection:
            if self._recorded is None:
                self._begin(connection)
            writer = self._writer_for(connection, report, touched)
            before = _present(connection, records)
            writer.write(connection, [connection], records)
            queued = self._queue(connection, records, before)
            self._derive(connection, records, sorted(touched))
            if mark is not None:
                _set_mark(connection, mark)
            stamp, raw = self._stamp_of(connection), connection.connection.dbapi_connection
        # the word index writes at the commit, so its changes are counted only now
        self._stamp = None if stamp is None or raw is None else (*stamp[:2], int(raw.total_changes))
        self._unflagged |= touched
        rejected = {reason: one.count for reason, one in report.rejected.items()}
        seconds = time.perf_counter() - began
        refused = tuple(sorted(report._refused))
        return Pushed(report.events, report.duplicated, rejected, tuple(sorted(touched)), queued, seconds, refused)

    def _writer_for(self, connection: sa.Connection, report: FileReport, touched: set[str]) -> Writer:
        """The writer, which knows merges, retractions and erasures: anew whenever anybody else wrote."""
        stamp = self._stamp_of(connection)
        if self._writer is None or stamp is None or stamp != self._stamp:
            self._writer = Writer(
                report, self.batch_id, self._scratch, True, lambda *_: None, touched, set(), late_words=True
            )
        self._writer.report, self._writer.touched, self._writer.seen = report, touched, set()
        return self._writer

    def _stamp_of(self, connection: sa.Connection) -> tuple[int, ...] | None:
        """Changes when another connection committed, or this one wrote something else; None where that cannot be told."""
        raw: Any = connection.connection.dbapi_connection
        if not self.shop.is_sqlite or raw is None:
            return None
        version = bulk.run(connection, "PRAGMA data_version")[0][0]
        return id(raw), int(version), int(raw.total_changes)

    def tick(self) -> int:
        """Read the texts that are due: of customers with enough of them, or from whom nothing came for a while.

        Returns:
            How many texts were read.
        """
        now, q = self.seconds(), o.extraction_queue.c
        due = sa.or_(sa.func.sum(q.chars) >= self.chars, sa.func.max(q.queued_at) <= now - self.idle_seconds)
        query = sa.select(q.customer_id).group_by(q.customer_id).having(due).order_by(sa.func.min(q.queued_at))
        with self.shop.engine.connect() as connection:
            customers = list(connection.scalars(query))
        done = self._read(customers)
        if self._unflagged and now - self._flagged_at >= FLAGS_EVERY_SECONDS:
            self._flags(now)
        self._words(lexical.AT_ONCE)
        return done

    def flush(self) -> int:
        """Read every text that waits, due or not; how many."""
        with self.shop.engine.connect() as connection:
            customers = list(connection.scalars(sa.select(o.extraction_queue.c.customer_id).distinct()))
        return self._read(sorted(customers))

    def waiting(self) -> tuple[int, int]:
        """How many texts wait to be read, and their characters."""
        q = o.extraction_queue.c
        with self.shop.engine.connect() as connection:
            row = connection.execute(sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(q.chars), 0))).one()
        return int(row[0]), int(row[1])

    def close(self) -> None:
        """Read what waits, bring the flags up to date, and end."""
        self.flush()
        if self._unflagged:
            self._flags(self.seconds())
        self._words(None)
        self._scratch.close()

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        """What is kept in memory is of no use once a transaction was rolled back."""
        try:
            yield
        except BaseException:
            self._states.forget()
            self._writer, self._recorded = None, None
            raise

    def _begin(self, connection: sa.Connection) -> None:
        o.ensure(connection)
        lexical.ensure(connection)
        aftermath.ensure(connection)
        now = clock.to_epoch(clock.utc_now())
        row = {
            "batch_id": self.batch_id, "source_file": self.source, "kind": self.kind, "format": "stream", "content_hash": "",
            "started_at": now, "finished_at": now,
        }  # fmt: skip
        insert_ignore(connection, t.batches, [row])
        self._recorded = summary.records(connection)
        if not build.remembers(connection):
            build.remember(connection, self._recorded)
        self.shop.today()

    def _records(self, rows: Iterable[Mapping[str, Any] | Row], report: FileReport) -> list[Record]:
        records = []
        for one in rows:
            self.rows += 1
            report.read += 1
            row = one if isinstance(one, Row) else Row(self.rows, dict(one))
            if row.reject:
                report.note("rejected", row.reject, row.number)
                continue
            try:
                records.append(self._builder.build(row))
            except RowRejected as error:
                report.note("rejected", error.reason, row.number)
            except DataError as error:  # a row that lacks a column: the next one may have it
                report.note("rejected", error.code, row.number)
        return records

    def _pack(self) -> FieldPack:
        """The shop's field pack; whether its files changed is asked once a second, not for each event."""
        now = time.monotonic()
        if self._packed is None or now - self._packed[0] > PACK_SECONDS:
            self._packed = (now, pack_of(self.shop))
        return self._packed[1]

    def _queue(self, connection: sa.Connection, records: Sequence[Record], before: set[str]) -> int:
        """Put the texts that this push brought into the queue; a text that was there before is in it, or was read."""
        texts = [
            ids.text_evidence_id(one.key) for one in records
            if one.text and one.key not in before and one.values.get("speaker") == "customer"
        ]  # fmt: skip
        if not texts:
            return 0
        now = self.seconds()
        rows = [
            {"evidence_id": r[0], "customer_id": r[1], "chars": len(r[2]), "queued_at": now}
            for r in bulk.select(connection, t.evidence, ("evidence_id", "customer_id", "clean"), "evidence_id", texts)
        ]
        insert_ignore(connection, o.extraction_queue, rows)
        return len(rows)

    def _derive(self, connection: sa.Connection, records: Sequence[Record], customers: Sequence[str]) -> None:
        """Computed fields of the touched customers; of everybody when the shop's first order or return came in."""
        assert self._recorded is not None
        kinds = {one.values.get("kind") for one in records}
        recorded = (self._recorded[0] or "return" in kinds, self._recorded[1] or "order" in kinds)
        for one in records:
            at = one.values.get("occurred_at")
            if at is not None and "future-date" not in one.values["flags"]:
                self.shop.saw(at)
        if recorded != self._recorded:
            settle.recompute(self.shop, connection, customers)
            self._recorded = summary.records(connection)
        elif customers:
            build.build_chunk(self.shop, connection, customers, recorded, kept=self._states, pack=self._pack())

    def _read(self, customers: Sequence[str]) -> int:
        """Read the queued texts of these customers by rules; each leaves the queue with what was found in it."""
        from huaxiang.extract.patterns import VERSION  # the extractor stands on the ledger
        from huaxiang.extract.rules import extract

        q, done = o.extraction_queue.c, 0
        pack, currency = pack_of(self.shop), self.shop.settings.shop.currency
        for customer in customers:
            with self.shop.writing():
                with self.shop.engine.connect() as connection:
                    names = list(connection.scalars(sa.select(q.evidence_id).where(q.customer_id == customer)))
                texts = sorted(stored.get(self.shop, names).values(), key=lambda e: (e.occurred_at or 0, e.evidence_id))
                found: list[Candidate] = [one for text in texts for one in extract(text, pack, currency=currency)]
                work, _ = accept(self.shop, {customer: found}, VERSION, complete=False)
                with self.shop.begin() as connection:
                    if customer in work:
                        state = replay(read(connection, [customer]).get(customer, []))
                        lines = work[customer].entries(state or State())
                        write.append(connection, {customer: lines}, actor=build.ACTOR, action="extract")
                        if lines:
                            build.refresh_gaps(self.shop, connection, [customer])
                    connection.execute(o.extraction_queue.delete().where(q.evidence_id.in_(names)))
            done += len(texts)
        if customers and self.on_read is not None:
            self.on_read(customers)
        return done

    def _words(self, most: int | None) -> None:
        """Index the words of statements that changed; a push leaves that for later."""
        with self.shop.engine.connect() as connection:
            if not lexical.waiting(connection, most=1):
                return
        with self.shop.writing(), self.shop.begin() as connection:
            lexical.catch_up(connection, most=most)

    def _flags(self, now: float) -> None:
        with self.shop.writing():
            settle.flags(self.shop, self._unflagged)
        self._flagged_at, self._unflagged = now, set()


def _present(connection: sa.Connection, records: Sequence[Record]) -> set[str]:
    keys = [one.key for one in records if one.text]
    return {row[0] for row in bulk.select(connection, t.events, ("event_id",), "event_id", keys)}


def mark_of(shop: Shop, source: str) -> Mark | None:
    """How far this source was read; None when never."""
    w = o.watermarks.c
    with shop.engine.connect() as connection, contextlib.suppress(sa.exc.OperationalError):
        row = connection.execute(sa.select(w.source, w.position, w.head).where(w.source == source)).first()
        return None if row is None else Mark(row[0], row[1], row[2])
    return None


def _set_mark(connection: sa.Connection, mark: Mark) -> None:
    w, now = o.watermarks.c, clock.to_epoch(clock.utc_now())
    values = {"position": mark.position, "head": mark.head, "updated_at": now}
    if connection.execute(o.watermarks.update().where(w.source == mark.source).values(**values)).rowcount == 0:
        connection.execute(o.watermarks.insert().values(source=mark.source, **values))

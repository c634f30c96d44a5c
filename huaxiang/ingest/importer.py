"""Files → the shop: look at all, stream each in batches, flag across the whole shop, and report every row.

Each batch is one transaction, ids are made of content, and what is there is left alone. So an import that is killed at
any point is finished by running it again, and gives the same shop as one clean run.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType

import sqlalchemy as sa

from huaxiang import clock
from huaxiang.errors import DataError, StoreError
from huaxiang.ingest import aftermath, mappings, plan
from huaxiang.ingest.formats import Row
from huaxiang.ingest.plan import Job
from huaxiang.ingest.records import Builder, Record, RowRejected
from huaxiang.ingest.report import FileReport, ImportReport
from huaxiang.ingest.scratch import Scratch
from huaxiang.ingest.writer import Writer
from huaxiang.store import lexical
from huaxiang.store import tables as t
from huaxiang.store.bulk import insert_ignore
from huaxiang.store.shop import Shop

BATCH_ROWS = 5_000
FUTURE_DAYS = 366
"""A time later than this after the shop's `today` (or, where that is not set, the real today) is flagged."""
Progress = Callable[[int, int, str], None]


def import_paths(
    shop: Shop,
    paths: Sequence[Path],
    *,
    format: str | None = None,
    kind: str | None = None,
    columns: Mapping[str, str] | None = None,
    dry_run: bool = False,
    save_mapping: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import files or folders.

    Memory is flat: about 75 bytes a stored text (to find copies) beside one batch. One text or record is at most 8 MB.

    Args:
        shop: an open shop; its write lock is held for the whole import, except with `dry_run`.
        paths: files and folders; a folder's files that are no tables are listed in the report as skipped.
        format: one of `formats.FORMATS`; None finds it.
        kind: one of `columns.IMPORT_KINDS`; None guesses it from the columns and the file's name.
        columns: field → source column; completes and overrules a saved mapping and what the names suggest.
        dry_run: report what would happen, write nothing to the shop.
        save_mapping: keep kind, format and columns in `shop.toml` for files of this name.
        progress: told bytes done, bytes in all, and the file's name.

    Raises:
        DataError: a file named by itself is empty, binary, or cannot be understood; nothing was written.
        MissingColumns: columns are missing; the hint names `--column`.
        StoreError: the shop is busy (`shop-busy`) or the disk is full (`store-write`); run it again later.
    """
    began = time.perf_counter()
    planned = plan.make(shop, paths, plan.Asked(format, kind, dict(columns or {})))
    report = ImportReport(dry_run=dry_run)
    with contextlib.ExitStack() as stack:
        if dry_run:
            run: _Run = stack.enter_context(_dry_run(shop))
        else:
            stack.enter_context(shop.writing())
            run = _Run(shop)
            with shop.begin() as connection:
                aftermath.ensure(connection)
                lexical.ensure(connection)
        scratch = stack.enter_context(Scratch())
        run.all(planned.jobs, report, scratch, progress)
    report.files += [FileReport(file=name, skipped=why) for name, why in planned.skipped]
    if save_mapping and not dry_run:
        for job in planned.jobs:
            mappings.save(shop, job.path.name, kind=job.kind, format=job.table.format, columns=job.given)
    shop.forget_today()
    report.finish(time.perf_counter() - began)
    return report


class _Run:
    """One import into a shop."""

    dry = False

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    @contextlib.contextmanager
    def batch(self) -> Iterator[tuple[sa.Connection, list[sa.Connection]]]:
        """One transaction: where to write, and where to look."""
        with self.shop.begin() as connection:
            yield connection, [connection]

    def all(self, jobs: Sequence[Job], report: ImportReport, scratch: Scratch, progress: Progress | None) -> None:
        total = sum(job.bytes for job in jobs)
        done = 0
        finished: dict[str, FileReport] = {}
        seen: set[str] = set()
        for job in jobs:
            tell = _teller(progress, done, total, job)
            one = self.file(job, scratch, tell, report.customer_ids, seen)
            done += job.bytes
            tell(job.bytes)
            report.files.append(one)
            finished.setdefault(one.batch_id, one)  # the same content twice is one batch
        with self.batch() as (connection, known):
            # Customers of a run that was killed before it came here must not be left out.
            aftermath.flag(connection, known, finished, report.customer_ids)
            aftermath.languages(
                connection, known, seen if any(not one.imported_before for one in report.files) else report.customer_ids
            )
            _finish_batches(connection, finished)

    def file(
        self, job: Job, scratch: Scratch, tell: Callable[[int], None], touched: set[str], seen: set[str]
    ) -> FileReport:
        began = time.perf_counter()
        report = FileReport(
            file=job.path.name,
            format=job.table.format,
            kind=job.kind,
            encoding=job.table.encoding,
            batch_id=job.batch_id,
            bytes=job.bytes,
        )
        scratch.clear()
        with _RowLog(None if self.dry else self.shop.folder / "cache", job.batch_id) as log:
            with self.batch() as (connection, known):
                report.imported_before = _start_batch(connection, known, job)
            mine: set[str] = set()
            writer = Writer(report, job.batch_id, scratch, not self.dry, log.write, touched, mine)
            self._stream(job, writer, tell)
        # A killed run may have written rows without finishing them: then everybody in the file counts as touched.
        if not report.imported_before:
            touched |= mine
        seen |= mine
        report.seconds = round(time.perf_counter() - began, 3)
        return report

    def _stream(self, job: Job, writer: Writer, tell: Callable[[int], None]) -> None:
        settings = self.shop.settings.shop
        limit = settings.today or clock.utc_now().date()
        builder = Builder(
            job.kind, job.table.format, dict(job.mapping), job.given, set(job.table.columns), self.shop.tz, settings.currency,
            clock.end_of_day(limit, self.shop.tz) + FUTURE_DAYS * 86_400,
        )  # fmt: skip
        rows = job.table.rows(tell)
        while True:
            batch = list(islice(rows, BATCH_ROWS))
            if not batch:
                break
            records = _build(batch, builder, writer)
            with self.batch() as (connection, known):
                writer.write(connection, known, records)
        writer.report.columns = dict(builder.mapping)
        writer.report.unmapped = builder.unmapped()


def _build(batch: Sequence[Row], builder: Builder, writer: Writer) -> list[Record]:
    records = []
    for row in batch:
        writer.report.read += 1
        if row.reject:
            writer.reject(row.reject, row.number)
            continue
        try:
            records.append(builder.build(row))
        except RowRejected as error:
            writer.reject(error.reason, row.number)
    return records


class _Dry(_Run):
    """Writes into a temporary database instead; looks into both."""

    dry = True

    def __init__(self, shop: Shop, target: sa.Engine) -> None:
        super().__init__(shop)
        self._target = target

    @contextlib.contextmanager
    def batch(self) -> Iterator[tuple[sa.Connection, list[sa.Connection]]]:
        with self._target.begin() as target, self.shop.engine.connect() as stored:
            yield target, [stored, target]


@contextlib.contextmanager
def _dry_run(shop: Shop) -> Iterator[_Run]:
    with tempfile.TemporaryDirectory(prefix="huaxiang-dry-run-") as folder:
        target = sa.create_engine(f"sqlite:///{folder}/dry.sqlite")
        try:
            t.metadata.create_all(target)
            yield _Dry(shop, target)
        except sa.exc.OperationalError as error:
            raise StoreError(
                f"the dry run's temporary database refused a write ({error.orig})",
                hint="free some space, or set TMPDIR",
                code="store-write",
            ) from error
        finally:
            target.dispose()


def _start_batch(connection: sa.Connection, known: Sequence[sa.Connection], job: Job) -> bool:
    """Note that a file is being imported; True when it was imported completely before."""
    b = t.batches.c
    for one in known:
        if one.scalar(sa.select(b.finished_at).where(b.batch_id == job.batch_id)) is not None:
            return True
    row = {
        "batch_id": job.batch_id, "source_file": job.path.name, "kind": job.kind, "format": job.table.format,
        "content_hash": job.content_hash, "started_at": clock.to_epoch(clock.utc_now()),
    }  # fmt: skip
    insert_ignore(connection, t.batches, [row])
    return False


def _finish_batches(connection: sa.Connection, reports: Mapping[str, FileReport]) -> None:
    b = t.batches.c
    for batch_id, one in reports.items():
        if not one.imported_before:
            connection.execute(
                t.batches.update()
                .where(b.batch_id == batch_id, b.finished_at.is_(None))
                .values(finished_at=clock.to_epoch(clock.utc_now()), report=one.model_dump_json())
            )


def _teller(progress: Progress | None, done: int, total: int, job: Job) -> Callable[[int], None]:
    def tell(read: int) -> None:
        if progress is not None:
            progress(min(done + read, total), total, job.path.name)

    return tell


class _RowLog:
    """The full list of rows that were rejected, repaired, flagged or duplicated: line numbers and reasons only."""

    def __init__(self, folder: Path | None, batch_id: str) -> None:
        self._path = folder / f"import-{batch_id}.jsonl" if folder is not None else None

    def __enter__(self) -> _RowLog:
        self._file = None
        if self._path is not None:
            with _disk(self._path):
                self._path.parent.mkdir(exist_ok=True)
                self._file = self._path.with_suffix(".part").open("w", encoding="utf-8")
        return self

    def write(self, what: str, reason: str, row: int) -> None:
        """Add one row."""
        if self._file is not None and self._path is not None:
            with _disk(self._path):
                self._file.write(json.dumps({"row": row, "what": what, "reason": reason}) + "\n")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None or self._path is None:
            return
        if kind is not None:
            with contextlib.suppress(OSError):  # the first error is the one to hear of
                self._file.close()
            return
        with _disk(self._path):
            self._file.close()
            self._path.with_suffix(".part").replace(self._path)


@contextlib.contextmanager
def _disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{path.parent.name}/{path.name} cannot be written ({error.strerror})",
            hint="free some disk space, or check the folder's permissions",
            code="store-write",
        ) from error


__all__ = ["DataError", "ImportReport", "import_paths"]

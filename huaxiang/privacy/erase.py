"""Erasing customers: collect what could betray them, remove it everywhere, look for it in every file, sign a receipt.

Order and crashes: the probes are on disk before anything goes; rows go in one transaction; every step may be repeated. So
after kill -9 the customer is either wholly in the tables or wholly gone from them, and the same command (or any later
erasure) finishes the rest. A receipt is issued only when the scan found nothing.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock, Timeout

from huaxiang import __version__, clock
from huaxiang.errors import DataError, StoreError
from huaxiang.privacy import journal, probes, receipt, suppression, tables_of
from huaxiang.privacy.database import BEHIND, Database
from huaxiang.privacy.files import Caches, LineLogs
from huaxiang.privacy.holders import Holder, Residue
from huaxiang.privacy.probes import Probes
from huaxiang.privacy.receipt import HolderLine, Receipt
from huaxiang.privacy.scan import ScanReport, scan
from huaxiang.privacy.tables import exports, suppressions
from huaxiang.store import tables as t
from huaxiang.store.shop import DATABASE, Shop

Progress = Callable[[int, int, str], None]
LOCK = ".erase.lock"
WAIT_SECONDS = 10.0
"""How long to wait for another erasure, or for a reader of an older state, before saying so."""


@dataclass(frozen=True)
class ErasureReport:
    """What an erasure did.

    Attributes:
        customers: how many were erased (an unfinished earlier erasure that was finished with this one included).
        removed: rows, lines, vectors or files by holder.
        scan: what the residual scan looked through; it found nothing, or there would be no report.
        receipt: signed; `path` is its file in the shop.
        copies: names of files that left the shop (exports, backups) and may still hold them.
        rebuilt: how many other customers' profiles were derived anew, since a text that copied theirs is gone.
    """

    customers: int
    removed: dict[str, int]
    scan: ScanReport
    receipt: Receipt
    path: Path
    copies: tuple[str, ...]
    rebuilt: int
    seconds: float


def core_holders(shop: Shop) -> list[Holder]:
    """The holders this package knows; the agent adds threads and the vector index (`agent.holders`)."""
    return [Database(shop), Caches(shop), LineLogs(shop)]


def erase(
    shop: Shop, customer_ids: Iterable[str], holders: Sequence[Holder], *, progress: Progress | None = None
) -> ErasureReport:
    """Erase customers, all in one pass, and whoever was merged with them; finish an unfinished erasure on the way.

    Args:
        shop: an open shop.
        customer_ids: whom; none, to finish an unfinished erasure only.
        holders: every place that keeps customer data (`agent.holders.holders`), the database among them.
        progress: told steps done, steps in all, and what is being done.

    Raises:
        DataError: nobody has one of the ids (`no-such-customer`), or nothing is to be done (`nothing-to-erase`);
            nothing was erased then.
        StoreError: `shop-busy`, `index-busy`: another process must be closed first, nothing was erased; `store-write`:
            the disk is full; `residue-found`: something is left, see the message. The same command goes on later.
    """
    began = time.perf_counter()
    tell = progress or (lambda done, total, what: None)
    with _alone(shop):
        steps = 2 * len(holders) + 3
        tell(0, steps, "looking")
        for one in holders:
            one.ready()
        who = _subject(shop, customer_ids, holders)
        held = {one.name: one.count(who) for one in holders}
        journal.write(shop, who)
        removed = dict.fromkeys(held, 0)
        # files before rows, so that nothing quotes a customer who is gone; and once more, for what came in between
        work = [one for one in holders if one.quotes] + list(holders)
        for place, one in enumerate(work, start=1):
            tell(place, steps, one.name)
            removed[one.name] += one.erase(who)
        rebuilt = _rebuild(shop)
        tell(steps - 2, steps, "scanning")
        found, residues = _look(shop, who, holders)
        if residues:
            raise _left(residues)
        tell(steps - 1, steps, "signing")
        signed, path = _sign(shop, who, held, found)
        journal.remove(shop)
        copies = copies_of(shop)
    tell(steps, steps, "done")
    return ErasureReport(
        len(who.customers), removed, found, signed, path, copies, rebuilt, round(time.perf_counter() - began, 3)
    )


def copies_of(shop: Shop) -> tuple[str, ...]:
    """Files that left the shop and hold everybody (backups): an erasure cannot reach them."""
    with shop.engine.connect() as connection:
        if not sa.inspect(connection).has_table(exports.name):
            return ()
        query = sa.select(exports.c.file).where(exports.c.customer_id.is_(None)).order_by(exports.c.export_id)
        return tuple(connection.scalars(query))


def exported(shop: Shop, customer_ids: Iterable[str]) -> tuple[str, ...]:
    """Names of files to which one of these customers was exported; ask before erasing, the register goes too."""
    with shop.engine.connect() as connection:
        if not sa.inspect(connection).has_table(exports.name):
            return ()
        query = sa.select(exports.c.file).where(exports.c.customer_id.in_(list(customer_ids)))
        return tuple(connection.scalars(query.order_by(exports.c.export_id)))


def resolve(shop: Shop, customer_ids: Iterable[str]) -> list[str]:
    """These customers and whoever was merged with them.

    Raises:
        DataError: nobody has one of the ids; the message names those ids.
    """
    wanted = sorted(set(customer_ids))
    with shop.engine.connect() as connection:
        everybody = tables_of.family(connection, wanted)
        known = {one for one in wanted if _is_known(connection, one)}
        gone = suppression.load(connection)
    unknown = [one for one in wanted if one not in known]
    if unknown:
        erased = [one for one in unknown if one in gone]
        what = "was erased before" if len(erased) == len(unknown) else "is unknown"
        raise DataError(
            f"nothing was erased: {', '.join(unknown[:9])} {what}",
            hint="`huaxiang customers` lists all; leave out who is not there",
            code="no-such-customer",
        )
    return everybody


def _is_known(connection: sa.Connection, customer_id: str) -> bool:
    """Whether any table has a row of theirs: an orphaned row is a reason to erase, too."""
    query = sa.select(t.customers.c.customer_id).where(t.customers.c.customer_id == customer_id)
    if connection.scalar(query) is not None:
        return True
    return any(
        tables_of.count(connection, table, place, [customer_id]) for table, place in tables_of.places(connection)
    )


def _subject(shop: Shop, customer_ids: Iterable[str], holders: Sequence[Holder]) -> Probes:
    unfinished = journal.pending(shop)
    wanted = [one for one in customer_ids if unfinished is None or one not in unfinished.customers]
    if not wanted and unfinished is None:
        raise DataError(
            "no customer was named, and no erasure is unfinished",
            hint="name one or more: huaxiang erase ID…",
            code="nothing-to-erase",
        )
    if not wanted:
        assert unfinished is not None
        return unfinished
    everybody = resolve(shop, wanted)
    with shop.engine.connect() as connection:
        found = probes.collect(connection, everybody)
    found = replace(found, runs=frozenset(run for one in holders for run in one.runs(found.customers)))
    return found if unfinished is None else unfinished.merged(found)


def _rebuild(shop: Shop) -> int:
    """Derive anew the profiles that `Database.erase` found to have changed."""
    with shop.engine.connect() as connection:
        if connection.scalar(sa.select(t.meta.c.value).where(t.meta.c.key == BEHIND)) is None:
            return 0
    from huaxiang.ledger.build import build_profiles

    changed = build_profiles(shop).changed
    with shop.writing(), shop.begin() as connection:
        connection.execute(t.meta.delete().where(t.meta.c.key == BEHIND))
    return changed


def _look(shop: Shop, who: Probes, holders: Sequence[Holder]) -> tuple[ScanReport, list[Residue]]:
    """Scan; where deleted rows linger in the database's pages, write the file anew and scan again."""
    if shop.is_sqlite:
        compact(shop, vacuum=False)
    found = scan(shop.folder, who)
    if shop.is_sqlite and any(one.place.startswith(DATABASE) for one in found.residues):
        compact(shop, vacuum=True)
        found = scan(shop.folder, who)
    return found, [*found.residues, *(left for one in holders for left in one.residue(who))]


def compact(shop: Shop, *, vacuum: bool) -> None:
    """Empty the write-ahead log into the database file, and with `vacuum` write that file anew without gaps.

    Raises:
        StoreError: another process reads an older state (`shop-busy`), or the disk is full.
    """
    shop.engine.dispose()
    with contextlib.closing(
        sqlite3.connect(shop.folder / DATABASE, timeout=WAIT_SECONDS, isolation_level=None)
    ) as database:
        try:
            database.execute("PRAGMA secure_delete=ON")
            if vacuum:
                database.execute("VACUUM")
            busy = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"the shop's database cannot be compacted ({error})",
                hint="close other programs that use this shop and free some disk space, then run the same command again",
                code="store-write",
            ) from error
    if busy:
        raise StoreError(
            "another process is still reading an older state of the shop, so its log cannot be emptied",
            hint="close the desk and other commands, then run the same `huaxiang erase` again: it goes on from here",
            code="shop-busy",
        )


def _left(residues: Sequence[Residue]) -> StoreError:
    places = ", ".join(sorted({f"{one.place} ({one.what})" for one in residues})[:9])
    return StoreError(
        f"the rows are gone, but {sum(one.count for one in residues)} traces are left in {places}",
        hint="delete those files if they are your own copies, close other programs, then run the same `huaxiang erase` again",
        code="residue-found",
    )


def _sign(shop: Shop, who: Probes, held: dict[str, int], found: ScanReport) -> tuple[Receipt, Path]:
    with shop.writing(), shop.begin() as connection:
        marks = suppression.add(connection, who.customers)
        unsigned = Receipt(
            issued_at=clock.utc_now().isoformat(timespec="seconds"),
            program=f"huaxiang {__version__}",
            customers=len(who.customers),
            tombstones=tuple(marks),
            holders=tuple(HolderLine(name=name, held=count, left=0) for name, count in held.items()),
            scope="files" if shop.is_sqlite else "rows",
            files=found.files,
            size=found.bytes,
            probes=who.size,
            found=0,
        )
        signed, path = receipt.issue(shop, unsigned)
        mine = suppressions.c.tombstone.in_(marks)
        connection.execute(suppressions.update().where(mine).values(receipt_id=signed.receipt_id))
        deed = {
            "at": clock.to_epoch(clock.utc_now()), "actor": shop.settings.actor.name, "action": "erase",
            "detail": json.dumps({"receipt": signed.receipt_id}),
        }  # fmt: skip
        connection.execute(t.audit.insert(), [{**deed, "customer_id": mark} for mark in marks])
    return signed, path


@contextlib.contextmanager
def _alone(shop: Shop) -> Iterator[None]:
    """One erasure at a time; the write lock itself is taken only while rows change."""
    lock = FileLock(shop.folder / LOCK, timeout=WAIT_SECONDS)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreError(
            "another erasure is running in this shop", hint="wait for it to end, then try again", code="shop-busy"
        ) from error
    try:
        yield
    finally:
        lock.release()


__all__ = ["ErasureReport", "compact", "copies_of", "core_holders", "erase", "exported", "resolve"]

"""One customer in one file, and back: every row with its evidence and its ledger, as JSON lines.

The first line says what the file is; then one line a row, `{"table": …, "row": {…}}`, in the order in which they can be put
back; the last line is the profile as it was, for reading. Importing it gives the same profile: ids are content, and the
ledger's chain is taken over whole. Vectors and index words are left out: they are made again.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from huaxiang import __version__, clock
from huaxiang.errors import ConfigError, DataError, StoreError
from huaxiang.ledger import chain
from huaxiang.ledger.project import current_profile
from huaxiang.privacy import suppression, tables_of
from huaxiang.privacy.database import Database
from huaxiang.privacy.holders import Holder
from huaxiang.privacy.probes import Probes
from huaxiang.privacy.receipt import write_safely
from huaxiang.privacy.tables import ensure, exports, insert_ignore
from huaxiang.store import lexical
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

KIND, FORMAT = "huaxiang-customer", 1
_NUMBERED = {"ledger": "entry_id", "review_decisions": "decision_id"}
"""Tables whose key the database counts: rows get new numbers, in the old order."""
_LEFT_OUT = {"operations", "moved", "extraction_queue", "batch_copies", "batch_changes", "feedback"}
"""What can only be taken back where it was done, and what staff asked, which may name others."""


@dataclass(frozen=True)
class ExportReport:
    """What was written: the file's name, rows by table, and the file's SHA-256."""

    file: str
    customers: tuple[str, ...]
    rows: dict[str, int]
    sha256: str


@dataclass(frozen=True)
class Imported:
    """What a file brought: rows that are new, and rows that were there already."""

    customers: tuple[str, ...]
    new: int
    known: int


def export_customer(
    shop: Shop, customer_id: str, target: Path, holders: Sequence[Holder] | None = None
) -> ExportReport:
    """Write one customer, and whoever was merged with them, to `target`; the export is registered in the shop.

    Args:
        shop: an open shop.
        customer_id: whose.
        target: a new file.
        holders: further places to export from; the database always.

    Raises:
        DataError: nobody has this id.
        ConfigError: the file exists.
        StoreError: the file cannot be written.
    """
    if target.exists():
        raise ConfigError(f"{target.name!r} is there already", hint="choose another name with --out", code="bad-path")
    with shop.engine.connect() as connection:
        if (
            connection.scalar(sa.select(t.customers.c.customer_id).where(t.customers.c.customer_id == customer_id))
            is None
        ):
            raise DataError(
                f"nobody has the id {customer_id!r}", hint="`huaxiang customers` lists all", code="no-such-customer"
            )
        who = Probes(frozenset(tables_of.family(connection, [customer_id])))
    lines = [_head(shop, who)]
    counts: dict[str, int] = {}
    for line in (*_items(shop, who), *_rows(shop, who, holders or ())):
        lines.append(line)
        counts[line["table"]] = counts.get(line["table"], 0) + 1
    lines.append({"profile": current_profile(shop, customer_id).model_dump(mode="json")})
    content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(content).hexdigest()
    try:
        write_safely(target, content, mode=0o600)
    except OSError as error:
        raise StoreError(
            f"{target.name!r} cannot be written ({error.strerror})",
            hint="free some space, or choose another place with --out",
            code="store-write",
        ) from error
    _register(shop, who, target.name, digest)
    return ExportReport(target.name, tuple(sorted(who.customers)), counts, digest)


def is_export(path: Path) -> bool:
    """Whether a file is one that `export_customer` wrote; False for anything else, or nothing."""
    try:
        with path.open("rb") as file:
            first = json.loads(file.readline(4096))
    except (OSError, ValueError):
        return False
    return isinstance(first, dict) and first.get("kind") == KIND


def import_customer(shop: Shop, path: Path) -> Imported:
    """Put an exported customer into a shop, in one transaction. Importing twice changes nothing.

    Raises:
        DataError: `bad-export`, the file is not whole or holds somebody else's rows; `customer-differs`, the shop has
            another history of this customer; `erased-customer`, they were erased here and not readmitted.
        StoreError: the shop is busy or the disk is full.
    """
    customers, rows = _read(path)
    new = 0
    with shop.writing(), shop.begin() as connection:
        gone = suppression.load(connection)
        if any(one in gone for one in customers):
            raise DataError(
                "this customer was erased from this shop", hint="huaxiang erase --readmit ID, then import again",
                code="erased-customer",
            )  # fmt: skip
        places = {place.table: place for _, place in tables_of.places(connection)}
        ledger = _ledger_is_new(connection, customers, rows)
        for name, values in _by_table(rows).items():
            _check(path, name, values, places.get(name), customers)
            if ledger or name not in ("ledger", "ledger_tx"):
                new += _insert(connection, name, values)
        texts = [row for name, row in rows if name == "evidence"]
        lexical.index_rows(
            connection,
            ((row["evidence_id"], row["customer_id"], lexical.text_of(row["clean"], row["clean_en"])) for row in texts),
        )
    shop.forget_today()
    return Imported(customers, new, len(rows) - new)


def _head(shop: Shop, who: Probes) -> dict[str, Any]:
    settings = shop.settings.shop
    return {
        "kind": KIND, "format": FORMAT, "program": f"huaxiang {__version__}", "schema_version": t.SCHEMA_VERSION,
        "customers": sorted(who.customers), "exported_at": clock.utc_now().isoformat(timespec="seconds"),
        "shop": settings.name, "timezone": settings.timezone, "today": shop.today().isoformat(),
    }  # fmt: skip


def _items(shop: Shop, who: Probes) -> Iterator[dict[str, Any]]:
    """The catalogue's entries of what they bought: without those the profile would not name a brand."""
    e = t.events.c
    wanted = sa.select(e.item_id).where(e.customer_id.in_(sorted(who.customers)))
    with shop.engine.connect() as connection:
        query = sa.select(t.items).where(t.items.c.item_id.in_(wanted)).order_by(t.items.c.item_id)
        for row in connection.execute(query).mappings():
            yield {"table": "items", "row": dict(row)}


def _rows(shop: Shop, who: Probes, holders: Sequence[Holder]) -> Iterator[dict[str, Any]]:
    for one in (Database(shop), *(one for one in holders if not isinstance(one, Database))):
        yield from (line for line in one.export(who) if line["table"] not in _LEFT_OUT)


def _register(shop: Shop, who: Probes, file: str, digest: str) -> None:
    now = clock.to_epoch(clock.utc_now())
    row = {"at": now, "actor": shop.settings.actor.name, "file": file, "sha256": digest}
    with shop.writing(), shop.begin() as connection:
        ensure(connection)
        connection.execute(exports.insert(), [{**row, "customer_id": one} for one in sorted(who.customers)])


Rows = list[tuple[str, dict[str, Any]]]


def _read(path: Path) -> tuple[tuple[str, ...], Rows]:
    """The customers and the rows of a file, whose ledger chains are checked before anything is written."""
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8", errors="surrogatepass").splitlines()]
        head = lines[0]
        if head["kind"] != KIND or head["format"] != FORMAT or "profile" not in lines[-1]:
            raise ValueError("not whole")
        rows: Rows = [(line["table"], _restored(line["row"])) for line in lines[1:-1]]
        customers = tuple(str(one) for one in head["customers"])
        version = int(head["schema_version"])
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise _bad(path, f"it is no whole export ({type(error).__name__})") from error
    if version > t.SCHEMA_VERSION:
        raise _bad(path, f"it was made by a newer version (schema {version})")
    try:
        broken = next((one for one in customers if not _chain_fits(rows, one)), None)
    except KeyError as error:
        raise _bad(path, f"its ledger lacks {error}") from error
    if broken is not None:
        raise _bad(path, f"the ledger of {broken} was changed")
    return customers, rows


def _chain_fits(rows: Rows, customer: str) -> bool:
    """Whether the exported chain is whole: as `ledger.chain.verify_chain`, over the file."""
    heads = sorted(
        (row for name, row in rows if name == "ledger_tx" and row["customer_id"] == customer),
        key=lambda row: row["seq"],
    )
    entries: dict[str, list[dict[str, Any]]] = {}
    for name, row in rows:
        if name == "ledger" and row["customer_id"] == customer:
            line = {key: value for key, value in row.items() if key not in ("entry_id", "tx_id", "customer_id")}
            entries.setdefault(row["tx_id"], []).append(line)
    prev = chain.GENESIS
    for place, head in enumerate(heads, start=1):
        fields = {key: head[key] for key in ("customer_id", "seq", "recorded_at", "actor", "action")}
        expected = chain.link(prev, fields, entries.pop(head["tx_id"], []))
        if head["seq"] != place or head["prev_hash"] != prev or head["hash"] != expected:
            return False
        prev = expected
    return not entries


def _ledger_is_new(connection: sa.Connection, customers: Sequence[str], rows: Rows) -> bool:
    """Whether the ledger is to be written; False when the shop has this very one."""
    x = t.ledger_tx.c
    stored = {
        tuple(row) for row in connection.execute(sa.select(x.customer_id, x.hash).where(x.customer_id.in_(customers)))
    }
    theirs = {(row["customer_id"], row["hash"]) for name, row in rows if name == "ledger_tx"}
    if stored and not theirs <= stored:
        raise DataError(
            "the shop has another history of this customer", hint="erase and readmit them first, or import into another shop",
            code="customer-differs",
        )  # fmt: skip
    return not stored


def _check(
    path: Path, name: str, values: Sequence[dict[str, Any]], place: tables_of.Place | None, customers: Sequence[str]
) -> None:
    """A file may bring rows of its own customers only, into tables that hold customer data."""
    if name == "items":
        return
    table = t.metadata.tables.get(name)
    if table is None or place is None or name in _LEFT_OUT or not place.direct:
        raise _bad(path, f"it has rows for {name!r}, which an export does not bring")
    for row in values:
        if not set(row) <= set(table.c.keys()) or any(row.get(column) not in customers for column in place.direct):
            raise _bad(path, f"it has a row in {name!r} that is not this customer's")


def _insert(connection: sa.Connection, name: str, values: Sequence[dict[str, Any]]) -> int:
    table = t.metadata.tables[name]
    number = _NUMBERED.get(name)
    if number is None:
        return insert_ignore(connection, table, values)
    new = 0
    for row in values:
        plain = {key: value for key, value in row.items() if key != number}
        same = sa.and_(*(table.c[key].is_not_distinct_from(value) for key, value in plain.items()))
        if (
            name == "ledger"
            or connection.scalar(sa.select(sa.literal(1)).select_from(table).where(same).limit(1)) is None
        ):
            connection.execute(table.insert().values(**plain))
            new += 1
    return new


def _by_table(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for name, row in rows:
        found.setdefault(name, []).append(row)
    return found


def _restored(row: dict[str, Any]) -> dict[str, Any]:
    return {key: base64.b64decode(value["base64"]) if isinstance(value, dict) else value for key, value in row.items()}


def _bad(path: Path, what: str) -> DataError:
    return DataError(
        f"{path.name!r} cannot be imported: {what}; nothing was changed",
        hint="export the customer anew",
        code="bad-export",
    )

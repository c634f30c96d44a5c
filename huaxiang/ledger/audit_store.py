"""The audit's view of the tables: rows without what they stand on, an index out of step, customers who should be gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from huaxiang import ids
from huaxiang.ingest.fingerprints import fingerprints
from huaxiang.privacy import journal, suppression, tables_of
from huaxiang.privacy.database import is_whole
from huaxiang.store import lexical
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

Problem = tuple[str, int, list[str]]
"""The check, how many rows were looked at, and an example for each row that is wrong."""
_MOST = 2_000


def customers(shop: Shop) -> list[str]:
    """Everybody the shop knows, or has a ledger of, sorted."""
    with shop.engine.connect() as connection:
        found = set(connection.scalars(sa.select(t.customers.c.customer_id)))
        found |= set(connection.scalars(sa.select(t.ledger_tx.c.customer_id).distinct()))
    return sorted(found)


def known(shop: Shop, wanted: Sequence[str]) -> list[str]:
    """Those of them who have a row of their own (a merged customer has a ledger only)."""
    c = t.customers.c.customer_id
    with shop.engine.connect() as connection:
        there = set(connection.scalars(sa.select(c).where(c.in_(list(wanted)))))
    return [one for one in wanted if one in there]


def problems(shop: Shop) -> Iterator[Problem]:
    """Every check of the tables."""
    with shop.begin() as connection:
        merged = _merged(connection)
        yield from _orphans(connection, merged)
        yield (
            "orphaned",
            0,
            [f"table {one}: nobody knows whose its rows are" for one in tables_of.unclassified(connection)],
        )
        yield _lexical(connection)
        yield _vectors(connection)
        gone = suppression.load(connection)
        everybody = list(connection.scalars(sa.select(t.customers.c.customer_id)))
        yield "erased", len(everybody), [one for one in everybody if one in gone]
    if journal.path_of(shop).exists():
        yield "erased", 1, ["an erasure was not finished"]


def without_vector(shop: Shop) -> tuple[int, int, list[str]] | None:
    """Texts and summaries without a vector, how many there are in all, and some ids; None where nothing is behind.

    A shop none of whose texts has a vector was never indexed: search goes by words there, and nothing is out of step.
    """
    v, e = t.vectors.c, t.evidence.c
    with shop.engine.connect() as connection:
        if connection.scalar(sa.select(v.evidence_id).limit(1)) is None:
            return None
        total = int(connection.scalar(sa.select(sa.func.count()).select_from(t.evidence)) or 0)
        missing = ~sa.exists(sa.select(1).where(v.evidence_id == e.evidence_id))
        count = int(connection.scalar(sa.select(sa.func.count()).select_from(t.evidence).where(missing)) or 0)
        names = sa.select(e.evidence_id).where(missing).order_by(e.evidence_id).limit(_MOST)
        return (count, total, list(connection.scalars(names))) if count else None


def out_of_step(shop: Shop) -> int:
    """How many vectors are missing, are of a text that is gone or was another; 0 in a shop that was never indexed."""
    v = t.vectors.c
    with shop.engine.connect() as connection:
        if connection.scalar(sa.select(v.evidence_id).limit(1)) is None:
            return 0
        alone = ~sa.exists(sa.select(1).where(t.evidence.c.evidence_id == v.evidence_id))
        gone = int(connection.scalar(sa.select(sa.func.count()).select_from(t.vectors).where(alone)) or 0)
        wrong = len(_vectors(connection)[2])
    behind = without_vector(shop)
    return gone + wrong + (behind[0] if behind else 0)


def _merged(connection: sa.Connection) -> set[str]:
    """Ids that were merged away: their ledger stays."""
    if not sa.inspect(connection).has_table("merges"):
        return set()
    return set(connection.scalars(sa.text("SELECT merged_id FROM merges WHERE undone_at IS NULL")))


def _orphans(connection: sa.Connection, merged: set[str]) -> Iterator[Problem]:
    c, e, v, x = t.customers.c, t.events.c, t.evidence.c, t.ledger_tx.c
    present = set(sa.inspect(connection).get_table_names())
    # table, what to name it by, its column → the column that must hold the same value
    parents: list[tuple[sa.Table, sa.Column[str], sa.Column[str], sa.Column[str]]] = [
        (t.events, e.event_id, e.customer_id, c.customer_id),
        (t.evidence, v.evidence_id, v.customer_id, c.customer_id),
        (t.contacts, t.contacts.c.customer_id, t.contacts.c.customer_id, c.customer_id),
        (t.aliases, t.aliases.c.customer_id, t.aliases.c.customer_id, c.customer_id),
        (t.vectors, t.vectors.c.evidence_id, t.vectors.c.evidence_id, v.evidence_id),
        (t.ledger, t.ledger.c.tx_id, t.ledger.c.tx_id, x.tx_id),
        (t.ledger_tx, x.tx_id, x.tx_id, t.ledger.c.tx_id),
    ]
    if fingerprints.name in present:
        f = fingerprints.c
        parents.append((fingerprints, f.event_id, f.event_id, e.event_id))
    for table, name, key, parent in parents:
        yield _missing(connection, table, name, key, parent)
    texts = sa.and_(v.event_id.is_not(None), ~sa.exists(sa.select(1).where(e.event_id == v.event_id)))
    yield _named(connection, t.evidence, v.evidence_id, texts)
    other = sa.exists(sa.select(1).where(e.event_id == v.event_id, e.customer_id != v.customer_id))
    yield _named(connection, t.evidence, v.evidence_id, other)
    ledgers = sa.select(x.customer_id).where(~sa.exists(sa.select(1).where(c.customer_id == x.customer_id))).distinct()
    nobody = sorted(set(connection.scalars(ledgers)) - merged)
    yield "orphaned", 0, [f"ledger of {one}" for one in nobody]


def _missing(
    connection: sa.Connection, table: sa.Table, name: sa.Column[str], key: sa.Column[str], parent: sa.Column[str]
) -> Problem:
    absent = ~sa.exists(sa.select(1).where(parent == key).correlate(table))
    return _named(connection, table, name, absent)


def _named(connection: sa.Connection, table: sa.Table, name: sa.Column[str], wrong: sa.ColumnElement[bool]) -> Problem:
    total = int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)
    found = list(connection.scalars(sa.select(name).where(wrong).limit(_MOST)))
    return "orphaned", total, [f"{table.name} {one}" for one in found]


def _lexical(connection: sa.Connection) -> Problem:
    """Words and evidence must be the same set, each under its customer, and FTS5's own index must fit its rows.

    Customers whose words are to be indexed yet (`lexical.waiting`) are left out.
    """
    v = t.evidence.c
    total = int(connection.scalar(sa.select(sa.func.count()).select_from(t.evidence)) or 0)
    if not lexical.exists(connection):
        return "index", total, ["the lexical index is missing"] if total else []
    rows = sa.table(lexical.ROWS, sa.column("evidence_id"), sa.column("customer_id"))
    same = sa.exists(sa.select(1).where(rows.c.evidence_id == v.evidence_id, rows.c.customer_id == v.customer_id))
    behind = sa.exists(sa.select(1).where(v.evidence_id == rows.c.evidence_id))
    wrong = (
        sa.select(v.evidence_id).where(~same, *_not_waiting(connection, v.customer_id)),
        sa.select(rows.c.evidence_id).where(~behind, *_not_waiting(connection, rows.c.customer_id)),
    )
    found = [f"words of {one}" for query in wrong for one in connection.scalars(query.limit(_MOST))]
    if connection.dialect.name == "sqlite" and not is_whole(connection):
        found.append("the full-text index does not match its rows")
    return "index", total, found


def _not_waiting(connection: sa.Connection, customer: sa.ColumnElement[str]) -> list[sa.ColumnElement[bool]]:
    if not lexical.waiting(connection, most=1):
        return []
    return [customer.not_in(sa.select(sa.table(lexical.WAITING, sa.column("customer_id")).c.customer_id))]


def _vectors(connection: sa.Connection) -> Problem:
    """A vector must belong to its text's customer and be made of the text as it is now."""
    v, e, c = t.vectors.c, t.evidence.c, t.customers.c
    query = sa.select(
        v.evidence_id,
        v.customer_id,
        v.content_hash,
        e.customer_id.label("owner"),
        e.kind,
        e.clean,
        e.clean_en,
        c.language,
    ).select_from(
        t.vectors.join(t.evidence, v.evidence_id == e.evidence_id).outerjoin(
            t.customers, e.customer_id == c.customer_id
        )
    )
    looked_at, found = 0, []
    for row in connection.execute(query.execution_options(yield_per=2000)):
        looked_at += 1
        # as `vectorstore.vectors.to_embed`: a summary is embedded in the customer's language, which may change
        forms = {row.clean} if row.kind == "text" else {row.clean, row.clean_en or row.clean}
        if row.customer_id != row.owner or row.content_hash not in {ids.digest((one,)) for one in forms}:
            found.append(f"vector of {row.evidence_id}")
    return "index", looked_at, found

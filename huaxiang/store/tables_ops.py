"""Tables of operations: what was taken out, merged, undone, decided, and how far a stream was read.

They stand beside `tables.py` on the same metadata. Every table here that holds customer data names its owner in a column
`customer_id` (or, for `merges`, in `kept_id` and `merged_id`), so that an erasure finds it.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Float, Index, Integer, LargeBinary, SmallInteger, String, Table, Text

from huaxiang.store.tables import metadata

operations = Table(
    "operations",
    metadata,
    Column("op_id", String(24), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(80), nullable=False),
    Column(
        "kind", String(20), nullable=False
    ),  # retract | batch-undo | merge | correct | approve | reject | edit | retire
    Column("customer_id", String(120), index=True),
    Column("reason", Text),
    Column("detail", Text, nullable=False, default="{}"),  # JSON: what is needed to take it back
    Column("undone_at", BigInteger),
    Column("undone_by", String(80)),
)

withdrawn = Table(
    "withdrawn",  # events that were taken out of the log, whole, so that they can be put back
    metadata,
    Column("event_id", String(24), primary_key=True),
    Column("customer_id", String(120), nullable=False, index=True),
    Column("op_id", String(24), nullable=False, index=True),
    Column("cause", String(10), nullable=False),  # event: the same row does not come back by import · batch: it may
    Column("event", Text, nullable=False),  # JSON of the row
    Column("evidence", Text),  # JSON of the text's row
    Column("size", Integer),
    Column("signature", LargeBinary),  # of `fingerprints`
)

merges = Table(
    "merges",
    metadata,
    Column("merge_id", String(24), primary_key=True),
    Column("kept_id", String(120), nullable=False, index=True),
    Column("merged_id", String(120), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("snapshot", Text, nullable=False),  # JSON: the merged customer's own row, contacts and aliases
    Column("undone_at", BigInteger),
)

moved = Table(
    "moved",  # events that stand under another customer because of a merge, those that came in later included
    metadata,
    Column("merge_id", String(24), primary_key=True),
    Column("event_id", String(24), primary_key=True),
    Column("customer_id", String(120), nullable=False, index=True),  # where it came from
)

batch_copies = Table(
    "batch_copies",  # events that a batch brought too, but that an earlier batch had brought already
    metadata,
    Column("batch_id", String(40), primary_key=True),
    Column("event_id", String(24), primary_key=True),
    Column("customer_id", String(120), nullable=False, index=True),
)

batch_changes = Table(
    "batch_changes",  # details of customers and items as they were before a batch changed them
    metadata,
    Column("change_id", Integer, primary_key=True, autoincrement=True),
    Column("batch_id", String(40), nullable=False, index=True),
    Column("table", String(20), nullable=False),  # customers | items | contacts | aliases
    Column("key", String(200), nullable=False),
    Column("customer_id", String(120), index=True),
    Column("before", Text),  # JSON; NULL: the row was not there
    Column("after", Text, nullable=False),
)

watermarks = Table(
    "watermarks",
    metadata,
    Column("source", String(400), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("head", String(64), nullable=False),  # hash of the first bytes: another file under the same name starts anew
    Column("updated_at", BigInteger, nullable=False),
)

extraction_queue = Table(
    "extraction_queue",
    metadata,
    Column("evidence_id", String(24), primary_key=True),
    Column("customer_id", String(120), nullable=False, index=True),
    Column("chars", Integer, nullable=False),
    Column("queued_at", Float, nullable=False),
)

review_decisions = Table(
    "review_decisions",
    metadata,
    Column("decision_id", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("op_id", String(24), index=True),
    Column("customer_id", String(120), nullable=False, index=True),
    Column("trait_id", String(24), nullable=False),
    Column("name", String(60), nullable=False),
    Column("source", String(60), nullable=False),  # who extracted: the method without its version
    Column("basis", String(10), nullable=False),
    Column("verdict", String(8), nullable=False),  # accept | edit | reject
    Column("right", SmallInteger, nullable=False),  # 1: the proposal was right as it stood
    Column("confidence", Float, nullable=False),
    Column("reason", Text),
    Index("review_by_source", "source", "name"),
)

TABLES = (
    operations, withdrawn, merges, moved, batch_copies, batch_changes, watermarks, extraction_queue, review_decisions,
)  # fmt: skip
CUSTOMER_COLUMNS: dict[str, tuple[str, ...]] = {
    "operations": ("customer_id",),
    "withdrawn": ("customer_id",),
    "merges": ("kept_id", "merged_id"),
    "moved": ("customer_id",),
    "batch_copies": ("customer_id",),
    "batch_changes": ("customer_id",),
    "extraction_queue": ("customer_id",),
    "review_decisions": ("customer_id",),
}
"""Where each table names a customer; `watermarks` holds none."""


def ensure(connection: sa.Connection) -> None:
    """Make the tables where a shop of an earlier version has none."""
    metadata.create_all(connection, tables=list(TABLES), checkfirst=True)


def family(connection: sa.Connection, customer_id: str) -> list[str]:
    """Everybody who is the same person by a merge that stands, this customer first.

    An erasure must take them all: the merged customer's ledger and snapshot stay under the old id.
    """
    m = merges.c
    pairs = [tuple(row) for row in connection.execute(sa.select(m.kept_id, m.merged_id).where(m.undone_at.is_(None)))]
    found = [customer_id]
    for one in found:
        found.extend(other for pair in pairs if one in pair for other in pair if other not in found)
    return found

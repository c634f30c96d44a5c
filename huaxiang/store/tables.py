"""The tables of a shop. The event log and the ledger are append-only and are the truth; the rest can be rebuilt.

Times are epoch seconds UTC (integers), JSON is text, money is integer minor units. `flags` are space-separated words.
The lexical index is an FTS5 table (`lexical`) made by `vectorstore.lexical`, since FTS5 is SQLite's own.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION = 3

metadata = MetaData()

meta = Table("meta", metadata, Column("key", String(80), primary_key=True), Column("value", Text, nullable=False))

batches = Table(
    "batches",
    metadata,
    Column("batch_id", String(40), primary_key=True),
    Column("source_file", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("format", String(40), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("report", Text),
)

customers = Table(
    "customers",
    metadata,
    Column("customer_id", String(120), primary_key=True),
    Column("name", Text),
    Column("city", Text),
    Column("joined_on", String(10)),
    Column("language", String(8)),
    Column("flags", Text, nullable=False, default=""),
    Column("attrs", Text, nullable=False, default="{}"),
    Column("batch_id", String(40)),
)

contacts = Table(
    "contacts",
    metadata,
    Column("customer_id", String(120), ForeignKey("customers.customer_id"), primary_key=True),
    Column("kind", String(12), primary_key=True),  # email | phone
    Column("value", String(200), primary_key=True),
    Column("normal", String(200), nullable=False, index=True),
)

aliases = Table(
    "aliases",
    metadata,
    Column("customer_id", String(120), ForeignKey("customers.customer_id"), primary_key=True),
    Column("alias", String(200), primary_key=True),
    Column("normal", String(200), nullable=False, index=True),
)

items = Table(
    "items",
    metadata,
    Column("item_id", String(120), primary_key=True),
    Column("title", Text),
    Column("title_en", Text),
    Column("brand", String(120), index=True),
    Column("category", String(120), index=True),
    Column("color", String(60)),
    Column("material", String(60)),
    Column("price_minor", BigInteger),
    Column("currency", String(3)),
    Column("attrs", Text, nullable=False, default="{}"),
    Column("batch_id", String(40)),
)

events = Table(
    "events",
    metadata,
    Column("event_id", String(24), primary_key=True),
    Column("customer_id", String(120), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("occurred_at", BigInteger),
    Column("source_id", String(120), index=True),
    Column("item_id", String(120), index=True),
    Column("order_id", String(120), index=True),
    Column("quantity", Float),
    Column("amount_minor", BigInteger),
    Column("discount_minor", BigInteger),
    Column("currency", String(3)),
    Column("rating", Float),
    Column("speaker", String(10), nullable=False, default="customer"),
    Column("status", String(20)),
    Column("channel", String(40)),
    Column("has_text", SmallInteger, nullable=False, default=0),
    Column("attrs", Text, nullable=False, default="{}"),
    Column("flags", Text, nullable=False, default=""),
    Column("source_file", Text, nullable=False, default=""),
    Column("source_row", Integer, nullable=False, default=0),
    Column("batch_id", String(40), nullable=False, default=""),
    Index("events_by_customer", "customer_id", "occurred_at"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("evidence_id", String(24), primary_key=True),
    Column("customer_id", String(120), nullable=False, index=True),
    Column("kind", String(8), nullable=False),  # text | summary (a record is rendered from its event)
    Column("event_id", String(24), index=True),
    Column("occurred_at", BigInteger),
    Column("language", String(8), nullable=False, default="und"),
    Column("clean", Text, nullable=False),
    Column("clean_en", Text),
    Column("raw", Text),  # NULL when it equals `clean`
    Column("offsets", Text),
    Column("rule", String(60)),
    Column("selector", Text),
    Column("event_count", Integer),
    Column("range_hash", String(40)),
    Column("flags", Text, nullable=False, default=""),
)

vectors = Table(
    "vectors",
    metadata,
    Column("evidence_id", String(24), primary_key=True),
    Column("customer_id", String(120), nullable=False, index=True),
    Column("encoder", String(80), nullable=False),
    Column("content_hash", String(24), nullable=False),
    Column("vector", LargeBinary, nullable=False),  # float16, little-endian, L2-normalised
)

ledger_tx = Table(
    "ledger_tx",
    metadata,
    Column("tx_id", String(24), primary_key=True),
    Column("customer_id", String(120), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(40), nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("customer_id", "seq"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("entry_id", Integer, primary_key=True, autoincrement=True),
    Column("tx_id", String(24), nullable=False, index=True),
    Column("customer_id", String(120), nullable=False, index=True),
    Column("op", String(10), nullable=False),  # assert | retire | propose | reject | approve
    Column(
        "trait_id", String(24), nullable=False
    ),  # an index would cost a page an entry; nobody asks without a customer
    Column("name", String(60), nullable=False),
    Column("value", Text),  # JSON
    Column("basis", String(10)),
    Column("evidence", Text),  # JSON list of citations
    Column("method", String(120)),
    Column("for_whom", String(60)),
    Column("valid_from", BigInteger),
    Column("valid_to", BigInteger),
    Column("reason_code", String(40)),
    Column("detail", Text),  # JSON: rejected alternatives, staff's reason …
)

extractions = Table(
    "extractions",  # what a model said of a text, keyed by content: replay needs no model, nothing is extracted twice
    metadata,
    Column("key", String(64), primary_key=True),
    Column("customer_id", String(120), nullable=False, index=True),
    Column("method", String(120), nullable=False),
    Column("output", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("feedback_id", Integer, primary_key=True, autoincrement=True),
    Column("given_at", BigInteger, nullable=False),
    Column("thread_id", String(60)),
    Column("run_id", String(60)),
    Column("customer_ids", Text),
    Column("question", Text),
    Column("answer", Text),
    Column("thumb", SmallInteger, nullable=False),  # 1 or -1
    Column("comment", Text),
)

audit = Table(
    "audit",
    metadata,
    Column("audit_id", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(40), nullable=False),
    Column("customer_id", String(120), index=True),
    Column("detail", Text, nullable=False, default="{}"),
)

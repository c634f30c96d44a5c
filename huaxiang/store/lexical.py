"""The lexical index: BM25 over words (Latin) and overlapping character bigrams (Chinese, Japanese, Korean).

Our own tokeniser splits the text, so SQLite (FTS5) and PostgreSQL (tsvector) hold the same tokens and Chinese needs no
segmenter. `lexical_rows` holds one row an evidence id; in SQLite triggers keep the FTS5 table `lexical` in step with it,
so whoever deletes a row there deletes it from the index too. All functions work inside the caller's transaction.

Computed statements change with every event and are rarely searched for, so their words are indexed late: whoever writes
them notes the customer (`defer`), and `catch_up`, `mend` or the first search that could find them does the work.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

import sqlalchemy as sa

from huaxiang.store import bulk
from huaxiang.store import tables as t
from huaxiang.store.terms import query_terms, stem, tokens

__all__ = [
    "AT_ONCE", "ROWS", "WAITING", "catch_up", "count", "defer", "drop", "ensure", "exists", "forget", "index_rows", "mend",
    "query_terms", "rebuild", "remove", "search", "stem", "text_of", "tokens", "waiting",
]  # fmt: skip
_T = TypeVar("_T")

ROWS = "lexical_rows"
WAITING = "lexical_waiting"
"""Customers whose statements changed since their words were indexed (SQLite)."""
AT_ONCE = 400
"""So many waiting customers a search over everybody indexes before it answers (about half a second)."""
_CHUNK = 500
_BUSY_MS = 300
_PAGE = 5_000
_SECURE_DELETE_SINCE = (3, 42)  # FTS5's own option; before it, `remove(..., purge=True)` merges the index instead


def text_of(clean: str, clean_en: str | None) -> str:
    """What is indexed of an evidence row: its text, and the English form of a summary beside the Chinese."""
    return f"{clean}\n{clean_en}" if clean_en else clean


def ensure(connection: sa.Connection) -> None:
    """Create the index's tables where they are missing."""
    if connection.dialect.name == "postgresql":
        for statement in _POSTGRES_DDL:
            connection.execute(sa.text(statement))
        return
    made = "SELECT count(*) FROM sqlite_master WHERE name IN ('lexical_after_delete', 'lexical_waiting')"
    if connection.exec_driver_sql(made).scalar() == 2:
        return
    for statement in _SQLITE_DDL:
        connection.exec_driver_sql(statement)
    if _has_secure_delete(connection):
        connection.exec_driver_sql("INSERT INTO lexical(lexical, rank) VALUES('secure-delete', 1)")


def exists(connection: sa.Connection) -> bool:
    """Whether this store has a lexical index."""
    if connection.dialect.name == "postgresql":
        return bool(connection.scalar(sa.text("SELECT to_regclass('lexical_rows') IS NOT NULL")))
    # the last object that `ensure` creates, so that a half-made index is completed
    found = connection.scalar(sa.text("SELECT 1 FROM sqlite_master WHERE name = 'lexical_after_delete'"))
    return found is not None


def index_rows(connection: sa.Connection, rows: Iterable[tuple[str, str, str]]) -> int:
    """Add texts to the index; an id that is already there is left as it is.

    Args:
        rows: `(evidence_id, customer_id, text)`; may be a generator, memory stays flat.

    Returns:
        How many rows were looked at.
    """
    ensure(connection)
    postgres = connection.dialect.name == "postgresql"
    statement = sa.text(_POSTGRES_INSERT if postgres else _SQLITE_INSERT)
    seen = 0
    for chunk in _chunks(rows):
        values = []
        for evidence_id, customer_id, text in chunk:
            terms = tokens(text)
            value = {"e": evidence_id, "c": customer_id, "o": _owner(customer_id), "t": " ".join(terms)}
            if postgres:
                value["v"] = _tsvector(terms)
            values.append(value)
        if postgres:
            connection.execute(statement, values)
        else:  # past SQLAlchemy's work on every row: a build indexes twenty statements a customer
            rows_of_values = [(value["e"], value["c"], value["o"], value["t"]) for value in values]
            connection.exec_driver_sql(_SQLITE_INSERT_MANY, rows_of_values)
        seen += len(values)
    return seen


def remove(connection: sa.Connection, evidence_ids: Iterable[str], *, purge: bool = False) -> None:
    """Take ids out of the index; unknown ids are ignored.

    With `purge` no trace of the words stays in the file: needed for erasure, and a merge of the whole index where
    SQLite is older than 3.42 (about 0.3 s for 10,000 reviews), so leave it off when a summary is merely replaced.
    """
    if not exists(connection):
        return
    statement = sa.text(f"DELETE FROM {ROWS} WHERE evidence_id = :e")
    for chunk in _chunks(evidence_ids):
        connection.execute(statement, [{"e": one} for one in chunk])
    if purge and connection.dialect.name != "postgresql" and not _has_secure_delete(connection):
        connection.exec_driver_sql("INSERT INTO lexical(lexical) VALUES('optimize')")


def defer(connection: sa.Connection, customer_ids: Iterable[str]) -> None:
    """Note that the evidence of these customers changed: what is new is indexed, and what is gone taken out, later.

    In PostgreSQL, where the index is one column of a table, at once.
    """
    if connection.dialect.name == "postgresql":
        ensure(connection)
        for one in customer_ids:
            _level(connection, one)
        return
    rows = [(one,) for one in customer_ids]
    if rows:
        note = f"INSERT OR IGNORE INTO {WAITING}(customer_id) VALUES (?)"
        try:
            bulk.run_many(connection, note, rows)
        except sa.exc.OperationalError:  # only once a shop: no need to ask each time whether the table is there
            ensure(connection)
            bulk.run_many(connection, note, rows)


def waiting(connection: sa.Connection, customer_id: str | None = None, *, most: int | None = None) -> list[str]:
    """Customers who wait for their words to be indexed, the longest-waiting first; only this one, at most so many."""
    if connection.dialect.name == "postgresql":
        return []
    where, values = ("", ()) if customer_id is None else ("WHERE customer_id = ?", (customer_id,))
    query = f"SELECT customer_id FROM {WAITING} {where} ORDER BY id LIMIT {-1 if most is None else most}"
    try:
        return [row[0] for row in connection.exec_driver_sql(query, values)]
    except sa.exc.OperationalError:  # a shop without the index, or of an earlier version
        return []


def catch_up(connection: sa.Connection, customer_ids: Iterable[str] | None = None, *, most: int | None = None) -> int:
    """Bring the index into step with the evidence of customers who wait (all, or only these, at most so many).

    About 2 ms a customer of twenty statements. Returns how many customers were done.
    """
    if customer_ids is None:
        names = waiting(connection, most=most)
    else:
        names = [one for name in customer_ids for one in waiting(connection, name)][:most]
    for one in names:
        _level(connection, one)
    if names:
        done = [(one,) for one in names]
        connection.exec_driver_sql(f"DELETE FROM {WAITING} WHERE customer_id = ?", done)
    return len(names)


def forget(connection: sa.Connection, customer_ids: Iterable[str]) -> None:
    """These customers are gone: they wait for nothing."""
    rows = [(one,) for one in customer_ids]
    if rows and waiting(connection, most=1):
        connection.exec_driver_sql(f"DELETE FROM {WAITING} WHERE customer_id = ?", rows)


def search(
    connection: sa.Connection, query: str, *, customer_id: str | None = None, limit: int = 20
) -> list[tuple[str, float]]:
    """The rows that match any term of the query, best first, as `(evidence_id, score)`; a higher score is better.

    The query is plain text: quotes and operators in it mean nothing. An empty list when nothing in it is a word, or
    before anything was indexed. Scores are BM25 in SQLite and `ts_rank` (no IDF) in PostgreSQL: compare ranks only.

    Customers who wait (`defer`) are indexed first: the one asked about, or up to `AT_ONCE` of all. Where somebody else
    keeps writing, the answer comes from what is indexed; ids in it may then be of statements that are gone.
    """
    terms = query_terms(query)
    if not terms or limit < 1:
        return []
    if connection.dialect.name == "postgresql":
        if not exists(connection):
            return []
        values = {"q": " | ".join(_lexeme(one) for one in terms), "c": customer_id, "n": limit}
        found = connection.execute(sa.text(_POSTGRES_SEARCH.format(_POSTGRES_ONE if customer_id else "")), values)
        return [(row[0], float(row[1])) for row in found]
    behind = waiting(connection, customer_id, most=AT_ONCE)
    if behind:
        _before_search(connection, behind)
    match = "tokens : (" + " OR ".join(f'"{one}"' for one in terms) + ")"
    if customer_id is not None:
        match = f'owner : "{_owner(customer_id)}" AND {match}'
    try:
        rows = connection.exec_driver_sql(_SQLITE_SEARCH, (match, limit)).fetchall()
    except sa.exc.OperationalError:
        if exists(connection):  # asked only now: a search in one customer takes less time than this question
            raise
        return []
    return [(row[0], -float(row[1])) for row in rows]


def count(connection: sa.Connection) -> int:
    """How many evidence ids are indexed."""
    return int(connection.scalar(sa.text(f"SELECT count(*) FROM {ROWS}")) or 0) if exists(connection) else 0


def mend(connection: sa.Connection) -> int:
    """Index evidence that is missing and drop what is gone; returns how many ids the index then holds."""
    ensure(connection)
    catch_up(connection)
    v = t.evidence.c
    rows = sa.table(ROWS, sa.column("evidence_id"))
    indexed = sa.exists(sa.select(1).where(rows.c.evidence_id == v.evidence_id))
    known = sa.exists(sa.select(1).where(v.evidence_id == rows.c.evidence_id))
    remove(connection, list(connection.scalars(sa.select(rows.c.evidence_id).where(~known))))
    missing = sa.select(v.evidence_id, v.customer_id, v.clean, v.clean_en).where(~indexed)
    last = ""
    while True:  # a page at a time: a large shop's texts do not fit into memory
        page = connection.execute(missing.where(v.evidence_id > last).order_by(v.evidence_id).limit(_PAGE)).fetchall()
        index_rows(connection, ((row[0], row[1], text_of(row[2], row[3])) for row in page))
        if len(page) < _PAGE:
            return count(connection)
        last = page[-1][0]


def rebuild(connection: sa.Connection) -> int:
    """Drop the index and make it anew from the evidence table; returns the number of rows indexed."""
    drop(connection)
    return mend(connection)


def drop(connection: sa.Connection) -> None:
    """Delete the index's tables; the evidence stays."""
    if connection.dialect.name != "postgresql":
        connection.exec_driver_sql("DROP TABLE IF EXISTS lexical")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {WAITING}")
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {ROWS}")


_SQLITE_DDL = (
    f"""CREATE TABLE IF NOT EXISTS {ROWS} (
        id INTEGER PRIMARY KEY, evidence_id VARCHAR(24) NOT NULL UNIQUE, customer_id VARCHAR(120) NOT NULL,
        owner TEXT NOT NULL, tokens TEXT NOT NULL)""",
    f"""CREATE VIRTUAL TABLE IF NOT EXISTS lexical USING fts5(
        owner, tokens, content='{ROWS}', content_rowid='id', tokenize='unicode61 remove_diacritics 0')""",
    "INSERT INTO lexical(lexical, rank) VALUES('rank', 'bm25(0.0, 1.0)')",
    f"""CREATE TRIGGER IF NOT EXISTS lexical_after_insert AFTER INSERT ON {ROWS} BEGIN
        INSERT INTO lexical(rowid, owner, tokens) VALUES (new.id, new.owner, new.tokens); END""",
    f"""CREATE TRIGGER IF NOT EXISTS lexical_after_delete AFTER DELETE ON {ROWS} BEGIN
        INSERT INTO lexical(lexical, rowid, owner, tokens) VALUES ('delete', old.id, old.owner, old.tokens); END""",
    f"CREATE TABLE IF NOT EXISTS {WAITING} (id INTEGER PRIMARY KEY, customer_id VARCHAR(120) NOT NULL UNIQUE)",
)
_SQLITE_INSERT = f"INSERT OR IGNORE INTO {ROWS}(evidence_id, customer_id, owner, tokens) VALUES (:e, :c, :o, :t)"
_SQLITE_INSERT_MANY = re.sub(r":\w", "?", _SQLITE_INSERT)
_SQLITE_OWNED = f"""SELECT r.evidence_id, r.tokens FROM lexical m JOIN {ROWS} r ON r.id = m.rowid
    WHERE lexical MATCH ? AND r.customer_id = ?"""
_SQLITE_SEARCH = f"""SELECT r.evidence_id, m.score FROM
    (SELECT rowid AS id, rank AS score FROM lexical WHERE lexical MATCH ? ORDER BY rank LIMIT ?) m
    JOIN {ROWS} r ON r.id = m.id ORDER BY m.score, r.evidence_id"""
_POSTGRES_DDL = (
    f"""CREATE TABLE IF NOT EXISTS {ROWS} (
        evidence_id VARCHAR(24) PRIMARY KEY, customer_id VARCHAR(120) NOT NULL, owner TEXT NOT NULL,
        tokens TEXT NOT NULL, terms TSVECTOR NOT NULL)""",
    f"CREATE INDEX IF NOT EXISTS lexical_terms ON {ROWS} USING gin (terms)",
    f"CREATE INDEX IF NOT EXISTS lexical_customer ON {ROWS} (customer_id)",
)
# cast from a literal, not to_tsvector(): its parser drops Chinese under some locales
_POSTGRES_INSERT = f"""INSERT INTO {ROWS}(evidence_id, customer_id, owner, tokens, terms)
    VALUES (:e, :c, :o, :t, CAST(:v AS tsvector)) ON CONFLICT (evidence_id) DO NOTHING"""
_POSTGRES_SEARCH = f"""SELECT evidence_id, ts_rank(terms, CAST(:q AS tsquery), 1) AS score FROM {ROWS}
    WHERE terms @@ CAST(:q AS tsquery) {{}} ORDER BY score DESC, evidence_id LIMIT :n"""
_POSTGRES_ONE = "AND customer_id = :c"


def _level(connection: sa.Connection, customer_id: str) -> None:
    """Index what is missing of one customer, and drop what is gone."""
    if connection.dialect.name == "postgresql":
        owned = sa.text(f"SELECT evidence_id, tokens FROM {ROWS} WHERE customer_id = :c")
        there = {row[0]: row[1] for row in connection.execute(owned, {"c": customer_id})}
    else:  # through the index itself: the table has no other way to one customer's rows
        found = connection.exec_driver_sql(_SQLITE_OWNED, (f'owner : "{_owner(customer_id)}"', customer_id))
        there = {row[0]: row[1] for row in found}
    v = t.evidence.c
    query = sa.select(v.evidence_id, v.clean, v.clean_en).where(v.customer_id == customer_id)
    wanted = {row[0]: text_of(row[1], row[2]) for row in connection.execute(query)}
    # a statement may come back under its id in other words (a product was renamed)
    gone = [key for key, words in there.items() if key not in wanted or not _says(words, key, wanted[key])]
    remove(connection, gone)
    missing = [key for key in wanted if key not in there] + [key for key in gone if key in wanted]
    if missing:
        index_rows(connection, ((key, customer_id, wanted[key]) for key in missing))


def _says(words: str, evidence_id: str, text: str) -> bool:
    return evidence_id[:1] != "s" or words == " ".join(tokens(text))


def _before_search(connection: sa.Connection, customer_ids: list[str]) -> None:
    """Catch up in a short transaction of its own; within the caller's where that has written already."""
    raw = connection.connection.dbapi_connection
    if raw is not None and raw.in_transaction:  # another connection would wait for this one
        catch_up(connection, customer_ids)
        return
    with contextlib.suppress(sa.exc.OperationalError), connection.engine.connect() as other:
        before = other.exec_driver_sql("PRAGMA busy_timeout").scalar()
        other.exec_driver_sql(f"PRAGMA busy_timeout = {_BUSY_MS}")
        try:
            catch_up(other, customer_ids)
            other.commit()
        finally:
            other.exec_driver_sql(f"PRAGMA busy_timeout = {before}")


def _owner(customer_id: str) -> str:
    """A customer as one index term, so that search in one customer intersects lists instead of scanning all hits."""
    return "c" + hashlib.blake2b(customer_id.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _lexeme(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _tsvector(terms: list[str]) -> str:
    return " ".join(f"{_lexeme(term)}:{min(place, 16383)}" for place, term in enumerate(terms, start=1))


def _has_secure_delete(connection: sa.Connection) -> bool:
    version = str(connection.scalar(sa.text("SELECT sqlite_version()")))
    return tuple(int(part) for part in version.split(".")[:2]) >= _SECURE_DELETE_SINCE


def _chunks(rows: Iterable[_T]) -> Iterator[list[_T]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk

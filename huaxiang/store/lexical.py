"""The lexical index: BM25 over words (Latin) and overlapping character bigrams (Chinese, Japanese, Korean).

Our own tokeniser splits the text, so SQLite (FTS5) and PostgreSQL (tsvector) hold the same tokens and Chinese needs no
segmenter. `lexical_rows` holds one row an evidence id; in SQLite triggers keep the FTS5 table `lexical` in step with it,
so whoever deletes a row there deletes it from the index too. All functions work inside the caller's transaction.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import TypeVar

import sqlalchemy as sa

from huaxiang.store import tables as t

_T = TypeVar("_T")

ROWS = "lexical_rows"
_CHUNK = 500
_MAX_QUERY_TOKENS = 48
_SECURE_DELETE_SINCE = (3, 42)  # FTS5's own option; before it, `remove(..., purge=True)` merges the index instead

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_PIECE = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+(?:'[^\W\d_{_CJK}]+)?")
_CJK_RUN = re.compile(rf"[{_CJK}]")
_ACCENTED = re.compile("[\u00c0-\u024f]")
_CVC = re.compile(r"[^aeiouy][aeiouy][^aeiouwxy]$")
_STOP_WORDS = (
    "a about all also am an and any are as at be been but by can could did do does for from had has have he her him his how i "
    "if in is it its me my no not of on one or our out she so some than that the their them then there these they thi this "
    "to too up us wa was we were what when where which who why will with would you your customer tell show find ani "
    "什么 怎么 有没 没有 是否 这个 那个 一个 客户 顾客 他的 她的 我的 的是 了吗 吗 的 了 呢 是 在 他 她 我 你"
)
_STOP = frozenset(_STOP_WORDS.split())


def tokens(text: str) -> list[str]:
    """The index terms of a text, in order: stemmed lower-case words, CJK bigrams (a lone CJK character stands alone)."""
    if not text.isascii():
        text = _fold(text)
    found: list[str] = []
    for piece in _PIECE.findall(text.lower().replace("’", "'")):
        if _CJK_RUN.match(piece):
            found.extend([piece] if len(piece) == 1 else [piece[i : i + 2] for i in range(len(piece) - 1)])
        else:
            found.append(stem(piece))
    return found


def query_terms(query: str) -> list[str]:
    """The distinct terms worth looking up, at most 48; words such as `the` or `什么` only when there is nothing else."""
    distinct = list(dict.fromkeys(tokens(query)))
    telling = [one for one in distinct if one not in _STOP]
    return (telling or distinct)[:_MAX_QUERY_TOKENS]


def text_of(clean: str, clean_en: str | None) -> str:
    """What is indexed of an evidence row: its text, and the English form of a summary beside the Chinese."""
    return f"{clean}\n{clean_en}" if clean_en else clean


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Step 1 of Porter's stemmer (plurals, -ed, -ing, -y): enough that `returned` meets `returns`.

    Source:
        M. F. Porter (1980), "An algorithm for suffix stripping", Program 14(3).
    """
    word = word.partition("'")[0] or word
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    word = _strip_plural(word)
    for suffix in ("ed", "ing"):
        root = word.removesuffix(suffix)
        if root != word and len(root) > 1 and re.search("[aeiouy]", root):
            word = _mend(root)
            break
    return word[:-1] + "i" if word.endswith("y") and re.search("[aeiou]", word[:-1]) else word


def ensure(connection: sa.Connection) -> None:
    """Create the index's tables where they are missing."""
    if connection.dialect.name == "postgresql":
        for statement in _POSTGRES_DDL:
            connection.execute(sa.text(statement))
        return
    if exists(connection):
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


def search(
    connection: sa.Connection, query: str, *, customer_id: str | None = None, limit: int = 20
) -> list[tuple[str, float]]:
    """The rows that match any term of the query, best first, as `(evidence_id, score)`; a higher score is better.

    The query is plain text: quotes and operators in it mean nothing. An empty list when nothing in it is a word, or
    before anything was indexed. Scores are BM25 in SQLite and `ts_rank` (no IDF) in PostgreSQL: compare ranks only.
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
    v = t.evidence.c
    rows = sa.table(ROWS, sa.column("evidence_id"))
    indexed = sa.exists(sa.select(1).where(rows.c.evidence_id == v.evidence_id))
    known = sa.exists(sa.select(1).where(v.evidence_id == rows.c.evidence_id))
    remove(connection, list(connection.scalars(sa.select(rows.c.evidence_id).where(~known))))
    missing = sa.select(v.evidence_id, v.customer_id, v.clean, v.clean_en).where(~indexed)
    index_rows(
        connection, ((row[0], row[1], text_of(row[2], row[3])) for row in connection.execute(missing).fetchall())
    )
    return count(connection)


def rebuild(connection: sa.Connection) -> int:
    """Drop the index and make it anew from the evidence table; returns the number of rows indexed."""
    drop(connection)
    return mend(connection)


def drop(connection: sa.Connection) -> None:
    """Delete the index's tables; the evidence stays."""
    if connection.dialect.name != "postgresql":
        connection.exec_driver_sql("DROP TABLE IF EXISTS lexical")
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
)
_SQLITE_INSERT = f"INSERT OR IGNORE INTO {ROWS}(evidence_id, customer_id, owner, tokens) VALUES (:e, :c, :o, :t)"
_SQLITE_INSERT_MANY = re.sub(r":\w", "?", _SQLITE_INSERT)
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


def _fold(text: str) -> str:
    """Full-width to half-width, and Latin letters without their accents."""
    text = unicodedata.normalize("NFKC", text)
    if not _ACCENTED.search(text):
        return text
    plain = (
        unicodedata.normalize("NFD", char)[0] if "\u00c0" <= char <= "\u024f" else char for char in text
    )  # NFD of the whole text would take Japanese and Korean syllables apart
    return "".join(plain)


def _strip_plural(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("ies"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) else word


def _mend(root: str) -> str:
    """What -ed and -ing took away: an e (`lov` → `love`), or a doubled letter (`stopp` → `stop`)."""
    if root.endswith(("at", "bl", "iz")):
        return root + "e"
    if len(root) > 2 and root[-1] == root[-2] and root[-1] not in "aeioulsz":
        return root[:-1]
    return root + "e" if len(root) == 3 and _CVC.search(root) else root


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

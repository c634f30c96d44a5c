"""The vectors in the shop's database: the truth of the index, float16, one an evidence id.

Every change bumps a generation number in `meta`, so that caches and Chroma know when they are out of step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from huaxiang import ids
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

Vectors = npt.NDArray[np.float32]
_GENERATION = "vectors.generation"
_WINDOW = 2048
# built once: a search in one customer takes about as long as building such a statement
_READ_GENERATION = sa.select(t.meta.c.value).where(t.meta.c.key == _GENERATION)
_READ_CUSTOMER = sa.select(t.vectors.c.evidence_id, t.vectors.c.vector).where(
    t.vectors.c.customer_id == sa.bindparam("customer"), t.vectors.c.encoder == sa.bindparam("encoder")
)


@dataclass(frozen=True)
class Pending:
    """A text that needs a vector."""

    evidence_id: str
    customer_id: str
    content_hash: str
    text: str


def generation(shop: Shop) -> int:
    """How often the vectors changed; 0 when there never were any."""
    with shop.engine.connect() as connection:
        value = connection.scalar(_READ_GENERATION)
    return int(value) if value is not None else 0


def to_embed(shop: Shop, *, only: Sequence[str] | None = None) -> Iterator[list[Pending]]:
    """Evidence texts in windows of at most 2,048, ordered by id, each with its content hash.

    A customer's words are embedded as they are. A summary exists in two languages; its vector is that of the
    customer's own language (Chinese: `clean`; any other: `clean_en`), since the encoder serves both and two forms in
    one vector double the cost. The lexical index has both forms.
    """
    v, c = t.evidence.c, t.customers.c
    base = sa.select(v.evidence_id, v.customer_id, v.kind, v.clean, v.clean_en, c.language).select_from(
        t.evidence.outerjoin(t.customers, v.customer_id == c.customer_id)
    )
    if only is not None:
        base = base.where(v.customer_id.in_(list(only)))
    last = ""
    while True:
        with shop.engine.connect() as connection:
            query = base.where(v.evidence_id > last).order_by(v.evidence_id).limit(_WINDOW)
            rows = connection.execute(query).fetchall()
        if not rows:
            return
        last = rows[-1][0]
        window = []
        for evidence_id, customer_id, kind, clean, clean_en, language in rows:
            text = clean if kind != "summary" or language == "zh" else (clean_en or clean)
            if text.strip():
                window.append(Pending(evidence_id, customer_id, ids.digest((text,)), text))
        yield window


def stale(shop: Shop, window: Sequence[Pending], encoder: str) -> list[Pending]:
    """Those of the window that have no vector of this encoder and content."""
    have: dict[str, tuple[str, str]] = {}
    v = t.vectors.c
    with shop.engine.connect() as connection:
        for start in range(0, len(window), 500):
            chunk = [one.evidence_id for one in window[start : start + 500]]
            query = sa.select(v.evidence_id, v.encoder, v.content_hash).where(v.evidence_id.in_(chunk))
            have.update({row[0]: (row[1], row[2]) for row in connection.execute(query)})
    return [one for one in window if have.get(one.evidence_id) != (encoder, one.content_hash)]


def write(shop: Shop, batch: Sequence[Pending], vectors: Vectors, encoder: str) -> None:
    """Store vectors, shape (len(batch), dim), L2-normalised; one transaction."""
    halves = np.ascontiguousarray(vectors, dtype="<f2")
    rows = [
        {
            "evidence_id": one.evidence_id,
            "customer_id": one.customer_id,
            "encoder": encoder,
            "content_hash": one.content_hash,
            "vector": halves[place].tobytes(),
        }
        for place, one in enumerate(batch)
    ]
    with shop.writing(), shop.begin() as connection:
        _delete(connection, [one.evidence_id for one in batch])
        connection.execute(t.vectors.insert(), rows)
        _bump(connection)


def remove_orphans(shop: Shop) -> int:
    """Delete vectors whose evidence is gone; returns how many there were."""
    v = t.vectors.c
    query = sa.select(v.evidence_id).where(~sa.exists(sa.select(1).where(t.evidence.c.evidence_id == v.evidence_id)))
    with shop.engine.connect() as connection:
        gone = list(connection.scalars(query))
    if gone:
        with shop.writing(), shop.begin() as connection:
            _delete(connection, gone)
            _bump(connection)
    return len(gone)


def remove_all(shop: Shop) -> None:
    """Delete every vector."""
    with shop.writing(), shop.begin() as connection:
        connection.execute(t.vectors.delete())
        _bump(connection)


def counts(shop: Shop) -> dict[str, int]:
    """Number of vectors by encoder."""
    v = t.vectors.c
    with shop.engine.connect() as connection:
        rows = connection.execute(sa.select(v.encoder, sa.func.count()).group_by(v.encoder))
        return {row[0]: int(row[1]) for row in rows}


def of_customer(shop: Shop, customer_id: str, encoder: str) -> tuple[list[str], Vectors]:
    """Ids and vectors of one customer: float32, shape (n, dim); (0, 0) when there are none."""
    with shop.engine.connect() as connection:
        rows = connection.execute(_READ_CUSTOMER, {"customer": customer_id, "encoder": encoder}).fetchall()
    return [row[0] for row in rows], _matrix([row[1] for row in rows])


def everything(shop: Shop, encoder: str) -> tuple[list[str], Vectors]:
    """Ids and vectors of all customers; 1.5 kB of memory each at 384 dimensions."""
    v = t.vectors.c
    with shop.engine.connect() as connection:
        rows = connection.execute(
            sa.select(v.evidence_id, v.vector).where(v.encoder == encoder).order_by(v.evidence_id)
        ).fetchall()
    return [row[0] for row in rows], _matrix([row[1] for row in rows])


def keys(shop: Shop, encoder: str) -> dict[str, str]:
    """`evidence_id.hash` → evidence id: the names Chroma knows vectors by, so that a changed text is a new name."""
    v = t.vectors.c
    with shop.engine.connect() as connection:
        rows = connection.execute(sa.select(v.evidence_id, v.content_hash).where(v.encoder == encoder)).fetchall()
    return {f"{row[0]}.{row[1][:8]}": row[0] for row in rows}


def by_id(shop: Shop, evidence_ids: Sequence[str]) -> dict[str, Vectors]:
    """Vectors of these ids, float32, shape (dim,)."""
    v = t.vectors.c
    found: dict[str, Vectors] = {}
    with shop.engine.connect() as connection:
        for start in range(0, len(evidence_ids), 500):
            query = sa.select(v.evidence_id, v.vector).where(v.evidence_id.in_(list(evidence_ids[start : start + 500])))
            for row in connection.execute(query):
                found[row[0]] = np.frombuffer(row[1], dtype="<f2").astype(np.float32)
    return found


def _matrix(blobs: list[bytes]) -> Vectors:
    if not blobs:
        return np.zeros((0, 0), np.float32)
    return np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(blobs), -1).astype(np.float32)


def _delete(connection: sa.Connection, evidence_ids: Iterable[str]) -> None:
    wanted = list(evidence_ids)
    for start in range(0, len(wanted), 500):
        connection.execute(t.vectors.delete().where(t.vectors.c.evidence_id.in_(wanted[start : start + 500])))


def _bump(connection: sa.Connection) -> None:
    m = t.meta.c
    found = connection.scalar(sa.select(m.value).where(m.key == _GENERATION))
    if found is None:
        connection.execute(t.meta.insert().values(key=_GENERATION, value="1"))
    else:
        connection.execute(t.meta.update().where(m.key == _GENERATION).values(value=str(int(found) + 1)))

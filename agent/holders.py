"""All places of a shop that keep customer data: those of `huaxiang.privacy`, the agent's threads and the vector index."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from huaxiang.errors import ConfigError, StoreError
from huaxiang.privacy.erase import core_holders
from huaxiang.privacy.holders import Holder, Residue
from huaxiang.privacy.probes import Probes
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from vectorstore import chroma, vectors

if TYPE_CHECKING:
    from vectorstore.index import Index

THREADS = "threads.sqlite"
_GO_ON = "close the desk and other commands, then run the same `huaxiang erase` again"


def holders(shop: Shop, *, index: Index | None = None) -> list[Holder]:
    """Every holder of this shop, in the order in which they are erased (the index last: it is made of what remains).

    Args:
        index: the open index of this process, if there is one: it lets go of Chroma first.
    """
    return [*core_holders(shop), ThreadStore(shop.folder), VectorIndex(shop, index)]


class ThreadStore:
    """`threads.sqlite`: turns whose question was about a customer, or whose answer quotes or names them."""

    name, quotes = "threads", True

    def __init__(self, folder: Path) -> None:
        self._path = folder / THREADS

    def ready(self) -> None:
        """Raise StoreError where the file cannot be read."""
        with self._open() as database:
            self._turns(database)

    def runs(self, customers: frozenset[str]) -> set[str]:
        """The runs that were about these customers: a trace names its run only."""
        with self._open() as database:
            rows = [answer for _, listed, _, answer in self._turns(database) if customers & set(listed.split("\n"))]
        return {run for answer in rows if len(run := _run_of(answer)) >= 8}

    def count(self, who: Probes) -> int:
        """Turns about them."""
        with self._open() as database:
            return len(self._theirs(database, who))

    def erase(self, who: Probes) -> int:
        """Delete those turns and write the file anew without gaps."""
        with self._open() as database:
            found = self._theirs(database, who)
            if found and database is not None:
                with database:
                    database.executemany("DELETE FROM turns WHERE rowid = ?", [(one,) for one in found])
            if database is not None:
                self._compact(database, vacuum=bool(found))
        return len(found)

    def residue(self, who: Probes) -> list[Residue]:
        """Turns that are still there."""
        with self._open() as database:
            count = len(self._theirs(database, who))
        return [Residue(self.name, THREADS, "row", count)] if count else []

    def export(self, who: Probes) -> Iterator[dict[str, Any]]:
        """Nothing: what staff asked is the shop's, and what the answers quote is exported from its source."""
        return iter(())

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection | None]:
        """The file, or None where no question was ever asked."""
        if not self._path.is_file():
            yield None
            return
        with contextlib.closing(sqlite3.connect(self._path, timeout=10)) as database:
            try:
                database.execute("PRAGMA secure_delete=ON")
                yield database
            except sqlite3.Error as error:
                raise StoreError(
                    f"the threads of the shop ({THREADS}) cannot be read or written ({error})",
                    hint=_GO_ON,
                    code="shop-busy",
                ) from error

    def _turns(self, database: sqlite3.Connection | None) -> list[tuple[int, str, str, str]]:
        if database is None:
            return []
        query = "SELECT rowid, coalesce(customers, ''), coalesce(question, '') || char(10) || coalesce(rest, ''), answer FROM turns"
        return database.execute(query).fetchall()

    def _theirs(self, database: sqlite3.Connection | None, who: Probes) -> list[int]:
        return [
            turn
            for turn, customers, asked, answer in self._turns(database)
            if who.customers & set(customers.split("\n")) or who.mentioned_in(asked) or who.mentioned_in(answer or "")
        ]

    def _compact(self, database: sqlite3.Connection, *, vacuum: bool) -> None:
        if vacuum:
            database.execute("VACUUM")
        if database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            raise StoreError(f"another process is reading {THREADS}", hint=_GO_ON, code="shop-busy")


class VectorIndex:
    """Chroma: ids and vectors of all customers. Deleting in it leaves vectors in its files, so it is made anew."""

    name, quotes = "index", False

    def __init__(self, shop: Shop, index: Index | None = None) -> None:
        self._shop, self._index = shop, index

    def ready(self) -> None:
        """Raise StoreError (`index-busy`) while another process owns the collection."""
        if self._index is not None:
            self._index.close()
        if self._there() and not self._shop.settings.shop.chroma_url:
            chroma.own(self._shop).release()

    def runs(self, customers: frozenset[str]) -> set[str]:
        """None that it knows of."""
        return set()

    def count(self, who: Probes) -> int:
        """Vectors of these customers that a rebuild would drop; 0 without a collection."""
        if not self._there():
            return 0
        mine, v = sorted(who.customers), t.vectors.c
        with self._shop.engine.connect() as connection:
            return sum(
                int(
                    connection.scalar(sa.select(sa.func.count()).where(v.customer_id.in_(mine[start : start + 400])))
                    or 0
                )
                for start in range(0, len(mine), 400)
            )

    def erase(self, who: Probes) -> int:
        """Throw the collection away and make it anew from the vectors that remain.

        Without chromadb the files are only deleted: search goes by an exact scan until `huaxiang index`.
        """
        if not self._there():
            return 0
        if self._index is not None:
            self._index.close()
        by_encoder = vectors.counts(self._shop)
        if not by_encoder:
            chroma.discard(self._shop)
            return 1
        encoder = max(by_encoder, key=lambda one: (by_encoder[one], one))
        try:
            dim = dim_of(self._shop, encoder)
            with contextlib.closing(chroma.Collection.open(self._shop, encoder, dim, fresh=True)) as made:
                made.sync(self._shop)
        except ConfigError as error:
            if error.code != "missing-package" or self._shop.settings.shop.chroma_url:
                raise
            chroma.discard(self._shop)
        return by_encoder[encoder]

    def residue(self, who: Probes) -> list[Residue]:
        """Nothing beyond its files, which the scan reads; a server's files cannot be read from here."""
        return []

    def export(self, who: Probes) -> Iterator[dict[str, Any]]:
        """Nothing: vectors are made of texts, and made again from them."""
        return iter(())

    def _there(self) -> bool:
        return bool(self._shop.settings.shop.chroma_url) or any(chroma.folder(self._shop).glob("*"))


def dim_of(shop: Shop, encoder: str) -> int:
    """Dimensions of the vectors that this encoder made; 0 where there are none."""
    with shop.engine.connect() as connection:
        blob = connection.scalar(sa.select(t.vectors.c.vector).where(t.vectors.c.encoder == encoder).limit(1))
    return len(blob or b"") // 2


def _run_of(answer: str) -> str:
    try:
        return str(json.loads(answer).get("run_id") or "")
    except (ValueError, AttributeError):
        return ""

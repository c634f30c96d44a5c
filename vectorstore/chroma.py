"""Approximate search over all customers: a Chroma collection that holds ids and vectors only.

It is disposable: stamped with the encoder's name and dimension and with the generation of the vectors it copies, and
rebuilt from the vectors in the shop's database. One process owns the folder at a time; a server has no such lock.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import numpy as np
from filelock import FileLock, Timeout

from huaxiang import ids
from huaxiang.errors import ConfigError, StoreError
from huaxiang.require import require
from huaxiang.store.shop import Shop
from vectorstore import vectors

REBUILD = "huaxiang index --rebuild"
FALLBACK_PREFIX = "hash-"
_BATCH = 1000
_FORMAT = 1


def damaged(what: str, error: BaseException | None = None) -> StoreError:
    """The error for an index that cannot be used."""
    kind = f" ({type(error).__name__})" if error is not None else ""
    return StoreError(f"the vector index {what}{kind}", hint=f"make it anew with: {REBUILD}", code="index-damaged")


class Collection:
    """One shop's collection, open. Call `close` (or use `with`) to let other processes have it."""

    def __init__(self, client: Any, collection: Any, lock: FileLock | None) -> None:
        self._client = client
        self._collection = collection
        self._lock = lock

    @classmethod
    def open(cls, shop: Shop, encoder: str, dim: int, *, fresh: bool = False) -> Self:
        """Open or create the collection for this encoder.

        Args:
            fresh: delete what is there first.

        Raises:
            StoreError: `index-busy`, another process owns it; `index-damaged`, it cannot be read; `index-encoder`,
                it was made by another encoder. All say what to do.
            ConfigError: chromadb is not installed, or the server's address is no URL.
        """
        lock = None if shop.settings.shop.chroma_url else own(shop)
        try:
            client = _client(shop, fresh=fresh)
            with guard("cannot be opened"):
                collection = _collection(client, _name(shop), encoder, dim, fresh=fresh)
            made_by = _maker(collection, encoder, dim)
            if made_by != encoder:  # the fallback's index gives way to a real encoder's
                client.close()
                client = _client(shop, fresh=True)
                with guard("cannot be opened"):
                    collection = _collection(client, _name(shop), encoder, dim, fresh=True)
            return cls(client, collection, lock)
        except BaseException:
            if lock is not None:
                lock.release()
            raise

    @property
    def stamp(self) -> dict[str, Any]:
        """`encoder, dim, state (building | ready), generation`."""
        return dict(self._collection.metadata or {})

    def count(self) -> int:
        """How many vectors it holds."""
        with guard("cannot be read"):
            return int(self._collection.count())

    def in_step(self, generation: int) -> bool:
        """Whether it was copied whole from this generation of the vectors."""
        stamp = self.stamp
        return stamp.get("state") == "ready" and stamp.get("generation") == generation

    def sync(self, shop: Shop, progress: Callable[[int, int], None] | None = None) -> int:
        """Copy what is new from the shop's vectors and drop what is gone; returns the number of changes.

        May be killed at any time: the stamp says `building` until it is whole, and the next call goes on.
        """
        generation = vectors.generation(shop)
        with guard("cannot be written"):
            have = set(self._collection.get(include=[])["ids"])
            want = vectors.keys(shop, str(self.stamp["encoder"]))
            if self.in_step(generation) and have == set(want):
                return 0
            self._restamp(state="building")
            gone = sorted(have - set(want))
            for start in range(0, len(gone), _BATCH):
                self._collection.delete(ids=gone[start : start + _BATCH])
            new = sorted(set(want) - have)
            for start in range(0, len(new), _BATCH):
                part = new[start : start + _BATCH]
                found = vectors.by_id(shop, [want[key] for key in part])
                part = [key for key in part if want[key] in found]
                if part:
                    self._collection.upsert(ids=part, embeddings=np.stack([found[want[key]] for key in part]))
                if progress is not None:
                    progress(min(start + _BATCH, len(new)), len(new))
            self._restamp(state="ready", generation=generation)
        return len(gone) + len(new)

    def nearest(self, vector: vectors.Vectors, limit: int) -> list[tuple[str, float]]:
        """`(evidence_id, cosine)` of about the nearest `limit` vectors, best first."""
        with guard("cannot be searched"):
            found = self._collection.query(query_embeddings=vector[None, :], n_results=limit, include=["distances"])
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(key.partition(".")[0], 1.0 - float(distance)) for key, distance in pairs]

    def close(self) -> None:
        """Release the files and the lock."""
        with contextlib.suppress(AttributeError):
            self._client.close()
        if self._lock is not None:
            self._lock.release()

    def _restamp(self, **changes: Any) -> None:
        self._collection.modify(metadata={**self.stamp, **changes})


def _maker(collection: Any, encoder: str, dim: int) -> str:
    """The encoder the collection was made by: the current one, or the fallback; any other is an error."""
    stamp = dict(collection.metadata or {})
    made_by, made_dim = str(stamp.get("encoder", "")), stamp.get("dim")
    if not made_by or stamp.get("format") != _FORMAT:
        raise damaged("has no stamp this program knows")
    if (made_by, made_dim) != (encoder, dim) and not made_by.startswith(FALLBACK_PREFIX):
        raise StoreError(
            f"the vector index was made by the encoder {made_by!r} ({made_dim} dimensions), the shop now uses "
            f"{encoder!r} ({dim})",
            hint=f"set [encoder] name back, or make the index anew with: {REBUILD}",
            code="index-encoder",
        )
    return made_by


@contextlib.contextmanager
def guard(what: str) -> Iterator[None]:
    """Turn whatever Chroma throws (its Rust half also panics) into a StoreError that says how to mend it."""
    try:
        yield
    except (StoreError, ConfigError):
        raise
    except Exception as error:
        raise damaged(what, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(what, error) from error


def folder(shop: Shop) -> Path:
    """Where the local collection lives."""
    return shop.folder / "index" / "chroma"


def discard(shop: Shop) -> None:
    """Delete the local collection: Chroma leaves deleted vectors in its files, so the files go, not the rows."""
    shutil.rmtree(folder(shop), ignore_errors=True)


def own(shop: Shop) -> FileLock:
    """Take the folder's lock; release it when done. StoreError (`index-busy`) while another process has it."""
    path = shop.folder / "index" / ".owner.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    # one lock a path within this process, held whichever thread asks: the desk's index and a tool's are the same owner
    lock = FileLock(path, timeout=0, thread_local=False, is_singleton=True)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreError(
            "another process owns the vector index",
            hint="search goes on without it (exact scan); to rebuild it, close the desk first",
            code="index-busy",
        ) from error
    return lock


def _client(shop: Shop, *, fresh: bool) -> Any:
    chromadb = require("chromadb", extra="app")
    settings = require("chromadb.config", extra="app").Settings(anonymized_telemetry=False)
    url = shop.settings.shop.chroma_url
    if url:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError("[shop] chroma_url is not an http(s) address", hint="e.g. http://chroma.internal:8000")
        with guard("does not answer at [shop] chroma_url"):
            return chromadb.HttpClient(
                host=parts.hostname, port=parts.port or 8000, ssl=parts.scheme == "https", settings=settings
            )
    if fresh:
        discard(shop)
    with guard("cannot be opened"):
        return chromadb.PersistentClient(path=str(folder(shop)), settings=settings)


def _name(shop: Shop) -> str:
    return (
        "evidence-" + ids.digest((shop.settings.shop.name,), length=12) if shop.settings.shop.chroma_url else "evidence"
    )


def _collection(client: Any, name: str, encoder: str, dim: int, *, fresh: bool) -> Any:
    known = {one if isinstance(one, str) else one.name for one in client.list_collections()}
    if name in known and fresh:
        client.delete_collection(name)
    elif name in known:
        return client.get_collection(name, embedding_function=None)
    return client.create_collection(
        name,
        embedding_function=None,
        metadata={"encoder": encoder, "dim": dim, "format": _FORMAT, "state": "building", "generation": -1},
        # recall of the exact top ten on 7,808 e5 vectors: 0.99; with the defaults and ef_search 100, 0.965
        configuration={"hnsw": {"space": "cosine", "ef_search": 200, "ef_construction": 200, "max_neighbors": 32}},
    )

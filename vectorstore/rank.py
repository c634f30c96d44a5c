"""Ranking: candidates by words and by meaning, fused. Exact where it scans vectors itself."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import sqlalchemy as sa

from huaxiang.store import lexical
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from vectorstore import vectors
from vectorstore.chroma import Collection
from vectorstore.fusion import fuse
from vectorstore.recipes import Recipe

if TYPE_CHECKING:
    from huaxiang.models.encoder import Encoder

SCAN_LIMIT = 50_000
"""Vectors that an exact scan over all customers may hold in memory (77 MB at 384 dimensions)."""
_QUERIES = 256


@dataclass(frozen=True)
class Match:
    """A candidate: its fused score, its BM25 (None: no word matched) and its cosine (None: not compared)."""

    evidence_id: str
    score: float
    words: float | None = None
    meaning: float | None = None


@dataclass(frozen=True)
class Filter:
    """Which evidence counts: kinds of event (or `summary`), times in epoch seconds, an item."""

    kinds: tuple[str, ...] | None = None
    since: int | None = None
    until: int | None = None
    item_id: str | None = None

    @classmethod
    def of(cls, kinds: Iterable[str] | None, since: int | None, until: int | None, item_id: str | None) -> Self | None:
        """The filter, or None when nothing is asked for."""
        if kinds is None and since is None and until is None and item_id is None:
            return None
        return cls(tuple(kinds) if kinds is not None else None, since, until, item_id)

    def allowed(self, shop: Shop, customer_id: str | None) -> set[str]:
        """Ids of the evidence that passes."""
        v, e = t.evidence.c, t.events.c
        query = sa.select(v.evidence_id).select_from(t.evidence.outerjoin(t.events, v.event_id == e.event_id))
        if customer_id is not None:
            query = query.where(v.customer_id == customer_id)
        if self.kinds is not None:
            kinds = list(self.kinds)
            query = query.where(
                sa.or_(e.kind.in_(kinds), v.kind == "summary") if "summary" in kinds else e.kind.in_(kinds)
            )
        if self.item_id is not None:
            query = query.where(e.item_id == self.item_id)
        if self.since is not None:
            query = query.where(v.occurred_at >= self.since)
        if self.until is not None:
            query = query.where(sa.or_(v.occurred_at.is_(None), v.occurred_at <= self.until))
        with shop.engine.connect() as connection:
            return set(connection.scalars(query))


class Ranker:
    """Ranks one shop's evidence; keeps the last query vectors and, for scans over all, the whole matrix."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._lock = threading.Lock()
        self._queries: OrderedDict[tuple[str, str], vectors.Vectors] = OrderedDict()
        self._all: tuple[tuple[str, int], list[str], vectors.Vectors] | None = None
        self._sizes: dict[tuple[str, int], int] = {}

    def encode(self, encoder: Encoder | None, query: str) -> vectors.Vectors:
        """The query's vector, float32, shape (dim,); the last 256 are remembered. Empty without an encoder."""
        if encoder is None:
            return np.zeros(0, np.float32)
        key = (encoder.name, query)
        with self._lock:
            if key in self._queries:
                self._queries.move_to_end(key)
                return self._queries[key]
        vector = np.asarray(encoder.encode_queries([query])[0], np.float32)
        with self._lock:
            self._queries[key] = vector
            while len(self._queries) > _QUERIES:
                self._queries.popitem(last=False)
        return vector

    def size(self, encoder: str) -> int:
        """How many vectors of this encoder there are (counted once a generation)."""
        key = (encoder, vectors.generation(self._shop))
        if key not in self._sizes:
            self._sizes = {key: vectors.counts(self._shop).get(encoder, 0)}
        return self._sizes[key]

    def rank(
        self, recipe: Recipe, query: str, *, customer_id: str | None = None, where: Filter | None = None,
        encoder: Encoder | None = None, collection: Collection | None = None,
    ) -> list[Match]:  # fmt: skip
        """All candidates, best first."""
        allowed = where.allowed(self._shop, customer_id) if where is not None else None
        words = self._by_words(query, customer_id, recipe, allowed) if recipe.words else []
        meaning: list[tuple[str, float]] = []
        if recipe.meaning and encoder is not None and query.strip():
            vector = self.encode(encoder, query)
            if collection is not None:
                meaning = collection.nearest(vector, recipe.candidates)
            else:
                meaning = self._by_meaning(vector, customer_id, recipe, encoder.name, allowed)
        by_words, by_meaning = dict(words), dict(meaning)
        fused = fuse([[one for one, _ in words], [one for one, _ in meaning]], k=recipe.k)
        return [Match(one, score, by_words.get(one), by_meaning.get(one)) for one, score in fused]

    def _by_words(
        self, query: str, customer_id: str | None, recipe: Recipe, allowed: set[str] | None
    ) -> list[tuple[str, float]]:
        # a filter is applied afterwards, so enough must come back for it to leave something
        limit = recipe.candidates if allowed is None else 20_000
        with self._shop.engine.connect() as connection:
            found = lexical.search(connection, query, customer_id=customer_id, limit=limit)
        if allowed is not None:
            found = [pair for pair in found if pair[0] in allowed]
        return found[: recipe.candidates]

    def _by_meaning(
        self, vector: vectors.Vectors, customer_id: str | None, recipe: Recipe, encoder: str, allowed: set[str] | None
    ) -> list[tuple[str, float]]:
        if customer_id is not None:
            names, matrix = vectors.of_customer(self._shop, customer_id, encoder)
        else:
            names, matrix = self._everything(encoder)
        if not names or matrix.shape[1] != vector.shape[0]:
            return []
        # not `@`: BLAS splits this among threads, which then wait for each other longer than the sum takes
        scores = np.einsum("ij,j->i", matrix, vector)
        if allowed is not None:
            scores = np.where(np.fromiter((one in allowed for one in names), bool, len(names)), scores, -np.inf)
        top = (
            np.argpartition(-scores, recipe.candidates)[: recipe.candidates]
            if len(names) > recipe.candidates
            else np.arange(len(names))
        )
        top = top[np.argsort(-scores[top], kind="stable")]
        return [(names[place], float(scores[place])) for place in top.tolist() if scores[place] > -np.inf]

    def _everything(self, encoder: str) -> tuple[list[str], vectors.Vectors]:
        key = (encoder, vectors.generation(self._shop))
        with self._lock:
            if self._all is not None and self._all[0] == key:
                return self._all[1], self._all[2]
        if self.size(encoder) > SCAN_LIMIT:
            return [], np.zeros((0, 0), np.float32)
        names, matrix = vectors.everything(self._shop, encoder)
        with self._lock:
            self._all = (key, names, matrix)
        return names, matrix

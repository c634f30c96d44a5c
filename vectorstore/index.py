"""The evidence index: words and meaning over what customers wrote and what was computed of them.

One customer is an exact scan of that customer's vectors in the shop's database; all customers go through Chroma where it
is open and in step, else through an exact scan. Both are fused with the lexical index. Whatever is missing (encoder,
vectors, Chroma) costs only its own half of the search, and `notes` says so.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Self

import sqlalchemy as sa

from huaxiang.errors import ConfigError, HuaxiangError, ModelError, StoreError
from huaxiang.schema.evidence import Hit
from huaxiang.store import evidence, lexical
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from vectorstore import recipes, spans, vectors
from vectorstore.chroma import FALLBACK_PREFIX, REBUILD, Collection
from vectorstore.rank import Filter, Match, Ranker
from vectorstore.recipes import BOTH, Recipe
from vectorstore.report import IndexReport, IndexStatus

if TYPE_CHECKING:
    from huaxiang.models.encoder import Encoder

Progress = Callable[[int, int, str], None]
"""Called with (done, in all, what is being done)."""

BATCH = 64
FETCH = "for e5: huaxiang models fetch, then huaxiang index"
OPEN_ABOVE = 20_000
"""Vectors above which a search opens Chroma by itself; below, an exact scan is quicker than importing it (about 2 s)."""


class Index:
    """The index of one shop. Thread-safe for searching; models and Chroma are opened on first use."""

    def __init__(self, shop: Shop, encoder: Encoder | None, load: Callable[[Shop], Encoder]) -> None:
        self.shop = shop
        self._encoder = encoder
        self._load = load
        self._no_encoder: str | None = None
        self._collection: Collection | None = None
        self._lock = threading.RLock()
        self._notes: dict[str, str] = {}
        self._ranker = Ranker(shop)

    @classmethod
    def open(cls, shop: Shop, encoder: Encoder | None = None) -> Self:
        """The shop's index. Cheap: nothing is loaded until it is needed.

        Args:
            encoder: the one to use; by default that of the shop's settings (`[encoder] name`), loaded on first use.
        """
        return cls(shop, encoder, _load_encoder)

    @property
    def encoder(self) -> Encoder | None:
        """The encoder, loaded now if need be; None when there is none (then search goes by words)."""
        with self._lock:
            if self._encoder is None and self._no_encoder is None:
                try:
                    self._encoder = self._load(self.shop)
                    if self._encoder.name.startswith(FALLBACK_PREFIX):
                        self._note("encoder", f"the encoder {self._encoder.name} knows words, not meaning; {FETCH}")
                except ModelError as error:
                    self._no_encoder = str(error)
                    self._note("encoder", f"no encoder, search by words only: {error}")
            return self._encoder

    @property
    def notes(self) -> tuple[str, ...]:
        """What the index cannot do just now, and why; empty when all is well."""
        return tuple(self._notes.values())

    def use(self, encoder: Encoder) -> None:
        """Change the encoder (a better one arrived); call `build` afterwards."""
        with self._lock:
            self.close()
            self._encoder, self._no_encoder = encoder, None
            self._notes.clear()
            self._ranker = Ranker(self.shop)

    def warm(self) -> None:
        """Load the encoder and open Chroma now, so that the first search is as fast as the next (the desk's start)."""
        self._ranker.encode(self.encoder, "warm")
        self._approximate(open_it=True)

    # searching

    def search_customer(
        self, customer_id: str, query: str, *, limit: int = 8, recipe: str | Recipe = BOTH, kinds: Iterable[str] | None = None,
        since: int | None = None, until: int | None = None, item_id: str | None = None,
    ) -> list[Hit]:  # fmt: skip
        """Exact search in one customer's evidence, best first.

        Args:
            kinds: only these kinds of event (`summary` for computed summaries); all when None.
            since, until: epoch seconds, inclusive; undated evidence passes `until` alone.
            item_id: only evidence about this item.
        """
        where = Filter.of(kinds, since, until, item_id)
        return self._hits(query, self.matches(query, customer_id=customer_id, recipe=recipe, where=where), limit)

    def search(
        self, query: str, *, limit: int = 8, recipe: str | Recipe = BOTH, kinds: Iterable[str] | None = None,
        since: int | None = None, until: int | None = None, item_id: str | None = None,
    ) -> list[Hit]:  # fmt: skip
        """Search over all customers, best first; the filters are those of `search_customer`."""
        where = Filter.of(kinds, since, until, item_id)
        return self._hits(query, self.matches(query, recipe=recipe, where=where), limit)

    def matches(
        self, query: str, *, customer_id: str | None = None, recipe: str | Recipe = BOTH, where: Filter | None = None
    ) -> list[Match]:
        """The ranked candidates with both scores behind the fusion: what a caller needs to judge how good a hit is."""
        chosen = recipes.recipe(recipe)
        encoder = self.encoder if chosen.meaning else None
        collection = self._approximate() if encoder is not None and customer_id is None and where is None else None
        try:
            return self._ranker.rank(
                chosen, query, customer_id=customer_id, where=where, encoder=encoder, collection=collection
            )
        except StoreError as error:
            if collection is None:
                raise
            self._drop_collection(error)
            return self._ranker.rank(chosen, query, customer_id=customer_id, where=where, encoder=encoder)

    def sharpen(self, query: str, hits: Sequence[Hit], *, most: int = 40) -> list[Hit]:
        """Choose the quoted sentence by meaning where the query shares no word with the text (another language).

        Costs one encoding of at most `most` sentences (about 10 ms each with e5); hits keep their order and score.
        """
        encoder = self.encoder
        quoter = spans.Quoter(query)
        todo: list[tuple[int, int, int]] = []
        for place, hit in enumerate(hits):
            text = hit.evidence.clean
            if encoder is None or hit.evidence.kind != "text" or quoter.best(text)[2]:
                continue
            pieces = spans.sentences(text)
            if len(pieces) > 1 and len(todo) + len(pieces) <= most:
                todo.extend((place, start, end) for start, end in pieces)
        if encoder is None or not todo:
            return list(hits)
        texts = [hits[place].evidence.clean[start:end] for place, start, end in todo]
        scores = encoder.encode_passages(texts) @ self._ranker.encode(encoder, query)
        best: dict[int, tuple[float, int, int]] = {}
        for (place, start, end), score in zip(todo, scores.tolist(), strict=True):
            if place not in best or score > best[place][0]:
                best[place] = (score, start, end)
        return [
            hit.model_copy(update={"start": best[place][1], "end": best[place][2]}) if place in best else hit
            for place, hit in enumerate(hits)
        ]

    # building

    def build(self, progress: Progress | None = None, only: Sequence[str] | None = None) -> IndexReport:
        """Embed what has no vector of this encoder yet, then bring Chroma in step.

        Resumable: each batch of 64 is committed, so a killed run loses seconds.

        Args:
            only: these customers' evidence alone; Chroma is then left for the next whole run.

        Raises:
            StoreError: Chroma was made by another encoder, or is damaged; the hint is `huaxiang index --rebuild`.
        """
        return self._build(progress, only, fresh=False)

    def rebuild(self, progress: Progress | None = None, *, reembed: bool = False) -> IndexReport:
        """Throw the words and Chroma away and make both anew; vectors that are right are kept unless `reembed`.

        Raises:
            StoreError: another process owns Chroma (`index-busy`): a rebuild means to replace it.
        """
        self.close()
        self._notes.clear()
        encoder = self.encoder
        if encoder is not None:
            self._open_collection(encoder, fresh=True)
        with self.shop.writing(), self.shop.begin() as connection:
            lexical.drop(connection)
        if reembed:
            vectors.remove_all(self.shop)
        return self._build(progress, None, fresh=True)

    def status(self) -> IndexStatus:
        """Counts, encoder and whether the parts are in step. Loads the encoder; does not open Chroma."""
        encoder = self.encoder
        by_encoder = vectors.counts(self.shop)
        with self.shop.engine.connect() as connection:
            texts, words = _evidence_count(connection), lexical.count(connection)
        mine = by_encoder.get(encoder.name, 0) if encoder else 0
        state = self._chroma_state()
        meaning = f"words and meaning ({'approximate' if state == 'in step' else 'exact'})"
        return IndexStatus(
            evidence=texts,
            words=words,
            vectors=by_encoder,
            encoder=encoder.name if encoder else None,
            pending=max(0, texts - mine) if encoder else 0,
            approximate=state,
            mode=meaning if mine else "words only",
            notes=self.notes,
        )

    def close(self) -> None:
        """Let go of Chroma and its lock; the next search opens it again if need be."""
        with self._lock:
            if self._collection is not None:
                self._collection.close()
                self._collection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # inside

    def _hits(self, query: str, matches: Sequence[Match], limit: int) -> list[Hit]:
        quoter = spans.Quoter(query)
        hits: list[Hit] = []
        for at in range(0, len(matches), limit):
            if len(hits) >= limit:
                break
            # more than one round only where evidence was replaced since it was indexed
            part = matches[at : at + limit]
            found = evidence.get(self.shop, [one.evidence_id for one in part])
            for match in part:
                one = found.get(match.evidence_id)
                if one is not None and len(hits) < limit:
                    start, end = (0, 0) if one.kind == "summary" else quoter.best(one.clean)[:2]
                    hits.append(Hit(evidence=one, score=match.score, start=start, end=end))
        return hits

    def _build(self, progress: Progress | None, only: Sequence[str] | None, *, fresh: bool) -> IndexReport:
        started = time.perf_counter()
        with self.shop.writing(), self.shop.begin() as connection:
            words = lexical.mend(connection)
        embedded = kept = removed = 0
        state = "skipped"
        encoder = self.encoder
        if encoder is not None:
            if not fresh:
                self._refuse_other_encoder(encoder)
            # opened before the long work, so that an index that cannot be used is known at once
            collection = self._open_collection(encoder) if only is None else None
            embedded, kept = self._embed(encoder, progress, only)
            if only is None:
                removed = vectors.remove_orphans(self.shop)
            if collection is not None:
                collection.sync(self.shop, lambda done, total: progress(done, total, "indexing") if progress else None)
                state = "in step"
        return IndexReport(
            encoder=encoder.name if encoder else None,
            words=words,
            embedded=embedded,
            kept=kept,
            removed=removed,
            approximate=state,
            seconds=time.perf_counter() - started,
            notes=self.notes,
        )

    def _embed(self, encoder: Encoder, progress: Progress | None, only: Sequence[str] | None) -> tuple[int, int]:
        with self.shop.engine.connect() as connection:
            total = _evidence_count(connection, only)
        embedded = kept = 0
        for window in vectors.to_embed(self.shop, only=only):
            todo = vectors.stale(self.shop, window, encoder.name)
            kept += len(window) - len(todo)
            todo.sort(key=lambda one: len(one.text))  # texts of one length share a batch: less padding
            for start in range(0, len(todo), BATCH):
                batch = todo[start : start + BATCH]
                vectors.write(self.shop, batch, encoder.encode_passages([one.text for one in batch]), encoder.name)
                embedded += len(batch)
                if progress is not None:
                    progress(kept + embedded, total, "embedding")
        return embedded, kept

    def _refuse_other_encoder(self, encoder: Encoder) -> None:
        """Vectors of a real encoder are minutes of work: they are only replaced on purpose."""
        others = [
            one for one in vectors.counts(self.shop) if one != encoder.name and not one.startswith(FALLBACK_PREFIX)
        ]
        if others:
            raise StoreError(
                f"the shop's vectors were made by the encoder {others[0]!r}, the one in use is {encoder.name!r}",
                hint=f"set [encoder] name back (or fetch its model), or replace them with: {REBUILD}",
                code="index-encoder",
            )

    def _open_collection(self, encoder: Encoder, *, fresh: bool = False) -> Collection | None:
        """Chroma for writing; None, with a note, where it is not installed or (unless `fresh`) another's."""
        with self._lock:
            if self._collection is None:
                try:
                    self._collection = Collection.open(self.shop, encoder.name, encoder.dim, fresh=fresh)
                    self._notes.pop("chroma", None)
                except (StoreError, ConfigError) as error:
                    if error.code not in ("index-busy", "missing-package") or (fresh and error.code == "index-busy"):
                        raise
                    self._note("chroma", f"the approximate index was not updated: {error}")
            return self._collection

    def _approximate(self, *, open_it: bool = False) -> Collection | None:
        """Chroma, if it may be searched now; None means an exact scan."""
        encoder = self.encoder
        if encoder is None:
            return None
        with self._lock:
            if self._collection is None:
                if "chroma" in self._notes or not (open_it or self._ranker.size(encoder.name) > OPEN_ABOVE):
                    return None
                try:
                    self._collection = Collection.open(self.shop, encoder.name, encoder.dim)
                except HuaxiangError as error:
                    self._note("chroma", f"search over all is an exact scan: {error}")
                    return None
            if not self._collection.in_step(vectors.generation(self.shop)):
                self._note(
                    "step",
                    f"the approximate index is behind the vectors, search over all is an exact scan; run: {REBUILD.split(' --')[0]}",
                )
                return None
            self._notes.pop("step", None)
            return self._collection

    def _drop_collection(self, error: StoreError) -> None:
        with self._lock:
            self._note("chroma", f"search over all is an exact scan: {error}")
            self.close()

    def _chroma_state(self) -> str:
        if "chroma" in self._notes:
            return "unavailable"
        if self._collection is None:
            return "not opened"
        return "in step" if self._collection.in_step(vectors.generation(self.shop)) else "behind"

    def _note(self, key: str, text: str) -> None:
        self._notes[key] = text


def _load_encoder(shop: Shop) -> Encoder:
    from huaxiang.models.cards import ENCODER
    from huaxiang.models.encoder import load_encoder

    chosen = shop.settings.encoder
    auto = chosen.name == "auto"
    return load_encoder(ENCODER if auto else chosen.name, path=chosen.path or None, fallback=auto)


def _evidence_count(connection: sa.Connection, only: Sequence[str] | None = None) -> int:
    query = sa.select(sa.func.count()).select_from(t.evidence)
    if only is not None:
        query = query.where(t.evidence.c.customer_id.in_(list(only)))
    return int(connection.scalar(query) or 0)

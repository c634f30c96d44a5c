"""The recommender: collaborative where enough others agree, else by content, else what is popular, and says which."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import polars as pl
import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from huaxiang import ids
from huaxiang.recommend import content, neighbours, reasons, signals
from huaxiang.recommend.neighbours import Neighbours
from huaxiang.recommend.signals import Signal
from huaxiang.schema.event import Item
from huaxiang.store import lexical, read
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

Method = Literal["collaborative", "content", "popular"]
VERSION = 2
MIN_LIKES = 2
"""Likes a customer needs before others' behaviour is asked."""
BRIDGE_OTHERS = 3
"""Others needed to recommend an item of another category than the one that led to it."""
JUST_BOUGHT_DAYS = 90
_YEAR = 365 * 86_400
_FEW_FIELDS = 0.2  # share of items with a category, brand or title below which the catalogue is no help
_MIN_LIKENESS = 0.15


class Recommendation(BaseModel):
    """An item for a customer, why, and the customer's own records that led there (none for what is merely popular)."""

    model_config = ConfigDict(frozen=True)
    item_id: str
    title: str | None = None
    title_en: str | None = None
    score: float = Field(description="comparable within one method only")
    method: Method
    reason_zh: str
    reason_en: str
    evidence: tuple[str, ...] = ()

    def reason(self, language: str) -> str:
        """The reason in `zh` or `en`."""
        return self.reason_zh if language == "zh" else self.reason_en


@dataclass
class Fitted:
    """What is learned of a shop; holds item ids and counts, nothing about any customer."""

    items: list[str]
    near: Neighbours
    likers: npt.NDArray[np.int32]  # distinct customers who liked the item lately, shape (n_items,)
    vectors: npt.NDArray[np.float32]  # content, unit length, shape (n_items, dim)
    family: npt.NDArray[np.int32]
    categories: list[str]  # '' where unknown
    consumable: frozenset[str]  # categories that customers buy again and again
    last_year: bool = True  # whether `likers` counts the last year; all time where no like has a date in it

    def rank(self, past: Sequence[Signal], dropped: Collection[int], limit: int) -> list[tuple[int, float, Method]]:
        """Items for this past, best first: `(item index, score, method)`; one variant of a product at most."""
        place = self.place
        liked = {place[one.item_id]: one.weight for one in past if one.weight > 0 and one.item_id in place}
        rankings: list[tuple[Method, npt.NDArray[np.float32], float]] = []
        chosen_before = self._chosen(past)
        if len(chosen_before) >= MIN_LIKES:
            rankings.append(("collaborative", self._trusted(chosen_before), 0.0))
        if liked and self.vectors.shape[1]:
            taste = sum(weight * self.vectors[item] for item, weight in liked.items())
            length = float(np.linalg.norm(taste)) or 1.0
            rankings.append(("content", self.vectors @ (taste / length), _MIN_LIKENESS))
        rankings.append(("popular", self.likers.astype(np.float32), 0.0))
        chosen: list[tuple[int, float, Method]] = []
        used = set(dropped)
        families: set[int] = set()
        for method, scores, least in rankings:
            for item in np.argsort(-scores, kind="stable").tolist():
                if len(chosen) >= limit or scores[item] <= least:
                    break
                if item not in used and int(self.family[item]) not in families:
                    chosen.append((item, float(scores[item]), method))
                    used.add(item)
                    families.add(int(self.family[item]))
        return chosen

    def _chosen(self, past: Sequence[Signal]) -> dict[int, float]:
        """What the customer bought or reviewed, with its weight: a look is too little to ask others about."""
        strong = (one for one in past if one.strength >= signals.MIDDLING and one.item_id in self.place)
        return {self.place[one.item_id]: one.weight for one in strong}

    def _trusted(self, chosen: dict[int, float]) -> npt.NDArray[np.float32]:
        """Collaborative scores, 0 where only two others bridge different categories: in a small shop that is chance."""
        scores = self.near.score(chosen)
        if not self._group.any():  # one category, or none known
            return scores
        source, support = self.near.strongest(chosen)
        bridge = (source >= 0) & (support < BRIDGE_OTHERS) & (self._group[source] != self._group)
        return np.where(bridge, np.float32(0), scores)

    @cached_property
    def _group(self) -> npt.NDArray[np.int64]:
        """The category of each item as a number, shape (n_items,)."""
        return np.unique(np.array(self.categories, dtype=str), return_inverse=True)[1].astype(np.int64)

    @cached_property
    def place(self) -> dict[str, int]:
        """Item id → index."""
        return {key: row for row, key in enumerate(self.items)}


def learn(events: pl.DataFrame, catalogue: dict[str, Item], *, now: int, shop: Shop | None = None) -> Fitted:
    """Learn from events (`store.read.event_frame`'s columns) up to `now`; `shop` gives review vectors where needed."""
    pairs = signals.pairs(events)
    items = sorted({*catalogue, *pairs["item_id"].to_list()})
    likes = pairs.filter(~pl.col("disliked") & (pl.col("strength") >= signals.MIDDLING))
    recent = likes.filter(pl.col("last_at") > now - _YEAR)
    counted = dict((recent if recent.height else likes).group_by("item_id").len().iter_rows())
    vectors = content.from_catalogue(items, catalogue)
    described = sum(1 for one in catalogue.values() if one.category or one.brand or one.title)
    if described < _FEW_FIELDS * len(items):
        vectors = content.from_reviews(shop, items) if shop is not None else np.zeros((len(items), 0), np.float32)
    return Fitted(
        items=items,
        near=neighbours.fit(likes, items),
        likers=np.array([counted.get(key, 0) for key in items], np.int32),
        vectors=vectors,
        family=content.families(items, catalogue),
        categories=[(catalogue[key].category or "") if key in catalogue else "" for key in items],
        consumable=_consumable(pairs, catalogue),
        last_year=recent.height > 0,
    )


class Recommender:
    """Recommends in one shop. Reads the customer's events when asked, so it is never behind them."""

    def __init__(self, shop: Shop, fitted: Fitted) -> None:
        self.shop = shop
        self.fitted = fitted

    def recommend(
        self, customer_id: str, limit: int = 5, *, exclude: Iterable[str] = (), avoid: Iterable[str] = (), as_of: int | None = None
    ) -> list[Recommendation]:  # fmt: skip
        """Items for this customer, best first.

        Never what was bought, reviewed, returned or disliked before, nor a variant of it, except what is bought again
        and again (this customer at least twice, of a category that is, the last time over 90 days ago).

        Args:
            exclude: item ids to leave out.
            avoid: brands, categories, colours, materials or title words that the profile says the customer avoids.
            as_of: ignore events after this instant (epoch seconds); the shop's now by default.
        """
        now = self.shop.now() if as_of is None else as_of
        past = signals.history(signals.pairs(read.event_frame(self.shop, customer_ids=[customer_id], until=now)))
        dropped = self._dropped(past, set(exclude), now) | self._avoided(avoid)
        ranked = self.fitted.rank(past, dropped, limit)
        wanted = [self.fitted.items[item] for item, _, _ in ranked] + [one.item_id for one in past]
        catalogue = read.items_by_id(self.shop, wanted)
        return [self._explain(item, score, method, past, catalogue) for item, score, method in ranked]

    def _explain(
        self, item: int, score: float, method: Method, past: Sequence[Signal], catalogue: dict[str, Item]
    ) -> Recommendation:
        key = self.fitted.items[item]
        place = self.fitted.place
        by_index = {place[one.item_id]: one for one in past if one.weight > 0 and one.item_id in place}
        cited: list[Signal] = []
        own = by_index.get(item)
        if own is not None and (own.owned or method == "content"):
            cited = [own]
            zh, en = reasons.again(own) if own.owned else reasons.seen(own)
        elif method == "collaborative":
            led = self.fitted.near.because(item, self.fitted._chosen(past))[:2]
            cited = [by_index[index] for index, _, _ in led]
            zh, en = reasons.collaborative(cited, catalogue, led[0][2])
        elif method == "content":
            # the most alike of what was liked, a strong like before a faint one
            near = max(
                by_index,
                key=lambda one: (
                    by_index[one].weight * float(self.fitted.vectors[one] @ self.fitted.vectors[item]),
                    -one,
                ),
            )
            cited = [by_index[near]]
            zh, en = reasons.content(cited[0], catalogue, self._shared(self.fitted.items[near], key, catalogue))
        else:
            zh, en = reasons.popular(int(self.fitted.likers[item]), last_year=self.fitted.last_year)
        found = catalogue.get(key)
        return Recommendation(
            item_id=key,
            title=found.title if found else None,
            title_en=found.title_en if found else None,
            score=round(score, 6),
            method=method,
            reason_zh=zh,
            reason_en=en,
            evidence=tuple(ids.record_evidence_id(one.event_id) for one in cited),
        )

    def _shared(self, one: str, other: str, catalogue: dict[str, Item]) -> dict[str, str]:
        if one not in catalogue or other not in catalogue:
            return {}
        a, b = catalogue[one], catalogue[other]
        known = content.fields(a, None).items() & content.fields(b, None).items()
        return {name: str(getattr(a, name)) for name, _ in known}

    def _dropped(self, past: Sequence[Signal], exclude: set[str], now: int) -> set[int]:
        fitted, place = self.fitted, self.fitted.place
        catalogue = read.items_by_id(self.shop, [one.item_id for one in past])
        dropped = {place[key] for key in exclude if key in place}
        families: set[int] = set()
        for one in past:
            if one.item_id not in place or not (one.owned or one.disliked):
                continue
            category = catalogue[one.item_id].category if one.item_id in catalogue else None
            lasting = category not in fitted.consumable
            fresh = one.last_at is None or now - one.last_at <= JUST_BOUGHT_DAYS * 86_400
            if lasting or fresh or one.disliked or one.orders < 2:
                dropped.add(place[one.item_id])
            if lasting or one.disliked:
                families.add(int(fitted.family[place[one.item_id]]))
        return dropped | set(np.flatnonzero(np.isin(fitted.family, list(families))).tolist())

    def _avoided(self, avoid: Iterable[str]) -> set[int]:
        words = {one.strip().casefold() for one in avoid if one.strip()}
        if not words:
            return set()
        catalogue = read.items_by_id(self.shop, self.fitted.items)
        terms = [set(lexical.tokens(one)) for one in words]
        dropped = set()
        for key, item in catalogue.items():
            values = {value.casefold() for value in (item.brand, item.category, item.color, item.material) if value}
            title = set(lexical.tokens(f"{item.title or ''} {item.title_en or ''}"))
            if values & words or any(one and one <= title for one in terms):
                dropped.add(self.fitted.place[key])
        return dropped


def fit(shop: Shop) -> Recommender:
    """Learn from the shop's events and save the result in `cache/` (npz and json; no customer data)."""
    now = shop.now()
    with shop.engine.connect() as connection:
        known = list(connection.scalars(sa.select(t.items.c.item_id)))
    fitted = learn(read.event_frame(shop, until=now), read.items_by_id(shop, known), now=now, shop=shop)
    _save(fitted, shop)
    return Recommender(shop, fitted)


def load(shop: Shop) -> Recommender | None:
    """The saved recommender; None when there is none, it cannot be read, or the events have changed since."""
    arrays_path, meta_path = _paths(shop)
    try:
        meta: dict[str, Any] = json.loads(meta_path.read_text(encoding="utf-8"))
        if meta.get("fingerprint") != _fingerprint(shop):
            return None
        with np.load(arrays_path, allow_pickle=False) as arrays:
            if str(arrays["fingerprint"]) != meta["fingerprint"]:
                return None
            near = Neighbours(arrays["index"], arrays["weight"], arrays["support"])
            vectors = arrays["vectors"].astype(np.float32)
            fitted = Fitted(
                items=meta["items"],
                near=near,
                likers=arrays["likers"],
                vectors=vectors,
                family=arrays["family"],
                categories=meta["categories"],
                consumable=frozenset(meta["consumable"]),
                last_year=meta["last_year"],
            )
    except (OSError, ValueError, KeyError, BadZipFile):  # a cache: whatever is wrong with it, it is made again
        return None
    return Recommender(shop, fitted)


def open_recommender(shop: Shop) -> Recommender:
    """The saved recommender, or a new one where it is missing or behind."""
    return load(shop) or fit(shop)


def _consumable(pairs: pl.DataFrame, catalogue: dict[str, Item]) -> frozenset[str]:
    """Categories in which at least 3 customers, and a quarter of item purchases, bought the same item again.

    What was sent back does not count as bought again: it was exchanged.
    """
    category = {key: one.category for key, one in catalogue.items() if one.category}
    bought: dict[str, int] = {}
    again: dict[str, int] = {}
    kept = pairs.filter((pl.col("orders") > 0) & ~pl.col("disliked"))
    for item_id, orders in kept.select("item_id", "orders").iter_rows():
        if item_id in category:
            name = category[item_id]
            bought[name] = bought.get(name, 0) + 1
            again[name] = again.get(name, 0) + int(orders > 1)
    return frozenset(name for name, count in again.items() if count >= 3 and count >= 0.25 * bought[name])


def _paths(shop: Shop) -> tuple[Path, Path]:
    folder = shop.folder / "cache"
    return folder / "recommend.npz", folder / "recommend.json"


def _fingerprint(shop: Shop) -> str:
    e = t.events.c
    with shop.engine.connect() as connection:
        events = connection.execute(
            sa.select(sa.func.count(), sa.func.max(e.occurred_at), sa.func.max(e.event_id))
        ).one()
        items = connection.scalar(sa.select(sa.func.count()).select_from(t.items))
    return ids.digest((VERSION, *events, items, shop.today()))


def _save(fitted: Fitted, shop: Shop) -> None:
    arrays_path, meta_path = _paths(shop)
    arrays_path.parent.mkdir(exist_ok=True)
    mark = _fingerprint(shop)
    near = fitted.near
    temporary = arrays_path.with_suffix(".tmp.npz")
    np.savez(
        temporary, fingerprint=np.array(mark), index=near.index, weight=near.weight, support=near.support, likers=fitted.likers,
        vectors=fitted.vectors.astype(np.float16), family=fitted.family,
    )  # fmt: skip
    temporary.replace(arrays_path)
    meta = {
        "fingerprint": mark,
        "items": fitted.items,
        "categories": fitted.categories,
        "consumable": sorted(fitted.consumable),
        "last_year": fitted.last_year,
    }
    written = meta_path.with_suffix(".tmp")
    written.write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
    written.replace(meta_path)

"""What an item is like: category, brand, colour, material, price band and title words as one vector an item.

A catalogue without such data falls back on the mean vector of the item's reviews, where they have been embedded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from huaxiang.schema.event import Item
from huaxiang.store import lexical
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

Matrix = npt.NDArray[np.float32]
DIM = 512
FIELD_WEIGHT = {"category": 2.0, "brand": 1.2, "color": 0.5, "material": 0.7, "price": 0.6}
TITLE_WEIGHT = 2.0
_BRACKETS = re.compile(r"[((\[【][^))\]】]*[))\]】]")
_SAME_TITLE = 0.75
_GROUP_LIMIT = 300


def fields(item: Item, band: int | None) -> dict[str, str]:
    """The item's comparable fields that are known."""
    known = {
        "category": item.category, "brand": item.brand, "color": item.color, "material": item.material,
        "price": f"{item.category}/{item.currency}/{band}" if band is not None else None,
    }  # fmt: skip
    return {name: value.casefold() for name, value in known.items() if value}


def from_catalogue(items: Sequence[str], catalogue: Mapping[str, Item]) -> Matrix:
    """Item vectors from the catalogue: hashed, IDF-weighted, L2-normalised, shape (n_items, 512); 0 where unknown."""
    bands = price_bands(catalogue)
    words = {key: set(lexical.tokens(f"{one.title or ''} {one.title_en or ''}")) for key, one in catalogue.items()}
    frequency = Counter(word for title in words.values() for word in title)
    matrix = np.zeros((len(items), DIM), np.float32)
    for row, key in enumerate(items):
        item = catalogue.get(key)
        if item is None:
            continue
        for name, value in fields(item, bands.get(key)).items():
            _add(matrix[row], f"{name}={value}", FIELD_WEIGHT[name])
        # a word that only one title has says nothing about likeness to others
        idf = {word: np.log(len(catalogue) / frequency[word]) for word in words[key] if frequency[word] > 1}
        length = float(np.sqrt(sum(value**2 for value in idf.values()))) or 1.0
        for word, value in idf.items():
            _add(matrix[row], f"word={word}", TITLE_WEIGHT * value / length)
    return _unit(matrix)


def from_reviews(shop: Shop, items: Sequence[str]) -> Matrix:
    """Item vectors as the mean of the vectors of what was written about them; 0 where nothing was embedded.

    The common mean is taken out, since all sentence vectors of one encoder point much the same way.
    """
    place = {key: row for row, key in enumerate(items)}
    v, e = t.evidence.c, t.events.c
    query = (
        sa.select(e.item_id, t.vectors.c.vector, t.vectors.c.encoder)
        .select_from(t.vectors.join(t.evidence, t.vectors.c.evidence_id == v.evidence_id).join(t.events, v.event_id == e.event_id))
        .where(e.item_id.is_not(None), e.speaker == "customer")
    )  # fmt: skip
    matrix = np.zeros((len(items), 0), np.float32)
    counts = np.zeros(len(items))
    used: str | None = None
    with shop.engine.connect() as connection:
        for item_id, blob, encoder in connection.execute(query):
            vector = np.frombuffer(blob, "<f2").astype(np.float32)
            if used is None:
                used, matrix = encoder, np.zeros((len(items), vector.size), np.float32)
            if encoder == used and item_id in place:
                matrix[place[item_id]] += vector
                counts[place[item_id]] += 1
    known = counts > 0
    if not known.any():
        return np.zeros((len(items), 0), np.float32)
    matrix[known] /= counts[known, None]
    matrix[known] -= matrix[known].mean(axis=0)
    return _unit(matrix)


def price_bands(catalogue: Mapping[str, Item]) -> dict[str, int]:
    """Each priced item's third (0 cheap … 2 dear) within its category and currency; categories with 3 prices or more."""
    groups: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for key, item in catalogue.items():
        if item.price_minor is not None and item.category:
            groups.setdefault((item.category, item.currency or ""), []).append((item.price_minor, key))
    bands: dict[str, int] = {}
    for group in groups.values():
        if len(group) >= 3:
            prices = sorted(price for price, _ in group)
            low, high = prices[len(prices) // 3], prices[2 * len(prices) // 3]
            bands.update({key: int(price >= low) + int(price >= high) for price, key in group})
    return bands


def families(items: Sequence[str], catalogue: Mapping[str, Item]) -> npt.NDArray[np.int32]:
    """Variants of one product (another colour or size) share a number, shape (n_items,): recommend one of them at most.

    Same brand and category, and titles that agree in three quarters of their words outside brackets.
    """
    family = np.arange(len(items), dtype=np.int32)
    groups: dict[tuple[str, str], list[tuple[int, frozenset[str]]]] = {}
    for row, key in enumerate(items):
        item = catalogue.get(key)
        if item is None or not item.brand or not item.category or not (item.title_en or item.title):
            continue
        words = frozenset(lexical.tokens(_BRACKETS.sub(" ", item.title_en or item.title or ""))) - {item.color or ""}
        group = groups.setdefault((item.brand, item.category), [])
        for other, its_words in group[:_GROUP_LIMIT]:
            if len(words & its_words) >= _SAME_TITLE * len(words | its_words):
                family[row] = family[other]
                break
        group.append((row, words))
    return family


def _add(row: Matrix, feature: str, weight: float) -> None:
    code = crc32(feature.encode())
    row[code % DIM] += weight if code & 0x8000_0000 else -weight


def _unit(matrix: Matrix) -> Matrix:
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(length > 0, length, 1)).astype(np.float32)

"""Near-duplicate texts and bot-like reviewers, from a small fingerprint (MinHash) kept beside each text.

A fingerprint is written in the transaction of its text. After an import all fingerprints of the shop are compared (64
bytes a text in memory, no pair is compared twice), so a copy is found however many imports lie between, and the flags
are the same whatever the order of imports. Everything here is derived: it may be deleted and is made again.

Source:
    A. Broder (1997), "On the resemblance and containment of documents"; banding as in Leskovec, Rajaraman & Ullman,
    "Mining of Massive Datasets", 3.4.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from huaxiang.store import tables as t

fingerprints = sa.Table(
    "text_fingerprints",
    t.metadata,
    sa.Column("event_id", sa.String(24), primary_key=True),
    sa.Column("customer_id", sa.String(120), nullable=False, index=True),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)

NEAR_DUPLICATE, BOT_LIKE = "near-duplicate", "bot-like"
HASHES, BANDS = 32, 8
AGREEMENT = 26
"""Equal hashes of 32 from which two texts are near-duplicates: about 0.8 of their shingles are shared."""
MIN_SIZE = 30
"""Shorter texts (30 shingles of Latin, 10 of Chinese) are alike by chance, so they are not flagged as copies."""
BOT_REVIEWS, BOT_DAYS, BOT_SHARE = 8, 7, 0.5
"""Bot-like: this many near-identical top reviews of one customer within so many days, and this share of their reviews."""
_MAX_CHARS = 4_000
_GROUP = 500
_LATIN_SHINGLE, _CJK_SHINGLE = 5, 2
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_IGNORED = re.compile(r"[\W_]+")
_random = np.random.default_rng(20260630)
_XOR = _random.integers(1, 2**63, HASHES, dtype=np.uint64)
_MULTIPLY = _random.integers(1, 2**63, HASHES, dtype=np.uint64) | np.uint64(1)
_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)

Signatures = npt.NDArray[np.uint16]


def sign(texts: Sequence[str]) -> tuple[Signatures, npt.NDArray[np.int64]]:
    """MinHash signatures of texts: letters and digits only, case folded, shingles of 5 characters (2 in Chinese).

    Returns:
        Signatures, shape (n_texts, 32), and sizes in Latin shingles, shape (n_texts,); a Chinese shingle counts 3.
    """
    plain = [_IGNORED.sub("", text[:_MAX_CHARS].casefold()) for text in texts]
    signatures = np.zeros((len(texts), HASHES), dtype=np.uint16)
    sizes = np.zeros(len(texts), dtype=np.int64)
    cjk = [len(_CJK.findall(text)) * 3 > len(text) for text in plain]
    for wanted, width, weight in ((False, _LATIN_SHINGLE, 1), (True, _CJK_SHINGLE, 3)):
        chosen = [place for place, flag in enumerate(cjk) if flag is wanted]
        for begin in range(0, len(chosen), _GROUP):  # small groups stay in the processor's cache
            places = chosen[begin : begin + _GROUP]
            padded = [plain[place].ljust(width, "\x00") for place in places]
            signatures[places], counts = _sign_group(padded, width)
            sizes[places] = counts * weight
    return signatures, sizes


def _sign_group(texts: list[str], width: int) -> tuple[Signatures, npt.NDArray[np.int64]]:
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    counts = lengths - width + 1
    rolling = codes[: codes.size - width + 1] * _MIX
    for place in range(1, width):
        rolling = rolling * _BASE + codes[place : codes.size - width + 1 + place] * _MIX
    begins = np.cumsum(lengths) - lengths
    firsts = np.cumsum(counts) - counts
    at = np.arange(int(counts.sum())) + np.repeat(begins - firsts, counts)  # shingles that cross no text's end
    hashes = rolling[at]
    hashes ^= hashes >> np.uint64(31)
    signature = np.empty((len(texts), HASHES), dtype=np.uint16)
    for one in range(HASHES):
        mixed = ((hashes ^ _XOR[one]) * _MULTIPLY[one]) >> np.uint64(32)
        signature[:, one] = (np.minimum.reduceat(mixed, firsts) * _BASE >> np.uint64(48)).astype(np.uint16)
    return signature, counts


@dataclass(frozen=True)
class Known:
    """All fingerprinted texts, earliest first (undated last), ties by id: shape (n,) each, signatures (n, 32)."""

    event_ids: npt.NDArray[Any]
    customers: npt.NDArray[np.int64]
    names: list[str]
    times: npt.NDArray[np.int64]
    top: npt.NDArray[np.bool_]
    review: npt.NDArray[np.bool_]
    sizes: npt.NDArray[np.int64]
    signatures: Signatures


_UNDATED = np.iinfo(np.int64).max


def load(connections: Iterable[sa.Connection]) -> Known:
    """Read the fingerprints of one or more databases (a dry run has two)."""
    e, f = t.events.c, fingerprints.c
    query = sa.select(e.event_id, e.customer_id, e.occurred_at, e.rating, e.kind, f.size, f.signature).select_from(
        fingerprints.join(t.events, f.event_id == e.event_id)
    )
    codes: dict[str, int] = {}
    parts: list[tuple[npt.NDArray[Any], ...]] = []
    for connection in connections:
        for rows in connection.execute(query.execution_options(stream_results=True)).partitions(10_000):
            parts.append(
                (
                    np.array([row[0] for row in rows], dtype="S24"),
                    np.array([codes.setdefault(row[1], len(codes)) for row in rows], dtype=np.int64),
                    np.array([_UNDATED if row[2] is None else row[2] for row in rows], dtype=np.int64),
                    np.array([row[3] is None or row[3] >= 5 for row in rows], dtype=np.bool_),
                    np.array([row[4] == "review" for row in rows], dtype=np.bool_),
                    np.array([row[5] for row in rows], dtype=np.int64),
                    np.frombuffer(b"".join(row[6] for row in rows), dtype="<u2").reshape(-1, HASHES),
                )
            )
    if not parts:
        none = np.zeros(0, np.int64)
        return Known(
            np.zeros(0, "S24"),
            none,
            [],
            none,
            none.astype(bool),
            none.astype(bool),
            none,
            np.zeros((0, HASHES), np.uint16),
        )
    ids, customers, times, top, review, sizes, signatures = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    order = np.lexsort((ids, times))
    return Known(
        ids[order],
        customers[order],
        list(codes),
        times[order],
        top[order],
        review[order],
        sizes[order],
        np.ascontiguousarray(signatures[order]),
    )


def near_duplicates(known: Known) -> npt.NDArray[np.bool_]:
    """Texts that nearly repeat an earlier one (of anybody), shape (n,). The earliest of a group is not flagged."""
    long = np.flatnonzero(known.sizes >= MIN_SIZE)
    later, _ = _pairs(known.signatures[long], np.zeros(long.size, np.int64))
    flags = np.zeros(known.sizes.size, dtype=np.bool_)
    flags[long[later]] = True
    return flags


def bot_like(known: Known) -> tuple[npt.NDArray[np.bool_], set[str]]:
    """Reviews that look written by a bot, shape (n,), and their customers."""
    reviews = np.flatnonzero(known.review & known.top & (known.times != _UNDATED))
    later, earlier = _pairs(known.signatures[reviews], known.customers[reviews])
    alike = np.zeros(known.sizes.size, dtype=np.bool_)
    alike[reviews[later]] = alike[reviews[earlier]] = True
    total = np.bincount(known.customers[known.review], minlength=len(known.names))
    by_customer: dict[int, list[int]] = defaultdict(list)
    for place in np.flatnonzero(alike):
        by_customer[int(known.customers[place])].append(int(place))
    flags = np.zeros(known.sizes.size, dtype=np.bool_)
    found: set[str] = set()
    for customer, places in by_customer.items():
        times = known.times[places]
        window = np.searchsorted(times, times + BOT_DAYS * 86_400, side="right") - np.arange(times.size)
        if window.max() >= BOT_REVIEWS and len(places) >= BOT_SHARE * total[customer]:
            flags[places] = True
            found.add(known.names[customer])
    return flags, found


def _pairs(signatures: Signatures, group: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Near-identical pairs (later, earlier) within each group: a text against the first and the last before it in its band."""
    later: list[npt.NDArray[np.int64]] = [np.zeros(0, np.int64)]
    earlier: list[npt.NDArray[np.int64]] = [np.zeros(0, np.int64)]
    bands = signatures.view(np.uint64).reshape(len(signatures), BANDS)
    for band in range(BANDS):
        key = (bands[:, band] ^ (group.astype(np.uint64) * _BASE)) * _MIX
        order = np.argsort(key, kind="stable")
        same = np.flatnonzero(key[order][1:] == key[order][:-1]) + 1
        if not same.size:
            continue
        starts = np.zeros(order.size, dtype=np.int64)
        fresh = np.ones(order.size, dtype=np.bool_)
        fresh[same] = False
        starts[fresh] = np.flatnonzero(fresh)
        np.maximum.accumulate(starts, out=starts)
        for other in (starts[same], same - 1):
            a, b = order[same], order[other]
            close = (signatures[a] == signatures[b]).sum(axis=1) >= AGREEMENT
            close &= group[a] == group[b]
            later.append(a[close])
            earlier.append(b[close])
    return np.concatenate(later), np.concatenate(earlier)

from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from huaxiang import ids
from huaxiang.store import lexical
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop


class BagEncoder:
    """Words hashed into a vector: texts that share words are near. `like` maps words to one meaning."""

    def __init__(self, name: str = "bag", dim: int = 64, like: dict[str, str] | None = None) -> None:
        self.name, self.dim, self.like = name, dim, like or {}
        self.passages = 0

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        out = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            for term in lexical.tokens(text):
                out[row, crc32(self.like.get(term, term).encode()) % self.dim] += 1
            out[row, 0] += 1e-3
        return out / np.linalg.norm(out, axis=1, keepdims=True)

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        self.passages += len(texts)
        return self.encode_queries(texts)


REVIEWS = [
    ("ann", "review", 100, "b1", "The strings broke after two days. I sent them back."),
    ("ann", "review", 200, "b2", "Lovely guitar with a great sound. It stays in tune. My son plays it daily."),
    ("ann", "ticket", 300, "b1", "Where is my refund for the strings?"),
    ("bob", "review", 150, "b2", "The guitar was a gift for my mother."),
    ("李", "review", 250, "b3", "这款降噪耳机很好。续航也不错,颜色是黑色。"),
    ("李", "message", None, "b3", "耳机什么时候到货?"),
]


def add_text(connection, customer, kind, at, item, text, *, n=0):
    event = ids.event_id(customer, kind, at, item, text, n)
    connection.execute(
        t.events.insert().values(
            event_id=event, customer_id=customer, kind=kind, occurred_at=at, item_id=item, has_text=1,
            source_file="reviews.csv", source_row=n + 1,
        )
    )  # fmt: skip
    evidence = ids.text_evidence_id(event)
    connection.execute(
        t.evidence.insert().values(
            evidence_id=evidence,
            customer_id=customer,
            kind="text",
            event_id=event,
            occurred_at=at,
            language="und",
            clean=text,
        )
    )
    return evidence


@pytest.fixture
def shop(tmp_path: Path):
    made = Shop.create(tmp_path / "shop")
    with made.begin() as connection:
        connection.execute(t.customers.insert(), [{"customer_id": one} for one in ("ann", "bob", "李")])
        for n, row in enumerate(REVIEWS):
            add_text(connection, *row, n=n)
    yield made
    made.close()


@pytest.fixture
def encoder():
    return BagEncoder()

"""A shop of four invented customers, made by a real import, with profiles, vectors, feedback and an audit trail."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from huaxiang.extract.rules import extract_rules
from huaxiang.ingest.importer import import_paths
from huaxiang.ledger.build import build_profiles
from huaxiang.store import lexical
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from vectorstore import vectors

CUSTOMERS = """customer_id,name,aliases,email,phone,city
K1,Orla Finchley,Orla F.,orla.finchley@example.com,555-0142,Dunmore
K2,Tomas Reedham,,tomas.reedham@example.com,555-0177,Ashby
K3,苏晚晴,晚晚,suwanqing@example.cn,199-0000-4411,杭州
K4,Nadia Brook,,nadia.brook@example.com,555-0119,Ashby
"""
COPIED = "The seams held through a whole winter of daily commuting, and the pocket is deep enough for a paperback."
EVENTS = [
    ("V1", "K1", "order", "2024-05-01T10:00", {"item_id": "P1", "order_id": "O-1", "amount": "320", "currency": "CNY"}),
    ("V2", "K1", "review", "2024-05-09T20:10", {"item_id": "P1", "rating": 2, "text": "I can't wear wool, my arms itch for hours. The grey is lovely though."}),
    ("V3", "K1", "review", "2024-05-11T20:10", {"item_id": "P2", "rating": 5, "text": COPIED}),
    ("V4", "K2", "order", "2024-05-03T11:30", {"item_id": "P2", "order_id": "O-2", "amount": "210", "currency": "CNY"}),
    ("V5", "K2", "review", "2024-05-20T08:45", {"item_id": "P2", "rating": 5, "text": "I wear size 43 and these fit. I avoid leather altogether."}),
    ("V6", "K3", "order", "2024-06-02T12:00", {"item_id": "P3", "order_id": "O-3", "amount": "190", "currency": "CNY"}),
    ("V7", "K3", "review", "2024-06-10T21:00", {"item_id": "P3", "rating": 5, "text": "保温效果很好，我平时穿M码的衣服，不喜欢羊毛，太扎人了。"}),
    ("V8", "K3", "message", "2024-06-11T10:00", {"speaker": "staff", "text": "您好，您的反馈我们已经逐条记录，祝您生活愉快。"}),
    ("V9", "K4", "review", "2024-06-12T10:00", {"item_id": "P2", "rating": 5, "text": COPIED}),
]  # fmt: skip


def embed(shop: Shop, dim: int = 32) -> None:
    """A vector for each text, by hashing its characters."""
    for window in vectors.to_embed(shop):
        todo = vectors.stale(shop, window, "hash-32")
        rows = np.zeros((len(todo), dim), np.float32)
        for row, one in enumerate(todo):
            for at in range(len(one.text) - 1):
                code = crc32(one.text[at : at + 2].encode())
                rows[row, code % dim] += 1 if code & 0x8000 else -1
            rows[row, 0] += 0.01
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        if todo:
            vectors.write(shop, todo, rows, "hash-32")


@pytest.fixture
def index() -> Callable[[Shop], None]:
    """What `huaxiang index` does for vectors."""
    return embed


def write_files(folder: Path, *, without: str = "") -> list[Path]:
    """The shop's files; `without` leaves a customer out."""
    folder.mkdir(parents=True, exist_ok=True)
    people = [line for line in CUSTOMERS.splitlines() if not without or not line.startswith(f"{without},")]
    (folder / "customers.csv").write_text("\n".join(people) + "\n", encoding="utf-8")
    rows = [
        {"source_id": one[0], "customer_id": one[1], "kind": one[2], "occurred_at": one[3], **one[4]}
        for one in EVENTS if one[1] != without
    ]  # fmt: skip
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"
    (folder / "events.jsonl").write_text(text, encoding="utf-8")
    return [folder / "customers.csv", folder / "events.jsonl"]


def fill(folder: Path, files: list[Path]) -> Shop:
    """A shop from files, with profiles, words and vectors."""
    shop = Shop.create(folder, settings={"timezone": "Asia/Shanghai", "today": date(2024, 6, 30)})
    import_paths(shop, files)
    build_profiles(shop)
    extract_rules(shop)
    with shop.begin() as connection:
        lexical.mend(connection)
    embed(shop)
    return shop


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the shop (`shop/`) and its files (`files/`); tests copy it."""
    folder = tmp_path_factory.mktemp("privacy")
    shop = fill(folder / "shop", write_files(folder / "files"))
    with shop.begin() as connection:
        connection.execute(
            t.feedback.insert(),
            [
                {
                    "given_at": 1,
                    "customer_ids": "K2\nK1",
                    "question": "Who avoids wool?",
                    "answer": "Orla.",
                    "thumb": 1,
                },
                {"given_at": 2, "customer_ids": "K2", "question": "Shoe size?", "answer": "43", "thumb": 1},
            ],
        )
        connection.execute(
            t.audit.insert().values(at=3, actor="staff", action="read", customer_id="K1", detail='{"q": "wool"}')
        )
    shop.close()
    return folder


@pytest.fixture
def shop(made: Path, tmp_path: Path) -> Iterator[Shop]:
    shutil.copytree(made, tmp_path / "made")
    opened = Shop.open(tmp_path / "made" / "shop")
    yield opened
    opened.close()


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., list[Path]]:
    """`files(without="K1")`: the shop's files anew."""
    return lambda without="": write_files(tmp_path / f"files{without}", without=without)


@pytest.fixture
def everything() -> Callable[[Path], bytes]:
    """All bytes of all files below a folder, lock files and all."""
    return lambda folder: b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from huaxiang.store.shop import Shop

Rows = Callable[[str], list[Any]]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop.create(tmp_path / "shop", settings={"timezone": "Asia/Shanghai"})
    yield made
    made.close()


@pytest.fixture
def rows(shop: Shop) -> Rows:
    def ask(query: str) -> list[Any]:
        with shop.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    return ask


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def contents(shop: Shop) -> Callable[[Path | None], dict[str, list[Any]]]:
    """Everything a shop holds, except when its batches ran."""

    def read(folder: Path | None = None) -> dict[str, list[Any]]:
        opened = Shop.open(folder) if folder is not None else shop
        found: dict[str, list[Any]] = {}
        with opened.engine.connect() as connection:
            for table in (
                "customers",
                "contacts",
                "aliases",
                "items",
                "events",
                "evidence",
                "text_fingerprints",
                "lexical_rows",
            ):
                rows = connection.execute(sa.text(f"SELECT * FROM {table}"))
                found[table] = sorted((tuple(row) for row in rows), key=repr)
            finished = connection.execute(sa.text("SELECT batch_id, finished_at IS NOT NULL FROM batches"))
            found["batches"] = sorted(tuple(row) for row in finished)
        if folder is not None:
            opened.close()
        return found

    return read

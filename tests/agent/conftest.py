"""The sample shop, imported once for all agent tests: words-only index, rule extraction, no model file needed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from agent.runtime import Runtime
from huaxiang.extract.rules import extract_rules
from huaxiang.features.summary import build_summaries
from huaxiang.ingest.importer import import_paths
from huaxiang.ledger.build import build_profiles
from huaxiang.models.encoder import HashEncoder
from huaxiang.store.shop import Shop

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shops") / "sample"
    shop = Shop.create(folder, settings={"timezone": "Asia/Shanghai", "today": date(2026, 6, 30)})
    files = [
        path
        for path in sorted((ROOT / "sample").iterdir())
        if path.suffix in (".csv", ".jsonl") and path.stem != "brands"
    ]
    import_paths(shop, files)
    build_summaries(shop)
    build_profiles(shop)
    extract_rules(shop)
    shop.close()
    return folder


@pytest.fixture(scope="session")
def runtime_once(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """One runtime for tests that only ask and change nothing."""
    folder = tmp_path_factory.mktemp("once") / "sample"
    shutil.copytree(sample_folder, folder)
    with Runtime.open(folder, overrides={"llm.kind": "none"}) as opened:
        opened.index.use(HashEncoder())
        yield opened


@pytest.fixture
def runtime(sample_folder: Path, tmp_path: Path) -> Iterator[Runtime]:
    folder = tmp_path / "sample"
    shutil.copytree(sample_folder, folder)
    opened = Runtime.open(folder, overrides={"llm.kind": "none"})
    opened.index.use(HashEncoder())
    yield opened
    opened.close()

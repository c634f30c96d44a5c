"""The shops that suites ask about: the sample, a generated one, or a folder of data; made complete in a given folder."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from huaxiang.errors import DataError
from huaxiang.extract.rules import extract_rules
from huaxiang.features.summary import build_summaries
from huaxiang.ingest.importer import import_paths
from huaxiang.ledger.build import build_profiles
from huaxiang.store.shop import Shop

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
_GENERATED = re.compile(r"generated:(\w+):(\d+)$")


def make(name: str, folder: Path, *, data: Path | None = None) -> Path:
    """A shop of this name in `folder`: imported, summarised, profiled, embedded. Seconds to minutes.

    Args:
        name: `sample`; `generated:KIND:SEED`; or the name of a folder of data.
        folder: where to make it; must not exist or be empty.
        data: the folder that holds the data (or itself is it).

    Raises:
        DataError: there is no such data.
    """
    if name == "sample":
        settings: dict[str, object] = {"timezone": "Asia/Shanghai", "today": date(2026, 6, 30)}
        tables = sorted((ROOT / "sample").iterdir())
        paths = [path for path in tables if path.suffix in (".csv", ".jsonl") and path.stem != "brands"]
    elif match := _GENERATED.match(name):
        from evaluation.generated import write_shop

        source = folder.with_name(folder.name + "-tables")
        settings, paths = write_shop(match[1], int(match[2]), source)
    else:
        settings, paths = {}, [_found(name, data)]
    shop = Shop.create(folder, settings=settings)
    try:
        import_paths(shop, paths)
        build_summaries(shop)
        build_profiles(shop)
        extract_rules(shop)
        from vectorstore.index import Index

        with Index.open(shop) as index:
            index.build()
    finally:
        shop.close()
    return folder


def _found(name: str, data: Path | None) -> Path:
    for one in (data / name if data else None, data, DATA / name):
        if one is not None and one.exists() and one.name == name:
            return one
    raise DataError(f"the suite's data {name!r} is not here", hint="give the folder that holds it: --data DIR")

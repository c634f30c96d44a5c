"""Figures over records: what counts as one order."""

from __future__ import annotations

from pathlib import Path

from huaxiang.ingest.importer import import_paths
from huaxiang.store.shop import Shop
from tools import query_records
from tools.base import Deps


def test_orders_without_a_number_of_two_customers_on_one_day_are_two(tmp_path: Path) -> None:
    table = tmp_path / "orders.csv"
    table.write_text("customer_id,occurred_at,item_id,amount,currency\na,2025-03-01,x,5,EUR\nb,2025-03-01,x,7,EUR\n")
    shop = Shop.create(tmp_path / "shop", settings={})
    import_paths(shop, [table], kind="order")
    deps = Deps(shop=shop, index=None, sentiment=lambda: None)  # type: ignore[arg-type]
    found = query_records.query_records(query_records.Args(group_by="year", measure="orders"), deps)
    assert [row.value for row in found.rows] == [2.0]
    shop.close()

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml

from huaxiang.ingest.importer import import_paths
from huaxiang.ledger import build, project
from huaxiang.store.shop import Shop

SAMPLE = Path(__file__).resolve().parents[3] / "sample"
COMPUTED = (
    "spend_minor", "first_order_on", "last_order_on", "top_category", "top_brand", "discount_share", "avg_rating", "open_ticket",
)  # fmt: skip


def test_computed_fields_of_the_sample_shop_agree_with_its_gold(tmp_path):
    shop = Shop.create(tmp_path / "shop", settings={"timezone": "Asia/Shanghai", "today": date(2026, 6, 30)})
    names = ("products.csv", "customers-zh.csv", "customers-en.csv", "events-zh.jsonl", "events-en.jsonl")
    import_paths(shop, [SAMPLE / name for name in names])
    shop.forget_today()
    build.build_profiles(shop)
    gold = yaml.safe_load((SAMPLE / "gold.yaml").read_text(encoding="utf-8"))
    wrong, right = [], 0
    for customer, profile in project.profiles(shop, list(gold)).items():
        have = {one.name: one.value for one in profile.traits}
        for fact in gold[customer]["true"]:
            if fact["field"] in COMPUTED:
                got, want = have.get(fact["field"]), fact["value"]
                same = abs(got - want) < 1e-3 if isinstance(want, float) and got is not None else got == want
                right += same
                wrong += [] if same else [(customer, fact["field"], got, want)]
    assert wrong == []
    assert right > 200

"""The sample shop's profiles against its gold: which fields are right, which are wrong, which are missing.

Verdicts are those of `evaluation.judged`; gold does not list every small liking, so some values are not judged. Only facts
about the customer count, not about those they buy for.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from evaluation.judged import Facts, Judged
from evaluation.judged import judge as judge_one
from huaxiang.extract.rules import extract_rules
from huaxiang.ingest.importer import import_paths
from huaxiang.ledger import build as building
from huaxiang.ledger import project
from huaxiang.store.shop import Shop

SAMPLE = Path(__file__).resolve().parents[1] / "sample"
FILES = ("products.csv", "customers-zh.csv", "customers-en.csv", "events-zh.jsonl", "events-en.jsonl")


def build(folder: Path) -> Shop:
    """The sample shop in `folder`, profiles by rules only."""
    shop = Shop.create(folder, settings={"timezone": "Asia/Shanghai", "today": date(2026, 6, 30)})
    import_paths(shop, [SAMPLE / name for name in FILES])
    shop.forget_today()
    building.build_profiles(shop)
    extract_rules(shop)
    return shop


def load_gold() -> dict[str, dict[str, Any]]:
    """Gold by customer; every customer has `true`, most have `unknown` and `not`."""
    data = yaml.safe_load((SAMPLE / "gold.yaml").read_text(encoding="utf-8"))
    return {str(customer): case for customer, case in data.items()}


def judge(shop: Shop, *, computed: bool = False) -> list[Judged]:
    """Every held value of the customers in gold, and every true fact that is missing: of fields read in texts.

    Args:
        shop: made by `build`.
        computed: the fields that are computed from records too. Of those gold lists some: what it does not list is left out.
    """
    pack, gold = project.pack_of(shop), load_gold()
    stated = {name for name, spec in pack.fields.items() if "stated" in spec.bases}
    found: list[Judged] = []
    for customer, profile in project.profiles(shop, list(gold)).items():
        case, language = gold[customer], "zh" if customer < "C100" else "en"
        unknown = case.get("unknown") or []
        true = [(fact["field"], fact["value"]) for fact in case["true"] if computed or fact["field"] in stated]
        traps = [(fact["field"], fact["value"]) for fact in case.get("not") or []]
        listed = stated | ({name for name, _ in [*true, *traps]} | set(unknown) if computed else set())
        held = [
            (t.name, _of_gold(t.value, true, t.name)) for t in profile.traits if t.for_whom is None and t.name in listed
        ]
        found += judge_one(pack, customer, language, Facts(true, traps, unknown), held)
    return found


def _of_gold(value: Any, true: list[tuple[str, Any]], name: str) -> Any:
    """Gold rounds its averages and shares to four digits."""
    if isinstance(value, float):
        return next((one for field, one in true if field == name and _near(one, value)), value)
    return value


def _near(told: Any, held: float) -> bool:
    return isinstance(told, int | float) and abs(told - held) < 1e-3

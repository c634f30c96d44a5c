"""Texts with what they say of their writer: 120 of dev and 120 held out, zh and en, written by authors who had not seen the code.

A case is a review (with its product) or a message, and gold: `true` facts, and `not`: what a hasty reader would conclude.
The held-out file is never read by whoever works on the rules; its SHA-256 stands beside it, and only figures are printed.
"""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from evaluation.judged import Facts, Judged, judge
from huaxiang.errors import DataError
from huaxiang.extract.rules import extract_rules
from huaxiang.ingest.importer import import_paths
from huaxiang.ledger import project
from huaxiang.store.shop import Shop

FOLDER = Path(__file__).parent
PARTS = ("dev", "heldout")
PACKS = "retail+fashion+electronics+beauty+food"


@dataclass(frozen=True)
class Case:
    """One text; `item` and `category` are empty where it is about no product."""

    case_id: str
    language: str
    kind: str
    text: str
    rating: float | None
    item: str
    category: str
    facts: Facts


def load(part: str) -> list[Case]:
    """The cases of `dev` or `heldout`.

    Raises:
        DataError: the held-out file is not the one whose digest stands beside it.
    """
    path = FOLDER / f"trait_texts_{part}.yaml"
    raw = path.read_bytes()
    digest = path.with_suffix(".sha256")
    if digest.exists() and digest.read_text(encoding="utf-8").split()[0] != hashlib.sha256(raw).hexdigest():
        raise DataError(f"{path.name} is not the file that was held out", hint="take it from the repository again")
    return [_case(row) for row in yaml.safe_load(raw)["cases"]]


def build(cases: list[Case], folder: Path) -> Shop:
    """A shop in `folder` in which each case is a customer; read by the rules."""
    shop = Shop.create(folder / "shop", settings={"today": date(2026, 6, 30), "currency": "CNY", "field_pack": PACKS})
    with (folder / "products.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["item_id", "title", "title_en", "category"])
        for one in cases:
            if one.item:
                zh = one.language == "zh"
                writer.writerow([f"P-{one.case_id}", one.item if zh else "", "" if zh else one.item, one.category])
    (folder / "events.jsonl").write_text(
        "\n".join(json.dumps(_event(one), ensure_ascii=False) for one in cases), "utf-8"
    )
    import_paths(shop, [folder / "products.csv", folder / "events.jsonl"])
    extract_rules(shop)
    return shop


def verdicts(shop: Shop, cases: list[Case]) -> list[Judged]:
    """What the profiles of this shop hold against what the texts say."""
    pack = project.pack_of(shop)
    stated = {name for name, spec in pack.fields.items() if "stated" in spec.bases}
    profiles = project.profiles(shop, [one.case_id for one in cases])
    found: list[Judged] = []
    for one in cases:
        held = {
            (t.name, _key(t.value)) for t in profiles[one.case_id].traits if t.for_whom is None and t.name in stated
        }
        found += judge(pack, one.case_id, one.language, one.facts, held)
    return found


def _case(row: dict[str, Any]) -> Case:
    true = [(fact["field"], _told(fact["value"])) for fact in row.get("true") or []]
    traps = [(fact["field"], _told(fact["value"])) for fact in row.get("not") or []]
    return Case(
        row["id"], row["language"], row["kind"], row["text"], row.get("rating"), row.get("item") or "", row.get("category") or "",
        Facts(true, traps),
    )  # fmt: skip


def _told(value: Any) -> str:
    words = str(value)
    return words.capitalize() if words.casefold() in ("true", "false") else words


def _key(value: Any) -> Any:
    return next(iter(value.values())) if isinstance(value, dict) else value


def _event(one: Case) -> dict[str, Any]:
    event: dict[str, Any] = {
        "source_id": one.case_id, "kind": one.kind, "customer_id": one.case_id, "occurred_at": "2026-05-01 12:00:00", "text": one.text,
    }  # fmt: skip
    if one.item:
        event["item_id"] = f"P-{one.case_id}"
    if one.rating is not None:
        event["rating"] = one.rating
    return event

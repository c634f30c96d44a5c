"""The sample shop's profiles against its gold: which stated fields are right, which are wrong, which are missing.

Gold judges a held value `right` (it is among the customer's true facts), `wrong` (a named trap, a field that is unknown, or
a single-valued field with another true value) or not at all (gold does not list every small liking). Only facts about the
customer count, not about those they buy for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml

from huaxiang.extract.rules import extract_rules
from huaxiang.ingest.importer import import_paths
from huaxiang.ledger import build as building
from huaxiang.ledger import project
from huaxiang.ledger.whose import find
from huaxiang.schema.pack import FieldPack, Term
from huaxiang.store.shop import Shop

SAMPLE = Path(__file__).resolve().parents[1] / "sample"
FILES = ("products.csv", "customers-zh.csv", "customers-en.csv", "events-zh.jsonl", "events-en.jsonl")
Verdict = Literal["right", "wrong", "unjudged", "missing"]


@dataclass(frozen=True)
class Judged:
    """One value of one customer's field; `missing` is a true fact that no held value gives."""

    customer_id: str
    language: str
    field: str
    value: str
    verdict: Verdict


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


def judge(shop: Shop) -> list[Judged]:
    """Every held stated value of the customers in gold, and every true stated fact that is missing."""
    pack, gold = project.pack_of(shop), load_gold()
    stated = {name for name, spec in pack.fields.items() if "stated" in spec.bases}
    found: list[Judged] = []
    for customer, profile in project.profiles(shop, list(gold)).items():
        case, language = gold[customer], "zh" if customer < "C100" else "en"
        true = [(fact["field"], _spellings(pack, fact)) for fact in case["true"] if fact["field"] in stated]
        traps = {(fact["field"], one) for fact in case.get("not") or [] for one in _spellings(pack, fact)}
        held = {(t.name, _plain(t.value)) for t in profile.traits if t.for_whom is None and t.name in stated}
        for name, value in sorted(held):
            verdict = _verdict(pack, name, value, true=true, traps=traps, unknown=case.get("unknown") or [])
            found.append(Judged(customer, language, name, value, verdict))
        for name, spellings in true:
            if not any((name, one) in held for one in spellings):
                found.append(Judged(customer, language, name, sorted(spellings)[0], "missing"))
    return found


def _verdict(
    pack: FieldPack, name: str, value: str, *, true: list[tuple[str, set[str]]], traps: set[tuple[str, str]], unknown: list[str]
) -> Verdict:  # fmt: skip
    same = [spellings for field, spellings in true if field == name]
    if any(value in spellings for spellings in same):
        return "right"
    single = name in pack.fields and pack.fields[name].type != "set"
    return "wrong" if (name, value) in traps or name in unknown or (same and single) else "unjudged"


def _spellings(pack: FieldPack, fact: dict[str, Any]) -> set[str]:
    """The ways to write a gold value: its own words, sizes without their system, and the known value its words name."""
    name, words = fact["field"], _plain(fact["value"])
    short = words.removeprefix("US ").removeprefix("EU ").removesuffix(" wide")
    found = {words, short}
    if name in pack.fields:
        named = {value: max(map(len, told)) for value, term in pack.terms(name).items() if (told := _in(term, short))}
        found |= {value for value, length in named.items() if length == max(named.values())}
    return found


def _in(term: Term, words: str) -> list[str]:
    return [spelling for spelling in term.spellings if find(words, spelling) >= 0]


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return _plain(next(iter(value.values())))
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)

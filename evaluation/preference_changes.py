"""Two hundred preference changes: after a customer writes that something changed, does the profile say so, and only so?

The cases are ours (`preference_changes.yaml`): a profile a few months old, one new sentence, and what must hold after.
Each case is a customer of one shop; the new sentence is read by the rules and written through the ledger as any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from huaxiang import ids
from huaxiang.extract.rules import extract_rules
from huaxiang.ledger import project, write
from huaxiang.schema.trait import Citation, Profile, Trait
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

CASES = Path(__file__).with_suffix(".yaml")
DEV = CASES.with_stem(CASES.stem + "_dev")
BEFORE, SAID, TODAY = datetime(2025, 12, 1, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC), date(2026, 3, 6)
Values = dict[str, list[Any]]


@dataclass(frozen=True)
class Case:
    """One change; the keys of `wanted` may name several fields, `a|b`, any of which will do."""

    case_id: str
    language: str
    before: Values
    said: str
    wanted: Values
    gone: Values
    may: Values


@dataclass(frozen=True)
class Outcome:
    """What became of one case. `missing` and `kept` are what should hold and does not, and the reverse; `touched` the rest."""

    case: Case
    missing: tuple[str, ...]
    kept: tuple[str, ...]
    touched: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Nothing missing, nothing left over, nothing else changed."""
        return not (self.missing or self.kept or self.touched)


def load(part: str, path: Path = CASES) -> list[Case]:
    """The cases of `tuning` or `heldout`."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))[part]
    return [
        Case(
            row["id"], row["id"][:2], row["before"], row["said"], row.get("set", {}), row.get("gone", {}), row.get("may", {})
        )
        for row in rows
    ]  # fmt: skip


def run(cases: Sequence[Case], folder: Path) -> list[Outcome]:
    """Play the cases in a new shop in `folder` and compare; no model is asked.

    Raises:
        DataError: a case's profile does not fit the field pack.
    """
    shop = Shop.create(folder, settings={"today": TODAY, "currency": "CNY"})
    try:
        _write_events(shop, cases)
        _write_profiles(shop, cases)
        extract_rules(shop)
        profiles = project.profiles(shop, [case.case_id for case in cases])
        return [compare(case, profiles[case.case_id]) for case in cases]
    finally:
        shop.close()


def compare(case: Case, profile: Profile) -> Outcome:
    """What a profile holds against what the case wants."""
    held = {(trait.name, _key(trait.value)) for trait in profile.traits if trait.for_whom is None}
    missing: list[str] = []
    explained: set[tuple[str, str]] = set(_pairs(case.may)) | set(_pairs(case.gone))
    for names, values in case.wanted.items():
        for value in values:
            options = {(name, _key(value)) for name in names.split("|")}
            explained |= options
            if not options & held:
                missing.append(f"{names}={value}")
        # a new value of a single-valued field takes the old one's place
        explained |= {pair for pair in _pairs(case.before) if pair[0] in names.split("|") and _single(pair[0])}
    kept = [f"{name}={value}" for name, value in _pairs(case.gone) if (name, value) in held]
    before = set(_pairs(case.before))
    touched = [f"{name}={value}" for name, value in sorted(before ^ held) if (name, value) not in explained]
    return Outcome(case, tuple(missing), tuple(kept), tuple(touched))


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Shares over cases: right slot and value, deletions done, and how many untouched fields changed."""
    changed = [one for one in outcomes if one.case.wanted]
    ended = [one for one in outcomes if one.case.gone]
    return {
        "cases": len(outcomes),
        "slot_and_value": share(sum(not one.missing for one in changed), len(changed)),
        "deleted": share(sum(not one.kept for one in ended), len(ended)),
        "untouched_changed": sum(len(one.touched) for one in outcomes),
        "all_right": share(sum(one.good for one in outcomes), len(outcomes)),
    }


def share(right: int, of: int) -> dict[str, Any]:
    """A count as a share."""
    return {"right": right, "of": of, "share": round(right / of, 4) if of else None}


def _write_events(shop: Shop, cases: Sequence[Case]) -> None:
    rows = [(case.case_id, which, at, words) for case in cases for which, at, words in _texts(case)]
    with shop.begin() as connection:
        connection.execute(
            t.customers.insert(), [{"customer_id": case.case_id, "flags": "", "attrs": "{}"} for case in cases]
        )
        connection.execute(
            t.events.insert(),
            [
                {
                    "event_id": _event(case, which), "customer_id": case, "kind": "message", "occurred_at": int(at.timestamp()),
                    "speaker": "customer" if which == "said" else "staff", "has_text": 1, "attrs": "{}", "flags": "",
                    "source_file": CASES.name, "source_row": n, "batch_id": "cases", "source_id": f"{case}-{which}",
                }
                for n, (case, which, at, _) in enumerate(rows)
            ],
        )  # fmt: skip
        connection.execute(
            t.evidence.insert(),
            [
                {
                    "evidence_id": ids.text_evidence_id(_event(case, which)), "customer_id": case, "kind": "text", "event_id": _event(case, which),
                    "occurred_at": int(at.timestamp()), "language": case[:2], "clean": words, "flags": "",
                }
                for case, which, at, words in rows
            ],
        )  # fmt: skip


def _texts(case: Case) -> Iterator[tuple[str, datetime, str]]:
    yield "before", BEFORE, "as told before"
    yield "said", SAID, case.said


def _write_profiles(shop: Shop, cases: Sequence[Case]) -> None:
    pack = project.pack_of(shop)
    with shop.begin() as connection:
        for case in cases:
            cited = (
                Citation(evidence_id=ids.text_evidence_id(_event(case.case_id, "before")), quote="as told", end=7),
            )
            traits = [
                Trait(
                    trait_id="", customer_id=case.case_id, name=name, value={"CNY": value} if name == "budget_minor" else value,
                    basis="stated", evidence=cited, method="given", valid_from=int(BEFORE.timestamp()), recorded_at=0,
                )
                for name, values in case.before.items() for value in values
            ]  # fmt: skip
            write.assert_traits(connection, case.case_id, traits, pack=pack, actor="evaluation")


def _event(case_id: str, which: str) -> str:
    return ids.event_id(f"{case_id}-{which}")


def _pairs(values: Mapping[str, Sequence[Any]]) -> list[tuple[str, str]]:
    return [(name, _key(value)) for name, many in values.items() for value in many]


def _key(value: Any) -> str:
    if isinstance(value, dict):  # money: the amount tells, the case names no currency
        return _key(next(iter(value.values())))
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _single(name: str) -> bool:
    from huaxiang.schema.pack import load_pack

    return load_pack("retail").field(name).type != "set"

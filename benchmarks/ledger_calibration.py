"""Generated histories whose truth is known: how often a field believed at 0.8 is right. For `benchmarks/ledger.py`.

A person has true values that may change; sources speak of them at random times, and are wrong at random. The parameters
of a person (how steady they are, how careful their sources) are drawn anew for each, so the confidence formula cannot
know them. `--fit` searches its parameters on seeds that the measurement never uses.
"""

from __future__ import annotations

import itertools
import json
import math
import random
from dataclasses import dataclass
from typing import Any

from huaxiang.ledger import confidence, project
from huaxiang.ledger.entries import Entry, encode, trait_id
from huaxiang.ledger.replay import replay
from huaxiang.schema.pack import FieldPack, load_pack

DAY = 86_400
NOW = 1_780_000_000
SPAN_DAYS = 1_500
TRAIN, TEST = 11, 77
"""Seeds: parameters are fitted on the first and measured on the second."""
ERRORS = {"stated": (0.02, 0.12), "inferred": (0.2, 0.45), "staff": (0.0, 0.04)}
"""How often a source of this basis is wrong: drawn for each person from this range."""
FIELDS: dict[str, tuple[Any, ...]] = {
    "clothing_size": ("S", "M", "L", "XL", "XXL"), "shoe_size": tuple(range(36, 46)), "skin_type": ("dry", "oily", "sensitive", "combination"),
    "prefers_contact": ("sms", "phone", "email"), "likes": ("coffee", "tea", "blue", "rose", "mint", "chocolate", "honey", "red"),
    "avoids_material": ("wool", "down", "leather", "nylon", "latex", "silk"), "has_pet": ("cat", "dog", "bird", "fish"),
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One person's truth: values of a field over time, as (from day, value); `None`: holds no more."""

    steady: float
    errors: dict[str, float]


def run(customers: int, *, fit: bool) -> int:
    """Measure (and first fit) the calibration; 1 when the expected calibration error is above 0.05."""
    pack = load_pack("retail")
    if fit:
        _fit(pack, customers)
    pairs = labelled(pack, customers, TEST)
    error = report("generated histories, seeds not fitted on", pairs)
    return 0 if error <= 0.05 and len(pairs) >= 500 else 1


def labelled(pack: FieldPack, customers: int, seed: int) -> list[tuple[float, bool]]:
    """Confidence of every held trait of these simulated customers, and whether it is true on the day of asking."""
    rng = random.Random(seed)
    pairs: list[tuple[float, bool]] = []
    for number in range(customers):
        customer = f"S{number}"
        person = Person(rng.uniform(0.25, 0.6), {basis: rng.uniform(*ERRORS[basis]) for basis in ERRORS})
        entries: list[Entry] = []
        truth: dict[str, set[str]] = {}
        for name, values in FIELDS.items():
            said, now = _field(rng, pack, customer, name, values, person)
            entries += said
            truth[name] = {encode(one) for one in now}
        outcome = project.project(pack, customer, replay(entries), NOW)
        pairs += [(x.confidence, encode(x.value) in truth[x.name]) for x in outcome.traits]
    return pairs


def _field(
    rng: random.Random, pack: FieldPack, customer: str, name: str, values: tuple[Any, ...], person: Person
) -> tuple[list[Entry], list[Any]]:
    """What is said of one field over time, and what is true of it now."""
    spec = pack.fields[name]
    half_life = spec.half_life_days or 1_000.0
    entries: list[Entry] = []
    if spec.merge == "union":
        held = [one for one in values if rng.random() < 0.3]
        now = []
        for value in held:
            ends = _until(rng, half_life, person)
            now += [value] if ends is None else []
            for day in _days(rng):
                if ends is None or day < ends:
                    entries.append(_say(rng, customer, name, value, values, day, person))
        return entries, now
    days = sorted(_days(rng))
    value, changes = rng.choice(values), []
    steady = rng.random() < person.steady
    day = 0.0
    while not steady:
        day += rng.expovariate(math.log(2) / half_life)
        if day > SPAN_DAYS:
            break
        changes.append((day, rng.choice(values)))
    for day in days:
        true = next((v for at, v in reversed(changes) if at <= day), value)
        entries.append(_say(rng, customer, name, true, values, day, person))
    return entries, [next((v for at, v in reversed(changes)), value)]


def _until(rng: random.Random, half_life: float, person: Person) -> float | None:
    """The day a taste ends; None: it does not within the time looked at."""
    if rng.random() < person.steady:
        return None
    day = rng.expovariate(math.log(2) / half_life)
    return day if day < SPAN_DAYS else None


def _days(rng: random.Random) -> list[float]:
    return [rng.uniform(0, SPAN_DAYS) for _ in range(rng.choices((0, 1, 2, 3, 5), (4, 5, 3, 2, 1))[0])]


def _say(
    rng: random.Random, customer: str, name: str, true: Any, values: tuple[Any, ...], day: float, person: Person
) -> Entry:
    basis: Any = rng.choices(("stated", "inferred", "staff"), (7, 2, 1))[0]
    wrong = rng.random() < person.errors[basis]
    value = rng.choice([one for one in values if one != true]) if wrong else true
    source = f"t{rng.getrandbits(80):020x}"
    return Entry(
        op="assert", trait_id=trait_id(customer, name, value, basis=basis, for_whom=None, evidence=[source]), name=name,
        value=encode(value), basis=basis, evidence=encode([{"evidence_id": source, "quote": "x", "start": 0, "end": 1}]),
        method="made", valid_from=int(NOW - (SPAN_DAYS - day) * DAY),
    )  # fmt: skip


def ece(pairs: list[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error: the mean distance between belief and truth over equally wide bins, weighed by size.

    Source:
        Guo, Pleiss, Sun & Weinberger (2017), "On Calibration of Modern Neural Networks", equation 3.
    """
    groups: dict[int, list[tuple[float, bool]]] = {}
    for belief, right in pairs:
        groups.setdefault(min(bins - 1, int(belief * bins)), []).append((belief, right))
    return sum(abs(sum(b for b, _ in group) - sum(right for _, right in group)) for group in groups.values()) / max(
        1, len(pairs)
    )


def report(title: str, pairs: list[tuple[float, bool]]) -> float:
    """Print the reliability diagram with Wilson intervals, and the error with its bootstrap interval."""
    error = ece(pairs)
    rng = random.Random(3)
    draws = sorted(ece([rng.choice(pairs) for _ in pairs]) for _ in range(200)) if pairs else [0.0]
    print(f"{title}: {len(pairs)} traits, {sum(r for _, r in pairs)} right")
    print("belief        n   mean belief   right   95 % interval")
    for low in range(10):
        group = [(b, r) for b, r in pairs if min(9, int(b * 10)) == low]
        if group:
            n, right = len(group), sum(r for _, r in group)
            mean = sum(b for b, _ in group) / n
            a, z = _wilson(right, n)
            bar = "#" * round(20 * right / n)
            print(
                f"{low / 10:.1f}-{low / 10 + 0.1:.1f}  {n:6d}        {mean:.3f}   {right / n:.3f}   {a:.2f}-{z:.2f}  {bar}"
            )
    low, high = draws[int(len(draws) * 0.025)], draws[int(len(draws) * 0.975) - 1]
    print(
        json.dumps(
            {
                "benchmark": title,
                "traits": len(pairs),
                "ece": round(error, 4),
                "ece_95": [round(low, 4), round(high, 4)],
            }
        )
    )
    return error


def _wilson(right: int, n: int) -> tuple[float, float]:
    z, p = 1.96, right / n
    centre, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (centre - half) / (1 + z * z / n)), min(1.0, (centre + half) / (1 + z * z / n))


def _fit(pack: FieldPack, customers: int) -> None:
    """Try parameters on the training seed and print the best; they are copied into `confidence.py` by hand."""
    best: tuple[float, tuple[float, ...]] | None = None
    grid = itertools.product((0.85, 0.89, 0.93), (0.6, 0.68, 0.75), (0.5, 0.8, 1.1), (0.9, 1.3), (0.42, 0.5, 0.58))
    for stated, inferred, sources, against, steady in grid:
        confidence.BASE.update({"stated": stated, "inferred": inferred})
        confidence.SOURCES, confidence.AGAINST, confidence.STEADY = sources, against, steady
        pairs = labelled(pack, customers, TRAIN)
        loss = -sum(math.log(max(1e-6, b if right else 1 - b)) for b, right in pairs) / len(pairs)
        if best is None or loss < best[0]:
            best = (loss, (stated, inferred, sources, against, steady))
            print(
                f"log loss {loss:.4f}  stated {stated} inferred {inferred} sources {sources} against {against} steady {steady}"
            )
    assert best is not None
    stated, inferred, confidence.SOURCES, confidence.AGAINST, confidence.STEADY = best[1]
    confidence.BASE.update({"stated": stated, "inferred": inferred})

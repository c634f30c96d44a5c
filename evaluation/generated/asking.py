"""What makers of questions share: the question with its gold, and how records are summed up for it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluation.generated import words
from evaluation.generated.shop import Person, World


@dataclass
class Ask:
    """What a template needs, and what is right. `slots` by language; `expect` as in a suite's case."""

    about: str
    slots: dict[str, dict[str, str]]
    expect: dict[str, Any]
    turns: str | None = None
    only: str | None = field(default=None)
    """The language that the question must be in (an English misspelling is none in Chinese)."""


Maker = Callable[[random.Random, World, str], "Ask | None"]


def slots(**both: Any) -> dict[str, dict[str, str]]:
    """The same slots in both languages, unless a value is a pair (zh, en)."""
    return {
        language: {name: value[place] if isinstance(value, tuple) else str(value) for name, value in both.items()}
        for place, language in enumerate(("zh", "en"))
    }


def sources(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The rows' source ids."""
    return [one["source_id"] for one in rows]


def day(row: dict[str, Any]) -> str:
    """The row's local day, ISO."""
    return str(row["occurred_at"])[:10]


def titles(item_id: str) -> tuple[str, str]:
    """An item's titles without the brand, (zh, en)."""
    thing = words.BY_KEY[item_id.lower()]
    return thing.zh.split(maxsplit=1)[1], thing.en.split(maxsplit=1)[1]


def either(item_id: str) -> list[str]:
    """An item's titles as alternatives of which one must appear."""
    return list(titles(item_id))


def total(rows: Sequence[dict[str, Any]]) -> float:
    """What the rows' amounts add up to."""
    return round(sum(float(one["amount"]) for one in rows), 2)


def some(rng: random.Random, world: World, language: str, fits: Callable[[Person], object]) -> Person | None:
    """A customer of the language that fits and whose name is unique; None if there is none."""
    people = [one for one in world.unique(language) if fits(one)]
    return rng.choice(people) if people else None


def orders_of(world: World, person: Person) -> list[list[dict[str, Any]]]:
    """Order lines by order, oldest first."""
    by_id: dict[str, list[dict[str, Any]]] = {}
    for one in world.of(person, "order"):
        by_id.setdefault(one["order_id"], []).append(one)
    return list(by_id.values())

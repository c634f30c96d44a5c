"""Questions on records: dates, counts, sums, comparisons, who bought what; with follow-ups and misspelt names."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from evaluation.generated import words
from evaluation.generated.asking import Ask, day, either, orders_of, slots, some, sources, titles, total
from evaluation.generated.shop import Person, World


def last_order(rng: random.Random, world: World, language: str) -> Ask | None:
    """The day of the last order."""
    person = some(rng, world, language, lambda one: True)
    if person is None:
        return None
    lines = orders_of(world, person)[-1]
    expect = {"scope": [person.id], "dates": [day(lines[0])], "cites": sources(lines)}
    return Ask(person.language, slots(name=person.name), expect)


def first_order(rng: random.Random, world: World, language: str) -> Ask | None:
    """The day of the first order."""
    person = some(rng, world, language, lambda one: True)
    if person is None:
        return None
    lines = orders_of(world, person)[0]
    expect = {"scope": [person.id], "dates": [day(lines[0])], "cites": sources(lines)}
    return Ask(person.language, slots(name=person.name), expect)


def order_count(rng: random.Random, world: World, language: str) -> Ask | None:
    """How many orders."""
    person = some(rng, world, language, lambda one: True)
    if person is None:
        return None
    orders = orders_of(world, person)
    lines = [line for order in orders for line in order]
    expect = {"scope": [person.id], "numbers": [len(orders)], "evidence": sources(lines)}
    return Ask(person.language, slots(name=person.name), expect)


def item_count(rng: random.Random, world: World, language: str) -> Ask | None:
    """How many pieces of an item that was bought at least twice."""

    def often(one: Person) -> list[str]:
        times = Counter(line["item_id"] for line in world.of(one, "order"))
        return sorted(item for item, number in times.items() if number > 1)

    person = some(rng, world, language, often)
    if person is None:
        return None
    item = rng.choice(often(person))
    lines = [one for one in world.of(person, "order") if one["item_id"] == item]
    expect = {"scope": [person.id], "numbers": [sum(one["quantity"] for one in lines)], "evidence": sources(lines)}
    return Ask(person.language, slots(name=person.name, item=titles(item)), expect)


def spend(rng: random.Random, world: World, language: str) -> Ask | None:
    """All that was paid."""
    person = some(rng, world, language, lambda one: True)
    if person is None:
        return None
    lines = world.of(person, "order")
    expect = {"scope": [person.id], "numbers": [total(lines)], "evidence": sources(lines)}
    return Ask(person.language, slots(name=person.name), expect)


def spend_in_year(rng: random.Random, world: World, language: str) -> Ask | None:
    """What was paid in one year."""

    def lines(one: Person) -> list[dict[str, Any]]:
        return [line for line in world.of(one, "order") if line["occurred_at"].startswith("2025")]

    person = some(rng, world, language, lambda one: 0 < len(lines(one)) < len(world.of(one, "order")))
    if person is None:
        return None
    expect = {"scope": [person.id], "numbers": [total(lines(person))], "evidence": sources(lines(person))}
    return Ask(person.language, slots(name=person.name, year=2025), expect)


def dearest(rng: random.Random, world: World, language: str) -> Ask | None:
    """The amount of the largest order."""
    person = some(rng, world, language, lambda one: len(orders_of(world, one)) > 2)
    if person is None:
        return None
    lines = max(orders_of(world, person), key=total)
    expect = {"scope": [person.id], "numbers": [total(lines)], "cites": sources(lines)}
    return Ask(person.language, slots(name=person.name), expect)


def bought_when(rng: random.Random, world: World, language: str) -> Ask | None:
    """The day an item was bought that was bought once."""

    def once(one: Person) -> list[dict[str, Any]]:
        times = Counter(line["item_id"] for line in world.of(one, "order"))
        return [line for line in world.of(one, "order") if times[line["item_id"]] == 1]

    person = some(rng, world, language, once)
    if person is None:
        return None
    line = rng.choice(once(person))
    expect = {"scope": [person.id], "dates": [day(line)], "cites": [line["source_id"]]}
    return Ask(person.language, slots(name=person.name, item=titles(line["item_id"])), expect)


def in_order(rng: random.Random, world: World, language: str) -> Ask | None:
    """What an order held, asked by its number."""
    person = some(rng, world, language, lambda one: True)
    if person is None:
        return None
    lines = rng.choice(orders_of(world, person))
    expect = {"scope": [person.id], "all": [either(one["item_id"]) for one in lines], "evidence": sources(lines)}
    return Ask(person.language, slots(order=lines[0]["order_id"]), expect)


def town(rng: random.Random, world: World, language: str) -> Ask | None:
    """Where somebody lives, asked by e-mail."""
    person = some(rng, world, language, lambda one: True)
    if person is None:
        return None
    return Ask(person.language, slots(name=person.email), {"scope": [person.id], "all": [person.town]})


def mean_rating(rng: random.Random, world: World, language: str) -> Ask | None:
    """The mean of the stars, where it is a round number of tenths."""

    def stars(one: Person) -> list[int]:
        return [review["rating"] for review in world.of(one, "review")]

    person = some(rng, world, language, lambda one: len(stars(one)) > 1 and sum(stars(one)) * 10 % len(stars(one)) == 0)
    if person is None:
        return None
    given = stars(person)
    expect = {
        "scope": [person.id],
        "numbers": [sum(given) / len(given)],
        "evidence": sources(world.of(person, "review")),
    }
    return Ask(person.language, slots(name=person.name), expect)


def returned(rng: random.Random, world: World, language: str) -> Ask | None:
    """What was sent back."""
    person = some(rng, world, language, lambda one: world.of(one, "return"))
    if person is None:
        return None
    rows = world.of(person, "return")
    expect = {"scope": [person.id], "all": [either(one["item_id"]) for one in rows], "evidence": sources(rows)}
    return Ask(person.language, slots(name=person.name), expect)


def compare_spend(rng: random.Random, world: World, language: str) -> Ask | None:
    """Which of two paid more, and how much."""
    return _compare(rng, world, language, lambda one: total(world.of(one, "order")))


def compare_orders(rng: random.Random, world: World, language: str) -> Ask | None:
    """Which of two ordered more often."""
    return _compare(rng, world, language, lambda one: float(len(orders_of(world, one))))


def _compare(rng: random.Random, world: World, language: str, value: Callable[[Person], float]) -> Ask | None:
    people = world.unique(language)
    first, second = rng.sample(people, 2)
    if value(first) == value(second):
        return None
    more = max(first, second, key=value)
    lines = sources([*world.of(first, "order"), *world.of(second, "order")])
    expect = {
        "scope": sorted([first.id, second.id]),
        "all": [[more.name, more.id]],
        "numbers": [value(more)],
        "evidence": lines,
    }
    return Ask(first.language, slots(name=first.name, other=second.name), expect)


def buyers(rng: random.Random, world: World, language: str) -> Ask | None:
    """Everybody who bought an item that a few bought."""
    by_item: dict[str, set[str]] = {}
    for one in world.events:
        if one["kind"] == "order":
            by_item.setdefault(one["item_id"], set()).add(one["customer_id"])
    names = {one.id: one.name for one in world.people}
    shared = {name for pair in words.TWINS.values() for name in pair}
    few = [item for item, ids in sorted(by_item.items()) if 2 <= len(ids) <= 5 and not shared & {names[i] for i in ids}]
    if not few:
        return None
    item = rng.choice(few)
    are = [[names[one], one] for one in sorted(by_item[item])]
    among = [[name, one] for one, name in sorted(names.items()) if name not in shared]
    lines = [one["source_id"] for one in world.events if one["kind"] == "order" and one["item_id"] == item]
    return Ask(language, slots(item=titles(item)), {"members": {"are": are, "among": among}, "evidence": lines})


def most_orders(rng: random.Random, world: World, language: str) -> Ask | None:
    """Who ordered most often of all, where one alone did."""
    counts = {one.id: len(orders_of(world, one)) for one in world.people}
    best = [one for one in world.people if counts[one.id] == max(counts.values())]
    if len(best) != 1:
        return None
    lines = sources(world.of(best[0], "order"))
    expect = {"all": [[best[0].name, best[0].id]], "numbers": [counts[best[0].id]], "evidence": lines}
    return Ask(best[0].language, slots(), expect)


def follow_up(rng: random.Random, world: World, language: str) -> Ask | None:
    """How much the last order was, after asking when it was."""
    person = some(rng, world, language, lambda one: True)
    if person is None:
        return None
    lines = orders_of(world, person)[-1]
    expect = {"scope": [person.id], "numbers": [total(lines)], "cites": sources(lines)}
    return Ask(person.language, slots(name=person.name), expect, turns="last_order")


def follow_up_first(rng: random.Random, world: World, language: str) -> Ask | None:
    """The day of the first order, after asking how much was spent."""
    person = some(rng, world, language, lambda one: True)
    if person is None:
        return None
    lines = orders_of(world, person)[0]
    expect = {"scope": [person.id], "dates": [day(lines[0])], "cites": sources(lines)}
    return Ask(person.language, slots(name=person.name), expect, turns="spend")


def misspelt(rng: random.Random, world: World, language: str) -> Ask | None:
    """The last order of somebody whose name is misspelt: two letters swapped, or a character that sounds the same."""
    person = some(
        rng, world, language, lambda one: language == "en" or any(c in words.HOMOPHONES for c in one.name[1:])
    )
    if person is None:
        return None
    lines = orders_of(world, person)[-1]
    wrong = misspell(rng, person.name)
    expect = {"scope": [person.id], "dates": [day(lines[0])], "cites": sources(lines)}
    return Ask(person.language, slots(name=wrong), expect)


def misspell(rng: random.Random, name: str) -> str:
    """A name with one slip."""
    if not name.isascii():
        places = [place for place, char in enumerate(name) if place and char in words.HOMOPHONES]
        place = rng.choice(places)
        return name[:place] + words.HOMOPHONES[name[place]] + name[place + 1 :]
    first, last = name.split(maxsplit=1)
    place = rng.randrange(1, len(last) - 2)
    return f"{first} {last[:place]}{last[place + 1]}{last[place]}{last[place + 2 :]}"

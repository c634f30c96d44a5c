"""A shop made of a seed, of which everything is known: customers, orders, returns, reviews, messages, tickets, zh and en."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from evaluation.generated import words
from evaluation.generated.words import Said, Thing

FIRST, TODAY = date(2024, 7, 1), date(2026, 6, 30)
PEOPLE = 13
"""Customers a language, two of whom share a name."""
BUSIEST = "K010"
"""Orders more often than anybody else, so that there is one answer to who does."""
CURRENCY = {"zh": "CNY", "en": "USD"}
_RATE = 7.0
SAYINGS = {
    ("channel", "zh"): "有事请用{0}联系我。", ("channel", "en"): "Please contact me by {0} if anything comes up.",
    ("channel_new", "zh"): "以后改用{0}联系我吧，别用{1}了。",
    ("channel_new", "en"): "From now on please contact me by {0}, not by {1}.",
    ("avoid", "zh"): "{0}的东西我碰了就痒，别给我推荐{0}的。",
    ("avoid", "en"): "Anything made of {0} makes me itch, so nothing with {0} please.",
    ("return", "zh"): "不合适，退了。", ("return", "en"): "Not what I needed, sending it back.",
    ("ticket", "zh"): "收到的{0}少了配件，请补发。", ("ticket", "en"): "A part was missing from the {0}, please send it.",
    ("solved", "zh"): "已补发配件，顾客确认收到。", ("solved", "en"): "Part sent, customer confirmed it arrived.",
}  # fmt: skip


@dataclass
class Person:
    """A customer and what was planted about them."""

    id: str
    name: str
    language: str
    town: str
    email: str
    phone: str
    joined: date
    channel: str | None = None
    channel_before: str | None = None
    avoids: str | None = None
    trend: int = 0
    sources: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """The whole shop. `events` are rows as they are imported; `opinions` tell what a review says, by its source id."""

    seed: int
    people: list[Person]
    events: list[dict[str, Any]]
    opinions: dict[str, list[tuple[str, int, Said]]]

    def of(self, person: Person, kind: str) -> list[dict[str, Any]]:
        """One customer's events of a kind, oldest first."""
        mine = [one for one in self.events if one["customer_id"] == person.id and one["kind"] == kind]
        return sorted(mine, key=lambda one: one["occurred_at"])

    def unique(self, language: str) -> list[Person]:
        """Customers of a language whose name nobody shares."""
        return [one for one in self.people if one.language == language and one.name not in words.TWINS[language]]

    def write(self, folder: Path) -> list[Path]:
        """The tables as files that the importer reads."""
        folder.mkdir(parents=True, exist_ok=True)
        products, people, events = folder / "products.csv", folder / "customers.csv", folder / "events.jsonl"
        with products.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow("item_id title title_en brand category color material price currency".split())
            for one in words.THINGS:
                brand = one.zh.split()[0]
                table.writerow(
                    [one.key.upper(), one.zh, one.en, brand, one.category, "", one.material, one.price, "CNY"]
                )
        with people.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow("customer_id name aliases email phone city joined_on".split())
            for who in self.people:
                table.writerow([who.id, who.name, "", who.email, who.phone, who.town, who.joined])
        lines = [json.dumps(one, ensure_ascii=False) for one in self.events]
        events.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return [products, people, events]


def make(seed: int) -> World:
    """The shop of this seed: the same seed gives the same shop, byte by byte."""
    rng = random.Random(seed)
    people = [*_people(rng, "zh"), *_people(rng, "en")]
    world = World(seed, people, [], {})
    for person in people:
        _plant(rng, person)
        for one in _life(rng, world, person):
            one["source_id"] = f"G{len(world.events) + 1:04d}"
            world.events.append(one)
            if (key := one.pop("_mark", None)) is not None:
                person.sources[key] = one["source_id"]
            if (said := one.pop("_said", None)) is not None:
                world.opinions[one["source_id"]] = said
    return world


def _people(rng: random.Random, language: str) -> list[Person]:
    pool = words.ZH_NAMES if language == "zh" else words.EN_NAMES
    names = [*rng.sample(pool, PEOPLE - 2), *(words.TWINS[language] * 2)]
    towns = words.ZH_TOWNS if language == "zh" else words.EN_TOWNS
    base = 1 if language == "zh" else 101
    return [
        Person(
            id=f"K{base + number:03d}", name=name, language=language, town=rng.choice(towns),
            email=f"k{base + number:03d}@example.{'cn' if language == 'zh' else 'com'}",
            phone=f"199-0001-{base + number:04d}" if language == "zh" else f"+1 555-01{number + 20:02d}",
            joined=FIRST + timedelta(days=rng.randrange(60)),
        )
        for number, name in enumerate(names)
    ]  # fmt: skip


def _plant(rng: random.Random, person: Person) -> None:
    """What is true of a customer beside their records; the first customers of a language get more of it."""
    place = (int(person.id[1:]) - 1) % 100
    if place < 5:
        channels = [one for one in words.CHANNELS if one != "wechat" or person.language == "zh"]
        person.channel_before, person.channel = rng.sample(channels, 2)
    elif place < 8:
        person.channel = rng.choice(["phone", "email", "sms"])
    if place in (1, 3, 6, 8):
        person.avoids = rng.choice(["wool", "nylon", "cotton"])
    person.trend = {0: -1, 2: 1, 4: -1, 7: 1}.get(place, 0)


def _life(rng: random.Random, world: World, person: Person) -> Iterator[dict[str, Any]]:
    """Everything that happened with a customer, in no particular order."""
    times = 11 if person.id == BUSIEST else rng.randint(7, 9) if person.trend else rng.randint(3, 8)
    days = sorted(rng.sample(range(60, (TODAY - FIRST).days - 40), times))
    regular = rng.choice([one for one in words.THINGS if one.category in ("food", "beauty")])
    for number, day in enumerate(days):
        when = datetime.combine(FIRST + timedelta(days=day), datetime.min.time()) + timedelta(
            minutes=rng.randint(480, 1290)
        )
        order = f"{'KZ' if person.language == 'zh' else 'KE'}{when:%y%m%d}{person.id[1:]}"
        # every third item is rare, so that the buyers of some items are few enough to be listed
        stock = [one for n, one in enumerate(words.THINGS) if one.key != regular.key and (n % 3 or rng.random() < 0.2)]
        things = rng.sample(stock, rng.randint(1, 2))
        if number % 2 == 0 and rng.random() < 0.7:
            things.append(regular)
        for place, thing in enumerate(things):
            yield _row(person, "order", when, item=thing, order_id=order, **_paid(rng, person, thing))
            if place == 0:
                yield from _afterwards(rng, person, thing, order, when, early=number < len(days) / 2)
    yield from _sayings(rng, person)


def _afterwards(
    rng: random.Random, person: Person, thing: Thing, order: str, when: datetime, *, early: bool
) -> Iterator[dict[str, Any]]:
    """A review (always where a trend is planted), now and then a return or a ticket."""
    later = when + timedelta(days=rng.randint(4, 12), minutes=rng.randint(0, 300))
    if person.trend or rng.random() < 0.6:
        good = (early if person.trend < 0 else not early) if person.trend else rng.random() < 0.55
        aspects = rng.sample(words.ASPECTS_OF[thing.category], 1 if rng.random() < 0.6 else 2)
        said = [
            (one, 1 if good else -1, rng.choice(words.OPINIONS[one, 1 if good else -1, person.language]))
            for one in aspects
        ]
        text = (
            "".join(one.text for _, _, one in said)
            if person.language == "zh"
            else " ".join(one.text for _, _, one in said)
        )
        rating = rng.choice([4, 5]) if good else rng.choice([1, 2])
        yield _row(
            person, "review", later, item=thing, rating=5 if good and person.trend else rating, text=text, _said=said
        )
    elif rng.random() < 0.4:
        text = SAYINGS["return", person.language]
        yield _row(person, "return", later, item=thing, order_id=order, text=text, quantity=1, **_price(person, thing))
    if rng.random() < 0.12:
        title = thing.zh if person.language == "zh" else thing.en
        yield _row(person, "ticket", later, order_id=order, status="open", speaker="customer",
                   text=SAYINGS["ticket", person.language].format(title))  # fmt: skip
        if rng.random() < 0.5:
            solved = later + timedelta(days=3)
            yield _row(
                person,
                "ticket",
                solved,
                order_id=order,
                status="solved",
                speaker="staff",
                text=SAYINGS["solved", person.language],
            )


def _sayings(rng: random.Random, person: Person) -> Iterator[dict[str, Any]]:
    """Messages in which the customer says what was planted."""
    column = 0 if person.language == "zh" else 1
    start = datetime(2025, rng.randint(1, 6), rng.randint(1, 28), rng.randint(9, 20), rng.randint(0, 59))
    if person.channel:
        first = words.CHANNELS[person.channel_before or person.channel][column]
        yield _message(
            person,
            start,
            SAYINGS["channel", person.language].format(first),
            "channel_before" if person.channel_before else "channel",
        )
    if person.channel and person.channel_before:
        new, old = (words.CHANNELS[one][column] for one in (person.channel, person.channel_before))
        later = start + timedelta(days=rng.randint(200, 300))
        yield _message(person, later, SAYINGS["channel_new", person.language].format(new, old), "channel")
    if person.avoids:
        material = words.MATERIALS[person.avoids] if person.language == "zh" else person.avoids
        when = start + timedelta(days=rng.randint(20, 150), hours=1)
        yield _message(person, when, SAYINGS["avoid", person.language].format(material), "avoids")


def _message(person: Person, when: datetime, text: str, mark: str) -> dict[str, Any]:
    return _row(person, "message", when, speaker="customer", text=text, _mark=mark)


def _paid(rng: random.Random, person: Person, thing: Thing) -> dict[str, Any]:
    quantity = rng.choice([1, 1, 1, 2, 3])
    each = _each(person, thing)
    discount = round(each * quantity * rng.choice([0, 0, 0, 0.1, 0.2]), 2)
    amount = round(each * quantity - discount, 2)
    return {
        "quantity": quantity,
        "amount": f"{amount:.2f}",
        "currency": CURRENCY[person.language],
        "discount": f"{discount:.2f}",
    }


def _price(person: Person, thing: Thing) -> dict[str, Any]:
    return {"amount": f"{_each(person, thing):.2f}", "currency": CURRENCY[person.language]}


def _each(person: Person, thing: Thing) -> float:
    return thing.price if person.language == "zh" else round(thing.price / _RATE, 0) - 0.01


def _row(person: Person, kind: str, when: datetime, *, item: Thing | None = None, **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "source_id": "",
        "kind": kind,
        "customer_id": person.id,
        "occurred_at": f"{when:%Y-%m-%d %H:%M:%S}",
    }
    if item is not None:
        row["item_id"] = item.key.upper()
    return row | more

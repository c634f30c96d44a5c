"""Questions on what customers wrote (aspects, complaints, wishes, changes of mind), and questions that have no answer."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from evaluation.generated import words
from evaluation.generated.asking import Ask, either, slots, some, sources, titles
from evaluation.generated.shop import Person, World


def trend(rng: random.Random, world: World, language: str) -> Ask | None:
    """Whether ratings rise or fall."""
    person = some(rng, world, language, lambda one: one.trend and len(world.of(one, "review")) > 4)
    if person is None:
        return None
    down = [
        "下降",
        "下滑",
        "变低",
        "降低",
        "走低",
        "变差",
        "越来越低",
        "降到",
        "down",
        "fell",
        "fall",
        "lower",
        "worse",
        "declin",
        "drop",
    ]
    up = [
        "上升",
        "变高",
        "提高",
        "走高",
        "变好",
        "越来越高",
        "升到",
        "up",
        "rose",
        "rise",
        "higher",
        "better",
        "improv",
        "increas",
    ]
    expect = {
        "scope": [person.id],
        "all": [up if person.trend > 0 else down],
        "cites": sources(world.of(person, "review")),
    }
    return Ask(person.language, slots(name=person.name), expect)


def aspect(rng: random.Random, world: World, language: str) -> Ask | None:
    """What somebody says of one aspect of one item."""

    def said(one: Person) -> list[tuple[dict[str, Any], tuple[str, int, words.Said]]]:
        reviews = world.of(one, "review")
        items = Counter(review["item_id"] for review in reviews)
        return [(r, o) for r in reviews if items[r["item_id"]] == 1 for o in world.opinions[r["source_id"]]]

    person = some(rng, world, language, said)
    if person is None:
        return None
    review, (name, _, sentence) = rng.choice(said(person))
    expect = {"scope": [person.id], "all": [sentence.key], "cites": [review["source_id"]]}
    return Ask(
        person.language,
        slots(name=person.name, item=titles(review["item_id"]), aspect=words.ASPECT_NAMES[name]),
        expect,
    )


def complaint(rng: random.Random, world: World, language: str) -> Ask | None:
    """One thing at least that somebody complained of."""

    def bad(one: Person) -> list[dict[str, Any]]:
        return [review for review in world.of(one, "review") if review["rating"] < 3]

    person = some(rng, world, language, bad)
    if person is None:
        return None
    keys = [said.key for review in bad(person) for _, _, said in world.opinions[review["source_id"]]]
    expect = {"scope": [person.id], "all": [keys], "cites": sources(bad(person))}
    return Ask(person.language, slots(name=person.name), expect)


def channel(rng: random.Random, world: World, language: str) -> Ask | None:
    """How somebody wants to be contacted who said it once."""
    person = some(rng, world, language, lambda one: one.channel and not one.channel_before)
    if person is None or person.channel is None:
        return None
    expect = {"scope": [person.id], "all": [_channel_words(person.channel)], "cites": [person.sources["channel"]]}
    return Ask(person.language, slots(name=person.name), expect)


def changed(rng: random.Random, world: World, language: str) -> Ask | None:
    """How somebody wants to be contacted who changed their mind."""
    person = some(rng, world, language, lambda one: one.channel and one.channel_before)
    if person is None or person.channel is None:
        return None
    expect = {"scope": [person.id], "all": [_channel_words(person.channel)], "cites": [person.sources["channel"]]}
    return Ask(person.language, slots(name=person.name), expect)


def _channel_words(name: str) -> list[str]:
    zh, en = words.CHANNELS[name]
    return [zh, en, *(["sms", "text"] if name == "sms" else ["e-mail", "邮箱"] if name == "email" else [])]


def avoids(rng: random.Random, world: World, language: str) -> Ask | None:
    """Which material somebody cannot stand."""
    person = some(rng, world, language, lambda one: one.avoids)
    if person is None or person.avoids is None:
        return None
    expect = {
        "scope": [person.id],
        "all": [[words.MATERIALS[person.avoids], person.avoids]],
        "cites": [person.sources["avoids"]],
    }
    return Ask(person.language, slots(name=person.name), expect)


def recommend(rng: random.Random, world: World, language: str) -> Ask | None:
    """Something to wear for somebody who avoids a material."""
    person = some(rng, world, language, lambda one: one.avoids)
    if person is None:
        return None
    clothes = [one for one in words.THINGS if one.category == "clothing"]
    good = [name for one in clothes if one.material != person.avoids for name in either(one.key)]
    # what they bought may be named in a reason, so only what they never had counts as offered
    had = {one.get("item_id") for one in world.events if one["customer_id"] == person.id}
    bad = [
        name
        for one in words.THINGS
        if one.material == person.avoids and one.key.upper() not in had
        for name in either(one.key)
    ]
    expect = {"scope": [person.id], "all": [good], "none": bad}
    return Ask(person.language, slots(name=person.name, category=words.CATEGORIES["clothing"]), expect)


def _refuse(*reasons: str) -> dict[str, Any]:
    return {"abstained": True, "reasons": list(reasons)}


def _put_right(words_of_denial: list[str]) -> dict[str, Any]:
    """A false premise is refused, or put right: an answer must then say that it was never so."""
    return {"abstained": None, "all": [words_of_denial], "reasons": ["no_evidence"]}


_NOT_RETURNED = [
    "no return",
    "none of",
    "not return",
    "n't return",
    "never returned",
    "没有退",
    "未退",
    "无退货",
    "没退",
    "没有退货记录",
]
_NOT_BOUGHT = ["never bought", "not bought", "n't bought", "not buy", "n't buy", "no order", "never ordered", "not ordered", "no purchase",
               "n't order", "没有买", "没买", "未买", "未购买", "没有购买", "没有下单", "没有订", "没下单"]  # fmt: skip


def ambiguous(rng: random.Random, world: World, language: str) -> Ask | None:
    """A name that two share."""
    name = words.TWINS[language][0]
    return Ask(language, slots(name=name), _refuse("ambiguous"))


def nobody(rng: random.Random, world: World, language: str) -> Ask | None:
    """Somebody who is no customer."""
    return Ask(language, slots(name=rng.choice(words.NOBODY[language])), _refuse("no_such_customer"))


def never_returned(rng: random.Random, world: World, language: str) -> Ask | None:
    """A false premise: when an item was sent back that never was."""
    person = some(rng, world, language, lambda one: not world.of(one, "return"))
    if person is None:
        return None
    line = rng.choice(world.of(person, "order"))
    return Ask(person.language, slots(name=person.name, item=titles(line["item_id"])), _put_right(_NOT_RETURNED))


def never_bought(rng: random.Random, world: World, language: str) -> Ask | None:
    """A false premise: why somebody likes an item that they never bought."""
    person = some(rng, world, language, lambda one: True)
    if person is None:
        return None
    theirs = {one.get("item_id") for one in world.events if one["customer_id"] == person.id}
    item = rng.choice([one.key.upper() for one in words.THINGS if one.key.upper() not in theirs])
    return Ask(person.language, slots(name=person.name, item=titles(item)), _put_right(_NOT_BOUGHT))


def unknown(rng: random.Random, world: World, language: str) -> Ask | None:
    """Something that no record says."""
    person = some(rng, world, language, lambda one: True)
    return Ask(person.language, slots(name=person.name), _refuse("no_evidence")) if person else None


def sensitive(rng: random.Random, world: World, language: str) -> Ask | None:
    """Something that is not to be asked."""
    person = some(rng, world, language, lambda one: True)
    return Ask(person.language, slots(name=person.name), _refuse("not_allowed")) if person else None


def outside(rng: random.Random, world: World, language: str) -> Ask | None:
    """Nothing to do with customers."""
    return Ask(language, slots(), _refuse("out_of_scope"))

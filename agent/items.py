"""Which items of the catalogue a question means: by title, brand, colour, material or category, in both languages."""

from __future__ import annotations

import re

from agent.context import Context
from agent.statements import everyone, orders
from huaxiang.schema.event import Item

_CATEGORY = {
    "shoes": r"鞋|靴|\b(?:shoes?|footwear|boots?|sneakers?|trainers?|runners?)\b",
    "books": r"(?<!证)书(?!包|桌|架|面)|图书|\bbooks?\b",
    "clothing": r"衣服|衣物|服装|服饰|\bcloth(?:es|ing)\b|\bapparel\b",
    "electronics": r"数码|电子产品|电器|\belectronics?\b|\bgadgets?\b",
    "beauty": r"美妆|护肤品?|化妆品|\bbeauty\b|\bcosmetics?\b|\bskin ?care\b",
    "food": r"食品|零食|吃的|\bfood(?:stuff)?\b|\bgrocer|\bsnacks?\b",
    "home": r"家居|家用|\bhome(?: goods| items| stuff)?\b(?! address)|\bhouseware",
    "pets": r"宠物(?:用品)?|\bpets?\b(?: stuff| supplies| products)?",
    "kids": r"母婴|童装|儿童|\bkids?\b|\bbaby\b|\bchildren",
    "outdoor": r"户外|\boutdoors?\b|\bcamping gear\b|\bhiking gear\b",
    "sports": r"运动(?:用品|器材)|\bsports?(?: gear| goods)?\b",
}
"""Everyday names of the usual shop categories; a shop's other categories are matched by their own name."""


def categories_named(text: str) -> set[str]:
    """Category slugs that a question names."""
    return {slug for slug, cue in _CATEGORY.items() if re.search(cue, text, re.IGNORECASE)}


def meant(context: Context, text: str | None = None, words: list[str] | None = None) -> tuple[str, ...]:
    """Ids of the items that a question (or the part `text` of it) means, best fit only; () when it names none."""
    text = context.scope.rest if text is None else text
    topic = context.topic if words is None else words
    if context.scope.item_ids and words is None:
        return context.scope.item_ids
    named = categories_named(text)
    catalogue = list(everyone.catalogue(context.deps).values())
    known = {item.category for item in catalogue}
    named &= {one for one in known if one}
    telling = [
        word
        for word in topic
        if not orders.only_aspect(word) and any(orders.item_score(item, [word]) >= 1.0 for item in catalogue)
    ]
    if not telling and not named:
        telling = [head for word in topic if (head := _head(word, catalogue))]
    if not telling and not named:
        return ()
    marks = {one.lower() for one in _MARK.findall(text)}
    scored = [
        (
            orders.item_score(item, telling) + (1.0 if item.category in named else 0.0) + len(marks & _marks(item)),
            item.item_id,
        )
        for item in catalogue
        if orders.item_score(item, telling) > 0 or item.category in named
    ]
    best = max((score for score, _ in scored), default=0.0)
    return tuple(item_id for score, item_id in scored if score > 0 and score >= best * 0.85)


_OFTEN_IN_TITLES = frozenset("has_pet owns_device hobby buys_for favourite_color avoids_material avoids".split())


def fields_beside(context: Context) -> list[str]:
    """Profile fields asked for, without those whose cue is only part of an item's name ("the pet fountain")."""
    from agent import aims, relevance

    if not set(context.fields) & _OFTEN_IN_TITLES:
        return context.fields
    things = relevance.things_of_the_shop(context)
    if len(things) < 2 and not any(not word.isascii() and len(word) >= 4 for word in things):
        return context.fields
    rest = context.scope.rest
    for word in things:
        rest = re.sub(re.escape(word), " ", rest, flags=re.IGNORECASE)
    return aims.fields_of(rest)


_MARK = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z]{1,3}\d+|\d{2,}[A-Za-z]{0,3}|(?<=[A-Za-z] )\d)(?![A-Za-z0-9]|\s*(?:stars?|out of|星|分))"
)
"""Model numbers and measures: W3, 20000, 65W, 2."""


def _marks(item: Item) -> set[str]:
    return {one.lower() for one in _MARK.findall(f"{item.title or ''} {item.title_en or ''}")}


def _head(word: str, catalogue: list[Item]) -> str:
    """The end of a Chinese compound that some title holds: 拌面酱 → 酱, 豆子 → 豆; "" when none does."""
    if word.isascii():
        return ""
    plain = word.removesuffix("子") if len(word) > 1 else word
    for start in range(len(plain)):
        end = plain[start:]
        if any(end in (item.title or "") for item in catalogue):
            return end
    return ""


def label(context: Context, item_ids: tuple[str, ...], limit: int = 3) -> str:
    """What to call a set of items: by name when they are few, else by their common category."""
    items = [everyone.catalogue(context.deps)[one] for one in item_ids if one in everyone.catalogue(context.deps)]
    names = [one.label(context.language) for one in items]
    if len(names) <= limit:
        return ("、" if context.zh else ", ").join(names)
    shared = {one.category for one in items}
    if len(shared) == 1 and (only := shared.pop()):
        from huaxiang.features.wording import CATEGORY_ZH

        return context.say(f"{CATEGORY_ZH.get(only, only)}类商品", f"{only} items")
    more = len(names) - limit
    return ("、" if context.zh else ", ").join(names[:limit]) + context.say(f"等 {len(names)} 种", f" and {more} more")

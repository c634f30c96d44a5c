"""Which items of the catalogue a question means: by title, brand, colour, material or category, in both languages."""

from __future__ import annotations

import re

from agent.context import Context
from agent.statements import everyone, orders

_CATEGORY = {
    "shoes": r"鞋|靴|\b(?:shoes?|footwear|boots?|sneakers?)\b",
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
        return ()
    scored = [
        (orders.item_score(item, telling) + (1.0 if item.category in named else 0.0), item.item_id)
        for item in catalogue
    ]
    best = max((score for score, _ in scored), default=0.0)
    return tuple(item_id for score, item_id in scored if score > 0 and score >= best * 0.85)


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

"""How well words name an item of the catalogue: title, brand, colour, category."""

from __future__ import annotations

import re

from agent.answer.context import Context
from agent.question import shop_items, words
from huaxiang.features.wording import CATEGORY_ZH
from huaxiang.schema.event import Item
from huaxiang.store import read
from huaxiang.text.aspects import find_aspects


def item_score(item: Item | None, topic: list[str]) -> float:
    """How well an item fits the words of a question: longer and rarer words weigh more."""
    if item is None or other_color(item, topic):
        return 0.0
    zh = " ".join(
        filter(None, (item.title, item.brand, item.color, item.material, CATEGORY_ZH.get(item.category or "")))
    ).lower()
    en_text = " ".join(filter(None, (item.title_en, item.category, item.brand, item.color, item.title))).lower()
    en = {words.stem(word) for word in re.findall(r"[a-z0-9']+", en_text)}
    score = 0.0
    for word in topic:
        if word.isascii():
            score += 1.0 if words.stem(word) in en else 0.0
        elif word in zh:
            score += max(1.0, len(word) / 2)
        elif len(word) >= 3 and any(word[i : i + 2] in zh for i in range(len(word) - 1)):
            score += 0.5
    return score


_COLORS = {
    "black": "黑", "white": "白", "red": "红", "orange": "橙", "yellow": "黄", "green": "绿", "blue": "蓝", "purple": "紫",
    "pink": "粉", "grey": "灰", "gray": "灰", "brown": "棕",
}  # fmt: skip


def is_color(word: str) -> bool:
    """Whether a word of a question is a colour."""
    return (
        word in _COLORS
        or (not word.isascii() and len(word) <= 2 and any(zh in word for zh in _COLORS.values()))
        or word in _SHADES
    )


_SHADES = frozenset(
    "navy khaki beige burgundy camel silver gold forest misty haze neon 藏青 卡其 米色 驼色 酒红 墨绿 雾蓝 军绿 米白".split()
)


def other_color(item: Item | None, topic: list[str]) -> bool:
    """Whether the question names a colour that a coloured item does not have ("the blue helmet" when it is white)."""
    if item is None:
        return False
    asked = {
        zh
        for word in topic
        for en, zh in _COLORS.items()
        if word == en or (not word.isascii() and zh in word and len(word) <= 3)
    }
    own = " ".join(filter(None, (item.color, item.title, item.title_en))).lower()
    has = {zh for en, zh in _COLORS.items() if en in own or zh in own}
    return bool(asked and has and not asked & has)


def only_aspect(word: str) -> bool:
    """Whether a word names an aspect and nothing else: "delivery" asks about shipping, not about "E-mail Delivery" cards."""
    return any((one.start, one.end) == (0, len(word)) for one in find_aspects(word))


def things_of_the_shop(context: Context) -> set[str]:
    """Topic words by which the question names an item of the catalogue (at least two, or one long one); else none."""

    if "things" not in context.memo:
        best: set[str] = set()
        for item in shop_items.catalogue(context.deps).values():
            named = {word for word in context.topic if item_score(item, [word]) >= 1.0 and not only_aspect(word)}
            if len(named) > len(best) and (len(named) > 1 or _is_head(next(iter(named)), item)):
                best = named
        context.memo["things"] = best
    things: set[str] = context.memo["things"]
    return things


def _is_head(word: str, item: Item) -> bool:
    """Whether one word alone names an item: the last word of its English title ("Pet Fountain"), or any Chinese word of it."""
    if not word.isascii():
        return len(word) >= 2
    heads = re.findall(r"[A-Za-z][A-Za-z0-9'-]+", re.sub(r"\(.*?\)|\d+ ?\w*", "", item.title_en or item.title or ""))
    return bool(heads) and words.stem(heads[-1].lower()) == words.stem(word)


def items_named(context: Context) -> list[Item]:
    """Items of this customer's own events that the question names."""
    if "items_named" not in context.memo:
        frame = read.events_of(context.deps.shop, context.customer_id)
        items = read.items_by_id(context.deps.shop, {e.item_id for e in frame if e.item_id})
        topic = [word for word in context.topic if not only_aspect(word)]
        scored = [(item_score(item, topic), item) for item in items.values()]
        best = max((score for score, _ in scored), default=0.0)
        context.memo["items_named"] = [item for score, item in scored if score > 0 and score >= best * 0.85]
    found: list[Item] = context.memo["items_named"]
    return found


_ANYTHING = frozenset(
    {"products", "product", "items", "item", "things", "goods", "商品", "产品", "东西", "订单", "钱", "人民币"}
)


def plainly_named(context: Context) -> list[str]:
    """The question's words that stand in a title, brand or category of the catalogue as they are; a likeness is not enough."""
    return [word for word in in_catalogue(context, context.topic) if len(word) > 1 and not only_aspect(word)]


def in_catalogue(context: Context, asked: list[str]) -> list[str]:
    """Those of the words that some item of the shop has in its title, brand or category."""
    known = shop_items.catalogue(context.deps).values()
    asked = [word for word in asked if word not in _ANYTHING]
    return [word for word in asked if any(item_score(item, [word]) >= 1.0 for item in known)]

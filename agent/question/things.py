"""Items that words plainly name: a category, a brand, or titles that hold every one of the words. A likeness is not enough."""

from __future__ import annotations

import re

from agent.answer.context import Context
from agent.question import dictionary, items, shop_items, words
from huaxiang.features.wording import CATEGORY_ZH, COLOR_ZH, MATERIAL_ZH, brand_en
from huaxiang.schema.event import Item

MOST_WORDS = 12
_JOINED = re.compile(r"(?<=[\u4e00-\u9fff])[和与跟及、](?=[\u4e00-\u9fff])")


def named(context: Context, told: list[str]) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """(`categories`, `brands` or `items` named, words that name none of the shop). Both are empty for no words.

    Words that are all categories name these categories whole; a brand alone names the brand; else every word must stand in
    an item's title, brand, colour, material or category.
    """
    if context.scope.item_ids:
        return {"items": context.scope.item_ids}, tuple(told)
    told = [part for one in told for part in _JOINED.split(one) if part]
    told = [one for one in told if one.casefold() not in ("and", "or", "和", "与", "跟")]
    if not told or len(told) > MOST_WORDS:
        return {}, tuple(told)
    catalogue = list(shop_items.catalogue(context.deps).values())
    known = {item.category for item in catalogue if item.category}
    slugs = [_category(one, known) for one in told]
    if all(slugs):
        return {"categories": tuple(dict.fromkeys(one for one in slugs if one))}, ()
    brands = _brands(catalogue)
    whole = " ".join(told).casefold()
    if whole in brands:
        return {"brands": (brands[whole],)}, ()
    if all(one.casefold() in brands for one in told):
        return {"brands": tuple(dict.fromkeys(brands[one.casefold()] for one in told))}, ()
    told = [piece for one in told for piece in _pieces(one, catalogue, known)]
    other = (
        [way for way in dictionary.translations(whole) if len(way) > 1 and not way.isascii()]
        if whole.isascii() and " " in whole
        else []
    )
    chosen = [
        item for item in catalogue
        if all(_fits(item, one, known) for one in told) or any(way in (item.title or "") for way in other)
    ]  # fmt: skip
    if not chosen:
        unknown = tuple(one for one in told if not any(_fits(item, one, known) for item in catalogue))
        return {}, unknown or tuple(told)
    kept = tuple(item.item_id for item in items.one_category(chosen))
    return {"items": kept}, ()


_CALLED = {
    "shoes": "shoe footwear 鞋 鞋子 鞋类", "books": "book 书 书本 书籍", "clothing": "clothes apparel garments 衣服 衣物 服装", "electronics": "electronic 电子 电子产品 数码产品",
    "beauty": "cosmetics 化妆品 美妆产品", "food": "foods groceries 食物 吃的", "home": "homeware housewares 家居用品", "pets": "pet 宠物用品", "kids": "kid children children's baby 儿童 儿童用品",
    "outdoor": "outdoors 户外用品", "sports": "sport sporting 体育 运动用品 体育用品",
}  # fmt: skip
"""What a whole category is called; what names only a part of it ("boots") is looked for in the titles."""


def _category(word: str, known: set[str]) -> str | None:
    """The category of the shop that the word is a name of."""
    low = re.sub(r"['’]s?$", "", word.casefold())
    for slug in known:
        zh = CATEGORY_ZH.get(slug.casefold())
        if low in (
            slug.casefold(),
            f"{slug.casefold()}s",
            *((zh, zh + "类") if zh else ()),
            *_CALLED.get(slug.casefold(), "").split(),
        ):
            return slug
    return None


def _brands(catalogue: list[Item]) -> dict[str, str]:
    """Brands by what they are called in either language."""
    titles: dict[str, set[tuple[str, str]]] = {}
    for item in catalogue:
        if item.brand:
            titles.setdefault(item.brand, set()).add((item.title or "", item.title_en or ""))
    found = {brand.casefold(): brand for brand in titles}
    for brand, own in titles.items():
        found.setdefault(brand_en(brand, own).casefold(), brand)
    return found


def _pieces(word: str, catalogue: list[Item], known: set[str]) -> list[str]:
    """A run of Chinese characters as the words that it holds, where no title has it whole."""
    if word.isascii() or any(_fits(item, word, known) for item in catalogue):
        return [word]
    colour = next(
        (
            zh
            for zh in (*COLOR_ZH.values(), *(one[0] for one in COLOR_ZH.values()))
            if word.startswith(zh) and len(word) > len(zh)
        ),
        "",
    )
    if colour:
        return [colour, *_pieces(word.removeprefix(colour), catalogue, known)]
    brand = next((b for b in {item.brand for item in catalogue if item.brand} if b in word and b != word), "")
    if brand:
        return [brand, *(piece for rest in word.split(brand) if rest for piece in _pieces(rest, catalogue, known))]
    parts = [one for one, _ in words.segment(word)]
    return parts if len(parts) > 1 else [word]


def _fits(item: Item, word: str, known: set[str]) -> bool:
    """Whether the word stands in what is known of the item, in either language."""
    low = word.casefold()
    if _category(word, known) == item.category and item.category:
        return True
    if word.isascii():
        told = {_singular(one) for one in re.findall(r"[a-z0-9']+", _english(item))}
        own = [_singular(part) for part in re.split(r"['’-]", low) if part]
        if own and all(part in told for part in own):
            return True
        return not item.title_en and any(
            way in (item.title or "") for way in dictionary.translations(low) if len(way) > 1
        )
    if len(low) == 1:  # a character may stand in any word; a thing's name ends with it
        return any(part.endswith(low) for part in re.split(r"[\s《》()（）]+", item.title or "")[1:])
    if low in _chinese(item):
        return True
    if item.title:
        return False
    return any(
        words.stem(way) in {words.stem(one) for one in re.findall(r"[a-z0-9']+", _english(item))}
        for way in dictionary.translations(word)
        if " " not in way
    )


def _singular(word: str) -> str:
    """An English word without its plural: "cancelled" is no "cancelling", so no other ending goes."""
    word = re.sub(r"['’]s?$", "", word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _english(item: Item) -> str:
    return " ".join(
        filter(None, (item.title_en, item.title, item.category, item.brand, item.color, item.material))
    ).casefold()


def _chinese(item: Item) -> str:
    colour, material = (item.color or "").casefold(), (item.material or "").casefold()
    return " ".join(
        filter(
            None, (item.title, item.brand, item.color, item.material, COLOR_ZH.get(colour), MATERIAL_ZH.get(material))
        )
    ).casefold()

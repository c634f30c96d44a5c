"""Which items of the catalogue a question means: by title, brand, colour, material or category, in both languages."""

from __future__ import annotations

import itertools
import re
from collections import Counter

from agent.answer.context import Context
from agent.question import aims, dictionary, item_names, shop_items, words
from huaxiang.features.wording import brand_en
from huaxiang.schema.event import Item

_CATEGORY = {
    "shoes": r"鞋|靴|\b(?:shoes?|footwear|boots?|sneakers?|trainers?|runners?)\b",
    "books": r"(?<!证)(?<!电子)书(?!包|桌|架|面)|图书|\bbooks?\b",
    "clothing": r"衣服|衣物|服装|服饰|\bcloth(?:es|ing)\b|\bapparel\b|\btop\b(?! \d|[- ](?:customers?|buyers?|shoppers?|spenders?|two|three|five|ten|sell\w*|sold|products?|items?|categor\w*|brands?|rated|marks))|\b(?:tops|jumpers?|sweaters?|outerwear)\b",
    "electronics": r"数码|电子产品|(?<!充)电器|\belectronics?\b|\bgadgets?\b",
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


def meant(context: Context, text: str | None = None, told: list[str] | None = None) -> tuple[str, ...]:
    """Ids of the items that a question (or the part `text` of it) means, best fit only; () when it names none.

    Titles first, words of the other language through the dictionary; a category only where no title fits by two words.
    """
    whole = text is None
    text = context.scope.rest if text is None else text
    topic = [one for one in (context.topic if told is None else told) if one not in _OF_RECORDS]
    if context.scope.item_ids and told is None:
        return context.scope.item_ids
    catalogue = list(shop_items.catalogue(context.deps).values())
    if whole:  # a brand that looks like somebody's name (木马谷) was taken out of the question's other words
        named_brands = {item.brand for item in catalogue if item.brand and len(item.brand) > 1}
        text += "".join(f" {one}" for one in sorted(named_brands) if one in context.question and one not in text)
    topic = [*(one for one in topic if not _NICKNAME.fullmatch(one)), *_spelt_out(text)]
    titles = [item.model_copy(update={"category": None}) for item in catalogue]
    named = categories_named(text) & {item.category for item in catalogue if item.category}
    ways = _ways(topic, text, titles, named)
    if not ways and not named:
        ways = [(head,) for word in topic if (head := _head(word, catalogue))]
    if not ways and not named:
        return ()
    marks = {one.lower() for one in _MARK.findall(text)}
    by_title = [sum(max(_fit(item, way) for way in group) for group in ways) for item in titles]
    top = max(by_title, default=0.0)
    if top >= 2.0 and not named & {
        item.category for score, item in zip(by_title, catalogue, strict=True) if score == top
    }:
        named = set()
    scored = [
        (score + (1.0 if item.category in named else 0.0) + (len(marks & _marks(item)) if score else 0), item)
        for score, item in zip(by_title, catalogue, strict=True)
    ]
    best = max((score for score, _ in scored), default=0.0)
    kept = [item for score, item in scored if score > 0 and score >= best * 0.85]
    return tuple(item.item_id for item in one_category(kept))


_OF_RECORDS = frozenset(
    "报表 填表 表格 登记表 累计 笔 笔数 单数 单量 次数 满 回购 复购 最多 最少 件数 数量 金额 总额 总数 多少 多多少 合计 加起来 颜色 哪个 哪款 时候 东西 头 不要 毛病 问题 反映 反馈 顾客 客户"
    " popular popularity bestseller bestselling best-selling 热门 冷门 受欢迎 客服"
    " count counts counting counted add adding added sum summing summed number numbers tally total qty quantity amount top year years month months week weeks day days time times order orders ordered bought".split()
)
"""Words of counting and asking: part of no title, though one of their characters may be."""


def of_records(word: str) -> bool:
    """Whether a word of a question counts or asks, and is part of no title."""
    return word in _OF_RECORDS


_NICKNAME = re.compile(r"([黑白红橙黄绿蓝紫粉灰棕])(?:色)?的?t(?:恤|恤衫)?|tees?|t", re.IGNORECASE)
_COLOR_T = re.compile(
    r"([黑白红橙黄绿蓝紫粉灰棕])色?的?[Tt](?:恤)?(?![A-Za-z0-9])|(?<![A-Za-z])(tees?)\b", re.IGNORECASE
)


def _spelt_out(text: str) -> list[str]:
    """What short everyday names stand for: 黑T is a black T-shirt, so is a black tee."""
    found: list[str] = []
    for one in _COLOR_T.finditer(text):
        found += [f"{one.group(1)}色", "t恤"] if one.group(1) else ["t-shirt"]
    return list(dict.fromkeys(found))


_MEASURES = frozenset("件个只双套条包瓶盒本台张款样枚支副块份")
"""Counting words, which the dictionary gives for "item" and "piece" and many titles hold."""


def _ways(topic: list[str], text: str, titles: list[Item], named: set[str]) -> list[tuple[str, ...]]:
    """Each word of a question with its translations, as far as a title has one of them."""
    phrases = [f"{a} {b}" for a, b in itertools.pairwise(re.findall(r"[a-z]+", text.lower()))]
    phrases += [one[:-1] for one in phrases if one.endswith("s")]  # "down jackets"
    plain: list[tuple[str, ...]] = []
    brands = {
        item.brand for item in titles if item.brand and len(item.brand) > 1 and item.brand.lower() in text.lower()
    }
    topic = [*topic, *(one for one in sorted(brands) if not any(one in word or word in one for word in topic))]
    also: list[tuple[str, ...]] = []
    tails = [tail for word in topic if "-" in word and len(tail := word.rsplit("-", 1)[1]) > 3]
    for word in [*topic, *tails, *phrases]:
        if any(re.fullmatch(_CATEGORY[one], word, re.IGNORECASE) for one in named):
            continue
        ways = [
            way
            for way in (word, *dictionary.translations(word))
            if way not in _MEASURES and (" " not in way or way == word)
        ]
        ways = [way for way in ways if any(_fit(item, way) >= 1.0 for item in titles)]
        if ways:  # a word that may speak of an aspect (smell, size) tells items apart, but names none by itself
            whole = len(word) > 2 and not word.isascii() and any(word in (item.title or "") for item in titles)
            aspect = (
                " " not in word and item_names.only_aspect(word) and not whole
            )  # a charger speaks of power and is a thing
            (also if aspect else plain).append(tuple(ways[:4]))
    return [*plain, *also] if plain else []


LONGEST_WORD = 14
"""Characters of a Chinese word beyond which it is no word."""


def _fit(item: Item, way: str) -> float:
    """How well a title, brand, colour or material has a word: half a point a shared Chinese character, one an English word."""
    if " " in way:  # "down jacket": one of its words is too common to count by itself
        rare = any(part in words.STOP_EN and len(part) > 3 for part in way.split())
        return 1.0 if rare and way in (item.title_en or "").lower() else 0.0
    if way.isascii():
        return item_names.item_score(item, [way])
    score = item_names.item_score(item, [way]) if len(way) > 1 else 0.0
    if score >= 1.0:
        return score
    parts = (item.title or "").split()
    if len(way) > LONGEST_WORD:  # no title has it, and its pieces would be tried one by one
        return 0.0
    if len(way) == 1:
        return 1.0 if any(part.endswith(way) for part in parts[1:]) else 0.0
    for size in range(
        len(way) - 1, 1, -1
    ):  # the longest run of the word that the title has; a short one only at its end
        runs = [way[-size:]] if size == 2 else [way[i : i + size] for i in range(len(way) - size + 1)]
        if any(run in part for run in runs for part in parts):
            return size / 2
    return 0.0


def one_category(kept: list[Item]) -> list[Item]:
    """Only the category that most of the items are of, where one outnumbers the others: teas, not the tea tree toner."""
    counts = Counter(item.category for item in kept).most_common(2)
    if len(counts) < 2 or counts[0][1] < 2 * counts[1][1]:
        return kept
    return [item for item in kept if item.category == counts[0][0]]


_OFTEN_IN_TITLES = frozenset("has_pet owns_device hobby buys_for favourite_color avoids_material avoids".split())


_SAID_OF = re.compile(
    r"说|觉得|评[价论]|反馈|看法|满意|怎么(?:样|看)|\b(?:said|say|says|think|thought|feedback|comment\w*|review\w*|opinion|happy|pleased|like|liked)\b",
    re.IGNORECASE,
)


def fields_beside(context: Context) -> list[str]:
    """Profile fields asked for, without those whose cue is only part of an item's name ("the pet fountain")."""

    if not set(context.fields) & _OFTEN_IN_TITLES:
        return context.fields
    if context.fields == ["favourite_color"] and _SAID_OF.search(context.question) and meant(context):
        return []  # the colour of a thing that is spoken of, not the one somebody likes
    things = item_names.things_of_the_shop(context)
    rest = context.scope.rest
    inside = any(not word.isascii() and len(word) > 1 and aims.of_field_only(word) is False for word in things)
    if len(things) > 1 or inside:
        for word in things:
            rest = re.sub(re.escape(word), " ", rest, flags=re.IGNORECASE)
    for one in meant(context)[:5]:
        rest = _without_title(rest, shop_items.catalogue(context.deps)[one].title or "")
    return aims.fields_of(rest) if rest != context.scope.rest else context.fields


def _without_title(text: str, title: str) -> str:
    """The text without the longest run of at least three Chinese characters that it shares with a title."""
    for piece in title.split():
        for size in range(len(piece), 2, -1):
            for start in range(len(piece) - size + 1):
                run = piece[start : start + size]
                if not run.isascii() and run in text:
                    return text.replace(run, " ")
    return text


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
        if any(part.endswith(end) for item in catalogue for part in (item.title or "").split()[1:]):
            return end
    return ""


def label(context: Context, item_ids: tuple[str, ...], limit: int = 3) -> str:
    """What to call a set of items: by name when they are few, else by their common category."""
    items = [shop_items.catalogue(context.deps)[one] for one in item_ids if one in shop_items.catalogue(context.deps)]
    names = [one.label(context.language) for one in items]
    if len(names) <= limit:
        return ("、" if context.zh else ", ").join(names)
    brands = {one.brand for one in items}
    if len(brands) == 1 and (brand := brands.pop()):
        own = {one.item_id for one in shop_items.catalogue(context.deps).values() if one.brand == brand}
        if own == set(item_ids):  # all that the shop has of a brand
            shown = brand if context.zh else brand_en(brand, {(one.title or "", one.title_en or "") for one in items})
            return context.say(f"{shown}的商品", f"{shown} products")
    shared = {one.category for one in items}
    if len(shared) == 1 and (only := shared.pop()):
        from huaxiang.features.wording import CATEGORY_ZH

        return context.say(f"{CATEGORY_ZH.get(only, only)}类商品", f"{only} items")
    more = len(names) - limit
    return ("、" if context.zh else ", ").join(names[:limit]) + context.say(f"等 {len(names)} 种", f" and {more} more")

"""Words for computed statements, Chinese and English side by side. One sentence says one fact."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from huaxiang.store import render

Pair = tuple[str, str]
CATEGORY_ZH = {
    "outdoor": "户外", "clothing": "服饰", "electronics": "数码", "beauty": "美妆", "food": "食品", "home": "家居", "kids": "母婴",
    "pets": "宠物", "shoes": "鞋靴", "books": "图书", "sports": "运动", "toys": "玩具", "jewelry": "首饰", "kitchen": "厨房",
}  # fmt: skip
COLOR_ZH = {
    "red": "红色", "orange": "橙色", "yellow": "黄色", "green": "绿色", "blue": "蓝色", "purple": "紫色", "pink": "粉色", "black": "黑色",
    "white": "白色", "grey": "灰色", "gray": "灰色", "brown": "棕色", "beige": "米色", "khaki": "卡其色", "camel": "驼色", "navy": "藏青",
}  # fmt: skip
PARTS: dict[str, Pair] = {
    "night": ("凌晨(0–6 点)", "at night (0–6 h)"), "morning": ("上午(6–12 点)", "in the morning (6–12 h)"),
    "afternoon": ("下午(12–18 点)", "in the afternoon (12–18 h)"), "evening": ("晚上(18–24 点)", "in the evening (18–24 h)"),
}  # fmt: skip
WEEKDAYS: tuple[Pair, ...] = (
    ("周一", "Mondays"), ("周二", "Tuesdays"), ("周三", "Wednesdays"), ("周四", "Thursdays"), ("周五", "Fridays"),
    ("周六", "Saturdays"), ("周日", "Sundays"),
)  # fmt: skip


def percent(share: float) -> str:
    """A share 0..1 as a percentage: `26%`, and one decimal below 10 %."""
    value = share * 100
    return f"{value:.1f}%" if 0 < value < 10 else f"{value:.0f}%"


def number(value: float) -> str:
    """A number without useless digits: `4`, `4.17`."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def money(minor: int, currency: str) -> str:
    """Minor units as `299.00 CNY`; without a currency the bare number."""
    return render.money(minor, None if currency == "?" else currency)


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 order`, `2 orders`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def category(value: str) -> Pair:
    """A category's name in both languages; the slug itself where no other is known."""
    zh = CATEGORY_ZH.get(value.casefold())
    return (f"{zh}({value})" if zh else value), value


def color(value: str) -> Pair:
    """A colour's name in both languages."""
    zh = COLOR_ZH.get(value.casefold())
    return (f"{zh}({value})" if zh else value), value


MATERIAL_ZH = {
    "cotton": "棉", "wool": "羊毛", "cashmere": "羊绒", "silk": "真丝", "linen": "亚麻", "leather": "皮革", "down": "羽绒", "mesh": "网布",
    "polyester": "聚酯纤维", "nylon": "尼龙", "fleece": "抓绒", "felt": "毛毡", "latex": "乳胶", "ceramic": "陶瓷", "glass": "玻璃", "wood": "木",
    "bamboo": "竹", "steel": "不锈钢", "stainless steel": "不锈钢", "cast iron": "铸铁", "plastic": "塑料", "silicone": "硅胶", "paper": "纸", "rubber": "橡胶",
}  # fmt: skip


def value_zh(name: str, value: str) -> str:
    """A category, colour or material in Chinese; as it is where no Chinese name is known."""
    table = {"category": CATEGORY_ZH, "color": COLOR_ZH, "material": MATERIAL_ZH}.get(name, {})
    return table.get(value.casefold(), value)


def brand_en(brand: str, titles: Iterable[Pair]) -> str:
    """A brand's name in English: the words with which all English titles begin whose Chinese ones begin with the brand.

    At least three titles that differ must agree, else nobody can tell where the name ends; then the brand stays as it is.

    Args:
        titles: (Chinese, English) titles of items of the brand.
    """
    fit = {en for zh, en in titles if zh.startswith(brand) and en and not en.startswith(brand)}
    if brand.isascii() or len(fit) < 3:
        return brand
    words = [en.split() for en in fit]
    shared = [same[0] for same in itertools.takewhile(lambda same: len(set(same)) == 1, zip(*words, strict=False))]
    return " ".join(shared[:3]) or brand


def titles(pairs: Iterable[Pair], *, most: int = 4) -> Pair:
    """Item names as a list, at most `most` of them."""
    found = list(dict.fromkeys(pairs))
    zh, en = "、".join(p[0] for p in found[:most]), ", ".join(p[1] for p in found[:most])
    more = len(found) - most
    return (f"{zh} 等 {len(found)} 种", f"{en} and {more} more") if more > 0 else (zh, en)


def item(item_id: str | None, title: str | None, title_en: str | None) -> Pair:
    """What to call an item in both languages; its id where it has no title."""
    return title or title_en or item_id or "未知商品", title_en or title or item_id or "unknown item"


def sentence(zh: str, en: str) -> Pair:
    """Both forms with their full stops."""
    return f"{render.full_width(zh)}。", f"{en}."

"""Why an item is recommended, worded by code in both languages from the customer's own records."""

from __future__ import annotations

from collections.abc import Sequence

from huaxiang.features import wording
from huaxiang.recommend.signals import Signal
from huaxiang.schema.event import Item

_DID = {
    "order": ("买过", "bought"),
    "review": ("评价过", "reviewed"),
    "cart": ("加购过", "put into the cart"),
    "view": ("看过", "looked at"),
}
_FIELDS = {"category": ("品类", "category"), "brand": ("品牌", "brand"), "color": ("颜色", "colour"), "material": ("材质", "material"), "price": ("价位", "price band")}  # fmt: skip
_SHOWN = ("category", "brand", "material", "color", "price")


def collaborative(sources: Sequence[Signal], catalogue: dict[str, Item], others: int) -> tuple[str, str]:
    """The customer's items that led here (strongest first), and how many others liked the first one and this item."""
    zh, en = [], []
    for kind in dict.fromkeys(one.kind for one in sources):
        same = [one for one in sources if one.kind == kind]
        zh.append(_DID[kind][0] + "和".join(f"「{_label(one, catalogue, 'zh')}」" for one in same))
        en.append(f"{_DID[kind][1]} " + " and ".join(f"“{_label(one, catalogue, 'en')}”" for one in same))
    first_zh, first_en = _label(sources[0], catalogue, "zh"), _label(sources[0], catalogue, "en")
    people = "customer" if others == 1 else "customers"
    return (
        f"该顾客{'、'.join(zh)};另有 {others} 位选过「{first_zh}」的顾客也选了这件。",
        f"This customer {' and '.join(en)}; {others} other {people} who chose “{first_en}” also chose this.",
    )


def seen(signal: Signal) -> tuple[str, str]:
    """The customer looked at this very item, or put it into the cart, and left it."""
    did_zh, did_en = ("加购过", "put this into the cart") if signal.kind == "cart" else ("看过", "looked at this")
    return f"该顾客{did_zh}这件,但没有买。", f"This customer {did_en} but did not buy it."


def content(source: Signal, catalogue: dict[str, Item], shared: dict[str, str]) -> tuple[str, str]:
    """The customer's item that this one is like, and what the two have in common."""
    names = [name for name in _SHOWN if name in shared]
    zh = "、".join(
        _FIELDS[name][0] + (f" {wording.value_zh(name, shared[name])}" if name != "price" else "相近") for name in names
    )
    en = ", ".join(f"{_FIELDS[name][1]} {shared[name]}" if name != "price" else "a similar price" for name in names)
    did_zh, did_en = _did(source, 0), _did(source, 1)
    label_zh, label_en = _label(source, catalogue, "zh"), _label(source, catalogue, "en")
    if not names:
        return f"与该顾客{did_zh}的「{label_zh}」相近。", f"It is like “{label_en}”, which this customer {did_en}."
    return (
        f"与该顾客{did_zh}的「{label_zh}」相同之处:{zh}。",
        f"In common with “{label_en}”, which this customer {did_en}: {en}.",
    )


def again(signal: Signal) -> tuple[str, str]:
    """The customer buys this again and again."""
    return (
        f"该顾客买过 {signal.orders} 次,可能该补货了。",
        f"This customer bought it {signal.orders} times; it may be time again.",
    )


def popular(customers: int, *, last_year: bool) -> tuple[str, str]:
    """Said as such: it rests on nothing this customer did."""
    people = "customer" if customers == 1 else "customers"
    return (
        f"热门:{'近一年' if last_year else ''}有 {customers} 位顾客选过;与该顾客自己的记录无关。",
        f"Popular: {customers} {people} chose it{' in the last year' if last_year else ''}; not based on this customer's records.",
    )


def _did(signal: Signal, language: int) -> str:
    return _DID[signal.kind][language]


def _label(signal: Signal, catalogue: dict[str, Item], language: str) -> str:
    item = catalogue.get(signal.item_id)
    return item.label(language) if item else signal.item_id

"""An event's own record as a sentence, in Chinese and English. Code words it, so it can be cited."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from huaxiang import clock
from huaxiang.schema.event import Event, Item

KIND_LABELS = {
    "order": ("下单", "order"), "view": ("浏览", "view"), "cart": ("加购", "added to cart"), "search": ("搜索", "search"),
    "return": ("退货", "return"), "review": ("评价", "review"), "message": ("消息", "message"), "ticket": ("工单", "ticket"),
    "survey": ("问卷", "survey"), "note": ("客服备注", "staff note"),
}  # fmt: skip
_ZERO_DECIMALS = {"JPY", "KRW", "VND", "CLP"}


_FULL = {",": "，", ":": "：", ";": "；", "(": "（", ")": "）", "?": "？", "!": "！"}
_GAP = re.compile(r"(?<=[，：；？！]) +|(?<=）) +(?=[\u4e00-\u9fff])")
"""Blanks that half-width marks need and full-width ones do not."""


def full_width(text: str) -> str:
    """Chinese punctuation for a sentence that code worded; what stands in “…” is somebody's words and stays as it is."""
    own, quote, rest = text.partition("“")
    for half, full in _FULL.items():  # twenty statements a customer: `str.translate` takes five times as long
        if half in own:
            own = own.replace(half, full)
    if "， " in own or "） " in own or "： " in own or "； " in own or "？ " in own or "！ " in own:
        own = _GAP.sub("", own)
    return own + quote + rest


def exponent(currency: str | None) -> int:
    """Decimal digits of a currency's minor unit (2 for most)."""
    return 0 if currency in _ZERO_DECIMALS else 2


def money(minor: int, currency: str | None) -> str:
    """An amount as `299.00 CNY`; without a currency, the bare number."""
    digits = exponent(currency)
    text = f"{minor / 10**digits:.{digits}f}"
    return f"{text} {currency}" if currency else text


def day(occurred_at: int | None, tz: ZoneInfo, language: str) -> str:
    """The ISO day in the shop's zone, or words for an unknown date."""
    if occurred_at is None:
        return "日期不详" if language == "zh" else "date unknown"
    return clock.day_of(occurred_at, tz).isoformat()


def record(event: Event, item: Item | None, tz: ZoneInfo, language: str) -> str:
    """One event as one line, e.g. `2025-03-02 下单 O250302001：登山包 ×1，299.00 CNY`."""
    zh = language == "zh"
    head = f"{day(event.occurred_at, tz, language)} {KIND_LABELS[event.kind][0 if zh else 1]}"
    if event.order_id:
        head += f" {event.order_id}"
    parts: list[str] = []
    if event.item_id:
        name = item.label(language) if item else event.item_id
        if event.quantity is not None and event.kind in ("order", "return", "cart"):
            name += f" ×{event.quantity:g}"
        parts.append(name)
    if event.amount_minor is not None:
        parts.append(money(event.amount_minor, event.currency))
    if event.discount_minor:
        parts.append(("优惠 " if zh else "discount ") + money(event.discount_minor, event.currency))
    if event.rating is not None:
        scale = 10 if event.kind == "survey" else 5
        parts.append(f"{'评分' if zh else 'rated'} {event.rating:g}/{scale}")
    if event.status:
        parts.append(("状态：" if zh else "status: ") + event.status)
    body = ("，".join(parts)) if zh else ", ".join(parts)
    return head + (("：" if zh else ": ") + body if body else "")

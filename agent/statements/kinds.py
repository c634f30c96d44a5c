"""What kinds of record are called, zh and en."""

from __future__ import annotations

from huaxiang.schema.event import EventKind

KIND_LABEL = {
    "order": ("订单", "orders"), "return": ("退货", "returns"), "review": ("评价", "reviews"), "ticket": ("工单", "tickets"),
    "survey": ("问卷", "surveys"), "cart": ("加购", "carts"), "search": ("搜索", "searches"), "view": ("浏览", "views"),
    "message": ("消息", "messages"), "note": ("备注", "notes"),
}  # fmt: skip


KINDS: tuple[EventKind, ...] = (
    "order",
    "return",
    "review",
    "ticket",
    "survey",
    "cart",
    "search",
    "view",
    "message",
    "note",
)

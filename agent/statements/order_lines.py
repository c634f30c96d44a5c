"""Order lines of one customer: fetched, those meant, grouped by order, in words."""

from __future__ import annotations

from typing import Any

from agent.answer.context import Context
from agent.question import item_names, items
from agent.question.item_names import item_score
from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store
from huaxiang.store import render
from tools import timeline

EVERYTHING = 20_000


MANY = 8
"""Items named in one sentence before it says how many more there are."""


def fetch(context: Context, *kinds: str, anytime: bool = False, **more: Any) -> timeline.Result:
    """The customer's events of these kinds in the span asked (or at any time), newest first, all of them."""
    span = None if anytime else context.span
    result = context.call(
        "timeline", customer_id=context.customer_id, kinds=kinds, since=span.since if span else None,
        until=span.until if span else None, limit=EVERYTHING, **more,
    )  # fmt: skip
    return result if isinstance(result, timeline.Result) else timeline.Result()


def matching(context: Context, entries: list[timeline.Entry]) -> list[timeline.Entry]:
    """Entries whose item is what the question names (title words, brand, category, colour, id); [] when none is."""

    topic = [word for word in context.topic if not items.of_records(word)]
    ids = set(context.scope.item_ids) | set(items.meant(context))
    if any(entry.event.item_id in ids for entry in entries):
        return [entry for entry in entries if entry.event.item_id in ids]
    if ids and named_of(
        context
    ):  # "dog food" is not what else has "food" in its name, "cat food" may be by a sort of its own
        told = item_names.in_catalogue(context, topic)
        return [entry for entry in entries if told and all(item_score(entry.item, [word]) >= 1.0 for word in told)]
    scored = [(item_score(entry.item, topic) if entry.event.item_id not in ids else 9.0, entry) for entry in entries]
    best = max((score for score, _ in scored), default=0.0)
    return [entry for score, entry in scored if score > 0 and score >= best * 0.85]


def meant(context: Context, entries: list[timeline.Entry]) -> list[timeline.Entry] | None:
    """The entries that the question means: those of the item it names, all when it names none.

    None when it names an item of the shop that none of the entries is about: what is asked did not happen.
    """

    subset = matching(context, entries)
    if subset:
        return subset
    return None if item_names.things_of_the_shop(context) or named_of(context) else entries


def named_of(context: Context) -> tuple[str, ...]:
    """The items that the question plainly names by their sort or title, bought or not; () when it names none."""
    if context.scope.order_ids or not (item_names.plainly_named(context) or items.categories_named(context.scope.rest)):
        return ()
    return items.meant(context)


def by_order(entries: list[timeline.Entry]) -> list[list[timeline.Entry]]:
    """Order lines grouped by order, in the order given."""
    groups: dict[str, list[timeline.Entry]] = {}
    for entry in entries:
        key = entry.event.order_id or f"@{entry.event.occurred_at}"
        groups.setdefault(key, []).append(entry)
    return list(groups.values())


def named(context: Context, entries: list[timeline.Entry]) -> str:
    """Items by name, at most `MANY`, then how many more."""
    labels = [e.item.label(context.language) if e.item else (e.event.item_id or "?") for e in entries]
    unique = list(dict.fromkeys(labels))
    text = ("、" if context.zh else ", ").join(unique[:MANY])
    if len(unique) > MANY:
        text += context.say(f"等 {len(unique)} 种", f" and {len(unique) - MANY} more")
    return text


def paid(amounts: dict[str, int]) -> str:
    """Amounts by currency, largest first, never added across currencies."""
    parts = [render.money(minor, currency or None) for currency, minor in sorted(amounts.items(), key=lambda p: -p[1])]
    return " + ".join(parts)


def ids_of(entries: list[timeline.Entry]) -> tuple[str, ...]:
    """Evidence ids of entries, each once."""
    return tuple(dict.fromkeys(entry.evidence_id for entry in entries))


def currencies(question: str) -> set[str]:
    """Currencies a question names."""
    names = {
        "USD": ("usd", "美元", "美金", "dollar"),
        "CNY": ("cny", "rmb", "人民币", "yuan"),
        "EUR": ("eur", "欧元", "euro"),
        "GBP": ("gbp", "英镑", "pound"),
        "JPY": ("jpy", "日元", "yen"),
    }
    low = question.lower()
    return {code for code, cues in names.items() if any(cue in low for cue in cues)}


def has_orders(context: Context) -> bool:
    """Whether the customer ever ordered anything."""
    result = context.call("timeline", customer_id=context.customer_id, kinds=("order",), limit=EVERYTHING)
    return bool(isinstance(result, timeline.Result) and result.entries)


def texts_behind(context: Context, entries: list[timeline.Entry]) -> list[Evidence]:
    """The texts of these events, in their order; events without one have none."""
    ids = [entry.evidence_id for entry in entries if entry.event.has_text]
    return [one for one in evidence_store.get(context.deps.shop, ids).values() if one.kind == "text"]

"""Behaviour summaries as evidence: computed sentences in both languages that can be opened to the events behind them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from huaxiang.features import selector
from huaxiang.features.statements import Draft
from huaxiang.features.statements_more import PARAGRAPH, all_drafts
from huaxiang.features.tables import Tables
from huaxiang.jsontext import sorted_text
from huaxiang.schema.evidence import Evidence
from huaxiang.store import bulk, lexical
from huaxiang.store import evidence as stored
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

RULE_ORDER = (
    "orders.count@1", "orders.spend@1", "orders.last@1", "orders.first@1", "orders.average@1", "orders.largest@1",
    "orders.cadence@1", "orders.repeated@1", "categories.top@1", "categories.trend@1", "brands.top@1", "brands.trend@1",
    "colors.top@1", "discounts.share@1", "returns.count@1", "reviews.count@1", "ratings.low@1", "surveys.score@1",
    "tickets.open@1", "channels@1", "active.hours@1", "active.weekdays@1", "activity.browse@1", "activity.first@1",
    "activity.last@1", PARAGRAPH,
)  # fmt: skip
"""Rules in the order in which statements are listed."""
_RANK = {rule: place for place, rule in enumerate(RULE_ORDER)}


def draft_summaries(shop: Shop, customer_ids: Sequence[str] | None = None) -> list[Draft]:
    """Compute the statements as of the shop's today; nothing is stored."""
    frame = selector.load(shop, None if customer_ids is None else list(customer_ids))
    return drafts_from(shop, frame)


def drafts_from(shop: Shop, frame: Any, *, recorded: tuple[bool, bool] | None = None) -> list[Draft]:
    """Statements from an already loaded frame (`selector.load`); `recorded` is `records(…)` where that is known."""
    if recorded is None:
        with shop.engine.connect() as connection:
            recorded = records(connection)
    return all_drafts(Tables(frame, shop.tz, has_returns=recorded[0], has_orders=recorded[1]))


def records(connection: sa.Connection, *, without: Collection[str] = ()) -> tuple[bool, bool]:
    """Whether the shop records returns and orders at all: without any, nothing can be said of who made none.

    `without` are events thought away.
    """
    e = t.events.c
    query = sa.select(sa.literal(1)).select_from(t.events).limit(1)
    if without:
        query = query.where(e.event_id.not_in(list(without)))
    found = [connection.execute(query.where(e.kind == one)).first() is not None for one in ("return", "order")]
    return found[0], found[1]


def build_summaries(shop: Shop, customer_ids: Sequence[str] | None = None) -> int:
    """Compute and store the summaries of these customers (all when None), replacing stale ones.

    Takes the shop's write lock. A second run over unchanged events writes nothing.

    Returns:
        How many summaries were written.

    Raises:
        StoreError: another process is writing, or the disk is full.
    """
    drafts = draft_summaries(shop, customer_ids)
    with shop.writing(), shop.begin() as connection:
        return store_drafts(connection, drafts, customer_ids)


@dataclass(frozen=True)
class Changes:
    """What statements need to be written: ids that are gone, rows that are new, and whose they are."""

    gone: list[str]
    rows: list[tuple[Any, ...]]
    owners: list[str]


def changes_of(connection: sa.Connection, drafts: Iterable[Draft], customer_ids: Sequence[str] | None) -> Changes:
    """What is stale, and what is new or differently worded; nothing is written."""
    now = {one.evidence_id: (one.zh, one.en, _selector(one), one) for one in drafts}
    before = _existing(connection, customer_ids)
    gone = [one for one, words in before.items() if one not in now or now[one][:3] != words[:3]]
    rows = [
        (key, d.customer_id, "summary", d.occurred_at, "zh", zh, en, d.rule, chosen, d.event_count, d.range_hash, "")
        for key, (zh, en, chosen, d) in now.items()
        if key not in before or (zh, en, chosen) != before[key][:3]
    ]
    rows.sort(key=itemgetter(1))  # a customer's side by side: whoever reads or replaces them touches a page, not twenty
    return Changes(gone, rows, sorted({before[one][3] for one in gone} | {row[1] for row in rows}))


def carry_out(connection: sa.Connection, changes: Changes) -> int:
    """Write changes; words are indexed later (`lexical`). Returns how many statements were written."""
    _remove(connection, changes.gone)
    bulk.insert(connection, t.evidence, _COLUMNS, changes.rows)
    lexical.defer(connection, changes.owners)  # after the rows: PostgreSQL indexes them here and now
    return len(changes.rows)


def store_drafts(connection: sa.Connection, drafts: Iterable[Draft], customer_ids: Sequence[str] | None) -> int:
    """Write what is new or differently worded, remove what is stale and its vectors."""
    return carry_out(connection, changes_of(connection, drafts, customer_ids))


def summary_statements(shop: Shop, customer_id: str) -> list[Evidence]:
    """One customer's stored statements in a stable order (`RULE_ORDER`, then the words)."""
    found = stored.summaries_of(shop, customer_id)
    return sorted(found, key=lambda e: (_RANK.get(e.rule or "", 99), e.clean))


def expand(shop: Shop, evidence: Evidence) -> list[str]:
    """Ids of the very events behind a summary, oldest first: what a click opens."""
    return selector.expand(shop, evidence)


def describe(shop: Shop, evidence: Evidence, language: str = "zh") -> str:
    """The statement, its rule and what it stands on, in one line for people."""
    stale = selector.is_stale(shop, evidence)
    count = evidence.event_count or 0
    if language == "en":
        note = "; the events have changed since" if stale else ""
        return f"{evidence.text('en')} [{evidence.rule}, from {count} event{'' if count == 1 else 's'}{note}]"
    return f"{evidence.text('zh')}[{evidence.rule},依据 {count} 条记录{';此后记录有变化' if stale else ''}]"


_COLUMNS = (
    "evidence_id", "customer_id", "kind", "occurred_at", "language", "clean", "clean_en", "rule", "selector", "event_count",
    "range_hash", "flags",
)  # fmt: skip


def _selector(one: Draft) -> str:
    return sorted_text(one.selector) if one.selector else "{}"


def _existing(connection: sa.Connection, customer_ids: Sequence[str] | None) -> dict[str, tuple[Any, ...]]:
    columns = ("evidence_id", "clean", "clean_en", "selector", "customer_id")
    if customer_ids is None:
        v = t.evidence.c
        rows: Iterable[Any] = connection.execute(sa.select(*(v[one] for one in columns)).where(v.kind == "summary"))
    else:
        rows = bulk.select(connection, t.evidence, columns, "customer_id", customer_ids, "\"kind\" = 'summary'")
    return {row[0]: tuple(row[1:]) for row in rows}


def _remove(connection: sa.Connection, evidence_ids: list[str]) -> None:
    bulk.delete(connection, t.vectors, "evidence_id", evidence_ids)
    bulk.delete(connection, t.evidence, "evidence_id", evidence_ids)

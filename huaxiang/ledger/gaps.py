"""The say-do gap: what a customer said against what they bought afterwards, as a trait of its own that cites both sides.

Neither side is corrected by the other: the statement holds, the orders are facts, and the gap is shown between them. A
gap's value is `FIELD=VALUE` (or `FIELD`) of the statement that the orders contradict. No model is asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import sqlalchemy as sa

from huaxiang import ids
from huaxiang.ledger.entries import Entry, encode, trait_id
from huaxiang.ledger.replay import State
from huaxiang.ledger.whose import find
from huaxiang.schema.pack import FieldPack
from huaxiang.store import tables as t

FIELD = "say_do_gap"
METHOD = "say_do@2"
_SAID = ("avoids_material", "avoids", "dislikes", "favourite_color", "price_sensitive", "budget_minor")
_AVOIDED = ("avoids_material", "avoids", "dislikes")
_CITED = 5
LEAST_PRICED = 4
"""Order lines that name a discount (0 counts) before they speak against "I only buy on sale"."""
FEW_DISCOUNTS = 0.1
LEAST_ORDERS = 3
"""Orders in the budget's currency before they speak against the budget."""
OVER_BUDGET = 1.2
LEAST_COLOURED = 6
"""Things of known colour bought without one of the favourite colour."""
_CHUNK = 400
_FREE_BEFORE = re.compile(
    r"(?:不含|不添加|零添加|[无無不零免去非仿]|[低脱脫]因|\b0|\b(?:no|non|not|without|zero|faux|vegan|decaf|decaffeinated))[\s\-]*$",
    re.I,
)
_FREE_AFTER = re.compile(r"\s*-?\s*free\b", re.I)
"""A title that names a thing to say it is not in it: decaf coffee is what somebody buys who gave coffee up."""


@dataclass(frozen=True)
class Line:
    """One order line that was not sent back, with what its item is."""

    event_id: str
    at: int
    order: str
    item_id: str | None
    amount: int | None
    discount: int | None
    currency: str
    material: str
    color: str
    words: str


def changes(connection: sa.Connection, pack: FieldPack, states: Mapping[str, State]) -> dict[str, list[Entry]]:
    """Entries that make exactly today's gaps hold, by customer; none for whom nothing changes.

    Args:
        connection: an open connection; orders are read only of customers who said something that orders can contradict.
        pack: without a field `say_do_gap` there are none.
        states: replayed ledgers.
    """
    if FIELD not in pack.fields:
        return {}
    said = {customer: _said(state) for customer, state in states.items()}
    lines = _lines(connection, [customer for customer, entries in said.items() if entries])
    work: dict[str, list[Entry]] = {}
    for customer, state in states.items():
        wanted = {one.trait_id: one for one in gaps_of(pack, customer, said[customer], lines.get(customer, []))}
        held = {one.trait_id: one for one in state.held.values() if one.name == FIELD and one.basis == "computed"}
        entries = [one.as_op("retire", reason_code="recomputed") for key, one in held.items() if key not in wanted]
        entries += [one for key, one in wanted.items() if key not in held and key not in state.rejected]
        if entries:
            work[customer] = entries
    return work


def at(
    connection: sa.Connection, pack: FieldPack, customer_id: str, state: State, *, as_of: int, gone: Collection[str] = ()
) -> list[Entry]:  # fmt: skip
    """The gaps as they were at a moment, or as they would be without some events; nothing is written."""
    if FIELD not in pack.fields:
        return []
    said = [one for one in _said(state) if one.valid_from is None or one.valid_from <= as_of]
    lines = _lines(connection, [customer_id]).get(customer_id, []) if said else []
    lines = [line for line in lines if line.at <= as_of and line.event_id not in gone]
    return list(gaps_of(pack, customer_id, said, lines))


def gaps_of(pack: FieldPack, customer_id: str, said: Sequence[Entry], lines: Sequence[Line]) -> Iterator[Entry]:
    """The gaps between statements and order lines; an order counts only after the statement."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in said:
        groups.setdefault((entry.name, entry.value or ""), []).append(entry)
    for (name, _), entries in sorted(groups.items()):
        last = max(entries, key=lambda e: (e.valid_from or 0, e.trait_id))
        after = [line for line in lines if line.at > (last.valid_from or 0)]
        against = _against(pack, name, last.plain, after)
        if against:
            value = f"{name}={last.plain}" if isinstance(last.plain, str) else name
            yield _gap(customer_id, value, entries, against)


def _against(pack: FieldPack, name: str, value: Any, lines: Sequence[Line]) -> list[Line]:
    """The lines that contradict a statement; empty when they do not."""
    if name in _AVOIDED:
        spellings = pack.spellings_of(name, value)
        return [line for line in lines if _is(line, str(value), spellings)]
    if name == "favourite_color":
        coloured = [line for line in lines if line.color]
        own = any(_is(line, str(value), pack.spellings_of(name, value)) for line in coloured)
        return [] if own or len(coloured) < LEAST_COLOURED else coloured
    if name == "price_sensitive":
        priced = [line for line in lines if line.discount is not None]
        few = sum(bool(line.discount) for line in priced) < FEW_DISCOUNTS * len(priced)
        return priced if value is True and few and len(priced) >= LEAST_PRICED else []
    return _over_budget(value, lines)


def _over_budget(budget: Mapping[str, int], lines: Sequence[Line]) -> list[Line]:
    for currency, limit in budget.items():
        orders: dict[str, list[Line]] = {}
        for line in lines:
            if line.currency == currency and line.amount is not None:
                orders.setdefault(line.order, []).append(line)
        totals = [sum(line.amount or 0 for line in one) for one in orders.values()]
        if len(totals) >= LEAST_ORDERS and median(totals) > OVER_BUDGET * limit:
            return [line for one, total in zip(orders.values(), totals, strict=True) if total > limit for line in one]
    return []


def _is(line: Line, value: str, spellings: Sequence[str]) -> bool:
    if value in (line.material, line.color):
        return True
    # a title names colours and smells loosely ("rose" in a brand): only its own words count, as a whole
    return any(len(one) > 1 and named(line.words, one) for one in spellings)


def named(words: str, spelling: str) -> bool:
    """Whether a title names the thing as what it is, somewhere other than in "fragrance free" or 无香精."""
    at = find(words, spelling)
    while at >= 0:
        end = at + len(spelling)
        if not _FREE_BEFORE.search(words[:at]) and not _FREE_AFTER.match(words, end):
            return True
        at = find(words, spelling, end)
    return False


def _gap(customer_id: str, value: str, said: Sequence[Entry], against: Sequence[Line]) -> Entry:
    shown = sorted(against, key=lambda line: (line.at, line.event_id))[-_CITED:]
    cited = [one.model_dump() for entry in sorted(said, key=lambda e: e.trait_id) for one in entry.citations]
    cited += [{"evidence_id": ids.record_evidence_id(one.event_id), "quote": "", "start": 0, "end": 0} for one in shown]
    sources = [str(one["evidence_id"]) for one in cited]
    return Entry(
        op="assert",
        trait_id=trait_id(customer_id, FIELD, value, basis="computed", for_whom=None, evidence=sources),
        name=FIELD,
        value=encode(value),
        basis="computed",
        evidence=encode(cited),
        method=METHOD,
        valid_from=shown[-1].at,
        detail=encode({"lines": len(against)}),
    )


def _said(state: State) -> list[Entry]:
    return [
        one
        for one in state.held.values()
        if one.name in _SAID and one.for_whom is None and one.basis in ("stated", "staff") and one.citations
    ]


def _lines(connection: sa.Connection, customer_ids: Sequence[str]) -> dict[str, list[Line]]:
    if not customer_ids:
        return {}
    e, i = t.events.c, t.items.c
    query = sa.select(
        e.customer_id, e.kind, e.event_id, e.occurred_at, e.order_id, e.item_id, e.amount_minor, e.discount_minor, e.currency,
        i.material, i.color, i.title, i.title_en,
    ).select_from(t.events.outerjoin(t.items, e.item_id == i.item_id)).where(e.kind.in_(("order", "return")))  # fmt: skip
    found: dict[str, list[Line]] = {}
    for start in range(0, len(customer_ids), _CHUNK):
        rows = connection.execute(query.where(e.customer_id.in_(list(customer_ids[start : start + _CHUNK])))).fetchall()
        back = {(row.customer_id, row.order_id, row.item_id) for row in rows if row.kind == "return"}
        for row in rows:
            if row.kind == "order" and row.occurred_at is not None and _kept(row, back):
                found.setdefault(row.customer_id, []).append(
                    Line(
                        row.event_id, row.occurred_at, row.order_id or row.event_id, row.item_id, row.amount_minor,
                        row.discount_minor, row.currency or "?", row.material or "", row.color or "",
                        f"{row.title or ''} {row.title_en or ''}",
                    )
                )  # fmt: skip
    return found


def _kept(row: Any, back: set[tuple[str, str | None, str | None]]) -> bool:
    return (row.customer_id, row.order_id, row.item_id) not in back and (row.customer_id, None, row.item_id) not in back


def words(pack: FieldPack, value: str, language: str) -> str:
    """A gap for people: which statement the orders contradict."""
    name, _, said = value.partition("=")
    label = pack.fields[name].label(language) if name in pack.fields else name
    return f"{label}: {pack.value_label(name, said, language)}" if said and name in pack.fields else label

"""Evidence by id: texts and summaries from their table, records rendered from their event."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from huaxiang import ids
from huaxiang.schema.event import Customer, Event, Item, Source
from huaxiang.schema.evidence import Evidence, Product
from huaxiang.store import read, render
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

_E = t.events.c
_OF_EVENT = {
    f"event_{name}": _E[name]
    for name in ("kind", "speaker", "item_id", "rating", "source_file", "source_row", "source_id")
}
_OF_ITEM = {f"item_{name}": t.items.c[name] for name in Product._fields}
# built once: in a search of one customer, building it took as long as running it
_BY_ID = (
    sa.select(t.evidence, *(column.label(name) for name, column in (_OF_EVENT | _OF_ITEM).items()))
    .select_from(
        t.evidence.outerjoin(t.events, t.evidence.c.event_id == _E.event_id).outerjoin(
            t.items, _E.item_id == t.items.c.item_id
        )
    )
    .where(t.evidence.c.evidence_id.in_(sa.bindparam("wanted", expanding=True)))
)


def get(shop: Shop, evidence_ids: Iterable[str]) -> dict[str, Evidence]:
    """Evidence with these ids, in the order asked; ids that do not exist are absent."""
    wanted = list(dict.fromkeys(evidence_ids))
    stored = [one for one in wanted if one[:1] not in ("r", "c", "q")]
    found: dict[str, Evidence] = {}
    if stored:
        with shop.engine.connect() as connection:
            for start in range(0, len(stored), 500):
                chunk = {"wanted": stored[start : start + 500]}
                for row in connection.execute(_BY_ID, chunk).mappings():
                    found[row["evidence_id"]] = _from_row(row)
    if len(stored) < len(wanted):
        found |= _rendered(shop, [one for one in wanted if one[:1] in ("r", "c")])
        found |= _computed(shop, [one for one in wanted if one[:1] == "q"])
    return {one: found[one] for one in wanted if one in found}


def _computed(shop: Shop, wanted: list[str]) -> dict[str, Evidence]:
    """Figures over the shop, computed anew from the selector that their id holds."""
    if not wanted:
        return {}
    from huaxiang.totals import evidence as computed

    return {one: found for one in wanted if (found := computed(shop, one)) is not None}


def _rendered(shop: Shop, wanted: list[str]) -> dict[str, Evidence]:
    """Records of events and of customers, which are stored nowhere as evidence."""
    records = {one: event for one in wanted if one[:1] == "r" and (event := ids.event_of_evidence(one))}
    events = read.events_by_id(shop, records.values()) if records else {}
    items = read.items_by_id(shop, (e.item_id for e in events.values() if e.item_id)) if events else {}
    people = read.customers_by_id(shop, [one[1:] for one in wanted if one[:1] == "c"])
    found = {
        one: record_evidence(shop, events[event], items.get(events[event].item_id or ""))
        for one, event in records.items()
        if event in events
    }
    return found | {"c" + key: customer_evidence(person) for key, person in people.items()}


def texts_of(
    shop: Shop, customer_id: str, *, kinds: Iterable[str] | None = None, item_id: str | None = None, since: int | None = None,
    until: int | None = None, limit: int | None = None,
) -> list[Evidence]:  # fmt: skip
    """What one customer wrote (and staff wrote about them), newest first; filter by the event's kind, item and time."""
    v, e = t.evidence.c, t.events.c
    query = sa.select(v.evidence_id).select_from(t.evidence.join(t.events, v.event_id == e.event_id))
    query = query.where(v.customer_id == customer_id, v.kind == "text")
    if kinds is not None:
        query = query.where(e.kind.in_(list(kinds)))
    if item_id is not None:
        query = query.where(e.item_id == item_id)
    if since is not None:
        query = query.where(v.occurred_at >= since)
    if until is not None:
        query = query.where(sa.or_(v.occurred_at.is_(None), v.occurred_at <= until))
    query = query.order_by(v.occurred_at.desc().nulls_last(), v.evidence_id).limit(limit)
    with shop.engine.connect() as connection:
        wanted = list(connection.scalars(query))
    return list(get(shop, wanted).values())


def texts_of_events(shop: Shop, event_ids: Iterable[str]) -> list[Evidence]:
    """The texts of these events, in the order of the events; those without one are left out."""
    wanted = list(dict.fromkeys(event_ids))
    by_event: dict[str, str] = {}
    v = t.evidence.c
    with shop.engine.connect() as connection:
        for start in range(0, len(wanted), 500):
            chunk = wanted[start : start + 500]
            rows = connection.execute(
                sa.select(v.event_id, v.evidence_id).where(v.event_id.in_(chunk), v.kind == "text")
            )
            by_event.update((row.event_id, row.evidence_id) for row in rows)
    return list(get(shop, [by_event[one] for one in wanted if one in by_event]).values())


def texts_on(shop: Shop, item_ids: Iterable[str], *, limit: int = 500) -> list[Evidence]:
    """Texts of events on these items by everyone, newest first."""
    v, e = t.evidence.c, t.events.c
    query = (
        sa.select(v.evidence_id)
        .select_from(t.evidence.join(t.events, v.event_id == e.event_id))
        .where(e.item_id.in_(list(item_ids)[:500]), v.kind == "text")
        .order_by(v.occurred_at.desc().nulls_last(), v.evidence_id)
        .limit(limit)
    )
    with shop.engine.connect() as connection:
        found = list(connection.scalars(query))
    return list(get(shop, found).values())


def summaries_of(shop: Shop, customer_id: str) -> list[Evidence]:
    """The computed summaries of one customer."""
    query = sa.select(t.evidence).where(t.evidence.c.customer_id == customer_id, t.evidence.c.kind == "summary")
    with shop.engine.connect() as connection:
        return [_from_row(row) for row in connection.execute(query).mappings()]


def record_evidence(shop: Shop, event: Event, item: Item | None) -> Evidence:
    """The event's own record as evidence (`r…`), rendered in both languages."""
    return Evidence(
        evidence_id=ids.record_evidence_id(event.event_id),
        customer_id=event.customer_id,
        kind="record",
        event_id=event.event_id,
        event_kind=event.kind,
        occurred_at=event.occurred_at,
        item_id=event.item_id,
        rating=event.rating,
        clean=render.record(event, item, shop.tz, "zh"),
        clean_en=render.record(event, item, shop.tz, "en"),
        source=Source(file=event.source_file, row=event.source_row),
        source_id=event.source_id,
        flags=event.flags,
    )


def customer_evidence(person: Customer) -> Evidence:
    """The customer's own master record as evidence (`c` + customer id), rendered in both languages."""
    known = {
        ("姓名", "name"): person.name,
        ("昵称", "also called"): ", ".join(person.aliases) or None,
        ("邮箱", "e-mail"): ", ".join(person.emails) or None,
        ("电话", "phone"): ", ".join(person.phones) or None,
        ("城市", "city"): person.city,
        ("注册日期", "joined on"): person.joined_on.isoformat() if person.joined_on else None,
    }
    zh = "; ".join(f"{names[0]}: {value}" for names, value in known.items() if value)
    en = "; ".join(f"{names[1]}: {value}" for names, value in known.items() if value)
    return Evidence(
        evidence_id="c" + person.customer_id,
        customer_id=person.customer_id,
        kind="record",
        event_kind="customer",
        clean=f"客户资料 {person.customer_id}: {zh}",
        clean_en=f"customer record {person.customer_id}: {en}",
        source=Source(**person.attrs["source"]) if "source" in person.attrs else None,
    )


def product_of(words: Sequence[str | None]) -> Product | None:
    """The product of these columns (in the order of `Product`); None where the catalogue knows nothing of it."""
    return Product(*words) if words[0] or words[1] else None


def _from_row(row: sa.RowMapping) -> Evidence:
    """Evidence from its row; with the columns of `_OF_EVENT` also what its event says of it."""
    file = row.get("event_source_file")
    return Evidence(
        evidence_id=row["evidence_id"],
        customer_id=row["customer_id"],
        kind=row["kind"],
        event_id=row["event_id"],
        event_kind=row.get("event_kind"),
        occurred_at=row["occurred_at"],
        language=row["language"],
        speaker=row.get("event_speaker") or "customer",
        item_id=row.get("event_item_id"),
        product=product_of([row.get(name) for name in _OF_ITEM]),
        rating=row.get("event_rating"),
        clean=row["clean"],
        clean_en=row["clean_en"],
        raw=row["raw"] if row["raw"] is not None else row["clean"],
        offsets=row["offsets"],
        rule=row["rule"],
        selector=json.loads(row["selector"]) if row["selector"] else None,
        event_count=row["event_count"],
        range_hash=row["range_hash"],
        source=Source(file=file, row=row["event_source_row"]) if file is not None else None,
        source_id=row.get("event_source_id"),
        flags=tuple(row["flags"].split()),
    )

"""Evidence by id: texts and summaries from their table, records rendered from their event."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from huaxiang import ids
from huaxiang.schema.event import Customer, Event, Item, Source
from huaxiang.schema.evidence import Evidence
from huaxiang.store import read, render
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

# built once: in a search of one customer, building it took as long as running it
_BY_ID = sa.select(t.evidence).where(t.evidence.c.evidence_id.in_(sa.bindparam("wanted", expanding=True)))


def get(shop: Shop, evidence_ids: Iterable[str]) -> dict[str, Evidence]:
    """Evidence with these ids, in the order asked; ids that do not exist are absent."""
    wanted = list(dict.fromkeys(evidence_ids))
    stored: dict[str, Any] = {}
    with shop.engine.connect() as connection:
        for start in range(0, len(wanted), 500):
            chunk = [one for one in wanted[start : start + 500] if one[:1] not in ("r", "c")]
            if not chunk:
                continue
            for row in connection.execute(_BY_ID, {"wanted": chunk}).mappings():
                stored[row["evidence_id"]] = dict(row)
    event_ids = [event for one in wanted if (event := ids.event_of_evidence(one))]
    events = read.events_by_id(shop, event_ids)
    # only a record names its item in words; a text's citation does not need the catalogue
    records = {ids.event_of_evidence(one) for one in wanted if one[:1] == "r"}
    items = read.items_by_id(shop, (e.item_id for e in events.values() if e.item_id and e.event_id in records))
    people = read.customers_by_id(shop, [one[1:] for one in wanted if one[:1] == "c"])
    found: dict[str, Evidence] = {}
    for one in wanted:
        behind = events.get(ids.event_of_evidence(one) or "")
        if one in stored:
            found[one] = _from_row(stored[one], behind)
        elif one[:1] == "r" and behind is not None:
            found[one] = record_evidence(shop, behind, items.get(behind.item_id or ""))
        elif one[:1] == "c" and one[1:] in people:
            found[one] = customer_evidence(people[one[1:]])
    return found


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
        return [_from_row(dict(row), None) for row in connection.execute(query).mappings()]


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


def _from_row(row: dict[str, Any], event: Event | None) -> Evidence:
    return Evidence(
        evidence_id=row["evidence_id"],
        customer_id=row["customer_id"],
        kind=row["kind"],
        event_id=row["event_id"],
        event_kind=event.kind if event else None,
        occurred_at=row["occurred_at"],
        language=row["language"],
        speaker=event.speaker if event else "customer",
        item_id=event.item_id if event else None,
        rating=event.rating if event else None,
        clean=row["clean"],
        clean_en=row["clean_en"],
        raw=row["raw"] if row["raw"] is not None else row["clean"],
        offsets=row["offsets"],
        rule=row["rule"],
        selector=json.loads(row["selector"]) if row["selector"] else None,
        event_count=row["event_count"],
        range_hash=row["range_hash"],
        source=Source(file=event.source_file, row=event.source_row) if event else None,
        source_id=event.source_id if event else None,
        flags=tuple(row["flags"].split()),
    )

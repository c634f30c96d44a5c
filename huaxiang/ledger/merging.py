"""Two records, one person: merge customers and take the merge apart again. Rows move, the ledger says so, nothing is lost.

The merged customer's events, texts and contacts move to the kept one, who answers to both names from then on; later
imports that name the merged id go to the kept one too. Each ledger keeps its own chain: the merged customer's ends with
`merge`, and what held or waited there is said anew of the kept customer, with the old trait's id beside it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from huaxiang.errors import DataError
from huaxiang.ingest.fingerprints import fingerprints
from huaxiang.ledger import acts, settle, withdraw, write
from huaxiang.ledger.acts import Act
from huaxiang.ledger.entries import Entry, encode, read, trait_id
from huaxiang.ledger.replay import replay
from huaxiang.store import lexical, same_person
from huaxiang.store import tables as t
from huaxiang.store import tables_ops as o
from huaxiang.store.bulk import insert_ignore
from huaxiang.store.shop import Shop


@dataclass(frozen=True)
class Merged:
    """What a merge (or taking one apart) moved."""

    act: Act
    kept: str
    merged: str
    events: int
    traits: int

    def to_dict(self) -> dict[str, Any]:
        """As a machine reads it."""
        return {
            **self.act.to_dict(),
            "kept": self.kept,
            "merged": self.merged,
            "events": self.events,
            "traits": self.traits,
        }


def merge(shop: Shop, kept: str, merged: str, *, actor: str = "staff", reason: str = "") -> Merged:
    """Make two customers one. All or nothing, also under kill -9: it is one transaction.

    Args:
        shop: an open shop; its write lock is held.
        kept: the id that stays.
        merged: the id that becomes another name of it.
        actor: who does it.
        reason: why.

    Raises:
        DataError: the same customer twice (`merge-with-itself`), or one of them is not there (`no-such-customer`).
    """
    if kept == merged:
        raise DataError("a customer cannot be merged with itself", hint="name two customers", code="merge-with-itself")
    with shop.writing():
        with shop.begin() as connection:
            o.ensure(connection)
            _check_there(connection, kept, merged)
            act = acts.begin(
                connection, "merge", actor=actor, customer_id=kept, reason=reason, kept=kept, merged=merged
            )
            said = _say_anew(connection, act, kept, merged)
            snapshot = _snapshot(connection, kept, merged)
            events = list(connection.scalars(sa.select(t.events.c.event_id).where(t.events.c.customer_id == merged)))
            row = {"merge_id": act.op_id, "kept_id": kept, "merged_id": merged, "at": act.at, "snapshot": snapshot}
            connection.execute(o.merges.insert().values(**row))
            same_person.note_moved(connection, ((act.op_id, one, merged) for one in events))
            _move(connection, events, kept)
            _become_one(connection, kept, merged, json.loads(snapshot))
            settle.recompute(shop, connection, [kept, merged])
        settle.flags(shop, [kept])
    return Merged(act, kept, merged, len(events), said)


def unmerge(shop: Shop, customer: str | None = None, *, actor: str = "staff") -> Merged:
    """Take a merge apart: the last one, or the last one of this customer (the kept or the merged id).

    What came in since for the merged id, and what staff decided since about its texts, goes with it; what staff said of
    the one person without naming evidence stays with the kept customer.

    Raises:
        DataError: there is no such merge (`no-such-merge`), or a later one stands on it (`merged-again`).
    """
    with shop.writing():
        with shop.begin() as connection:
            o.ensure(connection)
            act = _find(connection, customer)
            result = take_apart(shop, connection, act)
            acts.close(connection, act, actor=actor)
        settle.flags(shop, [result.kept, result.merged])
    return result


def take_apart(shop: Shop, connection: sa.Connection, act: Act) -> Merged:
    """Undo a merge inside the caller's transaction."""
    m, v = o.merges.c, o.moved.c
    row = connection.execute(sa.select(o.merges).where(m.merge_id == act.op_id)).mappings().one()
    kept, merged, snapshot = row["kept_id"], row["merged_id"], json.loads(row["snapshot"])
    onward = connection.scalar(
        sa.select(m.kept_id).where(m.merged_id == kept, m.undone_at.is_(None), m.merge_id != act.op_id)
    )
    if onward is not None:
        raise DataError(
            f"{kept} has itself been merged into {onward}",
            hint=f"take that apart first: huaxiang unmerge {kept}",
            code="merged-again",
        )
    events = list(connection.scalars(sa.select(v.event_id).where(v.merge_id == act.op_id)))
    _become_two(connection, kept, merged, snapshot)
    traits = _take_back(connection, act, kept, merged, withdraw.evidence_of(events))
    here = sa.select(t.events.c.event_id).where(t.events.c.customer_id == kept)
    present = set(connection.scalars(here))
    _move(connection, [one for one in events if one in present], merged)
    _restore_withdrawn(connection, events, merged)
    connection.execute(o.moved.delete().where(v.merge_id == act.op_id))
    connection.execute(o.merges.update().where(m.merge_id == act.op_id).values(undone_at=act.at))
    settle.recompute(shop, connection, [kept, merged])
    return Merged(act, kept, merged, len(events), traits)


def _check_there(connection: sa.Connection, *customers: str) -> None:
    c = t.customers.c
    for one in customers:
        if connection.scalar(sa.select(c.customer_id).where(c.customer_id == one)) is None:
            raise DataError(
                "one of the two is no customer of this shop",
                hint="`huaxiang customers` lists all; a merged customer is known by the kept id",
                code="no-such-customer",
            )


def _find(connection: sa.Connection, customer: str | None) -> Act:
    m = o.merges.c
    query = sa.select(m.merge_id).join(o.operations, o.operations.c.op_id == m.merge_id).where(m.undone_at.is_(None))
    if customer is not None:
        query = query.where(sa.or_(m.kept_id == customer, m.merged_id == customer))
    merge_id = connection.scalar(query.order_by(o.operations.c.number.desc()).limit(1))
    if merge_id is None:
        raise DataError("there is no such merge", hint="`huaxiang undo --list` shows all acts", code="no-such-merge")
    return acts.find(connection, merge_id)


def _say_anew(connection: sa.Connection, act: Act, kept: str, merged: str) -> int:
    """End the merged ledger and say its traits of the kept customer; computed ones are computed anew."""
    ledgers = read(connection, [kept, merged])
    mine, theirs = (replay(ledgers.get(one, [])) for one in (kept, merged))
    over: list[Entry] = []
    for place in (theirs.held, theirs.proposed, theirs.rejected):
        for entry in place.values():
            if entry.basis not in ("computed", "observed"):
                said = for_customer(entry, kept)
                if mine.find(said.trait_id) is None or said.trait_id in mine.retired:
                    over.append(said._replace(detail=encode({"from": merged, "was": entry.trait_id})))
    ended = [entry.as_op("retire", reason_code="merged") for entry in theirs.held.values()]
    ended += [entry.as_op("void", reason_code="merged") for entry in theirs.proposed.values()]
    write.append(connection, {merged: ended, kept: over}, actor=act.actor, action=act.action)
    return len(over)


def _take_back(connection: sa.Connection, act: Act, kept: str, merged: str, evidence: set[str]) -> int:
    """The ledgers as if they had never been one; what was decided since about the merged one's texts goes along."""
    now, then = acts.state_without(connection, kept, {act.op_id})
    along = [
        entry
        for place in (then.held, then.proposed, then.rejected)
        for entry in place.values()
        if _stands_on(entry, evidence) and entry.basis not in ("computed", "observed")
    ]
    before, after = acts.state_without(connection, merged, {act.op_id})
    work = {kept: acts.said(now, acts.towards(now, then)), merged: acts.said(before, acts.towards(before, after))}
    write.append(connection, work, actor=act.actor, action=f"{acts.UNDO}:{act.op_id}")
    # what was decided or read while they were one is no part of the merge: it goes along under a name of its own
    gone = [entry.as_op("void", reason_code="unmerged") for entry in along]
    come = [for_customer(entry, merged) for entry in along]
    write.append(connection, {kept: gone, merged: come}, actor=act.actor, action="carried")
    return len(work[merged]) + len(come)


def _stands_on(entry: Entry, evidence: set[str]) -> bool:
    cited = {one["evidence_id"] for one in json.loads(entry.evidence or "[]")}
    return bool(cited) and cited <= evidence


def for_customer(entry: Entry, customer: str) -> Entry:
    """The same trait of another customer."""
    sources = [one["evidence_id"] for one in json.loads(entry.evidence or "[]")]
    new = trait_id(
        customer, entry.name, entry.plain, basis=entry.basis or "", for_whom=entry.for_whom, evidence=sources
    )
    return entry._replace(trait_id=new)


def _snapshot(connection: sa.Connection, kept: str, merged: str) -> str:
    """The merged customer's rows, and which contacts and aliases the kept one had before."""
    person = connection.execute(sa.select(t.customers).where(t.customers.c.customer_id == merged)).mappings().one()
    found: dict[str, Any] = {"customer": dict(person)}
    for table in (t.contacts, t.aliases):
        for whose, name in ((merged, "theirs"), (kept, "ours")):
            rows = connection.execute(sa.select(table).where(table.c.customer_id == whose)).mappings().all()
            found[f"{table.name}.{name}"] = [dict(row) for row in rows]
    return json.dumps(found, ensure_ascii=False)


def _become_one(connection: sa.Connection, kept: str, merged: str, snapshot: dict[str, Any]) -> None:
    for table in (t.contacts, t.aliases):
        connection.execute(table.delete().where(table.c.customer_id == merged))
        rows = [{**row, "customer_id": kept} for row in snapshot[f"{table.name}.theirs"]]
        insert_ignore(connection, table, rows)
    names = [one for one in (merged, snapshot["customer"]["name"]) if one]
    insert_ignore(
        connection, t.aliases, [{"customer_id": kept, "alias": one, "normal": one.strip().casefold()} for one in names]
    )
    connection.execute(t.customers.delete().where(t.customers.c.customer_id == merged))


def _become_two(connection: sa.Connection, kept: str, merged: str, snapshot: dict[str, Any]) -> None:
    """Contacts and names that came in since stay with the kept customer; the merged one gets its own back."""
    insert_ignore(connection, t.customers, [snapshot["customer"]])
    names = [one for one in (merged, snapshot["customer"]["name"]) if one]
    added = {
        "contacts": [(row["kind"], row["value"]) for row in snapshot["contacts.theirs"]],
        "aliases": [(row["alias"],) for row in snapshot["aliases.theirs"]] + [(one,) for one in names],
    }
    for table, columns in ((t.contacts, ("kind", "value")), (t.aliases, ("alias",))):
        ours = {tuple(row[name] for name in columns) for row in snapshot[f"{table.name}.ours"]}
        for key in set(added[table.name]) - ours:
            same = [table.c[name] == value for name, value in zip(columns, key, strict=True)]
            connection.execute(table.delete().where(table.c.customer_id == kept, *same))
        insert_ignore(connection, table, snapshot[f"{table.name}.theirs"])


def _move(connection: sa.Connection, event_ids: list[str], to: str) -> None:
    """Put events, their texts, vectors, prints and index entries under another customer."""
    fingerprints.create(connection, checkfirst=True)
    for chunk in withdraw.chunks(event_ids):
        texts = connection.execute(
            sa.select(t.evidence.c.evidence_id, t.evidence.c.clean).where(t.evidence.c.event_id.in_(chunk))
        ).fetchall()
        names = [row[0] for row in texts]
        lexical.remove(connection, names)
        for table, column, wanted in (
            (t.events, t.events.c.event_id, chunk), (t.evidence, t.evidence.c.event_id, chunk),
            (fingerprints, fingerprints.c.event_id, chunk), (t.vectors, t.vectors.c.evidence_id, names),
            (o.extraction_queue, o.extraction_queue.c.evidence_id, names),
        ):  # fmt: skip
            connection.execute(table.update().where(column.in_(wanted)).values(customer_id=to))
        lexical.index_rows(connection, ((row[0], to, row[1]) for row in texts))


def _restore_withdrawn(connection: sa.Connection, event_ids: list[str], to: str) -> None:
    """Events that were retracted meanwhile go back with the others, should they be put back."""
    w = o.withdrawn.c
    for chunk in withdraw.chunks(event_ids):
        for row in connection.execute(sa.select(o.withdrawn).where(w.event_id.in_(chunk))).mappings().all():
            changed = {"customer_id": to}
            for name in ("event", "evidence"):
                if row[name]:
                    changed[name] = json.dumps({**json.loads(row[name]), "customer_id": to}, ensure_ascii=False)
            connection.execute(o.withdrawn.update().where(w.event_id == row["event_id"]).values(**changed))

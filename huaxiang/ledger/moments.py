"""Profiles as they were, as they would be, and what lies between: from replay alone, nothing is written, no model asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from huaxiang import clock
from huaxiang.features import summary
from huaxiang.features.single import Single, rows_of
from huaxiang.features.statements import Draft
from huaxiang.features.statements_more import all_drafts
from huaxiang.ledger import computed, gaps, retract, withdraw
from huaxiang.ledger import project as projection
from huaxiang.ledger.entries import read
from huaxiang.ledger.replay import State, apply, replay
from huaxiang.schema.trait import Profile, Trait
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

CONTACT_KINDS = ("message", "ticket", "note")
"""Events in which customer and staff were in touch."""
LEAST_SHIFT = 0.05
"""A confidence that moved by less is not reported as a change."""


@dataclass(frozen=True)
class Moment:
    """A profile at a moment, and the computed statements it stands on (those of the past are not stored)."""

    profile: Profile
    statements: dict[str, Draft]


class Change(BaseModel):
    """One difference between two profiles. In a field with several values, `value` names the one that came or went."""

    model_config = ConfigDict(frozen=True)
    name: str
    for_whom: str | None
    kind: Literal["added", "removed", "changed", "confidence"]
    before: Any = None
    after: Any = None
    confidence_before: float | None = None
    confidence_after: float | None = None
    evidence: tuple[str, ...] = ()


class Difference(BaseModel):
    """What lies between two moments of one customer, or between what is and what would be."""

    model_config = ConfigDict(frozen=True)
    customer_id: str
    before: str
    after: str
    changes: tuple[Change, ...]
    since_kind: str | None = None
    """For "since last contact": the kind of that contact; None when there was none."""


def at(shop: Shop, customer_id: str, as_of: int | None = None) -> Moment:
    """The profile as it was: what had been said by then, and computed fields over the records up to then.

    Args:
        shop: an open shop.
        customer_id: whose.
        as_of: epoch seconds; the shop's now by default.
    """
    with shop.engine.connect() as connection:
        return _moment(shop, connection, customer_id, shop.now() if as_of is None else as_of, set())


def without(shop: Shop, customer_id: str, events: Sequence[str], as_of: int | None = None) -> Moment:
    """The profile as it would be without these events (ids, evidence ids or source ids): `retract`, but only thought.

    Raises:
        DataError: an event that is not there, was retracted before, or is another customer's (`not-this-customer`).
    """
    from huaxiang.errors import DataError

    with shop.engine.connect() as connection:
        gone = set()
        for name in events:
            event_id, whose = retract.find_event(connection, name)
            if whose != customer_id:
                raise DataError(
                    "this event is another customer's", hint="name an event of this customer", code="not-this-customer"
                )
            gone.add(event_id)
        return _moment(shop, connection, customer_id, shop.now() if as_of is None else as_of, gone)


def what_if(shop: Shop, customer_id: str, events: Sequence[str]) -> Difference:
    """What would change without these events; see `without`."""
    now, then = at(shop, customer_id), without(shop, customer_id, events)
    return difference(now.profile, then.profile, before="now", after="without " + ", ".join(events))


def diff(shop: Shop, customer_id: str, first: date, second: date) -> Difference:
    """What changed in a customer's profile between the ends of two days of the shop's calendar."""
    a, b = (at(shop, customer_id, clock.end_of_day(day, shop.tz)) for day in (first, second))
    return difference(a.profile, b.profile, before=first.isoformat(), after=second.isoformat())


def changed(shop: Shop, customer_id: str) -> Difference:
    """What changed since staff and customer were last in touch.

    That is the last message, ticket or note before today: the contact that is going on now is not the last one. Without
    any, everything is new.
    """
    now, e = shop.now(), t.events.c
    today = clock.start_of_day(shop.today(), shop.tz)
    query = sa.select(e.occurred_at, e.kind).where(
        e.customer_id == customer_id, e.kind.in_(CONTACT_KINDS), e.occurred_at < today
    )
    with shop.engine.connect() as connection:
        last = connection.execute(query.order_by(e.occurred_at.desc()).limit(1)).first()
        then = None if last is None else _moment(shop, connection, customer_id, int(last[0]), set()).profile
        after = _moment(shop, connection, customer_id, now, set()).profile
    if then is None or last is None:
        empty = after.model_copy(update={"traits": ()})
        return difference(empty, after, before="never", after=shop.today().isoformat())
    day = clock.day_of(int(last[0]), shop.tz).isoformat()
    found = difference(then, after, before=day, after=shop.today().isoformat())
    return found.model_copy(update={"since_kind": last[1]})


def difference(a: Profile, b: Profile, *, before: str, after: str) -> Difference:
    """What differs between two profiles, in the order of the second one's fields, what is gone last."""
    old, new = _by_field(a), _by_field(b)
    changes: list[Change] = []
    for key in dict.fromkeys([*new, *old]):
        changes.extend(_changes(key, old.get(key, []), new.get(key, [])))
    return Difference(customer_id=b.customer_id, before=before, after=after, changes=tuple(changes))


def _changes(key: tuple[str, str | None], old: list[Trait], new: list[Trait]) -> list[Change]:
    before, after = ({projection.key_of(one.value): one for one in some} for some in (old, new))
    kept = [(before[value], after[value]) for value in before if value in after]
    gone = [one for value, one in before.items() if value not in after]
    come = [one for value, one in after.items() if value not in before]
    name, whom = key
    if len(old) == len(new) == len(gone) == 1:
        a, b = gone[0], come[0]
        return [
            Change(
                name=name, for_whom=whom, kind="changed", before=a.value, after=b.value, confidence_before=a.confidence,
                confidence_after=b.confidence, evidence=_cited(b),
            )
        ]  # fmt: skip
    found = [
        Change(name=name, for_whom=whom, kind="added", after=b.value, confidence_after=b.confidence, evidence=_cited(b))
        for b in come
    ]
    found += [
        Change(
            name=name, for_whom=whom, kind="removed", before=a.value, confidence_before=a.confidence, evidence=_cited(a)
        )
        for a in gone
    ]
    return found + [
        Change(
            name=name, for_whom=whom, kind="confidence", before=a.value, after=b.value, confidence_before=a.confidence,
            confidence_after=b.confidence, evidence=_cited(b),
        )
        for a, b in kept if abs(a.confidence - b.confidence) >= LEAST_SHIFT
    ]  # fmt: skip


def _moment(shop: Shop, connection: sa.Connection, customer_id: str, as_of: int, gone: Collection[str]) -> Moment:
    pack = projection.pack_of(shop)
    state = replay(read(connection, [customer_id]).get(customer_id, []))
    rows = [row for row in rows_of(connection, customer_id) if row["event_id"] not in gone]
    recorded = summary.records(connection, without=gone)
    one = Single(rows, as_of=as_of, tz=shop.tz, has_returns=recorded[0], has_orders=recorded[1])
    drafts = all_drafts(one)
    if gone:
        apply(state, retract.without(state, customer_id, withdraw.evidence_of(gone), reason_code="what_if"))
    _recompute(state, computed.entries_from(pack, drafts).get(customer_id, []), pack)
    gap = {entry.trait_id: entry for entry in gaps.at(connection, pack, customer_id, state, as_of=as_of, gone=gone)}
    for key in [key for key, entry in state.held.items() if entry.name == gaps.FIELD and key not in gap]:
        del state.held[key]
    for key, entry in gap.items():
        if key not in state.rejected:
            state.held.setdefault(key, entry)
    about = projection.facts_about(connection, [customer_id])
    outcome = projection.project(pack, customer_id, state, as_of, weights=about.weights)
    profile = about.profile(pack, customer_id, as_of, outcome).model_copy(update={"events": len(one.events)})
    return Moment(profile, {draft.evidence_id: draft for draft in drafts})


def _recompute(state: State, entries: Sequence[Any], pack: Any) -> None:
    """Computed traits of this moment instead of today's; what staff rejected stays away."""
    wanted = {entry.trait_id for entry in entries}
    for key in [key for key, entry in state.held.items() if computed.is_recomputed(pack, entry) and key not in wanted]:
        del state.held[key]
    for entry in entries:
        if entry.trait_id not in state.rejected and entry.trait_id not in state.held:
            state.held[entry.trait_id] = entry


def _by_field(profile: Profile) -> dict[tuple[str, str | None], list[Trait]]:
    found: dict[tuple[str, str | None], list[Trait]] = {}
    for trait in profile.traits:
        found.setdefault((trait.name, trait.for_whom), []).append(trait)
    return found


def _cited(trait: Trait) -> tuple[str, ...]:
    return tuple(one.evidence_id for one in trait.evidence)

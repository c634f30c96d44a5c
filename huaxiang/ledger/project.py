"""The current profile: a projection of the ledger. Contradictions are resolved by structure, never by asking a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from huaxiang.ledger import confidence as c
from huaxiang.ledger.entries import Entry, read
from huaxiang.ledger.replay import State, replay
from huaxiang.schema.pack import FieldPack, FieldSpec, load_pack
from huaxiang.schema.trait import Citation, MissingReason, Profile, Trait
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

_DAY = 86_400
CONFLICT_DAYS = 14
"""Two different statements of a `latest` field within so many days contradict each other; further apart, the newer holds."""
_CONFLICT_DAYS = 7
"""Two different sayings this close together contradict each other; further apart, the newer one is a change."""
Group = list[tuple[Entry, Any]]


@dataclass
class _Outcome:
    traits: list[Trait]
    missing: dict[str, MissingReason]


def pack_of(shop: Shop) -> FieldPack:
    """The shop's field pack."""
    return load_pack(shop.settings.packs, shop.folder)


def current_profile(shop: Shop, customer_id: str, as_of: int | None = None, *, known_at: int | None = None) -> Profile:
    """The traits that hold, by replay of the customer's ledger; a customer without any has an empty profile.

    Args:
        shop: an open shop.
        customer_id: whose.
        as_of: epoch seconds in the shop's time; what became true later is left out, and confidence is computed for it.
            The shop's today by default. Recomputed fields show only values that were already true then.
        known_at: epoch seconds of the wall clock; what we wrote down later is left out ("what did we believe then").

    Returns:
        Traits about the customer first, then those about people the customer buys for (`for_whom` set), each in the
        field pack's order; `missing` has the pack's other fields with the reason.
    """
    return profiles(shop, [customer_id], as_of, known_at=known_at)[customer_id]


def profiles(
    shop: Shop, customer_ids: Sequence[str], as_of: int | None = None, *, known_at: int | None = None
) -> dict[str, Profile]:
    """Profiles of several customers with three queries in all."""
    pack, moment = pack_of(shop), shop.now() if as_of is None else as_of
    e, k, wanted = t.events.c, t.customers.c, list(customer_ids)
    with shop.engine.connect() as connection:
        entries = read(connection, wanted, known_at=known_at)
        counted = sa.select(e.customer_id, sa.func.count()).where(e.customer_id.in_(wanted)).group_by(e.customer_id)
        events: dict[str, int] = {row[0]: row[1] for row in connection.execute(counted)}
        query = sa.select(k.customer_id, k.name, k.language).where(k.customer_id.in_(wanted))
        people = {row[0]: row for row in connection.execute(query)}
    found: dict[str, Profile] = {}
    for customer in wanted:
        outcome = project(pack, customer, replay(entries.get(customer, [])), moment)
        found[customer] = Profile(
            customer_id=customer,
            name=people[customer][1] if customer in people else None,
            language=people[customer][2] if customer in people else None,
            as_of=moment,
            field_pack=f"{pack.name}@{pack.version}",
            traits=tuple(outcome.traits),
            missing=outcome.missing,
            events=events.get(customer, 0),
        )
    return found


def proposals(shop: Shop, customer_id: str) -> list[Trait]:
    """Traits of this customer that wait for review, newest first."""
    with shop.engine.connect() as connection:
        state = replay(read(connection, [customer_id]).get(customer_id, []))
    waiting = sorted(state.proposed.values(), key=lambda entry: -entry.seq)
    return [_trait(customer_id, entry, entry.plain, entry.citations, "proposed") for entry in waiting]


def history(shop: Shop, customer_id: str, name: str | None = None) -> list[Entry]:
    """Every entry of a customer's ledger (of one field), oldest first: nothing is ever overwritten."""
    with shop.engine.connect() as connection:
        entries = read(connection, [customer_id]).get(customer_id, [])
    return [entry for entry in entries if name is None or entry.name == name]


def project(pack: FieldPack, customer_id: str, state: State, as_of: int) -> _Outcome:
    """Merge the held entries by each field's policy, as of a moment of the shop's time."""
    groups: dict[tuple[str, str | None], Group] = {}
    for entry in state.held.values():
        started = entry.valid_from is None or entry.valid_from <= as_of
        if entry.name in pack.fields and started and (entry.valid_to is None or entry.valid_to > as_of):
            groups.setdefault((entry.name, entry.for_whom), []).append((entry, entry.plain))
    ended = _ended_by_opposite(pack, groups) | _ended_by_statement(state, groups, as_of)
    traits: list[Trait] = []
    missing: dict[str, MissingReason] = {}
    order = {name: place for place, name in enumerate(pack.fields)}
    for (name, whom), group in sorted(
        groups.items(), key=lambda g: (g[0][1] is not None, order[g[0][0]], g[0][1] or "")
    ):
        spec = pack.fields[name]
        live = [(e, v) for e, v in group if e.trait_id not in ended]
        fresh = [(e, v) for e, v in live if not c.is_stale(_age(e, as_of), spec.half_life_days)]
        chosen = _choose(spec, fresh)
        if chosen is None and whom is None:
            missing[name] = "conflict"
        elif not fresh and live and whom is None:
            missing[name] = "stale"
        for value in chosen or ():
            traits.append(_merge(customer_id, spec, value, fresh, as_of))
    have = {trait.name for trait in traits if trait.for_whom is None}
    for name in pack.fields:
        if name not in have:
            missing.setdefault(name, "no_evidence")
    return _Outcome(traits, missing)


def _choose(spec: FieldSpec, group: Group) -> list[Any] | None:
    """The values that hold; None when equally good sources contradict each other."""
    if not group:
        return []
    if spec.merge == "union":
        return _distinct([v for _, v in sorted(group, key=lambda g: (-(g[0].valid_from or 0), g[0].trait_id))])
    if spec.merge == "range":
        numbers = [float(v) for _, v in group]
        return [{"min": min(numbers), "max": max(numbers)}] if min(numbers) < max(numbers) else [numbers[0]]
    if spec.merge == "counter":
        return [max(group, key=lambda g: (g[0].seq, g[0].valid_from or 0))[1]]
    told = [g for g in group if g[0].basis != "inferred"] or group
    if spec.merge == "most-trusted":
        best = min(c.PRECEDENCE.index(g[0].basis or "inferred") for g in told)
        told = [g for g in told if c.PRECEDENCE.index(g[0].basis or "inferred") == best]
    newest = max(g[0].valid_from or 0 for g in told)
    # a correction by staff outranks what the customer said that week; two sayings of one week stay a conflict
    last = [g for g in told if newest - (g[0].valid_from or 0) <= _CONFLICT_DAYS * _DAY]
    best = min(c.PRECEDENCE.index(g[0].basis or "inferred") for g in last)
    chosen = [g for g in last if c.PRECEDENCE.index(g[0].basis or "inferred") == best]
    # nobody's shoe size changes in a fortnight: a different value said that shortly before is a conflict, not an update
    rivals = [
        g for g in told if g[0].basis == chosen[0][0].basis and newest - (g[0].valid_from or 0) < CONFLICT_DAYS * _DAY
    ]
    values = _distinct([g[1] for g in (chosen if chosen[0][0].basis == "staff" else rivals)])
    return values if len(values) == 1 else None


def _ended_by_opposite(pack: FieldPack, groups: dict[tuple[str, str | None], Group]) -> set[str]:
    """Ids of traits that a later statement of the same value in an opposing field ends (loved coffee, gave it up)."""
    ended: set[str] = set()
    for (name, whom), group in groups.items():
        for other in pack.fields[name].opposes:
            for entry, value in group:
                for against, its_value in groups.get((other, whom), []):
                    if value == its_value and (against.valid_from or 0) > (entry.valid_from or 0):
                        ended.add(entry.trait_id)
    return ended


def _ended_by_statement(state: State, groups: dict[tuple[str, str | None], Group], as_of: int) -> set[str]:
    """Ids of traits the customer later said are over (we lost our dog): that statement begins and ends at one time."""
    ended: set[str] = set()
    for over in state.held.values():
        if over.valid_to is None or over.valid_to != over.valid_from or over.valid_to > as_of:
            continue
        for entry, _ in groups.get((over.name, over.for_whom), []):
            if entry.value == over.value and (entry.valid_from or 0) < over.valid_to:
                ended.add(entry.trait_id)
    return ended


def _merge(customer_id: str, spec: FieldSpec, value: Any, group: Group, as_of: int) -> Trait:
    same = [e for e, v in group if v == value] or [e for e, _ in group]
    newest = max(same, key=lambda e: (e.valid_from or 0, e.seq))
    best = min(same, key=lambda e: c.PRECEDENCE.index(e.basis or "inferred"))
    cited: dict[tuple[str, int], Citation] = {}
    for entry in sorted(same, key=lambda e: -(e.valid_from or 0)):
        for one in entry.citations:
            cited.setdefault((one.evidence_id, one.start), one)
    sources = len({evidence_id for evidence_id, _ in cited})
    # in a set the values do not contradict each other
    agreement = 1.0 if spec.merge in ("union", "range", "counter") else len(same) / len(group)
    belief = c.confidence(
        best.basis or "inferred", sources=sources, agreement=agreement, age_days=_age(newest, as_of),
        half_life_days=spec.half_life_days,
    )  # fmt: skip
    trait = _trait(customer_id, newest, value, tuple(cited.values()), "held")
    first = min((e.valid_from for e in same if e.valid_from is not None), default=None)
    return trait.model_copy(update={"confidence": belief, "basis": best.basis or "inferred", "valid_from": first})


def _trait(customer_id: str, entry: Entry, value: Any, citations: tuple[Citation, ...], status: Any) -> Trait:
    return Trait(
        trait_id=entry.trait_id,
        customer_id=customer_id,
        name=entry.name,
        value=value,
        basis=entry.basis or "inferred",
        evidence=citations,
        method=entry.method or "",
        for_whom=entry.for_whom,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        recorded_at=entry.recorded_at,
        status=status,
        reason_code=entry.reason_code,
    )


def _age(entry: Entry, as_of: int) -> float:
    return 0.0 if entry.valid_from is None else max(0.0, (as_of - entry.valid_from) / _DAY)


def _distinct(values: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found

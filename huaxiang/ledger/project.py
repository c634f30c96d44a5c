"""The current profile: a projection of the ledger. Contradictions are resolved by structure, never by asking a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa

from huaxiang.ledger import confidence as c
from huaxiang.ledger.entries import Entry, encode, read
from huaxiang.ledger.replay import State, replay
from huaxiang.schema.pack import FieldPack, FieldSpec, load_pack
from huaxiang.schema.trait import Basis, Citation, MissingReason, Profile, Trait
from huaxiang.store import tables as t
from huaxiang.store import tables_ops as o
from huaxiang.store.shop import Shop

_DAY = 86_400
CONFLICT_DAYS = 14
"""Two different statements of a `latest` field within so many days contradict each other; further apart, the newer holds."""
_CONTRARY_PER_HALF_LIFE = 4.0
_CONFLICT_DAYS = 7
"""Two different sayings this close together contradict each other; further apart, the newer one is a change."""
Group = list[tuple[Entry, Any]]


Fate = Literal["holds", "superseded", "conflict", "stale", "ended_by_opposite", "not_yet", "over", "undeclared"]


@dataclass
class Outcome:
    """A projection: what holds, what is missing, and, where asked for, what became of every held entry and of each belief."""

    traits: list[Trait]
    missing: dict[str, MissingReason]
    fates: dict[str, Fate]
    parts: dict[str, c.Parts]
    """By the id of the trait that stands for the value."""


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
    wanted = list(customer_ids)
    with shop.engine.connect() as connection:
        entries = read(connection, wanted, known_at=known_at)
        about = facts_about(connection, wanted)
    found: dict[str, Profile] = {}
    for customer in wanted:
        state = replay(entries.pop(customer, []))
        outcome = project(pack, customer, state, moment, weights=about.weights, explain=False)
        found[customer] = about.profile(pack, customer, moment, outcome)
    return found


@dataclass
class About:
    """What a profile says besides its traits, of several customers."""

    events: dict[str, int] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    weights: c.Weights = field(default_factory=dict)

    def profile(self, pack: FieldPack, customer_id: str, as_of: int, outcome: Outcome) -> Profile:
        """The projection as a profile."""
        person = self.people.get(customer_id)
        return Profile(
            customer_id=customer_id,
            name=person[1] if person else None,
            language=person[2] if person else None,
            as_of=as_of,
            field_pack=f"{pack.name}@{pack.version}",
            traits=tuple(outcome.traits),
            missing=outcome.missing,
            events=self.events.get(customer_id, 0),
        )


def facts_about(connection: sa.Connection, customer_ids: Sequence[str]) -> About:
    """Names, numbers of events, and staff's verdicts by source and field."""
    e, k, wanted = t.events.c, t.customers.c, list(customer_ids)
    counted = sa.select(e.customer_id, sa.func.count()).where(e.customer_id.in_(wanted)).group_by(e.customer_id)
    query = sa.select(k.customer_id, k.name, k.language).where(k.customer_id.in_(wanted))
    return About(
        {row[0]: row[1] for row in connection.execute(counted)},
        {row[0]: row for row in connection.execute(query)},
        weights_of(connection),
    )


def weights_of(connection: sa.Connection) -> c.Weights:
    """How often each source was right about each field, as staff decided; empty before anything was reviewed."""
    if not sa.inspect(connection).has_table(o.review_decisions.name):
        return {}
    d = o.review_decisions.c
    query = sa.select(d.source, d.name, sa.func.sum(d.right), sa.func.count()).group_by(d.source, d.name)
    return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in connection.execute(query)}


def proposals(shop: Shop, customer_id: str) -> list[Trait]:
    """Traits of this customer that wait for review, newest first."""
    with shop.engine.connect() as connection:
        state = replay(read(connection, [customer_id]).get(customer_id, []))
    waiting = sorted(state.proposed.values(), key=lambda entry: -entry.seq)
    return [_trait(customer_id, entry, entry.plain, entry.citations, "proposed") for entry in waiting]


def history(shop: Shop, customer_id: str, name: str | None = None, *, last: int | None = None) -> list[Entry]:
    """Every entry of a customer's ledger (of one field), oldest first: nothing is ever overwritten.

    `last`: only the newest so many, without reading the others.
    """
    with shop.engine.connect() as connection:
        found = read(connection, [customer_id], names=None if name is None else [name], last=last)
    return found.get(customer_id, [])


def project(
    pack: FieldPack, customer_id: str, state: State, as_of: int, *, weights: c.Weights | None = None, explain: bool = True
) -> Outcome:  # fmt: skip
    """Merge the held entries by each field's policy, as of a moment of the shop's time.

    Without `explain` neither `fates` nor `parts` are kept: a customer may have a million values.
    """
    groups: dict[tuple[str, str | None], Group] = {}
    out = Outcome([], {}, {}, {})
    for entry in state.held.values():
        if entry.name not in pack.fields:
            out.fates[entry.trait_id] = "undeclared"
        elif entry.valid_from is not None and entry.valid_from > as_of:
            out.fates[entry.trait_id] = "not_yet"
        elif entry.valid_to is not None and entry.valid_to <= as_of:
            out.fates[entry.trait_id] = "over"
        else:
            groups.setdefault((entry.name, entry.for_whom), []).append((entry, entry.plain))
    ended = _ended_by_opposite(pack, groups) | _ended_by_statement(state, groups, as_of)
    order = {name: place for place, name in enumerate(pack.fields)}
    for (name, whom), group in sorted(
        groups.items(), key=lambda g: (g[0][1] is not None, order[g[0][0]], g[0][1] or "")
    ):
        spec = pack.fields[name]
        live = [one for one in group if one[0].trait_id not in ended]
        fresh = [one for one in live if not c.is_stale(_age(one[0], as_of), spec.half_life_days)]
        chosen = _choose(spec, fresh)
        if explain:
            _note_fates(out, group, live, fresh, chosen)
        if chosen is None and whom is None:
            out.missing[name] = "conflict"
        elif not fresh and live and whom is None:
            out.missing[name] = "stale"
        same: dict[str, list[Entry]] = {}  # a customer may have very many values: never look through all for each
        for entry, value in fresh if chosen else ():
            same.setdefault(key_of(value), []).append(entry)
        for value in chosen or ():
            mine = same.pop(key_of(value), None) or [e for e, _ in fresh]
            trait, belief = _merge(customer_id, spec, value, mine, fresh, as_of, weights or {})
            out.traits.append(trait)
            if explain:
                out.parts[trait.trait_id] = belief
    have = {trait.name for trait in out.traits if trait.for_whom is None}
    for name in pack.fields:
        if name not in have:
            out.missing.setdefault(name, "no_evidence")
    return out


def _note_fates(out: Outcome, group: Group, live: Group, fresh: Group, chosen: list[Any] | None) -> None:
    alive, young = ({e.trait_id for e, _ in some} for some in (live, fresh))
    taken = {key_of(value) for value in chosen or ()}
    spans = bool(chosen) and isinstance(chosen[0], dict) and "min" in chosen[0]  # type: ignore[index]
    for entry, value in group:
        fate: Fate = "superseded"
        if entry.trait_id not in alive:
            fate = "ended_by_opposite"
        elif entry.trait_id not in young:
            fate = "stale"
        elif chosen is None:
            fate = "conflict"
        elif spans or key_of(value) in taken:
            fate = "holds"
        out.fates[entry.trait_id] = fate


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
        return [max(group, key=lambda g: (g[0].valid_from or 0, g[0].trait_id))[1]]
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
    latest: dict[tuple[str, str | None], dict[str, int]] = {}
    for key, group in groups.items():
        times = latest.setdefault(key, {})
        for entry, value in group:
            times[key_of(value)] = max(times.get(key_of(value), 0), entry.valid_from or 0)
    for (name, whom), group in groups.items():
        for other in pack.fields[name].opposes:
            against = latest.get((other, whom), {})
            for entry, value in group if against else ():
                if against.get(key_of(value), 0) > (entry.valid_from or 0):
                    ended.add(entry.trait_id)
    return ended


def _ended_by_statement(state: State, groups: dict[tuple[str, str | None], Group], as_of: int) -> set[str]:
    """Ids of traits the customer later said are over (we lost our dog): that statement begins and ends at one time."""
    ends: dict[tuple[str, str | None, str | None], int] = {}
    for over in state.held.values():
        if over.valid_to is not None and over.valid_to == over.valid_from and over.valid_to <= as_of:
            key = (over.name, over.for_whom, over.value)
            ends[key] = max(ends.get(key, 0), over.valid_to)
    return {
        entry.trait_id
        for (name, whom), group in (groups.items() if ends else ())
        for entry, _ in group
        if (entry.valid_from or 0) < ends.get((name, whom, entry.value), 0)
    }


def _merge(
    customer_id: str, spec: FieldSpec, value: Any, same: list[Entry], group: Group, as_of: int, weights: c.Weights
) -> tuple[Trait, c.Parts]:
    # ties by content, not by the order of writing: however the events arrived, the same trait stands for the value
    newest = best = same[0]
    cited = newest.citations
    first = newest.valid_from
    if len(same) > 1:
        newest = max(same, key=lambda e: (e.valid_from or 0, e.trait_id))
        best = min(same, key=lambda e: c.PRECEDENCE.index(e.basis or "inferred"))
        first = min((e.valid_from for e in same if e.valid_from is not None), default=None)
        cited = tuple(
            one for e in sorted(same, key=lambda e: (-(e.valid_from or 0), e.trait_id)) for one in e.citations
        )
    if len(cited) > 1:
        unique: dict[tuple[str, int], Citation] = {}
        for one in cited:
            unique.setdefault((one.evidence_id, one.start), one)
        cited = tuple(unique.values())
    belief = c.parts(
        best.basis or "inferred",
        sources=len({one.evidence_id for one in cited}),
        against=_against(spec, newest, group, value),
        age_days=_age(newest, as_of),
        half_life_days=spec.half_life_days,
        reviews=weights.get((c.source_of(newest.method), spec.name), (0, 0)) if weights else (0, 0),
    )
    trait = _trait(customer_id, newest, value, cited, "held", confidence=belief.value, basis=best.basis, first=first)
    return trait, belief


def _against(spec: FieldSpec, newest: Entry, group: Group, value: Any) -> float:
    """Contrary statements, weighed by nearness in time: one of years ago is a change, not a contradiction."""
    if spec.merge in ("union", "range", "counter"):
        return 0.0  # in a set the values do not contradict each other
    far = (spec.half_life_days or 1000.0) / _CONTRARY_PER_HALF_LIFE
    gaps = [abs((newest.valid_from or 0) - (e.valid_from or 0)) / _DAY for e, v in group if v != value]
    return float(sum(0.5 ** (gap / far) for gap in gaps))


def _trait(
    customer_id: str, entry: Entry, value: Any, citations: tuple[Citation, ...], status: Any, *,
    confidence: float = 0.0, basis: Basis | None = None, first: int | None = None,
) -> Trait:  # fmt: skip
    made = Trait(
        trait_id=entry.trait_id,
        customer_id=customer_id,
        name=entry.name,
        value=value,
        basis=basis or entry.basis or "inferred",
        confidence=confidence,
        evidence=citations,
        method=entry.method or "",
        for_whom=entry.for_whom,
        valid_from=entry.valid_from if first is None else first,
        valid_to=entry.valid_to,
        recorded_at=entry.recorded_at or None,
        status=status,
        reason_code=entry.reason_code,
    )
    # every trait has its own copy of this set of names, which takes more memory than its values do
    object.__setattr__(made, "__pydantic_fields_set__", _NAMED)
    return made


_NAMED = set(Trait.model_fields)


def _age(entry: Entry, as_of: int) -> float:
    return 0.0 if entry.valid_from is None else max(0.0, (as_of - entry.valid_from) / _DAY)


def key_of(value: Any) -> str:
    """What two values must share to be the same: 8 and 8.0 are."""
    return encode(int(value) if isinstance(value, float) and value.is_integer() else value)


def _distinct(values: Sequence[Any]) -> list[Any]:
    found: dict[str, Any] = {}
    for value in values:
        found.setdefault(key_of(value), value)
    return list(found.values())

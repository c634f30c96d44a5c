"""Why a field says what it says: its words, the rule, the belief taken apart, and what was not taken. And its history."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from huaxiang import clock
from huaxiang.ledger import project as projection
from huaxiang.ledger.entries import Entry, read
from huaxiang.ledger.replay import State, replay
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.trait import Citation, Trait
from huaxiang.store import evidence as stored
from huaxiang.store.shop import Shop

_SHOWN = 20
"""Sources shown of one value; all are counted."""


class Source(BaseModel):
    """One piece of evidence as a reader needs it: the very words, where they stand, when and by whom."""

    model_config = ConfigDict(frozen=True)
    evidence_id: str
    kind: str | None
    quote: str
    text: str
    said_at: str | None
    file: str | None
    row: int | None
    missing: bool = Field(False, description="the evidence is no longer in the shop")


class Belief(BaseModel):
    """A confidence by parts."""

    model_config = ConfigDict(frozen=True)
    value: float
    basis: str
    base: float = Field(description="belief in one fresh source of this basis")
    sources: int = Field(description="independent sources that say the same")
    against: float = Field(description="contrary statements, weighed by nearness in time")
    decay: float = Field(description="what age has left of it, 0..1")
    reviewed: int = Field(description="decisions of staff about this source and field")
    review_shift: float = Field(description="log-odds that these decisions add")


class Held(BaseModel):
    """A value that holds."""

    model_config = ConfigDict(frozen=True)
    trait_id: str
    value: Any
    for_whom: str | None
    rule: str
    merge: str
    since: str | None
    written_by: str
    written_at: str
    belief: Belief
    evidence: tuple[Source, ...]
    more_evidence: int = 0


class Other(BaseModel):
    """A value that was said and does not hold, or waits, and why."""

    model_config = ConfigDict(frozen=True)
    trait_id: str
    value: Any
    for_whom: str | None
    basis: str | None
    fate: str = Field(
        description="superseded, conflict, stale, ended_by_opposite, not_yet, proposed, rejected, retired …"
    )
    reason_code: str | None
    rule: str | None
    said_at: str | None
    evidence: tuple[Source, ...]


class Why(BaseModel):
    """Everything behind one field of one customer."""

    model_config = ConfigDict(frozen=True)
    customer_id: str
    name: str
    as_of: str
    missing: str | None
    held: tuple[Held, ...]
    others: tuple[Other, ...]


class Line(BaseModel):
    """One entry of a field's history."""

    model_config = ConfigDict(frozen=True)
    seq: int
    at: str
    actor: str
    action: str
    op: str
    trait_id: str
    value: Any
    basis: str | None
    for_whom: str | None
    method: str | None
    reason_code: str | None
    evidence: tuple[str, ...]


def why(shop: Shop, customer_id: str, name: str, as_of: int | None = None) -> Why:
    """Why this field says what it says.

    Args:
        shop: an open shop.
        customer_id: whose.
        name: a field of the shop's pack.
        as_of: epoch seconds; the shop's now by default.

    Raises:
        DataError: the pack declares no such field (`undeclared-field`).
    """
    pack = projection.pack_of(shop)
    spec = pack.field(name)
    moment = shop.now() if as_of is None else as_of
    with shop.engine.connect() as connection:
        # what decides a field: its own entries, and those of fields that can end it
        names = {name, *spec.opposes}
        state = replay(read(connection, [customer_id], names=names).get(customer_id, []))
        weights = projection.weights_of(connection)
    outcome = projection.project(pack, customer_id, state, moment, weights=weights)
    traits = [trait for trait in outcome.traits if trait.name == name]
    others = _others(state, name, outcome.fates)
    cited = [c for trait in traits for c in trait.evidence[:_SHOWN]] + [
        c for e, _ in others for c in e.citations[:_SHOWN]
    ]
    evidence = stored.get(shop, [one.evidence_id for one in cited])
    return Why(
        customer_id=customer_id,
        name=name,
        as_of=clock.day_of(moment, shop.tz).isoformat(),
        missing=None if any(trait.for_whom is None for trait in traits) else outcome.missing.get(name),
        held=tuple(_held(trait, state, spec.merge, outcome.parts[trait.trait_id], evidence) for trait in traits),
        others=tuple(_other(entry, fate, evidence) for entry, fate in others),
    )


def history(shop: Shop, customer_id: str, name: str | None = None, *, last: int | None = None) -> list[Line]:
    """Every entry of a customer's ledger (of one field), oldest first: nothing is ever overwritten.

    Args:
        shop: an open shop.
        customer_id: whose.
        name: only this field.
        last: only the newest so many; the others are not read.

    Raises:
        DataError: neither the pack nor the ledger knows the field (`undeclared-field`).
    """
    entries = projection.history(shop, customer_id, name, last=last)
    if name is not None and not entries:
        projection.pack_of(shop).field(name)
    return [
        Line(
            seq=entry.seq, at=_iso(entry.recorded_at) or "", actor=entry.actor, action=entry.action.partition(":")[0],
            op=entry.op, trait_id=entry.trait_id, value=entry.plain, basis=entry.basis, for_whom=entry.for_whom,
            method=entry.method, reason_code=entry.reason_code, evidence=tuple(c.evidence_id for c in entry.citations),
        )
        for entry in entries
    ]  # fmt: skip


def _others(state: State, name: str, fates: dict[str, Any]) -> list[tuple[Entry, str]]:
    """What was said of the field and does not hold, newest first; recomputed values of yesterday are history, not rivals."""
    found = [
        (e, str(fates[e.trait_id])) for e in state.held.values() if e.name == name and fates[e.trait_id] != "holds"
    ]
    for place, fate in ((state.proposed, "proposed"), (state.rejected, "rejected"), (state.retired, "retired")):
        found += [(e, fate) for e in place.values() if e.name == name and e.reason_code != "recomputed"]
    return sorted(found, key=lambda one: (-(one[0].valid_from or 0), one[0].trait_id))


def _held(trait: Trait, state: State, merge: str, parts: Any, evidence: dict[str, Evidence]) -> Held:
    entry = state.held[trait.trait_id]
    return Held(
        trait_id=trait.trait_id,
        value=trait.value,
        for_whom=trait.for_whom,
        rule=trait.method,
        merge=merge,
        since=_iso(trait.valid_from),
        written_by=entry.actor,
        written_at=_iso(entry.recorded_at) or "",
        belief=Belief(
            value=parts.value, basis=parts.basis, base=parts.base, sources=parts.sources, against=round(parts.against, 3),
            decay=round(parts.decay, 3), reviewed=parts.reviewed, review_shift=parts.review_shift,
        ),
        evidence=tuple(_source(one, evidence) for one in trait.evidence[:_SHOWN]),
        more_evidence=max(0, len(trait.evidence) - _SHOWN),
    )  # fmt: skip


def _other(entry: Entry, fate: str, evidence: dict[str, Evidence]) -> Other:
    return Other(
        trait_id=entry.trait_id,
        value=entry.plain,
        for_whom=entry.for_whom,
        basis=entry.basis,
        fate=fate,
        reason_code=entry.reason_code,
        rule=entry.method,
        said_at=_iso(entry.valid_from),
        evidence=tuple(_source(one, evidence) for one in entry.citations[:_SHOWN]),
    )


def _source(cited: Citation, evidence: dict[str, Evidence]) -> Source:
    found = evidence.get(cited.evidence_id)
    if found is None:
        return Source(
            evidence_id=cited.evidence_id, kind=None, quote=cited.quote, text="", said_at=None, file=None, row=None, missing=True
        )  # fmt: skip
    return Source(
        evidence_id=cited.evidence_id,
        kind=found.event_kind or found.kind,
        quote=cited.quote,
        text=found.clean,
        said_at=_iso(found.occurred_at),
        file=found.source.file if found.source else None,
        row=found.source.row if found.source else None,
    )


def _iso(seconds: int | None) -> str | None:
    return None if seconds is None else clock.from_epoch(seconds).isoformat()

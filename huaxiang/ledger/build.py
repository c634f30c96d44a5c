"""The profile pipeline: events → features → traits → ledger; and candidates from rules or models, once verified."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from huaxiang.errors import DataError, PolicyError
from huaxiang.features import selector, summary
from huaxiang.features.statements import Draft
from huaxiang.ledger import write
from huaxiang.ledger.candidate import Candidate, Verdict
from huaxiang.ledger.entries import Entry, from_trait, read
from huaxiang.ledger.project import pack_of
from huaxiang.ledger.replay import State, replay
from huaxiang.ledger.verify import verify
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack
from huaxiang.schema.trait import Citation, Trait
from huaxiang.store import evidence as stored
from huaxiang.store.shop import Shop

ACTOR = "huaxiang"
Progress = Callable[[str, int, int], None]


class BuildReport(BaseModel):
    """What a build did. `customers` were looked at, `changed` got a transaction."""

    model_config = ConfigDict(frozen=True)
    customers: int
    changed: int
    traits: int
    summaries_written: int
    entries_written: int
    seconds: float


def build_profiles(
    shop: Shop, customer_ids: Sequence[str] | None = None, *, progress: Progress | None = None
) -> BuildReport:
    """Compute summaries and the computed and observed traits of these customers (all when None) and store them.

    Needs no model. Takes the shop's write lock; building twice writes nothing the second time.

    Args:
        shop: an open shop.
        customer_ids: only these.
        progress: called with a step's name, done and total.

    Raises:
        StoreError: another process is writing, or the disk is full.
    """
    began = time.perf_counter()
    tell = progress or (lambda step, done, total: None)
    tell("events", 0, 3)
    wanted = None if customer_ids is None else list(customer_ids)
    frame = selector.load(shop, wanted)
    tell("features", 1, 3)
    drafts = summary.drafts_from(shop, frame)
    pack = pack_of(shop)
    traits = traits_from(pack, drafts)
    tell("ledger", 2, 3)
    with shop.writing(), shop.begin() as connection:
        written = summary.store_drafts(connection, drafts, wanted)
        states = {customer: replay(lines) for customer, lines in read(connection, wanted).items()}
        entries: dict[str, list[Entry]] = {}
        for customer in traits.keys() | states.keys():
            state = states.get(customer, State())
            entries[customer] = list(_changes(pack, state, traits.get(customer, [])))
        entries = {customer: entries[customer] for customer in sorted(entries) if entries[customer]}
        lines_written = write.append(connection, entries, actor=ACTOR, action="build")
    tell("done", 3, 3)
    return BuildReport(
        customers=frame.get_column("customer_id").n_unique(),
        changed=len(entries),
        traits=sum(map(len, traits.values())),
        summaries_written=written,
        entries_written=lines_written,
        seconds=round(time.perf_counter() - began, 3),
    )


def traits_from(pack: FieldPack, drafts: Iterable[Draft]) -> dict[str, list[Trait]]:
    """Computed and observed traits by customer, from the statements' facts; fields the pack lacks are left out.

    Amounts of several currencies become one value `{currency: minor units}` that cites one summary a currency; any other
    fact that several statements settle (a share per currency) is taken from the one with the most events.
    """
    found: dict[tuple[str, str], list[tuple[Any, Draft]]] = {}
    for draft in drafts:
        for name, fact in draft.facts.items():
            if name in pack.fields:
                found.setdefault((draft.customer_id, name), []).append((fact, draft))
    traits: dict[str, list[Trait]] = {}
    for (customer, name), facts in found.items():
        if pack.fields[name].type == "money":
            facts.sort(key=lambda fact: next(iter(fact[0])))
            value: Any = {currency: minor for amounts, _ in facts for currency, minor in amounts.items()}
        else:
            facts = [max(facts, key=lambda fact: (fact[1].event_count, fact[1].key))]
            value = facts[0][0]
        times = [draft.occurred_at for _, draft in facts if draft.occurred_at is not None]
        traits.setdefault(customer, []).append(
            Trait(
                trait_id="",
                customer_id=customer,
                name=name,
                value=value,
                basis=pack.fields[name].bases[0],
                evidence=tuple(Citation(evidence_id=draft.evidence_id) for _, draft in facts),
                method=facts[0][1].rule,
                valid_from=max(times, default=None),
                recorded_at=0,
            )
        )
    return traits


def apply_candidates(
    shop: Shop, customer_id: str, candidates: Sequence[Candidate], method: str, *, actor: str = ACTOR
) -> tuple[int, int, int]:
    """Verify candidates about one customer and write what survives.

    Args:
        shop: an open shop.
        customer_id: whose; evidence of others is rejected.
        candidates: from a rule extractor or a language model.
        method: who extracted, e.g. `rules@1` or a prompt id and model; stamped into the trait.
        actor: who writes.

    Returns:
        How many candidates are held (new or confirmed), proposed for review, and rejected.
    """
    pack = pack_of(shop)
    evidence = stored.get(shop, [one.evidence_id for one in candidates])
    held: list[Trait] = []
    waiting: list[Trait] = []
    rejected = 0
    for one in candidates:
        source = evidence.get(one.evidence_id)
        if source is None or source.customer_id != customer_id:
            rejected += 1
            continue
        verdict = verify(one, source, pack)
        trait = _writable(pack, one, source, verdict, method) if verdict.status != "rejected" else None
        if trait is None:
            rejected += 1
        else:
            (held if verdict.status == "accepted" else waiting).append(trait)
    if held or waiting:
        with shop.writing(), shop.begin() as connection:
            lines = _lines(pack, write.state_of(connection, customer_id), held, waiting)
            write.append(connection, {customer_id: lines}, actor=actor, action="extract")
    return len(held), len(waiting), rejected


def _lines(pack: FieldPack, state: State, held: list[Trait], waiting: list[Trait]) -> list[Entry]:
    lines = list(write.new_entries(pack, state, held))
    known = {line.trait_id for line in lines}
    for trait in waiting:
        entry = from_trait(trait, "propose")
        if state.find(entry.trait_id) is None and entry.trait_id not in known:
            known.add(entry.trait_id)
            lines.append(entry)
    return lines


def _writable(pack: FieldPack, one: Candidate, source: Evidence, verdict: Verdict, method: str) -> Trait | None:
    """The trait of a verified candidate; None where the ledger would refuse it."""
    from huaxiang.ledger import policy

    if verdict.ends and source.occurred_at is None:  # over since when?
        return None
    trait = Trait(
        trait_id="",
        customer_id=source.customer_id,
        name=one.name,
        value=verdict.value,
        basis=one.basis,
        evidence=(
            Citation(
                evidence_id=source.evidence_id, quote=source.clean[verdict.start : verdict.end], start=verdict.start,
                end=verdict.end,
            ),
        ),
        method=f"{method}/{one.rule}" if one.rule else method,
        for_whom=verdict.for_whom,
        valid_from=source.occurred_at,
        valid_to=source.occurred_at if verdict.ends else None,
        recorded_at=0,
        reason_code=None if verdict.status == "accepted" else verdict.reason_code,
    )  # fmt: skip
    try:
        policy.check(pack, trait)
    except (PolicyError, DataError):
        return None
    return trait


def _changes(pack: FieldPack, state: State, traits: Sequence[Trait]) -> Iterable[Entry]:
    """Entries that make exactly these recomputed traits hold."""
    yield from write.new_entries(pack, state, traits)
    named = {trait.name for trait in traits}
    for entry in state.held.values():
        spec = pack.fields.get(entry.name)
        if (
            spec is not None
            and spec.merge == "counter"
            and entry.name not in named
            and entry.basis in ("computed", "observed")
        ):
            yield entry.as_op("retire", reason_code="no_longer_supported")

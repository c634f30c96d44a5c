"""Computed and observed traits: from the facts of statements to the ledger entries that make exactly them hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from huaxiang.errors import DataError, PolicyError
from huaxiang.features.statements import Draft
from huaxiang.ledger import policy
from huaxiang.ledger.entries import Entry, encode, trait_id_of
from huaxiang.ledger.replay import State
from huaxiang.schema.pack import FieldPack


def entries_from(pack: FieldPack, drafts: Iterable[Draft]) -> dict[str, list[Entry]]:
    """Entries by customer, from the statements' facts; fields the pack lacks, and what policy refuses, are left out.

    Amounts of several currencies become one value `{currency: minor units}` that cites one summary a currency; any other
    fact that several statements settle (a share per currency) is taken from the one with the most events.
    """
    fields = pack.fields
    found: dict[str, dict[str, list[tuple[Any, Draft]]]] = {}
    for draft in drafts:
        mine = found.setdefault(draft.customer_id, {}) if draft.facts else {}
        for name, fact in draft.facts.items():
            if name in fields:
                mine.setdefault(name, []).append((fact, draft))
    entries: dict[str, list[Entry]] = {}
    for customer, facts_of in found.items():
        made = []
        for name, facts in facts_of.items():
            value, sources = _settled(pack, name, facts)
            try:
                policy.check_parts(pack, name, value, fields[name].bases[0], has_evidence=True)
            except (PolicyError, DataError):
                continue  # a category called "therapy" is no reason to leave the customer without a profile
            made.append(_entry(pack, customer, name, value, sources))
        if made:
            entries[customer] = made
    return entries


def changes(pack: FieldPack, state: State, wanted: Sequence[Entry]) -> Iterator[Entry]:
    """Entries that make exactly these recomputed traits hold; what staff rejected stays rejected."""
    named = {entry.name for entry in wanted}
    held: dict[str, list[Entry]] = {}
    for entry in state.held.values():
        if is_recomputed(pack, entry):
            held.setdefault(entry.name, []).append(entry)
            if entry.name not in named:
                yield entry.as_op("retire", reason_code="no_longer_supported")
    for entry in wanted:
        rejected = entry.trait_id in state.rejected
        for old in held.get(entry.name, ()):
            if old.trait_id != entry.trait_id:
                yield old.as_op("retire", reason_code="recomputed")
        if entry.trait_id not in state.held and not rejected:
            yield entry


def is_recomputed(pack: FieldPack, entry: Entry) -> bool:
    """Whether the entry's value is arithmetic that every build makes anew."""
    counter = entry.name in pack.fields and pack.fields[entry.name].merge == "counter"
    return counter and entry.basis in ("computed", "observed")


def _settled(pack: FieldPack, name: str, facts: list[tuple[Any, Draft]]) -> tuple[Any, list[Draft]]:
    """One value of all that statements say of a field, and the statements it stands on."""
    if pack.fields[name].type == "money":
        facts.sort(key=lambda fact: next(iter(fact[0])))
        value = {currency: minor for amounts, _ in facts for currency, minor in amounts.items()}
        return value, [draft for _, draft in facts]
    best = facts[0] if len(facts) == 1 else max(facts, key=lambda fact: (fact[1].event_count, fact[1].key))
    return best[0], [best[1]]


def _entry(pack: FieldPack, customer: str, name: str, value: Any, drafts: Sequence[Draft]) -> Entry:
    basis, text = pack.fields[name].bases[0], encode(value)
    sources = [draft.evidence_id for draft in drafts]
    cited = ",".join([f'{{"end":0,"evidence_id":"{one}","quote":"","start":0}}' for one in sources])
    times = [draft.occurred_at for draft in drafts if draft.occurred_at is not None]
    return Entry(
        "assert",
        trait_id_of(customer, name, text, basis=basis, for_whom=None, evidence=sources),
        name,
        text,
        basis,
        f"[{cited}]",
        drafts[0].rule,
        valid_from=max(times) if times else None,
    )

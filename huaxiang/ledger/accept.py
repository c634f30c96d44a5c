"""Candidates → verdicts → the entries that write them: what holds, what waits for staff, what no longer stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from huaxiang.errors import DataError, PolicyError
from huaxiang.ledger import policy
from huaxiang.ledger.candidate import Candidate, Verdict
from huaxiang.ledger.entries import Entry, from_trait
from huaxiang.ledger.project import pack_of
from huaxiang.ledger.replay import State
from huaxiang.ledger.verify import verify
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack
from huaxiang.schema.trait import Citation, Trait
from huaxiang.store import evidence as stored
from huaxiang.store.shop import Shop


@dataclass
class Found:
    """What an extractor's candidates about one customer came to."""

    held: dict[str, Entry] = field(default_factory=dict)
    waiting: dict[str, Entry] = field(default_factory=dict)
    family: str | None = None
    """Traits by methods that begin so are all there are: others of them are retired."""

    def entries(self, state: State) -> list[Entry]:
        """What to write, given what the ledger says; nothing when it says so already. Staff's verdicts are kept."""
        lines: list[Entry] = []
        for trait_id, entry in self.held.items():
            if trait_id not in state.held and trait_id not in state.rejected:
                lines.append(entry)
        for trait_id, entry in self.waiting.items():
            before = state.find(trait_id)
            held = state.held.get(trait_id)
            # what a model confirmed stays so when the shop is opened without one
            doubted = held is not None and held.op == "assert" and entry.reason_code != "unconfirmed"
            if before is None or trait_id in state.retired or doubted:
                lines.append(entry)
        for place in (state.held, state.proposed):
            for trait_id, entry in place.items():
                if self._gone(trait_id, entry):
                    lines.append(entry.as_op("retire", reason_code="no_longer_supported"))
        return lines

    def _gone(self, trait_id: str, entry: Entry) -> bool:
        if trait_id in self.held or trait_id in self.waiting or entry.op == "approve" or entry.basis == "staff":
            return False
        return self.family is not None and (entry.method or "").startswith(self.family)


def accept(
    shop: Shop, candidates: Mapping[str, Sequence[Candidate]], method: str, *, complete: bool
) -> tuple[dict[str, Found], tuple[int, int, int]]:
    """Verify candidates by customer; customers of whom nothing is to be written may be left out.

    Returns:
        What was found by customer, and how many candidates are held, proposed and rejected in all.
    """
    pack = pack_of(shop)
    evidence = stored.get(shop, [one.evidence_id for found in candidates.values() for one in found])
    work: dict[str, Found] = {}
    counts = [0, 0, 0]
    for customer, mine in candidates.items():
        found = Found(family=f"{method.split('@', maxsplit=1)[0]}@" if complete else None)
        for one in mine:
            counts[_judge(pack, customer, one, evidence.get(one.evidence_id), method, found)] += 1
        if mine or complete:
            work[customer] = found
    return work, (counts[0], counts[1], counts[2])


def _judge(pack: FieldPack, customer: str, one: Candidate, source: Evidence | None, method: str, found: Found) -> int:
    """Put one candidate where it belongs; 0 held, 1 waiting, 2 rejected."""
    if source is None or source.customer_id != customer:
        return 2
    verdict = verify(one, source, pack)
    if verdict.status == "rejected":
        return 2
    trait = writable(pack, one, source, verdict, method)
    if trait is None:
        return 2
    entry = from_trait(trait, "assert" if verdict.status == "accepted" else "propose")
    place = found.held if verdict.status == "accepted" else found.waiting
    place.setdefault(entry.trait_id, entry)
    return 0 if verdict.status == "accepted" else 1


def writable(pack: FieldPack, one: Candidate, source: Evidence, verdict: Verdict, method: str) -> Trait | None:
    """The trait of a verified candidate; None where the ledger would refuse it."""
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
        # "we lost our dog" begins and ends at one moment: the projection takes it as the end of what was said before
        valid_to=source.occurred_at if verdict.ends else None,
        recorded_at=0,
        reason_code=None if verdict.status == "accepted" else verdict.reason_code,
    )  # fmt: skip
    try:
        policy.check(pack, trait)
    except (PolicyError, DataError):
        return None
    return trait

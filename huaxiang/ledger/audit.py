"""The audit: is every field of every profile what it claims to be? Eleven checks with figures, examples and what to do.

`fail` findings are defects of the data or of the program, or an index out of step, and end a CI run; `note` findings are
work that waits (stale fields to be confirmed). Examples are ids and names of fields, never values or words of customers.
After any sequence of the program's own operations, `huaxiang index` among them, no check fails.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import sqlalchemy as sa

from huaxiang.errors import DataError, PolicyError
from huaxiang.ledger import audit_store, build, policy
from huaxiang.ledger import confidence as c
from huaxiang.ledger.candidate import Candidate
from huaxiang.ledger.chain import verify_chain
from huaxiang.ledger.computed import is_recomputed
from huaxiang.ledger.entries import Entry, read
from huaxiang.ledger.project import pack_of, profiles
from huaxiang.ledger.replay import State, replay
from huaxiang.ledger.verify import verify
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack
from huaxiang.store import evidence as stored
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

Level = Literal["fail", "note"]
EXAMPLES = 10
_CHUNK = 500
_DAY = 86_400
Progress = Callable[[int, int, str], None]
HINTS = {
    "junk": "correct the field pack (`huaxiang fields check`), or remove the field: huaxiang profile remove",
    "duplicates": "a defect: report it; `huaxiang profile history` shows how both came in",
    "unsupported": "take it back: huaxiang profile remove, or retract the event it cites",
    "stale": "ask the customer again; it is not shown meanwhile",
    "self-fed": "what staff or an assistant wrote is no evidence of a taste: huaxiang profile remove",
    "over-inferred": "give the field a cue in its pack, or let staff decide: huaxiang review",
    "orphaned": "erase the id it names (`huaxiang erase`), or restore a backup",
    "index": "huaxiang index (or: huaxiang index --rebuild)",
    "chain": "somebody changed stored entries: restore a backup",
    "out-of-date": "huaxiang profile build",
    "erased": "run again: huaxiang erase",
}


@dataclass(frozen=True)
class Finding:
    """One check: how much it looked at and what it found, with at most ten examples."""

    check: str
    level: Level
    looked_at: int
    found: int
    examples: tuple[str, ...] = ()

    @property
    def hint(self) -> str:
        """What to do about it."""
        return HINTS[self.check]


@dataclass(frozen=True)
class AuditReport:
    """All findings; `ok` when no check fails."""

    customers: int
    traits: int
    findings: tuple[Finding, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong (work that waits is not wrong)."""
        return not any(one.found and one.level == "fail" for one in self.findings)


@dataclass
class Tally:
    """What one check has counted so far."""

    level: Level = "fail"
    looked_at: int = 0
    found: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, example: str) -> None:
        """One more."""
        self.found += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(example)


def audit(shop: Shop, *, index_problems: Sequence[str] = (), progress: Progress | None = None) -> AuditReport:
    """Look at every trait that holds and every row that something should stand behind. Writes nothing.

    Args:
        shop: an open shop.
        index_problems: what the caller found wrong with Chroma (this package does not know it).
        progress: told customers done, in all, and what is being looked at.

    Raises:
        StoreError: the shop cannot be read, or another process is writing (profiles are computed and rolled back).
    """
    began = time.perf_counter()
    tallies = {name: Tally("note" if name == "stale" else "fail") for name in HINTS}
    pack = pack_of(shop)
    customers = audit_store.customers(shop)
    traits = 0
    for start in range(0, len(customers), _CHUNK):
        if progress is not None:
            progress(start, len(customers), "profiles")
        traits += _traits(shop, pack, customers[start : start + _CHUNK], tallies)
        _out_of_date(shop, customers[start : start + _CHUNK], tallies["out-of-date"])
    for place, one in enumerate(customers):
        if progress is not None and place % 200 == 0:
            progress(place, len(customers), "chains")
        broken = verify_chain(shop, one)
        tallies["chain"].looked_at += 1
        if broken is not None:
            tallies["chain"].add(f"{one} transaction {broken}")
    for name, looked_at, found in audit_store.problems(shop):
        tallies[name].looked_at += looked_at
        for example in found:
            tallies[name].add(example)
    for problem in index_problems:
        tallies["index"].add(problem)
    if behind := audit_store.without_vector(shop):
        count, total, examples = behind
        tallies["index"].looked_at += total
        tallies["index"].found += count
        tallies["index"].examples += [f"no vector of {one}" for one in examples][
            : EXAMPLES - len(tallies["index"].examples)
        ]
    findings = tuple(
        Finding(name, one.level, one.looked_at, one.found, tuple(one.examples)) for name, one in tallies.items()
    )
    return AuditReport(len(customers), traits, findings, round(time.perf_counter() - began, 3))


def _traits(shop: Shop, pack: FieldPack, customers: Sequence[str], tallies: dict[str, Tally]) -> int:
    """The checks of single traits, over these customers; returns how many hold."""
    with shop.engine.connect() as connection:
        states = {customer: replay(lines) for customer, lines in read(connection, customers).items()}
    held = [(customer, entry) for customer, state in states.items() for entry in state.held.values()]
    cited = stored.get(shop, {one.evidence_id for _, entry in held for one in entry.citations})
    for name in ("junk", "unsupported", "self-fed", "over-inferred", "stale"):
        tallies[name].looked_at += len(held)
    for customer, entry in held:
        label = f"{customer} {entry.name} {entry.trait_id}"
        for check in _wrong(pack, customer, entry, cited, shop.now()):
            tallies[check].add(label)
    _duplicates(shop, pack, states, tallies["duplicates"])
    return len(held)


def _wrong(
    pack: FieldPack, customer: str, entry: Entry, cited: dict[str, Evidence], now: int
) -> Iterator[str]:  # fmt: skip
    """The checks that one trait fails."""
    if _is_junk(pack, entry):
        yield "junk"
        return
    sources = [(one, cited.get(one.evidence_id)) for one in entry.citations]
    if (
        any(source is None or source.customer_id != customer for _, source in sources)
        or (not sources and entry.basis != "staff")
        or any(
            one.quote and source is not None and source.clean[one.start : one.end] != one.quote
            for one, source in sources
        )
        or (
            entry.basis in ("stated", "inferred")
            and not _stands(pack, entry, [one for _, one in sources if one is not None])
        )
    ):
        yield "unsupported"
    if entry.basis != "staff" and any(_is_ours(entry, source) for _, source in sources if source is not None):
        yield "self-fed"
    if entry.basis == "inferred" and entry.op != "approve" and not pack.fields[entry.name].cues:
        yield "over-inferred"
    age = 0.0 if entry.valid_from is None else max(0.0, (now - entry.valid_from) / _DAY)
    if c.is_stale(age, pack.fields[entry.name].half_life_days) and not is_recomputed(pack, entry):
        yield "stale"


def _is_ours(entry: Entry, source: Evidence) -> bool:
    """Whether a source is what staff, an assistant or this program wrote, where the customer's own word is needed."""
    if source.kind == "text":
        return source.speaker != "customer"
    return entry.basis in ("stated", "inferred")


def _is_junk(pack: FieldPack, entry: Entry) -> bool:
    """Whether the field is not declared, or could not be written today: empty, of a wrong type or basis, or sensitive."""
    value = entry.plain
    if entry.name not in pack.fields or entry.value is None or (isinstance(value, str) and not value.strip()):
        return True
    try:
        policy.check_parts(pack, entry.name, value, entry.basis or "inferred", has_evidence=True)
    except (PolicyError, DataError):
        return True
    return False


def _stands(pack: FieldPack, entry: Entry, sources: Sequence[Evidence]) -> bool:
    """Whether the quote check still lets it in; what staff approved needs only its quote."""
    if entry.op == "approve":
        return True
    for citation, source in zip(entry.citations, sources, strict=True):
        candidate = Candidate(
            name=entry.name, value=entry.plain, basis=entry.basis or "inferred", evidence_id=source.evidence_id,
            quote=citation.quote, start=citation.start, end=citation.end,
            ends=entry.valid_to is not None and entry.valid_to == entry.valid_from,
        )  # fmt: skip
        if verify(candidate, source, pack).status == "rejected":
            return False
    return True


def _duplicates(shop: Shop, pack: FieldPack, states: dict[str, State], tally: Tally) -> None:
    """One value shown twice, two values of a recomputed field, or one thing under two spellings."""
    for customer, profile in profiles(shop, list(states)).items():
        seen: set[tuple[str, str | None, str]] = set()
        for trait in profile.traits:
            tally.looked_at += 1
            known = pack.canonical(trait.name, trait.value) if isinstance(trait.value, str) else None
            key = (trait.name, trait.for_whom, str(trait.value if known is None else known))
            if key in seen:
                tally.add(f"{customer} {trait.name}")
            seen.add(key)
        counters: set[tuple[str, str | None]] = set()
        for entry in states[customer].held.values():
            if is_recomputed(pack, entry):
                if (entry.name, entry.for_whom) in counters:
                    tally.add(f"{customer} {entry.name} {entry.trait_id}")
                counters.add((entry.name, entry.for_whom))


def _out_of_date(shop: Shop, customers: Sequence[str], tally: Tally) -> None:
    """Whose computed fields a build would change: it is done for real, and rolled back."""
    from huaxiang.features import summary

    tally.looked_at += len(customers)
    present = audit_store.known(shop, customers)
    if not present:
        return
    with shop.writing(), shop.engine.connect() as connection:
        before = connection.scalar(sa.select(sa.func.max(t.ledger.c.entry_id))) or 0
        figures = build.build_chunk(shop, connection, present, summary.records(connection))
        changed = sa.select(t.ledger.c.customer_id).where(t.ledger.c.entry_id > before).distinct()
        names = sorted(connection.scalars(changed))
        connection.rollback()
    for one in names:
        tally.add(one)
    if figures[3] and not names:
        tally.add(f"{figures[3]} summaries")

"""The profile pipeline: events → features → traits → ledger; and candidates from rules or models, once verified."""

from __future__ import annotations

import contextlib
import gc
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from huaxiang.features import selector, summary
from huaxiang.features.single import Single, rows_of
from huaxiang.features.statements import Draft
from huaxiang.features.statements_more import all_drafts
from huaxiang.ledger import computed, gaps, workers, write
from huaxiang.ledger.accept import accept
from huaxiang.ledger.candidate import Candidate
from huaxiang.ledger.entries import Entry, read
from huaxiang.ledger.project import pack_of
from huaxiang.ledger.replay import State, apply, replay
from huaxiang.schema.pack import FieldPack
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

ACTOR = "huaxiang"
FEW = 12
"""Up to so many customers are computed one by one: a frame costs as much as a dozen of them."""
CHUNK = 2_000
"""Customers of one transaction: memory stays flat, and a build that is killed goes on where it was."""
CHUNK_OF_MANY = 500
SMALLEST = 250
"""Where helpers compute, chunks are smaller, so that none is waited for long."""
_KINDS = "derived_kinds"
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
    shop: Shop,
    customer_ids: Sequence[str] | None = None,
    *,
    progress: Progress | None = None,
    helpers: int | None = None,
) -> BuildReport:
    """Compute summaries and the computed and observed traits of these customers (all when None) and store them.

    Needs no model. Takes the shop's write lock; building twice writes nothing the second time. Killed at any point, the
    customers done stay done and the next run does the others. The first return in a shop (or the last one taken back)
    changes what is known of everybody: "returned nothing" instead of unknown; then all customers are built.

    Args:
        shop: an open shop.
        customer_ids: only these.
        progress: called with a step's name, customers done and customers in all.
        helpers: processes that compute beside this one; by default one a core for a thousand customers or more.

    Raises:
        StoreError: another process is writing, or the disk is full.
    """
    began = time.perf_counter()
    totals = [0, 0, 0, 0, 0]
    with shop.writing():
        with shop.engine.connect() as connection:
            recorded = summary.records(connection)
            wanted = wanted_by(connection, customer_ids, recorded)
        helpers = workers.how_many(shop, len(wanted)) if helpers is None else helpers
        size = min(CHUNK_OF_MANY, max(SMALLEST, len(wanted) // 8)) if helpers else CHUNK
        chunks = [wanted[start : start + size] for start in range(0, len(wanted), size)]

        def plan_here(chunk: Sequence[str]) -> Plan:
            with _without_gc(), shop.engine.connect() as connection:
                return plan_chunk(shop, connection, chunk, recorded)[0]

        with workers.plans(shop, chunks, recorded, plan_here, helpers) as plans:
            looked_at = 0
            for plan, count in plans:
                if progress:
                    progress("profiles", looked_at, len(wanted))
                with _without_gc(), shop.begin() as connection:
                    done = carry_out(connection, plan)
                totals = [a + b for a, b in zip(totals, done, strict=True)]
                looked_at += count
        with shop.begin() as connection:
            remember(connection, recorded)
    if progress:
        progress("profiles", len(wanted), len(wanted))
    return BuildReport(
        customers=totals[0], changed=totals[1], traits=totals[2], summaries_written=totals[3], entries_written=totals[4],
        seconds=round(time.perf_counter() - began, 3),
    )  # fmt: skip


@contextlib.contextmanager
def _without_gc() -> Iterator[None]:
    """No search for reference cycles meanwhile: a chunk makes some hundred thousand objects and no cycle among them.

    Going through them all again and again took a third of a build. Memory is freed by counting, as ever.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@dataclass
class States:
    """Replayed ledgers kept between writes: one query tells whether a ledger has grown since."""

    most: int = 5_000
    ends: dict[str, tuple[int, str, int]] = field(default_factory=dict)
    """Of the customers asked for last."""
    _kept: dict[str, tuple[int, State]] = field(default_factory=dict)

    def get(self, connection: sa.Connection, customer_ids: Sequence[str]) -> dict[str, State]:
        """The states of these customers, read anew where somebody else wrote."""
        self.ends = write.heads(connection, list(customer_ids))
        seqs = {one: self.ends[one][0] if one in self.ends else 0 for one in customer_ids}
        stale = [one for one in customer_ids if self._kept.get(one, (-1, None))[0] != seqs[one]]
        ledgers = read(connection, stale) if stale else {}
        if len(self._kept) + len(stale) > self.most:
            self._kept.clear()
            return {one: replay(lines) for one, lines in read(connection, customer_ids).items()}
        for one in stale:
            self._kept[one] = (seqs[one], replay(ledgers.get(one, [])))
        return {one: self._kept[one][1] for one in customer_ids}

    def wrote(self, work: Mapping[str, Sequence[Entry]]) -> None:
        """These entries were just written, one transaction a customer."""
        for one, lines in work.items():
            if one in self._kept and lines:
                seq, state = self._kept[one]
                apply(state, lines)
                self._kept[one] = (seq + 1, state)

    def forget(self) -> None:
        """The transaction was rolled back: nothing kept can be trusted."""
        self._kept.clear()


def build_chunk(
    shop: Shop,
    connection: sa.Connection,
    customer_ids: Sequence[str],
    recorded: tuple[bool, bool],
    *,
    kept: States | None = None,
    pack: FieldPack | None = None,
) -> list[int]:
    """Build these customers inside the caller's transaction and lock; the figures of a `BuildReport` in their order.

    Args:
        shop: an open shop.
        connection: inside a transaction.
        customer_ids: at most a few thousand.
        recorded: `summary.records(connection)`.
        kept: states between calls, for a stream.
        pack: the shop's field pack, where it is known to be the newest.
    """
    plan, work = plan_chunk(shop, connection, customer_ids, recorded, kept=kept, pack=pack)
    done = carry_out(connection, plan)
    if kept is not None:
        kept.wrote(work)
    return done


@dataclass(frozen=True)
class Plan:
    """All that is to be written for some customers, and the figures of it: made from reading alone, here or elsewhere."""

    customers: int
    changed: int
    traits: int
    statements: summary.Changes
    links: write.Links


def plan_chunk(
    shop: Shop,
    connection: sa.Connection,
    customer_ids: Sequence[str],
    recorded: tuple[bool, bool],
    *,
    kept: States | None = None,
    pack: FieldPack | None = None,
) -> tuple[Plan, dict[str, list[Entry]]]:
    """What `build_chunk` would write, and the new entries by customer. Holds while nobody else writes to these customers."""
    customers, drafts = _drafts(shop, connection, customer_ids, recorded)
    pack = pack or pack_of(shop)
    entries = computed.entries_from(pack, drafts)
    statements = summary.changes_of(connection, drafts, customer_ids)
    if kept is not None:
        states = kept.get(connection, customer_ids)
    else:
        ledgers = read(connection, customer_ids)
        states = {customer: replay(ledgers.get(customer, [])) for customer in customer_ids}
    work: dict[str, list[Entry]] = {}
    for customer in customer_ids:
        state = states.setdefault(customer, State())
        work[customer] = list(computed.changes(pack, state, entries.get(customer, [])))
    for customer, more in gaps.changes(connection, pack, states).items():
        work[customer] += more
    work = {customer: lines for customer, lines in work.items() if lines}
    ends = None if kept is None else kept.ends
    links = write.link(connection, work, actor=ACTOR, action="build", ends=ends)
    return Plan(customers, len(work), sum(map(len, entries.values())), statements, links), work


def carry_out(connection: sa.Connection, plan: Plan) -> list[int]:
    """Write a plan; the figures of a `BuildReport` in their order."""
    written = summary.carry_out(connection, plan.statements)
    lines = write.carry_out(connection, plan.links)
    return [plan.customers, plan.changed, plan.traits, written, lines]


def apply_candidates(
    shop: Shop,
    customer_id: str,
    candidates: Sequence[Candidate],
    method: str,
    *,
    actor: str = ACTOR,
    complete: bool = False,
) -> tuple[int, int, int]:
    """Verify candidates about one customer and write what survives.

    Args:
        shop: an open shop.
        customer_id: whose; evidence of others is rejected.
        candidates: from a rule extractor or a language model.
        method: who extracted, e.g. `rules@1` or a prompt id and model; stamped into the trait.
        actor: who writes.
        complete: these are all that this extractor finds in all the customer's texts, so what it found before and does
            not find now is retired.

    Returns:
        How many candidates are held (new or confirmed), proposed for review, and rejected.
    """
    return apply_many(shop, {customer_id: candidates}, method, actor=actor, complete=complete)


def apply_many(
    shop: Shop,
    candidates: Mapping[str, Sequence[Candidate]],
    method: str,
    *,
    actor: str = ACTOR,
    complete: bool = False,
    lock: bool = True,
) -> tuple[int, int, int]:
    """As `apply_candidates` for several customers; one transaction for up to `CHUNK` of them; `lock=False` inside the caller's."""
    totals = (0, 0, 0)
    wanted = list(candidates)
    for start in range(0, len(wanted), CHUNK):
        chunk = {one: candidates[one] for one in wanted[start : start + CHUNK]}
        work, counts = accept(shop, chunk, method, complete=complete)
        totals = (totals[0] + counts[0], totals[1] + counts[1], totals[2] + counts[2])
        if work:
            with shop.writing() if lock else contextlib.nullcontext(), shop.begin() as connection:
                # what was found is written against the state under the lock
                states = {one: replay(lines) for one, lines in read(connection, list(work)).items()}
                entries = {one: found.entries(states.get(one, State())) for one, found in work.items()}
                write.append(connection, entries, actor=actor, action="extract")
                refresh_gaps(shop, connection, [one for one, lines in entries.items() if lines])
    return totals


def refresh_gaps(shop: Shop, connection: sa.Connection, customer_ids: Sequence[str]) -> int:
    """Bring the say-do gaps of these customers up to date, inside the caller's transaction; entries written."""
    ledgers = read(connection, customer_ids) if customer_ids else {}
    states = {customer: replay(ledgers.get(customer, [])) for customer in customer_ids}
    return write.append(connection, gaps.changes(connection, pack_of(shop), states), actor=ACTOR, action="build")


def _drafts(
    shop: Shop, connection: sa.Connection, customer_ids: Sequence[str], recorded: tuple[bool, bool]
) -> tuple[int, list[Draft]]:
    if len(customer_ids) > FEW:
        frame = selector.load(shop, list(customer_ids), connection=connection)
        return frame.get_column("customer_id").n_unique(), summary.drafts_from(shop, frame, recorded=recorded)
    drafts: list[Draft] = []
    customers = 0
    for customer in customer_ids:
        one = single(shop, connection, customer, recorded)
        customers += bool(one.events)
        drafts += all_drafts(one)
    return customers, drafts


def single(
    shop: Shop, connection: sa.Connection, customer_id: str, recorded: tuple[bool, bool], *, as_of: int | None = None
) -> Single:
    """One customer's figures as of the shop's today or `as_of`."""
    moment = shop.now() if as_of is None else as_of
    rows = rows_of(connection, customer_id)
    return Single(rows, as_of=moment, tz=shop.tz, has_returns=recorded[0], has_orders=recorded[1])


def wanted_by(connection: sa.Connection, customer_ids: Sequence[str] | None, recorded: tuple[bool, bool]) -> list[str]:
    """Whom to build: these, or everybody (None, or since the shop's first return changed what is known of all)."""
    m = t.meta.c
    before = connection.scalar(sa.select(m.value).where(m.key == _KINDS))
    if customer_ids is not None and (before is None or json.loads(before) == list(recorded)):
        return list(dict.fromkeys(customer_ids))
    known = sa.union(sa.select(t.events.c.customer_id), sa.select(t.ledger_tx.c.customer_id))
    return sorted(connection.scalars(known))


def remembers(connection: sa.Connection) -> bool:
    """Whether profiles were ever built here."""
    return connection.scalar(sa.select(t.meta.c.value).where(t.meta.c.key == _KINDS)) is not None


def remember(connection: sa.Connection, recorded: tuple[bool, bool]) -> None:
    """Note which records the profiles were built on."""
    m = t.meta.c
    value = json.dumps(list(recorded))
    if connection.execute(t.meta.update().where(m.key == _KINDS).values(value=value)).rowcount == 0:
        connection.execute(t.meta.insert().values(key=_KINDS, value=value))

"""Writing to the ledger: append transactions, never change a row. All functions work inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from huaxiang import clock
from huaxiang.errors import DataError
from huaxiang.ledger import chain, policy
from huaxiang.ledger.entries import COLUMNS, Entry, encode, from_trait, read
from huaxiang.ledger.replay import State, replay
from huaxiang.schema.pack import FieldPack
from huaxiang.schema.trait import Trait
from huaxiang.store import bulk
from huaxiang.store import tables as t

_CHUNK = 400
_FEW = 12
_LAST = "SELECT customer_id, seq, hash, recorded_at FROM ledger_tx WHERE customer_id = ? ORDER BY seq DESC LIMIT 1"
_TX_COLUMNS = ("customer_id", "seq", "recorded_at", "actor", "action", "tx_id", "prev_hash", "hash")
_LINE_COLUMNS = (*COLUMNS, "tx_id", "customer_id")


def append(
    connection: sa.Connection,
    entries: Mapping[str, Sequence[Entry]],
    *,
    actor: str,
    action: str,
    now: int | None = None,
    ends: Mapping[str, tuple[int, str, int]] | None = None,
) -> int:
    """Write one transaction a customer; customers without entries get none.

    Args:
        connection: inside a transaction.
        entries: by customer.
        actor: who (`huaxiang` for the pipeline, else a member of staff).
        action: what for, e.g. `build`, `extract`, `approve`.
        now: epoch seconds of recording, the wall clock by default; never earlier than the customer's last transaction.
        ends: `heads` of these customers, where they are known.

    Returns:
        How many entries were written.
    """
    return carry_out(connection, link(connection, entries, actor=actor, action=action, now=now, ends=ends))


class Links(NamedTuple):
    """Rows of `ledger_tx` and `ledger`, hashed and ready to be written."""

    transactions: list[tuple[Any, ...]]
    lines: list[tuple[Any, ...]]


def link(
    connection: sa.Connection,
    entries: Mapping[str, Sequence[Entry]],
    *,
    actor: str,
    action: str,
    now: int | None = None,
    ends: Mapping[str, tuple[int, str, int]] | None = None,
) -> Links:
    """What `append` writes, unwritten: valid as long as nobody else writes to these customers' ledgers."""
    work = {customer: list(lines) for customer, lines in entries.items() if lines}
    moment = clock.to_epoch(clock.utc_now()) if now is None else now
    ends = heads(connection, list(work)) if ends is None and work else ends or {}
    found = Links([], [])
    for customer, lines in work.items():
        seq, prev, last_at = ends.get(customer, (0, chain.GENESIS, 0))
        head = {
            "customer_id": customer, "seq": seq + 1, "recorded_at": max(moment, last_at), "actor": actor, "action": action,
        }  # fmt: skip
        rows = [line.values() for line in lines]
        digest = chain.link_entries(prev, head, rows)
        tx_id = digest[:24]
        found.transactions.append((*head.values(), tx_id, prev, digest))
        found.lines.extend([(*row, tx_id, customer) for row in rows])
    return found


def carry_out(connection: sa.Connection, links: Links) -> int:
    """Write what was linked; returns how many entries."""
    bulk.insert(connection, t.ledger_tx, _TX_COLUMNS, links.transactions)
    bulk.insert(connection, t.ledger, _LINE_COLUMNS, links.lines)
    return len(links.lines)


def assert_traits(
    connection: sa.Connection, customer_id: str, traits: Iterable[Trait], *, pack: FieldPack, actor: str, action: str = "assert"
) -> int:  # fmt: skip
    """Make traits hold. Those that hold already (same value, same evidence) or that staff rejected are left alone.

    In fields that are recomputed (merge policy `counter`) a new value retires the old one.

    Returns:
        How many entries were written (0: nothing new).

    Raises:
        PolicyError: a sensitive field or value.
        DataError: undeclared field, wrong type, basis not allowed, or no evidence.
    """
    state = state_of(connection, customer_id)
    lines = list(new_entries(pack, state, traits))
    return append(connection, {customer_id: lines}, actor=actor, action=action)


def propose(
    connection: sa.Connection, customer_id: str, traits: Iterable[Trait], *, pack: FieldPack, actor: str, action: str = "propose"
) -> int:  # fmt: skip
    """Put traits into the review queue; what is known already (held, proposed, rejected) is not proposed again."""
    state = state_of(connection, customer_id)
    lines: list[Entry] = []
    for trait in traits:
        policy.check(pack, trait)
        entry = from_trait(trait, "propose")
        if state.find(entry.trait_id) is None and entry.trait_id not in {line.trait_id for line in lines}:
            lines.append(entry)
    return append(connection, {customer_id: lines}, actor=actor, action=action)


def retire(
    connection: sa.Connection, customer_id: str, trait_ids: Iterable[str], *, reason_code: str, actor: str, action: str = "retire"
) -> int:  # fmt: skip
    """Stop believing traits that hold; DataError for an id that does not hold."""
    state = state_of(connection, customer_id)
    lines = [_known(state.held, one, "hold").as_op("retire", reason_code=reason_code) for one in trait_ids]
    return append(connection, {customer_id: lines}, actor=actor, action=action)


def decide(
    connection: sa.Connection, customer_id: str, trait_id: str, *, approve: bool, actor: str, reason: str = ""
) -> int:
    """Staff's verdict on a proposal: approve it (it holds from now on) or reject it (it is not proposed again)."""
    proposal = _known(state_of(connection, customer_id).proposed, trait_id, "wait for review")
    detail = encode({"reason": reason}) if reason else None
    line = proposal.as_op("approve" if approve else "reject", reason_code="staff", detail=detail)
    return append(connection, {customer_id: [line]}, actor=actor, action=line.op)


def state_of(connection: sa.Connection, customer_id: str) -> State:
    """What a customer's ledger says now."""
    return replay(read(connection, [customer_id]).get(customer_id, []))


def new_entries(pack: FieldPack, state: State, traits: Iterable[Trait]) -> Iterable[Entry]:
    """The entries that make these traits hold, given the state: nothing for what holds or was rejected."""
    written: set[str] = set()
    for trait in traits:
        policy.check(pack, trait)
        entry = from_trait(trait, "assert")
        if entry.trait_id in state.held or entry.trait_id in state.rejected or entry.trait_id in written:
            continue
        written.add(entry.trait_id)
        if pack.field(trait.name).merge == "counter":
            for old in list(state.held.values()):
                if old.name == entry.name and old.for_whom == entry.for_whom:
                    yield old.as_op("retire", reason_code="recomputed")
        yield entry


def _known(place: Mapping[str, Entry], trait_id: str, what: str) -> Entry:
    try:
        return place[trait_id]
    except KeyError:
        raise DataError(
            f"trait {trait_id!r} does not {what}", hint="`huaxiang profile show` lists what does", code="no-such-trait"
        ) from None


def heads(connection: sa.Connection, customers: list[str]) -> dict[str, tuple[int, str, int]]:
    """The last transaction of each customer: its number, hash and time; absent where there is none."""
    if len(customers) <= _FEW and connection.dialect.name == "sqlite":  # an event's update asks for one
        rows = [row for one in customers for row in bulk.run(connection, _LAST, (one,))]
        return {row[0]: (row[1], row[2], row[3]) for row in rows}
    c = t.ledger_tx.c
    found: dict[str, tuple[int, str, int]] = {}
    for start in range(0, len(customers), _CHUNK):
        chunk = customers[start : start + _CHUNK]
        last = (
            sa.select(c.customer_id, sa.func.max(c.seq).label("seq"))
            .where(c.customer_id.in_(chunk))
            .group_by(c.customer_id)
        )
        top = last.subquery()
        query = sa.select(c.customer_id, c.seq, c.hash, c.recorded_at).join(
            top, sa.and_(c.customer_id == top.c.customer_id, c.seq == top.c.seq)
        )
        found.update({row[0]: (row[1], row[2], row[3]) for row in connection.execute(query)})
    return found

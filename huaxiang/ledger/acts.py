"""Acts: what staff did to the records (retract, merge, correct, approve …), each numbered, so that it can be taken back.

An act stamps its id into the action of every ledger transaction it writes (`retract:4f…`). Taking it back is a replay of
the ledger without those transactions, and the entries that lead from here to there: nothing is deleted from the chain.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from huaxiang import clock, ids
from huaxiang.errors import DataError
from huaxiang.ledger.entries import Entry, read
from huaxiang.ledger.replay import State, replay
from huaxiang.store import tables_ops as o
from huaxiang.store.shop import Shop

UNDO = "undo"


@dataclass(frozen=True)
class Act:
    """One act. `undone_at` (epoch seconds) is set once it was taken back."""

    op_id: str
    number: int
    at: int
    actor: str
    kind: str
    customer_id: str | None
    reason: str | None
    detail: dict[str, Any]
    undone_at: int | None

    @property
    def action(self) -> str:
        """What ledger transactions of this act carry."""
        return f"{self.kind}:{self.op_id}"

    def to_dict(self) -> dict[str, Any]:
        """The act as a machine reads it."""
        return {
            "act": self.number, "kind": self.kind, "customer_id": self.customer_id, "actor": self.actor, "reason": self.reason,
            "at": clock.from_epoch(self.at).isoformat(), "undone": self.undone_at is not None,
            **{key: value for key, value in self.detail.items() if key in _SHOWN},
        }  # fmt: skip


_SHOWN = ("events", "batch", "kept", "merged", "field", "trait_id", "customers")


def begin(
    connection: sa.Connection, kind: str, *, actor: str, customer_id: str | None = None, reason: str = "", **detail: Any
) -> Act:
    """Number a new act, inside the caller's transaction and lock."""
    o.ensure(connection)
    number = (connection.scalar(sa.select(sa.func.max(o.operations.c.number))) or 0) + 1
    now = clock.to_epoch(clock.utc_now())
    act = Act(
        ids.digest((number, kind, now, customer_id), length=12), number, now, actor, kind, customer_id, reason or None, detail, None
    )  # fmt: skip
    connection.execute(
        o.operations.insert().values(
            op_id=act.op_id, number=number, at=now, actor=actor, kind=kind, customer_id=customer_id, reason=act.reason,
            detail=json.dumps(detail, ensure_ascii=False),
        )
    )  # fmt: skip
    return act


def find(connection: sa.Connection, name: str | int | None = None) -> Act:
    """The act of this number or id; the last one that was not taken back when None.

    Raises:
        DataError: there is none (`no-such-act`).
    """
    c = o.operations.c
    query = sa.select(o.operations)
    if name is None:
        query = query.where(c.undone_at.is_(None)).order_by(c.number.desc()).limit(1)
    elif str(name).isdigit() and len(str(name)) < 10:
        query = query.where(c.number == int(name))
    else:
        query = query.where(c.op_id == str(name))
    row = connection.execute(query).mappings().first() if _there(connection) else None
    if row is None:
        raise DataError(
            "there is nothing to take back" if name is None else f"there is no act {str(name)!r}",
            hint="`huaxiang undo --list` shows what was done",
            code="no-such-act",
        )
    return _act(row)


def listed(shop: Shop, *, limit: int = 50) -> list[Act]:
    """The last acts, newest first."""
    with shop.engine.connect() as connection:
        if not _there(connection):
            return []
        query = sa.select(o.operations).order_by(o.operations.c.number.desc()).limit(limit)
        return [_act(row) for row in connection.execute(query).mappings()]


def close(connection: sa.Connection, act: Act, *, actor: str) -> None:
    """Mark an act as taken back."""
    now = clock.to_epoch(clock.utc_now())
    connection.execute(
        o.operations.update().where(o.operations.c.op_id == act.op_id).values(undone_at=now, undone_by=actor)
    )


def undone(connection: sa.Connection) -> set[str]:
    """Ids of acts that were taken back."""
    c = o.operations.c
    return set(connection.scalars(sa.select(c.op_id).where(c.undone_at.is_not(None))))


def state_without(connection: sa.Connection, customer_id: str, gone: Collection[str]) -> tuple[State, State]:
    """A customer's state as it stands, and as it would stand had these acts (and those undone before) never been."""
    entries = read(connection, [customer_id]).get(customer_id, [])
    left = {*gone, *undone(connection)}
    return replay(entries), replay(entry for entry in entries if not _of(entry, left))


def towards(now: State, then: State, trait_ids: Iterable[str] | None = None) -> list[Entry]:
    """The entries that lead from one state to another (for these traits, all by default)."""
    names = ("held", "proposed", "rejected", "retired")
    wanted = {one for state in (now, then) for place in state.places() for one in place}
    if trait_ids is not None:
        wanted &= set(trait_ids)
    lines: list[Entry] = []
    for one in sorted(wanted):
        before = next((name for name in names if one in getattr(now, name)), None)
        after = next((name for name in names if one in getattr(then, name)), None)
        if after is None:
            lines.append(now.find(one).as_op("void", reason_code=UNDO))  # type: ignore[union-attr]
        elif before != after or getattr(now, after)[one].op != getattr(then, after)[one].op:
            lines.append(getattr(then, after)[one])
    return lines


def said(now: State, lines: Iterable[Entry]) -> list[Entry]:
    """Of these entries, those that arithmetic does not settle: of computed traits only staff's verdicts."""
    kept: list[Entry] = []
    for line in lines:
        if line.basis not in ("computed", "observed") or line.op == "reject":
            kept.append(line)
        elif line.trait_id in now.rejected:
            kept.append(line.as_op("void", reason_code=UNDO))
    return kept


def _of(entry: Entry, gone: Collection[str]) -> bool:
    kind, _, op_id = entry.action.partition(":")
    return bool(op_id) and (kind == UNDO or op_id in gone)


def _there(connection: sa.Connection) -> bool:
    return sa.inspect(connection).has_table(o.operations.name)


def _act(row: Any) -> Act:
    return Act(
        row["op_id"], row["number"], row["at"], row["actor"], row["kind"], row["customer_id"], row["reason"],
        json.loads(row["detail"]), row["undone_at"],
    )  # fmt: skip

"""What staff do to single fields: correct, remove, approve, edit, reject. Each is an act that can be taken back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from huaxiang import clock
from huaxiang.errors import DataError
from huaxiang.ledger import acts, policy, settle, write
from huaxiang.ledger.acts import Act
from huaxiang.ledger.confidence import BASE, source_of
from huaxiang.ledger.entries import Entry, encode, from_trait
from huaxiang.ledger.project import pack_of
from huaxiang.schema.trait import Trait
from huaxiang.store import tables_ops as o
from huaxiang.store.shop import Shop


@dataclass
class _Desk:
    """One staff act under way: where to write, and what it knows."""

    connection: sa.Connection
    act: Act
    state: Any


def correct(
    shop: Shop, customer_id: str, name: str, value: Any, *, actor: str = "staff", reason: str = "", for_whom: str | None = None
) -> Act:  # fmt: skip
    """Enter a value by hand: it outranks what the customer said up to that week, and what computers inferred.

    Args:
        shop: an open shop; its write lock is held.
        customer_id: whose.
        name: a field that takes the basis `staff`.
        value: in the pack's form, or a spelling of a known value.
        actor: who enters it.
        reason: why.
        for_whom: whom it is about; None: the customer.

    Raises:
        DataError: undeclared field, wrong value, or a field that staff may not enter.
        PolicyError: a sensitive field or value.
    """
    pack = pack_of(shop)
    known = pack.canonical(name, value) if isinstance(value, str) else None
    trait = Trait(
        trait_id="", customer_id=customer_id, name=name, value=value if known is None else known, basis="staff", method="staff",
        for_whom=for_whom, valid_from=shop.now(), recorded_at=0,
    )  # fmt: skip
    policy.check(pack, trait)
    with _desk(shop, "correct", customer_id, actor, reason, field=name) as desk:
        _append(desk, customer_id, [from_trait(trait, "assert")])
    return desk.act


def remove(
    shop: Shop, customer_id: str, name: str, value: Any = None, *, actor: str = "staff", reason: str = ""
) -> Act:
    """Say that a field (or this value of it) is wrong: what holds now is rejected and does not come back by itself.

    Raises:
        DataError: the field holds no such value (`no-such-trait`).
    """
    pack = pack_of(shop)
    pack.field(name)
    known = pack.canonical(name, value) if isinstance(value, str) else None
    wanted = None if value is None else encode(value if known is None else known)
    with _desk(shop, "remove", customer_id, actor, reason, field=name) as desk:
        lines = [
            entry.as_op("reject", reason_code="staff", detail=encode({"reason": reason}))
            for entry in desk.state.held.values()
            if entry.name == name and (wanted is None or entry.value == wanted)
        ]
        if not lines:
            raise DataError(
                f"field {name!r} holds no such value for this customer",
                hint="`huaxiang profile show` lists what holds",
                code="no-such-trait",
            )
        _append(desk, customer_id, lines)
    return desk.act


def decide(
    shop: Shop, customer_id: str, trait_id: str, verdict: str, *, actor: str = "staff", reason: str = "", value: Any = None
) -> Act:  # fmt: skip
    """Settle a proposal: `accept` it, `reject` it, or `edit` it (the value is wrong, `value` is right).

    The verdict is remembered by source and field: `confidence` weighs what this source says of this field by it.

    Raises:
        DataError: no such proposal (`no-such-trait`); for `edit`, a value that the field cannot hold.
    """
    kinds = {"accept": "approve", "reject": "reject", "edit": "edit"}
    with _desk(shop, kinds[verdict], customer_id, actor, reason, trait_id=trait_id) as desk:
        proposal = desk.state.proposed.get(trait_id)
        if proposal is None:
            raise DataError(
                "no such proposal waits for this customer", hint="`huaxiang review list` shows what waits", code="no-such-trait"
            )  # fmt: skip
        detail = encode({"reason": reason}) if reason else None
        lines = [proposal.as_op("approve" if verdict == "accept" else "reject", reason_code="staff", detail=detail)]
        if verdict == "edit":
            lines.append(_edited(shop, customer_id, proposal, value, reason))
        _append(desk, customer_id, lines)
        _note(desk, proposal, verdict, actor, reason)
    return desk.act


def _edited(shop: Shop, customer_id: str, proposal: Entry, value: Any, reason: str) -> Entry:
    pack = pack_of(shop)
    known = pack.canonical(proposal.name, value) if isinstance(value, str) else None
    trait = Trait(
        trait_id="", customer_id=customer_id, name=proposal.name, value=value if known is None else known, basis="staff",
        evidence=proposal.citations, method="staff", for_whom=proposal.for_whom, valid_from=proposal.valid_from, recorded_at=0,
    )  # fmt: skip
    policy.check(pack, trait)
    entry = from_trait(trait, "assert")
    return entry if not reason else entry.as_op("assert", detail=encode({"reason": reason}))


def _note(desk: _Desk, proposal: Entry, verdict: str, actor: str, reason: str) -> None:
    desk.connection.execute(
        o.review_decisions.insert().values(
            at=clock.to_epoch(clock.utc_now()), actor=actor, op_id=desk.act.op_id, customer_id=desk.act.customer_id,
            trait_id=proposal.trait_id, name=proposal.name, source=source_of(proposal.method), basis=proposal.basis or "inferred",
            verdict=verdict, right=int(verdict == "accept"), confidence=BASE[proposal.basis or "inferred"], reason=reason or None,
        )
    )  # fmt: skip


def _append(desk: _Desk, customer_id: str, lines: list[Entry]) -> None:
    write.append(desk.connection, {customer_id: lines}, actor=desk.act.actor, action=desk.act.action)


@contextlib.contextmanager
def _desk(shop: Shop, kind: str, customer_id: str, actor: str, reason: str, **detail: Any) -> Iterator[_Desk]:
    """One act in one transaction; the customer's computed fields and gaps follow."""
    with shop.writing(), shop.begin() as connection:
        o.ensure(connection)
        act = acts.begin(connection, kind, actor=actor, customer_id=customer_id, reason=reason, **detail)
        yield _Desk(connection, act, write.state_of(connection, customer_id))
        settle.recompute(shop, connection, [customer_id])

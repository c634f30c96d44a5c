"""Taking an act back: the state is what the ledger says without it. Undo needs no copy of what was before."""

from __future__ import annotations

import sqlalchemy as sa

from huaxiang.errors import DataError
from huaxiang.ledger import acts, merging, retract, settle, write
from huaxiang.ledger.acts import Act
from huaxiang.ledger.entries import Entry
from huaxiang.store import same_person
from huaxiang.store import tables_ops as o
from huaxiang.store.shop import Shop


def undo(shop: Shop, name: str | int | None = None, *, actor: str = "staff") -> Act:
    """Take an act back: the last one, or the one of this number or id. Later acts stay.

    Args:
        shop: an open shop; its write lock is held.
        name: the act's number (`acts.listed`) or id.
        actor: who takes it back.

    Returns:
        The act that was taken back.

    Raises:
        DataError: nothing to take back (`no-such-act`), taken back before (`already-undone`), or a later merge stands on
            it (`merged-again`).
    """
    with shop.writing():
        with shop.begin() as connection:
            o.ensure(connection)
            act = acts.find(connection, name)
            if act.undone_at is not None:
                raise DataError(
                    f"act {act.number} was taken back before", hint="do it again instead", code="already-undone"
                )
            if act.kind == "merge":
                apart = merging.take_apart(shop, connection, act)
                touched = {apart.kept, apart.merged}
            else:
                touched = _undo(shop, connection, act)
            acts.close(connection, act, actor=actor)
        settle.flags(shop, touched)
    shop.forget_today()
    return act


def _undo(shop: Shop, connection: sa.Connection, act: Act) -> set[str]:
    touched = {act.customer_id} if act.customer_id is not None else set()
    if act.kind in ("retract", "batch-undo"):
        touched |= _touched(connection, act)
        touched |= retract.put_back(shop, connection, act)
    connection.execute(o.review_decisions.delete().where(o.review_decisions.c.op_id == act.op_id))
    merges = same_person.standing(connection)
    work: dict[str, list[Entry]] = {}
    for customer in sorted(touched):
        now, then = acts.state_without(connection, customer, {act.op_id})
        lines = acts.said(now, acts.towards(now, then))
        kept, _ = same_person.resolve(merges, customer)
        if kept == customer:
            work.setdefault(customer, []).extend(lines)
        else:  # merged since: it is said of the kept customer; the merged one's own ledger gets it back when they part
            said = [line for line in lines if line.op in ("assert", "approve", "propose", "reject")]
            work.setdefault(kept, []).extend(merging.for_customer(line, kept) for line in said)
    write.append(connection, work, actor=act.actor, action=f"{acts.UNDO}:{act.op_id}")
    there = sorted({same_person.resolve(merges, one)[0] for one in touched})
    settle.recompute(shop, connection, there)
    return set(there)


def _touched(connection: sa.Connection, act: Act) -> set[str]:
    """Whose ledgers the act wrote into."""
    from huaxiang.store import tables as t

    query = sa.select(t.ledger_tx.c.customer_id).where(t.ledger_tx.c.action == act.action)
    return set(connection.scalars(query))

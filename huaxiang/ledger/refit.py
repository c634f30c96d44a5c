"""A shop whose field pack changed: which stored traits no longer fit, and bringing the ledger in line.

Nothing is deleted. What the pack renamed (`was`) is retired and written again under its new name with the same evidence;
what fits no more is retired with a reason, and the report lists it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from huaxiang.errors import DataError
from huaxiang.ledger import write
from huaxiang.ledger.entries import Entry, from_trait, read
from huaxiang.ledger.project import pack_of
from huaxiang.ledger.replay import State, replay
from huaxiang.schema.pack_model import FieldPack
from huaxiang.schema.sensitive import SENSITIVE_FIELDS, is_sensitive
from huaxiang.schema.trait import Trait
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop

_KEY = "field_pack"
Reason = Literal["renamed", "undeclared_field", "basis_not_allowed", "value_does_not_fit", "sensitive"]


class Misfit(BaseModel):
    """One stored trait that the pack no longer takes as it stands; `moves_to` is where a rename takes it."""

    model_config = ConfigDict(frozen=True)
    customer_id: str
    trait_id: str
    field: str
    reason: Reason
    moves_to: str | None = None
    waiting: bool = False


class RefitReport(BaseModel):
    """What no longer fits, by field and reason, and what was done about it."""

    model_config = ConfigDict(frozen=True)
    pack: str
    traits: int
    misfits: tuple[Misfit, ...]
    moved: int = 0
    retired: int = 0
    entries_written: int = 0

    def counts(self) -> dict[str, dict[str, int]]:
        """How many misfits, by field and reason."""
        found: dict[str, dict[str, int]] = {}
        for one in self.misfits:
            by_reason = found.setdefault(one.field, {})
            by_reason[one.reason] = by_reason.get(one.reason, 0) + 1
        return found


def check(shop: Shop) -> RefitReport:
    """What of the ledger does not fit the shop's pack; nothing is written."""
    pack = pack_of(shop)
    with shop.engine.connect() as connection:
        states = _states(connection)
    misfits = [one for customer, state in states.items() for one in _misfits(pack, customer, state)]
    held = sum(len(state.held) + len(state.proposed) for state in states.values())
    return RefitReport(pack=f"{pack.name}@{pack.version}", traits=held, misfits=tuple(misfits))


def migrate(shop: Shop, *, actor: str = "huaxiang") -> RefitReport:
    """Move what the pack renamed, retire what no longer fits, and remember the pack for `fields diff`.

    Running it twice writes nothing the second time. Takes the shop's write lock.

    Raises:
        StoreError: another process is writing.
    """
    pack = pack_of(shop)
    with shop.writing(), shop.begin() as connection:
        states = _states(connection)
        work: dict[str, list[Entry]] = {}
        misfits: list[Misfit] = []
        for customer, state in states.items():
            found = list(_misfits(pack, customer, state))
            misfits += found
            lines = [line for one in found for line in _lines(pack, customer, state, one)]
            if lines:
                work[customer] = lines
        written = write.append(connection, work, actor=actor, action="migrate-fields")
        remember(connection, pack)
    return RefitReport(
        pack=f"{pack.name}@{pack.version}", traits=sum(len(one.held) + len(one.proposed) for one in states.values()),
        misfits=tuple(misfits), moved=sum(one.moves_to is not None for one in misfits),
        retired=sum(one.moves_to is None for one in misfits), entries_written=written,
    )  # fmt: skip


def remember(connection: sa.Connection, pack: FieldPack) -> None:
    """Note the pack as the one the ledger was brought in line with."""
    value = json.dumps(pack.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
    connection.execute(t.meta.delete().where(t.meta.c.key == _KEY))
    connection.execute(t.meta.insert().values(key=_KEY, value=value))


def remembered(shop: Shop) -> FieldPack | None:
    """The pack noted by the last `migrate`, if any."""
    with shop.engine.connect() as connection:
        value = connection.scalar(sa.select(t.meta.c.value).where(t.meta.c.key == _KEY))
    return None if value is None else FieldPack.model_validate_json(value)


def _states(connection: sa.Connection) -> dict[str, State]:
    return {customer: replay(lines) for customer, lines in sorted(read(connection).items())}


def _misfits(pack: FieldPack, customer: str, state: State) -> Sequence[Misfit]:
    fields = {before: name for name, spec in pack.fields.items() for before in spec.was}
    found: list[Misfit] = []
    for waiting, place in ((False, state.held), (True, state.proposed)):
        for entry in place.values():
            name = entry.name if entry.name in pack.fields else fields.get(entry.name)
            reason, value = _fit(pack, name, entry)
            if reason is None and name == entry.name and value == entry.plain:
                continue
            moves_to = None if reason else f"{name}={value}" if value != entry.plain else name
            found.append(
                Misfit(
                    customer_id=customer, trait_id=entry.trait_id, field=entry.name, reason=reason or "renamed",
                    moves_to=moves_to, waiting=waiting,
                )
            )  # fmt: skip
    return found


def _fit(pack: FieldPack, name: str | None, entry: Entry) -> tuple[Reason | None, Any]:
    """Why the entry does not fit the field of this name, or its value there."""
    value = entry.plain
    if name is None:
        return "undeclared_field", value
    if SENSITIVE_FIELDS.search(name) or (isinstance(value, str) and is_sensitive(value)):
        return "sensitive", value
    if entry.basis not in pack.fields[name].bases:
        return "basis_not_allowed", value
    if isinstance(value, str) and value not in pack.terms(name):
        value = next((new for new, term in pack.terms(name).items() if value in term.was), value)
        value = pack.canonical(name, value) or value if pack.fields[name].vocabulary else value
    try:
        return None, pack.check_value(name, value)
    except DataError:
        return "value_does_not_fit", value


def _lines(pack: FieldPack, customer: str, state: State, one: Misfit) -> list[Entry]:
    entry = state.proposed[one.trait_id] if one.waiting else state.held[one.trait_id]
    gone = entry.as_op("void" if one.waiting else "retire", reason_code=f"pack_{one.reason}")
    if one.moves_to is None:
        return [gone]
    name = one.moves_to.split("=", 1)[0]
    trait = Trait(
        trait_id="", customer_id=customer, name=name, value=_fit(pack, name, entry)[1], basis=entry.basis or "inferred",
        evidence=entry.citations, method=entry.method or "", for_whom=entry.for_whom, valid_from=entry.valid_from,
        valid_to=entry.valid_to, recorded_at=0, reason_code=entry.reason_code if one.waiting else None,
    )  # fmt: skip
    return [gone, from_trait(trait, "propose" if one.waiting else "assert")]

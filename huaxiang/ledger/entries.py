"""Ledger entries: one line of a transaction, and reading them back in order."""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from huaxiang import ids
from huaxiang.jsontext import canonical, encode_basestring
from huaxiang.schema.trait import Basis, Citation, Trait
from huaxiang.store import bulk
from huaxiang.store import tables as t

Op = Literal["assert", "retire", "propose", "reject", "approve", "void"]
"""`void`: as if it had never been said; it takes an act back without deleting the record of it."""
_CHUNK = 400
COLUMNS = (
    "op", "trait_id", "name", "value", "basis", "evidence", "method", "for_whom", "valid_from", "valid_to", "reason_code",
    "detail",
)  # fmt: skip
_STORED = len(COLUMNS)


class Entry(NamedTuple):
    """One act on one trait. `value`, `evidence` and `detail` are JSON texts, exactly as stored and hashed.

    A named tuple: a frozen dataclass of sixteen fields takes five times as long to make, and a build makes millions.
    """

    op: Op
    trait_id: str
    name: str
    value: str | None = None
    basis: Basis | None = None
    evidence: str | None = None
    method: str | None = None
    for_whom: str | None = None
    valid_from: int | None = None
    valid_to: int | None = None
    reason_code: str | None = None
    detail: str | None = None
    recorded_at: int = 0
    actor: str = ""
    seq: int = 0
    action: str = ""

    def row(self) -> dict[str, Any]:
        """The columns that are stored and hashed."""
        return dict(zip(COLUMNS, self, strict=False))

    def values(self) -> tuple[Any, ...]:
        """What `row` holds, in the order of `COLUMNS`."""
        return self[:_STORED]

    @property
    def plain(self) -> Any:
        """The value itself."""
        text = self.value
        if text is not None and text[:1] == '"' and "\\" not in text:  # a plain string, as most values are
            return text[1:-1]
        return None if text is None else json.loads(text)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The evidence as citations."""
        return tuple(Citation(**one) for one in json.loads(self.evidence or "[]")) if self.evidence != "[]" else ()

    def as_op(self, op: Op, *, reason_code: str | None = None, detail: str | None = None) -> Entry:
        """The same trait under another act."""
        return self._replace(op=op, reason_code=reason_code, detail=detail)


def trait_id(
    customer_id: str, name: str, value: Any, *, basis: str, for_whom: str | None, evidence: Sequence[str]
) -> str:
    """Id of a trait by its content: the same value from the same evidence is the same trait, whoever asserts it."""
    return trait_id_of(customer_id, name, encode(value), basis=basis, for_whom=for_whom, evidence=evidence)


def trait_id_of(
    customer_id: str, name: str, text: str, *, basis: str, for_whom: str | None, evidence: Sequence[str]
) -> str:
    """As `trait_id`, of a value that is encoded already."""
    return "p" + ids.digest((customer_id, name, text, basis, for_whom, *sorted(evidence)), length=22)


def encode(value: Any) -> str:
    """Canonical JSON of a value."""
    kind = type(value)  # plain values without the encoder's set-up, of which a build needs a hundred thousand
    if kind is str:
        return encode_basestring(value)
    return str(value) if kind is int else canonical(value)


def from_trait(trait: Trait, op: Op, *, reason_code: str | None = None) -> Entry:
    """An entry from a trait; its id is derived anew from its content."""
    sources = [one.evidence_id for one in trait.evidence]
    return Entry(
        op=op,
        trait_id=trait_id(
            trait.customer_id, trait.name, trait.value, basis=trait.basis, for_whom=trait.for_whom, evidence=sources
        ),
        name=trait.name,
        value=encode(trait.value),
        basis=trait.basis,
        evidence=encode([one.model_dump() for one in trait.evidence]),
        method=trait.method or None,
        for_whom=trait.for_whom,
        valid_from=trait.valid_from,
        valid_to=trait.valid_to,
        reason_code=reason_code or trait.reason_code,
    )


def read(
    connection: sa.Connection,
    customer_ids: Sequence[str] | None = None,
    *,
    known_at: int | None = None,
    bases: Sequence[str] | None = None,
    names: Collection[str] | None = None,
    last: int | None = None,
) -> dict[str, list[Entry]]:
    """All entries of these customers (all when None) in the order they were written.

    Args:
        connection: an open connection.
        customer_ids: only these.
        known_at: epoch seconds; entries recorded later are left out ("what did we believe then").
        bases: only entries of these bases (each trait has one, so their replay is the same).
        names: only entries of these fields (each trait has one, likewise).
        last: only the newest so many, of one customer.
    """
    tx, line = t.ledger_tx.c, t.ledger.c
    plain = known_at is None and bases is None and names is None and last is None
    if customer_ids is not None and len(customer_ids) == 1 and plain:  # a list of one is expanded anew each time
        if connection.dialect.name == "sqlite":
            return _by_customer(bulk.each(connection, _text_of_one(), (customer_ids[0],)))
        return _by_customer(connection.execute(_query(of_one=True), {"customer": customer_ids[0]}))
    query = _query(of_some=True) if customer_ids is not None else _query()
    if known_at is not None:
        query = query.where(tx.recorded_at <= known_at)
    if bases is not None:
        query = query.where(line.basis.in_(list(bases)))
    if names is not None:
        query = query.where(line.name.in_(list(names)))
    if last is not None:
        query = query.order_by(None).order_by(line.entry_id.desc()).limit(last)
    if customer_ids is None:
        return _by_customer(connection.execute(query))
    found: dict[str, list[Entry]] = {}
    for start in range(0, len(customer_ids), _CHUNK):
        part = list(customer_ids[start : start + _CHUNK])
        _by_customer(connection.execute(query, {"customers": part}), found)
    if last is not None:
        for entries in found.values():
            entries.reverse()
    return found


def _by_customer(rows: Iterable[Any], found: dict[str, list[Entry]] | None = None) -> dict[str, list[Entry]]:
    """Rows as entries, one after the other: a customer may have a million, and what they share is kept once."""
    found = {} if found is None else found
    same = _Same()
    for customer, op, key, name, value, basis, evidence, method, whom, since, until, reason, detail, at, actor, seq, action in rows:  # fmt: skip
        one = Entry(
            same[op], key, same[name], value, same[basis], evidence if evidence != "[]" else "[]", same[method], same[whom],
            since, until, same[reason], detail, same[at], same[actor], same[seq], same[action],
        )  # fmt: skip
        mine = found.get(customer)
        if mine is None:
            mine = found[customer] = []
        mine.append(one)
    return found


class _Same(dict[Any, Any]):
    """The first object that was equal to this one."""

    def __missing__(self, key: Any) -> Any:
        self[key] = key
        return key


_SOME = t.ledger.c.customer_id.in_(sa.bindparam("customers", expanding=True))


@functools.lru_cache(maxsize=3)
def _query(*, of_some: bool = False, of_one: bool = False) -> sa.Select[Any]:
    """Made once: making it takes longer than reading one customer's ledger."""
    tx, line = t.ledger_tx.c, t.ledger.c
    query = sa.select(line.customer_id, *(line[name] for name in COLUMNS), tx.recorded_at, tx.actor, tx.seq, tx.action)
    query = query.select_from(t.ledger.join(t.ledger_tx, line.tx_id == tx.tx_id)).order_by(line.entry_id)
    if of_one:
        return query.where(line.customer_id == sa.bindparam("customer"))
    return query.where(_SOME) if of_some else query


@functools.lru_cache(maxsize=1)
def _text_of_one() -> str:
    """One customer's query as SQLite reads it, with one mark for the customer."""
    return str(_query(of_one=True).compile(dialect=sqlite.dialect()))

"""The suppression list: an erased customer does not come back with the next import of the same file.

A line is HMAC-SHA256 of the customer's id under the shop's salt. Ids are short, so whoever has salt and list can test
guesses; without the salt (a receipt, a log) a line says nothing. It cannot be stronger and still recognise the id.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

import sqlalchemy as sa

from huaxiang import clock
from huaxiang.privacy.tables import ensure, insert_ignore, suppressions
from huaxiang.store import tables as t

_SALT = "privacy.salt"


class Suppressed:
    """Tells whether a customer was erased; asks the database once."""

    def __init__(self, salt: bytes, tombstones: frozenset[str]) -> None:
        self._salt, self._tombstones = salt, tombstones
        self._known: dict[str, bool] = {}

    def __bool__(self) -> bool:
        return bool(self._tombstones)

    def __contains__(self, customer_id: object) -> bool:
        if not self._tombstones or not isinstance(customer_id, str):
            return False
        found = self._known.get(customer_id)
        if found is None:
            found = self._known[customer_id] = tombstone(self._salt, customer_id) in self._tombstones
        return found


def tombstone(salt: bytes, customer_id: str) -> str:
    """The salted mark of a customer, 64 hex digits."""
    return hmac.new(salt, customer_id.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def load(connection: sa.Connection) -> Suppressed:
    """The list as it stands; empty for a shop that never erased anybody."""
    if not sa.inspect(connection).has_table(suppressions.name):
        return Suppressed(b"", frozenset())
    salt = _stored_salt(connection)
    if salt is None:
        return Suppressed(b"", frozenset())
    return Suppressed(salt, frozenset(connection.scalars(sa.select(suppressions.c.tombstone))))


def salt_of(connection: sa.Connection) -> bytes:
    """The shop's salt, made on first use; inside the caller's writing transaction."""
    found = _stored_salt(connection)
    if found is not None:
        return found
    insert_ignore(connection, t.meta, [{"key": _SALT, "value": secrets.token_hex(32)}])
    made = _stored_salt(connection)
    assert made is not None
    return made


def add(connection: sa.Connection, customer_ids: Iterable[str]) -> list[str]:
    """Put customers on the list; returns their tombstones, sorted."""
    ensure(connection)
    salt, now = salt_of(connection), clock.to_epoch(clock.utc_now())
    marks = sorted(tombstone(salt, one) for one in customer_ids)
    insert_ignore(connection, suppressions, [{"tombstone": one, "at": now, "receipt_id": None} for one in marks])
    return marks


def lift(connection: sa.Connection, customer_ids: Iterable[str]) -> int:
    """Take customers off the list (they came back themselves and agreed); returns how many were on it."""
    ensure(connection)
    salt = salt_of(connection)
    marks = [tombstone(salt, one) for one in customer_ids]
    return connection.execute(suppressions.delete().where(suppressions.c.tombstone.in_(marks))).rowcount


def carry(connection: sa.Connection, salt: bytes, tombstones: Iterable[str]) -> None:
    """Give a restored shop the list of the shop it replaces: its salt too, since the marks are made with it."""
    ensure(connection)
    connection.execute(t.meta.delete().where(t.meta.c.key == _SALT))
    connection.execute(t.meta.insert().values(key=_SALT, value=salt.hex()))
    now = clock.to_epoch(clock.utc_now())
    insert_ignore(connection, suppressions, [{"tombstone": one, "at": now, "receipt_id": None} for one in tombstones])


def everything(connection: sa.Connection) -> tuple[bytes, list[str]] | None:
    """Salt and tombstones, for `carry`; None where there is no list."""
    if not sa.inspect(connection).has_table(suppressions.name):
        return None
    salt = _stored_salt(connection)
    if salt is None:
        return None
    return salt, sorted(connection.scalars(sa.select(suppressions.c.tombstone)))


def _stored_salt(connection: sa.Connection) -> bytes | None:
    value = connection.scalar(sa.select(t.meta.c.value).where(t.meta.c.key == _SALT))
    return bytes.fromhex(value) if value else None

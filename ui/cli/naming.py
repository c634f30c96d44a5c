"""Whom and which record the reader means: customers by any name they go by, events by any id they can be seen under."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huaxiang.errors import DataError
from ui.cli import output

if TYPE_CHECKING:
    import sqlalchemy as sa

    from huaxiang.store.shop import Shop
    from tools.base import Deps
    from tools.find_customer import Directory, Match

SHORT = 10
"""Characters of an evidence id that people are shown; every verb that takes one takes its beginning."""
_LEAST = 7
_CLOSE, _CLOSE_HAN = 60.0, 50.0
"""Similarity (0-100) from which a name is worth listing as "did you mean"; `find_customer` itself asks for more."""


@dataclass(frozen=True)
class Found:
    """A customer, and whether the name given was only similar to theirs."""

    customer_id: str
    name: str | None
    fuzzy: bool = False


def short(evidence_id: str) -> str:
    """The beginning of an evidence id, enough to tell it from others."""
    return evidence_id[:SHORT]


def customer_of(shop: Shop, text: str, *, exact: bool = False) -> str:
    """The id of a customer named by id, name, nickname, phone, e-mail or order number; see `find`.

    Args:
        shop: an open shop.
        text: what the reader typed.
        exact: for what writes: a name that is merely similar is refused, with the similar ones listed.
    """
    found = find(shop, text, exact=exact)
    if found.fuzzy:
        name = output.plain(found.name or "-", one_line=True)
        output.note(output.both(f"最接近的是 {found.customer_id} {name}", f"closest match: {found.customer_id} {name}"))
    return found.customer_id


def find(shop: Shop, text: str, *, exact: bool = False) -> Found:
    """One customer as `find_customer` finds them.

    Raises:
        DataError: nobody (`no-such-customer`) or several (`ambiguous-customer`) fit. The error lists ids only; names are
            noted on stderr beforehand.
    """
    plain = _by_id(shop, text.strip())
    if plain is not None:
        return plain
    from tools.base import Deps
    from tools.find_customer import Args, find_customer
    from vectorstore.index import Index

    wanted = text.strip()[:200]
    deps = Deps(shop=shop, index=Index.open(shop), sentiment=_none)
    result = find_customer(Args(query=wanted, limit=9), deps) if wanted else None
    matches = (result.matches if result is not None else ()) or _likely(wanted, deps)
    fuzzy = bool(matches) and matches[0].how == "fuzzy"
    if matches and not (fuzzy and exact):
        best = [one for one in matches if one.score >= matches[0].score - (4 if fuzzy else 0)]
        if len(best) == 1:
            return Found(best[0].customer_id, best[0].name, fuzzy)
        raise _several(best)
    raise _nobody(matches or _close(wanted, deps))


def _by_id(shop: Shop, wanted: str) -> Found | None:
    """The customer of this id, or of a name that only one has: by far the commonest ways to say it, and the quickest."""
    import sqlalchemy as sa

    from huaxiang.store import tables as t

    c = t.customers.c
    with shop.engine.connect() as connection:
        row = connection.execute(sa.select(c.customer_id, c.name).where(c.customer_id == wanted)).first()
    return Found(row[0], row[1]) if row is not None else None


def _likely(wanted: str, deps: Deps) -> tuple[Match, ...]:
    """Customers with a name that sounds the same (李婧, 李静), or of whose names this is one ("Megan")."""
    from agent.question import words
    from tools.find_customer import directory, normal

    known, low = directory(deps), normal(wanted)
    if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", low):
        sound = words.pinyin(low)
        names = [one for one in known.names if len(one) == len(low) and words.pinyin(one) == sound]
    else:
        names = [one for one in known.names if len(low) > 2 and low in one.split()]
    return _of_names(names, known)


def _of_names(names: Sequence[str], known: Directory, score: float = 90.0) -> tuple[Match, ...]:
    from tools.find_customer import Match

    ids = dict.fromkeys(customer for name in names for customer, _ in known.names[name])
    return tuple(
        Match(customer_id=one, name=known.people[one][0], how="fuzzy", score=score, city=known.people[one][1])
        for one in ids
    )


def _close(wanted: str, deps: Deps) -> tuple[Match, ...]:
    from rapidfuzz import fuzz, process

    from tools.find_customer import directory, normal

    known = directory(deps)
    least = _CLOSE if wanted.isascii() else _CLOSE_HAN
    found = process.extract(normal(wanted), known.names.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=least)
    return _of_names([name for name, _, _ in found], known)


def _several(matches: Sequence[Match]) -> DataError:
    _list(matches, output.both("可能是：", "they may be:"))
    return DataError(
        f"several customers are called that: {', '.join(one.customer_id for one in matches)}",
        hint="give one of these ids",
        code="ambiguous-customer",
    )


def _nobody(matches: Sequence[Match]) -> DataError:
    if matches:
        _list(matches, output.both("最接近的：", "closest:"))
    known = f"; closest: {', '.join(dict.fromkeys(one.customer_id for one in matches))}" if matches else ""
    return DataError(
        f"there is no such customer in this shop{known}",
        hint="`huaxiang customers` lists all; `huaxiang search` finds them by what they wrote",
        code="no-such-customer",
    )


def _list(matches: Sequence[Match], head: str) -> None:
    people = {one.customer_id: (one.name, one.city) for one in matches}
    lines = [f"  {customer}  {name or '-'}{f' · {city}' if city else ''}" for customer, (name, city) in people.items()]
    output.note(output.plain("\n".join([head, *lines])))


def _none() -> None:
    return None


def events_of(shop: Shop, text: str) -> list[str]:
    """The events meant by an event id, an evidence id or its beginning, a source id, an order number or `file:row`.

    Returns:
        Event ids; several only for an order number, whose records they are.

    Raises:
        DataError: none (`no-such-event`), several where one is meant (`ambiguous-event`), or taken back before
            (`already-retracted`); a computed statement is no event (`no-such-event`, with what to do).
    """
    from huaxiang.ledger import retract

    wanted = text.strip()
    with shop.engine.connect() as connection:
        found = _by_row(connection, wanted) or _by_order(connection, wanted) or _by_beginning(connection, wanted)
        if found:
            return found
        if re.fullmatch(r"s[0-9a-f]{6,}", wanted):
            raise DataError(
                "this is a computed statement, not a record", hint="name one of the records behind it: huaxiang profile why",
                code="no-such-event",
            )  # fmt: skip
        return [retract.find_event(connection, wanted)[0]]


def _by_row(connection: sa.Connection, wanted: str) -> list[str]:
    import sqlalchemy as sa

    from huaxiang.store import tables as t

    file, colon, row = wanted.rpartition(":")
    if not (file and colon and row.isdigit()):
        return []
    e = t.events.c
    query = sa.select(e.event_id).where(e.source_file == file, e.source_row == int(row)).limit(3)
    return _one(list(connection.scalars(query)), "several imports have a file and row of that name")


def _by_order(connection: sa.Connection, wanted: str) -> list[str]:
    import sqlalchemy as sa

    from huaxiang.store import tables as t

    e = t.events.c
    if not wanted or connection.scalar(sa.select(e.event_id).where(e.source_id == wanted).limit(1)) is not None:
        return []
    return list(connection.scalars(sa.select(e.event_id).where(e.order_id == wanted).order_by(e.occurred_at)))


def _by_beginning(connection: sa.Connection, wanted: str) -> list[str]:
    import sqlalchemy as sa

    from huaxiang.store import tables as t

    if not re.fullmatch(r"[etr][0-9a-f]+", wanted) or len(wanted) < _LEAST:
        return []
    e = t.events.c
    query = sa.select(e.event_id).where(e.event_id.startswith("e" + wanted[1:])).limit(3)
    return _one(list(connection.scalars(query)), "several records begin so")


def _one(found: list[str], problem: str) -> list[str]:
    if len(found) > 1:
        raise DataError(problem, hint="give the whole evidence id, or the event's own id (e…)", code="ambiguous-event")
    return found

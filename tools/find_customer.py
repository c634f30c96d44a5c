"""Find one customer by id, name, alias, e-mail, phone or order number; ambiguous matches are listed, never guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz import fuzz, process

from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from tools.base import Deps, ToolArgs, ToolResult, ToolSpec

How = Literal["id", "email", "phone", "order", "name", "alias", "fuzzy"]
FUZZY_MIN = 82.0
"""Least similarity (0-100) of a misspelt name. Lower finds more strangers: 'Amy Chen' and 'Amy Cheng' score 94."""


class Args(ToolArgs):
    """What to look for."""

    query: str = Field(min_length=1, max_length=200, description="an id, name, nickname, e-mail, phone or order number")
    limit: int = Field(5, ge=1, le=20)


class Match(BaseModel):
    """One customer that fits, how, and how well (0-100)."""

    model_config = ConfigDict(frozen=True)
    customer_id: str
    name: str | None
    how: How
    score: float
    city: str | None = None


class Result(ToolResult):
    """Matches, best first; `ambiguous` when more than one fits equally well."""

    matches: tuple[Match, ...] = ()
    ambiguous: bool = False

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """One match a line."""
        if not self.matches:
            return "没有找到这位顾客" if language == "zh" else "no such customer"
        lines = [f"{m.customer_id} {m.name or ''} {m.city or ''} ({m.how} {m.score:.0f})" for m in self.matches]
        return "\n".join(lines)[:max_chars]


@dataclass(frozen=True)
class Directory:
    """Names, contacts and order numbers of a shop, ready for look-ups."""

    names: dict[str, list[tuple[str, How]]]
    contacts: dict[str, list[tuple[str, How]]]
    people: dict[str, tuple[str | None, str | None]]
    ids: dict[str, str]


def normal(text: str) -> str:
    """A name as it is compared: NFKC, case folded, single spaces, no dots."""
    return re.sub(r"[\s.·・]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


def digits(text: str) -> str:
    """Only the digits of a phone number."""
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))


def directory(deps: Deps) -> Directory:
    """The shop's directory, read once and kept in `deps.cache` until the shop's customers change."""
    stamp = _stamp(deps.shop)
    cached = deps.cache.get("directory")
    if cached is None or cached[0] != stamp:
        cached = (stamp, _read(deps.shop))
        deps.cache["directory"] = cached
    found: Directory = cached[1]
    return found


def find_customer(args: Args, deps: Deps) -> Result:
    """Find a customer by id, name, nickname, e-mail, phone or order number.

    Use it first whenever the question names somebody.
    """
    known = directory(deps)
    hits = _exact(args.query, known) or _by_order(args.query, deps.shop) or _fuzzy(args.query, known)
    best: dict[str, tuple[How, float]] = {}
    for customer_id, how, score in hits:
        if customer_id not in best or score > best[customer_id][1]:
            best[customer_id] = (how, score)
    ranked = sorted(best.items(), key=lambda pair: (-pair[1][1], pair[0]))
    matches = tuple(
        Match(customer_id=cid, name=known.people[cid][0], city=known.people[cid][1], how=how, score=score)
        for cid, (how, score) in ranked[: args.limit]
        if cid in known.people
    )
    ambiguous = len(matches) > 1 and matches[1].score >= matches[0].score - 4
    return Result(
        matches=matches,
        ambiguous=ambiguous,
        truncated=len(ranked) > args.limit,
        evidence=tuple("c" + match.customer_id for match in matches),
    )


def _exact(query: str, known: Directory) -> list[tuple[str, How, float]]:
    folded = normal(query)
    if folded in known.ids:
        return [(known.ids[folded], "id", 100.0)]
    keys = [query.strip().casefold()]
    if len(digits(query)) >= 7:
        keys.append(digits(query))
    for key in keys:
        if key in known.contacts:
            return [(customer_id, how, 100.0) for customer_id, how in known.contacts[key]]
    return [(customer_id, how, 100.0) for customer_id, how in known.names.get(folded, [])]


def _by_order(query: str, shop: Shop) -> list[tuple[str, How, float]]:
    c = t.events.c
    with shop.engine.connect() as connection:
        rows = connection.scalars(sa.select(c.customer_id).where(c.order_id == query.strip()).distinct().limit(3)).all()
    return [(row, "order", 100.0) for row in rows]


def _fuzzy(query: str, known: Directory) -> list[tuple[str, How, float]]:
    folded = normal(query)
    if len(folded) < 2 or not known.names:
        return []
    found = process.extract(folded, known.names.keys(), scorer=fuzz.ratio, limit=8, score_cutoff=FUZZY_MIN)
    return [
        (customer_id, "fuzzy", float(score) - 1) for name, score, _ in found for customer_id, _ in known.names[name]
    ]


def _stamp(shop: Shop) -> tuple[int, int]:
    with shop.engine.connect() as connection:
        people = connection.scalar(sa.select(sa.func.count()).select_from(t.customers)) or 0
        names = connection.scalar(sa.select(sa.func.count()).select_from(t.aliases)) or 0
    return people, names


def _read(shop: Shop) -> Directory:
    names: dict[str, list[tuple[str, How]]] = {}
    contacts: dict[str, list[tuple[str, How]]] = {}
    c = t.customers.c
    with shop.engine.connect() as connection:
        people = {
            row.customer_id: (row.name, row.city)
            for row in connection.execute(sa.select(c.customer_id, c.name, c.city))
        }
        for alias in connection.execute(sa.select(t.aliases)):
            names.setdefault(normal(alias.alias), []).append((alias.customer_id, "alias"))
        for contact in connection.execute(sa.select(t.contacts)):
            key = digits(contact.value) if contact.kind == "phone" else contact.value.strip().casefold()
            contacts.setdefault(key, []).append((contact.customer_id, "phone" if contact.kind == "phone" else "email"))
    for customer_id, (name, _) in people.items():
        if name:
            names.setdefault(normal(name), []).append((customer_id, "name"))
    return Directory(names, contacts, people, {normal(one): one for one in people})


SPEC = ToolSpec(name="find_customer", effect="read", args=Args, run=find_customer)

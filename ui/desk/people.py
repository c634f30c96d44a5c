"""The customer picker: everyone in the shop, recent first, found by name, id, contact or order number."""

from __future__ import annotations

import time
import unicodedata
from dataclasses import dataclass

import sqlalchemy as sa

from huaxiang import clock
from huaxiang.store import tables as t
from tools import find_customer
from tools.base import Deps
from ui.desk.markup import empty, esc, initials
from ui.desk.texts import Language, counted, say

SHOWN = 60
_KEEP_SECONDS = 20.0


@dataclass(frozen=True)
class Person:
    """One line of the picker. Times are epoch seconds; `haystack` is what a search looks through."""

    customer_id: str
    name: str | None
    city: str | None
    language: str | None
    events: int
    orders: int
    first_at: int | None
    last_at: int | None
    haystack: str

    @property
    def label(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.customer_id


class People:
    """The shop's customers, read again when older than a few seconds (an import may be running)."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._read_at = 0.0
        self._all: dict[str, Person] = {}

    def all(self) -> dict[str, Person]:
        """Everyone by id, those with the most recent events first, those without any last."""
        if not self._all or time.monotonic() - self._read_at > _KEEP_SECONDS:
            self._all = _read(self._deps)
            self._read_at = time.monotonic()
        return self._all

    def get(self, customer_id: str | None) -> Person | None:
        """One customer; None when there is none of this id."""
        return self.all().get(customer_id or "")

    def names(self) -> dict[str, str | None]:
        """Names by id."""
        return {key: one.name for key, one in self.all().items()}

    def find(self, query: str) -> tuple[list[Person], bool]:
        """Everyone who fits, and whether they are only similar (a misspelt name, or an order's customer)."""
        words = _fold(query).split()
        if not words:
            return list(self.all().values()), False
        digits = "".join(ch for ch in query if ch.isdigit())
        bare = len(digits) >= 4 and not any(ch.isalpha() for ch in query)
        hits = [
            one for one in self.all().values()
            if all(word in one.haystack for word in words) or (bare and digits in one.haystack)
        ]  # fmt: skip
        if hits or len(query.strip()) < 2:
            return hits, False
        found = find_customer.find_customer(find_customer.Args(query=query.strip()[:200], limit=8), self._deps)
        return [one for match in found.matches if (one := self.get(match.customer_id))], True


def render(people: People, *, query: str, chosen: str | None, language: Language) -> str:
    """The list as HTML: at most `SHOWN` people, the chosen one marked."""
    found, similar = people.find(query)
    if not found:
        key = "people.none" if query.strip() else "people.empty"
        return empty(say(language, key), say(language, f"{key}.help"))
    head = f'<p class="hx-note">{esc(say(language, "people.fuzzy"))}</p>' if similar else ""
    shown = found[:SHOWN]
    if not query.strip() and chosen and (one := people.get(chosen)) and one not in shown:
        shown = [one, *shown]
    lines = "".join(_line(people, one, one.customer_id == chosen, language) for one in shown)
    rest = len(found) - len(shown)
    tail = f'<p class="hx-note">{esc(say(language, "people.more", n=f"{rest:,}"))}</p>' if rest > 0 else ""
    return f'{head}<ul class="hx-people">{lines}</ul>{tail}'


def _line(people: People, one: Person, chosen: bool, language: Language) -> str:
    count = counted(language, "people.events", "people.event1", one.events)
    if not one.events:
        count = say(language, "people.noevents")
    last = clock.day_of(one.last_at, people._deps.shop.tz).isoformat() if one.last_at is not None else ""
    below = " · ".join(part for part in (one.customer_id if one.name else "", one.city or "") if part)
    return (
        f'<li><button type="button" class="hx-person{" on" if chosen else ""}" data-do="pick" data-id="{esc(one.customer_id)}"'
        f'{" aria-current=true" if chosen else ""}><span class="hx-badge">{esc(initials(one.label))}</span>'
        f'<span class="hx-who"><b>{esc(one.label)}</b><small>{esc(below)}</small></span>'
        f'<span class="hx-when"><small>{esc(last)}</small><small>{esc(count)}</small></span></button></li>'
    )


def _read(deps: Deps) -> dict[str, Person]:
    c, e = t.customers.c, t.events.c
    orders = sa.func.count(sa.distinct(sa.case((e.kind == "order", sa.func.coalesce(e.order_id, e.event_id)))))
    # a date in 2099 must not make its customer the most recent one
    past = sa.case((~e.flags.contains("future-date"), e.occurred_at))
    query = (
        sa.select(
            c.customer_id, c.name, c.city, c.language, sa.func.count(e.event_id).label("events"), orders.label("orders"),
            sa.func.min(past).label("first_at"), sa.func.max(past).label("last_at"),
        )
        .select_from(t.customers.outerjoin(t.events, c.customer_id == e.customer_id))
        .group_by(c.customer_id, c.name, c.city, c.language)
    )  # fmt: skip
    with deps.shop.engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
        extra: dict[str, list[str]] = {}
        for alias in connection.execute(sa.select(t.aliases.c.customer_id, t.aliases.c.alias)):
            extra.setdefault(alias[0], []).append(alias[1])
        for owner, value in connection.execute(sa.select(t.contacts.c.customer_id, t.contacts.c.value)):
            bare = "".join(ch for ch in value if ch.isdigit()) if "@" not in value else ""
            extra.setdefault(owner, []).extend((value, bare))
    people = [
        Person(**row, haystack=_fold("\n".join([row["customer_id"], row["name"] or "", row["city"] or "", *extra.get(row["customer_id"], [])])))
        for row in rows
    ]  # fmt: skip
    people.sort(key=lambda one: (one.last_at is None, -(one.last_at or 0), one.customer_id))
    return {one.customer_id: one for one in people}


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()

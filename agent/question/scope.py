"""Whom a question is about, decided by code: ids, contacts, order numbers, names, misspelt names, the thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from agent.question import names
from agent.question.asking import PRONOUN, SHOPWIDE, WHO
from agent.question.finder import Finder, Mention, catalogue_words, has_pronoun
from tools import find_customer
from tools.base import Deps

__all__ = [
    "WHO",
    "Mention",
    "Scope",
    "catalogue_words",
    "for_everyone",
    "has_pronoun",
    "narrowed",
    "resolve",
    "with_rest",
]


@dataclass(frozen=True)
class Scope:
    """Who the question is about. `everyone` for questions over all customers."""

    customers: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    unknown: tuple[str, ...] = ()
    ambiguous: tuple[Mention, ...] = ()
    order_ids: tuple[str, ...] = ()
    item_ids: tuple[str, ...] = ()
    everyone: bool = False
    from_thread: bool = False
    rest: str = field(default="", compare=False)


def resolve(
    question: str, deps: Deps, *, language: str, thread_customers: Iterable[str] = (), picked: str | None = None
) -> Scope:
    """Resolve the customers a question names; with none named, the picked one or the thread's.

    Args:
        question: as typed.
        thread_customers: customers of the thread's last turn, for pronouns and ellipsis.
        picked: the customer open on the desk (or `--customer`), used like the thread's.
    """
    known = find_customer.directory(deps)
    finder = Finder(known, deps)
    finder.contacts(question)
    finder.tokens()
    finder.chinese()
    finder.english()
    mentions, unknown = finder.mentions, finder.unknown
    resolved = tuple(dict.fromkeys(one.customers[0] for one in mentions if len(one.customers) == 1))
    ambiguous = tuple(one for one in mentions if len(one.customers) > 1)
    asks_who = bool(WHO.search(finder.rest)) and not resolved and not ambiguous
    if asks_who:  # "who mentioned Denver": a capitalised word in such a question need not be a person
        unknown = [one for one in unknown if any(ch.isdigit() or ch == "@" for ch in one)]
    everyone = asks_who and not unknown
    from_thread = False
    if not mentions and not unknown and not everyone:
        fallback = tuple(thread_customers) or ((picked,) if picked else ())
        if picked and not PRONOUN.search(finder.rest) and not tuple(thread_customers):
            fallback = (picked,)
        if SHOPWIDE.search(finder.rest) and not PRONOUN.search(finder.rest):
            fallback = ()
        resolved, from_thread = tuple(one for one in fallback if one in known.people), bool(fallback)
    return Scope(
        customers=resolved, mentions=tuple(mentions), unknown=tuple(unknown), ambiguous=ambiguous,
        order_ids=tuple(finder.orders), item_ids=tuple(finder.items), everyone=everyone, from_thread=from_thread, rest=finder.rest,
    )  # fmt: skip


def narrowed(found: Scope, question: str, deps: Deps) -> Scope:
    """Settle ambiguous names by what else the question says: another mention of one bearer, or a bearer's city."""
    if not found.ambiguous:
        return found
    people = find_customer.directory(deps).people
    chosen, open_ones = list(found.customers), []
    for mention in found.ambiguous:
        named = [one for one in mention.customers if one in found.customers]
        cities = [one for one in mention.customers if names.city_in(people[one][1], question)]
        if len(cities) == 1 and not named:
            chosen.append(cities[0])
        elif not named:
            open_ones.append(mention)
    return replace(found, customers=tuple(dict.fromkeys(chosen)), ambiguous=tuple(open_ones))


def with_rest(found: Scope, rest: str) -> Scope:
    """The scope with other words left, for follow-up questions."""
    return replace(found, rest=rest)


def for_everyone(found: Scope) -> Scope:
    """The scope over all customers."""
    return replace(found, everyone=True)

"""Replay: what holds, is proposed, was rejected or retired after a customer's entries, in order. No model, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from huaxiang.ledger.entries import Entry


@dataclass
class State:
    """Traits by id after replay; an id is in one place at a time."""

    held: dict[str, Entry] = field(default_factory=dict)
    proposed: dict[str, Entry] = field(default_factory=dict)
    rejected: dict[str, Entry] = field(default_factory=dict)
    retired: dict[str, Entry] = field(default_factory=dict)

    def places(self) -> tuple[dict[str, Entry], ...]:
        """All four, for looking an id up."""
        return self.held, self.proposed, self.rejected, self.retired

    def find(self, trait_id: str) -> Entry | None:
        """The trait of this id, wherever it stands."""
        return next((place[trait_id] for place in self.places() if trait_id in place), None)


def replay(entries: Iterable[Entry]) -> State:
    """Apply the acts in order; `approve` turns a proposal into a held trait, `void` forgets the trait."""
    state = State()
    apply(state, entries)
    return state


def apply(state: State, entries: Iterable[Entry]) -> None:
    """Apply further acts to a state, in place."""
    held, proposed, rejected, retired = state.places()
    for entry in entries:
        key, op = entry.trait_id, entry.op
        places = held.pop(key, None), proposed.pop(key, None), rejected.pop(key, None), retired.pop(key, None)
        if op == "assert":
            held[key] = entry
        elif op == "approve":
            known = next(filter(None, places), None)
            held[key] = entry if entry.value is not None or known is None else known
        elif op == "propose":
            proposed[key] = entry
        elif op == "reject":
            rejected[key] = entry
        elif op == "retire":
            retired[key] = entry


def shape(
    state: State,
) -> dict[str, tuple[str, str, str | None, str | None, str | None, str | None, int | None, int | None]]:
    """A state without who wrote what when: what two states must share to be the same, by trait."""
    names = ("held", "proposed", "rejected")
    return {
        trait_id: (name, e.name, e.value, e.basis, e.evidence, e.for_whom, e.valid_from, e.valid_to)
        for name, place in zip(names, state.places(), strict=False)
        for trait_id, e in place.items()
    }

"""What every place that keeps customer data must be able to do, so that erase, audit and export reach all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from huaxiang.privacy.probes import Probes

What = Literal["id", "words", "vector", "row", "unreadable"]


@dataclass(frozen=True)
class Residue:
    """Something of an erased customer that is still there.

    `place` is a file of the shop, a table and column, or a collection; `what` is how it was recognised. It never holds
    the words themselves.
    """

    holder: str
    place: str
    what: What
    count: int = 1


class Holder(Protocol):
    """One place that keeps customer data. All methods may be called again after a crash: they are idempotent."""

    name: str
    quotes: bool
    """Whether it holds words of customers beside the rows: such a place is emptied before the rows, and once more after."""

    def ready(self) -> None:
        """Raise StoreError now, before anything is erased, if this place cannot be erased at present."""
        ...

    def runs(self, customers: frozenset[str]) -> set[str]:
        """Ids of the agent's runs that were about these customers, where it knows of any: the traces of those go."""
        ...

    def count(self, who: Probes) -> int:
        """How many rows, lines or vectors it holds of these customers."""
        ...

    def erase(self, who: Probes) -> int:
        """Remove them, on disk too; returns how many there were."""
        ...

    def residue(self, who: Probes) -> list[Residue]:
        """What is still found of them, by asking the place itself (files are scanned by `scan`)."""
        ...

    def export(self, who: Probes) -> Iterator[dict[str, Any]]:
        """What it holds of them, as `{"table": name, "row": {…}}`; nothing where it holds only copies."""
        ...

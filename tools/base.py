"""What every tool is made of: typed arguments, a typed result that carries evidence, and the things tools may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from huaxiang.privacy.sight import Sight
from huaxiang.schema.evidence import Hit
from huaxiang.schema.pack import load_pack
from huaxiang.store.shop import Shop


class ToolArgs(BaseModel):
    """Base of all tool arguments: unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ToolResult(BaseModel):
    """Base of all tool results. `evidence` lists the ids that the result stands on; `truncated` says there was more."""

    model_config = ConfigDict(frozen=True)
    evidence: tuple[str, ...] = ()
    truncated: bool = False

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """The result as a model or a person reads it, at most `max_chars` characters."""
        raise TypeError(f"{type(self).__name__} does not say how it reads")


class Searcher(Protocol):
    """What tools need of the evidence index (`vectorstore.Index` has it)."""

    def search_customer(self, customer_id: str, query: str, *, limit: int = 8) -> list[Hit]:
        """Exact search in one customer's evidence."""
        ...

    def search(self, query: str, *, limit: int = 8) -> list[Hit]:
        """Approximate search over all customers."""
        ...


@dataclass(frozen=True)
class Actor:
    """Who asks, in which role and for what purpose."""

    name: str = "staff"
    role: str = "support"
    purpose: str = "service"

    @classmethod
    def of_shop(cls, shop: Shop) -> Actor:
        """The actor of the shop's settings: `[actor]`, the environment, or `--role` and `--purpose`."""
        actor = shop.settings.actor
        return cls(actor.name, actor.role, actor.purpose)


@dataclass
class Deps:
    """What a tool may use. Models are loaded on first use by the functions given here."""

    shop: Shop
    index: Searcher
    sentiment: Callable[[], Any]
    actor: Actor = Actor()
    as_of: int | None = None
    cache: dict[str, Any] = field(default_factory=dict)

    @property
    def sight(self) -> Sight:
        """Which profile fields the actor may see; every tool that shows one asks it."""
        settings = self.shop.settings
        return Sight(load_pack(settings.packs, self.shop.folder), self.actor.role, self.actor.purpose)

    @property
    def now(self) -> int:
        """`as_of`, or the end of the shop's today (epoch seconds)."""
        return self.as_of if self.as_of is not None else self.shop.now()


@dataclass(frozen=True)
class ToolSpec:
    """A tool as the catalogue lists it. What the model reads is the docstring of `run`."""

    name: str
    effect: Literal["read", "write"]
    args: type[ToolArgs]
    run: Callable[[Any, Deps], ToolResult]

    @property
    def description(self) -> str:
        """The docstring of `run`."""
        return (self.run.__doc__ or "").strip()

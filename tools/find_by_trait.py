"""Which customers' profiles hold a value of a field: who avoids wool, who has a cat, who wears 43."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from huaxiang.ledger import project
from huaxiang.schema.trait import Trait
from huaxiang.store import tables as t
from tools.base import Deps, ToolArgs, ToolResult, ToolSpec

_MOST = 2000
"""Customers whose ledgers are replayed for one call."""


class Args(ToolArgs):
    """The fields, and the values wanted (any of them); no value: any value at all."""

    fields: tuple[str, ...] = Field(min_length=1)
    values: tuple[str, ...] = ()
    customer_ids: tuple[str, ...] = ()
    limit: int = Field(50, ge=1, le=500)


class Holder(BaseModel):
    """One customer and the trait that fits."""

    model_config = ConfigDict(frozen=True)
    customer_id: str
    name: str | None
    trait: Trait


class Result(ToolResult):
    """Customers whose current profile holds such a trait, of their own (not of somebody they buy for)."""

    holders: tuple[Holder, ...] = ()

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """One customer a line."""
        return "\n".join(f"{h.customer_id} {h.name or ''} {h.trait.name}: {h.trait.value}" for h in self.holders)[
            :max_chars
        ]


def find_by_trait(args: Args, deps: Deps) -> Result:
    """Find the customers whose profile says something of themselves: sizes, pets, what they avoid or like.

    Use it for "who wears 43", "which customers have a cat", "who must not get wool".
    """
    sight = deps.sight
    sight.require(*args.fields)
    fields = tuple(name for name in args.fields if sight.sees(name))
    c = t.ledger.c
    query = sa.select(c.customer_id, c.value).where(c.name.in_(fields), c.op.in_(("assert", "approve")))
    if args.customer_ids:
        query = query.where(c.customer_id.in_(args.customer_ids))
    with deps.shop.engine.connect() as connection:
        rows = connection.execute(query.order_by(c.customer_id)).all()
    candidates = list(
        dict.fromkeys(row.customer_id for row in rows if _fits(json.loads(row.value or "null"), args.values))
    )
    profiles = project.profiles(deps.shop, candidates[:_MOST], as_of=deps.as_of)
    found = []
    for customer in candidates[:_MOST]:
        traits = [
            one
            for one in profiles[customer].traits
            if one.name in fields and one.for_whom is None and _fits(one.value, args.values)
        ]
        if traits:
            found.append(Holder(customer_id=customer, name=profiles[customer].name, trait=traits[0]))
    shown = found[: args.limit]
    ids = dict.fromkeys(citation.evidence_id for one in shown for citation in one.trait.evidence)
    return Result(
        holders=tuple(shown), evidence=tuple(ids), truncated=len(found) > len(shown) or len(candidates) > _MOST
    )


def _fits(value: Any, wanted: tuple[str, ...]) -> bool:
    if not wanted:
        return value not in (None, False)
    held = [str(one).casefold() for one in value] if isinstance(value, list) else [_plain(value)]
    return any(one.casefold() in held for one in wanted)


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).casefold()


SPEC = ToolSpec(name="find_by_trait", effect="read", args=Args, run=find_by_trait)

"""What the records show of one customer: computed sentences, each with the events behind it."""

from __future__ import annotations

from pydantic import Field

from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store
from tools.base import Deps, ToolArgs, ToolResult, ToolSpec


class Args(ToolArgs):
    """Whose summary, and which rules of it."""

    customer_id: str = Field(min_length=1, max_length=120)
    rules: tuple[str, ...] = Field((), description="only these rules, e.g. orders.total; empty: all")


class Result(ToolResult):
    """Summary sentences in a fixed order."""

    statements: tuple[Evidence, ...] = ()

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """One sentence a line with its evidence id."""
        return "\n".join(f"[{one.evidence_id}] {one.text(language)}" for one in self.statements)[:max_chars]


def customer_summary(args: Args, deps: Deps) -> Result:
    """Summarise what the records show of a customer: orders, spending, rhythm, categories, returns, ratings.

    Use it for counts, sums, habits and "tell me about this customer".
    """
    found = evidence_store.summaries_of(deps.shop, args.customer_id)
    sight = deps.sight
    found = [one for one in found if sight.sees_rule(one.rule)]
    if args.rules:
        found = [one for one in found if (one.rule or "").partition("@")[0] in args.rules]
    found.sort(key=lambda one: (one.rule or "").startswith("behaviour"), reverse=False)
    return Result(statements=tuple(found), evidence=tuple(one.evidence_id for one in found))


SPEC = ToolSpec(name="customer_summary", effect="read", args=Args, run=customer_summary)

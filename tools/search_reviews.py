"""Search what customers wrote, by meaning and by words."""

from __future__ import annotations

from pydantic import Field

from huaxiang.schema.evidence import Hit
from tools.base import Deps, ToolArgs, ToolResult, ToolSpec


class Args(ToolArgs):
    """What to look for and where."""

    query: str = Field(min_length=1, max_length=300, description="what to look for, in any language")
    customer_id: str | None = Field(None, description="one customer, or omit for all")
    since: int | None = Field(None, description="only after this time, epoch seconds")
    until: int | None = Field(None, description="only before this time, epoch seconds")
    limit: int = Field(8, ge=1, le=60)


class Result(ToolResult):
    """Hits, best first."""

    hits: tuple[Hit, ...] = ()

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """One quote a line with its evidence id."""
        lines = [f"[{hit.evidence.evidence_id}] {hit.evidence.customer_id}: {hit.quote}" for hit in self.hits]
        return "\n".join(lines)[:max_chars]


def search_reviews(args: Args, deps: Deps) -> Result:
    """Search what customers wrote, by meaning and by words.

    Use it before saying anything about tastes, complaints or experiences.
    """
    wide = args.limit * 3 if args.since is not None or args.until is not None else args.limit + 4
    if args.customer_id:
        found = deps.index.search_customer(args.customer_id, args.query, limit=min(wide, 60))
    else:
        found = deps.index.search(args.query, limit=min(wide, 60))
    kept = [hit for hit in found if hit.evidence.kind == "text" and _in_time(hit, args)]
    return Result(
        hits=tuple(kept[: args.limit]),
        evidence=tuple(hit.evidence.evidence_id for hit in kept[: args.limit]),
        truncated=len(kept) > args.limit,
    )


def _in_time(hit: Hit, args: Args) -> bool:
    at = hit.evidence.occurred_at
    if at is None:
        return args.since is None and args.until is None
    return (args.since is None or at >= args.since) and (args.until is None or at <= args.until)


SPEC = ToolSpec(name="search_reviews", effect="read", args=Args, run=search_reviews)

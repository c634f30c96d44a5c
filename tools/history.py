"""The history of a profile field: every value it ever had, when, from whom and on what."""

from __future__ import annotations

from pydantic import Field

from huaxiang.ledger import why as ledger
from huaxiang.ledger.why import Line
from tools.base import Deps, ToolArgs, ToolResult, ToolSpec


class Args(ToolArgs):
    """Whose profile, and which field of it."""

    customer_id: str = Field(min_length=1, max_length=120)
    field: str = Field(min_length=1, max_length=60, description="a field of the profile, e.g. shoe_size")
    limit: int = Field(30, ge=1, le=500, description="the newest entries")


class Result(ToolResult):
    """Entries of the ledger, oldest first."""

    lines: tuple[Line, ...]

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """One entry a line."""
        if not self.lines:
            return "没有记录" if language == "zh" else "nothing was recorded"
        return "\n".join(f"{one.at[:10]} {one.op} {one.value} ({one.basis}, {one.actor})" for one in self.lines)[
            :max_chars
        ]


def history(args: Args, deps: Deps) -> Result:
    """List what a profile field said over time: values asserted, retired, proposed, corrected, with dates and sources.

    Use it for "what was it before", "when did this change", "who entered this".
    """
    sight = deps.sight
    sight.pack.field(args.field)
    sight.require(args.field)
    found = [
        one
        for one in ledger.history(deps.shop, args.customer_id, args.field)
        if sight.sees_value(args.field, one.value)
    ]
    shown = tuple(found[-args.limit :])
    ids = dict.fromkeys(one for line in shown for one in line.evidence)
    return Result(lines=shown, evidence=tuple(ids), truncated=len(found) > args.limit)


SPEC = ToolSpec(name="history", effect="read", args=Args, run=history)

"""What changed in a customer's profile: between two days, or since staff and customer were last in touch."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from huaxiang.ledger import moments
from huaxiang.ledger.moments import Difference
from tools.base import Deps, ToolArgs, ToolResult, ToolSpec


class Args(ToolArgs):
    """Whose profile, and between which days; without any: since the last contact."""

    customer_id: str = Field(min_length=1, max_length=120)
    since: date | None = Field(None, description="the earlier day; omit for the last contact")
    until: date | None = Field(None, description="the later day; omit for today")


class Result(ToolResult):
    """The changes."""

    difference: Difference

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """One change a line."""
        found = self.difference
        lines = [f"{found.before} → {found.after}"]
        lines += [f"{one.name}: {one.kind} {one.before} → {one.after}" for one in found.changes]
        if not found.changes:
            lines.append("没有变化" if language == "zh" else "nothing changed")
        return "\n".join(lines)[:max_chars]


def diff(args: Args, deps: Deps) -> Result:
    """Show what changed in a profile between two days, or since the last contact with the customer.

    Use it for "what is new about …", "what changed since we last spoke", "compare March with June".
    """
    if args.since is None:
        found = moments.changed(deps.shop, args.customer_id)
    else:
        found = moments.diff(deps.shop, args.customer_id, args.since, args.until or deps.shop.today())
    found = deps.sight.difference(found)
    ids = dict.fromkeys(one for change in found.changes for one in change.evidence)
    return Result(difference=found, evidence=tuple(ids))


SPEC = ToolSpec(name="diff", effect="read", args=Args, run=diff)

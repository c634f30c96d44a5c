"""Why a profile field says what it says: the words behind it, the belief by parts, and what was not taken."""

from __future__ import annotations

from pydantic import Field

from huaxiang.ledger import why as ledger
from huaxiang.ledger.why import Why
from tools.base import Deps, ToolArgs, ToolResult, ToolSpec


class Args(ToolArgs):
    """Whose profile, and which field of it."""

    customer_id: str = Field(min_length=1, max_length=120)
    field: str = Field(min_length=1, max_length=60, description="a field of the profile, e.g. shoe_size")


class Result(ToolResult):
    """Everything behind the field."""

    why: Why

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """A line a value with its quotes, then what was not taken."""
        zh = language == "zh"
        lines = []
        for held in self.why.held:
            quotes = "; ".join(f"[{s.evidence_id}] {s.quote or s.text}" for s in held.evidence)
            lines.append(f"{self.why.name} = {held.value} ({held.belief.basis}, {held.belief.value:.2f}): {quotes}")
        for other in self.why.others:
            lines.append(f"{'未采用' if zh else 'not taken'}: {other.value} ({other.fate})")
        if not lines:
            lines.append(f"{self.why.name}: {'未知' if zh else 'unknown'} ({self.why.missing})")
        return "\n".join(lines)[:max_chars]


def why(args: Args, deps: Deps) -> Result:
    """Explain a profile field: the exact words it stands on, how sure it is and why, and which values were not taken.

    Use it for "why does the profile say …", "how do we know …", "are you sure about …".
    """
    found = deps.sight.why(ledger.why(deps.shop, args.customer_id, args.field, as_of=deps.as_of))
    ids = [one.evidence_id for held in found.held for one in held.evidence if not one.missing]
    return Result(why=found, evidence=tuple(dict.fromkeys(ids)))


SPEC = ToolSpec(name="why", effect="read", args=Args, run=why)

"""The customer's profile: the traits that hold now, each with its basis, confidence and evidence."""

from __future__ import annotations

from pydantic import Field

from huaxiang.ledger import project
from huaxiang.schema.trait import Profile
from tools.base import Deps, ToolArgs, ToolResult, ToolSpec


class Args(ToolArgs):
    """Whose profile, and which fields of it."""

    customer_id: str = Field(min_length=1, max_length=120)
    fields: tuple[str, ...] = Field((), description="only these fields; empty: all")


class Result(ToolResult):
    """The profile with its held traits and the missing fields."""

    profile: Profile

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """One trait a line."""
        lines = [f"{t.name}: {t.value} ({t.basis}, {t.confidence:.2f})" for t in self.profile.traits]
        return "\n".join(lines)[:max_chars]


def show_profile(args: Args, deps: Deps) -> Result:
    """Show a customer's profile: sizes, tastes, what they avoid, who they buy for, and computed fields.

    Use it for "what size", "what does she like", "anything to avoid".
    """
    sight = deps.sight
    sight.require(*args.fields)
    profile = sight.profile(project.current_profile(deps.shop, args.customer_id, as_of=deps.as_of))
    if args.fields:
        kept = tuple(trait for trait in profile.traits if trait.name in args.fields)
        missing = {name: reason for name, reason in profile.missing.items() if name in args.fields}
        profile = profile.model_copy(update={"traits": kept, "missing": missing})
    ids = dict.fromkeys(citation.evidence_id for trait in profile.traits for citation in trait.evidence)
    return Result(profile=profile, evidence=tuple(ids))


SPEC = ToolSpec(name="show_profile", effect="read", args=Args, run=show_profile)

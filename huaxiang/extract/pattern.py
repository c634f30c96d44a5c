"""One way to say something, as a regular expression with a field and a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pattern:
    """One way to say a field's value, or (`ends`) that it holds no longer."""

    field: str
    rule: str
    regex: str
    polarity: int = 0
    each: str | None = None
    """Vocabularies: every value of theirs in the matched words is one (我不穿羽绒和皮草 gives two)."""
    needs: str | None = None
    """Another expression that must occur in the same text (shoes, for a bare English size)."""
    value: str | None = None
    """A constant value, `true` or `false`, for yes/no fields."""
    ends: bool = False


def patterns(field: str, rule: str, *regexes: str, **more: object) -> list[Pattern]:
    """One pattern a regular expression."""
    return [Pattern(field, rule, regex, **more) for regex in regexes]  # type: ignore[arg-type]

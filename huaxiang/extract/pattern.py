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
    """A constant value: `true` or `false` for yes/no fields, else a known one."""
    ends: bool = False
    about: str | None = None
    """The words speak of the product ("my third jar"): this expression must occur in its title or category. The value is
    then the constant, or what the product is (a known value of the field, else its title)."""
    stars: tuple[int, int] | None = None
    """Only in reviews with so many stars, at least and at most."""
    kinds: tuple[str, ...] = ("review",)
    """Of events, where `about` or `stars` is set."""


def patterns(field: str, rule: str, *regexes: str, **more: object) -> list[Pattern]:
    """One pattern a regular expression."""
    return [Pattern(field, rule, regex, **more) for regex in regexes]  # type: ignore[arg-type]

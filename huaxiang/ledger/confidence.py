"""Confidence of a trait, computed at read from its basis, agreement, independent sources and age. No model writes it."""

from __future__ import annotations

from huaxiang.schema.trait import Basis

BASE: dict[Basis, float] = {"staff": 0.95, "computed": 0.99, "observed": 0.97, "stated": 0.85, "inferred": 0.55}
"""Starting belief in one source of this basis; issue-level calibration replaces these by measured figures."""
PRECEDENCE: tuple[Basis, ...] = ("staff", "stated", "observed", "computed", "inferred")
STALE_HALF_LIVES = 3.0


def source_of(method: str | None) -> str:
    """Who extracted a trait, without version and rule: `rules@3/pets.zh@1` → `rules`, a prompt and its model → both."""
    name, _, model = (method or "unknown").split("/", maxsplit=1)[0].partition("+")
    return (name.split("@", maxsplit=1)[0] + (f"+{model}" if model else ""))[:60]


def decay(age_days: float, half_life_days: float | None) -> float:
    """What is left of a statement's weight after `age_days`: 0.5 ** (age / half-life); 1 when it does not age."""
    if half_life_days is None or age_days <= 0:
        return 1.0
    return float(0.5 ** (age_days / half_life_days))


def is_stale(age_days: float, half_life_days: float | None) -> bool:
    """Older than three half-lives: no longer shown as holding."""
    return half_life_days is not None and age_days > STALE_HALF_LIVES * half_life_days


def confidence(basis: Basis, *, sources: int, agreement: float, age_days: float, half_life_days: float | None) -> float:
    """Belief that the trait holds, 0..1.

    Args:
        basis: the best basis among the sources.
        sources: independent sources (distinct events) that say the same, >= 1; a computed value always counts as one.
        agreement: share (0..1] of the sources on this field that agree with the value.
        age_days: of the newest source, in the shop's calendar.
        half_life_days: of the field; None when it does not age.

    Returns:
        `p * agreement * (0.4 + 0.6 * decay)`, where `p = 1 - (1 - base) * 0.6 ** (sources - 1)`: a further source takes
        away two fifths of the remaining doubt (sources of one customer are not fully independent).
    """
    base = BASE[basis]
    if basis not in ("computed", "observed"):
        base = 1 - (1 - base) * 0.6 ** (max(1, sources) - 1)
    return round(min(0.99, base * agreement * (0.4 + 0.6 * decay(age_days, half_life_days))), 3)

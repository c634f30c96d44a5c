"""Confidence of a trait, computed at read from its basis, agreement, independent sources, age and staff's verdicts.

No model writes it. The parameters are fitted on generated histories and measured on others: `python benchmarks/ledger.py
calibration` prints the reliability diagram.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from huaxiang.schema.trait import Basis

BASE: dict[Basis, float] = {"staff": 0.97, "computed": 0.99, "observed": 0.97, "stated": 0.93, "inferred": 0.6}
"""Belief in one fresh source of this basis that nothing contradicts."""
SOURCES = 1.1
"""Log-odds that each doubling of the agreeing sources adds (sources of one customer are not fully independent)."""
AGAINST = 1.3
"""Log-odds that the first contrary statement takes away; further ones take less."""
STEADY = 0.42
"""Share of statements that time does not wear out: most people keep most of their tastes."""
PRECEDENCE: tuple[Basis, ...] = ("staff", "stated", "observed", "computed", "inferred")
STALE_HALF_LIVES = 3.0
PRIOR_DECISIONS = 8
"""Decisions of staff on a source and field that weigh as much as what is believed of its basis."""
HIGHEST = 0.99
Weights = Mapping[tuple[str, str], tuple[int, int]]
"""Staff's verdicts by source and field: how many proposals were right, and how many were decided."""


@dataclass(frozen=True)
class Parts:
    """A confidence taken apart. `value` is what is shown."""

    basis: Basis
    base: float
    sources: int
    against: float
    decay: float
    reviewed: int
    review_shift: float

    @property
    def fresh(self) -> float:
        """Belief were the newest source of today."""
        if self.basis in ("computed", "observed"):
            return self.base
        odds = _logit(self.base) + SOURCES * math.log2(max(1, self.sources)) - AGAINST * math.log2(1 + self.against)
        return 1 / (1 + math.exp(-(odds + self.review_shift)))

    @property
    def value(self) -> float:
        """Belief that the trait holds, 0..1."""
        return round(min(HIGHEST, self.fresh * (STEADY + (1 - STEADY) * self.decay)), 3)


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


def parts(
    basis: Basis,
    *,
    sources: int,
    against: float = 0.0,
    age_days: float = 0.0,
    half_life_days: float | None = None,
    reviews: tuple[int, int] = (0, 0),
) -> Parts:
    """Belief that a trait holds, taken apart.

    Args:
        basis: the best basis among the sources.
        sources: independent sources (distinct events) that say the same, >= 1; a computed value always counts as one.
        against: contrary statements on the field, each weighed by how near in time it is to the newest (0..1 each).
        age_days: of the newest source, in the shop's calendar.
        half_life_days: of the field; None when it does not age.
        reviews: staff's verdicts on what this source says of this field: right, decided.

    Returns:
        Parts whose `value` is `sigmoid(logit(base) + S log2(sources) - A log2(1 + against) + review) * (c + (1 - c) * decay)`;
        the review's shift is the log-odds between the base and its Beta posterior under the verdicts.
    """
    base = BASE[basis]
    right, decided = reviews
    shift = 0.0
    if decided and basis in ("stated", "inferred"):
        shift = _logit((base * PRIOR_DECISIONS + right) / (PRIOR_DECISIONS + decided)) - _logit(base)
    return Parts(basis, base, max(1, sources), against, decay(age_days, half_life_days), decided, round(shift, 3))


def confidence(
    basis: Basis, *, sources: int, against: float = 0.0, age_days: float, half_life_days: float | None
) -> float:
    """The value of `parts`."""
    return parts(basis, sources=sources, against=against, age_days=age_days, half_life_days=half_life_days).value


def _logit(p: float) -> float:
    return math.log(p / (1 - p))

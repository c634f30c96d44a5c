"""Rows of figures, one a case and attempt, and what they sum up to: means, percentiles, bootstrap intervals, groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

RESAMPLES = 2000
LEVEL = 0.95
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One scored case: its groups, its figures by metric (None: does not count there), and what it cost.

    `values` are averaged; `costs` (seconds, tokens, calls) are summed up by percentiles. `attempt` counts repeats from 0.
    """

    id: str
    category: str
    language: str
    values: dict[str, float | None]
    costs: dict[str, float | None] = field(default_factory=dict)
    attempt: int = 0
    group: str = ""
    pair: str | None = None


@dataclass(frozen=True)
class Figure:
    """A metric over rows: its value, the 95 % interval, and over how many cases."""

    value: float
    low: float
    high: float
    cases: int


def figures(rows: Sequence[Row], *, seed: int = 0) -> dict[str, Figure]:
    """Every metric of the rows, by name. Repeats of a case count as one, averaged, so they do not narrow the interval."""
    out: dict[str, Figure] = {}
    for name in _names(row.values for row in rows):
        cases = by_case(rows, "values", name)
        if cases:
            out[name] = share_figure(np.array(list(cases.values())), seed=seed)
    for name in _names(row.costs for row in rows):
        cases = by_case(rows, "costs", name)
        if cases:
            values = np.array(list(cases.values()))
            for level in (50, 95):
                out[f"{name}_p{level}"] = percentile_figure(values, level, seed=seed)
            out[f"{name}_mean"] = mean_figure(values, seed=seed)
    return out


def groups(rows: Sequence[Row], key: Callable[[Row], str], *, seed: int = 0) -> dict[str, dict[str, Figure]]:
    """The figures of each group of rows, in order of the groups' names; rows without a group are left out."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if key(row):
            found.setdefault(key(row), []).append(row)
    return {name: figures(part, seed=seed) for name, part in sorted(found.items())}


def by_case(rows: Iterable[Row], field: Literal["values", "costs"], name: str) -> dict[str, float]:
    """A metric of each case that has it, averaged over its attempts."""
    found: dict[str, list[float]] = {}
    for row in rows:
        one = (row.values if field == "values" else row.costs).get(name)
        if one is not None:
            found.setdefault(row.id, []).append(float(one))
    return {case: sum(values) / len(values) for case, values in found.items()}


def unsteady(rows: Sequence[Row], metric: str) -> list[str]:
    """Cases whose attempts do not all agree on a metric."""
    seen: dict[str, set[float]] = {}
    for row in rows:
        value = row.values.get(metric)
        if value is not None:
            seen.setdefault(row.id, set()).add(value)
    return sorted(case for case, values in seen.items() if len(values) > 1)


def share_figure(values: Floats, *, seed: int = 0) -> Figure:
    """As `mean_figure`; but where all cases agree on 0 or 1, Wilson's interval.

    A bootstrap of 20 right answers out of 20 says [1, 1], which is wrong: nothing is known of the cases not asked.

    Source:
        Wilson (1927), JASA 22.
    """
    value = float(values.mean())
    if value in (0.0, 1.0) and set(values.tolist()) <= {0.0, 1.0}:
        return Figure(value, *wilson(int(values.sum()), len(values)), len(values))
    return mean_figure(values, seed=seed)


def mean_figure(values: Floats, *, seed: int = 0) -> Figure:
    """The mean with a percentile bootstrap interval.

    Source:
        Efron & Tibshirani (1993), "An Introduction to the Bootstrap", ch. 13.
    """
    return Figure(float(values.mean()), *_ends(values[_draws(len(values), seed)].mean(axis=1)), len(values))


def percentile_figure(values: Floats, level: float, *, seed: int = 0) -> Figure:
    """A percentile (0-100) with its bootstrap interval."""
    drawn = np.percentile(values[_draws(len(values), seed)], level, axis=1)
    return Figure(float(np.percentile(values, level)), *_ends(drawn), len(values))


def difference(a: Floats, b: Floats, *, seed: int = 0) -> Figure:
    """`b - a` over paired cases, with a bootstrap interval over the pairs."""
    gap = b - a
    means = gap[_draws(len(gap), seed)].mean(axis=1)
    return Figure(float(gap.mean()), *_ends(means), len(gap))


def wilson(hits: int, cases: int, z: float = 1.959964) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share = hits / cases
    middle = share + z * z / (2 * cases)
    half = z * float(np.sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases)))
    scale = 1 + z * z / cases
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def sign_test(better: int, worse: int) -> float:
    """Two-sided exact p that as many cases turn one way by chance (McNemar's exact test).

    Source:
        McNemar (1947), Psychometrika 12; the exact binomial form.
    """
    from math import comb

    total = better + worse
    if total == 0:
        return 1.0
    tail = sum(comb(total, k) for k in range(min(better, worse) + 1))
    return min(1.0, 2 * tail / float(2**total))


def _draws(size: int, seed: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(seed).integers(0, size, (RESAMPLES, size))


def _ends(values: Floats) -> tuple[float, float]:
    edge = 100 * (1 - LEVEL) / 2
    low, high = np.percentile(values, [edge, 100 - edge])
    return float(low), float(high)


def _names(parts: Iterable[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for part in parts for name in part))

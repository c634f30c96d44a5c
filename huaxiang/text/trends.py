"""Which complaint rises at which product: counts by period, a test against chance, and the sentences behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from math import comb
from typing import Any, Literal

__all__ = ["By", "Period", "Quote", "Remark", "Trend", "aspect_trends", "period_of"]

By = Literal["week", "month", "quarter"]
_ALIKE = 0.8
"""Share of pairs of letters, of those of either, from which two quotes are one."""
_QUOTES = 3
_EXACT = 2_000  # above so many complaints the tail is summed in floating point from a normal curve


@dataclass(frozen=True, slots=True)
class Remark:
    """One text of one day about one product, and what it says: (aspect, polarity, quote), each aspect at most once."""

    evidence_id: str
    product: str
    day: date
    opinions: tuple[tuple[str, float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of the calendar: its first day, texts on the product, and how many of them complain or praise."""

    start: date
    texts: int
    complaints: int
    praise: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that complains, and where it is from."""

    evidence_id: str
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Trend:
    """One aspect of one product.

    `before` and `recent` are (complaints, texts). `ratio` is the recent complaint rate over the earlier one, each with
    half a complaint added, so that one complaint after none is no infinity. `chance` is the probability of at least so
    many recent complaints if nothing changed (exact, one-sided); `false_rate` corrects it for all that were looked at
    (Benjamini & Hochberg, 1995).
    """

    product: str
    aspect: str
    before: tuple[int, int]
    recent: tuple[int, int]
    ratio: float
    chance: float
    false_rate: float
    periods: tuple[Period, ...]
    quotes: tuple[Quote, ...] = field(default=())

    @property
    def rising(self) -> bool:
        """Whether the rise is more than chance explains, at a false rate of one in ten."""
        return self.ratio > 1 and self.false_rate <= 0.1

    def to_json(self) -> dict[str, Any]:
        """Plain values; days as ISO dates."""
        return {**asdict(self), "rising": self.rising}


def period_of(day: date, by: By) -> date:
    """The first day of the week (Monday), month or quarter that a day lies in."""
    if by == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by == "month" else day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def aspect_trends(
    remarks: Iterable[Remark], *, today: date, recent_days: int = 90, by: By = "month", least: int = 3
) -> list[Trend]:
    """Trends of all products and aspects with at least `least` complaints, the surest rise first.

    Args:
        remarks: every text on every product in the time looked at; those without an opinion count as texts.
        today: the shop's day; later remarks are ignored.
        recent_days: how many days up to `today` are "recent"; all earlier ones are "before".
        by: the length of a period of the table.
        least: fewer complaints than that in all are no trend.

    Raises:
        ValueError: `recent_days` is not positive.

    Source:
        Two Poisson rates compared by the binomial of one given their sum: Przyborowski & Wilenski (1940).
    """
    if recent_days <= 0:
        raise ValueError(f"recent_days must be positive, not {recent_days}")
    border = today - timedelta(days=recent_days)
    by_product: dict[str, list[Remark]] = defaultdict(list)
    for remark in remarks:
        if remark.day <= today:
            by_product[remark.product].append(remark)
    found = [
        trend
        for product, mine in sorted(by_product.items())
        for trend in _of_product(product, sorted(mine, key=lambda one: one.day), border, by, least)
    ]
    return sorted(_corrected(found), key=lambda trend: (trend.chance, -trend.recent[0], trend.product, trend.aspect))


def _of_product(product: str, remarks: Sequence[Remark], border: date, by: By, least: int) -> list[Trend]:
    recent_texts = sum(remark.day > border for remark in remarks)
    texts = Counter(period_of(remark.day, by) for remark in remarks)
    bad: dict[str, list[tuple[Remark, float, str]]] = defaultdict(list)
    good: dict[str, Counter[date]] = defaultdict(Counter)
    for remark in remarks:
        for aspect, polarity, quote in remark.opinions:
            if polarity < 0:
                bad[aspect].append((remark, polarity, quote))
            elif polarity > 0:
                good[aspect][period_of(remark.day, by)] += 1
    trends = []
    for aspect, complaints in sorted(bad.items()):
        if len(complaints) < least:
            continue
        late = sum(remark.day > border for remark, _, _ in complaints)
        before, recent = (len(complaints) - late, len(remarks) - recent_texts), (late, recent_texts)
        counts = Counter(period_of(remark.day, by) for remark, _, _ in complaints)
        periods = tuple(Period(start, texts[start], counts[start], good[aspect][start]) for start in sorted(texts))
        chance = rise_chance(before, recent)
        trends.append(
            Trend(product, aspect, before, recent, _ratio(before, recent), chance, 1.0, periods, _quotes(complaints))
        )
    return trends


def _ratio(before: tuple[int, int], recent: tuple[int, int]) -> float:
    if not recent[1]:
        return 0.0
    return round((recent[0] + 0.5) / (recent[1] + 1) / ((before[0] + 0.5) / (before[1] + 1)), 2)


def rise_chance(before: tuple[int, int], recent: tuple[int, int]) -> float:
    """P(at least so many recent complaints | the sum, equal rates); 1 where there is nothing to compare with."""
    total, texts = before[0] + recent[0], before[1] + recent[1]
    if not total or not before[1] or not recent[1]:
        return 1.0
    share = recent[1] / texts
    if total > _EXACT:
        from statistics import NormalDist

        spread = (total * share * (1 - share)) ** 0.5
        return float(1 - NormalDist(total * share, spread).cdf(recent[0] - 0.5))
    tail = sum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(recent[0], total + 1))
    return float(min(1.0, tail))


def _quotes(complaints: Sequence[tuple[Remark, float, str]]) -> tuple[Quote, ...]:
    """The newest complaints of different wording, newest first; one that was sent twice with a word changed is one."""
    chosen: list[tuple[set[str], Quote]] = []
    for remark, _, quote in reversed(complaints):
        pairs = {quote[at : at + 2] for at in range(max(1, len(quote) - 1))}
        if all(len(pairs & other) < _ALIKE * len(pairs | other) for other, _ in chosen):
            chosen.append((pairs, Quote(remark.evidence_id, remark.day, quote)))
        if len(chosen) == _QUOTES:
            break
    return tuple(quote for _, quote in chosen)


def _corrected(trends: Sequence[Trend]) -> list[Trend]:
    """False discovery rates: the least p · m / rank over this and all higher ranks."""
    ranked = sorted(trends, key=lambda trend: trend.chance)
    rate, out = 1.0, []
    for rank in range(len(ranked), 0, -1):
        trend = ranked[rank - 1]
        rate = min(rate, trend.chance * len(ranked) / rank)
        out.append(
            Trend(
                trend.product, trend.aspect, trend.before, trend.recent, trend.ratio, trend.chance, rate, trend.periods,
                trend.quotes,
            )
        )  # fmt: skip
    return out

"""How a customer feels, read by the trained model from what they wrote: per text, per sentence, over time."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from huaxiang import clock
from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store
from huaxiang.text import aspects as aspect_reader
from tools.base import Deps, ToolArgs, ToolResult, ToolSpec

CUSTOMER_KINDS = ("review", "message", "ticket", "survey", "return")


class Args(ToolArgs):
    """Whose texts, about what, between which days."""

    customer_id: str = Field(min_length=1, max_length=120)
    aspect: str | None = Field(None, description="one aspect, e.g. delivery, battery; omit for the whole text")
    since: date | None = None
    until: date | None = None
    limit: int = Field(200, ge=1, le=2000)


class Reading(BaseModel):
    """One text (or one sentence of it on the aspect asked) and what the model read in it."""

    model_config = ConfigDict(frozen=True)
    evidence: Evidence
    start: int
    end: int
    aspect: str | None
    label: str
    polarity: float
    probability: float

    @property
    def quote(self) -> str:
        """The sentence that carries the opinion."""
        return self.evidence.clean[self.start : self.end]


class Period(BaseModel):
    """Mean polarity of one month."""

    model_config = ConfigDict(frozen=True)
    month: str
    texts: int
    polarity: float


class Result(ToolResult):
    """Readings newest first, counts by label, and the months in order."""

    readings: tuple[Reading, ...] = ()
    counts: dict[str, int] = Field(default_factory=dict)
    months: tuple[Period, ...] = ()

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """Counts, then one quote a line."""
        head = ", ".join(f"{label}: {count}" for label, count in self.counts.items())
        lines = [f"[{r.evidence.evidence_id}] {r.label} {r.polarity:+.2f}: {r.quote}" for r in self.readings]
        return "\n".join([head, *lines])[:max_chars]


def sentiment(args: Args, deps: Deps) -> Result:
    """Tell how a customer feels, overall or about one aspect, from what they wrote, with the sentences.

    Use it for satisfied or not, complaints, praise, and whether the mood changed.
    """
    shop = deps.shop
    texts = evidence_store.texts_of(
        shop,
        args.customer_id,
        kinds=CUSTOMER_KINDS,
        since=clock.start_of_day(args.since, shop.tz) if args.since else None,
        until=clock.end_of_day(args.until, shop.tz) if args.until else None,
        limit=args.limit,
    )
    texts = [one for one in texts if one.speaker == "customer" and one.clean.strip()]
    readings = _by_aspect(texts, args.aspect, deps) if args.aspect else _whole(texts, deps)
    counts: dict[str, int] = {}
    for reading in readings:
        counts[reading.label] = counts.get(reading.label, 0) + 1
    return Result(
        readings=tuple(readings),
        counts=counts,
        months=_months(readings, deps),
        evidence=tuple(dict.fromkeys(reading.evidence.evidence_id for reading in readings)),
        truncated=len(texts) == args.limit,
    )


def _whole(texts: list[Evidence], deps: Deps) -> list[Reading]:
    model = deps.sentiment()
    scores = model.predict([one.clean for one in texts], [one.language for one in texts])
    return [
        Reading(
            evidence=one,
            start=0,
            end=len(one.clean),
            aspect=None,
            label=s.label,
            polarity=s.polarity,
            probability=s.probability,
        )
        for one, s in zip(texts, scores, strict=True)
    ]


def _by_aspect(texts: list[Evidence], aspect: str | None, deps: Deps) -> list[Reading]:
    model = deps.sentiment()
    found = []
    for one in texts:
        for name, start, end, s in aspect_reader.aspect_opinions(one.clean, model):
            if name == aspect:
                found.append(
                    Reading(
                        evidence=one,
                        start=start,
                        end=end,
                        aspect=name,
                        label=s.label,
                        polarity=s.polarity,
                        probability=s.probability,
                    )
                )
    return found


def _months(readings: list[Reading], deps: Deps) -> tuple[Period, ...]:
    by_month: dict[str, list[float]] = {}
    for reading in readings:
        if reading.evidence.occurred_at is not None:
            month = clock.day_of(reading.evidence.occurred_at, deps.shop.tz).isoformat()[:7]
            by_month.setdefault(month, []).append(reading.polarity)
    return tuple(
        Period(month=month, texts=len(values), polarity=sum(values) / len(values))
        for month, values in sorted(by_month.items())
    )


SPEC = ToolSpec(name="sentiment", effect="read", args=Args, run=sentiment)

"""What a customer wanted each time they wrote: where is my order, return, complaint, praise, advice and so on."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from huaxiang.errors import ToolInputError
from huaxiang.schema.evidence import Evidence
from huaxiang.text import intent as reader
from tools.base import Deps, ToolResult, ToolSpec
from tools.texts import TextArgs, written

TEXT_KINDS = ("message", "ticket", "review", "return")


class Args(TextArgs):
    """Whose messages, which intent, between which days."""

    intent: str | None = Field(None, description="one intent, e.g. track_order, return, complaint; omit for all")


class Wanted(BaseModel):
    """One text and what it wants."""

    model_config = ConfigDict(frozen=True)
    evidence: Evidence
    intent: str
    probability: float

    @property
    def quote(self) -> str:
        """The text."""
        return self.evidence.clean


class Result(ToolResult):
    """Texts newest first, and how many want what."""

    wanted: tuple[Wanted, ...] = ()
    counts: dict[str, int] = Field(default_factory=dict)

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """Counts, then one text a line."""
        head = ", ".join(f"{name}: {count}" for name, count in self.counts.items())
        lines = [f"[{one.evidence.evidence_id}] {one.intent} {one.probability:.2f}: {one.quote}" for one in self.wanted]
        return "\n".join([head, *lines])[:max_chars]


def intent(args: Args, deps: Deps) -> Result:
    """Tell what a customer wanted each time they wrote: track, return, refund, complaint, praise, advice, price match.

    Use it for "what did they contact us for" and to find the messages of one kind.
    """
    model = reader.load("customer")
    if args.intent is not None and args.intent not in model.labels:
        raise ToolInputError(f"no intent {args.intent!r}", hint=f"use one of: {', '.join(model.labels)}")
    texts, more = written(args, deps, TEXT_KINDS)
    wanted = [
        Wanted(evidence=text, intent=one.label, probability=one.probability)
        for text, one in zip(texts, model.predict([text.clean for text in texts]), strict=True)
        if args.intent is None or one.label == args.intent
    ]
    counts: dict[str, int] = {}
    for one in wanted:
        counts[one.intent] = counts.get(one.intent, 0) + 1
    return Result(
        wanted=tuple(wanted),
        counts=dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
        evidence=tuple(one.evidence.evidence_id for one in wanted),
        truncated=more,
    )


SPEC = ToolSpec(name="intent", effect="read", args=Args, run=intent)

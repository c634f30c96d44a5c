"""What a customer names in what they write: brands, products, sizes, persons they buy for, places, dates."""

from __future__ import annotations

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from huaxiang.errors import ToolInputError
from huaxiang.schema.evidence import Evidence
from huaxiang.store import tables as t
from huaxiang.text import entities_tagger
from huaxiang.text.entities import KINDS, EntityReader, catalogue
from tools.base import Deps, ToolResult, ToolSpec
from tools.texts import TextArgs, written

TEXT_KINDS = ("review", "message", "ticket", "survey", "return")


class Args(TextArgs):
    """Whose texts, which kind of name, between which days."""

    kind: str | None = Field(None, description=f"one of {', '.join(KINDS)}; omit for all")


class Named(BaseModel):
    """One thing named, with the text it stands in; `start`…`end` are offsets in `evidence.clean`."""

    model_config = ConfigDict(frozen=True)
    evidence: Evidence
    kind: str
    value: str
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The very words."""
        return self.evidence.clean[self.start : self.end]


class Count(BaseModel):
    """How many texts name it."""

    model_config = ConfigDict(frozen=True)
    kind: str
    value: str
    texts: int


class Result(ToolResult):
    """What is named, newest first, and counts, most named first."""

    named: tuple[Named, ...] = ()
    counts: tuple[Count, ...] = ()

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """A line a name with its count, then the places."""
        head = [f"{c.kind} {c.value}: {c.texts}" for c in self.counts]
        places = [f"[{n.evidence.evidence_id}] {n.kind}: {n.quote}" for n in self.named]
        return "\n".join([*head, *places])[:max_chars]


def entities(args: Args, deps: Deps) -> Result:
    """List what a customer names in reviews and messages: brands, products, colours, sizes, materials, prices, persons
    they buy for, places and dates, with the words.
    """
    if args.kind is not None and args.kind not in KINDS:
        raise ToolInputError(f"no kind {args.kind!r}", hint=f"use one of: {', '.join(KINDS)}")
    texts, more = written(args, deps, TEXT_KINDS)
    named = [
        Named(evidence=text, kind=one.kind, value=one.value, start=one.start, end=one.end)
        for text, read in zip(texts, _reader(deps).read([text.clean for text in texts]), strict=True)
        for one in read
        if args.kind is None or one.kind == args.kind
    ]
    return Result(
        named=tuple(named),
        counts=_counts(named),
        evidence=tuple(dict.fromkeys(one.evidence.evidence_id for one in named)),
        truncated=more,
    )


def _reader(deps: Deps) -> EntityReader:
    """A reader that knows the shop's catalogue; made once a set of tools."""
    if "entities" not in deps.cache:
        with deps.shop.engine.connect() as connection:
            rows = [(row[0], row[1]) for row in connection.execute(sa.select(t.items.c.title, t.items.c.brand))]
        deps.cache["entities"] = EntityReader(catalogue(rows), entities_tagger.load())
    reader: EntityReader = deps.cache["entities"]
    return reader


def _counts(named: list[Named]) -> tuple[Count, ...]:
    texts: dict[tuple[str, str], set[str]] = {}
    for one in named:
        texts.setdefault((one.kind, one.value), set()).add(one.evidence.evidence_id)
    order = sorted(texts, key=lambda key: (-len(texts[key]), key))
    return tuple(Count(kind=kind, value=value, texts=len(texts[kind, value])) for kind, value in order)


SPEC = ToolSpec(name="entities", effect="read", args=Args, run=entities)

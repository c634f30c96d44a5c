"""Evidence: what a sentence about a customer may stand on. A citable text, a record, or a computed summary."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from huaxiang.schema.event import Source

EvidenceKind = Literal["text", "record", "summary"]


class Product(NamedTuple):
    """What the catalogue says of the thing a text is about, as far as reading the text needs it."""

    title: str | None = None
    title_en: str | None = None
    category: str | None = None


class Evidence(BaseModel):
    """One thing that can be cited.

    `text`: what somebody wrote in one event; `quote` offsets refer to `clean`, and `offsets` maps them to `raw`.
    `record`: the event's own row, rendered on demand in either language; nothing is stored twice.
    `summary`: a computed statement; `rule` names the rule, `selector` finds the events again, `event_count` and
    `range_hash` say what they were.
    """

    model_config = ConfigDict(frozen=True)
    evidence_id: str
    customer_id: str
    kind: EvidenceKind
    event_id: str | None = None
    event_kind: str | None = Field(None, description="kind of the event behind a text or record")
    occurred_at: int | None = None
    language: str = "und"
    speaker: str = "customer"
    item_id: str | None = None
    product: Product | None = Field(None, exclude=True, repr=False, description="of `item_id`; kept out of exports")
    rating: float | None = None
    clean: str = Field("", description="text as shown and searched; a summary's or record's sentence")
    clean_en: str | None = Field(None, description="English form of a summary or record; `clean` is then Chinese")
    raw: str | None = None
    offsets: str | None = Field(None, description="compressed map clean→raw, see huaxiang.ingest.cleaning")
    rule: str | None = None
    selector: dict[str, Any] | None = None
    event_count: int | None = None
    range_hash: str | None = None
    source: Source | None = None
    source_id: str | None = None
    flags: tuple[str, ...] = ()

    def text(self, language: str) -> str:
        """The evidence as a sentence in `language`; what a customer wrote is never translated."""
        return self.clean_en if language == "en" and self.clean_en else self.clean


class Hit(BaseModel):
    """Evidence found by a search, with its fused score (higher is better) and the best matching span."""

    model_config = ConfigDict(frozen=True)
    evidence: Evidence
    score: float
    start: int = 0
    end: int = 0

    @property
    def quote(self) -> str:
        """The matching span, or the whole text."""
        return self.evidence.clean[self.start : self.end] if self.end > self.start else self.evidence.clean

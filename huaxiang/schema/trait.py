"""The trait: one profile field with its value, basis, confidence, evidence and two clocks."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Basis = Literal["stated", "observed", "computed", "inferred", "staff"]
MissingReason = Literal["no_evidence", "conflict", "refused", "no_consent", "stale"]
TraitStatus = Literal["held", "proposed", "rejected", "retired"]


class Citation(BaseModel):
    """The exact words (or computed summary) a trait stands on; `quote` is the substring of the source at the offsets."""

    model_config = ConfigDict(frozen=True)
    evidence_id: str
    quote: str = ""
    start: int = 0
    end: int = 0


class Trait(BaseModel):
    """One field of a profile. Nothing is overwritten: a change retires one trait and adds another.

    `valid_from`/`valid_to`: true of the customer between these; `recorded_at`/`retired_at`: believed by us.
    All four are epoch seconds UTC. `confidence` is computed by code at read time, never written by a model.
    """

    model_config = ConfigDict(frozen=True)
    trait_id: str
    customer_id: str
    name: str
    value: Any = None
    basis: Basis
    confidence: float = Field(0.0, ge=0.0, le=1.0)
    evidence: tuple[Citation, ...] = ()
    method: str = Field("", description="rule@version, or prompt id and model, that made it")
    for_whom: str | None = Field(None, description="None: the customer; otherwise who it is about (a gift's receiver)")
    valid_from: int | None = None
    valid_to: int | None = None
    recorded_at: int | None = Field(description="None: not stored, computed for the day asked about")
    retired_at: int | None = None
    status: TraitStatus = "held"
    missing_reason: MissingReason | None = None
    reason_code: str | None = Field(None, description="why it was proposed, rejected or retired")


class Profile(BaseModel):
    """The traits that hold at a time, and the fields asked for that have none, with the reason."""

    model_config = ConfigDict(frozen=True)
    customer_id: str
    name: str | None = None
    language: str | None = None
    as_of: int
    field_pack: str
    traits: tuple[Trait, ...] = ()
    missing: dict[str, MissingReason] = Field(default_factory=dict)
    events: int = 0

    def get(self, name: str) -> tuple[Trait, ...]:
        """All held traits of this field (a set-valued field has several)."""
        return tuple(trait for trait in self.traits if trait.name == name)

"""A candidate: what a rule or a model says a text tells about the customer. Not yet believed."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from huaxiang.schema.trait import Basis


class Candidate(BaseModel):
    """One proposed value with the exact words it rests on; `verify` decides what becomes of it."""

    model_config = ConfigDict(frozen=True)
    name: str = Field(description="a field of the pack")
    value: Any = Field(description="a known value of the field, a spelling of one, or the customer's own words")
    basis: Basis = "stated"
    evidence_id: str
    quote: str = Field(description="substring of the evidence's `clean` text")
    start: int = Field(-1, description="offset of the quote; -1: find it (it must occur exactly once)")
    end: int = -1
    polarity: Literal[-1, 0, 1] = Field(0, description="what the extractor understood; 0: did not say")
    for_whom: str | None = None
    ends: bool = Field(False, description="the words say that the value holds no longer")
    confirmed: bool = Field(False, description="code made the claim and a model, free to say no, said yes")
    read: bool = Field(False, description="a trained map is sure that these words state the value of the customer")
    unconfirmed: bool = Field(False, description="neither a rule nor a model has confirmed it: it waits for review")
    rule: str | None = Field(None, description="named rule by which the value follows from the quote")


class Verdict(BaseModel):
    """What the check says of a candidate."""

    model_config = ConfigDict(frozen=True)
    status: Literal["accepted", "proposed", "rejected"]
    reason_code: str
    for_whom: str | None = None
    value: Any = Field(None, description="the value in the pack's own form")
    ends: bool = Field(False, description="from the text's time on the value does not hold")
    start: int = 0
    end: int = 0

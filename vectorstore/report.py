"""What building the index did, and what state it is in."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class IndexReport(BaseModel):
    """What one run of `Index.build` or `Index.rebuild` did."""

    model_config = ConfigDict(frozen=True)
    encoder: str | None = Field(description="None: no encoder could be loaded, only words were indexed")
    words: int = Field(description="texts in the lexical index afterwards")
    embedded: int = Field(description="texts embedded in this run")
    kept: int = Field(description="texts whose vector was already right")
    removed: int = Field(description="vectors whose text is gone")
    approximate: str = Field(description="Chroma afterwards: in step | skipped")
    seconds: float
    notes: tuple[str, ...] = ()


class IndexStatus(BaseModel):
    """The state of the index, as `doctor` and the desk show it."""

    model_config = ConfigDict(frozen=True)
    evidence: int = Field(description="texts and summaries in the shop")
    words: int = Field(description="of them, in the lexical index")
    vectors: dict[str, int] = Field(description="vectors in the database by encoder")
    encoder: str | None = Field(description="the encoder in use; None: words only")
    pending: int = Field(description="texts without a vector of this encoder (an estimate by count)")
    approximate: str = Field(description="Chroma: in step | behind | not built | not opened | unavailable")
    mode: str = Field(
        description="how a search over all runs now: words and meaning (exact | approximate), or words only"
    )
    notes: tuple[str, ...] = ()

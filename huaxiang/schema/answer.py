"""What `ask` returns: sentences with their evidence, the steps taken, or an abstention with its reason."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from huaxiang.schema.event import Source

AbstainReason = Literal["no_such_customer", "no_evidence", "conflict", "not_allowed", "out_of_scope", "ambiguous"]


class Sentence(BaseModel):
    """One sentence of an answer and the ids of the evidence it stands on."""

    model_config = ConfigDict(frozen=True)
    text: str
    evidence: tuple[str, ...] = ()


class CitedEvidence(BaseModel):
    """One cited source, as the reader sees it."""

    model_config = ConfigDict(frozen=True)
    id: str
    customer_id: str
    kind: str = Field(description="the event's kind (review, order …), or `summary`")
    occurred_at: str | None = Field(None, description="ISO 8601, UTC")
    quote: str
    source: Source | None = None
    event_count: int | None = None


class Step(BaseModel):
    """One tool call: what was asked, whether it worked, how long it took and what evidence came back."""

    model_config = ConfigDict(frozen=True)
    tool: str
    args: dict[str, Any] = Field(default_factory=dict)
    ok: bool = True
    seconds: float = 0.0
    evidence: tuple[str, ...] = ()
    error: str | None = None


class LlmUse(BaseModel):
    """What the language model cost this answer; all zero in rule mode."""

    model_config = ConfigDict(frozen=True)
    model: str | None = None
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = Field(0, description="of the prompts' tokens: those that the model had read before and kept")

    @property
    def new_tokens(self) -> int:
        """Prompt tokens that were not in the cache: what waiting is made of."""
        return self.prompt_tokens - self.cached_tokens


class Answer(BaseModel):
    """An answer whose every sentence can be followed to its source."""

    question: str
    language: str
    answer: str
    sentences: tuple[Sentence, ...] = ()
    evidence: tuple[CitedEvidence, ...] = ()
    steps: tuple[Step, ...] = ()
    customers: tuple[str, ...] = ()
    abstained: bool = False
    reason: AbstainReason | None = None
    help: str | None = Field(None, description="what would help, when the answer is an abstention")
    llm: LlmUse = LlmUse()
    llm_problem: str | None = Field(None, description="why the model had to be left out: the error's code")
    thread_id: str | None = None
    run_id: str | None = None
    first_sentence_seconds: float | None = None
    card_seconds: float | None = None
    seconds: float = 0.0

"""The stream of a run: what UI, API, CLI and evaluation see, and all they see."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from huaxiang.schema.answer import Answer, Sentence, Step


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True)
    run_id: str


class Card(_Event):
    """The computed card: shown at once, before any model has been asked."""

    type: Literal["card"] = "card"
    sentences: tuple[Sentence, ...]
    customers: tuple[str, ...] = ()


class ToolStarted(_Event):
    """A tool call begins."""

    type: Literal["tool_started"] = "tool_started"
    tool: str
    args: dict[str, Any]


class ToolFinished(_Event):
    """A tool call ended, well or not."""

    type: Literal["tool_finished"] = "tool_finished"
    step: Step


class Text(_Event):
    """One verified sentence of the answer."""

    type: Literal["text"] = "text"
    sentence: Sentence


class Note(_Event):
    """Something the reader should know about the run itself (the model is still loading; it was left out)."""

    type: Literal["note"] = "note"
    code: str
    text: str


class ApprovalNeeded(_Event):
    """A write waits for a member of staff."""

    type: Literal["approval_needed"] = "approval_needed"
    proposal: dict[str, Any]


class Done(_Event):
    """The whole answer; always the last event."""

    type: Literal["done"] = "done"
    answer: Answer


RunEvent = Annotated[
    Card | ToolStarted | ToolFinished | Text | Note | ApprovalNeeded | Done, Field(discriminator="type")
]

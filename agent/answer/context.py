"""What a statement maker works with: the question as code understood it, and a way to call tools that is recorded."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from agent.answer.hidden_orders import without_orders
from agent.question import words
from agent.question.aims import AIMS, Aim
from agent.question.dates import Range
from agent.question.scope import Scope
from huaxiang import clock
from huaxiang.errors import HuaxiangError, ToolUnavailable
from huaxiang.schema.answer import Step
from huaxiang.schema.evidence import Evidence
from huaxiang.store import read, render
from tools import catalogue
from tools.base import Deps, ToolResult

Quantity = Literal["day", "count", "money"]
Of = Literal[
    "orders", "first order", "last order", "largest order", "smallest order", "one order", "average order", "units", "item",
    "returns", "return", "reviews", "review", "messages", "message", "tickets", "ticket",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """What a figure is: `Measure("money", "orders")` is what was paid for all orders in the span asked."""

    quantity: Quantity
    of: Of


@dataclass(frozen=True)
class Statement:
    """One sentence that could be part of an answer, worded by code, with all the evidence it stands on.

    `figures` are the numbers that code computed over the evidence (a count, a sum); `score` orders statements of one maker.
    `direct` statements answer the question by themselves and need no choosing. `tells` says what each figure is of.
    """

    text: str
    evidence: tuple[str, ...]
    score: float = 1.0
    direct: bool = False
    figures: tuple[str, ...] = ()
    customer_id: str = ""
    kind: str = "fact"
    tells: tuple[Measure, ...] = ()


@dataclass
class Context:
    """One question, resolved by code, about one customer at a time."""

    question: str
    language: str
    deps: Deps
    scope: Scope
    span: Range | None
    aims: list[Aim]
    fields: list[str]
    aspects: list[str]
    customer_id: str = ""
    steps: list[Step] = field(default_factory=list)
    memo: dict[str, Any] = field(default_factory=dict)
    pick_tools: Callable[[], list[str]] | None = None

    @property
    def zh(self) -> bool:
        """Whether the answer is in Chinese."""
        return self.language == "zh"

    def say(self, zh: str, en: str) -> str:
        """The sentence in the question's language."""
        return render.full_width(zh) if self.zh else one_of(en)

    @property
    def asked(self) -> str:
        """The question without the names of customers, as it was typed, also where it has been told again in other words."""
        asked: str = self.memo.get("asked", " ".join(self.scope.rest.split()))
        return asked

    @property
    def person(self) -> str:
        """The customer's name with the id, or the id alone."""
        found = read.customers_by_id(self.deps.shop, [self.customer_id]).get(self.customer_id)
        name = found.name if found else None
        if not name:
            return self.customer_id
        return f"{name}（{self.customer_id}）" if self.zh else f"{name} ({self.customer_id})"

    @property
    def topic(self) -> list[str]:
        """Content words of the question without names and dates."""
        if "topic" not in self.memo:
            rest = self.scope.rest
            if self.span:
                rest = re.sub(re.escape(self.span.phrase), " ", rest, flags=re.IGNORECASE)
            found = words.content_words(rest, self.language)
            self.memo["topic"] = [word for word in found if not any(aim.cue(word) for aim in AIMS)]
        topic: list[str] = self.memo["topic"]
        return topic

    def day(self, at: int | None) -> str:
        """An ISO day in the shop's calendar."""
        if at is None:
            return self.say("日期不详", "unknown date")
        return clock.day_of(at, self.deps.shop.tz).isoformat()

    def within(self) -> str:
        """The span of days in words, for a sentence; empty when the question names none."""
        if self.span is None:
            return ""
        since, until = self.span.since, self.span.until
        if since and until:
            return self.say(f"在 {since} 至 {until} 期间", f" between {since} and {until}")
        if since:
            return self.say(f"自 {since} 起", f" since {since}")
        return self.say(f"截至 {until}", f" up to {until}")

    def call(self, tool: str, **arguments: Any) -> ToolResult | None:
        """Call a tool and record the step; None when it could not be used. The same call twice is made once."""
        key = f"{tool}:{sorted(arguments.items(), key=str)}"
        if key in self.memo:
            known: ToolResult | None = self.memo[key]
            return known
        spec = catalogue.get(tool)
        began = time.perf_counter()
        result: ToolResult | None = None
        error: str | None = None
        try:
            result = spec.run(spec.args(**arguments), self.deps)
        except ToolUnavailable as problem:
            error = str(problem)
        except HuaxiangError as problem:
            error = f"{problem.code}: {problem}"
        self.steps.append(
            Step(
                tool=tool,
                args={name: _plain(value) for name, value in arguments.items() if value not in (None, (), [])},
                ok=error is None,
                seconds=round(time.perf_counter() - began, 4),
                evidence=result.evidence if result else (),
                error=error,
            )
        )
        self.memo[key] = result
        return result

    def noted(self, tool: str, began: float, evidence: tuple[str, ...], **arguments: Any) -> None:
        """Record a search that code made by itself as the step it is; once for the same arguments."""
        key = f"{tool}:{sorted(arguments.items(), key=str)}"
        if key not in self.memo:
            self.memo[key] = None
            seconds = round(time.perf_counter() - began, 4)
            self.steps.append(Step(tool=tool, args=arguments, ok=True, seconds=seconds, evidence=evidence))

    def quote(self, evidence: Evidence, start: int = 0, end: int = 0, *, note: str = "") -> str:
        """A sentence that quotes `evidence`: when, where, and the words themselves."""

        start, end = without_orders(evidence.clean, start, end if end > start else len(evidence.clean))
        text = evidence.clean[start:end]
        # a title and its text lie on lines of their own: an em space keeps them apart and is still white space
        text = "\u2003".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
        where = kind_label(evidence.event_kind or "", evidence.speaker, self.language)
        item = read.items_by_id(self.deps.shop, [evidence.item_id]).get(evidence.item_id) if evidence.item_id else None
        about = item.label(self.language) if item else (evidence.item_id or "")
        rated = f"{evidence.rating:g}" if evidence.rating is not None else ""
        if self.zh:
            stars = f"，评分 {rated}" if rated else ""
            return f"{self.day(evidence.occurred_at)} {where}{f'《{about}》' if about else ''}{stars}{note}：“{text}”"
        stars = f", rated {rated}" if rated else ""
        return f"{self.day(evidence.occurred_at)}, {where}{f' on {about}' if about else ''}{stars}{note}: “{text}”"


_ONE = re.compile(
    r"(?<![\d.,:/-])1 ((?:rated |customer |return |order |survey |such |open |more )?)"
    r"(customer|order|return|review|item|text|ticket|message|survey|cart|view|note|piece|line|record|reason|time|day|star|reply|score)"
    r"(?:s|ies)\b(?: (have|are|were|fit))?",
)


def one_of(text: str) -> str:
    """An English sentence with "1 orders" and "1 customers have" put right."""
    verbs = {"have": "has", "are": "is", "were": "was", "fit": "fits"}

    def right(found: re.Match[str]) -> str:
        verb = f" {verbs[found.group(3)]}" if found.group(3) else ""
        return f"1 {found.group(1)}{found.group(2)}{verb}"

    return _ONE.sub(right, text)


_KINDS = {
    "review": ("评价", "review"), "message": ("消息", "message"), "ticket": ("工单", "ticket"), "survey": ("问卷", "survey"),
    "return": ("退货原因", "return reason"), "note": ("客服备注（未经顾客证实）", "staff note (not confirmed by the customer)"),
    "search": ("搜索", "search"),
}  # fmt: skip


def kind_label(kind: str, speaker: str, language: str) -> str:
    """What kind of text is quoted, and that it was staff who wrote it where it was."""
    zh, en = _KINDS.get(kind, (kind, kind))
    if speaker == "staff" and kind != "note":
        zh, en = f"客服在{zh}中", f"{en} written by staff"
    return zh if language == "zh" else en


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value

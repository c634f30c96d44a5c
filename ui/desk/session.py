"""What the server remembers of one open page: language, customer, thread and the turns so far."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from agent.events import ApprovalNeeded, Card, Done, Note, RunEvent, Text, ToolFinished, ToolStarted
from agent.profiles.reading import ExtractionState
from huaxiang.errors import HuaxiangError
from huaxiang.schema.answer import Answer, Sentence, Step
from huaxiang.schema.trait import Citation
from huaxiang.store.shop import Shop
from tools.base import Deps
from ui.desk.texts import Language

NOT_READ = ExtractionState("off")
MAX_SESSIONS = 200
MAX_TURNS = 60


class DeskRuntime(Protocol):
    """What the desk needs of `agent.runtime.Runtime`."""

    shop: Shop
    deps: Deps
    llm_coming: bool
    llm_problem: HuaxiangError | None

    def llm_state(self) -> str:
        """`ready`, `loading`, `absent`, `failed` or `none` (rule mode)."""
        ...

    def ask(
        self, question: str, *, thread_id: str | None = None, customer_id: str | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Iterable[RunEvent]:  # fmt: skip
        """Answer a question as a stream of events, the last of them `Done`."""
        ...

    def feedback(self, answer: Answer, thumb: int, comment: str | None = None) -> Any:
        """Keep what the reader thought of an answer."""
        ...

    def open_customer(self, customer_id: str) -> None:
        """Somebody looks at this customer."""
        ...

    def extraction_state(self, customer_id: str) -> ExtractionState:
        """How far the model has read what this customer wrote."""
        ...

    def preload(self) -> Any:
        """Load in a thread what the first question needs."""
        ...


@dataclass
class Shown:
    """The record that is open in the drawer, and which words of it to highlight."""

    evidence_id: str
    quote: str = ""
    span: Citation | None = None


@dataclass
class RunningStep:
    """A tool call as the page shows it: begun, and later ended."""

    tool: str
    args: dict[str, Any]
    step: Step | None = None


@dataclass
class Turn:
    """One question and all that came back for it."""

    question: str
    customer_id: str | None = None
    state: Literal["running", "done", "stopped", "failed"] = "running"
    card: tuple[Sentence, ...] = ()
    sentences: list[Sentence] = field(default_factory=list)
    steps: list[RunningStep] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    approvals: int = 0
    answer: Answer | None = None
    customers: tuple[str, ...] = ()
    error: tuple[str, str] | None = None
    thumb: int = 0
    remarked: bool = False
    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, evidence_id: str) -> int:
        """The citation's number in this turn: 1 for the first source mentioned."""
        return self.numbers.setdefault(evidence_id, len(self.numbers) + 1)

    def apply(self, event: RunEvent) -> None:
        """Take in one event of the run."""
        if isinstance(event, Card):
            self.card, self.customers = event.sentences, event.customers
        elif isinstance(event, ToolStarted):
            self.steps.append(RunningStep(event.tool, dict(event.args)))
        elif isinstance(event, ToolFinished):
            self._finish(event.step)
        elif isinstance(event, Text):
            self.sentences.append(event.sentence)
        elif isinstance(event, Note):
            self.notes.append(event)
        elif isinstance(event, ApprovalNeeded):
            self.approvals += 1
        elif isinstance(event, Done):
            self._done(event.answer)
        # the answer's sources come first; those of the card, which folds then, go on counting
        self.numbers.clear()
        for sentence in (*self.sentences, *self.card):
            for one in sentence.evidence:
                self.number(one)

    def quote(self, evidence_id: str) -> str:
        """The words of this source that the answer stands on; empty while they are not known."""
        cited = self.answer.evidence if self.answer else ()
        return next((one.quote for one in cited if one.id == evidence_id), "")

    def _finish(self, step: Step) -> None:
        for running in self.steps:
            if running.step is None and running.tool == step.tool:
                running.step = step
                return
        self.steps.append(RunningStep(step.tool, dict(step.args), step))

    def _done(self, answer: Answer) -> None:
        self.answer, self.state = answer, "done"
        self.sentences = list(answer.sentences)
        self.customers = answer.customers or self.customers
        for running in self.steps:
            running.step = running.step or Step(tool=running.tool, args=running.args)
        if not self.steps:
            self.steps = [RunningStep(step.tool, dict(step.args), step) for step in answer.steps]


@dataclass
class Session:
    """One open page."""

    language: Language
    customer_id: str | None = None
    thread_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    turns: list[Turn] = field(default_factory=list)
    search: str = ""
    shown: Shown | None = None
    overview: bool = False
    group: str | None = None
    charts_for: tuple[str | None, Language] | None = None
    opened: str | None = None
    reading: ExtractionState = NOT_READ
    sent: dict[str, Any] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def running(self) -> bool:
        """Whether an answer is on its way."""
        return bool(self.turns) and self.turns[-1].state == "running"

    def pick(self, customer_id: str | None) -> None:
        """Turn to another customer: a new thread, so that "she" cannot mean the one before."""
        if customer_id != self.customer_id:
            self.customer_id, self.shown, self.thread_id = customer_id, None, uuid.uuid4().hex

    def follow(self, customers: tuple[str, ...]) -> bool:
        """Show the one customer an answer is about, in the same thread; True if that changes the card."""
        if len(customers) != 1 or customers[0] == self.customer_id:
            return False
        self.customer_id = customers[0]
        return True

    def begin(self, question: str) -> Turn:
        """A new turn; the oldest are forgotten by the page (the thread keeps them)."""
        self.stop.clear()
        turn = Turn(question, self.customer_id)
        self.turns = [*self.turns[-(MAX_TURNS - 1) :], turn]
        return turn

    def fresh(self) -> None:
        """A new conversation about the same customer."""
        self.stop.set()
        self.turns, self.shown, self.thread_id = [], None, uuid.uuid4().hex


class Sessions:
    """Sessions by the page's hash; the least recently used are dropped beyond `MAX_SESSIONS`."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._kept: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, page: str | None) -> Session:
        """The session of this page, made when it is new."""
        key = page or "?"
        with self._lock:
            if key not in self._kept:
                self._kept[key] = Session(self._language)
            self._kept.move_to_end(key)
            while len(self._kept) > MAX_SESSIONS:
                self._kept.popitem(last=False)
            return self._kept[key]

    def drop(self, page: str | None) -> None:
        """The page was closed: stop what it asked for and forget it."""
        with self._lock:
            gone = self._kept.pop(page or "?", None)
        if gone is not None:
            gone.stop.set()

"""A tiny bilingual shop, imported like any other, and a runtime whose answers are written down."""

from __future__ import annotations

import csv
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.events import Card, Done, Note, RunEvent, Text, ToolFinished, ToolStarted
from agent.profiles.reading import ExtractionState
from huaxiang import ids
from huaxiang.ingest.importer import import_paths
from huaxiang.ledger.build import build_profiles
from huaxiang.schema.answer import Answer, CitedEvidence, LlmUse, Sentence, Step
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from tools.base import Deps

HOSTILE = 'Nice bag <script>window.pwned=1</script><img src=x onerror="window.pwned=2"> ${window.pwned=3} {{value}} & that\'s all'
CUSTOMERS = [
    ("C1", "李静", "静静", "lijing@example.cn", "199-0000-0001", "杭州"),
    ("C2", "Tom Okafor", "", "tom@example.com", "+1 216-555-0102", "Cleveland"),
    ("C3", "Eve", "", "eve@example.com", "", ""),
    ("C4", "Nora Quiet", "", "nora@example.com", "", "Oslo"),
]
EVENTS: list[dict[str, Any]] = [
    {"source_id": "A1", "kind": "order", "customer_id": "C1", "occurred_at": "2026-01-05 10:00:00", "order_id": "O1", "item_id": "P1", "quantity": 1, "amount": "299.00", "currency": "CNY"},
    {"source_id": "A2", "kind": "order", "customer_id": "C1", "occurred_at": "2026-03-05 10:00:00", "order_id": "O2", "item_id": "P2", "quantity": 2, "amount": "98.00", "currency": "CNY"},
    {"source_id": "A3", "kind": "review", "customer_id": "C1", "occurred_at": "2026-03-09 20:00:00", "item_id": "P2", "rating": 4, "text": "绿茶很香,包装也好。我对羊毛过敏,围巾就算了。"},
    {"source_id": "A4", "kind": "message", "customer_id": "C1", "occurred_at": "2026-03-12 09:00:00", "speaker": "staff", "text": "您好,已为您登记。"},
    {"source_id": "B1", "kind": "review", "customer_id": "C2", "occurred_at": "2026-02-01 08:00:00", "item_id": "P1", "rating": 2, "text": "The zipper broke after a week.   Not happy."},
    {"source_id": "B2", "kind": "view", "customer_id": "C2", "occurred_at": "2026-04-01 08:00:00", "item_id": "P2"},
    {"source_id": "E1", "kind": "review", "customer_id": "C3", "occurred_at": "2026-01-20 08:00:00", "item_id": "P3", "rating": 5, "text": HOSTILE},
]  # fmt: skip
ITEMS = [
    ("P1", "云脊 徒步背包", "Ridgeline Hiking Pack", "云脊", "outdoor", "299.00", "CNY"),
    ("P2", "山月 绿茶", "Moonhill Green Tea", "山月", "food", "49.00", "CNY"),
    ("P3", "包", "Bag", "X", "clothing", "10.00", "USD"),
]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop's folder, imported once."""
    base = tmp_path_factory.mktemp("desk")
    source = base / "in"
    source.mkdir()
    _csv(source / "customers.csv", ("customer_id", "name", "aliases", "email", "phone", "city"), CUSTOMERS)
    _csv(source / "products.csv", ("item_id", "title", "title_en", "brand", "category", "price", "currency"), ITEMS)
    lines = (json.dumps(one, ensure_ascii=False) for one in EVENTS)
    (source / "events.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    shop = Shop.create(base / "shop", settings={"name": "Test shop"})
    import_paths(shop, [source])
    build_profiles(shop)
    shop.close()
    return base / "shop"


@pytest.fixture
def shop(made: Path, tmp_path: Path) -> Iterator[Shop]:
    shutil.copytree(made, tmp_path / "shop")
    opened = Shop.open(tmp_path / "shop")
    yield opened
    opened.close()


@pytest.fixture
def poisoned(shop: Shop) -> Shop:
    """The shop with markup in C3's name, product and words, past the cleaning, which would have taken it out."""
    with shop.begin() as connection:
        of_eve = t.evidence.c.customer_id == "C3"
        connection.execute(
            t.evidence.update().where(of_eve, t.evidence.c.kind == "text").values(clean=HOSTILE, raw=HOSTILE + ".")
        )
        connection.execute(
            t.customers.update().where(t.customers.c.customer_id == "C3").values(name="<script>Eve", city="<img src=x>")
        )
        item = {
            "title": "<img src=y onerror=alert(1)>",
            "title_en": "<script>1</script>",
            "brand": "<script>2</script>",
        }
        connection.execute(t.items.update().where(t.items.c.item_id == "P3").values(**item))
    return shop


@pytest.fixture
def runtime(shop: Shop) -> ScriptedRuntime:
    return ScriptedRuntime(shop)


class ScriptedRuntime:
    """Answers every question from the customer's newest own text; after a card it waits until `goes_on` is set."""

    def __init__(self, shop: Shop, *, state: str = "ready") -> None:
        self.shop = shop
        self.deps = Deps(shop=shop, index=_NoIndex(), sentiment=_Mood)
        self.state = state
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.asked: list[dict[str, Any]] = []
        self.thumbs: list[tuple[str, int, str | None]] = []
        self.raises: Exception | None = None
        self.llm_coming, self.llm_problem = False, None
        self.opened: list[str] = []
        self.reading = ExtractionState("off")

    def open_customer(self, customer_id: str) -> None:
        self.opened.append(customer_id)

    def extraction_state(self, customer_id: str) -> ExtractionState:
        return self.reading

    def preload(self) -> None:
        pass

    def llm_state(self) -> str:
        return self.state

    def feedback(self, answer: Answer, thumb: int, comment: str | None = None) -> None:
        self.thumbs.append((answer.question, thumb, comment))

    def ask(
        self, question: str, *, thread_id: str | None = None, customer_id: str | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Iterator[RunEvent]:  # fmt: skip
        self.asked.append({"question": question, "thread": thread_id, "customer": customer_id})
        stopped = should_stop or (lambda: False)
        customer = next((c[0] for c in CUSTOMERS if c[1] in question), customer_id)
        for event in self._events(question, customer, thread_id):
            if stopped() and not isinstance(event, Done):
                continue
            yield event
            if self.raises is not None:
                raise self.raises
            while isinstance(event, Card) and not self.goes_on.wait(0.01) and not stopped():
                pass

    def _events(self, question: str, customer: str | None, thread: str | None) -> Iterator[RunEvent]:
        run = "run-1"
        if customer is None:
            help_ = "Name the customer."
            yield Done(run_id=run, answer=Answer(question=question, language="en", answer="Nobody of that name.", abstained=True, reason="no_such_customer", help=help_))  # fmt: skip
            return
        step = Step(tool="search_reviews", args={"customer_id": customer, "query": question}, seconds=0.02)
        yield ToolStarted(run_id=run, tool=step.tool, args=step.args)
        text = next(one for one in evidence_store.texts_of(self.shop, customer) if one.speaker == "customer")
        event = read.events_by_id(self.shop, [text.event_id or ""])[text.event_id or ""]
        yield ToolFinished(run_id=run, step=step.model_copy(update={"evidence": (text.evidence_id,)}))
        record = Sentence(text=f"Record of {customer}.", evidence=(ids.record_evidence_id(event.event_id),))
        yield Card(run_id=run, sentences=(record,), customers=(customer,))
        if self.state != "ready":
            yield Note(run_id=run, code="llm-loading", text="the model is still loading")
        quote = text.clean[:12]
        said = Sentence(text=f"They wrote: {text.clean}", evidence=(text.evidence_id,))
        summaries = evidence_store.summaries_of(self.shop, customer)
        counted = Sentence(text=summaries[0].text("en"), evidence=(summaries[0].evidence_id,))
        for sentence in (said, counted):
            yield Text(run_id=run, sentence=sentence)
        cited = CitedEvidence(
            id=text.evidence_id, customer_id=customer, kind=event.kind, quote=quote, source=text.source
        )
        yield Done(
            run_id=run,
            answer=Answer(
                question=question, language="en", answer=f"{said.text} {counted.text}", sentences=(said, counted),
                evidence=(cited,), steps=(step,), customers=(customer,), thread_id=thread, seconds=0.4,
                llm=LlmUse(model="scripted", calls=1),
            ),
        )  # fmt: skip


class _NoIndex:
    def search_customer(self, customer_id: str, query: str, *, limit: int = 8) -> list[Any]:
        return []

    def search(self, query: str, *, limit: int = 8) -> list[Any]:
        return []


class _Mood:
    """A sentiment model for plots: everything is mildly good."""

    class _Score:
        label, polarity, probability = "positive", 0.4, 0.8

    def predict(self, texts: list[str], languages: list[str]) -> list[_Mood._Score]:
        return [self._Score() for _ in texts]


def _csv(path: Path, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([head, *rows])

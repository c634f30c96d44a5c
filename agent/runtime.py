"""Everything a face (desk, command line, evaluation) needs of one shop: the tools' dependencies, the model, the threads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from agent.events import Done, RunEvent
from agent.llm.base import Llm
from agent.llm.make import local_file, make_llm
from agent.profiles.reading import ExtractionState, Reading
from agent.profiles.stated import MapReader
from agent.threads import Threads
from huaxiang.clock import to_epoch, utc_now
from huaxiang.errors import ConfigError, HuaxiangError, ModelError
from huaxiang.privacy.runs import RunLog
from huaxiang.schema.answer import Answer
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from tools.base import Actor, Deps
from vectorstore.index import Index

LlmState = Literal["ready", "loading", "absent", "none", "failed"]
log = logging.getLogger(__name__)


class Runtime:
    """One open shop with its index, tools, language model and threads. Thread-safe for asking."""

    def __init__(self, shop: Shop, *, llm: Llm | None = None) -> None:
        self.shop = shop
        self.index = Index.open(shop)
        self.threads = Threads(shop.folder)
        self._sentiment: Any = None
        self._lock, self._sentiment_lock, self._map_lock = threading.Lock(), threading.Lock(), threading.Lock()
        self._map: MapReader | None = None
        self._llm: Llm | None = llm
        self._llm_state: LlmState = "ready" if llm is not None else "none"
        self.llm_problem: HuaxiangError | None = None
        self.llm_coming = False
        """Whether the model's file is being fetched (`bring_llm`); the state is `absent` until it is there."""
        self._reading = Reading(shop, self.map_reader, mapped=self.can_map)
        self.run_log = RunLog(shop)
        self._closing = threading.Event()
        self._preloading: threading.Thread | None = None
        self.deps = Deps(shop=shop, index=self.index, sentiment=self._load_sentiment, actor=Actor.of_shop(shop))

    @classmethod
    def open(cls, folder: Path | str, *, overrides: Mapping[str, Any] | None = None, llm: Llm | None = None) -> Runtime:
        """Open the shop in `folder`. The language model is not started: call `start_llm`.

        Raises:
            NoSuchShop, StoreError, ConfigError: see `Shop.open`; ConfigError also for a language model that is not built.
        """
        shop = Shop.open(Path(folder), overrides=overrides)
        runtime = cls(shop, llm=llm)
        if llm is None:
            runtime.prepare_llm()
        return runtime

    @property
    def llm(self) -> Llm | None:
        """The language model when it is ready; None in rule mode and while it is loading."""
        return self._llm if self._llm_state == "ready" else None

    def llm_state(self) -> LlmState:
        """`ready`, `loading`, `absent` (its file is not in the cache), `failed`, or `none` (rule mode)."""
        return self._llm_state

    def prepare_llm(self) -> None:
        """Make the model of the settings ready to start: nothing is loaded; a missing file is `absent`, not an error.

        Raises:
            ConfigError: the settings name a model that cannot be had.
        """
        self.llm_problem = None
        if self.shop.settings.llm.kind == "none":
            self._llm_state = "none"
            return
        try:
            if self.shop.settings.llm.kind == "local":
                local_file(self.shop.settings, self.shop.folder)
            self._llm = make_llm(self.shop.settings, self.shop.folder)
            self._llm_state = "loading"
        except ModelError as error:
            self._llm, self.llm_problem = None, error
            self._llm_state = "absent" if error.code == "model-missing" else "failed"

    def start_llm(self, *, wait: bool = True, warm: Sequence[str] = ("zh", "en")) -> LlmState:
        """Start the model and ask it for one token, so that the first question finds it warm.

        Args:
            wait: False starts it in a thread; questions are answered in rule mode until it is there.
            warm: languages whose prompt is read beforehand (seconds each); one question alone is sooner answered without.
        """
        if self._llm_state != "loading" or self._llm is None:
            return self._llm_state
        if wait:
            self._warm(warm)
        else:
            threading.Thread(target=self._warm, args=(warm,), daemon=True, name="start-llm").start()
        return self._llm_state

    def bring_llm(self, fetch: Callable[[], str]) -> None:
        """Get the model's file in a thread, then start it; until then questions are answered in rule mode.

        Args:
            fetch: blocks until the file is there and returns "", or returns why it could not be had.
        """
        self.llm_coming = True

        def bring() -> None:
            """Wait for the file, load it, and let the answers use it."""
            try:
                problem = fetch()
                if problem:
                    self.llm_problem = ModelError(problem, hint="to go on: huaxiang models fetch", code="model-fetch")
                elif not self._closing.is_set():
                    self.prepare_llm()
                    self.start_llm()
            except ConfigError as error:
                self.llm_problem = error
            finally:
                self.llm_coming = False

        threading.Thread(target=bring, daemon=True, name="bring-llm").start()

    def _warm(self, languages: Sequence[str]) -> None:
        with self._lock:
            if self._llm_state != "loading" or self._llm is None:
                return
            try:
                load: Callable[[], Any] | None = getattr(self._llm, "wait", None)
                if load is not None:
                    load()
                from agent.llm.choose import choose

                if self.shop.settings.llm.kind in ("local", "hf"):
                    for language in languages:
                        choose(self._llm, question="…", language=language, statements=["a", "b"], max_pick=1)
                self._llm_state = "ready"
            except ConfigError:
                self._llm_state = "failed"
                raise
            except HuaxiangError as error:
                self.llm_problem = error
                self._llm_state = "absent" if error.code == "model-missing" else "failed"

    def ask(
        self,
        question: str,
        *,
        thread_id: str | None = None,
        customer_id: str | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Iterator[RunEvent]:
        """Answer a question as a stream of events that ends with `Done`.

        Args:
            question: in Chinese or English, at most 2,000 characters.
            thread_id: keeps the talk together; pronouns then refer to the thread's customer.
            customer_id: the customer open on the desk, meant where the question names nobody.
            should_stop: asked between steps and while the model writes; True ends the answer with what there is.
        """
        from agent.run import Run

        with self._reading.paused():
            yield from Run(self, question, thread_id=thread_id, picked=customer_id, should_stop=should_stop).events()

    def answer(self, question: str, *, thread_id: str | None = None, customer_id: str | None = None) -> Answer:
        """The whole answer at once."""
        for event in self.ask(question, thread_id=thread_id, customer_id=customer_id):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a run always ends with Done")

    def feedback(self, answer: Answer, thumb: int, comment: str | None = None) -> None:
        """Store a thumb (1 or -1) with the question and answer it is about."""
        with self.shop.begin() as connection:
            connection.execute(
                t.feedback.insert().values(
                    given_at=to_epoch(utc_now()), thread_id=answer.thread_id, run_id=answer.run_id,
                    customer_ids="\n".join(answer.customers), question=answer.question, answer=answer.answer,
                    thumb=1 if thumb > 0 else -1, comment=comment,
                )
            )  # fmt: skip

    def open_customer(self, customer_id: str) -> None:
        """Somebody looks at this customer: have what they wrote read, as far as that is new, in the background.

        By the trained map, and by the model where one is ready. Does nothing where the encoder is missing and no model
        is ready: computed, observed and rule-found fields need neither.
        """
        if not self._closing.is_set():
            self._reading.open(self.llm, customer_id)

    def extraction_state(self, customer_id: str) -> ExtractionState:
        """How far what this customer wrote is read; `off` where there is neither a model nor the map's encoder."""
        return self._reading.state(self.llm, customer_id)

    def can_map(self) -> bool:
        """Whether the trained map of stated facts can read here: the shop's encoder is the one it was made for."""
        from agent.answer import likely

        return likely.fits(self.deps)

    def map_reader(self) -> MapReader | None:
        """The trained map of stated facts, loaded on first use (seconds); None where its encoder is missing."""
        from agent.answer import likely

        with self._map_lock:
            if self._map is None and (reader := likely.load(self.deps)) is not None:
                self._map = MapReader(reader.encoder)
            return self._map

    def preload(self) -> threading.Thread:
        """Load in a thread what the first question would otherwise wait for: 2-6 s of taggers, encoder and directory.

        What is missing or does not load is left to the question that needs it, which says so. Returns the thread.
        """
        from agent.preload import steps

        def load() -> None:
            for name, step in steps(self):
                if self._closing.is_set():
                    return
                try:
                    step()
                except (HuaxiangError, ImportError, OSError) as error:
                    log.info("not preloaded: %s (%s)", name, error)

        self._preloading = threading.Thread(target=load, daemon=True, name="preload")
        self._preloading.start()
        return self._preloading

    def _load_sentiment(self) -> Any:
        with self._sentiment_lock:
            if self._sentiment is None:
                from huaxiang.text import sentiment

                self._sentiment = sentiment.load()
            return self._sentiment

    def close(self) -> None:
        """Stop what works in the background and the model, and close the files."""
        self._closing.set()
        if self._preloading is not None:
            self._preloading.join(10)
        self._reading.close()
        if self._llm is not None:
            self._llm.close()
        self.run_log.close()
        self.index.close()
        self.threads.close()
        self.shop.close()

    def __enter__(self) -> Runtime:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

"""What the desk does, without Gradio: each act returns the parts of the page that change, as plain values."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from huaxiang.errors import HuaxiangError
from huaxiang.schema.trait import Citation
from huaxiang.store import tables as t
from ui.desk import card, chat, overview, overview_data, people, plots, record
from ui.desk.markup import empty, esc
from ui.desk.session import NOT_READ, DeskRuntime, Session, Sessions, Shown, Turn
from ui.desk.texts import LANGUAGES, TEXTS, Language, counted, say

Changes = dict[str, Any]
"""Part name → its new value, or the keyword arguments of an update."""
PLOTS = ("sentiment", "categories", "spend")
SIDE: dict[str, tuple[str, ...]] = {
    "charts": (*(f"{name}_title" for name in PLOTS), *PLOTS, "charts_note"),
    "card": ("person", "reading", "tabs", "profile", "timeline"),
}
"""Parts of the right column: the card is quick, the charts may have to load a model first."""
log = logging.getLogger(__name__)


class DeskModel:
    """One desk on one open shop, shared by all pages."""

    def __init__(self, runtime: DeskRuntime, language: Language | None = None) -> None:
        self.runtime = runtime
        self.shop = runtime.shop
        self.language: Language = language or self.shop.settings.desk.language
        self.sessions = Sessions(self.language)
        self.people = people.People(runtime.deps)

    # --- parts -----------------------------------------------------------------------------------------------------

    def everything(self, session: Session) -> Changes:
        """Every part in the session's language, the charts apart."""
        lang = session.language
        session.charts_for = None
        self._open(session)
        frame = self._frame(session)
        session.sent.update(frame)
        return {
            **frame,
            "search": {"placeholder": say(lang, "people.search")},
            "people": self._people(session),
            "chat": self._chat(session),
            **self._composer(session),
            **self._card(session),
            **{f"tab_{name}": {"label": say(lang, f"tab.{name}")} for name in ("profile", "timeline", "charts")},
            "drawer": self._drawer(session),
            "overview": self._overview(session),
            "tick": {"active": self._waiting(session)},
        }

    def _frame(self, session: Session) -> Changes:
        lang, state = session.language, self._state()
        coming = state == "loading" or self.runtime.llm_coming
        percent = self._progress() if state == "absent" and coming else None
        words = say(lang, "llm.coming" if state == "absent" and coming else f"llm.{state}")
        switch = "".join(
            f'<button type="button" data-do="lang" data-lang="{one}" class="{"on" if one == lang else ""}"'
            f' aria-pressed="{str(one == lang).lower()}">{"中文" if one == "zh" else "English"}</button>'
            for one in LANGUAGES
        )
        total = counted(lang, "people.events", "people.event1", sum(one.events for one in self.people.all().values()))
        header = (
            f'<div class="hx-bar"><span class="hx-brand">{esc(say(lang, "product"))}</span><span class="hx-tagline">{esc(say(lang, "tagline"))}</span>'
            f'<span class="hx-shop" title="{esc(total)}">{esc(self.shop.settings.shop.name)}</span><span class="hx-gap"></span>'
            f'<span class="hx-llm s-{esc(state)}" title="{esc(self._problem())}"><i></i>{esc(words)}</span>'
            f'<button type="button" class="hx-new" data-do="overview">{esc(say(lang, "over.open"))}</button>'
            f'<button type="button" class="hx-new" data-do="fresh">{esc(say(lang, "chat.new"))}</button>'
            f'<span class="hx-switch" role="group" aria-label="中文 / English">{switch}</span></div>'
        )
        return {"header": header, "hint": self._hint(lang, state, coming, percent)}

    def _hint(self, lang: Language, state: str, coming: bool, percent: float | None) -> str:
        """One line over the question: rule mode and why, or that answers cite records."""
        if not coming:
            key = "hint.rules" if state in ("absent", "failed") else "hint.safe"
            return f"<p>{esc(say(lang, key))}</p>"
        if percent is None:
            return f'<p class="wait">{esc(say(lang, "hint.loading"))}</p>'
        words = say(lang, "hint.fetching", percent=round(percent * 100))
        return f'<p class="wait">{esc(words)}<i class="hx-load"><b style="width:{percent:.0%}"></b></i></p>'

    def _people(self, session: Session) -> str:
        return people.render(self.people, query=session.search, chosen=session.customer_id, language=session.language)

    def _chat(self, session: Session) -> str:
        return chat.render(session, self.people.names(), llm_ready=self._state() == "ready")

    def _composer(self, session: Session) -> Changes:
        lang, person = session.language, self.people.get(session.customer_id)
        placeholder = (
            say(lang, "chat.placeholder.about", name=person.label) if person else say(lang, "chat.placeholder")
        )
        return {
            "question": {"placeholder": placeholder},
            "ask": {"value": say(lang, "chat.ask"), "visible": not session.running},
            "stop": {"value": say(lang, "chat.stop"), "visible": session.running},
        }

    def _card(self, session: Session) -> Changes:
        person, lang = self.people.get(session.customer_id), session.language
        head = card.header(self.shop, person, lang, has_orders=self._has_orders())
        session.sent["reading"] = card.reading(session.reading, lang)
        if person is None:
            return {"person": head, "reading": "", "tabs": {"visible": False}, "profile": "", "timeline": ""}
        return {
            "person": head,
            "reading": session.sent["reading"],
            "tabs": {"visible": True},
            "profile": card.profile(self.shop, person.customer_id, lang),
            "timeline": card.timeline(self.shop, person.customer_id, lang),
        }

    def _drawer(self, session: Session) -> str:
        shown = session.shown
        if shown is None:
            return ""
        return record.drawer(
            self.shop, shown.evidence_id, language=session.language, quote=shown.quote, span=shown.span
        )

    def _overview(self, session: Session) -> str:
        if not session.overview:
            return ""
        found = overview_data.build(self.runtime.deps)
        return overview.render(found, self.people.names(), session.language, session.group)

    # --- acts ------------------------------------------------------------------------------------------------------

    def charts(self, session: Session) -> Changes:
        """The plots of the customer shown; nothing when they are there already, or the reader has moved on."""
        wanted = (session.customer_id, session.language)
        if session.charts_for == wanted:
            return {}
        session.charts_for = wanted
        made = plots.Charts()
        if self.people.get(session.customer_id) is not None:
            made = plots.charts(self.runtime.deps, session.customer_id or "", session.language)
        if (session.customer_id, session.language) != wanted:
            return {}
        changes: Changes = {}
        for name in PLOTS:
            figure = getattr(made, name)
            title = f"<h4>{esc(say(session.language, f'charts.{name}'))}</h4>"
            changes[f"{name}_title"] = {"value": title, "visible": figure is not None}
            changes[name] = {"value": figure, "visible": figure is not None}
        note = "".join(f'<p class="hx-note">{esc(problem)}</p>' for problem in made.problems)
        if not any(getattr(made, name) for name in PLOTS):
            note = empty(say(session.language, "charts.empty"), say(session.language, "charts.empty.help"))
        return {**changes, "charts_note": note}

    def open_overview(self, session: Session) -> Iterator[Changes]:
        """The overview: at once the page, then what has to be computed first."""
        session.overview, session.group = True, None
        yield {"overview": overview.waiting(session.language), "drawer": ""}
        yield {"overview": self._overview(session)}

    def show_group(self, session: Session, key: str) -> Changes:
        """List the customers behind a number of the overview; the same number again puts the list away."""
        session.group = None if session.group == key else key[:200]
        return {"overview": self._overview(session)}

    def close_overview(self, session: Session) -> Changes:
        """Back to the chat."""
        session.overview = False
        return {"overview": ""}

    def search(self, session: Session, query: str) -> Changes:
        """The picker, narrowed to what was typed."""
        session.search = query
        return {"people": self._people(session)}

    def click(self, session: Session, data: dict[str, str]) -> Changes:
        """What a click on `[data-do]` asks for; an unknown or outdated one changes nothing."""
        act = data.get("do")
        if act == "record":
            session.shown = self._shown(session, data)
            return {"drawer": self._drawer(session)}
        if act == "pick" and self.people.get(data.get("id")) is not None:
            session.pick(data["id"])
            session.overview = False
            return self.everything(session)
        if act == "lang" and data.get("lang") in LANGUAGES:
            session.language = "zh" if data["lang"] == "zh" else "en"
            return self.everything(session)
        if act == "fresh":
            session.fresh()
            return self.everything(session)
        if act in ("thumb", "remark"):
            self._feedback(session, data)
            return {"chat": self._chat(session)}
        session.shown = None
        return {"drawer": ""}

    def ask(self, session: Session, question: str) -> Iterator[Changes]:
        """Answer in steps: each event of the run changes the chat, and the card follows the customer it is about."""
        question = question.strip()[:2000]
        if not question or session.running:
            return
        turn = session.begin(question)
        thread_id = session.thread_id
        yield {"chat": self._chat(session), **self._composer(session), "question": {"value": "", "interactive": True}}
        try:
            stream = self.runtime.ask(
                question, thread_id=thread_id, customer_id=session.customer_id, should_stop=session.stop.is_set
            )
            for event in stream:
                if turn not in session.turns:
                    return
                turn.apply(event)
                yield {"chat": self._chat(session), **self._follow(session, turn)}
            if turn.state == "running":
                turn.state = "stopped"
        except HuaxiangError as error:
            turn.state, turn.error = "failed", (error.message, error.hint)
        except Exception:
            log.exception("the desk could not answer")
            turn.state, turn.error = "failed", (say(session.language, "answer.internal"), "")
        if session.stop.is_set() and turn.state == "done" and not turn.sentences:
            turn.state = "stopped"
        yield {"chat": self._chat(session), **self._composer(session)}

    def stop(self, session: Session) -> Changes:
        """Ask the run to end; it does so at its next step."""
        session.stop.set()
        return {"stop": {"visible": False}}

    def tick(self, session: Session) -> Changes:
        """What happens by itself: the model on its way, and how far it has read this customer; the profile at the end."""
        before = session.reading
        self._open(session)
        changes: Changes = {**self._frame(session), "reading": card.reading(session.reading, session.language)}
        changes = {name: value for name, value in changes.items() if session.sent.get(name) != value}
        session.sent.update(changes)
        if session.customer_id and before.waiting and not session.reading.waiting:
            changes["profile"] = card.profile(self.shop, session.customer_id, session.language)
        if not self._waiting(session):
            changes["tick"] = {"active": False}
        return changes

    def preload(self) -> None:
        """Have loaded what the first page and the first question need, in threads."""
        self.runtime.preload()
        threading.Thread(target=plots.preload, daemon=True, name="preload-plots").start()

    # --- inside ----------------------------------------------------------------------------------------------------

    def _open(self, session: Session) -> None:
        """Have the customer shown read by the model, once it is there; and note how far that is."""
        customer_id, session.reading = session.customer_id, NOT_READ
        if customer_id is None or self._state() != "ready":
            return
        if session.opened != customer_id:
            session.opened = customer_id
            self.runtime.open_customer(customer_id)
        session.reading = self.runtime.extraction_state(customer_id)

    def _waiting(self, session: Session) -> bool:
        """Whether something will change by itself."""
        return self._state() == "loading" or self.runtime.llm_coming or session.reading.waiting

    def _follow(self, session: Session, turn: Turn) -> Changes:
        known = tuple(one for one in turn.customers if self.people.get(one) is not None)
        if not session.follow(known):
            return {}
        self._open(session)
        tick = {"tick": {"active": self._waiting(session)}}
        return {**self._card(session), "people": self._people(session), **self._composer(session), **tick}

    def _shown(self, session: Session, data: dict[str, str]) -> Shown:
        evidence_id = str(data.get("id", ""))[:140]
        if "turn" in data:
            place = _number(data["turn"])
            quote = session.turns[place].quote(evidence_id) if 0 <= place < len(session.turns) else ""
            return Shown(evidence_id, quote=quote)
        if "start" in data:
            start, end = _number(data["start"]), _number(data.get("end", ""))
            return Shown(
                evidence_id, span=Citation(evidence_id=evidence_id, quote=data.get("quote", ""), start=start, end=end)
            )
        return Shown(evidence_id)

    def _feedback(self, session: Session, data: dict[str, str]) -> None:
        place = _number(data.get("turn", ""))
        turn = session.turns[place] if 0 <= place < len(session.turns) else None
        if turn is None or turn.answer is None:
            return
        if data.get("do") == "remark":
            comment = str(data.get("text", "")).strip()[:500]
            if comment:
                self.runtime.feedback(turn.answer, -1, comment)
                turn.remarked = True
            return
        turn.thumb = 1 if data.get("v") == "1" else -1
        self.runtime.feedback(turn.answer, 1 if turn.thumb == 1 else -1)

    def _state(self) -> str:
        state = self.runtime.llm_state()
        return state if f"llm.{state}" in TEXTS else "none"

    def _problem(self) -> str:
        """Why there is no model, with what to do about it; empty where the runtime does not say."""
        return str(self.runtime.llm_problem or "")

    def _progress(self) -> float | None:
        """How much of the language model's file is here, 0…1; None when that is not what is being waited for."""
        from huaxiang.models import cards, resolve

        state = next((one for one in resolve.list_models() if one.name == cards.LLM), None)
        if state is None or state.state == "ready" or not state.bytes_total:
            return None
        return min(state.bytes / state.bytes_total, 0.99)

    def _has_orders(self) -> bool:
        query = sa.select(t.events.c.event_id).where(t.events.c.kind == "order").limit(1)
        with self.shop.engine.connect() as connection:
            return connection.execute(query).first() is not None


def _number(text: str) -> int:
    return int(text) if text.lstrip("-").isdigit() else -1

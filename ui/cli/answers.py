"""An answer in the terminal: sentences as they come, with footnotes, and below them the quoted sources."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from ui import words
from ui.cli import output
from ui.cli.naming import short

if TYPE_CHECKING:
    from agent.runtime import Runtime
    from huaxiang.schema.answer import Answer, CitedEvidence, Sentence, Step
    from huaxiang.store.shop import Shop

_NOTES_A_SENTENCE = 4
_QUOTE_CHARS = 240
_FIRST_KEYS = (
    "question",
    "language",
    "answer",
    "sentences",
    "evidence",
    "steps",
    "abstained",
    "reason",
    "llm",
    "seconds",
)


def stream(
    runtime: Runtime, question: str, *, customer_id: str | None = None, thread_id: str | None = None, steps: bool = False,
    should_stop: Callable[[], bool] | None = None, quiet: Collection[str] = (),
) -> Answer:  # fmt: skip
    """Ask, print the answer as it comes, and return it; notes with a code in `quiet` are left out."""
    from agent.events import Card, Done, Note, Text, ToolFinished

    notes = Footnotes()
    meanwhile = _Meanwhile(runtime.llm is not None)
    shown = 0
    answer: Answer | None = None
    with meanwhile:
        for event in runtime.ask(question, thread_id=thread_id, customer_id=customer_id, should_stop=should_stop):
            if isinstance(event, Card):
                meanwhile.show(event.sentences)
            elif isinstance(event, ToolFinished) and steps:
                meanwhile.hide()
                output.say(step_line(event.step))
            elif isinstance(event, Note) and event.code not in quiet:
                meanwhile.hide()
                output.note(output.both("注：", "note: ") + output.plain(event.text))
            elif isinstance(event, Text):
                meanwhile.hide()
                output.say(notes.line(event.sentence))
                sys.stdout.flush()
                shown += 1
            elif isinstance(event, Done):
                answer = event.answer
    assert answer is not None, "a run always ends with Done"
    finish(runtime.shop, answer, notes, shown)
    return answer


def finish(shop: Shop, answer: Answer, notes: Footnotes, shown: int) -> None:
    """Print what the stream left out (all sentences, or why there are none) and the sources."""
    if answer.abstained or not answer.sentences:
        output.say(output.plain(answer.answer))
        if answer.help:
            output.say(output.plain(answer.help))
    for sentence in answer.sentences[shown:]:
        output.say(notes.line(sentence))
    if notes.numbers:
        output.say()
    cited = {one.id: one for one in answer.evidence}
    for evidence_id, number in notes.numbers.items():
        if evidence_id in cited:
            output.say(typer.style(source_line(shop, number, cited[evidence_id], answer.language), dim=True))


class Footnotes:
    """Numbers evidence in the order in which it is first cited."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def line(self, sentence: Sentence) -> str:
        """The sentence with its footnote numbers; a sentence that many records carry names the first few."""
        named = sentence.evidence[:_NOTES_A_SENTENCE]
        marks = "".join(f"[{self.numbers.setdefault(one, len(self.numbers) + 1)}]" for one in named)
        more = len(sentence.evidence) - len(named)
        return f"{output.plain(sentence.text)} {marks}{f' +{more}' if more else ''}".rstrip()


def source_line(shop: Shop, number: int, cited: CitedEvidence, language: str = "en") -> str:
    """One source: number, evidence id (as `why`, `what-if` and `retract` take it), day, kind, file and row, and the words."""
    zh = language == "zh"
    day = (
        datetime.fromisoformat(cited.occurred_at).astimezone(shop.tz).date().isoformat() if cited.occurred_at else None
    )
    if cited.source is not None:
        where = f"{cited.source.file}:{cited.source.row}"
    else:
        many = cited.event_count or 0
        where = f"由 {many} 条记录算出" if zh else f"from {output.plural(many, 'record')}"
        where = where if many else ""
    quote = output.plain(cited.quote, one_line=True)
    if len(quote) > _QUOTE_CHARS:
        quote = quote[: _QUOTE_CHARS - 1] + "…"
    parts = (short(cited.id), day, words.kind(cited.kind, language), where)
    head = " · ".join(output.plain(part, one_line=True) for part in parts if part)
    return f"[{number}] {head}\n    “{quote}”"


def step_line(step: Step) -> str:
    """One tool call as a line."""
    args = json.dumps(step.args, ensure_ascii=False)
    both = output.both
    good = both(f"{len(step.evidence)} 条证据", f"{len(step.evidence)} records")
    result = good if step.ok else both(f"失败：{step.error}", f"failed: {step.error}")
    return output.plain(f"· {step.tool} {args[:160]}: {result}, {1000 * step.seconds:.0f} ms", one_line=True)


def as_dict(answer: Answer) -> dict[str, Any]:
    """The answer as `ask --json` prints it: the documented keys first, then the rest."""
    found = answer.model_dump(mode="json")
    return {key: found[key] for key in (*_FIRST_KEYS, *(key for key in found if key not in _FIRST_KEYS))}


class _Meanwhile:
    """Shows the computed card while the model reads; it goes when the first sentence comes. Terminal only."""

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted and sys.stderr.isatty() and sys.stdout.isatty()
        self._stack = contextlib.ExitStack()

    def show(self, sentences: tuple[Sentence, ...]) -> None:
        if not self._wanted or not sentences:
            return
        from rich.console import Console, Group
        from rich.live import Live
        from rich.spinner import Spinner
        from rich.text import Text

        lines = [Text(output.plain(one.text, one_line=True), style="dim") for one in sentences]
        group = Group(*lines, Spinner("dots", text="…"))
        self._stack.enter_context(Live(group, console=Console(stderr=True), transient=True, refresh_per_second=8))

    def hide(self) -> None:
        self._stack.close()

    def __enter__(self) -> _Meanwhile:
        return self

    def __exit__(self, *_: object) -> None:
        self.hide()

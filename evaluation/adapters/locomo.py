"""LoCoMo: long conversations between two people; which turns hold the answer to a question, and does an answer fit.

Source:
    Maharana et al. (2024), "Evaluating Very Long-Term Conversational Memory of LLM Agents", ACL. CC BY-NC 4.0.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.adapters import locomo_answers
from evaluation.adapters.base import Options, Published, Result, draw, files_in, read_json
from evaluation.rows import Row
from huaxiang.errors import DataError

if TYPE_CHECKING:
    from agent.llm.base import Llm
    from vectorstore.talks import Talk, Turn

CATEGORIES = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop", 5: "adversarial"}
COUNTED = (1, 2, 3, 4)
DEPTHS = (1, 5, 10, 25)
_TURN = re.compile(r"D\s*:?\s*(\d+)\s*:\s*(\d+)")
_SESSION = re.compile(r"session_(\d+)$")
SHAPE = (
    "locomo10.json as its authors publish it (or locomo_first5.json.gz, or any .json, .jsonl or .gz of that form): a list of "
    "conversations, each with 'conversation' (session_1, session_2 … lists of turns with speaker, dia_id, text) and 'qa' "
    "(question, answer, evidence, category)"
)


@dataclass(frozen=True)
class Question:
    """A question and the turns that hold its answer."""

    id: str
    text: str
    answer: str
    category: int
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Conversation:
    """One conversation with its questions."""

    id: str
    turns: tuple[Turn, ...]
    questions: tuple[Question, ...]
    dates: dict[str, str]


class Locomo:
    """The suite `locomo`: evidence recall by turn and by session, without a language model."""

    name = "locomo"
    title = "LoCoMo: evidence recall in long conversations"
    layout = SHAPE
    licence = "CC BY-NC 4.0: for measurement only, nothing trained on it may ship"
    main = "evidence_recall@10"
    published = (
        Published(
            "evidence_recall@10",
            0.667,
            "as published for dialogue turns with a large retrieval encoder",
            "roughly: the same recall (share of a question's evidence turns among the ten), categories 1-4; the paper's average "
            "may weigh categories otherwise and is over all ten conversations",
        ),
    )

    def check(self, data: Path) -> str:
        """One line on what was found."""
        found = load(data)
        counted = sum(one.category in COUNTED and bool(one.evidence) for talk in found for one in talk.questions)
        turns = sum(len(one.turns) for one in found)
        return f"{len(found)} conversations, {turns} turns, {counted} questions with evidence in categories 1-4"

    def run(self, data: Path, options: Options) -> Result:
        """Recall of every question with evidence; p95 of a search's wall time, the question's encoding included."""
        from huaxiang import config
        from huaxiang.models.cards import ENCODER
        from huaxiang.models.encoder import load_encoder
        from vectorstore.talks import Talk

        talks = load(data)
        wanted = config.load(None).settings.encoder.name
        encoder = load_encoder(ENCODER if wanted == "auto" else wanted)
        counted = [(talk, one) for talk in talks for one in talk.questions if one.category in COUNTED and one.evidence]
        questions = draw(counted, options)
        llm = locomo_answers.open_llm(options.llm) if options.llm not in (None, "none") else None
        rows: list[Row] = []
        built: tuple[str, Talk] | None = None
        try:
            for number, (talk, question) in enumerate(questions, start=1):
                if built is None or built[0] != talk.id:
                    built = (talk.id, Talk(talk.turns, encoder))
                    built[1].search("warm up")
                rows.append(_row(built[1], talk, question, llm))
                if options.progress:
                    options.progress(number, len(questions), talk.id)
        finally:
            if llm is not None:
                llm.close()
        notes = [
            f"encoder {encoder.name}; {f'answers by {llm.name}' if llm else 'no language model'}; categories 1-4, questions whose evidence names no turn left out",
            f"evidence that names a turn which is not in the file counts as missed: {_dangling(talks)} ids",
        ]
        return Result(rows, notes, _by_conversation(rows, [talk.id for talk in talks]))


ADAPTER = Locomo()


def load(data: Path) -> list[Conversation]:
    """Every conversation of the folder or file.

    Raises:
        DataError: there is none.
    """
    found: dict[str, Conversation] = {}
    for path in files_in(data, ".json", ".jsonl", ".json.gz", ".jsonl.gz", ".gz"):
        for number, one in enumerate(_samples(read_json(path)), start=1):
            talk = _conversation(one, f"{path.name}#{number}")
            if talk.turns and talk.questions:
                found.setdefault(talk.id, talk)
    if not found:
        raise DataError(f"{data.name!r} holds no LoCoMo conversation", hint=f"expected {SHAPE}", code="eval-data")
    return list(found.values())


def _samples(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and "conversation" in value:
        yield value
    elif isinstance(value, (list, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            if isinstance(one, (dict, list)):
                yield from _samples(one)


def _conversation(sample: dict[str, Any], fallback: str) -> Conversation:
    from vectorstore.talks import Turn

    name = str(sample.get("sample_id") or fallback)
    talk = sample["conversation"]
    sessions = sorted((int(match[1]), key) for key in talk if (match := _SESSION.match(key)))
    turns = []
    for number, key in sessions:
        for place, one in enumerate(talk[key] or (), start=1):
            beside = " ".join(str(one[key]) for key in ("blip_caption", "query") if one.get(key))
            turns.append(
                Turn(
                    id=_ids(one.get("dia_id") or "")[0] if _ids(one.get("dia_id") or "") else f"D{number}:{place}",
                    speaker=str(one.get("speaker") or ""),
                    text=str(one.get("text") or one.get("clean_text") or ""),
                    session=f"D{number}",
                    beside=beside,
                )
            )
    questions = [
        Question(
            id=f"{name}-{number:03d}",
            text=str(one["question"]),
            answer=str(one.get("answer", "")),
            category=int(one.get("category") or 0),
            evidence=tuple(dict.fromkeys(found for part in _many(one.get("evidence")) for found in _ids(part))),
        )
        for number, one in enumerate(sample.get("qa") or (), start=1)
        if one.get("question")
    ]
    dates = {f"D{number}": str(talk.get(f"{key}_date_time", "")) for number, key in sessions}
    return Conversation(name, tuple(turns), tuple(questions), dates)


def _ids(text: object) -> list[str]:
    """Turn ids as the file's annotators wrote them: `D8:6; D9:17`, `D:11:26` and `D30:05` occur."""
    return [f"D{int(session)}:{int(turn)}" for session, turn in _TURN.findall(str(text))]


def _many(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else [value] if value else []


def _row(talk: Talk, conversation: Conversation, question: Question, llm: Llm | None) -> Row:
    began = time.perf_counter()
    found = talk.search(question.text, limit=len(talk.turns))
    seconds = time.perf_counter() - began
    ranked = [one.id for one, _ in found]
    sessions = list(dict.fromkeys(one.split(":")[0] for one in question.evidence))
    ranked_sessions = list(dict.fromkeys(one.session for one, _ in found))
    values: dict[str, float | None] = {}
    for depth in DEPTHS:
        values[f"evidence_recall@{depth}"] = _recall(ranked[:depth], question.evidence)
        values[f"session_recall@{depth}"] = _recall(ranked_sessions[:depth], sessions)
    values["all_evidence@10"] = float(values["evidence_recall@10"] == 1.0)
    costs: dict[str, float | None] = {"search_seconds": seconds}
    if llm is not None:
        began = time.perf_counter()
        said = locomo_answers.answer(llm, question.text, [one for one, _ in found], conversation.dates)
        costs["answer_seconds"] = time.perf_counter() - began
        values["answer_f1"] = locomo_answers.score(said, question.answer, question.category)
    return Row(question.id, CATEGORIES[question.category], "en", values, costs)


def _recall(found: list[str], wanted: tuple[str, ...] | list[str]) -> float:
    return sum(one in found for one in wanted) / len(wanted)


def _by_conversation(rows: list[Row], talks: list[str]) -> dict[str, float]:
    extra = {}
    for name in talks:
        mine = [one.values["evidence_recall@10"] or 0.0 for one in rows if one.id.rsplit("-", 1)[0] == name]
        if mine:
            extra[f"evidence_recall@10 {name}"] = sum(mine) / len(mine)
    return extra


def _dangling(talks: list[Conversation]) -> int:
    known = {talk.id: {turn.id for turn in talk.turns} for talk in talks}
    asked = [(talk.id, one) for talk in talks for one in talk.questions if one.category in COUNTED]
    return sum(turn not in known[name] for name, one in asked for turn in one.evidence)

"""One line in, one JSON object out: what `huaxiang text aspects` does with each line of a file.

A line is a plain text, or a JSON object: `{"text": …}`, `{"text": …, "terms": [[start, end] or "words", …]}` to judge
given terms, or `{"turns": [{"text": …, "speaker": …, "reply_to": …}, …]}` for a conversation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from huaxiang.errors import DataError
from huaxiang.text.aspects_model import in_use
from huaxiang.text.aspects_read import AspectOpinion, Tier, Words, read_aspects, read_until, term_polarities
from huaxiang.text.aspects_units import Span
from huaxiang.text.dialogue import Mention, Turn, read_dialogue

__all__ = ["aspect_objects"]


def aspect_objects(
    lines: Iterable[str], *, tier: Tier = "fast", models: str = "", first: int = 1
) -> Iterator[dict[str, Any]]:
    """A JSON-ready object for each line, in order; given terms and conversations are always read by the accurate tier.

    Args:
        lines: see above; a line's end is dropped.
        tier: which reader for plain texts.
        models: the folder of the setting `text.models`; "" for the shipped model.
        first: number of the first line, for errors.

    Raises:
        DataError: a line that is a JSON object has none of the keys, or terms that are not in its text.
        ModelError: the encoder is needed and not in the cache.
    """
    for number, line in enumerate(lines, start=first):
        text = line.rstrip("\r\n")
        asked = _asked(text)
        if asked is None:
            yield _read(text, tier, models)
        elif "turns" in asked:
            yield _conversation(asked, number, models)
        elif isinstance(asked.get("text"), str) and "terms" in asked:
            yield _terms(asked["text"], asked["terms"], number, models)
        elif isinstance(asked.get("text"), str):
            yield _read(asked["text"], tier, models)
        else:
            raise _unreadable(number, 'it has neither "text" nor "turns"')


def _asked(text: str) -> dict[str, Any] | None:
    """The object a line holds, or None for a plain text (which may begin with a brace too)."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _read(text: str, tier: Tier, models: str) -> dict[str, Any]:
    """The opinions; of a long text also up to which character the encoder read, or anything did."""
    found = next(read_aspects([text], tier=tier, model=in_use(models) if tier == "accurate" else None))
    encoded, read = read_until(text)
    cut = {"accurate_until": encoded} if tier == "accurate" and encoded < len(text) else {}
    return {"aspects": [_plain(one) for one in found], **cut, **({"read_until": read} if read < len(text) else {})}


def _plain(one: AspectOpinion) -> dict[str, Any]:
    return {
        "aspect": one.aspect, "term": one.term.text, "start": one.term.start, "end": one.term.end, "label": one.label,
        "polarity": one.polarity, "probability": one.probability, "opinion": _words(one.opinion),
        "product": _words(one.product), "clause": _words(one.clause), "flags": list(one.flags),
    }  # fmt: skip


def _words(words: Words | None) -> dict[str, Any] | None:
    return None if words is None else {"text": words.text, "start": words.start, "end": words.end}


def _terms(text: str, terms: Any, number: int, models: str) -> dict[str, Any]:
    spans = [_span(text, term, number) for term in (terms if isinstance(terms, list) else [terms])]
    try:
        judged = term_polarities(text, spans, model=in_use(models))
    except ValueError as error:
        raise _unreadable(number, str(error)) from error
    return {
        "terms": [
            {
                "term": text[start:end],
                "start": start,
                "end": end,
                "label": label,
                "polarity": polarity,
                "probability": chance,
            }
            for (start, end), (label, polarity, chance) in zip(spans, judged, strict=True)
        ]
    }


def _span(text: str, term: Any, number: int) -> Span:
    if isinstance(term, str) and term and (start := text.find(term)) >= 0:
        return start, start + len(term)
    if isinstance(term, list) and len(term) == 2 and all(isinstance(place, int) for place in term):
        return int(term[0]), int(term[1])
    raise _unreadable(number, "a term is neither words of its text nor [start, end]")


def _conversation(asked: dict[str, Any], number: int, models: str) -> dict[str, Any]:
    try:
        turns = [
            Turn(str(one["text"]), str(one.get("speaker", "")), int(one.get("reply_to", -1))) for one in asked["turns"]
        ]
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise _unreadable(number, '"turns" is no list of {"text", "speaker", "reply_to"}') from error
    found = read_dialogue(turns, in_use(models))
    return {
        "quadruples": [
            {
                "target": _mention(one.target), "aspect": _mention(one.aspect), "opinion": _mention(one.opinion),
                "label": one.polarity, "probability": one.probability, "speaker": one.speaker,
            }
            for one in found.quadruples
        ],
        **{kind: [_mention(one) for one in getattr(found, kind)] for kind in ("targets", "aspects", "opinions")},
    }  # fmt: skip


def _mention(one: Mention) -> dict[str, Any]:
    return {"text": one.text, "turn": one.turn, "start": one.start, "end": one.end}


def _unreadable(number: int, why: str) -> DataError:
    return DataError(
        f"line {number} cannot be read: {why}",
        hint='a line is plain text, {"text": …}, {"text": …, "terms": ["words"]} or {"turns": [{"text": …, "speaker": …}]}',
        code="text-line",
    )

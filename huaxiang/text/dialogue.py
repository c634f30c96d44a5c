"""What a conversation says of which product: products, aspects, opinions, how they belong together, and who said it.

The accurate tier's reading of several people at once (Li et al. 2023, "DiaASQ"): a quadruple is a target, an aspect, an
opinion and a polarity, each with the very words; its parts may come from different people's turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from huaxiang.text.aspects_model import AspectModel, load
from huaxiang.text.aspects_passage import passage_of
from huaxiang.text.aspects_units import Span, units_of
from huaxiang.text.dialogue_decode import KINDS, quadruples
from huaxiang.text.dialogue_pairs import Layout

__all__ = ["Dialogue", "Mention", "Quadruple", "Turn", "read_dialogue"]

Polarity = Literal["negative", "neutral", "positive"]
POLARITIES: tuple[Polarity, ...] = ("negative", "neutral", "positive")

THRESHOLD = 0.3
BOOST = 0.0
_PIECES_AT_ONCE = 480
_CHARS_A_TURN = 2_000


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says. `reply_to` is the number of an earlier turn, -1 for none; `units` spares the splitting."""

    text: str
    speaker: str = ""
    reply_to: int = -1
    units: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Words in a turn: `text` is exactly `turns[turn].text[start:end]`. `first`, `last` number its units, from the turn's start."""

    kind: str
    turn: int
    start: int
    end: int
    text: str
    first: int = field(default=0, compare=False)
    last: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Quadruple:
    """Somebody's opinion of an aspect of a target; `speaker` is who voiced the opinion. `probability` is uncalibrated."""

    target: Mention
    aspect: Mention
    opinion: Mention
    polarity: Polarity
    probability: float
    speaker: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    """All that was found, in order of the text; quadruples best first.

    A quadruple may cut its words otherwise than the lists of parts do: of two cuts, its own is the one that links best.
    """

    targets: tuple[Mention, ...] = ()
    aspects: tuple[Mention, ...] = ()
    opinions: tuple[Mention, ...] = ()
    quadruples: tuple[Quadruple, ...] = ()


def read_dialogue(
    turns: Sequence[Turn],
    model: AspectModel | None = None,
    *,
    threshold: float | None = None,
    boost: float | None = None,
) -> Dialogue:
    """Read a conversation of any length.

    Long ones are read in overlapping windows; of a turn only the first 2,000 characters are read. Text in a script
    that the model never saw gives few or no findings.

    Args:
        turns: who said what, in order.
        model: the shipped one unless given.
        threshold: least chance of a quadruple, 0…1.
        boost: log-odds added in favour of finding spans.

    Raises:
        ModelError: the encoder is not in the cache, or the model file is damaged.
    """
    spoken = [(number, turn) for number, turn in enumerate(turns) if turn.text.strip()]
    if not spoken:
        return Dialogue()
    model = model or load()
    found: dict[str, set[Mention]] = {kind: set() for kind in KINDS}
    linked: dict[tuple[Mention, Mention, Mention], Quadruple] = {}
    least = float(model.about.get("threshold", THRESHOLD)) if threshold is None else threshold
    extra = float(model.about.get("boost", BOOST)) if boost is None else boost
    for window in _windows(spoken, model):
        mentions, quads = _read_window(window, turns, model, least, extra)
        for kind in KINDS:
            found[kind].update(mentions[kind])
        for quad in quads:
            key = (quad.target, quad.aspect, quad.opinion)
            if key not in linked or linked[key].probability < quad.probability:
                linked[key] = quad
    ordered = {kind: tuple(sorted(found[kind], key=lambda m: (m.turn, m.start, m.end))) for kind in KINDS}
    best = tuple(sorted(linked.values(), key=lambda quad: -quad.probability))
    return Dialogue(ordered["target"], ordered["aspect"], ordered["opinion"], best)


def _windows(spoken: list[tuple[int, Turn]], model: AspectModel) -> list[list[tuple[int, Turn]]]:
    """Runs of turns that fit into the encoder, each but the first beginning with the last turn of the one before."""
    sizes = [len(model.pieces.cut(turn.text[:_CHARS_A_TURN])[0]) + 1 for _, turn in spoken]
    windows: list[list[tuple[int, Turn]]] = []
    start = 0
    while start < len(spoken):
        end, size = start + 1, sizes[start]
        while end < len(spoken) and size + sizes[end] <= _PIECES_AT_ONCE:
            size += sizes[end]
            end += 1
        windows.append(spoken[start:end])
        if end == len(spoken):
            break
        start = end - 1 if end - start > 1 else end
    return windows


def _read_window(
    window: list[tuple[int, Turn]], turns: Sequence[Turn], model: AspectModel, threshold: float, boost: float
) -> tuple[dict[str, list[Mention]], list[Quadruple]]:
    texts = [turn.text[:_CHARS_A_TURN] for _, turn in window]
    units = [
        [unit for unit in (turn.units if turn.units is not None else units_of(text)) if unit[1] <= len(text)]
        for (_, turn), text in zip(window, texts, strict=True)
    ]
    if not any(units):
        return {kind: [] for kind in KINDS}, []
    passage = passage_of(texts, units, model.pieces)
    reading = model.read(passage)
    layout = Layout(passage.utterance, passage.marks, *_who(window))
    spans = reading.spans(boost)
    halves, chances = reading.candidates()
    starts = np.concatenate(([0], np.cumsum([len(mine) for mine in units])))

    def mention(kind: str, span: Span) -> Mention:
        place = int(passage.utterance[span[0]])
        first, last = span[0] - int(starts[place]), span[1] - int(starts[place])
        start, end = units[place][first][0], units[place][last - 1][1]
        number = window[place][0]
        return Mention(kind, number, start, end, turns[number].text[start:end], first, last)

    quads = []
    links = reading.links(halves, layout)
    for *parts, polarity, chance in quadruples(links, halves, chances, threshold=threshold):
        said = [halves[kind][int(at)] for kind, at in zip(KINDS, parts, strict=True)]
        target, aspect, opinion = (mention(kind, span) for kind, span in zip(KINDS, said, strict=True))
        speaker = turns[opinion.turn].speaker
        quads.append(Quadruple(target, aspect, opinion, POLARITIES[polarity], round(chance, 4), speaker))
    mentions = {kind: [mention(kind, span) for span in spans[kind]] for kind in KINDS}
    return mentions, quads


def _who(window: list[tuple[int, Turn]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Replies and speakers by number within the window; a reply to a turn outside it becomes a start."""
    place = {number: at for at, (number, _) in enumerate(window)}
    names: dict[str, int] = {}
    speakers = tuple(names.setdefault(turn.speaker, len(names)) for _, turn in window)
    replies = tuple(to if 0 <= (to := place.get(turn.reply_to, -1)) < at else -1 for at, (_, turn) in enumerate(window))
    return replies, speakers

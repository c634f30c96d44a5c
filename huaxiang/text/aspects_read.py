"""Aspect opinions in reviews and messages: which aspect, which words, how judged, of which product. Two tiers.

`fast` finds aspects by cue words and reads their clause with the n-gram model (no encoder). `accurate` finds terms,
opinions and products with the aspect model, whose vocabulary is open, and reads each term in its whole passage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import accumulate
from typing import Any, Literal

from huaxiang.text.aspects import find_aspects, split_clauses
from huaxiang.text.aspects_category import OTHER, category_by_cue, nearest_cues
from huaxiang.text.aspects_context import Flag, compared_spans, context_of
from huaxiang.text.aspects_model import AspectModel, load
from huaxiang.text.aspects_units import Span
from huaxiang.text.aspects_windows import Floats, Window, windows, within
from huaxiang.text.dialogue_pairs import Layout
from huaxiang.text.language import split_sentences
from huaxiang.text.sentiment import sentence_polarities

__all__ = ["AspectOpinion", "Tier", "Words", "read_aspects", "read_until", "term_chances", "term_polarities"]

Tier = Literal["fast", "accurate"]
Label = Literal["negative", "neutral", "positive"]
LABELS: tuple[Label, ...] = ("negative", "neutral", "positive")

_LINKED = 0.3
MOST_CHARS = 100_000
"""Characters of a text that are read."""
ENCODED_CHARS = 4_000
"""Characters of a text that the encoder reads, Chinese ones counted twice, back to the end of a sentence; the rest is
read by cue words."""
_WIDE = "\u2e80"  # from here on a character is about a piece for the encoder; of Latin letters it takes some four
_WISHED = 0.6  # how bad it is that something is wished for


@dataclass(frozen=True, slots=True)
class Words:
    """A quoted piece: `text` is exactly `source[start:end]`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class AspectOpinion:
    """One judgement of one aspect.

    `aspect` is a name of `taxonomy.ASPECTS` or "other"; `term` the words that name or imply it; `clause` what to
    quote; `opinion` and `product` the words that judge and what is judged, where found. `polarity` runs from -1 to 1;
    `probability` (1/3…1) is the model's for the label. `flags`: "comparison", "wish", "condition".
    """

    aspect: str
    term: Words
    clause: Words
    label: Label
    polarity: float
    probability: float
    opinion: Words | None = None
    product: Words | None = None
    flags: tuple[Flag, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values, offsets included."""
        return asdict(self)


def read_aspects(
    texts: Sequence[str], *, tier: Tier = "fast", model: AspectModel | None = None
) -> Iterator[list[AspectOpinion]]:
    """What each text says of each aspect, in order of the text; any string is accepted.

    Only the first 100,000 characters of a text are read. The accurate tier is some hundred times slower
    (`python benchmarks/aspects.py --speed`), so of a long text it reads the first 4,000 characters (2,000 Chinese
    ones), and the fast one the rest; `read_until` says where.

    Args:
        texts: reviews or messages, Chinese, English or mixed.
        tier: which reader.
        model: the accurate tier's model, instead of the shipped one.

    Raises:
        ModelError: accurate tier: the encoder is not in the cache (`huaxiang models fetch`).
    """
    for text in texts:
        head = text[:MOST_CHARS]
        if tier == "fast":
            yield _fast(head)
            continue
        encoded, _ = read_until(text)
        found = _accurate(head[:encoded], model or load())
        rest = _fast(head) if encoded < len(head) else []
        yield [*found, *(one for one in rest if one.term.start >= encoded)]


def read_until(text: str) -> tuple[int, int]:
    """Up to which character the encoder reads in the accurate tier, and up to which anything is read in either."""
    most = min(len(text), MOST_CHARS)
    costs = accumulate(2 if char >= _WIDE else 1 for char in text[: ENCODED_CHARS + 1])
    encoded = next((place for place, cost in enumerate(costs) if cost > ENCODED_CHARS), most)
    if encoded == most:
        return most, most
    ends = [end for _, end in split_sentences(text[:encoded])]
    return (ends[-2] if len(ends) > 1 and ends[-2] > encoded // 2 else encoded), most


def term_polarities(
    text: str, terms: Sequence[Span], *, model: AspectModel | None = None
) -> list[tuple[Label, float, float]]:
    """Label, polarity and probability of each given term (half-open character offsets) in its text.

    Raises:
        ValueError: a term is empty or reaches beyond the text.
        ModelError: the encoder is not in the cache.
    """
    if any(not 0 <= start < end <= len(text) for start, end in terms):
        raise ValueError(f"a term lies outside the text of {len(text)} characters or is empty")
    if not terms:
        return []
    model = model or load()
    chances = term_chances(text, terms, model)
    return [_verdict(chances[span]) if span in chances else ("neutral", 0.0, 1 / 3) for span in terms]


def term_chances(text: str, terms: Sequence[Span], model: AspectModel) -> dict[Span, Floats]:
    """Probabilities (3,) of negative, neutral, positive by term; a term without a letter is left out."""
    judged: dict[Span, Floats] = {}
    for low, window in windows(text, model):
        for start, end in terms:
            here = low <= start < low + len(window.piece)
            mine = within(window.units, (start - low, end - low)) if here else None
            if mine is not None:
                judged[start, end] = window.chances(mine)
    return judged


def _verdict(chances: Floats) -> tuple[Label, float, float]:
    best = int(chances.argmax())
    return LABELS[best], round(float(chances[2] - chances[0]), 4), round(float(chances[best]), 4)


def _fast(text: str) -> list[AspectOpinion]:
    clauses = [(span, mentions) for span in split_clauses(text) if (mentions := find_aspects(text[slice(*span)]))]
    judged = sentence_polarities(text, spans=[span for span, _ in clauses]) if clauses else []
    found: list[AspectOpinion] = []
    for (start, end, sentiment), (_, mentions) in zip(judged, clauses, strict=True):
        said = text[start:end]
        aside = compared_spans(said)
        seen: set[str] = set()
        for mention in mentions:
            if mention.aspect in seen or any(low <= mention.start < high for low, high in aside):
                continue
            seen.add(mention.aspect)
            term = _words(text, start + mention.start, start + mention.end)
            plain = (sentiment.label, sentiment.polarity, sentiment.probability)
            found.append(_in_context(mention.aspect, term, Words(start, end, said), plain))
    return found


def _in_context(
    aspect: str,
    term: Words,
    clause: Words,
    read: tuple[Label, float, float],
    opinion: Words | None = None,
    product: Words | None = None,
) -> AspectOpinion:
    """The opinion after its clause's construction had its say."""
    context = context_of(clause.text)
    label, polarity, probability = read
    if context.polarity is not None:
        polarity = -_WISHED if "wish" in context.flags else context.polarity * max(abs(polarity), _WISHED)
        label = "neutral" if context.polarity == 0 else "positive" if context.polarity > 0 else "negative"
    return AspectOpinion(
        aspect, term, clause, label, round(polarity, 4), round(probability, 4), opinion, product, context.flags
    )


def _accurate(text: str, model: AspectModel) -> list[AspectOpinion]:
    found: list[tuple[AspectOpinion, bool]] = []
    for low, window in windows(text, model):
        found += _opinions(text, low, window)
    unknown = list(dict.fromkeys(one.term.text for one, known in found if not known))
    nearest = nearest_cues() if unknown else None
    named = dict(zip(unknown, nearest(unknown), strict=True)) if nearest else {}
    return [one if known else replace(one, aspect=named.get(one.term.text, OTHER)) for one, known in found]


def _opinions(text: str, low: int, window: Window) -> list[tuple[AspectOpinion, bool]]:
    """Opinions of one window, and whether a cue named their aspect."""
    piece, units, reading = window.piece, window.units, window.reading
    spans, passage = reading.spans(), reading.passage
    layout = Layout(passage.utterance, passage.marks, (-1,), (0,))
    aside = compared_spans(piece)

    def words(span: Span) -> Words:
        return _words(text, low + units[span[0]][0], low + units[span[1] - 1][1])

    spans["aspect"] = sorted([*spans["aspect"], *_cued(piece, units, spans)])
    links = reading.links(spans, layout)
    found = []
    for number, span in enumerate(spans["aspect"]):
        start, end = units[span[0]][0], units[span[1] - 1][1]
        if any(left <= start < right for left, right in aside):
            continue
        opinion = _best(links["aspect_opinion"], number, spans["opinion"])
        product = _best(links["target_aspect"].swapaxes(0, 1), number, spans["target"])
        said = words(opinion) if opinion else None
        # what judges a term that no cue names tells more than what it is like: 收纳袋太紧 is about size, not delivery
        aspect = category_by_cue(piece[start:end]) or (category_by_cue(said.text) if said else None)
        clause = window.around(start) or (start, end)
        quote = _words(text, low + clause[0], low + max(clause[1], end))
        read = _in_context(
            aspect or OTHER,
            words(span),
            quote,
            _verdict(window.chances(span)),
            said,
            words(product) if product else None,
        )
        found.append((read, aspect is not None))
    return found


def _cued(piece: str, units: list[Span], spans: dict[str, list[Span]]) -> list[Span]:
    """Units of cue words that the model did not find as an aspect: words that imply one ("expensive") among them."""
    taken = [span for kind in ("aspect", "target") for span in spans[kind]]
    found: list[Span] = []
    for mention in find_aspects(piece):
        span = within(units, (mention.start, mention.end))
        if span and not any(span[0] < end and start < span[1] for start, end in [*taken, *found]):
            found.append(span)
    # an opinion on a term that is there already needs no second term of its own
    judged = [span for span in spans["opinion"] if spans["aspect"]]
    return [span for span in found if not any(span[0] >= start and span[1] <= end for start, end in judged)]


def _best(chances: Any, row: int, spans: list[Span]) -> Span | None:
    """The span most likely linked to a row, or None. Class 0 is no link."""
    if not spans:
        return None
    linked = 1.0 - chances[row, :, 0]
    best = int(linked.argmax())
    return spans[best] if linked[best] >= _LINKED else None


def _words(text: str, start: int, end: int) -> Words:
    return Words(start, end, text[start:end])

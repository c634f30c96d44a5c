"""The reader of given terms: a sentence and its term side by side, through the upper eight layers of the encoder.

A model of its own, since a term that the encoder has been told of is read better than one that is looked up afterwards.
Beside the terms it learns whether short texts with stars are good or bad, a side task that is not shipped.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as fn

from huaxiang.text.aspects_passage import Passage, Pieces
from huaxiang.text.aspects_terms import asked_passage
from huaxiang.text.aspects_units import Span, units_of
from training.aspects_data import Graded, Judged
from training.aspects_figures import NEUTRAL_IN
from training.aspects_loop import Batch, Options, batches
from training.aspects_lower import Kept
from training.aspects_net import LAYERS, WIDE, Layer, Weights, curve, pad

OPTIONS = Options(epochs=4, rate=7e-4, rank=24, first_layer=4, warmup=100, tokens=800, patience=4)
LEGS = (
    OPTIONS,
    replace(OPTIONS, epochs=1, rate=4e-4, smoothing=0.1, agree=1.0),
    replace(OPTIONS, epochs=1, rate=4e-4, smoothing=0.1, agree=2.0, dropout=0.15),
)
HIDDEN, HEAD_DROPOUT, DRAWS = 192, 0.2, 3


@dataclass(frozen=True, slots=True)
class Asked:
    """One term of a sentence: the passage holds both, `span` is the term in units, `polarity` 0-2."""

    source: str
    passage: Passage
    span: Span
    polarity: int


def asked(examples: Sequence[Judged], pieces: Pieces) -> list[Asked]:
    """One example a term."""
    made = []
    for one in examples:
        units = units_of(one.text)
        for start, end, polarity in one.terms:
            made.append(Asked(one.source, asked_passage(one.text, units, (start, end), pieces), (start, end), polarity))
    return made


class TermNet(nn.Module):  # type: ignore[misc]
    """Upper layers with low-rank changes and a head over the first piece, the term twice, and the sentence's mean."""

    def __init__(self, weights: Weights, *, first_layer: int, rank: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.upper = nn.ModuleList(Layer(weights, n, rank, dropout) for n in range(first_layer, LAYERS))
        self.drop = nn.Dropout(HEAD_DROPOUT)
        self.term1, self.term2 = nn.Linear(4 * WIDE, HIDDEN), nn.Linear(HIDDEN, 3)
        self.mood = nn.Linear(WIDE, 1)

    def states(self, lower: Sequence[Tensor]) -> list[Tensor]:
        """Last hidden states (tokens, 384) of each text from those of the lower layers."""
        x, mask = pad(lower)
        for layer in self.upper:
            x = layer(x, mask[:, None, None, :])
        return [state[: len(one)] for state, one in zip(x, lower, strict=True)]

    def said(self, state: Tensor, passage: Passage, span: Span) -> Tensor:
        """What the head sees of one term, (4 · 384,)."""
        plain = (state[torch.from_numpy(passage.first)] + state[torch.from_numpy(passage.last)]) / 2
        ahead = int((passage.utterance == 0).sum())
        return torch.cat([state[0], plain[slice(*span)].mean(0), plain[ahead:].mean(0), plain[:ahead].mean(0)])

    def all_said(self, batch: Sequence[Asked], lower: Sequence[Tensor]) -> Tensor:
        """`said` of a batch, (n, 4 · 384)."""
        states = self.states(lower)
        return torch.stack([self.said(state, one.passage, one.span) for one, state in zip(batch, states, strict=True)])

    def polarity(self, said: Tensor) -> Tensor:
        """Logits (n, 3) of negative, neutral, positive."""
        logits: Tensor = self.term2(self.drop(curve(self.term1(self.drop(said)))))
        return logits

    def mood_of(self, lower: Sequence[Tensor]) -> Tensor:
        """Logits (n,) of whether texts are good."""
        found: Tensor = self.mood(self.drop(torch.stack([state.mean(0) for state in self.states(lower)])))[:, 0]
        return found


@dataclass(slots=True)
class TermTask:
    """A `Task` of the loop: all English terms, half of the Chinese ones, and `graded` texts a pass."""

    net: TermNet
    kept: Kept
    terms: Sequence[Asked]
    texts: Sequence[Graded]
    options: Options
    chinese: float = 0.5
    graded: int = 1500

    def plan(self, epoch: int, rng: random.Random) -> list[Batch]:
        """Batches of terms and of graded texts."""
        english = [one for one in self.terms if one.source in NEUTRAL_IN]
        others = [one for one in self.terms if one.source not in NEUTRAL_IN]
        first = epoch * self.graded % max(1, len(self.texts))
        made: list[Batch] = [("terms", one) for one in batches(english, self.options.tokens, rng)]
        some = rng.sample(others, int(len(others) * self.chinese))
        made += [("terms", one) for one in batches(some, self.options.tokens, rng)]
        texts = self.texts[first : first + self.graded]
        return made + [("graded", one) for one in batches(texts, self.options.tokens, rng)]

    def loss(self, kind: str, batch: list[Any], epoch: int) -> Tensor:
        """Cross-entropy, the dropout drawn anew a few times; the side task counts half."""
        lower = self.kept.of(batch)
        if kind == "terms":
            answers = torch.tensor([one.polarity for one in batch])
            drawn = self._drawn(batch, lower)
            wrong = [fn.cross_entropy(one, answers, label_smoothing=self.options.smoothing) for one in drawn]
            loss = torch.stack(wrong).mean()
            return loss + self.options.agree * apart(*drawn) if self.options.agree else loss
        good = torch.tensor([float(one.good) for one in batch])
        return 0.5 * fn.binary_cross_entropy_with_logits(self.net.mood_of(lower), good)

    def _drawn(self, batch: Sequence[Asked], lower: Sequence[Tensor]) -> list[Tensor]:
        """Logits of several draws: of the head's dropout, or of the whole net's where they have to agree."""
        if self.options.agree:
            return [self.net.polarity(self.net.all_said(batch, lower)) for _ in range(2)]
        said = self.net.all_said(batch, lower)
        return [self.net.polarity(said) for _ in range(DRAWS)]


def apart(one: Tensor, other: Tensor) -> Tensor:
    """How far two sets of logits (n, classes) lie apart: the mean divergence, both ways."""
    chances = fn.log_softmax(one, -1), fn.log_softmax(other, -1)
    ways = (chances, chances[::-1])
    both = [fn.kl_div(left, right, log_target=True, reduction="batchmean") for left, right in ways]
    return torch.stack(both).mean()


def scorer(net: TermNet, kept: Kept, held: Sequence[Asked]) -> Callable[[], float]:
    """Share of held English terms that are read right, by torch: for early stopping; of all where none is English."""
    mine = [one for one in held if one.source in NEUTRAL_IN] or list(held)

    def score() -> float:
        right = 0
        with torch.no_grad():
            for batch in batches(mine, OPTIONS.tokens, random.Random(0)):
                answers = torch.tensor([one.polarity for one in batch])
                said = net.polarity(net.all_said(batch, kept.of(batch)))
                right += int((said.argmax(-1) == answers).sum())
        return right / max(1, len(mine))

    return score

"""The accurate tagger in torch: the upper layers of the encoder with low-rank changes, and a chain of tags over characters.

Its mirror in use is `huaxiang.text.entities_encoder`. The lower layers stay as they are and are computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from huaxiang.text.entities_features import BITS, LISTS
from huaxiang.text.entities_seen import KINDS, LETTERS, PLACES, WORDS, Seen
from training.aspects_net import LAYERS, MATRICES, WIDE, Layer, Weights, curve, pad
from training.entities_net import TAGS, chain_loss

PLACE_WIDE, WORD_WIDE, KIND_WIDE, LETTER_WIDE, HIDDEN = 16, 12, 8, 32, 192


@dataclass(frozen=True, slots=True)
class Read:
    """A tagged title: what is seen of it, its tags (n,), and the states of the lower layers (n_pieces, 384) fp16."""

    text: str
    seen: Seen
    tags: npt.NDArray[np.int64]
    lower: Tensor


class UpperTagger(nn.Module):  # type: ignore[misc]
    """Scores of tags for each character, and of one tag after another."""

    def __init__(
        self, weights: Weights, *, first_layer: int = 6, rank: int = 16, dropout: float = 0.1, heads_dropout: float = 0.3,
        grams_dropout: float = 0.3,
    ) -> None:  # fmt: skip
        super().__init__()
        self.first_layer, self.grams_dropout = first_layer, grams_dropout
        self.upper = nn.ModuleList(Layer(weights, n, rank, dropout) for n in range(first_layer, LAYERS))
        self.place = nn.ModuleList(nn.Embedding(PLACES, PLACE_WIDE) for _ in range(2))
        self.listed = nn.ModuleList(nn.Embedding(WORDS, WORD_WIDE) for _ in range(3 * len(LISTS)))
        self.kind, self.letters = nn.Embedding(len(KINDS), KIND_WIDE), nn.Embedding(LETTERS, LETTER_WIDE)
        for table in (*self.place, *self.listed, self.kind, self.letters):
            nn.init.normal_(table.weight, std=0.1)
        known = WIDE + 2 * PLACE_WIDE + 3 * len(LISTS) * WORD_WIDE + KIND_WIDE + LETTER_WIDE
        self.inner, self.outer = nn.Linear(3 * known, HIDDEN), nn.Linear(HIDDEN, len(TAGS))
        self.drop = nn.Dropout(heads_dropout)
        self.grams = nn.EmbeddingBag(1 << BITS, len(TAGS), mode="sum")
        nn.init.zeros_(self.grams.weight)
        self.steps = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.ends = nn.Parameter(torch.zeros(2, len(TAGS)))

    def heads(self, states: Sequence[Tensor], titles: Sequence[Seen]) -> Tensor:
        """Scores without the n-grams, one row a character of all titles, from the last states of each title's pieces."""
        rows = [self.drop(self._known(state, one)) for state, one in zip(states, titles, strict=True)]
        around = [nn.functional.pad(row, (0, 0, 1, 1)) for row in rows]
        wide = torch.cat([torch.cat([row[:-2], row[1:-1], row[2:]], -1) for row in around])
        found: Tensor = self.outer(self.drop(curve(self.inner(wide))))
        return found

    def _known(self, state: Tensor, one: Seen) -> Tensor:
        parts = [state[torch.from_numpy(one.piece)]]
        parts += [table(torch.from_numpy(one.place[:, at])) for at, table in enumerate(self.place)]
        parts += [table(torch.from_numpy(one.listed[:, at])) for at, table in enumerate(self.listed)]
        parts += [self.kind(torch.from_numpy(one.kind)), self.letters(torch.from_numpy(one.letters))]
        return torch.cat(parts, -1)

    def scores(self, titles: Sequence[Read]) -> tuple[Tensor, Tensor]:
        """Padded emissions (n, longest, tags) and a mask (n, longest)."""
        states, mask = pad([one.lower for one in titles])
        for layer in self.upper:
            states = layer(states, mask[:, None, None, :])
        found = self.heads(list(states), [one.seen for one in titles])
        flat = torch.from_numpy(np.concatenate([one.seen.buckets for one in titles]))
        kept = None
        if self.training:
            kept = (torch.rand(flat.shape) >= self.grams_dropout).float() / (1 - self.grams_dropout)
        rows = torch.split(found + self.grams(flat, per_sample_weights=kept), [len(one.tags) for one in titles])
        return pad(rows)

    def loss(self, titles: Sequence[Read]) -> Tensor:
        """Negative log-likelihood of the tags, per 20 characters."""
        emissions, mask = self.scores(titles)
        tags = nn.utils.rnn.pad_sequence([torch.from_numpy(one.tags) for one in titles], batch_first=True)
        return chain_loss(emissions, mask, tags, self.steps, self.ends).sum() / mask.sum() * 20

    def packed(self) -> tuple[dict[str, Any], dict[str, Any], npt.NDArray[np.float32]]:
        """(low-rank changes, heads, n-grams) as numpy, under the names of `huaxiang.text.entities_encoder`."""
        state = {name: value.detach().float().numpy() for name, value in self.state_dict().items()}
        low_rank = {
            f"l{self.first_layer + number}.{matrix}": (
                state[f"upper.{number}.{matrix}.down"], state[f"upper.{number}.{matrix}.up"],
            )
            for number in range(len(self.upper))
            for matrix in MATRICES
        }  # fmt: skip
        heads = {name: value for name, value in state.items() if not name.startswith(("upper.", "grams."))}
        return low_rank, heads, state["grams.weight"]

"""The evidence reader as a torch module, and its export to the arrays that `huaxiang.text.reader` computes with in numpy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from huaxiang.text.reader import Read, shared


@dataclass(frozen=True, slots=True)
class Shape:
    """`dim` directions of each layer, `heads` views of `width` directions of each layer, `pair` of the two means."""

    dim: int = 128
    heads: int = 3
    width: int = 24
    pair: int = 12
    dropout: float = 0.2


class Net(nn.Module):  # type: ignore[misc, unused-ignore]
    """Log-odds that a record answers a question; see `huaxiang.text.reader.Net` for the same in numpy."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        dim, views = shape.dim, 2 * shape.heads
        start = torch.randn(2, dim, shape.heads * shape.width) / math.sqrt(dim)
        # both sides see alike at first, so that a word is its own best counterpart
        self.pq, self.pd = nn.Parameter(start.clone()), nn.Parameter(start.clone())
        self.wq, self.wd = nn.Parameter(torch.zeros(2 * dim, views)), nn.Parameter(torch.zeros(2 * dim, views))
        self.idf = nn.Parameter(torch.full((views,), 0.3))
        self.A = nn.Parameter(torch.randn(2 * dim, shape.pair) * 0.03)
        self.B = nn.Parameter(torch.randn(2 * dim, shape.pair) * 0.03)
        inputs = 2 * views + 7
        self.lin, self.h1, self.h2 = nn.Linear(inputs, 1), nn.Linear(inputs, 16), nn.Linear(16, 1)
        nn.init.zeros_(self.lin.weight)
        with torch.no_grad():
            self.lin.weight[0, : 2 * views] = 0.4
            self.lin.bias -= 3
            self.h2.weight *= 0.3

    def forward(self, batch: Sequence[tuple[Read, Sequence[Read]]]) -> torch.Tensor:
        """One score a (question, record), all of the first question first, shape (pairs,)."""
        records = [one for _, some in batch for one in some]
        owner = torch.tensor([place for place, (_, some) in enumerate(batch) for _ in some])
        asked, asked_rarity, asked_mask = _padded([question for question, _ in batch])
        there, _, there_mask = _padded(records)
        drop = nn.functional.dropout
        asked = drop(asked, self.shape.dropout, self.training)
        there = drop(there, self.shape.dropout, self.training)
        weight = asked @ self.wq + asked_rarity[..., None] * self.idf
        weight = torch.softmax(weight.masked_fill(~asked_mask[..., None], -1e4), 1)[owner].transpose(1, 2)
        gate = (torch.tanh(there @ self.wd) * 0.3).transpose(1, 2)[:, :, None, :]
        alike = torch.einsum("nqhd,nlhd->nhql", self._views(asked, self.pq)[owner], self._views(there, self.pd)) + gate
        best = alike.masked_fill(~there_mask[:, None, None, :], -2.0).max(3).values
        near, sharp = (best * weight).sum(2), (best.clamp(max=0.999) ** 3 * weight).sum(2)
        means = (_mean(asked, asked_mask) @ self.A)[owner] * (_mean(there, there_mask) @ self.B)
        found = torch.cat([near * 3, sharp * 3, _beside(batch), means.sum(1, keepdim=True)], 1)
        return torch.as_tensor(self.lin(found) + self.h2(torch.tanh(self.h1(found)))).squeeze(1)

    def _views(self, states: torch.Tensor, projection: torch.Tensor) -> torch.Tensor:
        dim = self.shape.dim
        both = torch.cat([states[..., :dim] @ projection[0], states[..., dim:] @ projection[1]], -1)
        views = both.view(*states.shape[:-1], 2 * self.shape.heads, self.shape.width)
        return torch.as_tensor(views / (views.norm(dim=-1, keepdim=True) + 1e-5))

    def arrays(self) -> dict[str, Any]:
        """The weights as float16 arrays by name."""
        return {name: value.detach().numpy().astype(np.float16) for name, value in self.named_parameters()}


def _padded(texts: Sequence[Read]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """States (n, tokens, 2 * dim), rarity (n, tokens) and where there is a token."""
    states = nn.utils.rnn.pad_sequence([torch.from_numpy(one.states) for one in texts], True)
    rarity = nn.utils.rnn.pad_sequence([torch.from_numpy(one.rarity) for one in texts], True, -1.0)
    return states, rarity, rarity >= 0


def _mean(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    part = mask[..., None].float()
    return (states * part).sum(1) / part.sum(1)


def _beside(batch: Sequence[tuple[Read, Sequence[Read]]]) -> torch.Tensor:
    """Cosine, cosine under the best, words shared (two shares) and both lengths, a row a pair."""
    rows = []
    for question, records in batch:
        cosines = [float(question.vector @ one.vector) for one in records]
        for one, cosine in zip(records, cosines, strict=True):
            lengths = [len(question.rarity) / 15, math.log(len(one.states)) / 4]
            rows.append([(cosine - 0.85) * 10, (cosine - max(cosines)) * 10, *shared(question, one), *lengths])
    return torch.tensor(rows, dtype=torch.float32)

"""The fast tagger in torch: hashed features and a linear chain over the tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from huaxiang.text.entities_features import BITS

TAGS = ("O", "B-HP", "I-HP", "E-HP", "S-HP", "B-HC", "I-HC", "E-HC", "S-HC")


@dataclass(frozen=True, slots=True)
class Title:
    """A tagged title: feature buckets (n, slots) and tags (n,)."""

    text: str
    buckets: npt.NDArray[np.int64]
    tags: npt.NDArray[np.int64]


class Tagger(nn.Module):  # type: ignore[misc]
    """Scores of tags for each character plus scores of one tag after another."""

    def __init__(self, drop: float) -> None:
        super().__init__()
        self.features = nn.EmbeddingBag(1 << BITS, len(TAGS), mode="sum")
        nn.init.zeros_(self.features.weight)
        self.drop_features = drop
        self.steps = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.ends = nn.Parameter(torch.zeros(2, len(TAGS)))

    def scores(self, titles: Sequence[Title]) -> tuple[Tensor, Tensor]:
        """Padded emissions (n, longest, tags) and a mask (n, longest)."""
        flat = torch.from_numpy(np.concatenate([one.buckets for one in titles]))
        weights = None
        if self.training:
            kept = torch.rand(flat.shape) >= self.drop_features
            weights = kept.float() / (1 - self.drop_features)
        found = self.features(flat, per_sample_weights=weights)
        rows = torch.split(found, [len(one.tags) for one in titles])
        lengths = torch.tensor([len(row) for row in rows])
        padded = nn.utils.rnn.pad_sequence(list(rows), batch_first=True)
        return padded, torch.arange(padded.shape[1])[None] < lengths[:, None]

    def loss(self, titles: Sequence[Title]) -> Tensor:
        """Mean negative log-likelihood of the tags, a title."""
        emissions, mask = self.scores(titles)
        tags = nn.utils.rnn.pad_sequence([torch.from_numpy(one.tags) for one in titles], batch_first=True)
        return chain_loss(emissions, mask, tags, self.steps, self.ends).mean()


def chain_loss(emissions: Tensor, mask: Tensor, tags: Tensor, steps: Tensor, ends: Tensor) -> Tensor:
    """Negative log-likelihood of each title's tags in a linear chain, shape (n,)."""
    alpha = emissions[:, 0] + ends[0]
    for place in range(1, emissions.shape[1]):
        grown = torch.logsumexp(alpha[:, :, None] + steps[None], dim=1) + emissions[:, place]
        alpha = torch.where(mask[:, place, None], grown, alpha)
    last = mask.sum(1) - 1
    rows = torch.arange(len(tags))
    total = torch.logsumexp(alpha + ends[1], dim=1)
    gold = (emissions.gather(2, tags[:, :, None])[:, :, 0] * mask).sum(1)
    gold = gold + (steps[tags[:, :-1], tags[:, 1:]] * mask[:, 1:]).sum(1)
    return total - (gold + ends[0][tags[:, 0]] + ends[1][tags[rows, last]])

"""The aspect model in torch: the upper layers of the encoder with low-rank changes, and small heads over units.

The lower layers stay as they are, so their output is computed once and kept; a step then costs half. Matrices multiply
in bfloat16 (twice as fast on processors that know it), all else is float32.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as fn

from huaxiang.models.e5_tuned import matrices
from huaxiang.require import require
from huaxiang.text.aspects_units import CODES
from huaxiang.text.dialogue_decode import KINDS, LINKS, TAGS
from huaxiang.text.dialogue_pairs import FEATURES

WIDE, HEADS, LAYERS, EPSILON = 384, 12, 12, 1e-12
MATRICES = ("q", "k", "v", "ao", "fi", "fo")
LETTERS, UNIT, ROLE, PAIR, TERM, NEAR = 32, 192, 128, 96, 128, 17

Weights = dict[str, Any]


def base_weights(model: Any) -> Weights:
    """The cached encoder's weights as float32, matrices as (in, out): `l6.q.w`, `l6.qkv.b`, `l6.aln.w` …"""
    to_array = require("onnx.numpy_helper", extra="app").to_array
    plain = {held.name: to_array(held) for held in model.graph.initializer if held.name.startswith("l")}
    return plain | {f"{name}.w": value for name, value in matrices(model).items() if name.startswith("l")}


class Low(nn.Module):  # type: ignore[misc]
    """A frozen matrix with a low-rank change: x (W + A B)."""

    weight: Tensor
    bias: Tensor

    def __init__(self, weight: Tensor, bias: Tensor, rank: int) -> None:
        super().__init__()
        self.register_buffer("weight", weight.to(torch.bfloat16))
        self.register_buffer("bias", bias.to(torch.bfloat16))
        self.rank = rank
        if rank:
            self.down = nn.Parameter(torch.randn(weight.shape[0], rank) * weight.shape[0] ** -0.5)
            self.up = nn.Parameter(torch.zeros(rank, weight.shape[1]))

    def forward(self, x: Tensor) -> Tensor:
        """(…, in) to (…, out), in bfloat16."""
        half = x.to(torch.bfloat16).flatten(0, -2)
        out = torch.addmm(self.bias, half, self.weight)
        if self.rank:
            out = torch.addmm(out, half @ self.down.to(torch.bfloat16), self.up.to(torch.bfloat16))
        return out.view(*x.shape[:-1], -1)


class Layer(nn.Module):  # type: ignore[misc]
    """One transformer layer, normalised after each half, as in BERT."""

    ao: Low
    fi: Low
    fo: Low
    aln_w: Tensor
    aln_b: Tensor
    oln_w: Tensor
    oln_b: Tensor

    def __init__(self, weights: Weights, number: int, rank: int, dropout: float) -> None:
        super().__init__()

        def held(name: str) -> Tensor:
            return torch.tensor(np.ascontiguousarray(weights[f"l{number}.{name}"]), dtype=torch.float32)

        biases = dict(zip("qkv", torch.tensor_split(held("qkv.b"), 3), strict=True))
        for name in MATRICES:
            bias = biases[name] if name in biases else held(f"{name}.b")
            setattr(self, name, Low(held(f"{name}.w"), bias, rank))
        for name in ("aln.w", "aln.b", "oln.w", "oln.b"):
            self.register_buffer(name.replace(".", "_"), held(name))
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """x (n, tokens, 384), mask (n, 1, 1, tokens) True where there is a token."""
        n, tokens, _ = x.shape
        half = x.to(torch.bfloat16)
        q, k, v = (getattr(self, name)(half).view(n, tokens, HEADS, -1).transpose(1, 2) for name in "qkv")
        # by hand: a quarter faster in bfloat16 than the library's function on this kind of processor
        score = (q * (WIDE // HEADS) ** -0.5) @ k.transpose(-1, -2)
        seen = fn.softmax(score.masked_fill(~mask, -1e4), -1) @ v
        seen = self.ao(seen.transpose(1, 2).reshape(n, tokens, WIDE))
        x = fn.layer_norm(x + self._drop(seen), (WIDE,), self.aln_w, self.aln_b, EPSILON)
        wide = self.fo(fn.gelu(self.fi(x)))
        return fn.layer_norm(x + self._drop(wide), (WIDE,), self.oln_w, self.oln_b, EPSILON)

    def _drop(self, x: Tensor) -> Tensor:
        return fn.dropout(x, self.dropout, self.training)


def pad(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Rows (length, …) to (n, longest, …) and a mask (n, longest)."""
    padded = nn.utils.rnn.pad_sequence([row.float() for row in rows], batch_first=True)
    lengths = torch.tensor([len(row) for row in rows])
    return padded, torch.arange(padded.shape[1])[None] < lengths[:, None]


class AspectNet(nn.Module):  # type: ignore[misc]
    """Upper layers and heads. `read` gives states of units, the other methods what is said of them."""

    def __init__(self, weights: Weights, *, first_layer: int = 6, rank: int = 16, dropout: float = 0.1) -> None:
        super().__init__()
        self.upper = nn.ModuleList(Layer(weights, n, rank, dropout) for n in range(first_layer, LAYERS))
        self.drop = nn.Dropout(dropout)
        self.letters = nn.Embedding(CODES, LETTERS)
        nn.init.normal_(self.letters.weight, std=0.1)
        self.window = nn.Linear(3 * (WIDE + LETTERS + 2), UNIT)
        self.wider, self.back = nn.Linear(3 * UNIT, UNIT), nn.Linear(UNIT, UNIT)
        for value in (self.back.weight, self.back.bias):
            nn.init.zeros_(value)
        self.tags = nn.Linear(UNIT, TAGS)
        self.mood = nn.Linear(WIDE, 1)
        self.key, self.near = nn.Linear(WIDE, WIDE), nn.Parameter(torch.zeros(NEAR))
        self.term1, self.term2 = nn.Linear(3 * WIDE + UNIT, TERM), nn.Linear(TERM, 3)
        self.roles = nn.ModuleDict({role: nn.Linear(WIDE + 2 * UNIT, ROLE) for role in KINDS})
        self.pair1 = nn.ModuleDict({name: nn.Linear(3 * ROLE + FEATURES, PAIR) for name in LINKS})
        self.pair2 = nn.ModuleDict({name: nn.Linear(PAIR, size) for name, (_, _, size) in LINKS.items()})

    def states(self, lower: Sequence[Tensor]) -> list[Tensor]:
        """Last hidden states (tokens, 384) of each text from those of the lower layers."""
        x, mask = pad(lower)
        for layer in self.upper:
            x = layer(x, mask[:, None, None, :])
        return [self.drop(state[: len(one)]) for state, one in zip(x, lower, strict=True)]

    def units(self, state: Tensor, passage: Any) -> tuple[Tensor, Tensor]:
        """(n_units, 384) from the encoder and (n_units, 192) that know the letters and the neighbours."""
        first, last = torch.from_numpy(passage.first), torch.from_numpy(passage.last)
        plain = (state[first] + state[last]) / 2
        known = torch.cat([plain, self.letters(torch.from_numpy(passage.codes)), torch.from_numpy(passage.edges)], -1)
        z = curve(self.window(_around(known)))
        return plain, z + self.back(self.drop(curve(self.wider(_around(z)))))

    def polarity(self, plain: Tensor, z: Tensor, start: int, end: int) -> Tensor:
        """Logits (3,) of negative, neutral, positive for the term in units start…end."""
        asked = plain[start:end].mean(0)
        place = torch.arange(len(plain))
        away = torch.where(place < start, place - start, torch.where(place >= end, place - end + 1, 0))
        score = plain @ self.key(asked) / WIDE**0.5 + self.near[near_bucket(away)]
        seen = fn.softmax(score, 0) @ plain
        said = torch.cat([asked, seen, plain.mean(0), z[start:end].mean(0)])
        logits: Tensor = self.term2(self.drop(curve(self.term1(said))))
        return logits

    def role(self, name: str, plain: Tensor, z: Tensor, spans: Sequence[tuple[int, int]]) -> Tensor:
        """(n_spans, 128) for spans in a role."""
        rows = [torch.cat([plain[start:end].mean(0), z[start], z[end - 1]]) for start, end in spans]
        made: Tensor = curve(self.roles[name](torch.stack(rows)))
        dropped: Tensor = self.drop(made)
        return dropped

    def pair(self, name: str, left: Tensor, right: Tensor, features: Tensor) -> Tensor:
        """(n_left, n_right, classes) for every pair; class 0 is no link."""
        a = left[:, None, :].expand(-1, len(right), -1)
        b = right[None, :, :].expand(len(left), -1, -1)
        hidden = curve(self.pair1[name](torch.cat([a, b, a * b, features], -1)))
        logits: Tensor = self.pair2[name](self.drop(hidden))
        return logits


def _around(x: Tensor) -> Tensor:
    """(n, size) to (n, 3 · size): each row between its neighbours."""
    padded = fn.pad(x, (0, 0, 1, 1))
    return torch.cat([padded[:-2], padded[1:-1], padded[2:]], -1)


def curve(x: Tensor) -> Tensor:
    """The activation of the heads: GELU by tanh, which numpy has too."""
    return fn.gelu(x, approximate="tanh")


def near_bucket(away: Tensor) -> Tensor:
    """Signed distance to a bucket in 0…16: 0, 1, 2, 3, 4, 6, 9, 14, more, on either side."""
    edges = torch.tensor([1, 2, 3, 4, 5, 7, 10, 15])
    size = torch.bucketize(away.abs(), edges, right=True)
    return torch.where(away < 0, 8 - size, 8 + size)

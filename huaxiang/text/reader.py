"""Whether a record answers a question: a small trained reader over the encoder's token states, in numpy.

Late interaction (Khattab and Zaharia 2020, "ColBERT") with learned projections: each word of the question looks for its
best counterpart in the record, in several learned views of two layers of the encoder, and learned weights say which
words of the question matter. Shared words, the cosine of the whole and lengths come beside it. Chinese, English, and one
over the other alike, since the encoder's states are. Training: `training.reader`; figures: `weights/reader.md`.
"""

from __future__ import annotations

import json
import math
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from huaxiang.errors import ModelError
from huaxiang.models.e5_file import Floats
from huaxiang.models.e5_states import StatesEncoder, TokenStates
from huaxiang.store.render import KIND_LABELS

WEIGHTS = Path(__file__).parent / "weights" / "reader.npz"
FORMAT = 1
KEEP = 1500
"""Records whose reduced states are kept (about 20 kB each)."""
TOKENS = 96
"""Tokens of a record that are compared."""


def record_text(
    kind: str, text: str = "", *, staff: bool = False, item: str = "", rating: float | None = None, facts: str = ""
) -> str:
    """A record as the reader sees it: kind in both languages, item, rating and what else its row says, then the text.

    Args:
        item: the item's names, in both languages where known.
        facts: amount and status of a record without a text.
    """
    zh, en = KIND_LABELS.get(kind, (kind, kind))
    head = f"{en} {zh}" + (" staff 客服" if staff else "")
    if item:
        head += f" | {item}"
    if rating is not None:
        head += f" | {rating:g}/{10 if kind == 'survey' else 5}"
    return head + facts + ": " + text


@dataclass(frozen=True, slots=True)
class Read:
    """A text ready for comparison: states (tokens, 2 * dim), rarity of each token, its ids, its sentence vector."""

    states: Floats
    rarity: Floats
    ids: tuple[int, ...]
    vector: Floats


@dataclass(frozen=True, slots=True)
class Net:
    """One trained net; several vote. Shapes: `training.reader.Net`."""

    weights: dict[str, Floats]
    heads: int
    width: int

    def scores(self, question: Read, records: Sequence[Read]) -> Floats:
        """Log-odds that each record answers the question, (n,)."""
        w, dim = self.weights, question.states.shape[1] // 2
        views = self._views(question.states, w["pq"], dim)
        weight = question.states @ w["wq"] + question.rarity[:, None] * w["idf"]
        weight = np.exp(weight - weight.max(axis=0))
        weight /= weight.sum(axis=0)
        mean = question.states.mean(axis=0) @ w["A"]
        cosines = np.array([float(question.vector @ one.vector) for one in records], dtype=np.float32)
        rows = []
        for one, cosine in zip(records, cosines.tolist(), strict=True):
            theirs = self._views(one.states, w["pd"], dim)
            gate = np.tanh(one.states @ w["wd"]) * 0.3
            best = (np.einsum("qhd,lhd->qhl", views, theirs) + gate.T[None]).max(axis=2)
            near, sharp = (best * weight).sum(axis=0), (np.minimum(best, 0.999) ** 3 * weight).sum(axis=0)
            inter = float(mean @ (one.states.mean(axis=0) @ w["B"]))
            beside = [(cosine - 0.85) * 10, (cosine - float(cosines.max())) * 10, *shared(question, one)]
            beside += [len(question.rarity) / 15, math.log(len(one.states)) / 4, inter]
            rows.append(np.concatenate([near * 3, sharp * 3, np.array(beside, dtype=np.float32)]))
        found = np.stack(rows)
        hidden = np.tanh(found @ w["h1.weight"].T + w["h1.bias"])
        out = found @ w["lin.weight"].T + w["lin.bias"] + hidden @ w["h2.weight"].T + w["h2.bias"]
        return np.asarray(out[:, 0], dtype=np.float32)

    def _views(self, states: Floats, projection: Floats, dim: int) -> Floats:
        both = np.concatenate([states[:, :dim] @ projection[0], states[:, dim:] @ projection[1]], axis=1)
        views = both.reshape(len(states), 2 * self.heads, self.width)
        return np.asarray(views / (np.linalg.norm(views, axis=2, keepdims=True) + 1e-5), dtype=np.float32)


def shared(question: Read, record: Read) -> tuple[float, float]:
    """Share of the question's tokens that the record has too, weighed by rarity and plain."""
    there = set(record.ids)
    hit = np.array([one in there for one in question.ids[: len(question.rarity)]], dtype=np.float32)
    return float((hit * question.rarity).sum() / (question.rarity.sum() + 1e-6)), float(hit.mean())


class EvidenceReader:
    """The reader; safe to share between threads. Load it once: the states of records read before are kept."""

    def __init__(self, encoder: StatesEncoder, arrays: dict[str, Any]) -> None:
        """Take the arrays of `reader.npz`."""
        about = json.loads(bytes(arrays["about"]).decode())
        if about.get("format") != FORMAT:
            raise _damaged("format")
        self.about: dict[str, Any] = about
        self._encoder = encoder
        self._bases = [
            (arrays[f"{name}.mean"].astype(np.float32), arrays[f"{name}.basis"].astype(np.float32))
            for name in ("low", "high")
        ]
        self._rarity = dict(
            zip(arrays["rarity.ids"].tolist(), arrays["rarity"].astype(np.float32).tolist(), strict=True)
        )
        self._nets = [
            Net(
                {name.split("/", 1)[1]: value.astype(np.float32) for name, value in arrays.items() if name.startswith(f"{n}/")},
                int(about["heads"]), int(about["width"]),
            )
            for n in range(int(about["nets"]))
        ]  # fmt: skip
        self._kept: OrderedDict[str, Read] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def load(cls, path: Path = WEIGHTS, *, encoder: StatesEncoder | None = None) -> Self:
        """Read the weights and open the encoder (1 s).

        Raises:
            ModelError: the encoder has not been fetched (`model-missing`), or a file is damaged (`model-format`).
        """
        try:
            with np.load(path, allow_pickle=False) as held:
                arrays = {name: held[name] for name in held.files}
        except Exception as error:  # zipfile and numpy each raise their own kinds for a damaged file
            raise _damaged(type(error).__name__) from error
        return cls(encoder or StatesEncoder.load(), arrays)

    @property
    def encoder(self) -> StatesEncoder:
        """Its encoder, for others who read token states: one session instead of two."""
        return self._encoder

    def probabilities(self, question: str, records: Sequence[str]) -> Floats:
        """Probability that each record (as `record_text` makes them) answers the question, (n,) between 0 and 1."""
        if not records or not question.strip():
            return np.zeros(len(records), dtype=np.float32)
        asked = self._read(self._encoder.question(question))
        read = self._records(records)
        odds = np.mean([net.scores(asked, read) for net in self._nets], axis=0)
        slope, offset = self.about["calibration"]
        return np.asarray(1 / (1 + np.exp(-(slope * odds + offset))), dtype=np.float32)

    def _records(self, records: Sequence[str]) -> list[Read]:
        with self._lock:
            known = {one: self._kept[one] for one in records if one in self._kept}
        fresh = [one for one in dict.fromkeys(records) if one not in known]
        known |= dict(zip(fresh, map(self._read, self._encoder.passages(fresh)), strict=True))
        with self._lock:
            for one in records:
                self._kept[one] = known[one]
                self._kept.move_to_end(one)
            while len(self._kept) > KEEP:
                self._kept.popitem(last=False)
        return [known[one] for one in records]

    def _read(self, states: TokenStates) -> Read:
        parts = []
        for layer, (mean, basis) in zip((states.low, states.high), self._bases, strict=True):
            layer = layer[:TOKENS] / (np.linalg.norm(layer[:TOKENS], axis=1, keepdims=True) + 1e-6)
            parts.append((layer - mean) @ basis)
        unknown = float(self.about["unknown_rarity"])
        rarity = np.array([self._rarity.get(one, unknown) for one in states.ids[:TOKENS]], dtype=np.float32)
        return Read(np.concatenate(parts, axis=1).astype(np.float32), rarity, states.ids, states.vector)


def _damaged(what: str) -> ModelError:
    return ModelError(
        f"cannot read the evidence reader's file 'reader.npz' ({what})",
        hint="install huaxiang anew, or train it again: python -m training.reader",
        code="model-format",
    )

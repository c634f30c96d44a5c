"""The aspect model in use: the cached encoder with low-rank changes, by ONNX Runtime, and its heads in plain numpy.

It says three things of a passage: which units are a product, an aspect or an opinion; which of them belong together
and how they speak; and how a given term is spoken of. Trained by `training.aspects`, of which this is the mirror.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache, cached_property
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from huaxiang.errors import ModelError
from huaxiang.models.cards import ENCODER
from huaxiang.models.resolve import resolve
from huaxiang.require import require
from huaxiang.text.aspects_passage import Passage, Pieces
from huaxiang.text.aspects_units import Span, is_stop
from huaxiang.text.dialogue_decode import KINDS, LINKS, Scores, candidates, spans_of_tags
from huaxiang.text.dialogue_pairs import Layout, pair_features

if TYPE_CHECKING:
    from huaxiang.models.e5_tuned import Delta
    from huaxiang.text.aspects_terms import TermModel

__all__ = ["AspectModel", "Reading", "curve", "in_use", "load", "log_softmax", "states_session", "unpack"]

Floats = npt.NDArray[np.float32]
STATES = "l11.oln.out"
NEAR_EDGES = (1, 2, 3, 4, 5, 7, 10, 15)
FORMAT = 2
FILE = "aspects.npz"


class Reading:
    """One passage after the encoder: units as the heads see them. Made by `AspectModel.read`."""

    def __init__(self, heads: dict[str, Floats], passage: Passage, states: Floats) -> None:
        self.passage = passage
        self._heads = heads
        self.plain = np.asarray((states[passage.first] + states[passage.last]) / 2, np.float32)
        known = np.concatenate([self.plain, heads["letters.weight"][passage.codes], passage.edges], axis=1)
        near = curve(self._linear("window", _around(known)))
        self.wide = near + self._linear("back", curve(self._linear("wider", _around(near))))

    def _linear(self, name: str, x: Floats) -> Floats:
        return np.asarray(x @ self._heads[f"{name}.weight"].T + self._heads[f"{name}.bias"], np.float32)

    def tags(self) -> Floats:
        """Log-probabilities of the tags, shape (n_units, 7)."""
        return log_softmax(self._linear("tags", self.wide))

    def spans(self, boost: float = 0.0) -> dict[str, list[Span]]:
        """Spans by kind, in units; `boost` is taken from the log-probability of "outside", so more are found."""
        tags = self.tags()
        tags[:, 0] -= boost
        stops = is_stop(self.passage.codes, self.passage.marks)
        found = spans_of_tags(tags, self.passage.utterance)
        return {kind: [cut for span in spans if (cut := _between(span, stops))] for kind, spans in found.items()}

    def candidates(self) -> tuple[dict[str, list[Span]], dict[str, npt.NDArray[Any]]]:
        """Spans that may be meant, by kind, in units, and how likely each is: see `dialogue_decode.candidates`."""
        return candidates(self.tags(), self.passage.utterance, is_stop(self.passage.codes, self.passage.marks))

    def polarity(self, span: Span) -> Floats:
        """Probabilities (3,) of negative, neutral, positive for the term in a span of units."""
        start, end = span
        asked = self.plain[start:end].mean(axis=0)
        place = np.arange(len(self.plain))
        away = np.where(place < start, place - start, np.where(place >= end, place - end + 1, 0))
        size = np.searchsorted(NEAR_EDGES, np.abs(away), side="right")
        near = self._heads["near"][np.where(away < 0, 8 - size, 8 + size)]
        score = self.plain @ self._linear("key", asked) / np.float32(np.sqrt(len(asked))) + near
        seen = np.exp(log_softmax(score)) @ self.plain
        said = np.concatenate([asked, seen, self.plain.mean(axis=0), self.wide[start:end].mean(axis=0)])
        return np.exp(log_softmax(self._linear("term2", curve(self._linear("term1", said)))))

    def links(self, spans: dict[str, list[Span]], layout: Layout) -> Scores:
        """Probabilities of every pair of `LINKS`, shape (n_left, n_right, classes) each."""
        roles = {kind: self._role(kind, spans[kind]) for kind in KINDS}
        found: dict[str, Floats] = {}
        for name, (left, right, classes) in LINKS.items():
            a, b = roles[left], roles[right]
            if not (len(a) and len(b)):
                found[name] = np.zeros((len(a), len(b), classes), np.float32)
                continue
            shape = (len(a), len(b), a.shape[1])
            one, other = np.broadcast_to(a[:, None], shape), np.broadcast_to(b[None], shape)
            features = pair_features(spans[left], spans[right], layout)
            hidden = curve(self._linear(f"pair1.{name}", np.concatenate([one, other, one * other, features], axis=-1)))
            found[name] = np.exp(log_softmax(self._linear(f"pair2.{name}", hidden)))
        return found

    def _role(self, kind: str, spans: Sequence[Span]) -> Floats:
        rows = [
            np.concatenate([self.plain[start:end].mean(axis=0), self.wide[start], self.wide[end - 1]])
            for start, end in spans
        ]
        return curve(self._linear(f"roles.{kind}", np.stack(rows))) if rows else np.zeros((0, 0), np.float32)


class AspectModel:
    """Encoder and heads. Make one with `load()`; immutable, safe to share between threads."""

    def __init__(
        self, session: Any, pieces: Pieces, heads: dict[str, Floats], about: dict[str, Any], beside: Path | None = None
    ) -> None:
        self.pieces, self.about = pieces, about
        self._session, self._heads, self._beside = session, heads, beside

    @cached_property
    def terms(self) -> TermModel | None:
        """The reader of given terms, from the file beside; None if there is none, and then `Reading.polarity` serves.

        Raises:
            ModelError: that file is damaged.
        """
        from huaxiang.text import aspects_terms

        file = self._beside / aspects_terms.FILE if self._beside else None
        return aspects_terms.load(file) if file and file.is_file() else None

    def read(self, passage: Passage) -> Reading:
        """Run the encoder over one passage."""
        states = self._session.run(None, {"input_ids": passage.ids[None]})[0][0]
        return Reading(self._heads, passage, np.asarray(states, np.float32))


def _between(span: Span, stops: npt.NDArray[np.bool_]) -> Span | None:
    """The longest part of a span without a stop, the first of equals; None if it is nothing but stops."""
    edges = [span[0] - 1, *(at for at in range(*span) if stops[at]), span[1]]
    parts = [(left + 1, right) for left, right in pairwise(edges) if right > left + 1]
    return max(parts, key=lambda part: part[1] - part[0], default=None)


def _around(x: Floats) -> Floats:
    """(n, size) to (n, 3 · size): each row between its neighbours."""
    padded = np.pad(x, ((1, 1), (0, 0)))
    return np.concatenate([padded[:-2], padded[1:-1], padded[2:]], axis=1)


def curve(x: Floats) -> Floats:
    """GELU by tanh."""
    inner = np.float32(np.sqrt(2 / np.pi)) * (x + np.float32(0.044715) * x**3)
    return np.asarray(0.5 * x * (1 + np.tanh(inner)), np.float32)


def log_softmax(x: Floats) -> Floats:
    """Over the last axis."""
    shifted = x - x.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), np.float32)


def save(path: Path, low_rank: dict[str, tuple[Any, Any]], heads: dict[str, Any], about: dict[str, Any]) -> None:
    """Write a model file: fp16 arrays and JSON, no pickle; replaced in one step."""
    arrays: dict[str, Any] = {f"head.{name}": np.asarray(value, np.float16) for name, value in heads.items()}
    for name, (down, up) in low_rank.items():
        arrays[f"{name}.a"], arrays[f"{name}.b"] = np.asarray(down, np.float16), np.asarray(up, np.float16)
    arrays["about"] = np.frombuffer(json.dumps({"format": FORMAT, **about}).encode(), dtype=np.uint8)
    unfinished = path.with_suffix(".part.npz")
    np.savez_compressed(unfinished, **arrays)
    unfinished.replace(path)


def unpack(path: Path) -> tuple[Delta, dict[str, Floats], dict[str, Any]]:
    """What `save` wrote: low-rank changes, heads as float32, and what is said of them.

    Raises:
        ModelError: the file is missing or damaged.
    """
    try:
        return _unpacked(path)
    except Exception as error:  # zipfile, numpy and json each raise their own kinds for a damaged file
        raise ModelError(
            f"cannot read the aspect model {path.name!r} ({type(error).__name__})",
            hint="make it again: huaxiang train aspects --data ../shared/data",
            code="aspect-model",
        ) from error


def _unpacked(path: Path) -> tuple[Delta, dict[str, Floats], dict[str, Any]]:
    from huaxiang.models.e5_tuned import Delta

    with np.load(path, allow_pickle=False) as held:
        about = json.loads(held["about"].tobytes())
        if about["format"] != FORMAT:
            raise ValueError(f"format {about['format']}")
        names = sorted(name[:-2] for name in held.files if name.endswith(".a"))
        low_rank = {name: (held[f"{name}.a"], held[f"{name}.b"]) for name in names}
        heads = {name[5:]: held[name].astype(np.float32) for name in held.files if name.startswith("head.")}
    nothing = (np.zeros((384, 0), np.float32), np.zeros(0, np.float32))
    return Delta(low_rank, nothing, about), heads, about


@cache
def load(name: str | None = None, *, threads: int = 2) -> AspectModel:
    """The shipped model, or the one in the file `name` (made by `huaxiang train aspects`). Cached; about 3 s once.

    Raises:
        ModelError: the file is missing or damaged, or the encoder is not in the cache yet.
    """
    shipped = str(resources.files("huaxiang.text").joinpath("weights/aspects.npz"))
    path = Path(shipped if name is None else name)
    delta, heads, about = unpack(path)
    folder = resolve(ENCODER)
    session = states_session(folder / "model.int8.onnx", delta, threads)
    return AspectModel(session, Pieces.load(folder), heads, about, path.parent)


def in_use(models: str = "") -> AspectModel:
    """The model of the folder in the setting `text.models` if it holds one, else the shipped one."""
    own = Path(models) / FILE
    return load(str(own)) if models and own.is_file() else load()


def states_session(file: Path, delta: Delta, threads: int) -> Any:
    """The cached graph with the changes merged and the last hidden states as its output."""
    from huaxiang.models.e5_tuned import merge

    onnx, runtime = require("onnx", extra="app"), require("onnxruntime", extra="app")
    model = merge(onnx.load(str(file)), delta)
    graph = model.graph
    for node in [node for node in graph.node if STATES in node.input]:
        graph.node.remove(node)  # the pooling
    graph.output[0].CopyFrom(onnx.helper.make_tensor_value_info(STATES, 1, ["n", "tokens", 384]))
    options = runtime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    # waiting threads that spin cost more than they save where other programs want the cores
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return runtime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])

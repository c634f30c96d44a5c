"""The trained tagger of brands and products in Chinese shop titles: hashed features and a chain of tags, in numpy."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from huaxiang.errors import ModelError
from huaxiang.text.entities_decode import Floats, allowed, best_path, spans
from huaxiang.text.entities_features import BITS, buckets

FILE = "entities.npz"
LONGEST = 2000
"""Characters of a text that are tagged."""


class Tagger:
    """Weights and word lists. Make one with `load()`; immutable, safe to share between threads."""

    def __init__(
        self, weights: npt.NDArray[np.int8], scale: float, steps: Floats, ends: Floats, lists: list[frozenset[int]],
        about: dict[str, Any],
    ) -> None:  # fmt: skip
        """`weights` (2**17, n_tags) int8 times `scale`; `steps` (n_tags, n_tags), `ends` (2, n_tags)."""
        self.about, self.tags = about, tuple(about["tags"])
        self._weights, self._scale, self._lists = weights, scale, lists
        follow, borders = allowed(self.tags)
        self._steps = np.where(follow, steps, -np.inf).astype(np.float32)
        self._ends = np.where(borders, ends, -np.inf).astype(np.float32)

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """Half-open spans with "HP" for a brand and "HC" for a product; about 1 ms a title."""
        seen = text[:LONGEST]
        if not seen:
            return []
        emissions = self._weights[buckets(seen, self._lists)].sum(axis=1, dtype=np.int32) * np.float32(self._scale)
        return spans(best_path(emissions.astype(np.float32), self._steps, self._ends), self.tags)


def save(
    path: Path, weights: Floats, steps: Floats, ends: Floats, lists: tuple[frozenset[int], ...], about: dict[str, Any]
) -> None:
    """Write a model file: int8 weights, hashes of the word lists, JSON; no pickle; replaced in one step."""
    scale = float(np.abs(weights).max()) / 127 or 1.0
    unfinished = path.with_suffix(".part.npz")
    np.savez_compressed(
        unfinished,
        weights=np.rint(weights / scale).astype(np.int8),
        steps=steps.astype(np.float32),
        ends=ends.astype(np.float32),
        brands=np.array(sorted(lists[0]), dtype=np.uint32),
        products=np.array(sorted(lists[1]), dtype=np.uint32),
        about=np.frombuffer(json.dumps({"format": 1, "scale": scale, **about}).encode(), dtype=np.uint8),
    )
    unfinished.replace(path)


@cache
def load(*, models: str = "") -> Tagger:
    """The tagger of the folder `models` if it holds one, else the shipped one. Cached: 30 ms once.

    Raises:
        ModelError: the file is missing, cut short or not a tagger.
    """
    own = Path(models) / FILE
    path = own if models and own.is_file() else Path(str(resources.files("huaxiang.text").joinpath(f"weights/{FILE}")))
    try:
        with np.load(path, allow_pickle=False) as held:
            about = json.loads(held["about"].tobytes())
            lists = [frozenset(held[name].tolist()) for name in ("brands", "products")]
            weights, steps, ends = held["weights"], held["steps"], held["ends"]
        if weights.shape != (1 << BITS, len(about["tags"])):
            raise ValueError("weights of the wrong shape")
    except Exception as error:  # zipfile, numpy and json each raise their own kinds for a damaged file
        raise ModelError(
            f"cannot read the entity model {path.name!r} ({type(error).__name__})",
            hint="make it again: huaxiang train entities --data ../shared/data",
            code="entity-model",
        ) from error
    return Tagger(weights, about["scale"], steps, ends, lists, about)

"""The accurate tagger of brands and products: the encoder with low-rank changes, word lists and n-grams, a chain of tags.

A character is seen as the encoder's state of the piece that covers it, with its place in the piece, what the word lists
say, its kind and its letter, over a window of three; the hashed n-grams of the fast tagger add their scores. Trained by
`training.entities_upper`, of which this is the mirror in numpy and ONNX Runtime.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from huaxiang.errors import ModelError
from huaxiang.models.cards import ENCODER
from huaxiang.models.resolve import resolve
from huaxiang.text.aspects_model import curve, states_session
from huaxiang.text.aspects_passage import Pieces
from huaxiang.text.entities_decode import Floats, allowed, best_path, spans
from huaxiang.text.entities_features import BITS
from huaxiang.text.entities_seen import Lists, Seen, seen

FILE = "entities-accurate.npz"
LONGEST = 2000
"""Characters of a text that are tagged."""
AT_ONCE = 256
"""Characters that the encoder reads together: it learned titles, and 512 pieces are its end."""
FORMAT = 1


def emissions(heads: Mapping[str, Floats], one: Seen, states: Floats) -> Floats:
    """Scores of the tags of each character, shape (n, n_tags).

    Args:
        heads: the arrays of `training.entities_upper`, float32.
        one: the title.
        states: the encoder's last hidden states, shape (n_pieces, 384).
    """
    columns = [states[one.piece]]
    columns += [heads[f"place.{i}.weight"][one.place[:, i]] for i in range(2)]
    columns += [heads[f"listed.{i}.weight"][one.listed[:, i]] for i in range(one.listed.shape[1])]
    columns += [heads["kind.weight"][one.kind], heads["letters.weight"][one.letters]]
    around = np.pad(np.concatenate(columns, axis=1), ((1, 1), (0, 0)))
    wide = np.concatenate([around[:-2], around[1:-1], around[2:]], axis=1)
    inner = curve(wide @ heads["inner.weight"].T + heads["inner.bias"])
    return np.asarray(inner @ heads["outer.weight"].T + heads["outer.bias"], np.float32)


class EncoderTagger:
    """Make one with `load()`; immutable, safe to share between threads."""

    def __init__(
        self, session: Any, pieces: Pieces, heads: Mapping[str, Floats], grams: tuple[npt.NDArray[np.int8], float],
        lists: Lists, about: dict[str, Any],
    ) -> None:  # fmt: skip
        """`grams`: int8 weights (2**17, n_tags) of hashed n-grams and their scale."""
        self.about, self.tags = about, tuple(about["tags"])
        self._session, self._pieces, self._heads, self._grams, self._lists = session, pieces, heads, grams, lists
        follow, borders = allowed(self.tags)
        self._steps = np.where(follow, heads["steps"], -np.inf).astype(np.float32)
        self._ends = np.where(borders, heads["ends"], -np.inf).astype(np.float32)

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """Half-open spans with "HP" for a brand and "HC" for a product; about 10 ms a title."""
        parts = [self._scores(part) for part in pieces_of(text[:LONGEST])]
        return spans(best_path(np.concatenate(parts), self._steps, self._ends), self.tags) if parts else []

    def _scores(self, text: str) -> Floats:
        one = seen(text, self._pieces, self._lists)
        states = np.asarray(self._session.run(None, {"input_ids": one.ids[None]})[0][0], np.float32)
        weights, scale = self._grams
        told = weights[one.buckets].sum(axis=1, dtype=np.int32) * np.float32(scale)
        return np.asarray(emissions(self._heads, one, states) + told, np.float32)


def pieces_of(text: str, size: int = AT_ONCE) -> list[str]:
    """A long text in parts of at most `size` characters, cut behind the last sign in the second half that is no letter."""
    parts = []
    while len(text) > size:
        cut = next((at for at in range(size, size // 2, -1) if not text[at - 1].isalnum()), size)
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text] if text else parts


def save(
    path: Path, low_rank: Mapping[str, tuple[Floats, Floats]], heads: Mapping[str, Floats], grams: Floats, lists: Lists,
    about: Mapping[str, Any],
) -> None:  # fmt: skip
    """Write a model file: fp16 arrays, int8 n-grams, hashes of the word lists, JSON; no pickle; replaced in one step."""
    scale = float(np.abs(grams).max()) / 127 or 1.0
    arrays: dict[str, Any] = {f"head.{name}": np.asarray(value, np.float16) for name, value in heads.items()}
    for name, (down, up) in low_rank.items():
        arrays[f"{name}.a"], arrays[f"{name}.b"] = np.asarray(down, np.float16), np.asarray(up, np.float16)
    arrays["grams"] = np.rint(grams / scale).astype(np.int8)
    for name, words in zip(("brands", "products"), lists, strict=True):
        arrays[name] = np.array(sorted(words), np.uint32)
    arrays["about"] = np.frombuffer(json.dumps({"format": FORMAT, "scale": scale, **about}).encode(), dtype=np.uint8)
    unfinished = path.with_suffix(".part.npz")
    np.savez_compressed(unfinished, **arrays)
    unfinished.replace(path)


def file_in_use(models: str = "") -> Path:
    """The file of the folder `models` if it holds one, else the shipped one."""
    own = Path(models) / FILE
    shipped = Path(str(resources.files("huaxiang.text").joinpath(f"weights/{FILE}")))
    return own if models and own.is_file() else shipped


@cache
def load(*, models: str = "", threads: int = 1) -> EncoderTagger:
    """The tagger of the folder `models` if it holds one, else the shipped one. Cached; about 3 s once.

    Raises:
        ModelError: the file is missing or damaged, or the encoder is not in the cache yet (`model-missing`).
    """
    from huaxiang.models.e5_tuned import Delta

    path = file_in_use(models)
    try:
        with np.load(path, allow_pickle=False) as held:
            about = json.loads(held["about"].tobytes())
            if about["format"] != FORMAT or held["grams"].shape != (1 << BITS, len(about["tags"])):
                raise ValueError("another format")
            names = sorted(name[:-2] for name in held.files if name.endswith(".a"))
            low_rank = {name: (held[f"{name}.a"], held[f"{name}.b"]) for name in names}
            heads = {name[5:]: held[name].astype(np.float32) for name in held.files if name.startswith("head.")}
            grams, lists = held["grams"], [frozenset(held[name].tolist()) for name in ("brands", "products")]
    except Exception as error:  # zipfile, numpy and json each raise their own kinds for a damaged file
        raise ModelError(
            f"cannot read the entity model {path.name!r} ({type(error).__name__})",
            hint="make it again: huaxiang train entities --tier accurate --data ../shared/data",
            code="entity-model",
        ) from error
    folder = resolve(ENCODER)
    delta = Delta(low_rank, (np.zeros((384, 0), np.float32), np.zeros(0, np.float32)), about)
    session = states_session(folder / "model.int8.onnx", delta, threads)
    return EncoderTagger(session, Pieces.load(folder), heads, (grams, float(about["scale"])), lists, about)

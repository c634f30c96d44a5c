"""The accurate tier: the fine-tuned encoder and the n-grams of the fast tier, weighed together and calibrated.

The encoder knows meaning and other shops' words, the n-grams know exact turns of phrase; together they err less than
either. The change to the encoder ships as `weights/sentiment-accurate.npz` (low-rank, 2 MB) and is merged with the
encoder in the cache; without that encoder, loading says how to fetch it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from huaxiang.errors import ModelError
from huaxiang.models.vectors import Count
from huaxiang.text import faces, sentiment
from huaxiang.text.language import detect
from huaxiang.text.normalise import normalise_batch, normalise_many
from huaxiang.text.sentiment import Floats, Sentiment, SentimentModel, read_faces, says_nothing, sentence_polarities

SHIPPED = "weights/sentiment-accurate.npz"
OTHER = "other"
"""The blend for languages that the n-grams do not know and the encoder does."""


class Scorer(Protocol):
    """What is asked of an encoder with a head."""

    def scores(self, texts: Sequence[str], progress: Count | None = None) -> npt.NDArray[np.float32]:
        """The head's outputs, float32 (n, n_outputs)."""
        ...


@dataclass(frozen=True, slots=True)
class Blend:
    """One language's log-odds: encoder * score + ngrams * fast log-odds + offset; `lapse` and `band` as in `Recipe`.

    `head` is the column of the encoder's scores that is this language's.
    """

    encoder: float
    ngrams: float
    offset: float
    lapse: float
    band: float
    head: int = 0

    def log_odds(self, scores: Floats, fast: Floats) -> Floats:
        """Before the lapse, shape (n,)."""
        return np.asarray(self.encoder * scores + self.ngrams * fast + self.offset, dtype=np.float64)


class AccurateModel:
    """Reads like `SentimentModel`, a hundred times slower and better, above all on shops it was not trained on."""

    name = "accurate"

    def __init__(
        self,
        encoder: Scorer,
        fast: SentimentModel,
        blends: Mapping[str, Blend],
        *,
        figures: dict[str, dict[str, float]] | None = None,
    ) -> None:
        self._encoder, self._fast, self._blends = encoder, fast, dict(blends)
        self.figures = figures or {}
        """What was measured when it was made, by language."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages it was trained and calibrated on; others are read by the encoder alone."""
        return tuple(name for name in self._blends if name != OTHER)

    def predict(
        self, texts: Sequence[str], languages: Sequence[str] | None = None, *, progress: Count | None = None
    ) -> list[Sentiment]:
        """Read many texts; one result a text, in order, on all cores. Any string is accepted, of any length.

        Only the beginning and the end of a text of more than about a hundred words reach the encoder. A text without
        letters, or of one character repeated, is neutral with polarity 0.

        Args:
            texts: what was written.
            languages: ISO codes, one a text; spares the detection.
            progress: called with (texts done, texts in all).

        Raises:
            ValueError: `languages` has another length than `texts`.
        """
        if languages is not None and len(languages) != len(texts):
            raise ValueError(f"{len(texts)} texts but {len(languages)} languages")
        read_as = [detect(text) for text in texts] if languages is None else list(languages)
        results = [Sentiment("neutral", 0.0, 0.5, language) for language in read_as]
        speaks = [i for i, code in enumerate(read_as) if code != "und" and not says_nothing(texts[i])]
        canonical = normalise_many([texts[i] for i in speaks])
        speaks = [i for i, text in zip(speaks, canonical, strict=True) if text]
        scores = self._encoder.scores([text for text in canonical if text], progress).astype(np.float64)
        for language in {read_as[i] for i in speaks}:
            mine = np.array([read_as[i] == language for i in speaks])
            rows = [i for i in speaks if read_as[i] == language]
            blend = self._blends.get(language, self._blends[OTHER])
            own = [texts[i] for i in rows]
            fast = self._fast.log_odds(own, language, with_faces=False) if language in self._fast.languages else 0.0
            odds = blend.log_odds(scores[mine, blend.head], np.asarray(fast)) + faces.log_odds(normalise_batch(own))
            polarity = (1 - blend.lapse) * np.tanh(odds / 2)
            for i, value in zip(rows, polarity.tolist(), strict=True):
                label = "neutral" if abs(value) < blend.band else "positive" if value > 0 else "negative"
                results[i] = Sentiment(label, value, (1 + abs(value)) / 2, language)  # type: ignore[arg-type]
        read_faces(texts, results, [i for i, code in enumerate(read_as) if code == "und"])
        return results

    def sentence_polarities(self, text: str) -> list[tuple[int, int, Sentiment]]:
        """Each sentence of a text with its half-open offsets and its own sentiment, for quoting."""
        return sentence_polarities(text, self)


@cache
def load(path: str | None = None, *, fast: str | None = None) -> AccurateModel:
    """The shipped model, or the one in the file `path`; 3 s the first time on a machine, then one. Cached.

    Raises:
        ModelError: the encoder is not in the cache (`model-missing`), or a file is damaged.
    """
    from huaxiang.models.cards import ENCODER
    from huaxiang.models.e5_tuned import Delta, TunedEncoder
    from huaxiang.models.resolve import resolve

    resolve(ENCODER)  # what most often is wrong is said first
    chosen = _file(path)
    about = Delta.load(chosen).about
    try:
        blends = {name: Blend(**fields) for name, fields in about["blends"].items()}
        blends[OTHER]
    except (KeyError, TypeError) as error:
        raise ModelError(
            f"{chosen.name!r} is not a sentiment model: it says nothing of blends",
            hint="train it again: huaxiang train sentiment --tier accurate",
            code="sentiment-model",
        ) from error
    grams = sentiment.load(fast) if fast else sentiment.load()
    return AccurateModel(TunedEncoder.load(chosen), grams, blends, figures=about.get("figures"))


def ready(path: str | None = None) -> bool:
    """Whether the encoder is in the cache and sound, so that `load` would succeed."""
    from huaxiang.models.cards import ENCODER
    from huaxiang.models.resolve import resolve

    try:
        resolve(ENCODER)
    except ModelError:
        return False
    return _file(path).is_file()


def _file(path: str | None) -> Path:
    return Path(str(resources.files("huaxiang.text").joinpath(SHIPPED)) if path is None else path)

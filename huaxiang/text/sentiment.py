"""Positive, neutral or negative: a linear model over hashed n-grams, trained by `training.sentiment`, in plain numpy.

The fast tier. Chinese is read by characters, English by words. A text's score is the sum of int8 weights at its own
n-grams divided by the root of their number, put through a logistic curve that was fitted on texts not trained on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from huaxiang.errors import ModelError
from huaxiang.text import faces
from huaxiang.text.language import detect, split_sentences
from huaxiang.text.ngrams import Batch, Grams, char_grams, word_grams
from huaxiang.text.normalise import normalise_batch

Label = Literal["positive", "neutral", "negative"]
Floats = npt.NDArray[np.float64]

_CHARS_AT_ONCE = 400_000  # bounds memory to about 100 MB
_TEXTS_AT_ONCE = 4096
_HAN, _LATIN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[A-Za-z]")
_REPEATED_CHARS = 20  # that many of one character and nothing else say nothing


@dataclass(frozen=True, slots=True)
class Sentiment:
    """How a text speaks of its subject.

    `polarity` runs from -1 (bad) to 1 (good). `probability` (0.5…1, calibrated) is the chance that the sign of
    `polarity` is right; around 0.5 the model cannot tell. `label` is "neutral" where |polarity| is under the
    language's band. `language` is what the text was read as.
    """

    label: Label
    polarity: float
    probability: float
    language: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one language's score is made: which n-grams, and the curve from raw sum to probability.

    P(positive) = lapse / 2 + (1 - lapse) * sigmoid(slope * raw + offset); `lapse` is the share of labels that no
    reading of the text explains, so certainty never exceeds 1 - lapse / 2.
    """

    chars: tuple[int, ...]
    words: tuple[int, ...]
    bits: int
    slope: float
    offset: float
    lapse: float
    band: float
    prior: float


def grams_of(texts: Batch, recipe: Recipe) -> list[Grams]:
    """The n-grams a recipe looks at, the same in training and in use."""
    found = char_grams(texts, recipe.chars, bits=recipe.bits) if recipe.chars else []
    return found + (word_grams(texts, recipe.words, bits=recipe.bits) if recipe.words else [])


def raw_scores(texts: Batch, recipe: Recipe, weights: npt.NDArray[np.int8]) -> Floats:
    """Sum of weights over the root of the number of n-grams, shape (n_texts,); exactly 0 where nothing is known."""
    n_texts = texts.starts.size
    sums, counts = np.zeros(n_texts, np.int64), np.zeros(n_texts, np.int64)
    per_char = np.zeros(texts.codes.size + 1, np.int32)
    for grams in grams_of(texts, recipe):
        per_char[grams.at] += weights[grams.bucket]
        ends = np.searchsorted(grams.at, texts.starts + texts.lengths)
        counts += ends - np.searchsorted(grams.at, texts.starts)
    running = np.concatenate((np.zeros(1, np.int64), np.cumsum(per_char, dtype=np.int64)))
    sums = running[texts.starts + texts.lengths] - running[texts.starts]
    return np.asarray(sums / np.sqrt(np.maximum(counts, 1)), dtype=np.float64)


class SentimentModel:
    """Weights for several languages. Make one with `load()`; it is immutable and safe to share between threads."""

    def __init__(
        self,
        recipes: dict[str, Recipe],
        weights: dict[str, npt.NDArray[np.int8]],
        *,
        name: str,
        figures: dict[str, dict[str, float]] | None = None,
    ) -> None:
        self.name = name
        self.figures = figures or {}
        """What was measured when it was made, by language; empty where the file says nothing."""
        self._recipes = recipes
        self._weights = weights

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages the model was trained on; texts in others come back neutral."""
        return tuple(self._recipes)

    def log_odds(self, texts: Sequence[str], language: str, *, with_faces: bool = True) -> Floats:
        """Log-odds that each text is positive, before the lapse, shape (n_texts,); 0 where nothing in it is known.

        `with_faces` adds what emoji and kaomoji say (`huaxiang.text.faces`), which no weight was learned for.
        """
        recipe, weights = self._recipes[language], self._weights[language]
        out = np.zeros(len(texts))
        for start, stop in _chunks(texts):
            canonical = normalise_batch(texts[start:stop])
            raw = raw_scores(canonical, recipe, weights)
            out[start:stop] = np.where(raw == 0.0, 0.0, recipe.slope * raw + recipe.offset)
            if with_faces:
                out[start:stop] += faces.log_odds(canonical)
        return out

    def predict(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Sentiment]:
        """Read many texts; one result a text, in order. Any string is accepted, of any length.

        `languages` (ISO codes, one a text) spares the detection. A text in a language the model does not know, without
        anything it knows, or of one character repeated is neutral with polarity 0 and the prior probability.

        Raises:
            ValueError: `languages` has another length than `texts`.
        """
        if languages is not None and len(languages) != len(texts):
            raise ValueError(f"{len(texts)} texts but {len(languages)} languages")
        read_as = [detect(text) for text in texts] if languages is None else list(languages)
        results: list[Sentiment] = [Sentiment("neutral", 0.0, 0.5, language) for language in read_as]
        for language, recipe in self._recipes.items():
            mine = [i for i, known in enumerate(read_as) if known == language and not says_nothing(texts[i])]
            if not mine:
                continue
            odds = self.log_odds([texts[i] for i in mine], language)
            polarity = (1 - recipe.lapse) * np.tanh(odds / 2)  # 2 P(positive) - 1
            sure = (1 + np.abs(polarity)) / 2
            sure[odds == 0.0] = recipe.prior
            for i, value, chance in zip(mine, polarity.tolist(), sure.tolist(), strict=True):
                label: Label = "neutral" if abs(value) < recipe.band else "positive" if value > 0 else "negative"
                results[i] = Sentiment(label, value, chance, language)
        read_faces(texts, results, [i for i, known in enumerate(read_as) if known not in self._recipes])
        return results

    def sentence_polarities(self, text: str) -> list[tuple[int, int, Sentiment]]:
        """Each sentence of a text with its half-open offsets and its own sentiment, for quoting."""
        return _by_span(self, text, split_sentences(text))


class _Reads(Protocol):
    def predict(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Sentiment]: ...


def _by_span(model: _Reads, text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int, Sentiment]]:
    pieces = [text[start:end] for start, end in spans]
    # By script alone: a sentence is too short for telling English from French, and loading lingua for it costs seconds.
    whole = _by_script(text, "en")
    languages = [_by_script(piece, whole) for piece in pieces]
    return [(start, end, read) for (start, end), read in zip(spans, model.predict(pieces, languages), strict=True)]


def sentence_polarities(
    text: str, model: _Reads | None = None, *, spans: Sequence[tuple[int, int]] | None = None
) -> list[tuple[int, int, Sentiment]]:
    """Sentiment of each sentence (or of each given span) of a text, with the shipped model unless one is given."""
    return _by_span(model or load(), text, split_sentences(text) if spans is None else spans)


def _by_script(text: str, otherwise: str) -> str:
    if _HAN.search(text):
        return "zh"
    return "en" if _LATIN.search(text) else otherwise


def read_faces(texts: Sequence[str], results: list[Sentiment], rows: Sequence[int]) -> None:
    """Give the texts of `rows`, of which no words are known, the polarity of their faces, if they have any."""
    some = [i for i in rows if not texts[i].isalpha()]
    if not some:
        return
    for i, odds in zip(some, faces.log_odds(normalise_batch([texts[i] for i in some])).tolist(), strict=True):
        if odds:
            polarity = float(np.tanh(odds / 2))
            label: Label = "positive" if odds > 0 else "negative"
            results[i] = Sentiment(label, polarity, (1 + abs(polarity)) / 2, results[i].language)


def says_nothing(text: str) -> bool:
    """Whether a text is empty or one letter, digit or mark over and over."""
    return not text or (len(text) >= _REPEATED_CHARS and text.count(text[0]) == len(text) and ord(text[0]) < 0x1F000)


def _chunks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    start, chars = 0, 0
    for stop, text in enumerate(texts):
        if stop > start and (chars + len(text) > _CHARS_AT_ONCE or stop - start >= _TEXTS_AT_ONCE):
            yield start, stop
            start, chars = stop, 0
        chars += len(text)
    if start < len(texts):
        yield start, len(texts)


def save(
    path: Path,
    recipes: dict[str, Recipe],
    weights: dict[str, npt.NDArray[np.int8]],
    *,
    figures: dict[str, dict[str, float]] | None = None,
) -> None:
    """Write a model file: one int8 array a language, recipes and figures as JSON; no pickle. Replaced in one step."""
    about = {name: {field: getattr(recipe, field) for field in Recipe.__slots__} for name, recipe in recipes.items()}
    arrays: dict[str, Any] = {name: values.astype(np.int8) for name, values in weights.items()}
    arrays["recipes"] = np.frombuffer(
        json.dumps({"version": 1, "languages": about, "figures": figures or {}}).encode(), dtype=np.uint8
    )
    unfinished = path.with_suffix(".part.npz")
    np.savez_compressed(unfinished, **arrays)
    unfinished.replace(path)


def _read(path: Path) -> tuple[dict[str, Recipe], dict[str, npt.NDArray[np.int8]], dict[str, dict[str, float]]]:
    with np.load(path, allow_pickle=False) as held:
        about = json.loads(held["recipes"].tobytes())
        recipes = {
            name: Recipe(**{**fields, "chars": tuple(fields["chars"]), "words": tuple(fields["words"])})
            for name, fields in about["languages"].items()
        }
        weights = {name: held[name] for name in recipes}
    for name, recipe in recipes.items():
        if weights[name].shape != (1 << recipe.bits,) or weights[name].dtype != np.int8:
            raise ValueError(f"weights of {name!r} have the wrong shape")
    return recipes, weights, about.get("figures", {})


@cache
def load(name: str | None = None) -> SentimentModel:
    """The shipped model, or the one in the file `name` (made by `python -m training.sentiment`). Cached: 30 ms once.

    Raises:
        ModelError: the file is missing, cut short or not a sentiment model.
    """
    shipped = str(resources.files("huaxiang.text").joinpath("weights/sentiment.npz"))
    path = Path(shipped if name is None else name)
    try:
        recipes, weights, figures = _read(path)
    except Exception as error:  # zipfile, numpy and json each raise their own kinds for a damaged file
        raise ModelError(
            f"cannot read the sentiment model {path.name!r} ({type(error).__name__})",
            hint="make it again: python -m training.sentiment --data ../shared/data --out huaxiang/text/weights",
            code="sentiment-model",
        ) from error
    return SentimentModel(recipes, weights, name=path.stem, figures=figures)

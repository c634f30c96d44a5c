"""Which sentiment model reads: one place that knows both tiers. `[text] sentiment_tier` in `shop.toml` chooses.

`auto` takes the accurate tier where its encoder is in the cache and the fast one until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

from huaxiang.errors import ConfigError
from huaxiang.text.sentiment import Sentiment

Tier = Literal["auto", "fast", "accurate"]
TIERS: tuple[Tier, ...] = ("auto", "fast", "accurate")
FAST_FILE, ACCURATE_FILE = "sentiment.npz", "sentiment-accurate.npz"


class Reader(Protocol):
    """Either tier."""

    name: str

    def predict(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> list[Sentiment]:
        """One reading a text, in order."""
        ...

    def sentence_polarities(self, text: str) -> list[tuple[int, int, Sentiment]]:
        """Each sentence with its half-open offsets."""
        ...


def reader(tier: str = "auto", *, models: str | Path | None = None) -> Reader:
    """The model of a tier; loaded once in a process.

    Args:
        tier: `fast`, `accurate` or `auto`.
        models: a folder with models trained by `huaxiang train`, used instead of the shipped ones where they are there.

    Raises:
        ConfigError: no such tier.
        ModelError: `accurate` without the encoder in the cache (`model-missing`), or a damaged file.
    """
    from huaxiang.text import sentiment, sentiment_accurate

    if tier not in TIERS:
        raise ConfigError(
            f"no sentiment tier is called {tier!r}", hint=f"say one of {', '.join(TIERS)}", code="bad-setting"
        )
    fast, accurate = _own(models, FAST_FILE), _own(models, ACCURATE_FILE)
    if tier == "accurate" or (tier == "auto" and sentiment_accurate.ready(accurate)):
        return sentiment_accurate.load(accurate, fast=fast)
    return sentiment.load(fast) if fast else sentiment.load()  # two keys of one cache


def _own(models: str | Path | None, name: str) -> str | None:
    if not models:
        return None
    path = Path(models).expanduser() / name
    return str(path) if path.is_file() else None

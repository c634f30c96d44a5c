"""Which tagger of brands and products reads: `auto` is the encoder where it is in the cache, n-grams until then."""

from __future__ import annotations

from typing import Literal, Protocol

from huaxiang.errors import ConfigError, ModelError

Tier = Literal["auto", "fast", "accurate"]


class Tags(Protocol):
    """Either tagger."""

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """Half-open spans with "HP" for a brand and "HC" for a product."""
        ...


def tagger(tier: str = "auto", *, models: str = "") -> Tags:
    """The tagger of a tier; loaded once in a process.

    Args:
        tier: `fast` (about a thousand titles a second), `accurate` (about a hundred) or `auto`.
        models: a folder with models of `huaxiang train`, used instead of the shipped ones where they are there.

    Raises:
        ConfigError: no such tier.
        ModelError: `accurate` without the encoder in the cache (`model-missing`), or a damaged file.
    """
    from huaxiang.text import entities_encoder, entities_tagger

    if tier not in ("auto", "fast", "accurate"):
        raise ConfigError(
            f"no tier of entities is called {tier!r}", hint="say fast, accurate or auto", code="bad-setting"
        )
    if tier == "accurate" or (tier == "auto" and ready()):
        return entities_encoder.load(models=models)
    return entities_tagger.load(models=models)


def ready() -> bool:
    """Whether the encoder is in the cache."""
    from huaxiang.models.cards import ENCODER
    from huaxiang.models.resolve import resolve

    try:
        resolve(ENCODER)
    except ModelError:
        return False
    return True

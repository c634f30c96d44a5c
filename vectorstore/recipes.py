"""Named ways to search, instead of a dozen arguments."""

from __future__ import annotations

from dataclasses import dataclass

from huaxiang.errors import ToolInputError
from vectorstore import fusion


@dataclass(frozen=True)
class Recipe:
    """How a search ranks: by which rankings, how many candidates each gives, and the fusion's k."""

    name: str
    words: bool
    meaning: bool
    candidates: int = 50
    k: int = fusion.K


BOTH = Recipe("both", words=True, meaning=True)
"""Words and meaning fused: the default."""
WORDS = Recipe("words", words=True, meaning=False)
"""Exact terms only: names, model numbers, error codes. Needs no encoder."""
MEANING = Recipe("meaning", words=False, meaning=True)
"""Vectors only: for a question in another language than the reviews."""

RECIPES = {one.name: one for one in (BOTH, WORDS, MEANING)}


def recipe(name: str | Recipe) -> Recipe:
    """The recipe of this name.

    Raises:
        ToolInputError: there is none.
    """
    if isinstance(name, Recipe):
        return name
    try:
        return RECIPES[name]
    except KeyError:
        raise ToolInputError(f"no search recipe {name!r}", hint=f"use one of: {', '.join(RECIPES)}") from None

"""Versioned prompts: one file is one version in one language; see `prompts.loader`."""

from prompts.loader import Prompt, fence, load, plain

__all__ = ["Prompt", "fence", "load", "plain"]

"""Kinds of prompt that begin alike, by number: each has a slot of its own, so that none evicts another's prefix."""

from __future__ import annotations

KINDS = 5
QUESTIONS = {"zh": 0, "en": 1}
EXTRACTION = 2
TOOLS = {"zh": 3, "en": 4}

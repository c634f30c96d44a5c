"""Slot numbers of the local server: prompts that begin alike share a slot, so that none evicts another's prefix."""

from __future__ import annotations

SLOTS = 3
QUESTIONS = {"zh": 0, "en": 1}
EXTRACTION = 2

"""Texts that only say how their writer wants things (how to be reached, what to keep away from): an answer to that question alone."""

from __future__ import annotations

from agent.answer import relevance
from agent.answer.context import Context
from agent.question import spelling
from huaxiang.extract.rules import extract
from huaxiang.schema.evidence import Evidence

WISHES = frozenset({"prefers_contact", "prefers_delivery", "avoids", "avoids_material"})
"""Fields of a profile that a customer asks for rather than tells of."""


def stated(context: Context, text: Evidence) -> set[str]:
    """The wishes that a short message is all about; empty for any other text."""
    if text.event_kind != "message" or not relevance.is_short(text.clean):
        return set()
    said = {one.name for one in extract(text, spelling.pack_of(context))}
    return said if said <= WISHES else set()

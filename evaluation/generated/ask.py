"""Every maker of questions. A maker draws a customer it can ask about and says what is right.

Makers know nothing of wording: templates turn what they give into questions, so development and held-out questions differ in
seed and in words. A maker returns None where the shop has nothing to ask about.
"""

from __future__ import annotations

from typing import Any

from evaluation.generated import ask_records, ask_words
from evaluation.generated.asking import Ask, Maker

__all__ = ["CATEGORY", "MAKERS", "Ask", "tools_of"]

CATEGORY = {
    "last_order": "date", "first_order": "date", "bought_when": "date", "order_count": "count", "item_count": "count", "spend": "sum",
    "spend_in_year": "sum", "dearest": "lookup", "in_order": "lookup", "town": "lookup", "mean_rating": "lookup", "returned": "lookup",
    "compare_spend": "compare", "compare_orders": "compare", "trend": "trend", "aspect": "aspect", "complaint": "aspect",
    "channel": "trait", "changed": "changed", "avoids": "trait", "recommend": "recommend", "buyers": "who", "most_orders": "who",
    "follow_up": "followup", "follow_up_first": "followup", "misspelt": "misspelt", "ambiguous": "unanswerable: ambiguous",
    "nobody": "unanswerable: nobody", "never_returned": "unanswerable: false premise", "never_bought": "unanswerable: false premise",
    "unknown": "unanswerable: unknown", "sensitive": "unanswerable: not allowed", "outside": "unanswerable: outside",
}  # fmt: skip

MAKERS: dict[str, Maker] = {name: getattr(ask_records, name, None) or getattr(ask_words, name) for name in CATEGORY}

_RECORDS = ["timeline", "customer_summary"]
_WORDS = ["sentiment", "aspects", "search_reviews", "timeline"]
_PROFILE = ["show_profile", "search_reviews", "timeline"]
_TOOLS: dict[str, tuple[list[str], dict[str, Any]]] = {
    **dict.fromkeys(
        ("last_order", "first_order", "order_count", "item_count", "spend", "dearest", "mean_rating"), (_RECORDS, {})
    ),
    **dict.fromkeys(("follow_up", "follow_up_first", "misspelt", "compare_spend", "compare_orders"), (_RECORDS, {})),
    "spend_in_year": (["timeline"], {"since": "2025-01-01", "until": "2025-12-31"}),
    "bought_when": (["timeline"], {}),
    "in_order": (["timeline"], {}),
    "returned": (["timeline"], {}),
    "trend": (["timeline", "sentiment"], {}),
    "aspect": (_WORDS, {}),
    "complaint": (_WORDS, {}),
    "channel": (_PROFILE, {}),
    "changed": (_PROFILE, {}),
    "avoids": (_PROFILE, {}),
    "recommend": (["recommend"], {}),
}
"""The tools of which one must be called, with the arguments that must be exactly so beside the customer's id."""


def tools_of(kind: str, ask: Ask) -> list[dict[str, Any]]:
    """The tool uses that a right answer needs, as a suite's case lists them: one for each customer in scope."""
    if kind not in _TOOLS:
        return []
    tools, more = _TOOLS[kind]
    return [{"tool": tools, "args": {"customer_id": one, **more}} for one in ask.expect.get("scope", ())]

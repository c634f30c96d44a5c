"""A text without the sentences that give orders to the assistant."""

from __future__ import annotations

from agent.question.cues import gives_orders
from vectorstore import spans


def without_orders(text: str, start: int, end: int) -> tuple[int, int]:
    """The longest run of sentences in the span that gives the assistant no orders; the span itself when there are none."""
    if not gives_orders(text[start:end]):
        return start, end
    runs: list[tuple[int, int]] = []
    for first, last in spans.sentences(text[start:end]):
        if gives_orders(text[start + first : start + last]):
            runs.append((end, end))
        elif runs and runs[-1][0] < runs[-1][1]:
            runs[-1] = (runs[-1][0], start + last)
        else:
            runs.append((start + first, start + last))
    best = max(runs, key=lambda run: run[1] - run[0], default=(start, end))
    return best if best[1] > best[0] else (start, end)

"""Who wrote about something: quotes by different customers whose words are on the topic."""

from __future__ import annotations

import math
import re

import sqlalchemy as sa

from agent.answer import relevance
from agent.answer.context import Context, Statement
from agent.question import items, spelling
from agent.question.cues import is_personal
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack
from huaxiang.store import lexical
from tools import search_reviews


def _on_side(context: Context, one: Evidence) -> bool:
    """Whether a text is on the side asked for: complaints must be negative, praise positive; else anything goes."""
    names = {aim.name for aim in context.aims}
    if not names & {"complaints", "praise"}:
        return True
    polarity = context.deps.sentiment().predict([one.clean], [one.language])[0].polarity
    if "complaints" in names:
        return one.event_kind in ("ticket", "return") or polarity < 0 or (one.rating or 5) <= 2
    return polarity > 0 and one.event_kind != "ticket"


_FIGURE = re.compile(r"(?<![\d.])\d{2,}(?![\d.])")


def _rarity(context: Context, wanted: dict[str, tuple[str, ...]]) -> dict[str, float]:
    """How much each word of a question tells: the fewer texts of the shop have it, the more."""
    with context.deps.shop.engine.connect() as connection:
        counts = {
            word: max(1, len({hit for way in ways[:6] for hit in _ids_with(connection, way)}))
            for word, ways in wanted.items()
        }
    return {word: 1.0 / (1.0 + math.log(count)) ** 2 for word, count in counts.items()}


def _ids_with(connection: sa.Connection, word: str) -> list[str]:
    return [one[0] if isinstance(one, tuple) else str(one) for one in lexical.search(connection, word, limit=100)]


def _in_the_other_language(word: str, pack: FieldPack) -> list[str]:
    """Up to two spellings of a word that the other half of the shop's customers use (vegetarian: 吃素)."""
    return [one for one in spelling.spellings(word, pack)[1:] if one.isascii() != word.isascii()][:2]


def writers(context: Context) -> list[Statement]:
    """Who wrote about the topic: quotes by different customers; words must be shared, meaning alone is not enough."""
    if not context.topic:
        return []
    pack = spelling.pack_of(context)
    foreign = [way for word in context.topic for way in _in_the_other_language(word, pack)]
    query = " ".join([*context.topic, *foreign])
    among = set(context.memo.get("among") or ())
    result = context.call("search_reviews", query=query, limit=60)
    if not isinstance(result, search_reviews.Result):
        return []
    wanted = {word: spelling.spellings(word, pack) for word in [*context.topic, *_FIGURE.findall(context.scope.rest)]}
    weights = _rarity(context, wanted)
    named = set(items.meant(context))
    total = sum(weights.values())
    scored = []
    for hit in result.hits:
        if (
            hit.evidence.speaker != "customer"
            or hit.evidence.event_kind == "search"
            or hit.evidence.flags
            or is_personal(hit.evidence.clean)
            or (among and hit.evidence.customer_id not in among)
        ):
            continue
        low = hit.evidence.clean.lower()
        stems = spelling.stems_of(low)
        held = sum(
            weights[word] for word, ways in wanted.items() if any(spelling.contains(low, way, stems) for way in ways)
        )
        if not _on_side(context, hit.evidence):
            continue
        if any(aim.name == "returns" for aim in context.aims) and hit.evidence.event_kind != "return":
            continue
        if held or hit.evidence.item_id in named:
            scored.append((held + 0.5 * total * (hit.evidence.item_id in named), hit))
    best = max((held for held, _ in scored), default=0.0)
    if best < 0.45 * total:
        return []
    found, seen = [], set()
    for covered, hit in sorted(scored, key=lambda pair: -pair[0]):
        if covered < 0.7 * best or hit.evidence.customer_id in seen:
            continue
        seen.add(hit.evidence.customer_id)
        context.customer_id = hit.evidence.customer_id
        start, end = (0, len(hit.evidence.clean)) if relevance.is_short(hit.evidence.clean) else (hit.start, hit.end)
        found.append(
            Statement(
                f"{context.person} — {context.quote(hit.evidence, start, end)}",
                (hit.evidence.evidence_id,),
                kind="quote",
                customer_id=hit.evidence.customer_id,
            )
        )
    context.customer_id = ""
    return found[:6]

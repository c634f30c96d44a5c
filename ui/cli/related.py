"""Which hits of a search over texts have to do with the query at all: a ranking always has a first place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huaxiang.schema.evidence import Hit
    from vectorstore.rank import Match

NEAR_LATIN, NEAR_HAN = 0.848, 0.876
"""Least cosine of e5 at which a text that shares no word counts, by the query's script (its cosines all lie near 0.8).

Of 20 queries about things that the sample shop has nothing on, none passes; of 25 about things in it, 20 do by meaning alone.
"""
_E5 = "multilingual-e5"


def related(query: str, hits: Sequence[Hit], matches: Sequence[Match], encoder: str | None) -> list[Hit]:
    """The hits that share at least half of the query's content words, or are near it in meaning.

    Args:
        query: what was looked for.
        hits: the ranked hits.
        matches: the candidates with both scores, of the same query.
        encoder: the encoder's name; meaning counts for e5 only, since others have other cosines.
    """
    from agent.question.words import STOP_EN, STOP_ZH
    from huaxiang.store import lexical

    terms = {one for one in lexical.query_terms(query) if one not in STOP_EN and one not in STOP_ZH}
    near = NEAR_LATIN if query.isascii() else NEAR_HAN
    meaning = {one.evidence_id: one.meaning for one in matches} if (encoder or "").startswith(_E5) else {}

    def passes(hit: Hit) -> bool:
        if (meaning.get(hit.evidence.evidence_id) or 0.0) >= near:
            return True
        text = f"{hit.evidence.clean} {hit.evidence.clean_en or ''}"
        return bool(terms) and 2 * len(terms & set(lexical.tokens(text))) >= len(terms)

    return [one for one in hits if passes(one)]

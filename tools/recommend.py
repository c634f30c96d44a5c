"""What to offer a customer next, each item with its reason and the events that led there."""

from __future__ import annotations

import re

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from huaxiang.ledger import project
from huaxiang.recommend import Recommender, open_recommender
from huaxiang.schema.event import Item
from huaxiang.schema.pack import FieldPack
from huaxiang.store import evidence, read
from huaxiang.store import tables as t
from tools.base import Deps, ToolArgs, ToolResult, ToolSpec


class Args(ToolArgs):
    """For whom, and how many."""

    customer_id: str = Field(min_length=1, max_length=120)
    limit: int = Field(5, ge=1, le=30)


class Offer(BaseModel):
    """One item, why, and on what evidence."""

    model_config = ConfigDict(frozen=True)
    item_id: str
    item: Item | None
    score: float
    method: str
    reason_zh: str
    reason_en: str
    evidence: tuple[str, ...]


class Result(ToolResult):
    """Offers, best first."""

    offers: tuple[Offer, ...] = ()

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """One item a line with its reason."""
        lines = [
            f"{o.item.label(language) if o.item else o.item_id}: {o.reason_zh if language == 'zh' else o.reason_en}"
            for o in self.offers
        ]
        return "\n".join(lines)[:max_chars]


def recommend(args: Args, deps: Deps) -> Result:
    """Recommend items for a customer, with the reason for each; never what was just bought, returned or is avoided.

    Use it for "what should we offer", "suggest something".
    """
    found = _recommender(deps).recommend(args.customer_id, limit=args.limit, avoid=avoided(deps, args.customer_id))
    items = read.items_by_id(deps.shop, (one.item_id for one in found))
    offers = tuple(
        Offer(
            item_id=one.item_id, item=items.get(one.item_id), score=one.score, method=one.method, reason_zh=one.reason_zh,
            reason_en=one.reason_en, evidence=tuple(one.evidence),
        )
        for one in found
    )  # fmt: skip
    return Result(offers=offers, evidence=tuple(dict.fromkeys(i for o in offers for i in o.evidence)))


def _recommender(deps: Deps) -> Recommender:
    """The shop's recommender; fitted anew when the shop's events have changed (it compares a fingerprint)."""
    with deps.shop.engine.connect() as connection:
        events = connection.scalar(sa.select(sa.func.count()).select_from(t.events)) or 0
    cached = deps.cache.get("recommender")
    if cached is None or cached[0] != events:
        cached = (events, open_recommender(deps.shop))
        deps.cache["recommender"] = cached
    found: Recommender = cached[1]
    return found


def avoided(deps: Deps, customer_id: str) -> tuple[str, ...]:
    """Spellings of what the profile says the customer avoids or dislikes, as far as the purpose may use it."""
    pack = project.pack_of(deps.shop)
    profile = deps.sight.profile(project.current_profile(deps.shop, customer_id, as_of=deps.as_of))
    spellings: list[str] = []
    for trait in profile.traits:
        if trait.name in ("avoids", "avoids_material", "dislikes") and trait.for_whom is None:
            spellings.extend(pack.spellings_of(trait.name, trait.value))
    for one in evidence.texts_of(deps.shop, customer_id, kinds=("return",)):
        spellings.extend(_named_in(one.clean, pack))
    return tuple(dict.fromkeys(spellings))


def _named_in(reason: str, pack: FieldPack) -> list[str]:
    """Ingredients, materials and scents that a return reason names: why it came back, so not to be offered again."""
    low = reason.lower()
    found: list[str] = []
    for name in ("ingredients", "materials", "scents", "foods"):
        for term in pack.vocabularies.get(name, {}).values():
            if any(
                re.search(rf"\b{re.escape(one.lower())}\b", low) if one.isascii() else one in low
                for one in term.spellings
            ):
                found.extend(term.spellings)
    return found


SPEC = ToolSpec(name="recommend", effect="read", args=Args, run=recommend)

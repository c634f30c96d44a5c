"""Customers whose own texts say a thing that no profile holds yet: "Biscuit is a beagle", 我脚宽,43码挤."""

from __future__ import annotations

import re

import sqlalchemy as sa

from agent.answer.context import Context, Statement
from agent.question import shop_items, spelling
from agent.question.cues import FIELD_PATTERNS, gives_orders, is_personal
from agent.statements import repute
from huaxiang.ledger.whose import named_in, receivers
from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read
from huaxiang.store import tables as t

FIELDS = frozenset({"has_pet", "shoe_size"})
"""Fields whose words in a text are plain enough to count without the ledger's check."""
_NOT_OWN = re.compile(
    r"邻居|隔壁|楼[上下]|房东|室友|舍友|朋友|同事|人家|别人|亲戚|[他她哥姐弟妹爸妈叔舅姨]家|没有?养|养不了|不养|想养|\b(?:neighbou?r|next[- ]door|upstairs|downstairs|(?:room|flat|house)-?mates?|landlord|landlady|boss|friend|sister|brother|mother|father|parents?|colleague|someone|no|without|don'?t have)\b.{0,16}",
    re.IGNORECASE,
)
_SHOES = re.compile(r"鞋|靴|脚|\b(?:shoes?|boots?|sneakers?|slippers?|sandals?|feet|toes?)\b", re.IGNORECASE)


def holders(context: Context, values: tuple[str, ...], known: set[str], among: tuple[str, ...]) -> list[Statement]:
    """Who else says so, then a quote each; [] where nobody does or the field is not one of `FIELDS`.

    Args:
        values: the values asked for; none means no search in texts.
        known: customers whose profile holds it already.
        among: only these customers; empty means everyone.
    """
    field = context.fields[0] if context.fields else ""
    if field not in FIELDS or not values:
        return []
    pack = spelling.pack_of(context)
    terms = pack.terms(field) if field in pack.fields else {}
    ways = {way for value in values for way in ((value,) if value not in terms else terms[value].spellings)}
    chosen: dict[str, Evidence] = {}
    for one in _texts(context, ways):
        if one.customer_id in known or one.customer_id in chosen or (among and one.customer_id not in among):
            continue
        if _says(context, one, field, ways):
            chosen[one.customer_id] = one
    if not chosen:
        return []
    people = read.customers_by_id(context.deps.shop, chosen)
    names = [f"{p.name or p.customer_id}({p.customer_id})" for p in people.values()]
    text = context.say(
        f"档案未记,但文字里这样说过的还有 {len(names)} 位: {'、'.join(names)}。",
        f"Not in the profile, but said in their texts by {len(names)} more: {', '.join(names)}.",
    )
    head = Statement(
        text, tuple(one.evidence_id for one in chosen.values()), direct=True, figures=(text,), kind="summary"
    )
    return [head, *(repute.quoted(context, one) for one in list(chosen.values())[:3])]


def _texts(context: Context, ways: set[str]) -> list[Evidence]:
    v = t.evidence.c
    likes = [v.clean.ilike(f"%{way}%") for way in sorted(ways)]
    query = sa.select(v.evidence_id).where(v.kind == "text", sa.or_(*likes)).order_by(v.occurred_at.desc()).limit(300)
    with context.deps.shop.engine.connect() as connection:
        found = list(connection.scalars(query))
    return [
        one
        for one in evidence_store.get(context.deps.shop, found).values()
        if one.speaker == "customer" and one.event_kind in ("review", "message", "ticket", "survey", "return")
    ]


def _says(context: Context, one: Evidence, field: str, ways: set[str]) -> bool:
    """Whether one sentence of the text says it of the writer."""
    from vectorstore import spans

    if one.flags or is_personal(one.clean) or gives_orders(one.clean):
        return False
    if field == "has_pet" and _NOT_OWN.search(one.clean):  # the next sentence says whose it is
        return False
    item = shop_items.catalogue(context.deps).get(one.item_id or "")
    pack = spelling.pack_of(context)
    for start, end in spans.sentences(one.clean):
        piece = one.clean[start:end]
        low = piece.lower()
        stems = spelling.stems_of(low)
        if named_in(pack, piece) if field == "has_pet" else receivers(pack, piece):
            continue
        if _NOT_OWN.search(piece):
            continue
        if field == "shoe_size":
            about = (item is not None and item.category == "shoes") or _SHOES.search(piece)
            sized = any(re.search(rf"(?<![\d.]){re.escape(way)}(?![\d.])\s*(?:码|号)?", piece) for way in ways)
            if about and sized and re.search(r"码|号|\b(?:size|EU|US|UK)\b", piece, re.IGNORECASE):
                return True
        elif any(spelling.contains(low, way.lower(), stems) for way in ways):
            at_home = re.search(FIELD_PATTERNS[field], piece, re.IGNORECASE)
            if at_home or (
                item is not None and item.category == "pets" and re.search(r"\bis an?\b|我家|是只|是条", piece)
            ):
                return True
    return False

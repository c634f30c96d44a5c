"""Statements that recommend: each item with its reason and the events that led there."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.answer.context import Context, Statement
from agent.question import items, shop_items, spelling, words
from agent.statements import opinions, order_lines, traits
from huaxiang.schema.event import Item
from huaxiang.schema.evidence import Evidence
from huaxiang.store import render
from tools import recommend


def _price_limit(question: str) -> int | None:
    """The highest price asked for, minor units of whatever currency the items have; None when none is named."""
    found = re.search(
        r"(\d+)\s*(?:块|元|rmb|cny)?\s*(?:以内|以下|之内|内的)|(?:不超过|最多|预算)\s*(\d+)|(?:under|below|up to|at most|less than|max(?:imum)?|within)\s*[$¥]?\s*(\d+)",
        question, re.IGNORECASE,
    )  # fmt: skip
    if order_lines.currencies(question) - {"CNY"} or "$" in question:  # the catalogue is priced in another currency
        return None
    return int(next(one for one in found.groups() if one)) * 100 if found else None


def _fits(offer: recommend.Offer, meant: set[str], most: int | None) -> bool:
    item = offer.item
    if most is not None and (item is None or item.price_minor is None or item.price_minor > most):
        return False
    return not meant or offer.item_id in meant


def _from_the_catalogue(
    context: Context, meant: set[str], most: int | None, unwelcome: list[str], *, vegan: bool, new_only: bool
) -> list[Statement]:
    """Items of the kind asked for, those never had first, resting on what the customer ordered of that category."""
    entries = [e for e in order_lines.fetch(context, "order", "return", "review", anytime=True).entries if e.item]
    had = {e.event.item_id for e in entries}
    returned = {e.event.item_id for e in entries if e.event.kind == "return"}
    avoided = [word.lower() for word in recommend.avoided(context.deps, context.customer_id)]
    found = []
    for item in shop_items.catalogue(context.deps).values():
        label = " ".join(filter(None, (item.title, item.title_en, item.material, item.color))).lower()
        dear = most is not None and (item.price_minor is None or item.price_minor > most)
        if item.item_id not in meant or dear or item.item_id in returned or (new_only and item.item_id in had):
            continue
        if not _welcome(item, unwelcome, vegan=vegan) or any(holds(label, word) for word in avoided):
            continue
        own = [e.evidence_id for e in entries if e.event.item_id == item.item_id][:3]
        akin = own or [e.evidence_id for e in entries if e.item and e.item.category == item.category][:3]
        akin = akin or [e.evidence_id for e in entries][:1]
        if akin:
            found.append(_of_the_kind(context, item, akin, again=bool(own)))
    return sorted(found, key=lambda one: -one.score)[:5]


def holds(label: str, word: str) -> bool:
    """Whether an item's words hold a thing, rather than promise its absence (不辣, fragrance-free)."""
    found = re.search(rf"(?<![不无免])(?<!no )(?<!non-){re.escape(word)}(?![- ]free)", label)
    return found is not None


def _of_the_kind(context: Context, item: Item, evidence: list[str], *, again: bool) -> Statement:
    name = item.label(context.language)
    price = render.money(item.price_minor, item.currency) if item.price_minor is not None else ""
    why_zh = "顾客以前买过,符合所问" if again else "符合所问的品类与条件,依据顾客的购买记录"
    why_en = (
        "had before, and it fits what is asked"
        if again
        else "of the kind asked for, judged by what the customer has had"
    )
    text = context.say(
        f"可推 {name}({item.item_id}){price}:{why_zh}。", f"Could offer {name} ({item.item_id}) {price}: {why_en}."
    )
    return Statement(
        text,
        tuple(evidence),
        score=(1.5 if _REFILL.search(context.question) else 0.5) if again else 1.0,
        direct=True,
        figures=(text,),
        customer_id=context.customer_id,
        kind="offer",
    )


_CHILD = re.compile(
    r"女儿|儿子|孩子|小孩|宝宝|孙子|孙女|外甥|侄|\b(daughter|son|kids?|child(ren)?|toddler|nephew|niece|grandson|granddaughter)\b",
    re.IGNORECASE,
)
_NEW_ONLY = re.compile(
    r"没买过|还没(买|试|用)|没试过|新的|\b(hasn'?t|haven'?t|not|never) .{0,30}\b(bought|tried|had|ordered)\b|\bsomething new\b",
    re.IGNORECASE,
)
_NO_ANIMAL = re.compile(
    r"纯素|素食|不(吃|用).{0,4}(肉|动物)|\bvegan|\bnothing from animals|\banything from animals|\banimal products|\banything animal\b|\banimal[- ]?(?:free|based|derived)|\bfrom animals\b|动物(?:来源|成分|制品)",
    re.IGNORECASE,
)
_ANIMAL = re.compile(
    r"牛|羊|猪|鸡|鸭|鱼|虾|肉|蜂|蜜|奶|蛋|羽绒|皮革|真皮|麂皮|羊绒|羽毛|明胶|毛毡|丝|\b(beef|pork|chicken|fish|salmon|meat|sausage|honey|bees?wax|milk|egg|wool|merino|leather|suede|felt|feathers?|gelatin|lanolin|down|silk|cashmere|jerky)\b",
    re.IGNORECASE,
)
_NOT_WORDS = re.compile(
    r"(?:不要|别|除了|不含|没有|不带)([\u4e00-\u9fff]{1,4})|\b(?:no|not|without|nothing with|except|but not)\s+(?:any\s+)?([a-z]{3,})",
    re.IGNORECASE,
)


_WITHOUT = "不无"
"""First characters of words that promise an absence (不辣): whoever avoids the thing wants just that."""


_CANNOT = re.compile(
    r"(?:闻不了|受不了|不能(?:闻|用|碰)|过敏|不要|怕)[^,，。?？]{0,8}|\b(?:can'?t|cannot|no|without|avoids?|allergic to|hates?)\b.{0,24}",
    re.IGNORECASE,
)


def _unwelcome(context: Context, meant: set[str]) -> list[str]:
    """Words that an item offered must not have: what the question rules out, and what put the customer off.

    Of the customer's own words only those count that tell one item meant from another (a flavour, a colour).
    """
    found = [one.lower() for pair in _NOT_WORDS.findall(context.question) for one in pair if one]
    chosen = [shop_items.catalogue(context.deps)[one] for one in meant if one in shop_items.catalogue(context.deps)]
    each = [
        {
            t
            for t in (*(i.title or "").split()[1:], *spelling.stems_of(i.title_en or ""), i.color or "")
            if len(t) > 1 and not t.isdigit()
        }
        for i in chosen
    ]
    every = {token for one in each for token in one}
    tokens = {token for token in every if len(each) < 2 or not all(token in one for one in each)}
    topic = " ".join(context.topic)
    found += [one for one in recommend.avoided(context.deps, context.customer_id) if _SCENT_AVOIDED.search(one)]
    if _SCENT_AVOIDED.search(" ".join(m.group(0) for m in _CANNOT.finditer(context.question))):
        found.append("香精")
    for one in opinions.put_off(context):
        low = one.lower()
        stems = spelling.stems_of(low)
        found += [token for token in tokens if token not in topic and spelling.contains(low, token, stems)]
    return found


_SCENT_AVOIDED = re.compile(r"香精|香味|香料|气味|\b(?:fragrance|perfume|scent)", re.IGNORECASE)
_SCENTED = re.compile(
    r"(?<!无)香(?!菇|肠|蕉|草)|玫瑰|薰衣草|茉莉|檀|柑橘|\b(?:rose|lavender|jasmine|sandalwood|perfumed?|scented|fragranced|citrus|vanilla)\b",
    re.IGNORECASE,
)
_UNSCENTED = re.compile(r"无香|\b(?:fragrance|scent|perfume)[- ]free\b|\bunscented\b", re.IGNORECASE)


def _smells(item: Item) -> str:
    """The word of an item's title that promises a scent; "" when it promises none, or is no care product."""
    label = f"{item.title or ''} {item.title_en or ''}"
    if item.category not in ("beauty", "home") or _UNSCENTED.search(label):
        return ""
    found = _SCENTED.search(label)
    return found.group(0) if found else ""


def _welcome(item: Item | None, unwelcome: list[str], *, vegan: bool) -> bool:
    if item is None:
        return True
    if any(_SCENT_AVOIDED.search(one) for one in unwelcome) and _smells(item):
        return False
    label = " ".join(filter(None, (item.title, item.title_en, item.material, item.color))).lower()
    stems = spelling.stems_of(label)
    if vegan and _ANIMAL.search(label):
        return False
    plain = [word for word in unwelcome if not _SCENT_AVOIDED.search(word)]  # "fragrance free" holds the word too
    return not any(spelling.contains(label, word, stems) for word in plain)


def _asked_for(context: Context) -> tuple[str, ...]:
    """Items of the kind asked for: what the question rules out names no kind."""
    clauses = [
        one for one in re.split(r"[,.;，。；?!？！]|\bbut\b|但", context.scope.rest) if not _RULED_OUT.search(one)
    ]
    text = " ".join(clauses) or context.scope.rest
    return items.meant(context, text, words.content_words(text, context.language))


_RULED_OUT = re.compile(
    r"不要|别推|不能|不吃|不穿|不含|除了|嫌|\b(can'?t|cannot|without|no|not|nothing|don'?t|won'?t|avoid\w*|allerg\w*)\b",
    re.IGNORECASE,
)


def _why_not(context: Context) -> list[Statement]:
    """What the customer avoids, with the words that say it: the reason why some items are not offered."""
    kept, context.fields = context.fields, ["avoids", "avoids_material", "dislikes", "skin_type"]
    found = [
        replace(one, text=one.text.split(" — ")[0], direct=True, kind="fact") for one in traits.by_fields(context)[:2]
    ]
    context.fields = kept
    return found


def offers(context: Context) -> list[Statement]:
    """Up to five items, then what the customer avoids; an item without evidence is not shown."""
    found = _offers(context)
    reasons = _why_not(context)
    return [*found, *reasons] if found else reasons


def _offers(context: Context) -> list[Statement]:
    """What the recommender offers of the kind asked for, else what the catalogue has of it."""
    meant = set(_asked_for(context))
    if not meant and _CHILD.search(context.question):
        meant = {item.item_id for item in shop_items.catalogue(context.deps).values() if item.category == "kids"}
    most = _price_limit(context.question)
    unwelcome = _unwelcome(context, meant)
    vegan = bool(_NO_ANIMAL.search(context.question)) or any(
        _NO_ANIMAL.search(one.clean) for one in opinions.own_texts(context)
    )
    new_only = bool(_NEW_ONLY.search(context.question))
    had = {e.event.item_id for e in order_lines.fetch(context, "order", anytime=True).entries} if new_only else set()
    result = context.call(
        "recommend", customer_id=context.customer_id, limit=30 if meant or most or vegan or new_only else 5
    )
    if not isinstance(result, recommend.Result):
        return []
    fitting = [
        o
        for o in result.offers
        if o.evidence and _fits(o, meant, most) and _welcome(o.item, unwelcome, vegan=vegan) and o.item_id not in had
    ]
    if meant and (not fitting or _REFILL.search(context.question)):
        return _from_the_catalogue(context, meant, most, unwelcome, vegan=vegan, new_only=new_only)
    found = []
    for rank, offer in enumerate(fitting[:5]):
        name = offer.item.label(context.language) if offer.item else offer.item_id
        item = offer.item
        price = f" {render.money(item.price_minor, item.currency)}" if item and item.price_minor is not None else ""
        text = context.say(
            f"推荐 {name}({offer.item_id}){price}:{offer.reason_zh}",
            f"Suggest {name} ({offer.item_id}){price}: {offer.reason_en}",
        )
        found.append(
            Statement(
                text,
                offer.evidence,
                score=1 - rank / 10,
                direct=True,
                figures=(text,),
                customer_id=context.customer_id,
                kind="offer",
            )
        )
    return found


_REFILL = re.compile(
    r"用完|快没|见底|囤|补货|回购|续(?:上|买)|\b(?:r[ua]nn?(?:ing)? (?:out|low)|refill|restock|top up|another (?:one|jar|tub|bag)|almost (?:out|empty))\b",
    re.IGNORECASE,
)
"""Words by which somebody wants more of what they have."""
_MAY = re.compile(
    r"(?:能不能|可不可以|可以|能|适合|适不适合|合适)[^,，。?？]{0,14}(?:推|用|吃|穿|喝|给|卖|送)|(?:推|卖|推荐)给.{0,30}(?:行|可以|合适|不$|不 |吗|么)|(?:行不行|行吗|合适吗|可以吗|能用吗|能吃吗)"
    r"|\b(?:can|could|may|should|would|is|are)\b.{0,60}\b(?:have|use|eat|wear|drink|take|offer|sell|pitch|recommend(?:ed)?|ok(?:ay)?|safe|fine|suitable|suit)\b|\bgood (?:fit|idea) for\b",
    re.IGNORECASE,
)


def may_have(context: Context) -> list[Statement]:
    """Why an item named must not be offered: what it holds that the customer avoids, with the words that say it; [] when nothing speaks against it."""
    things = items.meant(context)
    if (
        not _MAY.search(context.question)
        or not 0 < len(things) <= 2
        or re.search(r"哪|什么|\b(what|which)\b", context.scope.rest, re.IGNORECASE)
    ):
        return []
    avoided = recommend.avoided(context.deps, context.customer_id)
    texts = opinions.own_texts(context)
    vegan = [one for one in texts if _NO_ANIMAL.search(one.clean)]
    returned = [e for e in order_lines.fetch(context, "return", anytime=True).entries if e.event.item_id in things]
    for one in things:
        item = shop_items.catalogue(context.deps)[one]
        label = " ".join(filter(None, (item.title, item.title_en, item.material))).lower()
        held = [word for word in avoided if holds(label, word.lower())]
        animal = _ANIMAL.search(f"{item.material or ''} {label}") if vegan else None
        scent = _smells(item) if any(_SCENT_AVOIDED.search(word) for word in avoided) else ""
        found = held or ([animal.group(0)] if animal else []) or ([scent] if scent else [])
        behind = [
            t for t in texts if any(_SCENT_AVOIDED.search(w) if scent else w.lower() in t.clean.lower() for w in found)
        ]
        said = [t for t in vegan if t not in behind] if animal and not held else behind or vegan
        proof = (said or behind)[:2]
        if found and (proof or returned):
            return _against(context, item, found[0], proof, tuple(e.evidence_id for e in returned))
    return []


def _against(
    context: Context, item: Item, word: str, proof: list[Evidence], returned: tuple[str, ...]
) -> list[Statement]:
    name = item.label(context.language)
    made = f"({item.material})" if item.material and item.material.lower() != word.lower() else ""
    text = context.say(
        f"不宜给{context.person}推 {name}:它含 {word}{made},而顾客要避开。",
        f"Better not offer {name} to {context.person}: it has {word}{made}, which this customer avoids.",
    )
    cited = tuple(one.evidence_id for one in proof) + returned
    head = Statement(
        text, cited, score=1.5, direct=True, figures=(text,), customer_id=context.customer_id, kind="offer"
    )
    quotes = [
        Statement(context.quote(one), (one.evidence_id,), direct=True, kind="quote", customer_id=context.customer_id)
        for one in proof
    ]
    return [head, *quotes]

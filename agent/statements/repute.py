"""What customers say of an item of the shop, and who had which trouble with it: reviews, returns, tickets and messages alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa

from agent.answer import relevance
from agent.answer.context import Context, Statement
from agent.question import dictionary, item_names, items, shop_items, spelling, words
from agent.question.cues import is_personal
from huaxiang.schema.event import Item
from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read
from huaxiang.store import tables as t
from huaxiang.text.aspects import find_aspects
from tools import search_reviews

_SAY = re.compile(
    r"评|说|觉得|反馈|反映|口碑|吐槽|\b(?:say|said|saying|think|reviews?|feedback|opinions?|reputation|like about|issues?|problems?|complain\w*)\b",
    re.IGNORECASE,
)
FAULTS = re.compile(
    r"毛病|问题|缺点|槽点|抱怨|投诉|不满|吐槽|差评|负面|意见|缺陷|故障|坏|破|裂|碎|漏|断|开胶|鼓包|少件|发错|骂|嫌"
    r"|\b(?:complain\w*|problems?|issues?|faults?|faulty|defect\w*|gripes?|negative|bad|wrong|trouble|broken?|crack\w*|chip\w*|leak\w*|fail\w*|die[sd]?|disconnect\w*|damag\w*|tore|torn|split|swol\w*|bulg\w*|peel\w*|missing|griev\w*|niggles?|hate\w*|dislike\w*|downsides?|weak points?|cons)\b",
    re.IGNORECASE,
)
"""Words of a question on what is wrong with a thing."""
_WRITTEN = ("ticket", "message", "survey")
MOST_QUOTES = 6


def texts_about(context: Context, things: Iterable[str]) -> list[Evidence]:
    """Customers' texts on these items, newest first: by item, and tickets or messages that name it in an order or in words."""
    wanted = tuple(things)[:200]
    among = set(context.memo.get("among") or ())
    found = {one.evidence_id: one for one in evidence_store.texts_on(context.deps.shop, wanted)}
    for one in evidence_store.texts_of_events(context.deps.shop, _events_around(context, wanted)):
        found.setdefault(one.evidence_id, one)
    return sorted(
        (
            one
            for one in found.values()
            if one.speaker == "customer" and one.event_kind != "search" and (not among or one.customer_id in among)
        ),
        key=lambda one: -(one.occurred_at or 0),
    )


def _events_around(context: Context, wanted: tuple[str, ...]) -> list[str]:
    """Tickets, messages and surveys without an item whose words name one of these, by customers who had it or asked of it."""

    e = t.events.c
    catalogue = shop_items.catalogue(context.deps)
    chosen = [catalogue[one] for one in wanted if one in catalogue]
    with context.deps.shop.engine.connect() as connection:
        had = {
            (row.customer_id, row.order_id, row.item_id)
            for row in connection.execute(
                sa.select(e.customer_id, e.order_id, e.item_id).where(e.item_id.in_(wanted), e.kind.in_(("order", "review", "return")))
            )
        }  # fmt: skip
        owners = {customer for customer, _, _ in had}
        single = _single_orders(connection, {order for _, order, _ in had if order})
        rows = connection.execute(
            sa.select(e.event_id, e.customer_id, e.order_id, e.kind).where(
                e.kind.in_(_WRITTEN), e.item_id.is_(None), e.speaker == "customer", e.has_text, e.customer_id.in_(owners)
            )
        ).all()  # fmt: skip
    texts = {
        one.event_id: one for one in evidence_store.texts_of_events(context.deps.shop, [row.event_id for row in rows])
    }
    kept = []
    for row in rows:
        text = texts.get(row.event_id)
        if text is None:
            continue
        if (row.kind == "ticket" and row.order_id in single) or _names(text.clean, text.language, chosen):
            kept.append(str(row.event_id))
    return kept


def _single_orders(connection: sa.Connection, order_ids: set[str]) -> set[str]:
    """Orders of one line: what is written of them is on that line's item."""
    e = t.events.c
    rows = connection.execute(
        sa.select(e.order_id, sa.func.count(sa.distinct(e.item_id)).label("lines"))
        .where(e.kind == "order", e.order_id.in_(order_ids))
        .group_by(e.order_id)
    )
    return {str(row.order_id) for row in rows if row.lines == 1}


_PLAIN = frozenset(
    "set pair pack kit new old light box case one two left right black white size order big small".split()
)


def _names(text: str, language: str, chosen: list[Item]) -> bool:
    """Whether a text names one of the items: a telling word of its title, in either language, or its model."""
    told = [
        word
        for word in words.content_words(text, language or "en")
        if word not in _PLAIN and not item_names.is_color(word)
    ]
    return any(item_names.item_score(item, [word]) >= 1.0 for item in chosen for word in told if len(word) > 1)


def side(context: Context, texts: list[Evidence]) -> dict[str, str]:
    """`positive`, `negative` or `neutral` by evidence id: stars and kind decide where they say it, the model else."""
    readings = context.deps.sentiment().predict([one.clean for one in texts], [one.language for one in texts])
    found = {}
    for one, reading in zip(texts, readings, strict=True):
        label = str(reading.label)
        if one.event_kind == "review" and one.rating is not None:
            label = "negative" if one.rating <= 2 else "positive" if one.rating >= 5 else label
        elif one.event_kind in ("return", "ticket"):
            label = "negative"
        found[one.evidence_id] = label
    return found


def asks_faults(context: Context) -> bool:
    """Whether the question is on what is wrong with a thing."""
    return "complaints" in {aim.name for aim in context.aims} or bool(FAULTS.search(context.question))


def reputation(context: Context) -> list[Statement]:
    """What customers say of an item of the shop: how many texts on each side, the faults named most, the clearest sentences."""
    things = items.meant(context)
    names = {aim.name for aim in context.aims}
    if not things or not (
        names & {"complaints", "praise", "opinion", "rating"} or context.aspects or _SAY.search(context.question)
    ):
        return []
    texts = [one for one in texts_about(context, things) if not one.flags]
    if context.span:
        texts = [one for one in texts if _within(context, one)]
    faults = asks_faults(context) and "praise" not in names
    if context.aspects and not faults:
        texts = [one for one in texts if any(m.aspect in context.aspects for m in find_aspects(one.clean))] or texts
    if not texts:
        return []
    sides = side(context, texts)
    p, n = (sum(one == label for one in sides.values()) for label in ("positive", "negative"))
    label = items.label(context, things)
    returned = sum(one.event_kind == "return" for one in texts)
    tickets = sum(one.event_kind in ("ticket", "message") for one in texts)
    head_text = context.say(
        f"关于{label}的 {len(texts)} 段顾客文字(其中退货原因 {returned}、工单和消息 {tickets}):正面 {p},负面 {n},中性 {len(texts) - p - n}。",
        f"{len(texts)} customer texts on {label} ({returned} return reasons, {tickets} tickets and messages): {p} positive, {n} negative, {len(texts) - p - n} neutral.",
    )
    head = Statement(
        head_text, tuple(one.evidence_id for one in texts), direct=True, figures=(head_text,), kind="summary"
    )
    quotes = clearest(context, texts, negative=faults, positive="praise" in names)
    if not faults:
        return [head, *quotes]
    later = [replace(one, direct=False, score=0.9 - rank / 100) for rank, one in enumerate(quotes[3:])]
    return [*quotes[:3], *_commonest(context, texts, sides), head, *later]


def _within(context: Context, one: Evidence) -> bool:
    from huaxiang import clock

    if context.span is None or one.occurred_at is None:
        return context.span is None
    day = clock.day_of(one.occurred_at, context.deps.shop.tz)
    return (context.span.since is None or day >= context.span.since) and (
        context.span.until is None or day <= context.span.until
    )


def _commonest(context: Context, texts: list[Evidence], sides: dict[str, str]) -> list[Statement]:
    """The aspects that most of the negative texts name, when two or more share one."""
    from huaxiang.text.taxonomy import ASPECTS

    model = context.deps.sentiment()
    told: dict[str, set[str]] = {}
    for one in texts:
        poor = sides[one.evidence_id] == "negative"
        for start, end, reading in model.sentence_polarities(one.clean):
            if not poor and reading.polarity >= -0.2:
                continue
            for mention in find_aspects(one.clean[int(start) : int(end)]):
                told.setdefault(mention.aspect, set()).add(one.evidence_id)
    counts = Counter({aspect: len(ids) for aspect, ids in told.items() if len(ids) > 1}).most_common(3)
    if not counts:
        return []
    named = [f"{ASPECTS.get(a, {}).get(context.language, a)} {n}" for a, n in counts]
    text = context.say(
        f"不满里提到最多的方面(按文字数):{'、'.join(named)}。",
        f"What the unhappy texts name most (texts each): {', '.join(named)}.",
    )
    cited = tuple(dict.fromkeys(one for a, _ in counts for one in sorted(told[a])))
    return [Statement(text, cited, score=0.9, direct=True, figures=(text,), kind="summary")]


def clearest(context: Context, texts: list[Evidence], *, negative: bool, positive: bool) -> list[Statement]:
    """One sentence a text, strongest first on the side asked for; both sides when none is."""
    model = context.deps.sentiment()
    scored = []
    for one in texts:
        pieces = model.sentence_polarities(one.clean)
        low = min(pieces, key=lambda piece: piece[2].polarity, default=None)
        high = max(pieces, key=lambda piece: piece[2].polarity, default=None)
        rated = (
            ((one.rating or 3) - 3) / 2
            if one.event_kind == "review"
            else {"return": -0.5, "ticket": -0.5, "message": 0.8}.get(one.event_kind or "", 0.0)
        )
        if low is not None and not (positive and not negative):
            scored.append((low[2].polarity + 0.4 * rated, one, low))
        elif high is not None:
            scored.append((-high[2].polarity - 0.4 * rated, one, high))
    found: list[Statement] = []
    told: set[tuple[str, str | None]] = set()
    for score, one, piece in sorted(scored, key=lambda row: row[0]):
        if len(found) == MOST_QUOTES or score > (0.35 if found else 1.0):
            break
        if is_personal(one.clean) or (one.customer_id, one.item_id) in told:
            continue
        told.add((one.customer_id, one.item_id if one.event_kind == "review" else one.evidence_id))
        start, end = (0, len(one.clean)) if relevance.is_short(one.clean) else (int(piece[0]), int(piece[1]))
        found.append(quoted(context, one, start, end))
    return found


_STATE = re.compile(
    r"结了?(?:没|吗)|结案|解决|处理|搞定|关了|\b(?:solved|resolved|closed|sorted|fixed|open|status|dealt)\b",
    re.IGNORECASE,
)


def quoted(context: Context, one: Evidence, start: int = 0, end: int = 0) -> Statement:
    """A customer's words with the customer's name; with its state where a ticket's state is asked for."""
    kept, context.customer_id = context.customer_id, one.customer_id
    note = ""
    if one.event_kind == "ticket" and _STATE.search(context.question):
        event = read.events_by_id(context.deps.shop, [one.event_id or ""]).get(one.event_id or "")
        state = (event.status if event else None) or ""
        zh = {"open": "未解决", "solved": "已解决"}.get(state, state)
        note = context.say(f",工单状态:{zh}({state})", f", ticket status: {state}") if state else ""
    text = f"{context.person} — {context.quote(one, start, end, note=note)}"
    context.customer_id = kept
    return Statement(text, (one.evidence_id,), direct=True, kind="quote", customer_id=one.customer_id)


def troubled(context: Context) -> list[Statement]:
    """Who had the trouble named with the item named, a quote each; [] when the question names no item or no trouble."""
    things = items.meant(context)
    if not things or not asks_faults(context):
        return []
    texts = [one for one in texts_about(context, things) if not one.flags and not is_personal(one.clean)]
    if context.span:
        texts = [one for one in texts if _within(context, one)]
    if not texts:
        return []
    sides = side(context, texts)
    model = context.deps.sentiment()
    poor = [
        one
        for one in texts
        if sides[one.evidence_id] == "negative" or min((p[2].polarity for p in model.sentence_polarities(one.clean)), default=0) < -0.2
    ]  # fmt: skip
    # one who gives four stars may still name the trouble; five stars or praise do not
    mixed = [one for one in texts if one in poor or (one.rating or 0) <= 4]
    kept = _on_trouble(context, poor, mixed)
    unique: dict[str, Evidence] = {}
    for one in sorted(kept, key=lambda one: one.event_kind != "ticket" if _STATE.search(context.question) else 0):
        unique.setdefault(one.customer_id, one)
    if not unique:
        return []
    label = items.label(context, things)
    people = read.customers_by_id(context.deps.shop, unique)
    names = [f"{p.name}({p.customer_id})" if p.name else p.customer_id for p in people.values()]
    text = context.say(
        f"就{label}反映过问题的顾客有 {len(names)} 位:{'、'.join(names[:30])}。",
        f"{len(names)} customers reported trouble with {label}: {', '.join(names[:30])}.",
    )
    head = Statement(
        text, tuple(one.evidence_id for one in unique.values()), direct=True, figures=(text,), kind="summary"
    )
    return [head, *(quoted(context, one) for one in list(unique.values())[:MOST_QUOTES])]


_GENERAL = frozenset(
    "毛病 问题 缺点 抱怨 投诉 不满 吐槽 反映 反馈 差评 遇到 碰到 碰上 出现 发生 有过 退货 complain complained complaint complaints problem problems issue issues trouble"
    " arrive arrived arriving arrives came come get got people customers customer who 收到 到货 到手 货 客户 顾客 谁 reported report had having with about wrong fault faults bad".split()
)


def _on_trouble(context: Context, poor: list[Evidence], mixed: list[Evidence]) -> list[Evidence]:
    """Of the unhappy texts those on the trouble named: by its words in either language, or by its aspect; all when none is named."""
    pack = spelling.pack_of(context)
    title = relevance.item_words(context)
    every = words.content_words(context.scope.rest, context.language)  # the topic lacks "broken", which is also a cue
    told = [word for word in every if word not in title and word not in _GENERAL and not _in_title(context, word)]
    if not told and not context.aspects:
        return poor
    ways = {
        way
        for word in told
        for way in (*spelling.spellings(word, pack), *(dictionary.translations(word) if len(word) > 1 else ()))
        if way
    }
    ways |= {word[i : i + 2] for word in told if not word.isascii() and len(word) > 2 for i in range(len(word) - 1)}
    held = [one for one in mixed if _holds(one, ways)]
    own = {m.aspect for word in told for m in find_aspects(word) if m.end - m.start >= len(word) - 1}
    if not told or not held:
        own |= {m.aspect for m in find_aspects(" ".join(told))} or set(context.aspects)
    akin = [one for one in poor if one not in held and any(m.aspect in own for m in find_aspects(one.clean))]
    if not told or not held:
        return akin
    near = set(_near(context, told))  # the other language says it in words that no dictionary has
    foreign = [one for one in poor if one not in held and one.language != context.language and one.evidence_id in near]
    return [*held, *akin, *(one for one in foreign if one not in akin)]


def _holds(one: Evidence, ways: set[str]) -> bool:
    low = one.clean.lower()
    stems = spelling.stems_of(low)
    return any(spelling.contains(low, way, stems) or (len(way) == 1 and way in low) for way in ways)


def _near(context: Context, told: list[str]) -> list[str]:
    """Evidence ids of the texts nearest in meaning to the trouble, over the whole shop."""
    result = context.call("search_reviews", query=" ".join(told), limit=30)
    return [hit.evidence.evidence_id for hit in result.hits] if isinstance(result, search_reviews.Result) else []


def _in_title(context: Context, word: str) -> bool:

    catalogue = shop_items.catalogue(context.deps)
    return any(
        item_names.item_score(catalogue[one], [word]) >= 1.0 for one in items.meant(context)[:5] if one in catalogue
    )


def of_customer(context: Context) -> list[Statement]:
    """What was wrong with the item named, in this customer's words: tickets and returns first, then what else is unhappy."""
    things = items.meant(context)
    if not things:
        return []
    texts = [one for one in texts_about(context, things) if one.customer_id == context.customer_id]
    if context.span:
        texts = [one for one in texts if _within(context, one)]
    if not texts:
        return []
    sides = side(context, texts)
    model = context.deps.sentiment()
    scored = []
    for one in texts:
        worst = min((piece[2].polarity for piece in model.sentence_polarities(one.clean)), default=0.0)
        if sides[one.evidence_id] == "negative" or worst < -0.2:
            scored.append((one.event_kind in ("ticket", "return"), -worst, one))
    return [
        Statement(
            context.quote(one),
            (one.evidence_id,),
            score=1.0 + 0.2 * first,
            kind="quote",
            customer_id=context.customer_id,
        )
        for first, _, one in sorted(scored, key=lambda row: (-row[0], -row[1]))[:4]
    ]

"""How long between two things that the question names: from the order to the bad review, from a return to the next order."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from agent.answer.context import Context, Statement
from agent.question import aims, dictionary, item_names, items, query, shop_items, spelling, words
from agent.statements import order_lines, traits
from huaxiang import clock
from huaxiang.schema.event import EventKind, Item
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read
from tools import timeline


def _re(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_LONG = r"(?:多久|多长时间|多少(?:天|周|个?星期|个?月|日子)|几(?:天|周|个?星期|个?月|个?礼拜))"
_PAIRS: tuple[re.Pattern[str], ...] = (
    # the groups a and b, earlier and later; b may be named first
    _re(rf"从(?P<a>.+?)(?:开始)?[,，]?(?:到|至)(?P<b>.+?)[,，]?(?:之间|中间|一共|总共|相?隔|间隔|过|差|花|用|前后|等|是|有)*了?{_LONG}"),
    _re(rf"(?P<a>.+?)(?:和|跟|与|到)(?P<b>.+?)(?:之间|中间|相?隔|间隔|相差|差)[,，]?.{{0,6}}?{_LONG}"),
    _re(rf"(?P<a>.+?)(?:之后|以后|后|完)?[,，]?(?:又|再)?(?:过了?|隔了?|等了?|用了?|花了?|时隔)?{_LONG}(?:之后|以后|后)?[,，]?(?:她|他|TA|ta)?(?:才|就|又|再|便)(?P<b>.+)"),
    _re(rf"(?P<a>.+?)(?:之后|以后|后)[,，]?{_LONG}(?:她|他|TA|ta)?(?P<b>\D.+)"),
    _re(r"\bbetween (?:when )?(?P<a>.+?),? (?:and|to) (?:when )?(?P<b>.+?)(?:\?|$)"),
    _re(r"\bfrom (?:when )?(?P<a>.+?),? (?:until|till|up to|to(?= (?:her|his|their|him|she|he|they|the|when|saying|sending|returning|ordering|buying|reviewing|writing|\w+ing\b))|and) ?(?:when )?(?P<b>.+?)(?:\?|$)"),
    _re(r"\bhow (?:long|many \w+|soon|much time|quickly).{0,24}?\bafter (?P<a>.+?),? (?:did|was|were|before|until|till) ?(?P<b>.+?)(?:\?|$)"),
    _re(r"\bhow (?:long|many \w+|soon|much time|quickly)\b(?: \w+){0,5}? (?:did it take|was it|were there|passed|went by|had (?:passed|gone by)) ?(?:for )?(?P<b>.+?) (?:after|from|since) (?P<a>.+?)(?:\?|$)"),
    _re(r"\bhow (?:long|many \w+|soon|much time|quickly)\b(?: \w+){0,3}? (?P<b>(?:did|was|were|had|has)\b.+?) (?:after|since) (?P<a>.+?)(?:\?|$)"),
    _re(r"\bhow (?:long|many \w+|much time)\b(?: \w+){0,3}? (?P<a>(?:did|was|were|had|has|passed|went by)\b.+?) (?:before|until|till) (?P<b>.+?)(?:\?|$)"),
    _re(r"(?P<a>.+?),? (?:and )?how (?:long|many \w+|much time)\b(?: \w+){0,3}? (?:later|after(?:wards)?|until|till|before|passed before|went by before)\b(?P<b>.+?)(?:\?|$)"),
)  # fmt: skip
_SAYS = _re(
    r"说|表示|放话|吐槽|抱怨|来问|问|\b(say(?:s|ing)?|said|tell(?:s|ing)?|told|complain\w*|moan\w*|done with|ask(?:s|ed|ing)?|writ(?:e|es|ing|ten)|wrote|messag\w+|contact\w*|email\w*)\b"
)
_JOINS = _re(
    r"注册|加入|成为会员|入会|\b(join(?:ed|ing|s)?|regist\w+|sign(?:ed|ing|s)? up|becom\w+ a (?:member|customer))\b"
)
_SOLVES = _re(
    r"解决|处理(?:好|完)?|结掉|结案|办结|关掉|搞定|回复|答复|回应|\b(solv\w+|resolv\w+|clos(?:e|ed|ing)|fix(?:ed|ing)?|repl(?:y|ied|ies|ying)|answer(?:ed|ing)?|respond\w*|got back)\b"
)
_LOW = _re(
    r"差评|低分|[一二两12] ?星|骂|\b(bad|poor|negative|terrible|low|one|two|[12])[- ]?(?:star )?(?:review|rating|stars?)\b|\bslat\w+|\btrash\w+"
)
_HIGH = _re(r"好评|满分|[五5] ?星|\b(good|great|glowing|positive|five|5)[- ]?(?:star )?(?:review|rating|stars?)\b")
_FIRST, _LAST = (
    _re(r"第一|首|最早|头一|\b(first|earliest|initial)\b"),
    _re(r"最后|最近|最新|末|\b(last|latest|most recent|final|newest)\b"),
)
_SECOND = _re(r"第二|再次|又(?:买|下|订)|\b(second|again|next|another)\b")


@dataclass(frozen=True)
class _Moment:
    """One thing that happened: when, in words, its evidence, and how well it fits the phrase."""

    at: int
    words: str
    evidence: str
    item_id: str | None
    fit: float


def asked(context: Context) -> tuple[str, str] | None:
    """The two phrases that a question sets apart, earlier first; None when it asks for no time between two things."""
    text = context.scope.rest
    if not query.asks_gap(text):
        return None
    for pattern in _PAIRS:
        found = pattern.search(text)
        if found and found.group("a").strip() and found.group("b").strip():
            return found.group("a"), found.group("b")
    return None


def between(context: Context) -> list[Statement]:
    """Days between the two things named, earlier first; [] when the records do not show both."""
    pair = asked(context)
    if pair is None:
        return []
    a, b = pair
    first, second = _moments(context, a, b), _moments(context, b, a)
    if not first or not second:
        return []
    best_a, best_b = max(one.fit for one in first), max(one.fit for one in second)
    chosen = [
        (x, y)
        for x in first
        if x.fit >= best_a - 0.01
        for y in second
        if y.fit >= best_b - 0.01 and y.at >= x.at and y.evidence != x.evidence
    ]
    same = [(x, y) for x, y in chosen if x.item_id and x.item_id == y.item_id]
    chosen = same or chosen
    if not chosen:
        return []
    x, y = min(chosen, key=lambda pair: (pair[1].at - pair[0].at, -pair[0].at))
    return [_sentence(context, x, y)]


def _sentence(context: Context, x: _Moment, y: _Moment) -> Statement:
    tz = context.deps.shop.tz
    days = (clock.day_of(y.at, tz) - clock.day_of(x.at, tz)).days
    weeks = re.search(r"周|星期|礼拜|\bweeks?\b", context.question, re.IGNORECASE)
    months = re.search(r"几个?月|多少个?月|\bmonths?\b", context.question, re.IGNORECASE)
    also_zh = f"(约 {days / 7:.1f} 周)" if weeks else f"(约 {days / 30.4:.1f} 个月)" if months else ""
    also_en = f" (about {days / 7:.1f} weeks)" if weeks else f" (about {days / 30.4:.1f} months)" if months else ""
    text = context.say(
        f"{context.person}:从「{x.words}」到「{y.words}」相隔 {days} 天{also_zh}。",
        f"{context.person}: {days} days{also_en} from '{x.words}' to '{y.words}'.",
    )
    return Statement(
        text, tuple(dict.fromkeys((x.evidence, y.evidence))), direct=True, figures=(text,), customer_id=context.customer_id
    )  # fmt: skip


def _moments(context: Context, phrase: str, other: str) -> list[_Moment]:
    """What the phrase may mean, each with its fit; the other phrase lends the thing that this one leaves out."""
    if _JOINS.search(phrase):
        return _joined(context)
    kind = _kind(phrase, other)
    if not kind:
        return []
    if kind == "said":
        return _said(context, phrase)
    entries = [e for e in order_lines.fetch(context, kind, anytime=True).entries if e.event.occurred_at is not None]
    if kind == "ticket" and _SOLVES.search(phrase):
        entries = [e for e in entries if e.event.speaker == "staff" or e.event.status == "solved"]
    elif kind in ("ticket", "message"):
        entries = [e for e in entries if e.event.speaker == "customer"]
    entries = _rated(entries, phrase)
    scored = [(e, _fit(context, e, phrase, other)) for e in entries]
    named = _things(context, phrase)
    if named and any(fit >= 1.0 for _, fit in scored):
        scored = [(e, fit) for e, fit in scored if fit >= 1.0]
    elif named and kind != "ticket":
        scored = [(e, 1.0) for e, _ in scored if _called(context, e, phrase)]
    scored = _by_place(scored, phrase)
    return [
        _Moment(e.event.occurred_at or 0, e.zh if context.zh else e.en, e.evidence_id, e.event.item_id, fit)
        for e, fit in scored
    ]


def _kind(phrase: str, other: str) -> str:
    kinds = query.kinds_of(phrase)
    if re.search(r"开胶|坏了|破了|裂|\b(broke|fell apart|failed)\b", phrase, re.IGNORECASE) and not kinds:
        return "said"
    if kinds and kinds[0] in ("return", "review", "survey", "cart", "view", "search"):
        return kinds[0]
    if _SOLVES.search(phrase):
        return "ticket"
    if (kinds and kinds[0] == "ticket") or re.search(r"报(?!价)|开单|反映", phrase):
        return "ticket"
    if _SAYS.search(phrase) and not (kinds and kinds[0] == "order"):
        return "said"
    return kinds[0] if kinds else "" if not query.kinds_of(other) else "order"


def _rated(entries: list[timeline.Entry], phrase: str) -> list[timeline.Entry]:
    low, high = query.rating_bounds(phrase)
    if low is None and high is None:
        low, high = (None, 2.0) if _LOW.search(phrase) else (4.0, None) if _HIGH.search(phrase) else (None, None)
    if low is None and high is None:
        return entries
    return [
        e
        for e in entries
        if e.event.rating is None
        or ((low is None or e.event.rating >= low) and (high is None or e.event.rating <= high))
    ]


def _things(context: Context, phrase: str) -> tuple[str, ...]:
    return items.meant(context, phrase, words.content_words(phrase, context.language))


def _fit(context: Context, entry: timeline.Entry, phrase: str, other: str) -> float:
    """One point for the thing that the phrase names, half a one for that of the other phrase; its own colour decides."""
    own = words.content_words(phrase, context.language)
    if item_names.other_color(entry.item, own):
        return -1.0
    score = 1.0 if entry.event.item_id in _things(context, phrase) else 0.0
    colours = [word for word in own if item_names.is_color(word)]
    score += 0.6 * (item_names.item_score(entry.item, colours) > 0) if colours else 0.0
    lent = _things(context, other)
    if entry.event.item_id in lent:
        score += 0.5
    elif lent and entry.item is not None and not score >= 1.0:
        catalogue = _catalogue(context)
        heads = {_head(catalogue[one].title or "") for one in lent if one in catalogue}
        score += 0.4 if _head(entry.item.title or "") in heads else 0.0
    return score


def _called(context: Context, entry: timeline.Entry, phrase: str) -> bool:
    """Whether the customer's own item may go by a word of the phrase: a light is a lamp."""
    pack = spelling.pack_of(context)
    told = [word for word in words.content_words(phrase, context.language) if not item_names.is_color(word)]
    ways = {way for word in told for way in (*spelling.spellings(word, pack), *dictionary.translations(word))}
    return any(item_names.item_score(entry.item, [way]) >= 1.0 for way in ways if len(way) > 1 or not way.isascii())


def _catalogue(context: Context) -> dict[str, Item]:

    return shop_items.catalogue(context.deps)


def _head(title: str) -> str:
    """The part of a title that says what the thing is, without brand and colour."""
    parts = title.split()
    return parts[1] if len(parts) > 1 else title


def _by_place(scored: list[tuple[timeline.Entry, float]], phrase: str) -> list[tuple[timeline.Entry, float]]:
    """Only the first, second or last of the best ones, where the phrase says so (entries come newest first)."""
    if not scored:
        return scored
    best = max(fit for _, fit in scored)
    top = [pair for pair in scored if pair[1] >= best - 0.01]
    groups = order_lines.by_order([entry for entry, _ in top])
    if _FIRST.search(phrase):
        return [(groups[-1][0], best)]
    if _SECOND.search(phrase) and len(groups) > 1:
        return [(groups[-2][0], best)]
    if _LAST.search(phrase):
        return [(groups[0][0], best)]
    return top


def _joined(context: Context) -> list[_Moment]:
    person = read.customers_by_id(context.deps.shop, [context.customer_id]).get(context.customer_id)
    if person is None or person.joined_on is None:
        return []
    at = clock.start_of_day(person.joined_on, context.deps.shop.tz)
    label = context.say(f"{person.joined_on} 注册", f"{person.joined_on} joined")
    return [_Moment(at, label, "c" + context.customer_id, None, 1.0)]


_DONE = _re(
    r"不(?:会)?再(?:来|买|用)|再也不|拜拜|再见|告辞|不买了|走了|分手|\b(done (?:here|with)|never again|last (?:order|time)|goodbye|moved on|elsewhere|won't be back|closing my account)\b"
)


def _said(context: Context, phrase: str) -> list[_Moment]:
    """Texts of the customer that say what the phrase says: by the words shared, else as the search finds them."""
    pack = spelling.pack_of(context)
    told = [one for one in words.content_words(phrase, context.language) if not _SAYS.fullmatch(one)]
    texts = [
        one
        for one in evidence_store.texts_of(context.deps.shop, context.customer_id, limit=500)
        if one.speaker == "customer" and one.event_kind != "search" and one.occurred_at is not None
    ]
    parting = bool(_DONE.search(phrase))
    scored = []
    for one in texts:
        low = one.clean.lower()
        stems = spelling.stems_of(low)
        hits = sum(
            any(spelling.contains(low, way, stems) for way in {*spelling.spellings(word, pack), *dictionary.translations(word)})
            for word in told
        )  # fmt: skip
        hits += 2 * (parting and bool(_DONE.search(low)))
        if hits:
            scored.append((float(hits), one))
    if not scored:
        sub = replace(
            context, question=phrase, scope=replace(context.scope, rest=phrase), span=None, aims=aims.of(phrase), fields=[], aspects=[], memo={}
        )  # fmt: skip
        cited = [one for found in traits.sentences(sub, limit=2, customer_only=True) for one in found.evidence]
        scored = [
            (0.5, one) for one in evidence_store.get(context.deps.shop, cited).values() if one.occurred_at is not None
        ]
    return [
        _Moment(
            one.occurred_at or 0,
            context.quote(one).replace("“", "").replace("”", ""),
            one.evidence_id,
            one.item_id,
            hits,
        )
        for hits, one in scored
    ]


_FIRST_LAST = re.compile(
    r"(第一|首)(次|单|笔).{0,8}(最后|最近|末)|\bfirst\b.{0,20}\b(last|latest|most recent)\b", re.IGNORECASE
)
_LAST_TWO = re.compile(
    r"(最近|最后)(的)?(两|2)(次|单|笔)|上(一)?次.{0,6}(再)?上次|\blast two\b|\btwo (most recent|latest|last)\b|\blast (order )?and the one before",
    re.IGNORECASE,
)
_TWO_FIRST = re.compile(
    r"第二(次|单|笔)|(头|前)(两|2)(次|单|笔)|复购|再次|\bsecond\b|\bfirst two\b|\bcome back\b", re.IGNORECASE
)


def of_kind(context: Context, later_kind: EventKind) -> list[Statement]:
    """Days between two records: of an item its order and its return or review; else the orders named by place."""
    if later_kind == "ticket":
        return _until_solved(context)
    things = set(items.meant(context))
    every = [e for e in order_lines.fetch(context, anytime=True).entries if e.event.occurred_at is not None]
    every.reverse()
    if things:
        every = [e for e in every if e.event.item_id in things]
    bought = [group[0] for group in order_lines.by_order([e for e in every if e.event.kind == "order"])]
    if later_kind != "order":
        later = [e for e in every if e.event.kind == later_kind]
        if not later or not bought:
            return []
        second = later[0]
        before = [
            e
            for e in bought
            if (e.event.occurred_at or 0) <= (second.event.occurred_at or 0)
            and (e.event.item_id == second.event.item_id or not second.event.item_id)
        ]
        if not before:
            return []
        return [_days(context, before[-1], second)]
    if len(bought) < 2:
        return []
    text = context.scope.rest
    if _FIRST_LAST.search(text):
        return [_days(context, bought[0], bought[-1])]
    if _LAST_TWO.search(text):
        return [_days(context, bought[-2], bought[-1])]
    if _TWO_FIRST.search(text) or len(bought) == 2:
        return [_days(context, bought[0], bought[1])]
    return []


def _until_solved(context: Context) -> list[Statement]:
    """Days from the first word of a ticket to staff's last, of the item named; newest solved ticket else."""
    entries = [e for e in order_lines.fetch(context, "ticket", anytime=True).entries if e.event.occurred_at is not None]
    threads: dict[str, list[timeline.Entry]] = {}
    for entry in reversed(entries):
        threads.setdefault(entry.event.order_id or entry.event.item_id or "-", []).append(entry)
    texts = {
        key: " ".join(
            t.clean for t in evidence_store.texts_of_events(context.deps.shop, [e.event.event_id for e in group])
        )
        for key, group in threads.items()
    }
    things = set(items.meant(context))
    ranked = sorted(
        (group for group in threads.values() if len(group) > 1 and group[-1].event.status == "solved"),
        key=lambda group: (
            any(e.event.item_id in things for e in group),
            sum(
                word in texts[group[0].event.order_id or group[0].event.item_id or "-"].lower()
                for word in context.topic
            ),
            group[-1].event.occurred_at,
        ),
    )
    return [_days(context, ranked[-1][0], ranked[-1][-1])] if ranked else []


def _days(context: Context, first: timeline.Entry, second: timeline.Entry) -> Statement:
    tz = context.deps.shop.tz
    days = (clock.day_of(second.event.occurred_at or 0, tz) - clock.day_of(first.event.occurred_at or 0, tz)).days
    a, b = (first.zh, second.zh) if context.zh else (first.en, second.en)
    text = context.say(
        f"{context.person}:从「{a}」到「{b}」相隔 {days} 天。",
        f"{context.person}: {days} days from “{a}” to “{b}”.".replace("“", "'").replace("”", "'"),
    )
    cited = tuple(dict.fromkeys((first.evidence_id, second.evidence_id)))
    return Statement(text, cited, direct=True, figures=(str(days), a, b), customer_id=context.customer_id)

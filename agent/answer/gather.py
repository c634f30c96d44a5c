"""From a resolved question to candidate statements: which makers run, in which order, and when nothing can be said."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from agent.answer import agreement, check, concise, parts, relevance
from agent.answer.context import Context, Statement
from agent.question import asked, item_names, items, spelling, unread, wanted
from agent.question.aims import NOWHERE, field_place
from agent.statements import (
    activity,
    answers,
    everyone,
    figures,
    later,
    lists,
    offers,
    opinions,
    order_lines,
    orders,
    records,
    replies,
    returns,
    spans,
    summaries,
    traits,
)
from huaxiang.ledger.project import CONFLICT_DAYS
from huaxiang.ledger.whose import receivers

Maker = Callable[[Context], list[Statement]]
MAKERS: dict[str, Maker] = {
    "recommend": offers.offers, "contact": records.contact, "open_ticket": records.tickets, "average_order": summaries.average_order,
    "largest_order": summaries.largest_order,
    "returns": returns.returns, "last_order": orders.last_order, "first_order": orders.first_order, "spend": orders.spend,
    "order_count": orders.order_count, "cadence": summaries.cadence, "discount": summaries.discount, "rating": records.rating,
    "survey": records.survey, "viewed": records.viewed, "staff_note": records.staff_note, "top_category": summaries.top_category,
    "top_brand": summaries.top_brand, "active_hours": summaries.active_hours, "churn": summaries.churn,
    "complaints": opinions.complaints, "praise": opinions.praise, "opinion": opinions.opinion, "bought_item": orders.bought_item,
    "bought": orders.bought, "overview": summaries.overview, "timeline": activity.recent, "last_activity": activity.recent,
    "event_count": activity.event_count,
}  # fmt: skip
NARROW = frozenset(
    "recommend open_ticket average_order largest_order returns last_order first_order spend order_count cadence discount rating survey viewed"
    " staff_note last_activity event_count top_category top_brand active_hours churn".split()
)
"""Aims about records: their figures answer the question, and no sentence of a review is asked for."""
WEAK = frozenset(
    {"active_hours", "discount", "churn", "viewed", "top_category", "top_brand", "cadence", "contact", "rating"}
)
"""Aims whose cue is often said in passing; a profile field asked for in the same question wins."""
OPINIONS = frozenset({"complaints", "praise", "opinion", "changed"})


def is_read(context: Context) -> bool:
    """Whether the tables of cues read a kind of question: an aim, a field, a record query (an aspect alone is a topic)."""
    found = context.aims or context.fields or context.scope.order_ids
    set_apart = spans.set_apart(context) or later.asked(context) or lists.asks(context) or everyone.is_read(context)
    return bool(found) or set_apart or figures.asked(context) is not None or bool(_TOLD.search(context.question))


def dated_figure(context: Context) -> bool:
    """Whether the question is for a figure over some days: one that ignored days it could not read would be wrong."""
    names = [aim.name for aim in context.aims]
    counted = bool(names) and names[0] in ("returns", "spend", "order_count", "average_order", "event_count", "rating")
    return counted and not context.fields and asks_figure(context)


def asks_figure(context: Context) -> bool:
    """Whether the question asks how many or how much."""
    return bool(_FIGURE_ASKED.search(context.scope.rest))


_FIGURE_ASKED = re.compile(r"几|多少|总|\bhow (?:many|much)\b|\btotal\b|\bnumber of\b", re.IGNORECASE)


def unread_words(context: Context) -> list[str]:
    """Words that bound the question and that no maker reads: days, exceptions, sorts of things the shop does not know."""
    rest, figure = context.scope.rest, asks_figure(context)
    found = unread.exceptions(rest) if figure else []
    if context.scope.customers:
        sorts = unread.sorts_of_things(rest)
        found += sorts if sorts and not _is_known(context) else []
        found += unread.unkept(rest) if figure else []
        found += unread.half_read(rest, context.span)
        found = found or (unread.date_words(rest, context.span) if dated_figure(context) else [])
    return found


def _is_known(context: Context) -> bool:
    """Whether the sort of thing named is one that the shop has, or that the customer bought by some likeness of words."""
    if order_lines.named_of(context):
        return True
    context.customer_id = context.scope.customers[0]
    return bool(order_lines.matching(context, list(order_lines.fetch(context, "order", anytime=True).entries)))


def statements(context: Context) -> list[Statement]:
    """Candidate statements on one customer, best first; [] when the records and texts do not answer the question."""
    found = wanted.of_the_kind(context, replies.with_replies(context, gather(context)))
    if not found:
        found = replies.with_replies(context, wanted.of_the_kind(context, answers.last_word(context)))
    if found and all(one.direct for one in found):
        found = [*found, *_besides(context, found)]
    found = concise.concise(context, found)
    unique: dict[str, Statement] = {}
    for one in found:
        unique.setdefault(one.text, one)
    return list(unique.values())


def _besides(context: Context, found: list[Statement]) -> list[Statement]:
    """Up to two sentences on the question's own words beside exact figures: "what came in the order, and was it complete"."""
    names = {aim.name for aim in context.aims}
    words = {word for word in context.topic if not parts.OF_FIGURES.fullmatch(word)} - relevance.item_words(context)
    if not words or names & {"recommend", "contact", "identity"}:
        return []
    if (asked.figure(context) and not agreement.wants_more(context)) or (
        context.scope.order_ids and concise.contents_only(context)
    ):
        return []
    cited = {one for statement in found for one in statement.evidence}
    extra = [one for one in traits.sentences(context, customer_only=True) if not cited.intersection(one.evidence)]
    return [replace(one, score=min(one.score, 0.9)) for one in concise.beside(context, extra)[:2]]


def gather(context: Context) -> list[Statement]:
    """The candidates for a question that has been understood, before what is beside the point is left out."""
    names = [aim.name for aim in context.aims]
    if context.scope.order_ids:
        plain = not set(names) & {"returns", "complaints", "open_ticket"}
        detail = orders.order_detail(context) if plain else []
        if detail and concise.contents_only(context):
            return [one for one in detail if one.score >= 1.0]
        found = [*detail, *records.of_orders(context)] if detail or not plain else []
        if found:
            return found
    ruled_out = offers.may_have(context)
    if ruled_out:
        return ruled_out
    figure = asked.figure(context)
    if figure and figure.sure:  # "for the log" offers nobody anything
        names = [name for name in names if name != "recommend"]
    if "recommend" in names:
        return offers.offers(context)
    several = parts.several(context, gather)
    if several:
        return several
    composed = _composed(context, names)
    if composed is not None:
        return composed
    if "entitlement" in names:  # no record of this kind of shop says what somebody may have
        return []
    if "identity" in names and not context.fields:
        return records.identity(context)
    if "top_brand" in names and "top_category" in names:
        names.remove("top_category")
    if "survey" in names and "rating" in names:
        names.remove("rating")
    narrow = _by_place(context, [name for name in names if name in NARROW])
    if context.fields and fields_first(context, narrow):
        return _fields(context, names)
    if "top_brand" in narrow and _OF_OWN.search(context.scope.rest) and not items.meant(context):
        return []  # the brand of a thing that the shop does not sell
    if narrow:
        found = _first(context, narrow)
        return found or (
            _open(context) if "open_ticket" in narrow and not records.SECOND.search(context.question) else []
        )
    if presumes_what_was_not_bought(context):
        return []
    if "contact" in names and not context.fields:
        found = records.contact(context)
        if found:
            return found
    if set(names) & OPINIONS:
        return _opinions(context, names)
    wide = [name for name in names if name in MAKERS]
    if wide:
        return _wide(context, wide)
    return _open(context) if context.topic else _unrecognised(context)


def _composed(context: Context, names: list[str]) -> list[Statement] | None:
    """Questions of more than one part: years side by side, what came after, what staff said, record queries, why somebody left.

    None when the question is none of these; [] when it is one that nothing answers.
    """
    found = spans.side_by_side(context)
    if not found and later.asked(context):
        found = later.after(context)
    if not found and _TOLD.search(context.question) and context.topic:
        found = traits.sentences(context, limit=3)
    if found:
        return found
    if _NOT_BOUGHT.search(context.question) and activity.WHY_NOT.search(context.question):
        found = activity.held_back(context, "cart") or activity.held_back(context, "view")
        if found:
            return found
    asked = None if context.fields and not _plainly_figures(context) else figures.asked(context)
    if asked is not None:
        found = figures.figures(context, asked)
        if found or asked.shape == "ordinal":
            return found
    if "when_most" in names:  # better nothing than the total
        return []
    if "churn" in names and _WHY_LEFT.search(context.question):
        return opinions.lapse(context) or None
    return None


_NOT_BOUGHT = re.compile(
    r"(?:没|未|不)(?:有)?(?:下单|买|入手|拍|成交)|\b(?:not|never|hasn'?t|haven'?t|didn'?t|hasnt|didnt)\b.{0,16}\b(?:order|bought|buy|purchase|get|got|pull)|\bholding\b.{0,30}\b(?:back|off)\b",
    re.IGNORECASE,
)


def _plainly_figures(context: Context) -> bool:
    """Whether a question that also names a profile field asks for figures all the same: stars, months, amounts."""
    asked = figures.asked(context)
    return asked is not None and (asked.conditioned or asked.group_by in ("month", "year", "quarter", "weekday"))


_TOLD = re.compile(
    r"客服.{0,14}(说|答|回|怎么|承诺|答应|解释)|(我们|咱们?).{0,4}(说|答|回复|承诺|答应)(过|了|的)|补(发|给|了)|答应|\b(we|support|staff|you) (told|said|promis\w+|repl\w+|answer\w*)|\b(been|was|were|is|got) told\b|\bpromised\b",
    re.IGNORECASE,
)
"""Questions on what staff said: texts answer, not figures."""
_WHY_LEFT = re.compile(
    r"为(什么|啥|何)|怎么|咋|原因|变|\b(why|what (changed|happened|went wrong)|reason)\b", re.IGNORECASE
)


_BY_TOOL: dict[str, Maker] = {
    "customer_summary": summaries.overview, "timeline": activity.recent, "sentiment": opinions.opinion,
    "show_profile": traits.everything, "recommend": offers.offers,
}  # fmt: skip


def _unrecognised(context: Context) -> list[Statement]:
    """No cue and no topic: the tools that the model picks, or the overview without one."""
    picked = context.pick_tools() if context.pick_tools else []
    found = [statement for name in picked for statement in _BY_TOOL[name](context)[:3]]
    return found or summaries.overview(context)


def _by_place(context: Context, names: list[str]) -> list[str]:
    """Aims in the order in which the question names them: "how much … before refunds" asks for the spend."""
    table = {aim.name: aim for aim in context.aims}
    if {"open_ticket", "last_activity"} <= set(names):  # "is the latest complaint solved": its state, not its date
        names = ["open_ticket"]
    if "discount" in names and _SAVED.search(context.question):
        return ["discount"]
    if "spend" in names and items.meant(context):  # "how much on that brand": the brand is named, not asked for
        names = [name for name in names if name not in ("top_brand", "top_category")]
    return sorted(names, key=lambda name: table[name].place(context.scope.rest))


_OF_OWN = re.compile(
    r"牌子?的(?!东西|商品|产品|货)[\u4e00-\u9fff]{1,4}|\b(?:what|which) (?:brand|make) (?:of|is (?:his|her|their|the)) (?!thing|item|product|good)\w+",
    re.IGNORECASE,
)
_SAVED = re.compile(r"省(了|下|过)?(多少|几)|便宜(了|过)多少|减(了|免)多少|\bsaved?\b|\bsavings?\b", re.IGNORECASE)
"""What discounts came to, however many orders they were on."""


def fields_first(context: Context, narrow: list[str]) -> bool:
    """Whether the profile field is what is asked, rather than a figure that the question also names."""
    if not narrow or set(narrow) <= WEAK:
        return True
    if any(find_field(context.fields[0], word) for word in relevance.item_words(context)):
        return False  # the cue is part of an item's name: "why was the pet fountain returned"
    table = {aim.name: aim for aim in context.aims}
    return field_place(context.fields[0], context.scope.rest) <= table[narrow[0]].place(context.scope.rest)


_BOUGHT_IT = re.compile(
    r"(?:she|he|they|i) (?:bought|ordered|got|purchased)|\b(?:her|his|their) (?:new )?|买的|买了的|入手的|用下来|用着|用得|到手",
    re.IGNORECASE,
)


def presumes_what_was_not_bought(context: Context) -> bool:
    """Whether the question takes for granted that the customer has a thing of the shop that no order of theirs holds."""
    if not _BOUGHT_IT.search(context.question) or not item_names.things_of_the_shop(context):
        return False
    entries = list(order_lines.fetch(context, "order", anytime=True).entries)
    return (
        bool(entries or context.customer_id)
        and not order_lines.matching(context, entries)
        and order_lines.meant(context, entries) is None
    )


def find_field(name: str, word: str) -> bool:
    """Whether a word alone is a cue of the field."""
    return field_place(name, word) < NOWHERE


def _first(context: Context, names: list[str]) -> list[Statement]:
    """The first maker that has something; a rating with a quote, a return with its reason come along."""
    if {"first_order", "last_order"} <= set(names):  # "the first and the latest"
        return [*MAKERS["first_order"](context), *MAKERS["last_order"](context)]
    for name in names:
        found = MAKERS[name](context)
        if found:
            return found
    return []


_SIZE = re.compile(r"(?<![A-Za-z'’])(XXL|XL|XS|S|M|L)(?![A-Za-z'’])|\b(small|medium|large)\b", re.IGNORECASE)
_LONG = {"small": "S", "medium": "M", "large": "L"}


def contradictory(said: list[Statement]) -> bool:
    """Whether quotes of one fortnight name different clothing sizes: then nobody knows which holds."""
    sizes: list[tuple[str, str]] = []
    for one in said[:4]:
        found = {
            _LONG.get((m.group(1) or m.group(2)).lower(), (m.group(1) or "").upper())
            for m in _SIZE.finditer(check.quoted_words(one.text) or "")
        }
        if len(found) == 1:
            sizes.append((one.text[:10], found.pop()))
    return any(a[1] != b[1] and _days_apart(a[0], b[0]) <= CONFLICT_DAYS for a in sizes for b in sizes)


def _days_apart(first: str, second: str) -> int:
    try:
        return abs((date.fromisoformat(first) - date.fromisoformat(second)).days)
    except ValueError:
        return CONFLICT_DAYS + 1


def _fields(context: Context, names: list[str]) -> list[Statement]:
    """Profile fields: held traits and the sentences that say it; opinions on the topic where the fields say nothing."""
    if traits.conflicts(context) and "changed" not in names:
        return []
    held = [] if "changed" in names else traits.by_fields(context)
    said = traits.sentences(context, customer_only=True)
    quoted = {check.quoted_words(one.text) for one in held}
    found = [*held, *(one for one in said if check.quoted_words(one.text) not in quoted)]
    if not held and contradictory(said):
        return []
    if not found and "contact" in names and "prefers_contact" not in context.fields:
        return records.contact(context)
    return found


def _opinions(context: Context, names: list[str]) -> list[Statement]:
    """Feelings: on the topic named when there is one, else the clearest words on the side asked for."""
    specific = bool(item_names.items_named(context) or context.aspects or context.topic)
    sided = _first(context, [name for name in names if name in OPINIONS and name in MAKERS])
    if not specific:
        return sided
    on_topic = traits.sentences(context, customer_only=True)
    if not on_topic:
        return sided if item_names.items_named(context) or context.aspects else []
    if answers.OWN.search(context.question):
        on_topic, sided = _not_gifts(context, on_topic), _not_gifts(context, sided)
    chosen = {one.evidence for one in sided}
    both = [one for one in on_topic if one.evidence in chosen]
    return [*both, *(one for one in on_topic if one not in both), *(one for one in sided if one.direct)]


def _not_gifts(context: Context, found: list[Statement]) -> list[Statement]:
    """Without what was said of a present: a gift for mother says nothing of one's own taste."""
    pack = spelling.pack_of(context)
    return [one for one in found if not receivers(pack, check.quoted_words(one.text) or "")]


def _wide(context: Context, names: list[str]) -> list[Statement]:
    """Lists and overviews; a question on what somebody *said* prefers sentences."""
    if (
        re.search(r"说|提到|写|评[价论]|said?|says?|mention|wrote|write|review", context.question, re.IGNORECASE)
        and context.topic
    ):
        found = traits.sentences(context, customer_only=True)
        if found or not {"timeline", "bought"} & set(names):
            return found
    found = _first(context, names)
    if "bought_item" in names and not found:
        return []
    return found or _open(context)


def _open(context: Context) -> list[Statement]:
    """No known kind of question: the sentences that are surely on its topic."""
    staff_too = re.search(
        r"客服|我们|咱们|售后|处理|解决|\b(?:staff|we|us|our|support|team)\b", context.question, re.IGNORECASE
    )
    if not (context.topic or context.fields or context.aspects):
        return []
    return traits.sentences(context, customer_only=staff_too is None)

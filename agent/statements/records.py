"""Statements about the other records: contacts, tickets, ratings, surveys, views, staff notes, the last days."""

from __future__ import annotations

import re
from datetime import date

from agent.answer.context import Context, Measure, Statement
from agent.question import spelling
from agent.question.item_names import items_named
from agent.statements import activity, order_lines, rating_trend, zeros
from agent.statements.order_lines import texts_behind
from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read
from tools import timeline

_CONTACT = (
    (r"电话|手机|号码|phone|mobile|number|call|contact|联系方式", "phone"),
    (r"邮箱|邮件|e-?mail|contact|联系方式", "email"),
    (r"城市|住|哪里人|在哪|city|where|based|located|from|live", "city"),
    (r"注册|加入|成为|多久|joined?|register|sign|member since|how long", "joined"),
    (r"昵称|别名|nickname|alias|also called|又叫", "alias"),
)


def contact(context: Context) -> list[Statement]:
    """Contacts, city, alias and the day the customer joined, from the master record; only what was asked."""
    person = read.customers_by_id(context.deps.shop, [context.customer_id]).get(context.customer_id)
    if person is None:
        return []
    values = {
        "phone": (", ".join(person.phones), "电话", "phone"),
        "email": (", ".join(person.emails), "邮箱", "e-mail"),
        "city": (person.city or "", "城市", "city"),
        "joined": (_since(context, person.joined_on), "注册日期", "joined on"),
        "alias": (", ".join(person.aliases), "昵称", "also called"),
    }
    asked = [name for pattern, name in _CONTACT if re.search(pattern, context.scope.rest, re.IGNORECASE)]
    parts = [
        (values[name][1 if context.zh else 2], values[name][0]) for name in dict.fromkeys(asked) if values[name][0]
    ]
    if not parts:
        return []
    body = "; ".join(f"{label}: {value}" for label, value in parts)
    body = context.say(body, body)
    return [
        Statement(
            f"{context.person} {body}",
            ("c" + context.customer_id,),
            direct=True,
            figures=(body,),
            customer_id=context.customer_id,
        )
    ]


def _since(context: Context, joined_on: date | None) -> str:
    """The day somebody joined; how long ago that is by the shop's clock, where that is asked."""
    if joined_on is None or not re.search(r"多久|多长|几年|多少天|\bhow long\b", context.question, re.IGNORECASE):
        return joined_on.isoformat() if joined_on else ""
    today = context.deps.shop.today()
    days = (today - joined_on).days
    return joined_on.isoformat() + context.say(f"(截至 {today} 共 {days} 天)", f" ({days} days as of {today})")


def identity(context: Context) -> list[Statement]:
    """Who this is: name, id and what else they are called."""
    person = read.customers_by_id(context.deps.shop, [context.customer_id]).get(context.customer_id)
    if person is None:
        return []
    names = ("、" if context.zh else ", ").join(person.aliases)
    also_zh, also_en = (
        (f",又叫 {names}", f", also called {names}") if names else (",没有别名记录", ", no other name on record")
    )
    city = f", {person.city}" if person.city else ""
    text = context.say(
        f"这位顾客是 {person.name or '(无姓名)'}({person.customer_id}{city}){also_zh}。",
        f"This customer is {person.name or '(no name)'} ({person.customer_id}{city}){also_en}.",
    )
    return [
        Statement(text, ("c" + context.customer_id,), direct=True, customer_id=context.customer_id, figures=(names,))
    ]


SECOND = re.compile(r"第二|另(外)?一|\bsecond\b|\banother\b", re.IGNORECASE)


def of_orders(context: Context) -> list[Statement]:
    """What was written of the orders the question numbers: tickets and returns of the order, reviews of its items since."""
    shop = context.deps.shop
    texts = evidence_store.texts_of(shop, context.customer_id, kinds=("ticket", "return", "message", "review"))
    events = read.events_by_id(shop, [one.event_id for one in texts if one.event_id])
    found = []
    for number in context.scope.order_ids:
        lines = [e for e in read.events_of(shop, context.customer_id, kinds=("order",)) if e.order_id == number]
        items, since = {e.item_id for e in lines if e.item_id}, min((e.occurred_at or 0 for e in lines), default=0)
        for one in texts:
            event = events.get(one.event_id or "")
            if event and (event.order_id == number or (event.item_id in items and (event.occurred_at or 0) >= since)):
                found.append(
                    Statement(
                        context.quote(one), (one.evidence_id,), score=0.9, kind="quote", customer_id=context.customer_id
                    )
                )
    return found[:4]


def tickets(context: Context) -> list[Statement]:
    """Tickets with their state, newest thread first; each thread's last word, and the customer's first."""
    texts = evidence_store.texts_of(context.deps.shop, context.customer_id, kinds=("ticket",))
    events = read.events_by_id(context.deps.shop, [one.event_id for one in texts if one.event_id])
    threads: dict[str, list[Evidence]] = {}
    for one in texts:
        event = events.get(one.event_id or "")
        threads.setdefault((event.order_id if event else None) or (one.item_id or "-"), []).append(one)
    found: list[Statement] = []
    if not threads and re.search(r"工单|\btickets?\b", context.question, re.IGNORECASE):
        return zeros.none(context, "ticket")
    if len(threads) < 2 and re.search(
        r"第二|另(外)?一|\bsecond\b|\bother\b|\banother\b", context.question, re.IGNORECASE
    ):
        return []
    only_open = re.search(
        r"还有|没(有)?(解决|处理)|未(解决|处理|结)|待|open|unresolved|outstanding|pending|still",
        context.question,
        re.IGNORECASE,
    )
    if threads and _LATEST.search(context.question):
        threads = dict([max(threads.items(), key=lambda one: one[1][0].occurred_at or 0)])
    for thread in threads.values():
        newest = thread[0]
        event = events.get(newest.event_id or "")
        state = event.status if event and event.status else ""
        mine = next((one for one in reversed(thread) if one.speaker == "customer"), newest)
        state_zh = {"open": "未解决", "solved": "已解决"}.get(state, state)
        label = context.say(f",工单状态:{state_zh}({state})", f", ticket status: {state}") if state else ""
        weight = (1.0 if state == "open" or not only_open else 0.3) + _fit(context, thread)
        found.append(
            Statement(
                context.quote(mine, note=label),
                tuple(dict.fromkeys((mine.evidence_id, newest.evidence_id))),
                score=weight,
                kind="quote",
                customer_id=context.customer_id,
            )
        )
        if newest is not mine:
            found.append(
                Statement(
                    context.quote(newest, note=label),
                    (newest.evidence_id,),
                    score=weight - 0.05,
                    kind="quote",
                    customer_id=context.customer_id,
                )
            )
    return found


_LATEST = re.compile(r"最近一?(次|个|条)|最后|最新|上次|\b(latest|last|newest|most recent)\b", re.IGNORECASE)


def _fit(context: Context, thread: list[Evidence]) -> float:
    """How well a ticket thread fits the words of the question: 0.5 a word found in it."""

    pack = spelling.pack_of(context)
    text = " ".join(one.clean for one in thread).lower()
    stems = spelling.stems_of(text)
    items = {item.item_id for item in items_named(context)}
    hits = sum(
        any(spelling.contains(text, way, stems) for way in spelling.spellings(word, pack)) for word in context.topic
    )
    return 0.5 * hits + (1.0 if any(one.item_id in items for one in thread) else 0.0)


def rating(context: Context) -> list[Statement]:
    """Ratings: the mean and number of reviews, or the rating of the item the question names."""
    result = order_lines.fetch(context, "review")
    entries = [e for e in result.entries if e.event.rating is not None]
    if not entries:
        return _unrated(context, list(result.entries)) or _no_reviews(context)
    if rating_trend.ASKED.search(context.question) and (told := rating_trend.trend(context, entries)):
        return told
    if _LOW.search(context.question):
        poor = sorted((e for e in entries if (e.event.rating or 0) <= 3), key=lambda e: e.event.rating or 0)
        return [
            Statement(
                context.quote(one), (one.evidence_id,), direct=True, kind="quote", customer_id=context.customer_id
            )
            for one in texts_behind(context, poor)[:4]
        ]
    starred = stars_asked(context.question)
    if starred is not None:
        return [_of_stars(context, entries, starred)]
    subset = order_lines.meant(context, entries)
    if subset is None:
        return []
    if subset is not entries:
        texts = texts_behind(context, subset)
        return [
            Statement(
                context.quote(one), (one.evidence_id,), direct=True, kind="quote", customer_id=context.customer_id
            )
            for one in texts[:4]
        ]
    mean = sum(e.event.rating or 0 for e in entries) / len(entries)
    low = sum(1 for e in entries if (e.event.rating or 0) <= 2)
    ids = tuple(e.evidence_id for e in entries)
    text = context.say(
        f"{context.person}{context.within()}写了 {len(entries)} 条带评分的评价,平均 {mean:.2f} 星,其中 1-2 星 {low} 条。",
        f"{context.person} wrote {len(entries)} rated reviews{context.within()}, {mean:.2f} stars on average, {low} of them 1-2 stars.",
    )
    return [
        Statement(
            text,
            ids,
            direct=True,
            figures=(f"{mean:.2f}", str(low), str(len(entries)), "1-2"),
            customer_id=context.customer_id,
            tells=(Measure("count", "reviews"),),
        )
    ]


_LOW = re.compile(
    r"低分|差评|为什么.{0,10}(星|分)|\b(low|bad|poor) (rating|score|review|star)s?\b|\bwhy\b.{0,40}\b(rat|star|score)",
    re.IGNORECASE,
)
"""Questions about low ratings: the reviews themselves answer, not their mean."""


def stars_asked(question: str) -> int | None:
    """The number of stars a question counts ("how many one-star reviews", 打了五星的)."""
    words = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
    found = re.search(
        r"([1-5]|one|two|three|four|five)[- ]stars?\b|([1-5一二两三四五])\s*颗?星", question, re.IGNORECASE
    )
    if not found:
        return None
    word = (found.group(1) or found.group(2)).lower()
    return int(word) if word.isdigit() else words[word]


def _of_stars(context: Context, entries: list[timeline.Entry], stars: int) -> Statement:
    chosen = [e for e in entries if round(e.event.rating or 0) == stars]
    named = order_lines.named(context, chosen) if chosen else ""
    text = context.say(
        f"{context.person}{context.within()}的 {len(entries)} 条带评分的评价中,{stars} 星的有 {len(chosen)} 条"
        + (f":{named}。" if named else "。"),
        f"{context.person} gave {stars} stars in {len(chosen)} of {len(entries)} rated reviews{context.within()}"
        + (f": {named}." if named else "."),
    )
    ids = tuple(e.evidence_id for e in (chosen or entries))
    return Statement(
        text,
        ids,
        direct=True,
        figures=(str(stars), str(len(chosen)), str(len(entries)), named),
        customer_id=context.customer_id,
    )


def _unrated(context: Context, entries: list[timeline.Entry]) -> list[Statement]:
    """Reviews without stars can be counted, not averaged."""
    if not entries:
        return []
    text = context.say(
        f"{context.person}{context.within()}写了 {len(entries)} 条评价,都没有评分。",
        f"{context.person} wrote {len(entries)} reviews{context.within()}, none with a rating.",
    )
    return [
        Statement(
            text,
            tuple(e.evidence_id for e in entries),
            direct=True,
            figures=(str(len(entries)),),
            customer_id=context.customer_id,
        )
    ]


def _no_reviews(context: Context) -> list[Statement]:
    """ "None in that time" is an answer where there are others; without any review nothing can be said."""

    if context.span is None:
        return zeros.none(context, "review")
    result = context.call("timeline", customer_id=context.customer_id, kinds=("review",), limit=order_lines.EVERYTHING)
    others = result.evidence if result else ()
    text = context.say(
        f"{context.person}{context.within()}没有评价(0 条)。", f"{context.person} wrote 0 reviews{context.within()}."
    )
    return [Statement(text, others, direct=True, figures=("0",), customer_id=context.customer_id)] if others else []


def survey(context: Context) -> list[Statement]:
    """Survey scores and what was written with them."""
    entries = list(order_lines.fetch(context, "survey").entries)
    texts = {one.event_id: one for one in texts_behind(context, entries)}
    found = []
    for entry in entries[:4]:
        one = texts.get(entry.event.event_id)
        text = context.quote(one) if one else (entry.zh if context.zh else entry.en)
        found.append(
            Statement(
                text,
                (entry.evidence_id,),
                direct=True,
                kind="quote" if one else "fact",
                customer_id=context.customer_id,
            )
        )
    return found


def viewed(context: Context) -> list[Statement]:
    """What was viewed, put in the cart or searched."""

    if activity.WHY_NOT.search(context.question):
        found = activity.held_back(context, "cart") or activity.held_back(context, "view")
        if found:
            return found
    if re.search(r"几次|多少次|\bhow (?:many times|often)\b", context.question, re.IGNORECASE):
        return activity.event_count(context)

    low = context.question.lower()
    kinds: tuple[str, ...] = ("view", "cart", "search")
    if re.search(r"加购|购物车|cart|basket", low):
        kinds = ("cart",)
    elif re.search(r"搜|search", low):
        kinds = ("search",)
    elif re.search(r"浏览|看过|view|brows", low):
        kinds = ("view",)
    entries = list(order_lines.fetch(context, *kinds).entries)
    subset = order_lines.meant(context, entries)
    if subset is None:
        return []
    texts = {one.event_id: one for one in texts_behind(context, subset)}
    found = []
    for entry in subset[:6]:
        one = texts.get(entry.event.event_id)
        text = context.quote(one) if one else (entry.zh if context.zh else entry.en)
        found.append(Statement(text, (entry.evidence_id,), direct=True, customer_id=context.customer_id))
    return found


def staff_note(context: Context) -> list[Statement]:
    """Staff notes, marked as such: staff's words are never evidence of what a customer likes."""
    texts = evidence_store.texts_of(context.deps.shop, context.customer_id, kinds=("note",))
    return [
        Statement(context.quote(one), (one.evidence_id,), direct=True, kind="quote", customer_id=context.customer_id)
        for one in texts[:4]
    ]

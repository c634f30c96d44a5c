"""What an answer leaves out: sentences beside the point, so that it cites the records it stands on and no others."""

from __future__ import annotations

import re

from agent.answer import likely, relevance, wishes
from agent.answer.check import quoted_words
from agent.answer.context import Context, Statement
from agent.question import items, retell, spelling
from agent.question.cues import CHANGE
from huaxiang import ids
from huaxiang.store import evidence as store
from huaxiang.store import read

FEW = 3
"""Items up to which a question names a thing rather than a sort of things."""
_BEFORE = re.compile(
    r"以前|之前|原来|原先|过去|本来|从前|先前|一开始|变化|转变|从.{1,12}(换|改|变)|\b(before|previous(ly)?|used to|originally|formerly|at first|from what|what (has )?changed|history|over time|still)\b",
    re.IGNORECASE,
)
"""A question on what was so, or on the change itself."""
_NOW = re.compile(
    r"最新|现在|现行|如今|眼下|目前|当前|改后|变更后|更新后|改成|改为|换成|作数|\b(?:now|current\w*|nowadays|these days|at present|as it stands)\b",
    re.IGNORECASE,
)
"""A question on what holds, though it says that there was something before."""
_WHY = re.compile(
    r"为(什么|啥|何)|怎么|咋|原因|哪(款|件|样|种)|\b(why|how come|reason|what made|which (one|item|product))\b",
    re.IGNORECASE,
)
"""A reason, or which thing it was, is rarely told in the question's own words."""
_FROM_NOW = re.compile(
    rf"以后|今后|从现在|往后|{CHANGE.pattern}|\b(from now on|from today|going forward|in future|instead)\b",
    re.IGNORECASE,
)
_OF_RECORDS = frozenset(
    "最贵 最便宜 最高 最大 最低 expensive priciest costliest dearest biggest largest highest cheapest costly dropped 日子 日期 天下 天下单 贵 钱 价钱 价格 金额 单 单子 笔 下单 那单 最新 最近 看一下 里头 数额 数目 订单 一单 单号 号 买单"
    " day days date dates time order orders ordered price amount cost come came place placed purchase money value total sum much".split()
)
"""Words by which one asks for a figure of a record: they name no topic that a text could be about."""
_CONTENTS = re.compile(
    r"什么|啥|哪些|内容|明细|商品|货品|几(件|样|种)|清单|列|多少|金额|价|付|花|实付|哪天|什么时候|啥时候|几号|日期|\bcontents?\b|\bgoods\b|\bconsist|\bwhat|\bitems?\b|\bproducts?\b|\binclude|\bcontain|\blist|\bin (it|there|order)\b|\bwhole\b|\bhow (much|many)\b|\bcost|\bamount\b|\bprice\b|\bc[ao]me to\b|\bpaid\b|\bworth\b|\btotal\b|\bwhen\b|\bdate\b",
    re.IGNORECASE,
)
_STORY = re.compile(
    r"事|情况|问题|多久|几天|送到|收到|谁|怎么|为(什么|啥)|(?<![额价数期])为何|退|投诉|评|说(?!明)|反馈|后来|之后|齐|坏|满意|处理|解决|进展|状态|\b(happen|problem|issue|wrong|why|return|refund|complain|review|said|say(?!s)|after|status|feedback|missing|complete|ok(ay)?|resolved|happy|days|weeks|arriv|deliver|get there|who\b)",
    re.IGNORECASE,
)


def concise(context: Context, found: list[Statement]) -> list[Statement]:
    """The statements without quotes on other things than the question names, and without what a later word replaced."""
    return _latest_word(context, _no_other_wishes(context, _of_the_things(context, found)))


def beside(context: Context, extra: list[Statement]) -> list[Statement]:
    """Of sentences found beside exact figures, those that have a word of the question which the figures leave open."""
    if _WHY.search(context.asked):
        return extra
    pack = spelling.pack_of(context)
    open_words = [
        word
        for word in context.topic
        if word not in relevance.item_words(context) and word not in _OF_RECORDS and (word.isascii() or len(word) > 1)
    ]
    ways = [way for word in open_words for way in spelling.spellings(word, pack)]
    chances = likely.by_evidence(context)
    return [one for one in extra if _has_one(one, ways) or chances.get(one.evidence[0], 0.0) >= likely.MAYBE]


def contents_only(context: Context) -> bool:
    """Whether a question on an order asks what is in it (or when, how much), and not what became of it."""
    return bool(_CONTENTS.search(context.asked)) and not _STORY.search(context.asked)


def _has_one(one: Statement, ways: list[str]) -> bool:
    text = (quoted_words(one.text) or one.text).lower()
    return any(spelling.contains(text, way, spelling.stems_of(text)) for way in ways)


def _of_the_things(context: Context, found: list[Statement]) -> list[Statement]:
    """Where the question names a thing and some quote is of that thing, no quotes of others."""
    quotes = [one for one in found if one.kind == "quote"]
    compared = _BEFORE.search(context.asked) or any(aim.name == "changed" for aim in context.aims)
    things = set(items.meant(context)) if len(quotes) > 1 and not compared else set()
    if not 0 < len(things) <= FEW:
        return found
    owned = {one.evidence: _item_of(context, one) for one in quotes}
    if not things & set(owned.values()):
        return found
    return [one for one in found if one.kind != "quote" or owned[one.evidence] is None or owned[one.evidence] in things]


def _no_other_wishes(context: Context, found: list[Statement]) -> list[Statement]:
    """Without messages that only say how their writer wants something else than was asked, where anything is left."""
    quotes = [one for one in found if one.kind == "quote" and len(one.evidence) == 1]
    if len(found) < 2 or not quotes or any(aim.name == "changed" for aim in context.aims):
        return found
    pack = spelling.pack_of(context)
    ways = [way for word in context.topic if len(word) > 1 for way in spelling.spellings(word, pack)]
    texts = store.get(context.deps.shop, [one.evidence[0] for one in quotes])
    kind = retell.kind_of(context)
    asked = {*context.fields, *((kind.label,) if kind else ())}
    beside = [
        one
        for one in quotes
        if (held := wishes.stated(context, texts[one.evidence[0]])) and not held & asked and not _has_one(one, ways)
    ]
    return [one for one in found if one not in beside] or found


def _item_of(context: Context, one: Statement) -> str | None:
    events = [event for evidence in one.evidence if (event := ids.event_of_evidence(evidence))]
    return next((e.item_id for e in read.events_by_id(context.deps.shop, events).values() if e.item_id), None)


def _latest_word(context: Context, found: list[Statement]) -> list[Statement]:
    """What the customer wants now: the sentence that says it is otherwise from then on, without what it replaced."""
    kind, pack = retell.kind_of(context), spelling.pack_of(context)
    read = [kind.label] if kind and kind.label in pack.fields and kind.probability >= retell.HINT else []
    fields = context.fields or read
    if not fields or (_BEFORE.search(context.asked) and not _NOW.search(context.asked)) or len(found) < 2:
        return found
    pattern = relevance.field_pattern(fields[0], pack)
    said = [one for one in found if pattern and pattern.search(quoted_words(one.text) or "")]
    newest = max(said, key=_day, default=None)
    if newest is None or not _FROM_NOW.search(quoted_words(newest.text) or ""):
        return found
    return (
        [one for one in found if one not in said or _day(one) == _day(newest)] if len(said) == len(found) else [newest]
    )


def _day(one: Statement) -> str:
    found = re.search(r"\d{4}-\d{2}-\d{2}", one.text)
    return found.group(0) if found else ""

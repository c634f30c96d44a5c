"""What a follow-up leaves out: the last question's subject ("那件呢", "did she get another one") and its time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.question import aims, dates, items, query, retell, spelling, words
from huaxiang import ids
from huaxiang.ledger.whose import receivers
from huaxiang.schema.answer import Answer
from huaxiang.store import read
from huaxiang.store.shop import Shop
from huaxiang.text import aspects

if TYPE_CHECKING:
    from agent.answer.context import Context

_THING = re.compile(
    r"那(一)?(件|台|个|款|双|单|次|条|只|本|套|瓶|盒|笔|样|封)|这(一)?(件|台|个(?!人|顾客|客户|用户)|款|双|单|次|条|只|本|套|瓶|盒|笔|样|封)|第[一二三四五](件|台|个|款|双|只|本)|头一(件|台|个|款|双|只|本)|(前|后)(一个|者)|它|换的|新的呢|后来|之后|换(成|了)|改买|替(代|换)|顶替|为(啥|什么|何)(不要|退)|退(掉|了)?(的原因|的理由)"
    r"|\b(instead|in (its|their|that) place|in place of|replace(d|ment)?s?|former|latter|it|its|that|those|these|one|ones|another|the other|the same|the first|the second|along with)\b",
    re.IGNORECASE,
)
_TIME_ONLY = re.compile(r"^(那|那么|and|what about|how about|in|during|,|，|\s)*", re.IGNORECASE)


_OF_THEM = re.compile(
    r"[他她它]们(中|里|当中|之中|几个|几位|谁|哪|各)|其中|(这|那)(些|几|两|三|四|五)(个|位|名)?(人|顾客|客户|用户|买家)?(里面|里|中|当中|之中|谁|哪)|(这|那)(几|两|三|四|五)(个|位|名)"
    r"|\b(of|among|amongst|out of|from|between) (them|these|those|the (two|three|four|five|lot|bunch|group|list))\b|\bwhich ones?\b(?= (spent|has|have|had|bought|ordered|returned|lives?|is|was|gave|complained|joined|paid|owns?))|\bwho(?:'s| is| has| was)? (?:of|among) (?:them|these|those)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"自己|本人|\b(own|himself|herself|themselves)\b", re.IGNORECASE)
_NTH = (
    (re.compile(r"头一|第一(件|台|个|款|双|只|本|种)|前(一个|者)|\b(the first( one)?|former|earlier one|the original)\b", re.IGNORECASE), 0),
    (re.compile(r"第二(件|台|个|款|双|只|本|种)|后(一个|者)|\b(the second( one)?|latter|other one|later one)\b", re.IGNORECASE), 1),
)  # fmt: skip


def of_them(question: str) -> bool:
    """Whether a question picks among the people of the last answer (他们中谁, "which of them")."""
    return bool(_OF_THEM.search(question))


_JOINS = re.compile(
    r"^\W*(?:那么?)?[他她]?(?:和|跟|与|比|同)|[他她].{0,6}(?:和|跟|与|比)|(?:和|跟|与|比|还是)[他她]|\b(?:than|compared (?:to|with)|versus|vs\.?|against)\b|\b(?:he|she|they|him|her|them)\b.{0,40}\bor\b|\bor (?:he|she|they|him|her|them)\b",
    re.IGNORECASE,
)


def joins(question: str) -> bool:
    """Whether a comparison names one customer and leaves the other to the talk so far ("and than Li Jing?", 和李静比谁花得多)."""
    return bool(_JOINS.search(question)) and aims.is_comparison(question)


def completed(question: str, context: Context, last_rest: str) -> str:
    """The words of a follow-up with what it leaves to the last question; its own words first.

    Args:
        question: as typed.
        context: the question as understood by itself.
        last_rest: the last question of the thread without its customer's name.
    """
    rest = context.scope.rest
    if (edge := _edge_of(rest, context, last_rest)) is not None:
        return edge
    own = bool(aims.of(rest) or aims.fields_of(rest)) or retell.is_clear(context)
    pointing = bool(_THING.search(question))
    today = context.deps.shop.today()
    if not own and (aims.is_follow_up(question) or pointing or (context.span and _bare(rest, context))):
        old = dates.resolve(last_rest, today)
        if old and context.span:
            last_rest = re.sub(re.escape(old.phrase), " ", last_rest, flags=re.IGNORECASE)
        return f"{rest} {_without_what_is_said_anew(question, rest, context, last_rest)}"
    if pointing and not items.meant(context):
        told = words.content_words(last_rest, context.language)
        things = [word for word in told if items.meant(context, last_rest, [word])]
        about = [a for word in told for a in (word,) if aspects.aspect_of_question(word)] if not things else []
        return " ".join([rest, *things, *about])
    return rest


_EDGE = (
    (re.compile(r"(第一|头一|最早|最初|首)(的)?(那|一)?(次|单|笔|回|[个张份](?:订单|单子?)?)(?:订单)?|\bthe (very )?(first|earliest|oldest)( one)?\b", re.IGNORECASE), "第一次", "first"),
    (re.compile(r"(最近|最后|最新|末)(的)?(那|一)?(次|单|笔|回|[个张份](?:订单|单子?)?)(?:订单)?|\bthe (last|latest|newest|most recent)( one)?\b", re.IGNORECASE), "最近一次", "last"),
)  # fmt: skip
_BARE_EDGE = re.compile(
    r"(?:[\s,，.。?？!！]|那么?|又|是|在|的|呢|吧|啊|日期|什么时候|啥时候|哪一?天|几号|何时|\b(?:and|so|then|ok|what|about|how|when|was|is|did|which|day|date|it|that|be|one)\b)*",
    re.IGNORECASE,
)
"""What may stand beside "the first one" when nothing but its day is asked."""
_NOUNS = {"order": ("下单", "order"), "return": ("退货", "return"), "review": ("评价", "review"), "message": ("消息", "message"),
          "ticket": ("工单", "ticket")}  # fmt: skip


def _edge_of(rest: str, context: Context, last_rest: str) -> str | None:
    """ "And the first one?": the first record of the kind that was talked of, an order where it was about money; else None."""
    found = next(((cue, zh, en) for cue, zh, en in _EDGE if cue.search(rest)), None)
    if found is None or query.kinds_of(found[0].sub(" ", rest)) or items.meant(context):
        return None
    if not _BARE_EDGE.fullmatch(found[0].sub(" ", rest)):
        return None
    kind = next(iter(query.kinds_of(last_rest)), "order")
    zh, en = _NOUNS.get(kind, _NOUNS["order"])
    return f"{found[1]}{zh}是什么时候" if context.zh else f"when was the {found[2]} {en}"


def _without_what_is_said_anew(question: str, rest: str, context: Context, last_rest: str) -> str:
    """The last question's words without its thing where a new thing is named, without its receiver where one's own is asked."""
    if items.meant(context, rest, words.content_words(rest, context.language)):
        for word in words.content_words(last_rest, context.language):
            if items.meant(context, word, [word]):
                last_rest = re.sub(re.escape(word), " ", last_rest, flags=re.IGNORECASE)
    if _OWN.search(question):
        pack = spelling.pack_of(context)
        for _, start, end in sorted(receivers(pack, last_rest), key=lambda one: -one[1]):
            last_rest = last_rest[:start] + " " + last_rest[end:]
    return last_rest


def _bare(rest: str, context: Context) -> bool:
    """Whether nothing but a time is left of the question."""
    phrase = context.span.phrase if context.span else ""
    left = re.sub(re.escape(phrase), " ", rest, flags=re.IGNORECASE)
    return not words.content_words(_TIME_ONLY.sub("", left), context.language)


def points_back(question: str) -> bool:
    """Whether a question points at a thing named before ("it", 这个)."""
    return bool(_THING.search(question))


_OF_ONE_ORDER = re.compile(
    r"多少(?!单|次|笔|回)|几(?!单|次|笔|回)|[金总数]额|价|付|花|钱|买了|买的|(什么|啥|哪些)(东西|商品)|里(面|头)?有|折扣|优惠|哪天|什么时候|啥时候|几号|日期"
    r"|\bhow (much|many)\b|\b(cost|costs|amount|price|paid|pay|worth|total|sum|spend|spent|come to|came to|value|damage|bill)\b|\bwhat('s| is| was| were| did)\b|\bwhich (items|products|things)\b|\bdiscount|\bwhen\b|\bwhat (day|date)\b",
    re.IGNORECASE,
)
_OF_ALL = re.compile(
    r"总共|一共|累计|全部|所有|历史|平均|一直|到现在|至今|历来|年|月|每|各|都|过(?!来|去)|次"
    r"|\b(ever|so far|to date|all|altogether|overall|lifetime|average|per|every|each|has|have|had|orders|first|last|latest|biggest|largest|most|year|month|usually|often|in total|total)\b",
    re.IGNORECASE,
)
"""Words that ask for all orders, or for another one."""
_OF_ELSE = re.compile(
    r"退|评|星|打.{0,2}分|投诉|联系|工单|客服|之后|后来|之前|上一|下一|\b(return|refund|review|rat(e|ed|ing)|stars?|scor(e|ed)|complain|contact|ticket|before|after|since|next|previous)",
    re.IGNORECASE,
)
_POINTS_AT_ORDER = re.compile(
    r"(?:那|这|该|此)一?[个张份笔]?(?:单|笔|次|回|订单)|\b(?:that|this|the|said|same) (?:one|order|purchase|time)\b|\bit\b|\bthat\b|\bon it\b|\bin it\b",
    re.IGNORECASE,
)


def order_meant(question: str, context: Context, last: Answer) -> str | None:
    """The one order that the last answer was about, when a follow-up asks for its amount, its items or its day; else None.

    "And how much was it?", 付了多少, after "when was the last order": the figure of that order, not of all of them.
    """
    if context.scope.order_ids or context.span or items.meant(context) or not _OF_ONE_ORDER.search(question):
        return None
    if _OF_ELSE.search(question) or (context.fields and not context.aims):
        return None
    points = bool(_POINTS_AT_ORDER.search(question))  # the total of "that order" is of it alone
    if not points and (_OF_ALL.search(question) or len(words.content_words(question, context.language)) > SHORT):
        return None
    return order_of(last, context.deps.shop)


SHORT = 3
"""Content words up to which a question without a pointing word leaves its subject to the last one."""


def order_of(answer: Answer, shop: Shop) -> str | None:
    """The order that the last answer's first sentence stands on, when it is one alone."""
    cited = answer.sentences[0].evidence if answer.sentences else ()
    event_ids = [event for one in cited if (event := ids.event_of_evidence(one))]
    events = list(read.events_by_id(shop, event_ids).values()) if len(event_ids) == len(cited) else []
    numbers = {event.order_id for event in events if event.kind == "order"}
    only = next(iter(numbers)) if len(numbers) == 1 and all(event.kind == "order" for event in events) else None
    return only or None


def items_of(answer: Answer, shop: Shop, question: str = "") -> tuple[str, ...]:
    """The items that the last answer was about, when they are few enough for "it" to mean them; "the first one" is one of them."""
    event_ids = [event for one in answer.evidence if (event := ids.event_of_evidence(one.id))]
    events = sorted(read.events_by_id(shop, event_ids).values(), key=lambda one: one.occurred_at or 0)
    found = tuple(dict.fromkeys(e.item_id for e in events if e.item_id))
    place = next((nth for cue, nth in _NTH if cue.search(question)), None)
    if place is not None and 1 < len(found) <= 4 and place < len(found):
        return (found[place],)
    return found if len(found) <= 2 else ()


_EVERYBODY = re.compile(
    r"大家|客人们|顾客们|客户们|有人|别人|其他(人|顾客|客户)|谁|\b(people|ppl|customers?|folks|anybody|anyone|everybody|everyone|others|buyers)\b",
    re.IGNORECASE,
)
_OURS = re.compile(r"我们|咱|全店|店里|整个店|\b(we|our|us|the shop|the store|shop-?wide|overall)\b", re.IGNORECASE)
SETTLED = 40
"""Characters up to which a reply to "which one?" may be long."""


def of_the_shop(question: str, context: Context, customers: tuple[str, ...]) -> bool:
    """Whether a question in a thread, without a pronoun, leaves its customers: a total, what people say, a thing they never had."""
    from agent.statements import shopwide

    if shopwide.asked(context):
        return len(customers) > 1 or bool(_OURS.search(question) or _EVERYBODY.search(question))
    things = set(items.meant(context)) if not points_back(question) else set()
    if not things:
        return False
    if _EVERYBODY.search(question):
        return True
    shop = context.deps.shop
    return not any(event.item_id in things for one in customers for event in read.events_of(shop, one))


def settles(question: str, context: Context, newest: Answer) -> bool:
    """Whether this only says which of the namesakes was meant ("the one in Denver") after we asked back."""
    plain = not (aims.of(context.scope.rest) or aims.fields_of(context.scope.rest))
    return newest.reason == "ambiguous" and len(question) <= SETTLED and plain

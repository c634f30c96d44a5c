"""Wordings that mean the same, put in the plainest one before anything reads the question: superlatives and what trails them."""

from __future__ import annotations

import re

_SAME: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        # "tops the list for number of orders", "leads in orders", "the greatest number of orders"
        (
            r"\b(?:tops? the (?:list|table|ranking|chart)s? (?:for|by|in|on)|leads? (?:the (?:list|table|ranking) )?(?:in|by|on)|ranks? (?:first|highest|number one|no\.? ?1) (?:for|by|in|on)|comes? (?:out )?(?:first|top) (?:for|by|in|on))\s+(?:the )?(?:number|count|amount|total) of\b",
            "has the most",
        ),
        (r"\bthe (?:greatest|largest|biggest|highest) (?:number|count) of\b", "the most"),
        # 订单数居首的客户, 下单次数冠军, 订单数第一的人
        (
            r"(?P<of>(?:订单|下单|订购|购买|消费|退货|评[价论])(?:的)?(?:总)?(?:次数|数量?|笔数|单数|金额|额|量)?)(?:排名?)?(?:居(?:首位?|冠|第一)|排?第一(?!次|单|笔|个|条)|之首|(?:的)?冠军|榜首|拔得头筹)(?:的|之)?",
            r"\g<of>最多的",
        ),
        # what asks once more for the number that is told anyway
        (r"[,，、]?\s*(?:并|以)?及其?(?:总)?(?:订单|下单|购买|消费)?(?:数量?|单数|笔数|次数|金额)(?=\s*[。?？]?\s*$)", ""),
        (
            r",?\s*(?:and|plus)\s+(?:please\s+)?(?:(?:state|give|tell me|say|what)\s+)(?:that|the|its?|their) (?:number|count|figure|total)(?: is| was)?(?=\s*[.?]?\s*$)",
            "",
        ),
        # who is told to find it
        (r"^\s*(?:please )?(?:identify|state|specify|indicate|determine) (?=(?:the|which) (?:customer|buyer|shopper|client)\b)", "who is "),
        (r"(?:请|烦请|麻烦)?(?:指明|列明|注明|说明|陈述)(?=.)", "请问"),
        (r"\bhow many (?:us )?(?:dollars|bucks|yuan|rmb|cny|usd|pounds|euros|quid)\b", "how much money"),
        # the largest order: "the most she ever paid in one go", "record order value", 单笔最高, 一次性最多花了多少
        (
            r"\b(?:the )?(?:most|largest amount|highest amount)\b(?P<who>[^,?.]{0,40}?)\b(?:paid|spent|spend|pay|shelled out|forked out)\b(?P<us>[^,?.]{0,20}?)\b(?:in one go|at once|at one time|in (?:a|one) (?:single )?(?:go|order|purchase|transaction|sitting|hit))\b",
            r"amount of the most expensive order\g<who>\g<us>",
        ),
        (
            r"\b(?:record|(?:the )?(?:highest|biggest|largest|top|priciest|costliest) (?:single )?)(?:purchase|transaction|bill|payment|receipt|basket|order)(?:['’]s)?(?: (?:value|amount|total))?\b",
            "most expensive order",
        ),
        (
            r"单(?:笔|次)(?:消费|付款|金额|订单|花费|支付)*最(?:高|大|多)(?:的)?(?:消费|付款|花了|付了|花费|支付)?|一次(?:性)?(?:消费|付款?|花)?(?:得)?最(?:多|高)(?:花了|付了|消费)?|最大的?一笔(?:订单|消费|付款)?",
            "金额最高的一单",
        ),
        # whom things were sold to
        (
            r"\b(?:to )?who(?:m|['’]ve| have| did)?(?: have| did)? ?we(?:['’]ve| have)? (?:sold|sell) (?P<what>the [^,?.]{2,60}?)(?: to)?(?=\s*[,?.]|$)",
            r"who bought \g<what>",
        ),
    )
)  # fmt: skip


def plain(question: str) -> str:
    """The question in plainer words; unchanged where none of the wordings stands in it."""
    for pattern, words in _SAME:
        question = pattern.sub(words, question)
    return question


def language_of(question: str) -> str:
    """`zh` when the question has Chinese words beside names, else `en`: a short Chinese run among English words is a name."""
    runs = re.findall(r"[\u4e00-\u9fff]+", question)
    han = sum(len(run) for run in runs)
    outside = re.sub(r"\S+@\S+", " ", question)
    latin, lower = len(re.findall(r"[A-Za-z]+", outside)), re.search(r"\b[a-z]{3,}\b", outside)
    short = all(len(run) <= 4 for run in runs)
    named = short and ((len(runs) <= 2 and latin >= 2 * len(runs) + 1) or (len(runs) == 1 and bool(lower)))
    asks = re.search(r"[吗呢么啥哪谁几何的了过查看问单]", question)
    return "zh" if han >= 2 and han >= latin * 0.5 and not (named and not asks) else "en"

"""Questions that the tables of cues take for easier ones: each has a maker of its own here, or is refused.

What these tell is final. A refusal is an empty list: "gave one star and never came back" told as "gave one star" is wrong.
"""

from __future__ import annotations

import re

from agent.answer.context import Context, Statement
from agent.question import items
from agent.question.asking import WHO
from agent.question.dates import number
from agent.statements import leaving, lists, never_bought, staff_words, summaries
from agent.statements.kinds import KIND_LABEL
from huaxiang.schema.event import EventKind
from huaxiang.store import read
from tools import query_records


def _re(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_GONE = _re(
    r"\bnever (?:came|come|been|returned|shopped|ordered|bought|purchased)\b.{0,12}?\b(?:back|again|since|after)\b|\bnever returned\W*$|(?:再也?|就)(?:没|不)(?:有)?(?:再)?(?:来|回来|买|下单)"
)
_RATED = _re(
    r"[一二两12] ?星|差评|打分|评分|\b(?:one|two|[12])[- ]?stars?\b|\b(?:bad|negative|poor) (?:review|rating)s?\b"
)
_SAVED = _re(
    r"省(?:了|下|过)*(?:多少|几)|优惠(?:了|过)?(?:多少|几)|减(?:了|免)(?:了)?多少|\bhow much\b.{0,40}\b(?:saved?|savings?|discounts?)\b"
)
_CITY = _re(r"哪(?:个|座|些)?(?:城市|省份?|地区|国家)|\b(?:which|what) (?:city|cities|town|region|country|state)\b")
_EACH = _re(
    r"人均|平均每(?:个|位|名|人)|每(?:个|位|名)(?:顾客|客户|人)|\bper (?:customer|person|head|buyer|shopper|capita)\b"
)
_SAME = _re(r"同一?(?:个|件|款|种|样)?(?:商品|产品|东西|货)|\b(?:the )?same (?:product|item|thing|article)\b")
_REPEATED = _re(r"[两二三多]次|不止一次|反复|一再|再次|\b(?:twice|again|more than once|repeatedly|times|two times)\b")
_NO_ORDER = _re(r"抱怨|投诉|吐槽|退|评|\b(?:complain\w*|return\w*|sent back|review\w*|rated?|moan\w*)\b")
_PRODUCTS = _re(
    r"哪(?:些|几个|几种|几款|个|款|种)?(?:商品|产品|东西|货)|\b(?:which|what) (?:products?|items?|things|articles)\b"
)
_RETURNED = _re(r"退|\b(?:returned|sent back|refunded)\b")
_OFTEN = _re(
    r"(?:不止|超过|多于|大于)(?P<over>\d+|[一二两三四五六七八九十])次|(?:至少|不少于)(?P<least>\d+|[一二两三四五六七八九十])次|(?P<up>\d+|[一二两三四五六七八九十])次(?:以上|及以上|或更多)|(?P<many>多次|反复)"
    r"|\bmore than (?P<o>once|twice|(?:\d+|one|two|three|four|five) times)\b|\bat least (?P<l>twice|(?:\d+|two|three|four|five) times)\b|\b(?P<u>twice|(?:\d+|two|three|four|five) times) or more\b|\b(?P<m>repeatedly|several times|multiple times)\b"
)
_TIMES = {"once": 1, "twice": 2, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_KIND = r"(?:(?P<review{0}>评价|评论|reviews?)|(?P<ticket{0}>工单|tickets?)|(?P<message{0}>消息|messages?)|(?P<survey{0}>问卷|surveys?)|(?P<return{0}>退货|returns?))"
_BOTH_KINDS = _re(
    rf"\bboth (?:an? |some )?{_KIND.format(1)} and (?:an? |some )?{_KIND.format(2)}\W*$|既(?:写|提|发|填|有|交)?过?{_KIND.format(3)}[,，]?[又也还](?:写|提|发|填|有|交)?过?{_KIND.format(4)}的?(?:顾客|客户|用户|人)?(?:有)?(?:多少|几|哪些|谁)?(?:个|位|人)?(?:顾客|客户|用户|人)?\W*$"
)
SHOWN = 40
"""Names listed."""


def told(context: Context) -> list[Statement] | None:
    """What is told of such a question, [] to refuse it, None where it is none of these."""
    text = context.scope.rest
    if context.scope.customers:
        if (
            context.span is not None
            and _SAVED.search(text)
            and not items.meant(context)
            and not context.scope.order_ids
        ):
            context.customer_id = context.scope.customers[0]
            return summaries.discount(context) if len(context.scope.customers) == 1 else None
        maker = staff_words if staff_words.asked(context) else never_bought if never_bought.asked(context) else None
        if maker is not None:
            context.customer_id = context.scope.customers[0]
        return maker.told(context) if maker is not None else None
    who = bool(WHO.search(text))
    if who and _GONE.search(text) and _RATED.search(text):
        return None if leaving.leaving(context) or lists.listed(context) else []
    if _CITY.search(text) and _EACH.search(text):
        return []
    if who and _SAME.search(text) and _REPEATED.search(text) and _NO_ORDER.search(text):
        return []
    if _PRODUCTS.search(text) and _RETURNED.search(text) and _OFTEN.search(text) and not context.memo.get("among"):
        return _returned_often(context)
    both = _BOTH_KINDS.search(text)
    return _wrote_both(context, both) if both and (who or _re(r"多少|几|谁").search(text)) else None


def _least(found: re.Match[str]) -> int:
    """The number of times from which on a product counts."""
    over, least = found["over"] or found["o"], found["least"] or found["up"] or found["l"] or found["u"]
    told = over or least
    if not told:
        return 2
    word = told.split()[0].lower()
    return (_TIMES.get(word) or number(word)) + (1 if over else 0)


def _returned_often(context: Context) -> list[Statement]:
    """Products by how many returns of them are on record, of which there are as many as asked."""
    found = _OFTEN.search(context.scope.rest)
    span = context.span
    result = context.call(
        "query_records", kinds=("return",), group_by="item", measure="events", limit=500,
        since=span.since if span else None, until=span.until if span else None,
    )  # fmt: skip
    if not found or not isinstance(result, query_records.Result) or not result.rows:
        return []
    least = _least(found)
    rows = sorted((row for row in result.rows if row.item_id and row.records >= least), key=lambda row: -row.records)
    cited = tuple(dict.fromkeys(one for row in rows or result.rows for one in row.evidence))
    listed = ("、" if context.zh else ", ").join(
        f"{row.zh if context.zh else row.en}: {row.records}" for row in rows[:SHOWN]
    )
    text = context.say(
        f"{context.within()}退货记录不少于 {least} 条的商品有 {len(rows)} 种{': ' if rows else ''}{listed}。",
        f"{len(rows)} products have at least {least} returns{context.within()}{': ' if rows else ''}{listed}.",
    )
    return [Statement(text, cited, direct=True, figures=(text,), kind="summary")]


def _wrote_both(context: Context, found: re.Match[str]) -> list[Statement]:
    """Customers with records of both kinds named, in the span asked."""
    kinds: list[EventKind] = [
        kind
        for place in "1234"
        for kind in ("review", "ticket", "message", "survey", "return")
        if found.group(f"{kind}{place}")
    ]
    span = context.span
    people: list[dict[str, tuple[str, ...]]] = []
    for kind in kinds:
        result = context.call(
            "query_records", kinds=(kind,), group_by="customer", limit=500, customer_ids=context.memo.get("among") or (),
            since=span.since if span else None, until=span.until if span else None,
        )  # fmt: skip
        people.append({r.key: r.evidence[:1] for r in result.rows} if isinstance(result, query_records.Result) else {})
    shared = sorted(people[0].keys() & people[1].keys())
    if not shared or kinds[0] == kinds[1]:
        return []
    known = read.customers_by_id(context.deps.shop, shared)
    names = [
        (f"{p.name}({k})" if context.zh else f"{p.name} ({k})") if (p := known.get(k)) and p.name else k for k in shared
    ]
    a, b = (KIND_LABEL[kind][0 if context.zh else 1] for kind in kinds)
    listed = ("、" if context.zh else ", ").join(names[:SHOWN])
    text = context.say(
        f"{context.within()}既有{a}又有{b}记录的顾客有 {len(shared)} 位: {listed}。",
        f"{len(shared)} customers have both {a} and {b}{context.within()}: {listed}.",
    )
    cited = tuple(dict.fromkeys(one for key in shared for each in people for one in each[key]))
    return [Statement(text, cited, direct=True, figures=(text,), kind="summary")]

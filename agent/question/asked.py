"""What a figure must be of to answer a question: its quantity (a day, a count, money) and what it is counted over.

A question's measure is read twice: the quantity by its words, what it is of by the trained reader of question kinds among
those of that quantity. A statement says of itself what it tells (`Statement.tells`); only one that tells what was asked is
an answer (`agent.answer.agreement`), whatever cue led to its maker.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from agent.answer.context import Context, Measure, Quantity
from agent.question import items, query, retell
from huaxiang.text import questions


@dataclass(frozen=True, slots=True)
class Asked:
    """The measure that a question asks for, the kind of question it was read as, and whether words and model agree on it."""

    measure: Measure
    label: str
    sure: bool


BY_KIND: dict[str, Measure] = {
    "first_order": Measure("day", "first order"), "last_order": Measure("day", "last order"),
    "since_last_order": Measure("day", "last order"), "last_order_amount": Measure("money", "last order"),
    "first_order_amount": Measure("money", "first order"), "order_count": Measure("count", "orders"),
    "total_spend": Measure("money", "orders"), "average_order": Measure("money", "average order"),
    "largest_order": Measure("money", "largest order"), "smallest_order": Measure("money", "smallest order"),
    "item_when": Measure("day", "item"), "item_price": Measure("money", "item"), "item_quantity": Measure("count", "units"),
    "return_count": Measure("count", "returns"), "refund_total": Measure("money", "returns"),
    "refund_item": Measure("money", "return"), "return_when": Measure("day", "return"),
    "review_count": Measure("count", "reviews"), "last_review": Measure("day", "review"),
    "ticket_count": Measure("count", "tickets"), "last_ticket": Measure("day", "ticket"),
    "message_count": Measure("count", "messages"), "last_message": Measure("day", "message"),
    "last_contact": Measure("day", "message"),
}  # fmt: skip
"""What each kind of question (`questions.yaml`) asks for, where that is one figure."""
LIKELY = 0.3
"""Probability from which the model's own reading, of any kind of question, counts when it agrees with the words."""
CLEAR = 0.6
"""Probability among the kinds of the quantity asked from which one is taken, though the model would rather read another kind."""
WORDED = 0.4
"""The same where the question's words say which record or that all are meant, and no other kind says so."""


def _re(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_PIECE = "笔单张次件个条双包盒瓶本只把套罐支份台袋回颗枚封篇"
_QUANTITIES: tuple[tuple[Quantity | Literal["stars"], re.Pattern[str]], ...] = (
    ("day", _re(r"哪一?[天日]|几月几|几号|什么(?:时候|日子)|啥时候|何时|日期|日子|\bwhen(?:['’]?[ds])?\s+(?:did|was|were|is|has|have|does|do|exactly|precisely)\b|\b(?:know|check|tell me|see|find out|confirm|verify|wonder\w*|asked|ask|look up|establish) when\b|^\W*when (?:the )?(?:first|last)\b|\bwhen\W*$|\bdates?\b|\b(?:which|what|exact) day\b|\bthe (?:exact )?day\b|\bhow (?:recently|long ago)\b")),
    ("money", _re(r"多少(?:钱|元|块|刀)|几块钱|金额|总额|消费额|营业额|总价|价值|[花付](?:到|了|掉|过|费|款)*(?:我们|咱们?)?(?:多少|总计|合计|几何)|(?:消费|花费|付款|支付|实付).{0,6}(?:多少|总|合计|加总|加起来|共)|贡献.{0,8}多少|\bhow much\b(?! (?:does|do|did) .{2,30}\b(?:like|love|weigh|care|use|enjoy)\b)|\bamounts?\b|\bvalue\b(?! for)|\bspen[dt]\w*\b|\bpaid\b|\b(?:came|comes?|amount(?:ed|s)?|add(?:ed|s) up) to\b|\bworth\b|\brevenue\b|\bcosts?\b|\bmoney\b")),
    ("stars", _re(r"平均(?:评)?分|评[分价].{0,6}(?:均值|平均)|均分|星级|几颗?星|几分|多少[星分]|评分|打分|\bstars?\b|\bratings?\b|\brates?\b|\brated\b|\bscor(?:es?|ed|ing)\b")),
    ("count", _re(rf"(?<!好)(?:几|多少)[{_PIECE}]|多少个?(?:订单|单)|笔数|件数|单数|单量|次数|数量|张数|订单总?数|\bhow many\b|\b(?:the|total|overall|combined) (?:total )?number\b|\bwhat number of\b|\bnumber of\b|\bcount(?:s|ing)?\b|\btally\b|\bqty\b|\bquantity\b|\bhow often\b|\bunits\b")),
)  # fmt: skip
_ALL_TIME = _re(
    r"从(?:第一|最早|最初|首)[^,，。]{0,6}(?:到|至)(?:现在|如今|目前|今天?|最近)|\b(?:since|from) (?:(?:the|their|her|his) )?(?:very )?(?:first|start|beginning)\b(?: (?:order|purchase|day))?(?: (?:to|until|till|up to) (?:now|today|the (?:last|latest)))?"
)
"""All that ever was, though it names the first."""
_WHICH: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("first", _re(r"第一|首(?:单|次|笔|回|购)|最[早老旧]|最初|头一|一开始|从哪一?[天日]|\bfirst\b|\bearliest\b|\boldest\b|\binitial\b|\bstarted?\b")),
    ("last", _re(r"最近|最后|最新|最?末[次单笔一]|上一?[次单笔回]|\blast\b|\blatest\b|\bnewest\b|\bmost recent(?:ly)?\b|\bhow recently\b")),
    ("largest", _re(r"最(?:贵|大|高|阔|狠|猛|豪)|排头|打头|居首|\b(?:largest|biggest|costliest|priciest|dearest|highest|top|peak|maximum)\b|\bmost expensive\b|\bthe most\b")),
    ("smallest", _re(r"最(?:便宜|小|低|少)|\b(?:smallest|cheapest|lowest|least)\b")),
)  # fmt: skip
_ALL = _re(
    r"总|累计|一共|合计|全部|所有|历来|至今|到现在|迄今|一直|加总|加起来|有史以来|\b(?:total\w*|altogether|overall|all|ever|so far|to date|lifetime|combined|sum|in all|across)\b"
)

_OTHER = _re(
    r"(?:几|多少)个?(?:小时|分钟|钟头|月|年|天|周|星期|礼拜|人|孩子|岁)|承诺|答应|送达|送到|到货|发货|收到|寄出|注册|加入|生日|过期"
    r"|\bhow many (?:\w+ )?(?:minutes?|mins|hours?|hrs|days|weeks|months|years|people|customers|kids|children|cats|dogs|pets|grams|km|miles|percent|colou?rs|sizes)\b|客服|\b(?:promis\w+|told|support|staff|moan\w*|said|says?)\b|\b(?:deliver|arriv|ship|despatch|dispatch|expir|regist|join|resolv|replac|fix)\w*|\bsigned up\b|\bbirthday\b|\bborn\b"
)
"""Counts of other things than records, days of other events than orders and returns."""
_CURRENCY = _re(r"美元|美金|人民币|欧元|英镑|日元|\b(?:usd|cny|rmb|eur|gbp|jpy|dollars?|yuan|euros?|pounds?|yen)\b")
_AVERAGE = _re(r"平均|均价|客单|每单|每笔|每次|\baverage\b|\bmean\b|\bper order\b|\btypical\w*|\busual\w*|\baov\b")
_FAMILY = {
    "returns": "return", "return": "return", "reviews": "review", "review": "review", "messages": "message",
    "message": "message", "tickets": "ticket", "ticket": "ticket",
}  # fmt: skip
"""The kind of record that a measure is of, where that is no order."""
_OF_ORDERS = frozenset("spend order_count last_order first_order largest_order bought_item average_order".split())
_ASIDE = _re(
    r"(?:不算|不扣|不计|扣除|扣掉|减去|忽略|除去)退[款货]|退[款货](?:不算|前|后|之前|之后)|\b(?:ignor\w*|before|after|not (?:count|deduct)\w*|without|excluding|regardless of|less|minus|net of)\s+(?:the |any |his |her |their )?(?:refunds?|returns?)\b"
)
"""Returns named only to say how a sum is meant."""


def quantity_of(text: str) -> Quantity | None:
    """The one quantity that a question asks for; None where its words name none, or several, or stars."""
    found = [name for name, cue in _QUANTITIES if cue.search(text)]
    only = found[0] if len(found) == 1 else None
    return None if only == "stars" else only


def which_of(text: str) -> str:
    """Which record the words single out: first, last, largest, smallest; "several" of these; "all"; "" where they say nothing."""
    plain = _ALL_TIME.sub(" ", text)
    found = [name for name, cue in _WHICH if cue.search(plain)]
    if found:
        return found[0] if len(found) == 1 else "several"
    return "all" if plain != text or _ALL.search(plain) else ""


def figure(context: Context) -> Asked | None:
    """What a question about one customer asks for; None where it is no single figure, or nobody can tell. Read once."""
    if "measure" not in context.memo:
        context.memo["measure"] = _asked(context)
    found: Asked | None = context.memo["measure"]
    return found


def _asked(context: Context) -> Asked | None:
    scope = context.scope
    text = re.sub(re.escape(context.span.phrase), " ", context.asked) if context.span else context.asked
    quantity = quantity_of(text)
    if (
        _OTHER.search(text)
        or quantity is None
        or len(scope.customers) != 1
        or scope.order_ids
        or context.fields
        or _CURRENCY.search(text)
    ):
        return None
    which = which_of(text)
    wanted = query.parse(text)
    if which == "several":
        return None
    if wanted is not None and (wanted.shape in ("ordinal", "gap") or wanted.conditioned or _other_extreme(wanted)):
        return None
    thing = bool(items.meant(context))
    if quantity == "count" and not _of_records(text, thing):
        return None
    family = next(iter(query.kinds_of(_ASIDE.sub(" ", text))), "order")
    if family != "order" and _OF_ORDERS & {aim.name for aim in context.aims}:
        return None
    averaged = bool(_AVERAGE.search(text))
    among = {
        name for name, one in BY_KIND.items() if one.quantity == quantity and _may_be(name, which, family, averaged)
    }
    encoder: Any = getattr(context.deps.index, "encoder", None)
    whole = retell.kind_of(context)
    allowed = {name for name in among if retell.fits(retell.kinds()[name], 1, thing)}
    if whole is None or not allowed:
        return None
    best = questions.load().predict([retell.words_of(context)], encoder, allowed=allowed)[0]
    measure = BY_KIND[best.label]
    agrees = BY_KIND.get(whole.label) == measure and whole.probability >= LIKELY
    if not agrees and best.probability < (WORDED if which else CLEAR):
        return None
    return Asked(measure, best.label, sure=agrees or (bool(which) and best.probability >= CLEAR))


_COUNTED = _re(
    r"\b(?:how many|number of) ((?:[\w'’-]+ ){0,6}?[\w'’-]+)(?= (?:has|have|had|did|do|does|were|was|are|is|can|could|will|across|in|on|for|from)\b|\W*$|[,.;?])"
)
_RECORDS = _re(
    r"\b(?:orders?|purchases?|times|units?|pieces?|items?|products?|packs?|boxes|bottles|pairs?|bags|jars|tins|tubs|cans|sets|of|returns?|refunds?|reviews?|ratings?|tickets?|messages?|complaints?)\b"
)
_COUNTED_ZH = _re(r"(?:几|多少)[个只条位](?!订单|单)[\u4e00-\u9fff]")


def _of_records(text: str, thing: bool) -> bool:
    """Whether a count is one of records or of a thing sold: nobody's brothers and sisters."""
    found = _COUNTED.search(text)
    if found and not thing and not _RECORDS.search(found.group(1)) and found.group(1).strip() not in _VERBS:
        return False
    return thing or not _COUNTED_ZH.search(text)


_VERBS = frozenset("has have had did do does were was are is".split())


def _other_extreme(wanted: query.RecordQuery) -> bool:
    """A superlative over anything but orders by amount: a month, an item, a brand."""
    return wanted.shape == "extreme" and (wanted.group_by != "order" or wanted.measure != "amount")


def _may_be(label: str, which: str, family: str, averaged: bool) -> bool:
    """Whether the words allow a kind of question: no model supplies a "last", an "average" or a "return" that nobody wrote."""
    of = BY_KIND[label].of
    edge = next(
        (one for one in ("first", "last", "largest", "smallest") if of.startswith(one) or label.startswith(one)), ""
    )
    if edge and edge != which:
        return False
    if which in ("largest", "smallest") and not edge:
        return False
    if which in ("first", "last") and not edge and of not in ("item", "return"):
        return False
    return (of == "average order") <= averaged and _FAMILY.get(of, "order") == family

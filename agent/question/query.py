"""A question about records as a query: which events, under which conditions, grouped by what, and what to compute.

The narrow aims (`agent.question.aims`) read the commonest questions; this reads what they would drop: superlatives over months or
products, ratings and amounts as conditions, the second order, the time between two things. Zh and en side by side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from agent.question import bounds
from agent.question.dates import number
from huaxiang.schema.event import EventKind
from tools.query_records import GroupBy, Measure

Shape = Literal["extreme", "list", "count", "sum", "ordinal", "gap"]


def _re(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


@dataclass(frozen=True)
class RecordQuery:
    """What to compute. `ordinal` counts from 1, from the end when negative."""

    shape: Shape
    kinds: tuple[EventKind, ...]
    group_by: GroupBy = "record"
    measure: Measure = "events"
    descending: bool = True
    rating_min: float | None = None
    rating_max: float | None = None
    amount_min: float | None = None
    amount_max: float | None = None
    discounted: bool | None = None
    ordinal: int = 0
    status: str | None = None
    asks_why: bool = False
    rebought: bool = False
    strict: bool = False
    """Whether an amount must be above (below) the bound rather than reach it."""
    whole_orders: bool = False
    """Whether the amounts bound whole orders."""
    currency: str | None = None

    @property
    def bounds_money(self) -> bool:
        """Whether an amount of money is a condition."""
        return self.amount_min is not None or self.amount_max is not None

    @property
    def conditioned(self) -> bool:
        """Whether a rating, an amount or a discount narrows the records."""
        return any(
            one is not None
            for one in (
                self.rating_min,
                self.rating_max,
                self.amount_min,
                self.amount_max,
                self.discounted,
                self.status,
            )
        )


_KINDS: tuple[tuple[EventKind, re.Pattern[str]], ...] = (
    ("return", _re(r"退(?!休)|\breturn(s|ed|ing)?\b|\brefund(s|ed)?\b|\b(?:s[ae]n[dt](?:s|ing)?|g[ai]v(?:e|ing)|ship(?:ped|ping)|br(?:ing|inging|ought))\b.{0,30}\bback\b")),
    ("survey", _re(r"问卷|\bsurveys?\b|\bnps\b")),
    ("review", _re(r"评[价论分]|差评|好评|低分|高分|满分|打了?.{0,8}[星分]|[星分](的|以)|\brat(e|ed|ing|ings)\b|\breview(s|ed)?\b|\bstars?\b")),
    ("ticket", _re(r"工单|投诉|\btickets?\b|\bcomplaints?\b")),
    ("cart", _re(r"加购|购物车|\bcarts?\b")),
    ("search", _re(r"搜索|搜过|\bsearch(es|ed)?\b")),
    ("view", _re(r"浏览|\bview(s|ed)?\b|\bbrows")),
    ("message", _re(r"消息|留言|咨询|联系(?!方式)|\bmessages?\b|\bcontact(s|ed)? us\b|\bwrote in\b")),
    ("order", _re(r"回购|复购|\bre-?(?:order|b[uo]y|bought|purchas|stock)\w*|卖|囤|买|下单|订单|单子?|购|花|消费|付|\bowns?\b|\border(s|ed|ing)?\b|\bbought\b|\bbuy(s|ing)?\b|\bpurchase[sd]?\b|\bspen[dt]\b|\bpaid\b|\bpay\b|\bpurchases\b")),
)  # fmt: skip
_MOST = _re(
    r"最(勤|多|高|大|贵|常|频繁|爱(?=买|退|点|囤))|(?<!at )\b(most(?! (recent|likely|of))|highest|biggest|largest|priciest|dearest|busiest|max(imum)?)\b|\bbest[- ]?sell|卖得最好"
)
_LEAST = _re(r"最(少|低|小|便宜)|\b(least|fewest|lowest|smallest|cheapest|min(imum)?)\b")
_BEST, _WORST = _re(r"最好|\b(best|top)\b"), _re(r"最(差|烂|糟)|\bworst\b")
_PRICE = _re(
    r"最贵|最便宜|单价|价格最|\b(most|least) expensive\b|\bpriciest\b|\bdearest\b|\bcheapest\b|\b(highest|lowest)[- ]priced?\b"
)
MONEY = _re(
    r"多少钱|花(?!园|盆|瓶|茶|洒)|消费|金额|付|营业额|销售(?!量|数|件)|流水|营收|\b(?:how much|spen[dt]|spending|paid|money|amount|revenue|turnover|sales|takings|value)\b"
)
"""Words by which a question speaks of money."""
_RATING = _re(r"评分|打分|星|[给打].{0,6}分|\brat(e|ed|ing|ings)\b|\bstars?\b|\bscored?\b")
_GROUPS: tuple[tuple[GroupBy, re.Pattern[str]], ...] = (
    ("month", _re(r"(哪|几)(一)?(个)?月|\b(which|what|best|biggest|busiest) (calendar )?month")),
    ("quarter", _re(r"哪(一)?(个)?季度?|\b(which|what) (quarter|season)")),
    ("year", _re(r"哪(一)?年|\b(which|what|best|biggest) year")),
    ("weekday", _re(r"周几|星期几|礼拜几|\b(which|what) (day of the week|weekday)")),
    ("category", _re(r"(哪|什么)(个|些|种|一)?(类|品类|类别|类目)|(品类|类目)|\b(which|what) (product )?categor|\bcategor(y|ies)\b|\bwhat (kind|type|sort) of (things|products|items|stuff|goods)")),
    ("brand", _re(r"(哪|什么)(个|些|家)?(牌子|品牌)|\b(which|what) brand|\bbrand\b")),
    ("city", _re(r"哪(个|座|些)?(城市|地方)(?!.{0,3}住)|\b(which|what) (city|cities|town)")),
    ("order", _re(r"(哪|最(大|贵|高|便宜|小|低)的?)(那|一)?(个|张)?(单|笔|订单)|\b(which|biggest|largest|most expensive|least expensive|priciest|costliest|dearest|highest|cheapest|smallest) (single )?(order|basket)\b|\b(?:in|for|on|of) (?:a|one|any) (?:single )?(?:order|go)\b|\bsingle order\b|\borders?,? (?:the|which|what) (?:\w+ )?(?:priciest|costliest|dearest|biggest|largest|highest|cheapest|smallest)")),
    ("item", _re(r"(哪|什么|啥)(个|款|件|样|种|双|只|台|本|些|几样|几款)?(商品|产品|东西|宝贝|货|单品)|(哪|那)(款|件|样|双|台|本)|最(贵|便宜|常买|爱买|多|好|差).{0,4}(的)?(是)?(什么|啥|哪|东西|商品|产品|一?件|一?样|单品)|(商品|产品|东西)(是)?(什么|哪)|\b(which|what) (products?|items?|things?|thing|stuff)\b|\b(item|product|thing|purchase)s?\b|\bwhat(['’]s| is| was| did| does| has| have)\b.{0,60}\b(most|least|cheapest|priciest|highest|lowest|worst|best)\b")),
    ("customer", _re(r"谁|(哪|几)(个|位|些|名)?(顾客|客户|用户|买家|会员|人)|哪(位|些人)|\bwho\b|\b(which|what) (customers?|buyers?|shoppers?|people|users?)\b")),
)  # fmt: skip
_NUM = r"(\d+(?:\.\d+)?|[一二两三四五六七八九十]|one|two|three|four|five)"
_STARS = (
    # pattern, how it bounds the rating
    (_re(rf"{_NUM}\s*(?:颗)?[星分](?:及|或)?(?:以下|之下)|(?:低于|不到|少于)\s*{_NUM}\s*(?:颗)?[星分]|{_NUM}[- ]?(?:stars?)? or (?:less|lower|below|fewer|under|worse)|(?:below|under|less than|lower than)\s+{_NUM}(?: stars?| out)?(?=.{{0,12}}(?:star|rat|$|\?|out))"), "max"),
    (_re(rf"{_NUM}\s*(?:颗)?[星分](?:及|或)?(?:以上|之上)|(?:高于|超过)\s*{_NUM}\s*(?:颗)?[星分]|{_NUM}[- ]?(?:stars?)? or (?:more|higher|above|better|over)|(?:above|over|more than)\s+{_NUM} stars?"), "min"),
    (_re(rf"{_NUM}\s*(?:颗)?星|[打给].{{0,8}}?{_NUM}\s*分|{_NUM}[- ]stars?\b|\b(?:rated|gave|give|rate)\b.{{0,30}}?\b{_NUM}\b(?!\s*(?:%|days|weeks|months|years|of))(?: stars?)?(?: out of (?:5|five))?"), "equal"),
)  # fmt: skip
_FULL = _re(r"满分|满星|\bfull marks\b|\btop marks\b|\bperfect (score|rating)\b|\bfull stars\b")
_EITHER = _re(rf"{_NUM}\s*(?:or|to|-|–|和|或|到|、|/)\s*{_NUM}[- ]?(?:stars?\b|颗?星|分)")
_LOW = _re(
    r"差评|低分|不满意的?评|负面评|\b(bad|low|poor|negative|terrible) (rating|review|score|star)s?\b|\brated? .{0,24}(badly|poorly|low)\b|\bpoorly rated\b|\blow-rated\b"
)
_HIGH = _re(r"好评|高分|\b(good|high|positive|great|top) (rating|review|score)s?\b|\brated? .{0,24}(highly|well)\b")
_ORDERS = _re(r"订单|大单|单子|笔|单(?!价)|\borders?\b|\bbaskets?\b|\bpurchases\b")
_DISCOUNTED = _re(
    r"(打折|折扣|优惠|用券|用了券|促销)(时|买|过?的(单|订单|商品)|价买)|(?:用|有|享受?|带|打)(?:过|了)?(?:优惠券?|折扣|折|券|促销)|\b(on (a )?(sale|discount)|discounted|with (a |any )?(coupon|discount)s?|(?:had|used|got|used up) (?:a|any|some) (?:discount|coupon)s?)\b"
)
_FULL_PRICE = _re(
    r"原价|没(有)?(用)?(打折|打过?折|优惠券?|折扣|用券)|\bfull price\b|\bwithout (a |any )?(discount|coupon)s?\b|\b(?:un|not )discounted\b|\bno (?:discount|coupon)\b"
)
_ORDINAL = _re(
    r"第([二三四五六七八九十]|\d{1,2})(?:次|单|笔|个订单|个单|回|条|封)|倒数第([一二两三]|\d)|\b(second|third|fourth|fifth|2nd|3rd|4th|5th)(?:[- ](to[- ]last|last|most recent|latest))?\s+(?:\w+\s)?(?:order|purchase|review|return|message|time)|\b(?:order|purchase|one) before (?:that|last|the last)|\bprevious to (?:the )?last|上上(?:次|单|笔|回)|\blast but one\b|\bpenultimate\b"
)
_ORDINALS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}
_GAP = _re(
    r"(隔|相隔|间隔|相差|差)(了)?(多久|多少天|几天)|(之间|中间).{0,6}(多久|多少天|几天)|(多久|多少天|几天)(后|之后|以后)?(才|就)?(退|评|投诉|再次?买|复购|解决|处理|回复|发货|收到)|\bhow (long|many days|many weeks|many months|much time)\b.{0,40}\b(between|after|before|from|until|later)\b|\bdays? (between|passed|apart|elapsed)|\bhow (long|many days).{0,60}\b(pass(ed)?|later|apart)\b"
)
_GAP_LOOSE = _re(
    r"(?:从.+(?:到|至)|之后|以后|之间|后|完).{0,24}(?:多久|多长时间|多少(?:天|周|个?月)|几(?:天|周|个?星期|个?月))|(?:过|隔|等|用|花|时隔)了?(?:多久|多长时间|多少天|几天|几周|几个月).{0,4}(?:才|就|又|再)|(?:多久|多长时间|多少天|几天|几周|几个月)(?:之后|以后|后)?(?:才|就|又|再)"
    r"|\bhow (?:long|soon|quickly|many (?:days|weeks|months)|much time)\b.{0,90}\b(?:between|after|before|from|until|till|later|since|pass(?:ed)?|apart|elapsed?)\b|\b(?:between|from|after)\b.{4,90}\bhow (?:long|many (?:days|weeks|months))\b|\b(?:days|weeks|months|time) (?:between|from|passed|elapsed|until)\b|\bgap between\b"
)
_WHO_FIRST = _re(r"^\W*(who\b|谁|哪(个|位|些)(顾客|客户|用户|人)|which (customers?|buyers?|people)\b)")
_WHO_MOST = _re(
    r"最[多高大少低小](?:的)?(?:之)?(?:是)?(?:(?:哪|那)(?:个|位|名)?)?(?:顾客|客户|客人|用户|买家|会员|人)|最[多高大少低小](?:的)?(?:是)?(?:谁|哪位)"
    r"|\bwho (?:has|had|have|is|placed|made|spent|bought|ordered)\b.{0,40}\b(?:most|fewest|least|highest|lowest)\b|\b(?:customers?|buyers?|shoppers?|clients?) (?:with|who (?:has|have|had|placed|made)) the (?:most|fewest|highest|lowest)\b"
)
_WHOM = _re(r"(哪|几|两|三)(个|位|些|几个|几位|两个|两位)?(顾客|客户|用户|人)|谁|\bwho\b|\bcustomers\b")
_PIECES = _re(
    r"囤|多少(件|瓶|袋|个|双|包|盒|罐|支|条|本|套|台)|几(件|瓶|袋|个|双|包|盒|罐|支|条|本|套|台)|\b(pieces|units|bags|bottles|jars|pairs|packs|boxes|tubs|cans)\b"
)
_OPEN = _re(
    r"没(有)?(解决|处理|关|结)|未(解决|处理|结)|还?挂着|待处理|\bopen\b|\bunresolved\b|\bpending\b|\boutstanding\b|\b(nobody|not|never|no one) (has )?(closed|solved|resolved|fixed)|\bunsolved\b|\bstill waiting\b"
)
_LIST = _re(r"哪|什么|啥|列出|有没有|\b(which|what|list|show|any)\b")
_COUNT = _re(r"几|多少(?!钱)|\bhow many\b|\bnumber of\b|\bcount\b")
_SUM = _re(r"多少钱|总(共|额|计)|合计|一共.{0,8}(花|付)|\bhow much\b|\btotal\b")
_SLATED = _re(
    r"骂得最|最(不满|嫌弃|讨厌|不喜欢|失望|后悔)|\b(slat|hat|slamm|pann|dislik|criticis|complain)\w* .{0,24}\b(most|hardest|worst|the least)\b|\b(least (happy|satisfied|pleased)|most (unhappy|disappointed|annoyed))\b"
)
_WHY = _re(
    r"为什么|为啥|为何|原因|怎么会|\bwhy\b|\breasons?\b|说(了)?(什么|啥)|怎么说|\bwhat did .{0,30}\bsay\b|\bcomplain"
)


_FAULT_MOST = _re(
    r"最(?:多|常|大|集中|普遍|突出|严重)(?:见|提到|反映|反馈|吐槽|抱怨|投诉)?的?.{0,4}(?:毛病|问题|缺点|槽点|抱怨|投诉|不满|吐槽|差评点|意见|缺陷|故障)|(?:毛病|问题|缺点|槽点|抱怨|吐槽|意见|缺陷|故障)(?:里|中)?.{0,6}最(?:多|常|大|集中|普遍|突出|严重)|(?:反映|反馈|吐槽|抱怨|投诉)(?:得|的)?最多的(?:是|点)"
    r"|\b(?:most|main|biggest|top|common(?:est)?|usual|number one|chief)\b.{0,24}\b(?:complaints?|problems?|issues?|faults?|defects?|gripes?|grievances?|niggles?|trouble)\b|\bcomplain\w* .{0,12}about (?:the )?most\b|\b(?:complaint|problem|issue|fault|gripe) .{0,24}\bmost (?:often|frequently)"
)
"""The commonest fault of a thing: an answer from texts."""
_MEASURED = _re(
    r"(?:最多|most|highest)\W{0,2}(?:的)?(?:顾客|客户|人|商品|产品|品类|牌子|品牌|customers?|products?|items?|brands?)"
)
_REBOUGHT = _re(
    r"(?:回购|复购|反复(?:买|下单|购买)|重复(?:购买|买|下单)|一?再买)(?:得|的|率|次数)?.{0,6}最|最(?:常|爱|多)?(?:次)?(?:回购|复购|反复买|重复买|重复购买)|(?:一直|老是?|总是?|反复)(?:在)?(?:回购|复购|买).{0,6}(?:哪|什么|啥)|(?:哪|什么|啥).{0,8}(?:一直|老是?|总|反复)(?:在)?(?:回购|复购|买)"
    r"|\b(?:keep|keeps|kept)\s+(?:on\s+)?(?:coming back (?:for|to)|going back (?:for|to)|re-?\w*order\w*|re-?buying|buying|ordering|repurchasing|restocking)|\bre-?(?:order|b[uo]y|bought|purchas|stock)\w*\b.{0,24}\b(?:most|more than)\b|\bmost (?:often |frequently )?(?:re-?(?:order|bought|purchas|stock)\w*|repeat(?:ed)?)|\b(?:ordered|bought|orders|buys) (?:over and over|again and again|repeatedly|time and again)"
)
"""What is bought again and again: the item in the most orders."""


def kinds_of(text: str) -> tuple[EventKind, ...]:
    """The kind of record a question speaks of: returns and reviews win over the purchase they presuppose."""
    return next(((kind,) for kind, cue in _KINDS if cue.search(text)), ())


def asks_gap(text: str) -> bool:
    """Whether a question asks how much time lies between two things."""
    return bool(_GAP.search(text) or _GAP_LOOSE.search(text))


def parse(text: str) -> RecordQuery | None:
    """The query behind a question (without the customer's name and dates); None when the common aims read it fully."""
    kinds = kinds_of(text) or ("order",)
    low, high = rating_bounds(text) if kinds[0] in ("review", "order") or _RATING.search(text) else (None, None)
    rated = low is not None or high is not None
    if rated and kinds == ("order",):
        kinds = ("review",)
    money = bounds.read(text)
    over, under = (money.low, money.high) if money else (None, None)
    cut = discounted(text)
    more = {
        "rating_min": low, "rating_max": high, "amount_min": over, "amount_max": under, "strict": bool(money and money.strict),
        "currency": money.currency if money else None, "whole_orders": bool(money) and kinds == ("order",) and bool(_ORDERS.search(text)),
        "discounted": cut if kinds == ("order",) else None, "asks_why": bool(_WHY.search(text)),
    }  # fmt: skip
    if _SLATED.search(text) and (group_of(text) == "item" or _LIST.search(text)):
        return RecordQuery("extreme", ("review",), "record", "rating", descending=False, asks_why=True)
    if asks_gap(text):
        return RecordQuery("gap", kinds)
    place = _ordinal(text)
    if place:
        return RecordQuery("ordinal", kinds, "order" if kinds == ("order",) else "record", ordinal=place)
    extreme = _extreme(text, kinds, more)
    if extreme is not None:
        return extreme
    if kinds == ("ticket",) and _OPEN.search(text) and (_WHOM.search(text) or dict(_GROUPS)["customer"].search(text)):
        return RecordQuery("list", kinds, "customer", status="open")
    if not (rated or over is not None or under is not None or (cut is not None and kinds == ("order",))):
        return None
    by: GroupBy = "customer" if dict(_GROUPS)["customer"].search(text) else "record"
    shape: Shape = "sum" if _SUM.search(text) and kinds == ("order",) else "count" if _COUNT.search(text) else "list"
    if more["whole_orders"] and by == "record":  # an order's amount is the sum of its lines
        return RecordQuery(shape, kinds, "order", "amount", **more)  # type: ignore[arg-type]
    return RecordQuery(shape, kinds, by, "orders" if kinds == ("order",) else "events", **more)  # type: ignore[arg-type]


def without_conditions(text: str, wanted: RecordQuery | None) -> str:
    """The question without the words of the conditions that the query holds; words of any other stay."""
    if wanted is None:
        return text
    cues: list[re.Pattern[str]] = []
    if wanted.bounds_money:
        text = bounds.without(text)
    if wanted.rating_min is not None or wanted.rating_max is not None:
        cues += [_EITHER, *(pattern for pattern, _ in _STARS), _FULL, _LOW, _HIGH]
    if wanted.discounted is not None:
        cues += [_FULL_PRICE, _DISCOUNTED]
    if wanted.status is not None:
        cues += [_OPEN]
    for cue in cues:
        text = cue.sub(" ", text)
    return text


def discounted(text: str) -> bool | None:
    """Whether only what was bought with (True) or without (False) a discount is asked for; None when nothing is said of it."""
    return False if _FULL_PRICE.search(text) else True if _DISCOUNTED.search(text) else None


def without_discount(text: str) -> str:
    """The question without the words on discounts."""
    return _DISCOUNTED.sub(" ", _FULL_PRICE.sub(" ", text))


def without_rating(text: str) -> str:
    """The question without the words that bound the stars."""
    for cue in (_EITHER, *(pattern for pattern, _ in _STARS), _FULL, _LOW, _HIGH):
        text = cue.sub(" ", text)
    return text


def is_open(text: str) -> bool:
    """Whether a question is about what is not solved yet."""
    return bool(_OPEN.search(text))


def group_of(text: str) -> GroupBy | None:
    """What a superlative ranks: months, products, brands …"""
    if _WHO_FIRST.search(text) or _WHO_MOST.search(text):
        return "customer"
    return next((name for name, cue in _GROUPS if cue.search(text)), None)


def _extreme(text: str, kinds: tuple[EventKind, ...], more: Mapping[str, object]) -> RecordQuery | None:
    """A superlative over groups: "which month did she spend most", 最贵的东西."""
    most, least = _MOST.search(text), _LEAST.search(text)
    if _FAULT_MOST.search(text) and _MEASURED.search(text) is None:
        return None  # the commonest fault is read from texts, not from records
    rebought = _REBOUGHT.search(text)
    if rebought and (kinds == ("order",) or most):
        by_customer = _WHO_FIRST.search(text) is not None
        by_what: GroupBy = "customer" if by_customer else "item"
        return RecordQuery("extreme", ("order",), by_what, "orders", rebought=True, **more)  # type: ignore[arg-type]
    if kinds in (("review",), ("survey",)):
        most, least = most or _BEST.search(text), least or _WORST.search(text)
    if not (most or least):
        return None
    descending = not (least and (not most or least.start() < most.start()))
    by = group_of(text)
    if by is None and not _PRICE.search(text):
        return None
    if _PRICE.search(text):
        if by == "order":
            return RecordQuery("extreme", ("order",), "order", "amount", descending, **more)  # type: ignore[arg-type]
        if by in (None, "item", "brand", "category"):
            return RecordQuery("extreme", ("order",), "record", "unit_price", descending, **more)  # type: ignore[arg-type]
    assert by is not None or _PRICE.search(text)
    by = by or "item"
    measure: Measure = "events"
    if kinds in (("review",), ("survey",)) and not re.search(
        r"评[价论](写)?(最|得最)|\bmost review", text, re.IGNORECASE
    ):
        measure = "rating"
        if re.search(r"评[价论].{0,4}最?(多|少)|\b(most|fewest|number of) reviews\b", text, re.IGNORECASE):
            measure = "events"
    elif kinds == ("order",):
        pieces = by == "item" or _PIECES.search(text)
        measure = "amount" if MONEY.search(text) or by == "order" else "quantity" if pieces else "orders"
    return RecordQuery("extreme", kinds, by, measure, descending, **more)  # type: ignore[arg-type]


def rating_bounds(text: str) -> tuple[float | None, float | None]:
    """(lowest, highest) stars that a question asks for; (None, None) when it sets none."""
    either = _EITHER.search(text)
    if either:
        ends = sorted(_number(one) for one in either.groups() if one)
        return ends[0], ends[-1]
    for pattern, how in _STARS:
        found = pattern.search(text)
        if found:
            stars = _number(next(one for one in found.groups() if one))
            if not 0 <= stars <= 10:
                continue
            strict = (
                0.01
                if re.match(
                    r"低于|不到|少于|高于|超过|below|under|less|lower|above|over|more", found.group(0), re.IGNORECASE
                )
                else 0.0
            )
            if how == "max":
                return None, stars - strict
            return (stars + strict, None) if how == "min" else (stars, stars)
    if _FULL.search(text):
        return 5.0, 5.0
    if _LOW.search(text):
        return None, 2.0
    return (4.0, None) if _HIGH.search(text) else (None, None)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float(number(text.lower()))


def _ordinal(text: str) -> int:
    """Which one is asked for: 2 for the second, -2 for the last but one; 0 when none is."""
    found = _ORDINAL.search(text)
    if not found:
        return 0
    if found.group(1):
        return number(found.group(1))
    if found.group(2):
        return -number(found.group(2))
    if found.group(3):
        place = _ORDINALS[found.group(3).lower()]
        return -place if found.group(4) else place
    return -2

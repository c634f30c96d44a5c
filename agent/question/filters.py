"""A question over the whole shop as one measure under one filter: every word is read, or the question is not answered.

What is read is taken out of the text, piece by piece; what is left then and is no filler bounds the question in a way that
no `Filter` says, so a figure that went on without it would be another question's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from agent.answer.context import Context
from agent.question import bounds, dictionary, names, query, things
from agent.question.asking import PRONOUN
from agent.question.dates import number
from agent.question.measures import BY, COUNTED, CUES, LEAST, MOST, RANKS, SELLING, Cue
from huaxiang.store import tables as t
from huaxiang.totals import Filter, Measure, Selector
from huaxiang.totals.filter import By

OTHER = re.compile(
    r"谁|哪|列|名单|清单|为什么|为啥|为何|什么(?!价)|啥|怎么|最|何时|趋势|走势|比(?!例|率)|涨|跌|升|降|变[高低多少]|\b(?:who|whom|whose|which|why|when|where|most|least|best|worst|top|highest|lowest|trend\w*|up|down|rising|rise|rose|fall|fell|falling|grow|grew|grown|dropp?(?:ed)?|increased?|decreased?|changed?|going|compared?|versus|vs|than|list)\b",
    re.IGNORECASE,
)
"""Words of another kind of question: who, why, the most."""
_EXCEPT = re.compile(
    r"除(?:了|去|开)?\s*(?P<a>[^,，。?？]{1,24}?)(?:以外|之外|外)(?:的|,|，)?|(?:不(?:算|包括|含|计)|刨(?:去|除))\s*(?P<b>[^,，。?？的]{1,16})(?:的)?"
    r"|\b(?:other than|apart from|except(?: for)?|excluding|besides|not counting|without counting)\s+(?P<c>[\w' -]{2,40}?)(?=$|[?,.]|\s+(?:in|during|since|from|did|do|have|between|last|this|by|paid)\b)",
    re.IGNORECASE,
)
_CURRENCY = {
    "USD": r"usd|us dollars?|dollars?|美元|美金|\$", "CNY": r"cny|rmb|chinese yuan|yuan|renminbi|人民币", "EUR": r"eur|euros?|欧元",
    "GBP": r"gbp|pounds?|英镑", "JPY": r"jpy|yen|日元",
}  # fmt: skip
_PAID_IN = r"(?:\b(?:paid |settled |charged |spent )?(?:in|with)\s+)?(?:(?:以|用)\s*)?(?<![A-Za-z])(?:{})(?![A-Za-z])(?:\s*(?:付款|支付|结算|计价|计|付)的?|的)?(?:\s+orders(?= paid))?"
_FILLER_ZH = re.compile(
    r"我们|咱们|咱|店铺|店里|全店|本店|这家店|整个店|店|整个|整体|总体|全部|所有|一共|总共|合计|总计|累计|总的|总|共有|共|来自|请问|帮我|帮忙|麻烦|查一下|查询|查|算一下|算|看一下|看看|统计|一下|告诉我|给我"
    r"|顾客|客户|用户|买家|客人|大家|是多少|有多少|多少|数量|总数|数目|的数|情况|怎么样|目前|现在|至今|迄今|截至|为止|收到|产生|发生|出现|完成|订购|下单|购买|消费|商品|产品|东西|类的|类|品类|品牌|牌子|这个|期间|以来|里面|份内"
    r"|是|有|的|了|过|在|里|内|中|吗|呢|呀|啊|嘛|于|被|下|买|卖|出|到|我|货|钱|额|数|量|单|笔|条|件|次|张|份|位|名|个|几|起|双|与?其|年(?=$|\s)|城市|地区|都|对|给|打|写"
)
_BLOCK_ZH = re.compile(
    r"个人|团购|会员|单品|大单|小单|次品|新品|老|男|女|件套|年内|中下|一单|这单|那单|一笔|这笔|下架|次日|首单|次单|对比|起码|几乎|货到|多少(?:天|人|家|种|款|年|月|周|次数)"
)
_FILLER_EN = frozenset(
    "a an the of in on for from by to at with we us our ours you your i me my did do does done have has had is was were are be been being get got gotten receive received"
    " take taken took make made place placed come came customers customer people buyers shoppers shop store business whole entire overall total totals altogether all there how"
    " many much number count amount that who ordered bought purchased sold sell selling spent spend paid pay wrote write written left leave given gave give so far during within"
    " living live lives based located containing contain contained include included includes including worth item items product products thing things goods gear stuff supplies"
    " category range section department brand brand's please show tell what's whats what it its they their them ever already currently now today date until gone went through"
    " opened filed logged raised processed happened happen occurred online everything anything value values unit units pieces piece records record figure figures any".split()
)  # fmt: skip
_ALSO: dict[str, str] = {
    "order": r"订单|下单|购买|销售|成交|\b(?:orders?|purchases?|sales|sold|ordered)\b", "return": r"退货|退款|退|\b(?:returns?|returned|refunds?|refunded|refunding)\b",
    "review": r"评[价论]|评分|打分|点评|\b(?:reviews?|ratings?|rated|stars?|reviewed|scores?)\b", "ticket": r"工单|投诉|\b(?:tickets?|cases|complaints?)\b",
}  # fmt: skip
KIND: dict[str, str] = {
    "orders": "order", "order_lines": "order", "units": "order", "revenue": "order", "average_order": "order", "customers": "order", "repeat_customers": "order",
    "repeat_rate": "order", "new_customers": "order", "returns": "return", "refunded": "return", "return_rate": "return", "reviews": "review",
    "average_rating": "review", "star_share": "review", "tickets": "ticket", "tickets_open": "ticket", "tickets_solved": "ticket", "complaints": "ticket", "trouble": "ticket",
}  # fmt: skip


MANY_PEOPLE = re.compile(
    r"(?:多少|几)(?:位|个|名)?(?:顾客|客户|客人|用户|买家|人)|\b(?:how many|number of) (?:\w+ )?(?:customers|buyers|shoppers|clients|people)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d.-])20\d{2}(?![\d-])|今年|去年|前年|\b(?:this|last) year\b", re.IGNORECASE)
_YEARS = {"今年": "this", "this year": "this", "去年": "last", "last year": "last"}


@dataclass(frozen=True)
class Reading:
    """What a question asks of the whole shop: the selectors whose figures answer it, and the words that none of them holds."""

    selectors: tuple[Selector, ...]
    left: tuple[str, ...] = ()
    counted: bool = True
    """Whether it plainly asks for a number."""

    @property
    def measure(self) -> Measure:
        """The figure asked for."""
        return self.selectors[0].measure


@dataclass
class _Text:
    """The question while it is being read; what was understood is blanked."""

    rest: str
    found: dict[str, object] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match, which is blanked."""
        match = pattern.search(self.rest)
        if match:
            self.rest = f"{self.rest[: match.start()]} {self.rest[match.end() :]}"
        return match


def read(context: Context) -> Reading | None:
    """The measure and filter of a question over the shop; None when it asks for no such figure."""
    key = f"reading:{context.scope.rest}:{context.span}"
    if key not in context.memo:
        context.memo[key] = _read(context)
    found: Reading | None = context.memo[key]
    return found


def _read(context: Context) -> Reading | None:
    text = _Text(f"{context.scope.rest} {' '.join(_dropped(context))}".replace("？", "?").replace("，", ","))
    counted = bool(COUNTED.search(text.rest))
    if len({_YEARS.get(one.lower(), one) for one in _YEAR.findall(text.rest)}) > 1:  # years side by side
        return None
    if PRONOUN.search(text.rest) and not re.search(r"\b(?:they|their|them)\b", text.rest, re.IGNORECASE):
        return None
    whole = text.rest
    _days(context, text)
    by, rank = _by(text), _Rank()
    if by is None:
        by, rank = _ranked(text)
    cue = next((one for one in CUES if one.pattern.search(text.rest)), None)
    if (
        MANY_PEOPLE.search(text.rest)
        and cue is not None
        and cue.measure not in ("customers", "new_customers", "repeat_customers", "registered", "repeat_rate")
    ):
        return None  # how many people did so: who they are is read by other tables
    if cue is None or (rank.top and cue.measure == "average_rating"):
        return None
    if rank.top and cue.measure == "complaints" and by in ("item", "category", "brand"):
        cue = replace(cue, measure="trouble")
    found: dict[str, object] = dict(text.found)
    kind = KIND.get(cue.measure, "")
    found |= _numbers(text, kind, cue)
    found |= _places(context, text)
    _excepted(context, text, found)
    if kind in ("order", "return"):
        found |= _currency(text)
    if cue.measure in ("new_customers", "repeat_customers"):  # "orders by new customers" asks for orders
        text.rest = re.sub(r"下单|购买|\b(?:ordered|bought|purchased)\b", " ", text.rest, flags=re.IGNORECASE)
    elif kind:
        text.rest = re.sub(_ALSO[kind], " ", text.rest, flags=re.IGNORECASE)
    if cue.measure == "return_rate":
        text.rest = re.sub(_ALSO["order"], " ", text.rest, flags=re.IGNORECASE)
    items, left = things.named(context, without_filler(text.rest))
    for name, own in items.items():
        found[name] = (*found.get(name, ()), *own)  # type: ignore[misc]
    left = (*text.left, *left)
    other = OTHER.search(" ".join(left))
    if other or (not counted and not cue.figure and not (context.span and not left) and by is None):
        return None
    if left and cue.measure in ("customers", "registered"):  # who did what is read by other tables
        return None
    if not counted and not cue.figure and left and by is None:
        return None  # a heading with words of its own is no question for a total
    if among := tuple(context.memo.get("among") or ()):
        found["customers"] = among
    selectors = tuple(
        one.model_copy(update={"top": rank.top, "ascending": rank.ascending})
        for one in _selectors(context, cue.measure, found, by)
    )
    problem = next((one.problem() for one in selectors if one.problem()), "")
    return Reading(
        selectors,
        (*left, *((problem_words(context, problem),) if problem and not left else ())),
        counted or COUNTED.search(whole) is not None,
    )


def _dropped(context: Context) -> list[str]:
    """Words of the question that were taken for somebody's name and are nobody's: they bound it like any other.

    A question that was told again in other words (a follow-up) has none.
    """
    if context.scope.customers:
        return []
    place, gaps = 0, []
    for chunk in context.scope.rest.split():
        start = context.question.find(chunk, place)
        if start < 0:
            return []
        gaps.append(context.question[place:start])
        place = start + len(chunk)
    gaps.append(context.question[place:])
    return [one.strip() for one in gaps if re.search(r"\w", one)]


def problem_words(context: Context, problem: str) -> str:
    """What of the filter has no meaning for the measure, in words."""
    zh, en = {
        "currency": ("币种", "the currency"), "amount": ("金额条件", "the amounts"), "rating": ("评分条件", "the stars"), "discount": ("优惠条件", "the discount"),
        "items": ("商品条件", "the products"), "days": ("起止日期(缺)", "since when"), "registered": ("日期", "the days"), "channel": ("渠道", "the channel"),
        "groups": ("分组", "the grouping"), "stars": ("几星", "how many stars"),
    }[problem]  # fmt: skip
    return zh if context.zh else en


def _selectors(context: Context, measure: Measure, found: dict[str, object], by: By | None) -> tuple[Selector, ...]:
    """One selector; one a currency where amounts bound or are told group by group, and no currency is named."""
    from tools import query_records

    plain = Filter.model_validate(found)
    each = plain.bounds_money or (by is not None and measure in ("revenue", "refunded", "average_order"))
    codes = query_records.currencies(context.deps) if each and not plain.currency else []
    filters = [plain.model_copy(update={"currency": code}) for code in codes] or [plain]
    return tuple(Selector(measure=measure, filter=one, by=by) for one in filters)


def _days(context: Context, text: _Text) -> None:
    """The days of the question; words of days that were not read stay, and bound."""
    if context.span is None:
        return
    words = re.escape(context.span.phrase)
    text.take(re.compile(rf"(?:\b(?:in|during|within|since|from|before|after|until|up to|over|for|of|on|by)\s+)?(?:the\s+)?{words}(?:\s*(?:年|份|以来|至今|为止|之前|以前|之后|以后|以来|起|期间|之间|里|内|全年|当天|那天))*", re.IGNORECASE))  # fmt: skip
    text.found["since"], text.found["until"] = context.span.since, context.span.until


def _by(text: _Text) -> By | None:
    for name, cue in BY:
        if text.take(cue):
            return name
    return None


@dataclass(frozen=True)
class _Rank:
    """How many groups are asked for, and from which end."""

    top: int = 0
    ascending: bool = False


def _ranked(text: _Text) -> tuple[By | None, _Rank]:
    """The groups that a superlative ranks: "which month had the most orders", 销量最高的商品."""
    least, most = LEAST.search(text.rest), MOST.search(text.rest)
    if not (least or most):
        return None, _Rank()
    for by, cue in RANKS:
        match = cue.search(text.rest)
        if match is None:
            continue
        count = next((one for one in match.groups() if one), None)
        if SELLING.search(text.rest):
            text.rest = SELLING.sub(" ", text.rest) + " 销量"
        text.take(cue)
        while text.take(LEAST) or text.take(MOST):
            pass
        return by, _Rank(max(1, min(50, number(count.lower()))) if count else TOLD, bool(least and not most))
    return None, _Rank()


TOLD = 5
"""Groups told where the question names no number."""


def _take_cue(text: _Text, cue: Cue) -> None:
    """Blank the words of the measure; what stands between them and is not its own stays."""
    match = cue.pattern.search(text.rest)
    if match:
        kept = (
            _kept(match.group(0))
            if cue.measure in ("customers", "registered", "revenue", "units", "average_rating")
            else ""
        )
        text.rest = f"{text.rest[: match.start()]} {kept} {text.rest[match.end() :]}"


_OF_CUES = re.compile(
    r"\b(?:how much(?: money)?|how many|number of|count of|total number of|total|money|did|do|does|have|has|was|were|is|are|been|had|in total|altogether|sp[ea]n[dt]|spending|paid|pay|make|made|taken?|took|earn(?:ed)?|sell|sold|bring in|brought in|gross(?:ed)?"
    r"|revenue|turnover|takings|sales|income|net|amount|volume|quantity|units|pieces|items|products|average|avg|mean|overall|customer|star|review|product|ratings?|scores?|stars?|we|our|the shop|customers|buyers|shoppers|people|clients|ever|different|distinct|unique|registered|ordered|bought|purchased|placed|an?|orders?|buy|order|shipped|something|anything|from us|figures?|value|who|that|on|active|buying|ordering|well|highly|high|how)\b"
    r"|[^\x00-\x7f]",
    re.IGNORECASE,
)


def _kept(matched: str) -> str:
    """What of a long cue's words is not the cue's own: "how much did PORTLAND customers spend"."""
    return _OF_CUES.sub(" ", matched)


def _numbers(text: _Text, kind: str, cue: Cue) -> dict[str, object]:
    """Bounds on money, stars and discounts, as far as they are of this kind of record; the words of the measure go with them."""
    found: dict[str, object] = {}
    if kind == "order":
        money = bounds.read(text.rest)
        if money:
            found |= {"amount_min": money.low, "amount_max": money.high, "strict": money.strict}
            if money.currency:
                found["currency"] = money.currency
            text.rest = bounds.without(text.rest)
        discounted = query.discounted(text.rest)
        if discounted is not None:
            found["discounted"] = discounted
            text.rest = query.without_discount(text.rest)
    low, high = query.rating_bounds(text.rest) if kind == "review" else (None, None)
    _take_cue(text, cue)
    if low is not None or high is not None:
        found |= {"rating_min": low, "rating_max": high}
        text.rest = query.without_rating(text.rest)
    return found


def _currency(text: _Text) -> dict[str, object]:
    codes = [code for code, cue in _CURRENCY.items() if text.take(re.compile(_PAID_IN.format(cue), re.IGNORECASE))]
    if len(codes) > 1:
        text.left.append(" / ".join(codes))
    return {"currency": codes[0]} if len(codes) == 1 else {}


def _places(context: Context, text: _Text) -> dict[str, object]:
    chosen = []
    for city in cities(context):
        match = named_as(city, text.rest)
        if match:
            text.rest = text.rest.replace(match, " ")
            chosen.append(city)
    return {"cities": tuple(sorted(chosen))} if chosen else {}


def cities(context: Context) -> list[str]:
    """The cities of the shop's customers, the longest name first."""
    c = t.customers.c
    with context.deps.shop.engine.connect() as connection:
        found = connection.scalars(sa.select(c.city).where(c.city.is_not(None)).distinct()).all()
    return sorted((str(one) for one in found), key=lambda one: (-len(one), one))


def named_as(city: str, text: str) -> str:
    """How the text names this city; "" where it does not."""
    if not names.city_in(city, text):
        return ""
    ways = [city, f"{city}市"] if not city.isascii() else [city, *dictionary.translations(city.casefold())]
    if not city.isascii():
        from pypinyin import lazy_pinyin

        ways = [f"{city}市", city, "".join(lazy_pinyin(city.removesuffix("市")))]
    for way in ways:
        match = re.search(
            rf"(?<![A-Za-z]){re.escape(way)}(?![A-Za-z])" if way.isascii() else re.escape(way), text, re.IGNORECASE
        )
        if match:
            return match.group(0)
    return ""


def _excepted(context: Context, text: _Text, found: dict[str, object]) -> None:
    """What is left out: items, brands, categories or cities; anything else stays unread."""
    match = _EXCEPT.search(text.rest)
    if match is None:
        return
    words = next(one for one in match.groups() if one)
    inner = _Text(words)
    places = _places(context, inner)
    own, left = things.named(context, without_filler(inner.rest)) if inner.rest.strip() else ({}, ())
    text.take(_EXCEPT)
    if left or not (places or own):
        text.left.append(match.group(0).strip())
        return
    if places:
        found["not_cities"] = places["cities"]
    for name, chosen in own.items():
        found[f"not_{name}"] = chosen


def without_filler(text: str) -> list[str]:
    """The words that are no filler: English words as they stand, runs of Chinese characters, numbers."""
    kept = []
    for one in _BLOCK_ZH.finditer(text):
        kept.append(one.group(0))
    text = re.sub(r"['’]s\b", "", _BLOCK_ZH.sub(" ", text))
    text = re.sub(
        r"\b(?:bags|boxes|bottles|pairs|packs|jars|tubs|tins|cans|cups|pieces|units) of\b",
        " ",
        text,
        flags=re.IGNORECASE,
    )
    for token in re.findall(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]|[A-Za-z]|\d+(?:[.,:/-]\d+)*%?|[\u4e00-\u9fff《》]+", text):
        if token[0].isascii():
            if token.casefold() not in _FILLER_EN:
                kept.append(token)
        else:
            kept += [run for run in _FILLER_ZH.sub(" ", token.strip("《》")).split() if run]
    return kept

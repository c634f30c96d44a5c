"""Which figure of the shop a question asks for: words by words, Chinese and English side by side, the narrowest first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from huaxiang.totals import Measure
from huaxiang.totals.filter import By


def _re(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_HOW_MANY = r"(?:how many|number of|count of|total number of|total)"
_MUCH = r"\bhow much(?: money)?"
_PEOPLE = r"(?:顾客|客户|客人|用户|买家|人)"
_PEOPLE_EN = r"(?:customers|buyers|shoppers|clients|people)"
_TIMES = r"(?:件|个|双|瓶|袋|包|盒|罐|支|条|本|套|台|顶|把|份)"
_TICKET_EN = r"(?:support |service )?(?:tickets?|cases?)"
_OPEN = r"(?:尚未|还没有?|还未|没有?|未)(?:被)?(?:解决|处理|关闭|结案|办结)(?:完)?|待(?:解决|处理)"
_DONE = r"已经?(?:被)?(?:解决|处理|关闭|结案|办结)|(?:解决|处理|办结)(?:了|掉|完)"


@dataclass(frozen=True)
class Cue:
    """A way to ask for a measure; `figure` when the words mean a number by themselves ("revenue", "return rate")."""

    measure: Measure
    pattern: re.Pattern[str]
    figure: bool = True


CUES: tuple[Cue, ...] = (
    Cue("return_rate", _re(r"退(?:货|款)(?:的)?(?:率|比例|占比)|\b(?:return|refund) rate\b|\brate of returns?\b")),
    Cue("repeat_rate", _re(r"(?:复购|回购|回头)率|\b(?:repeat|repurchase|retention|re-?order)(?: purchase| customer)? rate\b")),
    Cue("star_share", _re(r"(?:评[价论]|好评|差评|[星分])(?:的)?(?:率|占比|比例)|占(?:全部|所有)?评[价论]的(?:比例|多少|百分之几)|\b(?:what |which )?(?:percent(?:age)?|share|proportion|fraction) of (?:the |our |all )*(?:reviews|ratings)(?: (?:that )?(?:are|were|is))?\b|\bshare of\b(?=.*\breviews\b)")),
    Cue("average_rating", _re(r"平均(?:的)?(?:评分|打分|得分|星级|星数|分数?|星)|(?:评分|打分|星级)(?:的)?(?:均值|平均值?|平均数)|(?:评分|星级)(?=[是有]?多少|几|$|[?？])|均分|\b(?:average|mean|overall|avg)(?: (?:customer|star|review|product))* (?:ratings?|scores?|stars?)\b|\b(?:ratings?|stars?) (?:on )?average\b|\baverage (?:of )?(?:the )?stars\b|\bhow (?:well |high(?:ly)? )?(?:is|are|was|were)(?= .*\brated\b)|\brated on average\b|\bwhat (?:is the |was the )?(?:ratings?|stars?|score)(?= (?:does|do|did|of|for)\b)")),
    Cue("average_order", _re(r"客单价|(?:平均|均)(?:每)?(?:单|笔|个?订单)(?:的)?(?:金额|消费|价格?|额)?|每(?:单|笔)(?:订单)?(?:的)?平均(?:金额|消费|价格?|额)?|订单均价|\b(?:average|mean|typical|avg) (?:order|basket|purchase|ticket)(?: (?:value|size|amount|total))?\b|\baov\b")),
    Cue("new_customers", _re(rf"新(?:增|来)?的?(?:{_PEOPLE})(?:数量?|人数)?|新客户?(?:数量?|人数)?|首次(?:下单|购买|消费)的?{_PEOPLE}?(?:数量?)?|第一次(?:下单|购买|买东西|消费)的?{_PEOPLE}?(?:数量?)?|\b(?:new|first[- ]time) {_PEOPLE_EN}\b(?: (?:did we (?:get|gain|win|have)|were there|ordered))?|\b{_PEOPLE_EN}(?: that| who)? (?:placed|made) their first (?:order|purchase)\b")),
    Cue("repeat_customers", _re(rf"回头客(?:数量?|人数)?|复购(?:的)?{_PEOPLE}(?:数量?|人数)?|老(?:{_PEOPLE})(?:数量?)?|老客|(?:下单|购买|买)(?:过|了)?(?:不止一次|多次|两次及?以上|两次或以上)的?{_PEOPLE}|\b(?:repeat|returning) {_PEOPLE_EN}\b|\b{_PEOPLE_EN}(?: that| who)?(?: have)? (?:ordered|bought|purchased|shopped)(?: \w+)? (?:more than once|again|twice or more)\b")),
    Cue("refunded", _re(rf"退(?:款|货)(?:的)?(?:总)?(?:金额|总额|额)|退(?:款|货)?了?多少钱|\brefund(?:ed)? (?:amount|total|sum|value)\b|\bamount (?:was |we |of )?refund(?:ed|s)?\b|{_MUCH} (?:did we |have we |was |were |money )*(?:paid |pay |given |give )?refund(?:ed|s)?\b|\bmoney refunded\b")),
    Cue("tickets_open", _re(rf"(?:{_OPEN})的?(?:工单|投诉)|(?:工单|投诉)(?:里|中|当中)?(?:有)?(?:多少|几)?(?:个|张|条|起)?(?:是)?(?:{_OPEN})的?|\b(?:open|unresolved|unsolved|pending|outstanding) {_TICKET_EN}\b|\b(?:open|unresolved|unsolved|pending|outstanding) complaints\b|\b{_TICKET_EN} (?:that )?(?:are|is|were|remain)(?: still)? (?:open|unresolved|unsolved|pending)\b")),
    Cue("tickets_solved", _re(rf"(?:{_DONE})的?(?:工单|投诉)|(?:工单|投诉)(?:里|中)?(?:有)?(?:多少|几)?(?:个|张|条|起)?(?:是)?(?:{_DONE})的?|\b(?:solved|resolved|closed) {_TICKET_EN}\b|\b{_TICKET_EN} (?:that )?(?:have been|has been|were|was|are|did we|got)?\s*(?:solved?|resolved?|closed?)\b")),
    Cue("complaints", _re(r"投诉(?:数量?|次数|量)?|\bcomplaints?\b"), False),
    Cue("tickets", _re(rf"工单(?:数量?|总数|量)?|\b{_TICKET_EN}\b"), False),
    Cue("order_lines", _re(r"订单行(?:数量?)?|\b(?:order|line)[- ](?:lines|items)\b")),
    Cue("returns", _re(r"退(?:货|款)(?:的)?(?:数量?|次数|单数?|量|笔数|总数)|(?:退了?|发生了?|产生了?)(?:多少|几)(?:次|单|笔|件|个)(?:货|退货|退款)?|退过?(?:货|款)|退回|\breturns?(?: (?:requests?|cases))?\b|\breturned\b|\brefunds\b|\bsent back\b"), False),
    Cue("revenue", _re(rf"(?:总|净)?(?:营业额|销售额|销售总额|销售金额|成交额|流水|营收|收入|交易额)|(?:总)?(?:消费|付款|实付|订单)(?:的)?(?:总)?(?:金额|总额|额)|(?:一共|总共|合计)?(?:花|付|消费|卖|进账|入账|赚|收|买)(?:了|掉|过|出)?(?:去)?多少(?:钱|元|块)|(?:花|付|消费)了?多少(?!件|个|单|次|笔|人|位)|\b(?:total )?(?:revenue|turnover|takings|sales(?: (?:revenue|total|amount|figures?|value))?|net sales|gross sales|income)\b|{_MUCH} (?:did|do|does|have|has|was|were|is|had|in total|altogether)?.{{0,60}}?\b(?:sp[ea]n[dt]|paid|pay|make|made|take[n]?|took|earn(?:ed)?|sell|sold|bring in|brought in|gross(?:ed)?)\b|\bamount (?:of money )?(?:paid|spent)\b|\btotal (?:spend(?:ing)?|spent|paid|amount)\b|\bmoney (?:did we )?(?:make|made|take|took|earn(?:ed)?)\b")),
    Cue("units", _re(rf"销量|销售(?:件数|数量)|商品件数|售出(?:的)?(?:商品)?(?:件数|数量)|(?:卖|售)(?:出|了|掉|过)*(?:去)?了?(?:多少|几){_TIMES}?(?!钱|元|块|单|笔)|(?:多少|几){_TIMES}(?=.*(?:卖|售)(?:出|掉|了))|买了?(?:多少|几){_TIMES}(?!订单|单)|\b(?:units|pieces|items|products)(?: were| are| have been)? (?:sold|shipped)\b|\b(?:units|pieces|items|products) (?:did|do|have) we (?:sell|sold|ship)\b|\bsales (?:volume|quantity|units)\b|\bunit sales\b|\bhow many(?: \S+){{0,6}}? (?:did|do|have|has) (?:we|our customers|the shop|customers)(?: ever)? (?:sell|sold|buy|bought)\b|\bhow many(?: \S+){{0,6}}? (?:were|was|have been|has been) (?:sold|bought)\b|\b(?:units|pieces)\b(?= of\b.*\bsold\b)")),
    Cue("orders", _re(r"(?:订单|下单|成交)(?:的)?(?:总)?(?:数量?|单数|量|笔数|次数)|单(?:量|数)|笔数|(?:下|买|成交|接|收到?|产生|卖)(?:过|了|到|出)*(?:多少|几)(?:个|笔|张|次|单)(?:订单|单)?|(?:多少|几)(?:个|笔|张|条)?(?:订单|单)|(?:多少|几)笔|订单|\b(?:how many times .{0,30}\border(?:ed)?|orders?(?: count| volume)?|purchases)\b"), False),
    Cue("customers", _re(rf"(?:有)?(?:多少|几)(?:位|个|名)?(?:不同的)?{_PEOPLE}(?:在.{{0,12}})?(?:下|买|订|购买|消费)(?:过|了)?(?:单|东西|订单)?(?:过)?|(?:下单|购买|消费|成交)(?:的)?{_PEOPLE}(?:数量?|人数)?(?:有?(?:多少|几)(?:位|个|名|人)?)?|(?:下|买|订|购买)(?:过|了)(?:.{{0,20}})的{_PEOPLE}(?:有?(?:多少|几)(?:位|个|名|人)?|数量?|人数)|\b{_HOW_MANY} (?:different |distinct |unique |individual )?{_PEOPLE_EN}\b(?:(?! returned| reviewed| wrote| complain| rated| never| not).){{0,60}}? (?:ordered|bought|purchased|placed (?:an? )?orders?|buy|order)\b(?: (?:something|anything|from us))?|\b(?:active|buying|ordering) {_PEOPLE_EN}\b")),
    Cue("registered", _re(rf"(?:一共|总共|共)?有?(?:多少|几)(?:位|个|名)?(?:在册|登记)?{_PEOPLE}(?!.*(?:买|下单|下过|订|退|评|投诉|消费|花|说|提))|{_PEOPLE}(?:总数|数量?|人数)(?!.*(?:买|下单|下过))|\b{_HOW_MANY} (?:registered |different )?{_PEOPLE_EN}\b(?! (?:have |has |that |who |ever |did |actually )*(?:ordered|bought|order|buy|purchased|placed|returned|reviewed|wrote|complained|left|spent|rated|got|mentioned|said|asked|returned|paid|used|want|like|love|own|prefer|need|never|haven|did|didn|churn))(?=(?: (?:do|does|did|are|is|have) (?:we|there|the shop|our shop|you)(?: have)?)?(?: on record)?)")),
    Cue("reviews", _re(r"评[价论](?:的)?(?:数量?|总数|条数)|评[价论]|点评|[好差]评(?:数量?)?|\breviews?\b|\bratings\b"), False),
    Cue("messages", _re(r"消息(?:数量?)?|留言|咨询|\bmessages?\b"), False),
    Cue("surveys", _re(r"问卷(?:数量?)?|\bsurveys?\b(?: (?:answers?|responses?|replies))?"), False),
    Cue("carts", _re(r"加购(?:次数|数量?)?|\b(?:added? to|put in(?:to)?) (?:the |their )?(?:cart|basket)\b|\bcart additions?\b"), False),
    Cue("views", _re(r"浏览(?:次数|数量?|量)?|\b(?:page |product )?views?\b"), False),
    Cue("searches", _re(r"搜索(?:次数|数量?|量)?|\bsearch(?:es)?\b"), False),
)  # fmt: skip
COUNTED = _re(
    r"多少|(?:订单|单|退货|评[价论]|工单|投诉|顾客|客户|次|件|笔|条|消息|问卷|加购|浏览|搜索)的?数|[单销]量|几(?:单|笔|个|次|条|张|位|名|份|件|起)|数量|总数|总计|合计|一共|总共|有没有|\bhow (?:many|much)\b|\bnumber of\b|\bcount of\b|\btotal\b|\bany\b"
)
"""Words that ask for a number."""
BY: tuple[tuple[By, re.Pattern[str]], ...] = (
    ("month", _re(r"\b(?:by|per|each|every|for each) (?:calendar )?month\b|\bmonthly\b|\bmonth by month\b|(?:每|各)个?月(?:份)?的?|按月(?:份)?|逐月|分月|月度")),
    ("quarter", _re(r"\b(?:by|per|each|every) quarter\b|\bquarterly\b|(?:每|各)个?季度的?|按季度?|分季度")),
    ("year", _re(r"\b(?:by|per|each|every) year\b|\byearly\b|\bannual(?:ly)?\b|\byear by year\b|(?:每|各|历)年的?|按年(?:度|份)?|分年")),
    ("category", _re(r"\b(?:by|per|each|every|across) (?:product )?categor(?:y|ies)\b|(?:每|各)个?(?:品类|类目|类别)的?|按(?:品类|类目|类别)|分品类")),
    ("brand", _re(r"\b(?:by|per|each|every|across) brands?\b|(?:每|各)个?(?:品牌|牌子)的?|按品牌|分品牌")),
    ("city", _re(r"\b(?:by|per|each|every|across) cit(?:y|ies)\b|(?:每|各)个?城市的?|按城市|分城市")),
    ("item", _re(r"\b(?:by|per|each|every) (?:product|item)\b|(?:每|各)(?:个|款|件|种)?(?:商品|产品)的?|按商品")),
    ("customer", _re(r"\b(?:by|per|each|every) customer\b|(?:每|各)(?:位|个|名)?(?:顾客|客户)的?|按顾客")),
    ("weekday", _re(r"\b(?:by|per) (?:weekday|day of (?:the )?week)\b|按星期|按周几")),
)  # fmt: skip
_GROUP_EN: tuple[tuple[By, str], ...] = (
    ("month", r"(?:calendar )?months?"), ("quarter", r"quarters?"), ("year", r"years?"), ("category", r"(?:product )?categor(?:y|ies)"), ("brand", r"brands?"),
    ("city", r"cit(?:y|ies)|towns?"), ("item", r"products?|items?|things?|articles?"), ("weekday", r"weekdays?|days? of the week"),
)  # fmt: skip
_GROUP_ZH: tuple[tuple[By, str], ...] = (
    ("month", "月份?"), ("quarter", "季度"), ("year", "年份?"), ("category", "品类|类目|类别|商品类别"), ("brand", "品牌|牌子"), ("city", "城市|地方"),
    ("item", "商品|产品|东西|宝贝|款商品|款产品|货"), ("weekday", "星期几?|周几"),
)  # fmt: skip
_COUNT = r"(?P<n>\d{1,2}|two|three|four|five|ten|[一二两三四五六七八九十])"
RANKS: tuple[tuple[By, re.Pattern[str]], ...] = tuple(
    (
        by,
        _re(
            rf"\b(?:which|what|whats|what's)\s+(?:(?:is|are|was|were)\s+)?(?:(?:the|our)\s+)?(?:(?:top|best|worst|biggest)\s+)?(?:{_COUNT}\s+)?(?:{en})\b(?!\s+of\b)"
            rf"|\b(?:top|best|biggest|worst)(?:[- ]?selling)?\s+(?:{_COUNT.replace('<n>', '<n2>')}\s+)?(?:{en})\b"
            rf"|(?:是)?(?:在)?哪(?:一|几)?(?:个|些|款|座|种|家)?(?:{zh})|(?<=的)(?:是)?(?:前{_COUNT.replace('<n>', '<n3>')}(?:个|名|款)?)?(?:个)?(?:{zh})(?:是|有)?(?:哪(?:些|个|几个|几款|一个|一款))?(?=$|[?\s])"
            rf"|前{_COUNT.replace('<n>', '<n4>')}(?:个|名|款|大)?的?(?:{zh})"
        ),
    )
    for (by, en), (_, zh) in zip(_GROUP_EN, _GROUP_ZH, strict=True)
)
"""Groups that a superlative ranks, and how many are asked for."""
MOST = _re(
    r"(?:得|的)?最(?:多|高|好|大|旺|强)的?|\b(?:with |has |had |have |got |gets? |in )?(?:the )?(?:most|highest|biggest|largest|top|best)\b(?: number of| amount of)?(?:[- ]sell(?:ing|ers?))?|排名|排行"
)
LEAST = _re(
    r"(?:得|的)?最(?:少|低|差|小|淡)的?|\b(?:with |has |had |have |got |gets? |in )?(?:the )?(?:fewest|lowest|least|smallest|worst)\b(?: number of| amount of)?"
)
SELLING = _re(r"热销|畅销|卖得|\bbest[- ]?sell|\btop[- ]?sell")

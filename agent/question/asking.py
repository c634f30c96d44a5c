"""Words by which a question points at people: pronouns, "who", the whole shop."""

from __future__ import annotations

import re

PRONOUN = re.compile(
    r"\b(he|she|him|her|his|hers|they|them|their|this (?:customer|person|guy|lady|one|buyer|user)|that (?:customer|person|buyer))\b"
    r"|[他她]|这位|那位|该(?:顾客|客户|用户)|这个(?:顾客|客户|人|用户|买家)|那(?=.{0,6}呢)",
    re.IGNORECASE,
)
WHO = re.compile(
    r"哪些(?!.{0,4}(商品|产品|东西|品牌|类|地方|问题|方面|缺点|优点|毛病|内容|颜色|尺码|书|歌))|哪几(个|位)|哪(个|位)(顾客|客户|客人|用户|买家|人|会员)|(?<![给为替送帮跟和])谁(?!出|付|承担)|(?:客人|顾客|客户|买家|人)是?(?:哪|都有)(?:几|些|谁)?(?:位|个)?|有多少(个|位|名)?(顾客|客户|用户|买家|会员|人)|多少(个|位|名)?(顾客|客户|用户|买家|会员|人)|几(个|位|名)(顾客|客户|用户|买家|会员|人)|所有(顾客|客户|客人|用户)|顾客(里|中|们)"
    r"|(?<!样)(?<!这)(?<!哪)的(?:顾客|客户|用户|买家|会员)们?\s*[,，、:：]?\s*(?:都)?(?:列|名单|清单|有(?:哪些|谁|几)|给我|拉|找|$|[?？。])|(?:列|拉|找|捞)(?:一下|出|个)?[^,，。?？]{0,30}(?<!样)的(?:顾客|客户|客人|用户|买家|会员|人)"
    r"|\bwho\b(?!\s+(?:is|was|did|does)\s+(?:she|he|this|that|the gift)\b)(?!.{0,60}(?<!what )\bfor\W*$)|\b(?:everybody|everyone|anybody|those) who|\bwhos\b|\bwhich accounts?\b|\bwhich (?:customers?|buyers?|users?|shoppers?|people)\b|\bhow many (?:(?:new|first-time|returning|repeat|active|different|of our) )?(?:customers|buyers|users|shoppers|people)\b|^\W*(?:our |the )?(?:customers|buyers|shoppers)(?: who live| living| based)? (?:in|from)\b|(?:新客|老客|回头客)(?:户|人)?.{0,4}(?:几|多少|哪|谁)|(?:几|多少|哪些?)(?:个|位)?(?:新客|老客|回头客)"
    r"|\b(?:list|find|show)(?: me)?(?: all| the)? (?:customers|buyers|users|shoppers|people)\b|\b(?:customers?|people|buyers?|shoppers?|clients?|folks) (?:who|that|with|have)\b|\banyone\b|\b(?:which|what) (?:city|cities|town)\b.{0,24}\b(?:customers|buyers|shoppers)\b|\bany [\w -]{2,30} (?:among|amongst|of|in) (?:our|the|my) (?:customers|buyers|shoppers|clients|shop)\b|\bany customers?\b|\bmost valuable customers?\b|\btop \d* ?customers?\b",
    re.IGNORECASE,
)
"""Words of a question about unnamed customers."""
SHOPWIDE = re.compile(
    r"店里|全店|整个店|所有|大家|哪(个|些)(商品|产品|品类)|最常见|\b(in the shop|this shop|our shop|all customers|overall|most common|which (products?|items?)|customers in general)\b",
    re.IGNORECASE,
)
"""Words of a question over the whole shop: the customer talked of before is not meant."""
_OPENS = re.compile(
    r"(?:so |and |ok |please |pls |can you |could you |i )*(?:what|whats|which|who|whos|when|whend|where|wheres|how|why|did|does|do|has|have|is|was|are|were|need|tell|give|show|list|pull|check)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"有没有|有无|是否|什么|啥|哪|几|多少|谁|吗|么|呢|怎么|咋|如何|为何|查|帮|报|算|给我|\b(?:what|which|who|whom|whose|when|where|how|why|or|between|versus|vs|total|list)\b|\?|？",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"^\s*(?:(?:i['’]?m|we['’]?re|just|still|ok|hi|hey|so|busy)\W+)*(?:(?!during|following|regarding|concerning|including|according|counting|spending|being)[a-z]+ing|for (?:a|the|an|my|our)|before i|about to|need to|to) |^\s*(?:我们?|咱)?(?:要|想要?|得|准备|打算|正在?|在|急|赶|为了|打电话|回访|核对|对账|做|写|填|客人在?|顾客在|客户在|老板|经理|领导|主管|财务|仓库|厂家|供应商|月报|周报|日报|年报|报表|年度)",
    re.IGNORECASE,
)


_SO_I_NEED = re.compile(
    r"\s*([^,:;.?]{8,90}?)\s(?:and|but|so)\s(?=(?:i |we )?(?:(?:really |still |just )?need|(?:do not|don['’]?t) know|(?:am|['’]m) (?:not sure|missing)|not sure|want|would like|['’]d like|must know|wonder)\b)",
    re.IGNORECASE,
)
"""What somebody is doing, before what they need for it: "I'm writing the report and need the date of …"."""
SHORTEST = 4
"""Chinese characters or English words below which what follows a comma is no question by itself (",是谁")."""


def lead_of(text: str) -> tuple[str, str, bool] | None:
    """What is said before the question, the question itself, and whether the first only tells what it is for.

    "calling to apologise, what was it about" is a lead and a question; "the kettle, when was it bought" is too, by its
    form: whether the lead names what is asked about, the caller decides. None where nothing comes first.
    """
    found = (
        re.match(r"\s*([^,:;，：；。.?？]{2,70})[,:;，：；。.]\s*(?=\S)", text)
        or re.match(r"\s*([\u4e00-\u9fff]{2,14})\s+(?=\S)", text)
        or _SO_I_NEED.match(text)
    )
    if not found or _ASKING.search(found.group(1)):
        return None
    rest, purpose = text[found.end() :], bool(_PURPOSE.match(found.group(1)))
    if len(re.findall(r"[\u4e00-\u9fff]|[A-Za-z]+", rest)) < SHORTEST:
        return None
    if (
        not purpose
        and not _SO_I_NEED.match(text)
        and not (_OPENS.match(rest) or (re.search(r"[\u4e00-\u9fff]", rest) and _ASKING.search(rest)))
    ):
        return None
    return found.group(1), rest, purpose

"""Words by which a question points at people: pronouns, "who", the whole shop."""

from __future__ import annotations

import re

PRONOUN = re.compile(
    r"\b(he|she|him|her|his|hers|they|them|their|this (?:customer|person|guy|lady|one|buyer|user)|that (?:customer|person|buyer))\b"
    r"|[他她]|这位|那位|该(?:顾客|客户|用户)|这个(?:顾客|客户|人|用户|买家)|那(?=.{0,6}呢)",
    re.IGNORECASE,
)
WHO = re.compile(
    r"哪些(?!.{0,4}(商品|产品|东西|品牌|类|地方|问题|方面|缺点|优点|毛病|内容|颜色|尺码|书|歌))|哪几(个|位)|哪(个|位)(顾客|客户|用户|买家|人|会员)|(?<![给为替送帮跟和])谁(?!出|付|承担)|有多少(个|位|名)?(顾客|客户|用户|买家|会员|人)|多少(个|位|名)?(顾客|客户|用户|买家|会员|人)|几(个|位|名)(顾客|客户|用户|买家|会员|人)|所有(顾客|客户|用户)|顾客(里|中|们)"
    r"|(?<!样)(?<!这)(?<!哪)的(?:顾客|客户|用户|买家|会员)们?\s*[,，、:：]?\s*(?:都)?(?:列|名单|清单|有(?:哪些|谁|几)|给我|拉|找|$|[?？。])|(?:列|拉|找|捞)(?:一下|出|个)?[^,，。?？]{0,30}(?<!样)的(?:顾客|客户|用户|买家|会员)"
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

"""The patterns of the rule extractor. `{name}` stands for all spellings of a vocabulary, `{SIZE}` for a clothing size.

Each pattern names what it found `v`. A pattern with `each` has no value of its own: every known value of the field in the
matched words is one (我不穿羽绒和皮草 gives two). The words that match are the quote; `verify` then reads around them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SIZE: Final = r"(?<![A-Za-z0-9])(?:[2-6]?X{1,3}[SL]|[SML])(?![A-Za-z0-9])"
WORD_SIZE: Final = r"(?:extra[ -]large|extra[ -]small|small|medium|large)"
SHOE: Final = r"(?:3[3-9]|4[0-9])(?:\.5)?"
_WEAR = r"(?:usually |normally |always |typically |generally |often )?"


@dataclass(frozen=True)
class Pattern:
    """One way to say a field's value."""

    field: str
    rule: str
    regex: str
    polarity: int = 0
    each: str | None = None
    needs: str | None = None
    """Another expression that must occur in the same text (shoes, for a bare English size)."""
    value: str | None = None
    """A constant value, for yes/no fields."""


def _p(field: str, rule: str, *regexes: str, **more: object) -> list[Pattern]:
    return [Pattern(field, rule, regex, **more) for regex in regexes]  # type: ignore[arg-type]


SIZES = [
    *_p(
        "clothing_size", "size.zh@1",
        r"(?:平时|一直|通常|平常)?(?:衣服|上衣|外套)?(?:都)?穿\s*(?P<v>{SIZE})\s*[码号的]?",
        r"\d{3}[/／]\d{2,3}[^,，。!！?？()（）\n]{0,6}穿?\s*(?P<v>{SIZE})\s*(?:码)?(?:合适|正好|刚好|合身)",
        r"(?P<v>{SIZE})\s*码?(?:正好|刚好|合适|合身|刚刚好)",
        r"(?P<v>{SIZE})\s*码[^,，。!！?？()（）\n]{0,6}(?:正好|刚好|合适|合身)",
        r"(?P<v>{SIZE})\s*码[,， ]\s*我\s*\d{3}",
        r"我(?:是|要|都是|一般)?(?:拍|买|穿)?的?\s*(?P<v>{SIZE})\s*码",
    ),
    *_p(
        "clothing_size", "size.en@1",
        rf"\bI {_WEAR}(?:wear|take) (?:an? )?(?:US |women's |men's )?(?:size )?(?P<v>{{SIZE}}|{WORD_SIZE})(?! (?:band|guitar|gauge))\b",
        rf"\bI(?:'m| am) (?:{_WEAR})?(?:an? )?(?:size )(?P<v>{{SIZE}}|{WORD_SIZE})\b",
        rf"\bI(?:'m| am) {_WEAR}an? (?P<v>{{SIZE}}|{WORD_SIZE})\b(?= in| for|[.,;!]|$)",
        rf"\bmy (?:usual |normal |regular |clothing |shirt |jacket )?size (?:is |= ?)?(?:an? )?(?P<v>{{SIZE}}|{WORD_SIZE})\b",
        rf"\bmy usual (?:size )?(?P<v>{{SIZE}}|{WORD_SIZE})\b",
        rf"\b(?P<v>{{SIZE}}|{WORD_SIZE}) fits me\b",
    ),
    *_p(
        "shoe_size", "shoe.zh@1",
        rf"(?:平时|一直|通常|平常)(?:都)?(?:穿)?\s*(?P<v>{SHOE})\s*码?",
        rf"穿\s*(?P<v>{SHOE})\s*码半?",
        rf"(?P<v>{SHOE})\s*码半?[^,，。!！?？()（）\n]{{0,7}}(?:正好|刚好|合适|合脚)",
        rf"(?P<v>{SHOE})\s*码[,，]\s*不大不小",
        rf"(?:订|拍|买|要)的(?:是)?\s*(?P<v>{SHOE})\s*码(?=[,，]\s*发错)",
    ),
    *_p(
        "shoe_size", "shoe.en@1",
        rf"\bI {_WEAR}(?:wear|take|am) (?:an? )?(?:US |EU |UK |women's |men's |womens |mens )?(?:size )?(?P<v>\d{{1,2}}(?:\.5)?)(?= (?:wide|narrow|in|shoe|boot|and|but)\b|[.,;!]|$)",
        rf"\bI(?:'m| am) {_WEAR}an? (?:US |EU |women's |men's )?(?:size )?(?P<v>\d{{1,2}}(?:\.5)?)(?= (?:wide|narrow|in|shoe|boot|and|but)\b|[.,;!]|$)",
        r"\bmy (?:usual |normal |regular )?(?:shoe |boot )?size (?:is )?(?:US |EU |women's |men's )?(?:an? )?(?P<v>\d{1,2}(?:\.5)?)\b",
        r"\bmy (?:usual|normal|regular) (?:US |EU )?(?P<v>\d{1,2}(?:\.5)?)\b",
        needs=r"\b(?:shoes?|boots?|sneakers?|trainers?|sandals?|slippers?|feet|foot|toes?|heels?|insoles?|runners?)\b",
    ),
]  # fmt: skip

AVOIDS = [
    *_p(
        "avoids_material", "material.zh@1",
        r"(?:穿不了|不能穿|戴不了|不能戴|从不穿|不穿)[^,，。!！?？()（）\n]{0,10}",
        r"对[^,，。!！?？()（）\n]{1,8}过敏",
        r"[^,，。!！?？()（）\n]{1,6}(?:的)?我?(?:都|会|就|全)?(?:过敏|穿不了|受不了|绕着走|绕道|起疹子?)",
        polarity=-1, each="materials",
    ),
    *_p(
        "avoids_material", "material.en@1",
        r"\bI(?:'m| am) (?:\w+ )?(?:allergic|sensitive) to [^.,;!?\n]{2,40}",
        r"\bI (?:can't|cannot|can not|don't|do not|won't|never) (?:wear|do|tolerate|touch|stand|handle) [^.,;!?\n]{2,40}",
        r"\bI (?:always |try to )?(?:avoid|stay away from|steer clear of) [^.,;!?\n]{2,40}",
        r"\b(?:wool|latex|nickel|polyester|cashmere|nylon|down) (?:always |just )?(?:makes me itch|itches me|breaks me out|gives me (?:a rash|hives))",
        r"(?:\banything with )?{materials}\b[^.!?\n]{0,14} (?:makes?|made) (?:me|my \w+) itch",
        polarity=-1, each="materials",
    ),
    *_p(
        "avoids", "avoids.zh@1",
        r"我?(?:一点)?[^,，。!！?？()（）\n]{0,8}(?:都|也)?我?(?:闻不了|吃不了|喝不了|碰不了|不能吃|不能喝|不能碰|不能用)[^,，。!！?？()（）\n]{0,6}",
        r"对[^,，。!！?？()（）\n]{1,8}过敏",
        r"我(?:从来|一直)?不(?:吃|喝|碰)[^,，。!！?？()（）\n]{1,8}",
        r"(?P<term>{scents}|{ingredients})[^。!！?？\n]{0,14}(?:就受不了|受不了|就头疼|脸?泛红)",
        polarity=-1, each="ingredients scents foods",
    ),
    *_p(
        "avoids", "avoids.en@1",
        r"\bI(?:'m| am) (?:\w+ )?(?:allergic|sensitive|intolerant) to [^.,;!?\n]{2,40}",
        r"\bI (?:can't|cannot|can not|don't|do not|won't|never) (?:eat|drink|have|do|use|tolerate|handle) [^.,;!?\n]{2,30}",
        r"\bI (?:always |try to |have to |need to )?(?:avoid|stay away from|steer clear of) [^.,;!?\n]{2,40}",
        polarity=-1, each="ingredients scents foods tastes",
    ),
]  # fmt: skip

TASTES = [
    *_p(
        "dislikes", "dislikes.zh@1",
        r"我?(?:真的?|最|超|很|一直|特别|实在)?(?:不喜欢|讨厌|不爱[吃喝闻]?|受不了|不好这口)[^,，。!！?？()（）\n]{1,8}",
        r"[^,，。!！?？()（）\n]{0,6}(?:一点|半点)[^,，。!！?？()（）\n]{1,4}都(?:沾|吃|碰|喝)不了",
        r"[^,，。!！?？()（）\n]{0,6}(?:戒了|戒掉了?)",
        polarity=-1, each="foods tastes scents",
    ),
    *_p(
        "dislikes", "dislikes.en@1",
        r"\bI (?:really |absolutely |just |personally )?(?:hate|dislike|detest|loathe|can't stand|cannot stand|don't like|do not like|never liked) (?:the )?(?:taste of |smell of |scent of )?[^.,;!?\n]{2,25}",
        r"\bI(?:'m| am) not (?:a |much of a )(?:big |huge )?[^.,;!?\n]{2,20}(?:fan|person|drinker|lover)",
        r"\bI(?:'ve| have)? (?:gave up|given up|quit|stopped drinking|stopped eating) [^.,;!?\n]{2,20}",
        r"\bnot a (?:big |huge )?fan of [^.,;!?\n]{2,20}",
        polarity=-1, each="foods tastes scents",
    ),
    *_p(
        "likes", "likes.zh@1",
        r"(?:我|我自己|本人)(?:倒是|真的|最|超|很|特别|一直|就|挺|还是|从小|也)*(?:喜欢|爱[吃喝闻]?|最爱|偏爱|好)[^,，。!！?？()（）\n]{1,8}",
        r"[^,，。!！?？()（）\n]{1,5}我(?:倒是)?(?:挺|很|最|超|真)?(?:喜欢|爱)(?:的)?",
        polarity=1, each="foods tastes scents",
    ),
    *_p(
        "likes", "likes.en@1",
        r"\bI (?:really |absolutely |just |truly |do |still |also )*(?:love|adore|enjoy|prefer|like) (?:the |a |my |good |strong |some )*(?:taste of |smell of |scent of )?(?P<v>{foods}|{tastes}|{scents})\b",
        r"\bmy (?:all[- ]time )?favou?rite (?:tea|coffee|scent|smell|flavou?r|drink|food|snack|roast)(?: is|:) (?:the )?(?P<v>{foods}|{tastes}|{scents})\b",
        r"\bI(?:'m| am) (?:a )?(?:big |huge |total )?(?:fan of|obsessed with|addicted to) (?P<v>{foods}|{tastes}|{scents})\b",
        polarity=1,
    ),
    *_p(
        "favourite_color", "color.zh@1",
        r"我?(?:真的|最|超|很|特别|一直|就|挺|偏|还是)*(?:喜欢|最爱|偏爱|爱)(?P<v>{colors})",
        r"(?P<v>{colors})控",
        r"(?P<v>{colors})绝美",
        r"(?:这)?(?:一)?辈子跟(?P<v>{colors})过不去",
        polarity=1,
    ),
    *_p(
        "favourite_color", "color.en@1",
        r"\bmy (?:all[- ]time )?favou?rite colou?r(?: is|,|:| has always been) (?:definitely |always )?(?P<v>{colors})\b",
        r"\b(?P<v>{colors}) (?:is|has always been) my (?:all[- ]time )?favou?rite(?: colou?r)?\b",
        r"\bI(?:'m| am) (?:a )?(?:big |total )?(?:sucker for|obsessed with) (?:anything |all things |everything )?(?P<v>{colors})\b",
        r"\bI (?:really |absolutely )?(?:love|adore) (?:anything |all things |everything |the colou?r )(?P<v>{colors})\b",
        polarity=1,
    ),
]  # fmt: skip

LIFE = [
    *_p(
        "has_pet", "pet.zh@1",
        r"(?:我家|我们家|我养|家里养|家里)(?!隔壁|邻居|楼下)(?:了|着|的|有)?(?:[一两二三四五\d]+[只条个隻]|那只|这只|小|老|的)*(?P<v>{pets})(?!粮|砂|窝|饼|薄荷|咖啡|眼)",
        r"养了?(?:[一两二三四五\d]+[只条个隻])(?P<v>{pets})",
    ),
    *_p(
        "has_pet", "pet.en@1",
        r"\b(?:my|our)(?: (?!friend|neighbou?r|sister|brother|mom|mum|dad|boss|parents|daughter|son|hot\b|top\b)[a-z-]+(?<!'s)){0,2} (?P<v>{pets})\b(?![-'’]?(?:eared|house|like|friendly)| (?:sauce|feeder|oil|stick|box|case))",
        r"\b(?:I|we) (?:have|own|adopted|rescued|got)(?: an?| two| three| four| \d)(?: [a-z-]+){0,2} (?P<v>{pets})\b(?![-'’]?(?:eared|house|like|friendly)| (?:sauce|feeder|oil|bowl|bed|toy|food))",
    ),
    *_p(
        "owns_device", "device.zh@1",
        r"我(?:自己)?(?:的|用的是|用的|有[一两]?[台部个]?)(?P<v>{devices})",
    ),
    *_p(
        "owns_device", "device.en@1",
        r"\b(?:with|on|to|from|in|for|using|connect(?:s|ed)? to|plugged into|pair(?:s|ed)? with|and) my(?: (?!friend|wife|husband|son|daughter|mom|dad|brother)[a-z0-9-]+){0,2} (?P<v>{devices})\b",
        r"\bI (?:own|have|use|play|carry) (?:an?|my|two)(?: (?!friend)[a-z0-9-]+){0,2} (?P<v>{devices})\b(?! (?:case|cover|copy|style|charger))",
    ),
    *_p(
        "skin_type", "skin.zh@1",
        r"我(?:是|属于|的皮肤是|这种|是个|就是)?(?:典型的|超级)?(?P<v>{skin_types})",
        r"(?:对|像)我这种(?P<v>{skin_types})",
        r"本人(?P<v>{skin_types})",
        r"(?:^|[,，。!！ ])(?P<v>{skin_types})(?:一枚|本人|人|星人)",
    ),
    *_p(
        "skin_type", "skin.en@1",
        r"\bmy (?:\w+ )?skin (?:is|tends to be|runs|has always been) (?:very |super |extremely |quite |so |really |pretty |mostly )*(?P<v>{skin_types})\b",
        r"\bI(?:'ve| have|'ve got| have got| got)? (?:have |got )?(?:very |super |extremely |quite |really |pretty )*(?P<v>{skin_types}) skin\b",
        r"\bmy (?:very |super |extremely |poor |own )*(?P<v>{skin_types}) skin\b",
    ),
    *_p(
        "hobby", "hobby.zh@1",
        r"(?:每周[一二三四五六日天]?(?:[一两二三四五六七\d]+次)?|每天(?:早上|晚上|下班后?)?|天天(?:早上|晚上)?|周末(?:都|常|经常)?(?:去)?|平时(?:就)?(?:爱|喜欢|常)?(?:做)?|业余|我(?:平时)?(?:喜欢|爱|热爱))[^,，。!！?？()（）\n]{0,10}?(?P<v>{hobbies})",
        r"我?的?爱好(?:是|就是)[^,，。!！?？()（）\n]{0,4}(?P<v>{hobbies})",
        r"(?:我)?自己(?P<v>录播客)用?",
    ),
    *_p(
        "hobby", "hobby.en@1",
        r"\bI(?:'m| am) (?:really |very |big |super )*into (?:\w+ )?(?P<v>{hobbies})\b",
        r"\b(?:I|we) (?:go |do |love |enjoy |like |practi[cs]e |play )(?:trail |rock |long |some |my |the )?(?P<v>{hobbies})\b[^.!?\n]{0,25}(?:every|each|weekly|on weekends|at weekends|twice|most|daily)",
        r"\b(?:I|we) (?:really |absolutely )?(?:love|enjoy) (?:trail |rock )?(?P<v>{hobbies})\b(?! (?:shoes|boots|gear|bag))",
        r"\bmy (?:main |favou?rite |weekend )?hobb(?:y|ies) (?:is|are) (?P<v>{hobbies})\b",
        r"\bI (?P<v>hike|run|bike|climb|fish|knit|crochet|bake|garden|swim|camp|paint) (?:every|most|each|on weekends|twice|daily|a lot)",
        r"\bI play (?:the )?(?P<v>guitar|bass|drums)\b",
    ),
]  # fmt: skip

SERVICE = [
    *_p(
        "budget_minor", "budget.zh@1",
        r"预算(?:是|在|就|大概|大约|差不多|只有|最多|不超过|控制在|有)*\s*(?P<v>\d[\d,]*(?:\.\d+)?)\s*(?P<u>[千万kK])?\s*(?:元|块)?",
        r"(?:想|要|求|找)[^。!！?？\n]{0,12}?(?P<v>\d[\d,]*)\s*(?P<u>[千万kK])?\s*(?:元|块)?(?:以内|以下|之内)",
    ),
    *_p(
        "budget_minor", "budget.en@1",
        r"\b(?:my |our )?budget(?: is| was|:) (?:about |around |roughly |under |only |max |maximum |up to |capped at )*(?P<c>[$€£])?\s?(?P<v>\d[\d,]*(?:\.\d+)?)(?P<u>k)?(?P<d> bucks| dollars)?",
        r"\b(?:budget of|on an?) (?:about |around )?(?P<c>[$€£])\s?(?P<v>\d[\d,]*)(?P<u>k)?(?: budget)?",
        r"\b(?:keep it|want to (?:spend|stay)|can (?:only )?spend|looking for something|need something)\s(?:about |around |under |below |up to |less than |at most |max )+(?P<c>[$€£])\s?(?P<v>\d[\d,]*)(?P<u>k)?",
    ),
    *_p(
        "price_sensitive", "price.zh@1",
        r"不打折[^,，。!！?？()（）\n]{0,8}不(?:会)?[买入]的?", r"没(?:券|优惠|折扣)[^,，。!！?？()（）\n]{0,4}不(?:会)?买", r"只(?:买|等)(?:打折|特价|促销)[^,，。!！?？()（）\n]{0,4}",
        r"等(?:打折|降价|大促|特价)[^,，。!！?？()（）\n]{0,3}(?:再|才)(?:买|入|下单)",
        value="true",
    ),
    *_p(
        "price_sensitive", "price.en@1",
        r"\bI (?:only|always) (?:ever )?(?:buy|shop|order)[^.!?\n]{0,25}(?:on sale|discount\w*|coupons?|clearance|marked down)", r"\bI never pay full price[^.!?\n]{0,20}(?:discount|sale|coupon)?",
        r"\bI(?:'ll| will)? (?:always )?wait(?:ed)? for (?:a |the )?(?:sale|discount|coupon)s?\b", r"\bnot (?:buying|paying)[^.!?\n]{0,20}(?:full price|without a (?:coupon|discount))",
        value="true",
    ),
    *_p(
        "buys_for", "gift.zh@1",
        r"(?:买给|送给|寄给|拍给|带给|给|送)(?:了一[盒个件双])?(?:我|咱|俺|我们)?家?的?(?:小|老)?(?P<v>{relations})(?!打电话|打了|看了|说|发|用不|家的狗|家的猫|家狗|家猫)",
    ),
    *_p(
        "buys_for", "gift.en@1",
        r"\bfor (?:my|our)(?: (?!ex\b|favou?rite|own|money|dog|cat)[a-z-]+){0,2} (?P<v>{relations})\b",
        r"\b(?:bought|got|ordered|purchased|gave|sent) (?:this |it |these |them |one |two )?(?:to |for )(?:my|our|a)(?: [a-z-]+)? (?P<v>{relations})\b",
        r"\bfor (?P<v>mum|mom|dad|grandma|grandpa)\b",
        r"\b(?:bought|got|gave|sent) (?:my|our) (?P<v>{relations}) (?:this|these|an?|the|one|some)\b",
    ),
    *_p(
        "prefers_contact", "contact.zh@1",
        r"有事(?:请|就|尽量)?(?P<v>{contact_channels})(?:找我|联系|就行|说)?",
        r"(?:请|麻烦|最好|以后|尽量)(?:都|给我|用|发|走|通过)*(?P<v>{contact_channels})(?:联系|找我|通知|沟通|我)?(?!号|客服)",
    ),
    *_p(
        "prefers_contact", "contact.en@1",
        r"\b(?:please |always |best to |better to |just )(?:contact|reach|get (?:back to|hold of)|message) me (?:by|via|on|at|through|over) (?:my )?(?P<v>{contact_channels})\b",
        r"\b(?:contact|reach) me (?:only )?(?:by|via|on|through|over) (?:my )?(?P<v>{contact_channels})\b",
        r"\b(?:please |pls |kindly |just |always |only )(?P<v>e-?mail|text|call|telephone) me\b",
        r"\bI(?:'d| would)? (?:really |much |always )?prefer (?:an? |to be (?:contacted|reached) (?:by|via) |contact by )?(?P<v>{contact_channels})\b",
    ),
    *_p(
        "prefers_delivery", "delivery.zh@1",
        r"(?:以后|麻烦|请|所有|都|备注了?)[^,，。!！?？()（）\n]{0,8}(?:放|寄到?|送到?|投)(?:到|在|进|我)?(?:小区|楼下|我们)?(?P<v>{delivery})",
    ),
    *_p(
        "prefers_delivery", "delivery.en@1",
        r"\b(?:please |always |just |(?:can|could) (?:you|the courier|the driver) |prefer (?:you )?(?:to )?)(?:leave|drop|put|deliver|place)\b[^.!?,\n]{0,25}? (?:at|in|with|to|by|on)(?: (?:the|my|our|a))?(?: parcel| package| amazon)? (?P<v>{delivery})\b",
        r"\bI (?:always |really |much )?prefer (?:delivery |deliveries )?(?:at|in|to|on|with)?(?: (?:the|my|a))?(?: parcel)? ?(?P<v>{delivery})\b",
    ),
]  # fmt: skip

PATTERNS: Final[tuple[Pattern, ...]] = (*SIZES, *AVOIDS, *TASTES, *LIFE, *SERVICE)
VERSION: Final = "rules@1"

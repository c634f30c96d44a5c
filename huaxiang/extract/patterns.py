"""The patterns of the rule extractor. `{name}` stands for all spellings of a vocabulary, `{SIZE}` for a clothing size.

Each pattern names what it found `v`. A pattern with `each` has no value of its own: every known value of the field in the
matched words is one (我不穿羽绒和皮草 gives two). The words that match are the quote; `verify` then reads around them.
Sizes and tastes are here, habits and service wishes in `life`, what is over in `endings`.
"""

from __future__ import annotations

from typing import Final

from huaxiang.extract.idioms import IDIOMS
from huaxiang.extract.life import LIFE, SERVICE
from huaxiang.extract.pattern import Pattern
from huaxiang.extract.pattern import patterns as _p

SIZE: Final = r"(?<![A-Za-z0-9])(?:[2-6]?X{1,3}[SL]|[SML])(?![A-Za-z0-9])"
WORD_SIZE: Final = r"(?:extra[ -]large|extra[ -]small|small|medium|large)"
SHOE: Final = r"(?:3[3-9]|4[0-9])(?:\.5)?"
_WEAR = r"(?:usually |normally |always |typically |generally |often |now |currently |mostly )?"
_NOT = r"[^,，。!！?？;；()（）\n]"
_ROUND = r"[^.,;!?\n]"
_VERY = r"(?:really |absolutely |truly |just |do |still |also |actually |now |especially |personally |totally |quite |honestly |simply |always |both )*"
_ZH_VERY = r"(?:倒是|真的|真是|最|超级?|很|特别|一直|就|挺|还是|从小|也|现在|如今|最近|反而|竟然|可|太|更|越来越|都|其实|本来就|本人|自己|倒|蛮|比较|格外)*"

SIZES = [
    *_p(
        "clothing_size", "size.zh@1",
        r"(?:平时|一直|通常|平常|现在|如今|目前|改)?(?:得|要|只能|都|就)?(?:衣服|上衣|外套)?(?:都|得|要|改)?穿(?:的是|的|到)?\s*(?P<v>{SIZE})\s*[码号的]?",
        r"(?:现在|如今|目前|这回|这次)(?:我)?(?:的)?(?:尺码|衣服|上衣)?(?:都|得|要|改|换|是|成|穿|拍|买|到)*\s*(?P<v>{SIZE})\s*码?(?!码|太|都?[紧小大松晃勒]|嫌|穿不|扣不)",
        r"我(?:的)?(?:衣服)?尺码(?:改|换|变)?(?:是|成|为)?(?:了)?\s*(?P<v>{SIZE})",
        r"\d{3}[/／]\d{2,3}[^,，。!！?？()（）\n]{0,6}穿?\s*(?P<v>{SIZE})\s*(?:码)?(?:合适|正好|刚好|合身)",
        r"(?P<v>{SIZE})\s*码?(?:就|才|也|都)?(?:正好|刚好|合适|合身|刚刚好)",
        r"(?P<v>{SIZE})\s*码[^,，。!！?？()（）\n]{0,6}(?:正好|刚好|合适|合身)",
        r"(?P<v>{SIZE})\s*码[,， ]\s*我\s*\d{3}",
        r"我(?:是|要|都是|一般)?(?:拍|买|穿)?的?\s*(?P<v>{SIZE})\s*码",
    ),
    *_p(
        "clothing_size", "size.en@1",
        rf"\bI {_WEAR}(?:wear|take|need|buy) (?:an? )?(?:US |women's |men's )?(?:size )?(?P<v>{{SIZE}}|{WORD_SIZE})(?! (?:band|guitar|gauge))\b",
        rf"\bI(?:'m| am) (?:{_WEAR})?(?:an? )?(?:size )(?P<v>{{SIZE}}|{WORD_SIZE})\b",
        rf"\bI(?:'m| am) {_WEAR}an? (?P<v>{{SIZE}}|{WORD_SIZE})\b(?= in| for|[.,;!]|$)",
        rf"\bmy (?:usual |normal |regular |clothing |shirt |jacket )?size (?:is |= ?)?(?:an? )?(?P<v>{{SIZE}}|{WORD_SIZE})\b",
        rf"\bmy usual (?:size )?(?P<v>{{SIZE}}|{WORD_SIZE})\b",
        rf"\bmy (?:\w+ )?size (?:has (?:gone|changed) (?:up |down )?to|went (?:up |down )?to|changed to|is now|these days is) (?:an? )?(?P<v>{{SIZE}}|{WORD_SIZE})\b",
        rf"\bI(?:'ve| have)? (?:gone|went|moved|dropped|sized|switched|am down|'m down|'m up|am up) ?(?:up |down )?to (?:an? )?(?:size )?(?P<v>{{SIZE}}|{WORD_SIZE})\b",
        rf"\bI(?:'m| am) (?:now |these days )?(?:more of|closer to) an? (?:size )?(?P<v>{{SIZE}}|{WORD_SIZE})\b",
        rf"\bI(?:'m| am) (?:down|up) to (?:an? )?(?:size )?(?P<v>{{SIZE}}|{WORD_SIZE})\b",
        rf"\bI(?:'m| am) (?:an? )?(?P<v>{{SIZE}}|{WORD_SIZE}) (?:now|these days|nowadays)\b",
        rf"\b(?P<v>{{SIZE}}|{WORD_SIZE}) fits me\b",
    ),
    *_p(
        "shoe_size", "shoe.zh@1",
        rf"(?:平时|一直|通常|平常|现在|如今|目前)(?:我)?(?:的)?(?:鞋码?|鞋子)?(?:都|得|要|改|是)*(?:穿|是)\s*(?P<v>{SHOE})(?![\d.])\s*码?",
        rf"(?:平时|一直|通常|平常)(?:都)?(?:穿)?\s*(?P<v>{SHOE})\s*码",
        rf"我(?:的)?鞋码(?:改|换|变)?(?:是|成|为|到)?(?:了)?\s*(?P<v>{SHOE})",
        rf"穿(?:的是|到)?\s*(?P<v>{SHOE})\s*码半?",
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
        r"\bmy (?:shoe |boot )?size (?:has (?:gone|changed) (?:up |down )?to|went (?:up |down )?to|changed to|is now|these days is) (?:US |EU )?(?:an? )?(?P<v>\d{1,2}(?:\.5)?)\b",
        rf"\bI(?:'m| am) {_WEAR}an? (?P<v>\d{{1,2}}(?:\.5)?) (?:now|these days|in (?:shoes|boots|sneakers|trainers))\b",
        rf"\bI {_WEAR}(?:wear|take|need) an? (?:size )?(?P<v>\d{{1,2}}(?:\.5)?) (?:now|these days|in (?:shoes|boots|sneakers|trainers|heels|runners))\b",
        r"\bI(?:'ve| have)? (?:gone|went|moved|sized) (?:up |down )?to an? (?:size )?(?P<v>\d{1,2}(?:\.5)?)\b",
        needs=r"\b(?:shoes?|boots?|sneakers?|trainers?|sandals?|slippers?|feet|foot|toes?|heels?|insoles?|runners?)\b",
    ),
]  # fmt: skip

AVOIDS = [
    *_p(
        "avoids_material", "material.zh@1",
        r"(?:穿不了|不能穿|戴不了|不能戴|从不穿|不穿|不戴|不买|不用|沾不得|碰不得)[^,，。!！?？()（）\n]{0,10}",
        r"对[^,，。!！?？()（）\n]{1,8}过敏",
        r"[^,，。!！?？()（）\n]{1,6}(?:的)?我?(?:都|会|就|全)?(?:过敏|穿不了|受不了|绕着走|绕道|起疹子?)",
        polarity=-1, each="materials",
    ),
    *_p(
        "avoids_material", "material.en@1",
        r"\bI(?:'m| am) (?:\w+ )?(?:allergic|sensitive) to [^.,;!?\n]{2,40}",
        r"\bI (?:still |really |just |simply |also )?(?:can't|cannot|can not|don't|do not|won't|never|no longer) (?:wear|do|tolerate|touch|stand|handle|buy) [^.,;!?\n]{2,40}",
        r"\bI (?:always |try to |have to |need to |must )?(?:avoid|stay away from|steer clear of) [^.,;!?\n]{2,40}",
        r"\b(?:wool|latex|nickel|polyester|cashmere|nylon|down) (?:always |just )?(?:makes me itch|itches me|breaks me out|gives me (?:a rash|hives))",
        rf"\bno {_ROUND}{{2,25}}(?:, ?(?:and |or )?(?:no )?{_ROUND}{{2,25}}){{0,3}} for me\b",
        r"(?:\banything with )?{materials}\b[^.!?\n]{0,14} (?:makes?|made) (?:me|my \w+) itch",
        polarity=-1, each="materials",
    ),
    *_p(
        "avoids", "avoids.zh@1",
        r"我?(?:一点)?[^,，。!！?？()（）\n]{0,8}(?:都|也)?我?(?:闻不了|吃不了|喝不了|碰不了|用不了|闻不得|吃不得|碰不得|沾不得|不能吃|不能喝|不能碰|不能用|不能沾)[^,，。!！?？()（）\n]{0,6}",
        r"对[^,，。!！?？()（）\n]{1,8}过敏",
        r"我(?:从来|一直|现在|如今|早就|已经|平时|都|最近|也|完全|基本)*不(?:再)?(?:吃|喝|碰|沾|用)[^,，。!！?？()（）\n]{1,8}",
        rf"{_NOT}{{1,8}}我(?:已经|现在|如今|早就|早|都|是|真是?|最近|从来|一直|也|完全|基本|一点)*(?:不(?:再|能)?(?:吃|喝|碰|沾)|(?:吃|喝|碰)不了)了?",
        rf"{_NOT}{{0,8}}(?:戒了|戒掉了?|戒断了?)",
        rf"我?(?:已经|刚|早就|把|最近)*戒(?:了|掉了?){_NOT}{{1,8}}",
        r"(?P<term>{scents}|{ingredients})[^。!！?？\n]{0,14}(?:就受不了|受不了|就头疼|脸?泛红)",
        polarity=-1, each="ingredients scents foods tastes",
    ),
    *_p(
        "avoids", "avoids.en@1",
        r"\bI(?:'m| am) (?:\w+ )?(?:allergic|sensitive|intolerant) to [^.,;!?\n]{2,40}",
        r"\bI (?:still |really |just |simply |also )?(?:can't|cannot|can not|don't|do not|won't|never|no longer) (?:eat|drink|have|do|use|tolerate|handle|touch) (?![^.,;!?\n]{0,30}(?:allerg|intoleran|sensitivit|problem|issue))[^.,;!?\n]{2,30}",
        r"\bI (?:always |try to |have to |need to |must )?(?:avoid|stay away from|steer clear of) [^.,;!?\n]{2,40}",
        r"\b(?:I(?:'ve| have)? )?(?:gave up|given up|quit|stopped drinking|stopped eating|stopped having|cut out|sworn off|swore off|went off|kicked) (?:on )?(?:drinking |eating )?(?:the |all )?[^.,;!?\n]{2,20}",
        r"\bI(?:'m| am)(?: totally| completely| now)? off (?:the )?(?P<term>{foods}|{ingredients}|{tastes})\b",
        r"\b(?P<term>{foods}|{ingredients}|{tastes}) (?:is|are) (?:history|a no(?:[- ]go)?|off the (?:menu|table)|off limits|out)(?: from| for| with)?(?: me| now)?\b",
        rf"\bno {_ROUND}{{2,25}}(?:, ?(?:and |or )?(?:no )?{_ROUND}{{2,25}}){{0,3}} for me\b", r"\banything (?:with )?(?P<term>{ingredients}|{scents}|{foods}) (?:is|are) a no(?:[- ]go)?(?: for me)?",
        r"\b(?P<term>{foods}|{ingredients}|{scents}) (?:always |really |just )*(?:makes|made|make) me (?:feel )?(?:queasy|sick|ill|gag|nauseous|sneeze|break out)",
        r"\bI (?:break|broke) out (?:in hives |in a rash )?(?:every (?:single )?time|when(?:ever)?|if) I (?:eat|have|use|touch) [^.,;!?\n]{2,25}",
        polarity=-1, each="ingredients scents foods tastes",
    ),
]  # fmt: skip

TASTES = [
    *_p(
        "dislikes", "dislikes.zh@1",
        rf"我?{_ZH_VERY}(?:实在|真)?(?:不再?(?:怎么|太|大)?喜欢|讨厌|不爱[吃喝闻]?|受不了|不好这口){_NOT}{{1,8}}",
        rf"{_NOT}{{1,8}}我{_ZH_VERY}(?:讨厌|不喜欢|受不了)了?",
        r"[^,，。!！?？()（）\n]{0,6}(?:一点|半点)[^,，。!！?？()（）\n]{1,4}都(?:沾|吃|碰|喝)不了",
        polarity=-1, each="foods tastes scents",
    ),
    *_p(
        "dislikes", "dislikes.en@1",
        rf"\bI {_VERY}(?:hate|dislike|detest|loathe|despise|can't stand|cannot stand|don't like|do not like|never liked|don't care for|can't bear) (?:the )?(?:taste of |smell of |scent of )?[^.,;!?\n]{{2,25}}",
        rf"\b(?:I(?:'ve| have)? )?(?:gone|went) (?:right |completely |totally )?off (?:the )?{_ROUND}{{2,20}}",
        rf"\bI(?:'m| am) (?:so |completely |totally )?(?:over|sick of|tired of|done with|fed up with) (?:the )?(?:taste of |smell of )?{_ROUND}{{2,20}}",
        r"\bI(?:'m| am) not (?:a |much of a )(?:big |huge )?[^.,;!?\n]{2,20}(?:fan|person|drinker|lover)",
        r"\bnot a (?:big |huge )?fan of [^.,;!?\n]{2,20}",
        polarity=-1, each="foods tastes scents",
    ),
    *_p(
        "likes", "likes.zh@1",
        rf"(?:我|我自己|本人){_ZH_VERY}(?:喜欢上?|爱上|爱[吃喝闻]?|最爱|偏爱|迷上了?|好){_NOT}{{1,8}}",
        rf"{_NOT}{{1,5}}我{_ZH_VERY}(?:喜欢|爱)(?:的)?",
        rf"(?:迷上了?|爱上了?|上瘾){_NOT}{{1,6}}",
        rf"(?:改喝|改吃|喝回|又喝回|只喝|只吃|天天喝|天天吃|每天都?喝){_NOT}{{1,6}}",
        polarity=1, each="foods tastes scents",
    ),
    *_p(
        "likes", "likes.en@1",
        rf"\bI {_VERY}(?:love|adore|enjoy|prefer|like|crave) (?:the |a |my |good |strong |some |eating |drinking )*(?:taste of |smell of |scent of )?(?P<v>{{foods}}|{{tastes}}|{{scents}})\b",
        r"\bI(?:'ve| have) (?:really |finally |actually |recently )*(?:come|grown|learned|learnt|started|begun) to (?:really |actually )?(?:love|like|enjoy|crave) (?:the )?(?:taste of |smell of )?(?P<v>{foods}|{tastes}|{scents})\b",
        r"\b(?P<v>{foods}|{tastes}|{scents}) (?:has|have) (?:really |finally |actually )?grown on me\b",
        r"\bmy (?:latest |new |current )(?:obsession|favou?rite|craving) is (?P<v>{foods}|{tastes}|{scents})\b",
        r"\bmy (?:all[- ]time )?favou?rite (?:tea|coffee|scent|smell|flavou?r|drink|food|snack|roast)(?: is|:) (?:the )?(?P<v>{foods}|{tastes}|{scents})\b",
        r"\bI(?:'m| am) (?:now |totally |completely |currently )*(?:a )?(?:big |huge |total )?(?:fan of|obsessed with|addicted to|hooked on|crazy about|partial to) (?:the )?(?P<v>{foods}|{tastes}|{scents})\b",
        polarity=1,
    ),
    *_p(
        "favourite_color", "color.zh@1",
        rf"我?{_ZH_VERY}(?:喜欢上?|最爱|偏爱|爱上了?|爱|迷上了?|钟情)(?P<v>{{colors}})",
        r"(?:改|换|都|转)(?:穿|买|选|用)(?P<v>{colors})系?了",
        r"最(?:喜欢|爱)的颜色(?:现在)?(?:是|变成了?|换成了?|改成了?)(?P<v>{colors})",
        r"(?P<v>{colors})控",
        r"(?P<v>{colors})绝美",
        r"(?:这)?(?:一)?辈子跟(?P<v>{colors})过不去",
        polarity=1,
    ),
    *_p(
        "favourite_color", "color.en@1",
        r"\bmy (?:all[- ]time )?favou?rite colou?r(?: is|,|:| has always been) (?:definitely |always )?(?P<v>{colors})\b",
        r"\bmy (?:new |current )favou?rite (?:colou?r )?is (?P<v>{colors})\b",
        r"\b(?P<v>{colors}) (?:really |definitely )?(?:is|has always been|has become|became) (?:now |really |definitely )*my (?:all[- ]time |new |current )?(?:favou?rite(?: colou?r)?|colou?r)\b",
        r"\bI(?:'m| am) (?:now |totally |all )*(?:a )?(?:big |total |huge )?(?:sucker for|obsessed with|about|into|fan of|partial to) (?:anything |all things |everything |wearing )?(?P<v>{colors})\b(?! (?:tea|coffee|wine|chocolate|pepper|bull|guitar|box))",
        r"\bI (?:really |absolutely |now |much )*(?:love|adore|prefer) (?:anything |all things |everything |the colou?r |wearing )(?P<v>{colors})\b(?! (?:tea|coffee|wine|chocolate))",
        r"\bI (?:now |much |really )+prefer (?P<v>{colors})\b(?! (?:tea|coffee|wine|chocolate))",
        r"\bI(?:'ve| have) (?:fallen (?:in love with|for)|switched to|moved (?:on )?to) (?:anything |wearing )?(?P<v>{colors})\b(?! (?:tea|coffee|wine|chocolate))",
        polarity=1,
    ),
]  # fmt: skip

PATTERNS: Final[tuple[Pattern, ...]] = (*SIZES, *AVOIDS, *TASTES, *LIFE, *SERVICE, *IDIOMS)
VERSION: Final = "rules@4"

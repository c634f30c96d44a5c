"""Patterns of habits and belongings, of gifts, money and wishes for service; see `patterns` for how they are written."""

from __future__ import annotations

from huaxiang.extract.pattern import patterns as _p

_NO = r"[^,，。!！?？;；()（）\n]"
_COUNT = r"(?:[一两二三四五六\d]+|几)?[只条个隻匹]?"
_KIN = r"friend|neighbou?r|sister|brother|mom|mum|dad|boss|parents|daughter|son|wife|husband|roommate|flatmate|colleague|coworker"

LIFE = [
    *_p(
        "has_pet", "pet.zh@1",
        r"(?:我家|我们家|我养|家里养|家里)(?!隔壁|邻居|楼下)(?:了|着|的|有)?(?:[一两二三四五\d]+[只条个隻]|那只|这只|小|老|的)*(?P<v>{pets})(?!粮|砂|窝|饼|薄荷|咖啡|眼)",
        r"养了?(?:[一两二三四五\d]+[只条个隻])(?P<v>{pets})",
        rf"(?:我家|家里|我们家?|咱家|我)?(?:又|刚|新|也|还|最近|上个?月|今年|去年)*(?:新来|来|养|领养|收养|添|抱养|抱|接|迎来|捡)(?:了|着|过|回来|到)*{_COUNT}(?:小|流浪|可爱的)*(?P<v>{{pets}})(?!粮|砂|窝|饼|薄荷|咖啡|眼|了)",
    ),
    *_p(
        "has_pet", "pet.en@1",
        r"\b(?:my|our)(?: (?!friend|neighbou?r|sister|brother|mom|mum|dad|boss|parents|daughter|son|hot\b|top\b)[a-z-]+(?<!'s)){0,2} (?P<v>{pets})\b(?![-'’]?(?:eared|house|like|friendly)| (?:sauce|feeder|oil|stick|box|case))",
        r"\b(?:I|we)(?:'ve| have)? (?:just |recently |finally |now |also )*(?:have|own|adopted|rescued|got|took in|brought home)(?: an?| two| three| four| \d)(?: [a-z-]+){0,2} (?P<v>{pets})\b(?![-'’]?(?:eared|house|like|friendly)| (?:sauce|feeder|oil|bowl|bed|toy|food))",
    ),
    *_p(
        "owns_device", "device.zh@1",
        r"我(?:自己|家|现在|一直|平时)*(?:的|用的是|用的|用|有[一两]?[台部个]?)(?:新|旧|老)?(?P<v>{devices})(?!壳|膜|套|支架|充电|的人)",
        r"(?:入手|入了|换了|换成|换到|买了|新买|刚买|改用|升级到|升级成|添了|添置)(?:了|一|新)?(?:[台部个只款]|新|新的)*(?P<v>{devices})(?!壳|膜|套|支架|充电|线)",
    ),
    *_p(
        "owns_device", "device.en@1",
        r"\b(?:with|on|to|from|in|for|using|connect(?:s|ed)? to|plugged into|pair(?:s|ed)? with|and) my(?: (?!friend|wife|husband|son|daughter|mom|dad|brother)[a-z0-9-]+){0,2} (?P<v>{devices})\b",
        r"\bI (?:now |also |still |mostly |currently )*(?:own|have|use|play|carry) (?:an?|my|two)(?: (?!friend)[a-z0-9-]+){0,2} (?P<v>{devices})\b(?! (?:case|cover|copy|style|charger|stand|bag|app))",
        r"\b(?:I|we|I've|we've|I have|just|finally|recently)(?: have| just| finally| recently| now| also)* (?:got|bought|purchased|picked up|upgraded to|switched to|moved to|treated myself to|went (?:back )?to|replaced it with) (?:myself )?(?:an?|the|my)(?: new| used| second-hand)? (?P<v>{devices})\b(?! (?:case|cover|copy|style|charger|stand|bag|app|cable|stylus|pen|for (?:my|our|a|him|her)))",
        r"\bI(?:'m| am) (?:now )?(?:on|using) (?:an?|my|the) (?:new )?(?P<v>{devices})\b(?! (?:case|cover|copy|style|charger|stand|bag|app))",
    ),
    *_p(
        "skin_type", "skin.zh@1",
        r"我(?:是|属于|的皮肤是|这种|是个|就是)?(?:典型的|超级)?(?P<v>{skin_types})",
        r"(?:对|像)我这种(?P<v>{skin_types})",
        r"(?:现在|最近|如今)(?:是|变|变成|成了|转|偏)(?P<v>{skin_types})",
        r"(?:我|皮肤|肤质)(?:现在|如今|最近|已经|都|就|也|的皮肤|的肤质)*(?:是|变成?了?|成了?|转成?|偏|属于)(?P<v>{skin_types})",
        r"本人(?P<v>{skin_types})",
        r"(?:^|[,，。!！ ])(?P<v>{skin_types})(?:一枚|本人|人|星人)",
        r"(?:皮肤|肤质|脸)?(?:变成?|成|转成?|转为)(?:了)?(?P<v>{skin_types})",
    ),
    *_p(
        "skin_type", "skin.en@1",
        r"\bmy (?:\w+ )?skin (?:is|tends to be|runs|has always been|has (?:gone|become|turned|gotten|got)|went|became|turned|got|is now) (?:now |very |super |extremely |quite |so |really |pretty |mostly )*(?P<v>{skin_types})\b",
        r"\bI(?:'ve| have|'ve got| have got| got| now)? (?:have |got )?(?:very |super |extremely |quite |really |pretty )*(?P<v>{skin_types}) skin\b",
        r"\bmy (?:very |super |extremely |poor |own )*(?P<v>{skin_types}) skin\b",
        r"\bmy skin (?:has )?(?:gone|went|changed|turned|switched) from [^.,;!?\n]{2,24} to (?P<v>{skin_types})\b",
    ),
    *_p(
        "hobby", "hobby.zh@1",
        r"(?:每周[一二三四五六日天]?(?:[一两二三四五六七\d]+次)?|每天(?:早上|晚上|下班后?)?|天天(?:早上|晚上)?|周末(?:都|常|经常)?(?:去)?|平时(?:就)?(?:爱|喜欢|常)?(?:做)?|业余|我(?:平时)?(?:喜欢|爱|热爱))[^,，。!！?？()（）\n]{0,10}?(?P<v>{hobbies})",
        rf"(?:迷上了?|爱上了?|入坑|开始(?:学|练|玩)?|在学|喜欢上了?|改(?:去|练|学|玩|成)?|坚持){_NO}{{0,3}}(?P<v>{{hobbies}})(?!了?[鞋包服机器])",
        r"(?:现在|如今|最近|目前)(?:我|就|都|也|只|改|在|又|开始|主要|每天|天天|更|爱|喜欢)*(?:练|玩|学|去|搞|爱|喜欢|改成|换成)(?P<v>{hobbies})(?![鞋包服机器垫弦杆])(?!的(?:人|都|很)|店|馆)", r"(?:换成|改成|改玩|改练|改学)了?(?P<v>{hobbies})(?![鞋包服机器垫弦杆])",
        r"我?的?爱好(?:是|就是)[^,，。!！?？()（）\n]{0,4}(?P<v>{hobbies})",
        r"(?:我)?自己(?P<v>录播客)用?",
    ),
    *_p(
        "hobby", "hobby.en@1",
        r"\bI(?:'m| am) (?:really |very |big |super |now |totally )*(?:into|hooked on|obsessed with|learning|taking up) (?!no\b)(?:\w+ )?(?P<v>{hobbies})\b",
        r"\b(?:I|we)(?:'ve| have)? (?:recently |just |finally |since )*(?:taken up|took up|got into|gotten into|started|switched to|moved on to|picked up|been learning|been doing) (?:the |some )?(?P<v>{hobbies})\b(?! (?:shoes|boots|gear|bag|pick|strap|stand|string|case|lessons for))",
        r"\b(?:I|we) (?:go |do |love |enjoy |like |practi[cs]e |play )(?:trail |rock |long |some |my |the )?(?P<v>{hobbies})\b[^.!?\n]{0,25}(?:every|each|weekly|on weekends|at weekends|twice|most|daily)",
        r"\b(?:I|we) (?:really |absolutely )?(?:love|enjoy) (?:trail |rock )?(?P<v>{hobbies})\b(?! (?:shoes|boots|gear|bag))",
        r"\bmy (?:main |favou?rite |weekend )?hobb(?:y|ies) (?:is|are) (?P<v>{hobbies})\b",
        r"\b(?:I|we) (?:now |mostly |usually |also )?(?P<v>hike|run|bike|cycle|climb|fish|knit|crochet|bake|garden|swim|camp|paint|ski|dance) (?:(?:every|each|most) (?:other |single |second )?(?:days?|mornings?|evenings?|nights?|afternoons?|weeks?|weekends?|months?|lunch|year|winter|summer|spring|autumn|\w+days?)\b|on (?:the )?weekends|at weekends|twice|three times|daily|a lot|instead|now|regularly)",
        r"\bI play (?:the )?(?P<v>guitar|bass|drums)\b",
    ),
]  # fmt: skip

SERVICE = [
    *_p(
        "budget_minor", "budget.zh@1",
        r"预算(?:是|在|就|大概|大约|差不多|只有|最多|不超过|控制在|有|现在|可以|能|提高?到|降低?到|加到|涨到|放宽到|调到|改成|变成|升到|缩到|减到|上调到|下调到|这次)*\s*(?P<v>\d[\d,]*(?:\.\d+)?)\s*(?P<u>[千万kK])?\s*(?:元|块)?",
        r"(?:想|要|求|找)[^。!！?？\n]{0,12}?(?P<v>\d[\d,]*)\s*(?P<u>[千万kK])?\s*(?:元|块)?(?:以内|以下|之内)",
    ),
    *_p(
        "budget_minor", "budget.en@1",
        r"\b(?:my |our )?budget(?: is| was|:| is now| went (?:up|down) to| has (?:gone|gone up|gone down|dropped|changed|increased) to| dropped to| increased to)(?: now)? (?:about |around |roughly |under |only |max |maximum |up to |capped at )*(?P<c>[$€£])?\s?(?P<v>\d[\d,]*(?:\.\d+)?)(?P<u>k)?(?P<d> bucks| dollars)?",
        r"\b(?:budget of|on an?) (?:about |around )?(?P<c>[$€£])\s?(?P<v>\d[\d,]*)(?P<u>k)?(?: budget)?",
        r"\b(?:can|could|want to|willing to|happy to) (?:now )?(?:go|stretch|spend)(?: as high as| up)? ?(?:to )?(?:about |around )?(?P<c>[$€£])\s?(?P<v>\d[\d,]*)(?P<u>k)?",
        r"\b(?:not|don't want to|can't|won't) (?:be )?(?:spend|spending|pay|paying) (?:more than|over|above) (?P<c>[$€£])\s?(?P<v>\d[\d,]*)(?P<u>k)?",
        r"\b(?P<c>[$€£])\s?(?P<v>\d[\d,]*)(?P<u>k)? (?:is my (?:limit|max|maximum|ceiling|budget)|tops|max)\b",
        r"\b(?P<v>\d[\d,]*)(?P<u>k)?(?P<d> bucks| dollars) (?:is my (?:limit|max|maximum|ceiling|budget)|tops|max)\b",
        r"\b(?:keep it|want to (?:keep it|spend|stay)|can (?:only )?spend|looking for something|need something)\s(?:about |around |under |below |up to |less than |at most |max )+(?P<c>[$€£])\s?(?P<v>\d[\d,]*)(?P<u>k)?",
    ),
    *_p(
        "price_sensitive", "price.zh@1",
        r"不打折[^,，。!！?？()（）\n]{0,8}不(?:会)?[买入]的?", r"只[会]?(?:买|等|看|挑)(?:打折|特价|促销|折扣|优惠|降价|清仓)[^,，。!！?？()（）\n]{0,4}", r"没(?:券|优惠|折扣)[^,，。!！?？()（）\n]{0,4}不(?:会)?买", r"只(?:买|等)(?:打折|特价|促销)[^,，。!！?？()（）\n]{0,4}",
        r"等(?:打折|降价|大促|特价|促销|活动|双十一|双11|618|优惠)[^,，。!！?？()（）\n]{0,3}(?:再|才)(?:买|入|下单)", r"我?对价格(?:很|比较|挺|特别|非常)*敏感",
        value="true",
    ),
    *_p(
        "price_sensitive", "price.zh@1",
        rf"(?:不打折|没(?:有)?(?:折扣|优惠|券)|原价|全价){_NO}{{0,4}}(?:也|都|照|照样)(?:会)?(?:买|入|下单|拍)",
        rf"不(?:太|怎么|再)?(?:在乎|在意|关心|计较|看重){_NO}{{0,4}}(?:打不打折|打折|价格|贵不贵|优惠|折扣|价钱)", rf"(?:价格|贵不贵|打不打折|价钱|优惠){_NO}{{0,6}}(?:无所谓|不在乎|不重要|不敏感|不是问题)",
        rf"不(?:用)?等(?:打折|大促|促销|活动|优惠|特价){_NO}{{0,4}}了?", rf"(?:价格|打折|优惠)?{_NO}{{0,4}}不差{_NO}{{0,4}}(?:点|些)?钱{_NO}{{0,3}}(?:[,，]{_NO}{{0,4}}(?:不打折|原价|优惠){_NO}{{0,6}})?",
        value="false",
    ),
    *_p(
        "price_sensitive", "price.en@1",
        r"\bI (?:now |will |really |can )?(?:only|always|just) (?:ever |now )?(?:buy|shop|order)[^.!?\n]{0,25}(?:on sale|discount\w*|coupons?|clearance|marked down)", r"\bI never pay full price[^.!?\n]{0,20}(?:discount|sale|coupon)?",
        r"\bonly (?:buy|buying|shop|shopping|order|ordering)[^.!?\n]{0,15}(?:on sale|discount\w*|clearance|marked down)", r"\bI(?:'m| am) (?:very |really |quite |pretty |super )*price[- ](?:sensitive|conscious)", r"\bI(?:'m| am) (?:always )?(?:hunting|waiting|looking) for (?:a |the )?(?:sales?|discounts?|coupons?|deals?)\b",
        r"\bI(?:'ll| will)? (?:always |now )?wait(?:ed)? for (?:a |the )?(?:sale|discount|coupon)s?\b", r"\bnot (?:buying|paying)[^.!?\n]{0,20}(?:full price|without a (?:coupon|discount))",
        value="true",
    ),
    *_p(
        "price_sensitive", "price.en@1",
        r"\bI (?:don't|do not|no longer|never|won't) (?:really |even )?(?:wait for|care about|bother with|look for|hunt for|chase|need) (?:the |a |any )?(?:sales?|discounts?|coupons?|prices?|deals?)\b",
        r"\b(?:happy|fine|okay|ok|willing|glad) (?:to pay|paying|with paying) full price", r"\bI(?:'ll| will)? (?:just |gladly |now |always )*pay full price", r"\bI don't mind paying (?:full price|more than the sale price)",
        r"\b(?:discounts?|sales?|coupons?|the price|price|money|cost) (?:isn't|is not|is no longer|aren't|are no longer|doesn't|does not|don't|no longer) (?:an issue|a concern|a problem|important|matter|matters)\b",
        value="false",
    ),
    *_p(
        "buys_for", "gift.zh@1",
        r"(?<![借还租话转])(?:买给|送给|寄给|拍给|带给|给|送)(?:了一[盒个件双])?(?:我|咱|俺|我们)?家?的?(?:小|老)?(?P<v>{relations})(?!打电话|打了|看了|说|发|用不|家的狗|家的猫|家狗|家猫)",
    ),
    *_p(
        "buys_for", "gift.en@1",
        r"\bfor (?:my|our)(?: (?!ex\b|favou?rite|own|money|dog|cat)[a-z-]+){0,2} (?P<v>{relations})\b",
        r"\b(?:bought|got|ordered|purchased|gave|sent) (?:this |it |these |them |one |two )?(?:to |for )(?:my|our|a)(?: [a-z-]+)? (?P<v>{relations})\b",
        r"\bfor (?P<v>mum|mom|dad|grandma|grandpa)\b",
        r"(?:(?:^|[.!?\n] ?)|\b(?:got|bought|ordered|picked|chose|necklace|present|gift|something)(?: [a-z]+){0,2}?,? )for the (?P<v>{relations})\b(?! (?:seat|room|door|lock|bed|car|gate|price))", r"\bpicked (?:up |out )?(?:another|one|this|these|some)(?: [a-z]+)? for (?:my|our|the) (?P<v>{relations})\b",
        r"\bmy (?:[a-z]+ )?(?P<v>{relations}) [^.!?\n]{3,60}\bso I (?:picked up|got|bought|ordered) (?:another|one|this|it|some)[^.!?\n]{0,8}\bfor (?:her|him|them)\b",
        r"\b(?:it's|they're|it is|they are|this is|these are|this was|as) (?:for )?(?:my|our) (?P<v>{relations})'s (?:[a-z]+ )?(?:present|gift|birthday)",
        r"\b(?:bought|got|gave|sent) (?:my|our) (?P<v>{relations}) (?:this|these|an?|the|one|some)\b",
    ),
    *_p(
        "buys_for", "gift.zh@2",
        r"(?:我|我家|我们家)?(?P<v>{relations})(?:儿)?(?:下[周个月]+|快|要)?(?:过(?:[一二三四五六七八九十\d]+岁?)?(?:大寿|生日)|满月|乔迁|新婚)", needs=r"礼物|送|挑|选|预算|拍",
    ),
    *_p(
        "prefers_contact", "contact.zh@1",
        r"(?:改|换)(?:成|用|为)(?P<v>{contact_channels})(?:联系|通知|找我|吧)",
        r"(?P<v>{contact_channels})(?:联系|通知|找)我?(?:就行|就好|吧|即可|更方便|比较方便|最方便)",
        r"有(?:急)?事(?:请|就|尽量|还是|都)?(?:用|发|走|打)?(?P<v>{contact_channels})(?:找我|联系|就行|说|(?=[,，。.!！;；~～\s]|$)|给我(?!老|妈|爸|媳|对象|爱人|家人|朋友))",
        r"(?:请|麻烦|最好|以后|尽量)(?:都|给我|用|发|走|通过|直接|尽量|改用?|再)*(?P<v>{contact_channels})(?:里|上)?(?:联系|找我|通知|沟通|提醒|告知|告诉我|给我|发我|回我|回复|说|我|就行|就好|就可以|即可|吧|(?=[,，。.!！;；~～\s]|$))(?!号|客服|支付|付款)",
    ),
    *_p(
        "prefers_contact", "contact.en@1",
        r"\b(?:please |always |best to |better to |just )(?:contact|reach|get (?:back to|hold of)|message) me (?:by|via|on|at|through|over) (?:my )?(?P<v>{contact_channels})\b",
        r"\b(?:contact|reach) me (?:only )?(?:by|via|on|through|over) (?:my )?(?P<v>{contact_channels})\b",
        r"\b(?:please |pls |kindly |just |always |only )(?P<v>e-?mail|text|call|telephone) me\b",
        r"(?<!not )(?<!don't )\b(?P<v>e-?mail|text|call|telephone) me (?:instead|please|rather|from now on|going forward)\b",
        r"(?<!the )(?<!my )(?<!this )(?<!a )(?<!our )\b(?P<v>{contact_channels}) (?:is|works|would be) (?:the )?(?:best|better|easiest|fine)(?: way)?(?: to (?:reach|contact) me| for me| now)\b",
        r"\b(?:rather|prefer(?: it)?(?: if)?) (?:that )?you (?P<v>e-?mail|text|call)(?:ed)? me\b",
        r"\b(?:switch|move|change) (?:me |my contact |my notifications |it )?(?:over )?to (?P<v>{contact_channels})\b",
        r"\bI(?:'d| would)? (?:really |much |always )?prefer (?:an? |to be (?:contacted|reached) (?:by|via) |contact by )?(?P<v>{contact_channels})\b",
    ),
    *_p(
        "prefers_delivery", "delivery.zh@1",
        r"(?:能不能|可以|能否|可不可以|能|希望|改成|改为|改)[^,，。!！?？()（）\n]{0,4}(?:放|寄到?|送到?|投)(?:到|在|进|我)?(?:小区|楼下|我们)?(?P<v>{delivery})",
        r"(?:以后|麻烦|请|所有|都|备注了?)[^,，。!！?？()（）\n]{0,8}(?:放|寄到?|送到?|投)(?:到|在|进|我)?(?:小区|楼下|我们)?(?P<v>{delivery})",
    ),
    *_p(
        "prefers_delivery", "delivery.en@1",
        r"\b(?:please |always |just |(?:can|could) (?:you|the courier|the driver) |prefer (?:you )?(?:to )?)(?:leave|drop|put|deliver|place)\b[^.!?,\n]{0,25}? (?:at|in|with|to|by|on)(?: (?:the|my|our|a))?(?: parcel| package| amazon)? (?P<v>{delivery})\b",
        r"\b(?:leave|drop|put) (?:it|them|parcels|packages|the parcel|the package|everything|my order|orders|deliveries) (?:off )?(?:at|in|with|to|by|on)(?: (?:the|my|our|a))? (?P<v>{delivery})\b",
        r"\bdeliver(?:y|ed)? (?:it )?(?:only )?(?:in the |at the |on |at |to the )?(?P<v>{delivery})\b",
        r"\bI (?:always |really |much )?prefer (?:delivery |deliveries )?(?:at|in|to|on|with)?(?: (?:the|my|a))?(?: parcel)? ?(?P<v>{delivery})\b",
    ),
]  # fmt: skip

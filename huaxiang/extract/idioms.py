"""How people put what they like, shun, own and do when they do not say "I like": idioms of both languages. See `patterns`.

The value stays a known word of the pack: an idiom with words of the customer's own would let junk in.
"""

from __future__ import annotations

from huaxiang.extract.pattern import patterns as _p

_NO = r"[^,，。!！?？;；()（）\n]"
_ADJ = r"(?:(?!not\b|no\b|this\b|that\b|these\b|those\b|how\b|it\b|when\b|your\b|their\b|to\b|and\b|but\b|for\b|free\b)[a-z'-]+ ){0,3}?"
_TASTE = r"(?:{foods}|{tastes}|{scents})"
_MAT = r"(?:{materials})"
_SHUN = r"(?:{foods}|{tastes}|{scents}|{ingredients})"
_BARE = r"(?<!this )(?<!these )(?<!that )(?<!those )(?<!the )(?<!your )(?<!their )(?<!its )"
_REALLY = r"(?:really|just|always|simply|absolutely|definitely|totally|honestly|quite|so|such|still|also|never|truly|forever|pretty much)"

TASTES = [
    *_p(
        "likes", "likes.en@2",
        rf"\bI (?:do |{_REALLY} )*(?:love|adore|enjoy|crave|prefer|worship)d? {_ADJ}(?P<v>{_TASTE})\b", rf"\bI(?:'ve| have) (?:always|long) (?:loved|adored|enjoyed|liked) {_ADJ}(?P<v>{_TASTE})\b",
        rf"{_BARE}\b(?P<v>{_TASTE}) (?:is|are|has always been|have always been) (?:{_REALLY} )*my (?:favou?rites?|go-to|weakness|comfort food|guilty pleasure|thing|jam|happy place|everything|one vice|vice|first love)\b",
        rf"\bmy (?:absolute |all-time |guilty |secret |biggest |one |big )*(?:favou?rite|go-to|weakness|comfort food|guilty pleasure|vice|obsession)(?: drink| snack| food| scent| smell| flavou?r| treat| tea| dessert| fruit)?(?: is|'s| has always been|:) {_ADJ}(?P<v>{_TASTE})\b",
        rf"\b(?:can't|cannot|can never|couldn't) (?:get enough of|resist|say no to|live without|go (?:a day )?without|start (?:my |the )?(?:day|morning) without) {_ADJ}(?P<v>{_TASTE})\b",
        rf"\b(?:soft spot|weakness|sweet tooth|thing) for {_ADJ}(?P<v>{_TASTE})\b", rf"\b(?:sucker|mad|crazy|nuts|here) for {_ADJ}(?P<v>{_TASTE})\b", rf"\b(?:big|huge|massive|lifelong|serious) (?:on|fan of|lover of|believer in) {_ADJ}(?P<v>{_TASTE})\b",
        rf"\bI(?:'m| am) (?:an? )?(?:{_REALLY} )*(?:real |big |huge |total |serious |proper |true |lifelong |self-confessed |bit of an? |more of an? |complete |hopeless )*(?:an? )?(?P<v>{_TASTE})[ -](?:person|lover|addict|drinker|fiend|nut|fanatic|snob|girl|guy|woman|man|fan|junkie|devotee|enthusiast|nerd|monster)\b",
        rf"\b(?:as|being) an? (?:big |lifelong |serious |true |avid |keen )*(?P<v>{_TASTE})[ -](?:person|lover|addict|drinker|fiend|fanatic|snob|fan|junkie|enthusiast)\b", rf"\bnothing beats {_ADJ}(?P<v>{_TASTE})\b", rf"\bgive me {_ADJ}(?P<v>{_TASTE}) any (?:day|time)\b",
        rf"\bI (?:{_REALLY} )*(?:live on|live for|run on|swear by|go for|lean towards?|gravitate to|gravitate towards|reach for) {_ADJ}(?P<v>{_TASTE})\b", rf"\bI (?:could|can) (?:happily |easily )?(?:eat|drink|live on) {_ADJ}(?P<v>{_TASTE}) (?:every|all|forever|for)",
        rf"\bI (?:{_REALLY} )*(?:drink|eat|have) {_ADJ}(?P<v>{{foods}}) (?:every|each|all day|daily|twice|all the time|first thing)", rf"\b(?:two|three|four|five|six|\d) (?:cups|mugs|pots|bars|bowls) of {_ADJ}(?P<v>{{foods}}) (?:a|every|each|per) (?:day|morning|week|night)\b",
        rf"\bI (?:start|begin|end|finish) (?:my|every|each|the) (?:day|morning|evening|night)s? with {_ADJ}(?P<v>{{foods}})\b", rf"(?:^|[.!?] +|\n)(?:absolutely |really |always |still |just )*(?:love|adore) (?:anything |all things |everything |the (?:taste|smell|scent) of )?(?P<v>{_TASTE})(?=[.,!;]| and| but|$)",
        rf"\bI (?:do |{_REALLY} )*(?:love|adore|prefer|live in) (?:anything |all things |wearing |the feel of |real |pure |good |soft |natural |everything )*(?P<v>{_MAT})(?=[.,!;:]| and| or| but| for| over| in| next| against| on|$)",
        polarity=1,
    ),
    *_p(
        "likes", "likes.zh@2",
        rf"(?:无|離不开|离不了|离不开|少不了|戒不掉|停不下来的?|安利){_NO}{{0,3}}(?:{_TASTE})", rf"(?:{_TASTE})(?:控|党|脑袋|星人|爱好者|狂热|重度(?:爱好者|患者)|yyds|永远的神)", rf"(?:{_TASTE})(?:是我的?)?(?:最爱|心头好|命|本命|快乐源泉|真爱)",
        rf"(?:无{_TASTE}不欢)", rf"(?:对){_NO}{{0,2}}(?:{_TASTE}){_NO}{{0,3}}(?:没有抵抗力|毫无抵抗力|情有独钟|上瘾|真爱|欲罢不能)", rf"(?:天天|每天|每天都|顿顿|常年|一天到晚)(?:要|都|必|得|必须)*(?:喝|吃|来|泡){_NO}{{0,4}}(?:{_TASTE})",
        rf"(?:就|只|独|最|偏|格外|尤其|特别)(?:喜欢|爱|好|钟意|中意|钟爱)(?:吃|喝|闻)?{_NO}{{0,4}}(?:{_TASTE})",
        polarity=1, each="foods tastes scents",
    ),
    *_p(
        "dislikes", "dislikes.en@2",
        rf"{_BARE}\b(?P<v>{_TASTE}|{_MAT}) (?:is|are|was|just|really|has never been|have never been) ?(?:{_REALLY} )*(?:not|isn't|aren't|n't)? ?(?:{_REALLY} )*(?:not (?:{_REALLY} )*)?(?:my thing|my cup of tea|for me)(?<!is for me)(?<!are for me)(?<!was for me)(?<!is my thing)(?<!are my thing)\b",
        rf"{_BARE}\b(?P<v>{_TASTE}|{_MAT}) (?:isn't|aren't|wasn't) (?:{_REALLY} )*(?:my thing|my cup of tea|for me|something I (?:like|enjoy))\b",
        rf"\bI(?:'m| am) (?:{_REALLY} )*not (?:{_REALLY} )*(?:big on|into|keen on|fond of|a (?:big |huge |great )?fan of|crazy about|wild about|mad about|partial to|one for) {_ADJ}(?P<v>{_TASTE}|{_MAT})\b", rf"\b(?:never|not) (?:{_REALLY} )*(?:been |was )?(?:big on|into|keen on|fond of|a (?:big |huge |great )?fan of|one for|much for) {_ADJ}(?P<v>{_TASTE}|{_MAT})\b",
        rf"\bI(?:'m| am) not (?:{_REALLY} )*(?:an? )?(?:big |much of an? |really an? )*(?P<v>{_TASTE})[ -](?:person|lover|drinker|eater|fan|girl|guy)\b",
        rf"\b(?:can't|cannot|couldn't|could not|never could) (?:{_REALLY} )*(?:stand|bear|abide|stomach|stick|take|get past|do|tolerate|get on with|face|get into) (?:the )?(?:smell of |taste of |scent of |feel of |sight of )?{_ADJ}(?P<v>{_TASTE})\b",
        rf"\b(?:hate|hated|loathe|loathed|detest|despise|dislike|disliked) (?:the )?(?:smell of |taste of |scent of |feel of |anything |all )?{_ADJ}(?P<v>{_TASTE})\b", rf"\b(?:the )?(?:smell|taste|scent|thought|texture) of {_ADJ}(?P<v>{_TASTE}) (?:{_REALLY} )*(?:makes me|turns my stomach|puts me off|gives me|is (?:too much|awful|horrible|revolting|disgusting|vile|overpowering))",
        rf"{_BARE}\b(?P<v>{_TASTE}) (?:{_REALLY} )*(?:puts me off|turns my stomach|grosses me out|gives me the ick|tastes like (?:soap|dirt|grass|medicine|perfume|cardboard)|smells like|gives me a headache|is (?:so |just |really )?(?:gross|disgusting|revolting|vile|yuck))\b",
        rf"\bI (?:could|can) (?:happily |gladly )?(?:do without|live without|skip) (?:the )?(?P<v>{_TASTE})\b", rf"\bI find (?:the )?(?:smell of |taste of )?(?P<v>{_TASTE}) (?:{_REALLY} |too |a bit |very |way too )*(?:gross|disgusting|revolting|overpowering|cloying|sickly|off-putting|unbearable|nauseating|nasty|vile|much)\b",
        polarity=-1,
    ),
    *_p(
        "dislikes", "dislikes.zh@2",
        rf"(?:{_TASTE})(?:的)?(?:味道?|味儿|气味)?{_NO}{{0,3}}(?:我)?(?:真|实在|是真的|真的|完全|一直|从来|都)*(?:无感|接受不了|不能接受|难以接受|享受不来|欣赏不来|吃不惯|喝不惯|闻不惯|不感冒|敬而远之|不敢恭维|劝退|下头|爱不起来|喜欢不起来|喜欢不来)", rf"(?:吃不惯|喝不惯|闻不惯|接受不了|受不了|欣赏不来|享受不来|不能接受|最烦|最怕|嫌|一闻到?|拒绝){_NO}{{0,4}}(?:{_TASTE})",
        rf"对{_NO}{{0,3}}(?:{_TASTE})(?:的味道?)?{_NO}{{0,3}}(?:无感|不感冒|敬谢不敏|没兴趣|没好感|反感)",
        polarity=-1, each="foods tastes scents",
    ),
    *_p(
        "favourite_color", "color.en@2",
        r"\b(?P<v>{colors}) (?:is|has always been) (?:{_R} )*my (?:go-to|thing|signature|jam|happy colou?r)\b".replace("{_R}", _REALLY), r"\bI (?:always|mostly|usually|only|almost always|pretty much only) (?:wear|buy|go for|choose|pick|end up in|gravitate to|gravitate towards?|reach for) (?:anything |the |everything in )?(?P<v>{colors})\b(?! (?:tea|coffee|wine|chocolate|gold))",
        r"\bI(?:'m| am) an? (?P<v>{colors})[ -](?:person|girl|guy|lover|addict)\b", r"\b(?:most|half|all|everything) (?:of |in )?(?:my|I) (?:wardrobe|closet|clothes|own|wear|house|kitchen)? ?(?:is|are) (?P<v>{colors})\b", r"\b(?:soft spot|weakness|sucker) for (?:anything |all things )?(?P<v>{colors})\b(?! (?:tea|coffee|wine|chocolate))",
        polarity=1,
    ),
]  # fmt: skip

SHUNNED = [
    *_p(
        "avoids", "avoids.en@2",
        r"\bI (?:have|'ve got|have got|suffer from) (?:an? )?(?:[a-z]+ ){0,2}(?P<v>{ingredients}|{foods}) (?:allergy|intolerance|sensitivity)\b", r"\bmy (?:severe |bad |mild |lifelong )*(?P<v>{ingredients}|{foods}) (?:allergy|intolerance|sensitivity)\b(?! (?:is|has) (?:gone|over|history|cleared))",
        rf"\b(?P<v>{_SHUN}) (?:{_REALLY} |usually |often )*(?:gives|give|gave) me (?:a |an |the )?(?:[a-z]+ )?(?:headaches?|migraines?|rash|hives|heartburn|hiccups|spots|eczema|stomach ache|bad stomach|bloating|jitters)\b", rf"\b(?P<v>{_SHUN}) (?:{_REALLY} |usually |often )*(?:makes|make|made) (?:me|my (?:skin|face|eyes|throat|scalp|stomach)) (?:[a-z]+ )?(?:itch|itchy|burn|sting|swell|red|water|sneeze|break out|flare|turn|hurt)",
        rf"\bI (?:{_REALLY} )*(?:react|reacted|have a reaction|break out|come out in (?:hives|a rash)|get (?:hives|a rash|migraines?|headaches?)) (?:badly |terribly |horribly )*(?:to|from|with|after) {_ADJ}(?P<v>{_SHUN})\b", rf"\b(?:no|zero) (?P<v>{_SHUN})(?:,| and| or)? {_NO}{{0,20}}(?:for me|in (?:this|our) house|please, I)\b",
        r"\bI (?:only|always|can only|have to|need to|must) (?:use|buy|eat|drink|order|go|wear|have|get) (?:[a-z-]+ )?(?P<v>fragrance|gluten|dairy|sugar|alcohol|nut|soy|lactose|caffeine|msg)[ -]free\b", r"\bI(?:'m| am) (?P<v>gluten|dairy|sugar|caffeine|lactose|alcohol|soy)[ -]free\b", r"\bI(?:'m| am) (?:very |badly |severely |slightly |mildly )?(?P<v>lactose|gluten|dairy|caffeine)[ -](?:intolerant|sensitive)\b",
        polarity=-1,
    ),
    *_p(
        "avoids", "avoids.en@3",
        r"\b(?P<v>{ingredients}|{foods})(?: [a-z]+){0,3}(?:[.;,]|\s-) (?:so |and )?(?:I )?(?:can't|cannot) (?:eat|have|use|drink|touch) (?:that|it|those|them|any of (?:it|that))\b",
        r"\b(?:one (?:bite|sip|lick)|a (?:single )?(?:bite|sip|crumb) of) [^.!?\n]{0,10}(?P<v>{ingredients}|{foods})\b[^.!?\n]{0,24}\b(?:ambulance|a&e|the er|hospital|hives|swell|swells up)\b", r"\bI (?:steer|have to steer|stay|keep) (?:well )?(?:clear|away) (?:of|from) (?:anything with )?(?P<v>{ingredients}|{foods}|{scents})\b",
        polarity=-1,
    ),
    *_p(
        "likes", "likes_over.en@3",
        r"\b(?P<v>{foods}|{scents}) and I (?:don't|do not|no longer) (?:agree|mix|get (?:on|along))\b", ends=True,
    ),
    *_p(
        "dislikes", "dislikes.en@3",
        r"\b(?P<v>{scents}) (?:has |have )?(?:always |really |just |still )*(?:makes?|made|turns?|turned) (?:me (?:queasy|sick|gag|ill|nauseous|heave)|my stomach)\b", r"\bI (?:don't|do not|never|won't) (?:wear|do|buy) (?:anything |anything in )?(?P<v>{colors})\b(?! (?:tea|coffee|wine|chocolate|gold|light))",
        r"\b(?P<v>{colors}) makes me look (?:like|ill|washed|sallow|dead|pale|green|old)\b", r"\bI(?:'d| would) pick (?:the |out )*(?P<v>{foods}) out\b", r"\b(?P<v>{foods}|{scents}) (?:is|are) (?:vile|disgusting|revolting|gross|the devil's \w+|an abomination)\b(?! if)",
        polarity=-1,
    ),
    *_p(
        "dislikes", "dislikes.zh@3",
        r"我(?:从来|一直|真的?|就|向来|是)*不(?:穿|戴|买|碰)(?P<v>{colors})(?!的?(?:茶|酒|咖))", r"(?P<v>{foods}|{scents})(?:味|的?味道|那(?:个|股)味儿?)?(?:我)?(?:是|真的?|实在|一直|从小)*(?:闻不了|受不了|吃不惯|喝不惯|接受不了|和解不了|欣赏不来|无福消受|敬谢不敏)", r"(?:跟|和|与)(?P<v>{foods}|{scents})(?:是|真的?|这辈子)*(?:无缘|和解不了|八字不合)",
        r"闻到(?:那个|那股|这个|这种)?(?P<v>{scents})(?:味)?(?:就|直接)(?:头疼|头晕|恶心|想吐|难受)",
        polarity=-1,
    ),
    *_p(
        "avoids", "avoids.zh@2",
        r"(?:我)?(?:对)?(?P<v>{ingredients}|{foods}|{scents})(?:会)?(?:过敏体质|不耐受|不耐|敏感(?!肌|皮))", r"(?:一|只要|凡是)(?:吃|喝|用|碰|闻|沾)(?:到|了|点)?(?P<v>{ingredients}|{foods}|{scents})[^。.!！?？;；\n]{0,4}(?:就|会)(?:拉肚子|起疹|长痘|头疼|头痛|胃疼|反酸|发红|泛红|爆痘|过敏|心慌|失眠|不舒服|难受)",
        r"(?:我家?|家里)?(?:只(?:买|用|喝|吃|选|敢用))(?:无|0|零|不含|低)(?P<v>{ingredients})", r"我(?:从来|向来|一直|平时|都|基本)*(?:忌口|忌|戒)(?:的)?(?P<v>{ingredients}|{foods}|{tastes})",
        polarity=-1,
    ),
    *_p(
        "avoids_material", "material.en@2",
        rf"\b(?P<v>{_MAT}) (?:{_REALLY} |usually |often )*(?:makes|make|made) (?:me|my skin|my neck|my arms|my hands|my wrists?|my ears?|my feet) (?:[a-z]+ )?(?:itch|itchy|break out|sweat|scratch|rash|red|flare|burn|turn|peel|blister)", rf"\b(?P<v>{_MAT}) (?:{_REALLY} |usually |often )*(?:gives|give|gave) me (?:a |an |the )?(?:[a-z]+ )?(?:rash|hives|itch|eczema|blisters|welts)\b",
        rf"\bI (?:{_REALLY} )*(?:react|reacted|break out|broke out|come out in (?:hives|a rash)|itch|get (?:a rash|hives|itchy)) (?:badly |terribly |horribly |all over )*(?:to|from|with|in|when I wear) {_ADJ}(?P<v>{_MAT})\b", rf"\bI (?:have|'ve got) (?:an? )?(?:[a-z]+ )?(?P<v>{_MAT}) (?:allergy|sensitivity)\b", rf"\bmy (?:[a-z]+ )?(?P<v>{_MAT}) (?:allergy|sensitivity)\b",
        rf"\bno (?P<v>{_MAT}) for me\b", rf"\b(?:my skin|my neck|my hands) (?:can't|cannot|doesn't|won't) (?:{_REALLY} )*(?:take|tolerate|handle|like|stand|cope with|get on with) {_ADJ}(?P<v>{_MAT})\b", rf"\b(?:can't|cannot|couldn't|could not) (?:{_REALLY} )*(?:have|bear|stand|tolerate|wear|put|do) {_ADJ}(?P<v>{_MAT}) (?:on|next to|against|near) (?:me|my skin)\b",
        polarity=-1,
    ),
    *_p(
        "avoids_material", "material.zh@2",
        rf"(?:一|只要)(?:穿|戴|碰|沾)(?:到|了|上)?(?P<v>{_MAT})(?:的)?[^。.!！?？;；\n]{{0,4}}(?:就|会)(?:痒|起疹|过敏|发红|起红|扎|难受|不舒服)", rf"(?P<v>{_MAT})(?:的)?(?:贴身)?(?:会|我会|一穿)?(?:让我)?(?:浑身|全身|脖子|皮肤)?(?:就)?(?:发痒|起红疹|扎得慌|扎脖子|刺挠)(?!不|没)", rf"我(?:对|不碰|拒绝|避开|不要)(?P<v>{_MAT})(?:过敏|的(?:衣服|东西|料子))?",
        rf"(?P<v>{_MAT})(?:的)?(?:东西|衣服|衣物|料子|面料)?(?:我|本人)?一?(?:穿|戴|碰|沾|摸)(?:到|了|上)?(?:身上?|皮肤)?(?:就|会|都)(?:发?痒|起疹|过敏|发红|起红|扎|难受|不舒服)",
        polarity=-1,
    ),
]  # fmt: skip

_AGENTS = r"runner|jogger|hiker|rambler|cyclist|climber|knitter|crocheter|birder|birdwatcher|baker|gardener|photographer|guitarist|drummer|bassist|swimmer|painter|angler|camper|skier|dancer|woodworker|podcaster|calligrapher|gamer|reader|bookworm|yogi|marathoner"
_AGAIN = r"(?:(?:every|each|most) (?:other |single |second )?(?:days?|mornings?|evenings?|nights?|afternoons?|weeks?|weekends?|months?|lunch|year|winter|summer|spring|autumn|\w+days?)\b|on (?:the )?(?:weekends?|sundays?|saturdays?|trails?)|at weekends?|twice|three times|daily|weekly|regularly|religiously|all (?:year|summer|winter|weekend)|before (?:work|breakfast)|after work|in the (?:mornings?|evenings?)|for (?:\w+ ){0,2}(?:years|decades)|since)"

DONE = [
    *_p(
        "hobby", "hobby.en@2",
        rf"\b(?:I(?:'m| am)|as|being) (?:an? |also an? |still an? |just an? )(?:{_REALLY} |very |bit of an? |keen |avid |amateur |serious |casual |weekend |hobby |home |passionate |lifelong |beginner |new |dedicated |enthusiastic |committed |trail |long-distance |distance |road |mountain |landscape |film |wildlife |big |huge |voracious |sunday )*(?P<v>{_AGENTS})\b",
        rf"\b(?:I|we) (?:{_REALLY} |mostly |usually |also )*(?:go |do |practi[cs]e |play |teach |coach )?(?P<v>{{hobbies}}|hike|run|bike|cycle|climb|fish|knit|crochet|bake|garden|swim|camp|paint|ski|dance|jog)\b[^.!?;\n]{{0,18}} {_AGAIN}",
        r"\b(?:training|in training|signed up|preparing|prepping|practi[cs]ing) for (?:my |our |a |an |the )(?:[a-z]+ )?(?:half[ -])?(?P<v>marathon|marathons)\b", r"\b(?:I(?:'ve| have)|we(?:'ve| have)) been (?:really |seriously )?(?P<v>{hobbies}) (?:for|since|every|a lot)",
        r"\bmy (?:(?:first|second|third|next|last|weekly|daily|morning|evening|weekend|sunday|saturday|long|early|regular|usual|local|monday|tuesday|wednesday|thursday|friday) )*(?P<v>{hobbies}|runs?|hikes?|swims?|rides?|climbs?|bakes?|yoga) (?:class(?:es)?|club|group|lessons?|practi[cs]e|sessions?|routine|trips?|partner|buddy|studio|habit|hobby|crew|workshop)\b",
        r"\b(?:on|for|during|after|before) my (?:(?:weekly|daily|morning|evening|weekend|sunday|saturday|long|early|regular|usual|lunchtime) )+(?P<v>runs?|hikes?|swims?|rides?|climbs?|bakes?)\b", r"\b(?:love|enjoy|live for|obsessed with|passionate about|into|hooked on|addicted to|mad about|crazy about) (?:my |a |a good |some |the )?(?:[a-z]+ )?(?P<v>{hobbies})(?! (?:shoes|boots|gear|bag|mat|strap|strings?|picks?|stand|case|book|books|machine|top|socks|shorts))(?=[.,;!]| and| but| with| in| on| at|$)",
        r"\bmy (?:[a-z]+ )?(?:hobby|hobbies|pastime|passion|sport|stress relief|therapy|escape) (?:is|are|was always|has always been) (?:[a-z]+ )?(?P<v>{hobbies})\b", r"\b(?P<v>{hobbies}) is my (?:[a-z]+ )?(?:hobby|pastime|passion|sport|stress relief|therapy|escape|thing|life)\b",
        r"\bI (?:spend|spent) (?:my |most |every |all |the )*(?:weekends?|evenings?|sundays?|saturdays?|free time|spare time|holidays?|mornings?) (?P<v>{hobbies})\b",
    ),
    *_p(
        "hobby", "hobby.zh@2",
        r"(?:我是|作为)(?:一名|一个|个|名)?(?:资深|业余|忠实|多年|老|新手|入门)*(?P<v>{hobbies})(?:爱好者|发烧友|党|人|选手|新手|小白|玩家|er)", r"(?P<v>{hobbies})(?:是我(?:的|最大的|唯一的)?(?:爱好|兴趣|解压方式)|(?:爱好者|发烧友|老手|新手|小白|玩家)(?:一枚|来了|路过)?)", r"(?:我)?(?:每周|每天|每月|周末|下班后?|平时|经常|常年|闲时|没事|有空)(?:就|都|会|要|去|在|喜欢|爱|和朋友|约人|一个人)*(?P<v>{hobbies})(?![鞋垫服机弦包杆])",
        r"(?:玩|练|学|打|搞|坚持)(?:了)?(?P<v>{hobbies})(?:都|也|已经|快|有)*(?:[一二两三四五六七八九十好多几\d]+)(?:多|几)?(?:年|个月)", r"(?P<v>{hobbies})(?:都|也|已经|快|坚持|有)*(?:了)?(?:[一二两三四五六七八九十好多几\d]+)(?:多|几)?年了?",
    ),
    *_p(
        "has_pet", "pet.en@2",
        r"(?<![\w'])(?!(?:it|this|that|there|which|what|who|mine|he|she|one|here|bag|toy|size|color|colour|print|picture|pattern|logo|design|mine|everyone|everybody)\b)[a-z]{3,12} is (?:an?|our|my) (?:[a-z0-9-]+ ){0,3}?(?P<v>{pets})(?=[.,;!]| and| who| with| so| but|$)",
        r"\b(?:we|I) (?:have|'ve got|share (?:the|our|my) (?:house|home|flat|sofa|bed) with|live with) (?:[a-z0-9-]+ ){0,3}?(?P<v>{pets})\b(?![-'’](?:eared|house|like|friendly|tag|shaped|themed|sized|proof)| (?:person|people|hair|food|bed|toys?|litter|door|mug|shirt|print|cafe|park|days?|nap|ears?))", r"\b(?:as|being) (?:an?|the) (?:proud |new |first-time |happy )*(?P<v>{pets})[ -](?:owner|mum|mom|dad|parent|lover with)\b", r"\bI(?:'m| am) an? (?:proud |new |first-time |happy )*(?P<v>{pets})[ -](?:owner|mum|mom|dad|parent)\b",
    ),
    *_p(
        "has_pet", "pet.zh@2",
        r"我(?:是|们是|家是)?(?:一只|两只|三只)?(?P<v>{pets})(?:奴|妈|爸|主人|家长)", r"(?:我家|我们家|家里|家有|我)(?:现在|目前|还)?(?:有|养着?)(?:了)?(?:一|两|三|几|俩|只)*(?:只|条|个|头)?(?:小|老|胖|可爱的?)*(?P<v>{pets})(?![粮砂窝饼薄咖眼毛包])",
    ),
    *_p(
        "owns_device", "device.en@2",
        r"\bmy(?: (?!friend|wife|husband|son|daughter|mom|mum|dad|brother|sister|next|dream|future)[a-z0-9.\"-]+(?<!'s)){0,3}? (?P<v>{devices})\b(?!'s (?:case|cover))(?! (?:case|cover|copy|style|stand|bag|app|cable|box)s? (?:broke|arrived|came))",
        r"\b(?:the|an?|our) (?:[a-z0-9-]+ ){0,2}(?P<v>{devices}) (?:I|we)(?:'ve| have| already)? (?:own|have|had|use|bought|got|use daily)\b", r"\b(?:as|being) an? (?:long-time |proud |happy |longtime )*(?P<v>{devices}) (?:owner|user|player)\b", r"\bI(?:'m| am) (?:on|using|typing this on|still on) (?:an?|the|my) (?:[a-z0-9-]+ )?(?P<v>{devices})\b", r"\bour(?: [a-z0-9-]+(?<!'s)){0,2}? (?P<v>{devices})\b(?! (?:case|cover|bag|stand))",
    ),
    *_p(
        "owns_device", "device.zh@2",
        r"(?P<v>{devices})(?:党|用户|玩家|老用户|一枚)(?!说|们)", r"(?:用|使|玩)(?:的)?(?:是|着)?(?:[一两]?[台部个])?(?P<v>{devices})(?!壳|膜|套|支架|充电|线|的人)(?:用了|玩了|已经|都)?(?:[一二两三四五六七八九十好多几\d]+)年", r"(?P<v>{devices})(?:我)?(?:已经|都|也)?用了(?:快|有|大概)?(?:[一二两三四五六七八九十好多几半\d]+)(?:多|几)?(?:年|个月)", r"(?:给|配|连|接|插在?|装在?|套在?|放)(?:我|自己)(?:家)?(?:的)?(?:新|旧|老)?(?P<v>{devices})",
        r"(?:我|家里|我家|手上|手里|手头)(?:就|现在|目前|也|还|刚好|正好)*(?:有|是|用)(?:的)?(?:是)?(?:一|两)?(?:台|部|个|只)?(?:老|旧|新)?(?P<v>{devices})(?!壳|膜|套|支架|充电|线|的人|版)", r"(?:我|家里|我家)的?(?:那|这)?(?:台|部|个|只)(?:老|旧|新)?(?P<v>{devices})(?!壳|膜|套|支架|充电|线)",
    ),
    *_p(
        "shoe_size", "shoe.en@2",
        r"\bI(?:'m| am) (?:usually |normally |always |typically |generally |consistently |pretty consistently )*(?:an? (?:true |solid |standard |women's |men's |womens |mens |us |uk |eu |size )*|(?:true |women's |men's |us |uk |eu |size )+)(?P<v>\d{1,2}(?:\.5)?)(?= (?:wide|narrow|in|shoe|boot|and|but|with|across|everywhere|or so|on|so|normally|usually)\b|[.,;!)]|$)(?!,\d)", r"\b(?:ordered|got|took|bought|chose|went with|stuck with|in) (?:my |the )(?:usual|normal|regular|true|standard|own) (?:size )?(?:us |uk |eu |women's |men's )*(?P<v>\d{1,2}(?:\.5)?)\b",
        r"\bmy (?:true |actual |real |usual |normal |regular )?(?:feet|foot|shoe size|boot size|shoes|size) (?:is|are|measures?|=|:)(?: a| an)?(?: true| solid| women's| men's| us| uk| eu| size)* (?P<v>\d{1,2}(?:\.5)?)\b(?! ?(?:cm|inch|in\b|years))", r"\b(?:as|for|being) an? (?:usual |regular |true |solid |women's |men's |us |uk |eu |size )*(?P<v>\d{1,2}(?:\.5)?)(?: wide| narrow)?(?= (?:foot|feet|i|wearer|the|these|this|they)\b|,)", r"\bI (?:usually |normally |always |typically |generally |almost always )*(?:wear|take|need|buy|order|get) (?:an? )?(?:women's |men's |womens |mens |us |uk |eu |size |true )+(?P<v>\d{1,2}(?:\.5)?)\b",
        r"\bI(?:'ve| have) (?:always |only ever )?(?:worn|taken|been) (?:an? )(?:women's |men's |us |uk |eu |size )*(?P<v>\d{1,2}(?:\.5)?)\b", r"\bI(?:'ve| have)(?: got)? (?:an? |size |true |wide |narrow |proper )*(?P<v>\d{1,2}(?:\.5)?)(?: wide| narrow)? (?:foot|feet)\b", r"\b(?P<v>\d{1,2}(?:\.5)?) (?:bang on|spot on|fits like an? \d+)\b", r"\bmy (?:us |uk |eu |women's |men's |size )*(?P<v>\d{1,2}(?:\.5)?)(?: wide| narrow)? (?:feet|foot|toes)\b",
        r"\b(?:us|uk|eu|size|women's|men's) (?P<v>\d{1,2}(?:\.5)?)(?: wide| narrow)? (?:fits? me|is my (?:usual |normal |regular )?size|has always been my size|works for me)\b",
        needs=r"\b(?:shoes?|boots?|sneakers?|trainers?|sandals?|slippers?|feet|foot|toes?|toe box|heels?|insoles?|runners?|arch|laces|soles?|loafers?|clogs?|flats|cleats)\b",
    ),
]  # fmt: skip

IDIOMS = (*TASTES, *SHUNNED, *DONE)

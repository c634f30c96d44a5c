"""What a review says of its writer by way of the product it is about; the value comes from the event. See `about`, `patterns`.

"My third jar", "won't go back", "the best I've had" of a product with four or five stars: a liking of that product. A device
reviewed as one's own, and kept, is owned. What is made for an activity, with words of doing it ("came down in the wet on
Saturday", of hiking boots), is a hobby. None of it holds of gifts, of what was borrowed, tried in the shop or sent back.
"""

from __future__ import annotations

from huaxiang.extract.about import USED
from huaxiang.extract.pattern import Pattern
from huaxiang.extract.pattern import patterns as _p

_NO = r"[^,，。!！?？;；()（）\n]"
_ANY = "."
_GOOD, _BAD, _KEPT = (4, 5), (1, 2), (3, 5)
_NTH_ZH = r"第(?:[二三四五六七八九十]+|[2-9]|[1-9]\d|n)"
_PACK_ZH = r"[次罐瓶盒袋包双件支箱套把条回桶饼斤]"
_NTH = r"(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|2nd|3rd|[4-9]th|1\dth|nth|umpteenth)"
_PACK = r"(?:jar|bottle|bag|tub|tin|pack|box|tube|can|pot|packet|caddy|carton|order|batch|refill|case)"
_IT = r"(?:it|this|these|them|this one|this stuff|the stuff)"
_VERY = r"(?:absolutely |really |genuinely |honestly |totally |just |so |completely |truly )*"
_WHO = r"(?:\bI (?:do |still |also |already )?|\bI've always |\band |\bbut |\bjust |\bstill |(?:^|[.!?,;:\n] ?))"
_NO_THING = r"(?!thing|minus|problem|complaint|issue|downside|con\b|cons\b|gripe|negative|drawback|reason|time|way|difference|change|improvement|wish|caveat|bit|part|place|flaw|criticism|trouble|question|concern|other|sort|kind|type)"
_FELT = r"(?:food|beauty|grocer|drink|tea|coffee|snack|skin|cosmetic|食|茶|咖啡|零食|美妆|护肤|饮)"

LOVED = [
    *_p(
        "likes", "loved.en@1",
        rf"\b{_NTH} {_PACK}\b(?! (?:was|arrived|came|broke|leaked|had))", rf"\b(?:\d+|two|three|four|five|six|dozens? of|a hundred|hundreds of) {_PACK}(?:s|ies|es) (?:of (?:this|these|it|them) )?(?:so far|by now|in\b|later|deep|a (?:month|week|winter|summer|year))",
        r"\b(?:won't|will not|will never|would never|not|never|no) (?:ever )?(?:go|going) back\b(?! to (?:this|it))", r"\b(?:won't|will never|don't|never) (?:use|buy|drink|eat|wear|touch|try) (?:anything|any) (?:else|other)\b", rf"\bnever be without (?:{_IT}|one)\b",
        r"\bbest (?:[a-z-]+ ){1,4}?I(?:'ve| have)? (?:ever )?(?:had|tried|owned|used|bought|eaten|drunk|worn|tasted|put on|found)\b",
        rf"{_WHO}{_VERY}(?:love|adore) {_IT}(?= ?[.,!;]|$| and| so| more)", rf"\bI(?:'m| am) {_VERY}(?:obsessed with|in love with|addicted to|hooked on) {_IT}\b",
        r"\bI'd be lying if I said I (?:didn't|did not|don't) (?:love|like|enjoy|adore)", r"\bcan(?:'t|not) (?:really |honestly )?say I (?:dislike|hate|don't (?:like|love|enjoy))\b(?![^.!?]{0,12}, can)(?=[^.!?\n,]{0,8}(?:;|,? ?(?:in fact|quite|at all|I find)|[.!]|$))",
        r"\b(?:this|it|these|the [a-z]+ (?:one|ones)) suits? me\b", rf"\b(?:I'd|would|could) marry {_IT}\b", r"\b(?:my|the|true|absolute|a) holy grail\b(?!'s| \w+ly)", rf"\bcan't (?:live without|get enough of|stop (?:eating|using|drinking|wearing)) (?:{_IT})\b",
        rf"\b(?:always|keep) (?:come|coming|go|going) back to {_IT}\b", r"\bon repeat\b", rf"\b(?:always|keep|kept) (?:re-?order|re-?buy|restock|buy|order)(?:ing)? {_IT}\b", rf"\b(?:stock|stocked|stocking) up on {_IT}\b",
        rf"\b(?:is |'s )?the (?:only|first|one) {_NO_THING}(?:[a-z-]+ ){{1,3}}?(?:that(?:'s| does| doesn't| has| makes| works| actually| never| lets)|I(?:'ll| can| trust| buy| use| drink| eat| wear)|to (?:ever )?(?:make|work|survive))\b", rf"(?:^|[.!?] |\n)the only {_NO_THING}[a-z]+(?=\n)",
        r"\ban? [a-z]+ I can (?:actually |finally )?(?:eat|drink|use|wear|trust)\b(?! (?:with|when|if|on|until))", r"\bnow (?:that|this)(?:'s| is) an? [a-z]+\b(?! (?:shame|problem|pity|joke|mess))", rf"\b(?:will|'ll) (?:definitely |absolutely |gladly |happily |certainly |be )*(?:buy|order|get|repurchas|buying|ordering)(?:e|ing)?(?: {_IT}| another)? again\b",
        r"\bsuits me (?:down to the ground|perfectly|to a t)\b", r"\bhighest praise\b", r"\b(?:ate|eaten|drank|finished|demolished|polished off) (?:half|most|the whole|all) (?:of )?(?:it|them|the (?:jar|bag|box|tin|packet|lot)) ", rf"\bhave (?:bought|ordered|repurchased|been buying|been using|been drinking) {_IT} (?:for (?:years|ages|decades)|\w+ times|since)\b",
        r"\bif it's gone\b[^.!?\n]{0,16}\bI (?:sulk|cry|panic)\b", r"\bplease never (?:change|discontinue|stop making)\b", r"\bI'd put it on [a-z]+ if\b",
        about=_ANY, stars=_GOOD,
    ),
    *_p(
        "likes", "loved.zh@1",
        rf"{_NTH_ZH}{_PACK_ZH}(?!(?:就|才|用|还)?{_NO}{{0,3}}(?:坏|开线|送|发霉|破|漏|买给|是送))", r"(?:无限|又|再次|已经|果断|一直|多次|反复|n次|必|还会|肯定|定期)(?:回购|复购|囤)(?!的是|给|送)", r"回购(?:了)?(?:[两三四五六七八九十几\d]+|好几|无数|n)(?:次|罐|瓶|盒|袋|回)",
        r"(?:以后|今后|从此)?(?:就)?(?:认准|只认)(?:了)?(?:这|你们|它|他家)", r"(?:离不开|离不了|断不了|少不了|戒不掉)(?:它|这[款个家])", r"(?:爱了爱了|爱死(?:了|它)|太爱了|爱惨了|真爱了|爱不释手|yyds|救命霜|本命(?!年)|心头好|白月光)",
        r"(?:吃|喝|用|穿|买|试)过的?(?:[^,，。]{0,6})最(?:好|香|舒服|合适|顺手|满意)", r"没有之一", r"(?:别的|其他|其它|别家)[^,，。]{0,8}(?:再也|都|也|一律)(?:没|不|懒得|看不上|入不了)", r"只(?:用|喝|吃|认|买|服)(?:它|这(?:个|款|家|一款))", r"全(?:靠|指着)它", r"(?:吃|喝|用|空|箱子|罐子)(?:完|空|见底)了?(?:就|立马|马上|接着|又|再|赶紧)(?:续|买|囤|下单|补|回购)",
        r"(?:终于|总算)(?:有|找到)(?:了)?(?:我|一[款个种])[^,，。]{0,3}能(?:吃|用|穿|喝)", r"不接受(?:任何)?[^,，。]{0,4}(?:反驳|安利)", r"只有它", r"(?:^|[,，。!！?？\s])[^,，。!！?？配加]{0,6}(?:绝了|绝绝子|巴适|一绝)", r"比什么[^,，。]{1,6}都强", r"没这个[^,，。]{0,4}不(?:香|行)", r"(?:够味|够劲)(?!儿?,让)", r"吃到(?:锅底|见底|停不下来)|停不下来|(?:喝|吃|用)了[^,，。]{1,4}(?:没腻|不腻|都没腻)", r"忍住.{0,4}没忍住|还是没忍住",
        about=_ANY, stars=_GOOD,
    ),
    *_p(
        "likes", "praised.en@1",
        r"\b(?P<v>{scents}|{foods}) (?:done right|done properly|is (?:lovely|gorgeous|magic|divine|heavenly?|glorious|my thing|perfection|everything|bliss))\b", r"\b(?P<v>{materials}) (?:is|are) (?:magic|magical|the best|unbeatable|everything|my thing|bliss|king)\b",
        r"\bI(?:'m| am) officially an? (?P<v>{foods}) (?:person|drinker|convert)\b",
        stars=_GOOD, polarity=1,
    ),
    *_p(
        "likes", "praised.zh@1",
        r"(?P<v>{scents}|{foods})(?:的)?(?:味道?|香|香味)?(?:很|真|太|特别|非常|确实)*(?:沉静|高级|治愈|上头|迷人|好闻|舒服|让人放松|绝了|yyds|永远的神)", r"(?:配|加|泡|点)(?P<v>{foods}|{scents})[^。!！?？\n]{0,30}我好这口",
        stars=_GOOD, polarity=1,
    ),
]  # fmt: skip

LOATHED = [
    *_p(
        "dislikes", "loathed.en@1",
        r"(?:^|[.!?] |\n)(?:just |really |definitely |sadly |sorry,? )*not for me\b", r"\bI'd (?:sooner|rather) (?:go without|drink|eat|chew)\b", r"\bnever again\b", r"\b(?:tastes?|smells?|tasted|smelled) (?:just |exactly |a bit |more )*(?:like|of) (?:[a-z]+ ){0,2}(?:cardboard|soap|feet|vomit|sick|bin|ashtray|chemicals|plastic|medicine|dishwater|wet dog|rubber|petrol|mould|mold)\b",
        rf"\bI (?:do not|don't) (?:really )?(?:care for|like|enjoy) {_IT}\b", rf"\bI {_VERY}(?:hate|loathe|detest|can't stand) {_IT}\b", r"\b(?:disgusting|vile|revolting|inedible|undrinkable|made me gag)\b", r"\bcouldn't (?:finish|swallow|get through) (?:it|them|one)\b",
        about=_FELT, stars=_BAD, kinds=("review", "return"),
    ),
    *_p(
        "dislikes", "loathed.zh@1",
        r"(?:难吃|难喝|难闻|齁得慌|齁死|恶心|想吐|咽不下|吃不惯|喝不惯|闻不惯|不是我的菜|接受不了|和解不了|闻见就想跑|倒掉了|全扔了)",
        about=_FELT, stars=_BAD, kinds=("review", "return"),
    ),
]  # fmt: skip

OWNED = [
    Pattern("owns_device", "reviewed@1", USED, about=_ANY, stars=_KEPT),
]  # fmt: skip

_KITS: dict[str, tuple[str, str]] = {
    "running": (r"跑鞋|跑步|running shoe|\brunners?\b|running", r"(?:跑了|跑完|夜跑|晨跑|公里|半马|全马|配速)|\b(?:(?:half )?marathon|21k|10k|5k|parkrun|\d+ miles|(?:my|long|training|morning) runs?|at 5am|my pb)\b"),
    "hiking": (r"徒步|登山|爬山|hiking|trekking|\bhike\b|\btrail\b", r"(?:走完|登顶|下山|上山|山顶|爬(?:了|完)|背了[一两二三四五\d]+天|归来|穿越|二峰)|\b(?:on (?:the )?trail|every downhill|uphill|summit|came down|took (?:it|this|them) up|up mt|ben [a-z]+|munros?|hiked|(?:my|our|a|long) hikes?|\d+ miles|scree|bothy)\b"),
    "cycling": (r"骑行|自行车|公路车|山地车|cycling|bicycle|\bbike\b", r"(?:骑车|骑了|骑着|通勤)|\b(?:ride home|rode|'s ride|my commute|cobbles|over gravel|mid descent|potholes|club ride|road muck|(?:my|our|long|group) rides?)\b"),
    "camping": (r"帐篷|睡袋|露营|营地|防潮垫|\btent\b|sleeping (?:bag|pad)|\bcamp", r"(?:睡了[一两二三四五\d]+晚|营地|内帐|扎营|雨没漏|野外)|\b(?:slept at|tentmate|campsite|camped|night one|in the tent|was raining all|inside was dry|bothy|pitched)\b"),
    "fishing": (r"鱼竿|溪流竿|路亚|钓|渔|fishing|\brod\b", r"(?:翘嘴|鲫|鲤|鲈|水库|上鱼|钓了|甲板|中鱼|空军)|\b(?:caught|cast(?:ing|s)?|trout|pike|carp|perch|the lake|river bank|on the boat)\b"),
    "swimming": (r"泳镜|泳衣|泳帽|泳裤|swim|goggles", r"(?:扑腾|蛙泳|自由泳|泳池|游了|泡池)|\b(?:lanes|laps|lengths|the pool|swam|freestyle|breaststroke)\b"),
    "guitar": (r"吉他|guitar", r"(?:扫弦|指弹|指头上的茧|琴行|弹跑调|排练)|\b(?:open mic|band practice|(?:my|our) band|I gig|gigging|at (?:a|my|our) gigs?|rehears\w+|my playing|(?:I(?:'ve| have)? (?:been )?play(?:ed|ing)?) (?:the |my )?guitar)\b"),
    "knitting": (r"毛线|棒针|钩针|yarn|knitting|crochet|needle set", r"(?:织了|织的|织完|钩了|起针)|\b(?:on the go|jumpers|cast on|shawl|my (?:project|stitches|knitting))\b"),
    "painting": (r"水彩|颜料|画笔|画材|油画|watercolou?r|\bpaints\b|easel|sketch", r"(?:自己画|画了|上色|画完|写生)|\b(?:I've done|I've painted|I painted|my (?:paintings?|sketch(?:es)?)|drown it)\b"),
    "jigsaw": (r"拼图|jigsaw|\d+ ?pc\b", r"(?:肝了|拼了|拼完|最后一片|下一盒)|\b(?:last piece|evenings|next one's|finished it)\b"),
    "gym": (r"哑铃|杠铃|壶铃|健身|dumbbell|kettlebell|barbell", r"(?:撸铁|卧推|深蹲|练了|每天练)|\b(?:gains|outgrow\w*|reps|bench press|squats|my (?:workout|session)s?|lifting)\b"),
    "podcasting": (r"播客|podcast", r"(?:录音|录节目|更一期|节目|嘉宾)|\b(?:co-host|episodes?|listeners|our show|my show)\b"),
    "badminton": (r"羽毛球|badminton", r"(?:球局|高远球|杀球|双打|单打|打球)|\b(?:club night|doubles|first clear|smash(?:es)?|game night)\b"),
    "tennis": (r"网球|\btennis\b(?! table)", r"(?:发球|球局|打球|双打|单打)|\b(?:my (?:serve|backhand|forehand)|doubles|league|club night)\b"),
    "chess": (r"国际象棋|围棋|象棋|\bchess\b", r"(?:对局|下了|段位)|\b(?:league night|time trouble|tournament|club night)\b"),
    "gardening": (r"修枝|园艺|种子|花盆|营养土|花艺剪|secateurs|pruning|trowel|\bseeds?\b|garden(?:ing)? (?:tool|fork|gloves)", r"(?:月季|铁线莲|我种|我家阳台|发芽了)|\b(?:my (?:roses|tomatoes|allotment|garden|beds|dahlias)|germinated|sprouted)\b"),
    "photography": (r"三脚架|单反|微单|镜头|滤镜|tripod|\blens\b|camera bag", r"(?:出片|星轨|快门|扫街|外拍)|\b(?:my shots|long exposures?|milky way|portraits|shooting)\b"),
    "climbing": (r"攀岩|镁粉|climbing|bouldering|chalk bag", r"(?:岩馆|线路|抱石|磕线)|\b(?:the crag|boulder(?:ing)?|my project|multi-?pitch)\b"),
    "journaling": (r"手账|手帐|bullet journal|washi", r"(?:睡前|贴了?两页|写两行|胶带)|\b(?:every (?:night|evening|day)|spreads?)\b"),
    "baking": (r"烘焙|吐司盒|蛋糕模|baking (?:tin|tray|mat)|banneton|loaf tin|sourdough", r"(?:烤了|出炉|发酵|揉面|欧包|戚风)|\b(?:the loaf|loaves|dough|my bakes?|proved|starter|every (?:sunday|weekend))\b"),
    "skiing": (r"滑雪|雪板|雪镜|\bski\b|skiing|snowboard", r"(?:雪道|雪场|刷了|滑了)|\b(?:piste|powder|on the slopes|lift pass)\b"),
    "birding": (r"望远镜|binoculars", r"(?:观鸟|白鹭|湿地|翠鸟)|\b(?:birds|the hide|warbler|heron|kestrel|bittern|owls?)\b"),
    "calligraphy": (r"毛笔|字帖|宣纸|墨汁|calligraphy|brush pen", r"(?:临了|临帖|写了|练字)|\b(?:my strokes|practise every)\b"),
    "yoga": (r"瑜伽|yoga mat", r"(?:瑜伽课|每周[一二三四五六两\d]+次|下犬|拜日|练了)|\b(?:downward dog|my (?:practice|class)|savasana|vinyasa)\b"),
}  # fmt: skip

DONE_WITH = [
    Pattern("hobby", "kit@1", doing, value=hobby, about=kit, stars=(1, 5))
    for hobby, (kit, doing) in _KITS.items()
]  # fmt: skip

_CLOTHES = (
    r"cloth|apparel|fashion|shirt|jacket|coat|dress|jumper|sweater|trousers|jeans|hoodie|pyjama|衣|服|裤|裙|衫|袄"
)
_SHOES = r"shoe|boot|sneaker|trainer|sandal|slipper|loafer|heels?\b|鞋|靴"
_SIZE = r"(?:{SIZE}|extra[ -]large|extra[ -]small|small|medium|large)"
FITTED = [
    *_p(
        "clothing_size", "fitted.en@1",
        rf"\b(?:the |my |size |a |an )*(?P<v>{_SIZE}) (?:is|was|sat|fits|fit|sits) (?:me )?(?:right|spot on|perfect(?:ly)?|just right|bang on|true|great|well|exactly|like a glove|as (?:ever|always|expected))\b(?! (?:on|for) (?:my|him|her|a|the)\b)", rf"\b(?P<v>{_SIZE}) (?:these days|bang on|spot on|as (?:ever|always|usual))\b", rf"\b(?P<v>{_SIZE}) fits (?:over|with room|nicely|beautifully|without)\b",
        rf"\b(?:took|ordered|got|bought|went with|went for|chose) (?:my (?:usual |normal |regular )?|the usual |a |an |the )(?:size )?(?P<v>{_SIZE})\b(?: again\b|[^.!?\n]{{0,20}}\b(?:fits?|perfect|spot on)\b)",
        about=_CLOTHES, stars=(1, 5),
    ),
    *_p(
        "clothing_size", "fitted.zh@1",
        r"我(?:一直|向来|从来|常年)(?:都|就)*是\s*(?P<v>{SIZE})", r"(?:现在|如今)是\s*(?P<v>{SIZE})\s*码?没跑", r"(?P<v>{SIZE})码?的?(?:肩线|腰|胸围|袖子|裤长|长度)[^,，。!！?？\n]{0,4}(?:刚好|正好|合适|合身|正合适)",
        about=_CLOTHES, stars=(1, 5),
    ),
    *_p(
        "shoe_size", "fitted.zh@1",
        r"(?<![\d.])(?P<v>(?:3[3-9]|4[0-9])(?:\.5)?)\s*码?的?(?:大?脚(?!跟)|进去|正?合脚|不挤脚?)(?![^,，。]{0,4}老公)", r"脚(?:是|就是)?(?:实打实|标准|正常|正常码)?的?(?:是)?\s*(?P<v>(?:3[3-9]|4[0-9])(?:\.5)?)(?![\d.])",
        about=_SHOES, stars=(1, 5),
    ),
    *_p(
        "shoe_size", "fitted.en@1",
        r"\b(?:my )(?:[a-z]+ )?(?:shoes|boots|trainers|runners) are (?:all )?(?:an? )?(?:size )?(?P<v>\d{1,2}(?:\.5)?)s?\b", r"\bI(?:'m| am) an? (?:true |solid |usual |size )*(?P<v>\d{1,2}(?:\.5)?)\b(?! (?:year|minute|month|day|stone|out))", r"\bmy usual (?P<v>\d{1,2}(?:\.5)?)\b",
        about=_SHOES, stars=(1, 5),
    ),
]  # fmt: skip

REVIEWED = (*FITTED, *LOVED, *LOATHED, *OWNED, *DONE_WITH)

"""Texts of our own with their sign (1 good, -1 bad), never trained on: the kinds of text that sets hold few of.

Written before either model was tried on them, and not changed after; they are a look, not a measurement.
"""

Probe = tuple[str, int]

PROBES: dict[str, list[Probe]] = {
    "short zh": [
        ("不错，很快", 1), ("难吃", -1), ("好吃", 1), ("送得太慢", -1), ("味道可以", 1), ("一般，不会再点", -1),
        ("量少", -1), ("还行吧，能吃", 1), ("凉了", -1), ("很满意", 1), ("小哥态度好", 1), ("漏汤了", -1),
        ("赞", 1), ("差评", -1), ("性价比高", 1), ("又贵又少", -1), ("超级好喝", 1), ("等了一个半小时", -1),
        ("分量足，料多", 1), ("米饭是硬的", -1), ("准时", 1), ("少送一份", -1), ("每次都点他家", 1), ("肉不新鲜", -1),
    ],
    "short en": [
        ("Love it", 1), ("meh, returned it", -1), ("works fine", 1), ("Broke in a day", -1), ("as described", 1),
        ("cold and late", -1), ("five stars", 1), ("do not buy", -1), ("fits perfectly", 1), ("waste of money", -1),
        ("solid for the price", 1), ("arrived damaged", -1), ("my son loves this", 1), ("cheap plastic", -1),
    ],
    "negation": [
        ("一点也不失望", 1), ("没有想象中那么好", -1), ("不是很好用", -1), ("没有色差，没有异味", 1), ("说不上好", -1),
        ("挑不出毛病", 1), ("Not bad at all", 1), ("It is not worth the price", -1), ("No complaints so far", 1),
        ("I can't recommend this", -1), ("Never had a problem with it", 1), ("nothing special", -1),
    ],
    "sarcasm": [
        ("真是好手机，一天自动关机三次", -1), ("物流真快，半个月就到了呢", -1), ("感谢商家让我体验了什么叫一次性用品", -1),
        ("质量好得很，洗一次就成抹布了", -1), ("客服太厉害了，三天不回一句", -1), ("不愧是大牌，第一天就坏", -1),
        ("Great, another charger that melts.", -1), ("Thanks for the lovely broken glass.", -1),
        ("Works perfectly, if you like noise.", -1), ("Wow, it lasted a whole two days.", -1),
        ("Five stars for teaching me patience with your support line.", -1), ("Just what I needed: a lamp with no light.", -1),
    ],
    "mixed": [
        ("衣服好看，但是洗一次就坏了，不推荐", -1), ("物流慢了点，不过东西很好，会回购", 1), ("味道不错，可惜都碎了，失望", -1),
        ("包装一般，东西没得说，满意", 1), ("The sound is good, but it died after a week. Avoid.", -1),
        ("Took a while to arrive, still the best strings I have used.", 1), ("Pretty colour, useless otherwise.", -1),
        ("A bit pricey but worth every cent.", 1),
    ],
}  # fmt: skip

MARKS: dict[str, list[Probe]] = {
    "emoji": [
        ("👎🏻", -1), ("👍🏿", 1), ("包装😭", -1), ("用了一周💩", -1), ("客服🌹🌹", 1), ("口感😋", 1), ("味道🤮", -1), ("就这？🙄", -1),
        ("绿色的那个😍😍", 1), ("送货的😤😤", -1), ("🔥🔥🔥", 1), ("第三次买了💗", 1), ("Arrived today 😍", 1), ("The strap 🤬", -1),
        ("👏👏👏 seller", 1), ("🤡 seller", -1), ("delivery 💯", 1), ("the smell 🤢", -1), ("size L 😞", -1), ("my cat 😻", 1),
        ("5 ⭐⭐⭐⭐⭐", 1), ("second pair 🥰", 1), ("again 😩", -1), ("the zip 💔", -1),
    ],
    "kaomoji": [
        ("杯子(╯‵□′)╯︵┻━┻", -1), ("快递o(╥﹏╥)o", -1), ("到货了 (´；ω；`)", -1), ("(ಥ_ಥ)", -1), ("裙子＞﹏＜", -1), ("又是这样→_→", -1),
        ("宝贝(*^▽^*)", 1), ("(≧▽≦)", 1), ("收到啦ヽ(✿ﾟ▽ﾟ)ノ", 1), ("老板(づ￣ 3￣)づ", 1), ("第一次买QAQ", -1), ("颜色(；´д｀)", -1),
        ("the strap :-(", -1), ("new one ^_^", 1), ("it came today :D", 1), ("the colour :/", -1), ("the lid </3", -1), ("my order \\o/", 1),
        ("this one ಠ_ಠ", -1), ("the socks XD", 1), ("the cable =(", -1), ("the mug =)", 1),
    ],
    "slang zh": [
        ("555，才用两天", -1), ("色差5555", -1), ("666，这价格", 1), ("笑死23333，真香", 1), ("辣鸡", -1), ("炒鸡好吃", 1), ("灰常好", 1),
        ("神马玩意", -1), ("棒棒哒", 1), ("yyds", 1), ("这包绝绝子", 1), ("呜呜呜呜", -1), ("踩雷了", -1), ("种草成功", 1), ("坑爹货", -1),
        ("蓝瘦香菇", -1),
    ],
    "spelling": [
        ("loooove it", 1), ("terribleeee", -1), ("soooo baaaad", -1), ("gooood!!!", 1), ("awsome product", 1), ("terible quality", -1),
        ("recomend it", 1), ("so dissapointed", -1), ("excelent", 1), ("g00d", 1), ("垃 圾", -1), ("不 错", 1), ("太!!!差!!!了", -1),
        ("好评好评好评好评好评", 1), ("垃-圾", -1), ("veeeery slow", -1), ("perfecttt", 1), ("worsttttt", -1),
    ],
    "forms": [
        ("質量很差，退貨", -1), ("很喜歡這個顏色", 1), ("爛透了", -1), ("讚", 1), ("ＧＯＯＤ　ｑｕａｌｉｔｙ", 1), ("ｂａｄ", -1), ("𝓛𝓸𝓿𝓮 it", 1),
        ("<b>great</b>", 1), ("Ｎｏｔ　ｗｏｒｔｈ　ｉｔ", -1), ("物流太慢瞭", -1), ("GREAT!!!!!!!!", 1), ("差評！！！", -1),
    ],
}  # fmt: skip
"""Marks and spellings that say it: written before the tables of `normalise` were widened, and not changed after."""

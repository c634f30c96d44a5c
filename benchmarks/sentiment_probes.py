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

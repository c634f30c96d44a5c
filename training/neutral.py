"""Sentences without an opinion, written for training: what happened, what is asked. They teach the scale its middle."""

from __future__ import annotations

from itertools import product

_THINGS_ZH = ("手机", "外套", "洗发水", "耳机", "茶叶", "书", "热水壶", "台灯", "运动鞋", "牛奶")
_TIMES_ZH = ("昨天", "上周三", "今天早上", "3月5号", "双十一", "上个月")
_PATTERNS_ZH = (
    "我{time}下单买了{thing}。", "{time}买的{thing}", "{time}收到了{thing}", "给妈妈买的{thing}", "{thing}是给同事带的",
    "请问{thing}什么时候发货？", "{thing}有没有黑色的", "订单里有一件{thing}", "{time}申请了换货", "想问一下{thing}的尺码",
    "{thing}是{time}送到的", "{thing}和说明书放在一起", "我想把{thing}的地址改一下", "这是第二次买{thing}",
    "{thing}今天用了一次", "{time}打开了包装", "还没有开始用{thing}，过几天再评价", "{thing}是快递员放在门口的",
    "麻烦帮我查一下{time}的订单", "{thing}的型号是A12", "{time}付的款，用的微信", "我住在上海，{thing}寄到公司",
)  # fmt: skip
_THINGS_EN = ("phone", "jacket", "shampoo", "headphones", "tea", "book", "kettle", "lamp", "shoes", "strings", "mug")
_TIMES_EN = ("yesterday", "last Wednesday", "this morning", "on March 5", "in November", "last month")
_PATTERNS_EN = (
    "I ordered the {thing} {time}.", "The {thing} arrived {time}", "I bought the {thing} for my mother {time}.",
    "When will the {thing} ship?", "Do you have the {thing} in black?", "I opened the box {time}",
    "I asked for an exchange {time}", "What size is the {thing}?", "This is the second {thing} I bought.",
    "I have used the {thing} once", "The {thing} came in a box with a manual.", "I paid by card {time}.",
    "Please change the address for the {thing}", "The {thing} is made of cotton and steel",
    "I will update this review after I use the {thing}.", "It is the size of a {thing}", "The {thing} is blue.",
    "I live in Leeds and the {thing} was sent to my office", "My brother uses the {thing} {time}",
)  # fmt: skip


def sentences(language: str) -> list[str]:
    """All the combinations, without doubles, in a fixed order; `language` is "zh" or "en"."""
    things, times, patterns = (
        (_THINGS_ZH, _TIMES_ZH, _PATTERNS_ZH) if language == "zh" else (_THINGS_EN, _TIMES_EN, _PATTERNS_EN)
    )
    made = (p.format(thing=thing, time=time) for p, thing, time in product(patterns, things, times))
    return list(dict.fromkeys(made))

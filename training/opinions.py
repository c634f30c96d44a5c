"""Short opinions written for training: one thing, one judgement. They teach single clauses, which reviews do not label.

A review that says "客服态度很好" is mostly a complaint about something else, so a model that learns from whole reviews
reads the clause as doubtful. Each list pairs what is judged with words that leave no doubt.
"""

from __future__ import annotations

from itertools import product

_GOOD_ZH = "很好 不错 非常好 挺好的 很满意 特别棒 很赞 没得说 超出预期 令人满意 很喜欢 挺不错的".split()
_BAD_ZH = "很差 太差了 不好 不行 很糟糕 让人失望 不满意 有问题 差劲 不怎么样 太烂了 不如以前".split()
_NAMED_ZH = "质量 物流 客服态度 服务 包装 味道 口感 价格 做工 外观 音质 屏幕 电池 续航 面料 尺码 效果 气味 手感 售后 款式 性能 颜色 拍照".split()
# what is judged | good | bad
_PAIRS_ZH = (
    "物流|很快 神速 隔天就到了 送货及时|太慢了 等了半个月 一直没到 迟迟不发货",
    "快递|很快 送货上门 很准时|太慢 乱放 不送上门 弄丢了",
    "客服|很耐心 回复很快 态度好 马上给我换了 解决了问题|不理人 态度恶劣 推诿 敷衍 一直不回复",
    "价格|便宜 实惠 划算 性价比高|太贵了 有点贵 虚高 不值 偏高",
    "包装|完好 精美 严实 很用心|破损 破了 简陋 压坏了 漏了",
    "衣服|舒服 合身 好看 不掉色|起球 掉色 缩水 太小了 线头多 有色差",
    "鞋子|舒服 合脚 轻便|磨脚 开胶 偏小 硬",
    "味道|好吃 香 新鲜 好喝|难吃 难喝 不新鲜 发苦 太甜了",
    "手机|流畅 好用 运行快|卡顿 发热 死机 老是重启",
    "电池|耐用 续航长|不耐用 掉电快 充不进电",
    "音质|清晰 好听 低音足|有杂音 刺耳 难听",
    "东西|好用 是正品 值得买 耐用|难用 是假货 坏了 用了几天就坏 不值得买",
    "屏幕|清晰 细腻|有坏点 漏光 偏黄",
    "东西|不差 不贵 没毛病 没有异味 没有色差 不卡 一点都不贵 没有破损 没让我失望|不值 不耐用 不合适 不正宗 不如图片 没有说的那么好",
    "气味|清香 好闻|刺鼻 难闻 味道太大",
)
_GOOD_EN = "is great|is excellent|was very good|is perfect|is better than I expected|is just right|was wonderful".split(
    "|"
)
_BAD_EN = "is terrible|is poor|was very bad|is not good|is disappointing|is worse than I expected|was awful".split("|")
_NAMED_EN = (
    "quality delivery service packaging taste price sound screen battery fabric fit color smell performance design "
    "camera food material customer_service comfort shipping".split()
)
_PAIRS_EN = (
    "delivery|was fast,came early,was on time,was quick|was slow,was late,never arrived,took three weeks",
    "the parcel|arrived quickly,was well packed|arrived damaged,was lost,came late",
    "customer service|was helpful,replied quickly,solved my problem,was friendly|was rude,never replied,was useless,ignored me",
    "the price|is fair,is a bargain,is worth it|is too high,is not worth it,is a rip off",
    "it|fits well,works well,is easy to use,is comfortable,feels sturdy,lasts long,tastes delicious,looks beautiful,smells nice,"
    "is worth every penny,holds up well,is fresh,is warm and soft|does not fit,stopped working,broke after a week,is too small,"
    "is itchy,feels flimsy,tastes stale,looks cheap,smells bad,is a waste of money,fell apart,faded after one wash,leaks,"
    "is a fake,is hard to use,died after a month,is scratchy and thin,overheats",
    "the battery|lasts all day,charges fast|drains fast,died,does not hold a charge",
    "the sound|is clear,is rich|is muffled,crackles,is tinny",
    "the zipper|works smoothly|is broken,is stuck,is flimsy",
    "it|is not bad,is not bad at all,has no smell,does not leak,is not too heavy,is not cheap looking,never lets me down|"
    "is not great,is not worth it,is not as described,is not what I ordered,was not fresh",
    "I|love it,would buy it again,recommend it,am very happy with it,am pleased|hate it,regret buying it,would not recommend it,"
    "want my money back,am very disappointed,sent it back",
)


def sentences(language: str) -> list[tuple[str, bool]]:
    """(text, whether it is good), without doubles, in a fixed order; `language` is "zh" or "en"."""
    made = _chinese() if language == "zh" else _english()
    return list(dict.fromkeys(made))


def _chinese() -> list[tuple[str, bool]]:
    made = [
        (name + word, good)
        for words, good in ((_GOOD_ZH, True), (_BAD_ZH, False))
        for name in _NAMED_ZH
        for word in words
    ]
    for line in _PAIRS_ZH:
        name, *sides = line.split("|")
        for side, good in zip(sides, (True, False), strict=True):
            made += [(f"{first}{word}", good) for first, word in product((name, f"{name}真的", ""), side.split())]
    return made


def _english() -> list[tuple[str, bool]]:
    named = [name.replace("_", " ") for name in _NAMED_EN]
    made = [
        (f"the {name} {word}", good)
        for words, good in ((_GOOD_EN, True), (_BAD_EN, False))
        for name in named
        for word in words
    ]
    for line in _PAIRS_EN:
        name, *sides = line.split("|")
        for side, good in zip(sides, (True, False), strict=True):
            made += [(f"{name} {word}", good) for word in side.split(",")]
    return made

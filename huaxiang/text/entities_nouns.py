"""What a tagger of shop titles takes for a product in a review and is none: how a thing is, not what it is.

Titles are nouns in a row; reviews are not. So of what the tagger finds in a text that is dropped which is made of adjectives
or stands right behind a word of degree (很, 太 …), and what every shop has and none sells (发票, 图片 …).
"""

from __future__ import annotations

import re

__all__ = ["is_no_thing"]

_DEGREE = (
    "很|太(?![阳空极妃婆])|挺|非常|特别|比较|有点儿?|有些|更加?|最|超级|超(?=ADJ)|好(?=ADJ)|真(?=ADJ)|老(?=ADJ)|不(?=ADJ)|偏|略|还|也|都|"
    "十分|相当|极其|巨(?=ADJ)|蛮|稍微"
)
_HOW = (
    "舒服 舒适 好看 漂亮 美观 难看 大方 大气 洋气 土气 老土 土 丑 糯 软 硬 轻便 轻巧 轻 重 薄 厚实 厚 暖和 保暖 凉快 清爽 油腻 滋润 干净 脏 卫生 结实 "
    "耐用 实用 好用 好吃 难吃 好喝 好闻 难闻 香甜 可口 酥脆 新鲜 鲜嫩 便宜 实惠 划算 昂贵 贵 值 方便 麻烦 简单 复杂 快捷 快 慢 精致 精美 精细 粗糙 细腻 "
    "光滑 顺滑 柔软 柔和 亲肤 透气 紧 松 宽松 肥 瘦 长 短 大 小 高 低 高档 高级 廉价 清晰 清楚 模糊 流畅 卡顿 响 吵 安静 静音 明亮 亮 暗 鲜艳 艳 "
    "可爱 时尚 时髦 百搭 满意 失望 喜欢 开心 无语 惊喜 后悔 完美 完好 一般 普通 不错 可以 合适 合身 合脚 贴心 耐心 用心 放心 担心 显瘦 显胖 显白 显黑 "
    "自在 牢固 稳固 稳 灵敏 锋利 均匀 浓郁 浓 淡 苦 酸 甜 辣 咸 臭 香 腻 正 旧 新 破 差 烂 棒 赞 强 弱 足 深 浅 怪 仙 美 好"
).split()
_NOT_SOLD = (
    "图片|照片|实物|发票|赠品|假货|正品|次品|差评|好评|客服|卖家|商家|店家|快递|物流|包裹|质量|颜色|尺码|尺寸|大小|价格|味道|气味|外观|款式|手感|"
    "做工|线头|瑕疵|链接|东西|宝贝|商品|产品|货|说明书|订单|评价|服务|态度|感觉|效果|问题|时间|朋友|家人"
)
_ADJ = "|".join(sorted(_HOW, key=len, reverse=True))
_ONE = re.compile(rf"(?:{_DEGREE.replace('ADJ', f'(?:{_ADJ})')})*(?:{_ADJ})+(?:的|了|极了|死了|些|点)*|{_NOT_SOLD}")
_BEHIND = re.compile(r"(?:很|太|挺|非常|特别|比较|更|最|超级|十分|相当)$")


def is_no_thing(line: str, start: int, end: int) -> bool:
    """Whether a span that a tagger calls a product says how a thing is, or names what no shop sells."""
    return _ONE.fullmatch(line, start, end) is not None or _BEHIND.search(line, max(0, start - 2), start) is not None

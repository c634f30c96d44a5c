"""What shoppers judge: aspects with their names and cue words in Chinese and English.

A cue is a word that names the aspect or implies it ("贵" implies the price). `*` at the end of an English cue stands for
any ending. Longer cues win, so "客服电话" is service although "电话" might be something else.
"""

from __future__ import annotations

import re
from typing import Final

# aspect: (zh name, en name, zh cues, en cues)
_TABLE: Final[dict[str, tuple[str, str, str, str]]] = {
    "delivery": (
        "物流", "delivery",
        "物流 快递 送货 发货 配送 到货 运费 送达 派送 快递员 顺丰 圆通 中通 韵达 申通 邮政 送到 寄到 收货 包邮 外卖员 骑手 送餐 迟到 没收到 还没到 次日达 隔天就到 送来",
        "deliver* shipping shipped shipment ship courier arriv* postage parcel dispatch* carrier fedex ups usps transit "
        "tracking in_the_mail came_early came_late on_time came_quickly",
    ),
    "quality": (
        "质量", "quality",
        "质量 品质 做工 质感 材质 用料 工艺 面料 布料 线头 瑕疵 次品 残次 粗糙 精致 结实 起球 掉色 褪色 脱线 开线 有问题 坏的 缩水 变形 掉毛 跑绒 钻绒",
        "quality well_made well-made poorly_made workmanship craftsmanship material* fabric defect* faulty flimsy sturdy "
        "solid cheaply_made build stitching pill* fad* shrank shrunk shrinks broken cracked flaw*",
    ),
    "price": (
        "价格", "price",
        "价格 价钱 价位 性价比 便宜 贵 实惠 划算 优惠 降价 涨价 折扣 打折 活动价 物超所值 物有所值 值这个价 不值 值得 差价 保价 多少钱 券 省钱",
        "price* pricing cost* cheap cheaper cheapest expensive value bargain afford* overpriced discount* deal worth money "
        "coupon* pricey dollars bucks inexpensive sale",
    ),
    "fit": (
        "尺码", "fit and size",
        "尺码 尺寸 大小 码数 偏大 偏小 合身 合脚 太大 太小 大了 小了 长了 短了 宽松 紧身 太紧 太松 修身 版型 肥 瘦 均码 穿不上 卡脚 码 正好",
        "size* sizing fit fits fitted fitting too_big too_small too_large too_tight too_loose tight loose runs_small "
        "runs_large narrow baggy oversized snug length sleeve* waist",
    ),
    "service": (
        "服务", "service",
        "服务 客服 态度 售后 店家 卖家 商家 老板 店员 前台 服务员 回复 不理人 沟通 咨询 客服电话 投诉 维修 耐心 敷衍 推诿",
        "service* support staff seller vendor representative* rep agent* respon* helpful rude polite waiter waitress "
        "customer_care helpdesk repl* apolog* manager",
    ),
    "packaging": (
        "包装", "packaging",
        "包装 盒子 箱子 纸箱 外盒 礼盒 泡沫箱 泡沫盒 泡沫板 泡沫垫 泡沫纸 气泡 压坏 压扁 破损 漏液 漏了 洒了 密封 封口 磕碰 摔坏 碎了",
        "packag* packed packing box boxes boxed wrap* bubble dented leaked leaking leaky sealed crushed gift_box "
        "arrived_broken envelope",
    ),
    "look": (
        "外观", "look",
        "外观 颜色 款式 样子 样式 好看 难看 漂亮 颜值 美观 时尚 大气 土气 丑 色差 图案 花色 设计 外形 黑色 白色 红色 蓝色 粉色 绿色 灰色 黄色 紫色 米色 气质 显瘦",
        "look looks looked looking color* colour* style* stylish design* beautiful ugly pretty gorgeous appearance cute "
        "pattern finish elegant shade attractive sleek red blue black white green pink grey gray navy purple",
    ),
    "battery": (
        "电池", "battery",
        "电池 续航 充电 电量 耗电 快充 充满 待机 掉电 没电 充电器 省电",
        "batter* charge charges charged charger* charging recharg* power_drain standby drains",
    ),
    "sound": (
        "音质", "sound",
        "音质 声音 音效 低音 高音 噪音 杂音 降噪 音量 喇叭 扬声器 听感 麦克风 好听 难听 静音 吵 电流声 响声",
        "sound* audio bass treble noise noisy volume loud quiet tone speaker* mic microphone hiss hum buzz* crackl* "
        "noise-cancelling noise_cancelling",
    ),
    "taste": (
        "口味", "taste",
        "口味 味道 好吃 难吃 好喝 难喝 口感 甜 酸 苦 辣 咸 香甜 美味 淡而无味 入味 鲜美 脆 软糯 奶味 不好吃 回甘",
        "taste* tasty tasting flavor* flavour* delicious bland yummy sweet sour bitter salty spicy food meal* dish*",
    ),
    "smell": (
        "气味", "smell",
        "气味 异味 味儿 刺鼻 难闻 好闻 香味 香气 臭 味大 塑料味 甲醛 霉味 香精 留香 有股味 有味道 有点味道 味道很大 味道好闻 很香 太香",
        "smell* odor* odour* scent* fragran* stink* stinks aroma perfume* chemical_smell reek*",
    ),
    "comfort": (
        "舒适", "comfort",
        "舒适 舒服 柔软 透气 软 硬邦邦 扎人 硌 闷热 亲肤 贴身 手感 保暖 暖和 磨脚 夹头 厚实 单薄 轻便 笨重 勒 不透气",
        "comfort* comfy soft softer softness itchy itch* scratchy breathable cozy cosy warm warmth rough heavy lightweight "
        "stiff rub* blister*",
    ),
    "durability": (
        "耐用", "durability",
        "耐用 耐穿 耐磨 用了没几天就坏 坏了 用不住 寿命 断了 掉了 裂了 裂开 开胶 用了几年 用了半年 没用多久 不经用 经用 报废 生锈 掉漆 掉皮",
        "durab* last lasts lasted lasting broke break breaks breaking died wore_out worn tear* tore fell_apart falls_apart "
        "stopped_working lifespan years long-lasting holds_up hold_up rusted rusty rusts chipped tarnish*",
    ),
    "screen": (
        "屏幕", "screen",
        "屏幕 屏 显示 分辨率 亮度 画质 画面 坏点 漏光 触屏 刷新率 清晰度 护眼",
        "screen* display* resolution brightness pixel* monitor touchscreen glare",
    ),
    "performance": (
        "性能", "performance",
        "性能 速度 运行 卡顿 卡机 死机 流畅 反应慢 发热 发烫 系统 信号 内存 处理器 配置 散热 开机 重启 蓝屏 闪退 效果 加热 制热 没效果 去屑 清洁 漏水 连接 断连 蓝牙 wifi",
        "performance perform* speed sluggish lag* laggy crash* freeze* froze responsive overheat* processor memory "
        "connect* bluetooth wifi signal works_well doesn't_work didn't_work effective software boot",
    ),
    "authenticity": (
        "正品", "authenticity",
        "正品 假货 真假 仿品 山寨 盗版 翻新 二手 假的 正版 防伪 真伪 冒牌 行货 水货 是真的 真货 高仿",
        "authentic* genuine fake* counterfeit* knockoff* knock-off* refurbished original used_one second-hand pirated",
    ),
    "ease_of_use": (
        "易用", "ease of use",
        "使用 操作 好用 难用 安装 方便 说明书 上手 简单 复杂 麻烦 顺手 设置 不会用 便捷 组装 不好用 不方便",
        "easy easier easily ease difficult hard_to install* instruction* manual setup set_up assemble* assembly "
        "convenient inconvenient user-friendly intuitive complicated simple confusing",
    ),
    "returns": (
        "退换", "returns",
        "退货 退款 换货 退换 退回 退了 退掉 无理由 退钱 换新 换了一个 要退 想退 退",
        "return returns returned returning refund* exchang* replac* sent_it_back send_it_back money_back sent_back",
    ),
    "freshness": (
        "新鲜", "freshness",
        "新鲜 过期 保质期 日期 生产日期 烂 坏果 烂果 发霉 变质 腐烂 水分 临期 不新鲜 熟透",
        "fresh freshness expire* expiry expiration stale rotten mold* mould* best_before spoiled spoilt moist",
    ),
    "description": (
        "描述相符", "as described",
        "描述 图片 实物 相符 不符 不一致 一样 货不对板 发错 少发 漏发 错发 少了 色差大 与图 和图",
        "described description pictured picture* photo* advertis* wrong_item wrong_colo* missing as_shown mislead*",
    ),
    "skin": (
        "温和", "gentleness",
        "过敏 刺激 温和 皮肤 头皮 头发 发痒 痒 红肿 敏感肌 头屑 掉发 掉头发 干涩 滋润 控油",
        "skin scalp hair allerg* irritat* rash sensitive gentle moistur* dry_out dandruff greasy oily",
    ),
    "camera": (
        "拍照", "camera",
        "拍照 相机 摄像头 像素 照相 夜拍 录像 镜头 前置 自拍 对焦",
        "camera* selfie* megapixel* lens lenses video focus zoom",
    ),
    "content": (
        "内容", "content",
        "内容 情节 剧情 故事 作者 文笔 翻译 印刷 纸张 插图 排版 演员 书 字体 错别字 导演",
        "story plot author writing translation chapters printed printing characters illustrations pages content well_written",
    ),
    "quantity": (
        "分量", "quantity",
        "分量 份量 数量 重量 斤 克重 够吃 太少 不够 缺斤少两 足量 净含量 个头",
        "quantity portion* amount weight ounces count fewer refill servings",
    ),
    "gift": (
        "送礼", "gifting",
        "送礼 礼物 送人 送给 贺卡 生日 送妈妈 送爸爸 送朋友 给妈妈买 给爸爸买 给孩子买",
        "gift gifts gifted present birthday christmas gift_card* for_my_mother for_my_wife for_my_husband",
    ),
    "environment": (
        "环境", "place",
        "环境 房间 卫生 位置 地段 隔音 早餐 交通 床 装修 设施 卫生间 干净 大堂",
        "room* location clean dirty ambience ambiance atmosphere decor breakfast hotel restaurant place",
    ),
}  # fmt: skip

ASPECTS: Final[dict[str, dict[str, str]]] = {name: {"zh": row[0], "en": row[1]} for name, row in _TABLE.items()}
"""Names to show, `ASPECTS["delivery"] == {"zh": "物流", "en": "delivery"}`."""

_AUDIO: Final = re.compile(
    r"耳机|耳麦|音箱|音响|回音壁|功放|麦克风|话筒|播放器|收音机|录音|唱机|唱片|喇叭|吉他|琴|架子鼓|笛子|"
    r"\b(?:head|ear)(?:phone|set|bud|pod)s?\b|speaker|sound ?bar|audio|amplifier|microphone|\bmics?\b|radio|recorder|"
    r"turntable|guitar|piano|violin|\bdrums?\b|\bflute|ukulele|music",
    re.IGNORECASE,
)
"""Products that are bought to be heard: noise there is bad sound."""
_SPEAKS: Final = re.compile(
    r"电视|手机|平板|电脑|笔记本|投影|显示器|手表|\btvs?\b|television|phone|tablet|laptop|computer|projector|monitor|watch",
    re.IGNORECASE,
)
"""Products that have a sound among other things."""
_NOISE: Final = re.compile(
    r"吵|噪|杂音|响声|异响|嗡|静音|\bnois|\bloud|\bhum(?:s|ming)?\b|\bbuzz|\brattl|\bwhin(?:e|es|ing)\b|\bsqueak",
    re.IGNORECASE,
)
_HEARD: Final[dict[str, dict[str, str]]] = {
    "noise": {"zh": "噪音", "en": "noise"}, "heard": {"zh": "声音", "en": "sound"}
}  # fmt: skip


def heard(aspect: str, words: str, product: str) -> str:
    """The aspect to show for what was said of a product's sound: a thing not bought to be heard makes noise.

    Args:
        aspect: as read; all but `sound` are returned as they are.
        words: what the customer wrote of it.
        product: the product's title and category, in any language.

    Returns:
        `sound` for what is bought to be heard; else `noise` where the words are of noise, and `heard` where they are
        not, unless the product has a sound among other things or is unknown.
    """
    if aspect != "sound" or _AUDIO.search(product):
        return aspect
    if _NOISE.search(words):
        return "noise"
    return "heard" if product.strip() and not _SPEAKS.search(product) else aspect


def name_of(aspect: str, language: str) -> str:
    """What to show for an aspect, also for one of `heard`; the aspect itself where it is unknown."""
    return (ASPECTS.get(aspect) or _HEARD.get(aspect) or {}).get(language, aspect)


def cues(language: str) -> list[tuple[str, str]]:
    """(cue, aspect) of "zh" or "en", longest cue first; `_` in the table is a blank."""
    column = 2 if language == "zh" else 3
    pairs = [(cue.replace("_", " "), name) for name, row in _TABLE.items() for cue in row[column].split()]
    return sorted(pairs, key=lambda pair: -len(pair[0]))

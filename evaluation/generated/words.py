"""What generated shops are made of, in both languages: names, towns, items, and how people write about them.

Every person, item and sentence is invented. Dates of reviews, amounts and who buys what come from the seed.
"""

from __future__ import annotations

from typing import NamedTuple

ZH_NAMES = (
    "宋知夏", "姚启明", "潘若溪", "戴云舟", "钟书白", "汪语桐", "崔景行", "贾明远", "邹清漪", "熊立春", "孟星河", "秦晚晴",
    "白沐辰", "江念慈", "史怀瑾", "顾南风", "侯以宁", "邵子墨", "龙嘉禾", "万思远", "段青禾", "雷一诺", "钱多米", "汤小满",
    "尹若兰", "黎向晚", "易凡生", "常乐山", "武秋实", "乔木森",
)  # fmt: skip
EN_NAMES = (
    "Imogen Ashdown", "Rupert Calloway", "Beatriz Fontana", "Desmond Kirby", "Yvonne Lockhart", "Casper Thorne", "Odette Marsh",
    "Lionel Pruitt", "Saskia Brandt", "Winston Hale", "Marguerite Dunn", "Otis Fairbairn", "Philippa Rowntree", "Hector Salinas",
    "Noreen Gallagher", "Jasper Quill", "Delphine Ward", "Barnaby Stokes", "Ingrid Halvorsen", "Cyrus Pembroke", "Roxanne Tully",
    "Silas Merrick", "Vivian Oduya", "Edmund Crane", "Paloma Reyes", "Gideon Sharpe", "Henrietta Vale", "Tobias Lindgren",
    "Ursula Beck", "Magnus Flint",
)  # fmt: skip
ZH_TOWNS = ("青岛", "苏州", "昆明", "厦门", "长沙", "哈尔滨", "贵阳", "宁波")
EN_TOWNS = ("Bristol", "Leeds", "Halifax", "Dunedin", "Savannah", "Tacoma", "Galway", "Hobart")
TWINS = {"zh": ("周子涵",), "en": ("Alison Grey",)}
"""Names that two customers of a shop share."""
NOBODY = {
    "zh": ("欧阳铁柱", "慕容晓晓", "司徒半夏", "诸葛小北"),
    "en": ("Bartholomew Finch", "Quentin Mallory", "Rosalind Yates", "Thaddeus Orr"),
}
HOMOPHONES = {
    "夏": "下", "明": "名", "溪": "西", "舟": "洲", "白": "柏", "桐": "童", "行": "形", "远": "院", "漪": "伊", "春": "椿", "河": "和",
    "晴": "情", "辰": "晨", "慈": "词", "瑾": "锦", "风": "峰", "宁": "凝", "墨": "默", "禾": "何", "诺": "糯", "米": "迷", "满": "慢",
    "兰": "岚", "晚": "婉", "生": "声", "山": "珊", "实": "石", "森": "深",
}  # fmt: skip


class Thing(NamedTuple):
    """An item: its key, titles, category, material (English) and price in yuan."""

    key: str
    zh: str
    en: str
    category: str
    material: str
    price: float


THINGS = (
    Thing("kettle", "竹影 温控电热壶", "Bamshade Variable Kettle", "home", "steel", 269.0),
    Thing("toaster", "竹影 双槽吐司机", "Bamshade Two-Slot Toaster", "home", "steel", 219.0),
    Thing("vacuum", "澄心 手持吸尘器", "Clearmind Handheld Vacuum", "home", "plastic", 499.0),
    Thing("duvet", "棉里 四季被", "Cottonfold Four-Season Duvet", "home", "cotton", 358.0),
    Thing("blanket", "棉里 盖毯", "Cottonfold Throw Blanket", "home", "wool", 188.0),
    Thing("earbuds", "回声 入耳式耳机 S2", "Echoa S2 Earbuds", "electronics", "plastic", 329.0),
    Thing("speaker", "回声 便携音箱", "Echoa Travel Speaker", "electronics", "plastic", 399.0),
    Thing("watch", "回声 运动手表", "Echoa Sports Watch", "electronics", "steel", 699.0),
    Thing("reader", "墨页 电子阅读器", "Inkleaf E-Reader", "electronics", "plastic", 899.0),
    Thing("charger", "墨页 三口充电器", "Inkleaf Three-Port Charger", "electronics", "plastic", 129.0),
    Thing("sweater", "北岭 圆领毛衣", "Northridge Crew Sweater", "clothing", "wool", 299.0),
    Thing("scarf", "北岭 长围巾", "Northridge Long Scarf", "clothing", "wool", 149.0),
    Thing("hoodie", "北岭 连帽卫衣", "Northridge Hoodie", "clothing", "cotton", 239.0),
    Thing("shirt", "素衣 牛津衬衫", "Plainwear Oxford Shirt", "clothing", "cotton", 199.0),
    Thing("linen", "素衣 亚麻长裤", "Plainwear Linen Trousers", "clothing", "linen", 259.0),
    Thing("raincoat", "北岭 轻便雨衣", "Northridge Packable Raincoat", "clothing", "nylon", 329.0),
    Thing("walnuts", "山果记 原味核桃仁", "Hillnut Plain Walnuts", "food", "", 68.0),
    Thing("granola", "山果记 烤燕麦", "Hillnut Baked Granola", "food", "", 45.0),
    Thing("oolong", "云上 冻顶乌龙", "Cloudtop Dongding Oolong", "food", "", 128.0),
    Thing("honey", "云上 荔枝蜜", "Cloudtop Lychee Honey", "food", "", 89.0),
    Thing("noodles", "云上 手工拉面", "Cloudtop Hand-Pulled Noodles", "food", "", 39.0),
    Thing("tent", "远足客 双人帐篷", "Farwalker Two-Person Tent", "outdoor", "nylon", 799.0),
    Thing("lantern", "远足客 营地灯", "Farwalker Camp Lantern", "outdoor", "plastic", 159.0),
    Thing("bottle", "远足客 保温瓶", "Farwalker Insulated Flask", "outdoor", "steel", 119.0),
    Thing("poles", "远足客 登山杖", "Farwalker Trekking Poles", "outdoor", "carbon", 349.0),
    Thing("cream", "润芽 保湿面霜", "Dewbud Moisture Cream", "beauty", "", 168.0),
    Thing("shampoo", "润芽 蓬松洗发水", "Dewbud Volume Shampoo", "beauty", "", 79.0),
    Thing("mat", "稳步 瑜伽垫", "Steadystep Yoga Mat", "sports", "rubber", 139.0),
    Thing("dumbbell", "稳步 可调哑铃", "Steadystep Adjustable Dumbbell", "sports", "steel", 459.0),
    Thing("rope", "稳步 计数跳绳", "Steadystep Counting Rope", "sports", "plastic", 59.0),
)
BY_KEY = {one.key: one for one in THINGS}
ASPECTS_OF = {
    "electronics": ("battery", "noise", "delivery", "price"),
    "home": ("noise", "quality", "delivery", "price"),
    "clothing": ("size", "colour", "quality", "delivery"),
    "food": ("taste", "packaging", "price", "delivery"),
    "outdoor": ("quality", "size", "delivery", "price"),
    "beauty": ("smell", "packaging", "price", "delivery"),
    "sports": ("quality", "smell", "delivery", "price"),
}
ASPECT_NAMES = {
    "battery": ("续航", "battery life"), "noise": ("噪音", "noise"), "delivery": ("物流", "delivery"), "price": ("价格", "price"),
    "quality": ("做工", "build quality"), "size": ("尺寸", "size"), "colour": ("颜色", "colour"), "taste": ("味道", "taste"),
    "packaging": ("包装", "packaging"), "smell": ("气味", "smell"),
}  # fmt: skip
MATERIALS = {"wool": "羊毛", "cotton": "棉", "nylon": "尼龙", "plastic": "塑料", "steel": "不锈钢", "linen": "亚麻"}
CATEGORIES = {
    "home": ("家居", "home"), "electronics": ("电子", "electronics"), "clothing": ("服装", "clothing"), "food": ("食品", "food"),
    "outdoor": ("户外", "outdoor"), "beauty": ("美妆", "beauty"), "sports": ("运动", "sports"),
}  # fmt: skip
CHANNELS = {
    "phone": ("电话", "phone"),
    "email": ("邮件", "email"),
    "sms": ("短信", "text message"),
    "wechat": ("微信", "WeChat"),
}


class Said(NamedTuple):
    """A sentence of a review, and the words of it that an answer must repeat."""

    text: str
    key: str


OPINIONS: dict[tuple[str, int, str], tuple[Said, ...]] = {
    ("battery", 1, "zh"): (Said("充一次电能顶九天，省心。", "九天"), Said("续航扎实，出差一周没带充电器。", "一周没带")),
    ("battery", -1, "zh"): (Said("半天就没电，得随身揣着充电宝。", "半天"), Said("电量掉得飞快，追两集剧就见底。", "见底")),
    ("battery", 1, "en"): (Said("One charge carried me through nine days.", "nine days"), Said("The battery outlasts my whole commute week.", "commute week")),
    ("battery", -1, "en"): (Said("The battery is flat by lunchtime.", "lunchtime"), Said("It needs a charge twice a day, which is absurd.", "twice a day")),
    ("noise", 1, "zh"): (Said("开着它孩子照样睡，几乎没声。", "几乎没声"), Said("静得我以为没通电。", "没通电")),
    ("noise", -1, "zh"): (Said("一开就像拖拉机，邻居都来敲门。", "拖拉机"), Said("嗡嗡响，放卧室根本没法用。", "嗡嗡")),
    ("noise", 1, "en"): (Said("So quiet that the baby slept through it.", "slept through"), Said("I had to check twice that it was on, it hums that softly.", "softly")),
    ("noise", -1, "en"): (Said("It screams like a jet engine.", "jet engine"), Said("The rattling can be heard two rooms away.", "rattling")),
    ("delivery", 1, "zh"): (Said("昨晚下单今早就到了。", "今早"), Said("快递小哥还帮忙搬上六楼。", "六楼")),
    ("delivery", -1, "zh"): (Said("等了整整十九天才收到。", "十九天"), Said("包裹被扔在雨里，箱子都泡烂了。", "泡烂")),
    ("delivery", 1, "en"): (Said("Ordered at night, on the doorstep by breakfast.", "breakfast"), Said("The courier even rang ahead.", "rang ahead")),
    ("delivery", -1, "en"): (Said("It took nineteen days to arrive.", "nineteen days"), Said("The parcel was left in a puddle.", "puddle")),
    ("price", 1, "zh"): (Said("这个价位挑不出毛病，比专柜便宜一半。", "便宜一半"), Said("用券之后跟白送一样。", "白送")),
    ("price", -1, "zh"): (Said("贵得离谱，同样的东西别家少一百。", "贵得离谱"), Said("刚买完就降价，气得不轻。", "降价")),
    ("price", 1, "en"): (Said("Half of what the high street asks.", "high street"), Said("With the voucher it was practically free.", "practically free")),
    ("price", -1, "en"): (Said("Wildly overpriced for what it is.", "overpriced"), Said("It dropped by a third the day after I paid.", "dropped by a third")),
    ("quality", 1, "zh"): (Said("接缝严丝合缝，拿着很有分量。", "严丝合缝"), Said("用了半年跟新的一样。", "跟新的一样")),
    ("quality", -1, "zh"): (Said("第三天卡扣就断了。", "卡扣"), Said("边角全是毛刺，差点划手。", "毛刺")),
    ("quality", 1, "en"): (Said("Every seam is dead straight.", "dead straight"), Said("Half a year on it still looks new.", "still looks new")),
    ("quality", -1, "en"): (Said("The clasp snapped on day three.", "clasp snapped"), Said("Sharp burrs all along the edge.", "burrs")),
    ("size", 1, "zh"): (Said("尺寸刚刚好，像量身定做。", "量身定做"), Said("收起来只有一本书大。", "一本书大")),
    ("size", -1, "zh"): (Said("比标的小了两圈，根本塞不进去。", "小了两圈"), Said("大得离谱，门都进不来。", "门都进不来")),
    ("size", 1, "en"): (Said("It fits as if made for me.", "made for me"), Said("Folds down to the size of a paperback.", "paperback")),
    ("size", -1, "en"): (Said("It runs two sizes small.", "two sizes small"), Said("Far too bulky for any cupboard.", "bulky")),
    ("colour", 1, "zh"): (Said("颜色跟图上一模一样，耐看。", "一模一样"), Said("墨绿里透点蓝，很高级。", "透点蓝")),
    ("colour", -1, "zh"): (Said("洗一次就掉色，白袜子全染了。", "掉色"), Said("图上是豆沙，到手是荧光粉。", "荧光粉")),
    ("colour", 1, "en"): (Said("Exactly the shade in the photo.", "shade in the photo"), Said("A deep green with a hint of blue.", "hint of blue")),
    ("colour", -1, "en"): (Said("The dye ran and ruined my socks.", "dye ran"), Said("Sold as dusty rose, arrived neon pink.", "neon pink")),
    ("taste", 1, "zh"): (Said("入口回甘，停不下来。", "回甘"), Said("不齁不腻，老人也爱吃。", "不齁不腻")),
    ("taste", -1, "zh"): (Said("一股哈喇味，全扔了。", "哈喇味"), Said("甜得发苦，咽不下去。", "甜得发苦")),
    ("taste", 1, "en"): (Said("A clean, sweet finish that keeps me coming back.", "sweet finish"), Said("Even my fussy grandfather asked for seconds.", "seconds")),
    ("taste", -1, "en"): (Said("It tasted rancid and went in the bin.", "rancid"), Said("Sickly sweet, I could not finish it.", "Sickly sweet")),
    ("packaging", 1, "zh"): (Said("里三层外三层，一点没磕着。", "里三层"), Said("盒子漂亮到舍不得扔。", "舍不得扔")),
    ("packaging", -1, "zh"): (Said("盖子没拧紧，漏了一箱。", "漏了一箱"), Said("袋子一撕就裂到底。", "裂到底")),
    ("packaging", 1, "en"): (Said("Wrapped in three layers, not a scratch.", "three layers"), Said("The box is too pretty to throw away.", "too pretty")),
    ("packaging", -1, "en"): (Said("The lid was loose and it leaked everywhere.", "leaked everywhere"), Said("The bag tore right down the side.", "tore right down")),
    ("smell", 1, "zh"): (Said("淡淡的橙花香，不冲。", "橙花香"), Said("打开没有一点异味。", "没有一点异味")),
    ("smell", -1, "zh"): (Said("胶皮味熏得头疼，晾了半个月还在。", "胶皮味"), Said("香精味太重，闻久了想吐。", "香精味")),
    ("smell", 1, "en"): (Said("A faint orange blossom, never too much.", "orange blossom"), Said("No odour at all out of the box.", "No odour")),
    ("smell", -1, "en"): (Said("It reeks of rubber even after two weeks outside.", "reeks of rubber"), Said("The perfume in it is headache-strong.", "headache-strong")),
}  # fmt: skip

"""Word lists of entities in both languages: what a word stands for is one English value (brands: the Chinese name)."""

from __future__ import annotations

COLOURS = {
    "black": "黑色 纯黑 曜石黑 哑光黑 black", "white": "白色 米白 奶白 纯白 乳白 white", "red": "红色 大红 酒红 枣红 砖红 玫红 朱红 暗红 red",
    "blue": "蓝色 天蓝 宝蓝 湖蓝 雾霾蓝 牛仔蓝 深蓝 浅蓝 淡蓝 blue", "navy": "藏青 藏蓝 navy", "green": "绿色 墨绿 军绿 草绿 果绿 深绿 浅绿 橄榄绿 green",
    "yellow": "黄色 鹅黄 明黄 浅黄 姜黄 yellow", "pink": "粉色 粉红 浅粉 藕粉 樱花粉 pink", "purple": "紫色 深紫 浅紫 香芋紫 purple violet",
    "grey": "灰色 深灰 浅灰 银灰 炭灰 grey gray", "brown": "棕色 咖啡色 咖色 褐色 深棕 浅棕 焦糖色 驼色 brown", "orange": "橙色 橘色 橘红 orange",
    "beige": "米色 杏色 裸色 奶茶色 beige", "khaki": "卡其 khaki", "gold": "金色 土豪金 香槟金 香槟色 golden", "rose gold": "玫瑰金 rose-gold",
    "silver": "银色 silver", "teal": "青色 teal", "turquoise": "turquoise", "burgundy": "勃艮第红 burgundy maroon", "ivory": "象牙白 ivory",
    "transparent": "透明色 透明款", "multicolour": "彩色 multicolor multicolour multicolored multicoloured",
}  # fmt: skip
PLAIN_COLOURS = {"黑": "black", "白": "white", "红": "red", "蓝": "blue", "绿": "green", "黄": "yellow", "粉": "pink", "紫": "purple", "灰": "grey"}  # fmt: skip
"""Single characters, which are colours in "要黑的" and not in 黑心."""

MATERIALS = {
    "cotton": "纯棉 全棉 棉质 精梳棉 长绒棉 cotton", "cotton and linen": "棉麻", "wool": "羊毛 羊绒 wool cashmere merino",
    "leather": "真皮 头层牛皮 牛皮 羊皮 皮质 leather", "faux leather": "PU皮 pu皮 人造革 仿皮 faux-leather vegan-leather", "suede": "麂皮 suede",
    "silk": "真丝 丝绸 桑蚕丝 silk", "linen": "亚麻 linen", "polyester": "聚酯纤维 涤纶 化纤 polyester", "nylon": "尼龙 锦纶 nylon spandex",
    "down": "羽绒 白鸭绒 白鹅绒 鸭绒 鹅绒 goose-down duck-down", "latex": "乳胶 latex", "steel": "不锈钢 stainless-steel steel",
    "wood": "实木 原木 竹木 wooden", "oak": "橡木 oak", "bamboo": "竹子 竹制 bamboo", "ceramic": "陶瓷 ceramic porcelain", "glass": "玻璃 glass",
    "plastic": "塑料 plastic", "silicone": "硅胶 silicone", "denim": "牛仔布 denim", "fleece": "珊瑚绒 摇粒绒 法兰绒 fleece", "canvas": "帆布 canvas",
    "velvet": "天鹅绒 丝绒 velvet", "corduroy": "灯芯绒 corduroy", "chiffon": "雪纺 chiffon", "lace": "蕾丝", "satin": "缎面 satin", "rubber": "橡胶 rubber",
    "acrylic": "亚克力 acrylic", "aluminium": "铝合金 aluminium aluminum", "titanium": "钛合金 纯钛 titanium", "alloy": "锌合金", "iron": "铸铁 cast-iron",
    "carbon fibre": "碳纤维 carbon-fiber carbon-fibre", "brass": "黄铜 brass", "copper": "纯铜 copper", "sterling silver": "纯银 925银 sterling-silver",
    "marble": "大理石 marble", "modal": "莫代尔 modal", "tencel": "天丝 tencel", "microfibre": "超细纤维 microfiber microfibre", "mesh": "网眼布 mesh",
}  # fmt: skip

PEOPLE = {
    "mother": "妈妈 母亲 老妈 我妈 麻麻 婆婆 丈母娘 岳母 mother mom mum mommy mummy mother-in-law", "father": "爸爸 父亲 老爸 我爸 公公 岳父 father dad daddy father-in-law",
    "wife": "老婆 妻子 媳妇 太太 wife", "husband": "老公 丈夫 我先生 husband hubby", "son": "儿子 son", "daughter": "女儿 闺女 daughter",
    "child": "孩子 小孩 小朋友 宝宝 娃 kid kids child children baby toddler", "grandmother": "奶奶 外婆 姥姥 grandma grandmother granny nana",
    "grandfather": "爷爷 外公 姥爷 grandpa grandfather", "grandchild": "孙子 孙女 外孙 外孙女 grandson granddaughter grandkids grandchild grandchildren",
    "girlfriend": "女朋友 女友 girlfriend", "boyfriend": "男朋友 男友 boyfriend", "partner": "爱人 对象 partner fiance fiancee",
    "friend": "朋友 闺蜜 friend", "colleague": "同事 领导 colleague boss coworker", "sister": "姐姐 妹妹 表妹 表姐 sister",
    "brother": "哥哥 弟弟 表弟 表哥 brother", "parents": "父母 爸妈 parents", "nephew": "侄子 外甥 nephew", "niece": "侄女 外甥女 niece",
    "elder": "老人 长辈 家里老人", "roommate": "室友 roommate", "classmate": "同学 classmate", "aunt": "阿姨 姑姑 aunt", "uncle": "叔叔 舅舅 uncle",
    "cousin": "cousin", "family": "家人 family", "teacher": "老师 teacher", "self": "自己 myself",
}  # fmt: skip
DISTANT = frozenset("friend colleague teacher classmate roommate elder uncle aunt self".split())
"""Of these people nothing follows from what they say of an item."""

CITIES = (
    "北京 上海 广州 深圳 杭州 成都 重庆 武汉 西安 南京 苏州 天津 长沙 郑州 青岛 大连 厦门 宁波 沈阳 昆明 哈尔滨 合肥 福州 济南 东莞 佛山 无锡 贵阳 南宁 "
    "兰州 西宁 银川 长春 南昌 石家庄 太原 呼和浩特 乌鲁木齐 拉萨 海口 三亚 珠海 惠州 温州 绍兴 嘉兴 义乌 常州 南通 徐州 扬州 烟台 潍坊 泉州 桂林 洛阳 "
    "新疆 西藏 内蒙古 云南 贵州 广西 甘肃 青海 宁夏 吉林 黑龙江 辽宁 安徽 江西 广东 浙江 江苏 四川 湖北 湖南 河南 河北 山东 山西 陕西 福建 海南 "
    "香港 澳门 台湾 台北"
).split()  # fmt: skip
ABROAD = (
    "东京 大阪 首尔 曼谷 新加坡 伦敦 纽约 巴黎 柏林 悉尼 洛杉矶 旧金山 美国 英国 日本 韩国 德国 法国 意大利 澳大利亚 新西兰 加拿大 泰国 驿站 快递柜 菜鸟驿站 丰巢 "
    "Beijing Shanghai Guangzhou Shenzhen Hangzhou Chengdu Hong-Kong Taipei London Manchester Birmingham Edinburgh Glasgow Dublin Paris Berlin "
    "Munich Amsterdam Madrid Barcelona Rome Milan Vienna Zurich Moscow Tokyo Osaka Seoul Bangkok Singapore Dubai Mumbai Delhi Sydney Melbourne "
    "Auckland Toronto Vancouver Montreal Chicago Boston New-York Los-Angeles San-Francisco San-Diego Las-Vegas Seattle Miami Houston Dallas "
    "Austin Denver Atlanta Philadelphia Detroit Portland Washington Texas California Florida Ohio Michigan Arizona Colorado Oregon Virginia "
    "Pennsylvania Illinois Massachusetts New-Jersey Hawaii Alaska Canada Australia New-Zealand Germany France Spain Italy Netherlands "
    "Switzerland Sweden Norway Denmark Finland Poland Austria Belgium Portugal Greece Russia India Japan South-Korea Korea Thailand Vietnam "
    "Malaysia Mexico Brazil England Scotland Wales Ireland China"
).split()  # fmt: skip

BRANDS = tuple(
    tuple(line.split("/"))
    for line in (
        "华为/huawei 小米/xiaomi/redmi/红米 苹果/apple/iphone/ipad/macbook 三星/samsung 联想/lenovo/thinkpad 索尼/sony 耐克/nike 阿迪达斯/阿迪/adidas "
        "优衣库/uniqlo 雅马哈/yamaha 飞利浦/philips 佳能/canon 尼康/nikon 戴森/dyson 欧莱雅/l'oreal/loreal/l'oréal 雀巢/nestle/nestlé/nescafe 宜家/ikea "
        "安踏/anta 李宁/li-ning 海尔/haier 松下/panasonic 西门子/siemens 博世/bosch 美的/midea 格力/gree 惠普/hewlett-packard 戴尔/dell 华硕/asus 宏碁/acer "
        "罗技/logitech 博士/bose 森海塞尔/sennheiser 漫步者/edifier 微软/microsoft 英特尔/intel 彪马/puma 新百伦/new-balance 斯凯奇/skechers 匡威/converse "
        "北面/the-north-face 始祖鸟/arc'teryx 哥伦比亚/columbia 迪卡侬/decathlon 兰蔻/lancome/lancôme 雅诗兰黛/estee-lauder/estée-lauder 资生堂/shiseido "
        "玉兰油/olay 妮维雅/nivea 多芬/dove 帮宝适/pampers 花王/kao 乐高/lego 星巴克/starbucks 可口可乐/coca-cola 百事/pepsi 芬达/fender 吉普森/gibson "
        "科沃斯/ecovacs 石头科技/roborock 大疆/dji 安克/anker 倍思/baseus 一加/oneplus 荣耀/honor 谷歌/google 亚马逊/amazon"
    ).split()
)
"""A brand's names, the one it is called by first; a dash stands for a blank as well."""

UNSURE = frozenset(
    "苹果 apple 小米 联想 三星 美的 博士 芬达 dove olay converse columbia 哥伦比亚 honor 荣耀 gree kao 百事 北面 花王 fender acer amazon "
    "亚马逊 dell google 谷歌".split()
)
"""Names that are words as well: brands only beside a thing of the brand (`BESIDE`), unless the shop's catalogue has them."""
BESIDE = (
    "手机|电脑|平板|耳机|音箱|音响|充电|屏|电池|系统|笔记本|手表|手环|数据线|电视|路由|冰箱|空调|洗衣机|风扇|鼠标|键盘|吉他|沐浴|洗发|香皂|面霜|护肤|冲锋衣|跑鞋|运动鞋|"
    "官网|旗舰|专柜|品牌|牌子|正品|phone|laptop|notebook|tablet|watch|charger|screen|battery|headphone|earbud|airpods|macbook|speaker|monitor|"
    "guitar|amp\\b|strap|shampoo|soap|lotion|jacket|shoes|sneakers|store|brand|kindle|pixel|android|ios\\b"
)  # fmt: skip

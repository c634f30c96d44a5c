"""Colour, size, material, price, person, place and date by patterns, Chinese and English side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COLOURS = {
    "black": "黑色 黑 black", "white": "白色 米白 white", "red": "红色 大红 酒红 red", "blue": "蓝色 天蓝 藏青 深蓝 blue navy",
    "green": "绿色 墨绿 军绿 green", "yellow": "黄色 yellow", "pink": "粉色 粉红 pink", "purple": "紫色 purple",
    "grey": "灰色 深灰 浅灰 grey gray", "brown": "棕色 咖啡色 褐色 brown", "orange": "橙色 橘色 orange",
    "beige": "米色 杏色 beige", "khaki": "卡其 卡其色 khaki", "gold": "金色 golden", "silver": "银色 silver",
}  # fmt: skip
_MATERIALS = {
    "cotton": "纯棉 全棉 棉质 cotton", "wool": "羊毛 羊绒 wool cashmere", "leather": "真皮 牛皮 皮质 leather", "silk": "真丝 丝绸 silk",
    "linen": "亚麻 linen", "polyester": "聚酯纤维 涤纶 化纤 polyester", "nylon": "尼龙 锦纶 nylon", "down": "羽绒 鸭绒 鹅绒 goose-down",
    "latex": "乳胶 latex", "steel": "不锈钢 stainless-steel steel", "wood": "实木 竹木 wooden", "ceramic": "陶瓷 ceramic",
    "glass": "玻璃 glass", "plastic": "塑料 plastic", "silicone": "硅胶 silicone", "denim": "牛仔布 denim", "fleece": "珊瑚绒 摇粒绒 fleece",
}  # fmt: skip
_PEOPLE = {
    "mother": "妈妈 母亲 老妈 我妈 婆婆 丈母娘 mother mom mum", "father": "爸爸 父亲 老爸 我爸 公公 岳父 father dad",
    "wife": "老婆 妻子 媳妇 wife", "husband": "老公 丈夫 husband", "son": "儿子 son", "daughter": "女儿 闺女 daughter",
    "child": "孩子 小孩 宝宝 娃 kid kids child children baby toddler", "grandmother": "奶奶 外婆 姥姥 grandma grandmother",
    "grandfather": "爷爷 外公 姥爷 grandpa grandfather", "girlfriend": "女朋友 女友 girlfriend", "boyfriend": "男朋友 男友 boyfriend",
    "friend": "朋友 闺蜜 friend", "colleague": "同事 领导 colleague boss coworker", "sister": "姐姐 妹妹 sister",
    "brother": "哥哥 弟弟 brother", "parents": "父母 爸妈 parents", "teacher": "老师 teacher", "self": "自己 myself",
}  # fmt: skip
_PLACES = (
    "北京 上海 广州 深圳 杭州 成都 重庆 武汉 西安 南京 苏州 天津 长沙 郑州 青岛 大连 厦门 宁波 沈阳 昆明 哈尔滨 合肥 福州 济南 东莞 佛山 无锡 "
    "新疆 西藏 内蒙古 云南 广东 浙江 江苏 四川 湖北 湖南 河南 河北 山东 山西 陕西 福建 海南 香港 澳门 台湾 台北 东京 伦敦 纽约 巴黎 "
    "Beijing Shanghai Guangzhou Shenzhen Hong-Kong Taipei London Paris Berlin Tokyo Singapore Sydney Toronto Chicago Boston "
    "New-York Los-Angeles San-Francisco Seattle Texas California Florida Canada Australia Germany France Japan China "
    "驿站 快递柜 菜鸟驿站 公司 办公室 学校 宿舍"
).split()  # fmt: skip


def _words(table: dict[str, str]) -> tuple[re.Pattern[str], dict[str, str]]:
    values = {word.replace("-", " ").lower(): value for value, words in table.items() for word in words.split()}
    return _any(values), values


def _any(words: Iterator[str] | dict[str, str] | list[str]) -> re.Pattern[str]:
    ordered = sorted(words, key=len, reverse=True)
    latin = "|".join(re.escape(word) for word in ordered if word.isascii())
    other = "|".join(re.escape(word) for word in ordered if not word.isascii())
    return re.compile(rf"(?:{other})|(?<![a-z])(?:{latin})(?![a-z])", re.IGNORECASE)


_COLOUR, _COLOUR_OF = _words(_COLOURS)
_MATERIAL, _MATERIAL_OF = _words(_MATERIALS)
_PERSON, _PERSON_OF = _words(_PEOPLE)
_PLACE = _any([place.replace("-", " ") for place in _PLACES])
_GIVE = re.compile(r"(?:给|送给?|替|帮|为)(?:我的?|咱们?的?|他的?|她的?|家里的?)?$|\bfor (?:(?:my|our|his|her|their|the|a) )?(?:\w+ )?$", re.I)  # fmt: skip
_SIZE = re.compile(
    r"(?<![A-Za-z0-9])(?:[2-6]?XL|XXXL|XXL|XS|[SML])(?:码|号)(?![A-Za-z])|(?<![A-Za-z0-9])(?:[2-6]XL|XXXL|XXL|XL|XS)(?![A-Za-z0-9])"
    r"|(?<![\d.])(?:3[4-9]|4[0-8])(?:\.5)? ?(?:码|号)|(?:大|中|小|均|加大)码|\bsizes? (?:\d{1,2}(?:\.5)?|[SMLX]{1,4})(?!\w)"
    r"|\b(?:small|medium|large|extra large)\b(?= size)|(?<![\d.])\d+(?:\.\d+)? ?(?:cm|厘米|英寸|寸|inch(?:es)?|ml|毫升|升|kg|公斤|斤)(?![A-Za-z])",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"(?P<sign>[¥￥$€£]) ?(?P<a>\d[\d,]*(?:\.\d{1,2})?)"
    r"|(?P<b>\d[\d,]*(?:\.\d{1,2})?) ?(?P<unit>元|块钱?|人民币|rmb|cny|usd|dollars?|bucks|美元|美金|欧元|eur|euros?|英镑|pounds?)(?![A-Za-z])",
    re.IGNORECASE,
)
_CURRENCY = {
    "¥": "CNY", "￥": "CNY", "$": "USD", "€": "EUR", "£": "GBP", "元": "CNY", "块": "CNY", "块钱": "CNY", "人民币": "CNY", "rmb": "CNY",
    "cny": "CNY", "usd": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD", "美元": "USD", "美金": "USD", "欧元": "EUR",
    "eur": "EUR", "euro": "EUR", "euros": "EUR", "英镑": "GBP", "pound": "GBP", "pounds": "GBP",
}  # fmt: skip
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_DATE = re.compile(
    r"(?<!\d)\d{4}[-/.年] ?\d{1,2}(?:[-/.月] ?\d{1,2}[日号]?|月)|(?<!\d)\d{1,2}月\d{1,2}[日号]?|(?<!\d)\d{1,2}月份?(?!\d)"
    r"|(?:(?:上|这|下)?(?:周|星期)[一二三四五六日天]|前天|昨天|今天|明天|后天|大后天|上周|这周|本周|下周|上个?月|这个月|下个?月|去年|今年|明年|周末|双十一|双11|618|春节|中秋节?|圣诞节?|母亲节|父亲节|情人节|国庆节?)"
    rf"|\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?\b|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?: \d{{4}})?\b"
    r"|\b(?:yesterday|today|tomorrow|tonight|(?:last|this|next) (?:week|month|year|weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(?:on )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|christmas|black friday|mother's day|father's day|valentine's day|easter|thanksgiving)\b",
    re.IGNORECASE,
)


def found_by_pattern(text: str, line: str) -> Iterator[tuple[str, int, int, str]]:
    """(kind, start, end, value) of what the patterns find; spans of different kinds may overlap.

    Args:
        text: as it was written.
        line: the same in the spelling of `entities_features.plain`, character for character.
    """
    for kind, pattern, values in (("colour", _COLOUR, _COLOUR_OF), ("material", _MATERIAL, _MATERIAL_OF)):
        for found in pattern.finditer(line):
            yield kind, *found.span(), values[found.group()]
    for found in _PERSON.finditer(line):
        if _GIVE.search(line[max(0, found.start() - 24) : found.start()]):
            yield "person", *found.span(), _PERSON_OF[found.group()]
    for found in _PLACE.finditer(line):
        yield "place", *found.span(), text[found.start() : found.end()]
    for found in _SIZE.finditer(line):
        yield "size", *found.span(), found.group().upper()
    for found in _DATE.finditer(line):
        yield "date", *found.span(), found.group()
    for found in _PRICE.finditer(line):
        amount = found.group("a") or found.group("b")
        currency = _CURRENCY[(found.group("sign") or found.group("unit")).lower()]
        yield "price", *found.span(), f"{currency} {float(amount.replace(',', '')):.2f}"

"""Words that only begin like a value: cat food is no cat, a phone's case no phone, 咖啡色 and 咖啡机 no coffee."""

from __future__ import annotations

import re

_ACCESSORY = r"case|cover|charger|charging|cable|cord|stand|strap|straps|band|bag|box|sleeve|stylus|pen|screen|screen protector|protector|battery|keyboard|mouse|dock|adapter|app|game|games|controller|liner|liners|basket|beans|lens|tripod"
_KIT = r"shoes?|boots?|gear|mat|mats|pants|leggings|bag|strap|straps|strings?|picks?|stand|case|books?|magazine|rod|bike|helmet|jersey|shorts|top|machine|watch|socks|pole|poles|tent|needles|yarn|pan|tin|tray"
_HEADS: dict[str, tuple[str, str]] = {
    "pets": (
        r"的?(?:粮|砂|沙|窝|包|爬架|抓|碗|盆|薄荷|罐|条|草|玩具|牵|食|笼|药|零食|饼|眼|衣|厕|垫|树|床|绳|链|毛|牌)",
        r"food|foods|litter|bowl|bed|beds|toys?|treats?|leash|lead|collar|tree|carrier|cage|tank|hair|door|tag|harness|bath|sauce|oil|house|crate|feeder|fountain",
    ),
    "devices": (
        r"的?(?:壳|套|膜|线|充电|充值|笔|支架|表带|表链|包|键盘|鼠标|配件|保护|屏|电池|耳机|适配|底座|贴|卡带|游戏|手柄|滤|清洁|架|盒|盖|镜头|豆|粉)",
        _ACCESSORY,
    ),
    "hobbies": (
        r"的?(?:鞋|垫|服|衣|裤|机|弦|包|杆|线|台|架|车|帐|装备|用品|书|杂志|音乐|节目|拨片|颜料|布|帽|表|袜|刀|盘|模|灯|架子|神器|手柄|卡|光盘|耳机|鼠标|键盘|电脑|椅|本)",
        _KIT,
    ),
    "foods": (r"(?:色|机|杯|壶|具|渍|桌|店|厅|馆|几|勺|罐子|碱)", r"machines?|makers?|mugs?|cups?|pots?|tables?|shops?|grinders?|brown|stains?"),
    "ingredients": (r"(?:湿巾|棉片|棉片|灯|色|奶锅|奶粉罐|皮)", r"wipes?|pads?|swabs?|free|dish|pan|bowl|cups?|jug"),
    "scents": (r"(?:色|花茶|金)", r"gold|pink|garden|bush"),
    "tastes": (r"(?:度|品店)", r"spot"),
    "materials": (r"(?:洗涤剂|洗衣液|洗液|刷|梳|棒|签|衣架)", r"wash|detergent|comb|brush|swabs?|buds?"),
    "colors": (r"的?(?:茶|酒(?!红)|咖啡|花)", r"tea|wine|coffee|chocolate|bull|pepper|beans?"),
}  # fmt: skip
_FOLLOWS = {
    name: re.compile(rf"{zh}|(?:['’]s)?[ -](?:{en})\b|['’]s (?!gone\b|dead\b|died\b|passed\b|been\b|not\b|no\b|now\b|lost\b|broken\b)[a-z]", re.IGNORECASE)
    for name, (zh, en) in _HEADS.items()
}  # fmt: skip

_BEFORE = {"pets": re.compile(r"(?:三文|金枪|鳕|鱿|章|带|鳗|鲈|草|鲫|鲤|咸|烤|炸|生|水煮|酸菜|吃|单身)$")}


def is_last_part(text: str, start: int, vocabulary: str) -> bool:
    """Whether the value of this vocabulary that begins at `start` only ends another thing's name: 三文鱼, 单身狗."""
    before = _BEFORE.get(vocabulary)
    return before is not None and before.search(text, max(0, start - 3), start) is not None


def is_compound(text: str, end: int, vocabulary: str) -> bool:
    """Whether the value of this vocabulary that ends at `end` is only the first part of another thing's name."""
    follows = _FOLLOWS.get(vocabulary)
    return follows is not None and follows.match(text, end) is not None

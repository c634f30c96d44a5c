"""Words that carry meaning for answers: what a field's answer must contain, orders to the assistant, changes, synonyms."""

from __future__ import annotations

import re

from huaxiang.ledger import reading

BREEDS = (
    r"品种|金毛|柴犬|边牧|柯基|泰迪|贵宾|拉布拉多|哈士奇|比格|法斗|博美|吉娃娃|雪纳瑞|萨摩|阿拉斯加|德牧|布偶|英短|美短|暹罗|橘猫|缅因|波斯|三花|狸花"
    r"|\b(?:beagle|corgi|labrador|retriever|husky|greyhound|collie|terrier|poodle|pug|dachshund|shiba|mutt|spaniel|bulldog|boxer|chihuahua|hound|schnauzer"
    r"|shepherd|tabby|siamese|ragdoll|calico|tuxedo|maine coon|persian|shorthair)s?\b"
)
"""Breeds of dogs and cats."""

FIELD_PATTERNS: dict[str, str] = {
    "shoe_size": r"\b\d{1,2}(?:\.5)? fits?\b|\bfits? (?:like|as) an? \d{1,2}\b|\d{2}(?:\.5)?\s*码|\b(?:US|EU|UK)\s*\d+|\bsize\s*\d+|\d+(?:\.5)?\s*(?:wide|narrow)|\b\d{2}(?:\.5)?\b.{0,6}(?:shoe|boot|sneaker)|(?:shoe|boot|sneaker).{0,30}\b\d{1,2}\b|鞋.{0,12}\d{2}|\d{2}.{0,8}鞋",
    "clothing_size": r"(?<![A-Za-z])(?:XXX?L|[2-5]XL|XXS|XS|XL|S|M|L)(?![A-Za-z])(?=\s*[码号]|.{0,20}(?:码|号|合身|正好|刚好|size|fit|fits|wear))|(?:穿|码|size|fits?|wear).{0,18}(?<![A-Za-z'’])(?:XXX?L|[2-5]XL|XXS|XS|XL|S|M|L)(?![A-Za-z'’])|\b(?:small|medium|large)\b|[一二三四五六七八九\d]{2,3}\s*[码号](?!线)",
    "budget_minor": r"预算|不超过|以内|以下|最多.{0,6}\d|budget|at most|no more than|under \$?\d|up to \$?\d|max(?:imum)?\b.{0,10}\d|\$\d+.{0,20}(?:cap|limit|tops|max)",
    "has_pet": r"(?:我家|我们?家?|咱|俺|家里|养了?|收养|[一二两三俩\d][只条]).{0,8}(?:猫|狗|犬|兔|鹦鹉|仓鼠|乌龟|金鱼|喵|汪)|(?:猫|狗|柴犬|金毛|边牧|泰迪|柯基)(?:子|狗|咪|主子)?(?:很|超|特别|最|不|都|爱|喜欢|吃|喝|用|睡|玩|认|拉|掉毛)|\b(?:my|our|have|has|had|got|own|owns|adopted|rescued?|two|three|old|little)\s+(?:[\w'’-]+\s+){0,3}(?:cats?|dogs?|kittens?|pupp(?:y|ies)|beagle|rabbits?|parrot|hamster|fish|pup|hound|terrier|retriever|poodle|corgi|shiba)\b(?!-)|\b(?:the|both) (?:cats?|dogs?|beagle|kittens?|puppy)\b|\b\w+ is (?:an?|our|my) (?:\w+ ){0,2}(?:dog|cat|puppy|kitten|"
    + BREEDS[BREEDS.index("beagle") :],
    "favourite_color": r"(?:喜欢|最爱|偏爱|钟爱|只(?:买|穿|用)|本命|favou?rite|love|prefer|adore|always (?:buy|wear|pick|choose)).{0,24}(?:[黑白红橙黄绿蓝紫粉灰棕青金银]|black|white|red|orange|yellow|green|blue|purple|pink|gr[ea]y|brown|teal|navy|beige)|(?:[黑白红橙黄绿蓝紫粉灰棕青]色?|black|white|red|orange|yellow|green|blue|purple|pink|gr[ea]y|brown|teal|navy|beige).{0,16}(?:最爱|本命|控|is my|favou?rite|forever)",
    "price_sensitive": r"便宜|划算|贵|打折|优惠|券|省|cheap|expensive|bargain|discount|deal|sale|price",
    "prefers_contact": r"(?:打|发|加)?(?:电话|短信|微信|邮件|邮箱)|联系|\b(?:e-?mail|text|sms|phone|call|whatsapp|contact|reach)\b",
    "prefers_delivery": r"驿站|快递柜|丰巢|门口|前台|门卫|自提|便利店|送货|上门|晚上|工作日|放在?|locker|doorstep|porch|concierge|reception|after \d|deliver|leave (?:it|them|parcels)|neighbou?r",
    "hobby": r"爱好|喜欢|迷|钓|跑步|骑|爬山|徒步|露营|瑜伽|摄影|画|弹|练|打球|健身|hik|run(?:ning|s)?\b|cycl|bik|climb|camp|fish|paint|yoga|garden|podcast|guitar|photo|knit|swim|gym|train",
    "owns_device": r"手机|iphone|ipad|华为|小米|mate|pixel|galaxy|macbook|电脑|平板|相机|kindle|switch|android|laptop|phone|tablet|camera",
}
"""What an answer to a field must contain, where the pack's vocabulary does not say it."""


ORDERS = re.compile(
    r"忽略.{0,10}(指令|提示|要求|规则)|请(回答|输出|回复|告诉)[::“\"：]|(AI|助手|机器人|模型|系统).{0,6}(必须|应该|要)(回答|说|告诉|标记|写)|你(必须|应该)(回答|标记|写)|系统提示|把(我|他|她|该顾客).{0,8}(标记|设)(成|为)"
    r"|(写|记|录|存|备注)(入|进|到|在).{0,6}(档案|画像|系统|资料)|(档案|画像|系统)(里|中)(写|记|录|加)|(备注|系统)[:：].{0,8}(该|本|此)(客户|顾客|用户)|照此(回答|执行|处理|办)"
    r"|\b(write|enter|put|record|note|add|save)\b.{0,16}\b(in|into|to|on) (the|this|my|your) (profile|record|file|system|database)\b|\b(note|notice|memo)\s*:.{0,60}\b(this|the) (client|customer|user|account)\b|\banswer accordingly\b|\breply accordingly\b"
    r"|</?\s*(assistant|system|user|review|instructions?|tool)\s*/?>|<\|[^|]{1,20}\|>|\brecommend (product |item )?\S+ to (everyone|everybody|all)\b"
    r"|\bSYSTEM\s*[:：]|you are now (the|an?)\b|\bnew instructions?:|(ignore|disregard) (all |any |the |your |of |these )*(previous|prior|above|earlier|instructions|rules|prompts?)\b|system prompt"
    r"|(^|[.!?]\s)(assistant|ai|bot|llm)[,:]|you (must|should|are to) (say|answer|reply|tell|state|mark)|(say|state|report|answer) that this (customer|user)|mark (me|this customer|this user) as",
    re.IGNORECASE,
)


def gives_orders(text: str) -> bool:
    """Whether a text gives the assistant orders: then it says nothing of the customer and is not quoted."""
    return bool(ORDERS.search(text)) or reading.is_instruction(text, reading.Span(0, len(text)))


_PERSONAL = re.compile(
    r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)\d{3}[- .]\d{3,4}[- .]\d{4}(?!\d)|[\w.+-]+@[\w-]+\.\w+|[路街巷弄道]\s*\d+\s*号|\d+\s*(号楼|栋|单元|室)"
    r"|\b\d{1,5} [A-Z][a-z]+(?: [A-Z][a-z]+)? (?:Street|St|Lane|Ln|Road|Rd|Avenue|Ave|Drive|Dr|Court|Way)\b"
)


def is_personal(text: str) -> bool:
    """Whether a text gives a phone, an e-mail or a postal address: an answer about many people does not quote it."""
    return _PERSONAL.search(text) is not None


AVERSION = re.compile(
    r"不|没|别|忌|过敏|扎|痒|受不了|戒|\b(?:can'?t|cannot|don'?t|won'?t|never|no|nothing|without|avoid\w*|allerg\w*|itch\w*|queasy|vegan|free|hate)\b",
    re.IGNORECASE,
)
"""Words by which somebody keeps away from a thing."""

CHANGE = re.compile(
    r"戒|不再|不喝|不吃|不用了|改(喝|吃|用|买|成)|以前|换成|再也|打脸|\b(gave up|given up|giving up|quit|no longer|stopped|used to|switched|off the|any ?more|these days|instead of)\b",
    re.IGNORECASE,
)
"""Words by which a taste or habit changes."""

EXTRA = (
    ("耳机", "headphone", "earbud", "earphone"), ("灯", "lamp", "light"), ("杯", "cup", "mug"), ("续航", "电池", "电量", "battery", "charge"),
    ("蜡烛", "香薰", "candle"), ("帐篷", "tent"), ("播客", "podcast"), ("马拉松", "marathon"), ("漏", "leak"), ("闪", "flicker"), ("鞋", "shoe", "boot", "sneaker"), ("手表", "watch"), ("背包", "包", "backpack", "bag"),
    ("拼图", "puzzle"), ("净化器", "purifier"), ("吉他", "guitar"), ("弦", "string"), ("麦克风", "mic", "microphone"), ("电影", "film", "movie"),
    ("礼品卡", "gift card"), ("价格", "贵", "便宜", "price", "cheap", "expensive", "pricey"), ("声音", "噪音", "音质", "sound", "noise", "whistle", "loud"),
    ("破", "裂", "碎", "坏", "broken", "cracked", "broke", "damaged", "torn"), ("味道", "smell", "scent", "taste"), ("快递", "物流", "配送", "送货", "delivery", "shipping", "courier", "parcel"),
    ("戒", "不喝", "gave up", "quit", "given up", "stopped"), ("喝", "drink"), ("吃", "eat"), ("送", "礼物", "gift", "present"),
    ("重", "沉", "heavy", "heavier", "weigh", "weight"), ("断连", "断开", "断", "disconnect", "drops", "dropout"), ("鼓包", "鼓", "swollen", "bulging", "swelled"), ("开胶", "脱胶", "unglued", "glue", "sole"), ("掉色", "褪色", "fade", "faded", "bleed"),
    ("起球", "pill", "pilled", "pilling"), ("缩水", "shrink", "shrank", "shrunk"), ("异响", "吱", "rattle", "squeak", "creak"), ("扎", "痒", "itch", "itchy", "scratchy"), ("发错", "wrong"), ("少件", "缺件", "missing"),
    ("哈喇", "rancid", "stale"), ("磕", "凹", "dent", "dented"), ("拉链", "zip", "zipper"), ("过敏", "泛红", "rash", "allergic"), ("卡顿", "延迟", "lag"), ("生锈", "锈", "rust"), ("掉毛", "shed", "shedding"),
    ("吃素", "素食", "纯素", "vegetarian", "veggie", "vegan", "meatless"), ("饮食", "diet", "吃素", "素食", "vegetarian", "vegan"),
    ("猫", "cat", "kitten"), ("狗", "dog", "puppy"), ("尺码", "size", "fit"), ("颜色", "colour", "color"), ("包装", "packaging", "box", "wrapped"),
)  # fmt: skip
"""Everyday words in both languages that field packs do not hold."""

"""Which sentences of one customer's texts a question asks about, and whether any does: decided by code, without a model.

Four signs, added up: the text is about an item the question names; it shares a content word (or a known spelling of it in
the other language); it has a cue of the aspect or profile field asked; its meaning is near. A question is answerable when
one of the first three holds, or the meaning is nearer than `NEAR`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from agent import words
from agent.context import Context
from agent.statements import records
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack, load_pack
from huaxiang.store import evidence as evidence_store
from huaxiang.text import aspects as aspect_reader
from vectorstore import spans

NEAR = 0.865
"""Cosine of e5 above which a text without a shared word still counts as on the topic (measured on the sample shop's
development questions: of the texts above it 9 in 10 were on the topic; most unrelated ones lie at 0.76-0.84)."""
SHORT = 220
"""Characters below which a text is quoted whole; a Chinese character counts for two."""
WHOLE = 600
"""The same where no sentence stands out, since question and text are in different languages."""

FIELD_PATTERNS: dict[str, str] = {
    "shoe_size": r"\d{2}(?:\.5)?\s*码|\b(?:US|EU|UK)\s*\d+|\bsize\s*\d+|\d+(?:\.5)?\s*(?:wide|narrow)|\b\d{2}(?:\.5)?\b.{0,6}(?:shoe|boot|sneaker)|(?:shoe|boot|sneaker).{0,30}\b\d{1,2}\b|鞋.{0,12}\d{2}|\d{2}.{0,8}鞋",
    "clothing_size": r"(?<![A-Za-z])(?:XXX?L|[2-5]XL|XXS|XS|XL|S|M|L)(?![A-Za-z])(?=\s*[码号]|.{0,20}(?:码|号|合身|正好|刚好|size|fit|fits|wear))|(?:穿|码|size|fits?|wear).{0,18}(?<![A-Za-z'’])(?:XXX?L|[2-5]XL|XXS|XS|XL|S|M|L)(?![A-Za-z'’])|\b(?:small|medium|large)\b|[一二三四五六七八九\d]{2,3}\s*[码号](?!线)",
    "budget_minor": r"预算|不超过|以内|以下|最多.{0,6}\d|budget|at most|no more than|under \$?\d|up to \$?\d|max(?:imum)?\b.{0,10}\d|\$\d+.{0,20}(?:cap|limit|tops|max)",
    "has_pet": r"(?:我家|我们?家?|咱|俺|家里|养了?|收养|[一二两三俩\d][只条]).{0,8}(?:猫|狗|犬|兔|鹦鹉|仓鼠|乌龟|金鱼|喵|汪)|(?:猫|狗|柴犬|金毛|边牧|泰迪|柯基)(?:子|狗|咪|主子)?(?:很|超|特别|最|不|都|爱|喜欢|吃|喝|用|睡|玩|认|拉|掉毛)|\b(?:my|our|have|has|had|got|own|owns|adopted|rescued?|two|three|old|little)\s+(?:[\w'’-]+\s+){0,3}(?:cats?|dogs?|kittens?|pupp(?:y|ies)|beagle|rabbits?|parrot|hamster|fish|pup|hound|terrier|retriever|poodle|corgi|shiba)\b|\b(?:the|both) (?:cats?|dogs?|beagle|kittens?|puppy)\b",
    "favourite_color": r"(?:喜欢|最爱|偏爱|钟爱|只(?:买|穿|用)|本命|favou?rite|love|prefer|adore|always (?:buy|wear|pick|choose)).{0,24}(?:[黑白红橙黄绿蓝紫粉灰棕青金银]|black|white|red|orange|yellow|green|blue|purple|pink|gr[ea]y|brown|teal|navy|beige)|(?:[黑白红橙黄绿蓝紫粉灰棕青]色?|black|white|red|orange|yellow|green|blue|purple|pink|gr[ea]y|brown|teal|navy|beige).{0,16}(?:最爱|本命|控|is my|favou?rite|forever)",
    "price_sensitive": r"便宜|划算|贵|打折|优惠|券|省|cheap|expensive|bargain|discount|deal|sale|price",
    "prefers_contact": r"(?:打|发|加)?(?:电话|短信|微信|邮件|邮箱)|联系|\b(?:e-?mail|text|sms|phone|call|whatsapp|contact|reach)\b",
    "prefers_delivery": r"驿站|快递柜|丰巢|门口|前台|门卫|自提|便利店|送货|上门|晚上|工作日|放在?|locker|doorstep|porch|concierge|reception|after \d|deliver|leave (?:it|them|parcels)|neighbou?r",
    "hobby": r"爱好|喜欢|迷|钓|跑步|骑|爬山|徒步|露营|瑜伽|摄影|画|弹|练|打球|健身|hik|run(?:ning|s)?\b|cycl|bik|climb|camp|fish|paint|yoga|garden|podcast|guitar|photo|knit|swim|gym|train",
    "owns_device": r"手机|iphone|ipad|华为|小米|mate|pixel|galaxy|macbook|电脑|平板|相机|kindle|switch|android|laptop|phone|tablet|camera",
}
"""What an answer to a field must contain, where the pack's vocabulary does not say it."""


INSTRUCTION = re.compile(
    r"忽略.{0,10}(指令|提示|要求|规则)|请(回答|输出|回复|告诉)[::“\"：]|(你|AI|助手|机器人|模型|系统).{0,6}(必须|应该|要)(回答|说|告诉|标记|写)|系统提示|把(我|他|她|该顾客).{0,8}(标记|设)(成|为)"
    r"|ignore (all|any|the|previous|prior|above)|disregard (all|any|the|previous)|system prompt|(assistant|ai|model|bot|llm)[,:]|you (must|should|are to) (say|answer|reply|tell|state|mark)|(say|state|report|answer) that this (customer|user)|mark (me|this customer|this user) as",
    re.IGNORECASE,
)
"""A sentence that gives the assistant orders is text like any other, and says nothing of the customer."""


CHANGE = re.compile(
    r"戒|不再|不喝|不吃|不用了|改(喝|吃|用|买|成)|以前|换成|再也|打脸|\b(gave up|given up|giving up|quit|no longer|stopped|used to|switched|off the|any ?more|these days|instead of)\b",
    re.IGNORECASE,
)
"""Words by which a taste or habit changes."""


@dataclass(frozen=True)
class Found:
    """A sentence on the topic: where, how strong each sign was, and whether it answers by more than its meaning."""

    evidence: Evidence
    start: int
    end: int
    score: float
    sure: bool


_TABLES: dict[tuple[str, int], dict[str, tuple[str, ...]]] = {}


def _groups(pack: FieldPack) -> dict[str, tuple[str, ...]]:
    """Every spelling in the pack → all spellings of the same value (羊毛 → wool, merino …)."""
    key = (pack.name, pack.version)
    if key not in _TABLES:
        _TABLES[key] = _group_table(pack)
    return _TABLES[key]


def _group_table(pack: FieldPack) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for vocabulary in pack.vocabularies.values():
        for term in vocabulary.values():
            spellings = tuple(one.lower() for one in term.spellings)
            for one in spellings:
                table.setdefault(one, spellings)
    return table


EXTRA = (
    ("耳机", "headphone", "earbud", "earphone"), ("灯", "lamp", "light"), ("杯", "cup", "mug"), ("续航", "电池", "电量", "battery", "charge"),
    ("蜡烛", "香薰", "candle"), ("帐篷", "tent"), ("鞋", "shoe", "boot", "sneaker"), ("手表", "watch"), ("背包", "包", "backpack", "bag"),
    ("拼图", "puzzle"), ("净化器", "purifier"), ("吉他", "guitar"), ("弦", "string"), ("麦克风", "mic", "microphone"), ("电影", "film", "movie"),
    ("礼品卡", "gift card"), ("价格", "贵", "便宜", "price", "cheap", "expensive", "pricey"), ("声音", "噪音", "音质", "sound", "noise", "whistle", "loud"),
    ("破", "裂", "碎", "坏", "broken", "cracked", "broke", "damaged", "torn"), ("味道", "smell", "scent", "taste"), ("快递", "物流", "配送", "送货", "delivery", "shipping", "courier", "parcel"),
    ("戒", "不喝", "gave up", "quit", "given up", "stopped"), ("喝", "drink"), ("吃", "eat"), ("送", "礼物", "gift", "present"),
    ("猫", "cat", "kitten"), ("狗", "dog", "puppy"), ("尺码", "size", "fit"), ("颜色", "colour", "color"), ("包装", "packaging", "box", "wrapped"),
)  # fmt: skip
"""Everyday words in both languages that field packs do not hold."""


def spellings(word: str, pack: FieldPack) -> tuple[str, ...]:
    """Ways to write a question's word, in both languages; the word itself first."""
    found = [word, *_groups(pack).get(word, ())]
    for group in EXTRA:
        if (
            word in group
            or words.stem(word) in group
            or (not word.isascii() and any(one in word for one in group if not one.isascii() and len(one) > 1))
        ):
            found.extend(group)
    return tuple(dict.fromkeys(found))


def contains(text: str, word: str, stems: set[str]) -> bool:
    """Whether a (lower-cased) text has this word: CJK by substring, English by stem, phrases by substring."""
    if not word.isascii():
        return word in text
    return word in text if " " in word else words.stem(word) in stems


def without_orders(text: str, start: int, end: int) -> tuple[int, int]:
    """The longest run of sentences in the span that gives the assistant no orders; the span itself when there are none."""
    if not INSTRUCTION.search(text[start:end]):
        return start, end
    runs: list[tuple[int, int]] = []
    for first, last in spans.sentences(text[start:end]):
        if INSTRUCTION.search(text[start + first : start + last]):
            runs.append((end, end))
        elif runs and runs[-1][0] < runs[-1][1]:
            runs[-1] = (runs[-1][0], start + last)
        else:
            runs.append((start + first, start + last))
    best = max(runs, key=lambda run: run[1] - run[0], default=(start, end))
    return best if best[1] > best[0] else (start, end)


def is_short(text: str) -> bool:
    """Whether a text is quoted whole."""
    return len(text) + sum(not ch.isascii() for ch in text) <= SHORT


def stems_of(text: str) -> set[str]:
    """Stems of the English words of a text."""
    return {words.stem(word) for word in re.findall(r"[a-z][a-z'-]+", text.lower())}


def pack_of(context: Context) -> FieldPack:
    """The shop's field pack."""
    return load_pack(context.deps.shop.settings.shop.field_pack, context.deps.shop.folder)


def field_pattern(name: str, pack: FieldPack) -> re.Pattern[str] | None:
    """What a sentence must contain to say something of this field."""
    if name in FIELD_PATTERNS:
        return re.compile(FIELD_PATTERNS[name], re.IGNORECASE)
    if name not in pack.fields:
        return None
    terms = [s for term in pack.terms(name).values() for s in term.spellings]
    if not terms:
        return None
    zh = [re.escape(one) for one in terms if (not one.isascii() and len(one) > 1) or one in ("猫", "狗", "爸", "妈")]
    en = [re.escape(one) for one in terms if one.isascii()]
    return re.compile("|".join([*zh, *(rf"\b(?:{'|'.join(en)})s?\b",)] if en else zh), re.IGNORECASE)


def search(context: Context, *, limit: int = 8, customer_only: bool = False) -> list[Found]:
    """Sentences of this customer's texts on the question's topic, best first.

    One search (lexical and by meaning) and a pass over the customer's texts; about 20 ms for 100 texts with vectors.
    """
    pack = pack_of(context)
    shop = context.deps.shop
    span = context.span
    from huaxiang import clock

    texts = evidence_store.texts_of(
        shop, context.customer_id, since=clock.start_of_day(span.since, shop.tz) if span and span.since else None,
        until=clock.end_of_day(span.until, shop.tz) if span and span.until else None, limit=1000,
    )  # fmt: skip
    if customer_only:
        texts = [one for one in texts if one.speaker == "customer" and one.event_kind != "note"]
    meaning = _meaning(context)
    items = {item.item_id for item in records.items_named(context)} | set(context.scope.item_ids)
    item_words = _item_words(context)
    topic = [(word, spellings(word, pack)) for word in context.topic]
    patterns = [p for p in (field_pattern(name, pack) for name in context.fields) if p]
    found: list[Found] = []
    for one in texts:
        best = _best_sentence(one, topic, item_words, patterns, context)
        about = one.item_id in items
        on_words = best[2] > 0
        near = meaning.get(one.evidence_id, 0.0)
        foreign = about and one.language not in ("und", context.language)
        if foreign and not on_words:
            best = (0, min(len(one.clean), WHOLE), best[2], best[3])
        sure = on_words or foreign or (about and not _other_topic(topic, item_words)) or near >= NEAR
        if patterns and not best[3]:
            sure = False
        score = (
            best[2]
            + (1.2 if about else 0.0)
            + max(0.0, near - 0.78) * 8
            - (0.4 if one.speaker == "staff" or one.event_kind == "note" else 0.0)
        )
        found.append(Found(one, best[0], best[1], score, sure))
    found.sort(key=lambda f: (-f.sure, -f.score, -(f.evidence.occurred_at or 0)))
    return found[:limit]


def _other_topic(topic: list[tuple[str, tuple[str, ...]]], item_words: set[str]) -> bool:
    return any(word not in item_words for word, _ in topic if len(word) > 1 or not word.isascii())


def _item_words(context: Context) -> set[str]:
    """The topic words that only name the item ("the air purifier")."""
    from agent.statements import orders

    named = records.items_named(context)
    return {word for word in context.topic if any(orders.item_score(item, [word]) > 0 for item in named)}


def _best_sentence(
    one: Evidence,
    topic: list[tuple[str, tuple[str, ...]]],
    item_words: set[str],
    patterns: list[re.Pattern[str]],
    context: Context,
) -> tuple[int, int, float, bool]:
    """(start, end, word score, field pattern met) of the sentence that fits best; a short text is taken whole."""
    pieces = [(0, len(one.clean))] if is_short(one.clean) else _windows(one.clean)
    changed = any(aim.name == "changed" for aim in context.aims)
    best = (*pieces[0], 0.0, False) if pieces else (0, len(one.clean), 0.0, False)
    for start, end in pieces:
        text = one.clean[start:end].lower()
        stems = stems_of(text)
        score = 0.0
        for word, ways in topic:
            if any(contains(text, way, stems) for way in ways):
                score += 0.35 if word in item_words else 1.0
        for aspect in context.aspects:
            if any(mention.aspect == aspect for mention in aspect_reader.find_aspects(one.clean[start:end])):
                score += 1.0
        if INSTRUCTION.search(text):
            continue
        if score and changed and CHANGE.search(text):
            score += 1.0
        met = any(p.search(text) for p in patterns)
        score += 1.0 if met else 0.0
        if (score, met) > (best[2], best[3]):
            best = (start, end, score, met)
    return best


def _windows(text: str) -> list[tuple[int, int]]:
    """Each sentence joined with the next while short, so that a quote keeps its sense."""
    pieces = spans.sentences(text)
    windows = []
    for index, (start, end) in enumerate(pieces):
        if end - start < 60 and index + 1 < len(pieces):
            end = pieces[index + 1][1]
        windows.append((start, end))
    return windows or [(0, len(text))]


def _meaning(context: Context) -> dict[str, float]:
    """Cosine of each of the customer's texts with the question, where vectors of a real encoder exist."""
    matches: Any = getattr(context.deps.index, "matches", None)
    encoder = getattr(context.deps.index, "encoder", None)
    if matches is None or encoder is None or str(getattr(encoder, "name", "")).startswith("hash"):
        return {}
    found = matches(context.scope.rest or context.question, customer_id=context.customer_id)
    return {one.evidence_id: float(one.meaning) for one in found if one.meaning is not None}

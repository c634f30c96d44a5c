"""What a text is about, where its event names a product: what kind of thing that is, and whether it is the writer's own.

"My third jar" names nothing; the event does. A pattern with `about` takes its value from here: a known value that is the
head of the product's title (coffee for "Yunnan Coffee Beans 500 g"), else the title itself.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from functools import cached_property

from huaxiang.ledger.whose import find
from huaxiang.schema.evidence import Evidence, Product
from huaxiang.schema.pack import FieldPack

_KINDS = ("foods", "genres")
_HOT = re.compile(r"[爆特超麻香酸变态]辣|辣(?:椒|子)|extra[- ]hot|hot sauce|ghost pepper|chill?i", re.IGNORECASE)
_MILD = re.compile(r"不辣|微辣|\bmild\b", re.IGNORECASE)
_PLACE = re.compile(
    r"[(（\[【].*?[)）\]】]|[，,].*$|\s(?:for|with|in|by|from|to)\s.*$|\s-\s.*$|[:：].*$", re.IGNORECASE
)
_UNIT = re.compile(
    r"^[\d.,+×x*%-]+\S*$|^[a-z]+\d+$|^(?:kg|g|ml|l|cl|oz|lb|mm|cm|m|mah|w|pcs?|pack|set|pair|men|women|size|[smlx]+)$",
    re.IGNORECASE,
)
_PACKAGE = re.compile(
    r"^(?:beans?|cakes?|bags?|box|tins?|jars?|bottles?|cubes?|powder|leaves|loose|leaf|gift|pack|packs|cups?|cans?|crisps?|wedge|bar|bars|cartons?|medium|dark|light|mini|large|small)$",
    re.IGNORECASE,
)  # fmt: skip
_PACKAGE_ZH = re.compile(r"(?:豆|茶饼|饼|粉|礼盒|罐装|茶叶|味)$")
_ACCESSORY = re.compile(
    r"壳|保护套|收纳|膜|支架|表带|充电线|数据线|贴|底座|适配|替换|配件|清洁|架$|\b(?:case|cases|cover|covers|sleeve|stand|strap|straps|band|protector|mount|holder|cable|adapter|dock|skin|filter|filters|bag|battery pack|replacement|refill|charger|chargers|brush heads?|stickers?)\b",
    re.IGNORECASE,
)  # fmt: skip
_CHILD = re.compile(
    r"儿童|宝宝|婴儿|幼儿|女童|男童|亲子|\b(?:kids?'?|children'?s?|junior|baby|toddler)\b", re.IGNORECASE
)
_NOT_MINE = re.compile(
    r"送(?:给|了|人|我?(?:男|女|朋|同|领|老|爸|妈))|(?:帮|替|给)[^,，。!！?？]{1,6}(?:买|拍|下单|带|挑|选|入|囤|补)|礼物|借(?:来|的|了)|图书馆|试用|展台|体验店|专柜|店里(?:试|玩)|没买|没下单|不是(?:我|给我)|没(?:有)?(?:拆封|开封|拆开|开盖|拆)|还没(?:用|吃|喝|穿|试|拆|开|到)|退(?:了|货|掉)|赠品|未拆|第一个下单|算了|朋友(?:那|家)|(?:是|用|戴|穿|借|试)了?(?:别人|室友|同事|朋友)的|让我写"
    r"|\b(?:gift|present|borrowed|library|lent|loaned|returned|returning|sent it back|sending it back|refund|never owned|didn't buy|did not buy|haven't (?:used|tried|opened|worn)|unopened|still in the (?:bag|box|cellophane|packaging|wrapper)|belongs to|came free|raffle|tried (?:it|one|this|them) (?:on |out )?(?:at|in)|in[- ]store|flatmate's|roommate's|friend's|neighbou?r's|wife's|husband's|sister's|brother's|mum's|mom's|dad's|boss's|(?:wife|husband|daughter|son|friend|sister|brother|dad|mum|mom|flatmate|roommate) (?:owns|bought|uses|got|has)|bought (?:it|this|these|them|one) for (?!me\b|myself\b|my(?:self| own)\b|the (?:price|money))|for (?:the|my|our) (?:[a-z-]+ )?(?:wife|husband|mum|mom|mother|dad|father|son|daughter|lad|kids?|child|nephew|niece|godson|goddaughter|boss|friend|mate|sister|brother|girlfriend|boyfriend|partner|neighbou?r|colleague|flatmate|roommate|grandson|granddaughter|grandma|grandad|nan|parents|team))\b",
    re.IGNORECASE,
)  # fmt: skip
_SELF = re.compile(r"我|自己|本人|\b(?:I|I'm|I've|I'd|I'll|me|my|mine|we|we've|our)\b")
USED = r"[用戴听看玩充连睡开装跑写拍煮洗打存测入买背穿搭骑录]了|[用戴]着|用过|我的?|自己|实测|天天|每天|[一两三四五六七八九十几\d]+个?(?:天|周|星期|月|年|次|小时|公里)|的时候|跑完|走完|\b(?:I|my|me|mine|we|our|us)\b|I'(?:ve|m|d|ll)\b"
"""Words that tell of using a thing, or of oneself."""
_USED = re.compile(USED)
_OTHERS = re.compile(r"(?<![吉其])他(?!们家)|她|\b(?:he|she|his|her|hers|him)\b", re.IGNORECASE)


@dataclass(frozen=True)
class About:
    """The product a text is about, with the kind of event, its stars and the text itself."""

    product: Product
    kind: str
    rating: float | None
    text: str

    @cached_property
    def mine(self) -> bool:
        """No word says that it is somebody else's, was only tried, was given away or sent back."""
        return _NOT_MINE.search(self.text) is None

    @cached_property
    def used(self) -> bool:
        """Some word tells of using it."""
        return _USED.search(self.text) is not None

    @cached_property
    def alone(self) -> bool:
        """Nobody else is spoken of ("she says it's great")."""
        return _OTHERS.search(self.text) is None

    @property
    def language(self) -> str:
        """Of the title to take where the words do not tell."""
        return "zh" if self.product.title else "en"

    @cached_property
    def words(self) -> str:
        """Titles and category in small letters."""
        return " ".join(one for one in self.product if one).lower()


def about(evidence: Evidence) -> About | None:
    """What the text is about; None where its event names no product that the catalogue knows."""
    if evidence.product is None or evidence.event_kind not in ("review", "return", "ticket", "message"):
        return None
    return About(evidence.product, evidence.event_kind, evidence.rating, evidence.clean.replace("’", "'"))


def speaks_for_itself(text: str, start: int, end: int) -> bool:
    """Whether these words say "I"."""
    return _SELF.search(text, start, end) is not None


def values_of(product: Product, field: str, pack: FieldPack, language: str) -> list[str]:
    """What a product is, as values of this field: the known value its title is about, else (likes, dislikes) its title.

    What is sold as hot stands for hot food too.

    Args:
        product: titles and category.
        field: `owns_device`, `likes` or `dislikes`.
        pack: known values.
        language: of the title to take, `zh` or `en`; the other one where there is none.
    """
    if field == "owns_device":
        device = _device(product, HeldPack(pack))
        return [device] if device else []
    first, second = (product.title, product.title_en) if language == "zh" else (product.title_en, product.title)
    name = _known(product, field, HeldPack(pack)) or first or second
    titles = f"{product.title or ''} {product.title_en or ''}"
    hot = "spicy" in pack.terms(field) and _HOT.search(titles) and not _MILD.search(titles)
    return [one for one in (name, "spicy" if hot else None) if one]


def for_children(product: Product) -> bool:
    """Whether it is a child's: what is done with it is no hobby of who bought it."""
    return any(one is not None and _CHILD.search(one) is not None for one in product)


class HeldPack:
    """A pack as a cache key: by identity, since its tables cannot be hashed."""

    __slots__ = ("pack",)

    def __init__(self, pack: FieldPack) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return id(self.pack)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HeldPack) and self.pack is other.pack


@functools.lru_cache(maxsize=4_000)
def _device(product: Product, held: HeldPack) -> str | None:
    terms = held.pack.vocabularies.get("devices", {})
    best: tuple[int, str] | None = None
    for title in (product.title, product.title_en):
        if not title or _ACCESSORY.search(title) or _CHILD.search(title):
            continue
        for value, term in terms.items():
            for spelling in term.spellings:
                if (best is None or len(spelling) > best[0]) and _is_head(title, spelling):
                    best = (len(spelling), value)
    return best[1] if best else None


@functools.lru_cache(maxsize=4_000)
def _known(product: Product, field: str, held: HeldPack) -> str | None:
    pack = held.pack
    best: tuple[int, str] | None = None
    for title in (product.title, product.title_en):
        for vocabulary in _KINDS:
            if not title or vocabulary not in pack.fields[field].vocabulary:
                continue
            for value, term in pack.vocabularies.get(vocabulary, {}).items():
                for spelling in term.spellings:
                    if (best is None or len(spelling) > best[0]) and _is_head(title, spelling):
                        best = (len(spelling), value)
    return best[1] if best else None


def _is_head(title: str, spelling: str) -> bool:
    """Whether the title ends in this word, apart from sizes, colours in brackets and packaging."""
    at = find(title, spelling)
    if at < 0:
        return False
    if not spelling.isascii():
        after = title[at + len(spelling) :].split(" ", maxsplit=1)[0]
        return after == "" or _PACKAGE_ZH.fullmatch(after) is not None
    rest = _PLACE.sub("", title[at + len(spelling) :]).split()
    return all(_UNIT.match(one) or _PACKAGE.match(one) for one in rest)

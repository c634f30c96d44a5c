"""How names are written otherwise: Chinese ones in pinyin, misspelt ones by their sound, phones without their prefix."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from agent.question import dictionary
from tools import find_customer
from tools.base import Deps
from tools.find_customer import Directory, How

COMPOUND = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 司徒 令狐 夏侯 端木 南宫 独孤 长孙 宇文 轩辕".split()
)
"""Surnames of two characters."""
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
"""The hundred commonest surnames of one character."""
Bearers = dict[str, list[tuple[str, How]]]


def romanised(deps: Deps) -> Bearers:
    """Chinese customers by their names in pinyin, surname first and last, in one word or syllable by syllable."""
    known = find_customer.directory(deps)
    cached = deps.cache.get("romanised")
    if cached is None or cached[0] is not known:
        cached = (known, _romanise(known))
        deps.cache["romanised"] = cached
    found: Bearers = cached[1]
    return found


def _romanise(known: Directory) -> Bearers:
    from pypinyin import lazy_pinyin

    found: Bearers = {}
    for name, bearers in known.names.items():
        if not re.fullmatch(r"[\u4e00-\u9fff]{2,4}", name):
            continue
        cut = 2 if name[:2] in COMPOUND and len(name) > 2 else 1
        parts = lazy_pinyin(name)
        surname, given = "".join(parts[:cut]), "".join(parts[cut:])
        for form in {f"{surname} {given}", f"{given} {surname}", surname + given, " ".join(parts)}:
            found.setdefault(form, []).extend(one for one in bearers if one not in found.get(form, []))
    return found


def alike(typed: str, name: str) -> bool:
    """Whether two names of two parts and more sound alike part by part ("nathen woo", "nathan wu")."""
    first, second = typed.split(), name.split()
    if len(first) != len(second) or len(first) < 2:
        return False
    near = [fuzz.ratio(a, b) >= 80 for a, b in zip(first, second, strict=True)]
    heard = [_skeleton(a) == _skeleton(b) for a, b in zip(first, second, strict=True)]
    return any(near) and all(n or h for n, h in zip(near, heard, strict=True))


def _skeleton(word: str) -> str:
    """First letter and consonants, letters of one sound as one: what is left when vowels are misheard."""
    same = str.maketrans({"c": "k", "q": "k", "z": "s", "y": "i", "v": "f"})
    low = word.casefold().replace("ph", "f").replace("ck", "k").translate(same)
    bones = low[:1] + re.sub(r"[aeiouhw]", "", low[1:])
    return re.sub(r"(.)\1+", r"\1", bones)


def by_initial(typed: str, bearers: Bearers) -> list[str]:
    """Customers whose first name and surname's initial are given ("grace l")."""
    found = re.fullmatch(r"(\S{2,}) (\S)", typed)
    if not found:
        return []
    start = f"{found.group(1)} {found.group(2)}"
    return [customer for name, who in bearers.items() if name.startswith(start) and " " in name for customer, _ in who]


def by_phone_end(typed: str, known: Directory) -> list[str]:
    """Customers whose phone ends in these digits (at least seven): a number typed without its country prefix."""
    if len(typed) < 7:
        return []
    return [c for number, who in known.contacts.items() if number.isdigit() and number.endswith(typed) for c, _ in who]


def city_in(city: str | None, text: str) -> bool:
    """Whether a text names this city, a Chinese one also in pinyin ("Shenzhen")."""
    if not city:
        return False
    low = text.casefold()
    if city.casefold() in low:
        return True
    if city.isascii():
        return any(one in text for one in dictionary.translations(city.casefold()))
    from pypinyin import lazy_pinyin

    return re.search(rf"\b{''.join(lazy_pinyin(city.removesuffix('市')))}\b", low) is not None

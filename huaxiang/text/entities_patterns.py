"""Colour, size, material, price, person, place and date by patterns, Chinese and English side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from huaxiang.text.entities_dates import DATE
from huaxiang.text.entities_prices import prices
from huaxiang.text.entities_words import ABROAD, CITIES, COLOURS, DISTANT, MATERIALS, PEOPLE, PLAIN_COLOURS


def _values(table: dict[str, str]) -> dict[str, str]:
    return {word.replace("-", " ").lower(): value for value, words in table.items() for word in words.split()}


def _either(words: Iterable[str]) -> tuple[str, str]:
    """Alternatives, longest first: (Latin ones, others)."""
    ordered = sorted(words, key=len, reverse=True)
    latin, other = [w for w in ordered if w.isascii()], [w for w in ordered if not w.isascii()]
    return "|".join(map(re.escape, latin)), "|".join(map(re.escape, other))


def _pattern(words: Iterable[str], *, after: str = "", before: str = "") -> re.Pattern[str]:
    """Any of the words; `after` is a tail that Chinese ones may have, `before` what a Latin one must not stand before."""
    latin, other = _either(words)
    return re.compile(rf"(?:{other}){after}|(?<![a-z])(?:{latin})(?![a-z]){before}", re.IGNORECASE)


_COLOUR_OF, _MATERIAL_OF, _PERSON_OF = _values(COLOURS), _values(MATERIALS), _values(PEOPLE)
_COLOUR = _pattern(
    _COLOUR_OF, after="(?:色(?![情素]))?(?!星期五|素)",
    before=r"(?! (?:friday|juice|peel|zest|wine|tea|onions?|beans?|sugar|rice|pepper|noise|meat|flags?|cross|light district|eyed?|card))",
)  # fmt: skip
_PLAIN = re.compile(rf"(?<![\u4e00-\u9fff网])[要买选拍换]?(?P<one>[{''.join(PLAIN_COLOURS)}])(?=的(?!很|不|卡|人)|款|色)|(?<=[要买选拍换])(?P<two>[{''.join(PLAIN_COLOURS)}])(?=的)")  # fmt: skip
_MATERIAL = _pattern(_MATERIAL_OF, after="(?!服|心|衣服)", before=r"(?! of\b)(?!-?ware)")
_PERSON = _pattern(_PERSON_OF, after="(?!娃|们是|店)")
_CITY = re.compile(rf"(?:{_either(CITIES)[1]})(?:省|市)?")
_ABROAD = _pattern(
    [place.replace("-", " ") for place in ABROAD], before=r"(?! (?:mug|plate|cup|set|dish|teapot|cabinet))"
)
_SHORT = re.compile(r"\b(?:UK|USA|U\.S\.A?\.?|UAE|NYC)(?![A-Za-z])(?! ?(?:size|\d))")
_WHERE = re.compile(r"(?<=[到在往回])(?:公司|学校|办公室|宿舍|单位)")
_GIVE = re.compile(
    r"(?:给|送给?|替|帮|为|陪)(?:我们?的?|咱们?的?|他的?|她的?|家里的?|小)?$"
    r"|\b(?:for|to) (?:(?:my|our|his|her|their|the|a) )?(?:[\w'-]+ ){0,2}$"
    r"|\b(?:bought|buy|got|get|gave|give|ordered|sent) (?:it |this |these |them |one )?(?:to |for )?(?:my|our|his|her|their) (?:[\w'-]+ )?$"
)  # fmt: skip
_TO_ONE = re.compile(
    r"\bto (?:my|our|his|her|their) (?:[\w'-]+ )?$|\bfor |[\u4e00-\u9fff]$|\b(?:bought|buy|got|get|gave|give|ordered|sent) "
)
_USES = re.compile(
    r"(?:们)?(?:[也都很超可最天每直一特别非常级现在更挺]{0,6})(?:喜欢|爱[不吃喝穿玩用看]?|穿|戴|用|玩|喝|吃|嫌)"
    r"| (?:(?:really|absolutely|also|just|still) )?(?:loves?|likes?|wears?|uses?|plays?|enjoys?|adores?|hates?)\b"
)
_SAYS = re.compile(r"(?:收到|拿到|试了|用了|穿了|戴了)?[\u4e00-\u9fff]{0,2}(?:说|觉得)")
_MY = re.compile(r"(?:^|[^a-z])(?:my|our|his|her) (?:[\w'-]+ )?$|[^a-z]$|^$")
_SIZE = re.compile(
    r"(?<![a-z0-9])(?:[2-6]?xl|x{1,4}l|x{1,3}s|[sml])(?:码|号)(?![a-z])|(?<![a-z0-9])(?:[2-6]xl|x{1,4}l|xs)(?![a-z0-9])"
    r"|(?:(?<=[穿买拍选要换])|(?<=买的)|(?<=穿的)|(?<=拍的)|(?<=买了))[sml](?![a-z0-9'])"
    r"|(?<![\d.])\d{2,3}(?:\.5)? ?码|(?<![\d.])(?:3[4-9]|4[0-8])(?:\.5)? ?号|(?:大|中|小|均|加大|特大)码"
    r"|\bsizes? (?:(?:us|uk|eu) )?(?:\d{1,2}(?:\.5)?|[smlx]{1,4})(?!\w)|\b(?:uk|eu) (?:size )?\d{1,2}(?:\.5)?(?!\w)"
    r"|\b(?:small|medium|large|extra large)\b(?= size)|\b(?:king|queen|twin|full)[ -]sized?\b"
    r"|(?:(?<=\ba )|(?<=\ban )|(?<=\bthe )|(?<=\bin )|(?<=\bin a ))(?:extra[ -])?(?:small|medium|large)"
    r"(?= ?(?:[,.;!?)]|$)| (?:fits?|is|was|and|but|instead|ran|runs|would)\b)"
    r"|(?<![\d.a-z])(?![2-5]g(?![a-z]))\d+(?:\.\d+)?[ -]?(?:cm|mm|厘米|毫米|米|英寸|寸|inch(?:es)?|ml|毫升|升|lit(?:er|re)s?|kg|公斤|斤|克|g|oz|ounces?"
    r"|lbs?|[gt]b|ft|feet|foot|mah|毫安)(?![a-z])|[一二两三四五六七八九十半]斤(?!八两)",
    re.IGNORECASE,
)  # fmt: skip


def found_by_pattern(text: str, line: str) -> Iterator[tuple[str, int, int, str]]:
    """(kind, start, end, value) of what the patterns find; spans of different kinds may overlap.

    Args:
        text: as it was written.
        line: the same in the spelling of `entities_features.plain`, character for character.
    """
    for found in _COLOUR.finditer(line):
        value = _COLOUR_OF.get(found.group()) or _COLOUR_OF.get(found.group().removesuffix("色"))
        if value:
            yield "colour", *found.span(), value
    for found in _PLAIN.finditer(line):
        name = "one" if found["one"] else "two"
        yield "colour", *found.span(name), PLAIN_COLOURS[found[name]]
    for found in _MATERIAL.finditer(line):
        if not line[: found.start()].endswith("bone "):
            yield "material", *found.span(), _MATERIAL_OF[found.group()]
    yield from _people(line)
    yield from _places(text, line)
    for found in _SIZE.finditer(line):
        yield "size", *found.span(), found.group().upper()
    for found in DATE.finditer(line):
        yield "date", *found.span(), found.group()
    for start, end, value in prices(line):
        yield "price", start, end, value


def _people(line: str) -> Iterator[tuple[str, int, int, str]]:
    """People an item is for: somebody it was bought for or given to, or of the family who uses it."""
    for found in _PERSON.finditer(line):
        value = _PERSON_OF[found.group()]
        before, after = line[max(0, found.start() - 28) : found.start()], line[found.end() : found.end() + 24]
        given = _GIVE.search(before)
        uses = _USES.match(after) or (not found.group().isascii() and _SAYS.match(after))
        if (given and _TO_ONE.search(given.group() or before)) or (
            uses and value not in DISTANT and _MY.search(before)
        ):
            yield "person", *found.span(), value


def _places(text: str, line: str) -> Iterator[tuple[str, int, int, str]]:
    for pattern, where in ((_CITY, line), (_ABROAD, line), (_WHERE, line), (_SHORT, text)):
        for found in pattern.finditer(where):
            if found.group().lower() != "china" or not re.search(r"\b(?:bone|fine) $", line[: found.start()][-6:]):
                yield "place", *found.span(), text[found.start() : found.end()]

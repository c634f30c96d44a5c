"""Whom a statement is about: the customer, or somebody they buy for (给妈妈买的, "for my nephew")."""

from __future__ import annotations

import functools
import re

from huaxiang.ledger import reading
from huaxiang.schema.pack import FieldPack, Term

_SELF = re.compile(
    r"我自己|自用|本人|自留|(?<![给送帮替寄])我(?!家|们家|妈|爸|哥|弟|姐|妹|儿|女|老|媳|对象|男|朋友|室友|同事|婆|公公|孙|外|爷|奶|姑|舅|叔|侄|闺|这?孙)"
    r"|\b(?:I|I'm|I've|I'd|myself|me|mine)\b|\bmy (?:size|skin|feet|foot|waist|chest|height|go-to|favou?rite|usual|budget)\b"
)
_SUBJECT = re.compile(
    r"(?<![给送帮替寄对跟和])(?:(?<![吉其])他(?!们家)|她(?!们家)|您|你们?)|大家|模特|主播|店主|博主|楼主|人家|别人|有人|有些人|很多人|好多人"
    r"|(?<![\u4e00-\u9fff])(?:[小老阿][\u4e00-\u9fff]{1,2}|[\u4e00-\u9fff]{1,2}(?:哥|姐|叔|总|先生|女士|阿姨))(?=穿|喜欢|爱|讨厌|不喜欢|对|用|养|戴|怕|闻|吃|喝|平时|一直)"
    r"|\b(?:he|she|they|you|everyone|everybody|people|someone|somebody|some|others|customers|women(?!'s)|men(?!'s)|those who|anyone|the models?|influencers?)\b"
    r"|\b[A-Z][a-z]+(?= (?:wears|loves|likes|hates|takes|needs|can't|cannot|owns|prefers|avoids|adores|drinks|eats|dislikes|doesn't|swears|lives|keeps|plays|uses)\b)"
)
_PRONOUN = re.compile(r"(?<![吉其])他|她|\b(?:he|she|him|her|his|hers)\b", re.IGNORECASE)
_OF_PEOPLE = re.compile(
    r"\s?的?[^,，。我]{0,2}的(?:人|朋友|小伙伴|姐妹|顾客|宝宝|女生|男生|妹子|家庭)|\s(?:lovers|people|folks|fans|owners|users|wearers)\b"
)
_AM = re.compile(r"(?:\b(?:I'm|I am|as|like|being|become|became)(?: now)?(?: an?)?|当了?|做了?)\s*$")
_PEOPLE = "relations"
_PETS = "pets"
_SIZES = ("clothing_size", "shoe_size")


def whose(
    text: str, start: int, end: int, *, field: str, pack: FieldPack, at: int | None = None
) -> tuple[str | None, bool]:
    """Whom the words at these offsets are about.

    Args:
        text: the whole evidence text.
        start: offset of the quote.
        end: end of the quote.
        field: the trait's field; sizes may also belong to a pet.
        pack: names the relations and pets.
        at: offset of the words that give the value; the subject nearest before it decides.

    Returns:
        None for the customer, else a relation (or pet) of the pack, `other` for an unnamed third person; and whether that
        is certain. What is not certain goes to the review queue.
    """
    text = text.replace("’", "'")
    sentence = reading.around(text, start, end, reading.sentences(text))
    clause = reading.around(text, start, end, reading.clauses(text, sentence))
    words = text[clause.start : clause.end]
    mine = _SELF.search(words) is not None
    receiver = _receiver(pack, words)
    if receiver:
        return receiver, True
    if not mine and _OF_PEOPLE.search(text, start if at is None else at, clause.end):
        return "other", True
    mentioned = _mentioned(pack, words, pets=field in _SIZES)
    if mentioned:
        return mentioned, not mine
    if mine:
        return (None, True) if _i_am_nearest(words, (end if at is None else at) - clause.start) else ("other", False)
    return _from_around(text, sentence, clause, field, pack)


def _from_around(
    text: str, sentence: reading.Span, clause: reading.Span, field: str, pack: FieldPack
) -> tuple[str | None, bool]:
    """Whom a clause without "I" and without a named person is about, from the words around it."""
    words, whole = text[clause.start : clause.end], text[sentence.start : sentence.end]
    receiver = _receiver(pack, whole)
    if receiver:
        return receiver, True
    if _PRONOUN.search(words):
        return _receiver(pack, text) or _mentioned(pack, text) or "other", True
    if _SUBJECT.search(words):
        return "other", False
    before = _mentioned(pack, text[sentence.start : clause.start], pets=field in _SIZES)
    if before:
        return before, False
    elsewhere = _receiver(pack, text)
    # a gift somewhere in the text makes it unclear whose size or taste this is, unless the sentence says "I"
    return (elsewhere, False) if elsewhere and not _SELF.search(whole) else (None, True)


def _i_am_nearest(words: str, at: int) -> bool:
    """Whether no third person stands between "I" and the value, as in "she loves jasmine and I bought it"."""
    mine = [m.start() for m in _SELF.finditer(words) if m.start() <= at]
    theirs = [m.start() for m in _SUBJECT.finditer(words) if m.start() < at]
    return not theirs or (bool(mine) and max(mine) > max(theirs))


def receivers(pack: FieldPack, text: str) -> list[tuple[str, int, int]]:
    """Everybody the text says something is for: (relation, start, end) of the words that say so."""
    zh, en = _gift_patterns(_key(pack))
    index = _index(_key(pack))
    found = [(index[m.group("who").casefold()], m.start(), m.end()) for m in zh.finditer(text)]
    found += [(index[_words(m.group("who"))], m.start(), m.end()) for m in en.finditer(text)]
    return sorted(found, key=lambda one: one[1])


def named_in(pack: FieldPack, text: str) -> bool:
    """Whether the words name somebody of the pack's relations."""
    return bool(receivers(pack, text)) or _mentioned(pack, text) is not None


def _receiver(pack: FieldPack, text: str) -> str | None:
    found = receivers(pack, text)
    return found[0][0] if found else None


def _mentioned(pack: FieldPack, text: str, *, pets: bool = False) -> str | None:
    people = _mention_pattern(_key(pack))
    # "I'm a dad and …" speaks of nobody else
    match = next((m for m in people.finditer(text) if not _AM.search(text, 0, m.start())), None)
    if match:
        return _index(_key(pack))[_words(match.group("who"))]
    if pets and _PETS in pack.vocabularies:
        for value, term in pack.vocabularies[_PETS].items():
            if any(mentions(text, spelling) for spelling in term.spellings):
                return value
    return None


def mentions(text: str, spelling: str) -> bool:
    """Whether the text holds the spelling; English words must stand alone."""
    return find(text, spelling) >= 0


def find(text: str, spelling: str, at: int = 0) -> int:
    """Offset of a spelling from `at` on, or -1. Case does not count; Latin words must stand alone."""
    low, wanted = text.casefold(), spelling.casefold()
    if len(low) != len(text):  # casefolding changed lengths (ß …): fall back to plain lower case
        low, wanted = text.lower(), spelling.lower()
    if not wanted.isascii():
        return low.find(wanted, at)
    match = re.compile(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])").search(low, at)
    return match.start() if match else -1


def _words(name: str) -> str:
    return re.sub(r"\s+", " ", name.casefold())


def _key(pack: FieldPack) -> tuple[tuple[str, Term], ...]:
    return tuple(pack.vocabularies.get(_PEOPLE, {}).items())


@functools.lru_cache(maxsize=8)
def _index(people: tuple[tuple[str, Term], ...]) -> dict[str, str]:
    return {spelling.casefold(): value for value, term in people for spelling in term.spellings}


@functools.lru_cache(maxsize=8)
def _gift_patterns(people: tuple[tuple[str, Term], ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    zh, en = _names(people)
    chinese = re.compile(
        rf"(?:买给|送给|寄给|拍给|带给|给|送|帮|替)(?:了|一[个盒件双]|两[盒件双])*(?:我|咱|俺|我们)?家?(?:的)?(?:小|老|大)?(?P<who>{zh})(?!打电话|打了|看了|说|发)"
    )
    english = re.compile(
        rf"\b(?:for|to) (?:my|our|a|his|her)(?: (?!ex-?\b|favou?rite\b)[\w-]+){{0,2}}? (?P<who>{en})\b", re.IGNORECASE
    )
    return chinese, english


@functools.lru_cache(maxsize=8)
def _mention_pattern(people: tuple[tuple[str, Term], ...]) -> re.Pattern[str]:
    zh, en = _names(people)
    return re.compile(
        rf"(?P<who>{zh}|(?<=my )(?:{en})|(?<=our )(?:{en})|(?<=his )(?:{en})|(?<=her )(?:{en})|(?<=\bthe )(?:{en})|(?<=\ba )(?:{en}))(?![a-z])",
        re.IGNORECASE,
    )


def _names(people: tuple[tuple[str, Term], ...]) -> tuple[str, str]:
    spellings = sorted({s for _, term in people for s in term.spellings}, key=len, reverse=True)
    zh = "|".join(re.escape(s) for s in spellings if not s.isascii() and not re.search("[a-zé]", s))
    en = "|".join(re.escape(s) for s in spellings if s.isascii() or re.search("[a-zé]", s))
    return zh or "(?!)", en or "(?!)"

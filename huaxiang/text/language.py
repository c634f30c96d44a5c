"""Which language a text is in, by script first, and where its sentences end.

Script decides in about one microsecond. Latin text longer than `LATIN_MIN_CHARS` is English by its function words and
its letters (`huaxiang.text.english`); what is not goes to lingua, if that is installed, for the name of its language.
"""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from typing import Any

from huaxiang.text.english import cost_above_english

LATIN_MIN_CHARS = 20
_LOOK = 2000  # characters: more do not change the answer
_PUNCTUATION = '.,;:!?()[]"“”…'
_LATIN_LANGUAGES = ("ENGLISH", "FRENCH", "GERMAN", "SPANISH", "PORTUGUESE", "ITALIAN", "DUTCH")

_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_OTHER = re.compile(
    r"(?P<ja>[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d])|(?P<ko>[\uac00-\ud7af\u1100-\u11ff\u3131-\u318e])"
    r"|(?P<ru>[\u0400-\u052f])|(?P<ar>[\u0600-\u06ff\u0750-\u077f])|(?P<he>[\u0590-\u05ff])|(?P<el>[\u0370-\u03ff])"
    r"|(?P<th>[\u0e00-\u0e7f])|(?P<hi>[\u0900-\u097f])"
)
_NOT_PLAIN = re.compile(  # any letter that is not Han: without one, a single look settles it
    r"[A-Za-z\u00c0-\u024f\u0370-\u052f\u0590-\u06ff\u0750-\u077f\u0900-\u097f\u0e00-\u0e7f\u1100-\u11ff"
    r"\u3041-\u3096\u30a1-\u30fa\u3131-\u318e\uac00-\ud7af\uff66-\uff9d]"
)
_FULL_WIDTH = {code: code - 0xFEE0 for code in [*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}

_ENGLISH = frozenset(
    "the and is it this that was for you not but with have had are my they very they've i'm i've it's don't of to at be "
    "would will what when where how which were has been its your their from as there if or so we our he she just than "
    "does did can could an get got good great nice works work well better best easy love quality shipping price cheap "
    "really just only much too some more really little highly should awesome".split()
)
_FOREIGN = (
    frozenset(
        "le la les des est et une pas que qui dans pour avec sur mais très je vous nous ce cette il elle au aux du "
        "der die das und ist nicht ein eine ich sie mit auf für den dem sehr war auch aber zu wir es "
        "el los las del que es muy una con para por pero no lo se su como más está "
        "o os um uma não muito com mas em na da do eu foi é "
        "il gli di che non un per sono molto della con ho più "
        "het een en van niet dat zeer maar met voor ik wel "
        "och som är av till inte jag har og er på af ikke ja ei ett että se "
        "w z się nie że jest i je v że na s až sa ako ang ng mga ay yang dan di dengan untuk tidak ini itu dari "
        "ve bir bu için ile și să nu este cu và của là có không az és nem hogy amb els ya wa kwa ni katika".split()
    )
    - _ENGLISH
    - set("i a am me no do on in as die man her all also was an so".split())
)
_CLEARLY, _LIKELY = 0.3, 0.5
"""Bits a letter above what English costs: up to the first still English with function words, up to the second unclear."""


def detect(text: str) -> str:
    """Language of a text as an ISO 639-1 code: "zh", "en", others, or "und" where there is nothing to tell it by.

    A mixed text goes to the script that carries more: a Han character counts as one, a Latin word as one.
    Kana make it "ja" where they are more than a tenth of the characters (Chinese writers use の as an ornament).
    """
    if len(text) > _LOOK:
        text = text[:_LOOK]
    if text.isascii():
        if _WORD.search(text) is None:
            return "und"
        return "en" if len(text) <= LATIN_MIN_CHARS else _latin(text)
    if _NOT_PLAIN.search(text) is None:
        return "zh" if _HAN.search(text) else _by_full_width(text)
    han = len(_HAN.findall(text))
    other = _OTHER.search(text)
    if other is not None:
        code = _by_other_script(text, han)
        if code:
            return code
    words = len(_WORD.findall(text))
    if han and han >= words:
        return "zh"
    if not words:
        return _by_full_width(text)
    return "en" if han or len(text) <= LATIN_MIN_CHARS else _latin(text)


def _by_full_width(text: str) -> str:
    return "en" if _WORD.search(text.translate(_FULL_WIDTH)) else "und"


def _by_other_script(text: str, han: int) -> str:
    counts: dict[str, int] = {}
    for found in _OTHER.finditer(text):
        name = found.lastgroup or ""
        counts[name] = counts.get(name, 0) + 1
    code, count = max(counts.items(), key=lambda pair: pair[1])
    if code == "ja":
        return "ja" if count > 1 and count * 10 > han + count else ""
    return code if count > han + len(_WORD.findall(text)) else ""


def _latin(text: str) -> str:
    """Language of Latin text: English by function words and letters; else lingua's word for it, else "und"."""
    words = [word.strip(_PUNCTUATION) for word in text.lower().split()]
    english = sum(word in _ENGLISH for word in words)
    foreign = sum(word in _FOREIGN for word in words)
    if english > 2 * foreign and english * 4 >= len(words) and english > 1:
        return "en"
    above = cost_above_english(text)
    if (above <= 0 and english >= foreign) or (above <= _CLEARLY and english > foreign):
        return "en"
    detector = _lingua()
    found = detector.detect_language_of(text) if detector is not None else None
    if found is None:
        return "en" if above <= _LIKELY and not foreign else "und"
    code = str(found.iso_code_639_1.name.lower())
    return code if code != "en" or (above <= _LIKELY and foreign <= english) else "und"


@cache
def _lingua() -> Any | None:
    if importlib.util.find_spec("lingua") is None:
        return None
    from lingua import Language, LanguageDetectorBuilder

    chosen = [getattr(Language, name) for name in _LATIN_LANGUAGES]
    return LanguageDetectorBuilder.from_languages(*chosen).build()


# A sentence ends at 。！？… and their Latin kin with what closes after them, or at a line break. A Latin full stop ends
# one before a blank or the end, or before a capital glued to a lower-case word ("affordable.I did").
_END = re.compile(
    r"(?:[。！？!?｡]+|…+|\.{3,}|(?<=[\w%)\]\"'”’])\.(?=[\s\"'”’)\]]|$)|(?<=[a-z)])\.(?=[A-Z][a-z' ])"
    r"|(?<=[\u3400-\u9fff])\.(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])[~～]+|；|(?<=[\u3400-\u9fff]);|;(?=[\u3400-\u9fff]))[。！？!?…~～.]*[\"'”’」』）)\]】]*|[\r\n]+"
)
_ABBREVIATION = re.compile(r"(?:\b(?:mr|mrs|ms|dr|prof|st|no|vs|etc|inc|ltd|co|jr|sr|approx|dept|fig|e\.g|i\.e|u\.s|a\.m|p\.m)|\b[A-Za-z])$", re.I)  # fmt: skip


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the sentences of a Chinese, English or mixed text, in order, without outer white space.

    What is only punctuation or blanks belongs to no sentence, so a text without letters gives [].
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for end in _END.finditer(text):
        if end.group().startswith(".") and len(end.group()) == 1 and _ABBREVIATION.search(text, start, end.start()):
            continue
        _keep(text, start, end.end(), spans)
        start = end.end()
    _keep(text, start, len(text), spans)
    return spans


def _keep(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    inner = piece.strip()
    if any(char.isalnum() or (ord(char) > 0x2600 and not _is_cjk_mark(char)) for char in inner):
        spans.append((start + left, start + left + len(inner)))


def _is_cjk_mark(char: str) -> bool:
    return "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef"

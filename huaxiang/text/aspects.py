"""Which aspects a text speaks of, and how: cue words for the aspect, the trained model for the opinion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from huaxiang.text.language import split_sentences
from huaxiang.text.sentiment import Sentiment, SentimentModel, sentence_polarities
from huaxiang.text.taxonomy import ASPECTS, cues

__all__ = ["ASPECTS", "AspectMention", "aspect_of_question", "aspect_opinions", "find_aspects", "split_clauses"]


@dataclass(frozen=True, slots=True)
class AspectMention:
    """An aspect and the half-open offsets of the words that show it."""

    aspect: str
    start: int
    end: int


_LATIN_WORD = re.compile(r"[a-z][a-z'’-]*")
_KEY = 3  # leading letters by which English cues are looked up

# Words in which a cue of one character says something else.
_ZH_NOT = re.compile(
    r"珍贵|宝贵|尊贵|高贵|贵姓|贵公司|贵店|贵宾|退休|退步|密码|号码|编码|扫码|数码|代码|解码|验证码|二维码|起码|条码|软件|软体|硬件|辛苦|刻苦|痛苦|酸奶|酸碱|"
    r"证书|图书馆|说明书|秘书|书包|书房|书桌|书架|减肥|肥皂|肥料|辣条|麻辣|吵架|入场券|床单|床上|肥胖|臭美|腰酸|背酸|腿酸|手酸|酸痛|酸疼|酸胀|寒酸|心酸|屏蔽|屏风|香辣|甜蜜|烂漫|灿烂"
)
_EN_NOT = re.compile(r"\b(?:at (?:the )?last|last (?:week|month|year|night|time|one|day|summer|winter|spring|fall)|looking (?:for|forward)|in (?:the )?first place|take place|a (?:great|good) deal of|deal with|hard to say|present(?:ly|ed)|sound(?:s)? like a plan)\b")  # fmt: skip


@cache
def _by_first_zh() -> dict[str, list[tuple[str, str]]]:
    table: dict[str, list[tuple[str, str]]] = {}
    for cue, aspect in cues("zh"):
        table.setdefault(cue[0], []).append((cue, aspect))
    return table


@cache
def _by_prefix_en() -> dict[str, list[tuple[str, str]]]:
    table: dict[str, list[tuple[str, str]]] = {}
    for cue, aspect in cues("en"):
        table.setdefault(cue.rstrip("*")[:_KEY], []).append((cue, aspect))
    return table


def find_aspects(text: str) -> list[AspectMention]:
    """Mentions of known aspects in a Chinese, English or mixed text, by offset, without overlaps. About 10 µs each."""
    lower = text.lower() if len(text.lower()) == len(text) else text
    found = _zh_mentions(lower) + _en_mentions(lower)
    return sorted(found, key=lambda mention: mention.start)


def _zh_mentions(text: str) -> list[AspectMention]:
    table, found, at = _by_first_zh(), [], 0
    if text.isascii():
        return []
    barred = {i for word in _ZH_NOT.finditer(text) for i in range(word.start(), word.end())}
    while at < len(text):
        for cue, aspect in table.get(text[at], ()):
            if text.startswith(cue, at) and not (len(cue) == 1 and at in barred):
                found.append(AspectMention(aspect, at, at + len(cue)))
                at += len(cue) - 1
                break
        at += 1
    return found


def _en_mentions(text: str) -> list[AspectMention]:
    table, found, done = _by_prefix_en(), [], 0
    barred = {i for phrase in _EN_NOT.finditer(text) for i in range(phrase.start(), phrase.end())}
    for word in _LATIN_WORD.finditer(text):
        start, end = word.span()
        if start < done or start in barred:
            continue
        for cue, aspect in table.get(text[start : start + _KEY], ()):
            stop = _match_en(cue, text, start, end)
            if stop:
                found.append(AspectMention(aspect, start, stop))
                done = stop
                break
    return found


def _match_en(cue: str, text: str, start: int, end: int) -> int:
    """Where a cue that begins at `start` ends, or 0. `end` is the end of the first word."""
    if cue.endswith("*"):
        stem = cue[:-1]
        if " " in stem:
            last = re.compile(r"[a-z'’-]*").match(text, start + len(stem))
            return last.end() if last and text.startswith(stem, start) else 0
        # An ending, not another word: "cost*" is not "costume", "pill*" not "pillow".
        short = end - start - len(stem) <= (3 if len(stem) < 5 else 7)
        return end if text.startswith(stem, start) and short and text[start:end] not in _NOT_ENDINGS else 0
    stop = start + len(cue)
    if not text.startswith(cue, start):
        return 0
    return stop if stop >= len(text) or not (text[stop].isalnum() or text[stop] in "-") else 0


_NOT_ENDINGS = frozenset(
    "pillow pillows costume costumes cottage faded dishes dishwasher replica pills pilled respond "
    "ruby rubber rubbish tears fading itches lags laggard teary costa repack fakir".split()
) - {"faded", "fading", "pilled", "dishes", "itches", "lags", "respond"}


def aspect_of_question(question: str) -> list[str]:
    """Aspects that a question asks about, in order, each once; [] for a question about everything or nothing known."""
    return list(dict.fromkeys(mention.aspect for mention in find_aspects(question)))


# A contrast always parts two opinions; a comma only where both sides name an aspect.
_CONTRAST = re.compile(
    r"(?:但是|但|不过|可是|可惜|只是|(?<=[，, ])就是|然而|唯一|除了|美中不足)"
    r"|(?i:\b(?:but|however|although|though|except|yet|whereas|unfortunately|sadly)\b)"
)
_COMMA = re.compile(r"[，,、；;]|(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])|(?i:\s(?:and|while)\s)")
_MIN_WORDS_EN, _MIN_CHARS_ZH = 3, 2  # beside the aspect itself, for a piece to hold an opinion


def split_clauses(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the parts of a text that carry one opinion each: sentences, cut at contrasts and lists."""
    spans: list[tuple[int, int]] = []
    for start, end in split_sentences(text):
        cuts = [start]
        cuts += [found.start() for found in _CONTRAST.finditer(text, start, end) if found.start() > start]
        for left, right in zip(cuts, [*cuts[1:], end], strict=True):
            spans += _split_list(text, left, right)
    return [trimmed for span in spans if (trimmed := _trim(text, *span))[0] < trimmed[1]]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in "，,、；;"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "，,、；;"):
        end -= 1
    return start, end


def _split_list(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut at commas so that each piece has an aspect and room for an opinion; what has neither stays with its left."""
    borders = [start, *(found.start() for found in _COMMA.finditer(text, start, end)), end]
    pieces: list[tuple[int, int]] = []
    complete = False  # whether the last piece can stand alone
    for left, right in pairwise(borders):
        stands = _stands_alone(text[left:right])
        if pieces and not (complete and stands):
            pieces[-1] = (pieces[-1][0], right)
            complete = complete or stands
        else:
            pieces.append((left, right))
            complete = stands
    return pieces


def _stands_alone(piece: str) -> bool:
    mentions = find_aspects(piece)
    if not mentions:
        return False
    if piece.isascii():
        return len(piece.replace(",", " ").split()) - (piece.strip()[:3].lower() == "and") >= _MIN_WORDS_EN
    said = sum(mention.end - mention.start for mention in mentions)
    return sum(char.isalnum() for char in piece) - said >= _MIN_CHARS_ZH or any(m.end - m.start == 1 for m in mentions)


def aspect_opinions(text: str, model: SentimentModel | None = None) -> list[tuple[str, int, int, Sentiment]]:
    """What a text says of each aspect: (aspect, start, end, sentiment), offsets of the clause to quote, in order.

    One clause that names two aspects gives both the same sentiment; a clause that names one twice gives it once.
    """
    spans = split_clauses(text)
    mentions = [find_aspects(text[start:end]) for start, end in spans]
    kept = [span for span, found in zip(spans, mentions, strict=True) if found]
    judged = sentence_polarities(text, model, spans=kept) if kept else []
    opinions: list[tuple[str, int, int, Sentiment]] = []
    for (start, end, sentiment), found in zip(judged, [m for m in mentions if m], strict=True):
        for aspect in _names(found):
            opinions.append((aspect, start, end, sentiment))
    return opinions


def _names(mentions: Sequence[AspectMention]) -> list[str]:
    return list(dict.fromkeys(mention.aspect for mention in mentions))

"""What turns an opinion round: comparisons, wishes and conditions, in Chinese and English, by rule.

"Better than my old one" praises this one; "it would be perfect if it were lighter" is a complaint; "if it breaks I will
return it" is none. A model that adds words up reads all three by their words of praise or blame.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["Context", "Flag", "compared_spans", "context_of"]

Flag = Literal["comparison", "wish", "condition"]


@dataclass(frozen=True, slots=True)
class Context:
    """Flags of a clause, and the polarity that the construction alone decides: -1, 0, 1, or None where it does not."""

    flags: tuple[Flag, ...] = ()
    polarity: float | None = None


_BETTER_ZH = "好用|好看|好听|好吃|好得?多|好太多|好|强|快|稳|舒服|舒适|清晰|清楚|便宜|划算|实惠|耐用|结实|流畅|漂亮|轻便|轻|安静|省电|持久|新鲜|厚实|方便|靠谱|香|高级|优秀|出色|牢固"
_WORSE_ZH = "差|慢|贵|难用|难看|难听|难吃|重|卡|吵|烫|旧|烂|糟|弱|薄|脆弱|麻烦|逊色|落后|粗糙|模糊|短"
_GOOD_OR_BAD_ZH = f"{_BETTER_ZH}|{_WORSE_ZH}|久|大|长|多|高"
_RULES: tuple[tuple[Flag, float | None, str], ...] = (
    # wishes first: what is wished for is missing
    ("wish", -1.0, r"(?:要是|如果|若是?|假如|能|可以)[^。！？!?]{0,24}?(?:就(?:更|很|太)?(?:好|完美|棒|舒服|方便)了?|更好了?|就(?:给)?(?:五星|满分)了?)"),
    ("wish", -1.0, r"(?:希望|建议|盼望)[^。！？!?]{0,10}?(?:能|可以|改进|改善|改一?下|加强|提高|提升|增加|优化|快点|快一?些)"),
    ("wish", -1.0, r"(?i:\b(?:would(?:'ve| have)? (?:be|been)|'d be) (?:so much |much |even |a lot )?(?:nice|nicer|great|better|perfect|good|helpful)\b[^.!?]*?\b(?:if|to have)\b)"),
    ("wish", -1.0, r"(?i:\b(?:i|we) (?:just |only |really )?(?:wish|wished)\b|\bif only\b|\bcould (?:be|have been|use) (?:a (?:lot|bit|little) )?(?:better|more|some|louder|faster|softer|stronger|improve\w*|nicer|cheaper|brighter)\b|\bneeds? to (?:be )?improve\w*)"),
    # an event that has not happened
    ("condition", 0.0, r"(?:如果|要是|假如|万一|若是?)[^。！？!?]{1,24}?(?:我?就(?:会|要|得|只能)?(?:退|换|投诉|差评|不买|再|找|联系)|会不会|怎么办|该怎么)"),
    ("condition", 0.0, r"(?i:\bif (?:it|they|this|that|the \w+|my \w+)\b[^.!?]{1,60}?\b(?:i|we)(?:'ll| will|'d| would)\b|\bwhat if\b|\bin case (?:it|they|the|of)\b)"),
    # comparisons: first those that say less than, then better, then worse
    ("comparison", -1.0, rf"(?:不如|比不上|比不过|赶不上|不及|不敌|没有[^，。！？!?,很非真太]{{1,12}}?(?:那么|这么|那样)?(?:{_BETTER_ZH}|久|大|长|高))"),
    ("comparison", -1.0, r"(?i:\bnot (?:quite |nearly |even )?as (?:good|nice|fast|strong|clear|comfortable|durable|soft|loud|bright|sturdy|well|sharp|crisp|reliable)\b|\b(?:isn|wasn|aren|doesn|don)['’]?t (?:\w+ )?(?:as|so) (?:good|nice|fast|strong|clear|comfortable|durable|well)\b|\bno better than\b|\binferior to\b|\bn['’]t (?:\w+ )?any better\b)"),
    ("comparison", 1.0, rf"不比[^，。！？!?,]{{1,12}}?(?:{_WORSE_ZH})"),
    ("comparison", -1.0, rf"不比[^，。！？!?,]{{1,12}}?(?:{_BETTER_ZH})"),
    ("comparison", -1.0, rf"比[^，。！？!?,]{{1,14}}?(?:还|更|要|都|会)?(?:{_WORSE_ZH})(?:得?多|得?远|一?些|一?点|太多|了|$|[，。！!,；;])"),
    ("comparison", 1.0, rf"比[^，。！？!?,]{{1,14}}?(?:还|更|要|都|会)?(?:{_BETTER_ZH})"),
    ("comparison", 1.0, r"(?i:\b(?:better|nicer|faster|quicker|stronger|clearer|louder|brighter|softer|lighter|sturdier|cheaper|easier|sharper|superior|quieter|warmer|longer lasting|more (?:comfortable|durable|reliable|accurate|responsive|powerful|affordable|stylish))\b[^.!?,]{0,20}?\b(?:than|to) (?!expensive)|\b(?:beats|outperforms|outlasts|blows away|as good as)\b)"),
    ("comparison", -1.0, r"(?i:\b(?:worse|slower|weaker|cheaper[- ](?:made|looking)|flimsier|louder fan|heavier|duller|more (?:expensive|fragile|difficult|complicated))\b[^.!?,]{0,20}?\bthan\b)"),
    ("comparison", None, r"(?:跟|和|与|同)[^，。！？!?,]{1,12}?(?:一样|差不多|相比|比起来)|相比|(?i:\bcompared (?:to|with)\b|\bthan (?:my|the|his|her|our|other|any)\b|\bunlike\b)"),
)  # fmt: skip
_COMPILED = tuple((flag, polarity, re.compile(pattern)) for flag, polarity, pattern in _RULES)

_OLD = re.compile(
    r"(?<=[比如和跟与])(?:我)?(?:之前|以前|原来|上一?[个代款次双件台]|旧|老|别家|其他|另一?[个款家])(?:[\u3400-\u9fff]{0,3}的)?"
    r"|(?i:\b(?:than|to|as|unlike) (?:my|the|his|her|our|their|any|other|most)\s+(?:(?:old|new|first|last|previous|other|cheap|expensive)\s+)*\w+)"
)


def context_of(clause: str) -> Context:
    """How a clause's construction bears on its opinion; the first construction that decides the polarity wins."""
    flags: list[Flag] = []
    polarity: float | None = None
    for flag, decided, pattern in _COMPILED:
        if not pattern.search(clause):
            continue
        if flag not in flags:
            flags.append(flag)
        if polarity is None:
            polarity = decided
        if flag in ("wish", "condition"):
            break  # what would be better or worse then is no comparison of today
    return Context(tuple(flags), polarity)


def compared_spans(text: str) -> list[tuple[int, int]]:
    """Offsets of what this product is compared with ("my old one"): an aspect in there is not this product's."""
    return [found.span() for found in _OLD.finditer(text)]

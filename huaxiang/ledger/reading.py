"""Reading a sentence without a model: clauses, polarity and negation, questions, hypotheticals, quoted speech (zh, en)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"[。!?！？\n;；…]+|\.(?=\s|$)|(?<=[^\d])\.(?=[A-Z])|&nbsp;")
_CLAUSE_END = re.compile(
    r"[,，、:：()（）~～—]+|\s-+\s|\b(?:but|though|although|because|since|so|while|and then)\b|但是?|不过|就是(?=[^,。]{0,4}[,。])"
)
_QUOTE_PAIRS = (("“", "”"), ("「", "」"), ("『", "』"), ("‘", "’"), ("《", "》"))

_MASK = re.compile(
    r"特别|分别|个别|差别|级别|性别|区别|别的|别人|别家|告别|无线|无糖|无香|无乳|无论|不锈钢|不粘|不但|不仅|不止|不错|不过|不得不|差不多|不管|不论|不愧|没错|没想到|没得说|不一会|不大不小|not only|no doubt|no problem|no wonder"
    r"|not to mention|why not|no matter|(?:tast|smell|look|feel|sound|seem)(?:e?s|ed|ing)? (?:just |exactly |a bit |more )?like",
    re.IGNORECASE,
)
_POSITIVE = re.compile(
    r"改喝|改吃|喝回|只喝|只吃|天天喝|天天吃|每天都?喝|顿顿|爱上|迷上|上瘾|爱不释手|离不开|少不了|can(?:no|')?t live without|喜欢|喜爱|最爱|偏爱|钟爱|热爱|(?<![可亲恋敬])爱(?![好情人心护])|真爱|好这口|控(?!制|油|温)|绝美|正合我意|过不去了"
    r"|\b(?:love[sd]?|like[sd]?|adore[sd]?|enjoy(?:s|ed)?|favou?rites?|obsessed|fan of|prefer(?:s|red)?|sucker for|into|addicted|hooked|craves?|grown on me|partial to|obsession|crazy about|lover)\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"讨厌|厌恶|最恨|痛恨|反感|受不了|腻了|[闻吃喝穿用沾碰戴][不][了得]|不能(?:穿|吃|喝|用|碰|闻|沾)|过敏|起疹|泛红|发红|嫌|戒了|戒掉|戒断|不吃|不喝|不穿|不戴|不碰"
    r"|绕着走|绕道|难闻|避开|不行|"
    r"\b(?:hate[sd]?|dislike[sd]?|detest|despise|loathe|allergic|allergy|intolerant|avoid(?:s|ed|ing)?|itch(?:y|es|ing)?|rash|hives|gross|disgusting"
    r"|gave up|given up|giving up|quit|steer clear|stay away|breaks? me out|broke me out|break out|sensitive to|gag|sick of|tired of|fed up|stopped|cut out|swore off|sworn off|(?:gone|went)(?: right| completely| totally)? off|i'm off|am off|history|a no|off limits|(?:makes?|made) me (?:sick|queasy|ill|gag|sneeze|nauseous)|no(?=[^.!?;]{2,40} for me)|can't bear|nauseous|despises?)\b"
    r"|\b(?:can(?:no|')?t|cannot|can not|don'?t|do not|won't|never) (?:really )?(?:stand|wear|eat|drink|have|do|use|tolerate|handle|touch)\b"
    r"|\bno longer (?:drink|eat|wear|use)\b|\bnot (?:a|my|much of a) (?:big )?(?:fan|thing|cup of tea)\b",
    re.IGNORECASE,
)
_NEGATOR = re.compile(
    r"不是|并非|没有|谈不上|算不上|称不上|不|没|别|无|\bfar from\b|\banything but\b|\b(?:not|never|no|nobody|none|hardly|scarcely|barely|without|doubt|instead of|rather than|shouldn't|isn't|aren't|wasn't|don't|doesn't|didn't|can't|cannot|couldn't|won't"
    r"|wouldn't|haven't|hasn't|ain't|neither|nor)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"是不是|谁说|谁会|怎么可能|怎么会|难道|什么时候(?:说|变)|有没有|能不能|可不可以|会不会|要不要|怎么样|(?:吗|么|呢)\s*$|\b(?:who says|since when|as if|do you (?:really )?think)\b|^\s*(?:do|does|did|is|are|can|could|will|would|should|which|what|any)\b(?!.*\bi\b)",
    re.IGNORECASE,
)
_IF = re.compile(
    r"如果|要是|假如|假设|倘若|万一|(?<![服家你他她])的话(?=[,，]|$)|就好了|要能|早知道|假装|\bif\b|\bwish\b|\bunless\b|\bsuppos(?:e|ing)\b|\bimagine\b|\bpretend\b|\blet's say\b|\bassuming\b|\bhad i\b|\bin case\b", re.IGNORECASE
)  # fmt: skip
_MAYBE = re.compile(
    r"可能|也许|或许|说不定|大概会|考虑|\b(?:would|might|maybe|perhaps|could be|thinking (?:of|about)|considering|someday|one day)\b"
    r"|\bi'd (?:love|like|buy|wear|want|take|get)\b",
    re.IGNORECASE,
)
_PLAN = re.compile(
    r"打算|计划|准备(?=[养买换入学去])|想(?=[养换入学])|希望(?=能|可以|有)"
    r"|\b(?:want(?:ed|s)? (?:to|an?)|plan(?:ning|s)? (?:to|on)|going to|gonna|hop(?:e|ing) to|looking to|dream(?:ing)? of|wish(?:ing)? for)\b",
    re.IGNORECASE,
)
_NEARLY = re.compile(
    r"没(?:有)?把|(?:还|又|从来|根本|并)?没(?:有)?(?:舍得|卖|送|丢|扔|走丢|死|坏)|不(?:会|想|能|舍得)?(?:卖|送人|丢|扔)|差点|差一点|险些|几乎(?:要|把|就)|舍不得|没舍得|没忍心|不忍心|不打算|没打算|本来(?:想|要|打算|准备)|原本(?:想|要|打算|准备)|想过|考虑过|以为|找回来了|又回来了|怕|担心"
    r"|\b(?:haven't|hasn't|have not|has not|didn't|did not|never|won't|wouldn't|not) (?:yet |even |really |actually )?(?:sold|lost|given|give|sell|lose|rehomed?|gotten rid|got rid|get rid|parted?|died?|passed)\b"
    r"|\b(?:nearly|almost|came close to|(?:was|were) (?:going|about|planning|thinking|tempted|supposed) (?:to|of)|thought (?:about|of)|thought (?:I|we)(?:'d| had)?|considered"
    r"|couldn't (?:bear|bring|part)|can't (?:bear|bring) (?:myself )?to|afraid|worried|scared|feared|hate to lose|never (?:sold|lost|gave|parted))\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"现在|如今|目前|这回|\b(?:now|nowadays|these days|currently|today|this year|at the moment)\b", re.IGNORECASE
)
_PAST = re.compile(
    r"以前|曾经|小时候|从前|原先|前几年|年轻时|年轻那会|上学(?:时|那会)|当年|早年|早些年|过去(?=我|是|一直|都|总|很|也|几)|原来(?=是|我|一直|都|总|穿|用|喝|吃)|(?<![下单买用洗穿吃喝收])之前(?=是|一直|都|总|我|天天|每|穿|用|很|超)|本来是|一直以为|以为自己"
    r"|\bgrowing up\b|\bin the past\b|\b(?:I )?(?:always |had )?(?:thought|assumed) I (?:was|had)\b|\buntil (?:recently|last|this)\b|(?<!'m )(?<!am )(?<!get )(?<!got )(?<!are )\bused to\b|\bformerly\b|\bas a (?:kid|child)\b|\bback (?:when|then)\b"
    r"|\bpreviously\b|\bex-|\bpassed away\b|\bdied\b|去世",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"(?:(?<!我)(?<!我想)(?<![来用以如样据])(?:说|讲|表示|回复|写道|喊|问)|告诉我|跟我说|对我说|和我说"
    r"|(?<!\bI )\b(?:said|says|say|told me|tells me|claims?|claimed|wrote|swears?|insists?|insisted|replied|goes))\s*(?:that\s*)?[:：,，]?\s*[\"“'‘「]?\s*$",
)
_TELLS_AFTER = re.compile(
    r"^\s*[,，.。!！\"”'’」]*\s*(?:(?:他|她|他们|店员|客服|朋友|同事|老公|老婆|妈妈?|爸爸?)[^,，。]{0,3}(?:说|讲)的?"
    r"|(?:he|she|they|(?:my|the|our|a) [a-z]+(?: [a-z]+)?|[A-Z][a-z]+) (?:said|says|told me|claims?|claimed|swears|insists|wrote|replied)\b"
    r"|(?:said|says) (?:he|she|they|(?:my|the|our|a) \w+|[A-Z]\w+)\b)\s*(?:[,，.。!！;；\n]|$)",
)
_NOT_MY_LINE = re.compile(
    r"^\s*(?:>|(?:客服|店员|店主|卖家|商家|掌柜|小二|助手|机器人|系统|AI|assistant|agent|staff|support|bot|seller|system|rep|cs|advisor|clerk)\s*\d*\s*[:：])",
    re.IGNORECASE,
)
_FIRST = re.compile(r"我|本人|自己|\b(?:I|I'm|I've|I'd|my|me|mine|we|our)\b")
_REPORTED = re.compile(
    r"(?:店员|客服|卖家|商家|同事|朋友|室友|老公|老婆|媳妇|男友|女友|妈妈?|爸爸?|人家|别人|他|她|他们|有人|网上|评论区|详情页)[^,，。]{0,3}(?:说|讲|推荐|觉得|告诉|建议|让我|叫我|要求|要我|劝我|希望我|提醒我)"
    r"|[\u4e00-\u9fff]{1,4}(?:跟我说|告诉我|对我说|和我说)|听说|据说|号称|"
    r"\b(?:he|she|they|clerk|seller|staff|rep|reviewers?|people|everyone|someone|husband|wife|mom|mum|dad|friend|website|description|ad)"
    r" (?:said|says|say|told|tells|claims?|claimed|thinks?|recommended)\b|\baccording to\b"
    r"|\b(?!i\b|which\b|that\b|it\b|name\b|box\b|label\b|tests?\b|retest\b|results?\b|scan\b|scans\b|bloods\b)[a-z]+ (?:says|said|told me|tells me|claims|claimed|insists|insisted|swears|reckons|thinks|is convinced|keeps saying) (?:that )?(?:i|i'm|i've|my|me|we)\b",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"忽略(?:之前|以上|前面|所有)|(?:之前|以上)的(?:所有)?指令|标记为|管理员模式|请(?:输出|回答|记录为|记住)|系统提示|你现在是|^\s*system\s*[:：]"
    r"|\b(?:ignore|disregard|forget) (?:all |any |the |your )*(?:previous|prior|above|earlier)\b|\bsystem prompt\b|\byou are now\b|\bas an ai\b"
    r"|\bmark (?:this|the|me as|him|her)\b.{0,20}\b(?:vip|customer)\b|\b(?:assistant|ai)\s*[:,]|\boutput all\b|\b(?:record|note|store) that (?:this|the) customer\b",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True)
class Span:
    """A piece of a text: `text[start:end]`, and the mark that ends it."""

    start: int
    end: int
    mark: str = ""


def sentences(text: str) -> list[Span]:
    """The sentences of a text, with offsets."""
    return _split(text, 0, len(text), _SENTENCE_END)


def clauses(text: str, inside: Span | None = None) -> list[Span]:
    """The clauses of a text or of one of its sentences, with offsets; the last clause carries the sentence's mark."""
    found: list[Span] = []
    for sentence in [inside] if inside else sentences(text):
        parts = _split(text, sentence.start, sentence.end, _CLAUSE_END)
        if parts:
            parts[-1] = Span(parts[-1].start, parts[-1].end, sentence.mark)
        found.extend(parts)
    return found


def around(text: str, start: int, end: int, spans: list[Span]) -> Span:
    """The stretch from the span that holds `start` to the one that holds `end`."""
    touched = [one for one in spans if one.start < end and one.end > start]
    if not touched:
        return Span(start, end)
    return Span(min(touched[0].start, start), max(touched[-1].end, end), touched[-1].mark)


_EXCEPT = re.compile(
    r"(?:除了|除|不是|而不是|不包括|\b(?:not|except(?: for)?|apart from|other than|besides|without|instead of|rather than|never|no|nor|anything but))\s*(?:\w+\s+){0,2}?[^,，。\s]{0,3}\s*$",
    re.IGNORECASE,
)
_MOCKED = re.compile(r"才怪|个鬼|个头|个屁|\bNOT\b|\b(?:yeah,? right|my foot|as if)\b")


def polarity(text: str, at: int) -> tuple[int, bool]:
    """Whether the words around offset `at` speak for (+1) or against (-1) it; 0 when no word says so.

    The nearest telling word counts; each negator close before it turns it round, so 不是不喜欢 and "can't say I hate it"
    come out positive.

    Returns:
        The sign, and whether it came from a double negation (weaker than a plain statement).
    """
    masked = _MASK.sub(lambda m: "\x00" * len(m.group()), text)
    cues = [(m, -1) for m in _NEGATIVE.finditer(masked) if m.group()]
    taken = [(m.start(), m.end()) for m, _ in cues]
    cues += [(m, 1) for m in _POSITIVE.finditer(masked) if not any(s < m.end() and m.start() < e for s, e in taken)]
    if not cues:
        return 0, False
    cue, sign = min(cues, key=lambda c: min(abs(c[0].start() - at), abs(c[0].end() - at)))
    # "no leather, no wool for me": each of these speaks of its own
    turns = 0 if cue.group().casefold() == "no" else negators(masked, cue.start())
    # "I like tea, not coffee", "everything except coffee": a negator right before the value itself
    beyond = masked[cue.end() : at] if cue.end() <= at else masked[max(0, at - 8) : at] if cue.start() >= at else ""
    if turns == 0 and cue.group().casefold() == "no":
        return sign, False
    if _EXCEPT.search(beyond):
        return -sign if turns % 2 == 0 else sign, False
    if _MOCKED.search(masked, max(cue.end(), at)):
        return (-sign if turns % 2 == 0 else sign), False
    doubled = turns >= 2 or (sign < 0 and turns == 1)
    return (sign if turns % 2 == 0 else -sign), doubled


def negators(text: str, at: int, *, wide: bool = False) -> int:
    """How many negators stand close before offset `at`: within 6 characters (Chinese) or 4 words (English).

    `wide` looks nearly twice as far, for plain facts, where a negator anywhere in the clause tells.
    """
    before = text[max(0, at - (80 if wide else 40)) : at]
    ascii_words = re.findall(r"[A-Za-z']+", before)
    window = before[-10:] if wide else before[-6:]
    if ascii_words and before.rstrip()[-1:].isascii():
        window = " ".join(ascii_words[-8:] if wide else ascii_words[-4:])
    return len(_NEGATOR.findall(_MASK.sub("", window)))


def negated_after(text: str, at: int, end: int) -> bool:
    """Whether the clause takes back what it names at `at`: 猫我家没有, 狗我没养过."""
    return _AFTER.match(text, at, end) is not None


_AFTER = re.compile(
    r"\s?(?:我们?|我家|家里|咱家|本人|都|也|就|从来|一直|倒|可|其实|根本|并|是|完全)*(?:没有|没养|没买|没用|没碰|不养|不用|不戴|不是|没)(?!错|想到|什么?问题|问题|说的|得说|敢)"
)


def is_question(text: str, clause: Span) -> bool:
    """Whether the clause asks."""
    words = text[clause.start : clause.end]
    return "?" in clause.mark or "？" in clause.mark or _QUESTION.search(words) is not None


def is_hypothetical(text: str, sentence: Span, clause: Span) -> bool:
    """Whether the sentence sets a condition, or the clause only supposes."""
    return bool(_IF.search(text[sentence.start : sentence.end]) or _MAYBE.search(text[clause.start : clause.end]))


def is_planned(text: str, clause: Span) -> bool:
    """Whether the clause speaks of what is only wanted or planned."""
    return _PLAN.search(text[clause.start : clause.end]) is not None


def is_nearly(text: str, sentence: Span, clause: Span) -> bool:
    """Whether what the clause says is over only nearly ended, or was feared, meant or taken for ended."""
    return _NEARLY.search(text[clause.start : clause.end]) is not None or (
        _BACK.search(text[clause.end : sentence.end]) is not None
    )


_BACK = re.compile(
    r"找回来了?|又回来了|还好没|幸好没|舍不得|没舍得|没卖成|没送成|\b(?:came (?:back|home)|found (?:him|her|it|them)|turned up|got it back|changed my mind|couldn't (?:part|bear|do it))\b",
    re.IGNORECASE,
)


def is_now(words: str) -> bool:
    """Whether these words hold one that says it is so now, or has come to be so."""
    return _NOW.search(words) is not None


def is_of_now(text: str, start: int, end: int) -> bool:
    """Whether the clause around these words says that it is so now, or has come to be so."""
    clause = around(text, start, end, clauses(text))
    return is_now(text[clause.start : clause.end])


_NOW = re.compile(
    r"现在|如今|目前|最近|变成?了?|变得|改|换成|升到|成了|转为?|→|\b(?:now|nowadays|these days|currently|turned|became|become|gone|switched|moved|lately|this year|since)\b",
    re.IGNORECASE,
)


def is_for_once(text: str, clause: Span) -> bool:
    """Whether a wish holds for this order or this day only, or is about reaching somebody else."""
    return _ONCE.search(text[clause.start : clause.end]) is not None


_ONCE = re.compile(
    r"打不通|没接|接不到|没人接|没打通|不方便接|这次|这单|本次|这回|这一[单次]|这个(?:快递|包裹|订单)|今天|明天|后天|暂时|临时|这两天|(?:联系|通知|打(?:电话)?给|电话)(?:一下)?(?:给)?(?:快递|司机|师傅|他|她|你们|您|物业|厂家|店家|卖家|商家|官方|我(?:老婆|老公|妈|爸|爱人|朋友|同事|对象|家人|媳妇))"
    r"|(?:联系|找|等|催|问)(?:了|过)?(?:你们|您|客服|商家|卖家|店家)|(?:联系|打)不(?:上|通)"
    r"|\b(?:(?:if|when) (?:I|we) (?:don't|can't|do not|cannot) (?:answer|pick up|hear)|no answer|this (?:time|once|order|parcel|one|delivery)|just (?:this )?once|today|tomorrow|tonight|for now|this week|(?:call|text|email|phone|ring|contact) (?:the (?:driver|courier|store|shop|seller)|my (?:wife|husband|mum|mom|dad|partner|son|daughter)|them|him|her|you)"
    r"|(?:reach|contact|call|get hold of) (?:you|your|support|customer service))\b",
    re.IGNORECASE,
)


def is_past(text: str, clause: Span, at: int = -1) -> bool:
    """Whether the clause speaks of what once was; "used to …, now I love it" does not, for what comes after "now"."""
    words = text[clause.start : clause.end]
    past = [m.end() for m in _PAST.finditer(words)]
    if not past:
        return False
    present = [m.end() for m in _PRESENT.finditer(words)]
    if at < 0 or not present:
        return True
    here = at - clause.start
    before = [one for one in past if one <= here]
    return not any(max(before, default=0) < one for one in present)


def is_reported(text: str, clause: Span, start: int, end: int) -> bool:
    """Whether the words at these offsets are somebody else's: in quotation marks, after or before "she said"."""
    for left, right in _QUOTE_PAIRS:
        opened = text.rfind(left, 0, start + 1)
        if opened >= 0 and text.find(right, opened) >= end - 1:
            return True
    if text.count('"', 0, start) % 2 == 1 and text.find('"', end) >= 0:
        return True
    plain = text.replace("’", "'")
    sentence = around(text, start, end, sentences(text))
    earlier = plain[sentence.start : clause.start]
    if _REPORTED.search(earlier) and not _FIRST.search(plain[clause.start : clause.end]):
        return True
    if _REPORTED.search(plain[clause.start : end]) or _TOLD.search(plain[max(0, clause.start - 40) : clause.start]):
        return True
    return _TELLS_AFTER.match(plain[clause.end : clause.end + 60]) is not None


def is_not_the_customers_line(text: str, start: int) -> bool:
    """Whether the line is quoted mail, or what staff or an assistant said in a pasted chat."""
    line = text.rfind("\n", 0, start) + 1
    return _NOT_MY_LINE.match(text[line : line + 40]) is not None


def is_instruction(text: str, sentence: Span) -> bool:
    """Whether the sentence gives orders to an assistant; such a sentence is no fact about anybody."""
    return _INSTRUCTION.search(text[sentence.start : sentence.end]) is not None


def _split(text: str, start: int, end: int, ends: re.Pattern[str]) -> list[Span]:
    found, at = [], start
    for match in ends.finditer(text, start, end):
        if match.start() > at:
            found.append(Span(at, match.start(), match.group()))
        at = match.end()
    if at < end:
        found.append(Span(at, end))
    return found

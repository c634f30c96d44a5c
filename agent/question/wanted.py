"""What kind of fact a question wants: a name, an age, a birthday. A sentence without one does not answer it."""

from __future__ import annotations

import re

from agent.answer.check import quoted_words
from agent.answer.context import Context, Statement
from agent.question.cues import BREEDS


def _re(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_LIVING = r"(狗|猫|宠物|犬|孩子|娃|儿子|女儿|宝宝|孙子|孙女|外孙)"
_CHILDREN = r"(孩子|小孩|娃|儿子|女儿|宝宝|闺女|子女|孙子|孙女|外孙)"
_KIDS = r"(kids?|child(ren)?|sons?|daughters?|bab(y|ies)|boys?|girls?|toddlers?|little ones?|grand(child\w*|kids?|sons?|daughters?)|newborns?|twins)"
_PARTNER = r"(wife|husband|partner|girlfriend|boyfriend|spouse|fianc\w+|other half|better half)"
_SPOUSE = r"(老公|老婆|媳妇|对象|女朋友|男朋友|女友|男友|爱人|先生|太太|我妻|丈夫|结婚|未婚|单身)"
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    # the question, what a sentence that answers it must hold
    (_re(rf"{_LIVING}.{{0,6}}(叫(什么|啥)|名字|大名|小名)|名字(是|叫)|\b(dogs?|cats?|pets?|sons?|daughters?|kids?|child(ren)?|puppy|kitten)\b.{{0,12}}\b(called|names?|named)\b|\bnames? of (his|her|their) "), _re(r"叫|名|\b(named?|called|names?)\b|\b(dog|cat|puppy|kitten|son|daughter|kid)s?,? (?-i:[A-Z][a-z]+)\b|\b(?-i:[A-Z][a-z]+ and [A-Z][a-z]+)\b|\b(?-i:[A-Z][a-z]+) is (an?|my|our)\b")),
    (_re(rf"有.{{0,4}}{_CHILDREN}|几个{_CHILDREN}|{_CHILDREN}.{{0,2}}(几个|有几)|\b(have|has|had|got|any)\b.{{0,16}}\b{_KIDS}\b|\bhow many {_KIDS}\b|\ba (parent|mother|father|mum|mom|dad)\b"), _re(rf"(我|我家|咱|俺|给|带|家里|家有)(的|们|家)?.{{0,3}}{_CHILDREN}|{_CHILDREN}(说|用|吃|喝|玩|睡|很|超|特|也|才|今年|爱|喜欢|写|看|穿|\d|[一二三四五六七八九十])|当(了)?(妈|爸)|\b(my|our)\s+(\w+[\s-]+){{0,3}}{_KIDS}\b|\b(two|three|four|both|the) {_KIDS}\b|\b(as an?|being an?|i'?m an?) (\w+ )?(mum|mom|mother|dad|father|parent)\b")),
    (_re(r"有.{0,4}(对象|老婆|老公|女朋友|男朋友|伴侣)|结婚|成家|已婚|单身|\b(have|has|got) an? (wife|husband|partner|girlfriend|boyfriend|spouse)\b|\bmarried\b|\bis\s+(s?he\s+)?single\b"), _re(rf"{_SPOUSE}|\b(my|our) (\w+ )?{_PARTNER}\b|\b(married|single|engaged|widow\w*|divorced)\b")),
    (_re(r"\bbreeds?\b|(什么|啥|哪个|哪种)品种|品种是"), _re(BREEDS)),
    (_re(r"生日|\bbirthdays?\b|\bborn\b"), _re(r"生日|\bbirthday|\bborn\b")),
    (_re(rf"{_LIVING}.{{0,4}}(多大|几岁|几个月|年龄)|\bhow old\b|\bwhat age\b"), _re(r"岁|月大|\d+ ?个?月|周龄|年了|\b(years?|months?|weeks?) old\b|\baged?\b|\d+[- ](year|month|week)")),
    (_re(r"多高|身高|个子|\bhow tall\b|\b(his|her|their|[’']s) height\b"), _re(r"身高|个子|\d{3} ?(cm|公分|厘米)|一米[一-九\d]|\b(tall|height|feet|inches|cm)\b|\d['’]\d")),
    (_re(r"(开|有|买)(的|了)?(什么|啥|哪种|哪款)(牌子的?)?车|车(是)?什么(牌子|型号)|\b(what|which|kind of|sort of|make of) (car|vehicle|truck|bike)\b|\bcar\b.{0,20}\bdrive"), _re(r"车|驾|\b(cars?|driv\w+|vehicle|truck|suv|sedan|van|bikes?|motorcycle)\b")),
    (_re(r"工资|月薪|年薪|收入(多少|高|水平)|挣多少|赚多少|\bsalary\b|\bincome\b|\bearns?\b|\bmake a (year|month)\b"), _re(r"工资|薪|收入|挣|赚|\b(salary|income|earn\w*|wages?|paycheck)\b")),
    (_re(r"结婚|已婚|单身|对象|老公|老婆|丈夫|妻子|配偶|\bmarried\b|\bsingle\b(?! order| purchase| item)|\bspouse\b|\b(wife|husband|partner)\b"), _re(r"婚|单身|对象|老公|老婆|丈夫|妻|先生|太太|男友|女友|男朋友|女朋友|\b(married|single|spouse|wife|husband|partner|fianc\w+|boyfriend|girlfriend|wedding)\b")),
    (_re(r"学历|毕业|(哪|什么)(所|个)?(大学|学校)|\b(which|what) (school|college|university|degree)\b|\bstud(y|ied) (what|where)\b|\bwhere .{0,20}\bstud(y|ied)\b"), _re(r"学|毕业|\b(school|college|university|degree|stud\w+|graduat\w+|phd|master)\b")),
    (_re(r"星座|属(什么|相)|生肖|血型|\bstar sign\b|\bzodiac\b|\bblood type\b"), _re(r"座|属[鼠牛虎兔龙蛇马羊猴鸡狗猪]|型血|\b(aries|taurus|gemini|cancer|leo|virgo|libra|scorpio|sagittarius|capricorn|aquarius|pisces|blood type)\b")),
    (_re(r"(快递|物流|运)单号|\btracking (no|num|id)"), _re(r"\d{8,}|[A-Z]{2}\d{6,}")),
    (_re(r"职业|做什么工作|干什么工作|什么工作|\boccupation\b|\bfor a living\b|\b(his|her|their) job\b|\bwhere .{0,30}\bwork\b"), _re(r"上班|工作|老师|医生|护士|程序员|设计师|学生|公司|退休|开店|\b(work(s|ing)?|job|teach|teacher|nurse|doctor|engineer|shift|office|hospital|student|retired|shop|studio)\b")),
)  # fmt: skip


def asks(context: Context) -> bool:
    """Whether the question wants a fact of one of these kinds."""
    return any(asked.search(context.question) or asked.search(context.asked) for asked, _ in _KINDS)


def of_the_kind(context: Context, found: list[Statement]) -> list[Statement]:
    """Only the statements that hold what is asked for; all of them when the question wants no such thing."""
    patterns = [held for asked, held in _KINDS if asked.search(context.question) or asked.search(context.asked)]
    names = {aim.name for aim in context.aims}
    if not patterns or "contact" in names or ("identity" in names and not context.fields):
        return found
    return [one for one in found if all(p.search(quoted_words(one.text) or one.text) for p in patterns)]

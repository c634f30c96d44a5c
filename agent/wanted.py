"""What kind of fact a question wants: a name, an age, a birthday. A sentence without one does not answer it."""

from __future__ import annotations

import re

from agent.check import quoted_words
from agent.context import Context, Statement
from agent.cues import BREEDS


def _re(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_LIVING = r"(狗|猫|宠物|犬|孩子|娃|儿子|女儿|宝宝|孙子|孙女|外孙)"
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    # the question, what a sentence that answers it must hold
    (_re(rf"{_LIVING}.{{0,6}}(叫(什么|啥)|名字|大名|小名)|名字(是|叫)|\b(dogs?|cats?|pets?|sons?|daughters?|kids?|child(ren)?|puppy|kitten)\b.{{0,12}}\b(called|names?|named)\b|\bnames? of (his|her|their) "), _re(r"叫|名|\b(named?|called|names?)\b|\b(dog|cat|puppy|kitten|son|daughter|kid)s?,? (?-i:[A-Z][a-z]+)\b|\b(?-i:[A-Z][a-z]+ and [A-Z][a-z]+)\b|\b(?-i:[A-Z][a-z]+) is (an?|my|our)\b")),
    (_re(r"\bbreeds?\b|(什么|啥|哪个|哪种)品种|品种是"), _re(BREEDS)),
    (_re(r"生日|\bbirthdays?\b|\bborn\b"), _re(r"生日|\bbirthday|\bborn\b")),
    (_re(rf"{_LIVING}.{{0,4}}(多大|几岁|几个月|年龄)|\bhow old\b|\bwhat age\b"), _re(r"岁|月大|\d+ ?个?月|周龄|年了|\b(years?|months?|weeks?) old\b|\baged?\b|\d+[- ](year|month|week)")),
    (_re(r"(快递|物流|运)单号|\btracking (no|num|id)"), _re(r"\d{8,}|[A-Z]{2}\d{6,}")),
    (_re(r"职业|做什么工作|干什么工作|什么工作|\boccupation\b|\bfor a living\b|\b(his|her|their) job\b|\bwhere .{0,30}\bwork\b"), _re(r"上班|工作|老师|医生|护士|程序员|设计师|学生|公司|退休|开店|\b(work(s|ing)?|job|teach|teacher|nurse|doctor|engineer|shift|office|hospital|student|retired|shop|studio)\b")),
)  # fmt: skip


def of_the_kind(context: Context, found: list[Statement]) -> list[Statement]:
    """Only the statements that hold what is asked for; all of them when the question wants no such thing."""
    patterns = [held for asked, held in _KINDS if asked.search(context.question) or asked.search(context.asked)]
    names = {aim.name for aim in context.aims}
    if not patterns or "contact" in names or ("identity" in names and not context.fields):
        return found
    return [one for one in found if all(p.search(quoted_words(one.text) or one.text) for p in patterns)]

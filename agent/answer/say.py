"""How the agent says that it does not know: the reason, in words, and what would help."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agent.answer.context import Context
from huaxiang.schema.answer import AbstainReason
from huaxiang.store import read


@dataclass(frozen=True)
class Abstention:
    """A reason, the words for it, and what would help."""

    reason: AbstainReason
    text: str
    help: str | None = None


def abstain(reason: str, context: Context) -> Abstention:
    """The abstention for this reason, in the question's language."""
    say = context.say
    if reason == "no_such_customer":
        who = ", ".join(context.scope.unknown)
        text = say(f"没有找到顾客“{who}”。", f"There is no customer “{who}” in this shop.")
        return Abstention(
            "no_such_customer", text, say("请核对姓名、编号、电话或邮箱。", "Check the name, id, phone or e-mail.")
        )
    if reason == "ambiguous":
        return _ambiguous(context)
    if reason == "not_allowed":
        text = say(
            "这个问题我不能回答:涉及不允许使用的个人信息,或要交出大量隐私数据。",
            "I may not answer this: it asks for personal data that must not be used or handed out.",
        )
        return Abstention(
            "not_allowed",
            text,
            say(
                "可以问购买、评价、偏好等与服务有关的问题。",
                "Ask about purchases, reviews or preferences that the service needs.",
            ),
        )
    if reason == "out_of_scope":
        text = say(
            "这不在我的职责范围内:我只根据店里的记录回答关于顾客的问题,也不能代为操作。",
            "That is outside what I do: I answer questions about this shop's customers from its records, and change nothing.",
        )
        return Abstention(
            "out_of_scope",
            text,
            say("请问某位顾客买过什么、说过什么、喜欢什么。", "Ask what a customer bought, said or likes."),
        )
    if reason == "conflict":
        text = say(
            f"{context.person}的记录互相矛盾,不能确定。",
            f"The records on {context.person} contradict each other, so I cannot tell.",
        )
        return Abstention(
            "conflict", text, say("请向顾客确认,并在档案里更正。", "Ask the customer and correct the profile.")
        )
    who = context.person if context.customer_id else ""
    text = say(
        f"不知道:{who + '的' if who else ''}记录里没有能回答这个问题的内容。",
        f"I do not know: nothing on record{f' for {who}' if who else ''} answers this.",
    )
    return Abstention(
        "no_evidence", text, say("可以直接询问顾客,或导入更多记录。", "Ask the customer, or import more records.")
    )


def not_understood(context: Context, words: Iterable[str]) -> Abstention:
    """That words of the question were not understood, which ones, and that an answer without them would be another one's."""
    listed = "、".join(f"「{one}」" for one in words) if context.zh else ", ".join(f"“{one}”" for one in words)
    text = context.say(
        f"我没看懂这些词:{listed},所以不回答:不管它们就成了另一个问题。",
        f"I did not understand {listed}, so I give no figure: leaving that out would answer another question.",
    )
    return Abstention(
        "ambiguous",
        text,
        context.say(
            "请换一种说法,日期可写成 2026-05-01 至 2026-05-31,或说明是哪位顾客。",
            "Say it in other words, a date as 2026-05-01 to 2026-05-31, or name the customer.",
        ),
    )


def _ambiguous(context: Context) -> Abstention:
    say = context.say
    candidates = [one for mention in context.scope.ambiguous for one in mention.customers][:6]
    people = read.customers_by_id(context.deps.shop, candidates)
    listed = [f"{p.name or ''}({p.customer_id}{', ' + p.city if p.city else ''})" for p in people.values()]
    if not listed:
        return Abstention(
            "ambiguous",
            say("您问的是哪位顾客?", "Which customer do you mean?"),
            say("请给出姓名、编号、电话或邮箱。", "Give a name, id, phone or e-mail."),
        )
    text = say(
        f"有 {len(listed)} 位可能的顾客:{'、'.join(listed)}。您指哪一位?",
        f"{len(listed)} customers fit: {'; '.join(listed)}. Which one?",
    )
    return Abstention("ambiguous", text, say("请用编号再问一次。", "Ask again with the id."))

"""Whether a customer's stars rise or fall: the mean of the earlier half of the rated reviews against the later half."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.answer.context import Context, Statement
from tools.timeline import Entry

ASKED = re.compile(
    r"(变|走|升|涨|越来越|提)(得|越)?(高|好)|(变|走|降|跌|越来越)(得|越)?(低|差)|上升|上涨|下降|下滑|下跌|回升|趋势|走势|往上|往下|(升|涨|高|好)了?(还是|或)(降|跌|低|差|掉)|(降|跌|低|差|掉)了?(还是|或)(升|涨|高|好)|(在|是)(涨|掉|升|降)|涨了|跌了|掉了|[涨升]没[涨升]|越[打给]越|越来越[多少]"
    r"|\b(trend\w*|rising|rise|rose|falling|fall|fell|dropp?(ing|ed)?|declin\w*|improv\w*|slipp?\w*|climb\w*|better or worse|up or down|getting (better|worse|higher|lower|kinder|harsher)|go(ing|ne)? (up|down)|went (up|down)|higher or lower|lower or higher|as time goes|over time|which (way|direction)|increas\w*|decreas\w*|head(ing|ed)|changed?(?= (from|since|over|with)\b))\b",
    re.IGNORECASE,
)
"""Words by which a question asks for the direction."""
LEAST = 4
"""Rated reviews below which a direction means nothing."""
STEADY = 0.25
"""Stars by which the halves must differ to be called a rise or a fall."""


def trend(context: Context, entries: list[Entry]) -> list[Statement]:
    """One statement with both halves' means; [] for fewer than `LEAST` dated ratings.

    Args:
        entries: reviews with a rating, in any order.
    """
    dated = sorted((e for e in entries if e.event.occurred_at is not None), key=lambda e: e.event.occurred_at or 0)
    if len(dated) < LEAST:
        return []
    half = len(dated) // 2
    early, late = dated[:half], dated[-half:]
    parts = [
        Part(half, sum(e.event.rating or 0 for e in part) / half, part[0].event.occurred_at, part[-1].event.occurred_at)
        for part in (early, late)
    ]
    return [said(context, context.person, parts[0], parts[1], tuple(e.evidence_id for e in (*early, *late)))]


@dataclass(frozen=True)
class Part:
    """The earlier or the later half: how many ratings, their mean, the first and the last moment."""

    count: int
    mean: float
    first_at: int | None
    last_at: int | None


def said(context: Context, whose: str, early: Part, late: Part, evidence: tuple[str, ...]) -> Statement:
    """Which way the ratings go, with both means and their days."""
    way = 0 if abs(late.mean - early.mean) < STEADY else 1 if late.mean > early.mean else -1
    zh = {1: "在上升(变高)", -1: "在下降(变低)", 0: "基本持平"}[way]
    en = {1: "rise (up, higher)", -1: "fall (down, lower)", 0: "stay about level"}[way]
    ends = [context.day(at) for at in (early.first_at, early.last_at, late.first_at, late.last_at)]
    text = context.say(
        f"{whose}的评分{zh}: 较早 {early.count} 条({ends[0]} 至 {ends[1]})平均 {early.mean:.2f} 星,较近 {late.count} 条({ends[2]} 至 {ends[3]})平均 {late.mean:.2f} 星。",
        f"{whose}'s ratings {en}: the earlier {early.count} ({ends[0]} to {ends[1]}) average {early.mean:.2f} stars, the later {late.count} ({ends[2]} to {ends[3]}) {late.mean:.2f}.",
    )
    customer = context.customer_id
    return Statement(
        text, evidence, direct=True, figures=(text,), customer_id=customer, kind="fact" if customer else "summary"
    )

"""Who is about to leave a shop that keeps no orders: told by when customers last wrote, against their habit, and by their stars."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import fmean

import sqlalchemy as sa

from agent.answer.context import Context, Statement
from huaxiang import clock, ids
from huaxiang.store import read
from huaxiang.store import tables as t

ASKED = re.compile(
    r"流失|要走|快走|离开|沉睡|不来|唤回|\bchurn\w*|\babout to leave\b|\bat risk\b|\blaps\w*|\bleaving\b|\bgone quiet\b|\bwin back\b",
    re.IGNORECASE,
)
LEAST = 3
"""Texts of a customer below which there is no habit."""
RATIO = 2.0
"""Times the usual gap after which somebody is quiet."""
SHORTEST = 7
"""Days that a usual gap is taken for at least: several texts of one week are one visit."""
RECENT = 365
"""Days since the last text beyond which a customer has left rather than being about to."""
SHOWN = 5


@dataclass(frozen=True)
class _Quiet:
    customer: str
    days: int
    gap: float
    fall: float
    stars: tuple[float, float] | None
    last_at: int
    event_ids: tuple[str, ...]


def leaving(context: Context) -> list[Statement]:
    """Customers quiet for more than twice their usual gap, those whose stars fell first; [] where the shop keeps orders."""
    kinds = read.kinds(context.deps.shop)
    if not ASKED.search(context.question) or "order" in kinds:
        return []
    today = clock.end_of_day(context.deps.shop.today(), context.deps.shop.tz)
    quiet = [one for one in _customers(context, today) if one.days > RATIO * one.gap]
    near = [one for one in quiet if one.days <= RECENT]
    chosen = sorted(near, key=lambda one: (-(one.fall >= 0.5), -one.days / one.gap, one.customer))[:SHOWN]
    if not chosen:
        return []
    known = read.customers_by_id(context.deps.shop, [one.customer for one in chosen])
    parts = []
    for one in chosen:
        person = known.get(one.customer)
        name = (
            one.customer
            if person is None or not person.name
            else context.say(f"{person.name}({one.customer})", f"{person.name} ({one.customer})")
        )
        stars = ""
        if one.stars is not None:
            stars = context.say(
                f",评分 {one.stars[0]:.2f} → {one.stars[1]:.2f}", f", stars {one.stars[0]:.2f} → {one.stars[1]:.2f}"
            )
        parts.append(
            context.say(
                f"{name}: 最近一次在 {context.day(one.last_at)},已 {one.days} 天(平均间隔 {one.gap:.0f} 天){stars}",
                f"{name}: last wrote on {context.day(one.last_at)}, {one.days} days ago (mean gap {one.gap:.0f} days){stars}",
            )
        )
    body = ("；" if context.zh else "; ").join(parts)
    day = context.deps.shop.today()
    text = context.say(
        f"店里没有订单记录,只能按发言和评分判断(截至 {day}):写过至少 {LEAST} 条、沉默超过平均间隔 {RATIO:g} 倍且不足 {RECENT} 天的顾客有 {len(near)} 位;评分下降的在前: {body}。",
        f"The shop keeps no orders, so this is told by when customers wrote and how they rated, as of {day}: {len(near)} customers with at least {LEAST} texts have been quiet for more than {RATIO:g} times their mean gap and less than {RECENT} days; falling stars first: {body}.",
    )
    cited = tuple(ids.record_evidence_id(event) for one in chosen for event in one.event_ids)
    return [Statement(text, cited, direct=True, figures=(text,), kind="summary")]


def _customers(context: Context, today: int) -> list[_Quiet]:
    """Everybody with a habit: the days since their last text, their usual gap, their stars in two halves."""
    e = t.events.c
    query = (
        sa.select(e.event_id, e.customer_id, e.occurred_at, e.rating)
        .where(e.occurred_at.is_not(None), e.occurred_at <= today, e.speaker == "customer", e.kind.in_(("review", "message", "ticket", "survey")))
        .order_by(e.customer_id, e.occurred_at, e.event_id)
    )  # fmt: skip
    among = set(context.memo.get("among") or ())
    own: dict[str, list[tuple[str, int, float | None]]] = {}
    with context.deps.shop.engine.connect() as connection:
        for event, customer, at, rating in connection.execute(query):
            if not among or customer in among:
                own.setdefault(str(customer), []).append((str(event), int(at), rating))
    found = []
    for customer, rows in own.items():
        days = sorted({at // 86_400 for _, at, _ in rows})
        if len(rows) < LEAST or len(days) < LEAST:
            continue
        gap = max(float(SHORTEST), (days[-1] - days[0]) / (len(days) - 1))
        stars = [rating for _, _, rating in rows if rating is not None]
        half = len(stars) // 2
        halves = (fmean(stars[:half]), fmean(stars[-half:])) if len(stars) >= 4 else None
        last = rows[-1][1]
        found.append(
            _Quiet(
                customer,
                (today - last) // 86_400,
                gap,
                halves[0] - halves[1] if halves else 0.0,
                halves,
                last,
                tuple(one for one, _, _ in rows[-4:]),
            )
        )
    return found

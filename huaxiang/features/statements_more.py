"""Rules that turn features into statements: tastes, ratings, times, channels, tickets, activity, and the paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from huaxiang.features import statements, tastes, wording
from huaxiang.features.statements import Context, Draft, Row, draft
from huaxiang.store.render import KIND_LABELS

_VERB = {"order": ("购买", "bought"), "review": ("评价", "reviewed"), "view": ("浏览", "looked at")}
_LABEL = {"category": ("类目", "categories"), "brand": ("品牌", "brands"), "color": ("颜色", "colours")}
_RULE = {"category": "categories", "brand": "brands", "color": "colors"}
PARAGRAPH = "behaviour@1"
_PARAGRAPH_RULES = (
    "orders.count@1", "orders.spend@1", "orders.last@1", "orders.cadence@1", "categories.top@1", "brands.top@1",
    "discounts.share@1", "returns.count@1", "reviews.count@1", "active.hours@1", "tickets.open@1", "activity.last@1",
)  # fmt: skip


def likes_most(c: Context) -> Iterator[Draft]:
    """`categories.top@1`, `brands.top@1`, `colors.top@1` and their `.trend@1`."""
    for by in ("category", "brand", "color"):
        for stands_on, rows in c.affinities(by):
            chosen = chosen_of(rows[0]["basis"], by)
            fact = {f"top_{by}": rows[0]["value"]} if by != "color" else {}
            yield draft(stands_on, f"{_RULE[by]}.top@1", _top(rows[:3], by), chosen, **fact)
            trend = _trend(rows, by)
            if trend and by != "color":
                yield draft(stands_on, f"{_RULE[by]}.trend@1", trend, chosen)


def rates(c: Context) -> Iterator[Draft]:
    """`reviews.count@1`, `ratings.low@1`, `surveys.score@1`."""
    chosen: dict[str, Any] = {"kinds": ["review"]}
    for row in c.ratings():
        n, mean = row["review_count"], row["mean_rating"]
        pair = (f"写过 {n} 条评价", f"Wrote {wording.plural(n, 'review')}")
        if mean is not None:
            score = wording.number(mean)
            pair = (f"{pair[0]},平均评分 {score}(满分 5)", f"{pair[1]}, mean rating {score} of 5")
        yield draft(row, "reviews.count@1", pair, chosen, review_count=n, avg_rating=mean)
        if row["rated"] >= 2:
            low = round(row["low_share"] * row["rated"])
            share = wording.percent(row["low_share"])
            pair = (
                f"{row['rated']} 次评分里 1–2 星 {low} 次({share})",
                f"{low} of {row['rated']} ratings are 1 or 2 stars ({share})",
            )
            yield draft(row, "ratings.low@1", pair, chosen, low_rating_share=row["low_share"])
    chosen = {"kinds": ["survey"], "known": "rating"}
    for row in c.surveys():
        n, mean, last = row["survey_count"], wording.number(row["mean_score"]), wording.number(row["last_score"])
        zh = f"填过 {n} 次问卷,平均 {mean} 分,最近一次 {last} 分(满分 10)"
        en = f"Answered {wording.plural(n, 'survey')}: mean {mean}, last {last} of 10"
        yield draft(row, "surveys.score@1", (zh, en), chosen)


def times(c: Context) -> Iterator[Draft]:
    """`active.hours@1` and `active.weekdays@1`, where the source records times of day."""
    chosen = {"own": True, "dated": True}
    for row in c.active_times():
        part, share, weekend = wording.PARTS[row["part"]], row["part_share"], wording.percent(row["weekend_share"])
        pair = (
            f"最常在{part[0]}活动({wording.percent(share)})", f"Most active {part[1]}, {wording.percent(share)} of the time",
        )  # fmt: skip
        yield draft(row, "active.hours@1", pair, chosen, active_hours=row["part"])
        name, part_of_week = wording.WEEKDAYS[row["weekday"] - 1], wording.percent(row["weekday_share"])
        zh = f"一周里{name[0]}最活跃({part_of_week}),周末占 {weekend}"
        en = f"Busiest on {name[1]} ({part_of_week}); weekends make up {weekend}"
        yield draft(row, "active.weekdays@1", (zh, en), chosen)


def contacts(c: Context) -> Iterator[Draft]:
    """`channels@1`: through which channels the customer wrote or called."""
    chosen: dict[str, Any] = {"own": True, "known": "channel"}
    for row, rows in c.channels():
        parts = [(r["channel"], r["count"]) for r in rows]
        zh = "、".join(f"{name} {n} 次" for name, n in parts)
        en = ", ".join(f"{name} {n}×" for name, n in parts)
        yield draft(row, "channels@1", (f"联系渠道:{zh}", f"Got in touch by: {en}"), chosen, main_channel=parts[0][0])


def complaints(c: Context) -> Iterator[Draft]:
    """`tickets.open@1`: how many ticket threads there are and which are open."""
    chosen = {"kinds": ["ticket"]}
    for row, threads in c.tickets():
        open_ones = [t for t in threads if t["is_open"]]
        pair = (f"共 {len(threads)} 个工单,都已解决", f"{wording.plural(len(threads), 'ticket')}, all solved")
        if open_ones:
            since = min((t["opened_at"] for t in open_ones if t["opened_at"] is not None), default=None)
            which = ", ".join(t["thread"] for t in open_ones if t["thread"])
            day = c.day(since)
            zh = f"有 {len(open_ones)} 个工单未解决(共 {len(threads)} 个)"
            en = f"{len(open_ones)} of {wording.plural(len(threads), 'ticket')} still open"
            pair = (
                zh + (f",最早从 {day} 起" if day else "") + (f",相关订单 {which}" if which else ""),
                en + (f", the oldest since {day}" if day else "") + (f", about order {which}" if which else ""),
            )
        yield draft(row, "tickets.open@1", pair, chosen, open_ticket=bool(open_ones))


def looks(c: Context) -> Iterator[Draft]:
    """`activity.browse@1`: views, carts and searches."""
    chosen = {"kinds": ["view", "cart", "search"]}
    for row in c.browsing():
        zh = f"浏览 {row['views']} 次,加购 {row['carts']} 次,搜索 {row['searches']} 次"
        en = f"Viewed {wording.plural(row['views'], 'item')}, {row['carts']} added to the cart, {wording.plural(row['searches'], 'search', 'searches')}"
        yield draft(row, "activity.browse@1", (zh, en), chosen)


def seen(c: Context) -> Iterator[Draft]:
    """`activity.first@1` and `activity.last@1`: the first and the last thing the customer did."""
    for which, words in (("first", ("最早的记录", "First recorded")), ("last", ("最近一次活动", "Last active"))):
        for row in c.seen(which):
            day, (zh, en) = c.day(row["at"]), KIND_LABELS[row["kind"]]
            pair = (f"{words[0]}在 {day}({zh})", f"{words[1]} on {day} ({en})")
            fact: Row = {f"{which}_seen_on": day}
            yield draft(row, f"activity.{which}@1", pair, {"event_ids": [row["event_id"]]}, **fact)


def paragraph(c: Context, drafts: Iterable[Draft]) -> Iterator[Draft]:
    """`behaviour@1`: the main sentences of each customer in one text; it stands on all the customer's events."""
    by_customer: dict[str, dict[str, list[Draft]]] = {}
    for one in drafts:
        by_customer.setdefault(one.customer_id, {}).setdefault(one.rule, []).append(one)
    for row in c.everything():
        chosen = [d for rule in _PARAGRAPH_RULES for d in by_customer.get(row["customer_id"], {}).get(rule, [])]
        if chosen:
            zh, en = "".join(d.zh for d in chosen), " ".join(d.en for d in chosen)
            yield Draft(
                row["customer_id"],
                PARAGRAPH,
                "",
                zh,
                en,
                {},
                row["event_count"],
                row["range_hash"],
                row["range_last_at"],
            )


def all_drafts(c: Context) -> list[Draft]:
    """Every statement about every customer in the frame, in the order of the rules; the paragraph last."""
    rules = (*statements.RULES, likes_most, rates, times, contacts, complaints, looks, seen)
    drafts = [one for rule in rules for one in rule(c)]
    return drafts + list(paragraph(c, drafts))


def chosen_of(basis: str, by: str) -> dict[str, Any]:
    """The selector of the events that affinities of this basis were counted in."""
    return {"kinds": list(tastes.KINDS_OF[basis]), "known": by}


def _top(rows: list[Row], by: str) -> wording.Pair:
    verb, label = _VERB[rows[0]["basis"]], _LABEL[by]
    names = [_name(by, row["value"]) for row in rows]
    zh = "、".join(f"{n[0]} {wording.percent(r['share'])}" for n, r in zip(names, rows, strict=True))
    en = ", ".join(f"{n[1]} {wording.percent(r['share'])}" for n, r in zip(names, rows, strict=True))
    total = rows[0]["total"]
    return f"{verb[0]}最多的{label[0]}:{zh}(共 {total} 件)", f"Most {verb[1]} {label[1]}: {en} (of {total} items)"


def _trend(rows: list[Row], by: str) -> wording.Pair | None:
    """A sentence where a share moved by at least 20 points, both halves having three lines or more."""
    if sum(r["recent"] for r in rows) < 3 or sum(r["before"] for r in rows) < 3:
        return None
    row = max(rows, key=lambda r: abs(r["trend"]))
    if abs(row["trend"]) < 0.2:
        return None
    name, up = _name(by, row["value"]), row["trend"] > 0
    before, now = wording.percent(row["share_before"]), wording.percent(row["share_recent"])
    zh = f"{_LABEL[by][0]}「{name[0]}」的占比在最近 180 天的记录里{'上升' if up else '下降'}:{before} → {now}"
    en = f"The share of {name[1]} {'rose' if up else 'fell'} from {before} to {now} in the last 180 days on record"
    return zh, en


def _name(by: str, value: str) -> wording.Pair:
    if by == "category":
        return wording.category(value)
    return wording.color(value) if by == "color" else (value, value)

"""What a manager of operations asks first: how the customers fall into groups, who may leave, what is complained about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from huaxiang import clock
from huaxiang.schema.trait import Citation
from huaxiang.store import evidence as evidence_store
from huaxiang.store import read
from huaxiang.text.taxonomy import heard
from huaxiang.text.trends import Remark
from tools.base import Deps

DAYS = 365
"""How far back complaints are counted."""
PRAISE = 4.0
"""Stars from which a text is no complaint, whatever single words in it sound like."""
MOST_RISKS, MOST_PRODUCTS, QUOTES = 12, 8, 2
NEW_DAYS, LOST_DAYS, OVERDUE = 90, 365, 2.0
"""New: the only order is younger; lost: no order for longer; at risk: so many times the customer's own usual gap."""
SEGMENTS = ("regular", "new", "once", "at_risk", "lost", "none")
_FIELDS = ("order_count", "last_order_on", "order_gap_days", "spend_minor", "open_ticket", "low_rating_share")


@dataclass(frozen=True)
class Risk:
    """One customer who may leave: why, and the figures. Days and multiples are None where they are not known."""

    customer_id: str
    reasons: tuple[str, ...]
    days: int | None
    gap: float | None
    overdue: float | None
    spend: float | None
    currency: str | None


@dataclass(frozen=True)
class Quote:
    """A sentence that complains, and the evidence it stands in."""

    evidence_id: str
    customer_id: str
    day: str
    text: str
    span: Citation | None = None


@dataclass(frozen=True)
class Complaint:
    """One product: texts about it, those that complain, of what, by whom, and the newest words."""

    item_id: str
    zh: str
    en: str
    texts: int
    complaints: int
    aspects: tuple[tuple[str, int], ...]
    customers: tuple[str, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Overview:
    """The whole page. `hidden`: the asker may not see what groups and risks are made of; both are empty then."""

    day: str
    segments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    risks: tuple[Risk, ...] = ()
    at_risk: int = 0
    complaints: tuple[Complaint, ...] = ()
    months: tuple[tuple[str, int, int], ...] = ()
    """(month, texts, complaints) of the time looked at."""
    hidden: bool = False


def build(deps: Deps) -> Overview:
    """Compute the overview. A second or two for a thousand texts about products, then kept until the shop changes."""
    stamp = (deps.now, _size(deps), deps.sight.role, deps.sight.purpose)
    kept = deps.cache.get("overview")
    if kept is not None and kept[0] == stamp:
        found: Overview = kept[1]
        return found
    made = _build(deps)
    deps.cache["overview"] = (stamp, made)
    return made


def _size(deps: Deps) -> int:
    import sqlalchemy as sa

    from huaxiang.store import tables as t

    with deps.shop.engine.connect() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(t.evidence)) or 0)


def _build(deps: Deps) -> Overview:
    from tools.find_customers import Args, features

    segments: dict[str, list[str]] = {}
    risks: list[Risk] = []
    hidden = bool(deps.sight.without(_FIELDS))
    if not hidden:
        table, common = features(deps, Args())
        money = _money(deps, common)
        for row in table.iter_rows(named=True):
            name = segment_of(row)
            segments.setdefault(name, []).append(row["customer_id"])
            reasons = _reasons(row, name)
            if reasons:
                risks.append(_risk(row, reasons, money.get(row["customer_id"])))
    risks.sort(key=lambda one: (-len(one.reasons), -(one.overdue or 0.0), -(one.spend or 0.0), one.customer_id))
    complaints, months = _complaints(deps)
    return Overview(
        day=deps.shop.today().isoformat(),
        segments={name: tuple(segments.get(name, ())) for name in SEGMENTS} if segments else {},
        risks=tuple(risks[:MOST_RISKS]),
        at_risk=len(risks),
        complaints=complaints,
        months=months,
        hidden=hidden,
    )


def segment_of(row: Mapping[str, Any]) -> str:
    """Which group a customer is in, from `order_count`, `days_since_order` and `overdue`."""
    count, days = row["order_count"] or 0, row["days_since_order"]
    if not count or days is None:
        return "none"
    if days > LOST_DAYS:
        return "lost"
    if count == 1:
        return "new" if days <= NEW_DAYS else "once"
    return "at_risk" if (row["overdue"] or 0.0) >= OVERDUE else "regular"


def _reasons(row: Mapping[str, Any], segment: str) -> tuple[str, ...]:
    late = segment == "at_risk" or (segment == "lost" and (row["overdue"] or 0.0) >= OVERDUE)
    found = ["overdue"] if late else []
    if row["open_tickets"]:
        found.append("ticket")
    if (row["review_count"] or 0) >= 2 and (row["low_share"] or 0.0) >= 0.5:
        found.append("ratings")
    return tuple(found)


def _money(deps: Deps, common: str | None) -> dict[str, tuple[float, str]]:
    """What each customer spent, in the currency they spent most of; the shop's commonest one where there are several."""
    import sqlalchemy as sa

    from huaxiang.store import tables as t
    from tools.find_customers import Args, features

    e = t.events.c
    query = sa.select(e.currency).where(e.kind == "order", e.currency.is_not(None)).distinct().limit(8)
    with deps.shop.engine.connect() as connection:
        others = [one for one in connection.scalars(query) if one != common]
    found: dict[str, tuple[float, str]] = {}
    for currency in filter(None, [common, *others]):
        table, _ = features(deps, Args(currency=currency))
        for customer, spend in table.select("customer_id", "spend").iter_rows():
            if spend is not None:
                found.setdefault(customer, (float(spend), currency))
    return found


def _risk(row: Mapping[str, Any], reasons: tuple[str, ...], spend: tuple[float, str] | None) -> Risk:
    days, gap = row["days_since_order"], row["order_gap_days"]
    return Risk(
        row["customer_id"], reasons, None if days is None else int(days), None if gap is None else float(gap),
        None if row["overdue"] is None else float(row["overdue"]), *(spend or (None, None)),
    )  # fmt: skip


def _complaints(deps: Deps) -> tuple[tuple[Complaint, ...], tuple[tuple[str, int, int], ...]]:
    shop = deps.shop
    since = clock.start_of_day(shop.today() - timedelta(days=DAYS), shop.tz)
    by_item: dict[str, list[Remark]] = defaultdict(list)
    texts: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    for one in _remarks(deps, since):
        by_item[one.product].append(one)
        month = one.day.isoformat()[:7]
        texts[month] += 1
        bad[month] += any(polarity < 0 for _, polarity, _ in one.opinions)
    counts = {item: sum(any(p < 0 for _, p, _ in one.opinions) for one in some) for item, some in by_item.items()}
    top = sorted((item for item in counts if counts[item]), key=lambda one: (-counts[one], one))[:MOST_PRODUCTS]
    items = read.items_by_id(shop, top)
    made = tuple(_complaint(deps, item, items.get(item), by_item[item]) for item in top)
    return made, tuple((month, texts[month], bad[month]) for month in sorted(texts))


def _remarks(deps: Deps, since: int) -> list[Remark]:
    """What was written of products since then: a customer's repeats of a text about one product once, as first written.

    A text of `PRAISE` stars or more keeps no bad opinion: its writer is content, whatever a clause sounds like alone.
    """
    from huaxiang.text.duplicates import deduplicate
    from huaxiang.text.trends_shop import remarks_of

    read_now = list(remarks_of(deps.shop, since=since, until=deps.now))
    known = _sources(deps, since)
    remarks = [one for one in read_now if one.evidence_id in known]  # one may have been erased in between
    by_writer: dict[tuple[str, str], list[Remark]] = defaultdict(list)
    for one in remarks:
        by_writer[known[one.evidence_id][0], one.product].append(one)
    several = [(writer, one) for writer, some in by_writer.items() if len(some) > 1 for one in some]
    same = deduplicate([known[one.evidence_id][2] for _, one in several]).dropped
    seen: set[tuple[tuple[str, str], int]] = set()
    repeats: set[str] = set()
    for place, (writer, one) in enumerate(several):
        key = (writer, same.get(place, place))  # strangers who write alike are in one group, but count each
        if key in seen:
            repeats.add(one.evidence_id)
        seen.add(key)
    return [
        replace(one, opinions=tuple(said for said in one.opinions if said[1] > 0))
        if (known[one.evidence_id][1] or 0.0) >= PRAISE
        else one
        for one in remarks
        if one.evidence_id not in repeats
    ]


def _sources(deps: Deps, since: int) -> dict[str, tuple[str, float | None, str]]:
    """Customer, stars and words of every text about a product since then, by evidence id."""
    import sqlalchemy as sa

    from huaxiang.store import tables as t

    v, e = t.evidence.c, t.events.c
    query = (
        sa.select(v.evidence_id, v.customer_id, e.rating, v.clean)
        .select_from(t.evidence.join(t.events, v.event_id == e.event_id))
        .where(v.kind == "text", e.item_id.is_not(None), v.occurred_at >= since)
    )
    with deps.shop.engine.connect() as connection:
        return {row.evidence_id: (row.customer_id, row.rating, row.clean) for row in connection.execute(query)}


def _complaint(deps: Deps, item_id: str, item: Any, remarks: list[Remark]) -> Complaint:
    bad = [one for one in remarks if any(polarity < 0 for _, polarity, _ in one.opinions)]
    what = " ".join(filter(None, (item.title, item.title_en, item.category))) if item else ""
    aspects = Counter(heard(a, words, what) for one in bad for a, polarity, words in one.opinions if polarity < 0)
    known = evidence_store.get(deps.shop, [one.evidence_id for one in bad])
    quotes = []
    for one in sorted(bad, key=lambda remark: remark.day, reverse=True)[:QUOTES]:
        worst = min((opinion for opinion in one.opinions if opinion[1] < 0), key=lambda opinion: opinion[1])
        if (source := known.get(one.evidence_id)) is not None:
            words = worst[2].strip()
            start = source.clean.find(words)
            span = Citation(evidence_id=one.evidence_id, quote=words, start=start, end=start + len(words))
            day = one.day.isoformat()
            quotes.append(Quote(one.evidence_id, source.customer_id, day, words, span if start >= 0 else None))
    return Complaint(
        item_id=item_id,
        zh=item.label("zh") if item else item_id,
        en=item.label("en") if item else item_id,
        texts=len(remarks),
        complaints=len(bad),
        aspects=tuple(aspects.most_common(3)),
        customers=tuple(dict.fromkeys(known[one.evidence_id].customer_id for one in bad if one.evidence_id in known)),
        quotes=tuple(quotes),
    )

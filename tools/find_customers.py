"""Find customers by rules over computed features and profile fields. Never SQL; the rule is shown in words before it runs."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import polars as pl
import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from huaxiang import clock
from huaxiang.errors import ToolInputError
from huaxiang.features import frames, habits, orders, tastes
from huaxiang.store import read
from huaxiang.store import tables as t
from tools.base import Deps, ToolArgs, ToolResult, ToolSpec

FEATURES: dict[str, tuple[str, str, str]] = {
    # name: (zh, en, the summary rule that states it)
    "order_count": ("订单数", "orders", "orders.count"),
    "spend": ("消费额", "spend", "orders.spend"),
    "average_order": ("平均每单", "average order", "orders.average"),
    "discount_share": ("优惠占比", "discount share", "discounts.share"),
    "days_since_order": ("距上次下单天数", "days since the last order", "orders.last"),
    "days_since_activity": ("距上次活动天数", "days since the last activity", "activity.last"),
    "order_gap_days": ("下单间隔天数", "days between orders", "orders.cadence"),
    "overdue": ("超出惯常间隔的倍数", "times the usual gap since the last order", "orders.cadence"),
    "return_count": ("退货次数", "returns", "returns.count"),
    "return_share": ("退货比例", "return share", "returns.count"),
    "review_count": ("评价数", "reviews", "reviews.count"),
    "mean_rating": ("平均评分", "mean rating", "reviews.count"),
    "low_share": ("差评比例", "share of low ratings", "ratings.low"),
    "open_tickets": ("未解决工单数", "open tickets", "tickets.open"),
    "top_category": ("最常购类目", "top category", "categories.top"),
    "top_brand": ("最常购品牌", "top brand", "brands.top"),
    "city": ("城市", "city", ""),
    "language": ("语言", "language", ""),
}
Op = Literal["=", "!=", ">", ">=", "<", "<="]
_TEXT = {"top_category", "top_brand", "city", "language"}


class Condition(BaseModel):
    """One condition; all must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    field: str
    op: Op
    value: float | str

    def words(self, language: str) -> str:
        """The condition as staff read it."""
        label = FEATURES[self.field][0 if language == "zh" else 1]
        value = f"{self.value:g}" if isinstance(self.value, float) else self.value
        return f"{label} {self.op} {value}"


class Args(ToolArgs):
    """A rule over features, an order, and how many to show."""

    conditions: tuple[Condition, ...] = ()
    sort_by: str | None = None
    descending: bool = True
    currency: str | None = Field(None, description="for spend and average_order; the commonest one when omitted")
    since: date | None = Field(None, description="count only events from this day")
    until: date | None = Field(None, description="count only events up to this day")
    bought_items: tuple[str, ...] = Field((), description="only customers who ordered one of these items")
    limit: int = Field(10, ge=1, le=200)


class Row(BaseModel):
    """One customer that fits, the figures asked for and the evidence that states them."""

    model_config = ConfigDict(frozen=True)
    customer_id: str
    name: str | None
    values: dict[str, Any]
    evidence: tuple[str, ...]


class Result(ToolResult):
    """Customers that fit, in order, and how many there are in all."""

    rows: tuple[Row, ...] = ()
    total: int = 0
    rule_zh: str = ""
    rule_en: str = ""
    currency: str | None = None

    def to_text(self, *, language: str, max_chars: int = 2000) -> str:
        """The rule, then one customer a line."""
        head = self.rule_zh if language == "zh" else self.rule_en
        lines = [f"{row.customer_id} {row.name or ''} {row.values}" for row in self.rows]
        return "\n".join([f"{head} ({self.total})", *lines])[:max_chars]


def find_customers(args: Args, deps: Deps) -> Result:
    """Find the customers that fit a rule over computed features: most orders, highest spend, long inactive, many returns.

    Use it for "who", "which customers", "how many customers" and rankings.
    """
    used = [condition.field for condition in args.conditions] + ([args.sort_by] if args.sort_by else [])
    unknown = [name for name in used if name not in FEATURES]
    if unknown:
        raise ToolInputError(f"unknown feature {unknown[0]!r}", hint=f"use one of: {', '.join(FEATURES)}")
    if hidden := deps.sight.without(told for name in used for told in fields_told(name)):
        raise deps.sight.refusal(*dict.fromkeys(hidden))
    table, currency = features(deps, args)
    for condition in args.conditions:
        table = table.filter(_holds(condition))
    if args.sort_by:
        table = table.filter(pl.col(args.sort_by).is_not_null()).sort(
            args.sort_by, "customer_id", descending=[args.descending, False]
        )
    shown = table.head(args.limit)
    asked = list(dict.fromkeys(used)) or ["order_count"]
    cited = _evidence(deps, shown["customer_id"].to_list(), [FEATURES[name][2] for name in asked])
    rows = tuple(
        Row(
            customer_id=row["customer_id"], name=row["name"], values={name: row[name] for name in asked},
            evidence=cited.get(row["customer_id"], ("c" + row["customer_id"],)),
        )
        for row in shown.iter_rows(named=True)
    )  # fmt: skip
    return Result(
        rows=rows, total=table.height, truncated=table.height > args.limit, currency=currency, rule_zh=_rule(args, "zh"),
        rule_en=_rule(args, "en"), evidence=tuple(dict.fromkeys(one for row in rows for one in row.evidence)),
    )  # fmt: skip


def fields_told(feature: str) -> tuple[str, ...]:
    """The profile fields that a feature tells; a rule over it needs leave to see them."""
    own = {"order_count", "discount_share", "order_gap_days", "return_count", "return_share", "review_count"}
    return (feature,) if feature in own else _TELLS.get(feature, ())


_TELLS = {
    "spend": ("spend_minor",), "average_order": ("average_order_minor",), "days_since_order": ("last_order_on",),
    "days_since_activity": ("last_seen_on",), "overdue": ("order_gap_days", "last_order_on"), "mean_rating": ("avg_rating",),
    "low_share": ("low_rating_share",), "open_tickets": ("open_ticket",), "top_category": ("top_category",), "top_brand": ("top_brand",),
}  # fmt: skip


def features(deps: Deps, args: Args) -> tuple[pl.DataFrame, str | None]:
    """One row a customer with every feature of `FEATURES` (null: unknown), and the currency that money is in."""
    shop, now = deps.shop, deps.now
    until = clock.end_of_day(args.until, shop.tz) if args.until else None
    since = clock.start_of_day(args.since, shop.tz) if args.since else None
    key = f"features:{_stamp(deps)}:{now}:{since}:{until}:{args.currency}:{args.bought_items}"
    if key in deps.cache:
        found: tuple[pl.DataFrame, str | None] = deps.cache[key]
        return found
    events = read.event_frame(shop, until=until)
    if since is not None:
        events = events.filter(pl.col("occurred_at") >= since)
    frame = frames.prepare(events, as_of=now, tz=shop.tz)
    money = orders.spend(frame)
    currency = args.currency or (money["currency"].value_counts(sort=True)["currency"][0] if money.height else None)
    table = _people(deps)
    if args.bought_items:
        buyers = frame.filter((pl.col("kind") == "order") & pl.col("item_id").is_in(list(args.bought_items)))
        table = table.filter(pl.col("customer_id").is_in(buyers["customer_id"].unique().to_list()))
    for part in _parts(frame, money.filter(pl.col("currency") == pl.lit(currency, dtype=pl.String)), now):
        table = table.join(part, on="customer_id", how="left")
    table = table.with_columns(
        overdue=pl.col("days_since_order") / pl.col("order_gap_days").cast(pl.Float64).replace(0.0, None),
        open_tickets=pl.col("open_tickets").fill_null(0),
    )
    deps.cache[key] = (table, currency)
    return table, currency


def _parts(frame: pl.DataFrame, money: pl.DataFrame, now: int) -> list[pl.DataFrame]:
    first = {
        name: tastes.affinities(frame, by=name, as_of=now).group_by("customer_id", maintain_order=True).first()
        for name in ("category", "brand")
    }
    exponent = 100.0
    return [
        orders.rfm(frame, as_of=now).select("customer_id", "order_count", days_since_order="recency_days"),
        money.select(
            "customer_id", spend=pl.col("spend_minor") / exponent, average_order=pl.col("average_order_minor") / exponent,
            discount_share="discount_share",
        ),
        habits.seen(frame).select("customer_id", days_since_activity=(now - pl.col("last_at")) / orders.DAY_SECONDS),
        orders.cadence(frame).select("customer_id", order_gap_days=pl.col("gap_days")),
        orders.returns(frame).select("customer_id", "return_count", "return_share"),
        habits.ratings(frame).select("customer_id", "review_count", "mean_rating", "low_share"),
        habits.tickets(frame).group_by("customer_id").agg(open_tickets=pl.col("is_open").sum().cast(pl.Int64)),
        first["category"].select("customer_id", top_category="value"),
        first["brand"].select("customer_id", top_brand="value"),
    ]  # fmt: skip


def _people(deps: Deps) -> pl.DataFrame:
    c = t.customers.c
    with deps.shop.engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(sa.select(c.customer_id, c.name, c.city, c.language))]
    return pl.DataFrame(
        rows,
        schema={"customer_id": pl.String, "name": pl.String, "city": pl.String, "language": pl.String},
        orient="row",
    )


def _holds(condition: Condition) -> pl.Expr:
    column = pl.col(condition.field)
    value: Any = condition.value
    if condition.field in _TEXT:
        same = column.str.to_lowercase() == str(value).lower()
        return ~same if condition.op == "!=" else same
    number = float(value)
    return {
        "=": column == number, "!=": column != number, ">": column > number, ">=": column >= number,
        "<": column < number, "<=": column <= number,
    }[condition.op]  # fmt: skip


def _rule(args: Args, language: str) -> str:
    zh = language == "zh"
    parts = [condition.words(language) for condition in args.conditions]
    if args.since or args.until:
        parts.append(f"{args.since or ''} – {args.until or ''}")
    text = (" 且 " if zh else " and ").join(parts) or ("全部顾客" if zh else "all customers")
    if args.sort_by:
        label = FEATURES[args.sort_by][0 if zh else 1]
        direction = (
            ("从高到低" if args.descending else "从低到高")
            if zh
            else ("highest first" if args.descending else "lowest first")
        )
        text += f",按{label}{direction}" if zh else f", by {label}, {direction}"
    return text


def _evidence(deps: Deps, customer_ids: list[str], rules: list[str]) -> dict[str, tuple[str, ...]]:
    c = t.evidence.c
    found: dict[str, list[str]] = {}
    with deps.shop.engine.connect() as connection:
        query = sa.select(c.customer_id, c.evidence_id, c.rule).where(
            c.customer_id.in_(customer_ids), c.kind == "summary"
        )
        for row in connection.execute(query):
            if (row.rule or "").partition("@")[0] in rules:
                found.setdefault(row.customer_id, []).append(row.evidence_id)
    return {customer: tuple(ids) for customer, ids in found.items()}


def _stamp(deps: Deps) -> tuple[int, int]:
    with deps.shop.engine.connect() as connection:
        events = connection.scalar(sa.select(sa.func.count()).select_from(t.events)) or 0
        people = connection.scalar(sa.select(sa.func.count()).select_from(t.customers)) or 0
    return events, people


SPEC = ToolSpec(name="find_customers", effect="read", args=Args, run=find_customers)

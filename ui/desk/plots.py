"""Three small plots of one customer: sentiment over time, category shares, spend by month."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from huaxiang import clock
from huaxiang.errors import HuaxiangError
from huaxiang.features.wording import CATEGORY_ZH
from huaxiang.store import read
from huaxiang.store.render import exponent
from tools.base import Deps
from ui.desk.texts import Language, say

INK, MUTED, GRID, ACCENT, SOFT = "#1d2733", "#667380", "#e7eaee", "#1f6f78", "#9dc3c6"
GOOD, BAD = "#2f7d55", "#b5523b"
MOST_CATEGORIES = 6
_BAR_MS = 20 * 86_400_000
"""A month's bar is 20 days wide: left to itself plotly fills the whole width when there is only one month."""
FONT = 'system-ui, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans", sans-serif'


@dataclass
class Charts:
    """Figures, each None where there is nothing to draw, and why sentiment is absent when its model is."""

    sentiment: Any = None
    categories: Any = None
    spend: Any = None
    problems: list[str] = field(default_factory=list)


def preload() -> None:
    """Import plotly, which takes a second, before the first customer is looked at."""
    _figure(100)


def charts(deps: Deps, customer_id: str, language: Language) -> Charts:
    """All plots of this customer. The sentiment model is loaded on the first call (a second or so)."""
    made = Charts()
    frame = read.event_frame(deps.shop, customer_ids=[customer_id], until=deps.now)
    if deps.sight.sees_rule("categories.top"):
        made.categories = _categories(frame, language)
    if deps.sight.sees_rule("orders.spend"):
        made.spend = _spend(deps, frame, language)
    try:
        made.sentiment = _sentiment(deps, customer_id, language)
    except (HuaxiangError, ImportError, FileNotFoundError):
        made.problems.append(say(language, "charts.nosentiment"))
    return made


def _sentiment(deps: Deps, customer_id: str, language: Language) -> Any:
    from tools import sentiment

    read_ = sentiment.sentiment(sentiment.Args(customer_id=customer_id, limit=400), deps)
    if not read_.months:
        return None
    months = [f"{one.month}-15" for one in read_.months]
    values = [round(one.polarity, 3) for one in read_.months]
    sizes = [min(7 + 2 * one.texts, 15) for one in read_.months]
    hover = [
        f"{one.month}<br>{one.polarity:+.2f} · {say(language, 'charts.texts', n=one.texts)}" for one in read_.months
    ]
    figure = _figure(150)
    figure.add_scatter(
        x=months, y=values, mode="lines+markers", hovertext=hover, hoverinfo="text", line={"color": SOFT, "width": 1.6},
        marker={"size": sizes, "color": [GOOD if v > 0.15 else BAD if v < -0.15 else MUTED for v in values], "line": {"width": 0}},
    )  # fmt: skip
    figure.update_yaxes(
        range=[-1.15, 1.15], tickvals=[-1, 0, 1], zeroline=True, zerolinecolor="#c9d0d6", gridcolor="rgba(0,0,0,0)",
        ticktext=[say(language, f"charts.{key}") for key in ("negative", "neutral", "positive")],
    )  # fmt: skip
    _month_axis(figure, [one.month for one in read_.months])
    return figure


def _categories(frame: pl.DataFrame, language: Language) -> Any:
    """Shares of order lines by category; of reviewed items where the shop has no orders."""
    lines = frame.filter(pl.col("kind") == "order")
    if lines.is_empty():
        lines = frame.filter((pl.col("kind") == "review") & pl.col("item_id").is_not_null())
    known = lines.filter(pl.col("category").is_not_null())
    if known.is_empty():
        return None
    counts = known.group_by("category").len().sort(["len", "category"], descending=[True, False]).rows()
    named = [(CATEGORY_ZH.get(c.casefold(), c) if language == "zh" else c, n) for c, n in counts]
    top = named[:MOST_CATEGORIES]
    rest = sum(n for _, n in named[MOST_CATEGORIES:])
    if rest:
        top.append((say(language, "charts.other"), rest))
    if len(known) < len(lines):
        top.append((say(language, "charts.uncategorised"), len(lines) - len(known)))
    names = [_short(name) for name, _ in top][::-1]
    shares = [n / len(lines) for _, n in top][::-1]
    figure = _figure(46 + 24 * len(top))
    figure.add_bar(
        x=shares, y=names, orientation="h", marker={"color": ACCENT}, width=0.62, text=[f"{s:.0%}" for s in shares],
        textposition="outside", textfont={"color": INK, "size": 11}, hoverinfo="skip", cliponaxis=False,
    )  # fmt: skip
    figure.update_xaxes(visible=False, range=[0, max(shares) * 1.18])
    figure.update_yaxes(tickfont={"color": INK, "size": 11.5}, ticksuffix="  ")
    return figure


def _spend(deps: Deps, frame: pl.DataFrame, language: Language) -> Any:
    """Money of orders by month, one colour a currency; None where no order has an amount."""
    lines = frame.filter(
        (pl.col("kind") == "order") & pl.col("amount_minor").is_not_null() & pl.col("occurred_at").is_not_null()
    )
    if lines.is_empty():
        return None
    sums: dict[str, dict[str, float]] = {}
    for at, minor, currency in lines.select("occurred_at", "amount_minor", "currency").rows():
        month = clock.day_of(at, deps.shop.tz).isoformat()[:7]
        per = sums.setdefault(currency or "", {})
        per[month] = per.get(month, 0.0) + minor / 10 ** exponent(currency)
    figure = _figure(160)
    for (currency, months), color in zip(
        sorted(sums.items(), key=lambda s: -sum(s[1].values())), (ACCENT, "#b08a3e", "#7a6f9b", MUTED), strict=False
    ):
        figure.add_bar(
            x=[f"{m}-15" for m in sorted(months)], y=[months[m] for m in sorted(months)], name=currency or "–",
            marker={"color": color}, width=_BAR_MS / len(sums), hovertemplate="%{x|%Y-%m}<br>%{y:,.2f} " + currency + "<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="group", showlegend=len(sums) > 1, legend={"orientation": "h", "y": 1.18, "x": 0})
    only = next(iter(sums)) if len(sums) == 1 else ""
    figure.update_yaxes(
        gridcolor=GRID, tickformat="~s", nticks=4, title={"text": only, "font": {"size": 10, "color": MUTED}}
    )
    _month_axis(figure, [m for months in sums.values() for m in months])
    return figure


def _month_axis(figure: Any, months: list[str]) -> None:
    """A date axis that spans at least half a year, so that one month is not stretched over the whole width."""
    first, last = min(months), max(months)
    start, end = _shift(first, -1), _shift(last, 1)
    while _index(end) - _index(start) < 6:
        start, end = _shift(start, -1), _shift(end, 1)
    figure.update_xaxes(
        type="date", range=[f"{start}-15", f"{end}-15"], tickformat="%Y-%m", nticks=5, gridcolor="rgba(0,0,0,0)"
    )


def _index(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _shift(month: str, by: int) -> str:
    moved = _index(month) + by
    return f"{moved // 12:04d}-{moved % 12 + 1:02d}"


def _short(name: str) -> str:
    return name if len(name) <= 18 else name[:17] + "…"


def _figure(height: int) -> Any:
    import plotly.graph_objects as go

    figure = go.Figure()
    figure.update_layout(
        height=height, margin={"l": 8, "r": 14, "t": 8, "b": 8}, paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 11, "color": MUTED}, showlegend=False, dragmode=False,
        hoverlabel={"bgcolor": "#ffffff", "bordercolor": GRID, "font": {"color": INK, "size": 12}},
    )  # fmt: skip
    figure.update_xaxes(fixedrange=True, automargin=True)
    figure.update_yaxes(fixedrange=True, automargin=True)
    return figure

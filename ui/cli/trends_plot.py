"""The page of `huaxiang trends --plot`: for each row a sentence, a chart of the texts that complain, and the quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.cli.trends_words import direction

if TYPE_CHECKING:
    from huaxiang.text.trends import By, Trend

_HIGH = 200  # pixels of one chart
_TEXTS, _CALM, _RISING, _RECENT = "#d8dee6", "#5f7a99", "#c0392b", "#fff3cd"
_DAY = 86_400_000  # of the axis, milliseconds
_STYLE = (
    "body{font-family:system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;max-width:60rem;"
    "margin:2rem auto;padding:0 1rem;color:#222}h1{font-size:1.4rem}h2{font-size:1.05rem;margin:2rem 0 .2rem}"
    "p{margin:.2rem 0;color:#555}b.rising{color:#c0392b}blockquote{margin:.4rem 0 .4rem .6rem;padding-left:.6rem;"
    "border-left:3px solid #ccc}small{color:#777}"
)


def draw(
    found: Sequence[Trend], labels: Mapping[str, str], path: Path, language: str, *, today: date, days: int, by: By
) -> None:
    """Write the page; it needs no network. Texts are escaped: a product's title may hold markup.

    Args:
        found: the rows.
        labels: what to call their products.
        path: where to.
        language: "zh" or "en".
        today: the shop's day, where every axis ends.
        days: how many days up to it are recent; they are shaded.
        by: the length of a period, which is the width of a bar.
    """
    zh = language == "zh"
    title = "各商品各方面的抱怨" if zh else "Complaints by product and aspect"
    says = (
        f"灰色：该期的文字数；深色：其中抱怨的；红色：在上升。底色黄的是近期（{days} 天）。"
        if zh
        else f"Grey: texts of the period; dark: those that complain; red: rising. The yellow band is recent ({days} days)."
    )
    first = min((one.periods[0].start for one in found if one.periods), default=today)
    parts = [
        _section(one, labels, language, _chart(one, language, (first, today), days, by), first=number == 0)
        for number, one in enumerate(found)
    ]
    none = "" if found else f"<p>{'没有可画的' if zh else 'Nothing to draw'}</p>"
    path.write_text(
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1><p>{says}</p>{none}{''.join(parts)}</body></html>\n",
        encoding="utf-8",
    )


def _section(one: Trend, labels: Mapping[str, str], language: str, chart: Any, *, first: bool) -> str:
    from huaxiang.text.taxonomy import ASPECTS

    zh = language == "zh"
    name = f"{labels.get(one.product, one.product)} · {ASPECTS.get(one.aspect, {}).get(language, one.aspect)}"
    said = f'<b class="{"rising" if one.rising else ""}">{direction(one, language)}</b>'
    counts = (
        f"以前 {one.before[0]}/{one.before[1]} 条，近期 {one.recent[0]}/{one.recent[1]} 条"
        if zh
        else f"before {one.before[0]} of {one.before[1]} texts, recently {one.recent[0]} of {one.recent[1]}"
    )
    quotes = "".join(
        f"<blockquote>{escape(quote.text[:300])} <small>{quote.day} · {escape(quote.evidence_id)}</small></blockquote>"
        for quote in one.quotes
    )
    drawn = chart.to_html(full_html=False, include_plotlyjs=first, config={"displayModeBar": False, "responsive": True})
    return f"<h2>{escape(name)}</h2><p>{said} · {counts}</p>{drawn}{quotes}"


def _chart(one: Trend, language: str, span: tuple[date, date], days: int, by: By) -> Any:
    """Bars over the same days for every row, each as wide as its period; a month of two texts looks like two texts."""
    import plotly.graph_objects as go

    zh = language == "zh"
    wide = {"week": 7, "month": 30, "quarter": 91}[by]
    middles = [period.start + timedelta(days=wide / 2) for period in one.periods]
    bars = (
        (_TEXTS, [period.texts for period in one.periods], "文字" if zh else "texts"),
        (_RISING if one.rising else _CALM, [period.complaints for period in one.periods], "抱怨" if zh else "complain"),
    )
    figure = go.Figure(
        [
            go.Bar(
                x=middles, y=counts, name=name, marker_color=colour, width=wide * _DAY * 0.85,
                customdata=[period.start.isoformat() for period in one.periods],
                hovertemplate=f"%{{customdata}}: %{{y}} {name}<extra></extra>",
            )
            for colour, counts, name in bars
        ]
    )  # fmt: skip
    first, today = span
    figure.add_vrect(
        x0=today - timedelta(days=days), x1=today, fillcolor=_RECENT, line_width=0, layer="below", opacity=0.9
    )
    room = timedelta(days=max(wide, (today - first).days // 50))
    most = max([period.texts for period in one.periods], default=1)
    figure.update_xaxes(range=[first - room, today + room], tickformat="%Y-%m-%d" if by == "week" else "%Y-%m")
    figure.update_yaxes(rangemode="tozero", tickformat="d", dtick=max(1, -(-most // 5)), gridcolor="#eee")
    figure.update_layout(
        height=_HIGH, barmode="overlay", showlegend=False, plot_bgcolor="white", margin={"l": 36, "r": 8, "t": 8, "b": 28}
    )  # fmt: skip
    return figure

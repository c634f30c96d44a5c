"""The plot of `huaxiang trends`: one small chart a row, bars of complaint rates by period, in one HTML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huaxiang.text.trends import Trend

_HIGH = 190  # pixels of one chart
_CALM, _RISING = "#8a9bb0", "#c0392b"


def draw(found: Sequence[Trend], labels: Mapping[str, str], path: Path, language: str) -> None:
    """Write the charts as a page that needs no network. Texts are escaped: a product's title may hold markup."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    from huaxiang.text.taxonomy import ASPECTS

    zh = language == "zh"
    titles = [
        escape(f"{labels.get(one.product, one.product)[:60]} · {ASPECTS.get(one.aspect, {}).get(language, one.aspect)}")
        for one in found
    ]
    figure = make_subplots(rows=max(len(found), 1), cols=1, subplot_titles=titles, shared_xaxes=False)
    for row, one in enumerate(found, start=1):
        quotes = "<br>".join(escape(quote.text[:80]) for quote in one.quotes)
        figure.add_trace(
            go.Bar(
                x=[period.start for period in one.periods],
                y=[period.complaints / period.texts for period in one.periods],
                customdata=[[period.complaints, period.texts, quotes] for period in one.periods],
                hovertemplate="%{x|%Y-%m-%d}: %{customdata[0]}/%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
                marker_color=_RISING if one.rising else _CALM,
            ),
            row=row, col=1,
        )  # fmt: skip
        figure.update_yaxes(rangemode="tozero", tickformat=".0%", row=row, col=1)
    heading = "各期评论中抱怨的比例" if zh else "Share of texts that complain, by period"
    figure.update_layout(height=_HIGH * max(len(found), 1) + 90, showlegend=False, title=heading)
    path.write_text(figure.to_html(include_plotlyjs=True, full_html=True), encoding="utf-8")

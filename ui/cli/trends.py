"""`huaxiang trends`: which complaint rises at which product, with the sentences; a table, and a plot on request."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ui.cli import output
from ui.cli.common import JsonOption, ShopOption, open_shop
from ui.cli.naming import short

if TYPE_CHECKING:
    from huaxiang.store.shop import Shop
    from huaxiang.text.trends import Remark, Trend


_SAME = (0.8, 1.25)
"""Ratios of the recent rate to the earlier one between which nothing is said to rise or fall."""


def trends(
    product: Annotated[str | None, typer.Argument(metavar="[PRODUCT]", help="Only this item id.")] = None,
    shop: ShopOption = None,
    aspect: Annotated[str | None, typer.Option(help="Only this aspect, e.g. delivery or 物流.")] = None,
    over: Annotated[
        Literal["product", "brand", "category", "shop"], typer.Option(help="What a row is about.")
    ] = "product",
    days: Annotated[int, typer.Option(min=1, help="How many days up to the shop's today are recent.")] = 90,
    by: Annotated[Literal["week", "month", "quarter"], typer.Option(help="Length of a period.")] = "month",
    tier: Annotated[
        Literal["fast", "accurate"], typer.Option(help="Aspect reader: cue words, or the fine-tuned encoder.")
    ] = "fast",
    least: Annotated[int, typer.Option(min=1, help="Complaints in all below which nothing is said.")] = 3,
    limit: Annotated[int, typer.Option(min=1, help="At most this many rows.")] = 10,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Also draw the rows' complaint rates over time.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show which complaints rise, by product and aspect, the surest first, with quotes.

    A row compares the recent share of texts that complain with the earlier one. "false rate" is the chance that a row
    this sure is luck, given how many were looked at; up to 0.10 it counts as rising.

    \b
    Examples:
      huaxiang trends --shop myshop
      huaxiang trends B0001 --days 30 --by week --plot trends.html
      huaxiang trends --over category --days 180
      huaxiang trends --aspect 物流 --json | jq '.[] | select(.rising)'
    """
    opened = open_shop(shop)
    found = _found(opened, product, over, _aspect(aspect), days, by, tier, least, quiet=as_json)[:limit]
    labels = _labels(opened, found)
    if plot is not None:
        from ui.cli.trends_plot import draw

        draw(found, labels, plot, output.reader_language())
        output.note(f"drawn: {plot}")
    if as_json:
        output.emit([{**one.to_json(), "product_label": labels.get(one.product, one.product)} for one in found])
    else:
        _show(found, labels)
    opened.close()


def _aspect(name: str | None) -> str | None:
    """The key of an aspect named in either language.

    Raises:
        ConfigError: there is none of that name.
    """
    from huaxiang.errors import ConfigError
    from huaxiang.text.taxonomy import ASPECTS

    if name is None:
        return None
    for key, names in ASPECTS.items():
        if name.strip().lower() in (key, names["zh"], names["en"]):
            return key
    known = ", ".join(f"{key} ({names['zh']})" for key, names in ASPECTS.items())
    raise ConfigError(
        f"no aspect {output.plain(name, one_line=True)!r}", hint=f"use one of: {known}", code="no-such-aspect"
    )


def _found(
    shop: Shop,
    product: str | None,
    over: str,
    aspect: str | None,
    days: int,
    by: Any,
    tier: Any,
    least: int,
    *,
    quiet: bool,
) -> list[Trend]:
    from huaxiang import clock
    from huaxiang.text.trends import aspect_trends
    from huaxiang.text.trends_shop import remarks_of
    from ui.cli.progress import bar

    now = shop.now()
    today = clock.day_of(now, shop.tz)
    since = clock.start_of_day(today - timedelta(days=max(5 * 366, 4 * days)), shop.tz)
    with bar("reading what customers wrote", quiet=quiet) as tell:
        remarks = list(
            remarks_of(
                shop, product=product, since=since, until=now, tier=tier,
                progress=lambda done, total: tell(done, total, ""),
            )
        )  # fmt: skip
    remarks = _grouped(shop, remarks, over)
    found = aspect_trends(remarks, today=today, recent_days=days, by=by, least=least)
    return [one for one in found if aspect is None or one.aspect == aspect]


def _grouped(shop: Shop, remarks: list[Remark], over: str) -> list[Remark]:
    """The remarks under the name of their product's group; a product without one stands for itself."""
    from dataclasses import replace

    from huaxiang.store import read

    if over == "product":
        return remarks
    if over == "shop":
        return [replace(one, product="*") for one in remarks]
    items = read.items_by_id(shop, {one.product for one in remarks})
    names = {key: getattr(item, over) or key for key, item in items.items()}
    return [replace(one, product=names.get(one.product, one.product)) for one in remarks]


def _labels(shop: Shop, found: list[Trend]) -> dict[str, str]:
    from huaxiang.store import read

    language = output.reader_language()
    return {key: item.label(language) for key, item in read.items_by_id(shop, {one.product for one in found}).items()}


def _show(found: list[Trend], labels: dict[str, str]) -> None:
    from huaxiang.text.taxonomy import ASPECTS

    if not found:
        output.say(
            output.both(
                "没有哪种商品的哪类抱怨出现得够多；用 --least 1 可看更少的，--over category 可按品类看",
                "no complaint comes up often enough at any product; --least 1 shows rarer ones, --over category whole categories",
            )
        )
        return
    language = output.reader_language()
    zh = language == "zh"
    rows = [
        (
            output.cut(labels.get(one.product, one.product), 34), ASPECTS.get(one.aspect, {}).get(language, one.aspect),
            f"{one.before[0]}/{one.before[1]}", f"{one.recent[0]}/{one.recent[1]}", f"×{one.ratio:.1f}",
            f"{one.false_rate:.2f}", _direction(one, language),
        )
        for one in found
    ]  # fmt: skip
    head = (
        ("商品", "方面", "以前", "近期", "倍数", "误报率", "走势")
        if zh
        else ("product", "aspect", "before", "recent", "ratio", "false rate", "trend")
    )
    output.say(output.table(rows, head, right=(2, 3, 4, 5)))
    output.say()
    for one in found:
        for quote in one.quotes:
            label, words = labels.get(one.product, one.product), output.plain(quote.text, one_line=True)[:160]
            aspect = ASPECTS.get(one.aspect, {}).get(language, one.aspect)
            output.say(f"{label} · {aspect} · {quote.day} · {short(quote.evidence_id)}\n    {output.plain(words)}")


def _direction(one: Trend, language: str) -> str:
    """Rising where chance does not explain it, else which way the figures lean; falling is never called rising."""
    if one.rising:
        return "上升" if language == "zh" else "rising"
    if not one.recent[1]:
        return "近期无文字" if language == "zh" else "no recent texts"
    if _SAME[0] <= one.ratio <= _SAME[1]:
        return "持平" if language == "zh" else "about the same"
    if one.ratio > 1:
        return "略升（或属偶然）" if language == "zh" else "up, may be chance"
    return "下降" if language == "zh" else "falling"

"""`huaxiang trends`: which complaint rises at which product, with the sentences; a table, and a plot on request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from huaxiang import clock
from ui.cli import output
from ui.cli.common import JsonOption, ShopOption, open_shop
from ui.cli.naming import short
from ui.cli.trends_words import GROUPS, direction, ratio

if TYPE_CHECKING:
    from huaxiang.store.shop import Shop
    from huaxiang.text.trends import Remark, Trend


_LEAST = 3
_COARSER = ("product", "category", "shop")
"""What rows are about when nobody says: the first of these at which a complaint comes up often enough."""


def trends(
    product: Annotated[str | None, typer.Argument(metavar="[PRODUCT]", help="Only this item id.")] = None,
    shop: ShopOption = None,
    aspect: Annotated[str | None, typer.Option(help="Only this aspect, e.g. delivery or 物流.")] = None,
    over: Annotated[
        Literal["product", "brand", "category", "shop"] | None,
        typer.Option(
            help="What a row is about. Default: product; where none has enough complaints and recent texts, category, then shop."
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="How many days up to the shop's today are recent.")] = 90,
    by: Annotated[Literal["week", "month", "quarter"], typer.Option(help="Length of a period.")] = "month",
    tier: Annotated[
        Literal["fast", "accurate"], typer.Option(help="Aspect reader: cue words, or the fine-tuned encoder.")
    ] = "fast",
    least: Annotated[int, typer.Option(min=1, help="Complaints in all below which nothing is said.")] = _LEAST,
    limit: Annotated[int, typer.Option(min=1, help="At most this many rows.")] = 10,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help="Also write a page with a chart and the quotes of each row."),
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
    from huaxiang.text.trends import aspect_trends

    opened = open_shop(shop)
    now = opened.now()
    today = clock.day_of(now, opened.tz)
    remarks = _remarks(opened, product, now, max(5 * 366, 4 * days), tier, quiet=as_json)
    groups = (over,) if over else _COARSER[:1] if product else _COARSER
    counted = partial(aspect_trends, today=today, recent_days=days, by=by, least=least)
    group, found = _found(opened, remarks, groups, _aspect(aspect), counted)
    found = found[:limit]
    labels = _labels(opened, found, group)
    if plot is not None:
        from ui.cli.trends_plot import draw

        draw(found, labels, plot, output.reader_language(), today=today, days=days, by=by)
        output.note(f"{output.both('已画：', 'drawn: ')}{plot}")
    if as_json:
        output.emit(
            [{**one.to_json(), "over": group, "product_label": labels.get(one.product, one.product)} for one in found]
        )
    else:
        if found and group != (over or "product"):
            output.say(_coarser(group, least))
        _show(found, labels, group, (len(remarks), sum(bool(one.opinions) for one in remarks)), least)
    opened.close()


def _found(
    shop: Shop,
    remarks: list[Remark],
    groups: Sequence[str],
    aspect: str | None,
    counted: Callable[[list[Remark]], list[Trend]],
) -> tuple[str, list[Trend]]:
    """The first kind of group that has a row with recent texts, and its rows; else the first that has any row."""
    tried = []
    for group in groups:
        found = [one for one in counted(_grouped(shop, remarks, group)) if aspect in (None, one.aspect)]
        if any(one.recent[1] for one in found):
            return group, found
        tried.append((group, found))
    return next((one for one in tried if one[1]), tried[-1])


def _coarser(group: str, least: int) -> str:
    """Why the rows are not about products."""
    zh, en = {"category": ("品类", "category"), "shop": ("全店", "the whole shop")}[group]
    return output.both(
        f"没有哪种商品既有 {least} 条同一方面的抱怨又有近期文字，所以按{zh}看；单个商品：--over product --least 1\n",
        f"No single product has {least} complaints about one aspect and recent texts, so this is by {en}; "
        "for single products: --over product --least 1\n",
    )


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


def _remarks(shop: Shop, product: str | None, now: int, days: int, tier: Any, *, quiet: bool) -> list[Remark]:
    from huaxiang.text.trends_shop import remarks_of
    from ui.cli.progress import bar

    since = clock.start_of_day(clock.day_of(now, shop.tz) - timedelta(days=days), shop.tz)
    with bar(output.both("读顾客写的文字", "reading what customers wrote"), quiet=quiet) as tell:
        return list(
            remarks_of(
                shop, product=product, since=since, until=now, tier=tier,
                progress=lambda done, total: tell(done, total, ""),
            )
        )  # fmt: skip


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


def _labels(shop: Shop, found: list[Trend], group: str) -> dict[str, str]:
    from huaxiang.features import wording
    from huaxiang.store import read

    language = output.reader_language()
    if group == "category":
        return {one.product: output.both(*wording.category(one.product)) for one in found}
    items = read.items_by_id(shop, {one.product for one in found})
    return {"*": output.both(*GROUPS["shop"])} | {key: item.label(language) for key, item in items.items()}


def _show(found: list[Trend], labels: dict[str, str], group: str, read: tuple[int, int], least: int) -> None:
    from huaxiang.text.taxonomy import ASPECTS

    if not found:
        output.say(_nothing(read, least))
        return
    language = output.reader_language()
    zh = language == "zh"
    rows = [
        (
            output.cut(labels.get(one.product, one.product), 34), ASPECTS.get(one.aspect, {}).get(language, one.aspect),
            f"{one.before[0]}/{one.before[1]}", f"{one.recent[0]}/{one.recent[1]}", ratio(one),
            f"{one.false_rate:.2f}", direction(one, language),
        )
        for one in found
    ]  # fmt: skip
    head = (
        (GROUPS[group][0], "方面", "以前", "近期", "倍数", "误报率", "走势")
        if zh
        else (GROUPS[group][1], "aspect", "before", "recent", "ratio", "false rate", "trend")
    )
    output.say(output.table(rows, head, right=(2, 3, 4, 5)))
    output.say()
    for one in found:
        for quote in one.quotes:
            label, words = labels.get(one.product, one.product), output.plain(quote.text, one_line=True)[:160]
            aspect = ASPECTS.get(one.aspect, {}).get(language, one.aspect)
            output.say(f"{label} · {aspect} · {quote.day} · {short(quote.evidence_id)}\n    {output.plain(words)}")


def _nothing(read: tuple[int, int], least: int) -> str:
    """Why nothing is shown, and what to do."""
    texts, judging = read
    if not texts:
        return output.both(
            "没有提到商品的文字：趋势要有带日期和商品编号的评论、消息、工单、问卷或退货原因（huaxiang import）",
            "no text is about a product: trends need reviews, messages, tickets, surveys or returns with a date and an "
            "item id (huaxiang import)",
        )
    return output.both(
        f"读了 {texts} 条文字，其中 {judging} 条评价了某方面，没有哪类抱怨达到 {least} 条；--least 1 可看更少的",
        f"no complaint comes up often enough: {texts} texts read, {judging} judge an aspect, none of them {least} times "
        "in the same way; --least 1 shows rarer ones",
    )

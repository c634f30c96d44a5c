"""`huaxiang init DIR`: make an empty shop."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from huaxiang.errors import ConfigError
from ui.cli import output
from ui.cli.common import JsonOption


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder to make; one that is a shop stays as it is.")
    ],
    *,
    name: Annotated[str | None, typer.Option(help="What the shop is called. Default: the folder's name.")] = None,
    timezone: Annotated[
        str | None, typer.Option(help="Zone of times that carry none, e.g. Asia/Shanghai. Default: UTC.")
    ] = None,
    today: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The shop's clock. Default: the day of the last event.")
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="ISO code for amounts whose source names none, e.g. CNY.")
    ] = None,
    field_pack: Annotated[
        str | None, typer.Option(help="Which profile fields the shop keeps. Default: retail.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make an empty shop: settings, database and folders.

    \b
    Examples:
      huaxiang init myshop
      huaxiang init /srv/shop --name 山海集 --timezone Asia/Shanghai --currency CNY
    """
    make(
        folder,
        {"name": name, "today": _day(today), "timezone": timezone, "currency": currency, "field_pack": field_pack},
        as_json=as_json,
    )


def make(folder: Path, settings: dict[str, Any], *, as_json: bool = False, quiet: bool = False) -> bool:
    """Make the shop and say so; True if it is new. Settings that are None are left to their defaults."""
    from huaxiang import clock, config
    from huaxiang.store.shop import Shop

    chosen = {key: value for key, value in settings.items() if value is not None}
    config.load(
        None, {f"shop.{key}": value for key, value in chosen.items()}
    )  # refuses a wrong value before writing it
    if "timezone" in chosen:
        clock.zone(chosen["timezone"])
    if "field_pack" in chosen:
        from huaxiang.schema.pack import load_pack

        load_pack(chosen["field_pack"], folder)
    new = not (folder / config.SHOP_FILE).is_file()
    Shop.create(folder, settings=chosen).close()
    if quiet:
        return new
    if as_json:
        output.emit({"shop": str(folder), "created": new})
    elif new:
        output.say(
            output.both(
                f"已新建店铺：{folder}\n接下来：huaxiang import 文件… --shop {folder}",
                f"made a shop at {folder}\nnext: huaxiang import FILES… --shop {folder}",
            )
        )
    else:
        file = folder / config.SHOP_FILE
        output.say(
            output.both(
                f"{folder} 已经是店铺；没有改动（设置在 {file}）",
                f"{folder} is a shop already; nothing was changed (its settings are in {file})",
            )
        )
    return new


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise ConfigError(f"--today {text!r} is not a day", hint="write it as 2026-06-30", code="bad-date") from error

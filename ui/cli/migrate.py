"""`huaxiang migrate`: a shop of an earlier version brought up to date."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ui.cli import output, progress
from ui.cli.common import JsonOption, ShopOption, find_shop


def migrate(
    shop: ShopOption = None,
    check: Annotated[bool, typer.Option("--check", help="Only say what would be done; exit 1 if anything.")] = False,
    backup: Annotated[Path | None, typer.Option(metavar="FILE", help="Make a backup first.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a shop's tables up to this program's version, in one transaction; doing it twice changes nothing.

    Where a new version only adds tables or columns, opening the shop does this by itself.

    \b
    Examples:
      huaxiang migrate --check --shop myshop
      huaxiang migrate --backup before.tar --shop myshop
    """
    from huaxiang.store import migrate as work
    from huaxiang.store.backup import backup as make_backup
    from huaxiang.store.shop import Shop
    from huaxiang.store.tables import SCHEMA_VERSION

    opened = Shop.open(find_shop(shop), as_it_is=True)
    try:
        if check:
            with opened.engine.connect() as connection:
                found = work.plan(connection)
        else:
            if backup is not None:
                with progress.bar("backing up", unit="bytes", quiet=as_json) as tell:
                    make_backup(opened, backup, progress=tell)
            with opened.writing():
                found = work.migrate(opened.engine)
    finally:
        opened.close()
    if as_json:
        output.emit({**asdict(found), "to_version": SCHEMA_VERSION, "done": not check})
    elif found.current:
        output.say(
            output.both(
                f"店铺的数据版本已是 {SCHEMA_VERSION}；不需要做什么",
                f"the shop has schema version {SCHEMA_VERSION}; nothing is to be done",
            )
        )
    else:
        added = ", ".join((*found.tables, *found.columns)) or output.both("无", "nothing")
        verb = output.both("将", "would go") if check else output.both("已", "went")
        output.say(
            output.both(
                f"数据版本{verb}从 {found.version} 升级到 {SCHEMA_VERSION}；新增：{added}",
                f"{verb} from schema version {found.version} to {SCHEMA_VERSION}; added: {added}",
            )
        )
    if check and not found.current:
        raise typer.Exit(1)

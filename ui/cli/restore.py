"""`huaxiang restore FILE DIR`: a shop from a backup, once every hash is right."""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ui.cli import output, progress
from ui.cli.common import JsonOption


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Made by `huaxiang backup`.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the shop shall be.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="A shop is there already: put the backup in its place.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Only check every hash.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check a backup and make a shop of it. What is at DIR stays as it is until the restored shop is ready.

    Customers who were erased from the replaced shop after the backup was made are erased from the restored one, too. A
    backup of an earlier version is brought up to date. The index is made anew by `huaxiang index` (vectors are kept).

    \b
    Examples:
      huaxiang restore myshop-20260630T101500.tar restored/
      huaxiang restore myshop-20260630T101500.tar myshop --replace
      huaxiang restore myshop-20260630T101500.tar . --check
    """
    from huaxiang.store import restore as work

    with progress.bar("checking" if check else "restoring", unit="bytes", quiet=as_json) as tell:
        if check:
            manifest = work.check(file, progress=tell)
        else:
            erased: list[str] = []
            report = work.restore(
                file,
                folder,
                replace=replace,
                before_swap=lambda place: erased.extend(_erase_again(place)),
                progress=tell,
            )
    if check:
        parts = len(manifest["parts"])
        output.emit({"ok": True, **manifest}) if as_json else output.say(
            output.both(
                f"{file.name}：{parts} 个文件，校验全部正确", f"{file.name}: {parts} files, every hash is right"
            )
        )
    elif as_json:
        output.emit({**asdict(report), "erased_again": len(erased)})
    else:
        output.say(
            output.both(
                f"已把 {report.made_at} 的 {report.parts} 个文件恢复到 {folder}；接下来：huaxiang index --shop {folder}",
                f"restored {report.parts} files of {report.made_at} to {folder}; next: huaxiang index --shop {folder}",
            )
        )
        if erased:
            output.say(
                output.both(
                    f"备份之后删除过的顾客，已再次删除：{len(erased)} 位",
                    f"erased again, since they were erased after the backup was made: {len(erased)}",
                )
            )


def _erase_again(place: Path) -> list[str]:
    """Before anybody sees the restored shop: erase whoever is on its suppression list."""
    from agent.holders import holders
    from huaxiang.privacy import erase, journal
    from huaxiang.store.restore import returned
    from huaxiang.store.shop import Shop

    with contextlib.closing(Shop.open(place)) as shop:
        back = returned(shop)
        if back or journal.pending(shop) is not None:
            erase.erase(shop, back, holders(shop))
    return back

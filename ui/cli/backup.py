"""`huaxiang backup`: the whole shop in one checked file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ui.cli import output, progress
from ui.cli.common import JsonOption, ShopOption, open_shop


def backup(
    shop: ShopOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE|DIR", help="Where to write it. Default: this folder, a dated name."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a snapshot of the shop to one file, with the hash of every part. Reading goes on meanwhile.

    It holds every customer's data and the key that signs receipts: keep it like the shop itself, and delete it when a
    customer who is in it was erased (a restore leaves such customers out). What can be made again is left out.

    \b
    Examples:
      huaxiang backup --shop myshop
      huaxiang backup --shop myshop --out backups/
    """
    from huaxiang.store import backup as work

    opened = open_shop(shop)
    try:
        name = work.default_name(opened)
        target = Path(name) if out is None else out / name if out.is_dir() else out
        with progress.bar("backing up", unit="bytes", quiet=as_json) as tell:
            report = work.backup(opened, target, progress=tell)
    finally:
        opened.close()
    if as_json:
        output.emit(asdict(report))
    else:
        files = output.both(f"{report.parts} 个文件", f"{report.parts} files")
        output.say(f"{target}: {files}, {report.bytes / 1e6:.1f} MB, SHA-256 {report.sha256}")

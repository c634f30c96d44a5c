"""`huaxiang export ID`: everything about one customer in one file that imports again."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from huaxiang.errors import ConfigError
from ui.cli import output
from ui.cli.common import JsonOption, PurposeOption, RoleOption, ShopOption, customer_of, open_as, open_shop


def export(
    customer: Annotated[str, typer.Argument(metavar="ID", help="An id, or a name that is unique.")],
    *,
    shop: ShopOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE|DIR", help="Where to write it. Default: ID.jsonl in this folder."),
    ] = None,
    role: RoleOption = None,
    purpose: PurposeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write one customer's rows, texts, evidence, ledger and profile as JSON lines; `huaxiang import FILE` puts them back.

    The shop remembers the file's name, so that an erasure can say which copies there are. It holds every field, so only a
    role that may see them all may write it.

    \b
    Examples:
      huaxiang export C017 --shop myshop
      huaxiang export "Megan Whitfield" --out exports/
    """
    from agent.holders import holders
    from huaxiang.privacy.export import export_customer
    from huaxiang.privacy.sight import Sight

    opened = open_as(shop, role, purpose)
    try:
        sight = Sight.of_shop(opened)
        if not sight.sees_all:  # half a customer could not be put back
            raise sight.refusal(*sight.hidden)
        customer_id = customer_of(opened, customer, exact=True)
        name = "".join(one if one.isalnum() or one in "-_." else "-" for one in customer_id) + ".jsonl"
        target = Path(name) if out is None else out / name if out.is_dir() else out
        report = export_customer(opened, customer_id, target, holders(opened))
    finally:
        opened.close()
    if as_json:
        output.emit(asdict(report))
    else:
        rows = ", ".join(f"{table} {count}" for table, count in sorted(report.rows.items()))
        back = output.both("放回：", "put back with: ")
        output.say(f"{target}: {rows}\n{back}huaxiang import {target}")


def take_back(shop: Path | None, paths: list[Path], *, dry_run: bool, as_json: bool) -> bool:
    """Import customers that `huaxiang export` wrote; False where none of the files is one.

    Raises:
        ConfigError: exports and other files together, or with --dry-run.
        DataError, StoreError: see `huaxiang.privacy.export.import_customer`.
    """
    from huaxiang.privacy.export import import_customer, is_export

    exported = [path for path in paths if path.is_file() and is_export(path)]
    if not exported:
        return False
    if len(exported) < len(paths) or dry_run:
        raise ConfigError(
            "a customer's export is imported by itself, without other files or --dry-run",
            hint="huaxiang import " + exported[0].name,
            code="usage",
        )
    opened = open_shop(shop)
    try:
        done = [(path, import_customer(opened, path)) for path in exported]
    finally:
        opened.close()
    if as_json:
        output.emit([{"file": path.name, **asdict(one)} for path, one in done])
    else:
        for path, one in done:
            rows = output.both(
                f"新增 {one.new} 行，已有 {one.known} 行；接下来：", f"{one.new} rows new, {one.known} known; next: "
            )
            output.say(f"{path.name}: {', '.join(one.customers)}, {rows}huaxiang index")
    return True

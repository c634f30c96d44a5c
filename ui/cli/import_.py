"""`huaxiang import PATH…`: files into the shop, with a report; then profiles and the index of whoever was touched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from huaxiang.errors import ConfigError, HuaxiangError
from ui.cli import errors, export, output, prepare, progress
from ui.cli.common import JsonOption, ShopOption, open_shop

if TYPE_CHECKING:
    from huaxiang.ingest.report import ImportReport
    from huaxiang.store.shop import Shop


KindOption = Annotated[
    str | None,
    typer.Option(
        help="What the rows are: review, order, view, cart, search, return, message, ticket, survey, note, event, customer, item."
    ),
]
FormatOption = Annotated[
    str | None,
    typer.Option(help="The format, where it is not found by itself, e.g. amazon-2018, csv, parquet."),
]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option(metavar="FIELD=SOURCE", help="Read FIELD from the column SOURCE; may be repeated."),
]


def import_(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH…", help="Files or folders: CSV, TSV, JSON lines, JSON, Parquet, each also .gz."),
    ] = None,
    *,
    shop: ShopOption = None,
    format: FormatOption = None,
    kind: KindOption = None,
    column: ColumnOption = None,
    save_mapping: Annotated[
        bool, typer.Option("--save-mapping", help="Keep kind, format and columns in shop.toml for files of this name.")
    ] = False,
    no_index: Annotated[
        bool, typer.Option("--no-index", help="Do not embed; words can be searched at once. Later: huaxiang index.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report what would happen.")] = False,
    undo: Annotated[
        str | None, typer.Option("--undo", metavar="BATCH", help="Take an import back: its id, or its file's name.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Only list the imports with their ids.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Import files or folders and report every row: kept, repaired, duplicated, rejected with its line and reason.

    Importing the same file twice changes nothing, and an import that was stopped is finished by running it again.

    \b
    Examples:
      huaxiang import sample/ --shop myshop
      huaxiang import export.csv --kind review --column customer_id=user --column text=comment --dry-run
      huaxiang import --undo export.csv
    """
    if listed or undo is not None:
        from ui.cli import batches

        batches.show(shop, as_json) if undo is None else batches.undo(shop, undo, as_json)
        return
    if not paths:
        raise ConfigError("nothing to import was named", hint="huaxiang import FILE… (or --list, --undo)", code="usage")
    if export.take_back(shop, paths, dry_run=dry_run, as_json=as_json):
        return
    columns = parse_columns(column or [])
    opened = open_shop(shop)
    behind = not dry_run and prepare.mark(opened)
    report = load(
        opened, paths, format=format, kind=kind, columns=columns, dry_run=dry_run, save_mapping=save_mapping, quiet=as_json,
    )  # fmt: skip
    done: dict[str, Any] = {}
    failed: HuaxiangError | None = None
    try:
        if not dry_run:
            failed = follow(opened, report, done, everybody=behind, no_index=no_index, as_json=as_json)
    finally:
        if as_json:
            output.emit({"shop": str(opened.folder), **report.model_dump(mode="json"), **done})
        opened.close()
    if failed is not None:
        raise typer.Exit(errors.report(failed, as_json))


def load(
    shop: Shop, paths: list[Path], *, format: str | None = None, kind: str | None = None, columns: dict[str, str] | None = None,
    dry_run: bool = False, save_mapping: bool = False, quiet: bool = False,
) -> ImportReport:  # fmt: skip
    """Import with a bar and print the report (unless `quiet`)."""
    from huaxiang.ingest.importer import import_paths

    with progress.bar("reading", unit="bytes", quiet=quiet) as tell:
        report = import_paths(
            shop,
            paths,
            format=format,
            kind=kind,
            columns=columns,
            dry_run=dry_run,
            save_mapping=save_mapping,
            progress=tell,
        )
    if not quiet:
        output.say(output.plain(report.to_text(output.reader_language())))
    return report


def follow(
    shop: Shop, report: ImportReport, done: dict[str, Any], *, everybody: bool, no_index: bool, as_json: bool
) -> HuaxiangError | None:
    """Profiles and index after an import; an index that cannot be used is returned, since the import itself stands."""
    if report.customer_ids or everybody:
        done.update(prepare.derive(shop, None if everybody else report.customer_ids, quiet=as_json))
        if not as_json:
            output.say(prepare.derived_text(done))
    else:
        prepare.unmark(shop)
    if no_index:
        if not as_json:
            output.say(
                output.both(
                    "没有计算向量（--no-index）：运行 huaxiang index 之前按字词搜索",
                    "not embedded (--no-index): search goes by words until `huaxiang index` has run",
                )
            )
        return None
    from vectorstore.index import Index

    try:
        with Index.open(shop) as index:
            indexed = prepare.embed(index, quiet=as_json)
    except HuaxiangError as error:
        done["index"] = {"error": error.to_dict()}
        return error
    done["index"] = indexed.model_dump(mode="json")
    if not as_json:
        output.say(prepare.index_text(indexed))
    return None


def parse_columns(pairs: list[str]) -> dict[str, str]:
    """`field=source` pairs as a mapping.

    Raises:
        ConfigError: a pair has no `=`, one side is empty, or a field is given twice with different sources.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        field, equals, source = (part.strip() for part in pair.partition("="))
        if not equals or not field or not source:
            raise ConfigError(
                f"--column {pair!r} is not FIELD=SOURCE",
                hint="e.g. --column text=reviewText --column customer_id=user",
                code="bad-column",
            )
        if found.setdefault(field, source) != source:
            raise ConfigError(
                f"--column names {field!r} twice, from {found[field]!r} and {source!r}",
                hint="leave one of them out",
                code="bad-column",
            )
    return found

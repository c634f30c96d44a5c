"""`huaxiang erase CUSTOMER…`: remove customers everywhere, look for what is left, and keep a signed receipt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from huaxiang.errors import ConfigError, DataError
from ui.cli import asking, naming, output, progress
from ui.cli.common import JsonOption, ShopOption, open_shop

if TYPE_CHECKING:
    from huaxiang.privacy.erase import ErasureReport
    from huaxiang.store.shop import Shop


def erase(
    customers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CUSTOMER…]", help="Ids or names; a name that is only similar is asked about first."),
    ] = None,
    *,
    shop: ShopOption = None,
    ids_from: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Also the ids in this file, one a line; - is stdin.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    verify: Annotated[
        Path | None,
        typer.Option(metavar="RECEIPT", help="Check a receipt: its signature, and that nobody on it is back."),
    ] = None,
    readmit: Annotated[
        bool, typer.Option("--readmit", help="Take these ids off the suppression list: imports may bring them again.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Erase customers: rows, events, evidence, vectors, words, ledger, caches, threads, traces, feedback, exports' register.

    Then every file of the shop is searched for their ids, word sequences and vectors; only if nothing is found is a signed
    receipt written. The next import of the same file leaves them out. Backups and exported files are yours to delete; they
    are listed. An erasure that was stopped is finished by running it again (or `huaxiang erase` without an id).

    \b
    Examples:
      huaxiang erase C017 --shop myshop
      huaxiang erase "Megan Whitfield"
      huaxiang erase --from ids.txt --yes --json
      huaxiang erase --verify receipts/355c2572594ee7623338.json
    """
    wanted = [one for one in customers or [] if one.strip()] + _ids_of(ids_from)
    if sum((verify is not None, readmit)) > 1 or (verify is not None and ids_from is not None):
        raise ConfigError(
            "--verify, --readmit and --from do not go together", hint="see: huaxiang erase --help", code="usage"
        )
    opened = open_shop(shop)
    try:
        if verify is not None:
            _verify(opened, verify, wanted, as_json)
        elif readmit:
            _readmit(opened, wanted, as_json)
        else:
            _erase(opened, wanted, yes=yes, as_json=as_json)
    finally:
        opened.close()


def _erase(shop: Shop, wanted: list[str], *, yes: bool, as_json: bool) -> None:
    from agent.holders import holders
    from huaxiang.privacy import erase as work
    from huaxiang.privacy import journal

    unfinished = journal.pending(shop)
    mine = [] if unfinished is None else [one for one in wanted if one in unfinished.customers]
    wanted = mine + _named(shop, [one for one in wanted if one not in mine], yes=yes or as_json)
    everybody = work.resolve(shop, [one for one in wanted if one not in mine])
    copies = work.exported(shop, everybody)
    if unfinished is not None:
        many = len(unfinished.customers)
        output.note(
            output.both(
                f"上次删除 {many} 位顾客时中断，现在继续做完",
                f"an erasure of {output.plural(many, 'customer')} was stopped; it is finished now",
            )
        )
    if not yes and not _confirmed(shop, everybody, wanted, unfinished is not None):
        output.note(output.both("没有删除任何内容", "nothing was erased"))
        raise typer.Exit(1)
    with progress.bar("erasing", quiet=as_json) as tell:
        report = work.erase(shop, wanted, holders(shop), progress=tell)
    copies = tuple(dict.fromkeys((*copies, *report.copies)))
    if as_json:
        output.emit(_as_dict(report, copies))
    else:
        output.say(_as_text(report, copies))


def _named(shop: Shop, texts: list[str], *, yes: bool) -> list[str]:
    """The ids that are meant. A name that is only similar is asked about, and refused where nobody can be asked.

    Raises:
        DataError: `similar-name` for such a name with `--yes` or `--json`; nobody or several of that name.
    """
    chosen = []
    for text in texts:
        try:
            found = naming.find(shop, text)
        except DataError as error:
            if error.code == "no-such-customer" and "closest" not in error.message:
                chosen.append(text)  # perhaps erased before: what erases says so better
                continue
            raise
        if found.fuzzy:
            who = f"{found.customer_id} {output.plain(found.name or '-', one_line=True)}"
            if yes:
                raise DataError(
                    f"a similar name is not enough to erase {found.customer_id}",
                    hint=f"if that is who is meant: huaxiang erase {found.customer_id}",
                    code="similar-name",
                )
            if not asking.confirm(
                output.both(
                    f"没有完全一致的名字。您指的是 {who} 吗？", f"Nobody has exactly that name. Do you mean {who}?"
                ),
                instead=f"huaxiang erase {found.customer_id} --yes",
            ):
                continue
        chosen.append(found.customer_id)
    if texts and not chosen:
        output.note(output.both("没有删除任何内容", "nothing was erased"))
        raise typer.Exit(1)
    return chosen


def _confirmed(shop: Shop, everybody: list[str], wanted: list[str], unfinished: bool) -> bool:
    if not everybody and unfinished:
        return True
    from huaxiang.store import read

    people = read.customers_by_id(shop, everybody[:5])
    some = ", ".join(
        output.plain(f"{one} {people[one].name or ''}".strip() if one in people else one, one_line=True)
        for one in everybody[:5]
    )
    some += " …" if len(everybody) > 5 else ""
    merged = [one for one in everybody if one not in wanted]
    named = ", ".join(merged[:5])
    return asking.confirm(
        output.both(
            f"彻底删除 {len(everybody)} 位顾客（{some}）{f'，包括与其合并的 {len(merged)} 位（{named}）' if merged else ''}？",
            f"Erase {output.plural(len(everybody), 'customer')} ({some}){f', {len(merged)} of them merged with these ({named}),' if merged else ''} for good?",
        ),
        instead="--yes",
    )


def _as_dict(report: ErasureReport, copies: tuple[str, ...]) -> dict[str, Any]:
    return {
        "customers": report.customers,
        "removed": report.removed,
        "scan": {"files": report.scan.files, "bytes": report.scan.bytes, "probes": report.receipt.probes, "found": 0},
        "receipt": report.path.name,
        "copies_outside": list(copies),
        "profiles_rebuilt": report.rebuilt,
        "seconds": report.seconds,
    }


def _as_text(report: ErasureReport, copies: tuple[str, ...]) -> str:
    both = output.both
    removed = ", ".join(f"{name} {count}" for name, count in report.removed.items() if count) or both("无", "nothing")
    scan, probes = report.scan, report.receipt.probes
    lines = [
        both(
            f"已删除 {report.customers} 位顾客（{report.seconds:.1f} 秒）：{removed}",
            f"erased {output.plural(report.customers, 'customer')} in {report.seconds:.1f} s: {removed}",
        ),
        both(
            f"在 {scan.files} 个文件（{scan.bytes / 1e6:.1f} MB）里查找 {probes} 处痕迹：无残留",
            f"searched {scan.files} files ({scan.bytes / 1e6:.1f} MB) for {probes} traces: none left",
        ),
        both("回执：", "receipt: ") + f"receipts/{report.path.name}",
    ]
    if report.rebuilt:
        lines.append(
            both("原文副本已删，重新推导的画像：", "profiles derived anew, since a copied text is gone: ")
            + str(report.rebuilt)
        )
    if copies:
        lines.append(
            both("店铺之外的副本，请自行删除：", "copies outside the shop, yours to delete: ") + ", ".join(copies)
        )
    return "\n".join(lines)


def _verify(shop: Shop, path: Path, wanted: list[str], as_json: bool) -> None:
    from huaxiang.privacy import receipt, suppression
    from huaxiang.store import read

    # erase prints the receipt's path inside the shop; it is looked for there too
    found = receipt.read(path if path.exists() or path.is_absolute() else shop.folder / path)
    with shop.engine.connect() as connection:
        listed = suppression.everything(connection)
    salt, marks = listed if listed is not None else (b"", [])
    back = []
    if salt:
        named = set(found.tombstones)
        back = [
            one["customer_id"]
            for one in read.customer_list(shop)
            if suppression.tombstone(salt, one["customer_id"]) in named
        ]
    about = [one for one in wanted if salt and suppression.tombstone(salt, one) in found.tombstones]
    checks = {
        "signature": receipt.verify(found),
        "key_of_this_shop": found.public_key == receipt.own_key(shop),
        "still_suppressed": set(found.tombstones) <= set(marks),
        "nobody_is_back": not back,
    }
    if wanted:
        checks["about_these_customers"] = len(about) == len(wanted)
    if as_json:
        output.emit(
            {"ok": all(checks.values()), "receipt": found.receipt_id, "issued_at": found.issued_at, "checks": checks}
        )
    else:
        words = "\n".join(_check_line(name, good) for name, good in checks.items())
        output.say(
            output.both(
                f"回执 {found.receipt_id}，{found.issued_at}，{found.customers} 位顾客\n{words}",
                f"receipt {found.receipt_id} of {found.issued_at}, {found.customers} customers\n{words}",
            )
        )
    if not all(checks.values()):
        raise typer.Exit(1)


_CHECKS = {
    "signature": "签名有效",
    "key_of_this_shop": "签名出自本店",
    "still_suppressed": "仍在禁止重新导入的名单上",
    "nobody_is_back": "没有人回来",
    "about_these_customers": "回执包含这些顾客",
}


def _check_line(name: str, good: bool) -> str:
    if output.reader_language() == "zh":
        return f"{'通过  ' if good else '不通过'}  {_CHECKS[name]}"
    return f"{'ok  ' if good else 'FAIL'}  {name.replace('_', ' ')}"


def _readmit(shop: Shop, wanted: list[str], as_json: bool) -> None:
    from huaxiang.privacy import suppression

    if not wanted:
        raise ConfigError("--readmit needs an id", hint="huaxiang erase --readmit ID…", code="usage")
    with shop.writing(), shop.begin() as connection:
        count = suppression.lift(connection, wanted)
    if as_json:
        output.emit({"readmitted": count})
    else:
        output.say(
            output.both(
                f"已从禁止名单移除 {count} 位（共 {len(wanted)} 位）；下次导入可以再带来他们",
                f"taken off the suppression list: {count} of {len(wanted)}; the next import may bring them again",
            )
        )


def _ids_of(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        text = typer.get_text_stream("stdin").read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"the list of ids {path.name!r} cannot be read ({type(error).__name__})",
            hint="a text file in UTF-8, one id a line",
            code="unreadable-file",
        ) from error
    return [line.strip() for line in text.splitlines() if line.strip()]

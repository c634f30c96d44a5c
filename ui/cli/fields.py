"""`huaxiang fields`: which fields a profile may hold, whether the pack is sound, and what a changed pack does to a shop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from huaxiang.errors import StoreError
from ui.cli import output
from ui.cli.common import JsonOption, ShopOption, open_shop

if TYPE_CHECKING:
    from huaxiang.ledger.refit import RefitReport
    from huaxiang.schema.pack import FieldPack
    from huaxiang.store.shop import Shop

PackOption = Annotated[
    str | None,
    typer.Option("--pack", metavar="NAMES", help="These packs instead of the shop's, e.g. retail+beauty."),
]
LanguageOption = Annotated[str | None, typer.Option(help="zh or en. Default: that of this terminal.")]


def show(
    field: Annotated[str | None, typer.Argument(metavar="[FIELD]", help="One field with all its settings.")] = None,
    shop: ShopOption = None,
    pack: PackOption = None,
    role: Annotated[str | None, typer.Option(help="Only what this role may see, e.g. marketing.")] = None,
    purpose: Annotated[str, typer.Option(help="… for this purpose.")] = "service",
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the fields of the shop's pack: label, type, merge policy, half-life, who may see it.

    \b
    Examples:
      huaxiang fields show --shop myshop
      huaxiang fields show skin_type --pack retail+beauty
      huaxiang fields show --role marketing --purpose marketing --json
    """
    chosen = _pack(shop, pack)
    reader = language or output.reader_language()
    names = [field] if field else list(chosen.visible(role, purpose) if role else chosen.fields)
    if as_json:
        output.emit({"pack": f"{chosen.name}@{chosen.version}", "fields": [_field(chosen, name) for name in names]})
    elif field:
        output.say(_one(chosen, field, reader))
    else:
        head = (
            ("字段", "名称", "类型", "合并", "半衰期", "依据", "敏感度", "可见")
            if reader == "zh"
            else ("field", "label", "type", "merge", "half-life", "bases", "sensitivity", "seen by")
        )
        output.say(f"{chosen.name}@{chosen.version}: {chosen.label.get(reader, '')}")
        output.say(output.table([_row(chosen, name, reader) for name in names], head))


def check(
    shop: ShopOption = None,
    pack: PackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the pack, and in a shop every stored trait against it; exit 1 when something no longer fits.

    \b
    Examples:
      huaxiang fields check --shop myshop
      huaxiang fields check --pack retail+fashion
    """
    chosen = _pack(shop, pack)
    report: RefitReport | None = None
    if pack is None and (opened := _shop(shop)) is not None:
        from huaxiang.ledger import refit

        report = refit.check(opened)
        opened.close()
    if as_json:
        output.emit(
            {"pack": f"{chosen.name}@{chosen.version}", "fields": len(chosen.fields), "sound": True}
            | ({} if report is None else {"traits": report.traits, "misfits": report.counts()})
        )
    else:
        values = sum(map(len, chosen.vocabularies.values()))
        output.say(
            output.both(
                f"{chosen.name}@{chosen.version} 没有问题：{len(chosen.fields)} 个字段，{values} 个已知值",
                f"{chosen.name}@{chosen.version} is sound: {len(chosen.fields)} fields, {values} known values",
            )
        )
        if report is not None:
            output.say(
                _report(
                    report,
                    output.both(
                        "用 huaxiang fields migrate 搬移或停用", "huaxiang fields migrate moves or retires them"
                    ),
                )
            )
    if report is not None and report.misfits:
        raise typer.Exit(1)


def diff(
    old: Annotated[
        str | None, typer.Argument(help="A pack's names. Default: what the shop was last migrated to.")
    ] = None,
    new: Annotated[str | None, typer.Argument(help="Another's. Default: what the shop has now.")] = None,
    shop: ShopOption = None,
    as_json: JsonOption = False,
) -> None:
    """What changed between two packs, or since this shop's last `fields migrate`.

    \b
    Examples:
      huaxiang fields diff --shop myshop
      huaxiang fields diff retail retail+food
    """
    from huaxiang.schema.pack_diff import diff as changes_between

    before, after = (_named(old, shop), _pack(shop, new)) if old else (_remembered(shop), _pack(shop, new))
    if before is None:
        output.say(
            output.both(
                "没有记录过以前的字段包；huaxiang fields migrate 会记下现在这个",
                "no earlier pack is on record; `huaxiang fields migrate` records the present one",
            )
        )
        return
    changes = changes_between(before, after)
    if as_json:
        output.emit([one.model_dump() for one in changes])
    elif not changes:
        output.say(output.both("没有不同", "no difference"))
    else:
        rows = [(one.how, one.what, one.place, one.detail, "!" if one.breaks else "") for one in changes]
        output.say(
            output.table(rows, output.both("方式 什么 位置 细节 可能不兼容", "how what where detail breaking").split())
        )


def migrate(shop: ShopOption = None, as_json: JsonOption = False) -> None:
    """Bring the ledger in line with a changed pack: renamed fields and values move, what no longer fits is retired.

    \b
    Examples:
      huaxiang fields migrate --shop myshop
      huaxiang fields migrate --shop myshop --json
    """
    from huaxiang.ledger import refit

    opened = open_shop(shop)
    report = refit.migrate(opened)
    opened.close()
    if as_json:
        output.emit(report.model_dump() | {"counts": report.counts()})
    else:
        output.say(
            _report(
                report,
                output.both(
                    f"搬移 {report.moved}，停用 {report.retired}", f"moved {report.moved}, retired {report.retired}"
                ),
            )
        )


def _report(report: RefitReport, then: str) -> str:
    if not report.misfits:
        return output.both(
            f"已存的 {report.traits} 个字段值都符合 {report.pack}",
            f"all {report.traits} stored traits fit {report.pack}",
        )
    rows = [(field, why, str(n)) for field, reasons in report.counts().items() for why, n in reasons.items()]
    return output.table(rows, output.both("字段 原因 个数", "field reason traits").split(), right=(2,)) + "\n" + then


def _pack(shop: Path | None, names: str | None) -> FieldPack:
    from huaxiang.schema.pack import load_pack

    if names is not None:
        return _named(names, shop)
    opened = _shop(shop)
    if opened is None:
        return load_pack("retail")
    from huaxiang.ledger.project import pack_of

    try:
        return pack_of(opened)
    finally:
        opened.close()


def _named(names: str, shop: Path | None) -> FieldPack:
    from huaxiang.schema.pack import load_pack

    opened = _shop(shop)
    folder = None if opened is None else opened.folder
    if opened is not None:
        opened.close()
    return load_pack(names, folder)


def _shop(option: Path | None) -> Shop | None:
    """The shop that is meant; None when none was named and there is none here."""
    try:
        return open_shop(option)
    except StoreError:
        if option is not None:
            raise
        return None


def _remembered(shop: Path | None) -> FieldPack | None:
    from huaxiang.ledger import refit

    opened = open_shop(shop)
    try:
        return refit.remembered(opened)
    finally:
        opened.close()


def _field(pack: FieldPack, name: str) -> dict[str, Any]:
    spec = pack.field(name)
    values = {
        value: {"zh": term.zh, "en": term.en, "also": list(term.also)} for value, term in pack.terms(name).items()
    }
    return spec.model_dump(mode="json") | {"values": values}


def _row(pack: FieldPack, name: str, language: str) -> tuple[str, ...]:
    spec = pack.field(name)
    ages = "-" if spec.half_life_days is None else f"{spec.half_life_days:g}"
    seen = ", ".join(spec.roles) or "*"
    return name, spec.label(language), spec.type, spec.merge, ages, ", ".join(spec.bases), spec.sensitivity, seen


def _one(pack: FieldPack, name: str, language: str) -> str:
    spec = pack.field(name)
    lines = [f"{name}: {spec.label(language)}"]
    for setting, value in spec.model_dump(exclude_defaults=True, exclude={"name", "zh", "en"}).items():
        if isinstance(value, dict):
            lines += [f"  {setting}.{key}: {' · '.join(map(str, some))}" for key, some in value.items()]
        else:
            lines.append(f"  {setting}: {', '.join(map(str, value)) if isinstance(value, tuple | list) else value}")
    for value, term in pack.terms(name).items():
        lines.append(f"    {value}: {' · '.join(term.spellings)}")
    return "\n".join(lines)


VERBS: dict[str, Any] = {"check": check, "show": show, "diff": diff, "migrate": migrate}

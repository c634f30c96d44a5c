"""`huaxiang audit`: is every field what it claims to be, and is everything in step? Exit 1 when not."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli import output, progress
from ui.cli.common import JsonOption, ShopOption, open_shop

if TYPE_CHECKING:
    from huaxiang.ledger.audit import AuditReport
    from huaxiang.store.shop import Shop

_ZH = {
    "junk": "无效字段", "duplicates": "重复", "unsupported": "没有依据", "stale": "已过时，待确认", "self-fed": "出自客服或助手",
    "over-inferred": "推断过度", "orphaned": "失去归属", "index": "索引不同步", "chain": "账本被改动", "out-of-date": "计算值过期",
    "erased": "删除未完成",
}  # fmt: skip

_LEVELS = {"ok": ("通过", "ok"), "fail": ("错误", "fail"), "note": ("提示", "note")}
_HINTS_ZH = {
    "junk": "更正字段包（huaxiang fields check），或移除字段：huaxiang profile remove",
    "duplicates": "属程序缺陷，请报告；huaxiang profile history 可看两条的来历",
    "unsupported": "收回：huaxiang profile remove，或撤回它引用的记录",
    "stale": "请再问顾客；在此之前不显示",
    "self-fed": "客服或助手写的话不能证明喜好：huaxiang profile remove",
    "over-inferred": "在字段包里给该字段加依据词，或交员工决定：huaxiang review",
    "orphaned": "删除所列编号（huaxiang erase），或从备份恢复",
    "index": "huaxiang index（或 huaxiang index --rebuild）",
    "chain": "存储的内容被改动过：请从备份恢复",
    "out-of-date": "huaxiang profile build",
    "erased": "再运行一次：huaxiang erase",
}


def audit(
    shop: ShopOption = None,
    chroma: Annotated[
        bool | None,
        typer.Option(
            "--chroma/--no-chroma",
            help="Open the approximate index too (2 s). Default: where there is one and no desk has it.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check the whole shop: junk, duplicates, unsupported, stale, self-fed, over-inferred, orphaned, index out of step,
    broken chains, outdated figures, unfinished erasures.

    Prints figures and examples (ids only) and ends with 1 if anything is wrong, for CI: an index that lacks a text or lags
    behind is. Work that merely waits (stale fields) is a note. Nothing is changed.

    \b
    Examples:
      huaxiang audit --shop myshop
      huaxiang audit --chroma --json
    """
    from huaxiang.ledger.audit import audit as run

    opened = open_shop(shop)
    try:
        problems = _chroma_problems(opened, must=bool(chroma)) if chroma is not False else []
        with progress.bar("auditing", quiet=as_json) as tell:
            report = run(opened, index_problems=problems, progress=tell)
    finally:
        opened.close()
    output.emit(_as_dict(report)) if as_json else output.say(_as_text(report, output.reader_language()))
    if not report.ok:
        raise typer.Exit(1)


def _chroma_problems(shop: Shop, *, must: bool) -> list[str]:
    """What is wrong with Chroma; without `must`, nothing where it cannot be opened now (the desk has it, no package)."""
    from agent.holders import dim_of
    from huaxiang.errors import ConfigError, StoreError
    from vectorstore import chroma, vectors

    by_encoder = vectors.counts(shop)
    if not by_encoder or not (shop.settings.shop.chroma_url or any(chroma.folder(shop).glob("*"))):
        return []
    encoder = max(by_encoder, key=lambda one: (by_encoder[one], one))
    try:
        collection = chroma.Collection.open(shop, encoder, dim_of(shop, encoder))
    except (StoreError, ConfigError) as error:
        if must or error.code not in ("index-busy", "missing-package"):
            raise
        output.note(f"note: the approximate index was not looked at ({error.code})")
        return []
    try:
        behind = not collection.in_step(vectors.generation(shop))
    finally:
        collection.close()
    return ["Chroma is behind the vectors"] if behind else []


def _as_dict(report: AuditReport) -> dict[str, Any]:
    checks = [{**asdict(one), "hint": one.hint if one.found else ""} for one in report.findings]
    return {
        "ok": report.ok,
        "customers": report.customers,
        "traits": report.traits,
        "checks": checks,
        "seconds": report.seconds,
    }


def _as_text(report: AuditReport, language: str) -> str:
    zh = language == "zh"
    rows = [
        (
            _LEVELS["ok" if not one.found else one.level][0 if zh else 1],
            _ZH[one.check] if zh else one.check,
            str(one.found),
            str(one.looked_at),
        )
        for one in report.findings
    ]
    head = ("", "检查", "发现", "查看") if zh else ("", "check", "found", "looked at")
    lines = [output.table(rows, head, right=(2, 3))]
    for one in report.findings:
        if one.found and one.examples:
            more = f" … ({one.found})" if one.found > len(one.examples) else ""
            name = f"{_ZH[one.check]}：" if zh else f"{one.check}: "
            lines.append(name + ("；" if zh else "; ").join(one.examples) + more)
        if one.found:
            lines.append(f"  → {_HINTS_ZH[one.check] if zh else one.hint}")
    total = (
        f"{report.customers} 位顾客，{report.traits} 个成立的字段，{report.seconds:.1f} 秒"
        if zh
        else f"{report.customers} customers, {report.traits} traits that hold, {report.seconds:.1f} s"
    )
    lines.append(total)
    return "\n".join(lines)

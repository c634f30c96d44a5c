"""What an import did, row by row and in sum. Nothing vanishes silently: read = kept + updated + duplicated + rejected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, Field, PrivateAttr

from huaxiang.ingest import aliases

EXAMPLES = 200
"""Line numbers kept in the report for each reason; all are counted, and all are in the shop's cache folder."""

_REASONS: dict[str, tuple[str, str]] = {
    "encoding": ("编码无法识别或与文件其余部分不同", "text in another encoding than the rest, or in none"),
    "encoding-damaged": ("个别字节损坏，已用 \ufffd 代替", "a few broken bytes, shown as \ufffd"),
    "bad-json": ("不是有效的 JSON", "not valid JSON"),
    "not-an-object": ("这一行不是一条记录", "the line is not a record"),
    "bad-csv": ("CSV 行无法解析（引号未闭合？）", "the CSV row cannot be parsed (an open quote?)"),
    "extra-cells": ("单元格多于表头", "more cells than the header names"),
    "line-too-long": ("行太长", "the line is too long"),
    "truncated-file": ("文件在此中断", "the file breaks off here"),
    "missing-columns": ("缺少必需的字段", "a field that every such row needs is missing"),
    "unknown-format": ("不是可读取的表格", "no table that can be read"),
    "missing-customer": ("缺少顾客编号", "no customer id"),
    "missing-item": ("缺少商品编号", "no item id"),
    "id-too-long": ("编号超过 120 个字符", "an id of more than 120 characters"),
    "unknown-kind": ("未知的事件类型", "unknown kind of event"),
    "id-reused": ("编号相同但内容不同", "the same id with different content"),
    "retracted": ("该记录已被撤回，不再导入", "an event that staff retracted; `huaxiang undo` puts it back"),
    "erased-customer": ("该顾客已应要求删除，不再导入", "a customer who was erased on request"),
    "mojibake": ("已修复乱码", "wrongly decoded text, mended"),
    "markup": ("已清除网页标签、实体或链接", "HTML, entities or links cleaned"),
    "width": ("全角字母数字已转为半角", "full-width letters and digits made narrow"),
    "bad-unicode": ("含无法存储的字符", "characters no database can hold"),
    "unreadable-amount": ("金额无法识别，记为缺失", "an amount that cannot be read, now missing"),
    "unreadable-price": ("价格无法识别，记为缺失", "a price that cannot be read, now missing"),
    "unreadable-quantity": ("数量无法识别，记为缺失", "a quantity that cannot be read, now missing"),
    "unreadable-rating": ("评分无法识别，记为缺失", "a rating that cannot be read, now missing"),
    "unreadable-date": ("日期无法识别，记为缺失", "a date that cannot be read, now missing"),
    "unknown-currency": ("币种无法识别", "unknown currency"),
    "unknown-speaker": ("说话人未知，按客服处理", "unknown speaker, taken for staff"),
    "negative-quantity": ("数量为负，记为退货", "a negative quantity, kept as a return"),
    "near-duplicate": ("近似重复的文字", "nearly the same text as another"),
    "bot-like": ("疑似刷评", "looks like a review bot"),
    "future-date": ("日期在遥远的未来", "a date far in the future"),
    "outlier-price": ("价格或金额不合理，记为缺失", "an impossible price or amount, now missing"),
    "no-date": ("没有日期", "no date"),
    "repeated-row": (
        "与前面一行完全相同（订单号、商品、时间、金额都一样），仍算两次；若是重复导出，请删去后重新导入",
        "word for word an earlier line (same order, item, time and amount), counted again; if it is a copy, delete it and import anew",
    ),
}

_SKIPPED = {
    "unknown-kind": (
        "不是顾客、商品或事件；要读取请用 --kind",
        "no customers, items or events; --kind reads it anyway",
    ),
    "not a table": ("不是表格", "not a table"),
}


class Reason(BaseModel):
    """How often something happened and where: row numbers counted from 1, at most `EXAMPLES` of them."""

    count: int = 0
    rows: list[int] = Field(default_factory=list)

    def add(self, row: int) -> None:
        """Count one more row."""
        self.count += 1
        if len(self.rows) < EXAMPLES:
            self.rows.append(row)


class Counts(BaseModel):
    """The figures of one file, or of all of them."""

    read: int = 0
    kept: int = Field(0, description="rows that are new in the shop")
    updated: int = Field(0, description="customers or items that were there with other details")
    duplicated: int = Field(0, description="rows the shop had already, word for word")
    rejected: dict[str, Reason] = Field(default_factory=dict)
    repaired: dict[str, Reason] = Field(default_factory=dict)
    flagged: dict[str, Reason] = Field(default_factory=dict)
    customers: int = Field(0, description="customers new in the shop")
    items: int = Field(0, description="items new in the shop")
    events: int = Field(0, description="events new in the shop")
    texts: int = Field(0, description="citable texts new in the shop")
    seconds: float = 0.0

    @property
    def rejected_rows(self) -> int:
        """Rows that were not taken."""
        return sum(reason.count for reason in self.rejected.values())

    def note(self, what: str, reason: str, row: int) -> None:
        """Count `row` under `rejected`, `repaired` or `flagged`."""
        getattr(self, what).setdefault(reason, Reason()).add(row)

    def absorb(self, other: Counts) -> None:
        """Add another file's figures; examples of rows stay with their file."""
        for name in ("read", "kept", "updated", "duplicated", "customers", "items", "events", "texts"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for what in ("rejected", "repaired", "flagged"):
            mine: dict[str, Reason] = getattr(self, what)
            for reason, found in getattr(other, what).items():
                mine.setdefault(reason, Reason()).count += found.count


class FileReport(Counts):
    """What one file gave."""

    file: str
    format: str = ""
    kind: str = ""
    encoding: str = ""
    batch_id: str = ""
    bytes: int = 0
    columns: dict[str, str] = Field(default_factory=dict, description="field → column it was read from")
    unmapped: list[str] = Field(default_factory=list, description="columns kept as attributes only")
    skipped: str | None = Field(None, description="why a file of a folder was not read")
    imported_before: bool = Field(False, description="the same content was imported completely before")


class ImportReport(BaseModel):
    """What an import did (or would do, with `dry_run`)."""

    dry_run: bool = False
    files: list[FileReport] = Field(default_factory=list)
    total: Counts = Field(default_factory=Counts)
    seconds: float = 0.0
    _customer_ids: set[str] = PrivateAttr(default_factory=set)

    @property
    def customer_ids(self) -> set[str]:
        """Customers whose records changed; never part of the JSON."""
        return self._customer_ids

    def finish(self, seconds: float) -> None:
        """Sum up the files."""
        self.seconds = round(seconds, 3)
        self.total = Counts(seconds=self.seconds)
        for one in self.files:
            self.total.absorb(one)

    def to_text(self, language: str = "en") -> str:
        """The report as lines to read, in `zh` or `en`."""
        zh = language == "zh"
        lines = []
        if self.dry_run:
            lines.append("试运行:没有写入任何内容。" if zh else "Dry run: nothing was written.")
        for one in self.files:
            lines += _file_lines(one, zh)
        if len([one for one in self.files if one.skipped is None]) > 1:
            lines += ["合计" if zh else "total", *_count_lines(self.total, zh, rows=False)]
        return "\n".join(lines)


def _file_lines(one: FileReport, zh: bool) -> list[str]:
    if one.skipped is not None:
        why = _SKIPPED.get(one.skipped, (one.skipped, one.skipped))[0 if zh else 1]
        return [f"{one.file}: {'跳过' if zh else 'skipped'} ({why})"]
    head = (
        f"{one.file} ({', '.join(part for part in (one.format, one.kind, one.encoding) if part)}, {one.seconds:.1f} s)"
    )
    lines = [head]
    if one.imported_before:
        lines.append("  此文件以前已完整导入" if zh else "  this content had been imported completely before")
    if one.unmapped:
        lines.append(
            ("  未映射的列(存为附加属性):" if zh else "  columns kept as attributes: ") + ", ".join(one.unmapped[:20])
        )
        if one.kind not in ("customer", "item"):
            lines += _lost_lines(one.unmapped, zh)
    return lines + _count_lines(one, zh, rows=True)


def _lost_lines(columns: list[str], zh: bool) -> list[str]:
    """A warning for each file in which these columns would count."""
    lines = []
    for kind, kind_zh, file_zh in (("customer", "顾客", "顾客文件"), ("item", "商品", "商品文件")):
        lost = ", ".join(one for one in columns if aliases.belongs(one) == kind)
        if lost and zh:
            lines.append(f"  注意：{lost} 不会成为{kind_zh}资料；请放进{file_zh}（--kind {kind}）")
        elif lost:
            lines.append(
                f"  warning: {lost} does not become a detail of the {kind}; it belongs in a file of {kind}s (--kind {kind})"
            )
    return lines


def _count_lines(counts: Counts, zh: bool, *, rows: bool) -> list[str]:
    names = (
        ("读取", "read", counts.read), ("保留", "kept", counts.kept), ("更新", "updated", counts.updated),
        ("重复", "duplicated", counts.duplicated), ("拒绝", "rejected", counts.rejected_rows),
    )  # fmt: skip
    lines = [
        "  " + ", ".join(f"{a if zh else b} {number}" for a, b, number in names if number or b in ("read", "kept"))
    ]
    new = (
        ("顾客", "customers", counts.customers),
        ("商品", "items", counts.items),
        ("事件", "events", counts.events),
        ("文本", "texts", counts.texts),
    )
    told = ", ".join(f"{a if zh else b} {number}" for a, b, number in new if number)
    if told:
        lines.append(("  新增:" if zh else "  new: ") + told)
    for title_zh, title_en, reasons in (
        ("拒绝", "rejected", counts.rejected),
        ("修复", "repaired", counts.repaired),
        ("标记", "flagged", counts.flagged),
    ):
        lines += [
            f"  {title_zh if zh else title_en} · {_reason_line(*pair, zh, rows)}" for pair in sorted(reasons.items())
        ]
    return lines


def _reason_line(name: str, reason: Reason, zh: bool, rows: bool) -> str:
    words = _REASONS.get(name, (name, name))[0 if zh else 1]
    text = f"{name}: {reason.count} ({words})"
    if rows and reason.rows:
        some = ", ".join(map(str, reason.rows[:8])) + (" …" if reason.count > 8 else "")
        text += f" {'行' if zh else 'rows'} {some}"
    return text


def words_of(reason: str) -> tuple[str, str]:
    """A reason in Chinese and English; the code itself where it has no words."""
    return _REASONS.get(reason, (reason, reason))


def reasons() -> Iterable[tuple[str, Any]]:
    """Every reason a report may name, with its words in Chinese and English."""
    return _REASONS.items()

"""What replay finds, as lines for people, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ui.cli import output

if TYPE_CHECKING:
    from huaxiang.ledger.moments import Difference
    from huaxiang.ledger.why import Held, Line, Other, Source, Why
    from huaxiang.schema.pack import FieldPack

_CHARS = 100
_KINDS = {
    "added": ("新增", "new"), "removed": ("不再成立", "gone"), "changed": ("改变", "changed"), "confidence": ("置信度", "confidence"),
}  # fmt: skip
_FATES = {
    "superseded": ("已被较新的说法取代", "replaced by a newer statement"),
    "conflict": ("与另一说法矛盾", "contradicts another statement"),
    "stale": ("太久以前,已过期", "too long ago: stale"),
    "ended_by_opposite": ("后来有相反的说法", "a later statement says the opposite"),
    "not_yet": ("当时还没有说", "not said yet at that time"),
    "over": ("已结束", "over"),
    "proposed": ("等待审核", "waits for review"),
    "rejected": ("被员工否决", "rejected by staff"),
    "retired": ("已撤下", "retired"),
    "undeclared": ("字段包已没有此字段", "the pack no longer has the field"),
}
_MISSING = {
    "no_evidence": ("没有依据", "no evidence"), "conflict": ("说法互相矛盾", "statements contradict each other"),
    "stale": ("已过期", "stale"), "refused": ("客户拒绝", "refused"), "no_consent": ("没有同意", "no consent"),
}  # fmt: skip


def value_of(pack: FieldPack, name: str, value: Any, language: str) -> str:
    """A value as people read it; a say-do gap by its field's label."""
    from huaxiang.ledger import gaps

    if name == gaps.FIELD and isinstance(value, str):
        return gaps.words(pack, value, language)
    return pack.value_label(name, value, language) if name in pack.fields else str(value)


def difference(pack: FieldPack, found: Difference, language: str) -> str:
    """One change a line."""
    zh = language == "zh"
    place = 0 if zh else 1
    head = f"{found.customer_id}: {found.before} → {found.after}"
    if found.since_kind:
        head += f" ({'上次联系' if zh else 'last contact'}: {found.since_kind})"
    if not found.changes:
        return f"{head}\n{'没有变化' if zh else 'nothing changed'}"
    rows = []
    for one in found.changes:
        label = pack.fields[one.name].label(language) if one.name in pack.fields else one.name
        whose = f" ({'为' if zh else 'for '}{one.for_whom})" if one.for_whom else ""
        before = "-" if one.before is None else value_of(pack, one.name, one.before, language)
        after = "-" if one.after is None else value_of(pack, one.name, one.after, language)
        if one.kind == "confidence":
            before, after = f"{before} {one.confidence_before:.2f}", f"{after} {one.confidence_after:.2f}"
        rows.append((label + whose, _KINDS[one.kind][place], before, after, ", ".join(one.evidence[:2])))
    names = ("字段", "变化", "之前", "之后", "出处") if zh else ("field", "change", "before", "after", "stands on")
    return f"{head}\n{output.table(rows, names)}"


def why(pack: FieldPack, found: Why, language: str) -> str:
    """The values that hold with their evidence, then what was not taken and why."""
    zh = language == "zh"
    spec = pack.fields[found.name]
    lines = [f"{found.customer_id} · {spec.label(language)} ({found.name}) · {found.as_of}"]
    if found.missing:
        lines.append(f"{'未知' if zh else 'unknown'}: {_MISSING[found.missing][0 if zh else 1]}")
    for one in found.held:
        lines += _held(pack, found.name, one, language)
    if found.others:
        lines.append("未采用:" if zh else "not taken:")
        for other in found.others:
            lines += _other(pack, found.name, other, language)
    return "\n".join(lines)


def history(pack: FieldPack, lines: list[Line], names: list[str], language: str) -> str:
    """One ledger entry a line, oldest first."""
    zh = language == "zh"
    rows = [
        (
            str(line.seq), line.at[:19].replace("T", " "), line.op, name, value_of(pack, name, line.value, language),
            line.basis or "-", line.actor, line.action, line.reason_code or "",
        )
        for line, name in zip(lines, names, strict=True)
    ]  # fmt: skip
    head = ("序号", "时间", "动作", "字段", "值", "依据", "谁", "操作", "原因") if zh else (
        "tx", "at (UTC)", "entry", "field", "value", "basis", "who", "act", "reason",
    )  # fmt: skip
    return output.table(rows, head, right=(0,)) if rows else ("没有记录" if zh else "nothing was ever recorded")


def _held(pack: FieldPack, name: str, one: Held, language: str) -> list[str]:
    zh = language == "zh"
    whose = f" ({'为' if zh else 'for '}{one.for_whom})" if one.for_whom else ""
    b = one.belief
    lines = [f"= {value_of(pack, name, one.value, language)}{whose}  {b.value:.2f}"]
    if zh:
        parts = f"依据 {b.basis}(起点 {b.base:.2f}),{b.sources} 个独立来源,相反 {b.against:g},时效 {b.decay:.2f}"
        lines.append(f"  置信度:{parts}" + (f",审核 {b.reviewed} 次({b.review_shift:+.2f})" if b.reviewed else ""))
        lines.append(f"  规则:{one.rule};合并方式 {one.merge};写入 {one.written_by} {one.written_at[:10]}")
    else:
        parts = f"{b.basis} (starts at {b.base:.2f}), {b.sources} independent source(s), against {b.against:g}, age leaves {b.decay:.2f}"
        lines.append(
            f"  confidence: {parts}" + (f", {b.reviewed} reviews ({b.review_shift:+.2f})" if b.reviewed else "")
        )
        lines.append(f"  rule: {one.rule}; merged by {one.merge}; written by {one.written_by} on {one.written_at[:10]}")
    lines += [f"  {_source(source, language)}" for source in one.evidence]
    if one.more_evidence:
        lines.append(f"  … +{one.more_evidence}")
    return lines


def _other(pack: FieldPack, name: str, one: Other, language: str) -> list[str]:
    zh = language == "zh"
    fate = _FATES.get(one.fate, (one.fate, one.fate))[0 if zh else 1]
    code = f" [{one.reason_code}]" if one.reason_code else ""
    day = f" {one.said_at[:10]}" if one.said_at else ""
    lines = [f"- {value_of(pack, name, one.value, language)}: {fate}{code}{day}"]
    return lines + [f"    {_source(source, language)}" for source in one.evidence[:2]]


def _source(one: Source, language: str) -> str:
    if one.missing:
        return f"{one.evidence_id} ({'已不在店铺中' if language == 'zh' else 'no longer in the shop'})"
    text = output.plain(one.quote or one.text, one_line=True)
    text = text if len(text) <= _CHARS else text[: _CHARS - 1] + "…"
    where = ", ".join(
        part for part in (one.kind, (one.said_at or "")[:10], f"{one.file}:{one.row}" if one.file else "") if part
    )
    return f"“{text}” {one.evidence_id} ({where})"

"""What replay finds, as lines for people, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import words
from ui.cli import output
from ui.cli.naming import short

if TYPE_CHECKING:
    from huaxiang.ledger.moments import Difference
    from huaxiang.ledger.why import Held, Line, Other, Source, Why
    from huaxiang.schema.pack import FieldPack

_CHARS = 100
_KINDS = {
    "added": ("新增", "new"), "removed": ("不再成立", "gone"), "changed": ("改变", "changed"), "confidence": ("置信度", "confidence"),
}  # fmt: skip
_MOMENTS = {"now": ("现在", "now"), "never": ("从未联系", "never in touch")}


def difference(pack: FieldPack, found: Difference, language: str) -> str:
    """One change a line."""
    zh = language == "zh"
    place = 0 if zh else 1
    head = (
        f"{found.customer_id}{'：' if zh else ': '}{_moment(found.before, language)} → {_moment(found.after, language)}"
    )
    if found.since_kind:
        kind = words.kind(found.since_kind, language)
        head += f"（上次联系：{kind}）" if zh else f" (last contact: {kind})"
    if not found.changes:
        return f"{head}\n{'没有变化' if zh else 'nothing changed'}"
    rows = []
    for one in found.changes:
        label, whose = words.label(pack, one.name, language), words.whom(pack, one.for_whom, language)
        before = "-" if one.before is None else words.value_text(pack, one.name, one.before, language)
        after = "-" if one.after is None else words.value_text(pack, one.name, one.after, language)
        if one.kind == "confidence":
            before, after = f"{before} {one.confidence_before:.2f}", f"{after} {one.confidence_after:.2f}"
        rows.append((label + whose, _KINDS[one.kind][place], before, after, ", ".join(map(short, one.evidence[:2]))))
    names = ("字段", "变化", "之前", "之后", "出处") if zh else ("field", "change", "before", "after", "stands on")
    return f"{head}\n{output.table(rows, names)}"


def why(pack: FieldPack, found: Why, language: str) -> str:
    """The values that hold with their evidence, then what was not taken and why."""
    zh = language == "zh"
    spec = pack.fields[found.name]
    lines = [f"{found.customer_id} · {spec.label(language)} ({found.name}) · {found.as_of}"]
    if found.missing:
        lines.append(f"{'未知：' if zh else 'unknown: '}{words.say(words.MISSING, found.missing, language)}")
    for one in found.held:
        lines += _held(pack, found.name, one, language)
    if found.others:
        lines.append("未采用：" if zh else "not taken:")
        for other in found.others:
            lines += _other(pack, found.name, other, language)
    return "\n".join(lines)


def history(pack: FieldPack, lines: list[Line], names: list[str], language: str) -> str:
    """One ledger entry a line, oldest first."""
    zh = language == "zh"
    rows = [
        (
            str(line.seq), line.at[:19].replace("T", " "), words.say(words.OPS, line.op, language),
            words.label(pack, name, language), words.value_text(pack, name, line.value, language) + words.whom(pack, line.for_whom, language),
            words.say(words.BASES, line.basis, language) or "-", _who(line.actor, language), words.action(line.action, language),
            words.say(words.REASONS, line.reason_code, language),
        )
        for line, name in zip(lines, names, strict=True)
    ]  # fmt: skip
    head = ("序号", "时间 (UTC)", "动作", "字段", "值", "依据", "谁", "操作", "原因") if zh else (
        "tx", "at (UTC)", "entry", "field", "value", "basis", "who", "act", "reason",
    )  # fmt: skip
    return output.table(rows, head, right=(0,)) if rows else ("没有记录" if zh else "nothing was ever recorded")


def _held(pack: FieldPack, name: str, one: Held, language: str) -> list[str]:
    zh = language == "zh"
    b = one.belief
    basis, merge = words.say(words.BASES, b.basis, language), words.say(words.MERGES, one.merge, language)
    value = words.value_text(pack, name, one.value, language)
    lines = [f"= {value}{words.whom(pack, one.for_whom, language)}  {b.value:.2f}"]
    who = _who(one.written_by, language)
    if zh:
        parts = f"{basis}（起点 {b.base:.2f}），{b.sources} 个独立来源，相反 {b.against:g}，时效 {b.decay:.2f}"
        lines.append(f"  置信度：{parts}" + (f"，审核 {b.reviewed} 次（{b.review_shift:+.2f}）" if b.reviewed else ""))
        lines.append(f"  规则：{one.rule}；合并：{merge}；{who}写于 {one.written_at[:10]}")
    else:
        sources = f"{b.sources} independent source{'' if b.sources == 1 else 's'}"
        parts = f"{basis} (starts at {b.base:.2f}), {sources}, against {b.against:g}, age leaves {b.decay:.2f}"
        lines.append(
            f"  confidence: {parts}" + (f", {b.reviewed} reviews ({b.review_shift:+.2f})" if b.reviewed else "")
        )
        lines.append(f"  rule: {one.rule}; merged: {merge}; written by {who} on {one.written_at[:10]}")
    lines += [f"  {_source(source, language)}" for source in one.evidence]
    if one.more_evidence:
        lines.append(f"  … +{one.more_evidence}")
    return lines


def _other(pack: FieldPack, name: str, one: Other, language: str) -> list[str]:
    fate, because = words.say(words.FATES, one.fate, language), words.say(words.REASONS, one.reason_code, language)
    reason = "" if not because else f"（{because}）" if language == "zh" else f" ({because})"
    day = f" · {one.said_at[:10]}" if one.said_at else ""
    value = words.value_text(pack, name, one.value, language) + words.whom(pack, one.for_whom, language)
    lines = [f"- {value}{'：' if language == 'zh' else ': '}{fate}{reason}{day}"]
    return lines + [f"    {_source(source, language)}" for source in one.evidence[:2]]


def _source(one: Source, language: str) -> str:
    if one.missing:
        return f"{short(one.evidence_id)} ({'已不在店铺中' if language == 'zh' else 'no longer in the shop'})"
    text = output.plain(one.quote or one.text, one_line=True)
    text = text if len(text) <= _CHARS else text[: _CHARS - 1] + "…"
    kind = words.kind(one.kind, language)
    where = (short(one.evidence_id), (one.said_at or "")[:10], kind, f"{one.file}:{one.row}" if one.file else "")
    return f"“{text}”  {' · '.join(part for part in where if part)}"


def _who(actor: str, language: str) -> str:
    return {"huaxiang": "程序", "staff": "员工"}.get(actor, actor) if language == "zh" else actor


def _moment(text: str, language: str) -> str:
    if text.startswith("without "):
        return f"没有 {text.removeprefix('without ')}" if language == "zh" else text
    return words.say(_MOMENTS, text, language)

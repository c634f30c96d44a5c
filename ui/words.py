"""What both faces, terminal and desk, call things: kinds of record, bases, reasons, and a field's value as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from huaxiang.schema.pack import FieldPack
    from huaxiang.store.shop import Shop

Pair = tuple[str, str]
BASES: dict[str, Pair] = {
    "stated": ("自述", "stated"), "observed": ("观察", "observed"), "computed": ("计算", "computed"),
    "inferred": ("推断", "inferred"), "staff": ("员工", "staff"),
}  # fmt: skip
MISSING: dict[str, Pair] = {
    "no_evidence": ("没有依据", "no evidence"), "conflict": ("说法互相矛盾", "statements contradict each other"),
    "stale": ("已过期", "stale"), "refused": ("顾客不愿透露", "refused"), "no_consent": ("没有同意", "no consent"),
}  # fmt: skip
FATES: dict[str, Pair] = {
    "superseded": ("已被较新的说法取代", "replaced by a newer statement"),
    "conflict": ("与另一说法矛盾", "contradicts another statement"),
    "stale": ("太久以前，已过期", "too long ago: stale"),
    "ended_by_opposite": ("后来有相反的说法", "a later statement says the opposite"),
    "not_yet": ("当时还没有说", "not said yet at that time"),
    "over": ("已结束", "over"),
    "proposed": ("等待审核", "waits for review"),
    "rejected": ("被员工否决", "rejected by staff"),
    "retired": ("已撤下", "retired"),
    "undeclared": ("字段包已没有此字段", "the pack no longer has the field"),
}  # fmt: skip
REASONS: dict[str, Pair] = {
    "for_whom_unclear": ("不清楚说的是谁", "unclear whom it is about"), "bot_like": ("疑似机器所写", "bot-like writer"),
    "unconfirmed": ("尚无规则或模型确认", "not confirmed by a rule or a model"),
    "polarity_unclear": ("喜恶不明", "unclear whether for or against"), "polarity_mismatch": ("喜恶与原话不符", "the words say the opposite"),
    "negated": ("原话是否定的", "the words deny it"), "double_negation": ("双重否定", "double negation"),
    "no_cue": ("原话里没有依据词", "no word that tells it"), "no_rule": ("没有相应的规则", "no rule leads from words to value"),
    "rating_contradicts": ("与评分矛盾", "the rating says otherwise"), "instruction": ("像是指令", "an order, not a statement"),
    "speaker_not_customer": ("不是顾客说的", "not said by the customer"), "quoted_speech": ("引用别人的话", "somebody else's words"),
    "question": ("是疑问句", "a question"), "hypothetical": ("是假设", "hypothetical"), "past": ("说的是过去", "about the past"),
    "no_longer_supported": ("不再有依据", "nothing supports it any more"), "recomputed": ("重新计算", "computed anew"),
    "merged": ("顾客已合并", "customers merged"), "unmerged": ("合并已拆开", "merge taken apart"), "retracted": ("记录已撤回", "its record was retracted"),
    "staff": ("员工决定", "decided by staff"), "what_if": ("假设没有该记录", "thought away"), "undo": ("已撤销", "taken back"),
    "ok": ("通过", "sound"), "quote_not_found": ("原文里没有这句话", "the words are not in the source"),
    "value_not_in_quote": ("引文里没有这个值", "the value is not in the words"), "sensitive": ("敏感信息", "sensitive"),
    "unknown": ("尚不知道", "not known"), "conflict": ("说法矛盾", "contradiction"), "stale": ("已过期", "stale"), "unsure": ("把握不足", "unsure"),
}  # fmt: skip
OPS: dict[str, Pair] = {
    "assert": ("写入", "written"), "retire": ("撤下", "retired"), "propose": ("提出", "proposed"), "reject": ("否决", "rejected"),
    "approve": ("采纳", "accepted"), "void": ("作废", "void"),
}  # fmt: skip
ACTIONS: dict[str, Pair] = {
    "build": ("生成画像", "build"), "extract": ("从原话读出", "read from texts"), "carried": ("随合并带来", "carried over"),
    "migrate-fields": ("字段包迁移", "field pack moved"), "retract": ("撤回记录", "retract"), "batch-undo": ("撤回导入", "import undone"),
    "merge": ("合并顾客", "merge"), "unmerge": ("拆开顾客", "unmerge"), "correct": ("手工填写", "correct"), "remove": ("手工移除", "remove"),
    "accept": ("采纳", "accept"), "reject": ("否决", "reject"), "edit": ("改后采纳", "edit"), "approve": ("采纳", "approve"),
    "undo": ("撤销", "undo"), "retire": ("撤下", "retire"), "decide": ("审核", "verdict"),
}  # fmt: skip
METHODS: dict[str, Pair] = {
    "collaborative": ("买过类似商品的人也买", "people with like purchases"), "content": ("与买过的相似", "like what they bought"),
    "popular": ("店里常卖", "often bought here"),
}  # fmt: skip
MERGES: dict[str, Pair] = {
    "latest": ("以最近为准", "latest"), "most-trusted": ("以最可信为准", "most trusted"), "union": ("并集", "union"),
    "range": ("范围", "range"), "counter": ("计数", "counter"),
}  # fmt: skip


def say(table: dict[str, Pair], key: str | None, language: str) -> str:
    """A key's words in this language; the key itself where the table lacks it, nothing for None."""
    if key is None:
        return ""
    return table[key][0 if language == "zh" else 1] if key in table else key


def kind(name: str | None, language: str) -> str:
    """A kind of record in words, also of what is no event; nothing for None."""
    from huaxiang.store.render import KIND_LABELS

    more: dict[str, Pair] = {"summary": ("计算结论", "computed"), "customer": ("顾客档案", "customer record")}
    return say({**KIND_LABELS, **more}, name, language)


def action(text: str, language: str) -> str:
    """An act as the ledger names it (`retract:4f2c…`), in words."""
    return say(ACTIONS, text.partition(":")[0], language)


def value_text(pack: FieldPack, name: str, value: Any, language: str) -> str:
    """A field's value as people read it: shares as per cent, categories and hours in words, a say-do gap by its field."""
    from huaxiang.features.wording import CATEGORY_ZH, PARTS, percent
    from huaxiang.ledger import gaps

    if name == gaps.FIELD and isinstance(value, str):
        return gaps.words(pack, value, language)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return percent(float(value)) if name.endswith("_share") else f"{round(float(value), 2):,g}"
    if isinstance(value, str) and value in PARTS:
        return PARTS[value][0 if language == "zh" else 1]
    if isinstance(value, str) and name.endswith("category") and language == "zh":
        return CATEGORY_ZH.get(value.casefold(), value)
    if name == "main_channel" and "prefers_contact" in pack.fields:  # as shops write it: email, E-mail, 邮件
        known = pack.canonical("prefers_contact", str(value))
        return pack.value_label("prefers_contact", known, language) if known else str(value)
    return pack.value_label(name, value, language) if name in pack.fields else str(value)


def shop_value_text(shop: Shop, pack: FieldPack, name: str, value: Any, language: str) -> str:
    """As `value_text`; a brand as the shop's own titles of that language spell it, where they agree (`wording.brand_en`)."""
    if name != "top_brand" or language == "zh" or not isinstance(value, str):
        return value_text(pack, name, value, language)
    import sqlalchemy as sa

    from huaxiang.features.wording import brand_en
    from huaxiang.store import tables as t

    query = sa.select(t.items.c.title, t.items.c.title_en).where(t.items.c.brand == value)
    with shop.engine.connect() as connection:
        return brand_en(value, {(row.title or "", row.title_en or "") for row in connection.execute(query)})


def whom(pack: FieldPack, for_whom: str | None, language: str) -> str:
    """Who a value is about, as ` (for mother)`; nothing where it is the customer."""
    if not for_whom:
        return ""
    known = for_whom
    for name in ("buys_for", "has_pet"):
        if known == for_whom and name in pack.fields:
            known = pack.value_label(name, for_whom, language)
    return f"（为{known}）" if language == "zh" else f" (for {known})"


def label(pack: FieldPack, name: str, language: str) -> str:
    """A field's label, or its name where the pack no longer has it."""
    return pack.fields[name].label(language) if name in pack.fields else name

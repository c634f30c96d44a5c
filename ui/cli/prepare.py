"""What follows an import: computed profiles, stated facts found by rules, the index. `import` and `demo` share it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from ui.cli import output, progress

if TYPE_CHECKING:
    from huaxiang.store.shop import Shop
    from vectorstore.index import Index
    from vectorstore.report import IndexReport

_BEHIND = "profiles_behind"
_MANY = 5_000
"""Beyond this many customers all are taken: one pass over the tables is quicker than long lists of ids."""


def mark(shop: Shop) -> bool:
    """Note in the shop that profiles are about to fall behind; True if an earlier run left that note (it was stopped).

    Then the import itself is complete, but whom it touched is forgotten: all customers are to be derived again.
    """
    from huaxiang.store import tables as t
    from huaxiang.store.bulk import insert_ignore

    if is_behind(shop):
        return True
    with shop.begin() as connection:
        insert_ignore(connection, t.meta, [{"key": _BEHIND, "value": "1"}])
    return False


def is_behind(shop: Shop) -> bool:
    """Whether the note of `mark` is there."""
    from huaxiang.store import tables as t

    with shop.engine.connect() as connection:
        return connection.execute(t.meta.select().where(t.meta.c.key == _BEHIND)).first() is not None


def unmark(shop: Shop) -> None:
    """Take the note of `mark` away: profiles are up to date."""
    from huaxiang.store import tables as t

    with shop.begin() as connection:
        connection.execute(t.meta.delete().where(t.meta.c.key == _BEHIND))


def derive(shop: Shop, customer_ids: Collection[str] | None, *, quiet: bool = False) -> dict[str, Any]:
    """Bring summaries, computed profiles and rule-extracted facts of these customers (all when None) up to date.

    Raises:
        StoreError: another process is writing, or the disk is full.
    """
    from huaxiang.extract.rules import extract_rules
    from huaxiang.ledger.build import build_profiles

    chosen = None if customer_ids is None or len(customer_ids) > _MANY else sorted(customer_ids)
    with progress.bar("profiles", quiet=quiet) as tell:
        built = build_profiles(shop, chosen, progress=lambda step, done, total: tell(done, total, step))
    with progress.waiting(
        output.both("正在读顾客自己说的话……", "reading what customers state about themselves …"), quiet=quiet
    ):
        stated = extract_rules(shop, chosen)
    unmark(shop)
    return {"profiles": built.model_dump(mode="json"), "rules": stated.model_dump(mode="json")}


def embed(index: Index, *, rebuild: bool = False, reembed: bool = False, quiet: bool = False) -> IndexReport:
    """Bring the index up to date, with a bar."""
    with progress.bar("index", quiet=quiet) as tell:
        return index.rebuild(tell, reembed=reembed) if rebuild else index.build(tell)


def index_text(report: IndexReport) -> str:
    """What an index run did, for people."""
    both = output.both
    if report.encoder is None:
        lines = [both(f"索引：{report.words} 段文字，只按字词", f"index: {report.words} texts by words only")]
    else:
        lines = [
            both(
                f"索引：{report.words} 段文字；新算向量 {report.embedded}，不变 {report.kept}，移除 {report.removed}"
                f"（{report.encoder}，{report.seconds:.1f} 秒）",
                f"index: {report.words} texts; {report.embedded} embedded, {report.kept} unchanged, {report.removed} removed "
                f"({report.encoder}, {report.seconds:.1f} s)",
            )
        ]
    return "\n".join([*lines, *(both("  注意：", "  note: ") + output.told(one) for one in report.notes)])


def derived_text(done: dict[str, Any]) -> str:
    """What `derive` did, for people."""
    built = done["profiles"]
    return output.both(
        f"画像：{built['customers']} 位顾客，{built['traits']} 个计算字段，写入 {built['summaries_written']} 条概要"
        f"（{built['seconds']:.1f} 秒）\n顾客自述：{_numbers(done['rules'])}",
        f"profiles: {built['customers']} customers, {built['traits']} computed fields, "
        f"{built['summaries_written']} summaries written ({built['seconds']:.1f} s)\n"
        f"stated facts: {_numbers(done['rules'])}",
    )


def _numbers(report: dict[str, Any]) -> str:
    counts = (
        f"{output.told(key)} {value}"
        for key, value in report.items()
        if isinstance(value, int) and not isinstance(value, bool)
    )
    return output.both("，", ", ").join(counts)

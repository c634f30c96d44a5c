"""What a change of records leaves behind in the vector index, brought in step at once, or said in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huaxiang.errors import HuaxiangError
from ui.cli import output, prepare

if TYPE_CHECKING:
    from huaxiang.store.shop import Shop

_MANY = 100
"""Above this many texts it takes more than a few seconds, and one line says why."""


def keep(shop: Shop, *, quiet: bool = False) -> None:
    """Embed the records that changed and drop those that went, where the shop has an index and its encoder is here.

    The change itself stands whatever happens here: an index that cannot be written now is a note on stderr.

    Args:
        shop: an open shop, after the change.
        quiet: no progress (with --json).
    """
    from huaxiang.ledger.audit_store import out_of_step

    behind = out_of_step(shop)
    if not behind:
        return
    if behind > _MANY and not quiet:
        output.note(
            output.both(
                f"有 {behind} 条文字或概要变了，正在更新检索索引……",
                f"{behind} texts or summaries changed; bringing the search index in step …",
            )
        )
    from vectorstore.index import Index

    try:
        with Index.open(shop) as index:
            report = prepare.embed(index, quiet=quiet)
    except HuaxiangError as error:
        _say(behind, error.code)
        return
    if report.encoder is None:
        _say(behind, output.both("没有编码器", "no encoder"))


def _say(behind: int, why: str) -> None:
    output.note(
        output.both(
            f"检索索引缺 {behind} 条变动（{why}）：请运行 huaxiang index",
            f"the search index lacks {behind} changed {'record' if behind == 1 else 'records'} ({why}): run huaxiang index",
        )
    )

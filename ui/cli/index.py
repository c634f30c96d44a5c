"""`huaxiang index`: bring the evidence index up to date, make it anew, or say what state it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from huaxiang.errors import ConfigError
from ui.cli import output, prepare
from ui.cli.common import JsonOption, ShopOption, open_shop

if TYPE_CHECKING:
    from vectorstore.report import IndexStatus


def index(
    shop: ShopOption = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Throw words and Chroma away and make both anew; right vectors are kept.")
    ] = False,
    reembed: Annotated[bool, typer.Option("--re-embed", help="With --rebuild: compute every vector again.")] = False,
    status: Annotated[bool, typer.Option("--status", help="Only say what is there and whether it is in step.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Embed what has no vector yet and bring the index in step. It resumes where it was stopped.

    \b
    Examples:
      huaxiang index --shop myshop
      huaxiang index --rebuild --shop myshop
    """
    if (status and rebuild) or (reembed and not rebuild):
        wrong = "--status and --rebuild exclude each other" if status else "--re-embed needs --rebuild"
        raise ConfigError(wrong, hint="see: huaxiang index --help", code="usage")
    from vectorstore.index import Index

    opened = open_shop(shop)
    with Index.open(opened) as found:
        if status:
            state = found.status()
            if as_json:
                output.emit(state)
            else:
                output.say(_status_text(state))
        else:
            report = prepare.embed(found, rebuild=rebuild, reembed=reembed, quiet=as_json)
            if as_json:
                output.emit(report)
            else:
                output.say(prepare.index_text(report))
    opened.close()


def _status_text(state: IndexStatus) -> str:
    both, none = output.both, output.both("无", "none")
    made = (both(f"{name} 的 {count}", f"{count} by {name}") for name, count in state.vectors.items())
    rows = (
        ("文字与概要", "texts and summaries", str(state.evidence)),
        ("已按字词索引", "indexed by words", str(state.words)),
        ("向量", "vectors", ", ".join(made) or none),
        ("编码器", "encoder", state.encoder or both("无（只按字词）", "none (words only)")),
        ("还没有向量", "without a vector", str(state.pending)),
        ("近似索引", "approximate index", output.told(state.approximate)),
        ("全店搜索方式", "search over all runs by", output.told(state.mode)),
        *(("注意", "note", output.told(one)) for one in state.notes),
    )
    return "\n".join(both(f"{zh}：{value}", f"{en}: {value}") for zh, en, value in rows)

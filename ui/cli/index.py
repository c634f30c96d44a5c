"""`huaxiang index`: bring the evidence index up to date, make it anew, or say what state it is in."""

from __future__ import annotations

from typing import Annotated

import typer

from huaxiang.errors import ConfigError
from ui.cli import output, prepare
from ui.cli.common import JsonOption, ShopOption, open_shop


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
                vectors = ", ".join(f"{count} by {name}" for name, count in state.vectors.items()) or "none"
                output.say(
                    f"texts and summaries: {state.evidence}\nindexed by words: {state.words}\nvectors: {vectors}\n"
                    f"encoder: {state.encoder or 'none (words only)'}\nwithout a vector: {state.pending}\n"
                    f"approximate index: {state.approximate}\nsearch over all runs by: {state.mode}"
                )
                for one in state.notes:
                    output.say(f"note: {one}")
        else:
            report = prepare.embed(found, rebuild=rebuild, reembed=reembed, quiet=as_json)
            if as_json:
                output.emit(report)
            else:
                output.say(prepare.index_text(report))
    opened.close()

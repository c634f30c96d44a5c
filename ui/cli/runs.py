"""`huaxiang runs`: who asked about whom, in which role and for what, and on what the answer stood."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from ui.cli import output
from ui.cli.common import CustomerOption, JsonOption, ShopOption, customer_of, open_shop


def runs(
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="Only this run, with its evidence.")] = None,
    shop: ShopOption = None,
    customer: CustomerOption = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many, newest first.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List the questions that were asked: who, role, purpose, whom they were about, tools, and why one was not answered.

    No words are kept here: a question is a salted hash. Where `[trace] customer_text` is on, its words are in `traces/`
    under the same run id. Questions about an erased customer stay, under a pseudonym.

    \b
    Examples:
      huaxiang runs --shop myshop
      huaxiang runs --customer C001 --json
    """
    from huaxiang.privacy import runs as recorded

    opened = open_shop(shop)
    chosen = customer_of(opened, customer) if customer is not None else None
    found = recorded.read(opened, customer_id=chosen, run_id=run, limit=limit)
    opened.close()
    if as_json:
        output.emit([asdict(one) for one in found])
        return
    zh = output.reader_language() == "zh"
    rows = [
        (
            one.at[:19].replace("T", " "), one.run_id, one.who, one.role, one.purpose, _few(one.customers), " ".join(one.tools),
            one.reason or "", one.question[:12],
        )
        for one in found
    ]  # fmt: skip
    head = ("时间（UTC）", "编号", "谁", "角色", "用途", "顾客", "工具", "未答原因", "问题哈希") if zh else (
        "at (UTC)", "run", "who", "role", "purpose", "customers", "tools", "not answered", "question hash",
    )  # fmt: skip
    output.say(output.table(rows, head) if rows else ("还没有人提问" if zh else "nobody asked yet"))
    if run is not None:
        for one in found:
            output.say(f"{'依据' if zh else 'evidence'}: {', '.join(one.evidence) or '-'}")


def _few(names: tuple[str, ...]) -> str:
    shown = [name if len(name) < 25 else name[:12] + "…" for name in names[:4]]
    return ", ".join(shown) + (f" +{len(names) - 4}" if len(names) > 4 else "")

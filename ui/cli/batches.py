"""`huaxiang import --list` and `--undo BATCH`: what was imported, and taking one import back."""

from __future__ import annotations

from pathlib import Path

from ui.cli import keep_index, output
from ui.cli.common import day, iso, open_shop


def show(shop: Path | None, as_json: bool) -> None:
    """List the imports, newest first."""
    import sqlalchemy as sa

    from huaxiang.store import tables as t

    opened = open_shop(shop)
    b, e = t.batches.c, t.events.c
    counted = sa.select(e.batch_id, sa.func.count().label("events")).group_by(e.batch_id).subquery()
    query = sa.select(b.batch_id, b.source_file, b.kind, b.started_at, b.finished_at, counted.c.events)
    query = query.select_from(t.batches.outerjoin(counted, counted.c.batch_id == b.batch_id))
    with opened.engine.connect() as connection:
        rows = connection.execute(query.order_by(b.started_at.desc(), b.source_file)).fetchall()
    if as_json:
        output.emit(
            [
                {
                    "batch_id": row[0], "file": row[1], "kind": row[2], "started_at": iso(row[3]), "finished": row[4] is not None,
                    "events": row[5] or 0,
                }
                for row in rows
            ]
        )  # fmt: skip
    else:
        zh = output.reader_language() == "zh"
        head = ("批次", "文件", "类型", "日期", "事件") if zh else ("batch", "file", "kind", "on", "events")
        cells = [(row[0], row[1], row[2], day(opened, row[3]), str(row[5] or 0)) for row in rows]
        none = "还没有导入过" if zh else "nothing was imported yet"
        output.say(output.table(cells, head, right=(4,)) if rows else none)
    opened.close()


def undo(shop: Path | None, batch: str, as_json: bool) -> None:
    """Take an import back; `huaxiang undo` or importing the file again brings it back."""
    from huaxiang.ledger.retract import undo_batch

    opened = open_shop(shop)
    done = undo_batch(opened, batch)
    if as_json:
        output.emit(done.to_dict())
    elif output.reader_language() == "zh":
        output.say(
            f"已撤销导入：取出 {done.events} 条记录，重算 {len(done.customers)} 位顾客（撤销：huaxiang undo {done.act.number}）"
        )
    else:
        output.say(
            f"took the import back: {done.events} events out, {len(done.customers)} customers recomputed "
            f"(take it back: huaxiang undo {done.act.number})"
        )
    keep_index.keep(opened, quiet=as_json)
    opened.close()

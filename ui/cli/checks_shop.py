"""The checks of `huaxiang doctor` that look into a shop: settings, database, lock, imports, index, clock, ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huaxiang.errors import HuaxiangError
from ui.cli.checks import Check, of_error, port, room

if TYPE_CHECKING:
    from huaxiang.store.shop import Shop


def shop(folder: Path, overrides: dict[str, Any], *, deep: bool) -> Iterator[Check]:
    """All checks of one shop; the first one that keeps it from being opened ends them."""
    from huaxiang.store.shop import Shop
    from huaxiang.store.tables import SCHEMA_VERSION

    try:
        opened = Shop.open(folder, overrides=overrides)
    except HuaxiangError as error:
        yield of_error("shop", error)
        return
    yield Check("shop", "ok", f"{folder}, schema version {SCHEMA_VERSION}")
    try:
        yield from settings(opened)
        yield room("room in the shop", folder)
        if deep:
            yield integrity(opened)
        yield lock(opened)
        yield from imports(opened)
        yield clock(opened)
        yield from index(opened)
        if deep:
            yield ledger(opened)
        yield port(opened.settings.desk.host, opened.settings.desk.port)
    finally:
        opened.close()


def settings(opened: Shop) -> Iterator[Check]:
    """Whether time zone, field pack and language model can be had."""
    from agent.llm.make import make_llm
    from huaxiang.ledger.project import pack_of

    try:
        zone, pack = opened.tz, pack_of(opened)
        yield Check("settings", "ok", f"time zone {zone.key}, field pack {pack.name}@{pack.version}")
    except HuaxiangError as error:
        yield of_error("settings", error)
    kind = opened.settings.llm.kind
    try:
        model = make_llm(opened.settings, opened.folder)
    except HuaxiangError as error:
        yield of_error("language model", error)
        return
    if model is not None:
        model.close()
    yield Check("language model", "ok", f"kind {kind}" + (f", {model.name}" if model is not None else " (rules only)"))


def integrity(opened: Shop) -> Check:
    """SQLite's own check of every page (`--deep`)."""
    import sqlalchemy as sa

    if not opened.is_sqlite:
        return Check("database", "ok", f"{opened.engine.dialect.name} checks itself")
    with opened.engine.connect() as connection:
        found = connection.scalar(sa.text("PRAGMA quick_check(1)"))
    if found == "ok":
        return Check("database", "ok", "every page is sound")
    return Check(
        "database",
        "fail",
        "the database file is damaged",
        "restore a backup, or make a new shop and import the files again",
    )


def lock(opened: Shop) -> Check:
    """Whether somebody is writing just now."""
    try:
        with opened.writing(wait_seconds=0):
            return Check("write lock", "ok", "nobody is writing")
    except HuaxiangError as error:
        return of_error("write lock", error, "warn")


def imports(opened: Shop) -> Iterator[Check]:
    """Whether an import was stopped, and whether profiles are behind."""
    import sqlalchemy as sa

    from huaxiang.store import tables as t
    from ui.cli import prepare

    b = t.batches.c
    with opened.engine.connect() as connection:
        open_ones = list(connection.scalars(sa.select(b.source_file).where(b.finished_at.is_(None)).distinct()))
        done = connection.scalar(sa.select(sa.func.count()).select_from(t.batches)) or 0
    if open_ones:
        yield Check(
            "imports",
            "warn",
            f"not finished: {', '.join(open_ones[:5])}",
            "run the same huaxiang import again: it goes on",
        )
    else:
        yield Check("imports", "ok", f"{done} files, all finished")
    if prepare.is_behind(opened):
        yield Check("profiles", "warn", "an import was stopped before profiles were computed", "huaxiang profile build")
    else:
        yield Check("profiles", "ok", "computed after the last import")


def clock(opened: Shop) -> Check:
    """Whether the shop's clock fits its events."""
    import sqlalchemy as sa

    from huaxiang import clock as clocks
    from huaxiang.store import tables as t

    e = t.events.c
    with opened.engine.connect() as connection:
        last = connection.scalar(sa.select(sa.func.max(e.occurred_at)).where(~e.flags.contains("future-date")))
    if last is None:
        return Check("clock", "warn", f"no dated event yet; today is {opened.today()}", "huaxiang import FILES…")
    today, newest = opened.today(), clocks.day_of(int(last), opened.tz)
    origin = "[shop] today" if opened.settings.shop.today else "the last event's day"
    if newest > today:
        mend = f"set [shop] today to {newest} or later, or remove it"
        return Check("clock", "warn", f"today is {today} ({origin}), but events go on until {newest}", mend)
    return Check("clock", "ok", f"today is {today} ({origin})")


def _waiting(opened: Shop) -> int:
    """Evidence of the customers whose words are to be indexed yet: computed statements, which a search indexes first."""
    import sqlalchemy as sa

    from huaxiang.store import lexical
    from huaxiang.store import tables as t

    with opened.engine.connect() as connection:
        named = lexical.waiting(connection)
        held = t.evidence.c.customer_id
        parts = (named[start : start + 500] for start in range(0, len(named), 500))
        return sum(int(connection.scalar(sa.select(sa.func.count()).where(held.in_(part))) or 0) for part in parts)


def index(opened: Shop) -> Iterator[Check]:
    """Whether words, vectors and Chroma are in step with the texts, and who made the vectors."""
    from vectorstore.index import Index

    with Index.open(opened) as found:
        status = found.status()
        if status.vectors and any((opened.folder / "index").glob("*")):
            found.warm()
            status = found.status()
    short = status.evidence - status.words
    behind = _waiting(opened) if short > 0 else 0
    if 0 < short <= behind:
        yield Check("words", "ok", f"{status.words} texts; {short} new ones are indexed at the next search")
    elif short > 0:
        yield Check("words", "fail", f"{short} of {status.evidence} texts are not in the word index", "huaxiang index")
    else:
        yield Check("words", "ok", f"{status.words} texts")
    others = [name for name in status.vectors if name != status.encoder]
    vectors = ", ".join(f"{count} by {name}" for name, count in status.vectors.items()) or "none"
    if status.encoder is None:
        yield Check(
            "vectors",
            "warn",
            f"{vectors}; no encoder, search goes by words",
            "huaxiang models fetch, then huaxiang index",
        )
    elif others and not status.vectors.get(status.encoder):
        message = f"made by {others[0]}, but the encoder in use is {status.encoder}"
        yield Check("vectors", "fail", message, "huaxiang index --rebuild (or set [encoder] name back)")
    elif status.pending:
        yield Check(
            "vectors",
            "warn",
            f"{status.pending} of {status.evidence} texts have none of {status.encoder}",
            "huaxiang index",
        )
    else:
        yield Check("vectors", "ok", vectors)
    good = status.approximate == "in step" or not status.vectors
    yield Check(
        "index over all", "ok" if good else "warn", f"Chroma: {status.approximate}; {status.mode}",
        "" if good else "huaxiang index (while the desk runs, the desk owns it and this is no fault)",
    )  # fmt: skip
    for text in status.notes:
        yield Check("index note", "warn", text)


def ledger(opened: Shop) -> Check:
    """Whether every customer's chain of profile changes is whole (`--deep`)."""
    import sqlalchemy as sa

    from huaxiang.ledger.chain import verify_chain
    from huaxiang.store import tables as t

    with opened.engine.connect() as connection:
        people = list(connection.scalars(sa.select(t.ledger_tx.c.customer_id).distinct()))
    broken = [one for one in people if verify_chain(opened, one) is not None]
    if broken:
        return Check(
            "ledger",
            "fail",
            f"{len(broken)} chains are broken, first that of {broken[0]!r}",
            "restore a backup: somebody changed the database by hand",
        )
    return Check("ledger", "ok", f"{len(people)} chains are whole")

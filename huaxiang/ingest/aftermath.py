"""What can only be said once all rows are in: near-duplicates, bot-like reviewers, the language of a customer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import sqlalchemy as sa

from huaxiang.ingest import fingerprints
from huaxiang.ingest.fingerprints import BOT_LIKE, NEAR_DUPLICATE
from huaxiang.ingest.report import FileReport
from huaxiang.store import tables as t

_OURS = {NEAR_DUPLICATE, BOT_LIKE}
_CHUNK = 500


def ensure(connection: sa.Connection) -> None:
    """Make the fingerprint table where a shop has none."""
    fingerprints.fingerprints.create(connection, checkfirst=True)


def flag(
    connection: sa.Connection, known: Sequence[sa.Connection], reports: Mapping[str, FileReport], touched: set[str]
) -> None:
    """Set (and take back) the flags of texts and customers, over the whole shop, and count those of this import.

    Args:
        connection: where to write.
        known: where the shop's rows are.
        reports: this import's files by batch, where new flags are counted.
        touched: customers whose records changed; grows.
    """
    present = [one for one in known if sa.inspect(one).has_table(fingerprints.fingerprints.name)]
    texts = fingerprints.load(present)
    wanted: dict[str, set[str]] = {}
    bots, customers = fingerprints.bot_like(texts)
    for name, mask in ((NEAR_DUPLICATE, fingerprints.near_duplicates(texts)), (BOT_LIKE, bots)):
        for event in texts.event_ids[np.flatnonzero(mask)]:
            wanted.setdefault(event.decode(), set()).add(name)
    _flag_events(connection, known, wanted, reports, touched)
    _flag_customers(connection, known, customers, touched)


def _flag_events(
    connection: sa.Connection,
    known: Sequence[sa.Connection],
    wanted: Mapping[str, set[str]],
    reports: Mapping[str, FileReport],
    touched: set[str],
) -> None:
    e = t.events.c
    query = sa.select(e.event_id, e.customer_id, e.flags, e.batch_id, e.source_row)
    rows: dict[str, sa.Row[tuple[str, str, str, str, int]]] = {}
    for one in known:
        flagged = query.where(sa.or_(*(e.flags.contains(name) for name in sorted(_OURS))))
        rows.update({row.event_id: row for row in one.execute(flagged)})
        missing = [event for event in wanted if event not in rows]
        for start in range(0, len(missing), _CHUNK):
            rows.update(
                {row.event_id: row for row in one.execute(query.where(e.event_id.in_(missing[start : start + _CHUNK])))}
            )
    changes = []
    for event, row in rows.items():
        before = row.flags.split()
        now = [name for name in before if name not in _OURS] + sorted(wanted.get(event, ()))
        for name in sorted(wanted.get(event, ())):
            if row.batch_id in reports and (name not in before):
                reports[row.batch_id].note("flagged", name, row.source_row)
        if sorted(now) != sorted(before):
            changes.append({"event": event, "new": " ".join(now)})
            touched.add(row.customer_id)
    if changes:
        key: sa.BindParameter[str] = sa.bindparam("event")
        connection.execute(t.events.update().where(e.event_id == key).values(flags=sa.bindparam("new")), changes)
        v = t.evidence.c
        connection.execute(
            t.evidence.update().where(v.event_id == key, v.kind == "text").values(flags=sa.bindparam("new")), changes
        )


def _flag_customers(
    connection: sa.Connection, known: Sequence[sa.Connection], bots: set[str], touched: set[str]
) -> None:
    c = t.customers.c
    flags: dict[str, str] = {}
    for one in known:
        flags.update(
            {
                row.customer_id: row.flags
                for row in one.execute(sa.select(c.customer_id, c.flags).where(c.flags.contains(BOT_LIKE)))
            }
        )
        missing = [customer for customer in bots if customer not in flags]
        for start in range(0, len(missing), _CHUNK):
            chunk = missing[start : start + _CHUNK]
            flags.update(
                {
                    row.customer_id: row.flags
                    for row in one.execute(sa.select(c.customer_id, c.flags).where(c.customer_id.in_(chunk)))
                }
            )
    for customer, before in sorted(flags.items()):
        now = [name for name in before.split() if name != BOT_LIKE] + ([BOT_LIKE] if customer in bots else [])
        if now != before.split():
            connection.execute(t.customers.update().where(c.customer_id == customer).values(flags=" ".join(now)))
            touched.add(customer)


def languages(connection: sa.Connection, known: Sequence[sa.Connection], customers: Iterable[str]) -> None:
    """Set each customer's language: that of most texts they wrote (zh before en where equal); none without texts."""
    v, e, c = t.evidence.c, t.events.c, t.customers.c
    query = (
        sa.select(v.customer_id, v.language, sa.func.count().label("texts"))
        .select_from(t.evidence.join(t.events, v.event_id == e.event_id))
        .where(v.kind == "text", e.speaker == "customer", v.language != "und")
        .group_by(v.customer_id, v.language)
    )
    wanted = sorted(set(customers))
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        counts: dict[str, Counter[str]] = {}
        for one in known:
            for row in one.execute(query.where(v.customer_id.in_(chunk))):
                counts.setdefault(row.customer_id, Counter())[row.language] += row.texts
        best = {customer: max(found, key=lambda name: (found[name], name)) for customer, found in counts.items()}
        by_language: dict[str, list[str]] = {}
        for customer, language in best.items():
            by_language.setdefault(language, []).append(customer)
        for language, names in by_language.items():
            connection.execute(
                t.customers.update()
                .where(c.customer_id.in_(names), sa.or_(c.language.is_(None), c.language != language))
                .values(language=language)
            )

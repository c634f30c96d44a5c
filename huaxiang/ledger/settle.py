"""What follows an act: computed fields, gaps and summaries of the customers it touched, and flags that hang on all texts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from huaxiang.features import summary
from huaxiang.ledger import build
from huaxiang.store import lexical
from huaxiang.store.shop import Shop


def recompute(shop: Shop, connection: sa.Connection, customer_ids: Sequence[str]) -> None:
    """Computed traits, gaps and summaries of these customers, inside the caller's transaction and lock."""
    recorded = summary.records(connection)
    wanted = build.wanted_by(connection, customer_ids, recorded)
    for start in range(0, len(wanted), build.CHUNK):
        build.build_chunk(shop, connection, wanted[start : start + build.CHUNK], recorded)
    build.remember(connection, recorded)
    if len(wanted) <= lexical.AT_ONCE:  # an act of staff leaves nothing behind, not even words
        lexical.catch_up(connection, wanted)


def flags(shop: Shop, customer_ids: Collection[str]) -> set[str]:
    """Near-duplicate and bot-like flags and languages, which hang on all texts of the shop; inside the caller's lock.

    Customers whose texts got or lost a flag are read by the rules again.

    Returns:
        The customers that were read again.
    """
    from huaxiang.extract.rules import extract_rules  # the extractor stands on the ledger
    from huaxiang.ingest import aftermath

    touched: set[str] = set()
    with shop.begin() as connection:
        aftermath.ensure(connection)
        aftermath.flag(connection, [connection], {}, touched)
        aftermath.languages(connection, [connection], {*customer_ids, *touched})
    if touched:
        extract_rules(shop, sorted(touched), lock=False)
    return touched

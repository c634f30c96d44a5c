"""`huaxiang search QUERY`: what customers wrote and what was computed of them, by meaning and by words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from huaxiang.errors import ConfigError
from ui import words
from ui.cli import output
from ui.cli.common import (
    CustomerOption,
    JsonOption,
    PurposeOption,
    RoleOption,
    ShopOption,
    customer_of,
    day,
    iso,
    open_as,
)
from ui.cli.naming import short

if TYPE_CHECKING:
    from huaxiang.schema.evidence import Hit
    from huaxiang.store.shop import Shop


def search(
    query: Annotated[str, typer.Argument(help="What to look for, in any language.")],
    *,
    shop: ShopOption = None,
    customer: CustomerOption = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only this kind of event (or `summary`); may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many hits.")] = 8,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what ranks but has little to do with the query.")
    ] = False,
    role: RoleOption = None,
    purpose: PurposeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search all customers, or one, and show the very words with their source.

    \b
    Examples:
      huaxiang search "broken zipper" --shop myshop
      huaxiang search 想要退货 --customer C001 --kind review --kind message
    """
    if not query.strip():
        raise ConfigError(
            "the query is empty", hint='say what to look for: huaxiang search "broken zipper"', code="usage"
        )
    kinds = _checked(kind)
    from huaxiang.privacy.sight import Sight
    from ui.cli.related import related
    from vectorstore.index import Index
    from vectorstore.rank import Filter

    opened = open_as(shop, role, purpose)
    sight = Sight.of_shop(opened)
    with Index.open(opened) as index:
        customer_id = None if customer is None else customer_of(opened, customer)
        if customer_id is not None:
            hits = index.search_customer(customer_id, query, limit=limit, kinds=kinds)
        else:
            hits = index.search(query, limit=limit, kinds=kinds)
        found = len(hits)
        if not everything:
            where = Filter.of(kinds, None, None, None)
            matches = index.matches(query, customer_id=customer_id, where=where)
            hits = related(query, hits, matches, index.encoder.name if index.encoder else None)
        hits = [one for one in hits if one.evidence.kind != "summary" or sight.sees_rule(one.evidence.rule)]
        hits = index.sharpen(query, hits)
        notes = index.notes
    if as_json:
        output.emit([_row(one) for one in hits])
    else:
        _show(opened, hits, found - len(hits), notes)
    opened.close()


def _show(shop: Shop, hits: Sequence[Hit], few: int, notes: Sequence[str]) -> None:
    """The hits; how many were left out; what the index cannot do just now."""
    language = output.reader_language()
    for one in hits:
        held = one.evidence
        text = held.text(language) if held.kind == "summary" else one.quote
        parts = (
            held.customer_id, day(shop, held.occurred_at), words.kind(held.event_kind or held.kind, language),
            f"{held.source.file}:{held.source.row}" if held.source else "", short(held.evidence_id),
        )  # fmt: skip
        output.say(output.plain(f"{' · '.join(part for part in parts if part)}\n    {' '.join(text.split())}"))
    if not hits:
        output.say(output.both("没有找到相关内容", "nothing found"))
    if few:
        output.note(
            output.both(
                f"另有 {few} 条关系不大，未列出（--all 可看）",
                f"{few} more have little to do with it; --all shows them",
            )
        )
    for note in notes:
        output.note(output.both("注：", "note: ") + note)


def _row(hit: Any) -> dict[str, Any]:
    found = hit.evidence
    return {
        "id": found.evidence_id, "customer_id": found.customer_id, "kind": found.event_kind or found.kind,
        "occurred_at": iso(found.occurred_at), "quote": hit.quote, "score": round(hit.score, 6),
        "source": found.source.model_dump() if found.source else None, "item_id": found.item_id,
    }  # fmt: skip


def _checked(kinds: list[str] | None) -> list[str] | None:
    from huaxiang.columns import EVENT_KINDS

    allowed = (*EVENT_KINDS, "summary")
    for one in kinds or ():
        if one not in allowed:
            raise ConfigError(
                f"unknown kind {one!r}", hint=f"--kind is one of {', '.join(allowed)}", code="unknown-kind"
            )
    return kinds or None

"""`huaxiang search QUERY`: what customers wrote and what was computed of them, by meaning and by words."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from huaxiang.errors import ConfigError
from ui.cli import output
from ui.cli.common import CustomerOption, JsonOption, ShopOption, customer_of, day, iso, open_shop


def search(
    query: Annotated[str, typer.Argument(help="What to look for, in any language.")],
    *,
    shop: ShopOption = None,
    customer: CustomerOption = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only this kind of event (or `summary`); may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many hits.")] = 8,
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
    from vectorstore.index import Index

    opened = open_shop(shop)
    with Index.open(opened) as index:
        if customer is not None:
            hits = index.search_customer(customer_of(opened, customer), query, limit=limit, kinds=kinds)
        else:
            hits = index.search(query, limit=limit, kinds=kinds)
        hits = index.sharpen(query, hits)
        notes = index.notes
    if as_json:
        output.emit([_row(one) for one in hits])
    else:
        language = output.reader_language()
        for one in hits:
            source = f"{one.evidence.source.file}:{one.evidence.source.row}" if one.evidence.source else "computed"
            kind_name = one.evidence.event_kind or one.evidence.kind
            words = one.evidence.text(language) if one.evidence.kind == "summary" else one.quote
            output.say(
                output.plain(
                    f"{one.evidence.customer_id}  {day(opened, one.evidence.occurred_at)}  {kind_name}  {source}\n"
                    f"    {' '.join(words.split())}"
                )
            )
        if not hits:
            output.say("nothing found")
        for text in notes:
            output.note(f"note: {text}")
    opened.close()


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

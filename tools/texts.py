"""What one customer wrote in a span of days: the arguments and the reading that tools over texts share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from huaxiang import clock
from huaxiang.schema.evidence import Evidence
from huaxiang.store import evidence as evidence_store
from tools.base import Deps, ToolArgs


class TextArgs(ToolArgs):
    """Whose texts, between which days, and how many of them."""

    customer_id: str = Field(min_length=1, max_length=120)
    since: date | None = None
    until: date | None = None
    limit: int = Field(200, ge=1, le=2000, description="how many texts to read, newest first")


def written(args: TextArgs, deps: Deps, kinds: Sequence[str]) -> tuple[list[Evidence], bool]:
    """The customer's own texts of these kinds, newest first, up to the shop's now; and whether older ones were left out."""
    shop = deps.shop
    until = min(clock.end_of_day(args.until, shop.tz), deps.now) if args.until else deps.now
    since = clock.start_of_day(args.since, shop.tz) if args.since else None
    found = evidence_store.texts_of(shop, args.customer_id, kinds=kinds, since=since, until=until, limit=args.limit)
    return [one for one in found if one.speaker == "customer" and one.clean.strip()], len(found) == args.limit

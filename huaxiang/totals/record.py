"""A figure as evidence: a computed record whose id holds its selector, computed again whenever it is looked up."""

from __future__ import annotations

from huaxiang import ids
from huaxiang.schema.evidence import Evidence
from huaxiang.store.shop import Shop
from huaxiang.totals.compute import groups, total
from huaxiang.totals.filter import Selector
from huaxiang.totals.wording import sentence


def events(shop: Shop, selector: Selector) -> list[str]:
    """Ids of the events that a figure is computed from now, newest first; a count of customers on record has none."""
    if selector.by:
        return list(dict.fromkeys(one for *_, part in groups(shop, selector) for one in part.event_ids))
    return list(total(shop, selector).event_ids)


def evidence(shop: Shop, evidence_id: str) -> Evidence | None:
    """The computed record of such an id, from the shop as it is now; None where the id holds no selector."""
    selector = Selector.from_id(evidence_id)
    if selector is None or selector.problem():
        return None
    behind = events(shop, selector)
    return Evidence(
        evidence_id=evidence_id, customer_id="", kind="summary", event_kind="total", language="und", speaker="shop",
        clean=sentence(shop, selector, "zh"), clean_en=sentence(shop, selector, "en"), rule=f"total@{selector.measure}",
        selector=selector.model_dump(mode="json", exclude_defaults=True), event_count=len(behind), range_hash=ids.range_hash(behind),
    )  # fmt: skip

"""A figure as evidence: a computed record whose id holds its selector, computed again whenever it is looked up."""

from __future__ import annotations

import hashlib

from huaxiang.schema.evidence import Evidence
from huaxiang.store.shop import Shop
from huaxiang.totals.compute import groups, total
from huaxiang.totals.filter import Selector
from huaxiang.totals.wording import sentence


def evidence(shop: Shop, evidence_id: str) -> Evidence | None:
    """The computed record of such an id, from the shop as it is now; None where the id holds no selector."""
    selector = Selector.from_id(evidence_id)
    if selector is None or selector.problem():
        return None
    events = (
        [one for *_, part in groups(shop, selector) for one in part.event_ids]
        if selector.by
        else total(shop, selector).event_ids
    )
    behind = sorted(dict.fromkeys(events))
    return Evidence(
        evidence_id=evidence_id, customer_id="", kind="summary", event_kind="total", language="und", speaker="shop",
        clean=sentence(shop, selector, "zh"), clean_en=sentence(shop, selector, "en"), rule=f"total@{selector.measure}",
        selector=selector.model_dump(mode="json", exclude_defaults=True), event_count=len(behind),
        range_hash=hashlib.blake2b(" ".join(behind).encode(), digest_size=8).hexdigest(),
    )  # fmt: skip

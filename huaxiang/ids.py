"""Deterministic ids: the same content from the same source always gets the same id, so importing twice changes nothing."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable

_SEPARATOR = "\x1f"


def digest(parts: Iterable[object], *, length: int = 20) -> str:
    """Hex BLAKE2b of the parts; `None` and the empty string differ."""
    # a list, and plain strings as they are: a build makes some forty ids a customer
    joined = _SEPARATOR.join([part if type(part) is str else "\x00" if part is None else str(part) for part in parts])
    return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=length // 2).hexdigest()


def event_id(*parts: object) -> str:
    """Id of an event from its identifying content: `e` and 20 hex digits."""
    return "e" + digest(parts)


def text_evidence_id(event: str) -> str:
    """Id of the evidence that holds what the customer wrote in this event."""
    return "t" + event[1:]


def record_evidence_id(event: str) -> str:
    """Id of the evidence that is the event's own record (an order line, a return …); it needs no row of its own."""
    return "r" + event[1:]


def event_of_evidence(evidence: str) -> str | None:
    """The event behind a text or record evidence id; None for a summary (`s…`)."""
    return "e" + evidence[1:] if evidence[:1] in ("t", "r") else None


def summary_evidence_id(customer_id: str, rule: str, range_hash: str) -> str:
    """Id of a computed summary: it changes when the rule or the events behind it change.

    All of a customer's begin alike, so that they stand side by side in an index: an update writes one page of it, not
    twenty.
    """
    return "s" + _place(customer_id) + digest((customer_id, rule, range_hash), length=12)


@functools.lru_cache(maxsize=4_096)
def _place(customer_id: str) -> str:
    return digest((customer_id,), length=8)


def range_hash(event_ids: Iterable[str]) -> str:
    """Hash of a set of events, order-free: what a summary stands on."""
    accumulator = 0
    count = 0
    for one in event_ids:
        accumulator = (accumulator + int(one[1:17], 16)) & 0xFFFFFFFFFFFFFFFF
        count += 1
    return f"{count:x}-{accumulator:016x}"

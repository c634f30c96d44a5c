"""The rule extractor: what customers say of themselves in the commonest words, each value with its exact quote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from huaxiang.extract.about import about
from huaxiang.extract.find import Statement, statements
from huaxiang.extract.patterns import VERSION
from huaxiang.ledger import reading
from huaxiang.ledger.build import apply_many
from huaxiang.ledger.candidate import Candidate
from huaxiang.ledger.project import pack_of
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack
from huaxiang.schema.trait import Basis
from huaxiang.store import tables as t
from huaxiang.store.evidence import product_of
from huaxiang.store.shop import Shop

_BATCH = 400


class ExtractReport(BaseModel):
    """What the rules found: texts read, candidates, and what the check made of them."""

    model_config = ConfigDict(frozen=True)
    customers: int
    texts: int
    candidates: int
    held: int
    proposed: int
    rejected: int


def extract(evidence: Evidence, pack: FieldPack, *, currency: str = "") -> list[Candidate]:
    """Candidates from one text, in reading order; unverified.

    Args:
        evidence: a text the customer wrote; anything else gives none.
        pack: fields and vocabularies; patterns for fields it lacks are skipped.
        currency: for a Chinese budget, or one without a symbol; `?` when empty.
    """
    if evidence.kind != "text" or evidence.speaker != "customer" or not evidence.clean:
        return []
    found = [
        Candidate(
            name=one.field, value=one.value, evidence_id=evidence.evidence_id, quote=evidence.clean[one.start : one.end],
            start=one.start, end=one.end, rule=one.rule, ends=one.ends, basis=_basis(one, pack),
        )
        for one in statements(evidence.clean, pack, currency=currency, about=about(evidence))
    ]  # fmt: skip
    return sorted(_newest(_best(found), evidence.clean, pack), key=lambda c: (c.start, c.name, str(c.value)))


def _basis(one: Statement, pack: FieldPack) -> Basis:
    """What only follows from a product and its use is not said in so many words."""
    follows = one.derived and one.field not in ("likes", "dislikes") and "inferred" in pack.fields[one.field].bases
    return "inferred" if follows else "stated"


def extract_rules(shop: Shop, customer_ids: Sequence[str] | None = None, *, lock: bool = True) -> ExtractReport:
    """Read what these customers (all when None) wrote, verify what the rules find and write it to the ledger.

    Running twice writes nothing the second time; what the rules no longer find is retired. Takes the shop's write lock, unless `lock` is
    False (the caller holds it).

    Raises:
        StoreError: another process is writing.
    """
    pack, currency = pack_of(shop), shop.settings.shop.currency
    # a customer all whose texts are gone is read too: then nothing is found, and what was found before is retired
    customers: dict[str, list[Candidate]] = {one: [] for one in customer_ids or ()}
    texts = 0
    for evidence in _texts(shop, customer_ids):
        texts += 1
        customers.setdefault(evidence.customer_id, []).extend(extract(evidence, pack, currency=currency))
    held, proposed, rejected = apply_many(shop, customers, VERSION, complete=True, lock=lock)
    return ExtractReport(
        customers=len(customers), texts=texts, candidates=sum(map(len, customers.values())), held=held, proposed=proposed,
        rejected=rejected,
    )  # fmt: skip


def _newest(found: Iterable[Candidate], text: str, pack: FieldPack) -> Iterator[Candidate]:
    """Of two values of a field that has one, said in one text, the one said of now (以前油皮,现在干皮); else both."""
    kept = list(found)
    by_field: dict[str, list[Candidate]] = {}
    for one in kept:
        if not one.ends and pack.fields[one.name].merge == "latest" and pack.fields[one.name].type != "boolean":
            by_field.setdefault(one.name, []).append(one)
    dropped: set[int] = set()
    for mine in by_field.values():
        if len({str(one.value) for one in mine}) < 2:
            continue
        mine.sort(key=lambda one: one.end)
        ends = [0, *(one.end for one in mine)]
        now = [one for before, one in zip(ends, mine, strict=False) if reading.is_now(text[before : one.end])]
        if len({str(one.value) for one in now}) != 1:
            now = [one for one in mine if reading.is_of_now(text, one.start, one.end)]
        if len({str(one.value) for one in now}) == 1:
            dropped |= {id(one) for one in mine if one.value != now[0].value}
    yield from (one for one in kept if id(one) not in dropped and not _overtaken(one, kept, text, pack))


def _overtaken(one: Candidate, found: Sequence[Candidate], text: str, pack: FieldPack) -> bool:
    """Whether the same text says the opposite of now ("couldn't stand tofu, now I love it"), and this not of now."""
    against = [
        other for other in found
        if other.value == one.value and not other.ends and other.name in pack.fields[one.name].opposes and other.start > one.start
    ]  # fmt: skip
    return (
        not one.ends
        and bool(against)
        and not reading.is_of_now(text, one.start, one.end)
        and any(reading.is_of_now(text, other.start, other.end) for other in against)
    )


def _best(found: Iterable[Candidate]) -> Iterator[Candidate]:
    """Of overlapping finds of one field and value the longest; the same said in another place is another candidate."""
    last: dict[tuple[str, str, bool], int] = {}
    for one in sorted(found, key=lambda c: (c.start, -c.end, c.rule or "")):
        key = (one.name, str(one.value), one.ends)
        if one.start >= last.get(key, 0):
            last[key] = one.end
            yield one


def _texts(shop: Shop, customer_ids: Sequence[str] | None) -> Iterator[Evidence]:
    """Texts by customers, oldest first, with what `verify` and the rules need of them."""
    v, e, i = t.evidence.c, t.events.c, t.items.c
    query = (
        sa.select(
            v.evidence_id,
            v.customer_id,
            v.clean,
            v.occurred_at,
            v.language,
            v.flags,
            e.kind,
            e.rating,
            i.title,
            i.title_en,
            i.category,
        )
        .select_from(t.evidence.join(t.events, v.event_id == e.event_id).outerjoin(t.items, e.item_id == i.item_id))
        .where(v.kind == "text", e.speaker == "customer", e.kind != "search")
        .order_by(v.customer_id, v.occurred_at, v.evidence_id)
    )
    parts = [query]
    if customer_ids is not None:
        wanted = list(customer_ids)
        parts = [query.where(v.customer_id.in_(wanted[i : i + _BATCH])) for i in range(0, len(wanted), _BATCH)]
    with shop.engine.connect() as connection:
        for part in parts:
            for row in connection.execute(part):
                yield Evidence.model_construct(
                    evidence_id=row[0], customer_id=row[1], kind="text", clean=row[2], occurred_at=row[3], language=row[4],
                    flags=tuple(row[5].split()), event_kind=row[6], rating=row[7], product=product_of(row[8:]),
                    speaker="customer",
                )  # fmt: skip

"""What waits for staff, what their verdicts taught, what should be confirmed again, and what to ask next. No model."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from huaxiang import clock
from huaxiang.errors import DataError
from huaxiang.ledger import confidence as c
from huaxiang.ledger import project as projection
from huaxiang.ledger.entries import Entry, encode, read
from huaxiang.ledger.replay import State, replay
from huaxiang.privacy.sight import Sight
from huaxiang.schema.pack import FieldPack, FieldSpec
from huaxiang.schema.trait import Basis
from huaxiang.store import tables as t
from huaxiang.store import tables_ops as o
from huaxiang.store.shop import Shop

REVIEW_BELOW = 0.4
"""A field that holds with less belief than this is shown to staff too."""
WORN = 0.6
"""A statement of which age has left less than this should be confirmed again."""
_SPOKEN = ("stated", "inferred", "staff")
_CHUNK = 2_000
_DAY = 86_400


class Item(BaseModel):
    """One thing for staff to look at: a proposal to decide, a conflict to settle, or a field of little belief."""

    model_config = ConfigDict(frozen=True)
    kind: Literal["proposal", "conflict", "low_confidence"]
    customer_id: str
    trait_id: str
    name: str
    value: Any
    for_whom: str | None
    basis: str
    confidence: float
    reason_code: str | None = Field(None, description="why it waits: bot_like, for_whom_unclear, no_cue …")
    quote: str
    evidence_id: str | None
    said_at: str | None


class Tally(BaseModel):
    """Staff's verdicts on what one source says of one field, and what they make of its belief."""

    model_config = ConfigDict(frozen=True)
    source: str
    name: str
    accepted: int
    edited: int
    rejected: int
    right_share: float
    belief_before: float = Field(description="belief in one fresh statement of this basis, without verdicts")
    belief_now: float


class Worn(BaseModel):
    """A statement that age has worn: ask again."""

    model_config = ConfigDict(frozen=True)
    customer_id: str
    name: str
    value: Any
    said_at: str
    age_days: int
    left: float = Field(description="what age has left of its weight, 0..1")
    confidence: float
    stale: bool = Field(description="too old to be shown as holding")


class Question(BaseModel):
    """What to ask a customer: the field about which an answer would tell most, in bits."""

    model_config = ConfigDict(frozen=True)
    customer_id: str
    name: str
    bits: float = Field(description="expected information of an answer, weighed by how often the shop knows the field")
    because: Literal["unknown", "conflict", "stale", "unsure"]
    zh: str
    en: str


def queue(shop: Shop, customer_id: str | None = None, *, limit: int = 100) -> list[Item]:
    """What waits for staff: conflicts, then proposals, then weak fields, each the least believed last.

    Fields that the shop's actor may not see are not in it.
    """
    pack, now, sight = projection.pack_of(shop), shop.now(), Sight.of_shop(shop)
    items: list[Item] = []
    with shop.engine.connect() as connection:
        weights = projection.weights_of(connection)
        for customer, state in _states(connection, customer_id):
            outcome = projection.project(pack, customer, state, now, weights=weights)
            for entry in state.held.values():
                if outcome.fates[entry.trait_id] == "conflict":
                    items.append(_item("conflict", customer, entry, weights))
            items += [_item("proposal", customer, entry, weights) for entry in state.proposed.values()]
            for trait in outcome.traits:
                if trait.confidence < REVIEW_BELOW:
                    weak = _item("low_confidence", customer, state.held[trait.trait_id], weights)
                    items.append(weak.model_copy(update={"confidence": trait.confidence}))
    order = {"conflict": 0, "proposal": 1, "low_confidence": 2}
    items = [one for one in items if sight.sees_value(one.name, one.value)]
    items.sort(key=lambda one: (order[one.kind], -one.confidence, one.customer_id, one.name, one.trait_id))
    return items[:limit]


def find(shop: Shop, trait_id: str) -> tuple[str, str]:
    """The customer and full id of a waiting proposal from its id or the beginning of it.

    Raises:
        DataError: none begins so (`no-such-trait`), or several do (`ambiguous-trait`).
    """
    line = t.ledger.c
    safe = trait_id.replace("%", "").replace("_", "")
    query = (
        sa.select(line.customer_id, line.trait_id)
        .where(line.op == "propose", line.trait_id.like(f"{safe}%"))
        .distinct()
    )
    with shop.engine.connect() as connection:
        found = [(row[0], row[1]) for row in connection.execute(query.limit(20))]
        waiting = [one for one in found if one[1] in replay(read(connection, [one[0]]).get(one[0], [])).proposed]
    if len(waiting) == 1 and safe:
        return waiting[0]
    if waiting and safe:
        raise DataError("several proposals begin so", hint="give more of the id", code="ambiguous-trait")
    raise DataError("no such proposal waits", hint="`huaxiang review list` shows what waits", code="no-such-trait")


def report(shop: Shop) -> list[Tally]:
    """Staff's verdicts by source and field, those with most verdicts first."""
    d = o.review_decisions.c
    groups: dict[tuple[str, str], Counter[str]] = {}
    bases: dict[tuple[str, str], Basis] = {}
    with shop.engine.connect() as connection:
        if not sa.inspect(connection).has_table(o.review_decisions.name):
            return []
        query = sa.select(d.source, d.name, d.verdict, d.basis, sa.func.count()).group_by(
            d.source, d.name, d.verdict, d.basis
        )
        for source, name, verdict, basis, count in connection.execute(query):
            groups.setdefault((source, name), Counter())[verdict] += count
            bases[source, name] = basis
    found = []
    for (source, name), counts in groups.items():
        decided = sum(counts.values())
        basis = bases[source, name]
        now = c.parts(basis, sources=1, reviews=(counts["accept"], decided)).fresh
        found.append(
            Tally(
                source=source, name=name, accepted=counts["accept"], edited=counts["edit"], rejected=counts["reject"],
                right_share=round(counts["accept"] / decided, 3), belief_before=c.BASE[basis], belief_now=round(now, 3),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-(one.accepted + one.edited + one.rejected), one.source, one.name))


def worn(shop: Shop, customer_id: str | None = None, *, limit: int = 100) -> list[Worn]:
    """Statements to confirm again that the shop's actor may see: the most worn first, those too old to hold before them."""
    pack, now, sight = projection.pack_of(shop), shop.now(), Sight.of_shop(shop)
    found: list[Worn] = []
    with shop.engine.connect() as connection:
        weights = projection.weights_of(connection)
        for customer, state in _states(connection, customer_id):
            outcome = projection.project(pack, customer, state, now, weights=weights)
            believed = {(x.name, encode(x.value)): x.confidence for x in outcome.traits if x.for_whom is None}
            newest: dict[tuple[str, str | None], Entry] = {}
            for entry in state.held.values():
                key = (entry.name, entry.value)
                if entry.for_whom is None and outcome.fates[entry.trait_id] in ("holds", "stale"):
                    newest[key] = max(newest.get(key, entry), entry, key=lambda e: (e.valid_from or 0, e.trait_id))
            for (name, value), entry in newest.items():
                if not sight.sees(name):
                    continue
                one = _worn(pack.fields[name], customer, entry, now, believed.get((name, value or ""), 0.0))
                if one is not None:
                    found.append(one)
    return sorted(found, key=lambda one: (not one.stale, one.left, one.customer_id, one.name))[:limit]


def ask(shop: Shop, customer_id: str, *, limit: int = 3) -> list[Question]:
    """The questions that would tell most about this customer, best first.

    An answer's worth is the entropy it would take away: of the field's values among the shop's customers where nothing is
    known, of what is left to doubt where something is. It is weighed by how many customers' value the shop knows: a
    field that matters here is one that is known of many. Only fields that the shop's actor may see are asked.
    """
    pack, now, sight = projection.pack_of(shop), shop.now(), Sight.of_shop(shop)
    counts: dict[str, Counter[str]] = {}
    customers = 0
    mine = State()
    with shop.engine.connect() as connection:
        weights = projection.weights_of(connection)
        for customer, state in _states(connection, None):
            customers += 1
            for entry in state.held.values():
                if entry.for_whom is None:
                    counts.setdefault(entry.name, Counter())[entry.value or ""] += 1
            if customer == customer_id:
                mine = state
    outcome = projection.project(pack, customer_id, mine, now, weights=weights)
    found = [
        one
        for name, spec in pack.fields.items()
        if sight.sees(name) and "stated" in spec.bases and not spec.about_others
        if (one := _question(pack, spec, customer_id, mine, outcome, counts.get(name, Counter()), customers))
        is not None
    ]
    return sorted(found, key=lambda one: (-one.bits, one.name))[:limit]


def _question(
    pack: FieldPack, spec: FieldSpec, customer_id: str, state: State, outcome: projection.Outcome, counts: Counter[str], customers: int
) -> Question | None:  # fmt: skip
    held = [x for x in outcome.traits if x.name == spec.name and x.for_whom is None]
    if held and spec.merge == "union":
        return None  # a set is never complete: to ask for more of it tells less than to fill a gap
    known = sum(counts.values())
    spread = _entropy([n / known for n in counts.values()]) if known else 0.0
    because: Literal["unknown", "conflict", "stale", "unsure"] = "unknown"
    bits, said = spread, None
    missing = outcome.missing.get(spec.name)
    if held:
        belief = held[0].confidence
        bits, because, said = _entropy([belief, 1 - belief]) + (1 - belief) * spread, "unsure", held[0].value
    elif missing in ("conflict", "stale"):
        because = "conflict" if missing == "conflict" else "stale"
        entries = [e for e in state.held.values() if e.name == spec.name and e.for_whom is None]
        said = [e.plain for e in sorted(entries, key=lambda e: -(e.valid_from or 0))]
        bits = max(1.0, spread)
    worth = bits * (known / max(1, customers)) ** 0.5
    if worth <= 0:
        return None
    zh, en = _words(pack, spec, because, said)
    return Question(customer_id=customer_id, name=spec.name, bits=round(worth, 3), because=because, zh=zh, en=en)


def _words(pack: FieldPack, spec: FieldSpec, because: str, said: Any) -> tuple[str, str]:
    zh, en = spec.zh, spec.en[:1].lower() + spec.en[1:]
    if because == "unknown":
        return f"方便告诉我您的「{zh}」吗？", f"May I ask about your {en}?"
    values = said if isinstance(said, list) else [said]
    shown = list(dict.fromkeys(encode(one) for one in values))[:2]
    plain = [one for one in values if encode(one) in shown][: len(shown)]
    a, b = ([pack.value_label(spec.name, one, language) for one in plain] for language in ("zh", "en"))
    if because == "conflict" and len(a) > 1:
        return f"您的「{zh}」现在是{a[0]}还是{a[1]}？", f"Is your {en} {b[0]} or {b[1]} now?"
    return f"您的「{zh}」还是{a[0]}吗？", f"Is your {en} still {b[0]}?"


def _worn(spec: FieldSpec, customer: str, entry: Entry, now: int, confidence: float) -> Worn | None:
    if spec.half_life_days is None or entry.valid_from is None:
        return None
    age = max(0.0, (now - entry.valid_from) / _DAY)
    left = c.decay(age, spec.half_life_days)
    if left >= WORN:
        return None
    return Worn(
        customer_id=customer, name=entry.name, value=entry.plain, said_at=clock.from_epoch(entry.valid_from).isoformat(),
        age_days=int(age), left=round(left, 3), confidence=confidence, stale=c.is_stale(age, spec.half_life_days),
    )  # fmt: skip


def _item(kind: Any, customer: str, entry: Entry, weights: c.Weights) -> Item:
    cited = entry.citations
    basis: Basis = entry.basis or "inferred"
    doubted: Basis = "inferred" if kind == "proposal" else basis  # it waits since the check was not sure
    reviews = weights.get((c.source_of(entry.method), entry.name), (0, 0))
    return Item(
        kind=kind, customer_id=customer, trait_id=entry.trait_id, name=entry.name, value=entry.plain, for_whom=entry.for_whom,
        basis=basis, confidence=c.parts(doubted, sources=1, reviews=reviews).value, reason_code=entry.reason_code,
        quote=cited[0].quote if cited else "", evidence_id=cited[0].evidence_id if cited else None,
        said_at=None if entry.valid_from is None else clock.from_epoch(entry.valid_from).isoformat(),
    )  # fmt: skip


def _states(connection: sa.Connection, customer_id: str | None) -> Iterator[tuple[str, State]]:
    """Ledgers of those who said anything, without what arithmetic says of them."""
    wanted: Sequence[str] = (
        [customer_id]
        if customer_id is not None
        else sorted(
            connection.scalars(sa.select(t.ledger.c.customer_id).where(t.ledger.c.basis.in_(_SPOKEN)).distinct())
        )
    )
    for start in range(0, len(wanted), _CHUNK):
        ledgers = read(connection, wanted[start : start + _CHUNK], bases=_SPOKEN)
        for customer in wanted[start : start + _CHUNK]:
            yield customer, replay(ledgers.get(customer, []))


def _entropy(shares: Sequence[float]) -> float:
    return -sum(p * math.log2(p) for p in shares if p > 0)

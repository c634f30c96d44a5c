"""Stated traits by the trained map (`huaxiang.extract.stated`), beside the rules and before the language model.

The map reads what a customer wrote once; what it read is kept in the table `extractions` by content, so a rebuild costs
nothing and the words of two customers are encoded once. What it is sure of becomes a candidate that the ledger checks like
any other; what it half believes is put to a local model as a claim (`doubtful`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.profiles import extraction_cache as cache
from huaxiang.extract.rules import extract
from huaxiang.extract.stated import METHOD, StatedModel, load
from huaxiang.ledger import reading
from huaxiang.ledger.build import apply_candidates
from huaxiang.ledger.candidate import Candidate
from huaxiang.ledger.project import pack_of
from huaxiang.models.e5_states import StatesEncoder
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack
from huaxiang.store import evidence as stored
from huaxiang.store.shop import Shop

SURE = 0.8
"""Probability from which a reading goes to the check without a second opinion. On texts of others (`trait_texts`, dev) 8 of
10 from there on were right and none a trap, of those between 0.5 and 0.8 only 17 of 21 with two traps."""
FIRM = {"buys_for": 0.9, "price_sensitive": 0.9}
"""The same for fields where what others do, or one order, is easily taken for the customer's own."""
MAYBE = 0.25
"""Probability from which a local model is asked."""
AT_ONCE = 20
"""Texts read before the result is stored: a pause loses no more."""
Facts = list[dict[str, Any]]
ShouldStop = Callable[[], bool]


@dataclass(frozen=True)
class MapRead:
    """What reading one customer by the map did; `facts` by evidence id are all it reads in the texts, sure or not."""

    texts: int = 0
    cached: int = 0
    held: int = 0
    proposed: int = 0
    rejected: int = 0
    stopped: bool = False
    facts: Mapping[str, Facts] | None = None


class MapReader:
    """The map with its encoder; safe to share between threads."""

    def __init__(self, encoder: StatesEncoder, model: StatedModel | None = None) -> None:
        """The shipped model where none is given.

        Raises:
            ModelError: its file is damaged.
        """
        self._encoder, self._model = encoder, model or load()

    def read(self, text: str, pack: FieldPack, *, currency: str = "") -> Facts:
        """What one text seems to state, as it is kept in the cache."""
        return [
            {"field": one.field, "value": one.value, "start": one.start, "end": one.end, "p": one.probability}
            for one in self._model.read(text, pack, self._encoder, currency=currency)
        ]


def read_customer(
    shop: Shop, reader: MapReader, customer_id: str, *, alone: bool = False, should_stop: ShouldStop | None = None
) -> MapRead:
    """Read what this customer wrote, as far as it was not read before, and put what the map is sure of through the check.

    Where the map is `alone` (no language model), what it reads waits for review: of what it added to the rules on the
    sample shop a third was wrong, and a wrong trait costs more than a missing one.

    Raises:
        StoreError: another process is writing.
    """
    pack, currency = pack_of(shop), shop.settings.shop.currency
    mark, texts = marked(pack, currency), texts_of(shop, customer_id)
    known, borrowed = cache.find(shop, mark, texts)
    cache.keep(shop, mark, METHOD, customer_id, borrowed, known)
    cached = len(known)
    new = [one for one in texts if one.evidence_id not in known]
    for start in range(0, len(new), AT_ONCE):
        part = new[start : start + AT_ONCE]
        facts: dict[str, Facts] = {}
        for one in part:
            if should_stop is not None and should_stop():
                return MapRead(len(texts), cached, stopped=True)
            facts[one.evidence_id] = reader.read(one.clean, pack, currency=currency)
        cache.keep(shop, mark, METHOD, customer_id, part, facts)
        known |= facts
    found = [made for one in texts for made in candidates(one, known.get(one.evidence_id, ()), pack, currency)]
    if alone:
        found = [made.model_copy(update={"unconfirmed": True}) for made in found]
    held, proposed, rejected = apply_candidates(shop, customer_id, found, METHOD, complete=True)
    return MapRead(len(texts), cached, held, proposed, rejected, facts=known)


def texts_read(shop: Shop, customer_id: str) -> tuple[int, int]:
    """How many of this customer's texts the map has read, and how many there are."""
    texts = texts_of(shop, customer_id)
    mark = marked(pack_of(shop), shop.settings.shop.currency)
    return (len(cache.find(shop, mark, texts)[0]) if texts else 0), len(texts)


def candidates(
    one: Evidence, facts: Sequence[dict[str, Any]], pack: FieldPack, currency: str = ""
) -> Iterator[Candidate]:
    """What the map is sure of in a text, without what the rules read there.

    A field with one value that the rules filled from the same text is theirs: they name the words that say it.
    """
    ruled = _ruled(one, pack, currency)
    for fact in facts:
        if sure(fact) and not _taken(fact, ruled, pack):
            yield to_candidate(one, fact)


def doubtful(one: Evidence, facts: Sequence[dict[str, Any]], pack: FieldPack, currency: str = "") -> list[Candidate]:
    """What the map half believes of a text: for a language model to confirm."""
    ruled = _ruled(one, pack, currency)
    return [
        to_candidate(one, fact)
        for fact in facts
        if fact["p"] >= MAYBE and not sure(fact) and not _taken(fact, ruled, pack)
    ]


def sure(fact: Mapping[str, Any]) -> bool:
    """Whether the map needs no second opinion."""
    return bool(fact["p"] >= FIRM.get(fact["field"], SURE))


def to_candidate(one: Evidence, fact: Mapping[str, Any]) -> Candidate:
    """The fact with the sentence it stands in as its quote."""
    start, end = int(fact["start"]), int(fact["end"])
    sentence = reading.around(one.clean, start, end, reading.sentences(one.clean))
    return Candidate(
        name=fact["field"], value=fact["value"], evidence_id=one.evidence_id,
        quote=one.clean[sentence.start : sentence.end], start=sentence.start, end=sentence.end, read=True,
    )  # fmt: skip


def texts_of(shop: Shop, customer_id: str) -> list[Evidence]:
    """What the customer wrote, oldest first; staff's words and bot-like reviews tell nothing about tastes."""
    found = stored.texts_of(shop, customer_id)
    mine = [one for one in found if one.speaker == "customer" and "bot-like" not in one.flags and one.clean.strip()]
    return sorted(mine, key=lambda one: (one.occurred_at or 0, one.evidence_id))


def marked(pack: FieldPack, currency: str) -> str:
    """What decides what the map reads in a text: itself, the pack's words and the currency."""
    words = {
        name: {value: sorted(term.spellings) for value, term in terms.items()}
        for name, terms in pack.vocabularies.items()
    }
    fields = {name: (spec.vocabulary, spec.bases, spec.cues) for name, spec in pack.fields.items()}
    digest = hashlib.sha256(repr((words, fields, load().about)).encode()).hexdigest()[:16]
    return f"{METHOD}\x1f{digest}\x1f{currency}"


def _ruled(one: Evidence, pack: FieldPack, currency: str) -> list[Candidate]:
    return extract(one, pack, currency=currency)


def _taken(fact: Mapping[str, Any], ruled: Sequence[Candidate], pack: FieldPack) -> bool:
    """Whether the rules read this value in the text already (as whatever taste), or another one of a field that has one."""
    name, value = fact["field"], fact["value"]
    single = name in pack.fields and pack.fields[name].merge == "latest"
    return any(
        (one.name == name and single) or one.value == value or pack.canonical(one.name, str(one.value)) == value
        for one in ruled
    )

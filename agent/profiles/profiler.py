"""Stated and inferred traits, read by the language model out of what one customer wrote; code finds the quotes and checks.

A model that says how sure it is (`YesNo`: the local one) confirms claims that code makes (`agent.profiles.claims`). Any other names
a text's number, a field and a few words; code looks them (or a spelling of the value they name) up in that text. Either
way the sentence around the value is the quote, and `huaxiang.ledger` verifies it like any other candidate. What the model
said of a text is kept in the table `extractions`, keyed by content, so that nothing is read twice: not even a text that
another customer wrote word for word. Each customer has a row of their own all the same, so that erasing one of them takes
nothing from the other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from agent.llm.base import Llm, Schema, ShouldStop, YesNo
from agent.llm.slots import EXTRACTION
from agent.profiles import extraction_cache as cache
from agent.profiles import stated
from agent.profiles.claims import claims, from_map
from huaxiang.extract.stated import METHOD
from huaxiang.ledger import reading
from huaxiang.ledger.build import apply_candidates
from huaxiang.ledger.candidate import Candidate
from huaxiang.ledger.project import pack_of
from huaxiang.ledger.whose import find
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack
from huaxiang.store import tables as t
from huaxiang.store.shop import Shop
from prompts import Prompt, fence, load

CHUNK_CHARS, CLAIM_CHARS = 1500, 400
"""Text read at once: of one prompt, or judged before the result is stored (a pause loses no more than that)."""
CONFIRMED = 1.0
"""Log-odds from which a claim is taken to be confirmed: on the sample shop 18 of 19 right, at 0.5 still 26 of 32."""
TEXT_CHARS = 500
GROUPS: tuple[tuple[str, ...], ...] = (
    ("clothing_size", "shoe_size", "skin_type"),
    ("likes", "dislikes", "avoids", "avoids_material", "favourite_color"),
    ("has_pet", "owns_device", "buys_for", "hobby"),
    ("prefers_contact", "prefers_delivery"),
)
"""Asked about together: small groups keep the schema flat; the texts come first, so later groups find them cached."""
_FACTS, _VALUE_CHARS, _MAX_TOKENS = 5, 24, 160
_EDGES = " .,。，;；!！«»\"'"
_IN_PER_SECOND, _OUT_PER_SECOND = 50.0, 15.0
_MAP_SECONDS = 0.0002
"""Of the map, a character: one sentence in two mentions something and is encoded in 10-20 ms."""
_CHARS_PER_CLAIM, _SECONDS_PER_CLAIM = 430.0, 0.8

Progress = Callable[[str, int, int], None]
"""Called with the customer's id, customers done and customers in all."""


@dataclass(frozen=True)
class Extraction:
    """What one customer's extraction did.

    `texts` were considered, `cached` of them read before. `facts` came from the model; `unfound` of them have no quote in
    their text and were dropped; of the others the ledger made `held`, `proposed` and `rejected`. `stopped`: not finished.
    """

    customer_id: str
    texts: int = 0
    cached: int = 0
    calls: int = 0
    facts: int = 0
    unfound: int = 0
    held: int = 0
    proposed: int = 0
    rejected: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    stopped: bool = False
    by_map: tuple[int, int, int] = (0, 0, 0)
    """Of what the trained map read: held, proposed, rejected."""


@dataclass
class _Tally:
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    facts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def extract_customer(
    shop: Shop,
    llm: Llm | None,
    customer_id: str,
    *,
    reader: stated.MapReader | None = None,
    should_stop: ShouldStop | None = None,
) -> Extraction:
    """Read what this customer wrote, as far as it has not been read before, and put what survives the check in the ledger.

    The map reads first; a model that confirms is then asked about what the map half believes.

    Args:
        shop: an open shop.
        llm: the model; its name and the prompt's id are stamped into every trait. None: the map alone.
        customer_id: whose texts.
        reader: the trained map; without it the model confirms plain mentions.
        should_stop: True ends it; texts read by then are kept and the next run goes on from there.

    Raises:
        ModelError: the model failed; what was read before is kept.
        StoreError: the shop is busy or full.
    """
    started = time.monotonic()
    mapped = (
        stated.read_customer(shop, reader, customer_id, alone=llm is None, should_stop=should_stop)
        if reader
        else stated.MapRead()
    )
    by_map = (mapped.held, mapped.proposed, mapped.rejected)
    if llm is None or mapped.stopped:
        done = Extraction(customer_id, mapped.texts, mapped.cached, stopped=mapped.stopped)
    else:
        done = _by_model(shop, llm, customer_id, mapped, should_stop)
    return replace(done, seconds=time.monotonic() - started, by_map=by_map)


def _by_model(
    shop: Shop, llm: Llm, customer_id: str, mapped: stated.MapRead, should_stop: ShouldStop | None
) -> Extraction:
    """What the model reads in this customer's texts, once the map has read them (`mapped.facts`) or cannot."""
    pack = pack_of(shop)
    texts = stated.texts_of(shop, customer_id)
    total: dict[str, Any] = {"calls": 0, "prompt_tokens": 0, "completion_tokens": 0, "facts": 0, "unfound": 0}
    counts = [0, 0, 0]
    cached_count, stopped = 0, False
    for language in ("zh", "en"):
        mine = [one for one in texts if (one.language == "zh") == (language == "zh")]
        if not mine:
            continue
        prompt = _prompt(llm, language)
        method = _method(llm, language)
        key = asked(method, mapped=mapped.facts is not None)
        known, borrowed = cache.find(shop, key, mine)
        cache.keep(shop, key, method, customer_id, borrowed, known)
        cached_count += len(known)
        new = [one for one in mine if one.evidence_id not in known]
        for chunk in chunks(new, chars=CLAIM_CHARS if isinstance(llm, YesNo) else CHUNK_CHARS):
            if isinstance(llm, YesNo):
                tally = _judge(llm, prompt, pack, chunk, should_stop, mapped.facts)
            else:
                tally = _read(llm, prompt, pack, chunk, should_stop)
            if tally is None:
                stopped = True
                break
            total["calls"] += tally.calls
            total["prompt_tokens"] += tally.prompt_tokens
            total["completion_tokens"] += tally.completion_tokens
            cache.keep(shop, key, method, customer_id, chunk, tally.facts)
            known.update(tally.facts)
        facts = [(one, fact) for one in mine for fact in known.get(one.evidence_id, ())]
        found = [candidate for one, fact in facts if (candidate := to_candidate(one, fact, pack)) is not None]
        total["facts"] += len(facts)
        total["unfound"] += len(facts) - len(found)
        if found:
            for place, number in enumerate(apply_candidates(shop, customer_id, found, method)):
                counts[place] += number
        if stopped:
            break
    return Extraction(
        customer_id=customer_id, texts=len(texts), cached=cached_count, held=counts[0], proposed=counts[1],
        rejected=counts[2], stopped=stopped, **total,
    )  # fmt: skip


def extract_all(
    shop: Shop,
    llm: Llm | None,
    customer_ids: Sequence[str] | None = None,
    *,
    reader: stated.MapReader | None = None,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
) -> Iterator[Extraction]:
    """One customer after the other, those with the most new text last; yields each as it is done. Resumable.

    Raises:
        ModelError, StoreError: as `extract_customer`; the customers before are done.
    """
    waiting = new_chars(shop, llm, customer_ids, mapped=reader is not None)
    order = sorted(waiting, key=lambda one: (waiting[one], one))
    for done, customer_id in enumerate(order):
        if progress:
            progress(customer_id, done, len(order))
        result = extract_customer(shop, llm, customer_id, reader=reader, should_stop=should_stop)
        yield result
        if result.stopped:
            return
    if progress:
        progress("", len(order), len(order))


def estimate_seconds(
    shop: Shop, llm: Llm | None, customer_ids: Sequence[str] | None = None, *, mapped: bool = False
) -> float:
    """About how long the model would take for what is not read yet, on two idle cores with the local model.

    Counted from characters: code makes a claim of about every 430, and a prompt of extraction costs its tokens and four
    questions; see docs/models-llm.md for the rates.
    """
    waiting = new_chars(shop, llm, customer_ids, mapped=mapped)
    if llm is None:
        return sum(waiting.values()) * _MAP_SECONDS
    if isinstance(llm, YesNo):
        return sum(waiting.values()) / _CHARS_PER_CLAIM * _SECONDS_PER_CLAIM
    seconds = 0.0
    for chars in waiting.values():
        calls = len(GROUPS) * max(1, -(-chars // CHUNK_CHARS)) if chars else 0
        seconds += chars / 1.8 / _IN_PER_SECOND + calls * (50 / _IN_PER_SECOND + 20 / _OUT_PER_SECOND)
    return seconds


def new_chars(
    shop: Shop, llm: Llm | None, customer_ids: Sequence[str] | None = None, *, mapped: bool = False
) -> dict[str, int]:
    """Characters not read yet, by customer; customers who wrote nothing are absent, those fully read have 0."""
    keys = _keys(shop, llm, mapped)
    wanted = None if customer_ids is None else set(customer_ids)
    v, e = t.evidence.c, t.events.c
    query = sa.select(v.customer_id, v.language, v.clean).select_from(
        t.evidence.join(t.events, v.event_id == e.event_id)
    )
    query = query.where(v.kind == "text", e.speaker == "customer", ~v.flags.contains("bot-like"))
    if wanted is not None and len(wanted) < 500:
        query = query.where(v.customer_id.in_(wanted))
    waiting: dict[str, int] = {}
    with shop.engine.connect() as connection:
        known = cache.known(shop)
        for customer_id, language, clean in connection.execute(query):
            if wanted is not None and customer_id not in wanted:
                continue
            read = cache.content(keys["zh" if language == "zh" else "en"], clean) in known
            waiting[customer_id] = waiting.get(customer_id, 0) + (0 if read else min(len(clean), TEXT_CHARS))
    return waiting


def texts_read(shop: Shop, llm: Llm | None, customer_id: str, *, mapped: bool = False) -> tuple[int, int]:
    """How many of this customer's texts `llm` (None: the map) has read, and how many there are to read."""
    texts, keys = stated.texts_of(shop, customer_id), _keys(shop, llm, mapped)
    read = 0
    for language, key in keys.items():
        mine = [one for one in texts if (one.language == "zh") == (language == "zh")]
        read += len(cache.find(shop, key, mine)[0]) if mine else 0
    return read, len(texts)


def _keys(shop: Shop, llm: Llm | None, mapped: bool) -> dict[str, str]:
    """Under what each language's texts are kept once they are read: by the model, or by the map where there is none."""
    if llm is None:
        return dict.fromkeys(("zh", "en"), stated.marked(pack_of(shop), shop.settings.shop.currency))
    return {one: asked(_method(llm, one), mapped=mapped) for one in ("zh", "en")}


def chunks(texts: Iterable[Evidence], *, chars: int = CHUNK_CHARS) -> Iterator[list[Evidence]]:
    """Texts in groups of at most `chars` characters (each text cut to `TEXT_CHARS`), in the order given."""
    chunk: list[Evidence] = []
    size = 0
    for one in texts:
        length = min(len(one.clean), TEXT_CHARS)
        if chunk and size + length > chars:
            yield chunk
            chunk, size = [], 0
        chunk.append(one)
        size += length
    if chunk:
        yield chunk


def to_candidate(evidence: Evidence, fact: dict[str, Any], pack: FieldPack) -> Candidate | None:
    """The fact with its quote: the sentence around the value's first mention; None when the text does not hold it.

    A known value is `stated`. An open field's own words are `inferred`: they need a cue word, or they become a proposal.
    """
    if "start" in fact:
        return stated.to_candidate(evidence, fact)
    name, words = str(fact.get("field", "")), str(fact.get("value", "")).strip(_EDGES)
    spec = pack.fields.get(name)
    if spec is None or not words:
        return None
    known = words if words in pack.terms(name) else pack.canonical(name, words)
    spellings = sorted({words, *(pack.spellings_of(name, known) if known else ())}, key=len, reverse=True)
    at, length = next(((at, len(one)) for one in spellings if (at := find(evidence.clean, one)) >= 0), (-1, 0))
    if at < 0:
        return None
    sentence = reading.around(evidence.clean, at, at + length, reading.sentences(evidence.clean))
    start, end = min(sentence.start, at), max(sentence.end, at + length)
    own_words = known is None and spec.open
    return Candidate(
        name=name,
        value=known or words,
        basis="inferred" if own_words and "inferred" in spec.bases else "stated",
        evidence_id=evidence.evidence_id,
        quote=evidence.clean[start:end],
        start=start,
        end=end,
        confirmed="odds" in fact,
    )


def _prompt(llm: Llm, language: str) -> Prompt:
    return load("judge_claim" if isinstance(llm, YesNo) else "extract_traits", language=language)


def _method(llm: Llm, language: str) -> str:
    """Who read: stamped into traits and part of the cache's key."""
    return f"{_prompt(llm, language).id}+{llm.name}"


def asked(method: str, *, mapped: bool = False) -> str:
    """The method with the fields that are asked for, and whether the map proposes: all decide what is said of a text."""
    return f"{method}\x1f{GROUPS!r}" + (f"\x1f{METHOD}" if mapped else "")


def _judge(
    llm: YesNo, prompt: Prompt, pack: FieldPack, chunk: Sequence[Evidence], should_stop: ShouldStop | None,
    mapped: Mapping[str, cache.Facts] | None = None,
) -> _Tally | None:  # fmt: skip
    """Ask about each claim that code makes of these texts; None when stopped. With the map's readings, about those."""
    tally = _Tally(facts={one.evidence_id: [] for one in chunk})
    for one in chunk:
        text = fence(one.clean, max_chars=TEXT_CHARS)
        doubts = None if mapped is None else from_map(one, mapped.get(one.evidence_id, ()), pack, prompt.language)
        for claim in claims(one, pack, prompt.language) if doubts is None else doubts:
            messages = prompt.messages(text=text, claim=claim.words)
            odds, result = llm.yes_or_no(messages, should_stop=should_stop, slot=EXTRACTION)
            if result.stopped:
                return None
            tally.calls += result.calls
            tally.prompt_tokens += result.prompt_tokens
            tally.completion_tokens += result.completion_tokens
            if odds > CONFIRMED:
                fact = {"field": claim.field, "value": claim.value, "odds": round(odds, 2)}
                if claim.place is not None:
                    fact |= {"start": claim.place[0], "end": claim.place[1]}
                tally.facts[one.evidence_id].append(fact)
    return tally


def _read(
    llm: Llm, prompt: Prompt, pack: FieldPack, chunk: Sequence[Evidence], should_stop: ShouldStop | None
) -> _Tally | None:
    """Ask for each group of fields; None when stopped."""
    tally = _Tally(facts={one.evidence_id: [] for one in chunk})
    numbered = "\n".join(f"{n}. {fence(one.clean, max_chars=TEXT_CHARS)}" for n, one in enumerate(chunk, start=1))
    for group in GROUPS:
        names = [name for name in group if name in pack.fields]
        if not names:
            continue
        fields = ", ".join(f"{name} ({pack.fields[name].label(prompt.language)})" for name in names)
        result = llm.generate_json(
            prompt.messages(texts=numbered, fields=fields), _schema(names, len(chunk)), max_tokens=_MAX_TOKENS,
            should_stop=should_stop, slot=EXTRACTION,
        )  # fmt: skip
        if result.stopped:
            return None
        tally.calls += result.calls
        tally.prompt_tokens += result.prompt_tokens
        tally.completion_tokens += result.completion_tokens
        for fact in result.value["facts"]:
            tally.facts[chunk[int(fact["n"]) - 1].evidence_id].append({"field": fact["field"], "value": fact["value"]})
    return tally


def _schema(names: Sequence[str], count: int) -> Schema:
    fact: Schema = {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "enum": list(range(1, count + 1))},
            "field": {"type": "string", "enum": list(names)},
            "value": {"type": "string", "minLength": 1, "maxLength": _VALUE_CHARS},
        },
        "required": ["n", "field", "value"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"facts": {"type": "array", "items": fact, "maxItems": _FACTS}},
        "required": ["facts"],
        "additionalProperties": False,
    }

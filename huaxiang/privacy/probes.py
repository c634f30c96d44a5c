"""What to look for after an erasure: a customer's ids, word sequences nobody else wrote, and vectors of their texts.

Collected before the rows go, and kept in the shop (`journal`) until the receipt is written, so that an erasure that was
killed is finished with the same probes.
"""

from __future__ import annotations

import base64
import functools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from huaxiang.privacy import tables_of
from huaxiang.privacy.needles import Needles
from huaxiang.store import lexical
from huaxiang.store import tables as t

Halves = npt.NDArray[np.float16]
MIN_BYTES = 8
"""Shorter byte strings turn up by chance in any large file; short ids are looked for as whole words instead."""
_WINDOW_WORDS, _WINDOW_CJK, _WINDOWS_A_TEXT = 5, 9, 60
_TWIN = 0.9995
_WORD = re.compile(r"[\w.@:/-]+")
_CHUNK = 400
_PLAIN = 100
_BLOCK_CHARS = 1_000_000
_ID = re.compile(r"[etrsp][0-9a-f]{20,22}")
_RUN = re.compile(r"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])")
_FIGURE = re.compile(r"qeN[o-r][\w-]{8,}")
"""Ids of computed figures (`totals.filter`): packed JSON, which may name customers where no search of bytes sees it."""
_READ_ABOVE = {
    "events", "evidence", "ledger_tx", "ledger", "contacts", "aliases", "customers", "vectors", "audit", "text_fingerprints",
    "exports",
}  # fmt: skip
"""Tables whose columns `_of_customers` names; of any other table every text is taken."""
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True)
class Probes:
    """Customers, and how to recognise what is left of them.

    Attributes:
        customers: their ids.
        keys: ids of their events, evidence, traits and transactions: nobody else has these.
        words: sequences of their words (about five, or nine Chinese characters) that nobody else wrote.
        shared: customer ids which somebody else's text or an item holds as a word: only whole values count for those.
        vectors: float16, shape (n, dim), of texts that nobody else wrote; (0, 0) when there are none.
        runs: runs of the agent that were about them: their traces go. Others may have been in such a run, too, and its id
            stays in the record of those: it is no trace of the erased.
    """

    customers: frozenset[str]
    keys: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    vectors: Halves = field(default_factory=lambda: np.zeros((0, 0), np.float16))
    runs: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """How many probes there are."""
        return len(self.customers) + len(self.keys) + len(self.words) + len(self.vectors) + len(self.runs)

    @functools.cached_property
    def needles(self) -> Needles:
        """The long probes as byte strings, in every form they are written in (UTF-8, JSON, index terms)."""
        forms: dict[bytes, str] = {}
        for what, texts in (("id", self.keys), ("id", self.customers), ("words", self.words)):
            for text in texts:
                for form in _forms(text):
                    if len(form) >= MIN_BYTES:
                        forms.setdefault(form, what)
        return Needles(forms)

    @functools.cached_property
    def tokens(self) -> frozenset[str]:
        """Customer ids that may be looked for as whole words in any text."""
        return frozenset(one for one in self.customers - self.shared if _WORD.fullmatch(one) and len(one) > 1)

    @functools.cached_property
    def quoted(self) -> tuple[str, ...]:
        """Customer ids as JSON strings."""
        return tuple(json.dumps(one, ensure_ascii=False) for one in self.customers)

    def id_in(self, text: str) -> bool:
        """Whether a text holds one of the customer ids: as the whole text, a line of it, a JSON string, or a word."""
        if text in self.customers:
            return True
        if self.words_in(text):
            return True
        if text[:1] in ("{", "[") and any(one in text for one in self.quoted):
            return True
        return "\n" in text and not self.customers.isdisjoint(text.split("\n"))

    def words_in(self, text: str) -> int:
        """How often one of `tokens` stands in a text as a word of its own, or a customer in the id of a computed figure."""
        packed = self._in_figures(text)
        # a plain search settles most texts; splitting into words costs fifty times as much
        if len(self.tokens) <= _PLAIN and not any(one in text for one in self.tokens):
            return packed
        return packed + sum(one in self.tokens for one in _WORD.findall(text))

    def ran_in(self, text: str) -> bool:
        """Whether a line of a log belongs to a run about these customers."""
        return any(one in self.runs for one in _RUN.findall(text))

    def ids_among(self, values: Sequence[str]) -> int:
        """How many of these values hold one of the ids (`id_in`), looked at together."""
        alone = self.customers.isdisjoint(values) and not self.shared
        if alone and not self.words_in("\x00".join(values)):
            return 0
        return sum(self.id_in(one) for one in values)

    def mentioned_in(self, text: str) -> bool:
        """Whether a text holds anything of these customers: an id, or words that are theirs alone."""
        return self.id_in(text) or self.needles.first_in(text.encode("utf-8", "surrogatepass")) is not None

    def _in_figures(self, text: str) -> int:
        """Ids of computed figures that are over some of these customers."""
        if "qeN" not in text:
            return 0
        from huaxiang.totals.filter import Selector

        figures = [Selector.from_id(one) for one in _FIGURE.findall(text)]
        return sum(one is not None and not self.customers.isdisjoint(one.filter.customers) for one in figures)

    def merged(self, other: Probes) -> Probes:
        """Both together (an unfinished erasure and a new one)."""
        if len(self.vectors) and len(other.vectors) and self.vectors.shape[1] == other.vectors.shape[1]:
            vectors = np.concatenate([self.vectors, other.vectors])
        else:
            vectors = self.vectors if len(self.vectors) else other.vectors
        return Probes(
            self.customers | other.customers, self.keys | other.keys, self.words | other.words,
            self.shared | other.shared, vectors, self.runs | other.runs,
        )  # fmt: skip

    def to_json(self) -> str:
        """For the journal."""
        return json.dumps(
            {
                "customers": sorted(self.customers), "keys": sorted(self.keys), "words": sorted(self.words),
                "shared": sorted(self.shared), "runs": sorted(self.runs), "dim": int(self.vectors.shape[1]),
                "vectors": base64.b64encode(np.ascontiguousarray(self.vectors, "<f2").tobytes()).decode(),
            },
            ensure_ascii=False,
        )  # fmt: skip

    @classmethod
    def from_json(cls, text: str) -> Probes:
        """From the journal; ValueError or KeyError when it is no journal."""
        raw = json.loads(text)
        flat = np.frombuffer(base64.b64decode(raw["vectors"]), dtype="<f2")
        vectors = flat.reshape(-1, raw["dim"]) if raw["dim"] else np.zeros((0, 0), np.float16)
        sets = [frozenset(raw[name]) for name in ("customers", "keys", "words", "shared")]
        # journals of earlier versions kept runs among the keys
        runs = frozenset(raw.get("runs", ())) or frozenset(one for one in sets[1] if _RUN.fullmatch(one))
        return cls(sets[0], sets[1] - runs, sets[2], sets[3], vectors, runs)


def collect(connection: sa.Connection, customer_ids: Iterable[str]) -> Probes:
    """Everything by which these customers could still be recognised, minus what others share with them.

    Reads every other customer's texts once, in a stream: a pass over the shop, however many customers are erased.
    """
    mine = sorted(set(customer_ids))
    hard, soft, texts, halves = _of_customers(connection, mine)
    words = {window for text in texts for window in windows(text)} | soft
    shared: set[str] = set()
    lookup = Needles({form: one for one in words for form in _forms(one)[:1] if len(form) >= MIN_BYTES})
    tokens = set(mine)
    common: set[str] = set()
    for block in _blocks(_others(connection, frozenset(mine))):
        joined = "\x00".join(block)
        common.update(lookup.found_in(joined.encode("utf-8", "surrogatepass")))
        shared.update(tokens.intersection(_WORD.findall(joined)))
        common.update(soft.intersection(block))
    return Probes(
        frozenset(mine), frozenset(hard), frozenset(words - common), frozenset(shared),
        _without_twins(connection, frozenset(mine), halves),
    )  # fmt: skip


def windows(text: str) -> list[str]:
    """Consecutive stretches of a text, about five words or nine Chinese characters each, and the same as index terms."""
    found: list[str] = []
    pieces = re.findall(r"\S+", text)
    if _CJK.search(text):
        runs = re.findall(r"[^\s,.!?;:，。！？；：、…“”()（）]+", text)
        found.extend(run[at : at + _WINDOW_CJK] for run in runs for at in range(0, len(run), _WINDOW_CJK))
    else:
        found.extend(" ".join(pieces[at : at + _WINDOW_WORDS]) for at in range(0, len(pieces), _WINDOW_WORDS))
    terms = lexical.tokens(text)
    found.extend(" ".join(terms[at : at + _WINDOW_CJK]) for at in range(0, len(terms), _WINDOW_CJK))
    long = [one for one in found if len(one.encode("utf-8", "surrogatepass")) >= 2 * MIN_BYTES]
    return long[: 2 * _WINDOWS_A_TEXT]


def _of_customers(connection: sa.Connection, mine: list[str]) -> tuple[set[str], set[str], list[str], list[bytes]]:
    """Their own ids (nobody else has them), ids a file gave (somebody may), their texts, and their vectors."""
    e, v, c, a, p = t.events.c, t.evidence.c, t.contacts.c, t.aliases.c, t.customers.c
    hard: set[str] = set()
    soft: set[str] = set()
    texts: list[str] = []
    halves: list[bytes] = []
    for start in range(0, len(mine), _CHUNK):
        part = mine[start : start + _CHUNK]
        for event, source, order in connection.execute(
            sa.select(e.event_id, e.source_id, e.order_id).where(e.customer_id.in_(part))
        ):
            hard.add(event[1:])  # the digits are the same in e…, t… and r…
            soft.update(one for one in (source, order) if one)
        for evidence, kind, clean, raw in connection.execute(
            sa.select(v.evidence_id, v.kind, v.clean, v.raw).where(v.customer_id.in_(part))
        ):
            hard.add(evidence[1:])
            if kind == "text":  # a summary's words are ours, and the next customer's may be the same
                texts.extend(one for one in (clean, raw) if one)
        for table, column in (
            (t.ledger_tx, "tx_id"),
            (t.ledger_tx, "hash"),
            (t.ledger, "trait_id"),
            (t.extractions, "key"),
        ):
            hard.update(connection.scalars(sa.select(table.c[column]).where(table.c.customer_id.in_(part))))
        for row in connection.execute(sa.select(c.value, c.normal).where(c.customer_id.in_(part))):
            soft.update(row)
        soft.update(connection.scalars(sa.select(a.alias).where(a.customer_id.in_(part))))
        soft.update(one for one in connection.scalars(sa.select(p.name).where(p.customer_id.in_(part))) if one)
        for table, place in tables_of.places(connection):
            if place.table not in _READ_ABOVE:
                for found in tables_of.rows(connection, table, place, part):
                    for value in found.values():
                        for text in _strings(value) if isinstance(value, str) else ():
                            if _ID.fullmatch(text):
                                hard.add(text[1:])
                            else:
                                texts.append(text)
        halves.extend(connection.scalars(sa.select(t.vectors.c.vector).where(t.vectors.c.customer_id.in_(part))))
    return hard, {one for one in soft if len(one.encode("utf-8", "surrogatepass")) >= MIN_BYTES}, texts, halves


def _others(connection: sa.Connection, mine: frozenset[str]) -> Iterator[str]:
    """What others wrote or are called, and the catalogue: words found here are not this customer's alone."""
    tables = {
        t.evidence: ("clean", "clean_en", "raw"), t.events: ("source_id", "order_id", "item_id", "attrs", "status", "channel"),
        t.customers: ("customer_id", "name", "city", "attrs"), t.contacts: ("value", "normal"), t.aliases: ("alias",),
    }  # fmt: skip
    for table, columns in tables.items():
        query = sa.select(table.c.customer_id, *(table.c[name] for name in columns)).execution_options(yield_per=2000)
        for row in connection.execute(query):
            if row[0] not in mine:
                yield from (one for one in row[1:] if one)
    if sa.inspect(connection).has_table("withdrawn"):  # texts that were taken out and may be put back
        for row in connection.exec_driver_sql("SELECT customer_id, event, evidence FROM withdrawn"):
            if row[0] not in mine:
                yield from (text for one in row[1:] if one for text in _strings(one))
    if lexical.exists(connection):
        owned = sa.table(lexical.ROWS, sa.column("customer_id"), sa.column("tokens"))
        for row in connection.execute(sa.select(owned.c.customer_id, owned.c.tokens).execution_options(yield_per=2000)):
            if row[0] not in mine:
                yield row[1]
    for batch in connection.execute(sa.select(t.batches.c.batch_id, t.batches.c.source_file)):
        yield from batch
    query = sa.select(t.items.c.item_id, t.items.c.title, t.items.c.title_en, t.items.c.brand, t.items.c.attrs)
    for item in connection.execute(query.execution_options(yield_per=2000)):
        yield from (one for one in item if one)


def _blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    """Texts in lists of about a million characters: one look at many is quicker than many looks at one."""
    block: list[str] = []
    size = 0
    for text in texts:
        block.append(text)
        size += len(text)
        if size > _BLOCK_CHARS:
            yield block
            block, size = [], 0
    if block:
        yield block


def _without_twins(connection: sa.Connection, mine: frozenset[str], halves: list[bytes]) -> Halves:
    """Vectors of theirs to which nobody else's is near-identical (two people may write the same five words)."""
    if not halves:
        return np.zeros((0, 0), np.float16)
    longest = max(len(one) for one in halves)
    own = np.frombuffer(b"".join(one for one in halves if len(one) == longest), "<f2").reshape(-1, longest // 2)
    exact = own.astype(np.float32)
    exact /= np.maximum(np.linalg.norm(exact, axis=1, keepdims=True), 1e-9)
    keep = np.ones(len(own), bool)
    query = sa.select(t.vectors.c.customer_id, t.vectors.c.vector).execution_options(yield_per=2000)
    for part in connection.execute(query).partitions(2000):
        blobs = [row[1] for row in part if row[0] not in mine and len(row[1]) == longest]
        if blobs:
            other = np.frombuffer(b"".join(blobs), "<f2").reshape(len(blobs), -1).astype(np.float32)
            keep &= ~(exact @ other.T > _TWIN).any(axis=1)
    return np.asarray(own[keep])


def _forms(text: str) -> list[bytes]:
    """A text as files hold it: plain UTF-8 first, then as JSON with and without escapes."""
    plain = text.encode("utf-8", "surrogatepass")
    found = [plain]
    for ascii_only in (False, True):
        form = json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode("utf-8", "surrogatepass")
        if form not in found:
            found.append(form)
    return found


def _strings(value: str) -> Iterator[str]:
    """The strings inside a stored value: the leaves where it is JSON, else the value."""
    if value[:1] in ("{", "["):
        try:
            parsed = json.loads(value)
        except ValueError:  # a text that only begins like JSON
            parsed = value
        yield from _leaves(parsed)
    else:
        yield value


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)

"""A hostile "model": thousands of claims about texts, true, half true, negated, misattributed or invented, against the check.

Each claim's label follows from how it was made (`fuzz_claims.yaml`), not from the code under test. A false claim that is
accepted counts against the check; one that waits for staff, or is stored about the person it is really about, does not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from huaxiang.ledger.candidate import Candidate, Verdict
from huaxiang.ledger.verify import verify
from huaxiang.ledger.whose import find
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack, load_pack

WORDS = Path(__file__).with_suffix(".yaml")
KINDS = (
    "true", "quote", "offset", "value", "speaker", "staff", "whom", "negation", "hypothetical", "question", "instruction",
)  # fmt: skip
SHARES = (30, 9, 5, 7, 11, 4, 14, 13, 3, 2, 2)
_SIZES = ("S", "M", "L", "XL", "XXL")


@dataclass(frozen=True)
class Claim:
    """One claim: a candidate about a text, and whether it is true; `kind` is how it was made."""

    kind: str
    language: str
    candidate: Candidate
    evidence: Evidence

    @property
    def true(self) -> bool:
        """Whether the text says this of the customer."""
        return self.kind == "true"


@dataclass(frozen=True)
class Result:
    """What the check made of a claim."""

    claim: Claim
    verdict: Verdict

    @property
    def believed(self) -> bool:
        """Accepted as a fact about the customer."""
        return self.verdict.status == "accepted" and self.verdict.for_whom is None


def run(number: int = 5000, seed: int = 7, pack: FieldPack | None = None) -> list[Result]:
    """Make `number` claims and check each."""
    fields = pack or load_pack("retail")
    return [Result(claim, verify(claim.candidate, claim.evidence, fields)) for claim in make(number, seed, fields)]


def make(number: int, seed: int, pack: FieldPack) -> Iterator[Claim]:
    """Claims of all kinds in both languages, the same ones for the same seed."""
    dice = random.Random(seed)
    for place in range(number):
        language = ("zh", "en")[place % 2]
        kind = dice.choices(KINDS, SHARES)[0]
        yield _Maker(dice, language, pack).make(kind)


def figures(results: Sequence[Result]) -> dict[str, dict[str, Any]]:
    """By kind: how many claims, how many believed, how many wait for staff, and the share believed."""
    found: dict[str, dict[str, Any]] = {}
    for kind in KINDS:
        some = [one for one in results if one.claim.kind == kind]
        believed = sum(one.believed for one in some)
        found[kind] = {
            "claims": len(some), "believed": believed, "proposed": sum(one.verdict.status == "proposed" for one in some),
            "share": round(believed / len(some), 4) if some else None,
        }  # fmt: skip
    return found


@cache
def _words() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return data


class _Maker:
    """One claim at a time, from the dice."""

    def __init__(self, dice: random.Random, language: str, pack: FieldPack) -> None:
        self.dice, self.language, self.pack = dice, language, pack

    def make(self, kind: str) -> Claim:
        """A claim of this kind."""
        lists = {"negation": "negated", "whom": "others"}
        field, value, sentence = self._sentence(lists.get(kind, "plain"))
        wrap = {"speaker": "spoken", "hypothetical": "supposed", "question": "asked", "instruction": "ordered"}.get(
            kind
        )
        quote = sentence
        if wrap:
            sentence = self._filled(self._one(_words()[wrap][self.language]).replace("{s}", sentence), value)
        text, at = self._around(sentence, alone=sentence.startswith((">", "客服", "助手", "Agent", "Assistant")))
        start = text.index(quote, at)
        if wrap and self.dice.random() < 0.3 and kind in ("hypothetical", "question"):
            quote, start = sentence, at
        return self._claim(kind, field, value, text=text, quote=quote, start=start)

    def _claim(self, kind: str, field: str, value: str, *, text: str, quote: str, start: int) -> Claim:
        if kind == "quote":
            quote, start = self._spoilt(text, quote), -1
        elif kind == "offset":
            start += self.dice.choice((-1, 1, 2, len(quote)) if start else (1, 2, len(quote)))
        elif kind == "value":
            value = self._another(field, value, quote)
        elif kind in ("true", "whom", "negation", "speaker") and self.dice.random() < 0.5:
            start = start if text.count(quote) > 1 else -1
        candidate = Candidate(name=field, value=value, evidence_id="t", quote=quote, start=max(start, -1))
        speaker = "staff" if kind == "staff" else "customer"
        evidence = Evidence(
            evidence_id="t",
            customer_id="C1",
            kind="text",
            clean=text,
            event_kind="review",
            speaker=speaker,
            occurred_at=0,
        )
        return Claim(kind, self.language, candidate, evidence)

    def _sentence(self, which: str) -> tuple[str, str, str]:
        by_field = _words()[which]
        field = self._one(sorted(by_field))
        value = self._value(field)
        template = self._one(by_field[field][self.language])
        return field, value, self._filled(template.replace("{v}", self._spelling(field, value)), value, field)

    def _filled(self, template: str, value: str, field: str = "likes") -> str:
        other = self._another(field, value, template) if "{w}" in template else ""
        return (
            template.replace("{w}", self._spelling(field, other) if other else "")
            .replace("{p}", self._one(_words()["people"][self.language]))
            .replace("{n}", self._one(_words()["names"][self.language]))
        )

    def _value(self, field: str) -> str:
        if field == "clothing_size":
            return self._one(_SIZES)
        return self._one(sorted(self.pack.terms(field)))

    def _another(self, field: str, value: str, words: str) -> str:
        """A value of the field whose spellings do not occur in the words."""
        others = _SIZES if field == "clothing_size" else sorted(self.pack.terms(field))
        free = [
            one
            for one in others
            if one != value and all(find(words, spelling) < 0 for spelling in self.pack.spellings_of(field, one))
        ]
        return self._one(free)

    def _spelling(self, field: str, value: str) -> str:
        if field == "clothing_size":
            return value
        term = self.pack.terms(field)[value]
        return term.zh if self.language == "zh" else term.en

    def _around(self, sentence: str, *, alone: bool) -> tuple[str, int]:
        """The sentence among others of no importance, and where it begins."""
        end = "。" if self.language == "zh" else ". "
        before = [self._one(_words()["noise"][self.language]) for _ in range(self.dice.randint(0, 2))]
        after = [self._one(_words()["noise"][self.language]) for _ in range(self.dice.randint(0, 2))]
        head = "".join(one + end for one in before)
        if alone and head:
            head = head.rstrip() + "\n"
        closed = sentence if sentence[-1] in "?？!" else sentence + end
        return head + closed + ("\n" if alone else "") + "".join(one + end for one in after), len(head)

    def _spoilt(self, text: str, quote: str) -> str:
        """Words that are not in the text: a letter changed, words swapped, another sentence."""
        way = self.dice.randrange(4)
        if way == 0:
            at = self.dice.randrange(len(quote))
            spoilt = quote[:at] + ("是" if self.language == "zh" else "x") + quote[at + 1 :]
        elif way == 1:
            spoilt = quote + ("!" if self.language == "zh" else " a lot, truly")
        elif way == 2:
            spoilt = self._sentence("plain")[2]
        else:
            spoilt = quote[::-1]
        return spoilt if spoilt not in text else quote + "…"

    def _one(self, some: Sequence[str]) -> str:
        return self.dice.choice(list(some))

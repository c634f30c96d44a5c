"""What code proposes about a text for a small model to confirm: known values mentioned in it that would pass the check.

A model of 1.5 billion parameters extracts badly (left free it declines everything, or with examples invents nine facts of
ten), but it can say yes or no. So code looks the field pack's words up, drops what the rules found already and what the
ledger's check would not accept, and words the rest as claims.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agent.profiles import stated
from huaxiang.extract.rules import extract
from huaxiang.ledger import reading
from huaxiang.ledger.candidate import Candidate
from huaxiang.ledger.verify import verify
from huaxiang.ledger.whose import find
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack

MAX_CLAIMS = 8
"""Of one text; the rest is left to the rules."""

_WORDS = {
    "zh": {
        "likes": "顾客本人喜欢{value}", "dislikes": "顾客本人不喜欢{value}", "avoids": "顾客本人要避开{value}",
        "avoids_material": "顾客本人不用{value}材质的东西", "favourite_color": "{value}是顾客本人喜欢的颜色",
        "has_pet": "顾客家里养{value}", "owns_device": "顾客自己有{value}",
        "skin_type": "顾客本人的肤质是{value}", "hobby": "顾客本人的爱好是{value}",
    },
    "en": {
        "likes": "the customer likes {value}", "dislikes": "the customer dislikes {value}",
        "avoids": "the customer avoids {value}", "avoids_material": "the customer does not wear or use {value}",
        "favourite_color": "{value} is the customer's favourite colour", "has_pet": "the customer has a {value}",
        "owns_device": "the customer owns a {value}",
        "skin_type": "the customer's own skin is {value}", "hobby": "the customer's own hobby is {value}",
    },
}  # fmt: skip
_ANY = {"zh": "顾客本人的{field}:{value}", "en": "the customer's {field}: {value}"}


@dataclass(frozen=True)
class Claim:
    """One field and value, and how it is put to the model."""

    field: str
    value: Any
    words: str
    place: tuple[int, int] | None = None
    """Where the map saw the value."""


def claims(evidence: Evidence, pack: FieldPack, language: str) -> list[Claim]:
    """What could be said of the customer from this text and passes the ledger's check, without what the rules find.

    Args:
        evidence: one text by the customer.
        pack: the shop's fields and words.
        language: `zh` or `en`, of the claims.

    Returns:
        At most `MAX_CLAIMS`, in the pack's order.
    """
    ruled = {
        (one.name, _known(pack, one.name, one.value)) for one in extract(evidence, pack) if isinstance(one.value, str)
    }
    made: list[Claim] = []
    for candidate in mentions(evidence, pack):
        if (candidate.name, candidate.value) in ruled:
            continue
        if verify(candidate, evidence, pack).status == "accepted":
            made.append(Claim(candidate.name, candidate.value, _word(candidate, pack, language)))
        if len(made) == MAX_CLAIMS:
            break
    return made


def from_map(evidence: Evidence, facts: Sequence[dict[str, Any]], pack: FieldPack, language: str) -> list[Claim]:
    """What the trained map half believes of this text and would pass the ledger's check, as `claims`."""
    made = [
        Claim(one.name, one.value, _word(one, pack, language), (one.start, one.end))
        for one in stated.doubtful(evidence, facts, pack)
        if isinstance(one.value, str | int | float) and verify(one, evidence, pack).status == "accepted"
    ]
    return made[:MAX_CLAIMS]


def mentions(evidence: Evidence, pack: FieldPack) -> Iterator[Candidate]:
    """Every known value of a field that a customer may state, where the text has a spelling of it, with its sentence.

    Not of fields about others or of requests: there the model says yes to any mention (8 of 14 right for `buys_for`, 1 of
    4 for the requests; docs/models-llm.md), so those are the rules' alone.
    """
    low = evidence.clean.casefold()
    sentences = reading.sentences(evidence.clean)
    for name, spec in pack.fields.items():
        if "stated" not in spec.bases or not spec.vocabulary or spec.about_others or spec.request:
            continue
        for value, term in pack.terms(name).items():
            for spelling in sorted(term.spellings, key=len, reverse=True):
                if spelling.casefold() not in low:
                    continue
                at = find(evidence.clean, spelling)
                if at < 0:
                    continue
                around = reading.around(evidence.clean, at, at + len(spelling), sentences)
                start, end = min(around.start, at), max(around.end, at + len(spelling))
                yield Candidate(
                    name=name, value=value, evidence_id=evidence.evidence_id, quote=evidence.clean[start:end], start=start, end=end,
                    confirmed=True,
                )  # fmt: skip
                break


def _word(candidate: Candidate, pack: FieldPack, language: str) -> str:
    label = pack.value_label(candidate.name, str(candidate.value), language)
    pattern = _WORDS[language].get(candidate.name, _ANY[language])
    return pattern.format(field=pack.fields[candidate.name].label(language), value=label)


def _known(pack: FieldPack, name: str, value: str) -> str:
    return pack.canonical(name, value) or value

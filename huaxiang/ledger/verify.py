"""The quote check: code, no model. Decides whether a candidate may enter the profile, waits for review, or is refused.

Reason codes. Rejected: `undeclared_field basis_not_allowed sensitive not_a_text speaker_not_customer quote_not_found
unknown_value value_not_in_quote instruction quoted_speech question hypothetical past negated polarity_mismatch`.
Proposed: `no_cue polarity_unclear double_negation for_whom_unclear rating_contradicts bot_like`. Accepted: `ok`.
"""

from __future__ import annotations

import re
from typing import Any

from huaxiang.errors import DataError
from huaxiang.ledger import policy, reading
from huaxiang.ledger.candidate import Candidate, Verdict
from huaxiang.ledger.whose import find, whose
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack, FieldSpec

SIZE_WORDS = {
    "S": ("small",),
    "M": ("medium",),
    "L": ("large",),
    "XL": ("extra large", "x-large"),
    "XS": ("extra small",),
}
_UNITS = {"千": 1000, "k": 1000, "万": 10_000, "百": 100}
_LOW, _SIGN = 2.0, {"positive": 1, "negative": -1}


def verify(candidate: Candidate, evidence: Evidence, pack: FieldPack) -> Verdict:
    """Check one candidate against its source.

    Args:
        candidate: what was extracted, with the exact words.
        evidence: the very text it names.
        pack: the shop's fields.

    Returns:
        `accepted`, `proposed` (the review queue) or `rejected` with a reason code; for whom the value holds; the value in
        the pack's own form; and the quote's offsets.
    """
    spec = pack.fields.get(candidate.name)
    if spec is None:
        return _no("undeclared_field")
    if candidate.basis not in spec.bases:
        return _no("basis_not_allowed")
    if evidence.kind != "text":
        return _no("not_a_text")
    if evidence.speaker != "customer":
        return _no("speaker_not_customer")
    place = _locate(candidate, evidence.clean)
    if place is None:
        return _no("quote_not_found")
    quote = evidence.clean[place[0] : place[1]]
    if policy.is_sensitive(str(candidate.value)) or policy.SENSITIVE_FIELDS.search(spec.name):
        return _no("sensitive")
    value = _canonical(pack, spec, candidate.value)
    if value is None:
        return _no("unknown_value")
    at = _value_at(pack, spec, value, candidate, quote)
    if at < 0:
        return _no("value_not_in_quote")
    return _judge(candidate, evidence, pack, spec=spec, value=value, place=place, at=place[0] + at)


def _judge(
    candidate: Candidate, evidence: Evidence, pack: FieldPack, *, spec: FieldSpec, value: Any, place: tuple[int, int], at: int
) -> Verdict:  # fmt: skip
    """What the words around the quote make of it."""
    text, (start, end) = evidence.clean, place
    sentence = reading.around(text, start, end, reading.sentences(text))
    clause = reading.around(text, start, end, reading.clauses(text, sentence))
    # what another clause of the same quote asks or supposes does not touch the clause that names the value
    named = reading.around(text, at, at + 1, reading.clauses(text, sentence))
    problem = _not_a_fact(text, spec, sentence=sentence, clause=clause, named=named, place=place)
    if problem:
        return _no(problem)
    sign, doubled = reading.polarity(text[clause.start : clause.end], at - clause.start)
    if spec.polarity == "none":
        turned = 0 if spec.derived else reading.negators(text[named.start : at], at - named.start)
        if turned % 2 == 1 or candidate.polarity < 0:
            return _no("negated")
    elif sign == -_SIGN[spec.polarity] or candidate.polarity == -_SIGN[spec.polarity]:
        return _no("polarity_mismatch")
    whom, certain = (None, True) if spec.about_others else whose(text, start, end, field=spec.name, pack=pack)
    doubt = None
    if spec.polarity != "none" and sign == 0:
        doubt = "polarity_unclear"
    elif spec.polarity != "none" and doubled:
        doubt = "double_negation"
    elif candidate.basis == "inferred" and not any(find(text[start:end], cue) >= 0 for cue in spec.cues):
        doubt = "no_cue"
    elif not certain or (candidate.for_whom is not None and candidate.for_whom != whom):
        doubt = "for_whom_unclear"
    elif (
        spec.polarity == "positive"
        and evidence.rating is not None
        and evidence.rating <= _LOW
        and evidence.event_kind == "review"
    ):
        doubt = "rating_contradicts"
    elif "bot-like" in evidence.flags:
        doubt = "bot_like"
    return Verdict(
        status="proposed" if doubt else "accepted",
        reason_code=doubt or "ok",
        for_whom=whom,
        value=value,
        start=start,
        end=end,
    )


def _not_a_fact(
    text: str, spec: FieldSpec, *, sentence: reading.Span, clause: reading.Span, named: reading.Span, place: tuple[int, int]
) -> str | None:  # fmt: skip
    if reading.is_instruction(text, sentence):
        return "instruction"
    if reading.is_reported(text, clause, *place):
        return "quoted_speech"
    if reading.is_question(text, named) and not (spec.about_others or spec.request):
        return "question"
    if not (spec.derived or spec.request) and reading.is_hypothetical(text, sentence, named):
        return "hypothetical"
    # an old allergy is still one; an old love is not
    if spec.polarity != "negative" and not spec.about_others and reading.is_past(text, clause):
        return "past"
    return None


def _locate(candidate: Candidate, text: str) -> tuple[int, int] | None:
    if not candidate.quote.strip():
        return None
    if candidate.start >= 0:
        end = candidate.end if candidate.end >= 0 else candidate.start + len(candidate.quote)
        return (candidate.start, end) if text[candidate.start : end] == candidate.quote else None
    if text.count(candidate.quote) != 1:
        return None
    start = text.index(candidate.quote)
    return start, start + len(candidate.quote)


def _canonical(pack: FieldPack, spec: FieldSpec, value: Any) -> Any:
    """The value in the pack's form, or None when the field cannot hold it."""
    if isinstance(value, str) and spec.type in ("set", "enum", "text"):
        words = value.strip()
        known = words if words in pack.terms(spec.name) else pack.canonical(spec.name, words)
        value = known or (words.upper() if spec.name == "clothing_size" else words)
    elif spec.type == "number" and isinstance(value, str):
        value = float(value) if re.fullmatch(r"\d+(\.\d+)?", value) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        return pack.check_value(spec.name, value)
    except DataError:
        return None


def _value_at(pack: FieldPack, spec: FieldSpec, value: Any, candidate: Candidate, quote: str) -> int:
    """Offset in the quote of the words that give the value, or -1; named rules derive what is not there word by word."""
    if spec.type == "boolean":
        return next((at for cue in spec.cues if (at := find(quote, cue)) >= 0), -1)
    if spec.type == "money":
        return _money_at(value, quote)
    if spec.type == "number":
        return _number_at(float(value), quote)
    spellings = [*pack.spellings_of(spec.name, value)]
    if spec.name == "clothing_size":
        spellings += SIZE_WORDS.get(str(value), ())
    if isinstance(candidate.value, str):
        spellings.append(candidate.value)
    return next((at for one in sorted(spellings, key=len, reverse=True) if (at := find(quote, one)) >= 0), -1)


def _number_at(value: float, quote: str) -> int:
    for match in re.finditer(r"(?<![\d.])(\d+(?:\.\d+)?)(\s*码半)?(?!\d)", quote):
        if float(match.group(1)) + (0.5 if match.group(2) else 0.0) == value:
            return match.start()
    return -1


def _money_at(value: dict[str, int], quote: str) -> int:
    wanted = {minor / 100 for minor in value.values()}
    for match in re.finditer(r"(\d[\d,]*(?:\.\d+)?)\s*([千万百kK])?", quote):
        amount = float(match.group(1).replace(",", "")) * _UNITS.get((match.group(2) or "").lower(), 1)
        if amount in wanted:
            return match.start()
    return -1


def _no(reason: str) -> Verdict:
    return Verdict(status="rejected", reason_code=reason)

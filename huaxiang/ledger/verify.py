"""The quote check: code, no model. Decides whether a candidate may enter the profile, waits for review, or is refused.

Reason codes. Rejected: `undeclared_field basis_not_allowed sensitive not_a_text speaker_not_customer quote_not_found
unknown_value value_not_in_quote instruction quoted_speech question hypothetical one_off past negated polarity_mismatch
ended not_ended`. Proposed: `no_cue no_rule polarity_unclear double_negation for_whom_unclear rating_contradicts bot_like`.
Accepted: `ok`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from huaxiang.errors import DataError
from huaxiang.extract.about import about
from huaxiang.extract.find import HOBBY_VERBS, Statement, plain, statements
from huaxiang.ingest.cleaning import to_raw_span
from huaxiang.ledger import reading
from huaxiang.ledger.candidate import Candidate, Verdict
from huaxiang.ledger.whose import find, named_in, whose
from huaxiang.schema.evidence import Evidence
from huaxiang.schema.pack import FieldPack, FieldSpec
from huaxiang.schema.sensitive import SENSITIVE_FIELDS, is_sensitive

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
        the pack's own form; and the quote's offsets in `evidence.clean` (`raw_span` maps them to the raw text).
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
    if is_sensitive(str(candidate.value)) or SENSITIVE_FIELDS.search(spec.name):
        return _no("sensitive")
    value = _canonical(pack, spec, candidate.value)
    if value is None:
        return _no("unknown_value")
    at = _value_at(pack, spec, value, candidate, quote)
    case = _Case(candidate, evidence, pack, spec, value, place, place[0] + max(at, 0))
    if at < 0:
        return _follow(case) if case.follows else _no("value_not_in_quote")
    return _judge(case)


def raw_span(evidence: Evidence, start: int, end: int) -> tuple[str, int, int]:
    """The raw text behind `clean[start:end]`, as it came in, with its offsets there."""
    raw = evidence.clean if evidence.raw is None else evidence.raw
    first, last = to_raw_span(evidence.offsets, start, end)
    return raw[first:last], first, last


@dataclass(frozen=True)
class _Case:
    """A candidate whose words were found: `place` in the text, `at` the words that give the value."""

    candidate: Candidate
    evidence: Evidence
    pack: FieldPack
    spec: FieldSpec
    value: Any
    place: tuple[int, int]
    at: int

    @cached_property
    def text(self) -> str:
        return plain(self.evidence.clean)

    @cached_property
    def sentence(self) -> reading.Span:
        return reading.around(self.text, *self.place, reading.sentences(self.text))

    @cached_property
    def clause(self) -> reading.Span:
        return reading.around(self.text, *self.place, reading.clauses(self.text, self.sentence))

    @cached_property
    def named(self) -> reading.Span:
        """The clause that names the value: what another clause of the quote asks or supposes does not touch it."""
        return reading.around(self.text, self.at, self.at + 1, reading.clauses(self.text, self.sentence))

    @cached_property
    def length(self) -> int:
        """How many characters give the value."""
        spelled = [
            find(self.text[self.at :], one) == 0 and len(one)
            for one in self.pack.spellings_of(self.spec.name, self.value)
        ]
        return max([int(one) for one in spelled] + [1])

    @cached_property
    def polarity(self) -> tuple[int, bool]:
        """Sign of the words around the value, and whether by a double negation."""
        return reading.polarity(self.text[self.clause.start : self.clause.end], self.at - self.clause.start)

    @cached_property
    def ruled(self) -> list[Statement]:
        """What the rules find for this field in the sentence, as offsets of the whole text."""
        words = self.text[self.sentence.start : self.sentence.end]
        found = statements(words, self.pack, currency="?", fields=(self.spec.name,), about=about(self.evidence))
        here = self.sentence.start
        return [replace(one, start=one.start + here, end=one.end + here) for one in found]

    def says(self, value: Any, *, ends: bool) -> bool:
        """Whether a rule reads this value (or its end) in words that touch the quote."""
        return any(
            one.ends == ends and _same(one.value, value) and one.start < self.place[1] and one.end > self.place[0]
            for one in self.ruled
        )

    @property
    def follows(self) -> bool:
        """Whether a named rule derives the value from words that touch the quote and the product the text is about."""
        return any(
            one.derived and one.value == self.value and one.start < self.place[1] and one.end > self.place[0]
            for one in self.ruled
        )


def _follow(case: _Case) -> Verdict:
    """What becomes of a value that the quote does not name, but a named rule derives: the rule has read for and against."""
    problem = None if case.candidate.ends else _not_a_fact(case, told=case.spec.polarity == "positive")
    if problem or case.candidate.ends or case.candidate.polarity < 0 < _SIGN.get(case.spec.polarity, 0):
        return _no(problem or "value_not_in_quote")
    return _settled(case, None)


def _judge(case: _Case) -> Verdict:
    """What the words around the quote make of it."""
    problem = _not_a_fact(case) or _contradicted(case)
    if problem:
        return _no(problem)
    return _settled(case, None if case.candidate.ends else _doubt(case))


def _settled(case: _Case, doubt: str | None) -> Verdict:
    """The verdict on what the words say, with this doubt: whose it is, and whether anything else speaks against it."""
    candidate, spec, value = case.candidate, case.spec, case.value
    whom, certain = None, True
    if not spec.about_others:
        whom, certain = whose(case.evidence.clean, *case.place, field=spec.name, pack=case.pack, at=case.at)
        if candidate.ends and whom is not None and _went_to(case):
            whom, certain = None, True
        if case.follows and not certain:  # a rule by way of the product has looked for others in the whole text
            whom, certain = None, True
    if doubt is None and (not certain or (candidate.for_whom is not None and candidate.for_whom != whom)):
        doubt = "for_whom_unclear"
    if doubt is None and "bot-like" in case.evidence.flags:
        doubt = "bot_like"
    if doubt is None and candidate.unconfirmed:
        doubt = "unconfirmed"
    return Verdict(
        status="proposed" if doubt else "accepted", reason_code=doubt or "ok", for_whom=whom, value=value,
        start=case.place[0], end=case.place[1], ends=candidate.ends,
    )  # fmt: skip


def _went_to(case: _Case) -> bool:
    """Whether the only other person of the clause is who got the thing that is gone ("gave my Kindle to my mother")."""
    before, after = case.text[case.clause.start : case.at], case.text[case.at : case.clause.end]
    return not named_in(case.pack, before) and named_in(case.pack, after)


def _contradicted(case: _Case) -> str | None:
    """Whether the words say the opposite, or that it is over."""
    over = any(one.ends and _same(one.value, case.value) for one in case.ruled)
    if case.candidate.ends:
        return None if over else "not_ended"
    return _denied(case) or ("ended" if over else None)


def _denied(case: _Case) -> str | None:
    candidate, spec = case.candidate, case.spec
    if spec.type == "boolean":
        return "polarity_mismatch" if case.says(not case.value, ends=False) else None
    if spec.polarity == "none":
        turned = 0 if spec.derived else reading.negators(
            case.text[case.named.start : case.at], case.at - case.named.start, wide=True
        )  # fmt: skip
        after = reading.negated_after(case.text, case.at + case.length, case.named.end)
        return "negated" if turned % 2 == 1 or after or candidate.polarity < 0 else None
    against = -_SIGN[spec.polarity]
    return "polarity_mismatch" if against in (case.polarity[0], candidate.polarity) else None


def _doubt(case: _Case) -> str | None:
    """Why staff should look at it first, if at all."""
    candidate, spec, evidence = case.candidate, case.spec, case.evidence
    if spec.polarity != "none" and case.polarity[0] == 0 and not (candidate.read or _ruled(case)):
        return "polarity_unclear"
    told = spec.polarity == "negative" and _ruled(case)  # a rule that holds its own "not" has read the sentence
    if spec.polarity != "none" and case.polarity[1] and not told:
        return "double_negation"
    quote = case.text[case.place[0] : case.place[1]]
    if candidate.basis == "inferred" and not any(find(quote, cue) >= 0 for cue in spec.cues):
        return "no_cue"
    if spec.type == "boolean" and not (candidate.read or case.says(case.value, ends=False)):
        return "no_rule"
    if spec.needs_cue and not (
        candidate.confirmed or candidate.read or case.says(case.value, ends=False) or _has_cue(case)
    ):
        return "no_cue"
    low = evidence.rating is not None and evidence.rating <= _LOW and evidence.event_kind == "review"
    return "rating_contradicts" if spec.polarity == "positive" and low else None


def _ruled(case: _Case) -> bool:
    """Whether a named rule reads the value here, for idioms that hold no word for or against; a negator before it undoes one."""
    rule = next((one for one in case.ruled if not one.ends and _same(one.value, case.value)), None)
    if rule is None or rule.start >= case.place[1] or rule.end <= case.place[0]:
        return False
    before = case.text[min(case.named.start, rule.start) : rule.start]
    return case.spec.polarity == "negative" or reading.negators(before, len(before), wide=True) % 2 == 0


def _has_cue(case: _Case) -> bool:
    words = case.text[case.named.start : case.named.end]
    return any(find(words, cue) >= 0 for cue in case.spec.cues)


def _not_a_fact(case: _Case, *, told: bool = False) -> str | None:
    """Why the words state no fact of the customer; `told`: a rule for such words has read conditions and times."""
    text, spec = case.text, case.spec
    if reading.is_instruction(text, case.sentence):
        return "instruction"
    if reading.is_not_the_customers_line(text, case.place[0]):
        return "speaker_not_customer"
    if reading.is_reported(case.evidence.clean, case.clause, *case.place):
        return "quoted_speech"
    if reading.is_question(text, case.named) and not (spec.about_others or spec.request):
        return "question"
    if spec.request and reading.is_for_once(text, case.clause):
        return "one_off"
    if not (spec.derived or spec.request or told) and reading.is_hypothetical(text, case.sentence, case.named):
        return "hypothetical"
    if spec.type in ("enum", "set") and not spec.about_others and reading.is_planned(text, case.named):
        return "hypothetical"
    if case.candidate.ends and reading.is_nearly(text, case.sentence, case.clause):
        return "not_ended"
    if case.candidate.ends or spec.about_others:
        return None
    if spec.polarity == "negative" and spec.name != "dislikes":
        return None  # an old allergy is still one; an old love or dislike is not
    return "past" if reading.is_past(text, case.clause, case.at) else None


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
        at = next((at for cue in spec.cues if (at := find(quote, cue)) >= 0), -1)
        ruled = at < 0 and any(one.value == value for one in statements(quote, pack, fields=(spec.name,)))
        return 0 if ruled else at
    if spec.type == "money":
        return _money_at(value, quote)
    if spec.type == "number":
        return _number_at(float(value), quote)
    spellings = [*pack.spellings_of(spec.name, value)]
    if spec.name == "clothing_size":
        spellings += SIZE_WORDS.get(str(value), ())
    if spec.name == "hobby":  # "I run every morning" says running
        spellings += [verb for verb, hobby in HOBBY_VERBS.items() if hobby == value]
    if isinstance(candidate.value, str):
        spellings.append(candidate.value)
    return next((at for one in sorted(spellings, key=len, reverse=True) if (at := find(quote, one)) >= 0), -1)


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same; money in any currency, since a bare amount has none."""
    if isinstance(one, dict) and isinstance(other, dict):
        return set(one.values()) == set(other.values())
    return bool(one == other)


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

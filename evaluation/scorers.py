"""Exact checks of one answer. Pure functions; a change of meaning changes the version."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from evaluation import facts
from evaluation.suite import Case, Expect, ToolUse
from huaxiang.schema.answer import Answer, Step

VERSION = 2
"""1: abstention, `all`, `none`, `cites`, `customers`, bad citations. 2: each check by name; numbers, days, sets, tools,
precision and recall, language, budgets. What version 1 calls right, version 2 does too, but for an
answer in another language where `language` is given."""


@dataclass(frozen=True)
class Score:
    """How one case went. `right` is the verdict on the answer; `why` says all that was wrong, first fault first.

    The way to it (tools, arguments, budgets) is checked beside it and does not make a right answer wrong.

    `checks` holds only those that the case asks for, by name; `precision` and `recall` are None where the case lists no
    evidence or nothing was cited.
    """

    case_id: str
    right: bool
    why: tuple[str, ...]
    cited: int
    bad_citations: int
    seconds: float
    checks: dict[str, bool] = field(default_factory=dict)
    precision: float | None = None
    recall: float | None = None
    unsupported: int = 0


BESIDE = frozenset(("tools", "arguments", "budget"))
Fault = tuple[str, str]
"""The check's name and what was wrong; an empty text: it held."""


def score(
    case: Case, answer: Answer, *, cited_sources: Collection[str], bad_citations: int, language: str | None = None
) -> Score:
    """Judge an answer.

    Args:
        cited_sources: source ids of the events behind everything cited (a summary's events included).
        bad_citations: cited ids that do not exist or belong to a customer the answer is not about.
        language: that the answer should be in; None leaves it to `case.expect.language`.
    """
    expect = case.expect
    found = list(_abstention(expect, answer))
    answered = not expect.abstained and not answer.abstained
    unsupported = sum(not one.evidence for one in answer.sentences)
    if answered:
        found += [*_facts(expect, answer.answer), *_records(expect, answer, cited_sources)]
        found.append(("supported", "a sentence without evidence" if unsupported else ""))
    if answered or expect.none_ever:
        said = answer.answer
        found += [("forbidden", f"contains {one!r}" if facts.appears(one, said) else "") for one in expect.none]
    found += [*_tools(expect, answer.steps), *_form(expect, answer, language), *_budget(expect, answer)]
    if bad_citations:
        found.append(("citations", f"{bad_citations} bad citations"))
    checks: dict[str, bool] = {}
    for name, fault in found:
        checks[name] = checks.get(name, True) and not fault
    why = tuple(fault for _, fault in found if fault)
    right = all(held for name, held in checks.items() if name not in BESIDE)
    precision, recall = overlap(expect.evidence or expect.cites, cited_sources) if answered else (None, None)
    return Score(
        case.id,
        right,
        why,
        len(answer.evidence),
        bad_citations,
        answer.seconds,
        checks,
        precision,
        recall,
        unsupported,
    )


def overlap(gold: Collection[str], cited: Collection[str]) -> tuple[float | None, float | None]:
    """Precision and recall of what was cited. None without gold; precision is None when nothing was cited."""
    if not gold:
        return None, None
    both = len(set(gold) & set(cited))
    return (both / len(set(cited)) if cited else None), both / len(set(gold))


def uses(step: Step, wanted: ToolUse, *, arguments: bool = True) -> bool:
    """Whether this call is the one wanted: its tool, and each wanted argument with exactly its value."""
    named = (wanted.tool,) if isinstance(wanted.tool, str) else wanted.tool
    if not step.ok or step.tool not in named:
        return False
    return not arguments or all(_plain(step.args.get(key)) == _plain(value) for key, value in wanted.args.items())


def _abstention(expect: Expect, answer: Answer) -> Iterator[Fault]:
    if expect.abstained is None:
        yield "abstention", ""
    elif expect.abstained and not answer.abstained:
        yield "abstention", "answered although it should not"
    elif answer.abstained and not expect.abstained:
        yield "abstention", f"refused ({answer.reason})"
    else:
        yield "abstention", ""
    if expect.abstained is not False and answer.abstained and expect.reasons:
        wrong = answer.reason not in expect.reasons
        yield "reason", f"refused for {answer.reason}, not {'/'.join(expect.reasons)}" if wrong else ""


def _facts(expect: Expect, text: str) -> Iterator[Fault]:
    for wanted in expect.all:
        yield "facts", "" if facts.appears(wanted, text) else f"missing {wanted!r}"
    if expect.numbers:
        there = facts.numbers(text)
        for number in expect.numbers:
            yield "numbers", "" if any(abs(number - one) < 1e-9 for one in there) else f"missing number {number:g}"
    if expect.dates:
        known = facts.days(text)
        for day in expect.dates:
            yield "dates", "" if date.fromisoformat(day) in known else f"missing day {day}"
    if expect.members is not None:
        for one in expect.members.are:
            yield "members", "" if facts.named(one, text) else f"does not name {one!r}"
        for one in expect.members.among:
            if one not in expect.members.are:
                yield "members", f"names {one!r} too" if facts.named(one, text) else ""


def _records(expect: Expect, answer: Answer, cited: Collection[str]) -> Iterator[Fault]:
    if expect.cites:
        yield "cites", "" if set(expect.cites) & set(cited) else "cites none of the expected records"
    if expect.customers:
        yield "customers", "" if set(expect.customers) & set(answer.customers) else f"about {answer.customers}"
    if expect.scope is not None:
        yield "customers", "" if set(expect.scope) == set(answer.customers) else f"about {answer.customers}"


def _tools(expect: Expect, steps: Sequence[Step]) -> Iterator[Fault]:
    for wanted in expect.tools:
        named = wanted.tool if isinstance(wanted.tool, str) else "/".join(wanted.tool)
        there = any(uses(step, wanted, arguments=False) for step in steps)
        yield "tools", "" if there else f"did not call {named}"
        exact = any(uses(step, wanted) for step in steps)
        yield "arguments", "" if exact else f"did not call {named} with {wanted.args}"


def _form(expect: Expect, answer: Answer, language: str | None) -> Iterator[Fault]:
    try:
        Answer.model_validate(answer.model_dump())
        yield "schema", ""
    except ValidationError as error:
        yield "schema", f"the answer breaks its schema ({error.error_count()} faults)"
    wanted = expect.language if expect.language is not None else language
    if wanted:
        spoken = facts.language_of(answer.answer)
        yield "language", "" if spoken in (None, wanted) else f"answered in {spoken}, not {wanted}"


def _budget(expect: Expect, answer: Answer) -> Iterator[Fault]:
    used = answer.llm.prompt_tokens + answer.llm.completion_tokens
    limits = ((expect.max_calls, answer.llm.calls, "model calls"), (expect.max_tokens, used, "tokens"))
    for limit, value, what in limits:
        if limit is not None:
            yield "budget", f"{value} {what}, at most {limit}" if value > limit else ""
    if expect.max_seconds is not None:
        slow = answer.seconds > expect.max_seconds
        yield "budget", f"{answer.seconds:.1f} s, at most {expect.max_seconds:g}" if slow else ""


def _plain(value: Any) -> Any:
    """A value as it is compared: lists in any order, numbers and days as they are written."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return sorted(str(_plain(one)) for one in value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, str):
        return re.sub(r"\s+", " ", value).strip().casefold()
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool) else str(value)

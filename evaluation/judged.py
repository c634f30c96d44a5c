"""Verdicts on profile values, the figures over them, and how a value a profile holds is compared with one that people wrote.

A held value is `right` (it is among the true facts), `wrong` (a named trap, a field that is unknown, or a single-valued field
with another true value) or `unjudged` (gold does not say); `missing` is a true fact that no held value gives.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from huaxiang.ledger.whose import find
from huaxiang.schema.pack import FieldPack, Term

Verdict = Literal["right", "wrong", "unjudged", "missing"]
ROUNDS = 2000
_SMALL = frozenset("a an the of and or for with in to my".split())


@dataclass(frozen=True)
class Judged:
    """One value of one customer's field."""

    customer_id: str
    language: str
    field: str
    value: str
    verdict: Verdict


@dataclass(frozen=True)
class Facts:
    """What is true of one customer, what is unknown, and the tempting wrong values: (field, value) pairs as people wrote them."""

    true: Sequence[tuple[str, Any]]
    traps: Sequence[tuple[str, Any]] = ()
    unknown: Collection[str] = ()


def judge(
    pack: FieldPack, customer: str, language: str, facts: Facts, held: Collection[tuple[str, Any]]
) -> list[Judged]:
    """Every held value with its verdict, and every true fact that is missing."""
    found = []
    values = sorted({(name, plain(value)) for name, value in held})
    for name, value in values:
        found.append(Judged(customer, language, name, value, _verdict(pack, name, value, facts)))
    for name, value in facts.true:
        if not any(field == name and same(pack, name, value, one) for field, one in values):
            found.append(Judged(customer, language, name, plain(value), "missing"))
    return found


def _verdict(pack: FieldPack, name: str, value: str, facts: Facts) -> Verdict:
    mine = [one for field, one in facts.true if field == name]
    if any(same(pack, name, one, value) for one in mine):
        return "right"
    if any(field == name and same(pack, name, one, value) for field, one in facts.traps):
        return "wrong"
    single = name in pack.fields and pack.fields[name].type != "set"
    return "wrong" if name in facts.unknown or (mine and single) else "unjudged"


def same(pack: FieldPack, name: str, told: Any, held: str) -> bool:
    """Whether a held value is the one that was told.

    A known value is the same when the told words are it, spell it or name it. A value in free words (a product's title) is
    the same when all words of one are among the other's.
    """
    if held in spellings(pack, name, told):
        return True
    spec = pack.fields.get(name)
    if spec is None or not spec.open or held in pack.terms(name):
        return False
    words, others = _words(plain(told)), _words(held)
    return bool(words and others) and (words <= others or others <= words or _inside(plain(told), held))


def spellings(pack: FieldPack, name: str, value: Any) -> set[str]:
    """The ways to write a told value: its own words, sizes without their system, and the known value its words name."""
    words = plain(value)
    short = words.removeprefix("US ").removeprefix("EU ").removesuffix(" wide")
    found = {words, short}
    if name in pack.fields:
        named = {known: max(map(len, told)) for known, term in pack.terms(name).items() if (told := _in(term, short))}
        found |= {known for known, length in named.items() if length == max(named.values())}
    return found


def plain(value: Any) -> str:
    """A value as a string: money as its amount, numbers without a needless point."""
    if isinstance(value, dict):
        return plain(next(iter(value.values())))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _in(term: Term, words: str) -> list[str]:
    return [spelling for spelling in term.spellings if find(words, spelling) >= 0]


def _words(text: str) -> set[str]:
    found = {one.removesuffix("s") for one in re.findall(r"[a-z0-9']+", text.casefold())} - _SMALL
    return found | set(re.findall(r"[\u3400-\u9fff]+", text))


def _inside(told: str, held: str) -> bool:
    """Chinese words stand without spaces: 面霜 is in 保湿面霜."""
    return re.fullmatch(r"[\u3400-\u9fff]{2,}", told) is not None and told in held


def count(judged: Sequence[Judged], verdict: str) -> int:
    """How many have this verdict."""
    return sum(one.verdict == verdict for one in judged)


def precision(judged: Sequence[Judged]) -> float:
    """Right among what gold judges."""
    right = count(judged, "right")
    return right / max(1, right + count(judged, "wrong"))


def strict(judged: Sequence[Judged]) -> float:
    """Right among all that is held."""
    right = count(judged, "right")
    return right / max(1, right + count(judged, "wrong") + count(judged, "unjudged"))


def recall(judged: Sequence[Judged]) -> float:
    """Right among the true facts."""
    right = count(judged, "right")
    return right / max(1, right + count(judged, "missing"))


def gap(judged: Sequence[Judged], figure: Callable[[Sequence[Judged]], float]) -> float:
    """The figure in Chinese minus that in English."""
    return figure([one for one in judged if one.language == "zh"]) - figure(
        [one for one in judged if one.language == "en"]
    )


def interval(judged: Sequence[Judged], figure: Callable[[Sequence[Judged]], float]) -> tuple[float, float, float]:
    """The figure with its 95 % interval, by drawing customers anew (each language's customers among themselves)."""
    groups: dict[str, dict[str, list[Judged]]] = {}
    for one in judged:
        groups.setdefault(one.language, {}).setdefault(one.customer_id, []).append(one)
    dice = random.Random(0)
    drawn = []
    for _ in range(ROUNDS):
        sample = [
            one
            for people in groups.values()
            for customer in dice.choices(sorted(people), k=len(people))
            for one in people[customer]
        ]
        drawn.append(figure(sample))
    drawn.sort()
    return round(figure(judged), 4), round(drawn[int(ROUNDS * 0.025)], 4), round(drawn[int(ROUNDS * 0.975)], 4)


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Precision, strict precision and recall with their intervals, and the counts; all, zh and en."""
    return {
        name: {
            "precision": interval(part, precision), "strict": interval(part, strict), "recall": interval(part, recall),
            "right": count(part, "right"), "wrong": count(part, "wrong"), "unjudged": count(part, "unjudged"), "missing": count(part, "missing"),
        }
        for name, part in (
            ("all", judged), ("zh", [one for one in judged if one.language == "zh"]), ("en", [one for one in judged if one.language == "en"]),
        )
    }  # fmt: skip


def lines(found: dict[str, Any]) -> list[str]:
    """`figures` as lines of text."""
    return [
        f"{name:4} precision {shown(one['precision'])}  strict {shown(one['strict'])}  recall {shown(one['recall'])}"
        f"  right {one['right']} wrong {one['wrong']} unjudged {one['unjudged']} missing {one['missing']}"
        for name, one in found.items()
    ]


def shown(figure: tuple[float, float, float]) -> str:
    """A figure and its interval."""
    return f"{figure[0]:.3f} [{figure[1]:.3f}, {figure[2]:.3f}]"


def difference(before: Sequence[Judged], after: Sequence[Judged]) -> str:
    """How the verdicts' numbers changed."""
    return ", ".join(f"{one} {count(after, one) - count(before, one):+d}" for one in ("right", "wrong", "unjudged"))

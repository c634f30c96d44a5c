"""What a question asks for as a measure, and that no other figure is told for it."""

from __future__ import annotations

from collections.abc import Generator
from types import SimpleNamespace
from typing import Any

import pytest

from agent.answer import agreement
from agent.answer.context import Measure, Statement
from agent.question import asked


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("please provide the combined value of all orders", "money"),
        ("历来消费加总的数字", "money"),
        ("how many orders are on record", "count"),
        ("前前后后订过几次", "count"),
        ("the exact day would be lovely", "day"),
        ("是从哪一天开始买的", "day"),
        ("how many orders, and how much did they come to", None),
        ("平均打几分", None),
        ("when she moaned, what did support do", None),
    ],
)
def test_one_quantity_is_read_and_several_are_none(text: str, quantity: str | None) -> None:
    assert asked.quantity_of(text) == quantity


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("从第一单到现在的消费总金额", "all"),
        ("第一单付了多少钱", "first"),
        ("the priciest order came to what", "largest"),
        ("出手最阔绰的那次", "largest"),
        ("how recently did they shop here", "last"),
        ("the first and the last order", "several"),
        ("how much was that", ""),
    ],
)
def test_the_words_single_out_a_record_or_mean_all(text: str, which: str) -> None:
    assert asked.which_of(text) == which


MONEY, DAY = Measure("money", "orders"), Measure("day", "first order")


def told(text: str, *tells: Measure) -> Statement:
    return Statement(text, ("e1",), direct=True, tells=tells)


@pytest.mark.parametrize(
    ("found", "other", "sure", "answer"),
    [
        ([told("paid 10", MONEY)], [], True, ["paid 10"]),
        ([told("first on 1 May", DAY)], [told("paid 10", MONEY)], False, ["paid 10"]),
        ([told("first on 1 May", DAY)], [], True, []),
        ([told("first on 1 May", DAY)], [], False, ["first on 1 May"]),
        ([told("of what is not known")], [told("paid 10", MONEY)], True, ["of what is not known"]),
        ([told("paid 10", MONEY), told("first on 1 May", DAY)], [], True, ["paid 10"]),
    ],
)
def test_a_figure_of_another_thing_gives_way_or_is_not_told(
    monkeypatch: pytest.MonkeyPatch, found: list[Statement], other: list[Statement], sure: bool, answer: list[str]
) -> None:
    monkeypatch.setattr(agreement.items, "meant", lambda context: ())
    monkeypatch.setattr(agreement.retell, "as_kind", lambda context, label: again)
    reading = asked.Asked(MONEY, "total_spend", sure)
    context: Any = SimpleNamespace(memo={"measure": reading}, asked="the sum of all orders")
    again: Any = SimpleNamespace(memo={}, asked=context.asked)

    def stated(of: Any) -> Generator[Any, None, list[Statement]]:
        yield from ()
        return other

    steps = agreement.settled(context, context, found, stated)
    with pytest.raises(StopIteration) as ended:
        next(steps)
    assert [one.text for one in ended.value.value[1]] == answer

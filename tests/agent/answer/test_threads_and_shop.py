"""Talks: settling namesakes, leaving a customer for the shop; totals over the shop against the raw files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.runtime import Runtime

SAMPLE = Path(__file__).resolve().parents[3] / "sample"


def rows(kind: str) -> Iterator[dict[str, Any]]:
    for name in ("events-zh.jsonl", "events-en.jsonl"):
        for line in (SAMPLE / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["kind"] == kind:
                yield row


def talk(runtime: Runtime, *questions: str) -> list[Any]:
    return [runtime.answer(one, thread_id="talk") for one in questions]


@pytest.mark.parametrize(
    ("asked", "reply", "customer"),
    [
        ("alex morgan's last order", "the one in Denver", "C102"),
        ("when did Alex Morgan first order", "San Diego", "C103"),
        ("王芳最近买了啥", "成都那个", "C002"),
        ("王芳一共下了几单", "沈阳的", "C003"),
    ],
)
def test_a_reply_to_which_one_answers_the_question_that_was_asked(
    runtime: Runtime, asked: str, reply: str, customer: str
) -> None:
    first, second = talk(runtime, asked, reply)
    assert first.reason == "ambiguous"
    assert not second.abstained
    assert second.customers == (customer,)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("how many orders has Priya Raman placed", "how many orders did we get in May 2026"),
        ("半年没下单的有谁", "2026年5月有多少订单"),
    ],
)
def test_a_total_over_the_shop_leaves_the_customers_of_the_talk(runtime: Runtime, first: str, second: str) -> None:
    may = {row["order_id"] for row in rows("order") if row["occurred_at"].startswith("2026-05")}
    answer = talk(runtime, first, second)[1]
    assert not answer.abstained
    assert f" {len(may)} " in answer.answer


def test_a_thing_the_customer_never_had_is_asked_of_everybody(runtime: Runtime) -> None:
    answer = talk(runtime, "Priya Raman's last order", "what do people say about the GaN charger")[1]
    assert "C106" in {one.customer_id for one in answer.evidence}


def test_her_is_the_person_talked_of_not_the_crowd_of_the_last_answer(runtime: Runtime) -> None:
    answers = talk(
        runtime, "how many orders has Priya Raman placed", "what do people say about the GaN charger", "and her last order?"
    )  # fmt: skip
    assert answers[2].customers == ("C105",)


def test_a_total_is_what_the_files_hold(runtime: Runtime) -> None:
    orders = [row for row in rows("order") if row["occurred_at"].startswith("2025")]
    yuan = sum(float(row["amount"]) for row in orders if row["currency"] == "CNY")
    answer = runtime.answer("total revenue in 2025")
    assert f"{len({row['order_id'] for row in orders})} orders" in answer.answer
    assert f"{yuan:.2f} CNY" in answer.answer
    returns = len(list(rows("return")))
    assert f"{returns} 次退货" in runtime.answer("一共有多少退货").answer


@pytest.mark.parametrize(
    "question",
    [
        "how many orders on Mondays", "周末有多少订单", "how many orders in 2025-02-31", "how many messages did staff send",
        "how many unpaid orders", "how many orders with gift wrap", "客服发了多少条消息",
    ],
)  # fmt: skip
def test_a_total_is_not_told_where_a_condition_would_be_left_out(runtime: Runtime, question: str) -> None:
    answer = runtime.answer(question)
    assert "The whole shop has" not in answer.answer
    assert "全店" not in answer.answer

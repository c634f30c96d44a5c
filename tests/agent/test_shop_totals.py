"""Figures of the whole shop: a sample of the benchmark's combinations, and that their citation is computed again from the shop."""

from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from agent.answer import check
from agent.answer.context import Statement
from agent.runtime import Runtime
from huaxiang.ingest.importer import import_paths
from huaxiang.models.encoder import HashEncoder
from huaxiang.store import evidence
from huaxiang.store.shop import Shop
from huaxiang.totals import Filter, Selector

PATH = Path(__file__).resolve().parents[2] / "benchmarks" / "shop_totals.py"
SPEC = importlib.util.spec_from_file_location("shop_totals", PATH)
assert SPEC is not None and SPEC.loader is not None
BENCHMARK = importlib.util.module_from_spec(SPEC)
sys.modules["shop_totals"] = BENCHMARK
SPEC.loader.exec_module(BENCHMARK)


@pytest.mark.parametrize("case", BENCHMARK.sampled(54), ids=lambda case: case.question)
def test_a_figure_is_the_plain_one_or_is_not_told(runtime_once: Runtime, case: object) -> None:
    answer = runtime_once.answer(case.question)  # type: ignore[attr-defined]
    assert BENCHMARK.verdict(case, answer.answer, answer.abstained) != "wrong", answer.answer


def test_a_total_is_cited_by_a_record_that_is_computed_again(runtime_once: Runtime) -> None:
    answer = runtime_once.answer("how many orders of shoes in 2025")
    first = answer.evidence[0]
    shop = BENCHMARK.Shop()
    lines = shop.rows(
        "order", BENCHMARK.Where(BENCHMARK.CITIES[0], BENCHMARK.THINGS[1], BENCHMARK.SPANS[1], BENCHMARK.CURRENCIES[0])
    )
    assert (first.kind, first.event_count) == ("total", len(lines))
    found = evidence.get(runtime_once.shop, [first.id])[first.id]
    assert found.selector == {
        "measure": "orders",
        "filter": {"categories": ["shoes"], "since": "2025-01-01", "until": "2025-12-31"},
    }
    assert found.clean_en == answer.answer


def test_a_number_that_the_shop_does_not_give_is_caught(runtime_once: Runtime) -> None:
    cited = Selector(measure="orders", filter=Filter(cities=("上海",))).to_id()
    known = evidence.get(runtime_once.shop, [cited])
    true = Statement(known[cited].clean_en or "", (cited,), kind="summary")
    assert check.problem(true, known, customers=(), names=()) is None
    false = replace(true, text=true.text.replace("has ", "has 9"))
    assert check.problem(false, known, customers=(), names=()) == "number-not-found"


def test_an_id_that_holds_no_selector_is_no_evidence(runtime_once: Runtime) -> None:
    assert (
        evidence.get(
            runtime_once.shop, ["qnothing", Selector(measure="registered", filter=Filter(currency="USD")).to_id()]
        )
        == {}
    )


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("哪个商品投诉最多", "退货、工单、一二星评价"), ("best months by revenue", "by month paid in CNY, highest first: 2024-11"), ("top 3 products by units sold in Hangzhou", "customers in 杭州"),
        ("how many five-star reviews of tea", "rated 5"), ("复购率", "92.9%"), ("2025年谁投诉最多", "2025-01-01 至 2025-12-31"), ("Who in Seattle complains the most?", "Seattle"),
        ("鞋子和图书的销售额", "鞋靴类商品、图书类商品"), ("which product is ordered most in Hangzhou", "Among customers in 杭州"),
    ],
)  # fmt: skip
def test_the_answer_says_what_it_was_computed_under(runtime_once: Runtime, question: str, told: str) -> None:
    assert told in runtime_once.answer(question).answer


@pytest.mark.parametrize("question", ["最近三个月谁投诉物流最多", "who complained about delivery in the last three months", "how many orders from male customers", "how many members ordered in 2025", "how many orders were cancelled", "how many orders by new customers in 2025"])  # fmt: skip
def test_what_no_record_or_filter_holds_is_not_told_for_more(runtime_once: Runtime, question: str) -> None:
    assert runtime_once.answer(question).abstained


def test_the_desk_shows_the_events_behind_a_total(runtime_once: Runtime) -> None:
    from ui.desk import record

    answer = runtime_once.answer("how many returns in 2025")
    shown = record.drawer(runtime_once.shop, answer.evidence[0].id, language="en")
    assert answer.answer in str(shown)


def test_a_shop_without_orders_tells_who_leaves_by_when_they_wrote_and_rated(tmp_path: Path) -> None:
    told = [("a", f"2026-0{month}-01 10:00:00", stars) for month, stars in ((1, 5), (2, 5), (3, 2), (4, 1))]
    told += [("b", f"2026-{month:02}-01 10:00:00", 5) for month in range(1, 13)]
    rows = [
        {"source_id": f"s{n}", "kind": "review", "customer_id": who, "occurred_at": at, "rating": stars, "text": "The strap is fine.", "item_id": "i"}
        for n, (who, at, stars) in enumerate(told)
    ]  # fmt: skip
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    shop = Shop.create(tmp_path / "shop", settings={"timezone": "UTC", "today": date(2026, 12, 1)})
    import_paths(shop, [file])
    shop.close()
    with Runtime.open(tmp_path / "shop", overrides={"llm.kind": "none"}) as runtime:
        runtime.index.use(HashEncoder())
        for question in ("who is about to leave", "谁快要流失了"):
            answer = runtime.answer(question)
            assert "2026-04-01" in answer.answer
            assert "5.00 → 1.50" in answer.answer
            assert answer.customers == ("a",)
            assert len(answer.evidence) == 4

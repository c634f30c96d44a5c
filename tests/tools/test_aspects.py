"""The tool `aspects`: by customer, by product, with quotes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huaxiang.errors import ToolInputError
from huaxiang.store.shop import Shop
from tools.aspects import Args, aspects
from tools.base import Deps
from ui import cli

ROWS = """customer_id,text,occurred_at,rating,item_id
ann,"The battery died. The sound is great.",2025-03-01,2,lamp
bob,"电池很耐用，就是太贵了",2025-04-01,4,lamp
bob,"The screen is bright.",2025-05-01,5,phone
"""


@pytest.fixture
def deps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deps:
    monkeypatch.setenv("HUAXIANG_ENCODER__NAME", "hash-384")
    monkeypatch.setenv("HUAXIANG_CACHE", str(tmp_path / "no-models"))
    (tmp_path / "reviews.csv").write_text(ROWS, encoding="utf-8")
    folder = str(tmp_path / "shop")
    assert cli.run(["init", folder]) == 0
    assert cli.run(["import", str(tmp_path / "reviews.csv"), "--shop", folder]) == 0
    unused: Callable[[], Any] = lambda: None  # noqa: E731
    return Deps(shop=Shop.open(Path(folder)), index=None, sentiment=unused)  # type: ignore[arg-type]


def test_a_customers_judgements_come_with_their_clauses(deps: Deps) -> None:
    result = aspects(Args(customer_id="ann"), deps)
    assert {(one.aspect, one.label, one.quote) for one in result.said} >= {
        ("battery", "negative", "The battery died."),
        ("sound", "positive", "The sound is great."),
    }
    assert len(result.evidence) == 1


def test_a_products_judgements_are_everybodys_the_worst_first(deps: Deps) -> None:
    result = aspects(Args(item_id="lamp"), deps)
    assert {one.evidence.customer_id for one in result.said} == {"ann", "bob"}
    assert result.counts[0].negative >= result.counts[-1].negative
    assert "The battery died." in result.to_text(language="en")
    assert "电池" in result.to_text(language="zh")


def test_an_aspect_narrows_it(deps: Deps) -> None:
    assert {one.aspect for one in aspects(Args(item_id="lamp", aspect="price"), deps).said} == {"price"}


def test_nobody_and_no_product_is_a_question_back(deps: Deps) -> None:
    with pytest.raises(ToolInputError, match="customer_id, item_id or both"):
        aspects(Args(), deps)


def test_an_unknown_aspect_lists_the_known_ones(deps: Deps) -> None:
    with pytest.raises(ToolInputError, match="battery"):
        aspects(Args(item_id="lamp", aspect="colour"), deps)

"""`huaxiang trends` over a small shop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HEAD = "customer_id,text,occurred_at,rating,item_id\n"


@pytest.fixture
def shop(run: Callable[..., Any], tmp_path: Path) -> Path:
    """A lamp whose battery fails of late, and an umbrella that was always fine."""
    rows = [f"c{day},The battery died.,2025-06-{day:02d},1,lamp" for day in range(2, 9)]
    rows += [f"d{day},The battery lasts long.,2024-0{1 + day // 25}-{1 + day % 25:02d},5,lamp" for day in range(40)]
    rows += [f"e{day},雨伞质量很好,2025-05-{day:02d},5,umbrella" for day in range(1, 9)]
    file, folder = tmp_path / "reviews.csv", tmp_path / "shop"
    file.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    assert run("init", folder).code == 0
    assert run("import", file, "--shop", folder).code == 0
    return folder


def test_the_rising_complaint_is_named_with_quotes_and_drawn(
    run: Callable[..., Any], shop: Path, tmp_path: Path
) -> None:
    page = tmp_path / "trends.html"
    table = run("trends", "--shop", shop, "--plot", page)
    assert table.code == 0
    assert "battery" in table.out
    assert "rising" in table.out
    assert "The battery died" in table.out
    assert "umbrella" not in table.out
    assert "plotly" in page.read_text(encoding="utf-8").lower()
    found = run("trends", "lamp", "--shop", shop, "--aspect", "电池", "--json").json
    assert [(one["product"], one["aspect"], one["rising"]) for one in found] == [("lamp", "battery", True)]
    assert found[0]["recent"] == [7, 7]
    assert found[0]["quotes"][0]["day"] == "2025-06-08"
    assert sum(period["complaints"] for period in found[0]["periods"]) == 7


def test_an_unknown_aspect_is_an_error_that_lists_them(run: Callable[..., Any], shop: Path) -> None:
    refused = run("trends", "--shop", shop, "--aspect", "colour blindness", "--json")
    assert refused.code == 2
    assert refused.error["code"] == "no-such-aspect"
    assert "battery (电池)" in refused.error["hint"]


def test_a_product_without_complaints_says_so(run: Callable[..., Any], shop: Path) -> None:
    assert "no complaint" in run("trends", "umbrella", "--shop", shop).out


def test_rows_can_be_about_the_whole_shop(run: Callable[..., Any], shop: Path) -> None:
    found = run("trends", "--shop", shop, "--over", "shop", "--aspect", "battery", "--json").json
    assert [(one["product"], one["recent"]) for one in found] == [("*", [7, 15])]

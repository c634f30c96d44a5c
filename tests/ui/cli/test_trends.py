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
    drawn = page.read_text(encoding="utf-8")
    assert "plotly" in drawn.lower()
    assert "<blockquote>The battery died. <small>2025-06-08" in drawn
    assert '<b class="rising">rising</b>' in drawn
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


def test_a_product_without_complaints_says_how_much_was_read(run: Callable[..., Any], shop: Path) -> None:
    said = run("trends", "umbrella", "--shop", shop).out
    assert "no complaint comes up often enough: 8 texts read, 8 judge an aspect" in said
    assert "--least 1" in said


def test_where_no_product_has_enough_complaints_rows_are_about_more(
    run: Callable[..., Any], tmp_path: Path, shop: Path
) -> None:
    rows = [f"f{number},The battery died.,2025-06-1{number},1,lamp{number}" for number in range(4)]
    file, folder = tmp_path / "few.csv", tmp_path / "few"
    file.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    assert run("init", folder).code == 0
    assert run("import", file, "--shop", folder).code == 0
    said = run("trends", "--shop", folder).out
    assert "No single product has 3 complaints" in said
    assert "whole shop" in said
    assert run("trends", "--shop", folder, "--over", "product", "--json").json == []


def test_a_shop_without_texts_on_products_says_what_is_missing(run: Callable[..., Any], tmp_path: Path) -> None:
    assert run("init", tmp_path / "empty").code == 0
    assert "item id" in run("trends", "--shop", tmp_path / "empty").out


def test_a_five_star_review_complains_only_where_it_plainly_does(run: Callable[..., Any], tmp_path: Path) -> None:
    said = "Half a kilo lasted me nine days, don't judge me."
    rows = [f'g{stars}{n},"{said}",2025-06-1{n},{stars},food{stars}' for stars in (3, 5) for n in range(3)]
    rows += [f"h{n},Terrible battery.,2025-06-1{n},5,lamp" for n in range(3)]
    file, folder = tmp_path / "stars.csv", tmp_path / "stars"
    file.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    assert run("init", folder).code == 0
    assert run("import", file, "--shop", folder).code == 0
    found = run("trends", "--shop", folder, "--json").json
    assert {one["product"] for one in found} == {"food3", "lamp"}


def test_rows_can_be_about_the_whole_shop(run: Callable[..., Any], shop: Path) -> None:
    found = run("trends", "--shop", shop, "--over", "shop", "--aspect", "battery", "--json").json
    assert [(one["product"], one["recent"]) for one in found] == [("*", [7, 15])]

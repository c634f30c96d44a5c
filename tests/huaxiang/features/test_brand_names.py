"""Brands by the name that the question's language has for them."""

from __future__ import annotations

import pytest

from huaxiang.features import wording

TITLES = [("岚衣 羽绒服", "Lanyi Down Jacket"), ("岚衣 T恤", "Lanyi T-Shirt"), ("岚衣 围巾", "Lanyi Wool Scarf")]


@pytest.mark.parametrize(
    ("brand", "titles", "name"),
    [
        ("岚衣", TITLES, "Lanyi"),
        ("岚衣", TITLES[:2], "岚衣"),
        ("石舟", [("石舟 甲", "Stone Boat A"), ("石舟 乙", "Stone Boat B"), ("石舟 丙", "Stone Boat C")], "Stone Boat"),
        ("岚衣", [("羽绒服", "Down Jacket"), ("T恤", "T-Shirt"), ("围巾", "Scarf")], "岚衣"),
        ("Acme", TITLES, "Acme"),
        ("岚衣", [], "岚衣"),
    ],
)
def test_a_brand_is_named_by_what_its_english_titles_begin_with(brand, titles, name):
    assert wording.brand_en(brand, titles) == name
